//! What people type, parsed once at the edge into types that cannot be wrong.
//!
//! The form in the browser and the API call the same functions.

use crate::{
    comment::{self, AuthorInput},
    ids::CommentId,
    lang::Dir,
    limits,
    page_key::{NotAPage, PageKey},
    refusal::{FieldCode, FieldError, Refusal},
    unicode::composed,
};

pub use crate::unicode::longer_than;

/// A text with something to see in it, within the limits, without control
/// characters and without characters that change the direction of what follows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Body(String);

impl Body {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        // Measured before cleaning: a flood of invisible letters is refused without being read twice.
        if text.len() > limits::BODY_BYTES {
            return Err(FieldError::too_long("/body", limits::BODY_GRAPHEMES));
        }
        let clean = clean_text(text);
        let clean = clean.trim();
        if !has_ink(clean) {
            return Err(FieldError::new("/body", FieldCode::Required));
        }
        if longer_than(clean, limits::BODY_GRAPHEMES) {
            return Err(FieldError::too_long("/body", limits::BODY_GRAPHEMES));
        }
        Ok(Self(clean.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// A name to be shown: one line, composed, 1 to 40 graphemes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DisplayName(String);

impl DisplayName {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let name = clean_name(text);
        if !has_ink(&name) {
            return Err(FieldError::new("/author/name", FieldCode::Required));
        }
        if longer_than(&name, limits::NAME_GRAPHEMES) || name.len() > limits::NAME_GRAPHEMES * 16 {
            return Err(FieldError::too_long("/author/name", limits::NAME_GRAPHEMES));
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An address that mail could be sent to. ASCII before and after the `@`;
/// a domain in Arabic letters is given in its `xn--` form.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let wrong = || FieldError::new("/author/email", FieldCode::NotAnEmail);
        let text = text.trim();
        if text.len() > limits::EMAIL_BYTES {
            return Err(FieldError::too_long("/author/email", limits::EMAIL_BYTES));
        }
        let at = text.bytes().rposition(|b| b == b'@').ok_or_else(wrong)?;
        let (local, domain) = text.split_at_checked(at).ok_or_else(wrong)?;
        let domain = domain.strip_prefix('@').unwrap_or_default();
        if !(is_local(local) && is_domain(domain)) {
            return Err(wrong());
        }
        let mut address = String::from(local);
        address.push('@');
        address.push_str(&domain.to_ascii_lowercase());
        Ok(Self(address))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The spelling under which an address is looked up: all lower case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Letters, digits and marks, parted by single dots (RFC 5321 without quotes).
fn is_local(text: &str) -> bool {
    let mut before = b'.';
    for b in text.bytes() {
        if !(b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b)) || (b == b'.' && before == b'.') {
            return false;
        }
        before = b;
    }
    before != b'.' && text.len() <= 64
}

/// Two labels or more (RFC 1035, RFC 1123), the last not a number.
fn is_domain(text: &str) -> bool {
    let (mut labels, mut length, mut before, mut is_number) = (1, 0, b'-', true);
    for b in text.bytes() {
        if b == b'.' {
            if before == b'-' {
                return false;
            }
            (labels, length, before, is_number) = (labels + 1, 0, b'-', true);
            continue;
        }
        if !(b.is_ascii_alphanumeric() || b == b'-') || (b == b'-' && length == 0) || length == 63 {
            return false;
        }
        (length, before, is_number) = (length + 1, b, is_number && b.is_ascii_digit());
    }
    labels > 1 && before != b'-' && !is_number
}

/// An address never appears in a log, not even in a debug print.
impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

/// The writer's own site: `http` or `https`, a host with a dot, no credentials.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Website(String);

impl Website {
    /// A bare `example.com` is taken as `https://example.com`.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let wrong = || FieldError::new("/author/website", FieldCode::NotAUrl);
        let text = text.trim();
        if text.len() > limits::WEBSITE_BYTES {
            return Err(FieldError::too_long("/author/website", limits::WEBSITE_BYTES));
        }
        let lower = text.to_ascii_lowercase();
        let (scheme, rest) = match text.find("://") {
            Some(at) if lower.starts_with("http://") || lower.starts_with("https://") => (&lower[..at], &text[at + 3..]),
            Some(_) => return Err(wrong()),
            None => ("https", text),
        };
        let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, tail) = rest.split_at(host_end);
        let bare = host.rsplit_once(':').map_or(host, |(h, port)| if port.bytes().all(|b| b.is_ascii_digit()) { h } else { "" });
        let host_ok = bare.contains('.')
            && !bare.starts_with('.')
            && !bare.ends_with('.')
            && !bare.contains("..")
            && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_') || ('\u{300}'..='\u{36f}').contains(&c));
        let tail_ok = !tail.chars().any(|c| {
            c.is_whitespace() || c.is_control() || is_bidi_control(c) || is_noncharacter(c) || matches!(c, '<' | '>' | '"' | '\\' | '`' | '{' | '}' | '^' | '|')
        });
        if host_ok && tail_ok { Ok(Self(format!("{scheme}://{}{tail}", host.to_lowercase()))) } else { Err(wrong()) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who writes, as typed in the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Writer {
    pub name: DisplayName,
    pub email: Option<Email>,
    pub website: Option<Website>,
}

/// A page as named by a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    pub key: PageKey,
    /// The key of its URL, when the page has an id of the blog's own making: a blog
    /// that names its pages so one day finds its threads again. An id that is an
    /// address itself stands alone, so that one page can hold several threads.
    pub alias: Option<PageKey>,
    pub url: Option<String>,
    pub title: Option<String>,
}

impl Page {
    pub fn parse(page: &comment::PageRef) -> Result<Self, Vec<FieldError>> {
        let mut faults = Vec::new();
        let url = page.url.as_deref().map(str::trim).filter(|u| !u.is_empty());
        if let Some(u) = url {
            if u.len() > limits::URL_BYTES {
                faults.push(FieldError::too_long("/page/url", limits::URL_BYTES));
            } else if page_url(u).is_none() {
                faults.push(FieldError::new("/page/url", FieldCode::NotAUrl));
            }
        }
        let title = page.title.as_deref().map(clean_line).filter(|t| !t.is_empty());
        if title.as_deref().is_some_and(|t| longer_than(t, limits::TITLE_GRAPHEMES) || t.len() > limits::TITLE_GRAPHEMES * 16) {
            faults.push(FieldError::too_long("/page/title", limits::TITLE_GRAPHEMES));
        }
        let key = PageKey::parse(&page.id, url).map_err(|e| match e {
            NotAPage::Empty => FieldError::new("/page/id", FieldCode::Required),
            NotAPage::TooLong => FieldError::too_long("/page/id", limits::PAGE_KEY_BYTES),
        });
        match key {
            Ok(key) if faults.is_empty() => {
                let alias = url.filter(|_| !key.is_address()).and_then(|u| PageKey::parse("", Some(u)).ok());
                Ok(Self { key, alias, url: url.map(Into::into), title })
            }
            Ok(_) => Err(faults),
            Err(fault) => {
                faults.push(fault);
                Err(faults)
            }
        }
    }
}

impl Page {
    /// The keys by which this request calls the page.
    pub fn names(&self) -> Vec<String> {
        std::iter::once(&self.key).chain(&self.alias).map(ToString::to_string).collect()
    }
}

/// An absolute `http` or `https` URL without white space or controls; `None` otherwise.
pub fn page_url(url: &str) -> Option<&str> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let rest = if lower.starts_with("https://") {
        &url[8..]
    } else if lower.starts_with("http://") {
        &url[7..]
    } else {
        return None;
    };
    // A noncharacter may stand in no XML, and so in no feed.
    let bad = |c: char| c.is_whitespace() || c.is_control() || is_bidi_control(c) || is_noncharacter(c) || matches!(c, '<' | '>' | '"' | '\\' | '`');
    (!rest.is_empty() && !rest.starts_with(['/', '?', '#', ':', '@']) && !rest.contains(bad)).then_some(url)
}

/// A new comment, parsed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewComment {
    pub page: Page,
    pub parent: Option<CommentId>,
    pub body: Body,
    pub writer: Writer,
    pub dir: Option<Dir>,
}

impl NewComment {
    /// Every fault at once, so that the form can show them all.
    pub fn parse(new: &comment::New, email_required: bool) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let page = keep(Page::parse(&new.page), &mut faults);
        let parent = match new.parent_id.as_deref() {
            None => None,
            Some(id) => match id.parse() {
                Ok(id) => Some(id),
                Err(()) => {
                    faults.push(FieldError::new("/parent_id", FieldCode::NotAnId));
                    None
                }
            },
        };
        let body = keep(Body::parse(&new.body).map_err(|e| vec![e]), &mut faults);
        let writer = keep(parse_writer(&new.author.clone().unwrap_or_default(), email_required), &mut faults);
        match (page, body, writer) {
            (Some(page), Some(body), Some(writer)) if faults.is_empty() => Ok(Self { page, parent, body, writer, dir: new.dir }),
            _ => Err(Refusal::Invalid(faults)),
        }
    }
}

fn parse_writer(author: &AuthorInput, email_required: bool) -> Result<Writer, Vec<FieldError>> {
    let mut faults = Vec::new();
    let filled = |t: &Option<String>| t.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let name = keep(DisplayName::parse(&author.name).map_err(|e| vec![e]), &mut faults);
    let email = filled(&author.email).and_then(|t| keep(Email::parse(&t).map_err(|e| vec![e]), &mut faults));
    if email_required && filled(&author.email).is_none() {
        faults.push(FieldError::new("/author/email", FieldCode::Required));
    }
    let website = filled(&author.website).and_then(|t| keep(Website::parse(&t).map_err(|e| vec![e]), &mut faults));
    match name {
        Some(name) if faults.is_empty() => Ok(Writer { name, email, website }),
        _ => Err(faults),
    }
}

fn keep<T>(result: Result<T, Vec<FieldError>>, faults: &mut Vec<FieldError>) -> Option<T> {
    result.map_err(|mut new| faults.append(&mut new)).ok()
}

/// A reason that a moderator gives: one short text, or nothing.
pub fn reason(text: Option<&str>) -> Result<Option<String>, FieldError> {
    let Some(text) = text.map(clean_text) else { return Ok(None) };
    let text = text.trim();
    if longer_than(text, limits::REASON_GRAPHEMES) || text.len() > limits::REASON_GRAPHEMES * 16 {
        return Err(FieldError::too_long("/reason", limits::REASON_GRAPHEMES));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// A site's key in URLs: 1 to 64 of `a-z 0-9 - _ .`, the first a letter or digit.
pub fn site_key(text: &str) -> Option<&str> {
    let ok = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
        && text.as_bytes()[0].is_ascii_alphanumeric();
    ok.then_some(text)
}

/// An origin as browsers send it (RFC 6454): `https://blog.example`, lower case, no default port, no path.
pub fn origin(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let (scheme, host) = text.split_once("://")?;
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    let host = host.strip_suffix(default_port).unwrap_or(host);
    let ok = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    ok.then(|| format!("{scheme}://{host}"))
}

/// Line breaks as `\n`, no control characters, no direction tricks. Shaping
/// characters stay: Arabic and Persian spelling needs the joiners, emoji too.
pub fn clean_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            '\u{2028}' | '\u{2029}' => out.push('\n'),
            c if c.is_control() || is_bidi_control(c) || is_noncharacter(c) || c == '\u{feff}' => {}
            c => out.push(c),
        }
    }
    out
}

/// One line: white space folded to single blanks, then as `clean_text`.
pub fn clean_line(text: &str) -> String {
    let text = clean_text(text);
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A name as it is kept: composed, one line, no tatweel, no invisible marks, no mark without a letter.
pub fn clean_name(text: &str) -> String {
    let line = clean_line(text);
    let line: String = composed(line.chars())
        .filter(|c| !matches!(c, '\u{640}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{ad}' | '\u{2060}'..='\u{2064}' | '\u{180e}'))
        .collect();
    line.trim_start_matches(|c: char| is_mark(c) || is_joiner(c) || c.is_whitespace()).trim_end_matches(|c: char| is_joiner(c) || c.is_whitespace()).to_owned()
}

/// Embeddings, overrides and isolates (UAX #9): they can make text read as what it is not (CVE-2021-42574).
pub const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

const fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

/// The combining marks that names are known to be broken with.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether there is anything to see.
fn has_ink(text: &str) -> bool {
    text.chars().any(|c| {
        !(c.is_whitespace()
            || c.is_control()
            || is_mark(c)
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_comment_with_nothing_to_see_is_refused() {
        for empty in ["", "  \n\t", "\u{200b}\u{200f}\u{feff}", "\u{202e}\u{2066}", "ـــ", "\u{64b}\u{64c}", "\u{3164}\u{2800}"] {
            assert_eq!(Body::parse(empty).unwrap_err().code, FieldCode::Required, "{empty:?}");
        }
    }

    #[test]
    fn lengths_are_in_graphemes() {
        let marked = "بَ".repeat(limits::BODY_GRAPHEMES);
        assert!(Body::parse(&marked).is_ok());
        assert_eq!(Body::parse(&format!("{marked}ب")).unwrap_err().limit, Some(10_000));
        assert!(DisplayName::parse(&"👩‍👩‍👧‍👦".repeat(25)).is_ok());
        assert_eq!(DisplayName::parse(&"س".repeat(41)).unwrap_err().code, FieldCode::TooLong);
        let zalgo = format!("a{}", "\u{301}".repeat(40_000));
        assert_eq!(Body::parse(&zalgo).unwrap_err().code, FieldCode::TooLong);
    }

    #[test]
    fn direction_tricks_are_taken_out() {
        assert_eq!(Body::parse("a\u{202e}b\u{2066}c\u{0}d\r\ne").unwrap().as_str(), "abcd\ne");
        assert_eq!(DisplayName::parse("\u{202e}عمـــر\u{200f} \n  الخالدي ").unwrap().as_str(), "عمر الخالدي");
        assert_eq!(DisplayName::parse("می\u{200c}خواهم").unwrap().as_str(), "می\u{200c}خواهم");
    }

    #[test]
    fn addresses() {
        for good in ["a@b.co", "first.last+tag@mail.example.com", "O'Neil@EXAMPLE.org"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "a@b", "a b@c.de", "a@b..de", ".a@b.de", "a@-b.de", "a@b.de\r\nBcc: x@y.z", "سارة@b.de", "a@1.2.3.4"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("A@B.Co").unwrap().folded(), "a@b.co");
        assert_eq!(format!("{:?}", Email::parse("a@b.co").unwrap()), "Email(…)");
    }

    #[test]
    fn websites() {
        for (given, kept) in [
            ("example.com", "https://example.com"),
            ("HTTP://Example.com/A?b#c", "http://example.com/A?b#c"),
            ("https://مدونة.موقع/مقال", "https://مدونة.موقع/مقال"),
        ] {
            assert_eq!(Website::parse(given).unwrap().as_str(), kept);
        }
        for bad in [
            "javascript:alert(1)",
            "javascript://x.y/%0aalert(1)",
            "ftp://a.b",
            "https://user@a.b",
            "https://",
            "localhost",
            "https://a.b/<script>",
            "data:text/html,x",
        ] {
            assert!(Website::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_fault_at_once() {
        let new = comment::New {
            parent_id: Some("7".into()),
            author: Some(AuthorInput { name: " ".into(), email: Some("x".into()), website: Some("::".into()) }),
            ..Default::default()
        };
        let Err(Refusal::Invalid(faults)) = NewComment::parse(&new, true) else { panic!("accepted") };
        let at: Vec<&str> = faults.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(at, ["/page/id", "/parent_id", "/body", "/author/name", "/author/email", "/author/website"]);
    }

    #[test]
    fn origins() {
        assert_eq!(origin("https://Blog.Example:443/").as_deref(), Some("https://blog.example"));
        assert_eq!(origin("http://localhost:8081").as_deref(), Some("http://localhost:8081"));
        assert_eq!(origin("null"), None);
        assert_eq!(origin("https://a/b"), None);
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(s in "\\PC{0,80}") {
            if let Ok(body) = Body::parse(&s) { prop_assert_eq!(Body::parse(body.as_str()).unwrap(), body); }
            if let Ok(name) = DisplayName::parse(&s) { prop_assert_eq!(DisplayName::parse(name.as_str()).unwrap(), name); }
            if let Ok(site) = Website::parse(&s) { prop_assert_eq!(Website::parse(site.as_str()).unwrap(), site); }
        }

        #[test]
        fn any_string_is_parsed_or_refused(s in any::<String>()) {
            let _ = (Body::parse(&s), DisplayName::parse(&s), Email::parse(&s), Website::parse(&s), site_key(&s), origin(&s));
        }
    }
}
