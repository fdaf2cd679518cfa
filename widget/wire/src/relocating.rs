//! Moving a comment to another page of its site, with everything below it.

use crate::{
    comment::{Comment, PageRef},
    ids::{CommentId, LogId},
};
use serde::{Deserialize, Serialize};

/// `POST …/moderation/move`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveInput {
    pub id: CommentId,
    /// Where it goes. A page that nobody wrote under yet gets its thread by this.
    pub page: PageRef,
    /// The comment on that page which it answers from now on; left out, it stands on the page itself.
    #[serde(default)]
    pub parent_id: Option<CommentId>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// What was moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Moved {
    /// The comment where it stands now.
    pub comment: Comment,
    /// How many went: itself and everything below it.
    pub moved: u32,
    /// The line in the log, for undoing.
    pub entry: LogId,
}

/// From where to where: as JSON the `subject` of a `move` in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    pub from: Stand,
    pub to: Stand,
}

/// Where a comment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// The page's key.
    pub page: String,
    pub parent_id: Option<CommentId>,
    /// It stood first in its thread.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
}
