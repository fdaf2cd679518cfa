//! What stood before a moderator's edit: kept with it, and put back.

use super::{Outcome, comments::edited, locked, rules};
use crate::{
    App, keys,
    store::{
        Tx,
        comments::{self, Comment},
        former, log,
        sites::Site,
    },
};
use jiwar_wire::{
    Dir, Refusal, Time,
    comment::{Format, Status},
    ids::{CommentId, LogId},
    moderation::LogEntry,
};

/// A text, with its mark, as a digest: by it one knows whether somebody has changed it since.
pub fn digest(body: &str, format: Format, dir: Dir, edited_at: Option<Time>) -> Vec<u8> {
    let at = edited_at.map(|at| at.0.to_be_bytes());
    keys::digest(&[body.as_bytes(), format.as_str().as_bytes(), dir.as_str().as_bytes(), at.as_ref().map_or(&[][..], |at| &at[..])])
}

/// Puts a comment's text back as it was before a line of the log, with its mark. `Conflict`
/// when somebody has edited it since. What is replaced by that is kept in its turn.
pub async fn back(app: &App, site: &Site, by: &str, comment: CommentId, entry: LogId) -> Outcome<()> {
    let note = LogEntry { comment_id: Some(comment), subject: Some(entry.to_string()), ..rules::note(app, by, "undo", None) };
    let kept = site.clone();
    let key = app.db.write(move |tx| Box::pin(async move { put_back(tx, &kept, comment, entry, note).await })).await?;
    app.changed(site.id, &key);
    Ok(())
}

async fn put_back(tx: &mut Tx, site: &Site, id: CommentId, entry: LogId, mut note: LogEntry) -> Outcome<String> {
    let (thread, row) = locked::comment(tx, site.id, id).await?;
    let status = row.status()?;
    if status == Status::Deleted {
        return Err(Refusal::Gone.into());
    }
    let was = former::text(tx, site.id, entry).await?.ok_or(Refusal::CannotUndo)?;
    if was.spent || was.made != digest_of(&row) {
        return Err(Refusal::Conflict.into());
    }
    let at = was.edited_at.map(Time);
    let made = digest(&was.body, was.format(), was.dir(), at);
    former::keep_text(tx, site.id, id, note.id, &made, note.at).await?;
    former::text_spent(tx, site.id, entry).await?;
    let text = comments::Edited { body: &was.body, format: was.format(), html: &was.html, dir: was.dir(), folded: &was.folded, at };
    comments::edit(tx, site.id, id, &text).await?;
    edited(tx, site.id, &thread, &row, note.at).await?;
    (note.before, note.after) = (Some(status), Some(status));
    log::add(tx, site.id, &note).await?;
    Ok(thread.key)
}

fn digest_of(row: &Comment) -> Vec<u8> {
    digest(&row.body, row.format(), row.dir(), row.edited_at.map(Time))
}
