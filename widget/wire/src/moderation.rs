//! What moderators send and see.

use crate::{
    comment::{Comment, HoldReason, Status},
    ids::{CommentId, LogId},
    refusal::Refusal,
    report::{Appeal, Reports},
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
    /// It stays as it is: reports of a public comment are dismissed, the appeal against a removal is refused.
    Keep,
}

impl Decision {
    pub const ALL: [Self; 5] = [Self::Approve, Self::Spam, Self::Remove, Self::Restore, Self::Keep];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Spam => "spam",
            Self::Remove => "remove",
            Self::Restore => "restore",
            Self::Keep => "keep",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.as_str() == text)
    }
}

/// `POST …/moderation/decisions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    #[cfg_attr(feature = "schema", schema(max_items = 200))]
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
    /// The status that the moderator saw. Another one by now is a `conflict`: somebody else has decided.
    #[serde(default)]
    pub expected: Option<Status>,
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
    /// Its line in the log, for undoing; missing when nothing was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<LogId>,
}

impl DecisionResult {
    pub fn refused(id: CommentId, why: &Refusal) -> Self {
        Self { id, status: None, changed: false, code: Some(why.code().into()), entry: None }
    }
}

/// What moderators know of a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Review {
    /// Why it waits; missing when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HoldReason>,
    /// What the spam filter saw; missing for what it let pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judgement: Option<Judgement>,
    /// What readers say against it; missing when nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reports: Option<Reports>,
    /// What its writer says against its removal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<Appeal>,
}

/// The spam filter's verdict, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// 0 to 1: how likely it is spam, from all evidence.
    pub score: Decimal,
    /// `publish`, `hold` or `spam`. The site's own rules may have held what the filter let pass.
    pub outcome: String,
    /// It was held instead of put aside, because the site has few decisions to go by.
    pub young: bool,
    /// What weighed most first.
    pub evidence: Vec<Evidence>,
    /// The three words or other features of the text that weighed most.
    pub features: Vec<Feature>,
}

/// One thing that speaks for or against a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// Its stable name.
    pub signal: String,
    /// In logits; above 0 speaks for spam.
    pub weight: Decimal,
    /// In the language of the request.
    pub words: String,
}

/// A piece of the text, and its share of the weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Feature {
    pub feature: String,
    pub weight: Decimal,
}

/// A number with two decimals, kept as hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(value_type = f64))]
#[serde(from = "f64", into = "f64")]
pub struct Decimal(pub i32);

impl From<f64> for Decimal {
    fn from(number: f64) -> Self {
        Self((number * 100.0).round() as i32)
    }
}

impl From<Decimal> for f64 {
    fn from(number: Decimal) -> Self {
        Self::from(number.0) / 100.0
    }
}

/// `GET …/moderation/queue`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Queue {
    pub comments: Vec<Comment>,
    pub next: Option<String>,
    /// How many there are of them, counted up to 1,000.
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
    /// What it was about when that is no comment: a page, a person, a ban; of an `undo`, the entry that was undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// `POST …/moderation/undo`: either `entries`, or `by` and `since`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UndoInput {
    /// Up to 200 entries of the log, undone in this order.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 200))]
    pub entries: Option<Vec<LogId>>,
    /// Everything that somebody did, by the name in the log: the newest first, 200 at a time.
    #[serde(default)]
    pub by: Option<String>,
    #[serde(default)]
    pub since: Option<Time>,
    /// `next` of the answer before.
    #[serde(default)]
    pub before: Option<LogId>,
}

/// What became of each entry. One that cannot be undone does not stop the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Undone {
    pub results: Vec<UndoResult>,
    /// There is more since that moment: send the same again with this as `before`.
    pub next: Option<LogId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UndoResult {
    pub entry: LogId,
    pub undone: bool,
    /// The code of the refusal, when it was refused: `conflict` when it was changed since, `cannot-undo` when what was before is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// `GET …/moderation/log`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Log {
    pub entries: Vec<LogEntry>,
    pub next: Option<String>,
}
