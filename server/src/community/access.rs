//! Tokens, admins, and the one-time links by which they sign in.

use super::Outcome;
use crate::{
    App,
    clock::new_id,
    keys,
    store::{
        access::{self, NewAdmin, NewToken},
        sites::Site,
    },
};
use jiwar_wire::{
    Refusal, Time,
    ids::{AdminId, SiteId, TokenId},
    input::Email,
};

/// What a token may do; each includes the ones before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// Reads what moderators may read.
    Read,
    /// Decides.
    Moderate,
    /// Changes settings and hands out access.
    Admin,
}

impl Scope {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Moderate => "moderate",
            Self::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Read, Self::Moderate, Self::Admin].into_iter().find(|s| s.as_str() == text)
    }
}

/// Somebody who showed a token that is good here.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub scope: Scope,
    /// How the log names them.
    pub label: String,
}

/// How long a one-time link opens.
pub const LINK_MS: i64 = 24 * 3600 * 1000;
/// How long a token from a one-time link is good.
const SESSION_MS: i64 = 12 * 3600 * 1000;
/// A token's last use is kept to this precision, so that reading does not write.
const USE_MS: i64 = 60_000;

/// Checks a token against a site. `SignInNeeded` when it is no good, whatever the reason.
pub async fn bearer(app: &App, site: &Site, token: &str) -> Outcome<Bearer> {
    let now = app.clock.now();
    let found = access::token(&app.db, &keys::hash(token)).await?;
    let token = found
        .filter(|t| t.ended_at.is_none() && t.expires_at.is_none_or(|at| now.0 < at) && t.site.is_none_or(|s| s == site.id.uuid()))
        .ok_or(Refusal::SignInNeeded)?;
    let scope = Scope::parse(&token.scope).ok_or(Refusal::SignInNeeded)?;
    if token.used_at.is_none_or(|at| at + USE_MS < now.0) {
        let (id, db) = (TokenId::new(token.id), app.db.clone());
        // Nobody waits for it: while the database cannot be written, moderators still read.
        tokio::spawn(async move {
            let noted: crate::store::Result<()> = db.write(move |tx| Box::pin(async move { access::token_used(tx, id, now).await })).await;
            noted.inspect_err(|error| tracing::debug!(error = %crate::app::chain(error), "a token's use was not noted"))
        });
    }
    Ok(Bearer { scope, label: token.label })
}

/// A new token: shown once, kept as a hash.
pub async fn create_token(app: &App, site: Option<SiteId>, scope: Scope, label: &str, expires_at: Option<Time>) -> Outcome<String> {
    let (now, token) = (app.clock.now(), keys::new_token("jt", app.chance.as_ref()));
    let (id, hash, label) = (TokenId::new(new_id(now, app.chance.as_ref())), keys::hash(&token), label.to_owned());
    app.db
        .write(move |tx| {
            Box::pin(
                async move { access::add_token(tx, &NewToken { id, site, hash, scope: scope.as_str(), label: &label, created_at: now, expires_at }).await },
            )
        })
        .await?;
    Ok(token)
}

/// An admin, and a one-time link for them. Asking again gives another link.
pub async fn add_admin(app: &App, site: Option<SiteId>, email: &Email) -> Outcome<String> {
    let (now, chance) = (app.clock.now(), app.chance.as_ref());
    let link = keys::new_token("jl", chance);
    let (id, hash, link_hash) = (AdminId::new(new_id(now, chance)), app.keys.mail_hash(None, email), keys::hash(&link));
    let sealed = app.keys.seal(email, chance);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let role = if site.is_some() { "admin" } else { "owner" };
                let admin = access::add_admin(tx, &NewAdmin { id, site, email_hash: hash, email_sealed: sealed, role, created_at: now }).await?;
                access::add_link(tx, link_hash, AdminId::new(admin.id), now, Time(now.0 + LINK_MS)).await
            })
        })
        .await?;
    Ok(format!("{}/sign-in?link={link}", app.config.public_url))
}

/// Whether a link would still open.
pub async fn link_opens(app: &App, link: &str) -> Outcome<bool> {
    Ok(access::link(&app.db, &keys::hash(link), app.clock.now()).await?)
}

/// Uses a link up and gives a token of twelve hours for it.
pub async fn sign_in(app: &App, link: &str) -> Outcome<String> {
    let (now, token) = (app.clock.now(), keys::new_token("jt", app.chance.as_ref()));
    let (id, hash, link) = (TokenId::new(new_id(now, app.chance.as_ref())), keys::hash(&token), keys::hash(link));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let admin = access::use_link(tx, &link, now).await?.ok_or(Refusal::FormExpired)?;
                let new = NewToken {
                    id,
                    site: admin.site.map(SiteId::new),
                    hash,
                    scope: Scope::Admin.as_str(),
                    label: "admin",
                    created_at: now,
                    expires_at: Some(Time(now.0 + SESSION_MS)),
                };
                Ok::<_, super::No>(access::add_token(tx, &new).await?)
            })
        })
        .await?;
    Ok(token)
}
