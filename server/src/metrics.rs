//! What can be measured from outside, in Prometheus' text format (OpenMetrics).
//! Labels are route patterns and statuses: never a page, a person or an address.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use std::sync::atomic::Ordering;

/// A method's name; strangers cannot make new ones.
fn name_of(method: &http::Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|name| *name == method.as_str()).unwrap_or("OTHER")
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// What is counted for one route, ready to be counted.
#[derive(Clone, Debug)]
pub struct Series {
    route: String,
    ok: Counter,
    not_modified: Counter,
    seconds: Histogram,
}

impl Series {
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Counts one answer: 200 or 304.
    pub fn answered(&self, status: u16, seconds: f64) {
        if status == 304 {
            self.not_modified.inc()
        } else {
            self.ok.inc()
        };
        self.seconds.observe(seconds);
    }
}

/// The counters of this process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    cache_hits: Counter,
    cache_misses: Counter,
    cache_bytes: Gauge,
    pub comments: Counter,
    pub faults: Counter,
    pub shed: Counter,
    pub connections: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut m = Self {
            registry: Registry::with_prefix("jiwar"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.000_1, 4.0, 9))),
            cache_hits: Counter::default(),
            cache_misses: Counter::default(),
            cache_bytes: Gauge::default(),
            comments: Counter::default(),
            faults: Counter::default(),
            shed: Counter::default(),
            connections: Gauge::default(),
        };
        m.registry.register("http_requests", "Requests answered", m.requests.clone());
        m.registry.register("http_request_seconds", "Time to the answer", m.seconds.clone());
        m.registry.register("page_cache_hits", "Pages answered from memory", m.cache_hits.clone());
        m.registry.register("page_cache_misses", "Pages that had to be made", m.cache_misses.clone());
        m.registry.register("page_cache_bytes", "Bytes of finished pages in memory", m.cache_bytes.clone());
        m.registry.register("comments_accepted", "Comments accepted", m.comments.clone());
        m.registry.register("faults", "Requests that failed through no fault of the sender", m.faults.clone());
        m.registry.register("requests_shed", "Requests and connections sent away because there were too many", m.shed.clone());
        m.registry.register("connections", "Open connections", m.connections.clone());
        m
    }
}

impl Metrics {
    /// Counts one answer.
    pub fn answered(&self, method: &http::Method, route: &str, status: u16, seconds: f64) {
        self.requests.get_or_create(&Answered { method: name_of(method), route: route.into(), status }).inc();
        self.seconds.get_or_create(&Route { route: route.into() }).observe(seconds);
    }

    /// The counters of a route whose answers are 200 or 304.
    pub fn series(&self, method: &http::Method, route: &str) -> Series {
        let counter = |status| self.requests.get_or_create(&Answered { method: name_of(method), route: route.into(), status }).clone();
        Series {
            route: route.into(),
            ok: counter(200),
            not_modified: counter(304),
            seconds: self.seconds.get_or_create(&Route { route: route.into() }).clone(),
        }
    }

    /// The text for a scraper.
    pub fn text(&self, pages: &crate::pages::Pages) -> String {
        self.cache_hits.inner().store(pages.hits.load(Ordering::Relaxed), Ordering::Relaxed);
        self.cache_misses.inner().store(pages.misses.load(Ordering::Relaxed), Ordering::Relaxed);
        self.cache_bytes.set(i64::try_from(pages.weight()).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
