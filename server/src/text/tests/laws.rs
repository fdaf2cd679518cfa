//! What holds for every text, of either format.

use super::{
    super::{Rendered, excerpt, fold, render, sanitize},
    dom::{self, Kind, Node},
};
use jiwar_wire::{Dir, comment::Format, input::is_bidi_control};
use proptest::prelude::*;
use std::rc::Rc;

/// Depth of the deepest element: eight lists with their items, a paragraph, eight inlines.
const DEEPEST: usize = 26;

/// Renders a text both ways and holds every law against the result.
pub(super) fn obey(source: &str) {
    for (format, inherit, chosen) in [(Format::Markdown, Dir::Ltr, None), (Format::Html, Dir::Rtl, None), (Format::Html, Dir::Ltr, Some(Dir::Rtl))] {
        let rendered = render(source, format, inherit, chosen);
        harmless(&rendered.html).unwrap_or_else(|why| panic!("{why}\nsource: {source:?}\nhtml: {}", rendered.html));
        steady(&rendered, source);
        if let Some(chosen) = chosen {
            assert_eq!(rendered.dir, chosen);
        }
    }
}

/// Cleaning again, parsing and printing again, folding again: nothing changes.
fn steady(rendered: &Rendered, source: &str) {
    let html = &rendered.html;
    assert_eq!(&sanitize::clean(html), html, "cleaned twice: {source:?}");
    for scripting in [true, false] {
        assert_eq!(&dom::print(&dom::parse(html, scripting)), html, "parsed and printed: {source:?}");
    }
    assert_eq!(fold(&rendered.folded), rendered.folded, "folded twice: {source:?}");
    assert!(!html.contains(is_bidi_control), "direction controls: {source:?}");
}

/// Only our elements and attributes, only links that lead out by `http`, `https` and `mailto`.
fn harmless(html: &str) -> Result<(), String> {
    dom::parse(html, true).iter().chain(&dom::parse(html, false)).try_for_each(|node| harmless_node(node, 1))
}

fn harmless_node(node: &Rc<Node>, depth: usize) -> Result<(), String> {
    let (name, attributes) = match &node.kind {
        Kind::Text(_) => return Ok(()),
        Kind::Element(name, attributes) => (name, attributes.borrow()),
        other => return Err(format!("{other:?}")),
    };
    let element = &*name.local;
    if &*name.ns != "http://www.w3.org/1999/xhtml"
        || !["a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "q", "strong", "sub", "sup", "ul"].contains(&element)
    {
        return Err(format!("element {element}"));
    }
    if depth > DEEPEST {
        return Err(format!("depth {depth}"));
    }
    for attribute in attributes.iter() {
        let (key, value) = (&*attribute.name.local, &*attribute.value);
        let good = match key {
            "tabindex" => element == "pre" && value == "0",
            "dir" => matches!(value, "ltr" | "rtl") && (value == "ltr" || !matches!(element, "pre" | "code")),
            "href" => element == "a" && is_safe_address(value),
            "rel" => element == "a" && value == "ugc nofollow noopener",
            "start" => element == "ol" && value.parse::<u32>().is_ok(),
            _ => false,
        };
        if !good {
            return Err(format!("attribute {key}={value:?} of {element}"));
        }
    }
    let has = |key: &str| attributes.iter().any(|a| &*a.name.local == key);
    let complete = match element {
        "a" => has("href") && has("rel"),
        "p" | "li" | "blockquote" | "ul" | "ol" | "pre" => has("dir"),
        _ => true,
    };
    if !complete {
        return Err(format!("{element} lacks an attribute"));
    }
    node.children.borrow().iter().try_for_each(|child| harmless_node(child, depth + 1))
}

/// As a browser on `https://here.example/dir/` understands it: nowhere but where it says.
fn is_safe_address(address: &str) -> bool {
    let alone = url::Url::parse(address);
    let here = url::Url::parse("https://here.example/dir/").and_then(|base| base.join(address));
    alone.is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto") && here == Ok(url)) && address.bytes().all(|b| b.is_ascii_graphic())
}

#[test]
fn the_laws_catch_what_they_should() {
    for bad in [
        "<img src=x>",
        "<p>no direction</p>",
        r#"<p dir="auto">a</p>"#,
        r#"<p dir="ltr" onclick="x">a</p>"#,
        r#"<a href="javascript:alert(1)" rel="ugc nofollow noopener">a</a>"#,
        r#"<a href="/relative" rel="ugc nofollow noopener">a</a>"#,
        r#"<a href="https://x.example/">a</a>"#,
        "<svg><p>a",
        "<!-- -->",
    ] {
        assert!(harmless(bad).is_err(), "{bad}");
    }
}

/// Pieces that mean something to one of the readers.
const FRAGMENTS: &[&str] = &[
    "<",
    ">",
    "</",
    "&",
    ";",
    "\"",
    "'",
    "=",
    "/",
    "\n",
    "\n\n",
    " ",
    "    ",
    "\t",
    "`",
    "```",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "](",
    ")",
    "![",
    "]",
    "#",
    "# ",
    "> ",
    "- ",
    "1. ",
    "3) ",
    "---",
    "\\",
    "<p>",
    "</p>",
    "<p dir=rtl>",
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<a href=\"https://x.example/\">",
    "<a href=javascript:alert(1)>",
    "</a>",
    "<ul>",
    "<ol start=-3>",
    "<ol start=7>",
    "<li>",
    "</li>",
    "</ul>",
    "</ol>",
    "<blockquote>",
    "</blockquote>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<br>",
    "<br/>",
    "<hr>",
    "<h1>",
    "</h1>",
    "<q>",
    "<sub>",
    "</sub>",
    "<img alt=a src=https://x.example/i.png>",
    "<img src=x onerror=alert(1)>",
    "<script>",
    "</script>",
    "<style>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<svg>",
    "<math>",
    "<mtext>",
    "<table>",
    "<td>",
    "<form>",
    "<select>",
    "<option>",
    "<template>",
    "<noscript>",
    "<textarea>",
    "<title>",
    "<iframe>",
    "<plaintext>",
    "<xmp>",
    "&lt;",
    "&#60;",
    "&#x202e;",
    "&amp;",
    "&eacute;",
    "&#146;",
    "&#0;",
    "&nothing;",
    "&bsol;",
    "https://a.example/b_c",
    "http://",
    "www.b.example",
    "mailto:a@b.co",
    "a@b.co",
    "javascript:",
    "https://u:p@h.example",
    "//evil.example",
    "مرحبا",
    "سارة",
    "،",
    "@omar",
    "hello",
    "C++",
    "١٢",
    "12",
    "😅",
    "\u{202e}",
    "\u{2066}",
    "\u{200f}",
    "\u{feff}",
    "\u{301}",
    "\u{fffe}",
    "\0",
    "\u{85}",
    "\u{2028}",
    "\u{a0}",
];

/// Such pieces thrown together.
fn fragments() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(FRAGMENTS);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_mix_of_markup_obeys(source in fragments()) {
        obey(&source);
    }

    #[test]
    fn any_string_obeys(source in any::<String>()) {
        obey(&source);
    }

    #[test]
    fn folding_twice_changes_nothing(text in any::<String>()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn excerpts_are_short_and_on_one_line(source in fragments(), graphemes in 0usize..60) {
        use unicode_segmentation::UnicodeSegmentation;
        let html = render(&source, Format::Markdown, Dir::Rtl, None).html;
        let excerpt = excerpt(&html, graphemes);
        prop_assert!(excerpt.graphemes(true).count() <= graphemes);
        prop_assert!(!excerpt.contains(['\n', '\t']));
    }

    #[test]
    fn letters_are_neither_lost_nor_made(words in prop::collection::vec("[a-z]{1,8}|[ابتثجح]{1,6}", 1..30)) {
        let source = words.join(" ");
        for format in [Format::Markdown, Format::Html] {
            let html = render(&source, format, Dir::Rtl, None).html;
            prop_assert_eq!(excerpt(&html, 10_000), source.clone());
        }
    }
}
