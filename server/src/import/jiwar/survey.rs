//! The first reading of an export: is it sound, and what is in it?

use super::{
    super::{Input, Node, Note, Report, SourceFormat, Tree, Unreadable, raw::short},
    AppealLine, CommentLine, EndLine, ExportLine, Header, ReactionLine, Reader, ReportLine, ThreadLine,
};
use jiwar_wire::{
    Time,
    comment::Status,
    ids::{CommentId, PersonId, ThreadId},
    thread::State,
};
use std::collections::{HashMap, HashSet};

/// What a first reading of an export found.
#[derive(Debug)]
pub struct Survey {
    pub header: Header,
    /// The comments by their order in the file.
    pub tree: Tree,
    pub report: Report,
}

/// Reads an export through once: every line is sound, every id stands once,
/// and everything that a line names is there.
///
/// Threads and people must come before the comments that name them; a reply may
/// come before its parent. A parent that is missing or in another thread, or a
/// ring, is mended as for any other system, and reported.
pub fn survey(input: &Input) -> Result<Survey, Unreadable> {
    let mut reader = Reader::open(input)?;
    let mut seen = Seen::default();
    while let Some(line) = reader.next() {
        let number = reader.line();
        seen.add(&line?, number)?;
    }
    let (tree, report) = seen.finish();
    Ok(Survey { header: reader.header, tree, report })
}

#[derive(Default)]
struct Seen {
    threads: HashMap<ThreadId, u32>,
    /// Keys and aliases: one page each.
    keys: HashSet<u64>,
    people: HashSet<PersonId>,
    comments: HashMap<CommentId, u32>,
    rows: Vec<Row>,
    others: EndLine,
    closed: u64,
}

fn wrong(number: u64, why: &str) -> Result<(), Unreadable> {
    Err(Unreadable::Line(number, why.into()))
}

struct Row {
    id: CommentId,
    parent: Option<CommentId>,
    thread: u32,
    status: Status,
    time: Time,
}

impl Seen {
    fn add(&mut self, line: &ExportLine, number: u64) -> Result<(), Unreadable> {
        self.others.count(line);
        match line {
            ExportLine::Thread(thread) => self.thread(thread, number),
            ExportLine::Person(person) if !self.people.insert(person.id) => wrong(number, "this person stands in the file twice"),
            ExportLine::Comment(comment) => self.comment(comment, number),
            ExportLine::Reaction(ReactionLine { comment_id, .. })
            | ExportLine::Report(ReportLine { comment_id, .. })
            | ExportLine::Appeal(AppealLine { comment_id, .. })
                if self.rows.last().map(|r| r.id) != Some(*comment_id) =>
            {
                wrong(number, "its comment does not stand right above it")
            }
            ExportLine::Reaction(reaction) if !self.people.contains(&reaction.person_id) => wrong(number, "its person does not stand above it"),
            ExportLine::Person(_) | ExportLine::Reaction(_) | ExportLine::Report(_) | ExportLine::Appeal(_) | ExportLine::Log(_) | ExportLine::End(_) => Ok(()),
        }
    }

    fn thread(&mut self, thread: &ThreadLine, number: u64) -> Result<(), Unreadable> {
        let at = self.threads.len() as u32;
        if self.threads.insert(thread.id, at).is_some() {
            return wrong(number, "this thread stands in the file twice");
        }
        self.closed += u64::from(thread.state == State::Closed);
        for key in std::iter::once(&thread.key).chain(&thread.aliases) {
            if !self.keys.insert(short(&[key.as_bytes()])) {
                return wrong(number, "another thread has this key");
            }
        }
        Ok(())
    }

    fn comment(&mut self, comment: &CommentLine, number: u64) -> Result<(), Unreadable> {
        let Some(&thread) = self.threads.get(&comment.thread_id) else { return wrong(number, "its thread does not stand above it") };
        if comment.person_id.is_some_and(|p| !self.people.contains(&p)) {
            return wrong(number, "its person does not stand above it");
        }
        let at = u32::try_from(self.rows.len()).ok().filter(|at| *at < u32::MAX - 1).ok_or(Unreadable::TooMany(self.rows.len() as u64))?;
        if self.comments.insert(comment.id, at).is_some() {
            return wrong(number, "this comment stands in the file twice");
        }
        self.rows.push(Row { id: comment.id, parent: comment.parent_id, thread, status: comment.status, time: comment.created_at });
        Ok(())
    }

    fn finish(self) -> (Tree, Report) {
        let mut report = Report::new(SourceFormat::Jiwar);
        report.found = self.rows.len() as u64;
        let mut nodes = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            report.import(row.status);
            let parent = self.parent(row).unwrap_or_else(|note| {
                report.note(note, &row.id.to_string());
                None
            });
            nodes.push(Node { id: row.id, parent, time: row.time });
        }
        let tree = Tree::grow(nodes, |at| {
            if let Some(row) = self.rows.get(at as usize) {
                report.note(Note::Ring, &row.id.to_string());
            }
        });
        report.pages = self.rows.iter().map(|r| r.thread).collect::<HashSet<_>>().len() as u64;
        report.pages_closed = self.closed;
        report.deepest = (0..self.rows.len() as u32).map(|at| tree.depth(at) + 1).max().unwrap_or(0);
        let EndLine { threads, people, reactions, reports, appeals, log, .. } = self.others;
        let others = [("threads", threads), ("people", people), ("reactions", reactions), ("reports", reports), ("appeals", appeals), ("log entries", log)];
        report.others = others.into_iter().collect();
        (tree, report)
    }

    /// The index of the parent, or what is wrong with it.
    fn parent(&self, row: &Row) -> Result<Option<u32>, Note> {
        let Some(parent) = row.parent else { return Ok(None) };
        let at = self.comments.get(&parent).ok_or(Note::MissingParent)?;
        match self.rows.get(*at as usize) {
            Some(above) if above.id == row.id => Err(Note::SelfParent),
            Some(above) if above.thread == row.thread => Ok(Some(*at)),
            _ => Err(Note::OtherPage),
        }
    }
}
