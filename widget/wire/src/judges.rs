//! Judges outside of this server, whom a site may ask about its comments: Akismet, and one of its own.

use crate::{moderation::Decimal, time::Time};
use serde::{Deserialize, Serialize};

/// What becomes of a comment while Akismet does not answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Unanswered {
    /// It waits, until Akismet answers or a moderator decides.
    #[default]
    Hold,
    /// What the site's own filter and rules say stands.
    Local,
}

impl Unanswered {
    pub const ALL: [Self; 2] = [Self::Hold, Self::Local];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Local => "local",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| u.as_str() == text)
    }
}

/// `PUT …/moderation/judges/akismet`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AkismetInput {
    /// Left out: the one that is kept already. Akismet is asked whether it is good in either case.
    #[serde(default)]
    pub key: Option<String>,
    /// Whether writers' e-mail addresses are sent along.
    #[serde(default)]
    pub email: bool,
    /// The blog's languages by ISO 639-1, with commas. Left out: the site's own.
    #[serde(default)]
    pub lang: Option<String>,
    #[serde(default)]
    pub unanswered: Unanswered,
    /// Says of each comment that it is a test, so that Akismet learns nothing from it.
    #[serde(default)]
    pub test: bool,
}

/// What a site has set about Akismet, but for the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AkismetSettings {
    /// Whether writers' e-mail addresses are sent along.
    #[serde(default)]
    pub email: bool,
    /// The blog's languages by ISO 639-1, with commas. Left out: the site's own.
    #[serde(default)]
    pub lang: Option<String>,
    #[serde(default)]
    pub unanswered: Unanswered,
    /// Says of each comment that it is a test, so that Akismet learns nothing from it.
    #[serde(default)]
    pub test: bool,
}

/// `GET …/moderation/judges/akismet`. The key is never shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Akismet {
    pub on: bool,
    #[serde(flatten)]
    pub settings: AkismetSettings,
    pub set_at: Option<Time>,
    /// Akismet refused the account: it is not asked until the key is set again.
    pub stopped: bool,
    /// The last thing that the admin should know.
    pub notice: Option<JudgeNotice>,
    /// What was used of the plan this month; missing while Akismet does not say.
    pub usage: Option<Usage>,
}

/// What a judge said to the admin, in its own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct JudgeNotice {
    pub at: Time,
    /// Akismet's number of an alert or word for an error; `no-answer` when there was none, `not-understood` when it made no sense.
    pub code: String,
    pub text: String,
}

/// Akismet's account of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Usage {
    /// Missing when there is none.
    pub limit: Option<u64>,
    pub usage: u64,
    pub percentage: Decimal,
    pub throttled: bool,
}

/// `PUT …/moderation/judges/webhook`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OutsideSettings {
    pub url: String,
    /// Whether writers' e-mail addresses are sent along.
    #[serde(default)]
    pub email: bool,
    /// Whether network addresses and the browsers' names are.
    #[serde(default)]
    pub address: bool,
}

/// `GET …/moderation/judges/webhook`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Outside {
    /// Missing while no such judge is set.
    pub settings: Option<OutsideSettings>,
    pub set_at: Option<Time>,
    /// With how many secrets a question is signed now.
    pub secrets: u32,
    pub notice: Option<JudgeNotice>,
    /// In the answer that made it, and nowhere else: `whsec_` and the key in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// What an outside judge is asked.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub timestamp: Time,
    pub data: Asked,
}

/// The comment that is judged.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    pub site: String,
    pub page_id: String,
    pub page_url: String,
    pub id: crate::ids::CommentId,
    pub parent_id: Option<crate::ids::CommentId>,
    pub name: String,
    pub website: Option<String>,
    /// As it was written.
    pub body: String,
    /// It is a public comment whose writer changes it.
    pub edited: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

/// What an outside judge answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Opinion {
    pub verdict: OpinionVerdict,
    #[serde(default)]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpinionVerdict {
    Publish,
    Hold,
    Spam,
}

/// Everything that a site has set about judges, as it is kept beside the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judges {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub akismet: Option<AkismetSettings>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<OutsideSettings>,
}

impl Judges {
    pub const fn is_empty(&self) -> bool {
        self.akismet.is_none() && self.webhook.is_none()
    }
}
