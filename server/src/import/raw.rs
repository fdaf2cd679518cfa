//! What the readers of each system hand over: close to the file, nothing decided.

use super::{Skip, Unreadable};
use jiwar_wire::{Time, comment::Status};
use sha2::{Digest, Sha256};

/// A record of the file, in file order. A page may come after its comments.
#[derive(Clone, Debug)]
pub enum Raw {
    Page(Box<RawPage>),
    Comment(Box<RawComment>),
}

/// A page, with or without comments.
#[derive(Clone, Default, Debug)]
pub struct RawPage {
    /// What the comments of this page call it.
    pub reference: u64,
    pub link: String,
    pub title: String,
    /// Other names that the system gave it: ids and addresses.
    pub names: Vec<String>,
    pub closed: bool,
    /// Not shown to everybody: a draft, private, behind a password.
    pub hidden: bool,
    pub date: Option<Time>,
}

/// A comment as the file has it.
#[derive(Clone, Default, Debug)]
pub struct RawComment {
    pub page: u64,
    pub id: String,
    /// Empty or `0` on the page itself.
    pub parent: String,
    pub name: String,
    pub email: String,
    pub website: String,
    pub body: String,
    /// Whether the reader had to cut the text already.
    pub cut: bool,
    pub date: Option<Time>,
    /// Whether `date` is another date of the comment than the one it should be.
    pub date_guessed: bool,
    /// `None` for a word that is no status.
    pub status: Option<Status>,
    /// Left out for what it is.
    pub skip: Option<Skip>,
    /// A second id, which twins of one comment share.
    pub inner: String,
    /// Written by an author of the blog.
    pub by_author: bool,
}

/// A source of records.
pub trait Records: Iterator<Item = Result<Raw, Unreadable>> + Send {}
impl<T: Iterator<Item = Result<Raw, Unreadable>> + Send> Records for T {}

/// SHA-256 over parts that cannot run into each other.
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The first 8 bytes of the digest; never 0, which means none.
pub fn short(parts: &[&[u8]]) -> u64 {
    head(&digest(parts)).max(1)
}

/// The first 8 bytes as a number that sorts as they do.
pub fn head(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b))
}
