//! A record as Jiwar keeps it: within the limits, nothing dangerous, nothing lost in silence.

use super::{CommentRecord, Note, SourceFormat, entities, raw::RawComment};
use jiwar_wire::{
    Time,
    comment::{Format, Role, Status},
    input::{DisplayName, Email, Website, clean_line, clean_name, clean_text, page_url},
    limits,
};
use unicode_segmentation::UnicodeSegmentation;

/// Bytes of an id that are kept. Longer ones are no ids.
const ID_BYTES: usize = 100;

/// Cleans a comment. The date is settled by the plan: it needs the page's.
pub fn comment(raw: &RawComment, format: SourceFormat, created_at: Time, notes: &mut Vec<Note>) -> CommentRecord {
    let mut note_if = |yes: bool, note| {
        if yes {
            notes.push(note);
        }
    };
    let (name, name_cut) = name(&raw.name, format);
    let (body, body_cut) = body(&raw.body);
    let email = email(&raw.email);
    let website = website(&raw.website);
    note_if(name_cut, Note::NameCut);
    note_if(body_cut || raw.cut, Note::BodyCut);
    note_if(email.is_err(), Note::EmailDropped);
    note_if(website.is_err(), Note::WebsiteDropped);
    note_if(body.contains('\u{fffd}') || name.contains('\u{fffd}'), Note::LettersLost);
    note_if(raw.status.is_none(), Note::OddStatus);
    CommentRecord {
        external_id: id(&raw.id),
        author_name: name,
        author_email: email.unwrap_or_default(),
        author_website: website.unwrap_or_default(),
        author_role: if raw.by_author { Role::Author } else { Role::Reader },
        body,
        format: if format == SourceFormat::Valine { Format::Markdown } else { Format::Html },
        status: raw.status.unwrap_or(Status::Pending),
        created_at,
    }
}

/// The comment's place without its words: for a deleted one that has replies.
pub fn placeholder(mut comment: CommentRecord) -> CommentRecord {
    comment.author_name.clear();
    comment.author_email = None;
    comment.author_website = None;
    comment.author_role = Role::Reader;
    comment.body.clear();
    comment.status = Status::Deleted;
    comment
}

pub fn id(text: &str) -> String {
    let line = clean_line(text);
    line.get(..line.floor_char_boundary(ID_BYTES)).unwrap_or_default().to_owned()
}

fn name(text: &str, format: SourceFormat) -> (String, bool) {
    // Read in bounded time: a name is one line, not 200 kB.
    let (text, long) = head(text, limits::NAME_GRAPHEMES * 64);
    let text = if format == SourceFormat::Wordpress { entities::decode(text) } else { text.to_owned() };
    let whole = clean_name(&text);
    let mut name: String = whole.graphemes(true).take(limits::NAME_GRAPHEMES).collect();
    name.truncate(name.floor_char_boundary(limits::NAME_GRAPHEMES * 16));
    let cut = long || name.len() < whole.len();
    let name = clean_name(&name);
    let name = DisplayName::parse(&name).map_or_else(|_| String::new(), |n| n.as_str().to_owned());
    (name, cut)
}

fn body(text: &str) -> (String, bool) {
    let clean = clean_text(text);
    let clean = clean.trim();
    if clean.len() <= limits::BODY_BYTES {
        return (clean.to_owned(), false);
    }
    (cut(clean, limits::BODY_BYTES).trim_end().to_owned(), true)
}

/// The longest start of at most `limit` bytes that ends between two graphemes.
fn cut(text: &str, limit: usize) -> &str {
    let (start, _) = head(text, limit);
    // The last grapheme may go on beyond the limit.
    let whole = start.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
    start.get(..whole).filter(|s| !s.is_empty()).unwrap_or(start)
}

/// The first `limit` bytes or a few less, at a character, and whether there was more.
fn head(text: &str, limit: usize) -> (&str, bool) {
    (text.get(..text.floor_char_boundary(limit)).unwrap_or(text), text.len() > limit)
}

/// Line breaks and blanks around an address are a known fault of exports.
fn email(text: &str) -> Result<Option<Email>, ()> {
    match text.split_whitespace().collect::<String>().as_str() {
        "" => Ok(None),
        address => Email::parse(address).map(Some).map_err(|_| ()),
    }
}

fn website(text: &str) -> Result<Option<Website>, ()> {
    match text.trim() {
        // What old WordPress wrote for none.
        "" | "http://" | "https://" | "http:" | "https:" => Ok(None),
        site => Website::parse(site).map(Some).map_err(|_| ()),
    }
}

pub fn title(text: &str) -> Option<String> {
    let (text, _) = head(text, limits::TITLE_GRAPHEMES * 64);
    let line = clean_line(&entities::decode(text));
    let title: String = line.graphemes(true).take(limits::TITLE_GRAPHEMES).collect();
    let title = title.get(..title.floor_char_boundary(limits::TITLE_GRAPHEMES * 16)).unwrap_or_default();
    (!title.is_empty()).then(|| title.to_owned())
}

pub fn url(text: &str) -> Option<String> {
    let text = text.trim();
    page_url(text).filter(|u| u.len() <= limits::URL_BYTES).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        fn of(text: &str) -> (String, bool) {
            name(text, SourceFormat::Wordpress)
        }
        assert_eq!(of(" O&#039;Neil \n"), ("O'Neil".into(), false));
        assert_eq!(of(""), (String::new(), false));
        assert_eq!(of("\u{202e}\u{200b}"), (String::new(), false));
        let (long, was_cut) = of(&"س".repeat(200_000));
        assert_eq!((long.graphemes(true).count(), was_cut), (limits::NAME_GRAPHEMES, true));
        let (zalgo, was_cut) = of(&format!("a{}", "\u{301}".repeat(100_000)));
        assert!(was_cut && zalgo.len() <= limits::NAME_GRAPHEMES * 16 && zalgo.starts_with('á'), "{zalgo}");
    }

    #[test]
    fn bodies_are_cut_between_letters() {
        let family = "👩‍👩‍👧‍👦";
        let (kept, was_cut) = body(&family.repeat(10_000));
        assert!(was_cut && kept.len() <= limits::BODY_BYTES);
        assert_eq!(kept.len() % family.len(), 0, "no family is torn apart");
        assert_eq!(body(" a\r\nb\u{0} "), ("a\nb".into(), false));
    }

    #[test]
    fn addresses_and_sites() {
        assert_eq!(email("test@example.org\n      ").unwrap().unwrap().as_str(), "test@example.org");
        assert_eq!(email(" \n"), Ok(None));
        assert_eq!(email("nobody"), Err(()));
        assert_eq!(website("http://"), Ok(None));
        assert_eq!(website("http://example.tld/").unwrap().unwrap().as_str(), "http://example.tld/");
        assert_eq!(website("javascript:alert(1)"), Err(()));
    }

    #[test]
    fn titles_and_urls() {
        assert_eq!(title(" Hello &amp;\n World&hellip; "), Some("Hello & World…".into()));
        assert_eq!(title(" \n"), None);
        assert_eq!(url("https://a.example/x y"), None);
        assert_eq!(url(" https://a.example/x "), Some("https://a.example/x".into()));
    }
}
