//! From "no" to `application/problem+json` (RFC 9457), in the reader's language.
//!
//! The error rides in the response's extensions; one middleware (`observe`)
//! knows the language and the request's id, writes the body, and logs what
//! broke, once. A cause never leaves the server.

use crate::{community::No, store};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiwar_view::words;
use jiwar_wire::{
    Lang, Refusal,
    problem::{Problem, ProblemField},
};
use std::sync::Arc;

/// Why a request has no good answer.
#[derive(Clone, Debug)]
pub enum Error {
    Refused(Refusal),
    /// Something broke; the cause is for the log.
    Fault(Arc<Fault>),
}

/// What broke.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the store failed")]
    Store(#[source] store::Error),
    #[error("the handler panicked")]
    Panic,
    #[error("the request took too long")]
    Timeout,
}

pub type Result<T> = std::result::Result<T, Error>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<No> for Error {
    fn from(no: No) -> Self {
        match no {
            No::Refused(refusal) => Self::Refused(refusal),
            No::Broken(error) => Self::Fault(Arc::new(Fault::Store(error))),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        No::from(error).into()
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(Arc::new(fault))
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST),
            Self::Fault(fault) => match **fault {
                Fault::Timeout => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Refused(refusal) => refusal.retry_after(),
            Self::Fault(fault) => matches!(**fault, Fault::Timeout).then_some(5),
        }
    }

    /// What is said of it: title and detail.
    pub fn words(&self, lang: Lang) -> (String, Option<String>) {
        match self {
            Self::Refused(refusal) => (words::refusal_title(lang, refusal), Some(words::refusal_detail(lang, refusal))),
            Self::Fault(_) => {
                let (title, detail) = words::fault(lang);
                (title.into(), Some(detail.into()))
            }
        }
    }

    /// The body.
    pub fn problem(&self, lang: Lang, request_id: &str) -> Problem {
        let code = match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Fault(fault) if matches!(**fault, Fault::Timeout) => "timeout",
            Self::Fault(_) => "fault",
        };
        let (title, detail) = self.words(lang);
        let fields = match self {
            Self::Refused(Refusal::Invalid(faults)) => faults
                .iter()
                .map(|f| ProblemField { pointer: f.pointer.clone(), code: f.code.as_str().into(), limit: f.limit, message: words::field_message(lang, f) })
                .collect(),
            _ => Vec::new(),
        };
        let (challenge, bits) = match self {
            Self::Refused(Refusal::ProofNeeded { challenge, bits }) => (Some(challenge.clone()), Some(*bits)),
            _ => (None, None),
        };
        Problem {
            kind: format!("/problems/{code}"),
            title,
            status: self.status().as_u16(),
            detail,
            code: code.into(),
            request_id: request_id.into(),
            retry_after: self.retry_after(),
            challenge,
            bits,
            fields,
        }
    }
}
