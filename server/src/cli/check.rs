//! `jiwar doctor` and `jiwar config`

use super::{Done, Failed, say};
use crate::{Config, World, app::chain, config::DEFAULTS, store};
use clap::Args;
use serde::Serialize;

#[derive(Debug, Args)]
pub struct Doctor {
    /// For machines
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    says: String,
}

impl Doctor {
    pub async fn run(self, config: Config) -> Done {
        let mut findings = vec![public_url(&config), folder(&config)];
        match crate::start(config, World::default()).await {
            Err(error) => findings.push(Finding { check: "database", ok: false, says: error.to_string() }),
            Ok(app) => {
                findings.push(database(&app).await);
                findings.push(sites(&app).await);
                findings.push(counters(&app).await);
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
    Finding { check: "public_url", ok, says }
}

fn folder(config: &Config) -> Finding {
    let probe = config.data_dir.join(".doctor");
    let written = std::fs::create_dir_all(&config.data_dir).and_then(|()| std::fs::write(&probe, b"x")).and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Finding { check: "data_dir", ok: true, says: format!("{} can be written", config.data_dir.display()) },
        Err(e) => Finding { check: "data_dir", ok: false, says: format!("{} cannot be written: {e}", config.data_dir.display()) },
    }
}

async fn database(app: &crate::App) -> Finding {
    let prepared = store::db::prepare_all(&app.db, &store::statements()).await;
    match prepared {
        Ok(()) => Finding { check: "database", ok: true, says: format!("{} answers and understands every statement", app.db.engine()) },
        Err(e) => Finding { check: "database", ok: false, says: chain(&e) },
    }
}

async fn sites(app: &crate::App) -> Finding {
    match store::sites::all(&app.db).await {
        Ok(sites) if sites.is_empty() => Finding { check: "sites", ok: true, says: "none yet: jiwar site add KEY --name NAME --origin URL".into() },
        Ok(sites) => Finding { check: "sites", ok: true, says: sites.iter().map(|s| s.key.as_str()).collect::<Vec<_>>().join(" ") },
        Err(e) => Finding { check: "sites", ok: false, says: chain(&e) },
    }
}

async fn counters(app: &crate::App) -> Finding {
    match store::threads::miscounted(&app.db).await {
        Ok(0) => Finding { check: "counters", ok: true, says: "every thread's number of comments is right".into() },
        Ok(n) => Finding { check: "counters", ok: false, says: format!("{n} threads say another number of comments than they have") },
        Err(e) => Finding { check: "counters", ok: false, says: chain(&e) },
    }
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
