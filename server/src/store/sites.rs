//! Sites.

use super::{
    Db, Error, Result, Tx,
    db::{On, sql, statements},
    events,
};
use jiwar_wire::{Lang, Time, ids::SiteId, judges::Judges, site::Settings};
use uuid::Uuid;

/// A site as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub id: SiteId,
    pub key: String,
    pub name: String,
    pub locale: Lang,
    pub origins: Vec<String>,
    pub settings: Settings,
    /// Whom it asks about comments; changed by [`super::judges`].
    pub judges: Judges,
}

#[derive(sqlx::FromRow)]
struct SiteRow {
    id: Uuid,
    key: String,
    name: String,
    locale: String,
    origins: String,
    settings: String,
    judges: String,
}

statements! {
    BY_KEY = "select id, key, name, locale, origins, settings, judges from site where key = $1";
    BY_ID = "select id, key, name, locale, origins, settings, judges from site where id = $1";
    ALL = "select id, key, name, locale, origins, settings, judges from site order by key";
    ADD = "insert into site (id, key, name, locale, origins, settings, created_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (key) do nothing";
    CHANGE = "update site set name = $2, locale = $3, origins = $4, settings = $5 where id = $1";
}

impl TryFrom<SiteRow> for Site {
    type Error = Error;
    fn try_from(row: SiteRow) -> Result<Self> {
        let wrong = |column| Error::Impossible { table: "site", column };
        Ok(Self {
            id: SiteId::new(row.id),
            key: row.key,
            name: row.name,
            locale: Lang::from_tag(&row.locale).ok_or_else(|| wrong("locale"))?,
            origins: row.origins.lines().map(str::to_owned).collect(),
            settings: serde_json::from_str(&row.settings).map_err(|_| wrong("settings"))?,
            judges: serde_json::from_str(&row.judges).map_err(|_| wrong("judges"))?,
        })
    }
}

pub async fn by_key(on: impl Into<On<'_>>, key: &str) -> Result<Option<Site>> {
    sql(&BY_KEY).bind(key).maybe::<SiteRow>(on).await?.map(Site::try_from).transpose()
}

pub async fn by_id(on: impl Into<On<'_>>, id: SiteId) -> Result<Option<Site>> {
    sql(&BY_ID).bind(id).maybe::<SiteRow>(on).await?.map(Site::try_from).transpose()
}

pub async fn all(db: &Db) -> Result<Vec<Site>> {
    sql(&ALL).all::<SiteRow>(db).await?.into_iter().map(Site::try_from).collect()
}

/// False when there is a site of this key already.
pub async fn add(tx: &mut Tx, site: &Site, now: Time) -> Result<bool> {
    let added = sql(&ADD)
        .bind(site.id)
        .bind(&*site.key)
        .bind(&*site.name)
        .bind(site.locale.tag())
        .bind(site.origins.join("\n"))
        .bind(json(&site.settings)?)
        .bind(now)
        .run(tx)
        .await?;
    Ok(added == 1)
}

/// Keeps a site's new name and settings, and tells the other servers.
pub async fn change(tx: &mut Tx, site: &Site) -> Result<()> {
    sql(&CHANGE).bind(site.id).bind(&*site.name).bind(site.locale.tag()).bind(site.origins.join("\n")).bind(json(&site.settings)?).run(&mut *tx).await?;
    events::tell(tx, site.id, "").await
}

fn json(settings: &Settings) -> Result<String> {
    serde_json::to_string(settings).map_err(|_| Error::Impossible { table: "site", column: "settings" })
}
