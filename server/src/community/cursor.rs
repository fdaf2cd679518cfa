//! Cursors: where a page ended, in a form that nobody needs to understand and
//! that cannot be made up.

use crate::keys::Keys;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiwar_wire::{Refusal, thread::Sort};

/// A list that can be paged through; a cursor of one fits no other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum List {
    Oldest = 1,
    Newest = 2,
    Replies = 3,
    Queue = 4,
    Log = 5,
    Latest = 6,
    Desk = 16,
    Best = 7,
    Helpful = 8,
    Active = 9,
    Discussed = 10,
    Search = 11,
    Participants = 12,
    Bans = 20,
    Reported = 61,
    Appealed = 62,
}

impl List {
    /// The pages of a thread in an order.
    pub const fn of(sort: Sort) -> Self {
        match sort {
            Sort::Oldest => Self::Oldest,
            Sort::Newest => Self::Newest,
            Sort::Best => Self::Best,
            Sort::Helpful => Self::Helpful,
            Sort::Active => Self::Active,
            Sort::Discussed => Self::Discussed,
        }
    }
}

/// `of` is what the list belongs to (a thread's or a site's id), `at` where the page ended.
pub fn write(keys: &Keys, list: List, of: uuid::Uuid, at: &[u8]) -> String {
    let mut bytes = keys.cursor_proof(list as u8, of, at).to_vec();
    bytes.extend(at);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Where the page before ended.
pub fn read(keys: &Keys, list: List, of: uuid::Uuid, cursor: &str) -> Result<Vec<u8>, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Refusal::BadCursor)?;
    let (proof, at) = bytes.split_first_chunk::<8>().ok_or(Refusal::BadCursor)?;
    if keys.cursor_proof(list as u8, of, at) != *proof {
        return Err(Refusal::BadCursor);
    }
    Ok(at.to_vec())
}
