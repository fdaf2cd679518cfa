//! The facts around a comment, gathered by the caller: the filter does no I/O.

use super::script::Script;

/// What is known about the form that the comment came with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Token {
    /// The way in asks for none (the API with a token, an import, mail).
    #[default]
    NotAsked,
    Missing,
    Forged,
    /// Older than it may be.
    Expired,
    /// Ours; so many seconds went by between opening and sending.
    Good {
        seconds: u32,
    },
}

/// How often the same text, or nearly the same, was posted lately on this server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Repeats {
    /// The same folded text, by anybody.
    pub same: u32,
    /// On how many pages, of all sites.
    pub pages: u32,
    /// Nearly the same: see [`super::fingerprint::near`].
    pub near: u32,
    /// One of them was marked as spam by a moderator.
    pub marked: bool,
}

/// What is known about a host that the comment links to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostRecord {
    /// Lower case, without `www.`.
    pub host: String,
    /// Different names that posted it lately.
    pub writers: u32,
    /// Comments with it that were marked as spam.
    pub spam: u32,
}

/// What is known about the writer, by account, sealed address or network prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct History {
    pub approved: u32,
    pub spam: u32,
}

/// Comments within the last ten minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rates {
    /// From the same network prefix (IPv4 /24, IPv6 /64).
    pub prefix: u32,
    pub thread: u32,
    pub site: u32,
    /// The mean of the site over the last week, in ten minutes, rounded up.
    pub site_usual: u32,
}

/// Everything but the comment itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Context {
    pub token: Token,
    pub decoy_filled: bool,
    pub history: History,
    pub repeats: Repeats,
    pub hosts: Vec<HostRecord>,
    pub rates: Rates,
    /// The script of the site's language; none when it speaks several.
    pub site_script: Option<Script>,
    /// Bits of proof of work that the browser has done for this comment.
    pub proof: Option<u8>,
}

impl Context {
    /// Nobody whose comment was ever approved here.
    pub const fn is_newcomer(&self) -> bool {
        self.history.approved == 0
    }
}
