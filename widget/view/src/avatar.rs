//! The avatar: one letter on one of twelve tints. Drawn by us, so that no third
//! party learns who reads what.

use jiwar_wire::comment::Author;
use maud::{Markup, html};

/// Classes `h0` to `h11`, thirty degrees of hue apart: the host's policy may forbid inline style.
const TINTS: [&str; 12] = ["av h0", "av h1", "av h2", "av h3", "av h4", "av h5", "av h6", "av h7", "av h8", "av h9", "av h10", "av h11"];

/// The avatar of `ع:210`. An odd value gives an empty shape.
pub(crate) fn avatar(author: &Author) -> Markup {
    // Byte by byte, as the standard library's search weighs too much in the widget.
    let colon = author.avatar.bytes().rposition(|b| b == b':').unwrap_or_default();
    let (letter, hue) = author.avatar.split_at_checked(colon).unwrap_or_default();
    let hue: usize = hue.bytes().skip(1).take(3).filter(u8::is_ascii_digit).fold(0, |n, d| n * 10 + usize::from(d - b'0'));
    let class = TINTS.get(hue % 360 / 30).copied().unwrap_or("av");
    html! { span class=(class) part="avatar" aria-hidden="true" { (letter) } }
}
