//! Finding what was said.

use super::{
    Outcome,
    cursor::{self, List},
    present::For,
    threads::with_threads,
};
use crate::{
    App, keys,
    store::{search, sites::Site},
    text::search::{NoQuery, Query, snippet},
};
use jiwar_wire::{
    FieldCode, FieldError, Refusal,
    ids::CommentId,
    limits,
    thread::{Found, SearchPage},
};
use uuid::Uuid;

/// Bytes of a query's mark in a cursor.
const MARK: usize = 8;

/// The newest public comments that have all the words.
pub async fn search(app: &App, site: &Site, text: &str, cursor: Option<&str>, asked: Option<u32>) -> Outcome<SearchPage> {
    let query = Query::parse(text).map_err(refusal)?;
    let mark = keys::digest(&[text.as_bytes()]).into_iter().take(MARK).collect::<Vec<u8>>();
    let of = site.id.uuid();
    let before = match cursor {
        // A cursor belongs to the words that it was made for.
        Some(text) => {
            let at = cursor::read(&app.keys, List::Search, of, text)?;
            let id = at.strip_prefix(mark.as_slice()).ok_or(Refusal::BadCursor)?;
            Uuid::from_slice(id).map_err(|_| Refusal::BadCursor)?
        }
        None => Uuid::max(),
    };
    let limit = i64::from(asked.unwrap_or(20).clamp(1, limits::PAGE_MAX));
    let search::Found { mut rows, beyond } = search::found(&app.db, site.id, &query, CommentId::new(before), limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|last| last.id).or(beyond.map(CommentId::uuid));
    let next = next.map(|id| cursor::write(&app.keys, List::Search, of, &[mark.as_slice(), id.as_bytes()].concat()));
    let comments = with_threads(app, site, &rows, For::Public).await?;
    let results = comments.into_iter().map(|comment| Found { snippet: snippet(&comment.html, &query), comment }).collect();
    Ok(SearchPage { results, next })
}

fn refusal(why: NoQuery) -> Refusal {
    let fault = match why {
        NoQuery::Empty => FieldError::new("/q", FieldCode::Required),
        NoQuery::TooLong => FieldError::too_long("/q", limits::QUERY_GRAPHEMES),
        NoQuery::TooManyWords => FieldError { pointer: "/q".into(), code: FieldCode::TooMany, limit: Some(limits::QUERY_WORDS as u32) },
    };
    Refusal::Invalid(vec![fault])
}
