//! The two questions that need the tables of Unicode. In the browser they would
//! weigh four times the whole widget: there they are left out, and the server,
//! which reads everything again, has the last word.

/// Composed letters (NFC, UAX #15).
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn composed(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    unicode_normalization::UnicodeNormalization::nfc(chars)
}

#[cfg(target_arch = "wasm32")]
pub(crate) fn composed(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars
}

/// Whether a text has more than `limit` graphemes (UAX #29), without counting them all.
#[cfg(not(target_arch = "wasm32"))]
pub fn longer_than(text: &str, limit: usize) -> bool {
    use unicode_segmentation::UnicodeSegmentation;
    text.len() > limit && text.graphemes(true).nth(limit).is_some()
}

#[cfg(target_arch = "wasm32")]
pub fn longer_than(_: &str, _: usize) -> bool {
    false
}
