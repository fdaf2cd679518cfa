//! Judges outside of this server: their secrets, what they said to the admin, and
//! what one of them was told of each comment.

use super::{
    Error, Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, SiteId},
    judges::Judges,
};

/// A judge as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Judge {
    pub sealed: Vec<u8>,
    pub stopped: bool,
    /// JSON.
    pub notice: Option<String>,
    pub set_at: i64,
}

/// What was said of a comment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    Spam,
    Ham,
}

impl Word {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Ham => "ham",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Spam, Self::Ham].into_iter().find(|w| w.as_str() == text)
    }
}

/// What a judge was told of a comment, and what was said since.
#[derive(Clone, Debug)]
pub struct Referral {
    pub sealed: Vec<u8>,
    pub first: Option<Word>,
    pub believes: Option<Word>,
    pub wants: Option<Word>,
}

#[derive(sqlx::FromRow)]
struct ReferralRow {
    sealed: Vec<u8>,
    first: Option<String>,
    believes: Option<String>,
    wants: Option<String>,
}

statements! {
    // The row stays locked until the commit: two admins do not lose one another's settings.
    LOCK = "update site set judges = judges where id = $1 returning judges";
    CHANGE = "update site set judges = $2 where id = $1";
    OF = "select sealed, stopped, notice, set_at from judge where site = $1 and name = $2";
    SET = "insert into judge (site, name, sealed, set_at) values ($1, $2, $3, $4)
        on conflict (site, name) do update set sealed = $3, set_at = $4, stopped = false, notice = null";
    NOTE = "update judge set notice = $3, stopped = stopped or $4 where site = $1 and name = $2";
    END = "delete from judge where site = $1 and name = $2";
    REFER = "insert into referral (comment, site, sealed, first, believes, created_at) values ($1, $2, $3, $4, $4, $5) on conflict (comment) do nothing";
    REFERRAL = "select sealed, first, believes, wants from referral where comment = $1 and site = $2";
    // Locked, so that what is wanted and what was told cannot pass by each other.
    REFERRAL_LOCK = "update referral set wants = wants where comment = $1 and site = $2 returning sealed, first, believes, wants";
    ANSWERED = "update referral set first = $3, believes = $3, wants = null where comment = $1 and site = $2";
    WANTS = "update referral set wants = $3 where comment = $1 and site = $2";
    BELIEVES = "update referral set believes = $3 where comment = $1 and site = $2";
    ERASE = "delete from referral where comment = $1 and site = $2";
    ERASE_ALL = "delete from referral where site = $1";
    FORGET = "delete from referral where created_at < $1";
}

impl TryFrom<ReferralRow> for Referral {
    type Error = Error;
    fn try_from(row: ReferralRow) -> Result<Self> {
        let word = |text: Option<String>| text.map(|t| Word::parse(&t).ok_or(Error::Impossible { table: "referral", column: "word" })).transpose();
        Ok(Self { sealed: row.sealed, first: word(row.first)?, believes: word(row.believes)?, wants: word(row.wants)? })
    }
}

/// What a site has set, with the site locked. None when there is no such site.
pub async fn lock(tx: &mut Tx, site: SiteId) -> Result<Option<Judges>> {
    let row: Option<(String,)> = sql(&LOCK).bind(site).maybe(tx).await?;
    row.map(|(text,)| serde_json::from_str(&text).map_err(|_| Error::Impossible { table: "site", column: "judges" })).transpose()
}

pub async fn change(tx: &mut Tx, site: SiteId, judges: &Judges) -> Result<()> {
    let text = serde_json::to_string(judges).map_err(|_| Error::Impossible { table: "site", column: "judges" })?;
    sql(&CHANGE).bind(site).bind(text).run(&mut *tx).await?;
    super::events::tell(tx, site, "").await
}

pub async fn of(on: impl Into<On<'_>>, site: SiteId, name: &str) -> Result<Option<Judge>> {
    sql(&OF).bind(site).bind(name).maybe(on).await
}

/// Keeps a judge's secret. What it said before is forgotten.
pub async fn set(tx: &mut Tx, site: SiteId, name: &str, sealed: Vec<u8>, now: Time) -> Result<()> {
    sql(&SET).bind(site).bind(name).bind(sealed).bind(now).later(tx).await
}

/// Keeps what a judge said to the admin; `stop` when it is not to be asked any more.
pub async fn note(tx: &mut Tx, site: SiteId, name: &str, notice: &str, stop: bool) -> Result<()> {
    sql(&NOTE).bind(site).bind(name).bind(notice).bind(stop).later(tx).await
}

pub async fn end(tx: &mut Tx, site: SiteId, name: &str) -> Result<()> {
    sql(&END).bind(site).bind(name).later(tx).await
}

/// Keeps what was told first. What was kept before stays.
pub async fn refer(tx: &mut Tx, site: SiteId, comment: CommentId, sealed: Vec<u8>, said: Option<Word>, now: Time) -> Result<()> {
    let query = sql(&REFER).bind(comment).bind(site).bind(sealed).bind(said.map(Word::as_str));
    query.bind(now).later(tx).await
}

pub async fn referral(on: impl Into<On<'_>>, site: SiteId, comment: CommentId) -> Result<Option<Referral>> {
    sql(&REFERRAL).bind(comment).bind(site).maybe::<ReferralRow>(on).await?.map(Referral::try_from).transpose()
}

/// The same, locked until the commit.
pub async fn lock_referral(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<Option<Referral>> {
    sql(&REFERRAL_LOCK).bind(comment).bind(site).maybe::<ReferralRow>(tx).await?.map(Referral::try_from).transpose()
}

/// The judge spoke of the comment as it is now: what moderators said of it before is over.
pub async fn answered(tx: &mut Tx, site: SiteId, comment: CommentId, said: Word) -> Result<()> {
    sql(&ANSWERED).bind(comment).bind(site).bind(said.as_str()).later(tx).await
}

/// What the judge is to be told.
pub async fn wants(tx: &mut Tx, site: SiteId, comment: CommentId, word: Option<Word>) -> Result<()> {
    sql(&WANTS).bind(comment).bind(site).bind(word.map(Word::as_str)).later(tx).await
}

/// What the judge was told.
pub async fn believes(tx: &mut Tx, site: SiteId, comment: CommentId, word: Word) -> Result<()> {
    sql(&BELIEVES).bind(comment).bind(site).bind(word.as_str()).later(tx).await
}

/// What was told of a comment whose writer deleted it is told no more.
pub async fn erase(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<()> {
    sql(&ERASE).bind(comment).bind(site).later(tx).await
}

/// The same for all comments of a site.
pub async fn erase_all(tx: &mut Tx, site: SiteId) -> Result<()> {
    sql(&ERASE_ALL).bind(site).later(tx).await
}

/// Forgets what was told before `before`.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<()> {
    sql(&FORGET).bind(before).later(tx).await
}
