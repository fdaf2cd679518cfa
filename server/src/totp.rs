//! One-time codes by time (TOTP, RFC 6238): six digits, thirty seconds, HMAC-SHA-1,
//! which is what every authenticator app speaks.

use hmac::{Hmac, KeyInit, Mac};
use jiwar_wire::Time;
use sha1::Sha1;

/// 160 bits, as RFC 4226 (4, R6) recommends.
pub const SECRET_BYTES: usize = 20;
/// How long a code is shown.
pub const STEP_MS: i64 = 30_000;
/// Clocks of telephones are wrong by a step now and then (RFC 6238, 5.2).
const DRIFT: i64 = 1;

/// The code of a step (RFC 4226, 5.3).
fn code_at(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = <Hmac<Sha1>>::new_from_slice(secret) else { return u32::MAX }; // HMAC takes keys of any length
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let offset = usize::from(digest[19] & 15);
    let word = digest[offset..offset + 4].iter().fold(0_u32, |n, byte| n << 8 | u32::from(*byte));
    (word & 0x7fff_ffff) % 1_000_000
}

/// The step that a code is of, at this moment. That it was not used before is for the caller to see.
pub fn step_of(secret: &[u8], code: &str, now: Time) -> Option<i64> {
    let code = digits(code)?;
    let current = now.0.div_euclid(STEP_MS);
    // Every step is looked at, so that the time taken tells nothing.
    (current - DRIFT..=current + DRIFT).fold(None, |found, step| if code_at(secret, step) == code { Some(step) } else { found })
}

/// The code that an app shows at this moment.
pub fn code(secret: &[u8], now: Time) -> String {
    format!("{:06}", code_at(secret, now.0.div_euclid(STEP_MS)))
}

/// Six digits, Latin or Arabic, with blanks wherever people put them.
pub fn digits(text: &str) -> Option<u32> {
    let mut number = 0;
    let mut count = 0;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '٠'..='٩' => c as u32 - '٠' as u32,
            '۰'..='۹' => c as u32 - '۰' as u32,
            _ => return None,
        };
        (number, count) = (number * 10 + digit, count + 1);
        if count > 6 {
            return None;
        }
    }
    (count == 6).then_some(number)
}

/// Base32 (RFC 4648) without padding: how secrets are typed into apps.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: [char; 32] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5',
        '6', '7',
    ];
    let (mut bits, mut held, mut out) = (0_u32, 0_u32, String::new());
    for byte in bytes {
        (bits, held) = (bits << 8 | u32::from(*byte), held + 8);
        while held >= 5 {
            held -= 5;
            out.push(LETTERS[(bits >> held & 31) as usize]);
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        out.push(LETTERS[(bits << (5 - held) & 31) as usize]);
    }
    out
}

/// The address that apps read from a picture (Key URI Format of Google Authenticator).
pub fn uri(secret: &[u8], account: &str, issuer: &str) -> String {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    format!("otpauth://totp/{0}:{1}?secret={2}&issuer={0}", encoded(issuer), encoded(account), base32(secret))
}

/// A QR code as the side of its square and an SVG path of its dark fields.
pub fn picture(text: &str) -> Option<(i32, String)> {
    let code = qrcodegen::QrCode::encode_text(text, qrcodegen::QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Some((code.size(), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1; its eight digits cut to the last six.
        for (second, shown) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, Time(second * 1000)), shown);
            assert_eq!(step_of(SECRET, shown, Time(second * 1000)), Some(second / 30));
        }
    }

    #[test]
    fn a_code_is_good_a_step_early_and_late_and_no_longer() {
        let shown = code(SECRET, Time(900_000));
        for (at, good) in [(869_999, false), (870_000, true), (900_000, true), (959_999, true), (960_000, false)] {
            assert_eq!(step_of(SECRET, &shown, Time(at)).is_some(), good, "{at}");
        }
    }

    #[test]
    fn digits_of_every_keyboard() {
        for same in ["123456", " 123 456 ", "١٢٣٤٥٦", "۱۲۳۴۵۶"] {
            assert_eq!(digits(same), Some(123_456), "{same}");
        }
        for none in ["", "12345", "1234567", "12345a", "-12345", "１２３４５６"] {
            assert_eq!(digits(none), None, "{none}");
        }
    }

    #[test]
    fn base32_of_the_rfc() {
        for (plain, coded) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn the_address_and_its_picture() {
        let uri = uri(SECRET, "sara@mail.example", "مدونة سارة");
        assert!(uri.starts_with("otpauth://totp/%D9%85") && uri.contains(":sara%40mail.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%D9"), "{uri}");
        let (side, path) = picture(&uri).unwrap();
        assert!((21..=80).contains(&side) && path.starts_with("M0 0h1v1h-1z"));
    }
}
