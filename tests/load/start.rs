//! From the start of the program to its first answer, and what it holds while
//! nobody asks, and while a thousand listen to whom nothing is said.

use super::{
    Plan,
    client::{Connection, get},
    machine,
    measure::middle,
    stage::{SITE, Server},
    table::{Table, number},
};
use jiwar::community::transfer::fill::{Fill, fill};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

const STARTS: usize = 7;
const LISTENERS: usize = 1_000;
/// A thread of this many comments is what is asked for first.
const LONG: u64 = 10_000;

pub async fn measure(plan: Plan) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let comments = plan.large;
    let server = Server::open(folder.path(), 0).await;
    let shape = Fill { comments, threads: (comments / 100).max(1), long: vec![LONG.min(comments)], people: comments / 50 + 10, seed: 1 };
    fill(&server.app, server.site.clone(), shape, |_| ()).await.unwrap();
    server.stop().await;

    let page = format!("/fill/1/long/{}", LONG.min(comments));
    let (mut starts, mut memories, mut listened) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..STARTS {
        let (mut server, address, start) = start(folder.path(), &page).await;
        starts.push(start.as_secs_f64() * 1000.0);
        let idle = machine::resident(server.id().unwrap());
        memories.push(idle as f64 / 1e6);
        if run % 3 == 0 {
            let lines = listen(&address, &page).await;
            listened.push((machine::resident(server.id().unwrap()) - idle) as f64 / 1e6);
            drop(lines);
        }
        server.kill().await.unwrap();
    }
    let what = if program() == std::env::current_exe().unwrap() { "the load program, for want of the released one" } else { "the released program" };
    let mut table = Table::new(&format!("Start and memory of {what}"), &["", "", "aim"]);
    table.row([format!("start to first answer, {} comments", number(comments as f64)), format!("{:.0} ms", middle(starts)), "100 ms".into()]);
    table.row(["memory while idle, after that answer".into(), format!("{:.1} MB", middle(memories)), "30 MB".into()]);
    table.row([format!("{} listeners more", number(LISTENERS as f64)), format!("{:.1} MB", middle(listened)), "20 MB".into()]);
    table
}

/// What is released, where it was built (`cargo build --release`); else this program, which is larger.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let released = own.parent().and_then(Path::parent).map(|folder| folder.join("jiwar"));
    released.filter(|path| path.is_file()).unwrap_or(own)
}

/// A server in a process of its own, its address, and the time to the first page of a thread.
async fn start(folder: &Path, page: &str) -> (Child, String, Duration) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let started = Instant::now();
    let server = Command::new(program())
        .arg("serve")
        .env("JIWAR_LISTEN", &address)
        .env("JIWAR_DATA_DIR", folder)
        .env("JIWAR_LISTENERS_PER_NETWORK", "2000")
        .env("JIWAR_CONNECTIONS_PER_NETWORK", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let request = get(&format!("/embed/{SITE}/thread?page={page}"), "");
    let took = loop {
        if let Ok(mut line) = Connection::open(&address).await {
            assert_eq!(line.ask(&request).await.unwrap().status, 200);
            break started.elapsed();
        }
        assert!(started.elapsed() < Duration::from_secs(30), "it does not start");
        tokio::time::sleep(Duration::from_micros(500)).await;
    };
    (server, address, took)
}

/// Those who listen to a page, each of whom has heard that the line stands.
async fn listen(address: &str, page: &str) -> Vec<TcpStream> {
    let request = get(&format!("/api/v1/sites/{SITE}/events?page={page}"), "");
    let mut lines = Vec::with_capacity(LISTENERS);
    for _ in 0..LISTENERS {
        let mut line = TcpStream::connect(address).await.unwrap();
        line.write_all(request.as_bytes()).await.unwrap();
        let mut heard = vec![0; 4096];
        let n = line.read(&mut heard).await.unwrap();
        assert!(heard[..n].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&heard[..n]));
        lines.push(line);
    }
    lines
}
