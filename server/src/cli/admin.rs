//! `jiwar admin`

use super::{Done, Failed, say, site_of};
use crate::{App, community::access};
use clap::{Args, Subcommand};
use jiwar_wire::input::Email;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Admin {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Adds an admin and prints a one-time sign-in link; for one who is there, only the link
    Add {
        email: String,
        /// For one site; otherwise for all of them
        #[arg(long, value_name = "KEY")]
        site: Option<String>,
    },
}

impl Admin {
    pub async fn run(self, app: Arc<App>) -> Done {
        let What::Add { email, site } = self.command;
        let email = Email::parse(&email).map_err(|_| Failed("that is not an e-mail address".into()))?;
        let site = match site {
            Some(key) => Some(site_of(&app, &key).await?.id),
            None => None,
        };
        let link = access::add_admin(&app, site, &email).await.map_err(Failed::from_no)?;
        say(&format!("Sign in once, within {} hours:\n{link}", access::LINK_MS / 3_600_000));
        app.db.close().await;
        Ok(())
    }
}
