//! Jiwar's own export, read: the same ids, trees, statuses and texts again.

use super::{
    Stopped,
    arrivals::{Arrival, Seat, settle},
    here,
    pipeline::{Gather, aside, prepared},
    write,
};
use crate::{
    App,
    clock::new_id,
    import::{
        Input, Report, Tree,
        jiwar::{AppealLine, CommentLine, ExportLine, PersonLine, ReactionLine, Reader, ReportLine, SiteLine, Survey, ThreadLine, survey},
    },
    store::{
        Tx, appeals, comments, events, log, order, people,
        reactions::{self, Said},
        reports,
        sites::{self, Site},
        threads::{self, NewThread},
        transfer,
    },
    text,
};
use futures_util::StreamExt;
use jiwar_wire::{
    Dir, Time,
    comment::Status,
    ids::{CommentId, LogId, PersonId, SiteId, ThreadId},
    input::Email,
    moderation::LogEntry,
    page_key::PageKey,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// Reads an export back. The site is made from its first line when it is missing.
pub async fn import(app: &Arc<App>, key: &str, site: Option<Arc<Site>>, input: Arc<Input>, dry_run: bool) -> Result<Report, Stopped> {
    let file = input.clone();
    let Survey { header, tree, mut report } = aside(move || survey(&file)).await??;
    report.dry_run = dry_run;
    let ids: Vec<Uuid> = (0u32..).map_while(|at| tree.id(at)).map(|id| id.uuid()).collect();
    let here = here(app, site.as_deref(), key, &ids, |_, _| ()).await?;
    drop(ids);
    let make = site.is_none().then_some(header.site.created_at);
    let site = site.unwrap_or_else(|| Arc::new(made_from(app, key, header.site)));
    let work = Work { app: app.clone(), site, tree: Arc::new(tree), here: Arc::new(here) };
    if dry_run {
        work.count(input, &mut report).await?
    } else {
        work.run(input, make, &mut report).await?
    }
    Ok(report)
}

fn made_from(app: &App, key: &str, line: SiteLine) -> Site {
    let id = SiteId::new(new_id(line.created_at, app.chance.as_ref()));
    Site { id, key: key.to_owned(), name: line.name, locale: line.locale, origins: line.origins, settings: line.settings, judges: Default::default() }
}

#[derive(Clone)]
struct Work {
    app: Arc<App>,
    site: Arc<Site>,
    tree: Arc<Tree>,
    /// By the order of the comments in the file.
    here: Arc<Vec<bool>>,
}

/// A line, made ready. Comments that are here already keep only their status.
enum Ready {
    Thread(ThreadLine),
    Person { line: PersonLine, email: Option<Email> },
    Comment { thread: ThreadId, person: Option<PersonId>, arrival: Box<Arrival> },
    Known(Status),
    Reaction(ReactionLine),
    Report(reports::Whole),
    Appeal(appeals::Whole),
    Log(LogEntry),
}

/// What the lines before a comment were found to be here.
#[derive(Clone, Default)]
struct Known {
    /// Threads and people of the file that are somebody else's here: the page
    /// or the address was known before.
    threads: HashMap<ThreadId, ThreadId>,
    people: HashMap<PersonId, PersonId>,
    /// Threads that come back as they were, with their revision.
    restored: HashMap<ThreadId, i64>,
}

/// What a batch did.
#[derive(Default)]
struct Put {
    known: Known,
    there: Vec<Status>,
    names: Vec<String>,
}

impl Work {
    async fn run(self, input: Arc<Input>, mut make: Option<Time>, report: &mut Report) -> Result<(), Stopped> {
        let maker = self.clone();
        let mut batches = prepared(move |gather| read(&input, gather), move |batch| maker.ready(batch));
        let mut known = Arc::new(Known::default());
        while let Some(batch) = batches.next().await {
            let (work, batch, now_known) = (self.clone(), Arc::new(batch?), known.clone());
            let put = write(&self.app.db, move |tx| {
                let (work, batch, known) = (work.clone(), batch.clone(), now_known.clone());
                Box::pin(async move { work.put(tx, make, &batch, &known).await })
            })
            .await?;
            make = None;
            let all = Arc::make_mut(&mut known);
            all.threads.extend(put.known.threads);
            all.people.extend(put.known.people);
            all.restored.extend(put.known.restored);
            put.names.iter().for_each(|name| self.app.changed(self.site.id, name));
            put.there.into_iter().for_each(|status| report.was_there(status));
        }
        if make.is_some() {
            // A site without a single line.
            let work = self.clone();
            write(&self.app.db, move |tx| {
                let work = work.clone();
                Box::pin(async move { work.site(tx, make).await })
            })
            .await?;
        }
        Ok(())
    }

    /// What a run would find here, without writing.
    async fn count(self, input: Arc<Input>, report: &mut Report) -> Result<(), Stopped> {
        let here = self.here;
        let there = move || -> Result<Vec<Status>, Stopped> {
            let mut there = Vec::new();
            let mut at = 0;
            for line in Reader::open(&input)? {
                if let ExportLine::Comment(comment) = line? {
                    there.extend(here.get(at).copied().unwrap_or(false).then_some(comment.status));
                    at += 1;
                }
            }
            Ok(there)
        };
        aside(there).await??.into_iter().for_each(|status| report.was_there(status));
        Ok(())
    }

    fn ready(&self, lines: Vec<(u32, ExportLine)>) -> Vec<Ready> {
        let inherit = self.site.locale.dir();
        let one = |(at, line): (u32, ExportLine)| match line {
            ExportLine::Thread(line) => Some(Ready::Thread(line)),
            ExportLine::Person(line) => {
                let email = line.email.as_deref().and_then(|e| Email::parse(e).ok());
                Some(Ready::Person { line, email })
            }
            ExportLine::Comment(line) if self.here.get(at as usize).copied().unwrap_or(false) => Some(Ready::Known(line.status)),
            ExportLine::Comment(line) => {
                let (thread, person) = (line.thread_id, line.person_id);
                Some(Ready::Comment { thread, person, arrival: Box::new(arrival(*line, at, &self.tree, inherit)) })
            }
            ExportLine::Reaction(line) => Some(Ready::Reaction(line)),
            ExportLine::Report(line) => Some(Ready::Report(report(line))),
            ExportLine::Appeal(line) => Some(Ready::Appeal(appeal(line))),
            ExportLine::Log(l) => Some(Ready::Log(LogEntry {
                id: l.id,
                at: l.at,
                by: l.by,
                comment_id: l.comment_id,
                action: l.action,
                before: l.before,
                after: l.after,
                reason: l.reason,
                subject: l.subject,
            })),
            ExportLine::End(_) => None,
        };
        lines.into_iter().filter_map(one).collect()
    }

    async fn site(&self, tx: &mut Tx, make: Option<Time>) -> Result<(), Stopped> {
        if let Some(created_at) = make
            && !sites::add(tx, &self.site, created_at).await?
        {
            return Err(Stopped::Lost); // somebody added it a moment ago, with another id
        }
        Ok(())
    }

    async fn put(&self, tx: &mut Tx, make: Option<Time>, batch: &[Ready], known: &Known) -> Result<Put, Stopped> {
        self.site(tx, make).await?;
        let mut put = Put { known: known.clone(), ..Put::default() };
        self.people(tx, batch, &mut put.known).await?;
        let (mut arrivals, mut seats, mut log) = (Vec::new(), Vec::new(), Vec::new());
        let (mut reactions, mut reports, mut appeals) = (Vec::new(), Vec::new(), Vec::new());
        for ready in batch {
            match ready {
                Ready::Thread(line) => self.thread(tx, line, &mut put).await?,
                Ready::Person { .. } => {}
                Ready::Comment { thread, person, arrival } => {
                    let elsewhere = person.and_then(|p| put.known.people.get(&p).copied());
                    let thread = put.known.threads.get(thread).copied().unwrap_or(*thread);
                    seats.push(Seat { thread, person: elsewhere.or(*person), credit: elsewhere.is_some() });
                    arrivals.push(&**arrival);
                }
                Ready::Known(status) => put.there.push(*status),
                Ready::Reaction(line) => reactions.push(line),
                Ready::Report(row) => reports.push(row),
                Ready::Appeal(row) => appeals.push(row),
                Ready::Log(entry) => log.push(entry),
            }
        }
        log::add_all(tx, self.site.id, &log).await?;
        if !arrivals.is_empty() {
            let settled = settle(tx, &self.site, self.app.clock.now(), &arrivals, &seats, &put.known.restored).await?;
            let mut came = HashSet::new();
            for (arrival, added) in arrivals.iter().zip(&settled.added) {
                if *added {
                    came.insert(arrival.row.id());
                } else {
                    put.there.push(arrival.row.status()?);
                }
            }
            // What was said of a comment that is here already was said, or taken back, here.
            let said = reactions.into_iter().filter(|r| came.contains(&r.comment_id)).map(|r| Said {
                comment: r.comment_id,
                kind: r.reaction,
                person: put.known.people.get(&r.person_id).copied().unwrap_or(r.person_id),
                at: r.at,
            });
            reactions::add_all(tx, self.site.id, &said.collect::<Vec<_>>()).await?;
            // So are reports and appeals: they may have been settled here, or gone with the words of their comment.
            let reports: Vec<reports::Whole> = reports.into_iter().filter(|r| came.contains(&CommentId::new(r.comment))).cloned().collect();
            reports::add_all(tx, self.site.id, &reports).await?;
            let appeals: Vec<appeals::Whole> = appeals.into_iter().filter(|a| came.contains(&CommentId::new(a.comment))).cloned().collect();
            appeals::add_all(tx, self.site.id, &appeals).await?;
            let came: Vec<Uuid> = came.into_iter().map(CommentId::uuid).collect();
            order::voted_all(tx, self.site.id, &came).await?;
            put.names.extend(settled.changed);
        }
        for name in &put.names {
            events::tell(tx, self.site.id, name).await?;
        }
        Ok(put)
    }

    /// The thread of the file, or the one that its page has here.
    async fn thread(&self, tx: &mut Tx, line: &ThreadLine, put: &mut Put) -> Result<(), Stopped> {
        let site = self.site.id;
        match transfer::thread_site(tx, line.id).await? {
            Some(other) if other != site => return Err(Stopped::OtherSite(self.site.key.clone())),
            Some(_) => {
                put.known.restored.insert(line.id, line.revision);
                return Ok(());
            }
            None => {}
        }
        let keys: Vec<PageKey> = std::iter::once(&line.key).chain(&line.aliases).map(|k| PageKey::from_store(k.clone())).collect();
        let names: Vec<&str> = keys.iter().map(PageKey::as_str).collect();
        let known = transfer::threads(tx, site, &names).await?;
        let found = names.iter().find_map(|name| known.get(*name).copied());
        let id = match (found, keys.first()) {
            (Some(thread), _) => {
                put.known.threads.insert(line.id, thread);
                thread
            }
            (None, Some(key)) => {
                let new =
                    NewThread { id: line.id, key, url: line.url.as_deref(), title: line.title.as_deref(), state: line.state, created_at: line.created_at };
                if !threads::add(tx, site, &new).await? {
                    return Err(Stopped::Lost); // somebody wrote under the page a moment ago
                }
                transfer::restore(tx, site, line.id, 0, line.revision, None).await?;
                put.known.restored.insert(line.id, line.revision);
                line.id
            }
            (None, None) => return Ok(()),
        };
        for key in keys {
            if !known.contains_key(key.as_str()) && (found.is_some() || key.as_str() != line.key) {
                threads::alias(tx, site, &key, id).await?;
            }
            put.names.push(key.to_string());
        }
        Ok(())
    }

    /// The people of the file, or those who have their addresses here.
    async fn people(&self, tx: &mut Tx, batch: &[Ready], known: &mut Known) -> Result<(), Stopped> {
        let site = self.site.id;
        let all = || batch.iter().filter_map(|ready| if let Ready::Person { line, email } = ready { Some((line, email.as_ref())) } else { None });
        let ids: Vec<Uuid> = all().map(|(line, _)| line.id.uuid()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let here = transfer::people_sites(tx, &ids).await?;
        if here.values().any(|other| *other != site) {
            return Err(Stopped::OtherSite(self.site.key.clone()));
        }
        let new: Vec<_> = all()
            .filter(|(line, _)| !here.contains_key(&line.id))
            .map(|(line, email)| (line, email.map(|e| (self.app.keys.mail_hash(Some(site), e), e))))
            .collect();
        // By their addresses, those of this batch too: an address is one person's.
        let hashes = new.iter().filter_map(|(_, email)| Some(email.as_ref()?.0.as_slice()));
        let mut owners: HashMap<Vec<u8>, PersonId> = transfer::owners(tx, site, hashes).await?.into_iter().map(|p| (p.email_hash.clone(), p.id())).collect();
        let mut rows = Vec::with_capacity(new.len());
        for (line, email) in new {
            if let Some((hash, _)) = &email {
                let owner = *owners.entry(hash.clone()).or_insert(line.id);
                if owner != line.id {
                    known.people.insert(line.id, owner);
                    continue;
                }
            }
            rows.push(self.person(line, email));
        }
        people::add_all(tx, site, rows).await?;
        Ok(())
    }

    fn person(&self, line: &PersonLine, email: Option<(Vec<u8>, &Email)>) -> people::Person {
        let sealed = email.as_ref().map(|(_, e)| self.app.keys.seal(e, self.app.chance.as_ref()));
        people::Person {
            id: line.id.uuid(),
            name: line.name.clone(),
            email_hash: email.map(|(hash, _)| hash),
            email_sealed: sealed,
            website: line.website.clone(),
            role: line.role.as_str().into(),
            approved: line.approved,
            created_at: line.created_at.0,
        }
    }
}

fn report(line: ReportLine) -> reports::Whole {
    reports::Whole {
        id: line.id,
        comment: line.comment_id.uuid(),
        reason: line.reason.as_str().into(),
        note: line.note,
        weight: i64::from(line.weight.0),
        created_at: line.at.0,
        settled_by: line.settled_by.map(LogId::uuid),
        settled_at: line.settled_at.map(|at| at.0),
        upheld: line.upheld,
    }
}

fn appeal(line: AppealLine) -> appeals::Whole {
    appeals::Whole {
        id: line.id,
        comment: line.comment_id.uuid(),
        decision: line.decision.uuid(),
        text: line.text,
        created_at: line.at.0,
        answered_by: line.answered_by.map(LogId::uuid),
        answered_at: line.answered_at.map(|at| at.0),
        answer: line.answer,
    }
}

/// Hands every line over, the comments with their order in the file. A comment and
/// what stands below it stay in one batch: they are here together or not at all.
fn read(input: &Input, gather: &mut Gather<(u32, ExportLine)>) -> Result<(), Stopped> {
    let mut at = 0;
    for line in Reader::open(input)? {
        let line = line?;
        let bytes = if let ExportLine::Comment(comment) = &line { comment.body.len() } else { 0 };
        let is_comment = matches!(line, ExportLine::Comment(_));
        let is_below = matches!(line, ExportLine::Reaction(_) | ExportLine::Report(_) | ExportLine::Appeal(_));
        if !is_below && !gather.make_room() {
            break;
        }
        gather.add((at, line), bytes);
        at += u32::from(is_comment);
    }
    Ok(())
}

fn arrival(line: CommentLine, at: u32, tree: &Tree, inherit: Dir) -> Arrival {
    let mut rendered = text::render(&line.body, line.format, inherit, None);
    if rendered.dir != line.dir {
        // The writer had chosen.
        rendered = text::render(&line.body, line.format, inherit, Some(line.dir));
    }
    let row = comments::Comment {
        id: line.id.uuid(),
        thread: line.thread_id.uuid(),
        parent: tree.parent(at).and_then(|p| tree.id(p)).map(|id| id.uuid()),
        depth: i64::from(tree.depth(at)),
        path: tree.path(at),
        person: None,
        author_name: line.author_name,
        author_website: line.author_website,
        author_role: line.author_role.as_str().into(),
        body: line.body,
        format: line.format.as_str().into(),
        html: rendered.html,
        dir: line.dir.as_str().into(),
        status: line.status.as_str().into(),
        status_before: line.status_before.map(|s| s.as_str().to_owned()),
        held: line.held,
        shown: false,
        replies: 0,
        helpful: line.helpful,
        pinned: line.pinned,
        source: line.source,
        source_id: line.source_id,
        created_at: line.created_at.0,
        edited_at: line.edited_at.map(|t| t.0),
        approved_at: line.approved_at.map(|t| t.0),
    };
    Arrival { row, folded: rendered.folded }
}
