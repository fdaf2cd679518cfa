//! A thread as it crosses the wire.

use crate::{comment::Comment, ids::ThreadId, time::Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Order of the roots of a thread. Replies are always in order of time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    #[default]
    Oldest,
    Newest,
}

impl Sort {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oldest => "oldest",
            Self::Newest => "newest",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Oldest, Self::Newest].into_iter().find(|s| s.as_str() == text)
    }
}

/// Whether a thread takes comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    #[default]
    Open,
    Closed,
}

/// The conversation under one page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Thread {
    /// Missing until somebody writes.
    pub id: Option<ThreadId>,
    pub page_id: String,
    pub url: Option<String>,
    pub title: Option<String>,
    pub state: State,
    /// Public comments, replies included.
    pub count: u32,
    /// Grows with every change that a reader could see.
    pub revision: i64,
}

/// One page of a thread: a flat list in display order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ThreadPage {
    pub thread: Thread,
    pub sort: Sort,
    /// Parents stand before their replies, siblings in order of time.
    pub comments: Vec<Comment>,
    /// True when this page was opened at one comment and others stand before it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub earlier: bool,
    /// Cursor of the next page; missing at the end.
    pub next: Option<String>,
    /// The moment that this page shows.
    pub as_of: Time,
}

/// `GET …/comments/{id}/replies`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Replies {
    pub comments: Vec<Comment>,
    pub next: Option<String>,
}

/// `GET …/counts`: public comments by the page keys that were asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Counts {
    pub counts: BTreeMap<String, u32>,
    /// The same as words in the language asked for, when one was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
}

/// `POST …/counts`, for lists that are too long for a URL.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountsInput {
    pub pages: Vec<String>,
    #[serde(default)]
    pub lang: Option<String>,
}
