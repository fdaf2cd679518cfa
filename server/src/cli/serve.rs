//! `jiwar serve`

use super::{Done, Failed, say};
use crate::{Config, World, http};
use clap::Args;
use tracing_subscriber::EnvFilter;

/// Serves until it is told to stop (Ctrl-C or SIGTERM).
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port, as in the setting
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

impl Serve {
    pub async fn run(self, mut config: Config) -> Done {
        if let Some(listen) = self.listen {
            let usual = format!("http://{}", config.listen);
            config.listen = listen.parse().map_err(|_| Failed(format!("--listen: expected an address and port such as 127.0.0.1:8080, found \"{listen}\"")))?;
            if config.public_url == usual {
                config.public_url = format!("http://{}", config.listen);
            }
        }
        start_log(&config);
        let app = crate::start(config, World::default()).await?;
        let running = http::serve(app.clone()).await.map_err(|e| Failed(format!("cannot listen on {}: {e}", app.config.listen)))?;
        say(&format!("Jiwar serves {} on {} ({})", app.config.public_url, running.address, app.db.engine()));
        let sweeper = tokio::spawn(crate::sweep::run(app.clone()));
        let peers = tokio::spawn(crate::peers::run(app.clone()));
        let backups = tokio::spawn(crate::backup::nightly(app.clone()));
        let courier = tokio::spawn(crate::courier::run(app.clone()));
        told_to_stop().await;
        sweeper.abort();
        peers.abort();
        backups.abort();
        courier.abort();
        running.stop().await;
        say("Jiwar has stopped; what was accepted is on disk.");
        Ok(())
    }
}

fn start_log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json {
        log.json().flatten_event(true).init();
    } else {
        log.init();
    }
}

async fn told_to_stop() {
    let ctrl_c = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = ctrl_c => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = ctrl_c.await;
}
