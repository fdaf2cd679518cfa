//! Which addresses may become links, and the ones written bare in a text.

use linkify::{LinkFinder, LinkKind};
use std::iter;
use url::Url;

/// A stretch of a text.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Piece<'t> {
    Words(&'t str),
    /// A bare URL as written, and where it leads.
    Link(&'t str, String),
}

/// In bytes; a longer address stays text. Browsers follow no much longer ones,
/// and the serialiser is quadratic in the `&` of one.
const LONGEST: usize = 4096;

/// The address as it may stand in a link: absolute, `http`, `https` or
/// `mailto`, in ASCII (without quotation marks and angle brackets), and without a user name (`https://bank.example@evil.example`).
pub(super) fn href(address: &str) -> Option<String> {
    if address.len() > LONGEST {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let good = match url.scheme() {
        "http" | "https" => url.has_host() && url.username().is_empty() && url.password().is_none(),
        "mailto" => url.path().contains('@'),
        _ => false,
    };
    good.then(|| url.into()).filter(|address: &String| !address.contains(['"', '<', '>', '`']))
}

/// A text cut at its bare URLs: those with a scheme, and those that begin with `www.`.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (start, end) in finds(text, &[LinkKind::Url]) {
        let Some(written) = text.get(start..end) else { continue };
        let target = if written.contains("://") { href(written) } else { href(&format!("https://{written}")) };
        let Some(target) = target else { continue };
        if let Some(words) = text.get(done..start).filter(|words| !words.is_empty()) {
            pieces.push(Piece::Words(words));
        }
        pieces.push(Piece::Link(written, target));
        done = end;
    }
    if let Some(words) = text.get(done..).filter(|words| !words.is_empty()) {
        pieces.push(Piece::Words(words));
    }
    pieces
}

/// The stretches of a text that are neither a URL nor an e-mail address.
pub(super) fn outside(text: &str) -> impl Iterator<Item = &str> {
    let mut done = 0;
    let mut found = finds(text, &[LinkKind::Url, LinkKind::Email]);
    iter::from_fn(move || match found.next() {
        Some((start, end)) => {
            let words = text.get(done..start).unwrap_or_default();
            done = end;
            Some(words)
        }
        None if done < text.len() => {
            let words = text.get(done..);
            done = text.len();
            words
        }
        None => None,
    })
}

/// Where addresses begin and end, in bytes.
fn finds<'t>(text: &'t str, kinds: &[LinkKind]) -> Box<dyn Iterator<Item = (usize, usize)> + 't> {
    // Nearly every text has none of these and needs no finder.
    let may_link = text.bytes().any(|b| b == b'@') || text.contains("://") || text.contains("www.");
    if !may_link {
        return Box::new(iter::empty());
    }
    let mut finder = LinkFinder::new();
    finder.kinds(kinds).url_must_have_scheme(false);
    let found: Vec<_> = finder
        .links(text)
        .filter_map(|link| {
            let written = link.as_str();
            // Without a scheme only `www.`: "Node.js" and "نعم.شكرا" are words.
            let wanted = *link.kind() == LinkKind::Email || written.contains("://") || written.starts_with("www.");
            wanted.then(|| (link.start(), link.start() + end_of_address(written)))
        })
        .collect();
    Box::new(found.into_iter())
}

/// An address in international letters ends before punctuation that only prose has.
fn end_of_address(written: &str) -> usize {
    written
        .find(['،', '؛', '؟', '«', '»', '“', '”', '‘', '’', '…', '۔', '，', '。', '、', '；', '：', '？', '！', '（', '）', '「', '」', '《', '》'])
        .unwrap_or(written.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_addresses_of_three_schemes() {
        for (given, kept) in [
            ("https://example.com", "https://example.com/"),
            ("HTTP://Example.com/%d8%a7?a=1&b=2#c", "http://example.com/%d8%a7?a=1&b=2#c"),
            ("https://مدونة.موقع/مقال", "https://xn--ogbl9dfj.xn--4gbrim/%D9%85%D9%82%D8%A7%D9%84"),
            ("mailto:a@b.co", "mailto:a@b.co"),
        ] {
            assert_eq!(href(given).as_deref(), Some(kept), "{given}");
        }
        for bad in [
            "",
            "/a",
            "//a.b",
            "#c",
            "a.b",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "\u{a0}javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.b",
            "https://bank.example@evil.example",
            "mailto:",
            "https://",
            "tel:1",
        ] {
            assert_eq!(href(bad), None, "{bad}");
        }
    }

    #[test]
    fn bare_addresses_end_where_the_prose_goes_on() {
        let links = |text| pieces(text).into_iter().filter_map(|p| if let Piece::Link(w, _) = p { Some(w.to_owned()) } else { None }).collect::<Vec<_>>();
        assert_eq!(links("انظر https://example.com/مقال، ثم (https://b.example/x)."), ["https://example.com/مقال", "https://b.example/x"]);
        assert_eq!(links("www.example.com/a وأيضا Node.js و نعم.شكرا"), ["www.example.com/a"]);
        assert_eq!(links("a@b.example javascript://x/%0aalert(1) ftp://x.example"), Vec::<String>::new());
        assert_eq!(pieces("a www.b.example"), [Piece::Words("a "), Piece::Link("www.b.example", "https://www.b.example/".into())]);
    }

    #[test]
    fn what_is_outside_of_addresses() {
        assert_eq!(outside("a https://x.example b c@d.example").collect::<String>(), "a  b ");
        assert_eq!(outside("plain").collect::<String>(), "plain");
    }
}
