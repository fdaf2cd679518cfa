//! Which comment each one answers, as far as it can be told.

use super::{Note, index::Index, pages::Pages, tree::NONE, twins};

/// Levels of left-out comments that are climbed over before a reply goes to the page itself.
const CLIMB: usize = 64;

/// The parent of each comment, `None` on the page itself. Rings are left for the tree.
pub fn resolve(index: &mut Index, pages: &Pages, order: &[u32]) -> Vec<Option<u32>> {
    let asked: Vec<(u32, Option<Note>)> = (0..index.entries.len() as u32).map(|at| asked(index, pages, order, at)).collect();
    let mut parents = Vec::with_capacity(asked.len());
    for (at, (parent, mut note)) in (0u32..).zip(asked.iter().copied()) {
        let mut parent = parent;
        for _ in 0..CLIMB {
            match index.get(parent) {
                Some(entry) if entry.skip.is_some() => {
                    note = Some(Note::SkippedParent);
                    parent = asked.get(parent as usize).map_or(NONE, |(up, _)| *up);
                }
                _ => break,
            }
        }
        if index.get(parent).is_some_and(|e| e.skip.is_some()) || parent == at {
            parent = NONE;
        }
        if let (Some(note), Some(entry)) = (note, index.entries.get_mut(at as usize)) {
            entry.note(note);
        }
        parents.push(Some(parent).filter(|p| *p != NONE));
    }
    parents
}

/// The comment that this one names as its parent, and what is odd about it.
fn asked(index: &Index, pages: &Pages, order: &[u32], at: u32) -> (u32, Option<Note>) {
    let Some(entry) = index.get(at).filter(|e| e.parent != 0) else { return (NONE, None) };
    let Some(found) = twins::find(index, pages, order, entry.parent, entry.page) else { return (NONE, Some(Note::MissingParent)) };
    let parent = index.original(found);
    if parent == index.original(at) {
        return (NONE, Some(Note::SelfParent));
    }
    match index.get(parent) {
        Some(above) if pages.group(above.page) == pages.group(entry.page) => (parent, None),
        _ => (NONE, Some(Note::OtherPage)),
    }
}
