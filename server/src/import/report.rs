//! What was found, taken, left out and why: for people and, as JSON, for programs.

use super::SourceFormat;
use jiwar_wire::comment::Status;
use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// Examples kept for each kind.
const EXAMPLES: usize = 20;

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $kind:ident = $words:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $kind,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$kind,)*];
            /// What the report says of it.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$kind => $words,)* }
            }
        }
    };
}

kinds! {
    /// Why a comment is not moved in.
    Skip {
        Pingback = "pingbacks (another blog linked here; no one's words)",
        Trackback = "trackbacks (another blog linked here; no one's words)",
        OtherType = "of another type than a comment (order notes, likes, editors' notes)",
        Deleted = "deleted in the old system, without replies that need their place",
        Empty = "without any text",
        Duplicate = "in the file twice, the same in every word",
        Twin = "in the file under two addresses of one page",
        NoThread = "of a page that is not in the file",
    }
}

kinds! {
    /// What was changed, or must be known, of a comment that is moved in.
    Note {
        Placeholder = "deleted in the old system: kept as a placeholder, without words or name, for the replies under it",
        MissingParent = "answered a comment that is not in the file: put on the page itself",
        OtherPage = "answered a comment on another page: put on the page itself",
        SkippedParent = "answered something that was left out: put one level up",
        SelfParent = "answered itself: put on the page itself",
        Ring = "answered each other in a ring: the ring was opened at the oldest",
        NoId = "had no id: one was made from the text",
        SameId = "shared an id with another comment: each got its own",
        DateGuessed = "had no readable date: the nearest date that the file gives was taken",
        DateAhead = "were dated in the future: dated now",
        OddStatus = "had no status that is known: waiting for a moderator",
        NameCut = "had a name that was too long: cut",
        BodyCut = "had a text that was too long: cut",
        EmailDropped = "had an e-mail address that cannot be one: left out",
        WebsiteDropped = "had a website that cannot be one: left out",
        LettersLost = "had letters that no one can read any more, shown as \u{fffd}",
        HiddenPage = "stand under a page that the blog does not show to everybody (draft, private, password): whoever knows its address can read them here",
    }
}

/// How often, and the first few ids.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Tally {
    pub count: u64,
    pub examples: Vec<String>,
}

/// The report of one file.
///
/// `found = imported + already_there + every count of skipped`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    pub format: SourceFormat,
    /// Comments in the file, of every status and type.
    pub found: u64,
    /// Comments that are moved in (in a dry run: would be), by status.
    pub imported: u64,
    pub statuses: BTreeMap<&'static str, u64>,
    /// Comments that an earlier import had brought: left as they are.
    pub already_there: u64,
    pub skipped: BTreeMap<Skip, Tally>,
    pub notes: BTreeMap<Note, Tally>,
    /// Pages with comments that are moved in.
    pub pages: u64,
    /// Pages that the file had under two or more addresses, now one thread each.
    pub pages_joined: u64,
    /// Pages that take no more comments.
    pub pages_closed: u64,
    /// Levels of the deepest branch; 1 when nobody answered anybody.
    pub deepest: u32,
    /// Other lines of Jiwar's own export: people, log entries.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<&'static str, u64>,
    pub dry_run: bool,
}

impl Report {
    pub fn new(format: SourceFormat) -> Self {
        Self {
            format,
            found: 0,
            imported: 0,
            statuses: BTreeMap::new(),
            already_there: 0,
            skipped: BTreeMap::new(),
            notes: BTreeMap::new(),
            pages: 0,
            pages_joined: 0,
            pages_closed: 0,
            deepest: 0,
            others: BTreeMap::new(),
            dry_run: false,
        }
    }

    pub fn skip(&mut self, why: Skip, id: &str) {
        self.skipped.entry(why).or_default().add(id);
    }

    pub fn note(&mut self, what: Note, id: &str) {
        self.notes.entry(what).or_default().add(id);
    }

    /// Counts a comment as moved in.
    pub fn import(&mut self, status: Status) {
        self.imported += 1;
        *self.statuses.entry(status.as_str()).or_default() += 1;
    }

    /// Takes a comment back that was counted as moved in: it was here already.
    pub fn was_there(&mut self, status: Status) {
        self.imported = self.imported.saturating_sub(1);
        self.already_there += 1;
        if let Some(n) = self.statuses.get_mut(status.as_str()) {
            *n = n.saturating_sub(1);
        }
        self.statuses.retain(|_, n| *n > 0);
    }

    pub fn skipped_count(&self, why: Skip) -> u64 {
        self.skipped.get(&why).map_or(0, |t| t.count)
    }

    pub fn note_count(&self, what: Note) -> u64 {
        self.notes.get(&what).map_or(0, |t| t.count)
    }
}

impl Tally {
    fn add(&mut self, id: &str) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(id.chars().take(60).collect());
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.examples.iter().take(5).filter(|id| !id.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ");
        match shown.as_str() {
            "" => Ok(()),
            ids if self.count > 5 => write!(f, " [{ids}, …]"),
            ids => write!(f, " [{ids}]"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "From {}: comments found: {}", self.format.name(), self.found)?;
        let statuses = self.statuses.iter().map(|(s, n)| format!("{s} {n}")).collect::<Vec<_>>().join(", ");
        let verb = if self.dry_run { "would be imported" } else { "imported" };
        writeln!(f, "{verb}: {}{}", self.imported, if statuses.is_empty() { String::new() } else { format!(" ({statuses})") })?;
        if self.already_there > 0 {
            writeln!(f, "already here from an earlier import, left as they are: {}", self.already_there)?;
        }
        writeln!(f, "left out: {}", self.skipped.values().map(|t| t.count).sum::<u64>())?;
        for (why, tally) in &self.skipped {
            writeln!(f, "  {}: {}{tally}", why.words(), tally.count)?;
        }
        if !self.notes.is_empty() {
            writeln!(f, "to know of comments that are kept:")?;
        }
        for (what, tally) in &self.notes {
            writeln!(f, "  {}: {}{tally}", what.words(), tally.count)?;
        }
        for (what, count) in &self.others {
            writeln!(f, "{what}: {count}")?;
        }
        writeln!(f, "pages with comments: {}", self.pages)?;
        if self.pages_joined > 0 {
            writeln!(f, "  of these under several addresses in the file, now one thread each: {}", self.pages_joined)?;
        }
        if self.pages_closed > 0 {
            writeln!(f, "  of these closed to new comments: {}", self.pages_closed)?;
        }
        if self.dry_run {
            writeln!(f, "dry run: nothing was written")?;
        }
        Ok(())
    }
}
