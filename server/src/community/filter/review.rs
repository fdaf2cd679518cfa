//! What moderators see of a verdict: the evidence in words.

use super::FEATURES;
use crate::{
    App,
    spam::{Evidence, Outcome, Signal, Verdict, words},
    store::{self, comments, judgements, sites::Site},
};
use jiwar_wire::{
    Lang,
    comment::{Comment, HoldReason},
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
