//! What a site decides beforehand: rules, bans, trust. The words are WordPress's.

use crate::{
    ids::{BanId, CommentId, PersonId},
    lang::Lang,
    time::Time,
    whole::whole,
};
use serde::{Deserialize, Serialize};

/// What a rule does with a comment that it fits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    #[default]
    Hold,
    Spam,
}

/// `GET` and `PUT …/moderation/rules`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// WordPress's "Comment Moderation" list, pasted as it is: one word, link or address a line.
    pub moderation_keys: String,
    /// WordPress's "Disallowed Comment Keys".
    pub disallowed_keys: String,
    /// "Hold a comment in the queue if it contains this many links or more"; 0 never.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 1000))]
    pub max_links: u32,
    /// Regular expressions over name, address, website and text.
    #[cfg_attr(feature = "schema", schema(max_items = 500))]
    pub patterns: Vec<Rule>,
    /// Networks such as `192.0.2.0/24`.
    #[cfg_attr(feature = "schema", schema(max_items = 500))]
    pub networks: Vec<Rule>,
    /// Addresses such as `*@example.com`.
    #[cfg_attr(feature = "schema", schema(max_items = 500))]
    pub mails: Vec<Rule>,
    /// A writer is a newcomer until this many of their comments were approved.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 1000))]
    pub newcomer_until: u32,
    /// Newcomers' comments wait.
    pub hold_newcomers: bool,
    /// Newcomers' comments with links wait.
    pub hold_newcomers_links: bool,
    /// Comments in another writing than that of these languages wait; none for all.
    pub languages: Vec<Lang>,
    /// Seconds between two comments of one person on one page; 0 for none.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 604800))]
    pub slow_mode: u32,
    /// Until then every comment waits, but for those of trusted people.
    pub away_until: Option<Time>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            moderation_keys: String::new(),
            disallowed_keys: String::new(),
            max_links: 2,
            patterns: Vec::new(),
            networks: Vec::new(),
            mails: Vec::new(),
            newcomer_until: 1,
            hold_newcomers: false,
            hold_newcomers_links: false,
            languages: Vec::new(),
            slow_mode: 0,
            away_until: None,
        }
    }
}

/// A pattern, a network or a mail wildcard, and what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(rename = "match")]
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 500))]
    pub fits: String,
    #[serde(default)]
    pub action: Action,
}

/// What of a writer is banned.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum BanKind {
    Person,
    Mail,
    Network,
}

impl BanKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Mail => "mail",
            Self::Network => "network",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Person, Self::Mail, Self::Network].into_iter().find(|k| k.as_str() == text)
    }
}

/// `POST …/moderation/bans`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BanInput {
    /// A comment of the one who is banned.
    pub comment: CommentId,
    /// By what they are known again.
    pub kind: BanKind,
    /// When it ends; never, when it is left out.
    #[serde(default)]
    pub until: Option<Time>,
    /// The writer sees it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 500))]
    pub reason: Option<String>,
    /// Removes what of theirs waits.
    #[serde(default)]
    pub remove_pending: bool,
}

/// A ban. By what exactly is not said: it is kept as a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ban {
    pub id: BanId,
    pub kind: BanKind,
    /// The name that the writer used.
    pub name: String,
    pub reason: Option<String>,
    pub by: String,
    pub created_at: Time,
    pub until: Option<Time>,
}

/// `GET …/moderation/bans`: those that hold now, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Bans {
    pub bans: Vec<Ban>,
    pub next: Option<String>,
}

/// `PUT …/moderation/trusted`: always published, unless disallowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TrustInput {
    pub person: PersonId,
    pub trusted: bool,
}
