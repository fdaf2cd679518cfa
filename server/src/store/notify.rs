//! What others committed: PostgreSQL's LISTEN, and SQLite's version of the file.

use super::{
    Db, Error, Result,
    db::{sql, statements},
    events::CHANNEL,
};
use jiwar_wire::ids::SiteId;
use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use std::time::Duration;
use tokio::time::timeout;

/// A line that was quiet for so long is asked whether it is still there.
const QUIET: Duration = Duration::from_secs(5);
/// So long it has to answer.
const ANSWER: Duration = Duration::from_secs(5);

/// What came over the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Heard {
    Changed {
        site: SiteId,
        page: String,
    },
    /// The line was down: anything may have been said.
    Gap,
}

/// An open line, on a connection of its own beside those of the requests.
#[derive(Debug)]
pub struct Line {
    listener: PgListener,
    /// The database that it belongs to: when that is closed, so is the line.
    of: PgPool,
}

statements! {
    VERSION = "pragma data_version", postgres "select cast(0 as bigint)";
}

/// A number that changes when another process committed to this SQLite file, and
/// not when this one did: the one connection that writes is asked, and it does
/// not count its own commits. (`jiwar import` beside a running server is such another.)
pub async fn version(db: &Db) -> Result<i64> {
    let (version,) = db.write(|tx| Box::pin(async move { sql(&VERSION).one::<(i64,)>(tx).await })).await?;
    Ok(version)
}

/// Opens a line. `None` on SQLite.
pub async fn listen(db: &Db) -> Result<Option<Line>> {
    let Db::Postgres(pool) = db else { return Ok(None) };
    let options = (*pool.connect_options()).clone();
    let own = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None).acquire_timeout(ANSWER).connect_with(options).await?;
    let mut listener = PgListener::connect_with(&own).await?;
    timeout(ANSWER, listener.listen(CHANNEL)).await.map_err(|_| silent())??;
    Ok(Some(Line { listener, of: pool.clone() }))
}

fn silent() -> Error {
    Error::Away(sqlx::Error::PoolTimedOut)
}

impl Line {
    /// The next message. A network that swallows a line closes nothing: where nothing
    /// comes, the line is asked, and one that does not answer is lost.
    pub async fn next(&mut self) -> Result<Heard> {
        loop {
            let Ok(message) = self.of.close_event().do_until(timeout(QUIET, self.listener.try_recv())).await? else {
                let asked = sqlx::query("select 1 as listening").execute(&mut self.listener);
                timeout(ANSWER, asked).await.map_err(|_| silent())??;
                continue;
            };
            let Some(message) = message? else { return Ok(Heard::Gap) };
            let said = message.payload().split_once(' ').and_then(|(site, page)| Some((site.parse().ok()?, page)));
            if let Some((site, page)) = said {
                return Ok(Heard::Changed { site, page: page.to_owned() });
            }
        }
    }
}
