//! `jiwar token`

use super::{Done, Failed, say, site_of};
use crate::{
    App,
    community::access::{self, Scope},
};
use clap::{Args, Subcommand};
use jiwar_wire::Time;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Token {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a token. It is printed once and kept as a hash
    Create {
        #[arg(long, value_name = "KEY")]
        site: String,
        /// read, moderate or admin
        #[arg(long)]
        scope: String,
        /// How long it is good: 90d, 12h, 30m; without it, until it is ended
        #[arg(long, value_name = "TIME")]
        expires: Option<String>,
        /// What the log calls its holder
        #[arg(long, default_value = "token")]
        label: String,
    },
}

impl Token {
    pub async fn run(self, app: Arc<App>) -> Done {
        let What::Create { site, scope, expires, label } = self.command;
        let site = site_of(&app, &site).await?;
        let scope = Scope::parse(&scope).ok_or_else(|| Failed(format!("--scope: expected read, moderate or admin, found \"{scope}\"")))?;
        let now = app.clock.now();
        let expires = match expires {
            Some(text) => {
                Some(Time(now.0 + span(&text).ok_or_else(|| Failed(format!("--expires: expected a time such as 90d, 12h or 30m, found \"{text}\"")))?))
            }
            None => None,
        };
        let token = access::create_token(&app, Some(site.id), scope, &label, expires).await.map_err(Failed::from_no)?;
        say(&token);
        app.db.close().await;
        Ok(())
    }
}

/// `90d`, `12h`, `30m`, `45s` in milliseconds.
fn span(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        'd' => 24 * 3600 * 1000,
        'h' => 3600 * 1000,
        'm' => 60 * 1000,
        's' => 1000,
        _ => return None,
    };
    text[..text.len() - 1].parse::<i64>().ok().filter(|n| *n > 0)?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans() {
        assert_eq!(span("90d"), Some(7_776_000_000));
        assert_eq!(span("30m"), Some(1_800_000));
        for wrong in ["", "d", "0d", "-1d", "9", "1w", "9999999999999999d"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
