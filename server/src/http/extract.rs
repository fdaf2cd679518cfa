//! What a handler may ask for in its signature: the site, the language, a
//! parsed body, and the rights of the one who asks.

use super::{
    cors::site_in,
    error::{Error, Result},
};
use crate::{
    App,
    community::{
        access::{self, Bearer, Scope},
        sessions,
    },
    store::{sessions::Session, sites::Site},
};
use axum::{
    body::Body,
    extract::{FromRef, FromRequest, FromRequestParts, Path, Request},
};
use http::{HeaderMap, header, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiwar_wire::{FieldCode, FieldError, Lang, Refusal, limits};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

/// The parameters of a request's query, the last of each name.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    pub fn of(query: Option<&str>) -> Self {
        Self(url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect()
    }

    /// A whole number from 1 to the limit of a page.
    pub fn limit(&self) -> Result<Option<u32>> {
        let wanted = self.0.iter().filter(|(name, text)| name == "limit" && !text.is_empty()).map(|(_, text)| text.parse::<u32>());
        // None that is said may be wrong; the last counts.
        let wanted: std::result::Result<Vec<u32>, _> = wanted.collect();
        match wanted {
            Ok(all) if all.iter().all(|n| (1..=limits::PAGE_MAX).contains(n)) => Ok(all.last().copied()),
            _ => Err(Refusal::Invalid(vec![FieldError { pointer: "/limit".into(), code: FieldCode::OutOfRange, limit: Some(limits::PAGE_MAX) }]).into()),
        }
    }

    /// The cursor; an empty one is none.
    pub fn cursor(&self) -> Option<&str> {
        self.get("cursor").filter(|t| !t.is_empty())
    }

    /// A choice by name; nothing when it is absent.
    pub fn choice<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
        match self.get(name).filter(|t| !t.is_empty()) {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| Refusal::field(&format!("/{name}"), FieldCode::NotAChoice).into()),
        }
    }

    pub fn lang(&self) -> Option<Lang> {
        self.get("lang").and_then(Lang::from_tag)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Self::Rejection> {
        Ok(Self::of(parts.uri.query()))
    }
}

/// The language that a request asks for: `?lang=`, then `Accept-Language`.
pub fn asked_lang(query: Option<&str>, headers: &HeaderMap) -> Option<Lang> {
    let accept = || headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(Lang::from_accept);
    Params::of(query).lang().or_else(accept)
}

/// The language that a moderator's answer is in: as asked, else the site's.
#[derive(Clone, Copy, Debug)]
pub struct AskedLang(pub Lang);

impl FromRequestParts<Arc<App>> for AskedLang {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let at = AtSite::from_request_parts(parts, app).await?;
        Ok(Self(asked_lang(parts.uri.query(), &parts.headers).unwrap_or(at.site.locale)))
    }
}

/// The site that the path names, and the language of the answer.
#[derive(Clone, Debug)]
pub struct AtSite {
    pub site: Arc<Site>,
    pub lang: Lang,
}

impl<S> FromRequestParts<S> for AtSite
where
    Arc<App>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = Arc::<App>::from_ref(state);
        let site = match Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await {
            Ok(names) => find_site(&app, names.get("site").ok_or(Refusal::UnknownSite)?).await?,
            // Another part of the path is no UTF-8: whoever wants that part will say so.
            Err(_) => find_site(&app, site_in(parts.uri.path()).ok_or(Refusal::UnknownSite)?).await?,
        };
        // What is shown is in the blog's language, as its page says it, else as the site has it. A reader's
        // browser often speaks another one than the blog that is read.
        let lang = Params::of(parts.uri.query()).lang().unwrap_or(site.locale);
        Ok(Self { site, lang })
    }
}

/// The id in a path. One that is no id names nothing.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for Id<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let names = Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await.map_err(|_| Refusal::NotFound)?;
        Ok(Self(names.get("id").and_then(|text| text.parse().ok()).ok_or(Refusal::NotFound)?))
    }
}

/// The one name in a path. What is no UTF-8 names nothing.
#[derive(Debug)]
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Path(name) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Refusal::NotFound)?;
        Ok(Self(name))
    }
}

/// A site by its key.
pub async fn find_site(app: &App, key: &str) -> Result<Arc<Site>> {
    let key = jiwar_wire::input::site_key(key).ok_or(Refusal::UnknownSite)?;
    Ok(app.site(key).await?.ok_or(Refusal::UnknownSite)?)
}

/// The token of an `Authorization: Bearer` header (RFC 6750).
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Somebody who may read what moderators read, on the site of the path.
#[derive(Debug)]
pub struct Reader;
/// Somebody who may decide.
#[derive(Debug)]
pub struct Moderator(pub Bearer);
/// Somebody who may change the site.
#[derive(Debug)]
pub struct Admin(pub Bearer);

macro_rules! rights {
    ($($name:ident = $scope:expr, $bearer:ident => $made:expr;)*) => {$(
        impl<S> FromRequestParts<S> for $name
        where
            Arc<App>: FromRef<S>,
            S: Send + Sync,
        {
            type Rejection = Error;
            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
                let at = AtSite::from_request_parts(parts, state).await?;
                let app = Arc::<App>::from_ref(state);
                let token = bearer_token(&parts.headers).ok_or(Refusal::SignInNeeded)?;
                let $bearer = access::bearer(&app, &at.site, token).await?;
                if $bearer.scope < $scope {
                    return Err(Refusal::ScopeMissing.into());
                }
                Ok($made)
            }
        }
    )*};
}

rights! {
    Reader = Scope::Read, bearer => Self;
    Moderator = Scope::Moderate, bearer => Self(bearer);
    Admin = Scope::Admin, bearer => Self(bearer);
}

/// Somebody who is signed in, whatever they may do and wherever.
#[derive(Debug)]
pub struct SignedIn(pub Session);

impl<S> FromRequestParts<S> for SignedIn
where
    Arc<App>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let secret = bearer_token(&parts.headers).filter(|t| t.starts_with(sessions::PREFIX)).ok_or(Refusal::SignInNeeded)?;
        Ok(Self(sessions::whole(&Arc::<App>::from_ref(state), secret).await?))
    }
}

/// Where a request came from, as far as trusted proxies tell.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub Option<IpAddr>);

/// The peer's address, put into each request by the listener.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl<S> FromRequestParts<S> for Client
where
    Arc<App>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> std::result::Result<Self, Self::Rejection> {
        let app = Arc::<App>::from_ref(state);
        let Some(Peer(peer)) = parts.extensions.get::<Peer>().copied() else { return Ok(Self(None)) };
        let trusted = |a: IpAddr| app.config.trusted_proxies.iter().any(|n| n.contains(a));
        if !trusted(peer) {
            return Ok(Self(Some(peer)));
        }
        // The right-most address that is not one of our proxies: what stands left of it, anybody may have written.
        let forwarded = parts.headers.get_all("x-forwarded-for");
        let chain: Vec<IpAddr> = forwarded.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).filter_map(|a| a.trim().parse().ok()).collect();
        Ok(Self(Some(chain.into_iter().rev().find(|a| !trusted(*a)).unwrap_or(peer))))
    }
}

/// A JSON body, parsed into a type that refuses what it does not know.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;
    async fn from_request(request: Request, _: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(Refusal::NotJson.into());
        }
        let bytes = read(request.into_body()).await?;
        from_json(&bytes).map(Self).map_err(Error::from)
    }
}

/// Whether a body is called JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}

/// The whole body, up to the limit of a request.
pub async fn read(body: Body) -> Result<bytes::Bytes> {
    read_up_to(body, limits::REQUEST_BYTES).await
}

/// The whole body, up to a limit in bytes.
pub async fn read_up_to(body: Body, limit: usize) -> Result<bytes::Bytes> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(Refusal::TooLarge { limit }.into()),
        Err(_) => Err(Refusal::Malformed { pointer: String::new() }.into()),
    }
}

/// Parses a body, and says at which field it is wrong.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> std::result::Result<T, Refusal> {
    let mut input = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut input).map_err(|error| {
        let pointer = pointer(error.path());
        let text = error.inner().to_string();
        let named = |start: &str| text.strip_prefix(start).and_then(|rest| rest.split('`').next()).map(str::to_owned);
        match (named("unknown field `"), named("missing field `")) {
            (Some(name), _) => Refusal::UnknownField { name },
            (_, Some(name)) => Refusal::field(&format!("{}/{name}", if pointer == "/" { "" } else { &pointer }), FieldCode::Required),
            _ => Refusal::Malformed { pointer },
        }
    })?;
    input.end().map_err(|_| Refusal::Malformed { pointer: String::new() })?;
    Ok(value)
}

/// A JSON Pointer (RFC 6901) of a path.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut out = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => out.push_str(&format!("/{index}")),
            Segment::Map { key } => out.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    out
}
