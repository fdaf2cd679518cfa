//! `jiwar site akismet`

use super::{Done, Failed, say, site_of};
use crate::{
    App,
    community::judges::{self, AKISMET},
};
use clap::Args;
use jiwar_wire::judges::{AkismetInput, Unanswered};
use std::{
    io::{Read, stdin},
    path::PathBuf,
};

/// Who did it, in the log.
const BY: &str = "console";

#[derive(Debug, Args)]
pub struct Akismet {
    /// The site's key
    site: String,
    /// A file with the API key in it, or `-` for standard input; without it the key that is kept
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Writers' e-mail addresses are sent along
    #[arg(long)]
    email: bool,
    /// The blog's languages, such as `ar, en`; without it the site's own
    #[arg(long, value_name = "LANGUAGES")]
    lang: Option<String>,
    /// What becomes of a comment while there is no answer: hold, or local (the site's own filter and rules decide)
    #[arg(long, default_value = "hold")]
    unanswered: String,
    /// Akismet is to learn nothing from it
    #[arg(long)]
    test: bool,
    /// Switches it off, and forgets the key
    #[arg(long, conflicts_with_all = ["key_file", "email", "lang", "test"])]
    off: bool,
}

impl Akismet {
    pub async fn run(self, app: &App) -> Done {
        let site = site_of(app, &self.site).await?;
        if self.off {
            judges::end(app, &site, BY, AKISMET).await.map_err(Failed::from_no)?;
            say(&format!("Akismet is not asked about the comments of {}.", site.key));
            return Ok(());
        }
        let unanswered =
            Unanswered::parse(&self.unanswered).ok_or_else(|| Failed(format!("--unanswered: expected hold or local, found \"{}\"", self.unanswered)))?;
        let input = AkismetInput { key: self.key_file.map(read).transpose()?, email: self.email, lang: self.lang, unanswered, test: self.test };
        judges::set_akismet(app, &site, BY, input).await.map_err(Failed::from_no)?;
        say(&format!("The key is good. From now on Akismet is asked about the comments of {}, and the form says so.", site.key));
        Ok(())
    }
}

/// The key itself stands on no command line, where others could read it.
fn read(path: PathBuf) -> Result<String, Failed> {
    if path.as_os_str() == "-" {
        let mut text = String::new();
        stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(&path).map_err(|e| Failed(format!("cannot read {}: {e}", path.display())))
}
