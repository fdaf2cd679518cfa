//! The command line. Every command has `--help`; those that print facts have `--json`.

mod admin;
mod akismet;
mod backup;
mod carry;
mod check;
mod dev;
mod moderate;
mod serve;
mod site;
mod spam;
mod token;
mod transfer;

use crate::{App, Config, World, app::chain, community::No, config::Sources};
use clap::{Args, Parser, Subcommand};
use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, sync::Arc};

/// Comments and community for blogs: one binary, one data folder.
#[derive(Debug, Parser)]
#[command(name = "jiwar", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// Settings that are often given by hand; the others by file or environment (`jiwar config --explain`).
#[derive(Debug, Args)]
struct Settings {
    /// A TOML file of settings
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder that holds everything
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// postgres://… instead of SQLite in the data folder
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Any other setting: --set cache_mib=128
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves until it is told to stop
    Serve(serve::Serve),
    /// Adds and lists sites
    Site(site::Site),
    /// Adds people who may administer
    Admin(admin::Admin),
    /// Makes API tokens
    Token(token::Token),
    /// Moderates: the queue, decisions, the log
    Mod(moderate::Mod),
    /// Moves comments in from WordPress, Disqus or a Jiwar export
    Import(transfer::Import),
    /// Writes everything of a site as JSON lines
    Export(transfer::Export),
    /// Carries everything into a PostgreSQL database
    Move(carry::Move),
    /// Writes everything into one file, while the server runs
    Backup(backup::Backup),
    /// Makes a server from a backup
    Restore(backup::Restore),
    /// For those who work on Jiwar
    #[command(hide = true)]
    Dev(dev::Dev),
    /// The spam filter: its weights, its judgement of a text, its measures
    Spam(spam::Spam),
    /// Brings the database up to date and ends
    Migrate,
    /// Checks settings, data folder and database, and says what is wrong
    Doctor(check::Doctor),
    /// Shows the settings
    Config(check::Explain),
}

/// Why a command did not do its work: a sentence for the terminal.
#[derive(Debug)]
pub(crate) struct Failed(String);

impl<T: std::fmt::Display> From<T> for Failed {
    fn from(error: T) -> Self {
        Self(error.to_string())
    }
}

impl Failed {
    fn from_no(no: No) -> Self {
        match no {
            No::Refused(refusal) => Self(format!("{} ({})", jiwar_view::words::refusal_title(jiwar_wire::Lang::En, &refusal), refusal.code())),
            No::Broken(error) => Self(chain(&error)),
        }
    }
}

type Done = Result<(), Failed>;

/// Parses the arguments and does what they say.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    match command(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("jiwar: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn command(cli: Cli) -> Done {
    if let Command::Spam(it) = cli.command {
        return it.run();
    }
    let config = read_settings(cli.settings)?;
    match cli.command {
        Command::Serve(it) => it.run(config).await,
        Command::Site(it) => it.run(open(config).await?).await,
        Command::Admin(it) => it.run(open(config).await?).await,
        Command::Token(it) => it.run(open(config).await?).await,
        Command::Mod(it) => it.run(open(config).await?).await,
        Command::Import(it) => it.run(open(config).await?).await,
        Command::Export(it) => it.run(open(config).await?).await,
        Command::Dev(it) => it.run(open(config).await?).await,
        Command::Backup(it) => it.run(open(config).await?).await,
        Command::Restore(it) => it.run(&config).await,
        Command::Move(it) => it.run(open(config).await?).await,
        Command::Migrate => {
            let app = open(config).await?;
            say(&format!("The database ({}) is up to date.", app.db.engine()));
            app.db.close().await;
            Ok(())
        }
        Command::Spam(it) => it.run(),
        Command::Doctor(it) => it.run(config).await,
        Command::Config(it) => it.run(&config),
    }
}

fn read_settings(settings: Settings) -> Result<Config, Failed> {
    let mut flags = BTreeMap::new();
    for pair in settings.set {
        let (key, value) = pair.split_once('=').ok_or_else(|| Failed(format!("--set wants KEY=VALUE, found \"{pair}\"")))?;
        flags.insert(key.to_owned(), value.to_owned());
    }
    flags.extend(settings.data_dir.map(|v| ("data_dir".to_owned(), v)));
    flags.extend(settings.database_url.map(|v| ("database_url".to_owned(), v)));
    let sources = Sources::from_process(settings.config, flags)?;
    Ok(Config::from_sources(&sources)?)
}

async fn open(config: Config) -> Result<Arc<App>, Failed> {
    crate::start(config, World::default()).await.map_err(|e| Failed(e.to_string()))
}

/// The one way to the terminal.
#[expect(clippy::print_stdout, reason = "commands answer on standard output")]
fn say(text: &str) {
    println!("{text}");
}

/// A site by its key, or the sentence that says how to add it.
async fn site_of(app: &App, key: &str) -> Result<Arc<crate::store::sites::Site>, Failed> {
    app.site(key)
        .await
        .map_err(|e| Failed(chain(&e)))?
        .ok_or_else(|| Failed(format!("there is no site \"{key}\"; add it with: jiwar site add {key} --name NAME --origin URL")))
}
