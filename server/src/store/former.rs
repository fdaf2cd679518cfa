//! What stood before: the texts that moderators have edited, and the rules that were
//! changed. Kept for a time, so that both can be taken back.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Dir, Time,
    comment::Format,
    ids::{CommentId, LogId, SiteId},
};

/// A comment's text as it stood before a line of the log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Text {
    /// What the line made of it, as a digest.
    pub made: Vec<u8>,
    /// Taken back, or overtaken by the writer: the words are gone.
    pub spent: bool,
    pub body: String,
    format: String,
    pub html: String,
    dir: String,
    pub folded: String,
    pub edited_at: Option<i64>,
}

impl Text {
    pub fn format(&self) -> Format {
        if self.format == "html" { Format::Html } else { Format::Markdown }
    }
    pub fn dir(&self) -> Dir {
        if self.dir == "rtl" { Dir::Rtl } else { Dir::Ltr }
    }
}

/// A site's rules as they stood before a line of the log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Rules {
    /// The revision that the line made.
    pub made: i64,
    /// The one that it replaced.
    pub before: i64,
    /// Taken back: the rules are gone.
    pub spent: bool,
    /// As JSON.
    pub rules: String,
}

statements! {
    KEEP_TEXT = "insert into former_text (entry, site, comment, made, spent, body, format, html, dir, folded, edited_at, kept_at)
        select $3, c.site, c.id, $4, false, c.body, c.format, c.html, c.dir, c.folded, c.edited_at, $5 from comment c where c.site = $1 and c.id = $2";
    TEXT = "select made, spent, body, format, html, dir, folded, edited_at from former_text where site = $1 and entry = $2";
    HAS_TEXT = "select count(*) from former_text where site = $1 and entry = $2 and not spent";
    TEXT_SPENT = "update former_text set spent = true, body = '', html = '', folded = '' where site = $1 and entry = $2";
    TEXTS_SPENT = "update former_text set spent = true, body = '', html = '', folded = '' where comment = $1 and site = $2 and not spent";
    ERASE = "delete from former_text where comment = $1 and site = $2";
    FORGET_TEXTS = "delete from former_text where kept_at < $1";
    KEEP_RULES = "insert into former_rules (entry, site, made, before, spent, rules, kept_at) values ($1, $2, $3, $4, false, $5, $6)";
    RULES = "select made, before, spent, rules from former_rules where site = $1 and entry = $2";
    HAS_RULES = "select count(*) from former_rules where site = $1 and entry = $2 and not spent";
    RULES_SPENT = "update former_rules set spent = true, rules = '' where site = $1 and entry = $2";
    RULES_AGAIN = "update former_rules set made = $3 where site = $1 and made = $2 and not spent";
    FEW_RULES = "delete from former_rules where site = $1 and entry <= coalesce((select entry from former_rules where site = $1 order by entry desc limit 1 offset $2), $3)";
    FORGET_RULES = "delete from former_rules where kept_at < $1";
}

/// Keeps a comment's text as it stands, before a line of the log makes something else of it.
pub async fn keep_text(tx: &mut Tx, site: SiteId, comment: CommentId, entry: LogId, made: &[u8], now: Time) -> Result<()> {
    sql(&KEEP_TEXT).bind(site).bind(comment).bind(entry).bind(made).bind(now).later(tx).await
}

/// The text before a line, while it is kept.
pub async fn text(tx: &mut Tx, site: SiteId, entry: LogId) -> Result<Option<Text>> {
    sql(&TEXT).bind(site).bind(entry).maybe(tx).await
}

pub async fn has_text(on: impl Into<On<'_>>, site: SiteId, entry: LogId) -> Result<bool> {
    Ok(sql(&HAS_TEXT).bind(site).bind(entry).one::<(i64,)>(on).await?.0 > 0)
}

/// A line was taken back: what is remembered is that.
pub async fn text_spent(tx: &mut Tx, site: SiteId, entry: LogId) -> Result<()> {
    sql(&TEXT_SPENT).bind(site).bind(entry).later(tx).await
}

/// The writer has made another text of the comment: no line before that can be taken back.
pub async fn texts_spent(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<()> {
    sql(&TEXTS_SPENT).bind(comment).bind(site).later(tx).await
}

/// Forgets every text that a comment ever had.
pub async fn erase(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<()> {
    sql(&ERASE).bind(comment).bind(site).later(tx).await
}

/// Keeps the rules that a line of the log has replaced. Of each site the last `most` are kept.
pub async fn keep_rules(tx: &mut Tx, site: SiteId, entry: LogId, former: &Rules, most: i64, now: Time) -> Result<()> {
    let query = sql(&KEEP_RULES).bind(entry).bind(site).bind(former.made).bind(former.before).bind(&*former.rules);
    query.bind(now).later(&mut *tx).await?;
    sql(&FEW_RULES).bind(site).bind(most).bind(uuid::Uuid::nil()).later(tx).await
}

/// The rules before a line, while they are kept.
pub async fn rules(on: impl Into<On<'_>>, site: SiteId, entry: LogId) -> Result<Option<Rules>> {
    sql(&RULES).bind(site).bind(entry).maybe(on).await
}

pub async fn has_rules(on: impl Into<On<'_>>, site: SiteId, entry: LogId) -> Result<bool> {
    Ok(sql(&HAS_RULES).bind(site).bind(entry).one::<(i64,)>(on).await?.0 > 0)
}

/// A line was taken back: what is remembered is that.
pub async fn rules_spent(tx: &mut Tx, site: SiteId, entry: LogId) -> Result<()> {
    sql(&RULES_SPENT).bind(site).bind(entry).later(tx).await
}

/// The rules of revision `was` stand again, as revision `now`: the line that made them can be taken back next.
pub async fn rules_again(tx: &mut Tx, site: SiteId, was: i64, now: i64) -> Result<()> {
    sql(&RULES_AGAIN).bind(site).bind(was).bind(now).later(tx).await
}

/// Forgets what was kept before a moment.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<()> {
    sql(&FORGET_TEXTS).bind(before).later(&mut *tx).await?;
    sql(&FORGET_RULES).bind(before).later(tx).await
}
