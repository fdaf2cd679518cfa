//! Every "no" that Jiwar can say. `jiwar-view` has words for each, in each
//! language, by a `match` without a wildcard.

use crate::time::Time;
use serde::{Deserialize, Serialize};

/// What is declined, and by that how it may be put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request is not what it should be: not JSON, not UTF-8, a wrong type.
    Malformed {
        pointer: String,
    },
    /// A field that we do not know.
    UnknownField {
        name: String,
    },
    /// Fields that will not do, all of them at once.
    Invalid(Vec<FieldError>),
    TooLarge {
        limit: usize,
    },
    NotJson,
    MethodNotAllowed,
    /// A signed form that was tampered with, or is too old.
    FormExpired,
    /// A doubtful comment, whose sender can do proof of work.
    ProofNeeded {
        challenge: String,
        bits: u8,
    },
    BadCursor,
    UnknownSite,
    OriginNotAllowed,
    NotFound,
    /// It was there, and its writer took it away for good.
    Gone,
    ThreadClosed,
    /// A reply stands under what it answers: only a comment on the page itself can be pinned.
    NotARoot,
    /// As many comments are pinned as may be.
    PinnedFull,
    /// The moderators do not let this writer write.
    Banned {
        until: Option<Time>,
        reason: Option<String>,
    },
    /// One cannot thank oneself.
    OwnComment,
    /// To be heard one has to have written something that was published.
    SpeakFirst,
    ParentNotFound,
    ParentElsewhere,
    /// It is to be moved to another page, and stands on that one already.
    SamePage,
    /// The same text by the same person on the same page.
    Duplicate,
    /// Somebody else has decided in the meantime.
    Conflict,
    /// It is to replace what was read, and something else is there by now.
    ChangedSince,
    /// There is no removal, or it stands too long.
    CannotAppeal,
    /// A decision can be appealed once.
    AppealedAlready,
    /// Not everything that is in the log can be undone.
    CannotUndo,
    /// The key was used for a different comment.
    KeyReused,
    KeyInvalid,
    SignInNeeded,
    NotYours,
    ClaimExpired,
    EditWindowOver,
    ScopeMissing,
    /// The session waits for the code of the second factor.
    SecondFactorNeeded,
    /// Not the code of this moment, or one that was used already.
    WrongCode,
    /// They are of this site's staff already.
    AlreadyMember,
    /// A site always has an owner.
    LastOwner,
    /// Akismet does not take the key; its own words, if it had any.
    KeyRefused {
        help: Option<String>,
    },
    /// Another server that was asked did not answer, or not so that we understand it.
    NoAnswer,
    TooFast {
        retry_after: u32,
    },
    Busy {
        retry_after: u32,
    },
    DiskFull,
}

impl Refusal {
    /// The stable name of this refusal: clients may rely on it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::UnknownField { .. } => "unknown-field",
            Self::Invalid(_) => "invalid",
            Self::TooLarge { .. } => "too-large",
            Self::NotJson => "not-json",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::FormExpired => "form-expired",
            Self::ProofNeeded { .. } => "proof-needed",
            Self::BadCursor => "bad-cursor",
            Self::UnknownSite => "unknown-site",
            Self::OriginNotAllowed => "origin-not-allowed",
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::ThreadClosed => "thread-closed",
            Self::NotARoot => "not-a-root",
            Self::PinnedFull => "pinned-full",
            Self::Banned { .. } => "banned",
            Self::OwnComment => "own-comment",
            Self::SpeakFirst => "speak-first",
            Self::ParentNotFound => "parent-not-found",
            Self::ParentElsewhere => "parent-elsewhere",
            Self::SamePage => "same-page",
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::ChangedSince => "changed-since",
            Self::CannotAppeal => "cannot-appeal",
            Self::AppealedAlready => "appealed-already",
            Self::CannotUndo => "cannot-undo",
            Self::KeyReused => "idempotency-key-reused",
            Self::KeyInvalid => "idempotency-key-invalid",
            Self::SignInNeeded => "sign-in-needed",
            Self::NotYours => "not-yours",
            Self::ClaimExpired => "claim-expired",
            Self::EditWindowOver => "edit-window-over",
            Self::ScopeMissing => "scope-missing",
            Self::SecondFactorNeeded => "second-factor-needed",
            Self::WrongCode => "wrong-code",
            Self::AlreadyMember => "already-member",
            Self::LastOwner => "last-owner",
            Self::KeyRefused { .. } => "key-refused",
            Self::NoAnswer => "no-answer",
            Self::TooFast { .. } => "too-fast",
            Self::Busy { .. } => "busy",
            Self::DiskFull => "disk-full",
        }
    }

    /// HTTP status (RFC 9110; 424 and 507 by RFC 4918).
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed { .. } | Self::UnknownField { .. } | Self::BadCursor | Self::KeyInvalid => 400,
            Self::SignInNeeded | Self::SecondFactorNeeded => 401,
            Self::OriginNotAllowed
            | Self::NotYours
            | Self::ClaimExpired
            | Self::EditWindowOver
            | Self::ScopeMissing
            | Self::WrongCode
            | Self::OwnComment
            | Self::SpeakFirst
            | Self::ThreadClosed
            | Self::Banned { .. }
            | Self::FormExpired
            | Self::ProofNeeded { .. } => 403,
            Self::UnknownSite | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Duplicate
            | Self::PinnedFull
            | Self::Conflict
            | Self::CannotUndo
            | Self::CannotAppeal
            | Self::AppealedAlready
            | Self::AlreadyMember
            | Self::LastOwner => 409,
            Self::Gone => 410,
            Self::ChangedSince => 412,
            Self::TooLarge { .. } => 413,
            Self::NotJson => 415,
            Self::Invalid(_) | Self::KeyRefused { .. } | Self::NotARoot | Self::ParentNotFound | Self::ParentElsewhere | Self::SamePage | Self::KeyReused => {
                422
            }
            Self::TooFast { .. } => 429,
            // No gateway broke: the request hangs on somebody else (RFC 4918, 11.4).
            Self::NoAnswer => 424,
            Self::Busy { .. } => 503,
            Self::DiskFull => 507,
        }
    }

    /// Seconds after which another try may succeed.
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooFast { retry_after } | Self::Busy { retry_after } => Some(*retry_after),
            Self::DiskFull => Some(60),
            _ => None,
        }
    }

    /// A refusal of one field.
    pub fn field(pointer: &str, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code)])
    }
}

/// One field that will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the request.
    pub pointer: String,
    pub code: FieldCode,
    /// The limit that was passed, if it is about one.
    pub limit: Option<u32>,
}

impl FieldError {
    pub fn new(pointer: &str, code: FieldCode) -> Self {
        Self { pointer: pointer.into(), code, limit: None }
    }

    pub fn too_long(pointer: &str, limit: usize) -> Self {
        Self { pointer: pointer.into(), code: FieldCode::TooLong, limit: Some(limit as u32) }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FieldCode {
    /// Missing, or nothing that can be seen.
    Required,
    TooLong,
    NotAnEmail,
    NotAUrl,
    NotAName,
    NotAnId,
    NotAChoice,
    /// Not RFC 3339.
    NotATime,
    OutOfRange,
    TooMany,
    /// No regular expression, or one that would need too much memory.
    NotAPattern,
    /// No network such as `192.0.2.0/24`.
    NotANetwork,
}

impl FieldCode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong => "too-long",
            Self::NotAnEmail => "not-an-email",
            Self::NotAUrl => "not-a-url",
            Self::NotAName => "not-a-name",
            Self::NotAnId => "not-an-id",
            Self::NotAChoice => "not-a-choice",
            Self::NotATime => "not-a-time",
            Self::OutOfRange => "out-of-range",
            Self::TooMany => "too-many",
            Self::NotAPattern => "not-a-pattern",
            Self::NotANetwork => "not-a-network",
        }
    }
}
