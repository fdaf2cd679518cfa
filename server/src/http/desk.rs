//! The front desk: a request whose answer lies in memory is answered here, and
//! goes no further. Every other one is shown into the house: to the router.
//!
//! The answer is put together by the same functions as inside (`reply`, `cors`,
//! `observe`), so that nobody can tell which of the two it was.

use super::{cors, observe, reply};
use crate::{
    App,
    doors::Door,
    pages::{Kind, Name},
};
use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, MatchedPath, Request},
    response::Response,
    routing::future::RouteFuture,
};
use futures_util::future::{Either, Ready, ready};
use http::{HeaderMap, HeaderValue, Method, Uri, header, request::Parts};
use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};
use tower::Service;

/// The whole service.
#[derive(Clone, Debug)]
pub struct Desk {
    app: Arc<App>,
    house: Router,
}

impl Desk {
    pub const fn new(app: Arc<App>, house: Router) -> Self {
        Self { app, house }
    }

    /// The answer, if it is at hand.
    pub fn at_hand<B>(&self, request: &http::Request<B>) -> Option<Response> {
        if request.method() != Method::GET {
            return None;
        }
        let started = Instant::now();
        let headers = request.headers();
        let door = self.app.doors.find(request.uri().path_and_query()?.as_str(), language(headers))?;
        let origin = headers.get(header::ORIGIN);
        if let Some(origin) = origin {
            // Other spellings of an origin are looked at inside.
            let site = self.app.site_at_hand(&door.site)?;
            site.origins.iter().find(|o| o.as_bytes() == origin.as_bytes())?;
        }
        let page = self.app.pages.at_hand(&door.name, self.app.clock.now())?;
        let mut response = reply::page(headers, door.kind, &page);
        if let Some(origin) = origin {
            cors::grant(response.headers_mut(), origin.clone(), false);
        }
        let mut response = cors::varied(response);
        let id = self.app.names.next();
        observe::finish(&mut response, &id);
        let (status, took) = (response.status().as_u16(), started.elapsed());
        door.series.answered(status, took.as_secs_f64());
        tracing::debug!(
            request_id = id,
            method = "GET",
            route = door.series.route(),
            status,
            us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "request"
        );
        Some(response)
    }
}

impl Desk {
    /// Through the router.
    pub fn inside(&self, request: Request) -> RouteFuture<Infallible> {
        self.house.clone().call(request)
    }
}

impl Service<Request> for Desk {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self.at_hand(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.inside(request)),
        }
    }
}

fn language(headers: &HeaderMap) -> &[u8] {
    headers.get(header::ACCEPT_LANGUAGE).map_or(&[], HeaderValue::as_bytes)
}

/// What the desk remembers a request by.
#[derive(Debug)]
pub struct Asked {
    uri: Uri,
    route: Option<MatchedPath>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { uri: parts.uri.clone(), route: parts.extensions.get::<MatchedPath>().cloned() })
    }
}

impl Asked {
    /// To be called when a kept page was the answer: the next request of these words finds it at the desk.
    pub fn answered_by(&self, app: &App, site: &str, headers: &HeaderMap, name: Name) {
        let (Some(target), Some(route)) = (self.uri.path_and_query(), &self.route) else { return };
        let kind = match name.kind {
            Kind::Fragment => reply::HTML,
            Kind::Json | Kind::Counts => reply::JSON,
        };
        let series = app.metrics.series(&Method::GET, route.as_str());
        app.doors.leave(target.as_str(), language(headers), Door { site: site.into(), name, kind, series });
    }
}
