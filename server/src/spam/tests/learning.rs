//! Learning, unlearning, keeping and explaining.

use crate::spam::{Model, Prior, Sample};
use proptest::prelude::*;

const ADVERT: &str = "شركة نقل عفش بالدمام خصم خاص اتصل الآن 0500000000";
const PRAISE: &str = "شكرا على المقال، استفدت منه كثيرا";

#[test]
fn a_decision_moves_the_score_and_its_kin() {
    let mut model = Model::empty();
    assert_eq!(model.score(&Sample::text(ADVERT)).probability, 0.5, "knows nothing");
    for _ in 0..5 {
        model.learn(&Sample::text(ADVERT), true);
        model.learn(&Sample::text(PRAISE), false);
    }
    assert!(model.score(&Sample::text(ADVERT)).probability > 0.9);
    assert!(model.score(&Sample::text(PRAISE)).probability < 0.1);
    assert!(model.score(&Sample::text("نقــل عَفش بالرياض خصم")).logit > 0.5, "folded, and other words");
    assert_eq!(model.decisions(), (5, 5));
}

#[test]
fn a_reversed_decision_leaves_no_trace() {
    let mut model = Model::shipped();
    model.learn(&Sample::text("ماذا تقصد بالفقرة الثانية؟"), false);
    let before = model.score(&Sample::text(ADVERT));
    let kept = model.to_bytes();
    let lesson = model.learn(&Sample::text(ADVERT), false);
    assert!(model.score(&Sample::text(ADVERT)).logit < before.logit - 0.2);
    model.unlearn(&Sample::text(ADVERT), lesson);
    assert!((model.score(&Sample::text(ADVERT)).logit - before.logit).abs() < 1e-3);
    assert!(model.to_bytes().len() <= kept.len() + 16, "what was forgotten takes no room");
    assert_eq!(model.decisions(), (0, 1));
}

#[test]
fn an_early_decision_can_be_reversed_late() {
    let others = ["first", "حسنا يا صديقي", "see you tomorrow then", "قرأت الكتاب كله", "thanks for the recipe"];
    let (mut wrong, mut never) = (Model::shipped(), Model::shipped());
    let lesson = wrong.learn(&Sample::text(PRAISE), true);
    for text in others {
        wrong.learn(&Sample::text(text), false);
        never.learn(&Sample::text(text), false);
    }
    wrong.unlearn(&Sample::text(PRAISE), lesson);
    let (a, b) = (wrong.score(&Sample::text(PRAISE)).logit, never.score(&Sample::text(PRAISE)).logit);
    assert!((a - b).abs() < 0.1, "{a} and {b}");
}

#[test]
fn arabic_lessons_do_not_touch_english() {
    let mut model = Model::shipped();
    let before = model.score(&Sample::text("thanks, this was useful"));
    for _ in 0..20 {
        model.learn(&Sample::text(PRAISE), true);
    }
    let after = model.score(&Sample::text("thanks, this was useful"));
    assert!((before.logit - after.logit).abs() < 0.05, "{} and {}", before.logit, after.logit);
}

#[test]
fn an_explanation_adds_up() {
    let model = Model::shipped();
    let sample = Sample::text(ADVERT);
    let all = model.explain(&sample, usize::MAX);
    let sum: f32 = all.iter().map(|(_, share)| share).sum();
    let rest = model.score(&sample).logit - sum;
    // What is left is the bias, the same for every Arabic comment.
    let other = Sample::text(PRAISE);
    let other_rest = model.score(&other).logit - model.explain(&other, usize::MAX).iter().map(|(_, share)| share).sum::<f32>();
    assert!((rest - other_rest).abs() < 0.05, "{rest} and {other_rest}");
    assert_eq!(model.explain(&sample, 3).len(), 3);
    assert!(all.windows(2).all(|pair| matches!(pair, [a, b] if a.1.abs() >= b.1.abs())));
}

#[test]
fn a_model_comes_back_from_its_bytes() {
    let mut model = Model::shipped();
    for text in [ADVERT, PRAISE, "check out my channel", "what a day"] {
        model.learn(&Sample { text, name: "Omar", website: Some("https://omar.test"), mail_domain: None }, text == ADVERT);
    }
    let bytes = model.to_bytes();
    let back = Model::from_bytes(Prior::shipped(), &bytes).unwrap();
    assert_eq!(back.to_bytes(), bytes);
    assert_eq!(back.score(&Sample::text(ADVERT)), model.score(&Sample::text(ADVERT)));
    assert!(Model::from_bytes(Prior::shipped(), &bytes[..bytes.len() - 1]).is_none());
    assert!(Model::from_bytes(Prior::shipped(), b"JWM9").is_none());
}

proptest! {
    #[test]
    fn damaged_bytes_are_refused_or_read_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..200) {
        let _ = Prior::from_bytes(&bytes);
        let mut model = Model::empty();
        model.learn(&Sample::text(ADVERT), true);
        let mut own = model.to_bytes();
        if let (Some(to), Some(from)) = (own.get_mut(at), bytes.first()) {
            *to = *from;
        }
        if let Some(read) = Model::from_bytes(Prior::shipped(), &own) {
            let p = read.score(&Sample::text(ADVERT)).probability;
            prop_assert!((0.0..=1.0).contains(&p));
        }
    }

    #[test]
    fn any_text_has_a_score_and_can_be_unlearnt(text in ".{0,300}", name in ".{0,40}", spam: bool) {
        let sample = Sample { text: &text, name: &name, website: Some(&text), mail_domain: Some(&name) };
        let mut model = Model::shipped();
        let before = model.score(&sample);
        prop_assert!((0.0..=1.0).contains(&before.probability) && before.logit.is_finite());
        let lesson = model.learn(&sample, spam);
        model.unlearn(&sample, lesson);
        prop_assert!((model.score(&sample).logit - before.logit).abs() < 1e-2);
    }
}
