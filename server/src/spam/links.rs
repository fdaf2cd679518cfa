//! Links in a comment, told apart by what they are, not by a list of bad hosts.

use super::lists;

/// What kind of address a link is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A moment of a video (`t=1m20s`): readers quote these.
    Moment,
    /// A single video.
    Video,
    /// A channel or profile on a large network.
    Profile,
    /// A shortener: the true address is hidden.
    Short,
    /// Reference works, code and papers: sources that readers cite.
    Source,
    /// Any other site.
    Other,
}

impl Kind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Moment => "moment",
            Self::Video => "video",
            Self::Profile => "profile",
            Self::Short => "short",
            Self::Source => "source",
            Self::Other => "other",
        }
    }
}

/// One link: its host (lower case, without `www.`), what follows, its kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link<'a> {
    pub host: &'a str,
    pub path: &'a str,
    pub kind: Kind,
}

impl<'a> Link<'a> {
    /// Reads one whitespace-separated piece of folded text; none when it is no link.
    pub fn read(piece: &'a str) -> Option<Self> {
        // Most words fail here.
        if !piece.bytes().any(|b| matches!(b, b'.' | b':')) {
            return None;
        }
        let piece = trim(piece);
        let (scheme, rest) = match piece.find("://") {
            Some(at) => (true, piece.get(at + 3..)?),
            None => (false, piece),
        };
        let bare = rest.strip_prefix("www.").unwrap_or(rest);
        let end = bare.find(['/', '?', '#']).unwrap_or(bare.len());
        let (host, path) = bare.split_at(end);
        let host = host.split(':').next().unwrap_or(host);
        if host.is_empty() || !(scheme || bare.len() < rest.len() || is_host(host)) || host.contains('@') {
            return None;
        }
        Some(Self { host, path, kind: kind(host, path) })
    }

    /// True when the address pays whoever posted it.
    pub fn is_referral(&self) -> bool {
        ["ref=", "/ref/", "/r/", "aff", "partner", "invite", "promo"].iter().any(|mark| self.path.contains(mark))
    }
}

/// All links of a folded text.
pub fn all(folded: &str) -> impl Iterator<Item = Link<'_>> {
    folded.split_whitespace().filter_map(Link::read)
}

/// The signs that hug a word in running text.
pub(super) fn trim(piece: &str) -> &str {
    piece.trim_matches(|c: char| "()[]<>{}\"'.,;:!?*-–—«»؟،؛…=>_~|".contains(c))
}

const ENDINGS: [&str; 48] = [
    "com", "net", "org", "tv", "co", "me", "info", "ly", "be", "us", "uk", "de", "ru", "io", "biz", "gl", "tk", "ws", "ca", "fm", "in", "ar", "sa", "ae", "eg",
    "ma", "dz", "tn", "jo", "kw", "qa", "xyz", "online", "site", "shop", "store", "club", "top", "app", "dev", "live", "link", "click", "edu", "gov", "cc",
    "example", "onion",
];

fn is_host(word: &str) -> bool {
    let Some((name, ending)) = word.rsplit_once('.') else { return false };
    ENDINGS.contains(&ending)
        && !name.is_empty()
        && !name.ends_with('.')
        && name.chars().any(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
}

fn kind(host: &str, path: &str) -> Kind {
    let is = |name: &str| host == name || host.strip_suffix(name).is_some_and(|sub| sub.ends_with('.'));
    if is("youtube.com") || is("youtu.be") || is("vimeo.com") {
        return if path.contains("t=") {
            Kind::Moment
        } else if path.contains("watch") || is("youtu.be") || is("vimeo.com") {
            Kind::Video
        } else {
            Kind::Profile
        };
    }
    // Before the shorteners: `t.me` is on their list.
    if ["facebook.com", "twitter.com", "x.com", "instagram.com", "t.me", "wa.me", "telegram.me", "snapchat.com", "tiktok.com", "soundcloud.com"]
        .iter()
        .any(|h| is(h))
    {
        return Kind::Profile;
    }
    if lists::is_shortener(host) {
        return Kind::Short;
    }
    if ["wikipedia.org", "github.com", "arxiv.org", "doi.org", "stackoverflow.com", "archive.org", "docs.rs", "rust-lang.org", "mozilla.org"]
        .iter()
        .any(|h| is(h))
    {
        return Kind::Source;
    }
    Kind::Other
}
