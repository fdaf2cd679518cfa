//! Comments of other systems, by their plan.

use super::{
    Stopped,
    arrivals::{Arrival, Seat, settle},
    here,
    pipeline::{aside, prepared},
    write,
};
use crate::{
    App,
    clock::new_id,
    import::{self, Input, Options, PageRecord, Placed, Plan, Report, SourceFormat},
    store::{
        Tx,
        comments::Comment,
        events, people,
        sites::Site,
        threads::{self, NewThread},
        transfer,
    },
    text,
};
use futures_util::StreamExt;
use jiwar_wire::{
    Dir, Time,
    comment::{Role, Status},
    ids::{PersonId, ThreadId},
    input::Email,
    page_key::PageKey,
    thread::State,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Moves a file of another system in.
pub async fn import(app: &Arc<App>, site: Arc<Site>, format: SourceFormat, input: Arc<Input>, dry_run: bool) -> Result<Report, Stopped> {
    let (file, key, now) = (input.clone(), site.key.clone(), app.clock.now());
    let plan = Arc::new(aside(move || import::plan(&file, format, Options { site: &key, now })).await??);
    let taken: Vec<_> = plan.taken().collect();
    let ids: Vec<Uuid> = taken.iter().map(|(id, _, _)| id.uuid()).collect();
    let mut before = HashMap::new();
    let here = here(app, Some(&site), &site.key, &ids, |at, row| {
        if let Some((_, _, page)) = taken.get(at) {
            before.entry(*page).or_insert(ThreadId::new(row.thread));
        }
    })
    .await?;
    drop(ids);
    let mut report = plan.report.clone();
    report.dry_run = dry_run;
    for (_, status, _) in taken.iter().zip(&here).filter(|(_, here)| **here).map(|(taken, _)| taken) {
        report.was_there(*status);
    }
    drop(taken);
    if !dry_run && here.contains(&false) {
        let work = Work { app: app.clone(), site, plan, before: Arc::new(before), now };
        work.run(input, here, &mut report).await?;
    }
    Ok(report)
}

/// What every batch needs.
#[derive(Clone)]
struct Work {
    app: Arc<App>,
    site: Arc<Site>,
    plan: Arc<Plan>,
    /// Threads that hold comments of a page already, from an earlier move.
    before: Arc<HashMap<usize, ThreadId>>,
    now: Time,
}

/// Comments made ready, each with its page and its writer's address.
struct Batch {
    arrivals: Vec<Arrival>,
    pages: Vec<usize>,
    addresses: Vec<Option<Address>>,
}

struct Address {
    hash: Vec<u8>,
    email: Email,
}

/// What a batch did.
struct Put {
    added: Vec<bool>,
    threads: HashMap<usize, ThreadId>,
    /// Names of pages that look different now.
    names: Vec<String>,
}

impl Work {
    async fn run(self, input: Arc<Input>, here: Vec<bool>, report: &mut Report) -> Result<(), Stopped> {
        let (plan, maker) = (self.plan.clone(), self.clone());
        let read = move |gather: &mut super::pipeline::Gather<Placed>| {
            for (placed, here) in plan.comments(&input)?.zip(here) {
                let placed = placed?;
                let bytes = placed.comment.body.len();
                if here {
                    continue;
                }
                if !gather.make_room() {
                    break;
                }
                gather.add(placed, bytes);
            }
            Ok(())
        };
        let mut batches = prepared(read, move |batch| maker.ready(batch));
        let mut known: HashMap<usize, ThreadId> = HashMap::new();
        while let Some(batch) = batches.next().await {
            let batch = Arc::new(batch?);
            let here: HashMap<usize, ThreadId> = batch.pages.iter().filter_map(|p| Some((*p, *known.get(p)?))).collect();
            let (work, kept, here) = (self.clone(), batch.clone(), Arc::new(here));
            let put = write(&self.app.db, move |tx| {
                let (work, batch, here) = (work.clone(), kept.clone(), here.clone());
                Box::pin(async move { work.put(tx, &batch, &here).await })
            })
            .await?;
            known.extend(put.threads);
            put.names.iter().for_each(|name| self.app.changed(self.site.id, name));
            for arrival in batch.arrivals.iter().zip(&put.added).filter(|(_, added)| !**added).map(|(a, _)| a) {
                report.was_there(arrival.row.status()?);
            }
        }
        Ok(())
    }

    fn ready(&self, placed: Vec<Placed>) -> Batch {
        let mut batch =
            Batch { arrivals: Vec::with_capacity(placed.len()), pages: Vec::with_capacity(placed.len()), addresses: Vec::with_capacity(placed.len()) };
        for one in placed {
            batch.pages.push(one.page);
            let email = one.comment.author_email.clone();
            batch.addresses.push(email.map(|email| Address { hash: self.app.keys.mail_hash(Some(self.site.id), &email), email }));
            batch.arrivals.push(arrival(one, self.plan.format, self.site.locale.dir()));
        }
        batch
    }

    async fn put(&self, tx: &mut Tx, batch: &Batch, known: &HashMap<usize, ThreadId>) -> Result<Put, Stopped> {
        let mut threads = known.clone();
        let names = self.threads(tx, batch, &mut threads).await?;
        let people = self.people(tx, batch).await?;
        let seat = |(page, address): (&usize, &Option<Address>)| {
            let person = address.as_ref().and_then(|a| people.get(a.hash.as_slice()).copied());
            Some(Seat { thread: *threads.get(page)?, person, credit: true })
        };
        let seats: Option<Vec<Seat>> = batch.pages.iter().zip(&batch.addresses).map(seat).collect();
        let arrivals: Vec<&Arrival> = batch.arrivals.iter().collect();
        let settled = settle(tx, &self.site, self.now, &arrivals, &seats.ok_or(Stopped::Lost)?, &HashMap::new()).await?;
        for name in &names {
            events::tell(tx, self.site.id, name).await?;
        }
        Ok(Put { added: settled.added, threads, names: [names, settled.changed].concat() })
    }

    /// The threads of the pages of a batch that were not met before. Returns the names of these pages.
    async fn threads(&self, tx: &mut Tx, batch: &Batch, threads: &mut HashMap<usize, ThreadId>) -> Result<Vec<String>, Stopped> {
        let mut pages: Vec<usize> = batch.pages.iter().copied().filter(|page| !threads.contains_key(page)).collect();
        pages.sort_unstable();
        pages.dedup();
        let records: Vec<(usize, &PageRecord)> = pages.into_iter().filter_map(|page| Some((page, self.plan.pages.get(page)?))).collect();
        let names: Vec<&str> = records.iter().flat_map(|(_, record)| keys(record)).map(PageKey::as_str).collect();
        let mut known = transfer::threads(tx, self.site.id, &names).await?;
        for (page, record) in &records {
            threads.insert(*page, self.thread(tx, *page, record, &mut known).await?);
        }
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// The thread of a page: the one that holds its comments, else the one that
    /// has one of its keys, else a new one. Every key of the page leads to it from now on.
    async fn thread(&self, tx: &mut Tx, page: usize, record: &PageRecord, known: &mut HashMap<String, ThreadId>) -> Result<ThreadId, Stopped> {
        let site = self.site.id;
        let named = keys(record).find_map(|key| known.get(key.as_str()).copied());
        let found = match self.before.get(&page).copied().or(named) {
            Some(id) => threads::lock(tx, site, id).await?,
            None => None,
        };
        let id = match found {
            Some(thread) => {
                let (url, title) = (record.url.as_deref().filter(|_| thread.url.is_none()), record.title.as_deref().filter(|_| thread.title.is_none()));
                if url.is_some() || title.is_some() {
                    threads::learn(tx, site, thread.id(), url, title).await?;
                }
                thread.id()
            }
            None => {
                let id = self.new_thread(tx, record).await?;
                known.insert(record.key.to_string(), id);
                id
            }
        };
        for key in keys(record) {
            if !known.contains_key(key.as_str()) {
                threads::alias(tx, site, key, id).await?;
                known.insert(key.to_string(), id);
            }
        }
        Ok(id)
    }

    async fn new_thread(&self, tx: &mut Tx, record: &PageRecord) -> Result<ThreadId, Stopped> {
        let created_at = record.created_at.unwrap_or(self.now).min(self.now);
        let id = ThreadId::new(new_id(created_at, self.app.chance.as_ref()));
        let state = if record.closed { State::Closed } else { State::Open };
        let new = NewThread { id, key: &record.key, url: record.url.as_deref(), title: record.title.as_deref(), state, created_at };
        if threads::add(tx, self.site.id, &new).await? {
            return Ok(id);
        }
        // Somebody wrote under the page a moment ago.
        Ok(threads::lock_by_key(tx, self.site.id, &record.key).await?.ok_or(Stopped::Lost)?.id())
    }

    /// The person of each address: who is known, else somebody new.
    ///
    /// Nobody becomes more than a reader by this: whoever types the address of
    /// the blog's author is not the author yet.
    async fn people<'b>(&self, tx: &mut Tx, batch: &'b Batch) -> Result<HashMap<&'b [u8], PersonId>, Stopped> {
        let mut first: BTreeMap<&[u8], (&Address, &Comment)> = BTreeMap::new();
        for (address, arrival) in batch.addresses.iter().zip(&batch.arrivals) {
            if let Some(address) = address {
                first.entry(&address.hash).or_insert((address, &arrival.row));
            }
        }
        let mut people = HashMap::with_capacity(first.len());
        for known in transfer::people(tx, self.site.id, first.keys().copied()).await? {
            if let Some((hash, _)) = known.email_hash.as_deref().and_then(|hash| first.remove_entry(hash)) {
                people.insert(hash, known.id());
            }
        }
        let new = first.iter().map(|(hash, (address, comment))| self.newcomer(hash, address, comment)).collect();
        people::add_all(tx, self.site.id, new).await?;
        // Read back: somebody may have written with one of the addresses a moment ago.
        for person in transfer::people(tx, self.site.id, first.keys().copied()).await? {
            if let Some((hash, _)) = person.email_hash.as_deref().and_then(|hash| first.remove_entry(hash)) {
                people.insert(hash, person.id());
            }
        }
        if first.is_empty() { Ok(people) } else { Err(Stopped::Lost) }
    }

    fn newcomer(&self, hash: &[u8], address: &Address, comment: &Comment) -> people::Person {
        let chance = self.app.chance.as_ref();
        people::Person {
            id: new_id(Time(comment.created_at), chance),
            name: comment.author_name.clone(),
            email_hash: Some(hash.to_vec()),
            email_sealed: Some(self.app.keys.seal(&address.email, chance)),
            website: comment.author_website.clone(),
            role: Role::Reader.as_str().into(),
            approved: 0,
            created_at: comment.created_at,
        }
    }
}

/// Every key of a page, its own first.
fn keys(record: &PageRecord) -> impl Iterator<Item = &PageKey> {
    std::iter::once(&record.key).chain(&record.aliases)
}

fn arrival(placed: Placed, format: SourceFormat, inherit: Dir) -> Arrival {
    let Placed { id, parent, depth, path, comment, .. } = placed;
    let rendered = text::render(&comment.body, comment.format, inherit, None);
    // What a filter or a moderator put away there waits here when it is restored.
    let status_before = matches!(comment.status, Status::Spam | Status::Removed).then(|| Status::Pending.as_str().to_owned());
    let row = Comment {
        id: id.uuid(),
        thread: Uuid::nil(),
        parent: parent.map(|p| p.uuid()),
        depth: i64::from(depth),
        path,
        person: None,
        author_name: comment.author_name,
        author_website: comment.author_website.map(|w| w.as_str().to_owned()),
        author_role: comment.author_role.as_str().into(),
        body: comment.body,
        format: comment.format.as_str().into(),
        html: rendered.html,
        dir: rendered.dir.as_str().into(),
        status: comment.status.as_str().into(),
        status_before,
        held: None,
        shown: false,
        replies: 0,
        helpful: 0,
        pinned: false,
        source: Some(format.as_str().into()),
        source_id: Some(comment.external_id),
        created_at: comment.created_at.0,
        edited_at: None,
        approved_at: (comment.status == Status::Approved).then_some(comment.created_at.0),
    };
    Arrival { row, folded: rendered.folded }
}
