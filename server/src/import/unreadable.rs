//! Why a file cannot be read, in words for its owner.

use super::SourceFormat;
use std::io;

/// Nothing of such a file is moved in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("the file cannot be read: {0}")]
    Io(String),
    #[error("this is not a plain file; a pipe or a folder cannot be read twice, so save it to a file first")]
    NotAFile,
    #[error("the file is empty")]
    Empty,
    #[error("the file is cut short: {0}")]
    CutShort(String),
    #[error("the packed file is damaged: {0}")]
    Damaged(String),
    #[error("the packed file unpacks to more than {0} times its size (over {1} MiB): it looks like a trap, so it was not read on")]
    Bomb(u64, u64),
    #[error("the zip file holds {0} files, and it must hold exactly one: unpack it and move in each file by itself")]
    ZipCount(usize),
    #[error("the zip file is locked with a password: unpack it first")]
    ZipLocked,
    #[error("the zip file is packed in a way that is not understood ({0}): unpack it first")]
    ZipMethod(String),
    #[error("the file says its text is in the encoding \u{201c}{0}\u{201d}, which is not known")]
    Encoding(String),
    #[error("this looks like {0}; files from WordPress (WXR), Disqus (XML), Valine (LeanCloud's JSON lines) and Jiwar (JSON lines) are understood")]
    Unknown(&'static str),
    #[error("this is a file of {found}, not of {asked}", found = .found.name(), asked = .asked.name())]
    Other { asked: SourceFormat, found: SourceFormat },
    #[error("line {0}: the file declares entities of its own (<!DOCTYPE … [ … ]>); no export does, and they can be used to do harm, so it was not read")]
    Entities(u64),
    #[error("line {0}: elements stand more than {1} levels inside each other: this is no export")]
    TooDeep(u64, usize),
    #[error("line {0}: one piece of text is longer than {1} MiB: this is no export")]
    TooLong(u64, u64),
    #[error("line {0}: the XML is broken: {1}")]
    Xml(u64, String),
    #[error("line {0}: {1}")]
    Line(u64, String),
    #[error("the file changed while it was being read: nothing was moved in, try again")]
    Changed,
    #[error("the file holds more comments than can be moved in at once ({0}): move it in in parts")]
    TooMany(u64),
}

impl Unreadable {
    /// Takes back a reason of ours that travelled through a reader as an `io::Error`.
    pub(super) fn from_io(error: &io::Error) -> Self {
        if let Some(own) = error.get_ref().and_then(|e| e.downcast_ref::<Self>()) {
            return own.clone();
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::CutShort("it ends in the middle".into()),
            _ => Self::Io(error.to_string()),
        }
    }

    pub(super) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::from_io(&error)
    }
}
