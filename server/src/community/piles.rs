//! Comments by what others say of them: reported ones, the heaviest first, and
//! removed ones whose writers ask for another look, the longest waiting first.

use super::{
    Outcome,
    cursor::{self, List},
    moderation,
    queue::{self as shown, Scope},
};
use crate::{
    App,
    store::{appeals, comments::Comment, reports, sites::Site},
    text,
};
use jiwar_wire::{Lang, Refusal, ids::CommentId, limits, moderation::Queue, queue::Wanted, report::Pile};
use uuid::Uuid;

/// How far a pile is counted.
const MOST: i64 = 10_000;

/// A pile as the API gives it.
pub async fn queue(app: &App, site: &Site, pile: Pile, wanted: &Wanted, (lang, cursor, limit): (Lang, Option<&str>, Option<u32>)) -> Outcome<Queue> {
    let limit = usize::try_from(limit.unwrap_or(50).clamp(1, limits::PAGE_MAX)).unwrap_or(1);
    let scope = shown::scope(app, site, wanted).await?;
    let (rows, next) = page(app, site, pile, (wanted, &scope), cursor, limit).await?;
    let total = match pile {
        // Of one page, or one writer, or with these words: few.
        _ if !wanted.words.is_empty() || wanted.page.is_some() || wanted.writer.is_some() => {
            i64::try_from(page(app, site, pile, (wanted, &scope), None, MOST as usize).await?.0.len()).unwrap_or(MOST)
        }
        Pile::Reported => reports::how_many(&app.db, site.id, MOST).await?,
        Pile::Appealed => appeals::how_many(&app.db, site.id, MOST).await?,
    };
    Ok(Queue { comments: moderation::reviewed(app, site, &rows, lang).await?, next, total: u64::try_from(total).unwrap_or(0) })
}

/// Some comments of a pile, and the cursor of the rest.
pub(super) async fn page(
    app: &App,
    site: &Site,
    pile: Pile,
    (wanted, scope): (&Wanted, &Scope),
    cursor: Option<&str>,
    limit: usize,
) -> Outcome<(Vec<Comment>, Option<String>)> {
    let list = match pile {
        Pile::Reported => List::Reported,
        Pile::Appealed => List::Appealed,
    };
    let after = match cursor {
        Some(text) => Some(cursor::read(&app.keys, list, site.id.uuid(), text)?),
        None => None,
    };
    let (folded, ask) = (text::fold(&wanted.words), i64::try_from(limit).unwrap_or(0) + 1);
    let search = shown::search(wanted, scope.of, &folded);
    let mut found: Vec<(Comment, Vec<u8>)> = match pile {
        _ if scope.empty => Vec::new(),
        Pile::Reported => {
            let after = after.map_or(Ok((i64::MAX, CommentId::new(Uuid::nil()))), |bytes| weight_and_id(&bytes))?;
            let heavy = reports::heaviest(&app.db, site.id, after, &search, ask).await?;
            heavy.into_iter().map(|h| (place(h.weight, &h.comment), h)).map(|(at, h)| (h.comment, at)).collect()
        }
        Pile::Appealed => {
            let after = after.map_or(Ok(Uuid::nil()), |bytes| Uuid::from_slice(&bytes).map_err(|_| Refusal::BadCursor))?;
            let asked = appeals::oldest(&app.db, site.id, after, &search, ask).await?;
            asked.into_iter().map(|a| (a.comment, a.appeal.as_bytes().to_vec())).collect()
        }
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(_, at)| cursor::write(&app.keys, list, site.id.uuid(), at));
    Ok((found.into_iter().map(|(comment, _)| comment).collect(), next))
}

fn place(weight: i64, comment: &Comment) -> Vec<u8> {
    [weight.to_be_bytes().as_slice(), comment.id.as_bytes()].concat()
}

fn weight_and_id(bytes: &[u8]) -> Result<(i64, CommentId), Refusal> {
    let (weight, id) = bytes.split_first_chunk::<8>().ok_or(Refusal::BadCursor)?;
    Ok((i64::from_be_bytes(*weight), CommentId::new(Uuid::from_slice(id).map_err(|_| Refusal::BadCursor)?)))
}
