//! Proof of work, asked only of the doubtful: an answer whose SHA-256 together
//! with the challenge begins with so many zero bits (hashcash, Back 2002).

use sha2::{Digest, Sha256};

/// About 65,000 hashes: a second or less in a browser, dear in bulk.
pub const BITS: u8 = 16;
/// Asked for during a flood.
pub const FLOOD_BITS: u8 = 18;

/// True when `SHA-256(challenge ":" answer)` begins with `bits` zero bits.
/// The challenge is the server's (signed, with the time in it); an answer longer than 64 bytes is refused.
pub fn is_done(challenge: &str, answer: &str, bits: u8) -> bool {
    if answer.len() > 64 {
        return false;
    }
    let mut hash = Sha256::new();
    hash.update(challenge.as_bytes());
    hash.update(b":");
    hash.update(answer.as_bytes());
    let mut zeros = 0;
    for byte in hash.finalize() {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    zeros >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::is_done;

    #[test]
    fn work_is_needed_and_counts_for_its_challenge_only() {
        let answer = (0u32..).map(|n| n.to_string()).find(|answer| is_done("a", answer, 10)).unwrap();
        assert!(is_done("a", &answer, 10));
        assert!(is_done("a", &answer, 0));
        assert!(!is_done("a", &answer, 40));
        let others = (0..50).filter(|n| is_done(&format!("b{n}"), &answer, 10)).count();
        assert!(others < 3, "an answer must not serve other challenges: {others}");
        assert!(!is_done("a", &"0".repeat(65), 0));
    }
}
