//! Judges outside of this server: Akismet, and one of the site's own. Off unless an
//! admin sets them. They are asked before the act, with a short patience and no lock
//! held; each is one signal among the filter's, and can hold back but never let in.

mod akismet;
mod breaker;
mod outside;
mod queue;
mod settings;
mod values;

pub use breaker::Breaker;
pub use queue::{decided, deliver, is_ours};
pub use settings::{akismet, end, outside, rotate, set_akismet, set_outside};

use super::filter;
use crate::{
    App,
    spam::{Evidence, Said, Signal},
    store::{
        self, Tx, judges,
        judges::{Judge, Word},
        sites::Site,
    },
};
use akismet::{Opinion, Reply};
use jiwar_wire::{
    Time,
    ids::CommentId,
    input,
    judges::{JudgeNotice, Unanswered},
    site::OutsideJudge,
};
use std::{future::Future, time::Duration};
use unicode_segmentation::UnicodeSegmentation;
use values::Values;

/// Names of the judges, as they are kept.
pub const AKISMET: &str = "akismet";
pub const WEBHOOK: &str = "webhook";
/// How Akismet is called before people.
const AKISMET_NAME: &str = "Akismet";

/// What a browser said beside the form.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub agent: Option<String>,
    pub referrer: Option<String>,
    /// What stands in the field that people do not see; none when the form has no such field.
    pub decoy: Option<String>,
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Way<'a> {
    New(&'a Told),
    /// Another text of a public comment.
    Edit,
}

/// What the judges said, for the filter and for the act.
#[derive(Debug, Default)]
pub struct Heard {
    pub evidence: Vec<Evidence>,
    /// Akismet did not answer, and the site wants its comments to wait for it.
    pub waits: bool,
    pub referral: Option<Referral>,
}

/// What is to be kept of a question to Akismet.
#[derive(Debug)]
pub struct Referral {
    /// The very first values; of an edited comment they are there already.
    sealed: Option<Vec<u8>>,
    said: Option<Word>,
}

impl Referral {
    /// Keeps it in the act that keeps the comment. Where there was no answer, it is asked again later.
    pub async fn keep(&self, tx: &mut Tx, site: &Site, comment: CommentId, now: Time) -> store::Result<()> {
        match (&self.sealed, self.said) {
            (Some(sealed), said) => judges::refer(tx, site.id, comment, sealed.clone(), said, now).await?,
            (None, Some(said)) => judges::answered(tx, site.id, comment, said).await?,
            (None, None) => {}
        }
        if self.said.is_none() { queue::recheck_later(tx, site, comment, now).await } else { Ok(()) }
    }
}

/// Asks the site's judges, both at once.
pub async fn ask(app: &App, site: &Site, asked: &filter::Asked<'_>) -> store::Result<Heard> {
    let Some(way) = asked.outside.filter(|_| !site.judges.is_empty()) else { return Ok(Heard::default()) };
    let place = values::place(app, site, asked).await?;
    let own = async {
        let Some(settings) = &site.judges.webhook else { return Ok(None) };
        let told = if let Way::New(told) = way { Some(told) } else { None };
        let said = outside::ask(app, site, settings, asked, told, &place).await?;
        let (said, reason) = said.unwrap_or((Said::Silent, None));
        Ok::<_, store::Error>(Some(evidence(&host(&settings.url), said, reason)))
    };
    let (heard, own) = tokio::join!(ask_akismet(app, site, asked, way, &place), own);
    let mut heard = heard?;
    heard.evidence.extend(own?);
    Ok(heard)
}

async fn ask_akismet(app: &App, site: &Site, asked: &filter::Asked<'_>, way: Way<'_>, place: &values::Place) -> store::Result<Heard> {
    let Some(settings) = &site.judges.akismet else { return Ok(Heard::default()) };
    let (values, sealed, recheck) = match way {
        Way::New(told) => {
            let values = values::of(app, site, settings, asked, told, place);
            let sealed = values.seal(app);
            (values, Some(sealed), None)
        }
        Way::Edit => {
            // Without the address that it was written from there is nothing that Akismet would answer.
            let kept = judges::referral(&app.db, site.id, asked.id).await?;
            let Some(values) = kept.and_then(|kept| Values::open(app, &kept.sealed)) else { return Ok(Heard::default()) };
            (values.about(asked.new.body.as_str()), None, Some("edit"))
        }
    };
    let opinion = talk(app, site, |key| consult(app, key, &values, recheck, app.config.judge_timeout)).await?;
    Ok(Heard {
        evidence: vec![evidence(AKISMET_NAME, opinion.map_or(Said::Silent, said), None)],
        waits: opinion.is_none() && settings.unanswered == Unanswered::Hold,
        referral: Some(Referral { sealed, said: opinion.map(word) }),
    })
}

async fn consult(app: &App, key: String, values: &Values, recheck: Option<&str>, patience: Duration) -> Reply<Opinion> {
    akismet::check(app, &key, values, recheck, patience).await
}

/// Says something to Akismet, unless it rests or refused the account. None when there was no answer.
async fn talk<T, F: Future<Output = Reply<T>>>(app: &App, site: &Site, say: impl FnOnce(String) -> F) -> store::Result<Option<T>> {
    let Some(judge) = judges::of(&app.db, site.id, AKISMET).await?.filter(|judge| !judge.stopped) else { return Ok(None) };
    let Some(key) = key_of(app, &judge) else { return Ok(None) };
    let Some(turn) = app.filter.breaker.turn(site.id, AKISMET, app.clock.now()) else { return Ok(None) };
    let reply = say(key).await;
    let rests = turn.over(reply.answered, app.clock.now());
    // Silence is told when it lasts, words at once.
    if let Some(notice) = reply.notice.filter(|_| reply.answered || rests) {
        note(app, site, AKISMET, &judge, notice, reply.stop).await?;
    }
    Ok(reply.said)
}

fn key_of(app: &App, judge: &Judge) -> Option<String> {
    String::from_utf8(app.keys.open_judge(&judge.sealed)?).ok()
}

/// Keeps what a judge said to the admin, when it is something else than before.
async fn note(app: &App, site: &Site, name: &'static str, judge: &Judge, notice: JudgeNotice, stop: bool) -> store::Result<()> {
    let before = read_notice(judge);
    if !stop && before.is_some_and(|before| (before.code, before.text) == (notice.code.clone(), notice.text.clone())) {
        return Ok(());
    }
    let (id, text) = (site.id, serde_json::to_string(&notice).unwrap_or_default());
    app.db.write(move |tx| Box::pin(async move { judges::note(tx, id, name, &text, stop).await })).await
}

fn read_notice(judge: &Judge) -> Option<JudgeNotice> {
    serde_json::from_str(judge.notice.as_deref()?).ok()
}

fn evidence(judge: &str, said: Said, reason: Option<String>) -> Evidence {
    Evidence::new(Signal::Judged { judge: judge.into(), said, reason }, said.weight())
}

const fn said(opinion: Opinion) -> Said {
    match opinion {
        Opinion::Ham => Said::Publish,
        Opinion::Spam => Said::Spam,
        Opinion::Blatant => Said::Blatant,
    }
}

const fn word(opinion: Opinion) -> Word {
    match opinion {
        Opinion::Ham => Word::Ham,
        Opinion::Spam | Opinion::Blatant => Word::Spam,
    }
}

/// Who reads along, for the form.
pub fn named(site: &Site) -> Vec<OutsideJudge> {
    let akismet = site.judges.akismet.as_ref().map(|it| OutsideJudge { name: AKISMET_NAME.into(), email: it.email, address: true });
    let own = site.judges.webhook.as_ref().map(|it| OutsideJudge { name: host(&it.url), email: it.email, address: it.address });
    akismet.into_iter().chain(own).collect()
}

/// The host alone: addresses are often secrets themselves.
fn host(url: &str) -> String {
    url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Somebody else's text as one line of at most so many letters.
fn plain(text: &str, letters: usize) -> String {
    let line = input::clean_line(text);
    let mut out = String::new();
    for letter in line.graphemes(true).take(letters) {
        // Marks piled on one letter are one letter, and take room all the same.
        if out.len() + letter.len() > letters * 8 {
            break;
        }
        out.push_str(letter);
    }
    out
}
