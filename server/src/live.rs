//! Live: readers of a page hear what changes on it.
//!
//! A page that somebody listens to has a room. Whoever commits a change wakes
//! the room (on PostgreSQL also the rooms of the other servers); the room reads
//! the changes once, in the order of the thread's revisions, and says them to
//! all listeners. A listener that lost the line, or fell behind, reads what it
//! missed from the same place: no gap, no double.

use crate::{
    App,
    community::present::{self, For},
    shares::{Share, Shares},
    store::{self, comments, events, sites::Site, threads},
};
use jiwar_wire::{
    ids::{SiteId, ThreadId},
    page_key::PageKey,
};
use serde_json::json;
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::{Notify, broadcast, watch};

/// Changes that a slow listener may be behind before it reads them from the database instead.
const BEHIND: usize = 64;
/// Changes read at once: a listener holds no more of them, however much was missed.
const BATCH: i64 = 32;

/// A change, ready to be sent.
#[derive(Clone, Debug)]
pub struct Said {
    /// The thread's revision: the `id` of the server-sent event.
    pub revision: i64,
    pub name: &'static str,
    pub data: Arc<str>,
}

/// Where the listeners of one page are.
#[derive(Debug)]
pub struct Room {
    site: Arc<Site>,
    page: String,
    wake: Notify,
    say: broadcast::Sender<Said>,
    listeners: AtomicUsize,
}

type Rooms = HashMap<(SiteId, String), Arc<Room>>;

/// Every room of this server.
#[derive(Debug)]
pub struct Live {
    rooms: Mutex<Rooms>,
    networks: Arc<Shares<Vec<u8>>>,
    places: Arc<Shares<()>>,
    closed: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self { rooms: Mutex::default(), networks: Arc::default(), places: Arc::default(), closed: watch::Sender::new(false) }
    }
}

impl Live {
    fn rooms(&self) -> std::sync::MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something changed on a page: its listeners are to hear it.
    pub fn wake(&self, site: SiteId, page: &str) {
        // The key is only built when there is a room at all: most pages have none.
        let rooms = self.rooms();
        if !rooms.is_empty()
            && let Some(room) = rooms.get(&(site, page.to_owned()))
        {
            room.wake.notify_one();
        }
    }

    /// Wakes every room: after a time in which messages may have been missed.
    pub fn wake_all(&self) {
        self.rooms().values().for_each(|room| room.wake.notify_one());
    }

    /// How many listen, in all.
    pub fn listeners(&self) -> usize {
        self.rooms().values().map(|room| room.listeners.load(Ordering::Relaxed)).sum()
    }

    /// Says goodbye to every listener.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }
}

/// Somebody who listens. Dropping it leaves the room.
#[derive(Debug)]
pub struct Listener {
    app: Arc<App>,
    room: Arc<Room>,
    hear: broadcast::Receiver<Said>,
    /// The last revision that was handed over.
    heard: i64,
    missed: VecDeque<Said>,
    /// Whether there may be more in the database than was heard.
    behind: bool,
    closed: watch::Receiver<bool>,
    _places: (Share<()>, Option<Share<Vec<u8>>>),
}

/// Why there is no listening now.
#[derive(Debug)]
pub enum Full {
    Network,
    /// Too many listen, in all.
    Crowd,
    Closing,
    Store(store::Error),
}

impl From<store::Error> for Full {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// Starts to listen to a page, from `after` or from now.
pub async fn listen(app: &Arc<App>, site: &Arc<Site>, page: &PageKey, after: Option<i64>, network: Option<Vec<u8>>) -> Result<Listener, Full> {
    let closed = app.live.closed.subscribe();
    if *closed.borrow() {
        return Err(Full::Closing);
    }
    let share = match network {
        Some(network) => Some(app.live.networks.take(network, app.config.listeners_per_network).ok_or(Full::Network)?),
        None => None,
    };
    let place = app.live.places.take((), app.config.max_listeners).ok_or(Full::Crowd)?;
    let known = threads::by_key(&app.db, site.id, page).await?;
    let key = known.as_ref().map_or_else(|| page.to_string(), |t| t.key.clone());
    let (room, hear) = enter(app, site, key);
    // Read after entering: what is committed from here on is said in the room.
    let now = threads::by_key(&app.db, site.id, &PageKey::from_store(room.page.clone())).await?.map_or(0, |t| t.revision);
    // A revision from the future was made up, or the thread was moved in anew: then from now.
    let heard = after.filter(|r| (0..=now).contains(r)).unwrap_or(now);
    let mut listener = Listener { app: app.clone(), room, hear, heard, missed: VecDeque::new(), behind: true, closed, _places: (place, share) };
    listener.catch_up().await?;
    Ok(listener)
}

fn enter(app: &Arc<App>, site: &Arc<Site>, page: String) -> (Arc<Room>, broadcast::Receiver<Said>) {
    let mut rooms = app.live.rooms();
    if let Some(room) = rooms.get(&(site.id, page.clone())) {
        room.listeners.fetch_add(1, Ordering::AcqRel);
        return (room.clone(), room.say.subscribe());
    }
    let (say, hear) = broadcast::channel(BEHIND);
    let room = Arc::new(Room { site: site.clone(), page: page.clone(), wake: Notify::new(), say, listeners: AtomicUsize::new(1) });
    rooms.insert((site.id, page), room.clone());
    // The first round starts at the revision that the room finds; each listener has read up to its own.
    room.wake.notify_one();
    tokio::spawn(keep(app.clone(), room.clone()));
    (room, hear)
}

/// Says what changes, until nobody listens.
async fn keep(app: Arc<App>, room: Arc<Room>) {
    let mut said = None;
    let mut closed = app.live.closed.subscribe();
    loop {
        tokio::select! {
            () = room.wake.notified() => {}
            _ = closed.wait_for(|closed| *closed) => return,
        }
        if room.listeners.load(Ordering::Acquire) == 0 {
            return;
        }
        match round(&app, &room, said).await {
            Ok(revision) => said = Some(revision),
            // The next change, or the reader's own reconnecting, tries again.
            Err(error) => tracing::warn!(error = %crate::app::chain(&error), "live round failed"),
        }
    }
}

/// Reads and says every change after `said`. The first round only finds where it starts:
/// a little early, since listeners leave out what they have heard.
async fn round(app: &Arc<App>, room: &Room, said: Option<i64>) -> store::Result<i64> {
    let Some(thread) = threads::by_key(&app.db, room.site.id, &PageKey::from_store(room.page.clone())).await? else { return Ok(0) };
    let mut at = said.unwrap_or((thread.revision - 1).max(0));
    loop {
        let changes = changes(app, &room.site, &thread, at).await?;
        let Some(last) = changes.last() else { return Ok(at) };
        at = last.revision;
        for change in changes {
            // Nobody there is no fault: the last one may just have left.
            let _ = room.say.send(change);
        }
    }
}

/// The changes of a thread after a revision, in words for the wire.
async fn changes(app: &App, site: &Site, thread: &threads::Thread, after: i64) -> store::Result<Vec<Said>> {
    let id = ThreadId::new(thread.id);
    let mut out = Vec::new();
    let events = events::since(&app.db, site.id, id, after, BATCH).await?;
    if events.is_empty() {
        return Ok(out);
    }
    // Read after them: the count that is said last must hold all that they tell of.
    let now = threads::by_id(&app.db, site.id, id).await?;
    let thread = now.as_ref().unwrap_or(thread);
    for event in events {
        let comment = match event.comment {
            Some(id) => comments::by_id(&app.db, site.id, id).await?,
            None => None,
        };
        // A comment that has gone since is not said with its old words, nor one that was moved to another page.
        let shown = comment.filter(|c| c.shown && c.thread == thread.id).map(|c| present::comment(app, site, thread, &c, For::Public)).transpose()?;
        let count = thread.comments;
        let (name, data) = match (event.kind, shown) {
            (events::Kind::New, Some(c)) => ("new", json!({ "comment": c, "count": count })),
            (events::Kind::Edited, Some(c)) => ("edited", json!({ "comment": c })),
            (events::Kind::Removed, shown) => ("removed", json!({ "id": event.comment, "placeholder": shown, "count": count })),
            (events::Kind::Reactions, Some(c)) => ("reactions", json!({ "id": c.id, "helpful": c.helpful })),
            (events::Kind::State, _) => ("state", json!({ "state": present::thread(site, thread, app.clock.now()).state })),
            _ => ("quiet", json!({})),
        };
        out.push(Said { revision: event.revision, name, data: data.to_string().into() });
    }
    Ok(out)
}

impl Listener {
    /// The next change. `None` when the server says goodbye.
    pub async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some(said) = self.missed.pop_front() {
                self.heard = said.revision;
                return Some(said);
            }
            if self.behind {
                // Boxed, so that a thousand who are quiet do not each keep room for it.
                Box::pin(self.catch_up()).await.ok()?;
                continue;
            }
            let heard = tokio::select! {
                heard = self.hear.recv() => heard,
                _ = self.closed.wait_for(|closed| *closed) => return None,
            };
            match heard {
                Ok(said) if said.revision <= self.heard => {}
                Ok(said) if said.revision == self.heard + 1 => {
                    self.heard = said.revision;
                    return Some(said);
                }
                // A gap: the room started later than this listener, or the listener is slow.
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }

    /// Reads the next of what was missed. Whoever drops this before its end loses nothing.
    async fn catch_up(&mut self) -> store::Result<()> {
        let Some(thread) = threads::by_key(&self.app.db, self.room.site.id, &PageKey::from_store(self.room.page.clone())).await? else {
            self.behind = false;
            return Ok(());
        };
        let more = changes(&self.app, &self.room.site, &thread, self.heard).await?;
        self.behind = i64::try_from(more.len()).is_ok_and(|n| n >= BATCH);
        // Changes older than a day are forgotten: what is left starts later than asked for, and that is all there is.
        if more.is_empty() {
            self.heard = self.heard.max(thread.revision);
        }
        self.missed.extend(more);
        Ok(())
    }

    /// How many listen to this page at this server.
    pub fn present(&self) -> usize {
        self.room.listeners.load(Ordering::Relaxed)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut rooms = self.app.live.rooms();
        if self.room.listeners.fetch_sub(1, Ordering::AcqRel) == 1 {
            rooms.remove(&(self.room.site.id, self.room.page.clone()));
            self.room.wake.notify_one();
        }
    }
}
