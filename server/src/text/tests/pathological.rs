//! Texts that were made to take long.

use super::super::{direction, excerpt, fold, render};
use jiwar_wire::{Dir, comment::Format, limits::BODY_BYTES};
use serde_json::Value;
use std::time::{Duration, Instant};

/// A text in parts, each to be repeated so many times.
struct Pattern {
    name: String,
    parts: Vec<(String, usize)>,
}

impl Pattern {
    /// Scaled to about so many bytes. A part that stands once stays so.
    fn sized(&self, bytes: usize) -> String {
        let full: usize = self.parts.iter().map(|(part, times)| part.len() * times).sum();
        self.parts.iter().map(|(part, times)| part.repeat(if *times == 1 { 1 } else { (times * bytes / full).max(1) })).collect()
    }
}

fn patterns() -> Vec<Pattern> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/markdown/pathological-a.json");
    let entries: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).expect(path)).expect(path);
    let part = |part: &Value| Some((part.get(0)?.as_str()?.to_owned(), part.get(1)?.as_u64()?.try_into().ok()?));
    let given = entries.iter().map(|entry| Pattern {
        name: entry["name"].as_str().expect("a name").into(),
        parts: entry["parts"].as_array().expect("parts").iter().map(|p| part(p).expect("a part")).collect(),
    });
    // Ours: one for each place that could look twice at the same text.
    let ours = [
        "<b>",
        "<div>",
        "<p>",
        "<b><p>",
        "<ul><li>",
        "</b>",
        "</p>",
        "<a href=\"https://x.example/a\">",
        "<a href=\"",
        "<a b='",
        "<!--",
        "<?",
        "<script>",
        "</script",
        "<pre>",
        "&",
        "&a",
        "&eacute;",
        "&#1575;",
        "&<b>",
        "<",
        "</",
        "<a ",
        "<b>x\n\n",
        "<blockquote>a",
        "<table><td>",
        "[a](https://x.example/) ",
        "[](<",
        "![](",
        "[a][b]",
        "\\",
        "`",
        "`` ` ",
        "~~a ",
        "~",
        "***",
        "_",
        "@",
        "a@",
        "a@b.c ",
        "a:",
        "://",
        "www.",
        "www.a.b/",
        "a.",
        "https://a.b ",
        "1. ",
        "* a\n",
        " * a\n",
        "> a\n",
        "- a\n\n",
        "#",
        "# a\n",
        "a\n---\n",
        "<x\n",
        "a  \n",
        "\u{202e}",
        "\u{301}",
        "a\u{301}",
        "ا\u{64b}",
        "ﷺ",
        "`a` ",
        "\"",
        "'",
        "- - ",
        "> - ",
        "1) a\n   ",
    ];
    given.chain(ours.map(|part| Pattern { name: format!("{part:?} repeated"), parts: vec![(part.to_owned(), BODY_BYTES)] })).collect()
}

/// The time of everything that a text goes through.
fn time(source: &str, format: Format) -> Duration {
    let start = Instant::now();
    let rendered = render(source, format, Dir::Rtl, None);
    let words = excerpt(&rendered.html, 200).len() + fold(source).len() + rendered.folded.len();
    let dir = direction(source, Dir::Rtl);
    std::hint::black_box((words, dir));
    start.elapsed()
}

/// Whether a text takes much longer in one piece than in ten. Both are about
/// the same work, so a busy machine slows both; what looks at all of the text
/// for each piece of it takes ten times as long. The fastest of some rounds.
fn grows_too_fast(pattern: &Pattern, format: Format) -> bool {
    // Without optimisation the same growth shows on shorter texts.
    let size = if cfg!(debug_assertions) { BODY_BYTES / 4 } else { BODY_BYTES };
    let (small, large) = (pattern.sized(size / 10), pattern.sized(size));
    let (mut in_ten, mut in_one) = (Duration::MAX, Duration::MAX);
    for _ in 0..10 {
        in_ten = in_ten.min((0..10).map(|_| time(&small, format)).sum());
        in_one = in_one.min(time(&large, format));
        if in_one <= in_ten * 4 + Duration::from_millis(2) {
            return false;
        }
    }
    true
}

#[test]
fn time_grows_with_the_length() {
    let slow: Vec<String> = patterns()
        .iter()
        .flat_map(|pattern| [Format::Markdown, Format::Html].map(|format| (pattern, format)))
        .filter(|(pattern, format)| grows_too_fast(pattern, *format))
        .map(|(pattern, format)| format!("{} as {}", pattern.name, format.as_str()))
        .collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

/// A link's address is not multiplied by the blocks, emphases or references around it.
#[test]
fn length_grows_with_the_length() {
    let long = format!("https://x.example/{}", "a".repeat(BODY_BYTES / 2));
    let sources = [
        format!("<a href=\"{long}\">{}", "x\n\n".repeat(10_000)),
        format!("<b><a href=\"{long}\">{}", "</b>x<b>".repeat(4_000)),
        format!("<a href=\"{long}\">{}", "<b>x</b>".repeat(4_000)),
        format!("[a]: {long}\n\n{}", "[a] ".repeat(8_000)),
    ];
    for source in sources {
        for format in [Format::Markdown, Format::Html] {
            let html = render(&source, format, Dir::Ltr, None).html;
            assert!(html.len() < 16 * source.len(), "{} bytes from {} of {}", html.len(), source.len(), &source[..20]);
        }
    }
}

/// On the small stack of a test thread.
#[test]
fn depth_is_bounded() {
    for opener in [
        "> ",
        "- ",
        "1. ",
        "> - ",
        "*a **a ",
        "[",
        "<div>",
        "<b>",
        "<blockquote>",
        "<ul><li>",
        "<ol>",
        "<i><b>",
        "<table><tr><td>",
        "<a href=https://x.example>",
        "<pre>",
        "<unknown>",
    ] {
        let source = format!("{}a", opener.repeat(50_000));
        for format in [Format::Markdown, Format::Html] {
            let html = render(&source, format, Dir::Rtl, None).html;
            let mut depth = 0_i32;
            let deepest = html.split('<').skip(1).fold(0, |deepest, tag| {
                depth += if tag.starts_with('/') { -1 } else { 1 };
                deepest.max(depth)
            });
            assert!(depth == 0 && deepest <= 26, "{opener:?} as {}: {deepest} deep", format.as_str());
        }
    }
}
