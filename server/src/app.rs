//! The one value that everything is reached from. `start` makes it; tests make it the same way.

use crate::{
    clock::{Chance, Clock, Names, SystemChance, SystemClock},
    community::{filter::Filter, ranking::Orders, rules::RuleBook},
    config::Config,
    doors::Doors,
    keys::Keys,
    live::Live,
    metrics::Metrics,
    outgoing::{Lookup, Outgoing, SystemLookup},
    pages::Pages,
    store::{self, Db, Pool, sites::Site},
};
use jiwar_wire::{Time, ids::SiteId};
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, RwLock},
};

/// How long a site's settings are believed without asking the database again.
const SITE_MS: i64 = 5_000;

/// A running Jiwar, without its listener.
#[derive(Debug)]
pub struct App {
    pub config: Config,
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub keys: Keys,
    pub pages: Pages,
    /// Orders of threads that were computed.
    pub orders: Orders,
    pub doors: Doors,
    /// Names for requests.
    pub names: Names,
    pub live: Live,
    /// What networks may write and read.
    pub writes: crate::http::Rate,
    pub reads: crate::http::Rate,
    /// The requests at work.
    pub crowd: crate::http::Crowd,
    pub metrics: Metrics,
    pub filter: Filter,
    pub outgoing: Outgoing,
    pub rules: RuleBook,
    sites: RwLock<BTreeMap<String, (Arc<Site>, Time)>>,
}

/// What tests replace.
#[derive(Clone, Debug)]
pub struct World {
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    /// What names of other servers stand for.
    pub lookup: Arc<dyn Lookup>,
}

impl Default for World {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), chance: Arc::new(SystemChance), lookup: Arc::new(SystemLookup) }
    }
}

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data folder {path} cannot be used: {source}")]
    DataFolder { path: String, source: io::Error },
    #[error("the secret key cannot be used: {0}")]
    Secret(io::Error),
    #[error("TLS cannot be set up: {0}")]
    Outgoing(io::Error),
    #[error("the database cannot be opened: {}", chain(.0))]
    Database(#[source] store::Error),
}

/// An error with its causes, for the log and for the admin's terminal.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Opens the data folder and the database, and brings it up to date.
pub async fn start(config: Config, world: World) -> Result<Arc<App>, StartError> {
    std::fs::create_dir_all(&config.data_dir).map_err(|source| StartError::DataFolder { path: config.data_dir.display().to_string(), source })?;
    let keys = match &config.secret {
        Some(text) => Keys::from_text(text),
        None => Keys::load(&config.data_dir, world.chance.as_ref()),
    }
    .map_err(StartError::Secret)?;
    let pool = Pool { connections: config.database_connections, wait: config.database_wait, wait_for_disk: true };
    let db = Db::open(&config.database(), pool).await.map_err(StartError::Database)?;
    let outgoing = Outgoing::new(world.lookup, config.outgoing_reach, config.outgoing_timeout).map_err(StartError::Outgoing)?;
    let pages = Pages::new(config.cache_bytes);
    let writes = crate::http::Rate::new(config.writes_per_minute, world.clock.clone());
    let reads = crate::http::Rate::new(config.reads_per_minute, world.clock.clone());
    let names = Names::new(world.chance.as_ref());
    Ok(Arc::new(App {
        config,
        db,
        clock: world.clock,
        chance: world.chance,
        keys,
        pages,
        orders: Orders::default(),
        doors: Doors::default(),
        names,
        live: Live::default(),
        writes,
        reads,
        crowd: Default::default(),
        metrics: Metrics::default(),
        filter: Filter::default(),
        outgoing,
        rules: RuleBook::default(),
        sites: RwLock::default(),
    }))
}

impl App {
    /// A site by its key, from memory when it was asked for a moment ago.
    ///
    /// While one asks for it again, the others go on with what was known; so do all while the
    /// database does not answer: what is kept of the site's pages can be read on.
    pub async fn site(&self, key: &str) -> store::Result<Option<Arc<Site>>> {
        if let Some(site) = self.site_at_hand(key) {
            return Ok(Some(site));
        }
        let known = self.site_known(key);
        let now = self.clock.now();
        let found = match (store::sites::by_key(&self.db, key).await, known) {
            (Err(_), Some(known)) => return Ok(Some(known)),
            (found, _) => found?.map(Arc::new),
        };
        if let Ok(mut sites) = self.sites.write() {
            match &found {
                Some(site) => drop(sites.insert(key.to_owned(), (site.clone(), now))),
                None => drop(sites.remove(key)),
            }
        }
        Ok(found)
    }

    /// A site that was asked for longer ago. For the next moment it is good enough for the others.
    fn site_known(&self, key: &str) -> Option<Arc<Site>> {
        let mut sites = self.sites.write().ok()?;
        let (site, at) = sites.get_mut(key)?;
        *at = self.clock.now();
        Some(site.clone())
    }

    /// A site that was asked for at some time, without asking the database.
    pub fn site_remembered(&self, key: &str) -> Option<Arc<Site>> {
        Some(self.sites.read().ok()?.get(key)?.0.clone())
    }

    /// A site that was asked for a moment ago.
    pub fn site_at_hand(&self, key: &str) -> Option<Arc<Site>> {
        let sites = self.sites.read().ok()?;
        let (site, at) = sites.get(key)?;
        (self.clock.now().0 - at.0 < SITE_MS).then(|| site.clone())
    }

    /// To be called after every committed change that a reader of the page could see:
    /// with each name that the page was called by. No name at all means the whole site.
    pub fn changed(&self, site: SiteId, page: &str) {
        if page.is_empty()
            && let Ok(mut sites) = self.sites.write()
        {
            sites.retain(|_, (known, _)| known.id != site);
        }
        self.pages.void(site, page);
        self.live.wake(site, page);
    }

    /// To be called when changes of other servers may have been missed.
    pub fn all_changed(&self) {
        self.pages.void_all();
        self.live.wake_all();
    }
}
