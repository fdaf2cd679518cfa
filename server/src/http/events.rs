//! `/api/v1/sites/{site}/events`: what changes on a page, as it changes
//! (server-sent events, WHATWG HTML 9.2).

use super::{
    error::{Error, Result},
    extract::{AtSite, Client, Params},
    threads::page_in,
};
use crate::{
    App,
    live::{self, Full, Listener},
};
use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header};
use jiwar_wire::{Refusal, problem::Problem};
use std::{convert::Infallible, sync::Arc, time::Duration};

/// A comment line, so that proxies and browsers see that the line is alive.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How often the number of readers is said, when it changed.
const PRESENCE: Duration = Duration::from_secs(15);
/// Up to so many readers are told apart.
const EXACT: usize = 10;

/// A number of readers that tells nothing about one of them: beyond ten it is
/// rounded down to 10, 20, 50, 100, 200 and so on.
fn rounded(readers: usize) -> usize {
    let steps = (0..9).flat_map(|power| [1, 2, 5].map(|step| step * 10_usize.pow(power)));
    if readers <= EXACT { readers } else { steps.take_while(|step| *step <= readers).last().unwrap_or(readers) }
}

/// Listens to a page.
///
/// Events: `new`, `edited` (with the comment), `removed`, `reactions`, `state`, `presence`.
/// The id is the thread's revision; `Last-Event-ID` (or `?after=`) goes on from there.
#[utoipa::path(get, path = "/api/v1/sites/{site}/events", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("page" = Option<String>, Query, description = "The page's id, path or URL; this or `url` is needed"),
        ("url" = Option<String>, Query, description = "The page's address"), ("after" = Option<i64>, Query, description = "The revision that is known"),
        ("Last-Event-ID" = Option<i64>, Header, description = "The same, as browsers send it")),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn events(State(app): State<Arc<App>>, at: AtSite, client: Client, params: Params, headers: HeaderMap) -> Result<Response> {
    let page = page_in(&params)?;
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).or_else(|| params.get("after"));
    let after = last.and_then(|text| text.parse::<i64>().ok());
    let network = client.0.map(|address| app.keys.network(address));
    let listener = live::listen(&app, &at.site, &page.key, after, network).await.map_err(|full| match full {
        Full::Network => Error::from(Refusal::TooFast { retry_after: 30 }),
        Full::Crowd => Error::from(Refusal::Busy { retry_after: 30 }),
        Full::Closing => Error::from(Refusal::Busy { retry_after: 2 }),
        Full::Store(error) => Error::from(error),
    })?;
    let mut ticks = tokio::time::interval(PRESENCE);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let stream = stream::unfold((listener, ticks, 1), |(mut listener, mut ticks, mut told)| async move {
        let event = next(&mut listener, &mut ticks, &mut told).await?;
        Some((Ok::<_, Infallible>(event), (listener, ticks, told)))
    });
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would gather the events and send them late.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

async fn next(listener: &mut Listener, ticks: &mut tokio::time::Interval, told: &mut usize) -> Option<Event> {
    loop {
        tokio::select! {
            said = listener.next() => {
                let said = said?;
                return Some(Event::default().id(said.revision.to_string()).event(said.name).data(&*said.data));
            }
            _ = ticks.tick() => {
                let reading = rounded(listener.present());
                if reading != *told {
                    *told = reading;
                    return Some(Event::default().event("presence").data(format!("{{\"reading\":{reading}}}")));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_readers_are_a_rounded_number() {
        assert_eq!([0, 1, 9, 10, 11, 19, 20, 49, 51, 999, 12_345].map(rounded), [0, 1, 9, 10, 10, 10, 20, 20, 50, 500, 10_000]);
    }
}
