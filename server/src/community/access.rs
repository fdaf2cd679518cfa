//! What a request may do: the token or session that it shows, and the site it is about.

use super::{Outcome, sessions, staff};
use crate::{
    App,
    clock::new_id,
    keys,
    store::{
        access::{self, NewToken},
        sessions::Session,
        sites::Site,
    },
};
use jiwar_wire::{
    FieldCode, FieldError, Refusal, Time,
    access::{StaffRole, Token, TokenMade, Tokens},
    ids::{AdminId, SessionId, SiteId, TokenId},
    input,
};

pub use jiwar_wire::access::Scope;

/// Somebody who showed a token or a session that is good here.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub scope: Scope,
    /// How the log names them.
    pub label: String,
    /// Up to which role they may add and remove people; none for a token that only reads.
    pub role: Option<StaffRole>,
    pub admin: Option<AdminId>,
    pub session: Option<SessionId>,
    /// What they make lasts no longer than they do.
    pub expires_at: Option<Time>,
}

/// A token's last use is kept to this precision, so that reading does not write.
pub const USE_MS: i64 = 60_000;

/// Checks a token or a session against a site. `SignInNeeded` when it is no good here, whatever the reason.
pub async fn bearer(app: &App, site: &Site, secret: &str) -> Outcome<Bearer> {
    if secret.starts_with(sessions::PREFIX) {
        return by_session(app, site, secret).await;
    }
    let now = app.clock.now();
    let found = access::token(&app.db, &keys::hash(secret)).await?;
    let token = found
        .filter(|t| t.ended_at.is_none() && t.expires_at.is_none_or(|at| now.0 < at) && t.site.is_none_or(|s| s == site.id.uuid()))
        .ok_or(Refusal::SignInNeeded)?;
    let mut scope = Scope::parse(&token.scope).ok_or(Refusal::SignInNeeded)?;
    let admin = token.admin.map(AdminId::new);
    if let Some(admin) = admin {
        // A token does what its owner may do today, not what they could when they made it.
        scope = scope.min(staff::role_at(app, admin, site.id).await?.ok_or(Refusal::SignInNeeded)?.scope());
    }
    if token.used_at.is_none_or(|at| at + USE_MS < now.0) {
        note_use(app, TokenId::new(token.id), now);
    }
    let role = match scope {
        Scope::Read => None,
        Scope::Moderate => Some(StaffRole::Moderator),
        Scope::Admin => Some(StaffRole::Admin),
    };
    Ok(Bearer { scope, label: token.label, role, admin, session: None, expires_at: token.expires_at.map(Time) })
}

async fn by_session(app: &App, site: &Site, secret: &str) -> Outcome<Bearer> {
    of_session(app, site, &sessions::on_site(app, secret, site.id).await?).await
}

/// What a session that was looked at already may do on a site.
pub async fn of_session(app: &App, site: &Site, session: &Session) -> Outcome<Bearer> {
    let mut role = staff::role_at(app, session.admin(), site.id).await?.ok_or(Refusal::SignInNeeded)?;
    if session.site.is_some() {
        // In the blog's own page one decides, and changes nothing of the site.
        role = StaffRole::Moderator;
    }
    Ok(Bearer {
        scope: role.scope(),
        label: staff::label(&session.name, role).to_owned(),
        role: Some(role),
        admin: Some(session.admin()),
        session: Some(session.id()),
        expires_at: None,
    })
}

fn note_use(app: &App, id: TokenId, now: Time) {
    let db = app.db.clone();
    // Nobody waits for it: while the database cannot be written, moderators still read.
    tokio::spawn(async move {
        let noted: crate::store::Result<()> = db.write(move |tx| Box::pin(async move { access::token_used(tx, id, now).await })).await;
        noted.inspect_err(|error| tracing::debug!(error = %crate::app::chain(error), "a token's use was not noted"))
    });
}

/// A new token of the command line: shown once, kept as a hash.
pub async fn create_token(app: &App, site: Option<SiteId>, scope: Scope, label: &str, expires_at: Option<Time>) -> Outcome<String> {
    add(app, site, None, scope, label.to_owned(), expires_at).await.map(|(_, secret)| secret)
}

async fn add(app: &App, site: Option<SiteId>, admin: Option<AdminId>, scope: Scope, label: String, expires_at: Option<Time>) -> Outcome<(TokenId, String)> {
    let (now, secret) = (app.clock.now(), keys::new_token("jt", app.chance.as_ref()));
    let (id, hash) = (TokenId::new(new_id(now, app.chance.as_ref())), keys::hash(&secret));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let new = NewToken { id, site, admin, hash, scope: scope.as_str(), label: &label, created_at: now, expires_at };
                Ok::<_, super::No>(access::add_token(tx, &new).await?)
            })
        })
        .await?;
    Ok((id, secret))
}

/// A token made by somebody for others: no wider, and good no longer, than they are themselves.
pub async fn make_token(app: &App, site: &Site, by: &Bearer, new: jiwar_wire::access::NewToken) -> Outcome<TokenMade> {
    let now = app.clock.now();
    let label = input::DisplayName::parse(&new.label).map_err(|fault| Refusal::Invalid(vec![FieldError { pointer: "/label".into(), ..fault }]))?;
    if new.scope > by.scope {
        return Err(Refusal::ScopeMissing.into());
    }
    if new.expires_at.is_some_and(|at| at <= now) {
        return Err(Refusal::field("/expires_at", FieldCode::OutOfRange).into());
    }
    let expires_at = [new.expires_at, by.expires_at].into_iter().flatten().min();
    let (id, secret) = add(app, Some(site.id), by.admin, new.scope, label.as_str().to_owned(), expires_at).await?;
    let token = access::token_by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    Ok(TokenMade { token: shown(&token)?, secret })
}

/// A site's tokens, the newest first, without their secrets.
pub async fn tokens(app: &App, site: &Site) -> Outcome<Tokens> {
    let tokens = access::tokens(&app.db, site.id).await?.iter().map(shown).collect::<Result<_, _>>()?;
    Ok(Tokens { tokens })
}

/// Ends a token for good.
pub async fn end_token(app: &App, site: &Site, id: TokenId) -> Outcome<()> {
    let (site, now) = (site.id, app.clock.now());
    let ended: bool = app.db.write(move |tx| Box::pin(async move { Ok::<_, super::No>(access::end_token(tx, site, id, now).await?) })).await?;
    if ended { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

fn shown(token: &access::Token) -> crate::store::Result<Token> {
    Ok(Token {
        id: TokenId::new(token.id),
        label: token.label.clone(),
        scope: Scope::parse(&token.scope).ok_or(crate::store::Error::Impossible { table: "token", column: "scope" })?,
        created_at: Time(token.created_at),
        expires_at: token.expires_at.map(Time),
        used_at: token.used_at.map(Time),
        ended_at: token.ended_at.map(Time),
    })
}
