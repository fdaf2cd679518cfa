//! A Jiwar of one's own for each test: application, database, clock, and whoever is asking.
//!
//! Requests go through the real router, without a socket. `JIWAR_TEST_DB`
//! picks the engine: `sqlite` (a file in a folder of its own) or `postgres`
//! (a database of its own).

mod database;
mod html;

pub use database::{Database, on_postgres};
pub use html::{Html, active_in_body};

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use jiwar::{
    App, Config, World,
    clock::{FixedClock, SystemChance, new_id},
    community::{
        access::{self, Scope},
        staff::{self, FromConsole},
    },
    http::Peer,
    store::{self, Tx, sites},
};
use jiwar_wire::{
    Lang, Time,
    access::StaffRole,
    ids::SiteId,
    input::{DisplayName, Email},
    site::{Moderation, Settings},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

/// The moment at which every test begins.
pub const START: Time = Time(1_790_000_000_000);
/// The origin of the blog `blog`.
pub const BLOG: &str = "https://blog.example";

/// A Jiwar with one site, `blog`, in Arabic, that publishes everything unless told otherwise.
pub struct Court {
    pub app: Arc<App>,
    pub clock: Arc<FixedClock>,
    router: axum::Router,
    _database: Database,
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    router: axum::Router,
    headers: Vec<(&'static str, String)>,
    address: Option<std::net::IpAddr>,
}

/// What was answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: bytes::Bytes,
}

impl Court {
    pub async fn open() -> Self {
        Self::with(Settings { moderation: Moderation::PublishAll, ..Settings::default() }).await
    }

    pub async fn with(settings: Settings) -> Self {
        Self::configured(settings, |_| ()).await
    }

    pub async fn configured(settings: Settings, set: impl FnOnce(&mut Config)) -> Self {
        let database = Database::fresh().await;
        let mut config = Config::defaults().unwrap();
        config.data_dir = database.folder();
        config.database_url = database.url();
        config.public_url = "https://comments.example".into();
        config.database_connections = 4;
        set(&mut config);
        let clock = Arc::new(FixedClock::at(START));
        let app = jiwar::start(config, World { clock: clock.clone(), ..World::default() }).await.unwrap();
        let court = Self { router: jiwar::http::router(app.clone()), app, clock, _database: database };
        court.site("blog", Lang::Ar, &[BLOG], settings).await;
        court
    }

    /// Another server on the same database.
    pub async fn another(&self) -> Self {
        let app = jiwar::start(self.app.config.clone(), World { clock: self.clock.clone(), ..World::default() }).await.unwrap();
        tokio::spawn(jiwar::peers::run(app.clone()));
        Self { router: jiwar::http::router(app.clone()), app, clock: self.clock.clone(), _database: self._database.shared() }
    }

    /// The same server on another database.
    pub async fn moved_to(&self, url: String) -> Self {
        self.changed(|config| config.database_url = url).await
    }

    /// A server of another folder, on the SQLite database in it.
    pub async fn in_folder(&self, folder: std::path::PathBuf) -> Self {
        let change = |config: &mut Config| (config.data_dir, config.database_url) = (folder, String::new());
        self.changed(change).await
    }

    async fn changed(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.app.config.clone();
        change(&mut config);
        let app = jiwar::start(config, World { clock: self.clock.clone(), ..World::default() }).await.unwrap();
        Self { router: jiwar::http::router(app.clone()), app, clock: self.clock.clone(), _database: self._database.shared() }
    }

    /// Adds a site.
    pub async fn site(&self, key: &str, locale: Lang, origins: &[&str], settings: Settings) {
        let site = sites::Site {
            id: SiteId::new(new_id(START, &SystemChance)),
            key: key.into(),
            name: format!("مدونة {key}"),
            locale,
            origins: origins.iter().map(|o| (*o).to_owned()).collect(),
            settings,
            judges: Default::default(),
        };
        let added: Result<bool, jiwar::store::Error> = self.app.db.write(move |tx| Box::pin(async move { sites::add(tx, &site, START).await })).await;
        assert!(added.unwrap());
    }

    /// Anybody.
    pub fn anon(&self) -> Client {
        Client { router: self.router.clone(), headers: vec![("accept-language", "en".into())], address: None }
    }

    /// Somebody with a token for the site `blog`.
    pub async fn token(&self, scope: Scope) -> Client {
        self.token_at("blog", scope, None).await
    }

    /// Somebody with a token for a site, good until `expires`.
    pub async fn token_at(&self, site: &str, scope: Scope, expires: Option<Time>) -> Client {
        let site = self.app.site(site).await.unwrap().unwrap();
        let token = access::create_token(&self.app, Some(site.id), scope, "ليلى", expires).await.unwrap();
        self.anon().bearer(&token)
    }

    /// Somebody of the staff of a site (of all sites when none is named), signed in. The name is theirs in the log.
    pub async fn staff(&self, site: Option<&str>, role: StaffRole, name: &str) -> Client {
        let link = self.link(site, role, name).await;
        let signed = self.anon().post("/api/v1/session", &json!({ "link": link })).await;
        assert_eq!(signed.status, 201, "{}", signed.text());
        self.anon().bearer(signed.json()["session"].as_str().unwrap())
    }

    /// The secret of a one-time link for somebody whose address is made of their name.
    pub async fn link(&self, site: Option<&str>, role: StaffRole, name: &str) -> String {
        let site = match site {
            Some(key) => Some(self.app.site(key).await.unwrap().unwrap().id),
            None => None,
        };
        let email = Email::parse(&format!("{}@staff.example", name.to_lowercase())).unwrap();
        let who = FromConsole { site, email, name: Some(DisplayName::parse(name).unwrap()), role: Some(role) };
        staff::add(&self.app, who).await.unwrap().split_once("link=").unwrap().1.to_owned()
    }

    /// A browser that signed in with a link: it has the cookie.
    pub async fn browser(&self, link: &str) -> Client {
        let signed = self.anon().form("/sign-in", &[("link", link)]).await;
        assert_eq!((signed.status.as_u16(), signed.header("location")), (303, "/admin?lang=en"), "{}", signed.text());
        let cookie = signed.header("set-cookie");
        for part in ["; Path=/admin;", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        self.anon().with("cookie", cookie.split(';').next().unwrap())
    }

    pub async fn moderator(&self) -> Client {
        self.token(Scope::Moderate).await
    }

    pub fn now(&self) -> Time {
        self.app.clock.now()
    }

    /// The moment in so many seconds.
    pub fn clock_time(&self, seconds: i64) -> Time {
        Time(self.now().0 + seconds * 1000)
    }

    /// Lets time pass.
    pub fn later(&self, seconds: i64) {
        self.clock.pass(seconds * 1000);
    }

    /// Writes to the database behind the application's back.
    pub async fn sql(&self, text: String) {
        let done: Result<(), store::Error> = self.app.db.write(move |tx| Box::pin(run(tx, text))).await;
        done.unwrap();
    }

    /// The first comment of many pages put together, with the pages' sizes checked.
    pub async fn walk(&self, path: &str, limit: usize) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let rest = cursor.map(|c| format!("&cursor={c}")).unwrap_or_default();
            let page = self.anon().get(&format!("{path}{}limit={limit}{rest}", if path.contains('?') { "&" } else { "?" })).await;
            assert_eq!(page.status, 200, "{}", page.text());
            let page = page.json();
            let comments = page["comments"].as_array().unwrap();
            all.extend(comments.iter().cloned());
            cursor = page["next"].as_str().map(str::to_owned);
            assert!(if cursor.is_some() { comments.len() == limit } else { comments.len() <= limit });
            if cursor.is_none() {
                return all;
            }
        }
    }

    /// A comment by سارة on `page`, answered with its JSON.
    pub async fn comment(&self, page: &str, parent: Option<&str>, body: &str) -> Value {
        self.clock.pass(1000);
        let answer = self.anon().post("/api/v1/sites/blog/comments", &comment(page, parent, body)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }
}

async fn run(tx: &mut Tx, text: String) -> Result<(), store::Error> {
    let text = sqlx::AssertSqlSafe(text);
    match tx {
        Tx::Sqlite(on) => sqlx::raw_sql(text).execute(on.connection().await?).await.map(drop)?,
        Tx::Postgres(on) => sqlx::raw_sql(text).execute(&mut **on).await.map(drop)?,
    }
    Ok(())
}

/// The ids of comments, in order.
pub fn ids(comments: &Value) -> Vec<String> {
    comments.as_array().unwrap().iter().map(id).collect()
}

/// The id of a comment, or of the comment that was just posted.
pub fn id(comment: &Value) -> String {
    comment.get("comment").unwrap_or(comment)["id"].as_str().unwrap().to_owned()
}

/// A comment as the widget sends it.
pub fn comment(page: &str, parent: Option<&str>, body: &str) -> Value {
    json!({ "page": { "id": page }, "parent_id": parent, "body": body, "author": { "name": "سارة", "email": "sara@mail.example" } })
}

impl Client {
    /// The same person with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(n, _)| *n != name);
        self.headers.push((name, value.into()));
        self
    }

    /// With a token or a claim.
    pub fn bearer(self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }

    /// The writer of a comment that was just posted.
    pub fn claiming(self, posted: &Value) -> Self {
        self.bearer(posted["claim"].as_str().unwrap())
    }

    /// The same person, asking another server.
    pub fn asking(&self, court: &Court) -> Self {
        Self { router: court.router.clone(), ..self.clone() }
    }

    /// The same person at this address.
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(address.parse().unwrap());
        self
    }

    pub async fn send(&self, method: Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let mut request = request.body(Body::from(body)).unwrap();
        if let Some(address) = self.address {
            request.extensions_mut().insert(Peer(address));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, bytes: body.collect().await.unwrap().to_bytes() }
    }

    /// The answer before its body has come: for lines that stay open.
    pub async fn open(&self, path: &str) -> http::Response<Body> {
        let mut request = Request::builder().uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Vec::new()).await
    }
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), body.to_string().into()).await
    }
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some("application/json"), body.to_string().into()).await
    }
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some("application/json"), body.to_string().into()).await
    }
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Vec::new()).await
    }
    /// A form, as a browser without JavaScript posts it.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into()).await
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn html(&self) -> Html {
        assert!(self.header("content-type").starts_with("text/html"), "{} {}", self.status, self.text());
        Html::parse(&self.text())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The code of a problem; panics when this is none.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["request_id"].as_str().is_some_and(|id| id == self.header("x-request-id")));
        assert!(problem["title"].as_str().is_some_and(|t| !t.is_empty()));
        problem["code"].as_str().unwrap().to_owned()
    }
}
