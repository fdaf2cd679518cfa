//! Moving in from other systems, and the whole export: the half that needs no database.
//!
//! A file is read twice. The first reading ([`plan()`]) keeps some 150 bytes a
//! comment: enough to fold the pages, find what is there twice, mend the tree
//! and write the report; a dry run ends here. The second ([`Plan::comments`])
//! reads the texts again and hands each comment over with its place, so that a
//! file of any length is moved in without being held in memory.
//!
//! | file | reads |
//! |---|---|
//! | `input` | plain, gzip and zip files, with bounds |
//! | `text` | any encoding as clean UTF-8, in a stream |
//! | `xml` | elements and their text, with bounds |
//! | `lines` | JSON lines, with bounds |
//! | `wordpress`, `disqus`, `valine` | the records of each system |
//! | `clean` | a record as Jiwar keeps it |
//! | `index` | what the first reading keeps of each comment |
//! | `pages`, `twins`, `parents`, `tree` | which thread, which double, which parent |
//! | `plan` | the two readings |
//! | `report` | what was found, taken, left out and why |
//! | `jiwar` | Jiwar's own export, written and read |

mod clean;
mod disqus;
mod entities;
mod index;
mod input;
pub mod jiwar;
mod lines;
mod pages;
mod parents;
mod plan;
mod raw;
mod report;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod twins;
mod unreadable;
mod valine;
mod wordpress;
mod xml;

pub use input::Input;
pub use plan::{Comments, Options, Placed, Plan, detect, plan};
pub use report::{Note, Report, Skip};
pub use tree::{Node, Tree};
pub use unreadable::Unreadable;

use jiwar_wire::{
    Time,
    comment::{Format, Role, Status},
    input::{Email, Website},
    page_key::PageKey,
};

/// The systems whose files are understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceFormat {
    /// WordPress eXtended RSS (WXR), 1.0 to 1.2.
    Wordpress,
    /// The XML that Disqus mails to a forum's owner.
    Disqus,
    /// Valine's comments out of LeanCloud, as JSON lines.
    Valine,
    /// Jiwar's own export: see [`jiwar`].
    Jiwar,
}

impl SourceFormat {
    pub const ALL: [Self; 4] = [Self::Wordpress, Self::Disqus, Self::Valine, Self::Jiwar];

    /// The word for `--from`, and for the `source` of a comment.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wordpress => "wordpress",
            Self::Disqus => "disqus",
            Self::Valine => "valine",
            Self::Jiwar => "jiwar",
        }
    }

    /// As people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wordpress => "WordPress",
            Self::Disqus => "Disqus",
            Self::Valine => "Valine",
            Self::Jiwar => "Jiwar",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

/// A page that has comments to be moved in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageRecord {
    pub key: PageKey,
    /// Absolute, `http` or `https`.
    pub url: Option<String>,
    pub title: Option<String>,
    /// Other keys of the same page: old addresses, `/?p=7`, the blog's own id.
    /// No key and no alias of another page of the plan is among them.
    pub aliases: Vec<PageKey>,
    pub closed: bool,
    /// When the page was made, where the file says so.
    pub created_at: Option<Time>,
    /// Comments of this page that the plan takes.
    pub comments: u32,
}

/// A comment as it will be kept: cleaned, within the limits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommentRecord {
    /// The id in the system it comes from; `no-id-…` where it had none.
    pub external_id: String,
    /// Empty for somebody without a name.
    pub author_name: String,
    pub author_email: Option<Email>,
    pub author_website: Option<Website>,
    /// `Author` for those who wrote the blog's posts, else `Reader`.
    pub author_role: Role,
    /// As written there. Empty in a placeholder.
    ///
    /// WordPress keeps line breaks as line breaks between its tags: whoever
    /// renders `Format::Html` has to turn them into paragraphs and breaks.
    pub body: String,
    pub format: Format,
    /// `Deleted` only for a placeholder that keeps its replies together.
    pub status: Status,
    pub created_at: Time,
}
