//! Comments that the file holds more than once.

use super::{
    Note, Skip,
    index::{Entry, Index},
    pages::Pages,
    raw::head,
    tree::NONE,
};
use jiwar_wire::comment::Status;

/// Indices sorted by id, page and content: for copies here, and for finding parents.
pub fn by_id(index: &Index, pages: &Pages) -> Vec<u32> {
    let mut order: Vec<u32> = (0..index.entries.len() as u32).collect();
    order.sort_unstable_by_key(|at| index.get(*at).map(|e| (e.ext, pages.group(e.page), e.content, *at)));
    order
}

/// The first in `order` whose id's digest begins with `id` and that is on the group `page`, else on any page.
pub fn find(index: &Index, pages: &Pages, order: &[u32], id: u64, page: u32) -> Option<u32> {
    let key = |at: &u32| index.get(*at).map_or((u64::MAX, NONE), |e| (head(&e.ext), pages.group(e.page)));
    let first = |wanted: (u64, u32)| order.get(order.partition_point(|at| key(at) < wanted)).copied();
    let page = pages.group(page);
    let here = first((id, page)).filter(|at| key(at) == (id, page));
    here.or_else(|| first((id, 0)).filter(|at| key(at).0 == id))
}

/// Marks what is in the file twice in every word, and gives an id of its own
/// to each comment that shares one with an earlier, different comment.
pub fn mark_copies(index: &mut Index, pages: &Pages, order: &[u32]) {
    let mut rest = order;
    while let Some(ext) = rest.first().and_then(|at| index.get(*at)).map(|e| e.ext) {
        let (same_id, after) = rest.split_at(rest.partition_point(|at| index.get(*at).is_some_and(|e| e.ext == ext)).max(1));
        rest = after;
        if same_id.len() > 1 {
            mark_same_id(index, pages, same_id);
        }
    }
}

fn mark_same_id(index: &mut Index, pages: &Pages, same_id: &[u32]) {
    let first = same_id.iter().copied().min().unwrap_or(NONE);
    let mut original = NONE;
    let mut last = None;
    for &at in same_id {
        let Some(entry) = index.entries.get_mut(at as usize) else { continue };
        let this = Some((pages.group(entry.page), entry.content));
        if last == this {
            entry.same_as = original;
            entry.skip = entry.skip.or(Some(Skip::Duplicate));
            continue;
        }
        (last, original) = (this, at);
        if at != first {
            entry.salted = true;
            entry.note(Note::SameId);
        }
    }
}

/// Joins the threads of one post (see `pages`), and marks the comments that
/// stand in two of them.
///
/// Twins were written by one author in the same second, and have the same
/// words or the same second id.
pub fn mark_twins(index: &mut Index, pages: &mut Pages) {
    pages.join_by_title();
    let titles: Vec<_> = (0..pages.len()).map(|p| (pages.title(p), pages.slug(p))).collect();
    for mark in [0usize, 1] {
        for by in [text, inner] {
            let marked = index.entries.iter().filter(|e| may_be_twin(e)).filter_map(|e| {
                let (title, slug) = titles.get(e.page as usize)?;
                let of_page = if mark == 0 { *title } else { *slug };
                Some(((e.who, by(e)?, of_page?), e.page))
            });
            let marked: Vec<_> = marked.collect();
            pages.join_equal(marked);
        }
    }
    for by in [text, inner] {
        pair(index, pages, by);
    }
}

fn text(entry: &Entry) -> Option<u64> {
    Some(entry.text)
}

fn inner(entry: &Entry) -> Option<u64> {
    Some(entry.inner).filter(|i| *i != 0)
}

fn may_be_twin(entry: &Entry) -> bool {
    entry.skip.is_none() && entry.who != 0 && entry.status != Status::Spam
}

/// What makes two comments candidates: page (of the group), author and moment, words or second id.
type Likeness = (u32, u64, u64);

/// The n-th of those alike in one thread is the twin of the n-th in another.
fn pair(index: &mut Index, pages: &Pages, by: fn(&Entry) -> Option<u64>) {
    let mut alike: Vec<(Likeness, u32, u32)> = Vec::new();
    for (at, entry) in (0u32..).zip(&index.entries) {
        if let (true, Some(mark)) = (may_be_twin(entry), by(entry)) {
            alike.push(((pages.group(entry.page), entry.who, mark), entry.page, at));
        }
    }
    alike.sort_unstable();
    for likeness in alike.chunk_by(|a, b| a.0 == b.0) {
        if likeness.first().map(|l| l.1) == likeness.last().map(|l| l.1) {
            continue; // one thread only: somebody said it twice
        }
        let mut nth: Vec<(usize, u32)> = Vec::new();
        for thread in likeness.chunk_by(|a, b| a.1 == b.1) {
            nth.extend(thread.iter().enumerate().map(|(n, l)| (n, l.2)));
        }
        nth.sort_unstable();
        for twins in nth.chunk_by(|a, b| a.0 == b.0) {
            keep_one(index, twins);
        }
    }
}

/// Keeps the one that was not taken away; among equals the one with the
/// lower id's digest, so that every export gives the same answer.
fn keep_one(index: &mut Index, twins: &[(usize, u32)]) {
    let rank = |at: u32| index.get(at).map(|e| (e.ghost.is_some(), e.status != Status::Approved, e.ext));
    let Some(kept) = twins.iter().map(|(_, at)| *at).min_by_key(|at| rank(*at)) else { return };
    for (_, at) in twins {
        if *at != kept
            && let Some(entry) = index.entries.get_mut(*at as usize)
        {
            entry.same_as = kept;
            entry.skip = Some(Skip::Twin);
        }
    }
}
