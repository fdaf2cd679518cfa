//! What is measured: servers on the loopback, and a library of threads that
//! was put straight into their database.

use jiwar::{
    App, Config, World,
    clock::{SystemChance, new_id},
    http::Running,
    store::{self, Tx, comments, sites::Site, threads},
};
use jiwar_wire::{
    Dir, Lang, Time,
    comment::Format,
    ids::{CommentId, SiteId, ThreadId},
    page_key::PageKey,
    site::{Moderation, Settings, SpamLevel},
    thread::State,
};
use std::{path::Path, sync::Arc};
use tempfile::TempDir;

/// The site's key.
pub const SITE: &str = "blog";
/// Where the blog lives.
pub const BLOG: &str = "https://blog.example";
/// Threads of [`USUAL`] comments: a request that goes through them in turn finds none in a cache.
pub const TAIL: usize = 200;
/// Comments in a usual thread.
pub const USUAL: usize = 100;
/// Comments in a long one.
pub const LONG: usize = 10_000;
/// When the first comment was written.
const BEGUN: i64 = 1_700_000_000_000;
/// Comments that are put in with one transaction.
const AT_ONCE: usize = 5_000;

const ARABIC: &str = "السلام عليكم، قرأت المقال مرتين ووجدت فيه ما كنت أبحث عنه منذ زمن. عندي سؤال واحد عن الفقرة الثالثة: \
    هل ينطبق هذا على **المدن الصغيرة** أيضًا؟ جرّبت الأمر في [حيّنا](https://example.org/hara) فكانت النتيجة مختلفة قليلًا، وأظن أن السبب هو الجيران أنفسهم.";
const ENGLISH: &str = "I read this twice and it says what I have been trying to say for *years*. One question about the third part, though: \
    does it hold for small towns as well? We tried it on [our street](https://example.org/street), with `ten` households, and the result was rather \
    different; I suspect that the neighbours themselves made the difference. Thank you for writing it down.";

/// A server that answers, of this process.
pub struct Server {
    pub app: Arc<App>,
    pub address: String,
    pub site: Arc<Site>,
    running: Running,
}

impl Server {
    /// On the data in `folder`, with room for finished pages as told.
    pub async fn open(folder: &Path, cache_mib: u64) -> Self {
        let mut config = Config::defaults().unwrap();
        config.data_dir = folder.to_owned();
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.public_url = "https://comments.example".into();
        config.writes_per_minute = 0;
        config.reads_per_minute = 0;
        config.cache_bytes = cache_mib * 1024 * 1024;
        let app = jiwar::start(config, World::default()).await.unwrap();
        let site = match app.site(SITE).await.unwrap() {
            Some(site) => site,
            None => {
                add_site(&app).await;
                app.site(SITE).await.unwrap().unwrap()
            }
        };
        let running = jiwar::http::serve(app.clone()).await.unwrap();
        Self { app, address: running.address.to_string(), site, running }
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }
}

async fn add_site(app: &App) {
    // A load is a flood: the filter would hold what is written here.
    let settings = Settings { moderation: Moderation::PublishAll, spam: SpamLevel::Off, page_size: USUAL as u32, ..Settings::default() };
    let id = SiteId::new(new_id(Time(BEGUN), &SystemChance));
    let site = Site { id, key: SITE.into(), name: "مدونة".into(), locale: Lang::Ar, origins: vec![BLOG.into()], settings, judges: Default::default() };
    let added: store::Result<bool> = app.db.write(move |tx| Box::pin(async move { store::sites::add(tx, &site, Time(BEGUN)).await })).await;
    assert!(added.unwrap());
}

/// A folder with a site and its threads: [`TAIL`] usual ones, a long one, and a very long one.
pub struct Library {
    pub folder: TempDir,
    /// In the very long one.
    pub longest: usize,
}

/// The path of a usual thread's page.
pub fn usual(n: usize) -> String {
    format!("/post/{n}")
}
pub const LONG_PAGE: &str = "/long";
pub const LONGEST_PAGE: &str = "/longest";

impl Library {
    /// With so many comments in all.
    pub async fn fill(comments: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let longest = comments.saturating_sub(TAIL * USUAL + LONG).max(LONG);
        let server = Server::open(folder.path(), 0).await;
        for n in 0..TAIL {
            fill_thread(&server, &usual(n), USUAL).await;
        }
        fill_thread(&server, LONG_PAGE, LONG).await;
        fill_thread(&server, LONGEST_PAGE, longest).await;
        server.stop().await;
        Self { folder, longest }
    }
}

async fn fill_thread(server: &Server, page: &str, comments: usize) {
    let (site, thread, key) = (server.site.id, ThreadId::new(new_id(Time(BEGUN), &SystemChance)), PageKey::parse(page, None).unwrap());
    let bodies = [ARABIC, ENGLISH].map(|body| (body, jiwar::text::render(body, Format::Markdown, Dir::Rtl, None)));
    let mut parent: Option<comments::Comment> = None;
    for start in (0..comments).step_by(AT_ONCE) {
        let mut rows = Vec::with_capacity(AT_ONCE);
        for n in start..comments.min(start + AT_ONCE) {
            // Three of four answer the root before them.
            let root = n % 4 == 0;
            let row = comment(thread, n, parent.as_ref().filter(|_| !root), &bodies[n % 2]);
            if root {
                parent = Some(row.clone());
            }
            rows.push(row);
        }
        let into = PutIn { site, thread, key: key.clone(), all: comments as i64 };
        let done: store::Result<()> = server.app.db.write(move |tx| Box::pin(put(into, rows, start == 0, tx))).await;
        done.unwrap();
    }
}

struct PutIn {
    site: SiteId,
    thread: ThreadId,
    key: PageKey,
    all: i64,
}

async fn put(into: PutIn, rows: Vec<comments::Comment>, first: bool, tx: &mut Tx) -> store::Result<()> {
    let PutIn { site, thread, key, all } = into;
    if first {
        let new = threads::NewThread { id: thread, key: &key, url: None, title: None, state: State::Open, created_at: Time(BEGUN) };
        threads::add(tx, site, &new).await?;
        let change = store::events::Change {
            thread,
            page: key.as_str(),
            kind: store::events::Kind::Quiet,
            comment: None,
            by: all,
            newest: Some(Time(BEGUN)),
            at: Time(BEGUN),
        };
        store::events::record(tx, site, &change).await?;
    }
    for row in rows {
        let unseen = comments::Unseen { folded: row.body.clone(), network: None };
        comments::add(tx, site, &row, &unseen).await?;
    }
    Ok(())
}

/// The `n`th comment of a thread.
fn comment(thread: ThreadId, n: usize, parent: Option<&comments::Comment>, (body, rendered): &(&str, jiwar::text::Rendered)) -> comments::Comment {
    let at = Time(BEGUN + n as i64 * 60_000);
    let id = CommentId::new(new_id(at, &SystemChance));
    let names = ["سارة الخالدي", "Omar", "منى", "Élodie Martin", "عبد الرحمن"];
    comments::Comment {
        id: id.uuid(),
        thread: thread.uuid(),
        parent: parent.map(|p| p.id),
        depth: i64::from(parent.is_some()),
        path: comments::path(parent.map(|p| p.path.as_slice()), at, id),
        person: None,
        author_name: names[n % names.len()].into(),
        author_website: None,
        author_role: "reader".into(),
        body: (*body).into(),
        format: Format::Markdown.as_str().into(),
        html: rendered.html.clone(),
        dir: rendered.dir.as_str().into(),
        status: "approved".into(),
        status_before: None,
        held: None,
        shown: true,
        replies: if parent.is_none() { 3 } else { 0 },
        helpful: 0,
        pinned: false,
        source: None,
        source_id: None,
        created_at: at.0,
        edited_at: None,
        approved_at: Some(at.0),
    }
}
