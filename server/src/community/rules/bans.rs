//! Bans with an end and a reason, and people who are trusted. A ban knows its
//! subject by an id or a keyed hash: no address is kept for it.

use super::{Writer, note};
use crate::{
    App,
    clock::new_id,
    community::{
        No, Outcome,
        cursor::{self, List},
        moderation,
    },
    store::{self, comments, log, people, rules as kept, sites::Site},
};
use jiwar_wire::{
    FieldCode, Refusal, Time,
    ids::{BanId, CommentId, LogId},
    input, limits,
    moderation::{Decision, DecisionInput, LogEntry},
    rules::{Ban, BanInput, BanKind, Bans, TrustInput},
};
use uuid::Uuid;

fn subject(kind: BanKind, key: &[u8]) -> String {
    key.iter().fold(format!("{}:", kind.as_str()), |text, byte| format!("{text}{byte:02x}"))
}

/// Says no to somebody who is banned by any of what we know of them.
pub(super) async fn refuse_banned(app: &App, site: &Site, writer: &Writer<'_>) -> Outcome<()> {
    let of = |kind, key: Option<&[u8]>| key.map(|key| subject(kind, key)).unwrap_or_default();
    let person = writer.person.map(|p| *p.id.as_bytes());
    let subjects = [of(BanKind::Person, person.as_ref().map(<[u8; 16]>::as_slice)), of(BanKind::Mail, writer.email_hash), of(BanKind::Network, writer.network)];
    match kept::ban_of(&app.db, site.id, subjects, writer.now).await? {
        Some(ban) => Err(Refusal::Banned { until: ban.ends_at.map(Time), reason: ban.reason }.into()),
        None => Ok(()),
    }
}

/// Whether somebody is banned by any of what we know of them.
pub async fn is_banned(app: &App, site: &Site, writer: &Writer<'_>) -> store::Result<bool> {
    match refuse_banned(app, site, writer).await {
        Ok(()) => Ok(false),
        Err(No::Refused(Refusal::Banned { .. })) => Ok(true),
        Err(No::Refused(_)) => Err(store::Error::Busy),
        Err(No::Broken(error)) => Err(error),
    }
}

/// Bans the writer of a comment.
pub async fn ban(app: &App, site: &Site, by: &str, input: BanInput) -> Outcome<Ban> {
    let now = app.clock.now();
    let reason = input::reason(input.reason.as_deref()).map_err(|fault| Refusal::Invalid(vec![fault]))?;
    if input.until.is_some_and(|until| until <= now) {
        return Err(Refusal::field("/until", FieldCode::OutOfRange).into());
    }
    let row = comments::by_id(&app.db, site.id, input.comment).await?.ok_or(Refusal::NotFound)?;
    let person = row.person().ok_or(Refusal::Gone)?;
    let key = match input.kind {
        BanKind::Person => Some(person.uuid().as_bytes().to_vec()),
        BanKind::Mail => people::by_id(&app.db, site.id, person).await?.and_then(|p| p.email_hash),
        BanKind::Network => kept::network_of(&app.db, site.id, input.comment).await?,
    };
    // They gave no address, or the network was forgotten by now.
    let key = key.ok_or_else(|| Refusal::field("/kind", FieldCode::NotAChoice))?;
    let made = kept::Ban {
        id: new_id(now, app.chance.as_ref()),
        subject: subject(input.kind, &key),
        name: row.author_name.clone(),
        reason: reason.clone(),
        by_whom: by.into(),
        created_at: now.0,
        ends_at: input.until.map(|until| until.0),
    };
    // By the same id the log finds its ban again.
    let entry =
        LogEntry { id: LogId::new(made.id), comment_id: Some(input.comment), subject: Some(BanId::new(made.id).to_string()), ..note(app, by, "ban", reason) };
    let (id, kept_ban) = (site.id, made.clone());
    let done: store::Result<()> = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                kept::add_ban(tx, id, &kept_ban).await?;
                log::add(tx, id, &entry).await
            })
        })
        .await;
    done?;
    if input.remove_pending {
        let waiting = kept::pending_of(&app.db, site.id, person).await?;
        let remove = |id| DecisionInput { id, decision: Decision::Remove, reason: made.reason.clone(), expected: None };
        moderation::decide(app, site, by, waiting.into_iter().map(remove).collect()).await?;
    }
    Ok(shown(made))
}

fn shown(ban: kept::Ban) -> Ban {
    let kind = ban.subject.split(':').next().and_then(BanKind::parse).unwrap_or(BanKind::Person);
    Ban { id: BanId::new(ban.id), kind, name: ban.name, reason: ban.reason, by: ban.by_whom, created_at: Time(ban.created_at), until: ban.ends_at.map(Time) }
}

/// One ban, also one that is over.
pub async fn one_ban(app: &App, site: &Site, id: BanId) -> store::Result<Option<Ban>> {
    Ok(kept::ban(&app.db, site.id, id).await?.map(shown))
}

/// Bans that hold, the newest first.
pub async fn bans(app: &App, site: &Site, cursor: Option<&str>, limit: Option<u32>) -> Outcome<Bans> {
    let before = match cursor {
        Some(text) => Uuid::from_slice(&cursor::read(&app.keys, List::Bans, site.id.uuid(), text)?).map_err(|_| Refusal::BadCursor)?,
        None => Uuid::max(),
    };
    let limit = i64::from(limit.unwrap_or(50).clamp(1, limits::PAGE_MAX));
    let mut rows = kept::bans(&app.db, site.id, BanId::new(before), app.clock.now(), limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Bans, site.id.uuid(), last.id.as_bytes()));
    Ok(Bans { bans: rows.into_iter().map(shown).collect(), next })
}

/// Ends a ban before its time.
pub async fn lift(app: &App, site: &Site, by: &str, ban: BanId) -> Outcome<()> {
    let (now, id, entry) = (app.clock.now(), site.id, LogEntry { subject: Some(ban.to_string()), ..note(app, by, "unban", None) });
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if !kept::lift(tx, id, ban, now).await? {
                    return Err(Refusal::NotFound.into());
                }
                Ok::<_, No>(log::add(tx, id, &entry).await?)
            })
        })
        .await
}

/// Trusts somebody, or no longer. The log shows the comment that gave the occasion, if one did.
pub async fn trust(app: &App, site: &Site, by: &str, input: TrustInput, occasion: Option<CommentId>) -> Outcome<()> {
    people::by_id(&app.db, site.id, input.person).await?.ok_or(Refusal::NotFound)?;
    let (now, id, by) = (app.clock.now(), site.id, by.to_owned());
    let action = if input.trusted { "trust" } else { "distrust" };
    let entry = LogEntry { comment_id: occasion, subject: Some(input.person.to_string()), ..note(app, &by, action, None) };
    let done: store::Result<()> = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let changed = if input.trusted { kept::trust(tx, id, input.person, &by, now).await? } else { kept::distrust(tx, id, input.person).await? };
                if changed { log::add(tx, id, &entry).await } else { Ok(()) }
            })
        })
        .await;
    Ok(done?)
}
