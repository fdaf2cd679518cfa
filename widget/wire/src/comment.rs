//! A comment as it crosses the wire.

use crate::{
    ids::{CommentId, PersonId, ThreadId},
    lang::Dir,
    moderation::Review,
    report::OwnAppeal,
    time::Time,
};
use serde::{Deserialize, Serialize};

/// What has been decided about a comment. The words that people see are WordPress's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Public.
    Approved,
    /// Waits for a moderator; its writer sees it.
    Pending,
    /// Judged to be spam; kept, not shown.
    Spam,
    /// Taken away by a moderator.
    Removed,
    /// Taken away by its writer.
    Deleted,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::Approved, Self::Pending, Self::Spam, Self::Removed, Self::Deleted];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Spam => "spam",
            Self::Removed => "removed",
            Self::Deleted => "deleted",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// What a person is on this site.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    #[default]
    Reader,
    /// Writes the blog.
    Author,
    Moderator,
}

impl Role {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Author => "author",
            Self::Moderator => "moderator",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Reader, Self::Author, Self::Moderator].into_iter().find(|r| r.as_str() == text)
    }
}

/// What a reader can say of a comment without words.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Reaction {
    /// To the comment, counted for everybody.
    Helpful,
    /// To its writer, between the two.
    Thanks,
}

impl Reaction {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Helpful => "helpful",
            Self::Thanks => "thanks",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Helpful, Self::Thanks].into_iter().find(|r| r.as_str() == text)
    }
}

/// The answer to a reaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reacted {
    pub kind: Reaction,
    /// Whether it stands now.
    pub on: bool,
    /// How many found the comment helpful.
    pub helpful: u32,
}

/// The source format of a stored text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Markdown,
    /// Moved in from a system whose comments are HTML.
    Html,
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

/// Who wrote it. Never an address, never a hash of one.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Author {
    /// Missing for somebody whom we cannot recognise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PersonId>,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    pub role: Role,
    /// The letter and hue of the local avatar: `ع:210`.
    pub avatar: String,
}

/// A comment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Comment {
    pub id: CommentId,
    pub thread_id: ThreadId,
    /// The page's key, as folded by the server.
    pub page_id: String,
    pub parent_id: Option<CommentId>,
    /// 0 for a comment on the page itself.
    pub depth: u32,
    pub author: Author,
    /// Sanitised by the server; empty in a placeholder.
    pub html: String,
    pub dir: Dir,
    /// The text as written: for its writer and for moderators only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    pub status: Status,
    pub created_at: Time,
    pub edited_at: Option<Time>,
    /// Visible replies to this very comment.
    pub reply_count: u32,
    pub helpful: u32,
    pub pinned: bool,
    pub permalink: String,
    /// What the asker may do with it; only in answers made for one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewer: Option<Viewer>,
    /// What moderators know of it; only in answers to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Box<Review>>,
}

/// What the one who asks may do with a comment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Viewer {
    pub own: bool,
    /// Until when the text may be changed; missing when it may not.
    pub edit_until: Option<Time>,
    pub can_delete: bool,
    /// Why a moderator decided as it stands, when they gave a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What its writer can do about its removal; missing when it is not removed, or too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<OwnAppeal>,
}

/// `POST …/comments`, as sent. Parsed by `input::NewComment`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct New {
    pub page: PageRef,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<CommentId>))]
    pub parent_id: Option<String>,
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 10000, pattern = r"\S"))]
    pub body: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = AuthorInput, required = true))]
    pub author: Option<AuthorInput>,
    /// `rtl` or `ltr` when the writer chose the direction; else the server decides.
    #[serde(default)]
    pub dir: Option<Dir>,
    /// What the form itself sends along; a program needs none of it.
    #[serde(default)]
    pub form: Option<FormInput>,
}

/// Which page: an id of the blog's own, or a URL to take it from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PageRef {
    /// Needed where there is no `url`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 700))]
    pub id: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 2000, pattern = r"^\s*($|[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#:@])"))]
    pub url: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 300))]
    pub title: Option<String>,
}

/// The form's fields about the writer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AuthorInput {
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(required = true, min_length = 1, max_length = 40, pattern = r"\S"))]
    pub name: String,
    #[serde(default)]
    #[cfg_attr(
        feature = "schema",
        schema(
            max_length = 254,
            pattern = r"^\s*($|[!#-'*+/-9=?A-Z^-~-]+(\.[!#-'*+/-9=?A-Z^-~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?\s*$)"
        )
    )]
    pub email: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 500, pattern = r"^\s*($|([Hh][Tt][Tt][Pp][Ss]?://)?[^\s/?#:@.]+\.[^\s/?#:@]*[^\s/?#:@.])"))]
    pub website: Option<String>,
}

/// `PATCH …/comments/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Edit {
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 10000, pattern = r"\S"))]
    pub body: String,
    #[serde(default)]
    pub dir: Option<Dir>,
}

/// What tells a form that a person filled in from one that a program did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormInput {
    /// From `GET …/form`: when the form was opened.
    #[serde(default)]
    pub token: Option<String>,
    /// What stands in the field that people do not see.
    #[serde(default)]
    pub decoy: Option<String>,
    /// The sender can do proof of work: a doubtful comment is then answered `proof-needed`, and not held at once.
    #[serde(default)]
    pub can_prove: bool,
    /// The work that was asked for.
    #[serde(default)]
    pub proof: Option<Proof>,
}

/// Proof of work: the SHA-256 of `{challenge}:{answer}` begins with so many zero bits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// As `proof-needed` gave it; good for this one comment, for ten minutes.
    pub challenge: String,
    /// Up to 64 characters.
    pub answer: String,
}

/// `GET …/form`: what the form sends along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Form {
    /// Good for a day.
    pub token: String,
    /// The name of the field that people do not see: another one on each page.
    pub decoy: String,
}

/// 201 to a new comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Posted {
    pub comment: Comment,
    /// Why it is not public yet; missing when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HoldReason>,
    /// The same in words, in the language of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_words: Option<String>,
    /// Lets this browser edit and delete the comment. Keep it secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
}

/// Why a comment waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    /// The site reads every comment before it is published.
    HoldAll,
    /// The first comment of a person is read before it is published.
    FirstComment,
    /// The spam filter is not sure.
    Suspicious,
    /// It fits a rule of the site.
    Rule,
    /// Nobody is there to read along: every comment waits for a while.
    Away,
    /// Readers have reported it.
    Reported,
    /// The outside judge did not answer; it is asked again.
    Unjudged,
}

impl HoldReason {
    pub const ALL: [Self; 7] = [Self::HoldAll, Self::FirstComment, Self::Suspicious, Self::Rule, Self::Away, Self::Reported, Self::Unjudged];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HoldAll => "hold-all",
            Self::FirstComment => "first-comment",
            Self::Suspicious => "suspicious",
            Self::Rule => "rule",
            Self::Away => "away",
            Self::Reported => "reported",
            Self::Unjudged => "unjudged",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }
}

/// `POST …/preview`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewInput {
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 10000, pattern = r"\S"))]
    pub body: String,
    #[serde(default)]
    pub dir: Option<Dir>,
}

/// A text as it will look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preview {
    pub html: String,
    pub dir: Dir,
}
