//! `jiwar dev`: what only those who work on Jiwar need.

use super::{Done, Failed, say, site_of};
use crate::{
    App,
    community::transfer::fill::{Fill, fill},
};
use clap::{Args, Subcommand};
use std::{sync::Arc, time::Instant};

#[derive(Debug, Args)]
pub struct Dev {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes comments up, for measuring. The same seed makes the same ones
    Fill(FillArgs),
}

#[derive(Debug, Args)]
struct FillArgs {
    #[arg(long, value_name = "KEY")]
    site: String,
    /// In all
    #[arg(long)]
    comments: u64,
    /// Threads over which they are spread; one for each hundred comments when not said
    #[arg(long)]
    threads: Option<u64>,
    /// A thread of so many comments, among them; may be given again
    #[arg(long, value_name = "COMMENTS")]
    long: Vec<u64>,
    /// Who write them; one for each fifty comments when not said
    #[arg(long)]
    people: Option<u64>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Dev {
    pub async fn run(self, app: Arc<App>) -> Done {
        let What::Fill(args) = self.command;
        let site = site_of(&app, &args.site).await?;
        let FillArgs { comments, threads, long, people, seed, .. } = args;
        if comments == 0 || long.iter().sum::<u64>() > comments {
            return Err(Failed("--comments: expected one or more, and no fewer than those of --long together".into()));
        }
        let threads = threads.unwrap_or(comments / 100).max(1);
        let people = people.unwrap_or(comments / 50).clamp(10, 1_000_000);
        let started = Instant::now();
        let mut said = 0;
        let tell = |met: u64| {
            if met - said >= 100_000 {
                said = met;
                eprintln!("{met} comments, {:.0} a second", met as f64 / started.elapsed().as_secs_f64());
            }
        };
        let new = fill(&app, site, Fill { comments, threads, long, people, seed }, tell).await?;
        app.db.close().await;
        let took = started.elapsed().as_secs_f64();
        say(&format!("{new} comments made up in {took:.1} seconds, {:.0} a second", new as f64 / took));
        Ok(())
    }
}
