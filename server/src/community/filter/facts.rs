//! The facts around a comment. A few bounded statements, before the act.

use super::{Asked, recent};
use crate::{
    App,
    spam::{
        Context, Script, clean,
        context::{History, HostRecord, Rates},
        fingerprint,
        links::{self, Kind},
    },
    store::{self, comments, judgements, people, people::Person, sites::Site},
};
use jiwar_wire::{Lang, Time, ids::CommentId, input::NewComment};
use std::{collections::BTreeSet, net::IpAddr};
use uuid::Uuid;

/// How far back texts are compared.
const COMPARED_MS: i64 = 7 * 24 * 3600 * 1000;
/// The window of rates, and how many of them a week has.
const WINDOWS_A_WEEK: i64 = 7 * 24 * 6;
/// Hosts of one comment that are looked up.
const HOSTS: usize = 10;
/// A site's usual rate is asked for only above this: below it nothing is a flood.
const LIVELY: u32 = 60;

/// What a text is compared by.
#[derive(Clone, Debug)]
pub struct Text {
    pub print: Option<u64>,
    /// Hosts that are linked to, but for the large ones that everybody links to.
    pub hosts: Vec<String>,
}

impl Text {
    pub async fn read(new: &NewComment) -> Self {
        let website = new.writer.website.as_ref().map(|w| w.as_str().to_owned()).unwrap_or_default();
        let body = new.body.as_str().to_owned();
        if body.len() < super::LONG {
            return Self::of(&body, &website);
        }
        let nothing = Self { print: None, hosts: Vec::new() };
        tokio::task::spawn_blocking(move || Self::of(&body, &website)).await.unwrap_or(nothing)
    }

    pub fn of(body: &str, website: &str) -> Self {
        let folded = clean::comparable(&clean::plain(&format!("{body} {website}")));
        let hosts: BTreeSet<&str> = links::all(&folded).filter(|link| matches!(link.kind, Kind::Other | Kind::Short)).map(|link| link.host).collect();
        Self { print: fingerprint::of(body), hosts: hosts.into_iter().take(HOSTS).map(str::to_owned).collect() }
    }
}

pub async fn gather(app: &App, site: &Site, asked: &Asked<'_>, text: &Text) -> store::Result<Context> {
    refresh(app, asked.now).await?;
    let seen = recent::Seen::of(site, asked, text);
    let (mut repeats, mut rates, mut hosts) =
        app.filter.recent(|recent| (recent.repeats(&seen), recent.rates(&seen), text.hosts.iter().map(|h| recent.host(h, &seen)).collect::<Vec<HostRecord>>()));
    if let Some(print) = text.print {
        repeats.marked = judgements::is_marked(&app.db, site.id, print.cast_signed()).await?;
    }
    if !text.hosts.is_empty() {
        for (host, times) in judgements::spam_hosts(&app.db, site.id, &text.hosts).await? {
            if let Some(record) = hosts.iter_mut().find(|record| record.host == host) {
                record.spam = u32::try_from(times).unwrap_or(0);
            }
        }
    }
    if app.config.writes_per_minute == 0 {
        rates = Rates::default(); // whoever sets no limit means to be written to fast
    } else if asked.address.is_some_and(is_inner) {
        rates.prefix = 0; // a proxy that `trusted_proxies` does not name: everybody comes from there
    }
    if rates.site > LIVELY {
        rates.site_usual = usual(app, site, asked.now).await?;
    }
    Ok(Context {
        token: asked.sent.token,
        decoy_filled: asked.sent.decoy_filled,
        history: history(app, site, asked).await?,
        repeats,
        hosts,
        rates,
        site_script: Some(match site.locale {
            Lang::Ar => Script::Arabic,
            Lang::En => Script::Latin,
        }),
        proof: asked.sent.work.done,
    })
}

/// An address that no reader has: what comes from there came through a machine of the blog's own.
fn is_inner(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// What is known about the writer: by address, else by browser, and by network.
async fn history(app: &App, site: &Site, asked: &Asked<'_>) -> store::Result<History> {
    let mut history = History::default();
    if let Some(person) = &asked.person {
        history.approved = u32::try_from(person.approved).unwrap_or(0);
        history.spam = u32::try_from(judgements::spam_of_person(&app.db, site.id, person.id()).await?).unwrap_or(0);
    }
    // Neighbours share a network: it speaks against nobody who is known.
    if history.approved == 0
        && let Some(network) = asked.network
    {
        let spam = judgements::spam_of_network(&app.db, site.id, network).await?;
        history.spam = history.spam.max(u32::try_from(spam).unwrap_or(0));
    }
    Ok(history)
}

/// The writer, when we know them already.
pub async fn known(app: &App, site: &Site, asked: &Asked<'_>) -> store::Result<Option<Person>> {
    if let Some(hash) = asked.email_hash {
        return people::by_email(&app.db, site.id, hash).await;
    }
    let Some(before) = asked.same_browser else { return Ok(None) };
    let Some(person) = comments::by_id(&app.db, site.id, before).await?.and_then(|c| c.person()) else { return Ok(None) };
    let person = people::by_id(&app.db, site.id, person).await?;
    Ok(person.filter(|p| p.name == asked.new.writer.name.as_str()))
}

/// The site's mean of the last week, in ten minutes, rounded up; asked for once an hour.
async fn usual(app: &App, site: &Site, now: Time) -> store::Result<u32> {
    if let Some(known) = app.filter.recent(|recent| recent.usual(site.id, now)) {
        return Ok(known);
    }
    let published = judgements::published_since(&app.db, site.id, first_id(Time(now.0 - COMPARED_MS))).await?;
    let usual = u32::try_from((published + WINDOWS_A_WEEK - 1) / WINDOWS_A_WEEK).unwrap_or(u32::MAX);
    app.filter.recent(|recent| recent.learn_usual(site.id, now, usual));
    Ok(usual)
}

/// The lowest id that a comment of this time can have (RFC 9562, 5.7).
fn first_id(time: Time) -> CommentId {
    let millis = u128::try_from(time.0).unwrap_or(0);
    CommentId::new(Uuid::from_u128(millis << 80))
}

/// Reads what other servers, or an earlier run of this one, have seen.
async fn refresh(app: &App, now: Time) -> store::Result<()> {
    // On SQLite nobody else writes comments: once is enough.
    let shared = app.db.engine() == "postgres";
    let Some(since) = app.filter.recent(|recent| recent.is_due(now, shared)) else { return Ok(()) };
    let since = since.unwrap_or(Time(now.0 - COMPARED_MS));
    let noted = judgements::recent(&app.db, since, recent::MOST as i64).await?;
    app.filter.recent(|recent| recent.merge(noted));
    Ok(())
}
