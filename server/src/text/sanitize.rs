//! The wall: an allow-list of elements, attributes and schemes, and the only user of ammonia.

use ammonia::{Builder, UrlRelative};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Everything that may stand in a comment.
const ELEMENTS: [&str; 16] = ["a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "q", "strong", "sub", "sup", "ul"];
/// Elements that carry a direction. The scribe writes it; a writer's own never gets this far.
const DIRECTED: [&str; 8] = ["a", "blockquote", "code", "li", "ol", "p", "pre", "ul"];

/// Compiled once: making a builder costs more than cleaning a comment.
static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let mut fixed: HashMap<_, _> = DIRECTED.into_iter().map(|element| (element, HashMap::from([("dir", HashSet::from(["ltr", "rtl"]))]))).collect();
    // A long line of code scrolls, and a keyboard must be able to reach it (WCAG 2.1.1).
    fixed.entry("pre").or_default().insert("tabindex", HashSet::from(["0"]));
    builder
        .tags(HashSet::from(ELEMENTS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .tag_attribute_values(fixed)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("ugc nofollow noopener"))
        .attribute_filter(|_, attribute, value| {
            let keep = attribute != "start" || value.parse::<u32>().is_ok();
            keep.then_some(Cow::Borrowed(value))
        });
    builder
});

/// HTML with nothing in it but what is on the list. Quadratic in the depth of
/// nesting, so give it only what a `Scribe` wrote.
pub(super) fn clean(draft: &str) -> String {
    restore(BUILDER.clean(draft).to_string())
}

// The serialiser behind the wall looks through all the rest of a text for each
// `&`, no-break space, `«` and other letter of two bytes with the same first
// byte in it (html5ever 0.40, `write_escaped`): a second for a long line of
// them. So they pass the wall as noncharacters, which no draft holds otherwise.

const AMPERSAND: char = '\u{fffe}';
/// Stands in for U+00A0; those for the letters up to U+00BF follow it.
const LATIN: char = '\u{fdd0}';
const LATIN_LAST: char = '\u{fdef}';
const NO_BREAK_SPACE: u32 = 0xa0;

/// Adds text to a draft, as text: nothing in it can be read as markup.
pub(super) fn push_text(text: &str, draft: &mut String) {
    for c in text.chars() {
        match c {
            '<' => draft.push_str("&lt;"),
            '>' => draft.push_str("&gt;"),
            '&' => draft.push(AMPERSAND),
            '\u{a0}'..='\u{bf}' => draft.extend(char::from_u32(u32::from(c) - NO_BREAK_SPACE + u32::from(LATIN))),
            AMPERSAND | LATIN..=LATIN_LAST => {}
            c => draft.push(c),
        }
    }
}

/// Puts the letters back for which others stood in.
fn restore(html: String) -> String {
    let stands_in = |c: char| matches!(c, AMPERSAND | LATIN..=LATIN_LAST);
    if !html.contains(stands_in) {
        return html;
    }
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    for c in html.chars() {
        match c {
            AMPERSAND => out.push_str("&amp;"),
            LATIN => out.push_str("&nbsp;"),
            c if stands_in(c) => out.extend(char::from_u32(u32::from(c) - u32::from(LATIN) + NO_BREAK_SPACE)),
            c => out.push(c),
        }
    }
    out
}
