//! What moderators send and see.

use crate::{
    comment::{Comment, Status},
    ids::{CommentId, LogId},
    refusal::Refusal,
    time::Time,
};
use serde::{Deserialize, Serialize};

/// What may be decided about a comment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    Approve,
    Spam,
    Remove,
    /// Back to what it was before the last decision. What its writer deleted is gone for good.
    Restore,
}

impl Decision {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Spam => "spam",
            Self::Remove => "remove",
            Self::Restore => "restore",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Approve, Self::Spam, Self::Remove, Self::Restore].into_iter().find(|d| d.as_str() == text)
    }
}

/// `POST …/moderation/decisions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    pub decisions: Vec<DecisionInput>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecisionInput {
    pub id: CommentId,
    pub decision: Decision,
    #[serde(default)]
    pub reason: Option<String>,
}

/// What became of each decision, in the order sent. One that fails does not stop the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Decided {
    pub results: Vec<DecisionResult>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DecisionResult {
    pub id: CommentId,
    /// The comment's status now; missing when there is no such comment here.
    pub status: Option<Status>,
    /// False when it was so already, or could not be done.
    pub changed: bool,
    /// The code of the refusal, when it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl DecisionResult {
    pub fn refused(id: CommentId, why: &Refusal) -> Self {
        Self { id, status: None, changed: false, code: Some(why.code().into()) }
    }
}

/// `GET …/moderation/queue`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Queue {
    pub comments: Vec<Comment>,
    pub next: Option<String>,
    /// How many there are with this status.
    pub total: u64,
}

/// One line of the append-only log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LogEntry {
    pub id: LogId,
    pub at: Time,
    /// Who decided: a token's or an admin's label, `writer`, or `import`.
    pub by: String,
    pub comment_id: Option<CommentId>,
    pub action: String,
    pub before: Option<Status>,
    pub after: Option<Status>,
    pub reason: Option<String>,
}

/// `GET …/moderation/log`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Log {
    pub entries: Vec<LogEntry>,
    pub next: Option<String>,
}
