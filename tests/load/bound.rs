//! The bounds: the least that any server on this stack has to do.
//!
//! `Fixed` answers from bytes that are there; `Bare` reads the same rows with
//! sqlx and writes them as JSON, without a cache, a check or a layer.

use axum::{
    Json, Router,
    extract::{Query, State},
    http::header,
    routing::get,
    serve::ListenerExt,
};
use bytes::Bytes;
use serde::Serialize;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::{collections::HashMap, path::Path};
use tokio::net::TcpListener;
use uuid::Uuid;

async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Serves each body under `/0`, `/1`, … as fixed bytes.
pub async fn fixed(bodies: Vec<(&'static str, Bytes)>) -> String {
    let routes = bodies
        .into_iter()
        .enumerate()
        .fold(Router::new(), |router, (n, (kind, body))| router.route(&format!("/{n}"), get(async move || ([(header::CONTENT_TYPE, kind)], body.clone()))));
    listen(routes).await
}

#[derive(sqlx::FromRow)]
struct ThreadRow {
    id: Uuid,
    url: Option<String>,
    title: Option<String>,
    state: String,
    comments: i64,
    revision: i64,
}

#[derive(sqlx::FromRow, Serialize)]
struct CommentRow {
    id: Uuid,
    parent: Option<Uuid>,
    depth: i64,
    person: Option<Uuid>,
    author_name: String,
    author_website: Option<String>,
    author_role: String,
    html: String,
    dir: String,
    status: String,
    created_at: i64,
    edited_at: Option<i64>,
    replies: i64,
    helpful: i64,
    pinned: bool,
}

#[derive(Serialize)]
struct PageOf {
    id: Uuid,
    url: Option<String>,
    title: Option<String>,
    state: String,
    count: i64,
    revision: i64,
    comments: Vec<CommentRow>,
}

const THREAD: &str = "select id, url, title, state, comments, revision from thread where site = $1 and key = $2";
const COMMENTS: &str =
    "select id, parent, depth, person, author_name, author_website, author_role, html, dir, status, created_at, edited_at, replies, helpful, pinned
    from comment where thread = $1 and site = $2 and shown and path > x'' order by path limit 101";

#[derive(Clone)]
struct Bare {
    pool: SqlitePool,
    site: Uuid,
}

/// Serves `/?page=…` from the database in a folder.
pub async fn bare(folder: &Path, site: Uuid) -> String {
    let options = SqliteConnectOptions::new().filename(folder.join("jiwar.sqlite")).read_only(true).row_buffer_size(256).pragma("cache_size", "-4000");
    let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await.unwrap();
    listen(Router::new().route("/", get(page)).with_state(Bare { pool, site })).await
}

async fn page(State(bare): State<Bare>, Query(query): Query<HashMap<String, String>>) -> Json<PageOf> {
    let thread: ThreadRow = sqlx::query_as(THREAD).bind(bare.site).bind(&query["page"]).fetch_one(&bare.pool).await.unwrap();
    let comments = sqlx::query_as(COMMENTS).bind(thread.id).bind(bare.site).fetch_all(&bare.pool).await.unwrap();
    let ThreadRow { id, url, title, state, comments: count, revision } = thread;
    Json(PageOf { id, url, title, state, count, revision, comments })
}
