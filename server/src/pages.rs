//! Finished pages in memory: the read path's answer without SQL or rendering.
//!
//! An entry remembers the generation of its thread; a write moves the thread
//! to the next generation, and with that every entry made before is void. A
//! page is compressed when somebody first asks for it so, once. The cache is
//! bounded in bytes, and a thousand readers who miss at once cost one rendering.

use bytes::Bytes;
use jiwar_wire::{Lang, Time, ids::SiteId, thread::Sort};
use quick_cache::{Weighter, sync::Cache};
use std::{
    hash::{BuildHasher, Hash, RandomState},
    io::Write,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// What is kept ready.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    Fragment,
    Json,
    Counts,
}

/// Which page: as the request names it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Name {
    pub kind: Kind,
    pub site: SiteId,
    pub page: String,
    /// None for the usual one.
    pub sort: Option<Sort>,
    pub lang: Lang,
}

/// A finished page.
#[derive(Debug)]
pub struct Page {
    pub raw: Bytes,
    pub etag: String,
    /// True when the thread does not know its address or title, so that a request may say it.
    pub lacks: bool,
    made: Before,
    /// When it is no longer right, even if nothing changes.
    until: Time,
    br: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Page {
    /// Compressed with Brotli (RFC 7932), once.
    pub fn br(&self) -> Bytes {
        self.br
            .get_or_init(|| {
                let mut out = Vec::with_capacity(self.raw.len() / 4);
                // A window of 256 KiB holds nearly every page whole; a wider one only costs time.
                let params = brotli::enc::BrotliEncoderParams { quality: 5, lgwin: 18, ..Default::default() };
                match brotli::BrotliCompress(&mut &*self.raw, &mut out, &params) {
                    Ok(_) => out.into(),
                    Err(_) => Bytes::new(), // writing to memory does not fail; an empty answer is never chosen
                }
            })
            .clone()
    }

    /// Compressed with gzip (RFC 1952), once.
    pub fn gzip(&self) -> Bytes {
        self.gzip
            .get_or_init(|| {
                let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(self.raw.len() / 4), flate2::Compression::new(6));
                let written = encoder.write_all(&self.raw);
                written.and_then(|()| encoder.finish()).unwrap_or_default().into()
            })
            .clone()
    }
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<Name, Arc<Page>> for ByBytes {
    fn weight(&self, name: &Name, page: &Arc<Page>) -> u64 {
        // With room for the two compressed forms, which are about a quarter each.
        (name.page.len() + page.raw.len() + page.raw.len() / 2 + 256) as u64
    }
}

/// The cache.
#[derive(Debug)]
pub struct Pages {
    kept: Cache<Name, Arc<Page>, ByBytes>,
    generations: Box<[AtomicU64]>,
    hasher: RandomState,
    pub hits: AtomicU64,
    pub misses: AtomicU64,
}

/// The state of everything that a page is made from, before that was read: the page is good while this holds.
#[derive(Clone, Debug)]
pub struct Before(Box<[(usize, u64)]>);

/// Stands for the site itself among the names of its pages, none of which is empty.
const WHOLE_SITE: &str = "";

impl Pages {
    pub fn new(bytes: u64) -> Self {
        let items = (bytes / 16_384).clamp(64, 1_000_000) as usize;
        Self {
            kept: Cache::with_weighter(items, bytes, ByBytes),
            generations: (0..8192).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    fn slot(&self, site: SiteId, page: &str) -> usize {
        // Two threads in one slot cost a rendering now and then, nothing else.
        (self.hasher.hash_one((site, page)) % self.generations.len() as u64) as usize
    }

    /// To be taken before a thread is read that has these names.
    pub fn before(&self, site: SiteId, names: &[impl AsRef<str>]) -> Before {
        let slots = std::iter::once(WHOLE_SITE).chain(names.iter().map(AsRef::as_ref)).map(|name| self.slot(site, name));
        Before(slots.map(|slot| (slot, self.generations[slot].load(Ordering::Acquire))).collect())
    }

    /// Every page made of this thread before now is void; with no name, every page of the site.
    pub fn void(&self, site: SiteId, page: &str) {
        self.generations[self.slot(site, page)].fetch_add(1, Ordering::AcqRel);
    }

    /// Every page made before now is void.
    pub fn void_all(&self) {
        self.generations.iter().for_each(|g| {
            g.fetch_add(1, Ordering::AcqRel);
        });
    }

    /// Makes a page from its bytes, right until something changes.
    pub fn page(&self, before: Before, raw: Bytes, lacks: bool) -> Arc<Page> {
        self.page_until(before, raw, lacks, None)
    }

    /// The same, of what is also made from the clock: right for no longer than `until`.
    pub fn page_until(&self, before: Before, raw: Bytes, lacks: bool, until: Option<Time>) -> Arc<Page> {
        let digest = crate::keys::digest(&[&raw]);
        let mut etag = String::with_capacity(20);
        for byte in digest.iter().take(9) {
            use std::fmt::Write;
            let _ = write!(etag, "{byte:02x}");
        }
        Arc::new(Page { raw, etag, lacks, made: before, until: until.unwrap_or(Time(i64::MAX)), br: OnceLock::new(), gzip: OnceLock::new() })
    }

    /// The page, made by `make` when it is not there or void.
    pub async fn get<E, F>(&self, name: &Name, now: Time, make: impl FnOnce() -> F) -> Result<Arc<Page>, E>
    where
        F: Future<Output = Result<Arc<Page>, E>>,
    {
        match self.kept.get_value_or_guard_async(name).await {
            Ok(page) if self.is_good(&page, now) => {
                self.hits.fetch_add(1, Ordering::Relaxed);
                Ok(page)
            }
            Ok(void) => {
                self.misses.fetch_add(1, Ordering::Relaxed);
                // Only this very page goes: another reader may have put a newer one there.
                self.kept.remove_if(name, |kept| Arc::ptr_eq(kept, &void));
                match self.kept.get_value_or_guard_async(name).await {
                    Ok(page) if self.is_good(&page, now) => Ok(page),
                    Ok(_) => make().await,
                    Err(guard) => {
                        let page = make().await?;
                        let _ = guard.insert(page.clone());
                        Ok(page)
                    }
                }
            }
            Err(guard) => {
                self.misses.fetch_add(1, Ordering::Relaxed);
                let page = make().await?;
                let _ = guard.insert(page.clone());
                Ok(page)
            }
        }
    }

    /// The page, if it is there and good.
    pub fn at_hand(&self, name: &Name, now: Time) -> Option<Arc<Page>> {
        let page = self.kept.get(name).filter(|page| self.is_good(page, now))?;
        self.hits.fetch_add(1, Ordering::Relaxed);
        Some(page)
    }

    fn is_good(&self, page: &Page, now: Time) -> bool {
        now < page.until && page.made.0.iter().all(|(slot, generation)| self.generations[*slot].load(Ordering::Acquire) == *generation)
    }

    pub fn weight(&self) -> u64 {
        self.kept.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn name(site: SiteId) -> Name {
        Name { kind: Kind::Json, site, page: "/a".into(), sort: Some(Sort::Oldest), lang: Lang::En }
    }

    #[tokio::test]
    async fn a_write_voids_what_was_made_before_it_even_if_it_is_put_in_later() {
        let (pages, site) = (Pages::new(1 << 20), SiteId::new(Uuid::from_u128(1)));
        let before = pages.before(site, &["/a"]);
        pages.void(site, "/a"); // a comment is written while the page is being made
        let first = pages.get::<(), _>(&name(site), Time(0), || async { Ok(pages.page(before, "old".into(), false)) }).await.unwrap();
        assert_eq!(&*first.raw, b"old");
        let before = pages.before(site, &["/a"]);
        let second = pages.get::<(), _>(&name(site), Time(0), || async { Ok(pages.page(before, "new".into(), false)) }).await.unwrap();
        assert_eq!(&*second.raw, b"new");
        let third = pages.get::<(), _>(&name(site), Time(0), || async { panic!("made twice") }).await.unwrap();
        assert!(Arc::ptr_eq(&second, &third));
    }

    #[test]
    fn a_page_is_good_while_nothing_that_it_was_made_from_changes() {
        let (pages, site, other) = (Pages::new(1 << 20), SiteId::new(Uuid::from_u128(1)), SiteId::new(Uuid::from_u128(2)));
        for (site_of_change, name, is_good) in
            [(site, "/a", false), (site, "post-1", false), (site, WHOLE_SITE, false), (other, WHOLE_SITE, true), (other, "/a", true)]
        {
            let page = pages.page(pages.before(site, &["/a", "post-1"]), "x".into(), false);
            pages.void(site_of_change, name);
            assert_eq!(pages.is_good(&page, Time(0)), is_good, "{name:?}");
        }
    }

    #[tokio::test]
    async fn a_page_that_is_made_from_the_clock_is_made_again_in_its_time() {
        let (pages, site) = (Pages::new(1 << 20), SiteId::new(Uuid::from_u128(1)));
        let page = async |text: &'static str| Ok::<_, ()>(pages.page_until(pages.before(site, &["/a"]), text.into(), false, Some(Time(100))));
        let first = pages.get(&name(site), Time(10), || page("first")).await.unwrap();
        assert!(Arc::ptr_eq(&first, &pages.at_hand(&name(site), Time(99)).unwrap()));
        assert!(pages.at_hand(&name(site), Time(100)).is_none());
        let second = pages.get(&name(site), Time(100), || page("second")).await.unwrap();
        assert_eq!(&*second.raw, b"second");
    }

    #[tokio::test]
    async fn readers_who_miss_at_once_cost_one_rendering() {
        let (pages, site) = (Arc::new(Pages::new(1 << 20)), SiteId::new(Uuid::from_u128(1)));
        let made = Arc::new(AtomicU64::new(0));
        let readers = (0..100).map(|_| {
            let (pages, made) = (pages.clone(), made.clone());
            tokio::spawn(async move {
                let make = || async {
                    made.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    Ok::<_, ()>(pages.page(pages.before(site, &["/a"]), "x".into(), false))
                };
                pages.get(&name(site), Time(0), make).await.unwrap()
            })
        });
        for reader in readers.collect::<Vec<_>>() {
            reader.await.unwrap();
        }
        assert_eq!(made.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn compressed_forms_are_made_once_and_open_again() {
        let pages = Pages::new(1 << 20);
        let page = pages.page(pages.before(SiteId::new(Uuid::nil()), &["/"]), "جوار ".repeat(1000).into(), false);
        let mut opened = Vec::new();
        brotli::BrotliDecompress(&mut &*page.br(), &mut opened).unwrap();
        assert_eq!(opened, page.raw);
        let mut opened = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*page.gzip()), &mut opened).unwrap();
        assert_eq!(opened.as_bytes(), page.raw);
        assert_eq!(page.br().as_ptr(), page.br().as_ptr());
    }
}
