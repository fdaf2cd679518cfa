//! Akismet's protocol: questions as forms, answers as a word of plain text, and
//! HTTP 200 for errors too. What an answer means is decided by pure functions.

use super::values::Values;
use crate::{
    App,
    outgoing::{Answer, Call, CallError, Target},
};
use jiwar_wire::{
    Time, input,
    judges::{JudgeNotice, Usage},
    moderation::Decimal,
};
use serde::Deserialize;
use std::time::Duration;

/// Letters of what Akismet says that are kept.
const TEXT: usize = 300;
/// Bytes of an answer that may be meant.
const SENTENCE: usize = 200;
/// How Akismet thanks for a report.
const THANKS: &str = "Thanks for making the web a better place";

/// What Akismet thinks of a comment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opinion {
    Ham,
    Spam,
    /// `X-akismet-pro-tip: discard`: others would not even keep it. We do.
    Blatant,
}

/// An answer, as far as it is one.
#[derive(Debug)]
pub struct Reply<T> {
    /// None when there was no answer, or none that can be understood.
    pub said: Option<T>,
    /// For the admin.
    pub notice: Option<JudgeNotice>,
    /// The account is in trouble: asking on is of no use.
    pub stop: bool,
    /// Akismet spoke, be it to say that it will not judge.
    pub answered: bool,
}

/// Whether a key is good.
#[derive(Debug, PartialEq, Eq)]
pub enum Key {
    Good,
    /// With Akismet's own words, when it had any.
    Bad(Option<String>),
}

/// What is reported.
#[derive(Clone, Copy, Debug)]
pub struct Done;

/// `comment-check`.
pub async fn check(app: &App, key: &str, values: &Values, recheck: Option<&str>, patience: Duration) -> Reply<Opinion> {
    let answer = ask(app, "/1.1/comment-check", values.form(key, recheck), patience).await;
    read(answer, app.clock.now(), opinion)
}

/// `submit-spam` or `submit-ham`, with the very values of the first question.
pub async fn submit(app: &App, key: &str, values: &Values, spam: bool, patience: Duration) -> Reply<Done> {
    let path = if spam { "/1.1/submit-spam" } else { "/1.1/submit-ham" };
    read(ask(app, path, values.form(key, None), patience).await, app.clock.now(), |answer| word(answer)?.starts_with(THANKS).then_some(Done))
}

/// `verify-key`. Here the key's field is called `key`. None when there is no answer that can be understood.
pub async fn verify(app: &App, key: &str, blog: &str, patience: Duration) -> Option<Key> {
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("key", key).append_pair("blog", blog).finish();
    let answer = ask(app, "/1.1/verify-key", form, patience).await.ok().filter(|a| a.status == 200)?;
    match word(&answer)? {
        "valid" => Some(Key::Good),
        "invalid" => Some(Key::Bad(said_of(&answer, "x-akismet-debug-help").or_else(|| said_of(&answer, "x-akismet-alert-msg")))),
        _ => None,
    }
}

/// `usage-limit`. None when Akismet does not say.
pub async fn usage(app: &App, key: &str, patience: Duration) -> Option<Usage> {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("api_key", key).finish();
    let from = Target::parse(&format!("{}/1.2/usage-limit?{query}", app.config.akismet_url), app.outgoing.reach).ok()?;
    let answer = app.outgoing.get_within(&from, patience).await.ok().filter(|a| a.status == 200)?;
    read_usage(&answer.body)
}

async fn ask(app: &App, path: &str, form: String, patience: Duration) -> Result<Answer, CallError> {
    let to = Target::parse(&format!("{}{path}", app.config.akismet_url), app.outgoing.reach).map_err(|_| CallError::Inward)?;
    let headers = [("content-type", "application/x-www-form-urlencoded; charset=UTF-8".to_owned())];
    app.outgoing.post_within(Call { to: &to, headers: &headers, body: form }, patience).await
}

/// What an answer means. An alert can ride along with a good one, and changes nothing about it.
fn read<T>(answer: Result<Answer, CallError>, at: Time, meaning: impl FnOnce(&Answer) -> Option<T>) -> Reply<T> {
    let note = |code: &str, text: String| Some(JudgeNotice { at, code: code.into(), text });
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Reply { said: None, notice: note("no-answer", error.to_string()), stop: false, answered: false },
    };
    let said = if answer.status == 200 { meaning(&answer) } else { None };
    let error = said_of(&answer, "x-akismet-error");
    let message = said_of(&answer, "x-akismet-alert-msg").or_else(|| said_of(&answer, "x-akismet-debug-help"));
    let notice = match (said_of(&answer, "x-akismet-alert-code"), &error, message) {
        (Some(code), _, message) => note(&code, message.or_else(|| error.clone()).unwrap_or_default()),
        (None, Some(error), message) => note(error, message.unwrap_or_default()),
        (None, None, Some(message)) => note("help", message),
        (None, None, None) if said.is_none() => note("not-understood", format!("HTTP {}", answer.status)),
        (None, None, None) => None,
    };
    let answered = said.is_some() || (answer.status == 200 && word(&answer) == Some("invalid"));
    Reply { stop: error.is_some() && said.is_none(), said, notice, answered }
}

fn opinion(answer: &Answer) -> Option<Opinion> {
    match word(answer)? {
        "false" => Some(Opinion::Ham),
        "true" if answer.header("x-akismet-pro-tip").is_some_and(|tip| tip.trim() == "discard") => Some(Opinion::Blatant),
        "true" => Some(Opinion::Spam),
        _ => None,
    }
}

/// The body as a word or a short sentence; what is longer is something else, whatever it begins with.
fn word(answer: &Answer) -> Option<&str> {
    std::str::from_utf8(answer.body.get(..SENTENCE).map_or(answer.body.as_slice(), |_| b"")).ok().map(str::trim)
}

/// A header of Akismet's as plain text that can be shown.
fn said_of(answer: &Answer, header: &str) -> Option<String> {
    Some(super::plain(answer.header(header)?, TEXT)).filter(|text| !text.is_empty())
}

/// A number, the word `none`, or a number as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Number(f64),
    Text(String),
}

impl Loose {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(*n),
            Self::Text(text) => text.trim().parse().ok(),
        }
        .filter(|n: &f64| n.is_finite() && *n >= 0.0)
    }
}

#[derive(Deserialize)]
struct Spent {
    limit: Option<Loose>,
    usage: Loose,
    percentage: Option<Loose>,
    #[serde(default)]
    throttled: bool,
}

fn read_usage(body: &[u8]) -> Option<Usage> {
    let spent: Spent = serde_json::from_slice(body).ok()?;
    Some(Usage {
        limit: spent.limit.and_then(|limit| limit.number()).map(|n| n as u64),
        usage: spent.usage.number()? as u64,
        percentage: Decimal::from(spent.percentage.and_then(|p| p.number()).unwrap_or_default()),
        throttled: spent.throttled,
    })
}

/// A key as it is typed: what no header or form could carry is none.
pub fn clean_key(text: &str) -> Option<&str> {
    let key = text.trim();
    ((1..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))).then_some(key)
}

/// Languages as Akismet wants them: ISO 639-1, with commas.
pub fn clean_lang(text: &str) -> Option<String> {
    let parts: Vec<String> = text.split(',').map(|part| part.trim().to_lowercase()).collect();
    let good = parts.len() <= 10 && parts.iter().all(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase()));
    good.then(|| input::clean_line(&parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let headers = headers.iter().map(|(n, v)| (n.parse::<http::HeaderName>().unwrap(), http::HeaderValue::from_str(v).unwrap())).collect();
        Answer { status, headers, body: body.into() }
    }

    fn checked(status: u16, headers: &[(&'static str, &str)], body: &str) -> Reply<Opinion> {
        read(Ok(answer(status, headers, body)), Time(7), opinion)
    }

    #[test]
    fn only_two_words_are_verdicts() {
        assert_eq!(checked(200, &[], "true\n").said, Some(Opinion::Spam));
        assert_eq!(checked(200, &[], "false").said, Some(Opinion::Ham));
        assert_eq!(checked(200, &[("x-akismet-pro-tip", "discard")], "true").said, Some(Opinion::Blatant));
        assert_eq!(checked(200, &[("x-akismet-pro-tip", "discard")], "false").said, Some(Opinion::Ham));
        let long = format!("false{}", " ".repeat(SENTENCE));
        for (status, body) in [
            (200, long.as_str()),
            (200, ""),
            (200, "TRUE"),
            (200, "truefalse"),
            (200, "<html>true</html>"),
            (500, "false"),
            (429, ""),
            (302, "false"),
            (201, "false"),
        ] {
            let reply = checked(status, &[], body);
            assert!(reply.said.is_none() && !reply.stop, "{status} {body}");
            assert_eq!(reply.notice.unwrap().code, "not-understood");
        }
        let silent: Reply<Opinion> = read(Err(CallError::TooSlow), Time(7), opinion);
        assert_eq!((silent.said, silent.notice.unwrap().code.as_str()), (None, "no-answer"));
    }

    #[test]
    fn alerts_ride_along_and_errors_stop() {
        let alert = [("x-akismet-alert-code", "10003"), ("x-akismet-alert-msg", "Your plan\tdoes not cover this use")];
        let reply = checked(200, &alert, "false");
        assert_eq!((reply.said, reply.stop), (Some(Opinion::Ham), false));
        assert_eq!(reply.notice, Some(JudgeNotice { at: Time(7), code: "10003".into(), text: "Your plan does not cover this use".into() }));
        let suspended = checked(200, &[("x-akismet-error", "suspended"), ("x-akismet-alert-code", "10010"), ("x-akismet-alert-msg", "x")], "invalid");
        assert!(suspended.said.is_none() && suspended.stop);
        let missing = checked(200, &[("x-akismet-debug-help", "Empty \"user_ip\" value")], "invalid");
        assert!(missing.said.is_none() && !missing.stop);
        assert_eq!(missing.notice.unwrap().text, "Empty \"user_ip\" value");
        let long = checked(200, &[("x-akismet-debug-help", &"a".repeat(5000))], "invalid");
        assert_eq!(long.notice.unwrap().text.len(), TEXT);
    }

    #[test]
    fn a_plan_without_a_limit_says_a_word() {
        let read = |text: &str| read_usage(text.as_bytes());
        let some = read(r#"{"limit": 350000, "usage": 7463, "percentage": "2.13", "throttled": false}"#).unwrap();
        assert_eq!((some.limit, some.usage, some.percentage, some.throttled), (Some(350_000), 7463, Decimal(213), false));
        let none = read(r#"{"limit": "none", "usage": "12", "percentage": 0, "throttled": true}"#).unwrap();
        assert_eq!((none.limit, none.usage, none.throttled), (None, 12, true));
        assert_eq!(read("invalid"), None);
        assert_eq!(read(r#"{"usage": -1}"#), None);
    }

    #[test]
    fn keys_and_languages_as_they_are_typed() {
        assert_eq!(clean_key(" 123YourAPIKey\n"), Some("123YourAPIKey"));
        for wrong in ["", "  ", "a b", "مفتاح", "a&blog=x", "k\r\nx-y: z"] {
            assert_eq!(clean_key(wrong), None, "{wrong}");
        }
        assert_eq!(clean_lang("AR,en").as_deref(), Some("ar, en"));
        for wrong in ["", "ar,", "arabic", "ar;en", "ع"] {
            assert_eq!(clean_lang(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_body_is_a_verdict_or_none(body in proptest::collection::vec(any::<u8>(), 0..60), status in 100_u16..600) {
            let reply = read(Ok(Answer { status, headers: http::HeaderMap::new(), body: body.clone() }), Time(0), opinion);
            let right = status == 200 && [&b"true"[..], b"false"].contains(&body.trim_ascii());
            prop_assert_eq!(reply.said.is_some(), right);
            let _ = read_usage(&body);
        }
    }
}
