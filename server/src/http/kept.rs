//! A thread's first page as it is kept in memory: found by its name, made when it is missing.

use super::{
    error::{Error, Result},
    extract::AtSite,
};
use crate::{
    App,
    community::threads::{self, Part},
    pages::{self, Before, Kind, Name},
};
use bytes::Bytes;
use jiwar_wire::{
    Time,
    input::Page,
    thread::{Sort, ThreadPage},
};
use std::sync::Arc;

/// A kept page and its name.
pub type Kept = (Name, Arc<pages::Page>);

/// The page and its name; the same for all who ask for it by this name.
///
/// What the request itself says of the page (its address and title) is used
/// only while the thread does not know better, and then is part of the name:
/// nobody can put words into another reader's page.
pub async fn page(app: &App, at: &AtSite, page: &Page, sort: Option<Sort>, kind: Kind, write: impl Fn(&Page, &ThreadPage) -> Bytes) -> Result<Kept> {
    let bare = Page { url: None, title: None, ..page.clone() };
    let kept = named(app, at, &bare, sort, kind, &write).await?;
    if kept.1.lacks && *page != bare {
        return named(app, at, page, sort, kind, &write).await;
    }
    Ok(kept)
}

async fn named(app: &App, at: &AtSite, page: &Page, sort: Option<Sort>, kind: Kind, write: impl Fn(&Page, &ThreadPage) -> Bytes) -> Result<Kept> {
    let said = [page.alias.as_ref().map(|a| a.as_str()), page.url.as_deref(), page.title.as_deref()];
    let name = said.iter().fold(page.key.to_string(), |name, part| format!("{name}\n{}", part.unwrap_or_default()));
    let name = Name { kind, site: at.site.id, page: name, sort, lang: at.lang };
    let kept = app
        .pages
        .get(&name, app.clock.now(), || async {
            let (before, thread, until) = read(app, at, page, sort).await?;
            let lacks = thread.thread.url.is_none() || thread.thread.title.is_none();
            Ok::<_, Error>(app.pages.page_until(before, write(page, &thread), lacks, until))
        })
        .await?;
    Ok((name, kept))
}

/// The thread, with the state of all its names from before it was read, and until when it is right.
async fn read(app: &App, at: &AtSite, page: &Page, sort: Option<Sort>) -> Result<(Before, ThreadPage, Option<Time>)> {
    let part = Part { sort, ..Part::default() };
    let mut names = page.names();
    loop {
        let before = app.pages.before(at.site.id, &names);
        let (thread, until) = threads::read_until(app, &at.site, page, &part).await?;
        // Under an alias the thread has another key, and that is the one that writes move on.
        if names.contains(&thread.thread.page_id) {
            return Ok((before, thread, until));
        }
        names.push(thread.thread.page_id);
    }
}
