//! The widget's files, compressed at build time and compiled in (`build.rs`).

/// A file with its compressed forms.
#[derive(Debug)]
pub struct Asset {
    /// Its path on this server; below `/widget/` the content never changes.
    pub path: &'static str,
    pub mime: &'static str,
    /// As is, by Brotli (RFC 7932), by gzip (RFC 1952).
    pub raw: &'static [u8],
    pub br: &'static [u8],
    pub gz: &'static [u8],
    /// Over the content, with its quotes (RFC 9110, 8.8.3).
    pub etag: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/assets_table.rs"));

/// A file of the widget by its whole path.
pub fn find(path: &str) -> Option<&'static Asset> {
    WIDGET.iter().find(|asset| asset.path == path)
}

/// Bytes on the wire, by Brotli, beside the thread's own HTML.
pub struct Sizes {
    /// For one who only reads: loader and style.
    pub reading: usize,
    /// For one who writes: everything.
    pub writing: usize,
}

/// What the widget weighs.
pub fn sizes() -> Sizes {
    let of = |wanted: fn(&str) -> bool| WIDGET.iter().filter(|a| wanted(a.path)).map(|a| a.br.len()).sum::<usize>();
    Sizes { reading: EMBED_JS.br.len() + of(|path| path.ends_with(".css")), writing: EMBED_JS.br.len() + of(|_| true) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_widget_stays_within_its_budget() {
        let sizes = sizes();
        assert!(sizes.reading <= 7_000, "reading takes {} bytes", sizes.reading);
        assert!(sizes.writing <= 40_960, "writing takes {} bytes", sizes.writing);
    }

    #[test]
    fn compressed_forms_hold_the_same_content() {
        for asset in WIDGET.iter().chain([&EMBED_JS]) {
            let (mut br, mut gz) = (Vec::new(), Vec::new());
            brotli::Decompressor::new(asset.br, 4096).read_to_end(&mut br).unwrap();
            flate2::read::GzDecoder::new(asset.gz).read_to_end(&mut gz).unwrap();
            assert!(br == asset.raw && gz == asset.raw && !br.is_empty(), "{}", asset.path);
        }
    }

    #[test]
    fn files_are_found_by_their_whole_path() {
        assert_eq!(find(STYLE_PATH).unwrap().mime, "text/css; charset=utf-8");
        assert_eq!(find("/widget/style.css").map(|a| a.path), None);
        assert_eq!(find(&format!("/widget/{HASH}/widget.wasm")).is_some(), !SKIPPED);
        assert!(EMBED_JS.etag.len() > 2 && EMBED_JS.etag.starts_with('"') && EMBED_JS.etag.ends_with('"'));
    }
}
