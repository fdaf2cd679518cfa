//! Reads the HTML of comments that moved in from other systems.
//!
//! Where they mark paragraphs, marks are heeded; where they rely on the blank
//! lines and line breaks of the text, as WordPress does, those are.

use super::{
    html_tokens::{Tag, Token, decode, tokens},
    links,
    scribe::{Container, Inline, Scribe},
};

pub(super) fn write(source: &str, scribe: &mut Scribe) {
    let tokens = tokens(source);
    let marks = |names: &[&str]| tokens.iter().any(|t| matches!(t, Token::Open(tag) if names.contains(&tag.name.as_str())));
    let paragraphs = !marks(&["p", "div"]);
    let breaks = paragraphs && !marks(&["br"]);
    let mut code: Option<String> = None;
    for token in &tokens {
        match (token, &mut code) {
            (Token::Close(name), Some(text)) if name == "pre" => {
                end_code(text, scribe);
                code = None;
            }
            (Token::Open(tag), Some(text)) if tag.name == "br" => text.push('\n'),
            (Token::Text(words), Some(text)) => text.push_str(&decode(words)),
            (_, Some(_)) => {}
            (Token::Open(tag), None) if tag.name == "pre" => code = Some(String::new()),
            (Token::Open(tag), None) => open(tag, scribe),
            (Token::Close(name), None) => close(name, scribe),
            (Token::Text(words), None) => text(&decode(words), paragraphs, breaks, scribe),
        }
    }
    if let Some(text) = code {
        end_code(&text, scribe);
    }
}

/// A line break right after `<pre>` is not part of it (HTML standard, 13.2.6.4.7).
fn end_code(text: &str, scribe: &mut Scribe) {
    let text = text.strip_prefix('\n').unwrap_or(text);
    if !text.trim().is_empty() {
        scribe.code_block(text);
    }
}

/// Words, with line breaks and blank lines as they count in this source.
fn text(text: &str, paragraphs: bool, breaks: bool, scribe: &mut Scribe) {
    let mut ends = 0;
    for (n, line) in text.split('\n').enumerate() {
        ends += usize::from(n > 0);
        let words = line.trim_ascii();
        if words.is_empty() {
            if !line.is_empty() {
                scribe.space();
            }
            continue;
        }
        match ends {
            0 => {}
            1 if breaks => scribe.line_break(),
            2.. if paragraphs => scribe.end_block(),
            _ => scribe.space(),
        }
        ends = 0;
        if line.starts_with(|c: char| c.is_ascii_whitespace()) {
            scribe.space();
        }
        scribe.text(words);
        if line.ends_with(|c: char| c.is_ascii_whitespace()) {
            scribe.space();
        }
    }
    // Line ends after the last word stand before what the next tag brings.
    match ends {
        0 => {}
        1 if breaks => scribe.line_break(),
        2.. if paragraphs => scribe.end_block(),
        _ => scribe.space(),
    }
}

fn open(tag: &Tag<'_>, scribe: &mut Scribe) {
    match tag.name.as_str() {
        "p" => scribe.paragraph(),
        "br" => scribe.line_break(),
        "hr" => scribe.rule(),
        "blockquote" => scribe.open(Container::Quote),
        "ul" | "menu" | "dir" => scribe.open(Container::Bullets),
        "ol" => scribe.open(Container::Numbers(tag.attribute("start").and_then(|n| n.trim().parse().ok()).unwrap_or(1))),
        "li" => scribe.open_item(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            scribe.paragraph();
            scribe.open_inline(Inline::Strong);
        }
        "td" | "th" => scribe.space(),
        "a" => scribe.open_inline(Inline::Link(tag.attribute("href").and_then(|address| links::href(&address)))),
        "img" => image(tag, scribe),
        name if is_block(name) => scribe.end_block(),
        name => {
            if let Some(inline) = inline(name) {
                scribe.open_inline(inline);
            }
        }
    }
}

fn close(name: &str, scribe: &mut Scribe) {
    match name {
        // A stray `</p>` and `</br>` end a paragraph and a line too.
        "p" => scribe.end_block(),
        "br" => scribe.line_break(),
        "blockquote" => scribe.close(Container::Quote),
        "ul" | "menu" | "dir" | "ol" => scribe.close(Container::Bullets),
        "li" => scribe.close_item(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            scribe.close_inline(&Inline::Strong);
            scribe.end_block();
        }
        "a" => scribe.close_inline(&Inline::Link(None)),
        name if is_block(name) => scribe.end_block(),
        name => {
            if let Some(inline) = inline(name) {
                scribe.close_inline(&inline);
            }
        }
    }
}

/// A picture becomes a link to it; an emoji drawn as a picture becomes the emoji again.
fn image(tag: &Tag<'_>, scribe: &mut Scribe) {
    let alt = tag.attribute("alt").unwrap_or_default();
    let class = tag.attribute("class").unwrap_or_default();
    if class.split_ascii_whitespace().any(|c| matches!(c, "emoji" | "wp-smiley")) {
        scribe.literal(alt.trim());
        return;
    }
    scribe.open_inline(Inline::Link(tag.attribute("src").and_then(|address| links::href(&address))));
    scribe.literal(alt.trim());
    scribe.close_inline(&Inline::Link(None));
}

fn inline(name: &str) -> Option<Inline> {
    Some(match name {
        "b" | "strong" => Inline::Strong,
        "i" | "em" | "cite" | "dfn" | "var" => Inline::Emphasis,
        "s" | "strike" | "del" => Inline::Deleted,
        "code" | "kbd" | "samp" | "tt" => Inline::Code,
        "q" => Inline::Quotation,
        "sub" => Inline::Sub,
        "sup" => Inline::Sup,
        _ => return None,
    })
}

/// Elements that stand on lines of their own and mean no more to a comment.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "html"
            | "main"
            | "nav"
            | "section"
            | "spoiler"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
    )
}
