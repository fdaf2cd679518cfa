//! Learning from decisions. A lesson is written in the decision's transaction;
//! the model in memory is what the journal adds up to, at every server.

use super::facts::Text;
use crate::{
    App,
    spam::{Lesson, Model, Prior, Sample, Traits},
    store::{self, Tx, comments::Comment, judgements, lessons, lessons::Lesson as Entry, people, sites::Site},
};
use jiwar_wire::{
    Time,
    comment::Status,
    ids::{CommentId, SiteId},
};
use std::sync::{Arc, PoisonError, RwLock};

/// Sites whose models are kept in memory.
const SITES: usize = 64;
/// After so many lessons the model is written down, so that fewer must be read at the next start.
const KEEP_EVERY: i64 = 64;
const MILLION: f32 = 1e6;

/// A site's model, and the last lesson in it.
#[derive(Debug)]
pub struct Learnt(RwLock<(i64, Model)>);

impl Learnt {
    pub fn read<T>(&self, look: impl FnOnce(&Model) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    fn last(&self) -> i64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Adds lessons in their order; those that are in it already are passed over.
    fn add(&self, entries: &[Entry]) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries.iter().filter(|e| !e.features.is_empty()) {
            if entry.seq <= held.0 {
                continue;
            }
            held.0 = entry.seq;
            let Some(traits) = Traits::from_bytes(&entry.features) else { continue };
            let lesson = Lesson { error: entry.error as f32 / MILLION, spam: entry.spam };
            if entry.sign > 0 { held.1.add(&traits, lesson) } else { held.1.subtract(&traits, lesson) }
        }
    }
}

/// The models of the sites that were used last.
#[derive(Debug)]
pub struct Models(quick_cache::sync::Cache<SiteId, Arc<Learnt>>);

impl Default for Models {
    fn default() -> Self {
        Self(quick_cache::sync::Cache::new(SITES))
    }
}

/// The site's model with every lesson that was committed before this call.
pub async fn current(app: &App, site: SiteId) -> store::Result<Arc<Learnt>> {
    let models = &app.filter.models.0;
    let learnt = match models.get(&site) {
        Some(learnt) => learnt,
        None => {
            let kept = lessons::kept(&app.db, site).await?;
            let model = kept.as_ref().and_then(|k| Some((k.kept, Model::from_bytes(Prior::shipped(), k.model.as_deref()?)?)));
            let fresh = Arc::new(Learnt(RwLock::new(model.unwrap_or_else(|| (0, Model::shipped())))));
            models.insert(site, fresh.clone());
            fresh
        }
    };
    let last = lessons::last(&app.db, site).await?;
    while learnt.last() < last {
        let entries = lessons::since(&app.db, site, learnt.last()).await?;
        if entries.is_empty() {
            break;
        }
        learnt.add(&entries);
    }
    Ok(learnt)
}

/// What a decision about a comment would teach; made before the act.
#[derive(Clone, Debug)]
pub struct Teaching {
    features: Vec<u8>,
    if_spam: Lesson,
    if_ham: Lesson,
    hosts: Vec<String>,
}

/// Reads a comment for learning.
pub async fn prepare(app: &App, site: &Site, row: &Comment) -> store::Result<Teaching> {
    let learnt = current(app, site.id).await?;
    let sealed = match row.person() {
        Some(person) => people::by_id(&app.db, site.id, person).await?.and_then(|p| p.email_sealed),
        None => None,
    };
    let mail = sealed.and_then(|sealed| app.keys.open(&sealed));
    let domain = mail.as_ref().and_then(|m| m.as_str().rsplit_once('@')).map(|(_, domain)| domain);
    let traits = Traits::of(&Sample { text: &row.body, name: &row.author_name, website: row.author_website.as_deref(), mail_domain: domain });
    let (if_spam, if_ham) = learnt.read(|model| (model.lesson(&traits, true), model.lesson(&traits, false)));
    let hosts = Text::of(&row.body, row.author_website.as_deref().unwrap_or_default()).hosts;
    Ok(Teaching { features: traits.to_bytes(), if_spam, if_ham, hosts })
}

/// Learns what a comment has become, in the decision's act: the moderators' last word stands,
/// and an earlier one that says otherwise is taken back. Removing teaches nothing; going `back`
/// teaches only what a moderator taught before.
pub async fn learn(tx: &mut Tx, site: &Site, id: CommentId, teaching: &Teaching, to: Status, back: bool, now: Time) -> store::Result<()> {
    let said = match to {
        Status::Approved => Some(false),
        Status::Spam => Some(true),
        Status::Pending => None,
        Status::Removed | Status::Deleted => return Ok(()),
    };
    let wanted = match said {
        Some(spam) if back && !lessons::was_learnt(&mut *tx, site.id, id, spam).await? => None,
        said => said,
    };
    let standing = lessons::of_comment(&mut *tx, site.id, id).await?.filter(|l| l.sign > 0);
    if standing.as_ref().map(|l| l.spam) == wanted {
        return Ok(());
    }
    if let Some(lesson) = standing {
        if lesson.spam {
            spread(tx, site, id, &teaching.hosts, false).await?;
        }
        lessons::add(tx, site.id, id, &Entry { sign: -1, ..lesson }, now).await?;
    }
    let Some(spam) = wanted else { return Ok(()) };
    let lesson = if spam { teaching.if_spam } else { teaching.if_ham };
    let error = (lesson.error * MILLION).round() as i64;
    lessons::add(tx, site.id, id, &Entry { seq: 0, spam, sign: 1, error, features: teaching.features.clone() }, now).await?;
    if spam {
        spread(tx, site, id, &teaching.hosts, true).await?;
    }
    Ok(())
}

/// The same text, and the hosts it links to, are known from now on, or no longer.
async fn spread(tx: &mut Tx, site: &Site, id: CommentId, hosts: &[String], spam: bool) -> store::Result<()> {
    judgements::mark(tx, site.id, id, spam).await?;
    for host in hosts {
        judgements::count_spam_host(tx, site.id, host, if spam { 1 } else { -1 }).await?;
    }
    Ok(())
}

/// Writes the model down when enough was learnt since the last time.
pub async fn keep(app: &App, site: SiteId) -> store::Result<()> {
    let learnt = current(app, site).await?;
    let kept = lessons::kept(&app.db, site).await?.map_or(0, |k| k.kept);
    if learnt.last() - kept < KEEP_EVERY {
        return Ok(());
    }
    let (seq, bytes) = {
        let mut held = learnt.0.write().unwrap_or_else(PoisonError::into_inner);
        held.1.prune();
        (held.0, held.1.to_bytes())
    };
    app.db.write(move |tx| Box::pin(async move { lessons::keep(tx, site, seq, bytes).await })).await
}
