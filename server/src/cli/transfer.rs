//! `jiwar import` and `jiwar export`

use super::{Done, Failed};
use crate::App;
use clap::Args;
use std::{path::PathBuf, sync::Arc};

#[derive(Debug, Args)]
pub struct Import {
    #[arg(long, value_name = "KEY")]
    site: String,
    /// wordpress, disqus or jiwar; found out from the file when not said
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,
    /// Reports what would happen and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// The report for machines
    #[arg(long)]
    json: bool,
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
    pub async fn run(self, _app: Arc<App>) -> Done {
        Err(Failed("import is not here yet".into()))
    }
}
impl Export {
    pub async fn run(self, _app: Arc<App>) -> Done {
        Err(Failed("export is not here yet".into()))
    }
}
