//! The moderator's queue as the admin's pages show it: a comment with what one
//! needs to know to decide.

use crate::{
    comment::{Comment, HoldReason, Status},
    ids::PersonId,
    moderation::LogEntry,
    relocating::Moving,
    report::Pile,
    rules::Ban,
    time::Time,
};

/// Which comments are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// None: of every status.
    pub status: Option<Status>,
    /// With it the status is that of the pile's comments.
    pub pile: Option<Pile>,
    pub reason: Option<HoldReason>,
    /// Words that the text or the name has; empty for all.
    pub words: String,
    /// Only those on this page: its key.
    pub page: Option<String>,
    /// Only those of this person.
    pub writer: Option<PersonId>,
}

/// A comment with its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// With its review.
    pub comment: Comment,
    /// The post's title, else its key.
    pub title: String,
    /// The name and the first words of the comment that this one answers.
    pub answers: Option<(String, String)>,
    pub history: History,
    /// Its writer is trusted.
    pub trusted: bool,
    /// The thread takes comments.
    pub open: bool,
}

/// By what else than the person a writer could be banned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// They gave an address.
    pub mail: bool,
    /// The network is still known.
    pub network: bool,
}

/// A line of the log, with what is needed to tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub entry: LogEntry,
    /// The writer's name and the first words of the comment that it was about.
    pub about: Option<(String, String)>,
    /// The ban that it tells of.
    pub ban: Option<Ban>,
    /// From where to where the comment went.
    pub moving: Option<Moving>,
    /// What was done in the line that this one takes back.
    pub undone: Option<String>,
    /// Whoever reads it can undo it.
    pub can_undo: bool,
}

/// What else the same person has written here, by status. The approved are counted in full,
/// the others among the newest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub approved: u32,
    pub pending: u32,
    pub spam: u32,
    pub removed: u32,
    /// There may be more of those that are not approved.
    pub more: bool,
    /// Since when they write here.
    pub since: Option<Time>,
}

/// How many comments wait and lie where. Counted up to [`Counts::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub pending: u32,
    pub spam: u32,
    pub removed: u32,
    pub reported: u32,
    pub appealed: u32,
}

impl Counts {
    /// Farther than this nobody counts: the tabs must open as fast with a million.
    pub const MOST: u32 = 1000;
}

/// One page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub items: Vec<Item>,
    pub next: Option<String>,
    pub counts: Counts,
    /// The title of the page that was asked for.
    pub title: Option<String>,
    /// The name of the writer who was asked for.
    pub name: Option<String>,
}
