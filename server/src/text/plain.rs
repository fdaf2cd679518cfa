//! The words of sanitised HTML, without its elements.

use unicode_segmentation::UnicodeSegmentation;

/// The first `graphemes` letters of sanitised HTML on one line, as plain text
/// for titles, feeds and JSON-LD. A cut is made between words where one is
/// near, and shown by `…` (which is counted).
pub fn excerpt(html: &str, graphemes: usize) -> String {
    let mut line = String::new();
    for word in text(html).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let Some((cut, _)) = line.grapheme_indices(true).nth(graphemes) else { return line };
    let Some(last) = graphemes.checked_sub(1) else { return String::new() };
    let keep = line.grapheme_indices(true).nth(last).map_or(cut, |(at, _)| at);
    let kept = line.get(..keep).unwrap_or_default();
    // A long word is cut inside rather than lost.
    let between_words = kept.rfind(' ').filter(|at| *at * 2 > keep && line.as_bytes().get(keep) != Some(&b' '));
    let kept = between_words.and_then(|at| kept.get(..at)).unwrap_or(kept);
    format!("{}…", kept.trim_end())
}

/// The words of HTML as `sanitize::clean` writes it: blocks and line breaks become `\n`.
pub(super) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((words, tag_on)) = rest.split_once('<') {
        push_decoded(words, &mut out);
        let end = end_of_tag(tag_on);
        let (tag, after) = tag_on.split_at(end);
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
        let breaks = matches!(name, "p" | "br" | "li" | "pre" | "blockquote" | "ul" | "ol" | "hr");
        if breaks && !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        rest = after;
    }
    push_decoded(rest, &mut out);
    out.truncate(out.trim_end().len());
    out
}

/// The length of a tag after its `<`, with its `>`. Values may hold a `>` of their own.
fn end_of_tag(tag_on: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in tag_on.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    tag_on.len()
}

/// The serialiser writes these references and no others (HTML standard, 13.3).
fn push_decoded(words: &str, out: &mut String) {
    let mut rest = words;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let known = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}")];
        let (reference, letter) = known.into_iter().find(|(reference, _)| from.starts_with(reference)).unwrap_or(("&", "&"));
        out.push_str(letter);
        rest = from.get(reference.len()..).unwrap_or_default();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_elements() {
        assert_eq!(
            text("<p dir=\"rtl\">مرحبا <strong>يا</strong> سارة<br>&lt;3 &amp;amp;</p><ul><li>a</li><li>b&nbsp;c</li></ul>"),
            "مرحبا يا سارة\n<3 &amp;\na\nb\u{a0}c"
        );
        assert_eq!(text("<a href=\"https://x.example/?a>b\" rel=\"ugc\">x</a> y"), "x y");
        assert_eq!(text("cut <a href=\"never closed"), "cut");
    }

    #[test]
    fn excerpts_keep_letters_and_words_whole() {
        assert_eq!(excerpt("<p>one two</p><p>three</p>", 40), "one two three");
        assert_eq!(excerpt("<p>one two three</p>", 13), "one two three");
        assert_eq!(excerpt("<p>one two three</p>", 12), "one two…");
        assert_eq!(excerpt("<p>one two three</p>", 8), "one two…");
        assert_eq!(excerpt("<p>مُحَمَّدٌ</p>", 3), "مُحَ…");
        assert_eq!(excerpt("<p>👩‍👩‍👧‍👦👩‍👩‍👧‍👦</p>", 1), "…");
        assert_eq!(excerpt("<p>abc</p>", 0), "");
        assert_eq!(excerpt("", 5), "");
    }
}
