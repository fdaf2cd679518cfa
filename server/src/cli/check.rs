//! `jiwar doctor` and `jiwar config`

use super::{Done, Failed, say};
use crate::{Config, World, app::chain, community::recount, config::DEFAULTS, store};
use clap::Args;
use serde::Serialize;

#[derive(Debug, Args)]
pub struct Doctor {
    /// Counts again what is off; a server may be running
    #[arg(long)]
    fix: bool,
    /// For machines
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<recount::Report>,
}

impl Finding {
    fn new(check: &'static str, ok: bool, says: impl Into<String>) -> Self {
        Self { check, ok, says: says.into(), report: None }
    }
}

impl Doctor {
    pub async fn run(self, config: Config) -> Done {
        let mut findings = vec![public_url(&config), folder(&config)];
        match crate::start(config, World::default()).await {
            Err(error) => findings.push(Finding::new("database", false, error.to_string())),
            Ok(app) => {
                findings.push(database(&app).await);
                findings.push(sites(&app).await);
                findings.push(counters(&app, self.fix).await);
                app.db.close().await;
            }
        }
        let sick = findings.iter().filter(|f| !f.ok).count();
        if self.json {
            say(&serde_json::to_string(&findings)?);
        } else {
            for f in &findings {
                say(&format!("{}  {:<12} {}", if f.ok { "ok " } else { "BAD" }, f.check, f.says));
            }
        }
        if sick == 0 { Ok(()) } else { Err(Failed(format!("{sick} of {} checks found something wrong", findings.len()))) }
    }
}

fn public_url(config: &Config) -> Finding {
    let url = &config.public_url;
    let local = ["//127.0.0.1", "//localhost", "//[::1]", "//0.0.0.0"].iter().any(|h| url.contains(h));
    let ok = url.starts_with("https://") || local;
    let says = match (ok, local) {
        (true, true) => format!("{url}: only this machine can reach it; set public_url when readers should"),
        (true, false) => url.clone(),
        (false, _) => format!("{url} is not https: browsers refuse to load it in pages that are"),
    };
    Finding::new("public_url", ok, says)
}

fn folder(config: &Config) -> Finding {
    let probe = config.data_dir.join(".doctor");
    let written = std::fs::create_dir_all(&config.data_dir).and_then(|()| std::fs::write(&probe, b"x")).and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Finding::new("data_dir", true, format!("{} can be written", config.data_dir.display())),
        Err(e) => Finding::new("data_dir", false, format!("{} cannot be written: {e}", config.data_dir.display())),
    }
}

async fn database(app: &crate::App) -> Finding {
    let prepared = store::db::prepare_all(&app.db, &store::statements()).await;
    match prepared {
        Ok(()) => Finding::new("database", true, format!("{} answers and understands every statement", app.db.engine())),
        Err(e) => Finding::new("database", false, chain(&e)),
    }
}

async fn sites(app: &crate::App) -> Finding {
    match store::sites::all(&app.db).await {
        Ok(sites) if sites.is_empty() => Finding::new("sites", true, "none yet: jiwar site add KEY --name NAME --origin URL"),
        Ok(sites) => Finding::new("sites", true, sites.iter().map(|s| s.key.as_str()).collect::<Vec<_>>().join(" ")),
        Err(e) => Finding::new("sites", false, chain(&e)),
    }
}

async fn counters(app: &crate::App, fix: bool) -> Finding {
    let mut report = recount::Report::default();
    let sites = match store::sites::all(&app.db).await {
        Ok(sites) => sites,
        Err(e) => return Finding::new("counters", false, chain(&e)),
    };
    for site in sites {
        if let Err(no) = recount::run(app, &site, fix, &mut report).await {
            return Finding::new("counters", false, Failed::from_no(no).0);
        }
    }
    Finding { report: Some(report.clone()), ..Finding::new("counters", report.left() == 0, words(&report, fix)) }
}

fn words(report: &recount::Report, fix: bool) -> String {
    let looked = format!("{} comments, {} threads and {} people counted again", report.comments, report.threads, report.people);
    if report.found() == 0 {
        return format!("{looked}: all is right");
    }
    let each: Vec<String> = report
        .differences
        .iter()
        .map(|(what, d)| format!("{what} {} (mended: {}; {})", d.found, d.mended, d.ids.iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" ")))
        .collect();
    let advice = if fix || report.left() == 0 { "" } else { "; jiwar doctor --fix counts again" };
    format!("{looked}: {}{advice}", each.join(", "))
}

#[derive(Debug, Args)]
pub struct Explain {
    /// Every key with its meaning, its value and where that came from
    #[arg(long)]
    explain: bool,
}

impl Explain {
    pub fn run(self, config: &Config) -> Done {
        if self.explain {
            say(DEFAULTS);
            say("# What holds now, and where it came from:");
        }
        for (key, (value, from)) in &config.origins {
            let secret = key == "secret" || key == "database_url";
            let shown = if secret && !value.is_empty() { "(not shown)" } else { value };
            say(&format!("{key} = {shown:?}  # {from}"));
        }
        Ok(())
    }
}
