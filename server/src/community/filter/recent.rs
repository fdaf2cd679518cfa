//! The last comments in short, in memory: for repeats, rates, and links that
//! spread. Each server counts rates for itself; texts and links travel by the database.

use super::{Asked, facts::Text};
use crate::{
    keys,
    spam::{
        context::{HostRecord, Rates, Repeats},
        fingerprint,
    },
    store::{judgements::Noted, sites::Site},
};
use jiwar_wire::{Time, ids::SiteId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uuid::Uuid;

/// Comments that are remembered. Comparing with all of them takes some microseconds.
pub const MOST: usize = 4096;
const WINDOW_MS: i64 = 10 * 60 * 1000;
/// How often other servers' comments are asked for.
const REFRESH_MS: i64 = 2_000;
/// Clocks of several servers differ, and acts commit late.
const OVERLAP_MS: i64 = 5_000;
const USUAL_MS: i64 = 3600 * 1000;

/// A comment in short.
#[derive(Clone, Debug)]
pub struct Seen {
    comment: Uuid,
    site: Uuid,
    pub page: u64,
    pub writer: u64,
    network: Option<Vec<u8>>,
    print: Option<u64>,
    hosts: Vec<String>,
    at: i64,
    /// Came in at this server, so that its rates count it.
    here: bool,
}

impl Seen {
    pub fn of(site: &Site, asked: &Asked<'_>, text: &Text) -> Self {
        let name = asked.new.writer.name.as_str();
        Self {
            comment: asked.id.uuid(),
            site: site.id.uuid(),
            page: number(&[site.id.uuid().as_bytes(), asked.new.page.key.as_str().as_bytes()]),
            writer: number(&[name.as_bytes()]),
            network: asked.network.map(<[u8]>::to_vec),
            print: text.print,
            hosts: text.hosts.clone(),
            at: asked.now.0,
            here: true,
        }
    }
}

/// The first 63 bits of a digest: it must fit a column of the database.
fn number(parts: &[&[u8]]) -> u64 {
    keys::digest(parts).first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes) >> 1)
}

#[derive(Debug, Default)]
pub struct Recent {
    seen: VecDeque<Seen>,
    /// When the database was asked last.
    asked: Option<Time>,
    usual: BTreeMap<SiteId, (Time, u32)>,
}

impl Recent {
    pub fn push(&mut self, seen: Seen) {
        if self.seen.iter().rev().take(64).any(|s| s.comment == seen.comment) {
            return; // the answer to a request that was sent again
        }
        self.seen.push_back(seen);
        while self.seen.len() > MOST {
            self.seen.pop_front();
        }
    }

    /// Whether the database should be asked now, and since when: no time for all that is compared.
    pub fn is_due(&mut self, now: Time, shared: bool) -> Option<Option<Time>> {
        let since = self.asked.map(|at| Time(at.0 - OVERLAP_MS));
        let due = self.asked.is_none_or(|at| shared && now.0 - at.0 >= REFRESH_MS);
        due.then(|| {
            self.asked = Some(now);
            since
        })
    }

    /// Adds what the database holds, the newest first, and what is not known yet.
    pub fn merge(&mut self, noted: Vec<Noted>) {
        let known: BTreeSet<Uuid> = self.seen.iter().map(|s| s.comment).collect();
        let mut new: Vec<Seen> = noted
            .into_iter()
            .filter(|n| !known.contains(&n.comment))
            .map(|n| Seen {
                comment: n.comment,
                site: n.site,
                page: n.page.cast_unsigned(),
                writer: n.writer.cast_unsigned(),
                network: None,
                print: n.print.map(i64::cast_unsigned),
                hosts: n.hosts.unwrap_or_default().lines().map(str::to_owned).collect(),
                at: n.created_at,
                here: false,
            })
            .collect();
        if new.is_empty() {
            return;
        }
        new.extend(self.seen.drain(..));
        new.sort_by_key(|s| s.at);
        let surplus = new.len().saturating_sub(MOST);
        self.seen = new.into_iter().skip(surplus).collect();
    }

    /// Earlier comments with the same text, or nearly the same.
    pub fn repeats(&self, new: &Seen) -> Repeats {
        let Some(print) = new.print else { return Repeats::default() };
        let (mut repeats, mut pages) = (Repeats::default(), BTreeSet::new());
        for (seen, other) in self.seen.iter().filter(|s| s.comment != new.comment).filter_map(|s| Some((s, s.print?))) {
            if other == print {
                repeats.same += 1;
                pages.insert(seen.page);
            } else if fingerprint::near(other, print) {
                repeats.near += 1;
            }
        }
        pages.insert(new.page);
        repeats.pages = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        repeats
    }

    /// Comments of the last ten minutes at this server.
    pub fn rates(&self, new: &Seen) -> Rates {
        let mut rates = Rates::default();
        for seen in self.seen.iter().rev().take_while(|s| s.at > new.at - WINDOW_MS).filter(|s| s.here && s.site == new.site) {
            rates.site += 1;
            rates.thread += u32::from(seen.page == new.page);
            rates.prefix += u32::from(new.network.is_some() && seen.network == new.network);
        }
        rates
    }

    /// Under how many names a host was posted.
    pub fn host(&self, host: &str, new: &Seen) -> HostRecord {
        let mut writers: BTreeSet<u64> = self.seen.iter().filter(|s| s.hosts.iter().any(|h| h == host)).map(|s| s.writer).collect();
        writers.insert(new.writer);
        HostRecord { host: host.into(), writers: u32::try_from(writers.len()).unwrap_or(u32::MAX), spam: 0 }
    }

    pub fn usual(&self, site: SiteId, now: Time) -> Option<u32> {
        self.usual.get(&site).filter(|(at, _)| now.0 - at.0 < USUAL_MS).map(|(_, usual)| *usual)
    }

    pub fn learn_usual(&mut self, site: SiteId, now: Time, usual: u32) {
        self.usual.insert(site, (now, usual));
    }
}
