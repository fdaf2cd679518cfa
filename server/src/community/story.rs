//! The log as a story: each line with the comment and the ban that it tells of.

use super::{Outcome, moderation, rules};
use crate::{
    App,
    store::{comments, sites::Site},
    text,
};
use jiwar_wire::{comment::Status, ids::BanId, moderation::LogEntry, queue::Told};

/// Letters of the comment that a line is about.
const EXCERPT: usize = 80;

/// A page of the log, the newest first, and the cursor of the next one.
pub async fn page(app: &App, site: &Site, cursor: Option<&str>) -> Outcome<(Vec<Told>, Option<String>)> {
    let log = moderation::log(app, site, cursor, None).await?;
    let mut told = Vec::with_capacity(log.entries.len());
    for entry in log.entries {
        told.push(line(app, site, entry).await?);
    }
    Ok((told, log.next))
}

async fn line(app: &App, site: &Site, entry: LogEntry) -> Outcome<Told> {
    let comment = match entry.comment_id {
        Some(id) => comments::by_id(&app.db, site.id, id).await?,
        None => None,
    };
    // What its writer deleted is quoted nowhere.
    let about = comment.filter(|c| c.status != Status::Deleted.as_str()).map(|c| (c.author_name, text::excerpt(&c.html, EXCERPT)));
    let ban = match entry.action.as_str() {
        // The two share their id.
        "ban" => rules::one_ban(app, site, BanId::new(entry.id.uuid())).await?,
        _ => None,
    };
    Ok(Told { entry, about, ban })
}
