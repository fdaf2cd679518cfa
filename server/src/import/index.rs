//! What the first reading keeps of each comment: numbers instead of texts.

use super::{
    CommentRecord, Note, Report, Skip, SourceFormat, Unreadable, clean,
    pages::Pages,
    raw::{RawComment, digest, head, short},
    tree::NONE,
};
use jiwar_wire::{Time, comment::Status};

/// A comment of the file. About 100 bytes, its id included.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Digest of the id.
    pub ext: [u8; 16],
    /// The first 8 bytes of the digest of the parent's id; 0 for none.
    pub parent: u64,
    /// Everything about the comment: equal only for the same in every word.
    pub content: u64,
    /// The moment and the author; 0 when there is no date.
    pub who: u64,
    pub text: u64,
    /// The second id; 0 for none.
    pub inner: u64,
    /// The page as the file has it, an index into `pages`. `NONE` until it is known.
    pub page: u32,
    pub time: Option<Time>,
    /// The comment that this is another copy of.
    pub same_as: u32,
    /// Bits by `Note`.
    pub notes: u32,
    pub status: Status,
    pub skip: Option<Skip>,
    /// Has no words of its own: kept only while replies need its place.
    pub ghost: Option<Skip>,
    /// Shares its id with an earlier comment.
    pub salted: bool,
}

impl Entry {
    pub const fn note(&mut self, note: Note) {
        self.notes |= 1 << note as u32;
    }
}

/// All comments of the file, in its order.
#[derive(Default)]
pub struct Index {
    pub entries: Vec<Entry>,
    /// What each comment calls its page, until the pages are known.
    pub references: Vec<u64>,
    /// The ids, one after another, and where each ends.
    ids: String,
    ends: Vec<u32>,
}

impl Index {
    pub fn add(&mut self, raw: &RawComment, format: SourceFormat) -> Result<(), Unreadable> {
        let mut notes = Vec::new();
        let (record, content) = identified(raw, format, &mut notes);
        let mut entry = entry(raw, &record, content);
        if raw.date_guessed || raw.date.is_none() {
            entry.note(Note::DateGuessed);
        }
        for note in notes {
            entry.note(note);
        }
        self.ids.push_str(&record.external_id);
        let end = u32::try_from(self.ids.len()).ok().filter(|_| self.entries.len() < NONE as usize - 1);
        self.ends.push(end.ok_or(Unreadable::TooMany(self.entries.len() as u64))?);
        self.references.push(raw.page);
        self.entries.push(entry);
        Ok(())
    }

    /// The id in the file.
    pub fn id(&self, at: u32) -> &str {
        let end = self.ends.get(at as usize).copied().unwrap_or(0) as usize;
        let start = (at as usize).checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0) as usize;
        self.ids.get(start..end).unwrap_or_default()
    }

    pub fn get(&self, at: u32) -> Option<&Entry> {
        self.entries.get(at as usize)
    }

    /// Tells each comment its page, now that all are known.
    pub fn settle_pages(&mut self, pages: &Pages) {
        for (entry, reference) in self.entries.iter_mut().zip(std::mem::take(&mut self.references)) {
            match pages.find(reference) {
                Some(page) => entry.page = page,
                None => entry.skip = entry.skip.or(Some(Skip::NoThread)),
            }
            if pages.is_hidden(entry.page) {
                entry.note(Note::HiddenPage);
            }
        }
    }

    /// The comment that is kept of all copies of this one.
    pub fn original(&self, at: u32) -> u32 {
        let mut at = at;
        // A copy points at an original or at one that became a copy itself: two steps at the most.
        for _ in 0..4 {
            match self.get(at).map(|e| e.same_as) {
                Some(up) if up != NONE => at = up,
                _ => break,
            }
        }
        at
    }

    /// Writes everything that was noted of the comments into the report.
    pub fn tell(&self, report: &mut Report) {
        for (at, entry) in (0u32..).zip(&self.entries) {
            match entry.skip {
                Some(why) => report.skip(why, self.id(at)),
                None => {
                    report.import(entry.status);
                    for note in Note::ALL.iter().filter(|n| entry.notes & (1 << **n as u32) != 0) {
                        report.note(*note, self.id(at));
                    }
                }
            }
        }
    }
}

/// The cleaned record with an id in any case, and the digest of its content.
pub fn identified(raw: &RawComment, format: SourceFormat, notes: &mut Vec<Note>) -> (CommentRecord, u64) {
    let mut record = clean::comment(raw, format, raw.date.unwrap_or_default(), notes);
    let content = content(&record, raw);
    if record.external_id.is_empty() {
        record.external_id = format!("no-id-{content:016x}");
        notes.push(Note::NoId);
    }
    (record, content)
}

fn content(record: &CommentRecord, raw: &RawComment) -> u64 {
    short(&[
        &raw.date.map_or(i64::MIN, |t| t.0).to_be_bytes(),
        record.author_name.as_bytes(),
        record.author_email.as_ref().map_or("", |e| e.as_str()).as_bytes(),
        record.author_website.as_ref().map_or("", |w| w.as_str()).as_bytes(),
        record.body.as_bytes(),
        record.status.as_str().as_bytes(),
    ])
}

fn entry(raw: &RawComment, record: &CommentRecord, content: u64) -> Entry {
    let words = record.body.split_whitespace().collect::<Vec<_>>().join(" ");
    let email = record.author_email.as_ref().map(|e| e.folded()).unwrap_or_default();
    let deleted = record.status == Status::Deleted;
    Entry {
        ext: ext(&record.external_id),
        parent: parent(&raw.parent),
        content,
        who: raw.date.map_or(0, |t| short(&[b"who", &t.0.to_be_bytes(), record.author_name.as_bytes(), email.as_bytes()])),
        text: short(&[words.as_bytes()]),
        inner: if raw.inner.is_empty() { 0 } else { short(&[b"inner", raw.inner.as_bytes()]) },
        page: NONE,
        time: raw.date,
        same_as: NONE,
        notes: 0,
        status: record.status,
        skip: raw.skip,
        ghost: match () {
            () if deleted => Some(Skip::Deleted),
            () if record.body.is_empty() => Some(Skip::Empty),
            () => None,
        },
        salted: false,
    }
}

fn ext(id: &str) -> [u8; 16] {
    let full = digest(&[b"id", id.as_bytes()]);
    let mut ext = [0; 16];
    for (to, from) in ext.iter_mut().zip(full) {
        *to = from;
    }
    ext
}

fn parent(id: &str) -> u64 {
    match clean::id(id).as_str() {
        "" | "0" => 0,
        id => head(&ext(id)),
    }
}
