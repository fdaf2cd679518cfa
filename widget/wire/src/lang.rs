//! Languages of the interface and directions of text.

use serde::{Deserialize, Serialize};

/// A language that the interface speaks. A new one does not compile until
/// every word of `jiwar-view` exists in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Ar,
    #[default]
    En,
}

impl Lang {
    /// Reads a language tag (BCP 47): `ar`, `ar-EG`, `en_GB`. `None` when we do not speak it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match () {
            () if primary.eq_ignore_ascii_case("ar") => Some(Self::Ar),
            () if primary.eq_ignore_ascii_case("en") => Some(Self::En),
            () => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak,
    /// by weight (RFC 9110, 12.5.4).
    pub fn from_accept(header: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for item in header.split(',').take(32) {
            let mut parts = item.split(';');
            let Some(lang) = parts.next().and_then(Self::from_tag) else { continue };
            let weight = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1000, |q| thousandths(q.trim()));
            if weight > 0 && best.is_none_or(|(w, _)| weight > w) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }

    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
        }
    }

    pub const fn dir(self) -> Dir {
        match self {
            Self::Ar => Dir::Rtl,
            Self::En => Dir::Ltr,
        }
    }
}

/// `0.8` as 800, without floating point.
fn thousandths(q: &str) -> u32 {
    let (whole, frac) = q.split_once('.').unwrap_or((q, ""));
    let mut n = whole.parse::<u32>().unwrap_or(0).min(1) * 1000;
    for (i, d) in frac.bytes().take(3).enumerate() {
        n += u32::from(d.wrapping_sub(b'0').min(9)) * [100, 10, 1][i];
    }
    n.min(1000)
}

/// Direction of a block of text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Dir {
    #[default]
    Ltr,
    Rtl,
}

impl Dir {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_picks_the_heaviest_we_speak() {
        assert_eq!(Lang::from_accept("fr, ar-SA;q=0.8, en;q=0.7"), Some(Lang::Ar));
        assert_eq!(Lang::from_accept("en;q=0.2, ar;q=0.21"), Some(Lang::Ar));
        assert_eq!(Lang::from_accept("ar;q=0, en"), Some(Lang::En));
        assert_eq!(Lang::from_accept("ja,,;;q"), None);
    }
}
