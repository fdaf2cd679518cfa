//! The weights in the program: that they can be made again, are small, and
//! keep what is promised of them.

use crate::spam::{Model, Prior, Sample, corpus, train};
use std::{fs, path::PathBuf};

/// A corpus that may not stand in this repository: `$JIWAR_SPAM_DATA`, or `shared/data/spam` beside the repository.
fn outside(file: &str) -> Option<String> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/spam"));
    let folder = std::env::var_os("JIWAR_SPAM_DATA").map_or(beside, PathBuf::from);
    let text = fs::read_to_string(folder.join(file)).ok();
    if text.is_none() {
        eprintln!("not checked: {file} is not on this machine (see docs/SPAM.md)");
    }
    text
}

#[test]
fn the_weights_can_be_made_again() {
    let Some(genuine) = outside("arabic-ham-mpold-a.tsv") else { return };
    let [arabic, by_hand, english] = train::OWN;
    let made = train::weights(&[arabic, by_hand, english, &genuine]).unwrap();
    assert!(made.to_bytes() == include_bytes!("../data/weights.bin"), "run `jiwar spam train` and commit data/weights.bin");
}

#[test]
fn the_weights_are_read_and_small() {
    let bytes = include_bytes!("../data/weights.bin");
    let prior = Prior::from_bytes(bytes).unwrap();
    assert_eq!(prior, *Prior::shipped());
    assert_eq!(prior.to_bytes(), bytes);
    assert!(bytes.len() < 600 * 1024, "{} bytes", bytes.len());
}

#[test]
fn training_is_deterministic_and_learns() {
    let [_, by_hand, english] = train::OWN;
    let once = train::weights(&[by_hand, english]).unwrap();
    assert_eq!(once, train::weights(&[by_hand, english]).unwrap());
    assert_eq!(Prior::from_bytes(&once.to_bytes()).unwrap(), once);
}

#[test]
fn an_evaluation_is_written_in_the_order_of_the_file() {
    let table = "label\ttext\nspam\tcheap pills online\nham\tthank you\n1\tcheap pills";
    let e = train::evaluate(&[table], table, false).unwrap();
    let written = e.lines();
    let lines: Vec<(&str, f32)> = written.lines().map(|line| line.split_once('\t').unwrap()).map(|(label, score)| (label, score.parse().unwrap())).collect();
    assert!(matches!(lines.as_slice(), [("1", a), ("0", b), ("1", c)] if *a > 0.5 && *b < 0.5 && *c > 0.5), "{lines:?}");
    assert_eq!(train::evaluate(&[table], table, false).unwrap(), e, "the same every time");
    assert_ne!(train::evaluate(&[], table, false).unwrap().scored, e.scored, "without tables the shipped weights judge");
}

#[test]
fn tables_are_learnt_together() {
    let [arabic, by_hand, english] = train::OWN;
    let whole = format!("{}\n{}", by_hand.trim_end(), english.split_once('\n').unwrap().1);
    assert!(train::evaluate(&[by_hand, english], arabic, false).unwrap() == train::evaluate(&[&whole], arabic, false).unwrap());
}

#[test]
fn no_example_is_lost_in_reading() {
    for table in train::OWN {
        let rows = corpus::read(table).unwrap();
        let spam = rows.iter().filter(|row| row.spam).count();
        assert_eq!(rows.len() + 1, table.lines().count(), "no row lost to a quote");
        assert!(spam > 20 && rows.len() - spam > 20);
    }
}

/// Written for this test only; no row of the training tables.
#[test]
fn the_shipped_weights_know_arabic_spam_and_let_people_be() {
    let model = Model::shipped();
    let spam = [
        "مؤسسة الأمانة لنقل الأثاث داخل جدة أسعار مخفضة للتواصل جوال 0533221100",
        "عروض حصرية على الساعات والعطور اطلب الآن والتوصيل مجاني https://soug.example",
        "استثمر معنا واربح ألف دولار أسبوعيا أرباح مضمونة تواصل واتساب",
        "قرض سريع بدون كفيل وبدون راتب اتصل الآن ٠٥٥٥٥٥٥٥٥٥",
        "شيخ روحاني لجلب الحبيب ورد المطلقة نتائج مضمونة واتساب 0096600000000",
    ];
    let ham = [
        "قرأت كتابه الأول قبل سنوات ولم يعجبني، لكن هذا أفضل بكثير",
        "هل جرب أحدكم السفر بالقطار إلى المدينة؟",
        "يا رجل ذكرتني بأيام المدرسة، الله يسعدك",
        "أظن أن الرقم خطأ، فالسكان أقل من ذلك",
        "رحم الله أستاذنا، تعلمنا منه الكثير",
        "صورة الغلاف مكسورة عندي في فايرفوكس",
    ];
    for text in spam {
        assert!(model.score(&Sample::text(text)).probability > 0.5, "{text}");
    }
    for text in ham {
        assert!(model.score(&Sample::text(text)).probability < 0.3, "{text}");
    }
}

/// Against the corpora beside the repository, each figure with the room that another machine needs: none.
#[test]
fn the_anchor_is_beaten() {
    let Some(videos) = outside("youtube-3-in-time-order.tsv") else { return };
    let rows = corpus::read(&videos).unwrap();
    let mut names: Vec<&str> = rows.iter().map(|row| row.group.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let (mut fixed, mut online) = (Vec::new(), Vec::new());
    for name in names {
        let (held, rest): (Vec<_>, Vec<_>) = rows.iter().cloned().partition(|row| row.group == name);
        let mut model = Model::empty();
        train::learn_all(&mut model, &rest);
        fixed.extend(train::score_all(&mut model.clone(), &held, false).scored);
        online.extend(train::score_all(&mut model, &held, true).scored);
    }
    let (fixed, online) = (crate::spam::measure::Summary::of(&fixed), crate::spam::measure::Summary::of(&online));
    // The anchor's learner on the same folds: .849 and .659, learning on .929 and .863.
    assert!(fixed.mcc > 0.88 && fixed.blocked_at_half_percent > 0.80, "{fixed}");
    assert!(online.mcc > 0.94 && online.blocked_at_half_percent > 0.93, "{online}");
}

#[test]
fn genuine_arabic_comments_are_let_be() {
    let Some(genuine) = outside("arabic-ham-mpold-a.tsv") else { return };
    let rows = corpus::read(&genuine).unwrap();
    let e = train::score_all(&mut Model::shipped(), &rows, false);
    assert!(e.summary.false_positives * 1000 <= rows.len(), "{}", e.summary);
}
