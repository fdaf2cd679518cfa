//! Reads Markdown (CommonMark with `~~strikethrough~~`) as comments use it:
//! a single line break is kept, headings are bold lines, images are links,
//! and HTML is shown as it was typed.

use super::{
    links,
    scribe::{Container, Inline, Scribe},
};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream};

pub(super) fn write(source: &str, scribe: &mut Scribe) {
    // Text is merged so that a URL with an underscore arrives in one piece.
    let events = TextMergeStream::new(Parser::new_ext(source, Options::ENABLE_STRIKETHROUGH));
    let mut code: Option<String> = None;
    for event in events {
        match (event, &mut code) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)), _) => code = Some(String::new()),
            (Event::End(TagEnd::CodeBlock), _) => scribe.code_block(&code.take().unwrap_or_default()),
            (Event::Text(text), Some(code)) => code.push_str(&text),
            (Event::Text(text), None) => scribe.text(&text),
            (Event::Code(words), _) => {
                scribe.open_inline(Inline::Code);
                scribe.literal(&words);
                scribe.close_inline(&Inline::Code);
            }
            (Event::Html(html) | Event::InlineHtml(html), _) => lines(&html, scribe),
            (Event::SoftBreak | Event::HardBreak, _) => scribe.line_break(),
            (Event::Rule, _) => scribe.rule(),
            (Event::Start(tag), _) => open(tag, scribe),
            (Event::End(tag), _) => close(tag, scribe),
            // Of extensions that are off.
            (Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_), _) => {}
        }
    }
}

fn open(tag: Tag<'_>, scribe: &mut Scribe) {
    match tag {
        Tag::Paragraph => scribe.paragraph(),
        Tag::Heading { .. } => {
            scribe.paragraph();
            scribe.open_inline(Inline::Strong);
        }
        Tag::BlockQuote(_) => scribe.open(Container::Quote),
        Tag::List(None) => scribe.open(Container::Bullets),
        Tag::List(Some(first)) => scribe.open(Container::Numbers(first.try_into().unwrap_or(1))),
        Tag::Item => scribe.open_item(),
        Tag::Emphasis => scribe.open_inline(Inline::Emphasis),
        Tag::Strong => scribe.open_inline(Inline::Strong),
        Tag::Strikethrough => scribe.open_inline(Inline::Deleted),
        Tag::Link { link_type: LinkType::Autolink, dest_url, .. } => {
            scribe.open_inline(links::href(&dest_url).map_or(Inline::Link(None), Inline::Address));
        }
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => scribe.open_inline(Inline::Link(links::href(&dest_url))),
        _ => scribe.end_block(),
    }
}

fn close(tag: TagEnd, scribe: &mut Scribe) {
    match tag {
        TagEnd::Heading(_) => {
            scribe.close_inline(&Inline::Strong);
            scribe.end_block();
        }
        TagEnd::BlockQuote(_) => scribe.close(Container::Quote),
        TagEnd::List(_) => scribe.close(Container::Bullets),
        TagEnd::Item => scribe.close_item(),
        TagEnd::Emphasis => scribe.close_inline(&Inline::Emphasis),
        TagEnd::Strong => scribe.close_inline(&Inline::Strong),
        TagEnd::Strikethrough => scribe.close_inline(&Inline::Deleted),
        TagEnd::Link | TagEnd::Image => scribe.close_inline(&Inline::Link(None)),
        _ => scribe.end_block(),
    }
}

/// HTML in Markdown is text, line by line.
fn lines(html: &str, scribe: &mut Scribe) {
    for (n, line) in html.split('\n').enumerate() {
        if n > 0 {
            scribe.line_break();
        }
        scribe.literal(line);
    }
}
