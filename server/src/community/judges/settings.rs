//! What an admin sets about judges. Secrets come in or go out once, and are kept sealed.

use super::{AKISMET, AKISMET_NAME, WEBHOOK, akismet as protocol, host, key_of, outside::Secrets, queue, read_notice, values};
use crate::{
    App,
    community::{No, Outcome, rules},
    outgoing::Target,
    store::{Tx, jobs, judges, log, sites::Site},
};
use jiwar_wire::{
    FieldCode, Refusal, Time,
    ids::SiteId,
    judges::{Akismet, AkismetInput, AkismetSettings, Judges, Outside, OutsideSettings},
};

/// What is set about Akismet, what it said last, and what it counts.
pub async fn akismet(app: &App, site: &Site) -> Outcome<Akismet> {
    show_akismet(app, site, site.judges.akismet.clone()).await
}

async fn show_akismet(app: &App, site: &Site, settings: Option<AkismetSettings>) -> Outcome<Akismet> {
    let judge = judges::of(&app.db, site.id, AKISMET).await?;
    let (Some(settings), Some(judge)) = (settings, judge) else { return Ok(Akismet::default()) };
    let usage = match key_of(app, &judge) {
        Some(key) => protocol::usage(app, &key, app.config.judge_timeout).await,
        None => None,
    };
    Ok(Akismet { on: true, settings, set_at: Some(Time(judge.set_at)), stopped: judge.stopped, notice: read_notice(&judge), usage })
}

/// Switches Akismet on, or changes what is set, when it says that the key is good.
pub async fn set_akismet(app: &App, site: &Site, by: &str, input: AkismetInput) -> Outcome<Akismet> {
    let kept = judges::of(&app.db, site.id, AKISMET).await?;
    let key = match (&input.key, &kept) {
        (Some(typed), _) => protocol::clean_key(typed).ok_or(Refusal::KeyRefused { help: None })?.to_owned(),
        (None, Some(kept)) => key_of(app, kept).ok_or_else(|| Refusal::field("/key", FieldCode::Required))?,
        (None, None) => return Err(Refusal::field("/key", FieldCode::Required).into()),
    };
    let lang = match input.lang.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => Some(protocol::clean_lang(text).ok_or_else(|| Refusal::field("/lang", FieldCode::NotAChoice))?),
        None => None,
    };
    match protocol::verify(app, &key, &values::blog(app, site), app.config.outgoing_timeout).await {
        Some(protocol::Key::Good) => {}
        Some(protocol::Key::Bad(help)) => return Err(Refusal::KeyRefused { help }.into()),
        None => return Err(Refusal::NoAnswer.into()),
    }
    let settings = AkismetSettings { email: input.email, lang, unanswered: input.unanswered, test: input.test };
    let (new, sealed) = (settings.clone(), app.keys.seal_judge(key.as_bytes(), app.chance.as_ref()));
    change(app, site, by, ("judge-on", AKISMET_NAME.into()), Secret::Set(AKISMET, sealed), move |judges| judges.akismet = Some(new)).await?;
    app.filter.breaker.forget(site.id, AKISMET);
    show_akismet(app, site, Some(settings)).await
}

/// What is set about the site's own judge.
pub async fn outside(app: &App, site: &Site) -> Outcome<Outside> {
    show_outside(app, site, site.judges.webhook.clone(), None).await
}

async fn show_outside(app: &App, site: &Site, settings: Option<OutsideSettings>, secret: Option<String>) -> Outcome<Outside> {
    let judge = judges::of(&app.db, site.id, WEBHOOK).await?;
    let (Some(settings), Some(judge)) = (settings, judge) else { return Ok(Outside::default()) };
    let secrets = Secrets::open(app, &judge.sealed).map_or(0, |secrets| secrets.good(app.clock.now()).len());
    let secrets = u32::try_from(secrets).unwrap_or(u32::MAX);
    Ok(Outside { settings: Some(settings), set_at: Some(Time(judge.set_at)), secrets, notice: read_notice(&judge), secret })
}

/// Sets the site's own judge. The first time its secret is in the answer.
pub async fn set_outside(app: &App, site: &Site, by: &str, input: OutsideSettings) -> Outcome<Outside> {
    let url = Target::parse(&input.url, app.outgoing.reach).map_err(|code| Refusal::field("/url", code))?.as_str().to_owned();
    let settings = OutsideSettings { url, ..input };
    let kept = judges::of(&app.db, site.id, WEBHOOK).await?.and_then(|judge| Secrets::open(app, &judge.sealed));
    let (secrets, shown) = match kept {
        Some(secrets) => (secrets, None),
        None => {
            let new = Secrets::new(app);
            let shown = new.shown();
            (new, Some(shown))
        }
    };
    let new = settings.clone();
    change(app, site, by, ("judge-on", host(&settings.url)), Secret::Set(WEBHOOK, secrets.seal(app)), move |judges| judges.webhook = Some(new)).await?;
    app.filter.breaker.forget(site.id, WEBHOOK);
    show_outside(app, site, Some(settings), shown).await
}

/// Another secret. For a day questions are signed with the one before as well.
pub async fn rotate(app: &App, site: &Site) -> Outcome<Outside> {
    let judge = judges::of(&app.db, site.id, WEBHOOK).await?.ok_or(Refusal::NotFound)?;
    let secrets = Secrets::open(app, &judge.sealed).map_or_else(|| Secrets::new(app), |secrets| secrets.another(app));
    let (id, sealed, now) = (site.id, secrets.seal(app), app.clock.now());
    let done: crate::store::Result<()> = app.db.write(move |tx| Box::pin(async move { judges::set(tx, id, WEBHOOK, sealed, now).await })).await;
    done?;
    show_outside(app, site, site.judges.webhook.clone(), Some(secrets.shown())).await
}

/// Switches a judge off, and forgets its secret and everything that is kept for it. Idempotent.
pub async fn end(app: &App, site: &Site, by: &str, name: &'static str) -> Outcome<()> {
    if judges::of(&app.db, site.id, name).await?.is_none() {
        return Ok(());
    }
    let called = if name == AKISMET { AKISMET_NAME.into() } else { site.judges.webhook.as_ref().map(|it| host(&it.url)).unwrap_or_default() };
    change(
        app,
        site,
        by,
        ("judge-off", called),
        Secret::Forget(name),
        move |judges| if name == AKISMET { judges.akismet = None } else { judges.webhook = None },
    )
    .await
}

/// What becomes of a judge's secret.
enum Secret {
    Set(&'static str, Vec<u8>),
    Forget(&'static str),
}

impl Secret {
    async fn keep(self, tx: &mut Tx, site: SiteId, now: Time) -> crate::store::Result<()> {
        match self {
            Self::Set(name, sealed) => {
                if name == AKISMET {
                    jobs::hurry(&mut *tx, queue::target(site), now).await?;
                }
                judges::set(tx, site, name, sealed, now).await
            }
            Self::Forget(name) => {
                if name == AKISMET {
                    jobs::drop_all(&mut *tx, queue::target(site)).await?;
                    judges::erase_all(tx, site).await?;
                }
                judges::end(tx, site, name).await
            }
        }
    }
}

/// Changes what is set, with a line in the log, and tells every server.
async fn change(
    app: &App,
    site: &Site,
    by: &str,
    (action, reason): (&str, String),
    secret: Secret,
    set: impl FnOnce(&mut Judges) + Send + 'static,
) -> Outcome<()> {
    let (id, now, entry) = (site.id, app.clock.now(), rules::note(app, by, action, Some(reason)));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let mut judges = judges::lock(tx, id).await?.ok_or(Refusal::UnknownSite)?;
                set(&mut judges);
                secret.keep(tx, id, now).await?;
                judges::change(tx, id, &judges).await?;
                Ok::<_, No>(log::add(tx, id, &entry).await?)
            })
        })
        .await?;
    app.changed(site.id, "");
    Ok(())
}
