//! Readers say what is wrong with a comment. A report has a weight; a public
//! comment whose reports weigh too much waits for a moderator, by itself.
//!
//! Who sent a report is kept as keyed hashes: one for this comment alone, so
//! that nobody reports it twice, and one for what the reporter's reports came
//! to. Nobody is shown either.

mod weight;

pub use weight::{KNOWN, Standing, weight};

use super::{
    No, Outcome, locked, visibility,
    webhooks::{self, About},
};
use crate::{
    App,
    clock::new_id,
    store::{
        self, Tx,
        comments::{self, Comment as Row},
        log, people, reports, rules,
        sites::Site,
        threads::Thread,
    },
};
use jiwar_wire::{
    Refusal, Time,
    comment::{Comment, HoldReason, Role, Status},
    ids::{CommentId, LogId, PersonId, SiteId},
    limits,
    moderation::{Decimal, LogEntry},
    report::{ReasonCount, Report, ReportReason, Reports},
    webhook::EventType,
};
use std::collections::BTreeMap;
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3600 * 1000;
/// Seconds after which somebody who reports too much may try again.
const PAUSE: u32 = 3600;
/// Notes that moderators are shown of one comment.
const NOTES: usize = 20;
/// How the log calls what reports did by themselves.
const LABEL: &str = "reports";

/// Who reports, as far as the request tells.
#[derive(Clone, Debug, Default)]
pub struct Reporter {
    /// A comment of their own, by its claim.
    pub claim: Option<CommentId>,
    /// Somebody of the staff, by a name that stays.
    pub staff: Option<String>,
    /// The keyed hash of the network.
    pub network: Option<Vec<u8>>,
}

/// A report that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub reason: ReportReason,
    pub at: Time,
    /// False when this reader had sent one before.
    pub new: bool,
}

/// By what a reporter is known again.
struct Known {
    standing: Standing,
    reporter: Vec<u8>,
    record: Vec<u8>,
}

/// Everything the act needs that is not in the database.
struct Act {
    site: Site,
    comment: CommentId,
    report: Report,
    from: Reporter,
    id: Uuid,
    entry: LogId,
    now: Time,
    keys: crate::keys::Keys,
}

/// Keeps a report. The second one of the same reader changes nothing.
pub async fn add(app: &App, site: &Site, comment: CommentId, report: Report, from: Reporter) -> Outcome<Kept> {
    let (now, chance) = (app.clock.now(), app.chance.as_ref());
    let (id, entry) = (new_id(now, chance), LogId::new(new_id(now, chance)));
    let act = Act { site: site.clone(), comment, report, from, id, entry, now, keys: app.keys.clone() };
    let (kept, hidden) = app.db.write(move |tx| Box::pin(async move { act.put(tx).await })).await?;
    if let Some(page) = hidden {
        app.changed(site.id, &page);
    }
    Ok(kept)
}

impl Act {
    /// The report, and the page from which it took the comment.
    async fn put(self, tx: &mut Tx) -> Outcome<(Kept, Option<String>)> {
        let site = self.site.id;
        let (thread, row) = locked::comment(tx, site, self.comment).await?;
        if row.status()? == Status::Deleted {
            return Err(Refusal::NotFound.into());
        }
        let known = self.known(tx, &row).await?;
        if let Some(sent) = reports::sent(tx, site, self.comment, &known.reporter).await?
            && sent.settled_at.is_none_or(|at| row.edited_at.is_none_or(|edited| edited <= at))
        {
            let reason = ReportReason::parse(&sent.reason).ok_or(store::Error::Impossible { table: "report", column: "reason" })?;
            return Ok((Kept { reason, at: Time(sent.created_at), new: false }, None));
        }
        if row.status()? != Status::Approved {
            return Err(Refusal::NotFound.into());
        }
        let since = Time(self.now.0 - DAY_MS);
        if reports::sent_since(tx, site, &known.record, since, limits::REPORTS_A_DAY).await? >= limits::REPORTS_A_DAY {
            return Err(Refusal::TooFast { retry_after: PAUSE }.into());
        }
        let (upheld, dismissed) = reports::record(tx, site, &known.record).await?;
        let new = reports::New {
            id: self.id,
            reporter: known.reporter,
            record: known.record,
            stranger: known.standing == Standing::Stranger,
            reason: self.report.reason.as_str(),
            note: self.report.note.clone(),
            weight: weight(known.standing, upheld, dismissed),
            at: self.now,
        };
        reports::add(tx, site, self.comment, &new).await?;
        reports::count(tx, site, self.comment).await?;
        let hidden = self.hide(tx, &thread, &row).await?;
        let about = About { kind: EventType::CommentReported, thread: Some(thread.id()), comment: Some(self.comment), at: self.now };
        webhooks::announce(tx, site, about).await?;
        Ok((Kept { reason: self.report.reason, at: self.now, new: true }, hidden.then_some(thread.key)))
    }

    /// Who reports. Somebody with few comments is known by the network like anybody
    /// else: claims are cheap, and would make many readers of one.
    async fn known(&self, tx: &mut Tx, row: &Row) -> Outcome<Known> {
        let site = self.site.id;
        if let Some(name) = &self.from.staff {
            return Ok(self.named(Standing::Trusted, &[b"staff", name.as_bytes()]));
        }
        if let Some(own) = self.from.claim {
            let person = comments::by_id(&mut *tx, site, own).await?.and_then(|c| c.person());
            if own == self.comment || person.is_some_and(|p| row.person() == Some(p)) {
                return Err(Refusal::OwnComment.into());
            }
            if let Some(known) = self.person(tx, person).await? {
                return Ok(known);
            }
        }
        // Without an address (a request over a socket of the machine) they are all one.
        let network = self.from.network.as_deref().unwrap_or_default();
        let day = self.now.0.div_euclid(DAY_MS).to_be_bytes();
        Ok(Known {
            standing: Standing::Stranger,
            // The same network is another one for another comment: nothing can be pieced together from these.
            reporter: self.keys.reporter(site, &[b"network", self.comment.uuid().as_bytes(), network]),
            record: self.keys.reporter(site, &[b"network of a day", &day, network]),
        })
    }

    async fn person(&self, tx: &mut Tx, person: Option<PersonId>) -> store::Result<Option<Known>> {
        let site = self.site.id;
        let Some(person) = person else { return Ok(None) };
        let Some(found) = people::by_id(&mut *tx, site, person).await? else { return Ok(None) };
        let standing = match rules::is_trusted(tx, site, person).await? {
            true => Standing::Trusted,
            false if found.approved >= KNOWN => Standing::Known { approved: found.approved },
            false => return Ok(None),
        };
        Ok(Some(self.named(standing, &[b"person", person.uuid().as_bytes()])))
    }

    fn named(&self, standing: Standing, who: &[&[u8]]) -> Known {
        let hash = self.keys.reporter(self.site.id, who);
        Known { standing, reporter: hash.clone(), record: hash }
    }

    /// Takes the comment out of sight when its reports weigh enough. What the staff writes stays.
    async fn hide(&self, tx: &mut Tx, thread: &Thread, row: &Row) -> store::Result<bool> {
        let site = self.site.id;
        let enough = i64::from(self.site.settings.hide_at_reports.0);
        let by_reader = Role::parse(&row.author_role).unwrap_or_default() == Role::Reader;
        if enough == 0 || !by_reader || reports::weight(tx, site, self.comment).await? < enough {
            return Ok(false);
        }
        visibility::change(tx, site, thread, row, Status::Pending, self.now).await?;
        comments::set_held(tx, site, self.comment, HoldReason::Reported).await?;
        let entry = LogEntry {
            id: self.entry,
            at: self.now,
            by: LABEL.into(),
            comment_id: Some(self.comment),
            action: "hide".into(),
            before: Some(Status::Approved),
            after: Some(Status::Pending),
            reason: None,
            subject: None,
        };
        log::add(tx, site, &entry).await?;
        Ok(true)
    }
}

/// Puts the open reports beside each comment, for moderators.
pub async fn show(app: &App, site: SiteId, shown: &mut [Comment]) -> Outcome<()> {
    let ids: Vec<Uuid> = shown.iter().map(|c| c.id.uuid()).collect();
    let mut by_comment: BTreeMap<Uuid, Vec<reports::Open>> = BTreeMap::new();
    for open in reports::open(&app.db, site, &ids).await? {
        by_comment.entry(open.comment).or_default().push(open);
    }
    for comment in shown {
        if let Some(open) = by_comment.remove(&comment.id.uuid()) {
            comment.review.get_or_insert_default().reports = Some(summed(&open)?);
        }
    }
    Ok(())
}

fn summed(open: &[reports::Open]) -> Result<Reports, No> {
    let mut counts: BTreeMap<ReportReason, u32> = BTreeMap::new();
    for report in open {
        let reason = ReportReason::parse(&report.reason).ok_or(store::Error::Impossible { table: "report", column: "reason" })?;
        *counts.entry(reason).or_default() += 1;
    }
    let mut reasons: Vec<ReasonCount> = counts.into_iter().map(|(reason, count)| ReasonCount { reason, count }).collect();
    reasons.sort_by_key(|r| std::cmp::Reverse(r.count));
    let weight: i64 = open.iter().map(|r| r.weight).sum();
    Ok(Reports {
        count: u32::try_from(open.len()).unwrap_or(u32::MAX),
        weight: Decimal(i32::try_from(weight).unwrap_or(i32::MAX)),
        reasons,
        notes: open.iter().filter_map(|r| r.note.clone()).take(NOTES).collect(),
    })
}
