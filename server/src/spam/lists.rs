//! Hosts known to everybody: shorteners and throw-away mail. Where the lists
//! come from stands in `docs/SPAM.md`.

use std::{collections::HashSet, sync::LazyLock};

static SHORTENERS: LazyLock<HashSet<&str>> = LazyLock::new(|| lines(include_str!("lists/shorteners.txt")));
static THROW_AWAY: LazyLock<HashSet<&str>> = LazyLock::new(|| lines(include_str!("lists/disposable-mail.txt")));

fn lines(text: &'static str) -> HashSet<&'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// True for a host that hides where a link leads. `host` in lower case.
pub fn is_shortener(host: &str) -> bool {
    SHORTENERS.contains(host)
        || matches!(host, "t.co" | "tinyurl.com" | "is.gd" | "ow.ly" | "buff.ly" | "adf.ly" | "goo.gl" | "bit.ly" | "shorturl.at" | "rb.gy")
}

/// True for a mail domain, or a parent of it, that hands out addresses for minutes. In lower case.
pub fn is_throw_away(domain: &str) -> bool {
    let mut rest = domain;
    loop {
        if THROW_AWAY.contains(rest) {
            return true;
        }
        match rest.split_once('.') {
            Some((_, parent)) if parent.contains('.') => rest = parent,
            _ => return false,
        }
    }
}
