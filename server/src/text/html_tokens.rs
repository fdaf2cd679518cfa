//! Cuts the HTML of other comment systems into tags and text, in one pass.
//!
//! Not a full HTML tokenizer and need not be: what it hands on is written anew
//! by the scribe and cleaned by the wall, so a misread tag shows as text and
//! can do no more. A tag that never ends is text, with all that follows it.

use super::{plain, sanitize};
use std::borrow::Cow;

#[derive(PartialEq, Eq, Debug)]
pub(super) enum Token<'s> {
    Text(&'s str),
    Open(Tag<'s>),
    /// A name in lower case.
    Close(String),
}

#[derive(PartialEq, Eq, Debug)]
pub(super) struct Tag<'s> {
    /// In lower case.
    pub(super) name: String,
    attributes: Vec<(&'s str, &'s str)>,
}

impl Tag<'_> {
    /// The value of the first attribute of this name, decoded.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| decode(value))
    }
}

/// Elements whose content is for programs.
const NOT_FOR_READERS: [&str; 8] = ["script", "style", "iframe", "object", "noembed", "noframes", "template", "title"];

pub(super) fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    let mut text_len = 0;
    while let Some(at) = rest.get(text_len..).and_then(|tail| tail.find('<')) {
        let (text, from) = rest.split_at(text_len + at);
        match markup(from) {
            Markup::None => text_len = text.len() + 1,
            Markup::Endless => break,
            Markup::Some(token, after) => {
                push_text(text, &mut tokens);
                rest = after;
                if let Some(Token::Open(tag)) = &token
                    && NOT_FOR_READERS.contains(&tag.name.as_str())
                {
                    rest = after_element(&tag.name, after);
                } else {
                    tokens.extend(token);
                }
                text_len = 0;
            }
        }
    }
    push_text(rest, &mut tokens);
    tokens
}

fn push_text<'s>(text: &'s str, tokens: &mut Vec<Token<'s>>) {
    if !text.is_empty() {
        tokens.push(Token::Text(text));
    }
}

/// What a `<` begins, and the rest after it.
enum Markup<'s> {
    /// A letter like any other.
    None,
    /// It has no end.
    Endless,
    /// A tag; or a comment, which is nothing.
    Some(Option<Token<'s>>, &'s str),
}

fn markup(from: &str) -> Markup<'_> {
    let Some(inside) = from.strip_prefix('<') else { return Markup::None };
    let comment =
        |body: &'_ str, end: &str| body.find(end).map_or(Markup::Endless, |at| Markup::Some(None, from_byte(from, from.len() - body.len() + at + end.len())));
    match inside.as_bytes() {
        [b'!', b'-', b'-', ..] => comment(from_byte(inside, 3), "-->"),
        [b'!' | b'?', ..] => comment(inside, ">"),
        [b'/', letter, ..] if letter.is_ascii_alphabetic() => {
            tag(from_byte(inside, 1)).map_or(Markup::Endless, |(tag, after)| Markup::Some(Some(Token::Close(tag.name)), after))
        }
        [letter, ..] if letter.is_ascii_alphabetic() => tag(inside).map_or(Markup::Endless, |(tag, after)| Markup::Some(Some(Token::Open(tag)), after)),
        _ => Markup::None,
    }
}

/// A tag from its name to its `>` (HTML standard, 13.2.5.8 and following).
fn tag(inside: &str) -> Option<(Tag<'_>, &str)> {
    let (name, mut rest) = cut(inside, |c| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((Tag { name: name.to_ascii_lowercase(), attributes }, after));
        }
        // The first letter belongs to the name even if it is `=`.
        let first = rest.chars().next()?.len_utf8();
        let end = rest.get(first..)?.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=')).map_or(rest.len(), |at| at + first);
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.trim_ascii_start().strip_prefix('=') {
            Some(after) => value(after.trim_ascii_start())?,
            None => ("", after),
        };
        attributes.push((name, value));
        rest = after;
    }
}

/// The value after `=`, and the rest. `None` when its quotation mark is missing.
fn value(after: &str) -> Option<(&str, &str)> {
    match after.as_bytes().first()? {
        b'"' => from_byte(after, 1).split_once('"'),
        b'\'' => from_byte(after, 1).split_once('\''),
        _ => Some(cut(after, |c| c.is_ascii_whitespace() || c == '>')),
    }
}

/// The rest after the end of an element whose content is not read; nothing when it does not end.
fn after_element<'s>(name: &str, content: &'s str) -> &'s str {
    let mut rest = content;
    while let Some((_, close)) = rest.split_once("</") {
        if close.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return close.split_once('>').map_or("", |(_, after)| after);
        }
        rest = close;
    }
    ""
}

fn cut(text: &str, end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(end).unwrap_or(text.len()))
}

fn from_byte(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// Text with its character references resolved.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('&') {
        out.push_str(before);
        // The longest name has 31 letters.
        let name = from.bytes().take(32).position(|b| b == b';').and_then(|end| from.get(..end)).filter(|name| !name.is_empty());
        match name.and_then(|name| Some((one(name)?, name.len() + 1))) {
            Some((letter, len)) => {
                out.push_str(&letter);
                rest = from_byte(from, len);
            }
            None => {
                out.push('&');
                rest = from;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The letters that a reference stands for, without its `&` and `;`.
fn one(name: &str) -> Option<Cow<'static, str>> {
    Some(match name {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "nbsp" => "\u{a0}".into(),
        _ if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') => return None,
        _ => match numbered(name) {
            Some(letter) => letter.to_string().into(),
            None => known_to_the_parser(name)?.into(),
        },
    })
}

/// `#1575` or `#x627`. Not the numbers with a history of their own: controls, and 128 to 159, which mean Windows letters.
fn numbered(name: &str) -> Option<char> {
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?).filter(|c| !c.is_control())
}

/// The HTML parser behind the wall knows all two thousand names.
fn known_to_the_parser(name: &str) -> Option<String> {
    let reference = format!("&{name};");
    let letters = plain::text(&sanitize::clean(&reference));
    (!letters.is_empty() && !letters.ends_with(';')).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(html: &str) -> String {
        let show = |token: &Token<'_>| match token {
            Token::Text(text) => format!("[{text}]"),
            Token::Open(tag) => format!("<{} {:?}>", tag.name, tag.attributes),
            Token::Close(name) => format!("</{name}>"),
        };
        tokens(html).iter().map(show).collect()
    }

    #[test]
    fn tags_text_and_comments() {
        assert_eq!(shape("a <B>b</b> c"), "[a ]<b []>[b]</b>[ c]");
        assert_eq!(shape("<a href='x>y' rel=nofollow / DATA>z"), r#"<a [("href", "x>y"), ("rel", "nofollow"), ("DATA", "")]>[z]"#);
        assert_eq!(shape("a<!-- <b> -->c<?php ?>d<!DOCTYPE html>e"), "[a][c][d][e]");
        assert_eq!(shape("1 < 2 <3 </ 4"), "[1 < 2 <3 </ 4]");
        assert_eq!(shape("a<script>if (1 </b>) alert()</SCRIPT >b<style>c"), "[a][b]");
    }

    #[test]
    fn what_never_ends_is_text() {
        assert_eq!(shape("a <b and no more"), "[a <b and no more]");
        assert_eq!(shape("x<i>y</i> <a href=\"z>w</a>"), "[x]<i []>[y]</i>[ <a href=\"z>w</a>]");
        assert_eq!(shape("a<!-- b"), "[a<!-- b]");
    }

    #[test]
    fn references() {
        assert_eq!(decode("a &amp; b &lt;&#60;&#x3c; &eacute; &#146;"), "a & b <<< é ’");
        assert_eq!(decode("&#1575;&#x627;"), "اا");
        assert_eq!(decode("&nothing; & &; &#xffffffff"), "&nothing; & &; &#xffffffff");
        assert_eq!(decode("&amp;lt;"), "&lt;");
    }
}
