//! Who may use what: each wall stands between two rooms of the house.

use super::assert_none;
use super::code::{has_word, only};
use super::files::with_extension;

struct Wall {
    word: &'static str,
    within: &'static [&'static str],
    only_in: &'static [&'static str],
    why: &'static str,
}

const WALLS: &[Wall] = &[
    Wall { word: "sqlx", within: &["server/src/", "widget/"], only_in: &["server/src/store/"], why: "SQL lives in the store alone" },
    Wall {
        word: "axum",
        within: &["server/src/", "widget/"],
        only_in: &["server/src/http/", "server/src/http.rs", "server/src/app.rs"],
        why: "the rules of the community know no HTTP",
    },
    Wall { word: "ammonia", within: &["server/src/", "widget/"], only_in: &["server/src/text/", "server/src/text.rs"], why: "there is one sanitiser" },
    Wall { word: "reqwest", within: &["server/src/", "widget/"], only_in: &["server/src/outgoing/"], why: "there is one way out, and it is guarded" },
    Wall { word: "web_sys", within: &["server/src/", "widget/"], only_in: &["widget/src/"], why: "the DOM is the widget's" },
    Wall { word: "tokio", within: &["widget/"], only_in: &[], why: "what crosses the wire and what is seen do no I/O" },
    Wall { word: "env::var", within: &["server/src/"], only_in: &["server/src/config"], why: "settings are read once, in one place" },
    Wall { word: "SystemTime::now", within: &["server/src/", "widget/"], only_in: &["server/src/clock.rs"], why: "time is handed in" },
    Wall { word: "Timestamp::now", within: &["server/src/", "widget/"], only_in: &["server/src/clock.rs"], why: "time is handed in" },
    Wall { word: "unsafe", within: &["server/", "widget/", "tests/"], only_in: &["widget/src/"], why: "only the widget's glue may" },
    Wall { word: "dbg!", within: &["server/", "widget/", "tests/"], only_in: &[], why: "it is for the moment of looking" },
    Wall { word: concat!("to", "do!"), within: &["server/", "widget/", "tests/"], only_in: &[], why: "what is not written yet is not merged yet" },
    Wall { word: concat!("unimple", "mented!"), within: &["server/", "widget/", "tests/"], only_in: &[], why: "what is not written yet is not merged yet" },
];

#[test]
fn names_stay_within_their_walls() {
    let mut breaches = Vec::new();
    for file in with_extension(&["rs"]) {
        let code = only(&file.text);
        for wall in WALLS.iter().filter(|wall| file.is_below(wall.within) && !file.is_below(wall.only_in)) {
            let lines = file.lines_where(&code, |line| has_word(line, wall.word));
            breaches.extend(lines.map(|line| format!("{line}  ({}: {})", wall.word, wall.why)));
        }
    }
    assert_none(&breaches, "These names may not be used here:");
}

#[test]
fn markup_is_written_into_the_page_in_one_place() {
    const CALLS: &[&str] =
        &["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "set_inner_html", "set_outer_html", "insert_adjacent_html", "set_html_unsafe"];
    let mut breaches = Vec::new();
    for file in with_extension(&["rs", "js"]) {
        if file.is_below(&["widget/", "server/src/"]) && !file.is_below(&["widget/src/dom.rs", "widget/loader/"]) {
            let code = only(&file.text);
            breaches.extend(file.lines_where(&code, |line| CALLS.iter().any(|call| has_word(line, call))));
        }
    }
    assert_none(&breaches, "Only widget/src/dom.rs and widget/loader may write markup into the page:");
}
