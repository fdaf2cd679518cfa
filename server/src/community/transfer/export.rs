//! Jiwar's own export, written: everything of a site, page by page, as it is at one moment.

use super::Stopped;
use crate::{
    App,
    import::jiwar::{CommentLine, ExportLine, Header, LogLine, PersonLine, ReactionLine, SiteLine, ThreadLine, Writer},
    store::{self, Tx, comments, log, people, sites::Site, threads, transfer},
};
use jiwar_wire::{
    Time,
    comment::{Reaction, Role, Status},
    ids::{CommentId, LogId, PersonId},
};
use std::{
    collections::{HashMap, VecDeque},
    io::Write,
};
use uuid::Uuid;

/// Rows that are read at once. Comments are the long ones.
const ROWS: i64 = 500;
const COMMENTS: i64 = 100;

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Exported {
    pub threads: u64,
    pub people: u64,
    pub comments: u64,
    pub reactions: u64,
    pub log: u64,
    /// Addresses that were sealed with another key than this server's: they are not in the file.
    pub unopened: u64,
}

/// Writes everything of a site that cannot be made again, in the order of ids.
pub async fn export<W: Write + Send>(app: &App, site: &Site, out: W) -> Result<Exported, Stopped> {
    let mut tx = transfer::snapshot(&app.db).await?;
    let line = SiteLine {
        key: site.key.clone(),
        name: site.name.clone(),
        locale: site.locale,
        origins: site.origins.clone(),
        settings: site.settings.clone(),
        created_at: transfer::site_made(&mut tx, site.id).await?,
    };
    let mut writer = Writer::start(out, &Header::new(line, app.clock.now()))?;
    let mut done = Exported::default();
    write_threads(&mut tx, site, &mut writer, &mut done).await?;
    write_people(app, &mut tx, site, &mut writer, &mut done).await?;
    write_comments(&mut tx, site, &mut writer, &mut done).await?;
    write_log(&mut tx, site, &mut writer, &mut done).await?;
    writer.finish()?;
    Ok(done)
}

async fn write_threads<W: Write>(tx: &mut Tx, site: &Site, writer: &mut Writer<W>, done: &mut Exported) -> Result<(), Stopped> {
    let mut after = Uuid::nil();
    loop {
        let rows = threads::page(&mut *tx, site.id, after, ROWS).await?;
        let Some(last) = rows.last().map(|t| t.id) else { return Ok(()) };
        let mut aliases: HashMap<Uuid, Vec<String>> = HashMap::new();
        for (thread, key) in transfer::aliases(&mut *tx, site.id, after, last).await? {
            aliases.entry(thread).or_default().push(key);
        }
        for thread in rows {
            let mut aliases = aliases.remove(&thread.id).unwrap_or_default();
            aliases.sort_unstable();
            let (id, state) = (thread.id(), thread.state());
            let threads::Thread { key, url, title, revision, created_at, .. } = thread;
            writer.write(&ExportLine::Thread(ThreadLine { id, key, aliases, url, title, state, revision, created_at: Time(created_at) }))?;
            done.threads += 1;
        }
        after = last;
    }
}

async fn write_people<W: Write>(app: &App, tx: &mut Tx, site: &Site, writer: &mut Writer<W>, done: &mut Exported) -> Result<(), Stopped> {
    let mut after = Uuid::nil();
    loop {
        let rows = people::page(&mut *tx, site.id, after, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        for person in rows {
            let opened = person.email_sealed.as_deref().map(|sealed| app.keys.open(sealed));
            done.unopened += u64::from(opened == Some(None));
            let (id, role) = (person.id(), person.role());
            let people::Person { name, website, approved, created_at, .. } = person;
            let email = opened.flatten().map(|e| e.as_str().to_owned());
            writer.write(&ExportLine::Person(PersonLine { id, name, email, website, role, approved, created_at: Time(created_at) }))?;
            done.people += 1;
        }
    }
}

/// The comments of each status have an index by id; the ones of the site alone have none.
struct Queue {
    status: Status,
    rows: VecDeque<comments::Comment>,
    after: CommentId,
    ended: bool,
}

impl Queue {
    const fn new(status: Status) -> Self {
        Self { status, rows: VecDeque::new(), after: CommentId::new(Uuid::nil()), ended: false }
    }

    async fn fill(&mut self, tx: &mut Tx, site: &Site) -> store::Result<()> {
        if self.rows.is_empty() && !self.ended {
            self.rows = comments::queue(tx, site.id, self.status, None, self.after, COMMENTS).await?.into();
            match self.rows.back() {
                Some(last) => self.after = last.id(),
                None => self.ended = true,
            }
        }
        Ok(())
    }
}

/// Reactions in the order of their comments.
struct Reactions {
    rows: VecDeque<transfer::Reacted>,
    after: transfer::Reacted,
    ended: bool,
}

impl Reactions {
    const fn new() -> Self {
        let after = transfer::Reacted { comment: Uuid::nil(), kind: String::new(), person: Uuid::nil(), created_at: 0 };
        Self { rows: VecDeque::new(), after, ended: false }
    }

    /// The next one of a comment.
    async fn of(&mut self, tx: &mut Tx, site: &Site, comment: Uuid) -> store::Result<Option<ReactionLine>> {
        if self.rows.is_empty() && !self.ended {
            self.rows = transfer::reactions(tx, site.id, &self.after, ROWS).await?.into();
            match self.rows.back() {
                Some(last) => self.after = last.clone(),
                None => self.ended = true,
            }
        }
        let Some(row) = self.rows.pop_front_if(|r| r.comment == comment) else { return Ok(None) };
        let reaction = Reaction::parse(&row.kind).ok_or(store::Error::Impossible { table: "reaction", column: "kind" })?;
        let (comment_id, person_id) = (CommentId::new(row.comment), PersonId::new(row.person));
        Ok(Some(ReactionLine { comment_id, person_id, reaction, at: Time(row.created_at) }))
    }
}

/// The five queues merged by id, each comment with its reactions.
async fn write_comments<W: Write>(tx: &mut Tx, site: &Site, writer: &mut Writer<W>, done: &mut Exported) -> Result<(), Stopped> {
    let (mut queues, mut reactions) = (Status::ALL.map(Queue::new), Reactions::new());
    loop {
        for queue in &mut queues {
            queue.fill(tx, site).await?;
        }
        let first = queues.iter_mut().filter(|q| !q.rows.is_empty()).min_by_key(|q| q.rows.front().map(|c| c.id));
        let Some(comment) = first.and_then(|q| q.rows.pop_front()) else { return Ok(()) };
        let id = comment.id;
        writer.write(&ExportLine::Comment(Box::new(line(comment)?)))?;
        done.comments += 1;
        while let Some(reaction) = reactions.of(tx, site, id).await? {
            writer.write(&ExportLine::Reaction(reaction))?;
            done.reactions += 1;
        }
    }
}

fn line(c: comments::Comment) -> store::Result<CommentLine> {
    let before = c.status_before.as_deref().map(|s| Status::parse(s).ok_or(store::Error::Impossible { table: "comment", column: "status_before" }));
    Ok(CommentLine {
        id: c.id(),
        thread_id: c.thread(),
        parent_id: c.parent.map(CommentId::new),
        person_id: c.person(),
        author_role: Role::parse(&c.author_role).unwrap_or_default(),
        format: c.format(),
        dir: c.dir(),
        status: c.status()?,
        status_before: before.transpose()?,
        author_name: c.author_name,
        author_website: c.author_website,
        body: c.body,
        held: c.held,
        helpful: c.helpful,
        pinned: c.pinned,
        source: c.source,
        source_id: c.source_id,
        created_at: Time(c.created_at),
        edited_at: c.edited_at.map(Time),
        approved_at: c.approved_at.map(Time),
    })
}

async fn write_log<W: Write>(tx: &mut Tx, site: &Site, writer: &mut Writer<W>, done: &mut Exported) -> Result<(), Stopped> {
    let mut after = LogId::new(Uuid::nil());
    loop {
        let rows = log::oldest(&mut *tx, site.id, after, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        for e in rows {
            let line = LogLine {
                id: e.id,
                at: e.at,
                by: e.by,
                comment_id: e.comment_id,
                action: e.action,
                before: e.before,
                after: e.after,
                reason: e.reason,
                subject: e.subject,
            };
            writer.write(&ExportLine::Log(line))?;
            done.log += 1;
        }
    }
}
