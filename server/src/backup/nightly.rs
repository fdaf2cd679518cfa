//! The backup of every night, in `jiwar serve`.

use super::{BackupError, FOLDER, PREFIX, SUFFIX, at, backup, usual_place};
use crate::{App, app::chain};
use jiwar_wire::Time;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Makes a backup every day at the time that is set, for as long as it is let.
pub async fn run(app: Arc<App>) {
    let Some(minute) = app.config.backup_at.filter(|_| app.db.engine() == "sqlite") else { return };
    loop {
        tokio::time::sleep(until(app.clock.now(), minute)).await;
        match once(&app).await {
            Ok(path) => tracing::info!(file = %path.display(), "backup made"),
            Err(why) => tracing::error!(error = %chain(&why), "no backup was made; it is tried again tomorrow"),
        }
    }
}

/// How long it is until the clock shows the minute of the day again (UTC).
fn until(now: Time, minute: u32) -> Duration {
    let at = i64::from(minute) * 60_000;
    let wait = (at - now.0.rem_euclid(DAY_MS)).rem_euclid(DAY_MS);
    // One that was made a moment ago is not made again.
    Duration::from_millis(u64::try_from(if wait == 0 { DAY_MS } else { wait }).unwrap_or(0))
}

/// Makes one, and takes away the oldest that are too many.
async fn once(app: &App) -> Result<PathBuf, BackupError> {
    sweep(&app.config.data_dir.join(FOLDER)).map_err(at(&app.config.data_dir.join(FOLDER)))?;
    let path = usual_place(app)?;
    backup(app, &path).await?;
    let folder = app.config.data_dir.join(FOLDER);
    thin_out(&folder, app.config.backups_kept as usize).map_err(at(&folder))?;
    Ok(path)
}

/// What a backup left behind that was broken off.
fn sweep(folder: &Path) -> io::Result<()> {
    for name in names(folder)? {
        if name.starts_with(PREFIX) && name.ends_with(".part") {
            fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// Removes the oldest, by the time in their names. What has another name is not ours.
fn thin_out(folder: &Path, keep: usize) -> io::Result<()> {
    let mut ours: Vec<String> = names(folder)?.into_iter().filter(|n| n.starts_with(PREFIX) && n.ends_with(SUFFIX)).collect();
    ours.sort_unstable();
    let many = ours.len().saturating_sub(keep.max(1));
    ours.into_iter().take(many).try_for_each(|name| fs::remove_file(folder.join(name)))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|e| Ok(e?.file_name().to_string_lossy().into_owned())).collect(),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_at_the_minute_that_is_set() {
        let noon = Time::from_utc(2026, 11, 22, 12, 0, 0);
        assert_eq!(until(noon, 12 * 60 + 1), Duration::from_secs(60));
        assert_eq!(until(noon, 11 * 60 + 59), Duration::from_secs(24 * 3600 - 60));
        assert_eq!(until(noon, 12 * 60), Duration::from_secs(24 * 3600));
        assert_eq!(until(Time(noon.0 + 1), 12 * 60), Duration::from_millis(24 * 3600 * 1000 - 1));
    }

    #[test]
    fn the_oldest_go_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let all = ["jiwar-2026-01-01.zip", "jiwar-2026-01-02.zip", "jiwar-2026-01-03.zip", "mine.zip", "jiwar-2026-01-04.zip.part", "secret.key"];
        all.iter().for_each(|name| fs::write(folder.path().join(name), "x").unwrap());
        thin_out(folder.path(), 2).unwrap();
        sweep(folder.path()).unwrap();
        let mut left = names(folder.path()).unwrap();
        left.sort_unstable();
        assert_eq!(left, ["jiwar-2026-01-02.zip", "jiwar-2026-01-03.zip", "mine.zip", "secret.key"]);
    }
}
