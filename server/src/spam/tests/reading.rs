//! Reading: text, links, scripts, tricks, tables, figures.

use crate::spam::{Script, clean, corpus, links, links::Kind, lists, measure::Summary, tricks, tricks::Trick};
use proptest::prelude::*;

#[test]
fn html_is_undone() {
    assert_eq!(clean::plain("a &amp; b&#39;s <br />c &lt; d &unknown; 100% &"), "a & b's \nc < d &unknown; 100% &");
    assert_eq!(clean::plain("\u{feff}x < y <url> <a href=\"https://a.test\">here</a>"), "x < y <url>  https://a.test here ");
}

#[test]
fn hidden_words_come_out() {
    assert_eq!(clean::comparable("ا ر ب ح   ا ل آ ن"), "اربح  الان");
    assert_eq!(clean::comparable("اربـــــح من بيـــتك"), "اربح من بيتك");
    assert_eq!(clean::comparable("ار\u{200b}بح"), "اربح");
    assert_eq!(clean::comparable("شرڪة تنظيڤ باڵریاض"), "شركه تنظيف بالرياض");
    assert_eq!(clean::comparable("FREEEEEE m.o.n.e.y"), "free money");
    assert_eq!(clean::comparable("I am a b person"), "i am a b person");
}

#[test]
fn links_are_told_apart() {
    let kind = |text: &str| links::all(text).map(|link| link.kind).collect::<Vec<_>>();
    assert_eq!(kind("see https://youtu.be/x?t=30 and www.youtube.com/watch?v=1"), [Kind::Moment, Kind::Video]);
    assert_eq!(kind("t.me/gold (bit.ly/x) https://ar.wikipedia.org/wiki/a shop.example"), [Kind::Profile, Kind::Short, Kind::Source, Kind::Other]);
    assert_eq!(kind("e.g. this... v1.2 file.txt end.of me@mail.com"), []);
    assert!(links::all("https://a.test/?ref=9").all(|link| link.is_referral()));
}

#[test]
fn lists_know_sub_domains() {
    assert!(lists::is_throw_away("mailinator.com") && lists::is_throw_away("x.mailinator.com"));
    assert!(!lists::is_throw_away("com") && !lists::is_throw_away("gmail.com"));
    assert!(lists::is_shortener("bit.ly") && !lists::is_shortener("example.com"));
}

#[test]
fn scripts() {
    assert_eq!(Script::of("شاهد here https://a-long-latin-address.test/path"), Script::Arabic);
    assert_eq!(Script::of("thanks شكرا for the long article"), Script::Latin);
    assert_eq!(Script::of("Спасибо"), Script::Other);
    assert_eq!(Script::of("12 😂"), Script::Latin);
}

#[test]
fn tricks_and_innocence() {
    assert_eq!(tricks::find("hxxp://pills[.]example"), [Trick::BrokenLink]);
    assert_eq!(tricks::find("Fr\u{435}\u{435} money"), [Trick::LookAlike]);
    assert_eq!(tricks::find("[url=http://a.test]x[/url]"), [Trick::Markup]);
    assert_eq!(tricks::find("\u{202e}abc"), [Trick::Bidi]);
    assert_eq!(tricks::find("عـــروض خـــاصة"), [Trick::Tatweel]);
    assert_eq!(tricks::find("اربح💰الان💰الف💰دولار💰"), [Trick::Confetti]);
    for innocent in ["می‌خواهم این کتاب را بخوانم", "یہ بہت اچھا ہے", "الله يحفظك ❤️❤️", "جمـيل", "A B C of it", "👨‍👩‍👧 family", "naïve café"]
    {
        assert_eq!(tricks::find(innocent), [], "{innocent}");
    }
}

#[test]
fn tables_are_read_leniently() {
    let table =
        "\u{feff}Label\tkind\ttext\r\nspam\tx\t\"say \"\"now\"\"\ttoday\"\r\n0\ty\t\"Hello there\r\n\r\nham\tz\ta\\nb \"quoted\" end\r\n1\tx\t\"two\nlines\"\n";
    let rows = corpus::read(table).unwrap();
    let read: Vec<(bool, &str, &str)> = rows.iter().map(|row| (row.spam, row.group.as_str(), row.text.as_str())).collect();
    assert_eq!(read, [(true, "x", "say \"now\"\ttoday"), (false, "y", "\"Hello there"), (false, "z", "a\nb \"quoted\" end"), (true, "x", "two\nlines")]);
    assert_eq!(corpus::read("ham\tGo on\nspam\tWIN").unwrap().len(), 2, "without a header");
    assert_eq!(corpus::read("label\ttext\nmaybe\tx").unwrap_err().line, 2);
    assert_eq!(corpus::read("a\tb\n1\tx").unwrap_err().line, 1);
    assert_eq!(corpus::read("").unwrap(), []);
}

#[test]
fn figures_of_a_small_case() {
    let s = Summary::of(&[(true, 0.9), (true, 0.6), (true, 0.4), (false, 0.7), (false, 0.2), (false, 0.1)]);
    assert!((s.accuracy - 4.0 / 6.0).abs() < 1e-9 && (s.f1 - 2.0 / 3.0).abs() < 1e-9 && (s.mcc - 1.0 / 3.0).abs() < 1e-9);
    assert!((s.auc - 7.0 / 9.0).abs() < 1e-9);
    assert!((s.fpr_at_95 - 1.0 / 3.0).abs() < 1e-9);
    assert!((s.blocked_at_half_percent - 1.0 / 3.0).abs() < 1e-9);
    let ties = Summary::of(&[(true, 0.5), (false, 0.5)]);
    assert_eq!((ties.auc, ties.blocked_at_half_percent, ties.false_positives), (0.5, 0.0, 1));
    assert_eq!(Summary::of(&[]).mcc, 0.0);
}

proptest! {
    #[test]
    fn reading_never_panics(text in "[\\t\\n\\r\"\\\\a-z01<>&;#اب\u{640}\u{200b} .]{0,200}") {
        let _ = corpus::read(&text);
        let _ = corpus::read(&format!("label\ttext\n{text}"));
        let folded = clean::comparable(&clean::plain(&text));
        let _ = tricks::find(&text);
        let _ = links::all(&folded).count();
    }

    #[test]
    fn plain_tables_come_back(texts in proptest::collection::vec("[a-z اب?!.]{1,30}", 1..20)) {
        let table = texts.iter().map(|text| format!("1\t{text}\n")).collect::<String>();
        let rows = corpus::read(&format!("label\ttext\n{table}")).unwrap();
        prop_assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), texts);
    }
}
