//! One id type per table: a comment's id cannot be handed over as a thread's.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that was made for this table (UUIDv7, RFC 9562).
            pub const fn new(id: Uuid) -> Self { Self(id) }
            /// The bare UUID, for the store.
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.as_hyphenated().fmt(f) }
        }
        impl FromStr for $name {
            type Err = ();
            fn from_str(s: &str) -> Result<Self, ()> { Uuid::try_parse(s).map(Self).map_err(|_| ()) }
        }
    )*};
}

ids! {
    /// A blog.
    SiteId,
    /// The conversation under one page.
    ThreadId,
    /// One comment.
    CommentId,
    /// Somebody who writes: a guest known by address or browser, later a member.
    PersonId,
    /// Somebody who may sign in to moderate.
    AdminId,
    /// What somebody may do on a site.
    MemberId,
    /// A browser that is signed in.
    SessionId,
    /// An API token.
    TokenId,
    /// One line of the moderation log.
    LogId,
    /// One ban.
    BanId,
    /// Where a site tells what happens.
    WebhookId,
    /// One attempt to tell it.
    DeliveryId,
}
