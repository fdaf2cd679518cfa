//! The two readings: the plan, then the comments with their places.

use super::{
    CommentRecord, Input, Note, PageRecord, Report, SourceFormat, Unreadable, clean,
    disqus::Disqus,
    index::{Entry, Index, identified},
    lines::Lines,
    pages::Pages,
    parents,
    raw::{Raw, RawComment, RawPage, Records, digest},
    text::TextReader,
    tree::{NONE, Node, Tree},
    twins,
    valine::Valine,
    wordpress::Wordpress,
    xml::{Step, Xml},
};
use jiwar_wire::{Time, comment::Status, ids::CommentId};
use std::{
    collections::HashMap,
    sync::mpsc::{self, SyncSender},
};
use uuid::Uuid;

/// One text of XML, in bytes: more in one piece is no export.
const TOKEN: u64 = 32 << 20;

/// Records that are handed on together, their bytes of text, and how many such batches may wait.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
const BATCHES_AHEAD: usize = 4;

/// What the plan must know of the place that the comments move to.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The site's key: two sites can take in the same file.
    pub site: &'a str,
    pub now: Time,
}

/// What will be moved in, and where each comment goes.
#[derive(Debug)]
pub struct Plan {
    pub format: SourceFormat,
    /// Only pages with comments that are taken.
    pub pages: Vec<PageRecord>,
    /// All comments of the file by their order there, those left out included.
    pub tree: Tree,
    /// What a dry run tells. `imported` counts all that are taken, as if none had been here before.
    pub report: Report,
    seats: Vec<Seat>,
}

/// What the plan keeps of a comment between the two readings.
#[derive(Debug)]
struct Seat {
    content: u64,
    created_at: Time,
    /// `NONE` for a comment that is left out.
    page: u32,
    status: Status,
    placeholder: bool,
}

/// A comment with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed {
    /// The same at every import of this comment into this site.
    pub id: CommentId,
    pub parent: Option<CommentId>,
    /// 0 for a comment on the page itself.
    pub depth: u32,
    /// As `store::comments::path` would make it.
    pub path: Vec<u8>,
    /// Index into `Plan::pages`.
    pub page: usize,
    pub comment: CommentRecord,
}

/// Says of what system a file is. Reads only its beginning.
pub fn detect(input: &Input) -> Result<SourceFormat, Unreadable> {
    use std::io::BufRead;
    let mut text = TextReader::new(input.reader()?, TOKEN)?;
    let start = String::from_utf8_lossy(text.fill_buf()?).trim_start().chars().take(400).collect::<String>();
    match start.as_str() {
        s if s.starts_with("SQLite format 3") => return Err(Unreadable::Unknown("an SQLite database")),
        s if s.starts_with("#filetype:JSON-streaming") => return Ok(SourceFormat::Valine),
        s if s.starts_with('{') && s.contains("\"jiwar\"") => return Ok(SourceFormat::Jiwar),
        s if s.starts_with('{') && s.contains("\"objectId\"") && s.contains("\"comment\"") => return Ok(SourceFormat::Valine),
        s if s.starts_with(['{', '[']) => return Err(Unreadable::Unknown("JSON of another system")),
        _ => {}
    }
    let mut xml = Xml::new(text)?;
    match xml.step()? {
        Step::Open if xml.name == "rss" => Ok(SourceFormat::Wordpress),
        Step::Open if xml.name == "disqus" => Ok(SourceFormat::Disqus),
        _ => Err(Unreadable::Unknown("XML of another kind")),
    }
}

fn records(input: &Input, format: SourceFormat) -> Result<Box<dyn Records>, Unreadable> {
    let xml = || Xml::new(TextReader::new(input.reader()?, TOKEN)?);
    Ok(match format {
        SourceFormat::Wordpress => Box::new(Wordpress::new(xml()?)),
        SourceFormat::Disqus => Box::new(Disqus::new(xml()?)),
        SourceFormat::Valine => Box::new(Valine::new(Lines::new(input.reader()?)?)),
        SourceFormat::Jiwar => return Err(Unreadable::Unknown("Jiwar's own export, which is read by itself")),
    })
}

/// The first reading. Jiwar's own export is planned by [`super::jiwar::survey`].
pub fn plan(input: &Input, format: SourceFormat, options: Options<'_>) -> Result<Plan, Unreadable> {
    let (mut index, pages) = gather(input, format)?;
    let mut pages = Pages::fold(pages);
    index.settle_pages(&pages);
    let copies = twins::by_id(&index, &pages);
    twins::mark_copies(&mut index, &pages, &copies);
    if format == SourceFormat::Disqus {
        twins::mark_twins(&mut index, &mut pages);
    }
    let order = twins::by_id(&index, &pages);
    let parents = parents::resolve(&mut index, &pages, &order);
    Ok(arrange(format, index, &pages, &parents, options))
}

/// Everything in the file. One thread reads, and this one takes in what was read: each is about half of the work.
fn gather(input: &Input, format: SourceFormat) -> Result<(Index, Vec<RawPage>), Unreadable> {
    let (mut index, mut pages) = (Index::default(), Vec::new());
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel(BATCHES_AHEAD);
        scope.spawn(move || {
            // Whoever no longer listens has met a fault, and tells it.
            if let Err(why) = read_in_batches(input, format, &send) {
                let _ = send.send(Err(why));
            }
        });
        for batch in receive {
            for record in batch? {
                match record {
                    Raw::Page(page) => pages.push(*page),
                    Raw::Comment(comment) => index.add(&comment, format)?,
                }
            }
        }
        Ok((index, pages))
    })
}

type Batches = SyncSender<Result<Vec<Raw>, Unreadable>>;

fn read_in_batches(input: &Input, format: SourceFormat, send: &Batches) -> Result<(), Unreadable> {
    let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0);
    for record in records(input, format)? {
        let record = record?;
        bytes += match &record {
            Raw::Comment(comment) => comment.body.len(),
            Raw::Page(_) => 0,
        };
        batch.push(record);
        if batch.len() == BATCH || bytes > BATCH_BYTES {
            bytes = 0;
            if send.send(Ok(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))).is_err() {
                return Ok(());
            }
        }
    }
    let _ = send.send(Ok(batch));
    Ok(())
}

/// Gives every comment its id, its time and its place.
fn arrange(format: SourceFormat, mut index: Index, pages: &Pages, parents: &[Option<u32>], options: Options<'_>) -> Plan {
    let times: Vec<Time> = index.entries.iter_mut().map(|e| settle_time(e, pages, options.now)).collect();
    let nodes = index.entries.iter().zip(parents).zip(&times).map(|((entry, parent), time)| Node {
        id: comment_id(format, entry, pages, options),
        parent: *parent,
        time: *time,
    });
    let mut rings = Vec::new();
    let tree = Tree::grow(nodes.collect::<Vec<_>>(), |at| rings.push(at));
    for at in rings {
        if let Some(entry) = index.entries.get_mut(at as usize) {
            entry.note(Note::Ring);
        }
    }
    settle_ghosts(&mut index, &tree);

    let mut report = Report::new(format);
    report.found = index.entries.len() as u64;
    index.tell(&mut report);
    report.deepest = (0u32..).zip(&index.entries).filter(|(_, e)| e.skip.is_none()).map(|(at, _)| tree.depth(at) + 1).max().unwrap_or(0);
    let (records, indices, joined) = pages.records(&latest(&index, pages, &times));
    report.pages = records.len() as u64;
    report.pages_joined = joined;
    report.pages_closed = records.iter().filter(|p| p.closed).count() as u64;
    let seats = index.entries.iter().zip(times).map(|(entry, created_at)| seat(entry, created_at, pages, &indices)).collect();
    Plan { format, pages: records, tree, report, seats }
}

fn seat(entry: &Entry, created_at: Time, pages: &Pages, indices: &HashMap<u32, u32>) -> Seat {
    let page = indices.get(&pages.group(entry.page)).copied().filter(|_| entry.skip.is_none());
    Seat { content: entry.content, created_at, page: page.unwrap_or(NONE), status: entry.status, placeholder: entry.ghost.is_some() }
}

/// The comment's date; else its page's; else now. Never in the future.
fn settle_time(entry: &mut Entry, pages: &Pages, now: Time) -> Time {
    let time = entry.time.or_else(|| pages.date(entry.page)).unwrap_or(now);
    if time > now {
        entry.note(Note::DateAhead);
    }
    time.min(now)
}

/// Time and digest in the layout of a UUIDv7 (RFC 9562, 5.7).
///
/// Made from what does not change from one export to the next: site, system,
/// the comment's own id and its date; not from its page, whose address may
/// change. The text is part of it only where a file uses an id twice.
fn comment_id(format: SourceFormat, entry: &Entry, pages: &Pages, options: Options<'_>) -> CommentId {
    let known = entry.time.or_else(|| pages.date(entry.page)).filter(|t| *t <= options.now);
    let ms = known.map_or(0, |t| t.0.clamp(0, 0xffff_ffff_ffff));
    let salt = if entry.salted { [entry.content.to_be_bytes(), pages.mark(entry.page).to_be_bytes()].concat() } else { Vec::new() };
    let hash = digest(&[b"jiwar import", options.site.as_bytes(), format.as_str().as_bytes(), &entry.ext, &salt]);
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(hash) {
        *to = from;
    }
    for (to, from) in bytes.iter_mut().zip(ms.to_be_bytes().into_iter().skip(2)) {
        *to = from;
    }
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    CommentId::new(Uuid::from_bytes(bytes))
}

/// Leaves out comments without words unless a reply needs their place.
fn settle_ghosts(index: &mut Index, tree: &Tree) {
    let mut needed = vec![false; index.entries.len()];
    for &at in tree.order().iter().rev() {
        let Some(entry) = index.entries.get_mut(at as usize).filter(|e| e.skip.is_none()) else { continue };
        if entry.ghost.is_some() && !needed.get(at as usize).copied().unwrap_or(false) {
            entry.skip = entry.ghost;
            continue;
        }
        if entry.ghost.is_some() {
            entry.status = Status::Deleted;
            entry.notes = 0;
            entry.note(Note::Placeholder);
        }
        if let Some(above) = tree.parent(at).and_then(|p| needed.get_mut(p as usize)) {
            *above = true;
        }
    }
}

/// For each page of the file the time of its last comment, doubles included, and how many are kept.
fn latest(index: &Index, pages: &Pages, times: &[Time]) -> Vec<(i64, u32)> {
    use super::Skip;
    let mut latest = vec![(i64::MIN, 0); pages.len() as usize];
    for (entry, time) in index.entries.iter().zip(times) {
        if let (Some((last, count)), None | Some(Skip::Twin)) = (latest.get_mut(entry.page as usize), entry.skip) {
            *last = (*last).max(time.0);
            *count += u32::from(entry.skip.is_none());
        }
    }
    latest
}

impl Plan {
    /// All comments that are taken, in file order, as [`Plan::comments`] gives them: id, status, and index into `pages`.
    pub fn taken(&self) -> impl Iterator<Item = (CommentId, Status, usize)> {
        (0u32..).zip(&self.seats).filter(|(_, seat)| seat.page != NONE).filter_map(|(at, seat)| Some((self.tree.id(at)?, seat.status, seat.page as usize)))
    }

    /// The second reading: every comment that is taken, in the order of the
    /// file. A reply may come before its parent; `path` and `depth` are right all the same.
    pub fn comments<'a>(&'a self, input: &Input) -> Result<Comments<'a>, Unreadable> {
        Ok(Comments { plan: self, records: records(input, self.format)?, next: 0 })
    }
}

/// See [`Plan::comments`].
pub struct Comments<'a> {
    plan: &'a Plan,
    records: Box<dyn Records>,
    next: u32,
}

impl Comments<'_> {
    /// `None` for a comment that is left out.
    fn place(&mut self, raw: &RawComment) -> Result<Option<Placed>, Unreadable> {
        let at = self.next;
        self.next += 1;
        let seat = self.plan.seats.get(at as usize).ok_or(Unreadable::Changed)?;
        let (mut comment, content) = identified(raw, self.plan.format, &mut Vec::new());
        if content != seat.content {
            return Err(Unreadable::Changed);
        }
        if seat.page == NONE {
            return Ok(None);
        }
        if seat.placeholder {
            comment = clean::placeholder(comment);
        }
        comment.created_at = seat.created_at;
        let tree = &self.plan.tree;
        Ok(Some(Placed {
            id: tree.id(at).ok_or(Unreadable::Changed)?,
            parent: tree.parent(at).and_then(|p| tree.id(p)),
            depth: tree.depth(at),
            path: tree.path(at),
            page: seat.page as usize,
            comment,
        }))
    }
}

impl Iterator for Comments<'_> {
    type Item = Result<Placed, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let placed = match self.records.next() {
                None if self.next as usize == self.plan.seats.len() => return None,
                None => {
                    self.next = self.plan.seats.len() as u32;
                    return Some(Err(Unreadable::Changed));
                }
                Some(Ok(Raw::Page(_))) => continue,
                Some(Ok(Raw::Comment(raw))) => self.place(&raw),
                Some(Err(error)) => Err(error),
            };
            if let Some(placed) = placed.transpose() {
                return Some(placed);
            }
        }
    }
}
