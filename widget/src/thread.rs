//! One thread of the page, and what is known of it.

use crate::dom::{self, Element, Host};
use jiwar_view::{
    Place,
    words::{self, Words},
};
use jiwar_wire::{Lang, Time, limits, site::Site, thread::Sort};

/// A thread that stands in the page.
pub struct Thread {
    pub section: Element,
    pub host: Host,
    pub lang: Lang,
    pub api: String,
    pub site: Site,
    pub page: String,
    url: Option<String>,
    title: Option<String>,
    sort: Sort,
}

impl Thread {
    /// Reads what the fragment says of itself.
    pub fn read(section: Element, host: Host) -> Option<Self> {
        let lang = Lang::from_tag(&section.attribute("lang")).unwrap_or_default();
        let number = |name: &str| section.get(name).and_then(|n| n.parse().ok()).unwrap_or_default();
        let site = Site {
            key: section.get("data-site")?,
            name: String::new(),
            locale: lang,
            moderation: Default::default(),
            email_required: section.has("data-email-required"),
            edit_window: number("data-edit-window"),
            // The line stands above the form already.
            rules: Some(String::new()),
            indent: number("data-indent"),
            body_limit: limits::BODY_GRAPHEMES as u32,
            name_limit: limits::NAME_GRAPHEMES as u32,
        };
        Some(Self {
            lang,
            api: section.get("data-api")?,
            site,
            page: section.get("data-page")?,
            url: section.get("data-url"),
            title: section.get("data-title"),
            sort: Sort::parse(&section.attribute("data-sort")).unwrap_or_default(),
            section,
            host,
        })
    }

    pub fn place(&self) -> Place<'_> {
        Place {
            lang: self.lang,
            api: &self.api,
            site: &self.site,
            page_id: &self.page,
            url: self.url.as_deref(),
            title: self.title.as_deref(),
            sort: self.sort,
            now: Some(now()),
            host: jiwar_view::Host::Embed,
        }
    }

    pub fn words(&self) -> &'static Words {
        words::words(self.lang)
    }

    pub fn newest_first(&self) -> bool {
        self.sort == Sort::Newest
    }

    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Says something to those who listen instead of looking.
    pub fn announce(&self, text: &str) {
        self.section.say("status", text);
    }

    /// The row of a comment, if it is shown.
    pub fn row(&self, id: &str) -> Option<Element> {
        let mut selector = String::from("li[data-id=\"");
        selector.push_str(id);
        selector.push_str("\"]");
        self.section.find(&selector)
    }

    /// HTML of our own functions as an element.
    pub fn element(&self, html: jiwar_view::Markup) -> Option<Element> {
        self.host.parse(&html.into_string()).find("*")
    }

    /// Where the server keeps the next page as HTML.
    pub fn fragment_path(&self, cursor: &str) -> String {
        let mut path = String::from("/embed/");
        path.push_str(&self.site.key);
        let page = dom::encode(&self.page);
        let cursor = dom::encode(cursor);
        for part in ["/thread?page=", &page, "&sort=", self.sort.as_str(), "&lang=", self.lang.tag(), "&cursor=", &cursor] {
            path.push_str(part);
        }
        path
    }

    /// A name in the browser's storage: `jiwar:{kind}:{site}:{rest}`.
    pub fn key(&self, kind: &str, rest: &str) -> String {
        let mut key = String::from("jiwar:");
        for part in [kind, ":", &self.site.key, ":", rest] {
            key.push_str(part);
        }
        key
    }
}

/// This moment, by the reader's clock.
pub fn now() -> Time {
    Time(dom::now() as i64)
}
