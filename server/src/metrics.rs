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

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
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
            connections: Gauge::default(),
        };
        m.registry.register("http_requests", "Requests answered", m.requests.clone());
        m.registry.register("http_request_seconds", "Time to the answer", m.seconds.clone());
        m.registry.register("page_cache_hits", "Pages answered from memory", m.cache_hits.clone());
        m.registry.register("page_cache_misses", "Pages that had to be made", m.cache_misses.clone());
        m.registry.register("page_cache_bytes", "Bytes of finished pages in memory", m.cache_bytes.clone());
        m.registry.register("comments_accepted", "Comments accepted", m.comments.clone());
        m.registry.register("faults", "Requests that failed through no fault of the sender", m.faults.clone());
        m.registry.register("connections", "Open connections", m.connections.clone());
        m
    }
}

impl Metrics {
    /// Counts one answer.
    pub fn answered(&self, method: &http::Method, route: &str, status: u16, seconds: f64) {
        let method = if matches!(method.as_str(), "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") { method.as_str() } else { "OTHER" };
        self.requests.get_or_create(&Answered { method: method.into(), route: route.into(), status }).inc();
        self.seconds.get_or_create(&Route { route: route.into() }).observe(seconds);
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
