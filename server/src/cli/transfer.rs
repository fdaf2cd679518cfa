//! `jiwar import` and `jiwar export`

use super::{Done, Failed, say, site_of};
use crate::{
    App,
    community::transfer::{self, Move},
    import::{Input, SourceFormat},
};
use clap::Args;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

#[derive(Debug, Args)]
pub struct Import {
    #[arg(long, value_name = "KEY")]
    site: String,
    /// wordpress, disqus, valine or jiwar; found out from the file when not said
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,
    /// Reports what would happen and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// The report for machines
    #[arg(long)]
    json: bool,
    /// As it was downloaded: plain, gzip, or a zip file with one file in it
    file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Export {
    #[arg(long, value_name = "KEY")]
    site: String,
    /// Standard output when not said
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Import {
    pub async fn run(self, app: Arc<App>) -> Done {
        let done = self.import(&app).await;
        app.db.close().await;
        done
    }

    async fn import(self, app: &Arc<App>) -> Done {
        let from = match &self.from {
            None => None,
            Some(word) => {
                let words = SourceFormat::ALL.map(SourceFormat::as_str).join(", ");
                Some(SourceFormat::parse(word).ok_or_else(|| Failed(format!("--from: expected one of {words}, found \"{word}\"")))?)
            }
        };
        let refused = |why: &dyn std::fmt::Display| Failed(format!("{}: {why}", self.file.display()));
        let input = Input::file(&self.file).map_err(|why| refused(&why))?;
        let what = Move { site: self.site.clone(), from, dry_run: self.dry_run };
        let report = transfer::import(app, what, input).await.map_err(|why| refused(&why))?;
        say(&if self.json { serde_json::to_string_pretty(&report)? } else { report.to_string().trim_end().to_owned() });
        Ok(())
    }
}

impl Export {
    pub async fn run(self, app: Arc<App>) -> Done {
        let done = self.export(&app).await;
        app.db.close().await;
        done
    }

    async fn export(self, app: &App) -> Done {
        let site = site_of(app, &self.site).await?;
        let done = match &self.output {
            None => transfer::export(app, &site, BufWriter::new(io::stdout())).await?,
            Some(path) => {
                let part = part_of(path);
                let written = match create(&part) {
                    Ok(file) => transfer::export(app, &site, Synced(BufWriter::new(file))).await,
                    Err(why) => return Err(Failed(format!("{}: {why}", part.display()))),
                };
                let kept = written.map_err(Failed::from).and_then(|done| Ok(fs::rename(&part, path).map(|()| done)?));
                if kept.is_err() {
                    drop(fs::remove_file(&part)); // half an export is of no use
                }
                kept?
            }
        };
        eprintln!(
            "exported: {} threads, {} people, {} comments, {} reactions, {} reports, {} appeals, {} log entries",
            done.threads, done.people, done.comments, done.reactions, done.reports, done.appeals, done.log
        );
        if done.unopened > 0 {
            eprintln!("{} e-mail addresses were sealed with another secret key than this server's, and are missing in the file", done.unopened);
        }
        Ok(())
    }
}

/// The file under whose name it stands until it is whole.
fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// For the owner's eyes alone: there are addresses in it.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A file that is on disk when it was flushed.
struct Synced(BufWriter<File>);

impl Write for Synced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        self.0.get_ref().sync_all()
    }
}
