//! Who may administer, and with what.

use crate::{
    ids::{MemberId, SessionId, TokenId},
    time::Time,
};
use serde::{Deserialize, Serialize};

/// What somebody of the staff is. Each may do what the ones before it may.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum StaffRole {
    /// Decides about comments.
    Moderator,
    /// Changes settings, hands out tokens, adds moderators and admins.
    Admin,
    /// Adds and removes owners too. A site always has one.
    Owner,
}

impl StaffRole {
    pub const ALL: [Self; 3] = [Self::Moderator, Self::Admin, Self::Owner];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moderator => "moderator",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }

    /// The scope that a token would need to do as much.
    pub const fn scope(self) -> Scope {
        match self {
            Self::Moderator => Scope::Moderate,
            Self::Admin | Self::Owner => Scope::Admin,
        }
    }
}

/// What a token may do; each includes the ones before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Reads what moderators may read.
    Read,
    /// Decides.
    Moderate,
    /// Changes settings and hands out access.
    Admin,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Read, Self::Moderate, Self::Admin];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Moderate => "moderate",
            Self::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// Somebody of a site's staff, as other admins see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    pub id: MemberId,
    pub email: String,
    /// How the log calls them.
    pub name: String,
    pub role: StaffRole,
    /// Of every site of this server, not of this one alone.
    pub everywhere: bool,
    pub second_factor: bool,
    pub created_at: Time,
    /// When a session of theirs was last used.
    pub seen_at: Option<Time>,
    /// When their time on the staff ends, of moderators alone; null for good.
    pub until: Option<Time>,
}

/// `GET …/members`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Members {
    pub members: Vec<Member>,
}

/// `POST …/members`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    #[cfg_attr(
        feature = "schema",
        schema(
            max_length = 254,
            pattern = r"^[!#-'*+/-9=?A-Z^-~-]+(\.[!#-'*+/-9=?A-Z^-~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$"
        )
    )]
    pub email: String,
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 40, pattern = r"\S"))]
    pub name: String,
    pub role: StaffRole,
    /// A moderator for a time, such as while others are away.
    #[serde(default)]
    pub until: Option<Time>,
}

/// `PATCH …/members/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    pub role: StaffRole,
}

/// 201 to a new member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemberAdded {
    pub member: Member,
    /// A one-time sign-in link to hand over, good for a day. Missing for somebody who has access to
    /// another site already: they sign in as they are used to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A token as its site sees it; the secret is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Token {
    pub id: TokenId,
    pub label: String,
    pub scope: Scope,
    pub created_at: Time,
    pub expires_at: Option<Time>,
    /// To the minute.
    pub used_at: Option<Time>,
    pub ended_at: Option<Time>,
}

/// `GET …/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tokens {
    pub tokens: Vec<Token>,
}

/// `POST …/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What the log calls its holder.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 40, pattern = r"\S"))]
    pub label: String,
    pub scope: Scope,
    /// Until when it is good; without it, until it is ended.
    #[serde(default)]
    pub expires_at: Option<Time>,
}

/// 201 to a new token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TokenMade {
    pub token: Token,
    /// Shown this once.
    pub secret: String,
}

/// `POST /api/v1/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The secret of a one-time link: what stands after `link=`.
    pub link: String,
}

/// `POST /api/v1/session/second-factor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Six digits of the authenticator, or a recovery code.
    pub code: String,
}

/// 201 to a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// To be sent as `Authorization: Bearer`.
    pub session: String,
    pub expires_at: Time,
    /// True while a code is needed: the session opens nothing before.
    pub second_factor: bool,
}

/// One's own session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Session {
    pub id: SessionId,
    /// The browser's family, such as `Firefox`.
    pub agent: String,
    pub created_at: Time,
    pub used_at: Time,
    pub expires_at: Time,
    /// The one that asks.
    pub current: bool,
}

/// `GET /api/v1/sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Sessions {
    pub sessions: Vec<Session>,
}

/// `GET /api/v1/session`: who asks, and where they may do what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Myself {
    pub email: String,
    pub name: String,
    pub second_factor: bool,
    pub sites: Vec<MySite>,
}

/// A site on which one may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MySite {
    pub key: String,
    pub name: String,
    pub role: StaffRole,
}
