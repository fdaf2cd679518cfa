//! What search engines read: the thread as schema.org data (JSON-LD 1.1).

use crate::{
    comment::is_gone,
    discuss::DiscussPage,
    place::Place,
    words::{named, time::push_rfc3339},
};
use jiwar_wire::{Lang, comment::Comment};
use maud::{Markup, PreEscaped, html};

/// A `DiscussionForumPosting` with the comments of this page. Replies name their
/// parent instead of standing in it: depth cannot grow.
pub(crate) fn script(place: &Place<'_>, page: &DiscussPage<'_>) -> Markup {
    let mut json = Json(String::with_capacity(1024));
    posting(&mut json, place, page);
    html! { script type="application/ld+json" { (PreEscaped(json.0)) } }
}

fn posting(json: &mut Json, place: &Place<'_>, page: &DiscussPage<'_>) {
    let here = place.url.map_or_else(|| place.canonical(), Into::into);
    json.raw(r#"{"@context":"https://schema.org","@type":"DiscussionForumPosting""#);
    json.field("headline", place.title.unwrap_or(place.page_id));
    json.field("url", &here);
    json.field("mainEntityOfPage", &here);
    json.field("inLanguage", place.lang.tag());
    json.raw(r#","author":{"@type":"Organization""#);
    json.field("name", &place.site.name);
    json.raw(r#"},"commentCount":"#);
    let mut count = String::new();
    crate::words::push_plain(&mut count, page.thread.thread.count, 1, crate::words::Digits::Latn);
    json.raw(&count);
    json.raw(r#","comment":["#);
    let shown = page.thread.comments.iter().filter(|c| !is_gone(c));
    for (at, comment) in shown.enumerate() {
        if at > 0 {
            json.raw(",");
        }
        one(json, place.lang, comment);
    }
    json.raw("]}");
}

fn one(json: &mut Json, lang: Lang, comment: &Comment) {
    json.raw(r#"{"@type":"Comment""#);
    json.field("@id", &urn(comment.id));
    json.field("url", &comment.permalink);
    let mut at = String::new();
    push_rfc3339(&mut at, comment.created_at);
    json.field("dateCreated", &at);
    json.field("text", &plain_text(&comment.html));
    json.raw(r#","author":{"@type":"Person""#);
    json.field("name", named(lang, &comment.author.name));
    if let Some(url) = &comment.author.website {
        json.field("url", url);
    }
    json.raw("}");
    if let Some(parent) = comment.parent_id {
        json.raw(r#","parentItem":{"@type":"Comment","@id":"#);
        json.text(&urn(parent));
        json.raw("}");
    }
    json.raw("}");
}

fn urn(id: jiwar_wire::ids::CommentId) -> String {
    let mut out = String::from("urn:uuid:");
    crate::place::Id(id).push(&mut out);
    out
}

/// The text of sanitised HTML: tags become spaces where they part words, and the
/// references that the sanitiser writes become letters.
fn plain_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        push_text(&mut out, text);
        let end = tag.find('>').map_or(tag.len(), |at| at + 1);
        let (tag, after) = tag.split_at(end);
        let inline = ["a ", "a>", "em>", "strong>", "code>", "del>", "b>", "i>"];
        if !inline.iter().any(|name| tag.trim_start_matches(['<', '/']).starts_with(name)) {
            push_text(&mut out, " ");
        }
        rest = after;
    }
    push_text(&mut out, rest);
    out.trim().into()
}

fn push_text(out: &mut String, text: &str) {
    let decoded = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&nbsp;", " ").replace("&amp;", "&");
    for c in decoded.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

/// A JSON text in the making.
struct Json(String);

impl Json {
    fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// `,"name":"value"`
    fn field(&mut self, name: &str, value: &str) {
        self.raw(",");
        self.text(name);
        self.raw(":");
        self.text(value);
    }

    /// A string (RFC 8259). What could end the `<script>` is escaped as well, and
    /// the two line separators that older engines took for line ends.
    fn text(&mut self, value: &str) {
        self.0.push('"');
        for c in value.chars() {
            match c {
                '"' => self.raw("\\\""),
                '\\' => self.raw("\\\\"),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' | '\u{7f}' => self.escape(c),
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }

    fn escape(&mut self, c: char) {
        self.raw("\\u");
        let n = u32::from(c);
        for shift in [12, 8, 4, 0] {
            self.0.push(char::from_digit(n >> shift & 15, 16).unwrap_or('0'));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script() {
        let mut json = Json(String::new());
        json.text("</script><!-- \"\\ \u{2028}\n&");
        assert_eq!(json.0, r#""\u003c/script\u003e\u003c!-- \"\\ \u2028\u000a\u0026""#);
    }

    #[test]
    fn words_stay_apart_and_letters_come_back() {
        assert_eq!(plain_text("<p>a &lt;b&gt; &amp;amp; <em>c</em>d</p><p>e<br>f</p>"), "a <b> &amp; cd e f");
        assert_eq!(plain_text("<p>unclosed <a href=\"x"), "unclosed");
    }
}
