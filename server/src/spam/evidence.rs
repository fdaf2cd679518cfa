//! What speaks for or against a comment, one piece at a time. Stored with the
//! comment, so that a moderator sees months later why it was held.

use super::{script::Script, tricks::Trick};
use serde::{Deserialize, Serialize};

/// One observation, with the numbers needed to put it in words.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "signal", rename_all = "kebab-case")]
pub enum Signal {
    /// The learnt filter's opinion, and the features that weighed most.
    Words {
        because: Vec<(String, f32)>,
    },
    /// The field that people do not see was filled in.
    DecoyFilled,
    TokenMissing,
    TokenForged,
    TokenExpired,
    TooQuick {
        seconds: u32,
    },
    /// More letters than anybody types in that time.
    Pasted {
        letters: u32,
        seconds: u32,
    },
    Links {
        count: u32,
    },
    BareLink,
    LinkInName,
    Shortener {
        host: String,
    },
    /// The same host was lately posted under several names.
    SpreadLink {
        host: String,
        writers: u32,
    },
    /// The host stands in comments that moderators called spam.
    SpamLink {
        host: String,
        times: u32,
    },
    ThrowAwayMail {
        domain: String,
    },
    /// A number to call, and words that ask for it.
    PhoneAdvert,
    /// The name is an advertisement.
    NameSells,
    /// Name, website and text tell of the same thing.
    SameEverywhere,
    Repeated {
        times: u32,
        pages: u32,
    },
    NearlyRepeated {
        times: u32,
    },
    /// The same text was called spam by a moderator.
    KnownSpam,
    Approved {
        times: u32,
    },
    SpamBefore {
        times: u32,
    },
    FirstTime,
    OtherScript {
        found: Script,
    },
    Trick {
        trick: Trick,
    },
    BusyPrefix {
        comments: u32,
    },
    BusyThread {
        comments: u32,
    },
    Flood {
        comments: u32,
    },
    ProofDone {
        bits: u8,
    },
    /// What somebody outside of this server says; `judge` is `Akismet` or a host, `reason` in the judge's own words.
    Judged {
        judge: String,
        said: Said,
        reason: Option<String>,
    },
    /// A rule of the site fits; the line of it, as the moderators wrote it.
    Rule {
        rule: String,
        line: String,
    },
}

/// An outside judge's word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Said {
    Publish,
    Hold,
    Spam,
    /// Spam beyond doubt.
    Blatant,
    /// There was no answer.
    Silent,
}

impl Said {
    /// In logits. What it finds good speaks for nothing: a judge can hold back and never let in.
    pub const fn weight(self) -> f32 {
        match self {
            Self::Publish | Self::Silent => 0.0,
            Self::Hold => 2.0,
            Self::Spam => 4.0,
            Self::Blatant => 6.0,
        }
    }
}

/// A signal and how much it weighs: in logits, above 0 speaks for spam.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    #[serde(flatten)]
    pub signal: Signal,
    pub weight: f32,
}

impl Evidence {
    pub const fn new(signal: Signal, weight: f32) -> Self {
        Self { signal, weight }
    }

    /// Certain enough to condemn without the learnt filter, also on a young site.
    pub const fn is_certain(&self) -> bool {
        matches!(self.signal, Signal::DecoyFilled | Signal::KnownSpam)
    }
}
