//! What judges outside of the server can do to a verdict, and what they cannot.

use crate::spam::{Context, Evidence, Level, Model, Outcome, Said, Sample, Signal, Verdict, judge, words};
use jiwar_wire::lang::Lang;
use proptest::prelude::*;

const QUESTION: &str = "ما فهمت الفقرة الثالثة، هل تقصد أن المتابع ليس جارا؟";
const ADVERT: &str = "أفضل شركة تنظيف منازل بالرياض خصم ٥٠٪ لفترة محدودة اتصل الآن واتساب 0500000001 https://clean.example";
const ALL: [Said; 5] = [Said::Publish, Said::Hold, Said::Spam, Said::Blatant, Said::Silent];

fn local(text: &str, level: Level) -> Verdict {
    judge(&Context::default(), &Sample::text(text), &Model::shipped(), level)
}

fn word(said: Said) -> Evidence {
    Evidence::new(Signal::Judged { judge: "Akismet".into(), said, reason: None }, said.weight())
}

fn after(mut verdict: Verdict, said: &[Said], level: Level, young: bool) -> Verdict {
    verdict.hear(said.iter().copied().map(word).collect(), level, young);
    verdict
}

#[test]
fn spam_holds_everywhere_and_condemns_only_with_the_sum() {
    for level in Level::ALL {
        assert_eq!(after(local(QUESTION, level), &[Said::Spam], level, true).outcome, Outcome::Hold, "{level:?}");
        assert_eq!(after(local(QUESTION, level), &[Said::Hold], level, false).outcome, Outcome::Hold, "{level:?}");
        // What the filter doubts as well is put aside, when the site is grown up.
        assert_eq!(after(local(ADVERT, level), &[Said::Spam], level, false).outcome, Outcome::Spam, "{level:?}");
        let young = after(local(ADVERT, level), &[Said::Spam], level, true);
        assert_eq!((young.outcome, young.young), (Outcome::Hold, true), "{level:?}");
        assert_eq!(after(local(QUESTION, level), &[Said::Blatant], level, true).outcome, Outcome::Spam, "{level:?}");
        for nothing in [Said::Publish, Said::Silent] {
            assert_eq!(after(local(QUESTION, level), &[nothing], level, false).outcome, Outcome::Publish, "{level:?}");
            assert_eq!(after(local(ADVERT, level), &[nothing], level, false).outcome, local(ADVERT, level).outcome, "{level:?}");
        }
    }
    // Where there is no filter it speaks alone.
    assert_eq!(after(Verdict::empty(), &[Said::Spam], Level::default(), false).outcome, Outcome::Spam);
    assert_eq!(after(Verdict::empty(), &[Said::Hold], Level::default(), false).outcome, Outcome::Hold);
}

#[test]
fn every_word_has_a_sentence_in_each_language_and_is_read_again_as_it_was_kept() {
    let sentences: Vec<String> = ALL.iter().flat_map(|said| [Lang::Ar, Lang::En].map(|lang| words::sentence(&word(*said), lang))).collect();
    assert!(sentences.iter().all(|s| s.contains("\u{2068}Akismet\u{2069}")), "{sentences:?}");
    let mut once = sentences.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), sentences.len());
    let reason = Evidence::new(Signal::Judged { judge: "judge.example".into(), said: Said::Hold, reason: Some("يذكر أسماء".into()) }, 2.0);
    assert!(words::sentence(&reason, Lang::En).ends_with("moderator: \u{2068}يذكر أسماء\u{2069}"));
    let verdict = after(local(ADVERT, Level::Strict), &ALL, Level::Strict, true);
    let kept: Verdict = serde_json::from_str(&serde_json::to_string(&verdict).unwrap()).unwrap();
    assert_eq!(kept, verdict);
}

proptest! {
    /// Whoever speaks for the judges, and whatever they say, nothing that is held gets out.
    #[test]
    fn judges_never_let_in(text in ".{0,200}", said in proptest::collection::vec(0_usize..5, 0..4), young in any::<bool>(), at in 0_usize..3) {
        let level = Level::ALL[at];
        let said: Vec<Said> = said.into_iter().map(|n| ALL[n]).collect();
        let before = local(&text, level);
        let heard = after(before.clone(), &said, level, young);
        prop_assert!(heard.outcome >= before.outcome && heard.score >= before.score - 1e-6);
        prop_assert_eq!(heard.evidence.len(), before.evidence.len() + said.len());
        prop_assert!(heard.evidence.is_sorted_by(|a, b| a.weight.abs() >= b.weight.abs()));
    }
}
