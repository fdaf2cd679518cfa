//! From what is kept to what is shown. Nothing that only its owner may see passes here.

use crate::{
    store::{self, comments, sites::Site, threads},
    text,
};
use jiwar_wire::{
    Time,
    comment::{Author, Comment, Role, Status, Viewer},
    limits, site,
    thread::{self, State},
};

/// For whom a comment is made ready.
#[derive(Clone, Copy, Debug)]
pub enum For {
    /// Everybody: the text of a placeholder is left out.
    Public,
    /// Its writer: with the source, and what may still be done.
    Writer { now: Time },
    /// A moderator: with the source and the words of what was removed.
    Moderator,
}

/// A comment for the wire.
pub fn comment(app: &crate::App, site: &Site, thread: &threads::Thread, c: &comments::Comment, reader: For) -> store::Result<Comment> {
    let status = c.status()?;
    let visible = match reader {
        For::Public => status == Status::Approved,
        For::Writer { .. } | For::Moderator => status != Status::Deleted,
    };
    let author = if visible {
        Author {
            id: c.person(),
            name: c.author_name.clone(),
            website: c.author_website.clone(),
            role: Role::parse(&c.author_role).unwrap_or_default(),
            avatar: text::avatar(&c.author_name, &c.person.unwrap_or(c.id).to_string()),
        }
    } else {
        Author::default()
    };
    Ok(Comment {
        id: c.id(),
        thread_id: c.thread(),
        page_id: thread.key.clone(),
        parent_id: c.parent.map(jiwar_wire::ids::CommentId::new),
        depth: u32::try_from(c.depth).unwrap_or(u32::MAX),
        author,
        html: if visible { c.html.clone() } else { String::new() },
        dir: c.dir(),
        body: (visible && !matches!(reader, For::Public)).then(|| c.body.clone()),
        // Its writer is not told that a filter took it for spam: to him it waits.
        status: match (reader, status) {
            (For::Writer { .. }, Status::Spam) => Status::Pending,
            (For::Public, Status::Spam | Status::Pending) => Status::Removed,
            (_, status) => status,
        },
        created_at: Time(c.created_at),
        edited_at: c.edited_at.map(Time),
        reply_count: u32::try_from(c.replies).unwrap_or(0),
        helpful: u32::try_from(c.helpful).unwrap_or(0),
        pinned: c.pinned,
        permalink: permalink(app, site, thread, c),
        viewer: match reader {
            For::Writer { now } => Some(viewer(site, c, now)),
            _ => None,
        },
        review: None,
    })
}

/// What a comment's writer may do with it at this moment.
pub fn viewer(site: &Site, c: &comments::Comment, now: Time) -> Viewer {
    let until = Time(c.created_at + i64::from(site.settings.edit_window) * 1000);
    Viewer { own: true, edit_until: (now < until).then_some(until), can_delete: now.0 < c.created_at + super::comments::CLAIM_MS, reason: None, appeal: None }
}

/// Where a comment is read: on the blog when we know the page's address, else on ours.
pub fn permalink(app: &crate::App, site: &Site, thread: &threads::Thread, c: &comments::Comment) -> String {
    let page = match thread.url.as_deref() {
        Some(url) => url.split('#').next().unwrap_or(url).to_owned(),
        None => discuss_url(app, &site.key, &thread.key),
    };
    format!("{page}#comment-{}", c.id)
}

/// The thread's page at this server.
pub fn discuss_url(app: &crate::App, site: &str, page: &str) -> String {
    let query: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("{}/discuss/{site}?page={query}", app.config.public_url)
}

/// A thread for the wire.
pub fn thread(site: &Site, t: &threads::Thread, now: Time) -> thread::Thread {
    let closed_by = super::threads::closed_by(site, t, now);
    thread::Thread {
        id: Some(t.id()),
        page_id: t.key.clone(),
        url: t.url.clone(),
        title: t.title.clone(),
        state: if closed_by.is_some() { State::Closed } else { State::Open },
        closed_by,
        count: u32::try_from(t.comments).unwrap_or(0),
        revision: t.revision,
    }
}

/// What readers may know of a site.
pub fn site(s: &Site) -> site::Site {
    site::Site {
        key: s.key.clone(),
        name: s.name.clone(),
        locale: s.locale,
        moderation: s.settings.moderation,
        email_required: s.settings.email_required,
        edit_window: s.settings.edit_window,
        rules: s.settings.rules.clone(),
        indent: s.settings.indent,
        body_limit: limits::BODY_GRAPHEMES as u32,
        name_limit: limits::NAME_GRAPHEMES as u32,
        judges: super::judges::named(s),
    }
}
