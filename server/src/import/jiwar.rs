//! Jiwar's own export: JSON lines, written and read.
//!
//! The format is described in `docs/EXPORT.md`. One object a line: a header,
//! then threads, people, comments (each with what readers said of it by a
//! click, with reports of it and appeals for it) and the moderation log, then an
//! end line with the counts, so that a file that is cut short is known as such. What
//! can be made again from these (sanitised HTML, folded text, order, counters)
//! is not in it; what is of one machine only (keyed hashes, tokens) is not either.
//!
//! A reader refuses lines and fields that it does not know: nothing is lost in
//! silence. Version 2 has reports and appeals; version 1 had none, and is read as well.

mod survey;
#[cfg(test)]
mod tests;

pub use survey::{Survey, survey};

use super::{Input, Unreadable, lines::Lines};
use jiwar_wire::{
    Dir, Lang, Time,
    comment::{Format, Reaction, Role, Status},
    ids::{CommentId, LogId, PersonId, ThreadId},
    input::{Email, Website, clean_line, clean_name, clean_text, page_url, site_key},
    limits,
    moderation::Decimal,
    page_key::PageKey,
    report::ReportReason,
    site::Settings,
    thread::State,
};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use uuid::Uuid;

/// The version that is written. Those before it are read, too.
pub const VERSION: u32 = 2;

/// The first line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The word `export`.
    pub jiwar: String,
    pub version: u32,
    pub site: SiteLine,
    pub exported_at: Time,
}

impl Header {
    pub fn new(site: SiteLine, exported_at: Time) -> Self {
        Self { jiwar: "export".into(), version: VERSION, site, exported_at }
    }
}

/// The blog.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteLine {
    pub key: String,
    pub name: String,
    pub locale: Lang,
    pub origins: Vec<String>,
    pub settings: Settings,
    pub created_at: Time,
}

/// Every other line, told apart by `kind`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ExportLine {
    Thread(ThreadLine),
    Person(PersonLine),
    Comment(Box<CommentLine>),
    Reaction(ReactionLine),
    Report(ReportLine),
    Appeal(AppealLine),
    Log(LogLine),
    End(EndLine),
}

/// The conversation under one page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreadLine {
    pub id: ThreadId,
    /// Folded, as kept.
    pub key: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub state: State,
    /// Grows with every change that a reader could see.
    #[serde(default)]
    pub revision: i64,
    pub created_at: Time,
}

/// Somebody who writes. The address is in clear: the file is the owner's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonLine {
    pub id: PersonId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    pub role: Role,
    /// Comments of theirs that ever became public: later ones are not held as first ones.
    #[serde(default)]
    pub approved: i64,
    pub created_at: Time,
}

/// A comment, of any status.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommentLine {
    pub id: CommentId,
    pub thread_id: ThreadId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CommentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// As it stood when the comment was written.
    pub author_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_website: Option<String>,
    pub author_role: Role,
    /// As written, byte for byte.
    pub body: String,
    pub format: Format,
    pub dir: Dir,
    pub status: Status,
    /// What `restore` goes back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_before: Option<Status>,
    /// Why it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    #[serde(default)]
    pub helpful: i64,
    #[serde(default)]
    pub pinned: bool,
    /// The system it was moved in from, and its id there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    pub created_at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Time>,
}

/// What somebody said of the comment above by a click. Its number is the comment's `helpful`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReactionLine {
    pub comment_id: CommentId,
    pub person_id: PersonId,
    pub reaction: Reaction,
    pub at: Time,
}

/// What a reader said against the comment above. Who it was is not in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportLine {
    pub id: Uuid,
    pub comment_id: CommentId,
    pub reason: ReportReason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub weight: Decimal,
    pub at: Time,
    /// The line of the log that settled it; missing while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<LogId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upheld: Option<bool>,
}

/// What its writer said against the removal of the comment above.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealLine {
    pub id: Uuid,
    pub comment_id: CommentId,
    /// The line of the log that it is against.
    pub decision: LogId,
    pub text: String,
    pub at: Time,
    /// The line of the log that answered it; missing while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<LogId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// A line of the moderation log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    pub id: LogId,
    pub at: Time,
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    pub action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// The last line: how many of each there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndLine {
    pub threads: u64,
    pub people: u64,
    pub comments: u64,
    pub reactions: u64,
    #[serde(default)]
    pub reports: u64,
    #[serde(default)]
    pub appeals: u64,
    pub log: u64,
}

impl EndLine {
    const fn count(&mut self, line: &ExportLine) {
        match line {
            ExportLine::Thread(_) => self.threads += 1,
            ExportLine::Person(_) => self.people += 1,
            ExportLine::Comment(_) => self.comments += 1,
            ExportLine::Reaction(_) => self.reactions += 1,
            ExportLine::Report(_) => self.reports += 1,
            ExportLine::Appeal(_) => self.appeals += 1,
            ExportLine::Log(_) => self.log += 1,
            ExportLine::End(_) => {}
        }
    }
}

/// Writes an export, line by line, and counts.
pub struct Writer<W: Write> {
    out: W,
    counts: EndLine,
}

impl<W: Write> Writer<W> {
    pub fn start(mut out: W, header: &Header) -> io::Result<Self> {
        write_line(&mut out, header)?;
        Ok(Self { out, counts: EndLine::default() })
    }

    /// Threads and people must be written before the comments that name them, reactions, reports and appeals right after their comment.
    pub fn write(&mut self, line: &ExportLine) -> io::Result<()> {
        self.counts.count(line);
        write_line(&mut self.out, line)
    }

    /// Writes the last line. Without it the file counts as cut short.
    pub fn finish(mut self) -> io::Result<W> {
        write_line(&mut self.out, &ExportLine::End(self.counts))?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// Reads an export, line by line: the header first, the end line not handed out.
pub struct Reader {
    lines: Lines,
    pub header: Header,
    counts: EndLine,
    done: bool,
}

impl Reader {
    pub fn open(input: &Input) -> Result<Self, Unreadable> {
        let mut lines = Lines::new(input.reader()?)?;
        let first = lines.next_line()?.ok_or(Unreadable::Empty)?.to_owned();
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let Version { version } = Lines::parse(&first, lines.number())?;
        if !(1..=VERSION).contains(&version) {
            return Err(Unreadable::Line(lines.number(), format!("this export is of version {version}, and versions up to {VERSION} are understood")));
        }
        let mut header: Header = Lines::parse(&first, lines.number())?;
        if header.jiwar != "export" || site_key(&header.site.key).is_none() {
            return Err(Unreadable::Line(lines.number(), "this is not the first line of an export".into()));
        }
        header.site.name = clean_line(&header.site.name);
        Ok(Self { lines, header, counts: EndLine::default(), done: false })
    }

    /// The number of the line that was read last.
    pub const fn line(&self) -> u64 {
        self.lines.number()
    }

    fn advance(&mut self) -> Result<Option<ExportLine>, Unreadable> {
        if self.done {
            return Ok(None);
        }
        let number = self.lines.number() + 1;
        let Some(text) = self.lines.next_line()? else {
            return Err(Unreadable::CutShort(format!("the last line is missing after line {}", number - 1)));
        };
        let text = text.to_owned();
        let number = self.lines.number();
        let mut line: ExportLine = Lines::parse(&text, number)?;
        if let ExportLine::End(end) = line {
            self.done = true;
            return if end == self.counts { Ok(None) } else { Err(Unreadable::CutShort(format!("line {number} counts other lines than there are"))) };
        }
        self.counts.count(&line);
        check(&mut line).map_err(|why| Unreadable::Line(number, why))?;
        Ok(Some(line))
    }
}

impl Iterator for Reader {
    type Item = Result<ExportLine, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.advance();
        self.done |= line.is_err();
        line.transpose()
    }
}

/// Cleans what people will see. A line of ours comes out as it was; one that
/// was changed by hand cannot bring in more than the forms would let in.
fn check(line: &mut ExportLine) -> Result<(), String> {
    match line {
        ExportLine::Thread(thread) => {
            for key in std::iter::once(&thread.key).chain(&thread.aliases) {
                if PageKey::parse(key, None).ok().is_none_or(|k| k.as_str() != key) {
                    return Err(format!("\u{201c}{}\u{201d} is no page key", clean_line(key).chars().take(80).collect::<String>()));
                }
            }
            thread.url = thread.url.take().filter(|u| u.len() <= limits::URL_BYTES && page_url(u).is_some());
            thread.title = thread.title.take().map(|t| clean_line(&t)).filter(|t| t.len() <= limits::TITLE_GRAPHEMES * 16);
        }
        ExportLine::Person(person) => {
            person.name = name(&person.name)?;
            if let Some(address) = &person.email {
                person.email = Some(Email::parse(address).map_err(|_| "the e-mail address is none")?.as_str().to_owned());
            }
            person.website = website(person.website.take());
        }
        ExportLine::Comment(comment) => {
            comment.author_name = name(&comment.author_name)?;
            comment.author_website = website(comment.author_website.take());
            if comment.body.len() > limits::BODY_BYTES {
                return Err(format!("the text is longer than {} bytes", limits::BODY_BYTES));
            }
            comment.body = clean_text(&comment.body);
            if [&comment.source, &comment.source_id, &comment.held].into_iter().flatten().any(|t| t.len() > 200) {
                return Err("source, source_id or held is longer than 200 bytes".into());
            }
        }
        ExportLine::Log(log) => {
            log.by = clean_line(&log.by);
            log.reason = log.reason.take().map(|r| clean_text(&r));
            if log.by.len() > 1000 || log.action.len() > 100 || log.reason.as_ref().is_some_and(|r| r.len() > limits::REASON_GRAPHEMES * 16) {
                return Err("a text of the log is too long".into());
            }
        }
        ExportLine::Report(report) => {
            report.note = report.note.take().map(|note| clean_text(&note));
            if report.note.as_ref().is_some_and(|note| note.len() > limits::NOTE_GRAPHEMES * 16) {
                return Err("the note of the report is too long".into());
            }
        }
        ExportLine::Appeal(appeal) => {
            appeal.text = clean_text(&appeal.text);
            appeal.answer = appeal.answer.take().map(|answer| clean_text(&answer));
            if appeal.text.len() > limits::APPEAL_GRAPHEMES * 16 || appeal.answer.as_ref().is_some_and(|a| a.len() > limits::REASON_GRAPHEMES * 16) {
                return Err("a text of the appeal is too long".into());
            }
        }
        ExportLine::Reaction(_) | ExportLine::End(_) => {}
    }
    Ok(())
}

fn name(text: &str) -> Result<String, String> {
    if text.len() > limits::NAME_GRAPHEMES * 16 { Err("the name is too long".into()) } else { Ok(clean_name(text)) }
}

fn website(text: Option<String>) -> Option<String> {
    text.and_then(|t| Website::parse(&t).ok()).map(|w| w.as_str().to_owned())
}
