//! Proof of work: of whom it is asked, and whether it was done. The server keeps
//! nothing of it: a challenge is bound to the very comment by a key of ours, so a
//! proof that is sent again is good for a comment that is here already.

use super::Asked;
use crate::{App, keys::Worked, spam::proof, store::sites::Site};
use jiwar_wire::{Refusal, Time, comment, input::NewComment, site::Moderation};

/// How long an answer may take.
const WORK_MS: i64 = 10 * 60 * 1000;

/// What the sender asks of us, and has done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Work {
    /// The sender can do some.
    pub can: bool,
    /// Bits that were done for this comment. A proof that is forged, too old, too weak or another comment's is none.
    pub done: Option<u8>,
}

impl Work {
    pub fn read(app: &App, site: &Site, new: &NewComment, form: &comment::FormInput) -> Self {
        Self { can: form.can_prove, done: form.proof.as_ref().and_then(|proof| done(app, site, new, proof)) }
    }
}

fn done(app: &App, site: &Site, new: &NewComment, shown: &comment::Proof) -> Option<u8> {
    let (made, bits) = app.keys.challenged(&worked(site, new), &shown.challenge)?;
    let age = app.clock.now().0 - made.0;
    ((0..=WORK_MS).contains(&age) && proof::is_done(&shown.challenge, &shown.answer, bits)).then_some(bits)
}

/// Asks for it.
pub fn ask(app: &App, site: &Site, new: &NewComment, bits: u8, now: Time) -> Refusal {
    Refusal::ProofNeeded { challenge: app.keys.challenge(&worked(site, new), now, bits), bits }
}

/// Whether the sender can do it, and the comment would be published if it were not for the filter:
/// else work would be in vain.
pub fn is_worth_it(site: &Site, asked: &Asked<'_>) -> bool {
    asked.sent.work.can
        && match site.settings.moderation {
            Moderation::PublishAll => true,
            Moderation::HoldFirst => asked.person.as_ref().is_some_and(|person| person.approved > 0),
            Moderation::HoldAll => false,
        }
}

fn worked<'a>(site: &Site, new: &'a NewComment) -> Worked<'a> {
    Worked { site: site.id, page: new.page.key.as_str(), name: new.writer.name.as_str(), body: new.body.as_str() }
}
