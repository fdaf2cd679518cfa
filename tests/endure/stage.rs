//! A folder, a database, and the program that serves it.

use jiwar::{App, Config, World};
use jiwar_runner::{
    places::jiwar,
    postgres::{Postgres, free_port},
    process::Group,
};
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Whether this run is on PostgreSQL.
pub fn on_postgres() -> bool {
    match std::env::var("JIWAR_TEST_DB").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("JIWAR_TEST_DB: expected sqlite or postgres, found {other}"),
    }
}

/// Where the program works: its data, its database, and the address that it keeps over its lives.
pub struct Place {
    data: PathBuf,
    pub postgres: Option<Postgres>,
    pub address: String,
    own: TempDir,
}

impl Place {
    /// On the engine of this run, with a site `blog` that publishes everything.
    pub fn new() -> Self {
        let own = tempfile::tempdir().unwrap();
        let data = own.path().join("data");
        Self::at(own, data, on_postgres())
    }

    /// The same in a folder of one's own choice, on SQLite.
    pub fn on_sqlite_in(data: &Path) -> Self {
        Self::at(tempfile::tempdir().unwrap(), data.to_owned(), false)
    }

    fn at(own: TempDir, data: PathBuf, postgres: bool) -> Self {
        let postgres = postgres.then(|| Postgres::start_durable().expect("PostgreSQL for the test"));
        let address = format!("127.0.0.1:{}", free_port().unwrap());
        let place = Self { data, postgres, address, own };
        place.add_site("blog");
        place
    }

    /// Another site that publishes everything.
    pub fn add_site(&self, key: &str) {
        let added = self.run(&["site", "add", key, "--name", key, "--origin", "https://blog.example", "--moderation", "publish-all"]);
        assert!(added.status.success(), "{}", said(&added));
    }

    pub fn database_url(&self) -> String {
        self.postgres.as_ref().map_or(String::new(), |postgres| postgres.url("postgres"))
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    fn command(&self, args: &[&str], files: Option<usize>) -> Command {
        let program = jiwar();
        assert!(program.is_file(), "{} is not there: `cargo build --workspace` makes it", program.display());
        let limit = files.map_or_else(String::new, |files| format!("ulimit -n {files}; "));
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limit}exec \"$0\" \"$@\"")]).arg(program).args(args);
        command.env("JIWAR_DATA_DIR", &self.data).env("JIWAR_DATABASE_URL", self.database_url()).env_remove("DATABASE_URL").env_remove("PORT");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args, None).output().unwrap()
    }

    /// A token for the site `blog`.
    pub fn token(&self, scope: &str) -> String {
        let made = self.run(&["token", "create", "--site", "blog", "--scope", scope]);
        assert!(made.status.success(), "{}", said(&made));
        String::from_utf8_lossy(&made.stdout).trim().to_owned()
    }

    /// Serves, and waits until it answers. Settings as on the command line: `cache_mib=1`.
    pub async fn serve(&self, settings: &[&str]) -> Server {
        self.serve_with_files(settings, None).await
    }

    /// The same, with leave to open so many files.
    pub async fn serve_with_files(&self, settings: &[&str], files: Option<usize>) -> Server {
        let log = self.own.path().join("log");
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let mut command = self.command(&["serve", "--listen", &self.address], files);
        for setting in settings {
            command.args(["--set", setting]);
        }
        let group = Group::start(command.stdout(file.try_clone().unwrap()).stderr(file)).unwrap();
        let mut server = Server { group, log, url: format!("http://{}", self.address) };
        server.wait_for("/healthz").await;
        server
    }

    /// Waits until the server hears what others commit: when it begins to, it takes all that it has kept for
    /// changed. (On SQLite there is nothing to wait for.)
    pub async fn wait_for_listener(&self) {
        let Some(postgres) = &self.postgres else { return };
        let mut on = PgConnection::connect(&postgres.url("postgres")).await.unwrap();
        let begun = Instant::now();
        let asked = "select count(*) from pg_stat_activity where (query ilike 'listen %' or query like '%as listening') and state = 'idle'";
        while sqlx::query_scalar::<_, i64>(asked).fetch_one(&mut on).await.unwrap() == 0 {
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The application on the same data, in this process, after the server has ended.
    pub async fn app(&self) -> Arc<App> {
        let mut config = Config::defaults().unwrap();
        config.data_dir = self.data.clone();
        config.database_url = self.database_url();
        jiwar::start(config, World::default()).await.unwrap()
    }
}

/// Everything that a command printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A program that serves. Dropping it ends it.
pub struct Server {
    group: Group,
    log: PathBuf,
    url: String,
}

impl Server {
    /// Waits until this path is answered with 200.
    pub async fn wait_for(&mut self, path: &str) {
        let (client, url, begun) = (client(Duration::from_secs(5)), self.url(path), Instant::now());
        loop {
            if client.get(&url).send().await.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            let ended = self.group.ended().unwrap();
            assert!(ended.is_none() && begun.elapsed() < Duration::from_secs(60), "no answer ({ended:?}): {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// What it has logged, in all of its lives.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn proc(&self, what: &str) -> PathBuf {
        Path::new("/proc").join(self.group.id().to_string()).join(what)
    }

    /// Its memory that is in RAM, in bytes (Linux' `/proc`).
    pub fn resident(&self) -> u64 {
        let status = fs::read_to_string(self.proc("status")).unwrap_or_default();
        status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1024
    }

    /// Its open files, sockets among them.
    pub fn open_files(&self) -> usize {
        fs::read_dir(self.proc("fd")).map_or(0, Iterator::count)
    }

    /// SIGKILL.
    pub fn kill9(mut self) {
        self.group.kill9();
    }

    /// Asks it to end.
    pub fn stop(mut self) {
        let ended = self.group.finish(Duration::from_secs(20)).unwrap();
        assert!(ended.success(), "{ended}: {}", self.log());
    }
}

/// A client that gives up after so long.
pub fn client(within: Duration) -> reqwest::Client {
    jiwar_tests::http::client().timeout(within).build().unwrap()
}

/// An answer with its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<u32>,
    pub took: Duration,
    pub body: String,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> reqwest::Result<Self> {
        let begun = Instant::now();
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let retry_after = headers.get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
        Ok(Self { status, retry_after, body: response.text().await?, took: begun.elapsed() })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {self:?}"))
    }

    /// The code of a problem, empty when it is none.
    pub fn code(&self) -> String {
        serde_json::from_str::<Value>(&self.body).ok().and_then(|problem| problem["code"].as_str().map(str::to_owned)).unwrap_or_default()
    }
}
