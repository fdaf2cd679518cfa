//! Backups: made while people write, and made a server of again.

use crate::harness::{Court, START, comment, id, ids, on_postgres};
use jiwar::{
    Config,
    backup::{self, BackupError},
    clock::Clock,
    store::threads,
};
use jiwar_wire::site::{Moderation, Settings};
use std::{fs, path::Path, time::Duration};

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

#[tokio::test]
async fn every_night_one_is_made_and_the_oldest_go() {
    if on_postgres() {
        return;
    }
    const DAY: i64 = 86_400_000;
    let minute = START.0 % DAY / 60_000 + 1;
    let configure = |config: &mut Config| (config.backup_at, config.backups_kept) = (Some(minute as u32), 2);
    let court = Court::configured(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, configure).await;
    court.comment("/a", None, "x").await;
    // Ten milliseconds before the hour.
    court.clock.pass(START.0 - START.0 % DAY + minute * 60_000 - 10 - court.clock.now().0);
    let folder = court.app.config.data_dir.join("backups");
    let there = || if folder.exists() { names(&folder) } else { Vec::new() };
    let nights = tokio::spawn(backup::nightly(court.app.clone()));
    let mut made = Vec::new();
    for night in 0..4 {
        court.clock.pass(if night == 0 { 0 } else { DAY });
        let name = format!("jiwar-{}.zip", court.clock.now().to_string().replace(':', "-"));
        while !there().contains(&name) {
            assert!(!nights.is_finished());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        made.push(name);
    }
    while there().iter().filter(|name| name.ends_with(".zip")).ne(&made[2..]) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    nights.abort();
    let elsewhere = tempfile::tempdir().unwrap();
    backup::restore(&folder.join(&made[3]), elsewhere.path()).await.unwrap();
    let new = court.in_folder(elsewhere.path().to_owned()).await;
    assert_eq!(new.walk("/api/v1/sites/blog/thread?page=/a", 10).await.len(), 1);
}
