//! `cargo demo`: two blogs with an imported conversation, and the way in for the admin.

use jiwar_runner::{
    places::{jiwar, root},
    process::signal,
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Stdio},
};

/// A demo that runs, and what it printed until it was ready.
struct Demo {
    child: Child,
    out: BufReader<ChildStdout>,
    links: Vec<String>,
}

impl Demo {
    fn start(data: &std::path::Path, ports: [u16; 2]) -> Self {
        let runner = jiwar().with_file_name("jiwar-runner");
        assert!(jiwar().is_file() && runner.is_file(), "{} is not there: `cargo build --workspace` makes it", runner.display());
        let mut child = Command::new(runner)
            .arg("demo")
            .current_dir(root())
            .env("JIWAR_BIN", jiwar())
            .env("JIWAR_DATA_DIR", data)
            .env("JIWAR_DEMO_PORT", ports[0].to_string())
            .env("JIWAR_DEMO_BLOGS_PORT", ports[1].to_string())
            .env_remove("JIWAR_DATABASE_URL")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (mut links, mut printed) = (Vec::new(), String::new());
        while !printed.ends_with("Ctrl-C ends it.\n") {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended before it was ready:\n{printed}");
            links.extend(line.split_whitespace().filter(|word| word.starts_with("http://")).map(str::to_owned));
            printed.push_str(&line);
        }
        Self { child, out, links }
    }

    fn link(&self, part: &str) -> &str {
        self.links.iter().find(|link| link.contains(part)).unwrap_or_else(|| panic!("no link with {part}: {:?}", self.links))
    }

    /// Ctrl-C.
    fn end(mut self) {
        signal("INT", &self.child.id().to_string());
        let mut rest = String::new();
        while self.out.read_line(&mut rest).unwrap() > 0 {}
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {rest}");
        assert!(rest.contains("cargo demo"), "it says how to start again: {rest}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Only a test that failed comes here with it alive; the server ends with it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

async fn text(link: &str) -> String {
    let answer = jiwar_tests::http::get(link).await.unwrap_or_else(|why| panic!("{link}: {why}"));
    assert_eq!(answer.status(), 200, "{link}");
    answer.text().await.unwrap()
}

async fn look_around(demo: &Demo, server: &str) {
    for (site, path) in [("demo-ar", "/blog-ar/"), ("demo-en", "/blog-en/")] {
        let post = text(demo.link(&format!("localhost:{}{path}", demo.link(path).split(':').nth(2).unwrap().split('/').next().unwrap()))).await;
        assert!(post.contains(&format!("{server}/embed.js")) && post.contains(site), "{post}");
        let discuss = text(demo.link(&format!("/discuss/{site}"))).await;
        assert_eq!(discuss.matches("<article").count(), 16, "{site}");
        let counts: Value = serde_json::from_str(&text(&format!("{server}/api/v1/sites/{site}/counts?page={path}")).await).unwrap();
        assert_eq!(counts["counts"][path], 16, "{site}: {counts}");
    }
    text(demo.link("/api/docs")).await;
    assert!(text(demo.link("/sign-in?link=")).await.contains("<form"), "the link opens for the admin");
}

#[tokio::test]
async fn the_demo_starts_twice_with_the_same_conversations() {
    let data = tempfile::tempdir().unwrap();
    let free = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (one, other) = (free(), free());
    let ports = [one, other].map(|l| l.local_addr().unwrap().port());
    let server = format!("http://127.0.0.1:{}", ports[0]);
    for _ in 0..2 {
        let demo = Demo::start(data.path(), ports);
        look_around(&demo, &server).await;
        demo.end();
    }
}
