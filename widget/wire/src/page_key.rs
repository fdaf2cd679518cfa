//! Which page a thread belongs to.
//!
//! One page has many spellings: http and https, `www.`, a trailing slash,
//! `index.html`, tracking parameters, `%d8` and `%D8` and the bare letter. They
//! fold to one key, or the thread would split (a site is one blog, so the host
//! is no part of the key).

use crate::{limits::PAGE_KEY_BYTES, unicode::composed};
use std::fmt;

/// The folded key of a page within its site.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PageKey(String);

/// Why a page cannot be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotAPage {
    Empty,
    TooLong,
}

impl PageKey {
    /// From the blog's own id of the page when there is one, else from its URL.
    ///
    /// An id that looks like a URL or a path is folded as one; any other id is
    /// kept as it is, but for white space around it and Unicode composition.
    pub fn parse(id: &str, url: Option<&str>) -> Result<Self, NotAPage> {
        let (id, url) = (cleaned(id), cleaned(url.unwrap_or_default()));
        let key = if id.is_empty() { fold_url(&url) } else { fold_id(&id) };
        if id.is_empty() && url.is_empty() {
            return Err(NotAPage::Empty);
        }
        if key.is_empty() {
            return Err(NotAPage::Empty);
        }
        if key.len() > PAGE_KEY_BYTES {
            return Err(NotAPage::TooLong);
        }
        Ok(Self(key))
    }

    /// A key that was folded before: from our own database.
    pub const fn from_store(key: String) -> Self {
        Self(key)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a folded URL or path, not an id of the blog's own making.
    pub fn is_address(&self) -> bool {
        self.0.starts_with('/')
    }
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Without control characters, and without white space around it; composed (NFC).
fn cleaned(text: &str) -> String {
    let visible: String = composed(text.chars().filter(|c| !c.is_control())).collect();
    visible.trim().into()
}

fn fold_id(id: &str) -> String {
    if id.starts_with('/') || has_scheme(id) { fold_url(id) } else { id.into() }
}

fn has_scheme(s: &str) -> bool {
    let lower = s.get(..8).unwrap_or(s).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("//")
}

/// Path and meaningful query of a URL, in one spelling.
fn fold_url(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let rest = if has_scheme(url) {
        let after = url.split_once("//").map_or("", |(_, r)| r);
        after.find(['/', '?']).map_or("", |at| &after[at..])
    } else {
        url
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));

    let mut key = String::with_capacity(path.len() + 1);
    // Folded before they are looked at: `%2E` is a dot to a browser as well.
    for segment in path.split('/').map(fold_escapes).filter(|s| !s.is_empty() && s != ".") {
        key.push('/');
        key.push_str(&segment);
    }
    while let Some(cut) = ["/index.html", "/index.htm", "/index.php"].iter().find_map(|index| key.strip_suffix(index)) {
        key.truncate(cut.len());
    }
    if key.is_empty() {
        key.push('/');
    }

    let mut kept: Vec<String> = query.split('&').map(fold_escapes).filter(|p| !p.is_empty() && !is_tracking(p)).collect();
    kept.sort();
    for (i, pair) in kept.iter().enumerate() {
        key.push(if i == 0 { '?' } else { '&' });
        key.push_str(pair);
    }
    key
}

/// Parameters that say where a reader came from, not which page it is.
fn is_tracking(pair: &str) -> bool {
    const NAMES: &[&str] = &[
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "li_fat_id",
        "igshid",
        "igsh",
        "si",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "_ga",
        "_gl",
        "ref",
        "ref_src",
        "ref_url",
        "source",
        "share",
        "shared",
        "replytocom",
        "unapproved",
        "moderation-hash",
        "amp",
        "nb",
        "oly_anon_id",
        "oly_enc_id",
        "vero_id",
        "s_cid",
        "spm",
        "wt_mc",
    ];
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_") || name.starts_with("pk_") || name.starts_with("mtm_") || name.starts_with("at_") || NAMES.contains(&name.as_str())
}

/// Decodes what may be decoded without changing the meaning (letters beyond
/// ASCII and RFC 3986's unreserved characters), composes it (NFC), and writes
/// the other escapes in upper case.
fn fold_escapes(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut raw: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| Some((hex(*bytes.get(at + 1)?)?, hex(*bytes.get(at + 2)?)?))).flatten();
        match escape {
            Some((hi, lo)) => {
                let byte = hi << 4 | lo;
                if byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    raw.push(byte);
                } else {
                    raw.extend([b'%', HEX[hi as usize], HEX[lo as usize]]);
                }
                at += 3;
            }
            None => {
                raw.push(bytes[at]);
                at += 1;
            }
        }
    }
    // Bytes that are no UTF-8 stay escaped: two different wrong paths stay two.
    let mut out = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        out.extend(composed(chunk.valid().chars().filter(|c| !c.is_control())));
        for b in chunk.invalid() {
            out.extend(['%', HEX[(b >> 4) as usize] as char, HEX[(b & 15) as usize] as char]);
        }
    }
    out.trim().into()
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(id: &str) -> String {
        PageKey::parse(id, None).unwrap().as_str().into()
    }

    #[test]
    fn one_page_one_key() {
        for same in [
            "/2024/مرحبا",
            "/2024/مرحبا/",
            "http://blog.example/2024/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7/",
            "https://www.blog.example/2024/%d9%85%d8%b1%d8%ad%d8%a8%d8%a7",
            "https://blog.example//2024/مرحبا/index.html?utm_source=x&fbclid=y#comments",
        ] {
            assert_eq!(key(same), "/2024/مرحبا", "{same}");
        }
        assert_eq!(key("https://blog.example"), "/");
        assert_eq!(key("https://blog.example/?p=12&utm_medium=mail"), "/?p=12");
    }

    #[test]
    fn different_pages_stay_apart() {
        assert_ne!(key("/?p=1"), key("/?p=2"));
        assert_ne!(key("/a%2Fb"), key("/a/b"));
        assert_ne!(key("/A"), key("/a"));
        assert_ne!(key("/%FF"), key("/%FE"));
        assert_eq!(key("post-17"), "post-17");
    }

    #[test]
    fn no_page_is_refused() {
        assert_eq!(PageKey::parse(" ", None), Err(NotAPage::Empty));
        assert_eq!(PageKey::parse("", Some("")), Err(NotAPage::Empty));
        assert_eq!(PageKey::parse(&"x".repeat(701), None), Err(NotAPage::TooLong));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(s in "[/ ]{0,2}\\PC{0,60}") {
            if let Ok(once) = PageKey::parse(&s, None) {
                prop_assert_eq!(PageKey::parse(once.as_str(), None), Ok(once.clone()));
            }
        }

        #[test]
        fn paths_with_escapes_fold_once(s in "/(%[0-9a-fA-F]{2}|%2[eE]|/index\\.html|[?&]%75tm_a=1|[a-z/?&=. \\u{1}]){0,30}") {
            let once = PageKey::parse(&s, None).unwrap();
            prop_assert_eq!(PageKey::parse(once.as_str(), None), Ok(once.clone()));
        }
    }
}
