//! The second factor of those who administer: an authenticator app, and ten
//! recovery codes for the day when the telephone is gone.

use super::{No, Outcome, sessions};
use crate::{
    App,
    clock::random,
    store::{self, Tx, second_factor, sessions::Session},
    totp,
};
use futures_util::future::BoxFuture;
use jiwar_wire::{Refusal, ids::AdminId};

/// Recovery codes made at once.
const CODES: usize = 10;

/// An authenticator that waits for its first code.
#[derive(Clone, Debug)]
pub struct Offer {
    /// To be typed where no picture can be taken.
    pub secret: String,
    /// The side of the QR code and the SVG path of its dark fields.
    pub picture: Option<(i32, String)>,
}

/// Whether codes are asked for.
pub async fn is_on(app: &App, admin: AdminId) -> Outcome<bool> {
    Ok(second_factor::find(&app.db, admin).await?.is_some_and(|f| f.confirmed_at.is_some()))
}

/// How many recovery codes are left.
pub async fn codes_left(app: &App, admin: AdminId) -> Outcome<i64> {
    Ok(second_factor::codes_left(&app.db, admin).await?)
}

/// Makes a new secret, which nothing depends on until it is confirmed.
pub async fn begin(app: &App, session: &Session) -> Outcome<()> {
    let secret: [u8; totp::SECRET_BYTES] = random(app.chance.as_ref());
    let (admin, now, sealed) = (session.admin(), app.clock.now(), app.keys.seal_factor(&secret, app.chance.as_ref()));
    app.db.write(move |tx| Box::pin(async move { Ok::<_, No>(second_factor::put(tx, admin, sealed, now).await?) })).await
}

/// The secret that was made and not confirmed yet.
pub async fn offered(app: &App, session: &Session) -> Outcome<Option<Offer>> {
    let found = second_factor::find(&app.db, session.admin()).await?.filter(|f| f.confirmed_at.is_none());
    let Some(secret) = found.and_then(|f| app.keys.open_factor(&f.sealed)) else { return Ok(None) };
    let account = sessions::myself(app, session).await?.email;
    let host = app.config.public_url.split("://").nth(1).unwrap_or(&app.config.public_url);
    let uri = totp::uri(&secret, &account, &format!("Jiwar {host}"));
    Ok(Some(Offer { secret: totp::base32(&secret), picture: totp::picture(&uri) }))
}

/// Switches the second factor on with the first code of its app. Gives the recovery codes, shown once,
/// and ends the sessions that were opened without it.
pub async fn confirm(app: &App, session: &Session, code: &str) -> Outcome<Vec<String>> {
    let (codes, hashes, now) = new_codes(app, session.admin());
    if is_on(app, session.admin()).await? {
        return Err(Refusal::NotFound.into());
    }
    with_code(app, session, code, move |tx, session| {
        Box::pin(async move {
            second_factor::confirm(tx, session.admin(), now).await?;
            second_factor::set_codes(tx, session.admin(), hashes).await?;
            store::sessions::end_others(tx, session.admin(), session.id()).await?;
            Ok(())
        })
    })
    .await?;
    Ok(codes)
}

/// New recovery codes; the old ones are void.
pub async fn renew_codes(app: &App, session: &Session, code: &str) -> Outcome<Vec<String>> {
    let (codes, hashes, _) = new_codes(app, session.admin());
    with_code(app, session, code, move |tx, session| Box::pin(async move { Ok(second_factor::set_codes(tx, session.admin(), hashes).await?) })).await?;
    Ok(codes)
}

/// Switches the second factor off.
pub async fn end(app: &App, session: &Session, code: &str) -> Outcome<()> {
    with_code(app, session, code, move |tx, session| Box::pin(async move { Ok(second_factor::end(tx, session.admin()).await?) })).await
}

fn new_codes(app: &App, admin: AdminId) -> (Vec<String>, Vec<Vec<u8>>, jiwar_wire::Time) {
    let codes: Vec<String> = (0..CODES).map(|_| spelled(random(app.chance.as_ref()))).collect();
    let hashes = codes.iter().map(|code| app.keys.recovery_hash(admin, &folded(code))).collect();
    (codes, hashes, app.clock.now())
}

/// 50 bits in letters that nobody mistakes for one another.
fn spelled(bytes: [u8; 10]) -> String {
    const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";
    let mut letters = bytes.iter().map(|b| char::from(LETTERS[usize::from(b & 31)]));
    let first: String = letters.by_ref().take(5).collect();
    format!("{first}-{}", letters.collect::<String>())
}

/// A recovery code however it was typed.
fn folded(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// What is done in the transaction that uses a code up.
type Then<T> = Box<dyn for<'t> FnOnce(&'t mut Tx, &'t Session) -> BoxFuture<'t, Outcome<T>> + Send>;

/// Uses a code up and does what it is for, or counts it as wrong.
pub(super) async fn with_code<T, F>(app: &App, session: &Session, code: &str, then: F) -> Outcome<T>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx, &'t Session) -> BoxFuture<'t, Outcome<T>> + Send + 'static,
{
    let (now, session, then) = (app.clock.now(), session.clone(), Box::new(then) as Then<T>);
    let kept = second_factor::find(&app.db, session.admin()).await?.ok_or(Refusal::NotFound)?;
    let secret = app.keys.open_factor(&kept.sealed).unwrap_or_default();
    let step = totp::step_of(&secret, code, now).filter(|_| !secret.is_empty());
    let recovery = app.keys.recovery_hash(session.admin(), &folded(code));
    let done = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let right = match step {
                    Some(step) => second_factor::use_step(tx, session.admin(), step).await?,
                    None => second_factor::use_code(tx, session.admin(), recovery, now).await?,
                };
                // A wrong code is counted, and so the act must be kept.
                if !right {
                    return Ok::<_, No>(Err(sessions::wrong(tx, &session).await?));
                }
                store::sessions::forgive(tx, session.id()).await?;
                Ok(Ok(then(tx, &session).await?))
            })
        })
        .await?;
    done.map_err(No::Refused)
}
