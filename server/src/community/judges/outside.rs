//! A judge of the site's own: asked with a signed message, as webhooks are (Standard
//! Webhooks 1.0). It answers in time, or what the filter and the rules say stands.

use super::{Told, WEBHOOK, values::Place};
use crate::{
    App,
    clock::{new_id, random},
    community::{filter, webhooks},
    outgoing::{Answer, Call, CallError, Target},
    spam::Said,
    store::{self, judges, sites::Site},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiwar_wire::{
    Time,
    judges::{Asked, JudgeNotice, Opinion, OpinionVerdict, OutsideSettings, Question},
};
use serde::{Deserialize, Serialize};

/// How long questions are signed with the secret before the last as well.
const ROTATION_MS: i64 = 24 * 3600 * 1000;
/// Letters of a reason that are kept.
const REASON: usize = 200;

/// The secrets, as they are sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Secrets {
    now: String,
    before: Option<(String, Time)>,
}

impl Secrets {
    pub fn new(app: &App) -> Self {
        let key: [u8; 32] = random(app.chance.as_ref());
        Self { now: STANDARD.encode(key), before: None }
    }

    /// Another one; the one before is good for a day.
    #[must_use]
    pub fn another(self, app: &App) -> Self {
        Self { before: Some((self.now, Time(app.clock.now().0 + ROTATION_MS))), ..Self::new(app) }
    }

    pub fn open(app: &App, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&app.keys.open_judge(sealed)?).ok()
    }

    pub fn seal(&self, app: &App) -> Vec<u8> {
        app.keys.seal_judge(&serde_json::to_vec(self).unwrap_or_default(), app.chance.as_ref())
    }

    /// The newest as it is shown, once.
    pub fn shown(&self) -> String {
        format!("{}{}", webhooks::PREFIX, self.now)
    }

    /// Those that are good now, the newest first.
    pub fn good(&self, now: Time) -> Vec<Vec<u8>> {
        let before = self.before.as_ref().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
        std::iter::once(&self.now).chain(before).filter_map(|secret| STANDARD.decode(secret).ok()).collect()
    }
}

/// What the judge says, with its reason. None when it is not to be asked now, or did not answer.
pub async fn ask(
    app: &App,
    site: &Site,
    settings: &OutsideSettings,
    asked: &filter::Asked<'_>,
    told: Option<&Told>,
    place: &Place,
) -> store::Result<Option<(Said, Option<String>)>> {
    let now = app.clock.now();
    let Some(judge) = judges::of(&app.db, site.id, WEBHOOK).await? else { return Ok(None) };
    let Some(secrets) = Secrets::open(app, &judge.sealed) else { return Ok(None) };
    let Some(turn) = app.filter.breaker.turn(site.id, WEBHOOK, now) else { return Ok(None) };
    let question = serde_json::to_string(&question(site, settings, asked, told, place)).unwrap_or_default();
    let answer = post(app, settings, &secrets, question).await;
    let said = answer.as_ref().ok().and_then(read);
    let rests = turn.over(said.is_some(), app.clock.now());
    if rests {
        let notice = match answer {
            Ok(answer) => JudgeNotice { at: now, code: "not-understood".into(), text: format!("HTTP {}", answer.status) },
            Err(error) => JudgeNotice { at: now, code: "no-answer".into(), text: error.to_string() },
        };
        super::note(app, site, WEBHOOK, &judge, notice, false).await?;
    }
    Ok(said)
}

fn question(site: &Site, settings: &OutsideSettings, asked: &filter::Asked<'_>, told: Option<&Told>, place: &Place) -> Question {
    let (new, writer) = (asked.new, &asked.new.writer);
    let data = Asked {
        site: site.key.clone(),
        page_id: new.page.key.to_string(),
        page_url: place.url.clone(),
        id: asked.id,
        parent_id: new.parent,
        name: writer.name.as_str().into(),
        website: writer.website.as_ref().map(|w| w.as_str().into()),
        body: new.body.as_str().into(),
        edited: told.is_none(),
        email: writer.email.as_ref().filter(|_| settings.email).map(|e| e.as_str().into()),
        address: asked.address.filter(|_| settings.address).map(|a| a.to_canonical().to_string()),
        user_agent: told.and_then(|told| told.agent.as_deref()).filter(|_| settings.address).map(|agent| super::plain(agent, 500)),
    };
    Question { kind: "comment.judge", timestamp: asked.now, data }
}

async fn post(app: &App, settings: &OutsideSettings, secrets: &Secrets, body: String) -> Result<Answer, CallError> {
    let now = app.clock.now();
    let to = Target::parse(&settings.url, app.outgoing.reach).map_err(|_| CallError::Inward)?;
    let (id, seconds) = (format!("msg_{}", new_id(now, app.chance.as_ref()).simple()), now.0.div_euclid(1000));
    let signatures: Vec<String> = secrets.good(now).iter().map(|secret| webhooks::signature(secret, &id, seconds, &body)).collect();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ];
    app.outgoing.post_within(Call { to: &to, headers: &headers, body }, app.config.judge_timeout).await
}

/// An answer that says one of the three words. The reason is somebody's text: plain, and no longer than a line.
fn read(answer: &Answer) -> Option<(Said, Option<String>)> {
    if !(200..300).contains(&answer.status) {
        return None;
    }
    let opinion: Opinion = serde_json::from_slice(&answer.body).ok()?;
    let said = match opinion.verdict {
        OpinionVerdict::Publish => Said::Publish,
        OpinionVerdict::Hold => Said::Hold,
        OpinionVerdict::Spam => Said::Spam,
    };
    Some((said, opinion.reason.map(|reason| super::plain(&reason, REASON)).filter(|reason| !reason.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(status: u16, body: &str) -> Option<(Said, Option<String>)> {
        read(&Answer { status, headers: http::HeaderMap::new(), body: body.into() })
    }

    #[test]
    fn three_words_and_nothing_else() {
        assert_eq!(answer(200, r#"{"verdict":"publish"}"#), Some((Said::Publish, None)));
        assert_eq!(answer(200, r#"{"verdict":"hold","reason":" a\nb ","more":1}"#), Some((Said::Hold, Some("a b".into()))));
        assert_eq!(answer(202, r#"{"verdict":"spam","reason":""}"#), Some((Said::Spam, None)));
        for (status, body) in [
            (200, ""),
            (200, "spam"),
            (200, r#"{"verdict":"blatant"}"#),
            (200, r#"{"verdict":"spam"}x"#),
            (500, r#"{"verdict":"publish"}"#),
            (302, r#"{"verdict":"publish"}"#),
        ] {
            assert_eq!(answer(status, body), None, "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_reason_is_longer_than_a_line_or_turns_the_text(reason in "\\PC{0,400}") {
            let body = serde_json::json!({ "verdict": "spam", "reason": format!("\u{202e}{reason}\u{2066}\u{0}") }).to_string();
            let (_, reason) = answer(200, &body).unwrap();
            let reason = reason.unwrap_or_default();
            prop_assert!(!jiwar_wire::input::longer_than(&reason, REASON));
            let turning = ['\n', '\r', '\u{0}', '\u{202e}', '\u{2066}', '\u{2069}'];
            prop_assert!(!reason.contains(turning));
        }
    }
}
