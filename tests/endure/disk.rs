//! A disk that is full: a small file system of its own for the data folder.

use crate::stage::{Answer, Place, client, on_postgres, said};
use serde_json::json;
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a&limit=200";

/// A file system in memory, taken down in the end.
struct Disk(TempDir);

impl Disk {
    fn mount(megabytes: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]).arg(folder.path()).output();
        let why = mounted.as_ref().map_or_else(ToString::to_string, said);
        assert!(
            mounted.is_ok_and(|output| output.status.success()),
            "this test mounts a small tmpfs, which only root may: run it as root, or in a container where you are ({why})"
        );
        Self(folder)
    }

    /// Fills all but `left` bytes.
    fn fill(&self, left: usize) {
        let mut file = File::create(self.filler()).unwrap();
        let block = vec![1; 4096];
        while file.write_all(&block).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(left as u64)).unwrap();
    }

    fn clear(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> std::path::PathBuf {
        self.path().join("filler")
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a server that a failed test left behind may still hold it for a moment.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_writing_is_refused_reading_goes_on_and_room_heals() {
    if on_postgres() {
        return; // its data is not in our folder
    }
    let disk = Disk::mount(24);
    let place = Place::on_sqlite_in(&disk.path().join("data"));
    let server = place.serve(&["writes_per_minute=0"]).await;
    let client = client(Duration::from_secs(20));
    let comments = server.url(COMMENTS);
    let post = async |n: usize| {
        let text = format!("{n} {}", "كلمة ".repeat(1500));
        let body = json!({ "page": { "id": "/a" }, "body": text, "author": { "name": "سارة", "email": "sara@mail.example" } });
        Answer::of(client.post(&comments).header("idempotency-key", format!("key-{n}")).json(&body)).await.unwrap()
    };
    let mut acknowledged = Vec::new();
    let id = |answer: &Answer| answer.json()["comment"]["id"].as_str().unwrap().to_owned();
    for n in 0..3 {
        acknowledged.push(id(&post(n).await));
    }
    disk.fill(300 * 1024);
    let full = loop {
        let answer = post(acknowledged.len()).await;
        if answer.status != 201 {
            break answer;
        }
        assert!(acknowledged.len() < 100, "it never fills");
        acknowledged.push(id(&answer));
        let read = Answer::of(client.get(server.url(THREAD))).await.unwrap();
        assert_eq!(read.status, 200, "this fills the cache: {read:?}");
    };
    assert_eq!((full.status, &*full.code()), (507, "disk-full"), "{full:?}");
    assert!(full.retry_after.is_some());
    for again in 0..3 {
        // Another one, as long: refused the same way, and the one before does not come back by itself.
        let answer = post(500 + again).await;
        assert_eq!((answer.status, &*answer.code()), (507, "disk-full"), "{answer:?}");
    }
    let one = format!("{COMMENTS}/{}", acknowledged[0]);
    for path in [THREAD, &one, "/embed/blog/thread?page=/a", "/discuss/blog?page=/a", "/healthz", "/readyz", "/metrics"] {
        let answer = Answer::of(client.get(server.url(path))).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    // Started anew on the full disk it reads, and says the same to writers.
    server.kill9();
    let server = place.serve(&["writes_per_minute=0"]).await;
    let thread = Answer::of(client.get(server.url(THREAD))).await.unwrap();
    assert_eq!((thread.status, &thread.json()["thread"]["count"]), (200, &json!(acknowledged.len())), "{thread:?}");
    let answer = post(600).await;
    assert_eq!((answer.status, &*answer.code()), (507, "disk-full"), "{answer:?}");
    disk.clear();
    let begun = Instant::now();
    loop {
        // The very request that was refused, with its key.
        let answer = post(acknowledged.len()).await;
        if answer.status == 201 {
            acknowledged.push(id(&answer));
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not recover: {answer:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.kill9();
    let server = place.serve(&[]).await;
    let thread = Answer::of(client.get(server.url(THREAD))).await.unwrap().json();
    let there: Vec<&str> = thread["comments"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(there, acknowledged, "what was acknowledged is there, once, and nothing else");
    server.stop();
    let doctor = place.run(&["doctor"]);
    assert!(doctor.status.success(), "{}", said(&doctor));
}
