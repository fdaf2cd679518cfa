//! Backups: made while people write, and made a server of again.

use crate::harness::{Court, comment, id, ids, on_postgres};
use jiwar::{
    backup::{self, BackupError},
    store::threads,
};
use std::{fs, path::Path};

const COMMENTS: &str = "/api/v1/sites/blog/comments";

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn all_that_was_acknowledged_before_is_in_it() {
    if on_postgres() {
        let court = Court::open().await;
        let folder = tempfile::tempdir().unwrap();
        let refused = backup::backup(&court.app, &folder.path().join("x.zip")).await;
        assert!(matches!(refused, Err(BackupError::NotSqlite)) && names(folder.path()).is_empty());
        return;
    }
    let court = Court::open().await;
    let first = court.comment("/a", None, "قبل كل شيء").await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    // Four who write without a pause, and say what was acknowledged.
    let writers: Vec<_> = (0..4)
        .map(|n| {
            let (client, stopped) = (court.anon().at(&format!("192.0.{n}.1")), stopped.clone());
            tokio::spawn(async move {
                let mut told = Vec::new();
                while !*stopped.borrow() {
                    let posted = client.post(COMMENTS, &comment("/a", None, &format!("writer {n} says {}", told.len()))).await;
                    match posted.status.as_u16() {
                        201 => told.push(id(&posted.json())),
                        429 => tokio::task::yield_now().await,
                        other => panic!("{other}: {}", posted.text()),
                    }
                }
                told
            })
        })
        .collect();
    let count = async || court.anon().get("/api/v1/sites/blog/thread?page=/a&limit=1").await.json()["thread"]["count"].as_u64().unwrap();
    while count().await < 20 {
        tokio::task::yield_now().await;
    }
    let before = court.walk("/api/v1/sites/blog/thread?page=/a", 200).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("whole.zip");
    backup::backup(&court.app, &file).await.unwrap_or_else(|why| panic!("{why}"));
    stop.send(true).unwrap();
    let mut told = Vec::new();
    for writer in writers {
        told.extend(writer.await.unwrap());
    }
    assert_eq!(names(folder.path()), ["whole.zip"], "nothing else is left");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);

    let elsewhere = folder.path().join("elsewhere");
    backup::restore(&file, &elsewhere).await.unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(names(&elsewhere), ["jiwar.sqlite", "secret.key", "settings.toml"]);
    let new = court.in_folder(elsewhere.clone()).await;
    let there: Vec<String> = new.walk("/api/v1/sites/blog/thread?page=/a", 200).await.iter().map(id).collect();
    for comment in &before {
        assert!(there.contains(&id(comment)), "{comment} was there before the backup");
    }
    assert!(there.iter().all(|one| *one == id(&first) || told.contains(one)), "nothing that nobody wrote");
    assert_eq!(threads::miscounted(&new.app.db).await.unwrap(), 0);
    // The key came along: the claim of a comment fits.
    let path = format!("{COMMENTS}/{}", id(&first));
    assert_eq!(new.anon().claiming(&first).patch(&path, &serde_json::json!({ "body": "still mine" })).await.status, 200);

    // A folder with something in it is left alone.
    let again = backup::restore(&file, &elsewhere).await;
    assert!(matches!(&again, Err(BackupError::NotEmpty(_))), "{again:?}");
    assert_eq!(ids(&court.anon().get("/api/v1/sites/blog/thread?page=/a&limit=1").await.json()["comments"]).len(), 1);
}

#[tokio::test]
async fn what_is_not_whole_is_refused_and_leaves_nothing() {
    if on_postgres() {
        return;
    }
    let court = Court::open().await;
    court.comment("/a", None, "x").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("whole.zip");
    backup::backup(&court.app, &file).await.unwrap();
    let whole = fs::read(&file).unwrap();
    let (bad, to) = (folder.path().join("bad.zip"), folder.path().join("to"));
    let mut files: Vec<Vec<u8>> = [0, 1, 100, whole.len() / 2, whole.len() - 1].into_iter().map(|end| whole[..end].to_vec()).collect();
    // A byte of the packed database that is another one, early, where there are words and no empty space; and files of other kinds.
    let mut turned = whole.clone();
    turned[80] ^= 0x20;
    files.push(turned);
    files.push(fs::read(court.app.config.data_dir.join("jiwar.sqlite")).unwrap());
    for (n, bytes) in files.into_iter().enumerate() {
        fs::write(&bad, bytes).unwrap();
        let refused = backup::restore(&bad, &to).await;
        assert!(matches!(&refused, Err(BackupError::Unreadable(_))), "{n}: {refused:?}");
        assert!(!to.exists() || names(&to).is_empty(), "{n}: {:?}", names(&to));
    }
    backup::restore(&file, &to).await.unwrap();
}
