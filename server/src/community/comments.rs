//! Writing: a new comment, an edit, a deletion.

use super::{
    No, Outcome, filter, former, judges, locked,
    present::{self, For},
    rules, settling, visibility,
    webhooks::{self, About},
};
use crate::{
    App, keys,
    store::{
        self, Tx, comments,
        comments::Unseen,
        events::{self, Change, Kind},
        idempotency, log, order, people,
        sites::Site,
        threads::{self, NewThread},
    },
    text,
};
use jiwar_wire::{
    Refusal, Time,
    comment::{Comment, Format, HoldReason, Posted, Role, Status},
    ids::{CommentId, LogId, SiteId, ThreadId},
    input::{Body, DisplayName, NewComment, Page, Website, Writer},
    lang::Dir,
    moderation::LogEntry,
    site::Moderation,
    thread::State,
    webhook::EventType,
};
use std::{net::IpAddr, sync::Arc};
use uuid::Uuid;

/// How long a claim lets its holder delete the comment.
pub const CLAIM_MS: i64 = 90 * 24 * 3600 * 1000;
/// How long the same text from the same network counts as said twice.
const TWICE_MS: i64 = 24 * 3600 * 1000;

/// Who sends a comment, apart from what the form says.
#[derive(Clone, Debug, Default)]
pub struct Sender {
    /// A claim of an earlier comment: the same browser.
    pub claim: Option<String>,
    pub network: Option<Vec<u8>>,
    /// The `Idempotency-Key`, as sent.
    pub key: Option<String>,
    /// Somebody with a moderator's token.
    pub moderator: bool,
    /// What the form sent along.
    pub sent: filter::Sent,
    /// Matched against the site's networks, and then forgotten.
    pub address: Option<IpAddr>,
    /// For judges outside of this server, where the site has any.
    pub told: judges::Told,
}

/// Everything the act needs that is not in the database.
struct Draft {
    site: Site,
    new: NewComment,
    id: CommentId,
    thread: ThreadId,
    person: Uuid,
    rendered: text::Rendered,
    email_hash: Option<Vec<u8>>,
    email_sealed: Option<Vec<u8>>,
    same_browser: Option<CommentId>,
    sender: Sender,
    key: Option<(Vec<u8>, Vec<u8>)>,
    weighed: Option<Arc<filter::Weighed>>,
    now: Time,
}

/// Publishes a comment, or holds it as the site wishes.
pub async fn post(app: &App, site: &Site, new: NewComment, sender: Sender) -> Outcome<Posted> {
    let now = app.clock.now();
    let chance = app.chance.as_ref();
    let key = match &sender.key {
        Some(key) => Some((key_hash(key)?, request_hash(&new))),
        None => None,
    };
    let rendered = render(&new.body, Format::Markdown, site, new.dir).await;
    let mut draft = Draft {
        id: CommentId::new(crate::clock::new_id(now, chance)),
        thread: ThreadId::new(crate::clock::new_id(now, chance)),
        person: crate::clock::new_id(now, chance),
        email_hash: new.writer.email.as_ref().map(|e| app.keys.mail_hash(Some(site.id), e)),
        email_sealed: new.writer.email.as_ref().map(|e| app.keys.seal(e, chance)),
        same_browser: sender.claim.as_deref().and_then(|claim| app.keys.claimed(site.id, claim)),
        site: site.clone(),
        new,
        rendered,
        sender,
        key,
        weighed: None,
        now,
    };
    draft.weighed = draft.weigh(app).await?.map(Arc::new);
    let weighed = draft.weighed.clone();
    let names = draft.new.page.names();
    let (thread, row) = app.db.write(move |tx| Box::pin(async move { draft.put(tx).await })).await?;
    if let Some(weighed) = weighed {
        weighed.done(app);
    }
    app.changed(site.id, &thread.key);
    for name in names.iter().filter(|name| **name != thread.key) {
        app.changed(site.id, name);
    }
    let comment = present::comment(app, site, &thread, &row, For::Writer { now })?;
    let reason = (comment.status == Status::Pending).then(|| held_for(&row));
    Ok(Posted { reason, reason_words: None, claim: Some(app.keys.claim(site.id, comment.id)), comment })
}

/// Rendering is work for a processor: it must not hold up other requests.
pub(super) async fn render(body: &Body, format: Format, site: &Site, dir: Option<Dir>) -> text::Rendered {
    let (source, inherit) = (body.as_str().to_owned(), site.locale.dir());
    if source.len() < 4096 {
        return text::render(&source, format, inherit, dir);
    }
    let fallback = source.clone();
    match tokio::task::spawn_blocking(move || text::render(&source, format, inherit, dir)).await {
        Ok(rendered) => rendered,
        Err(_) => text::render(&fallback, format, inherit, dir),
    }
}

fn key_hash(key: &str) -> Result<Vec<u8>, Refusal> {
    let fits = (1..=255).contains(&key.len()) && key.bytes().all(|b| (0x20..0x7f).contains(&b));
    if fits { Ok(keys::digest(&[b"key", key.as_bytes()])) } else { Err(Refusal::KeyInvalid) }
}

fn request_hash(new: &NewComment) -> Vec<u8> {
    let parent = new.parent.map(|p| p.to_string()).unwrap_or_default();
    let email = new.writer.email.as_ref().map(|e| e.folded()).unwrap_or_default();
    keys::digest(&[new.page.key.as_str().as_bytes(), parent.as_bytes(), new.body.as_str().as_bytes(), new.writer.name.as_str().as_bytes(), email.as_bytes()])
}

fn held_for(row: &comments::Comment) -> HoldReason {
    row.held.as_deref().and_then(HoldReason::parse).unwrap_or(HoldReason::HoldAll)
}

impl Draft {
    /// The filter's opinion, before any lock is held. Moderators are not judged.
    async fn weigh(&self, app: &App) -> Outcome<Option<filter::Weighed>> {
        if self.sender.moderator {
            return Ok(None);
        }
        let mut asked = filter::Asked {
            new: &self.new,
            id: self.id,
            email_hash: self.email_hash.as_deref(),
            same_browser: self.same_browser,
            network: self.sender.network.as_deref(),
            address: self.sender.address,
            sent: self.sender.sent,
            now: self.now,
            person: None,
            outside: Some(judges::Way::New(&self.sender.told)),
        };
        asked.person = filter::known(app, &self.site, &asked).await?;
        let rules = rules::current(app, self.site.id).await?;
        // What was accepted once is answered again, whatever has become of its writer.
        let again = match &self.key {
            Some((key, request)) => idempotency::find(&app.db, self.site.id, key).await?.is_some_and(|used| used.request == *request),
            None => false,
        };
        if !again {
            let page = self.new.page.key.as_str();
            let writer = rules::Writer { person: asked.person.as_ref(), email_hash: asked.email_hash, network: asked.network, page, now: self.now };
            rules::admit(app, &self.site, &rules.rules, &writer).await?;
        } else {
            asked.outside = None;
        }
        let weighed = filter::weigh(app, &self.site, &asked, rules).await?;
        if let Some(bits) = weighed.wants_work().filter(|_| !again) {
            return Err(filter::ask(app, &self.site, &self.new, bits, self.now).into());
        }
        Ok(Some(weighed))
    }

    async fn put(self, tx: &mut Tx) -> Outcome<(threads::Thread, comments::Comment)> {
        let site = self.site.id;
        if let Some(done) = self.sent_before(tx).await? {
            return Ok(done);
        }
        let thread = self.thread_for(tx).await?;
        // Once more now that the thread is ours: the same request may have been on its way twice.
        // On SQLite the whole database has been ours since the first time.
        if tx.is_postgres()
            && let Some(done) = self.sent_before(tx).await?
        {
            return Ok(done);
        }
        if super::threads::closed_by(&self.site, &thread, self.now).is_some() {
            return Err(Refusal::ThreadClosed.into());
        }
        let parent = self.parent_in(tx, &thread).await?;
        let person = self.writer(tx).await?;
        self.refuse_twice(tx, &thread, &person).await?;
        let (status, held) = self.verdict(&person);
        let row = self.row(&thread, parent.as_ref(), &person, status, held);
        let unseen = Unseen { folded: self.rendered.folded.clone(), network: self.sender.network.clone() };
        comments::add(tx, site, &row, &unseen).await?;
        if let Some(weighed) = &self.weighed {
            weighed.keep(tx, &self.site, self.id).await?;
        }
        if status == Status::Approved {
            let (newest, at) = (Some(self.now), self.now);
            events::record(tx, site, &Change { thread: thread.id(), page: &thread.key, kind: Kind::New, comment: Some(self.id), by: 1, newest, at }).await?;
            people::add_approved(tx, site, person.id(), 1).await?;
            visibility::replies_changed(tx, site, self.new.parent, 1).await?;
            order::acted(tx, site, thread.id(), person.id(), 1, self.now).await?;
            if let Some(parent) = &parent {
                order::bump(tx, site, &row, parent, self.now).await?;
            }
        }
        webhooks::announce(tx, site, About { kind: EventType::CommentCreated, thread: Some(thread.id()), comment: Some(self.id), at: self.now }).await?;
        if let Some((key, request)) = &self.key {
            // Somebody used the key on another page a moment ago: all that was done here is undone.
            if !idempotency::keep(tx, site, key, request, self.id, self.now).await? {
                return Err(Refusal::KeyReused.into());
            }
        }
        Ok((thread, row))
    }

    /// The comment that this key made before, if it was this very comment.
    async fn sent_before(&self, tx: &mut Tx) -> Outcome<Option<(threads::Thread, comments::Comment)>> {
        let Some((key, request)) = &self.key else { return Ok(None) };
        let Some(used) = idempotency::find(&mut *tx, self.site.id, key).await? else { return Ok(None) };
        if used.request != *request {
            return Err(Refusal::KeyReused.into());
        }
        let row = comments::by_id(&mut *tx, self.site.id, CommentId::new(used.comment)).await?.ok_or(Refusal::Gone)?;
        let thread = threads::by_id(tx, self.site.id, row.thread()).await?.ok_or(Refusal::NotFound)?;
        Ok(Some((thread, row)))
    }

    async fn thread_for(&self, tx: &mut Tx) -> Outcome<threads::Thread> {
        let (site, page) = (self.site.id, &self.new.page);
        let mut found = threads::lock_by_key(tx, site, &page.key).await?;
        if let (None, Some(alias)) = (&found, &page.alias) {
            found = threads::lock_by_key(tx, site, alias).await?.filter(threads::Thread::is_of_address);
            if let Some(thread) = &found {
                threads::alias(tx, site, &page.key, thread.id()).await?;
            }
        }
        let known = match found {
            Some(thread) => thread,
            None => {
                let new = NewThread { id: self.thread, key: &page.key, url: None, title: None, state: State::Open, created_at: self.now };
                // Somebody else may have made it a moment ago.
                threads::add(tx, site, &new).await?;
                let known = threads::lock_by_key(tx, site, &page.key).await?.ok_or(Refusal::Busy { retry_after: 1 })?;
                if let Some(alias) = &page.alias {
                    threads::alias(tx, site, alias, known.id()).await?;
                }
                known
            }
        };
        // The address is believed only where the blog is known to live: it becomes a link.
        let url = page.url.as_deref().filter(|u| self.site.origins.iter().any(|o| is_under(u, o)));
        // The page may have been read under names that were not known to be its own.
        for name in page.names().iter().filter(|name| **name != known.key) {
            events::tell(tx, site, name).await?;
        }
        if (url.is_some() && known.url.is_none()) || (page.title.is_some() && known.title.is_none()) {
            threads::learn(tx, site, known.id(), url.filter(|_| known.url.is_none()), page.title.as_deref().filter(|_| known.title.is_none())).await?;
            return Ok(threads::by_id(tx, site, known.id()).await?.ok_or(Refusal::NotFound)?);
        }
        Ok(known)
    }

    async fn parent_in(&self, tx: &mut Tx, thread: &threads::Thread) -> Outcome<Option<comments::Comment>> {
        let Some(id) = self.new.parent else { return Ok(None) };
        let parent = comments::by_id(tx, self.site.id, id).await?.ok_or(Refusal::ParentNotFound)?;
        if parent.thread != thread.id {
            return Err(Refusal::ParentElsewhere.into());
        }
        if parent.status()? != Status::Approved {
            return Err(Refusal::ParentNotFound.into());
        }
        Ok(Some(parent))
    }

    /// The person who writes: known by address, else by browser, else new.
    async fn writer(&self, tx: &mut Tx) -> Outcome<people::Person> {
        let site = self.site.id;
        if let Some(hash) = &self.email_hash {
            if let Some(person) = people::by_email(&mut *tx, site, hash).await? {
                return Ok(person);
            }
        } else if let Some(before) = self.same_browser
            && let Some(id) = comments::by_id(&mut *tx, site, before).await?.and_then(|c| c.person())
            && let Some(person) = people::by_id(&mut *tx, site, id).await?
            && person.name == self.new.writer.name.as_str()
        {
            return Ok(person);
        }
        let Writer { name, website, .. } = &self.new.writer;
        let person = people::Person {
            id: self.person,
            name: name.as_str().into(),
            email_hash: self.email_hash.clone(),
            email_sealed: self.email_sealed.clone(),
            website: website.as_ref().map(|w| w.as_str().into()),
            role: Role::Reader.as_str().into(),
            approved: 0,
            created_at: self.now.0,
        };
        if people::add(tx, site, &person).await? {
            return Ok(person);
        }
        let hash = self.email_hash.as_deref().unwrap_or_default();
        Ok(people::by_email(tx, site, hash).await?.ok_or(Refusal::Busy { retry_after: 1 })?)
    }

    async fn refuse_twice(&self, tx: &mut Tx, thread: &threads::Thread, person: &people::Person) -> Outcome<()> {
        let site = self.site.id;
        // Somebody new has said nothing yet.
        let mut said = if person.id == self.person { Vec::new() } else { comments::recent_of_person(tx, site, person.id()).await? };
        if let Some(network) = &self.sender.network {
            said.extend(comments::recent_of_network(tx, site, network, Time(self.now.0 - TWICE_MS)).await?);
        }
        let (name, body) = (self.new.writer.name.as_str(), self.new.body.as_str());
        if said.iter().any(|(t, n, b)| *t == thread.id && n == name && b == body) {
            return Err(Refusal::Duplicate.into());
        }
        Ok(())
    }

    /// The filter, then WordPress's three rules.
    fn verdict(&self, person: &people::Person) -> (Status, Option<HoldReason>) {
        if self.sender.moderator {
            return (Status::Approved, None);
        }
        if let Some(found) = self.weighed.as_ref().and_then(|weighed| weighed.verdict()) {
            return found;
        }
        match self.site.settings.moderation {
            // Only what nothing else holds waits for the judge alone.
            Moderation::PublishAll | Moderation::HoldFirst if self.waits_for_judge(person) => (Status::Pending, Some(HoldReason::Unjudged)),
            Moderation::PublishAll => (Status::Approved, None),
            Moderation::HoldFirst if person.approved > 0 => (Status::Approved, None),
            Moderation::HoldFirst => (Status::Pending, Some(HoldReason::FirstComment)),
            Moderation::HoldAll => (Status::Pending, Some(HoldReason::HoldAll)),
        }
    }

    fn waits_for_judge(&self, person: &people::Person) -> bool {
        let first = self.site.settings.moderation == Moderation::HoldFirst && person.approved == 0;
        !first && self.weighed.as_ref().is_some_and(|weighed| weighed.waits_for_judge())
    }

    fn row(
        &self,
        thread: &threads::Thread,
        parent: Option<&comments::Comment>,
        person: &people::Person,
        status: Status,
        held: Option<HoldReason>,
    ) -> comments::Comment {
        let Writer { name, website, .. } = &self.new.writer;
        let approved = status == Status::Approved;
        let role = if self.sender.moderator { Role::Moderator.as_str() } else { person.role.as_str() };
        comments::Comment {
            id: self.id.uuid(),
            thread: thread.id,
            parent: parent.map(|p| p.id),
            depth: parent.map_or(0, |p| p.depth + 1),
            path: comments::path(parent.map(|p| p.path.as_slice()), self.now, self.id),
            person: Some(person.id),
            author_name: name.as_str().into(),
            author_website: website.as_ref().map(|w| w.as_str().into()),
            author_role: role.into(),
            body: self.new.body.as_str().into(),
            format: Format::Markdown.as_str().into(),
            html: self.rendered.html.clone(),
            dir: self.rendered.dir.as_str().into(),
            status: status.as_str().into(),
            status_before: None,
            held: held.map(|reason| reason.as_str().to_owned()),
            shown: approved,
            replies: 0,
            helpful: 0,
            pinned: false,
            source: None,
            source_id: None,
            created_at: self.now.0,
            edited_at: None,
            approved_at: approved.then_some(self.now.0),
        }
    }
}

/// Whether a URL lies under an origin.
pub(super) fn is_under(url: &str, origin: &str) -> bool {
    url.get(..origin.len()).is_some_and(|start| start.eq_ignore_ascii_case(origin)) && url[origin.len()..].chars().next().is_none_or(|c| "/?#".contains(c))
}

/// Who changes a comment.
#[derive(Clone, Debug)]
pub enum Changer {
    /// The holder of its claim.
    Writer,
    /// A moderator, by name.
    Moderator(String),
}

/// Changes a comment's text.
pub async fn edit(app: &App, site: &Site, id: CommentId, body: Body, dir: Option<Dir>, who: Changer) -> Outcome<Comment> {
    let now = app.clock.now();
    let format = Format::Markdown;
    let rendered = render(&body, format, site, dir).await;
    let (kept, log_id) = (site.clone(), LogId::new(crate::clock::new_id(now, app.chance.as_ref())));
    let weighed = match &who {
        Changer::Writer => weigh_edit(app, site, id, &body, now).await?,
        Changer::Moderator(_) => None,
    };
    let by = who.clone();
    let (thread, row) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (thread, row) = changeable(tx, &kept, id, &by, now).await?;
                if matches!(by, Changer::Writer) && present::viewer(&kept, &row, now).edit_until.is_none() {
                    return Err(Refusal::EditWindowOver.into());
                }
                let at = Some(now);
                match by {
                    Changer::Writer => store::former::texts_spent(tx, kept.id, id).await?,
                    Changer::Moderator(_) => {
                        let made = former::digest(body.as_str(), format, rendered.dir, at);
                        store::former::keep_text(tx, kept.id, id, log_id, &made, now).await?;
                    }
                }
                let text = comments::Edited { body: body.as_str(), format, html: &rendered.html, dir: rendered.dir, folded: &rendered.folded, at };
                comments::edit(tx, kept.id, id, &text).await?;
                edited(tx, kept.id, &thread, &row, now).await?;
                if let Changer::Moderator(name) = &by {
                    note(tx, kept.id, log_id, name, &row, "edit", now).await?;
                }
                if let Some(weighed) = weighed.filter(|_| row.shown && row.status == Status::Approved.as_str()) {
                    hold_edited(tx, &kept, &thread, id, &weighed, now).await?;
                }
                reload(tx, kept.id, id).await
            })
        })
        .await?;
    app.changed(site.id, &thread.key);
    let reader = if matches!(who, Changer::Writer) { For::Writer { now } } else { For::Moderator };
    Ok(present::comment(app, site, &thread, &row, reader)?)
}

/// Those who listen, and other programs, hear that a comment has another text.
pub(super) async fn edited(tx: &mut Tx, site: SiteId, thread: &threads::Thread, row: &comments::Comment, now: Time) -> store::Result<()> {
    let (id, kind) = (Some(row.id()), if row.shown { Kind::Edited } else { Kind::Quiet });
    events::record(tx, site, &Change { thread: thread.id(), page: &thread.key, kind, comment: id, by: 0, newest: None, at: now }).await?;
    webhooks::announce(tx, site, About { kind: EventType::CommentEdited, thread: Some(thread.id()), comment: id, at: now }).await
}

/// What the rules and the filter say of a new text of an old comment: nobody gets past them by editing.
async fn weigh_edit(app: &App, site: &Site, id: CommentId, body: &Body, now: Time) -> Outcome<Option<filter::Weighed>> {
    let Some(row) = comments::by_id(&app.db, site.id, id).await?.filter(|r| r.status == Status::Approved.as_str()) else { return Ok(None) };
    let Some(thread) = threads::by_id(&app.db, site.id, row.thread()).await? else { return Ok(None) };
    let Ok(name) = DisplayName::parse(&row.author_name) else { return Ok(None) };
    let website = row.author_website.as_deref().and_then(|text| Website::parse(text).ok());
    let page = Page { key: thread.key(), alias: None, url: None, title: None };
    let new = NewComment { page, parent: None, body: body.clone(), writer: Writer { name, email: None, website }, dir: None };
    let mut person = match row.person() {
        Some(person) => people::by_id(&app.db, site.id, person).await?,
        None => None,
    };
    if let Some(person) = &mut person {
        person.approved -= 1; // this very comment does not speak for itself
    }
    let (sent, rules) = (filter::Sent::default(), rules::current(app, site.id).await?);
    let asked = filter::Asked {
        new: &new,
        id,
        email_hash: None,
        same_browser: None,
        network: None,
        address: None,
        sent,
        now,
        person,
        outside: Some(judges::Way::Edit),
    };
    Ok(Some(filter::weigh(app, site, &asked, rules).await?))
}

/// Takes an edited comment out of sight when its new text would have waited, too.
async fn hold_edited(tx: &mut Tx, site: &Site, thread: &threads::Thread, id: CommentId, weighed: &filter::Weighed, now: Time) -> store::Result<()> {
    let (to, reason) = match weighed.verdict() {
        Some((to, Some(reason))) => (to, reason),
        _ if weighed.waits_for_judge() => (Status::Pending, HoldReason::Unjudged),
        _ => return weighed.keep_referral(tx, site, id).await,
    };
    let Some(row) = comments::by_id(&mut *tx, site.id, id).await? else { return Ok(()) };
    visibility::change(tx, site.id, thread, &row, to, now).await?;
    comments::set_held(tx, site.id, id, reason).await?;
    weighed.keep(tx, site, id).await
}

/// Deletes a comment for its writer: the words are gone, the branch below it stays.
pub async fn delete(app: &App, site: &Site, id: CommentId, who: Changer) -> Outcome<()> {
    let now = app.clock.now();
    let (kept, log_id) = (site.clone(), LogId::new(crate::clock::new_id(now, app.chance.as_ref())));
    let key = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (thread, row) = changeable(tx, &kept, id, &who, now).await?;
                let (status, name) = match &who {
                    Changer::Writer => (Status::Deleted, "writer"),
                    Changer::Moderator(name) => (Status::Removed, name.as_str()),
                };
                if row.status()? == status {
                    return Ok(thread.key); // once more would forget what it was before
                }
                visibility::change(tx, kept.id, &thread, &row, status, now).await?;
                settling::settle(tx, &kept, id, (row.status()?, status), log_id, now).await?;
                if status == Status::Deleted {
                    comments::erase(tx, kept.id, id).await?;
                    store::judgements::erase(tx, kept.id, id).await?;
                    store::judges::erase(tx, kept.id, id).await?;
                    store::former::erase(tx, kept.id, id).await?;
                }
                note(tx, kept.id, log_id, name, &row, if status == Status::Deleted { "delete" } else { "remove" }, now).await?;
                Ok::<_, No>(thread.key)
            })
        })
        .await?;
    app.changed(site.id, &key);
    Ok(())
}

/// The comment, if it may be changed by this person at all.
async fn changeable(tx: &mut Tx, site: &Site, id: CommentId, who: &Changer, now: Time) -> Outcome<(threads::Thread, comments::Comment)> {
    let (thread, row) = locked::comment(tx, site.id, id).await?;
    match (row.status()?, who) {
        (Status::Deleted, _) => Err(Refusal::Gone.into()),
        (Status::Removed, Changer::Writer) => Err(Refusal::NotYours.into()),
        (_, Changer::Writer) if !present::viewer(site, &row, now).can_delete => Err(Refusal::ClaimExpired.into()),
        _ => Ok((thread, row)),
    }
}

async fn reload(tx: &mut Tx, site: SiteId, id: CommentId) -> Outcome<(threads::Thread, comments::Comment)> {
    let row = comments::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
    let thread = threads::by_id(tx, site, row.thread()).await?.ok_or(Refusal::NotFound)?;
    Ok((thread, row))
}

async fn note(tx: &mut Tx, site: SiteId, id: LogId, by: &str, row: &comments::Comment, action: &str, now: Time) -> store::Result<()> {
    let before = Some(row.status()?);
    let after = comments::by_id(&mut *tx, site, row.id()).await?.map(|c| c.status()).transpose()?;
    log::add(tx, site, &LogEntry { id, at: now, by: by.into(), comment_id: Some(row.id()), action: action.into(), before, after, reason: None, subject: None })
        .await
}

/// Why a comment waits.
pub async fn reason(app: &App, site: &Site, id: CommentId) -> Outcome<HoldReason> {
    let row = comments::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    Ok(held_for(&row))
}
