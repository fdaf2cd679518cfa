//! What may happen here, and who may do it. Functions take parsed input and
//! return values or a `Refusal`; they know nothing of HTTP.

pub mod access;
pub mod appeals;
pub mod branches;
pub mod comments;
pub mod cursor;
pub mod filter;
pub mod former;
pub mod judges;
mod locked;
pub mod moderation;
pub mod participants;
pub mod piles;
pub mod pins;
pub mod present;
pub mod queue;
pub mod ranking;
pub mod reactions;
pub mod recount;
pub mod relocating;
pub mod reports;
pub mod rules;
pub mod search;
pub mod second_factor;
pub mod sessions;
mod settling;
pub mod staff;
pub mod story;
pub mod threads;
pub mod transfer;
pub mod undo;
pub mod visibility;
pub mod webhooks;

use crate::store;
use jiwar_wire::Refusal;

/// Why something did not happen.
#[derive(Debug)]
pub enum No {
    /// The community declines, and says why.
    Refused(Refusal),
    /// Something broke; the cause goes to the log.
    Broken(store::Error),
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::Error> for No {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Full => Self::Refused(Refusal::DiskFull),
            store::Error::Busy => Self::Refused(Refusal::Busy { retry_after: 2 }),
            store::Error::Away(_) => {
                // No fault of this request, and all the same somebody should look.
                tracing::warn!(error = %crate::app::chain(&error), "the database does not answer");
                Self::Refused(Refusal::Busy { retry_after: 2 })
            }
            other => Self::Broken(other),
        }
    }
}

pub type Outcome<T> = Result<T, No>;
