//! A thread as it crosses the wire.

use crate::{
    comment::{Author, Comment},
    ids::ThreadId,
    time::Time,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Order of the roots of a thread. Replies are always in order of time, and pinned roots always first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    #[default]
    Oldest,
    Newest,
    /// How many found it helpful, of those who can have read it.
    Best,
    /// How many found it helpful.
    Helpful,
    /// The branch that somebody answered in last.
    Active,
    /// How many different people speak in the branch.
    Discussed,
}

impl Sort {
    pub const ALL: [Self; 6] = [Self::Oldest, Self::Newest, Self::Best, Self::Helpful, Self::Active, Self::Discussed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oldest => "oldest",
            Self::Newest => "newest",
            Self::Best => "best",
            Self::Helpful => "helpful",
            Self::Active => "active",
            Self::Discussed => "discussed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
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

/// Why a thread takes no comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ClosedBy {
    Moderator,
    /// The site closes threads when they are so many days old.
    Age,
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
    /// Why it is closed; missing while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<ClosedBy>,
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
    /// Parents stand before their replies, siblings in order of time; pinned roots first.
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

/// `GET …/search`: the newest comments that have all the words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchPage {
    pub results: Vec<Found>,
    pub next: Option<String>,
}

/// A comment that was searched for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Found {
    pub comment: Comment,
    /// HTML of its words around the first that was found; what was found stands in `<mark>`, and there is no other element.
    pub snippet: String,
}

/// `GET …/discussed`: the pages that most people speak under.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Discussed {
    pub pages: Vec<DiscussedPage>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DiscussedPage {
    pub page_id: String,
    pub url: Option<String>,
    pub title: Option<String>,
    /// Different people who last wrote or voted there within the time asked for; missing when all of time was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u32>,
    /// Public comments, of all time.
    pub count: u32,
}

/// `GET …/thread/participants`: who speaks under a page, those who said most first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Participants {
    pub people: Vec<Participant>,
    pub next: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Participant {
    pub person: Author,
    /// Public comments of theirs in this thread.
    pub count: u32,
}

/// `GET …/thread/new`: what came since a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewSince {
    /// Comments that became public after the moment asked for; no more than 1,000 are counted.
    pub new_since: u32,
    /// Whether there are more than were counted.
    pub more: bool,
    /// What to ask with the next time.
    pub as_of: Time,
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
    #[cfg_attr(feature = "schema", schema(max_items = 200))]
    pub pages: Vec<String>,
    #[serde(default)]
    pub lang: Option<String>,
}
