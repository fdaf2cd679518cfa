//! `/admin/site/{site}/rules`: what is decided beforehand, in WordPress's words.
//!
//! A list is a field with a line for each. What cannot be read is said beside
//! its field, by its line, and nothing that was typed is lost.

use super::{
    super::{
        error::{Error, Result},
        extract::Params,
    },
    Form, Office, page, told, until,
};
use crate::{
    App,
    community::{rules, story},
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_view::{
    admin::{
        Notice,
        rules::{Draft, Faults, page as view},
    },
    words::{
        admin::{admin_words, rules_overtaken},
        field_message,
    },
};
use jiwar_wire::{
    FieldCode, FieldError, Lang, Refusal, Time, limits,
    rules::{Action, Rule, Rules},
};
use std::sync::Arc;

/// An Arabic letter of a list is six bytes of a form.
const BYTES: usize = 3 * limits::RULES_BYTES + limits::REQUEST_BYTES;
/// Letters of a line that is named in a fault.
const QUOTED: usize = 60;

pub async fn show(State(app): State<Arc<App>>, Office(desk): Office) -> Result<Response> {
    let (revision, current) = rules::known(&app, desk.at.site.id).await?;
    let draft = filled(&current.rules, revision, app.clock.now());
    Ok(page(StatusCode::OK, view(&desk.frame(&desk.path("/rules"), None), &draft, &Faults::new())))
}

pub async fn change(State(app): State<Arc<App>>, form: Form<Office, BYTES>) -> Result<Response> {
    let (desk, now) = (&form.who.0, app.clock.now());
    let (lang, here) = (desk.who.lang, desk.path("/rules"));
    let mut draft = typed(&form.fields);
    let read = Read::of(&draft, &form.fields, now);
    let mut faults = read.faults(lang);
    if faults.is_empty() {
        match rules::replace(&app, &desk.at.site, &desk.by.label, read.rules.clone(), Some(draft.revision)).await.map_err(Error::from) {
            Ok(revision) => {
                let changed = revision != draft.revision;
                draft = filled(&read.rules, revision, now);
                if changed {
                    draft.saved = story::last(&app, &desk.at.site, &desk.by.label, "rules").await?;
                }
                return Ok(page(StatusCode::OK, view(&desk.frame(&here, Some(Notice::Done(admin_words(lang).saved))), &draft, &faults)));
            }
            Err(Error::Refused(Refusal::Conflict)) => {
                // Saving once more is then a decision of theirs, made in sight of it.
                draft.revision = rules::known(&app, desk.at.site.id).await?.0;
                let by = rules::changed_by(&app, &desk.at.site).await?.unwrap_or_default();
                let (title, detail) = rules_overtaken(lang, &by);
                return Ok(page(StatusCode::CONFLICT, view(&desk.frame(&here, Some(Notice::Wrong(&title, detail))), &draft, &faults)));
            }
            Err(Error::Refused(Refusal::Invalid(found))) => faults = read.placed(lang, &found),
            Err(error) => {
                let (status, title, detail) = told(error, lang)?;
                return Ok(page(status, view(&desk.frame(&here, Some(Notice::Wrong(&title, &detail))), &draft, &faults)));
            }
        }
    }
    let (status, title, detail) = told(Refusal::Invalid(Vec::new()).into(), lang)?;
    Ok(page(status, view(&desk.frame(&here, Some(Notice::Wrong(&title, &detail))), &draft, &faults)))
}

/// A day of a date field, as UTC has it; the script shows it in the browser's own zone.
fn day(at: Time) -> String {
    at.to_string().chars().take(10).collect()
}

/// The form as the rules fill it.
fn filled(rules: &Rules, revision: i64, now: Time) -> Draft {
    let lines = |list: &[Rule], action: Action| -> String {
        // In a pattern a line's end can be written out; what it fits stays the same.
        let fits = list.iter().filter(|r| r.action == action).map(|r| r.fits.replace('\n', "\\n"));
        fits.collect::<Vec<_>>().join("\n")
    };
    let away = rules.away_until.filter(|until| *until > now);
    Draft {
        moderation_keys: rules.moderation_keys.clone(),
        disallowed_keys: rules.disallowed_keys.clone(),
        max_links: rules.max_links.to_string(),
        patterns: [lines(&rules.patterns, Action::Hold), lines(&rules.patterns, Action::Spam)],
        networks: [lines(&rules.networks, Action::Hold), lines(&rules.networks, Action::Spam)],
        mails: [lines(&rules.mails, Action::Hold), lines(&rules.mails, Action::Spam)],
        newcomer_until: rules.newcomer_until.to_string(),
        hold_newcomers: rules.hold_newcomers,
        hold_newcomers_links: rules.hold_newcomers_links,
        languages: rules.languages.clone(),
        slow_mode: rules.slow_mode.to_string(),
        away: away.map(day).unwrap_or_default(),
        away_shown: away.map(day).unwrap_or_default(),
        away_until: away,
        revision,
        saved: None,
    }
}

/// The form as it was sent.
fn typed(fields: &Params) -> Draft {
    let text = |name: &str| fields.get(name).unwrap_or_default().replace("\r\n", "\n");
    let both = |name: &str| [text(&format!("{name}_hold")), text(&format!("{name}_spam"))];
    Draft {
        moderation_keys: text("moderation_keys"),
        disallowed_keys: text("disallowed_keys"),
        max_links: text("max_links"),
        patterns: both("patterns"),
        networks: both("networks"),
        mails: both("mails"),
        newcomer_until: text("newcomer_until"),
        hold_newcomers: fields.get("hold_newcomers").is_some(),
        hold_newcomers_links: fields.get("hold_newcomers_links").is_some(),
        languages: fields.all("languages").iter().filter_map(|tag| Lang::from_tag(tag)).collect(),
        slow_mode: text("slow_mode"),
        away: text("away"),
        away_shown: text("away_shown"),
        away_until: fields.get("away_until").and_then(|ms| ms.parse().ok()).map(Time),
        revision: fields.get("revision").and_then(|n| n.parse().ok()).unwrap_or(0),
        saved: None,
    }
}

/// Where in the form a rule of a list stands: the field's name, the line from 1 on, and what is there.
struct Spot {
    field: String,
    line: usize,
    text: String,
}

/// What was read of a form.
struct Read {
    rules: Rules,
    /// Of patterns, networks and mails: where each came from.
    spots: [(&'static str, Vec<Spot>); 3],
    wrong: Vec<(&'static str, FieldCode)>,
}

impl Read {
    fn of(draft: &Draft, fields: &Params, now: Time) -> Self {
        let mut wrong = Vec::new();
        let mut number = |name: &'static str, text: &str| {
            text.trim().parse::<u32>().unwrap_or_else(|_| {
                wrong.push((name, FieldCode::OutOfRange));
                0
            })
        };
        let (max_links, newcomer_until, slow_mode) =
            (number("max_links", &draft.max_links), number("newcomer_until", &draft.newcomer_until), number("slow_mode", &draft.slow_mode));
        let zone = until::zone(fields.get("zone").unwrap_or_default());
        let away_until = match draft.away.trim() {
            "" => None,
            // The day was not touched, so the moment stays what it is, to the minute.
            same if draft.away_until.is_some() && same == draft.away_shown => draft.away_until,
            date => until::end("date", date, now, zone).unwrap_or_else(|_| {
                wrong.push(("away", FieldCode::NotATime));
                None
            }),
        };
        let (patterns, networks, mails) = (listed("patterns", &draft.patterns), listed("networks", &draft.networks), listed("mails", &draft.mails));
        let rules = Rules {
            moderation_keys: draft.moderation_keys.clone(),
            disallowed_keys: draft.disallowed_keys.clone(),
            max_links,
            patterns: patterns.0,
            networks: networks.0,
            mails: mails.0,
            newcomer_until,
            hold_newcomers: draft.hold_newcomers,
            hold_newcomers_links: draft.hold_newcomers_links,
            languages: draft.languages.clone(),
            slow_mode,
            away_until,
        };
        Self { rules, spots: [("patterns", patterns.1), ("networks", networks.1), ("mails", mails.1)], wrong }
    }

    fn faults(&self, lang: Lang) -> Faults {
        let mut faults = Faults::new();
        for (field, code) in &self.wrong {
            faults.entry((*field).to_owned()).or_default().push(field_message(lang, &FieldError::new("", *code)));
        }
        faults
    }

    /// The community's faults, each at its field and with its line.
    fn placed(&self, lang: Lang, found: &[FieldError]) -> Faults {
        let mut faults = Faults::new();
        for fault in found {
            let message = field_message(lang, fault);
            let mut parts = fault.pointer.trim_start_matches('/').split('/');
            let (list, at) = (parts.next().unwrap_or_default(), parts.next().and_then(|at| at.parse::<usize>().ok()));
            let spots = self.spots.iter().find(|(name, _)| *name == list).map(|(_, spots)| spots);
            let spot = spots.and_then(|spots| spots.get(at?));
            match (spot, spots) {
                (Some(spot), _) => {
                    let quoted: String = spot.text.chars().take(QUOTED).collect();
                    let line = format!("{} {}: \u{2068}{quoted}\u{2069} – {message}", admin_words(lang).line, spot.line);
                    faults.entry(spot.field.clone()).or_default().push(line);
                }
                (None, Some(_)) => faults.entry(format!("{list}_hold")).or_default().push(message),
                (None, None) => faults.entry(list.to_owned()).or_default().push(message),
            }
        }
        faults
    }
}

/// The rules of two fields, those that hold first.
fn listed(name: &str, fields: &[String; 2]) -> (Vec<Rule>, Vec<Spot>) {
    let (mut rules, mut spots) = (Vec::new(), Vec::new());
    for (text, (action, end)) in fields.iter().zip([(Action::Hold, "hold"), (Action::Spam, "spam")]) {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            rules.push(Rule { fits: line.trim().to_owned(), action });
            spots.push(Spot { field: format!("{name}_{end}"), line: at + 1, text: line.trim().to_owned() });
        }
    }
    (rules, spots)
}
