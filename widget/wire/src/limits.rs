//! The numbers both sides must agree on. Lengths are in graphemes: what a
//! person counts as one letter (UAX #29), so an Arabic letter with its marks is one.

/// A comment's text.
pub const BODY_GRAPHEMES: usize = 10_000;
/// A comment's text in bytes: marks piled on one letter are one grapheme and still take room.
pub const BODY_BYTES: usize = 64 * 1024;
pub const NAME_GRAPHEMES: usize = 40;
/// RFC 5321, 4.5.3.1.3 (path without its brackets).
pub const EMAIL_BYTES: usize = 254;
pub const WEBSITE_BYTES: usize = 500;
pub const PAGE_KEY_BYTES: usize = 700;
pub const URL_BYTES: usize = 2000;
pub const TITLE_GRAPHEMES: usize = 300;
pub const REASON_GRAPHEMES: usize = 500;
/// The note of a report.
pub const NOTE_GRAPHEMES: usize = 500;
/// The text of an appeal.
pub const APPEAL_GRAPHEMES: usize = 1000;
/// Reports that one reader can send in a day.
pub const REPORTS_A_DAY: i64 = 20;
/// Days in which a removal can be appealed.
pub const APPEAL_DAYS: i64 = 30;
/// The whole request, in bytes.
pub const REQUEST_BYTES: usize = 256 * 1024;
/// A site's rules, in bytes: two long lists may be among them.
pub const RULES_BYTES: usize = 4 * 1024 * 1024;
/// Comments on one page of a thread.
pub const PAGE_DEFAULT: u32 = 50;
pub const PAGE_MAX: u32 = 200;
/// Pages in one request for counts.
pub const COUNT_PAGES: usize = 200;
/// Decisions in one request.
pub const DECISIONS: usize = 200;
/// Depth kept in the display order; deeper replies are listed by time under their ancestor.
pub const PATH_DEPTH: usize = 64;
/// Comments pinned in one thread.
pub const PINNED: usize = 2;
/// What is searched for, in letters.
pub const QUERY_GRAPHEMES: usize = 200;
/// Words in one search.
pub const QUERY_WORDS: usize = 8;
/// Webhooks of a site.
pub const WEBHOOKS: usize = 10;
/// New comments that are counted for a reader who comes back.
pub const NEW_COUNTED: u32 = 1000;
/// Comments that are moved to another page at once: one with everything below it.
pub const MOVED: usize = 500;
