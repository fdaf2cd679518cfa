//! Jiwar's own export, written: everything of a site, page by page, as it is at one moment.

use super::Stopped;
use crate::{
    App,
    import::jiwar::{AppealLine, CommentLine, ExportLine, Header, LogLine, PersonLine, ReactionLine, ReportLine, SiteLine, ThreadLine, Writer},
    store::{self, Tx, appeals, comments, log, people, reports, sites::Site, threads, transfer},
};
use jiwar_wire::{
    Time,
    comment::{Reaction, Role, Status},
    ids::{CommentId, LogId, PersonId},
    moderation::Decimal,
    report::ReportReason,
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
    pub reports: u64,
    pub appeals: u64,
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

/// What stands below its comment in the file.
trait Below: Clone + Send {
    fn comment(&self) -> Uuid;
    /// The next ones after the last that was read, in the order of their comments.
    fn page(tx: &mut Tx, site: &Site, last: Option<&Self>) -> impl Future<Output = store::Result<Vec<Self>>> + Send;
}

impl Below for transfer::Reacted {
    fn comment(&self) -> Uuid {
        self.comment
    }
    async fn page(tx: &mut Tx, site: &Site, last: Option<&Self>) -> store::Result<Vec<Self>> {
        let start = Self { comment: Uuid::nil(), kind: String::new(), person: Uuid::nil(), created_at: 0 };
        transfer::reactions(tx, site.id, last.unwrap_or(&start), ROWS).await
    }
}

impl Below for reports::Whole {
    fn comment(&self) -> Uuid {
        self.comment
    }
    async fn page(tx: &mut Tx, site: &Site, last: Option<&Self>) -> store::Result<Vec<Self>> {
        reports::page(tx, site.id, last.map_or((Uuid::nil(), Uuid::nil()), |r| (r.comment, r.id)), ROWS).await
    }
}

impl Below for appeals::Whole {
    fn comment(&self) -> Uuid {
        self.comment
    }
    async fn page(tx: &mut Tx, site: &Site, last: Option<&Self>) -> store::Result<Vec<Self>> {
        appeals::page(tx, site.id, last.map_or((Uuid::nil(), Uuid::nil()), |a| (a.comment, a.id)), ROWS).await
    }
}

/// All of a kind, in the order of their comments.
struct All<T> {
    rows: VecDeque<T>,
    last: Option<T>,
    ended: bool,
}

impl<T: Below> All<T> {
    const fn new() -> Self {
        Self { rows: VecDeque::new(), last: None, ended: false }
    }

    /// The next one of a comment.
    async fn of(&mut self, tx: &mut Tx, site: &Site, comment: Uuid) -> store::Result<Option<T>> {
        if self.rows.is_empty() && !self.ended {
            self.rows = T::page(tx, site, self.last.as_ref()).await?.into();
            match self.rows.back() {
                Some(last) => self.last = Some(last.clone()),
                None => self.ended = true,
            }
        }
        Ok(self.rows.pop_front_if(|row| row.comment() == comment))
    }
}

/// The five queues merged by id, each comment with what stands below it.
async fn write_comments<W: Write>(tx: &mut Tx, site: &Site, writer: &mut Writer<W>, done: &mut Exported) -> Result<(), Stopped> {
    let mut queues = Status::ALL.map(Queue::new);
    let (mut reactions, mut reports, mut appeals) = (All::new(), All::new(), All::new());
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
            writer.write(&ExportLine::Reaction(reacted(reaction)?))?;
            done.reactions += 1;
        }
        while let Some(report) = reports.of(tx, site, id).await? {
            writer.write(&ExportLine::Report(reported(report)?))?;
            done.reports += 1;
        }
        while let Some(appeal) = appeals.of(tx, site, id).await? {
            writer.write(&ExportLine::Appeal(appealed(appeal)))?;
            done.appeals += 1;
        }
    }
}

fn reacted(r: transfer::Reacted) -> store::Result<ReactionLine> {
    let reaction = Reaction::parse(&r.kind).ok_or(store::Error::Impossible { table: "reaction", column: "kind" })?;
    Ok(ReactionLine { comment_id: CommentId::new(r.comment), person_id: PersonId::new(r.person), reaction, at: Time(r.created_at) })
}

fn reported(r: reports::Whole) -> store::Result<ReportLine> {
    Ok(ReportLine {
        id: r.id,
        comment_id: CommentId::new(r.comment),
        reason: ReportReason::parse(&r.reason).ok_or(store::Error::Impossible { table: "report", column: "reason" })?,
        note: r.note,
        weight: Decimal(i32::try_from(r.weight).unwrap_or(i32::MAX)),
        at: Time(r.created_at),
        settled_by: r.settled_by.map(LogId::new),
        settled_at: r.settled_at.map(Time),
        upheld: r.upheld,
    })
}

fn appealed(a: appeals::Whole) -> AppealLine {
    AppealLine {
        id: a.id,
        comment_id: CommentId::new(a.comment),
        decision: LogId::new(a.decision),
        text: a.text,
        at: Time(a.created_at),
        answered_by: a.answered_by.map(LogId::new),
        answered_at: a.answered_at.map(Time),
        answer: a.answer,
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
