//! Signing in, and what keeps somebody signed in.
//!
//! A one-time link gives a session. Where a second factor is set up, the
//! session opens nothing until a code is given, and five wrong ones end it.
//! Nobody is locked out by somebody else's wrong codes: to try one, one has to
//! have used up a link, and another link always works.

use super::{No, Outcome, second_factor, staff};
use crate::{
    App,
    clock::new_id,
    keys,
    store::{
        self, Tx,
        sessions::{self, NewSession, Session},
    },
};
use jiwar_wire::{
    Refusal, Time,
    access::{self, Myself, Sessions, SignedIn},
    ids::{AdminId, SessionId, SiteId},
};

/// What a session's secret starts with.
pub const PREFIX: &str = "js_";
/// How long a session lasts that is not used.
pub const IDLE_MS: i64 = 14 * 24 * 3600 * 1000;
/// How long a session lasts at most.
const WHOLE_MS: i64 = 90 * 24 * 3600 * 1000;
/// How long a session lasts that was given to a blog's page.
pub const BLOG_MS: i64 = 8 * 3600 * 1000;
/// How long there is for the second factor.
const HALF_MS: i64 = 10 * 60 * 1000;
/// Wrong codes that end a session.
const TRIES: i64 = 5;

/// Uses a link up and gives a session for it.
pub async fn sign_in(app: &App, link: &str, agent: &str) -> Outcome<SignedIn> {
    let (now, secret) = (app.clock.now(), keys::new_token("js", app.chance.as_ref()));
    let (id, hash, link) = (SessionId::new(new_id(now, app.chance.as_ref())), keys::hash(&secret), keys::hash(link));
    let agent = family(agent);
    let (expires_at, second_factor) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let admin = store::staff::use_link(tx, &link, now).await?.ok_or(Refusal::FormExpired)?.id();
                let passed = store::second_factor::find(&mut *tx, admin).await?.is_none_or(|f| f.confirmed_at.is_none());
                let expires_at = Time(now.0 + if passed { IDLE_MS } else { HALF_MS });
                sessions::add(tx, &NewSession { id, admin, hash, agent, passed, created_at: now, expires_at, site: None }).await?;
                Ok::<_, No>((expires_at, !passed))
            })
        })
        .await?;
    Ok(SignedIn { session: secret, expires_at, second_factor })
}

/// The session of a secret, complete or not.
pub async fn begun(app: &App, secret: &str) -> Outcome<Session> {
    Ok(sessions::find(&app.db, &keys::hash(secret), app.clock.now()).await?.ok_or(Refusal::SignInNeeded)?)
}

/// The session of a secret, when nothing is missing; its use is noted and makes it last.
pub async fn whole(app: &App, secret: &str) -> Outcome<Session> {
    let session = begun(app, secret).await?;
    // One that was given to a blog's page opens nothing but that blog's comments.
    if session.site.is_some() { Err(Refusal::SignInNeeded.into()) } else { used(app, session) }
}

/// The same for deciding on a site: also a session that is good there alone.
pub async fn on_site(app: &App, secret: &str, site: SiteId) -> Outcome<Session> {
    let session = begun(app, secret).await?;
    if session.site.is_some_and(|only| only != site.uuid()) { Err(Refusal::SignInNeeded.into()) } else { used(app, session) }
}

fn used(app: &App, session: Session) -> Outcome<Session> {
    if !session.passed {
        return Err(Refusal::SecondFactorNeeded.into());
    }
    let now = app.clock.now();
    if session.used_at + super::access::USE_MS < now.0 {
        let (id, db, expires) = (session.id(), app.db.clone(), lasts(&session, now));
        // Nobody waits for it: while the database cannot be written, moderators still read.
        tokio::spawn(async move {
            let noted: store::Result<()> = db.write(move |tx| Box::pin(async move { sessions::used(tx, id, now, expires).await })).await;
            noted.inspect_err(|error| tracing::debug!(error = %crate::app::chain(error), "a session's use was not noted"))
        });
    }
    Ok(session)
}

/// A session of the same person for one blog's pages. It ends by itself after some hours, used or not.
pub async fn for_blog(app: &App, session: &Session, site: SiteId) -> Outcome<String> {
    let (now, secret) = (app.clock.now(), keys::new_token("js", app.chance.as_ref()));
    let (id, hash, admin) = (SessionId::new(new_id(now, app.chance.as_ref())), keys::hash(&secret), session.admin());
    let (agent, expires_at) = (family(&session.agent), Time(now.0 + BLOG_MS));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                sessions::add(tx, &NewSession { id, admin, hash, agent, passed: true, created_at: now, expires_at, site: Some(site) }).await?;
                Ok::<_, No>(())
            })
        })
        .await?;
    Ok(secret)
}

/// Signs out: whatever kind of session it is.
pub async fn leave(app: &App, secret: &str) -> Outcome<()> {
    let session = begun(app, secret).await?;
    end(app, session.admin(), session.id()).await
}

fn lasts(session: &Session, now: Time) -> Time {
    Time(if session.site.is_some() { session.expires_at } else { (now.0 + IDLE_MS).min(session.created_at + WHOLE_MS) })
}

/// Completes a session with a code. Its secret changes: who saw the old one has nothing.
pub async fn pass(app: &App, secret: &str, code: &str) -> Outcome<SignedIn> {
    let session = begun(app, secret).await?;
    if session.passed {
        return Ok(SignedIn { session: secret.to_owned(), expires_at: Time(session.expires_at), second_factor: false });
    }
    let (now, new) = (app.clock.now(), keys::new_token("js", app.chance.as_ref()));
    let (hash, expires_at) = (keys::hash(&new), lasts(&session, now));
    second_factor::with_code(app, &session, code, move |tx, session| {
        Box::pin(async move { Ok(sessions::pass(tx, session.id(), hash, now, expires_at).await?) })
    })
    .await?;
    Ok(SignedIn { session: new, expires_at, second_factor: false })
}

/// Counts a wrong code; too many end the session.
pub(super) async fn wrong(tx: &mut Tx, session: &Session) -> store::Result<Refusal> {
    if sessions::tried(tx, session.id()).await? >= TRIES {
        sessions::end(tx, session.admin(), session.id()).await?;
        return Ok(Refusal::SignInNeeded);
    }
    Ok(Refusal::WrongCode)
}

/// One's own sessions, the last used first.
pub async fn list(app: &App, session: &Session) -> Outcome<Sessions> {
    let all = sessions::of_admin(&app.db, session.admin(), app.clock.now()).await?;
    let shown = |s: &Session| access::Session {
        id: s.id(),
        agent: s.agent.clone(),
        created_at: Time(s.created_at),
        used_at: Time(s.used_at),
        expires_at: Time(s.expires_at),
        current: s.id == session.id,
        blog: s.site_name.clone(),
    };
    Ok(Sessions { sessions: all.iter().map(shown).collect() })
}

/// Ends one of one's own sessions.
pub async fn end(app: &App, admin: AdminId, id: SessionId) -> Outcome<()> {
    let ended: bool = app.db.write(move |tx| Box::pin(async move { Ok::<_, No>(sessions::end(tx, admin, id).await?) })).await?;
    if ended { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Ends all of one's own sessions but this one.
pub async fn end_others(app: &App, session: &Session) -> Outcome<u64> {
    let (admin, id) = (session.admin(), session.id());
    app.db.write(move |tx| Box::pin(async move { Ok::<_, No>(sessions::end_others(tx, admin, id).await?) })).await
}

/// Who is signed in, and where they may do what.
pub async fn myself(app: &App, session: &Session) -> Outcome<Myself> {
    let admin = store::staff::by_id(&app.db, session.admin()).await?.ok_or(Refusal::SignInNeeded)?;
    Ok(Myself {
        email: app.keys.open(&admin.email_sealed).map(|e| e.as_str().to_owned()).unwrap_or_default(),
        name: admin.name,
        second_factor: second_factor::is_on(app, session.admin()).await?,
        sites: staff::sites_of(app, session.admin()).await?,
    })
}

/// A browser's family: enough to know one's own among a few, and nothing that singles it out.
fn family(agent: &str) -> &'static str {
    // Each names itself after those it wants to be taken for.
    const FAMILIES: [(&str, &str); 8] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrom", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari/", "Safari"),
    ];
    FAMILIES.iter().find(|(mark, family)| agent.contains(mark) || agent == *family).map_or("", |(_, family)| family)
}
