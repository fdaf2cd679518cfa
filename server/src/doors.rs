//! Which kept page answers a request that was answered before, word for word.
//!
//! Most requests for a page are the same few bytes again and again. They are
//! not taken apart each time: the first one leaves a door here that leads to
//! the page's name among the kept pages, and whether that page is still good is
//! asked there. A door says nothing by itself, so none of them is ever wrong.

use crate::{metrics::Series, pages::Name};
use quick_cache::{Equivalent, Weighter, sync::Cache};
use std::sync::Arc;

/// A longer request target leaves no door.
const TARGET_BYTES: usize = 4096;
/// Memory for all doors.
const ALL_BYTES: u64 = 4 * 1024 * 1024;

/// Where a request leads.
#[derive(Debug)]
pub struct Door {
    pub site: String,
    pub name: Name,
    /// The media type of the page.
    pub kind: &'static str,
    pub series: Series,
}

/// What tells one request from another: the path with its query, and `Accept-Language`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Asked {
    target: Box<str>,
    language: Box<[u8]>,
}

/// The same, not yet kept. It hashes like [`Asked`].
#[derive(Hash)]
struct Asking<'a> {
    target: &'a str,
    language: &'a [u8],
}

impl Equivalent<Asked> for Asking<'_> {
    fn equivalent(&self, asked: &Asked) -> bool {
        *self.target == *asked.target && *self.language == *asked.language
    }
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<Asked, Arc<Door>> for ByBytes {
    fn weight(&self, asked: &Asked, door: &Arc<Door>) -> u64 {
        (asked.target.len() + asked.language.len() + door.name.page.len() + 256) as u64
    }
}

/// The doors.
#[derive(Debug)]
pub struct Doors(Cache<Asked, Arc<Door>, ByBytes>);

impl Default for Doors {
    fn default() -> Self {
        Self(Cache::with_weighter(4096, ALL_BYTES, ByBytes))
    }
}

impl Doors {
    /// Where this request led before.
    pub fn find(&self, target: &str, language: &[u8]) -> Option<Arc<Door>> {
        self.0.get(&Asking { target, language })
    }

    /// Leaves a door for the next request of these words.
    pub fn leave(&self, target: &str, language: &[u8], door: Door) {
        if target.len() + language.len() <= TARGET_BYTES {
            self.0.insert(Asked { target: target.into(), language: language.into() }, Arc::new(door));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{metrics::Metrics, pages::Kind};
    use jiwar_wire::{Lang, ids::SiteId, thread::Sort};

    fn door(page: &str) -> Door {
        let name = Name { kind: Kind::Json, site: SiteId::new(uuid::Uuid::nil()), page: page.into(), sort: Some(Sort::Oldest), lang: Lang::En };
        Door { site: "blog".into(), name, kind: "application/json", series: Metrics::default().series(&http::Method::GET, "/") }
    }

    #[test]
    fn a_door_is_found_by_the_very_words_alone() {
        let doors = Doors::default();
        doors.leave("/a?page=1", b"ar", door("1"));
        assert_eq!(doors.find("/a?page=1", b"ar").map(|d| d.name.page.clone()).as_deref(), Some("1"));
        for (target, language) in [("/a?page=1", &b"en"[..]), ("/a?page=1", b""), ("/a?page=2", b"ar"), ("/a?page=1a", b"r"), ("", b"")] {
            assert!(doors.find(target, language).is_none(), "{target}");
        }
    }

    #[test]
    fn long_targets_leave_no_door_and_many_do_not_fill_the_memory() {
        let doors = Doors::default();
        doors.leave(&"x".repeat(TARGET_BYTES), b"ar", door("1"));
        assert!(doors.find(&"x".repeat(TARGET_BYTES), b"ar").is_none());
        for n in 0..20_000 {
            doors.leave(&format!("/{n}/{}", "x".repeat(1000)), b"", door("1"));
        }
        assert!(doors.0.weight() <= ALL_BYTES);
    }
}
