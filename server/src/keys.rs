//! What must stay secret, and what is proved with it.
//!
//! One master key lives in the data folder (or in a setting, when several
//! servers share a database). Each use has a key of its own, derived by
//! HMAC-SHA-256 (RFC 2104), so that a mark made for one use fits no other.

use crate::clock::{Chance, random};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit as _},
};
use hmac::{Hmac, Mac};
use jiwar_wire::{
    Time,
    ids::{AdminId, CommentId, SessionId, SiteId},
    input::Email,
};
use sha2::{Digest, Sha256};
use std::{io, net::IpAddr, path::Path};

/// The keys of this server.
#[derive(Clone)]
pub struct Keys {
    mail_hash: [u8; 32],
    mail_seal: [u8; 32],
    claim: [u8; 32],
    form: [u8; 32],
    work: [u8; 32],
    network: [u8; 32],
    cursor: [u8; 32],
    staff: [u8; 32],
    staff_seal: [u8; 32],
    webhook_seal: [u8; 32],
    report: [u8; 32],
    judge_seal: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    pub fn derive(master: &[u8; 32]) -> Self {
        let part = |label: &str| mac(master, &[label.as_bytes()]);
        Self {
            mail_hash: part("mail hash"),
            mail_seal: part("mail seal"),
            claim: part("claim"),
            form: part("form"),
            work: part("work"),
            network: part("network"),
            cursor: part("cursor"),
            staff: part("staff"),
            staff_seal: part("staff seal"),
            webhook_seal: part("webhook seal"),
            report: part("report"),
            judge_seal: part("judge seal"),
        }
    }

    /// Reads the master key from the data folder; makes it on the first start.
    pub fn load(folder: &Path, chance: &dyn Chance) -> io::Result<Self> {
        let path = folder.join("secret.key");
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::from_text(&text),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let master: [u8; 32] = random(chance);
                write_private(&path, &URL_SAFE_NO_PAD.encode(master))?;
                Ok(Self::derive(&master))
            }
            Err(e) => Err(e),
        }
    }

    /// From the text of the key file or of the setting: 32 bytes in base64url.
    pub fn from_text(text: &str) -> io::Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).unwrap_or_default();
        let master: [u8; 32] = bytes.try_into().map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the secret key is not 32 bytes in base64url"))?;
        Ok(Self::derive(&master))
    }

    /// For looking an address up without knowing it.
    pub fn mail_hash(&self, site: Option<SiteId>, email: &Email) -> Vec<u8> {
        let site = site.map(|s| *s.uuid().as_bytes()).unwrap_or_default();
        mac(&self.mail_hash, &[&site, email.folded().as_bytes()]).to_vec()
    }

    /// Seals an address (XChaCha20-Poly1305, draft-irtf-cfrg-xchacha): nonce, then box.
    pub fn seal(&self, email: &Email, chance: &dyn Chance) -> Vec<u8> {
        seal(&self.mail_seal, email.as_str().as_bytes(), chance)
    }

    /// Opens a sealed address. `None` when it was sealed with another key.
    pub fn open(&self, sealed: &[u8]) -> Option<Email> {
        Email::parse(std::str::from_utf8(&open(&self.mail_seal, sealed)?).ok()?).ok()
    }

    /// Seals the secret of somebody's authenticator.
    pub fn seal_factor(&self, secret: &[u8], chance: &dyn Chance) -> Vec<u8> {
        seal(&self.staff_seal, secret, chance)
    }

    pub fn open_factor(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.staff_seal, sealed)
    }

    /// Seals the secret that a webhook's messages are signed with.
    pub fn seal_webhook(&self, secret: &[u8], chance: &dyn Chance) -> Vec<u8> {
        seal(&self.webhook_seal, secret, chance)
    }

    pub fn open_webhook(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.webhook_seal, sealed)
    }

    /// Seals what is kept of an outside judge: its secret, and what it was told of a comment.
    pub fn seal_judge(&self, plain: &[u8], chance: &dyn Chance) -> Vec<u8> {
        seal(&self.judge_seal, plain, chance)
    }

    pub fn open_judge(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.judge_seal, sealed)
    }

    /// What is kept of a recovery code. It is short enough to be guessed from a plain hash.
    pub fn recovery_hash(&self, admin: AdminId, code: &str) -> Vec<u8> {
        mac(&self.staff, &[b"recovery", admin.uuid().as_bytes(), code.as_bytes()]).to_vec()
    }

    /// Stands in every form of the admin's pages: another page cannot know it.
    pub fn staff_form(&self, session: SessionId) -> String {
        URL_SAFE_NO_PAD.encode(&mac(&self.staff, &[b"form", session.uuid().as_bytes()])[..16])
    }

    pub fn is_staff_form(&self, session: SessionId, token: &str) -> bool {
        same(self.staff_form(session).as_bytes(), token.as_bytes())
    }

    /// The claim of a comment: whoever holds it wrote the comment from this browser.
    /// It is computed, not kept: nothing in the database can be turned into one.
    pub fn claim(&self, site: SiteId, comment: CommentId) -> String {
        let proof = self.claim_proof(site, comment);
        let mut bytes = comment.uuid().as_bytes().to_vec();
        bytes.extend(proof);
        format!("jc_{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The comment that a claim is for, when it is genuine.
    pub fn claimed(&self, site: SiteId, claim: &str) -> Option<CommentId> {
        let bytes = URL_SAFE_NO_PAD.decode(claim.strip_prefix("jc_")?).ok()?;
        let (id, proof) = bytes.split_first_chunk::<16>()?;
        let comment = CommentId::new(uuid::Uuid::from_bytes(*id));
        same(&self.claim_proof(site, comment), proof).then_some(comment)
    }

    fn claim_proof(&self, site: SiteId, comment: CommentId) -> [u8; 32] {
        mac(&self.claim, &[site.uuid().as_bytes(), comment.uuid().as_bytes()])
    }

    /// Lets its holder see one pending comment, and do nothing else: it may stand in a URL.
    pub fn glimpse(&self, site: SiteId, comment: CommentId) -> String {
        URL_SAFE_NO_PAD.encode(&mac(&self.form, &[b"glimpse", site.uuid().as_bytes(), comment.uuid().as_bytes()])[..16])
    }

    pub fn is_glimpse(&self, site: SiteId, comment: CommentId, glimpse: &str) -> bool {
        same(self.glimpse(site, comment).as_bytes(), glimpse.as_bytes())
    }

    /// A form's token: when it was made, and a number used once.
    pub fn form_token(&self, site: SiteId, now: Time, chance: &dyn Chance) -> String {
        let mut bytes = now.0.to_be_bytes().to_vec();
        bytes.extend(random::<8>(chance));
        let proof = mac(&self.form, &[b"token", site.uuid().as_bytes(), &bytes]);
        bytes.extend(&proof[..16]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// When a form was made, if its token is ours.
    pub fn form_made(&self, site: SiteId, token: &str) -> Option<Time> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (made, proof) = bytes.split_first_chunk::<16>()?;
        let right = mac(&self.form, &[b"token", site.uuid().as_bytes(), made]);
        let time = i64::from_be_bytes(made.first_chunk::<8>().copied()?);
        same(&right[..16], proof).then_some(Time(time))
    }

    /// What proof of work is done for: this comment, on this page, from now on, with so many bits.
    /// Short enough to fit one block of SHA-256 with its answer.
    pub fn challenge(&self, comment: &Worked<'_>, now: Time, bits: u8) -> String {
        let mut bytes = now.0.to_be_bytes().to_vec();
        bytes.push(bits);
        let proof = self.work_proof(comment, &bytes);
        bytes.extend(&proof[..16]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// When a challenge was made and how many bits it asks for, if it is ours and for this comment.
    pub fn challenged(&self, comment: &Worked<'_>, challenge: &str) -> Option<(Time, u8)> {
        let bytes = URL_SAFE_NO_PAD.decode(challenge).ok()?;
        let (asked, proof) = bytes.split_first_chunk::<9>()?;
        let (time, bits) = asked.split_first_chunk::<8>()?;
        same(&self.work_proof(comment, asked)[..16], proof).then_some((Time(i64::from_be_bytes(*time)), *bits.first()?))
    }

    fn work_proof(&self, comment: &Worked<'_>, asked: &[u8]) -> [u8; 32] {
        mac(&self.work, &[comment.site.uuid().as_bytes(), comment.page.as_bytes(), comment.name.as_bytes(), comment.body.as_bytes(), asked])
    }

    /// The name of the field that people do not see: on each page another one of those that programs like to fill in.
    pub fn decoy(&self, site: SiteId, page: &str) -> &'static str {
        const NAMES: [&str; 8] = ["subject", "phone", "company", "city", "homepage", "address", "fax", "country"];
        let proof = mac(&self.form, &[b"decoy", site.uuid().as_bytes(), page.as_bytes()]);
        NAMES.get(usize::from(proof[0]) % NAMES.len()).copied().unwrap_or("subject")
    }

    /// Marks a cursor as ours.
    pub fn cursor_proof(&self, list: u8, of: uuid::Uuid, at: &[u8]) -> [u8; 8] {
        let full = mac(&self.cursor, &[&[list], of.as_bytes(), at]);
        let mut proof = [0; 8];
        proof.copy_from_slice(&full[..8]);
        proof
    }

    /// Somebody who reports a comment, as something that can be compared and not read.
    pub fn reporter(&self, site: SiteId, who: &[&[u8]]) -> Vec<u8> {
        let site = site.uuid();
        let parts: Vec<&[u8]> = std::iter::once(site.as_bytes().as_slice()).chain(who.iter().copied()).collect();
        mac(&self.report, &parts)[..16].to_vec()
    }

    /// A network prefix (/24 or /48) as something that can be compared and not read.
    pub fn network(&self, address: IpAddr) -> Vec<u8> {
        let prefix = match address.to_canonical() {
            IpAddr::V4(v4) => v4.octets()[..3].to_vec(),
            IpAddr::V6(v6) => v6.octets()[..6].to_vec(),
        };
        mac(&self.network, &[&prefix])[..16].to_vec()
    }
}

/// The comment that work is done for.
#[derive(Debug)]
pub struct Worked<'a> {
    pub site: SiteId,
    pub page: &'a str,
    pub name: &'a str,
    pub body: &'a str,
}

/// What is kept of a token that was handed out.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A token of 256 bits with a prefix that says what it is.
pub fn new_token(prefix: &str, chance: &dyn Chance) -> String {
    format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(random::<32>(chance)))
}

/// SHA-256 over parts that cannot run into one another.
pub fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = <Hmac<Sha256>>::new_from_slice(key) else { return [0; 32] }; // HMAC takes keys of any length
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn seal(key: &[u8; 32], plain: &[u8], chance: &dyn Chance) -> Vec<u8> {
    let nonce: [u8; 24] = random(chance);
    let mut sealed = nonce.to_vec();
    // Sealing fails only for messages of more than 256 GiB.
    sealed.extend(XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(nonce), plain).unwrap_or_default());
    sealed
}

fn open(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, message) = sealed.split_first_chunk::<24>()?;
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), message).ok()
}

/// Comparison that takes as long for a near miss as for a far one.
fn same(a: &[u8], b: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    a.ct_eq(b).into()
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededChance;
    use uuid::Uuid;

    fn keys() -> Keys {
        Keys::derive(&[7; 32])
    }

    #[test]
    fn claims_fit_one_comment_of_one_site() {
        let (site, other) = (SiteId::new(Uuid::from_u128(1)), SiteId::new(Uuid::from_u128(2)));
        let comment = CommentId::new(Uuid::from_u128(3));
        let claim = keys().claim(site, comment);
        assert_eq!(keys().claimed(site, &claim), Some(comment));
        assert_eq!(keys().claimed(other, &claim), None);
        assert_eq!(Keys::derive(&[8; 32]).claimed(site, &claim), None);
        let mut cut = claim.clone();
        cut.pop();
        for forged in [cut, claim.replace("jc_", "jt_"), format!("{claim}A"), "jc_".into()] {
            assert_eq!(keys().claimed(site, &forged), None, "{forged}");
        }
    }

    #[test]
    fn addresses_are_sealed_and_opened_by_the_same_key_only() {
        let email = Email::parse("reader@mail.example").unwrap();
        let sealed = keys().seal(&email, &SeededChance::default());
        assert!(!sealed.windows(6).any(|w| w == b"reader"));
        assert_eq!(keys().open(&sealed), Some(email));
        assert_eq!(Keys::derive(&[8; 32]).open(&sealed), None);
        assert_eq!(keys().open(&sealed[..10]), None);
    }

    #[test]
    fn form_tokens_tell_when_they_were_made() {
        let site = SiteId::new(Uuid::from_u128(1));
        let token = keys().form_token(site, Time(1234), &SeededChance::default());
        assert_eq!(keys().form_made(site, &token), Some(Time(1234)));
        assert_eq!(keys().form_made(SiteId::new(Uuid::from_u128(2)), &token), None);
        assert_eq!(keys().form_made(site, "AAAA"), None);
    }

    #[test]
    fn work_is_done_for_one_comment() {
        let comment = || Worked { site: SiteId::new(Uuid::from_u128(1)), page: "/a", name: "سارة", body: "مقال جميل" };
        let challenge = keys().challenge(&comment(), Time(1234), 16);
        assert!(challenge.len() <= 44, "it fits one block with its answer");
        assert_eq!(keys().challenged(&comment(), &challenge), Some((Time(1234), 16)));
        let others = [
            Worked { site: SiteId::new(Uuid::from_u128(2)), ..comment() },
            Worked { page: "/b", ..comment() },
            Worked { name: "عمر", ..comment() },
            Worked { body: "مقال جميل جداً", ..comment() },
        ];
        for other in others {
            assert_eq!(keys().challenged(&other, &challenge), None, "{other:?}");
        }
        assert_eq!(Keys::derive(&[8; 32]).challenged(&comment(), &challenge), None);
        let mut weaker = URL_SAFE_NO_PAD.decode(&challenge).unwrap();
        weaker[8] = 1;
        for forged in [URL_SAFE_NO_PAD.encode(weaker), challenge[..20].to_owned(), format!("{challenge}AA"), String::new(), "%".into()] {
            assert_eq!(keys().challenged(&comment(), &forged), None, "{forged}");
        }
    }

    #[test]
    fn one_network_one_mark() {
        let of = |a: &str| keys().network(a.parse().unwrap());
        assert_eq!(of("192.0.2.1"), of("192.0.2.200"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.9"));
        assert_ne!(of("192.0.2.1"), of("192.0.3.1"));
        assert_eq!(of("2001:db8:1::1"), of("2001:db8:1:ffff::1"));
    }
}
