//! `jiwar admin`

use super::{Done, Failed, say, site_of};
use crate::{
    App,
    community::staff::{self, FromConsole},
};
use clap::{Args, Subcommand};
use jiwar_wire::{
    access::StaffRole,
    input::{DisplayName, Email},
};
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Admin {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Adds somebody who may administer and prints a one-time sign-in link; for one who is there, changes what is said and prints a link
    Add {
        email: String,
        /// For one site; otherwise for all of them
        #[arg(long, value_name = "KEY")]
        site: Option<String>,
        /// owner, admin or moderator; without it, owner of all sites or admin of the one
        #[arg(long)]
        role: Option<String>,
        /// How the log calls them
        #[arg(long)]
        name: Option<String>,
    },
    /// Prints a one-time sign-in link for somebody who is there. It always works
    Link {
        email: String,
        /// Switches the second factor off and ends all their sessions: for a lost telephone
        #[arg(long)]
        without_second_factor: bool,
    },
}

impl Admin {
    pub async fn run(self, app: Arc<App>) -> Done {
        let link = match self.command {
            What::Add { email, site, role, name } => {
                let site = match site {
                    Some(key) => Some(site_of(&app, &key).await?.id),
                    None => None,
                };
                let role = match role {
                    Some(text) => Some(StaffRole::parse(&text).ok_or_else(|| Failed(format!("--role: expected owner, admin or moderator, found \"{text}\"")))?),
                    None => None,
                };
                let name = match name {
                    Some(text) => Some(DisplayName::parse(&text).map_err(|_| Failed("--name: expected 1 to 40 letters".into()))?),
                    None => None,
                };
                staff::add(&app, FromConsole { site, email: address(&email)?, name, role }).await.map_err(Failed::from_no)?
            }
            What::Link { email, without_second_factor } => match staff::link(&app, &address(&email)?, without_second_factor).await {
                Err(crate::community::No::Refused(jiwar_wire::Refusal::NotFound)) => {
                    return Err(Failed(format!("nobody of that address is here; add them with: jiwar admin add {email}")));
                }
                other => other.map_err(Failed::from_no)?,
            },
        };
        say(&format!("Sign in once, within {} hours:\n{link}", staff::LINK_MS / 3_600_000));
        app.db.close().await;
        Ok(())
    }
}

fn address(text: &str) -> Result<Email, Failed> {
    Email::parse(text).map_err(|_| Failed("that is not an e-mail address".into()))
}
