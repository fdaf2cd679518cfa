//! Where a thread is shown, and the links that lead around in it.

use crate::words::time;
use jiwar_wire::{Lang, Time, ids::CommentId, site::Site, thread::Sort};
use maud::Render;

/// Where and in which language a thread is shown.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub lang: Lang,
    /// The server's public URL, without a slash at its end.
    pub api: &'a str,
    pub site: &'a Site,
    /// The page's key.
    pub page_id: &'a str,
    /// The post's own address.
    pub url: Option<&'a str>,
    pub title: Option<&'a str>,
    pub sort: Sort,
    /// With it times are relative; without it they are dates, the same for everybody.
    pub now: Option<Time>,
    pub host: Host,
}

/// What the thread stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Host {
    /// A blog's page.
    Embed,
    /// The server's own page, which has no script: its links stay on it.
    Discuss,
}

impl Place<'_> {
    /// The thread's page on the server: `{api}/discuss/{site}?page=…&lang=…`.
    pub fn discuss(&self) -> String {
        let mut out = String::with_capacity(self.api.len() + self.page_id.len() * 3 + 40);
        out.push_str(self.api);
        out.push_str("/discuss/");
        push_encoded(&mut out, &self.site.key);
        out.push_str("?page=");
        push_encoded(&mut out, self.page_id);
        out.push_str("&lang=");
        out.push_str(self.lang.tag());
        if self.sort != Sort::default() {
            out.push_str("&sort=");
            out.push_str(self.sort.as_str());
        }
        out
    }

    /// The same in the usual order: the one address that others should know it by.
    pub(crate) fn canonical(&self) -> String {
        Self { sort: Sort::default(), ..*self }.discuss()
    }

    /// The page with one thing more to say: `&cursor=…`, `&reply=…#form`.
    pub(crate) fn discuss_with(&self, name: &str, value: &str, fragment: &str) -> String {
        let mut out = self.discuss();
        out.push('&');
        out.push_str(name);
        out.push('=');
        push_encoded(&mut out, value);
        out.push_str(fragment);
        out
    }

    /// The page after this one. It says its order even if that is the usual one: which one
    /// is usual may be another by then, and a cursor belongs to one order.
    pub(crate) fn more(&self, cursor: &str) -> String {
        let page = Self { sort: Sort::default(), ..*self };
        let mut out = page.discuss_with("sort", self.sort.as_str(), "&cursor=");
        push_encoded(&mut out, cursor);
        out
    }

    /// The same thread in another order.
    pub(crate) fn sorted(&self, sort: Sort) -> String {
        Self { sort: Sort::default(), ..*self }.discuss_with("sort", sort.as_str(), "")
    }
}

/// Percent-encodes a value of a query (RFC 3986, unreserved letters and `/` stay).
pub(crate) fn push_encoded(out: &mut String, value: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].into_iter().filter_map(|n| HEX.get(usize::from(n))));
        }
    }
}

/// An id in HTML, written without the formatting machinery.
pub(crate) struct Id(pub CommentId);

impl Id {
    pub(crate) fn push(&self, out: &mut String) {
        let mut buffer = [0; 36]; // 32 hex digits and 4 hyphens
        out.push_str(self.0.uuid().hyphenated().encode_lower(&mut buffer));
    }

    pub(crate) fn text(&self) -> String {
        let mut out = String::with_capacity(36);
        self.push(&mut out);
        out
    }
}

impl Render for Id {
    fn render_to(&self, out: &mut String) {
        self.push(out);
    }
}

/// A moment as RFC 3339, written without the formatting machinery.
pub(crate) struct Stamp(pub Time);

impl Render for Stamp {
    fn render_to(&self, out: &mut String) {
        time::push_rfc3339(out, self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_values_are_encoded() {
        let mut s = String::new();
        push_encoded(&mut s, "/مدونة/a b&c=d?#%");
        assert_eq!(s, "/%D9%85%D8%AF%D9%88%D9%86%D8%A9/a%20b%26c%3Dd%3F%23%25");
    }
}
