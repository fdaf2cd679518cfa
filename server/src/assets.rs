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
    /// For one who writes: that and the engine.
    pub writing: usize,
    /// For one who moderates in the blog's page, beside all that.
    pub watching: usize,
    /// For one whose comment is doubtful: what does the work that is asked for.
    pub proving: usize,
}

/// What the widget weighs.
pub fn sizes() -> Sizes {
    let of = |name: &str| WIDGET.iter().filter(|a| a.path.ends_with(name)).map(|a| a.br.len()).sum::<usize>();
    let reading = EMBED_JS.br.len() + of("/style.css");
    Sizes { reading, writing: reading + of("/widget.js") + of("/widget.wasm"), watching: of("/watch.js"), proving: of("/proof.js") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_widget_stays_within_its_budget() {
        let sizes = sizes();
        assert!(EMBED_JS.br.len() <= 3_000, "the loader takes {} bytes", EMBED_JS.br.len());
        assert!(sizes.reading <= 6_000, "reading takes {} bytes", sizes.reading);
        assert!(sizes.writing <= 39_000, "writing takes {} bytes", sizes.writing);
        assert!(sizes.watching <= 2_600, "moderating takes {} bytes", sizes.watching);
        assert!(sizes.proving <= 700, "proof of work takes {} bytes", sizes.proving);
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
