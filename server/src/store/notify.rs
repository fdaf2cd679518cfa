//! What others committed: PostgreSQL's LISTEN, and SQLite's version of the file.

use super::{
    Db, Result,
    db::{sql, statements},
    events::CHANNEL,
};
use jiwar_wire::ids::SiteId;
use sqlx::postgres::PgListener;

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

/// An open line.
#[derive(Debug)]
pub struct Line(PgListener);

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
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(Some(Line(listener)))
}

impl Line {
    /// The next message.
    pub async fn next(&mut self) -> Result<Heard> {
        loop {
            let Some(message) = self.0.try_recv().await? else { return Ok(Heard::Gap) };
            let said = message.payload().split_once(' ').and_then(|(site, page)| Some((site.parse().ok()?, page)));
            if let Some((site, page)) = said {
                return Ok(Heard::Changed { site, page: page.to_owned() });
            }
        }
    }
}
