//! What moderators see of a verdict: the evidence in words.

use super::{FEATURES, learning, level, stored};
use crate::{
    App,
    spam::{Evidence, Outcome, Signal, Verdict, is_young, words},
    store::{self, comments, judgements, sites::Site},
};
use jiwar_wire::{
    Lang,
    comment::{Comment, HoldReason},
    ids::CommentId,
    moderation::{self, Decimal, Feature, Judgement, Review},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Puts what moderators know beside each comment.
pub async fn reviews(app: &App, site: &Site, rows: &[comments::Comment], shown: &mut [Comment], lang: Lang) -> store::Result<()> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let mut verdicts: BTreeMap<Uuid, String> = judgements::verdicts(&app.db, site.id, &ids).await?.into_iter().collect();
    for (row, comment) in rows.iter().zip(shown) {
        let judgement = verdicts.remove(&row.id).and_then(|text| read(&text, lang));
        comment.review = Some(Box::new(Review { held: row.held.as_deref().and_then(HoldReason::parse), judgement, ..Review::default() }));
    }
    Ok(())
}

/// The verdict that is kept of a comment, with an outside judge's later word in the place of an
/// earlier one: what follows from it, and how it is kept.
pub async fn reheard(app: &App, site: &Site, id: CommentId, heard: Evidence) -> store::Result<(Outcome, String)> {
    let kept = judgements::verdicts(&app.db, site.id, &[id.uuid()]).await?.pop();
    let mut verdict: Verdict = kept.and_then(|(_, text)| serde_json::from_str(&text).ok()).unwrap_or_else(Verdict::empty);
    let judge = |e: &Evidence| if let Signal::Judged { judge, .. } = &e.signal { Some(judge.clone()) } else { None };
    let whose = judge(&heard);
    verdict.evidence.retain(|e| judge(e).is_none() || judge(e) != whose);
    let young = level(site.settings.spam).is_some() && learning::current(app, site.id).await?.read(is_young);
    verdict.hear(vec![heard], level(site.settings.spam).unwrap_or_default(), young);
    Ok((verdict.outcome, stored(&verdict)))
}

/// A stored verdict in words; nothing when a later version wrote what we do not know.
fn read(text: &str, lang: Lang) -> Option<Judgement> {
    let verdict: Verdict = serde_json::from_str(text).ok()?;
    let because = verdict.evidence.iter().find_map(|e| if let Signal::Words { because } = &e.signal { Some(because.as_slice()) } else { None });
    let feature = |(feature, weight): &(String, f32)| Feature { feature: feature.clone(), weight: decimal(*weight) };
    Some(Judgement {
        score: decimal(verdict.score),
        outcome: outcome(verdict.outcome).into(),
        young: verdict.young,
        features: because.unwrap_or_default().iter().take(FEATURES).map(feature).collect(),
        evidence: verdict.evidence.iter().map(|e| evidence(e, lang)).collect(),
    })
}

fn evidence(found: &Evidence, lang: Lang) -> moderation::Evidence {
    moderation::Evidence { signal: name(&found.signal), weight: decimal(found.weight), words: words::sentence(found, lang) }
}

/// The name that the signal has in its stored form.
fn name(signal: &Signal) -> String {
    let stored = serde_json::to_value(signal).unwrap_or_default();
    stored.get("signal").and_then(|name| name.as_str()).unwrap_or_default().to_owned()
}

fn decimal(number: f32) -> Decimal {
    Decimal::from(f64::from(number))
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Publish => "publish",
        Outcome::Hold => "hold",
        Outcome::Spam => "spam",
    }
}
