//! What a site is, and what its readers may know of it.

use crate::{lang::Lang, moderation::Decimal, thread::Sort, whole::whole};
use serde::{Deserialize, Serialize};

/// When a new comment becomes public.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Moderation {
    /// At once.
    PublishAll,
    /// "Comment author must have a previously approved comment."
    #[default]
    HoldFirst,
    /// "Comment must be manually approved."
    HoldAll,
}

impl Moderation {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublishAll => "publish-all",
            Self::HoldFirst => "hold-first",
            Self::HoldAll => "hold-all",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::PublishAll, Self::HoldFirst, Self::HoldAll].into_iter().find(|m| m.as_str() == text)
    }
}

/// How careful the spam filter is. `docs/SPAM.md` has what each level costs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SpamLevel {
    /// Nothing is judged; the site's rules hold.
    Off,
    /// Holds only what is clearly spam.
    Relaxed,
    #[default]
    Balanced,
    /// Holds whatever is in doubt.
    Strict,
}

impl SpamLevel {
    pub const ALL: [Self; 4] = [Self::Off, Self::Relaxed, Self::Balanced, Self::Strict];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Relaxed => "relaxed",
            Self::Balanced => "balanced",
            Self::Strict => "strict",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.as_str() == text)
    }
}

/// A site's settings, kept as JSON beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub moderation: Moderation,
    pub spam: SpamLevel,
    pub email_required: bool,
    /// How long a writer may change or delete a comment, in seconds.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 604800))]
    pub edit_window: u32,
    /// The rule line above the form; empty for none.
    #[cfg_attr(feature = "schema", schema(max_length = 200))]
    pub rules: Option<String>,
    /// Levels of replies that are indented; deeper ones are shown flat.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 6))]
    pub indent: u32,
    /// Comments on one page of a thread.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 200))]
    pub page_size: u32,
    /// The order of threads for readers who choose none. Without it: oldest first while a thread is small, then best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// Threads are closed when their first comment is so many days old; 0 for never.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 36500))]
    pub close_after_days: u32,
    /// A public comment waits for a moderator from this weight of reports on; 0 for never. docs/API.md says what a report weighs.
    #[cfg_attr(feature = "schema", schema(value_type = f64, minimum = 0, maximum = 1000))]
    pub hide_at_reports: Decimal,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            moderation: Moderation::HoldFirst,
            spam: SpamLevel::default(),
            email_required: false,
            edit_window: 900,
            rules: None,
            indent: 3,
            page_size: crate::limits::PAGE_DEFAULT,
            sort: None,
            close_after_days: 0,
            hide_at_reports: Decimal(300),
        }
    }
}

/// `GET /api/v1/sites/{site}`: what the widget may know.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Site {
    pub key: String,
    pub name: String,
    pub locale: Lang,
    pub moderation: Moderation,
    pub email_required: bool,
    pub edit_window: u32,
    pub rules: Option<String>,
    pub indent: u32,
    pub body_limit: u32,
    pub name_limit: u32,
    /// Who else reads a comment before it is published. The form names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judges: Vec<OutsideJudge>,
}

/// Somebody outside of this server to whom comments are sent: text, name and website always.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutsideJudge {
    /// `Akismet`, or the host.
    pub name: String,
    /// Whether the e-mail address is sent along.
    pub email: bool,
    /// Whether the network address and the browser's name are.
    pub address: bool,
}
