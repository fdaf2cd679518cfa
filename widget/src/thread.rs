//! One thread of the page, and what is known of it.

use crate::dom::{self, Element, Host, join};
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
    /// The form as the server drew it, before anybody wrote in it: for answers and changes.
    blank: Option<Element>,
}

impl Thread {
    /// Reads what the fragment says of itself.
    pub fn read(section: Element, host: Host) -> Option<Self> {
        let lang = if section.attribute("lang") == "ar" { Lang::Ar } else { Lang::En };
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
            // The copied form names them already.
            judges: Vec::new(),
        };
        Some(Self {
            lang,
            api: section.get("data-api")?,
            site,
            page: section.get("data-page")?,
            url: section.get("data-url"),
            title: section.get("data-title"),
            sort: Sort::parse(&section.attribute("data-sort")).unwrap_or_default(),
            blank: host.form(),
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

    /// Whether there is a form at all.
    pub fn can_write(&self) -> bool {
        self.blank.is_some()
    }

    /// A new form: a copy of the thread's, with `kind` (`reply`, `edit`) for `form`
    /// in its ids. A copy, because drawing it here would be a tenth of the widget.
    pub fn form(&self, kind: &str) -> Option<Element> {
        let form = self.blank.as_ref()?.copy();
        form.set("id", kind);
        for name in ["id", "for"] {
            form.all(&join(&["[", name, "^=form-]"]), |part| part.set(name, &join(&[kind, part.attribute(name).strip_prefix("form").unwrap_or_default()])));
        }
        form.unset("aria-labelledby");
        Some(form)
    }

    pub fn newest_first(&self) -> bool {
        self.sort != Sort::Oldest
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
        self.section.find(&join(&["li[data-id=\"", id, "\"]"]))
    }

    /// HTML of our own functions as an element.
    pub fn element(&self, html: jiwar_view::Markup) -> Option<Element> {
        self.host.parse(&html.into_string()).find("*")
    }

    /// Where the server keeps the next page as HTML.
    pub fn fragment_path(&self, cursor: &str) -> String {
        let (page, cursor) = (dom::encode(&self.page), dom::encode(cursor));
        let (sort, lang) = (self.sort.as_str(), self.lang.tag());
        join(&["/embed/", &self.site.key, "/thread?page=", &page, "&sort=", sort, "&lang=", lang, "&cursor=", &cursor])
    }

    /// A name in the browser's storage: `jiwar:{kind}:{site}:{rest}`.
    pub fn key(&self, kind: &str, rest: &str) -> String {
        join(&["jiwar:", kind, ":", &self.site.key, ":", rest])
    }
}

/// This moment, by the reader's clock.
pub fn now() -> Time {
    Time(dom::now() as i64)
}
