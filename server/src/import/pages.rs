//! Which pages of the file are one.
//!
//! Addresses that fold to one key are one page. A blog that changed its
//! addresses left two threads of each page with Disqus: they are joined when
//! the title is the same and something else too: the moment the thread was
//! made, the last part of the address, or a comment that both have.

use super::{
    PageRecord, clean,
    raw::{RawPage, short},
};
use jiwar_wire::{Time, page_key::PageKey};
use std::collections::{HashMap, HashSet};

/// The pages of a file, folded.
pub struct Pages {
    raw: Vec<RawPage>,
    keys: Vec<PageKey>,
    by_reference: HashMap<u64, u32>,
    /// Union-find: the page that each is one with.
    one_with: Vec<u32>,
}

impl Pages {
    /// Pages without an address and without a name cannot be kept.
    pub fn fold(pages: Vec<RawPage>) -> Self {
        let mut folded = Self { raw: Vec::new(), keys: Vec::new(), by_reference: HashMap::new(), one_with: Vec::new() };
        let mut by_key: HashMap<PageKey, u32> = HashMap::new();
        for page in pages {
            let Some(key) = key_of(&page) else { continue };
            let at = folded.raw.len() as u32;
            folded.by_reference.entry(page.reference).or_insert(at);
            folded.one_with.push(at);
            folded.raw.push(page);
            let first = *by_key.entry(key.clone()).or_insert(at);
            folded.keys.push(key);
            folded.join(first, at);
        }
        folded.flatten();
        folded
    }

    pub fn len(&self) -> u32 {
        self.raw.len() as u32
    }

    /// The page that comments call so.
    pub fn find(&self, reference: u64) -> Option<u32> {
        self.by_reference.get(&reference).copied()
    }

    /// The first page of those that are one with this.
    pub fn group(&self, page: u32) -> u32 {
        self.one_with.get(page as usize).copied().unwrap_or(page)
    }

    /// The same while pages are being joined, halving the way for those who come after.
    fn root(&mut self, page: u32) -> u32 {
        let mut at = page;
        while self.group(at) != at {
            let above = self.group(self.group(at));
            if let Some(up) = self.one_with.get_mut(at as usize) {
                *up = above;
            }
            at = above;
        }
        at
    }

    /// Lets every page point at the first of its group. A group's first has the lowest index.
    fn flatten(&mut self) {
        for at in 0..self.one_with.len() {
            let first = self.one_with.get(at).map(|up| self.group(*up));
            if let (Some(up), Some(first)) = (self.one_with.get_mut(at), first) {
                *up = first;
            }
        }
    }

    pub fn is_hidden(&self, page: u32) -> bool {
        self.raw.get(page as usize).is_some_and(|p| p.hidden)
    }

    pub fn date(&self, page: u32) -> Option<Time> {
        self.raw.get(page as usize).and_then(|p| p.date)
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(up) = self.one_with.get_mut(a.max(b) as usize) {
            *up = a.min(b);
        }
    }

    /// The page's key as a number; 0 for none.
    pub fn mark(&self, page: u32) -> u64 {
        self.keys.get(page as usize).map_or(0, |key| short(&[b"key", key.as_str().as_bytes()]))
    }

    /// Title, when there is one, as a number.
    pub fn title(&self, page: u32) -> Option<u64> {
        let title = clean::title(&self.raw.get(page as usize)?.title)?;
        Some(short(&[b"title", title.to_lowercase().as_bytes()]))
    }

    /// The last part of the address without its ending, as a number.
    pub fn slug(&self, page: u32) -> Option<u64> {
        let key = self.keys.get(page as usize)?.as_str();
        let path = key.split('?').next()?;
        let last = path.rsplit('/').next()?;
        let slug = last.rsplit_once('.').map_or(last, |(name, _)| name);
        (slug.chars().count() >= 4).then(|| short(&[b"slug", slug.to_lowercase().as_bytes()]))
    }

    /// Joins pages with the same title that were made at one moment or end alike.
    pub fn join_by_title(&mut self) {
        let titles: Vec<(u32, u64)> = (0..self.len()).filter_map(|p| Some((p, self.title(p)?))).collect();
        let dated = titles.iter().filter_map(|(p, title)| Some(((*title, self.date(*p)?.0 as u64), *p))).collect();
        let ended = titles.iter().filter_map(|(p, title)| Some(((*title, self.slug(*p)?), *p))).collect();
        self.join_equal(dated);
        self.join_equal(ended);
    }

    /// Joins the pages that share a mark.
    pub fn join_equal<T: Ord>(&mut self, mut marked: Vec<(T, u32)>) {
        marked.sort_unstable();
        for pair in marked.windows(2) {
            if let [(a, first), (b, second)] = pair
                && a == b
            {
                self.join(*first, *second);
            }
        }
        self.flatten();
    }

    /// The pages as they will be kept, with the index of each group. `latest` is
    /// the time of the last comment and the number of comments of each page of
    /// the file; the address where people talked last gives the key.
    pub fn records(&self, latest: &[(i64, u32)]) -> (Vec<PageRecord>, HashMap<u32, u32>, u64) {
        let mut groups: HashMap<u32, Vec<u32>> = HashMap::new();
        for page in 0..self.len() {
            groups.entry(self.group(page)).or_default().push(page);
        }
        let comments = |page: &u32| latest.get(*page as usize).copied().unwrap_or((i64::MIN, 0));
        let mut kept: Vec<(u32, Vec<u32>)> = groups.into_iter().filter(|(_, pages)| pages.iter().any(|p| comments(p).1 > 0)).collect();
        kept.sort_unstable();
        for (_, pages) in &mut kept {
            pages.sort_by_key(|p| (std::cmp::Reverse(comments(p)), *p));
        }
        let joined = kept.iter().filter(|(_, pages)| pages.len() > 1).count() as u64;
        let mut taken: HashSet<PageKey> = kept.iter().filter_map(|(_, pages)| self.keys.get(*pages.first()? as usize).cloned()).collect();
        let mut records = Vec::with_capacity(kept.len());
        let mut indices = HashMap::with_capacity(kept.len());
        for (group, pages) in &kept {
            let Some(record) = self.record(pages, &mut taken, pages.iter().map(|p| comments(p).1).sum()) else { continue };
            indices.insert(*group, records.len() as u32);
            records.push(record);
        }
        (records, indices, joined)
    }

    /// One record of the pages that are one, the chief of them first.
    fn record(&self, pages: &[u32], taken: &mut HashSet<PageKey>, comments: u32) -> Option<PageRecord> {
        let key = self.keys.get(*pages.first()? as usize)?.clone();
        let raws: Vec<&RawPage> = pages.iter().filter_map(|p| self.raw.get(*p as usize)).collect();
        let others = pages.iter().filter_map(|p| self.keys.get(*p as usize)).cloned();
        let named = raws.iter().flat_map(|r| &r.names).filter_map(|name| PageKey::parse(name, None).ok());
        let mut aliases = Vec::new();
        for alias in others.chain(named) {
            if alias != key && taken.insert(alias.clone()) {
                aliases.push(alias);
            }
        }
        Some(PageRecord {
            key,
            url: raws.iter().find_map(|r| clean::url(&r.link)),
            title: raws.iter().find_map(|r| clean::title(&r.title)),
            aliases,
            closed: raws.first().is_some_and(|r| r.closed),
            created_at: raws.iter().filter_map(|r| r.date).min(),
            comments,
        })
    }
}

fn key_of(page: &RawPage) -> Option<PageKey> {
    std::iter::once(&page.link).chain(&page.names).filter(|text| !text.is_empty()).find_map(|text| PageKey::parse(text, Some(text)).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(reference: u64, link: &str, title: &str) -> RawPage {
        RawPage { reference, link: link.into(), title: title.into(), ..RawPage::default() }
    }

    #[test]
    fn spellings_of_one_address_are_one_page() {
        let pages = Pages::fold(vec![
            page(1, "http://www.blog.example/2024/%d9%85/", "a"),
            page(2, "https://blog.example/2024/%D9%85?utm_source=x", "b"),
            page(3, "https://blog.example/2024/n", "c"),
            page(4, "", ""),
        ]);
        let (records, _, joined) = pages.records(&[(1, 1), (2, 1), (3, 1)]);
        assert_eq!(records.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["/2024/م", "/2024/n"]);
        assert_eq!((joined, records[0].comments, records[0].title.as_deref()), (1, 2, Some("b")));
        assert_eq!(pages.find(4), None, "a page without any name cannot be kept");
    }

    #[test]
    fn old_and_new_address_of_one_post() {
        let mut pages = Pages::fold(vec![
            page(1, "http://b.example/my-post/", "My post"),
            page(2, "http://b.example/blog/my-post.html", "My &nbsp; post"),
            page(3, "http://b.example/other/", "My post"),
        ]);
        pages.join_by_title();
        let (records, _, _) = pages.records(&[(5, 1), (9, 1), (1, 1)]);
        assert_eq!(records[0].key.as_str(), "/blog/my-post.html", "where people talked last");
        assert_eq!(records[0].aliases, [PageKey::parse("/my-post", None).unwrap()]);
        assert_eq!(records.len(), 2, "the same title alone is not enough");
    }

    #[test]
    fn an_alias_belongs_to_one_page_and_is_no_page_itself() {
        let mut a = page(1, "http://b.example/?p=1", "a");
        a.names = vec!["http://b.example/?p=2".into(), "7".into()];
        let mut b = page(2, "http://b.example/?p=2", "b");
        b.names = vec!["7".into()];
        let (records, _, _) = Pages::fold(vec![a, b]).records(&[(1, 1), (1, 1)]);
        assert_eq!(records[0].aliases, [PageKey::parse("7", None).unwrap()]);
        assert!(records[1].aliases.is_empty());
    }
}
