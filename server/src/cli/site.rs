//! `jiwar site`

use super::{Done, Failed, akismet::Akismet, say};
use crate::{
    App,
    app::chain,
    clock::new_id,
    store::{self, sites},
};
use clap::{Args, Subcommand};
use jiwar_wire::{
    Lang,
    ids::SiteId,
    input,
    site::{Moderation, Settings, SpamLevel},
};
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Site {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Adds a site
    Add(Add),
    /// Lists the sites
    List,
    /// Asks Akismet about a site's comments, or no longer
    Akismet(Akismet),
}

#[derive(Debug, Args)]
struct Add {
    /// The site's short name in URLs: a-z 0-9 - _ .
    key: String,
    /// Its name, as people read it
    #[arg(long)]
    name: String,
    /// An origin where the blog lives, such as `https://blog.example`; may be given again
    #[arg(long = "origin", required = true, value_name = "URL")]
    origins: Vec<String>,
    /// The language of the blog: ar or en
    #[arg(long, default_value = "en")]
    locale: String,
    /// When comments become public: publish-all, hold-first or hold-all
    #[arg(long, default_value = "hold-first")]
    moderation: String,
    /// How careful the spam filter is: off, relaxed, balanced, strict. Balanced, unless everything is to be published: then relaxed
    #[arg(long)]
    spam: Option<String>,
    /// Writers must give an e-mail address
    #[arg(long)]
    email_required: bool,
    /// It is no error when there is a site of this key
    #[arg(long)]
    if_missing: bool,
}

impl Site {
    pub async fn run(self, app: Arc<App>) -> Done {
        match self.command {
            What::Add(add) => add.run(&app).await?,
            What::Akismet(it) => it.run(&app).await?,
            What::List => {
                for site in sites::all(&app.db).await.map_err(|e| Failed(chain(&e)))? {
                    say(&format!("{}\t{}\t{}\t{}", site.key, site.locale.tag(), site.name, site.origins.join(" ")));
                }
            }
        }
        app.db.close().await;
        Ok(())
    }
}

impl Add {
    async fn run(self, app: &App) -> Done {
        let key = input::site_key(&self.key).ok_or_else(|| Failed(format!("a site's key is 1 to 64 of a-z 0-9 - _ . ; found \"{}\"", self.key)))?.to_owned();
        let origin = |o: &String| input::origin(o).ok_or_else(|| Failed(format!("--origin: expected an origin such as https://blog.example, found \"{o}\"")));
        let mut name = input::clean_line(&self.name);
        if name.is_empty() {
            name.clone_from(&key);
        }
        let moderation = Moderation::parse(&self.moderation)
            .ok_or_else(|| Failed(format!("--moderation: expected publish-all, hold-first or hold-all, found \"{}\"", self.moderation)))?;
        let spam = match &self.spam {
            Some(text) => SpamLevel::parse(text).ok_or_else(|| Failed(format!("--spam: expected off, relaxed, balanced or strict, found \"{text}\"")))?,
            // Who wants everything published wants doubtful things published too.
            None if moderation == Moderation::PublishAll => SpamLevel::Relaxed,
            None => SpamLevel::default(),
        };
        let site = sites::Site {
            id: SiteId::new(new_id(app.clock.now(), app.chance.as_ref())),
            key: key.clone(),
            name,
            locale: Lang::from_tag(&self.locale).ok_or_else(|| Failed(format!("--locale: expected ar or en, found \"{}\"", self.locale)))?,
            origins: self.origins.iter().map(origin).collect::<Result<_, _>>()?,
            settings: Settings { moderation, spam, email_required: self.email_required, ..Settings::default() },
            judges: Default::default(),
        };
        let (now, wanted) = (app.clock.now(), site.origins.clone());
        let added: Result<bool, store::Error> = app.db.write(move |tx| Box::pin(async move { sites::add(tx, &site, now).await })).await;
        match added.map_err(|e| Failed(chain(&e)))? {
            true => say(&format!(
                "Site {key} is there. The tag for its pages:\n<script async src=\"{}/embed.js\" data-site=\"{key}\"></script>",
                app.config.public_url
            )),
            false if self.if_missing => {
                let more = add_origins(app, &key, wanted).await?;
                say(&format!("Site {key} was there already{}.", if more { "; it has the origin now" } else { "" }));
            }
            false => return Err(Failed(format!("there is a site \"{key}\" already"))),
        }
        Ok(())
    }
}

/// Adds origins to a site that is there. False when it has them all.
async fn add_origins(app: &App, key: &str, wanted: Vec<String>) -> Result<bool, Failed> {
    let mut site = (*super::site_of(app, key).await?).clone();
    let missing: Vec<String> = wanted.into_iter().filter(|o| !site.origins.contains(o)).collect();
    if missing.is_empty() {
        return Ok(false);
    }
    site.origins.extend(missing);
    let id = site.id;
    let changed: Result<(), store::Error> = app.db.write(move |tx| Box::pin(async move { sites::change(tx, &site).await })).await;
    changed.map_err(|e| Failed(chain(&e)))?;
    app.changed(id, "");
    Ok(true)
}
