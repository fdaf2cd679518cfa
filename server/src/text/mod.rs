//! From what a person typed to what may be shown, and to what can be searched.
//!
//! One road: `markdown` or `html` reads the source and tells a `Scribe`, which
//! writes well-formed HTML of bounded depth with a direction on every block;
//! `sanitize` then lets through what is on its list, whatever came before it.
//! Everything here is pure, and its time grows with the length of the text.

mod avatar;
mod direction;
mod fold;
mod html;
mod html_tokens;
mod links;
mod markdown;
mod plain;
mod sanitize;
mod scribe;
pub mod search;
#[cfg(test)]
mod tests;

pub use avatar::avatar;
pub use direction::direction;
pub use fold::fold;
pub use plain::excerpt;

use jiwar_wire::{Dir, comment::Format, input::clean_text};
use scribe::Scribe;

/// What is stored beside the source of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    /// Safe to put into a page as it is; empty when nothing of the source can be shown.
    pub html: String,
    /// The direction of the whole.
    pub dir: Dir,
    /// The words alone, folded for search (see [`fold()`]); one line for each block.
    pub folded: String,
}

/// Renders a text. `inherit` is the direction of the site; `chosen` is the
/// writer's own choice and wins for every block.
///
/// Meant for texts within `limits::BODY_BYTES`; longer ones from a move take
/// proportionally longer, never more.
pub fn render(source: &str, format: Format, inherit: Dir, chosen: Option<Dir>) -> Rendered {
    let source = clean_text(source);
    let mut scribe = Scribe::new(inherit, chosen);
    match format {
        Format::Markdown => markdown::write(&source, &mut scribe),
        Format::Html => html::write(&source, &mut scribe),
    }
    let (draft, dir) = scribe.finish();
    let html = sanitize::clean(&draft);
    let folded = fold(&plain::text(&html));
    Rendered { html, dir, folded }
}
