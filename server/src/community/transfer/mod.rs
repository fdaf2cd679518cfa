//! Moving in, and out again, whole.
//!
//! `import` reads the files and plans; here the plan becomes rows. The comments
//! go in by batches of `BATCH`, each a transaction of its own after which every
//! counter is right, so that others can write meanwhile and a move that was
//! interrupted goes on where it stopped: the ids are always the same, and what
//! is here already is left as it is. Texts are rendered on other threads while
//! the database writes.
//!
//! | file | does |
//! |---|---|
//! | `pipeline` | reads, makes ready and hands over, each on threads of its own |
//! | `arrivals` | a batch of comments into the database, counters put right |
//! | `foreign` | WordPress, Disqus, Valine |
//! | `own` | Jiwar's own export, read |
//! | `export` | Jiwar's own export, written |
//! | `fill` | comments made up, for measuring |

mod arrivals;
mod export;
pub mod fill;
mod foreign;
mod own;
mod pipeline;

pub use export::{Exported, export};

use crate::{
    App,
    app::chain,
    import::{self, Input, Report, SourceFormat, Unreadable},
    store::{self, Db, Tx, sites::Site},
};
use futures_util::future::BoxFuture;
use jiwar_wire::{ids::SiteId, input::site_key};
use std::{io, sync::Arc, time::Duration};

/// Comments in one transaction. Others who write wait no longer than such a batch takes.
const BATCH: usize = 4_000;
/// The first batch is small, and each twice the one before: the database has something to do at once.
const FIRST_BATCH: usize = 500;
/// Bytes of text in one batch, so that memory is bounded even where every text is of the greatest length.
const BATCH_BYTES: usize = 4 << 20;
/// Ids that are looked up at once.
const LOOK_UP: usize = 1_000;

/// Why a move did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// Nothing of the file was moved in.
    #[error("{0}")]
    Unreadable(Unreadable),
    #[error("there is no site \u{201c}{0}\u{201d}; add it first with: jiwar site add {0} --name NAME --origin URL")]
    NoSite(String),
    #[error("\u{201c}{0}\u{201d} cannot be the key of a site: it has 1 to 64 of a-z 0-9 - _ .")]
    BadKey(String),
    /// Ids are the same wherever an export is moved to, so it fits only once into a database.
    #[error("this export is in this database already, as another site than \u{201c}{0}\u{201d}: nothing was moved in")]
    OtherSite(String),
    #[error("{}; what was moved in so far is sound, and the same command goes on from there", chain(.0))]
    Store(#[from] store::Error),
    #[error("the file cannot be written: {0}")]
    Output(#[from] io::Error),
    /// A part of the work ended without an answer; the reason is in the log.
    #[error("the work was broken off; what was moved in so far is sound, and the same command goes on from there")]
    Lost,
}

impl From<Unreadable> for Stopped {
    fn from(why: Unreadable) -> Self {
        Self::Unreadable(why)
    }
}

/// What to move in, and where.
#[derive(Debug)]
pub struct Move {
    /// The site's key.
    pub site: String,
    pub from: Option<SourceFormat>,
    pub dry_run: bool,
}

/// Moves a file in. A dry run reads everything and writes nothing.
///
/// A file that cannot be read is refused before anything of it is written. A
/// site that is missing is made from an export of Jiwar's own, and from no other file.
pub async fn import(app: &Arc<App>, what: Move, input: Input) -> Result<Report, Stopped> {
    let key = site_key(&what.site).ok_or_else(|| Stopped::BadKey(what.site.clone()))?.to_owned();
    let site = app.site(&key).await?;
    let input = Arc::new(input);
    let (read, from) = (input.clone(), what.from);
    let format = pipeline::aside(move || from.map_or_else(|| import::detect(&read), Ok)).await??;
    if !what.dry_run {
        store::bulk::make_room(&app.db, true).await?;
    }
    let report = match (format, site) {
        (SourceFormat::Jiwar, site) => own::import(app, &key, site, input, what.dry_run).await,
        (_, None) => Err(Stopped::NoSite(key)),
        (_, Some(site)) => foreign::import(app, site, format, input, what.dry_run).await,
    };
    if !what.dry_run {
        store::bulk::make_room(&app.db, false).await?;
    }
    report
}

/// A batch, tried again when the database was too busy for it.
///
/// Another process may hold SQLite's one place to write, and PostgreSQL ends
/// one of two transactions that wait for each other.
async fn write<T, F>(db: &Db, act: F) -> Result<T, Stopped>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, Stopped>> + Clone + Send + 'static,
{
    const TIMES: u32 = 20;
    let mut again = 0;
    loop {
        let act = act.clone();
        match db.write(move |tx| act(tx)).await {
            Err(Stopped::Store(store::Error::Busy)) if again < TIMES => again += 1,
            done => return done,
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Which comments of a list are here already, in their order.
///
/// `tell` hears where each of them is. Those of another site end the move.
async fn here(
    app: &App,
    site: Option<&Site>,
    key: &str,
    ids: &[uuid::Uuid],
    mut tell: impl FnMut(usize, &store::transfer::Found),
) -> Result<Vec<bool>, Stopped> {
    let mut here = vec![false; ids.len()];
    let known = site.map(|s| s.id);
    for (n, chunk) in ids.chunks(LOOK_UP).enumerate() {
        let found = store::transfer::found(&app.db, chunk).await?;
        if found.is_empty() {
            continue;
        }
        let found: std::collections::HashMap<_, _> = found.into_iter().map(|f| (f.id, f)).collect();
        for (at, id) in chunk.iter().enumerate() {
            let Some(row) = found.get(id) else { continue };
            if known != Some(SiteId::new(row.site)) {
                return Err(Stopped::OtherSite(key.to_owned()));
            }
            let at = n * LOOK_UP + at;
            if let Some(mark) = here.get_mut(at) {
                *mark = true;
            }
            tell(at, row);
        }
    }
    Ok(here)
}
