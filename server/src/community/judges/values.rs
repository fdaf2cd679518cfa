//! What Akismet is told of a comment: the fields of its protocol.

use super::Told;
use crate::{
    App,
    community::{filter::Asked, present},
    store::{self, sites::Site, threads},
};
use jiwar_wire::{Time, judges::AkismetSettings};
use serde::{Deserialize, Serialize};

/// Letters of what a browser says of itself and of where it comes from.
const HEADER: usize = 500;

/// The fields in their order, without the key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Values(Vec<(String, String)>);

impl Values {
    /// As a form, with the key, and with the reason when it is not the first question about the comment.
    pub fn form(&self, key: &str, recheck: Option<&str>) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("api_key", key);
        form.extend_pairs(&self.0);
        if let Some(reason) = recheck {
            form.append_pair("recheck_reason", reason);
        }
        form.finish()
    }

    /// The same question about another text.
    #[must_use]
    pub fn about(&self, text: &str) -> Self {
        let other = |(name, value): &(String, String)| (name.clone(), if name == "comment_content" { text.to_owned() } else { value.clone() });
        Self(self.0.iter().map(other).collect())
    }

    pub fn seal(&self, app: &App) -> Vec<u8> {
        app.keys.seal_judge(&serde_json::to_vec(self).unwrap_or_default(), app.chance.as_ref())
    }

    pub fn open(app: &App, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&app.keys.open_judge(sealed)?).ok()
    }
}

/// Where a comment stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The page's own address when we know it, else its address on this server.
    pub url: String,
    /// When the page's thread began; the post is at least as old.
    pub since: Option<Time>,
}

pub async fn place(app: &App, site: &Site, asked: &Asked<'_>) -> store::Result<Place> {
    let page = &asked.new.page;
    let thread = threads::by_key(&app.db, site.id, &page.key).await?;
    let said = page.url.as_deref().filter(|url| site.origins.iter().any(|origin| crate::community::comments::is_under(url, origin)));
    let known = thread.as_ref().and_then(|t| t.url.clone()).or_else(|| said.map(str::to_owned));
    let url = known.unwrap_or_else(|| present::discuss_url(app, &site.key, page.key.as_str()));
    Ok(Place { url, since: thread.map(|t| Time(t.created_at)) })
}

/// Where the blog lives: its key is bound to it.
pub fn blog(app: &App, site: &Site) -> String {
    site.origins.first().cloned().unwrap_or_else(|| app.config.public_url.clone())
}

/// Everything that Akismet asks for and that we have. What nobody said is left out.
pub fn of(app: &App, site: &Site, settings: &AkismetSettings, asked: &Asked<'_>, told: &Told, place: &Place) -> Values {
    let (new, writer) = (asked.new, &asked.new.writer);
    let header = |text: &Option<String>| text.as_deref().map(|text| super::plain(text, HEADER));
    let email = writer.email.as_ref().filter(|_| settings.email);
    let mut fields = vec![
        ("blog", Some(blog(app, site))),
        ("user_ip", asked.address.map(|address| address.to_canonical().to_string())),
        ("user_agent", header(&told.agent)),
        ("referrer", header(&told.referrer)),
        ("permalink", Some(place.url.clone())),
        ("comment_type", Some(if new.parent.is_some() { "reply" } else { "comment" }.to_owned())),
        ("comment_parent", new.parent.map(|parent| parent.to_string())),
        ("comment_author", Some(writer.name.as_str().to_owned())),
        ("comment_author_email", email.map(|email| email.as_str().to_owned())),
        ("comment_author_url", writer.website.as_ref().map(|website| website.as_str().to_owned())),
        ("comment_content", Some(new.body.as_str().to_owned())),
        ("comment_date_gmt", Some(seconds(asked.now))),
        ("comment_post_modified_gmt", place.since.map(seconds)),
        ("blog_lang", Some(settings.lang.clone().unwrap_or_else(|| site.locale.tag().to_owned()))),
        ("blog_charset", Some("UTF-8".to_owned())),
        ("is_test", settings.test.then(|| "1".to_owned())),
    ];
    if let Some(typed) = &told.decoy {
        let name = app.keys.decoy(site.id, new.page.key.as_str());
        fields.push(("honeypot_field_name", Some(name.to_owned())));
        fields.push((name, Some(super::plain(typed, HEADER))));
    }
    Values(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// ISO 8601 in UTC, without milliseconds.
fn seconds(time: Time) -> String {
    Time(time.0.div_euclid(1000) * 1000).to_string()
}
