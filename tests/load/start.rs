//! From the start of the program to its first answer, and what it holds while nobody asks.

use super::{
    client::{Connection, get},
    machine,
    measure::middle,
    stage::{LONGEST_PAGE, Library, SITE},
    table::Table,
};
use std::{
    net::TcpListener,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::process::Command;

const STARTS: usize = 7;

pub async fn measure(library: &Library) -> Table {
    let (mut starts, mut memories) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let (start, memory) = once(library).await;
        starts.push(start.as_secs_f64() * 1000.0);
        memories.push(memory as f64 / (1024.0 * 1024.0));
    }
    let mut table = Table::new("Start and memory", &["", "", "aim"]);
    table.row([format!("start to first answer, {} comments in one thread", library.longest), format!("{:.0} ms", middle(starts)), "100 ms".into()]);
    table.row(["memory while idle".into(), format!("{:.1} MiB", middle(memories)), "30 MiB".into()]);
    table
}

/// Time to the first page of a thread, and memory after that.
async fn once(library: &Library) -> (Duration, u64) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let started = Instant::now();
    let mut server = Command::new(std::env::current_exe().unwrap())
        .arg("serve")
        .env("JIWAR_LISTEN", &address)
        .env("JIWAR_DATA_DIR", library.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let request = get(&format!("/embed/{SITE}/thread?page={LONGEST_PAGE}"), "");
    let took = loop {
        if let Ok(mut line) = Connection::open(&address).await {
            assert_eq!(line.ask(&request).await.unwrap().status, 200);
            break started.elapsed();
        }
        assert!(started.elapsed() < Duration::from_secs(30), "it does not start");
        tokio::time::sleep(Duration::from_micros(500)).await;
    };
    let memory = machine::resident(server.id().unwrap());
    server.kill().await.unwrap();
    (took, memory)
}
