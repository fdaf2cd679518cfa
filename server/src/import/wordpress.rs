//! WordPress eXtended RSS (WXR).
//!
//! An `<item>` is a page; its `<wp:comment>`s stand inside it. Fields as
//! written by `export_wp()` of WordPress (wp-admin/includes/export.php).

use super::{
    Skip, SourceFormat, Unreadable,
    raw::{Raw, RawComment, RawPage},
    xml::{Step, Xml},
};
use jiwar_wire::{Time, comment::Status};
use std::collections::HashSet;

pub struct Wordpress {
    xml: Xml,
    started: bool,
    ended: bool,
    items: u64,
    /// `/` of the blog, for addresses such as `/?p=7`.
    base: String,
    /// Ids of those who wrote posts.
    authors: HashSet<String>,
    channel_date: Option<Time>,
    item: Option<Item>,
    comment: Option<Comment>,
}

#[derive(Default)]
struct Item {
    page: RawPage,
    id: String,
    guid: String,
    guid_is_link: bool,
    dates: [Option<Time>; 3],
    comments: bool,
}

#[derive(Default)]
struct Comment {
    raw: RawComment,
    local_date: Option<Time>,
}

impl Wordpress {
    pub fn new(xml: Xml) -> Self {
        Self { xml, started: false, ended: false, items: 0, base: String::new(), authors: HashSet::new(), channel_date: None, item: None, comment: None }
    }

    fn advance(&mut self) -> Result<Option<Raw>, Unreadable> {
        while !self.ended {
            match self.xml.step()? {
                Step::End => self.ended = true,
                Step::Open => self.open()?,
                Step::Close => {
                    if let Some(record) = self.close() {
                        return Ok(Some(record));
                    }
                }
            }
        }
        Ok(None)
    }

    fn open(&mut self) -> Result<(), Unreadable> {
        if !std::mem::replace(&mut self.started, true) {
            expect_root(&self.xml, SourceFormat::Wordpress)?;
        }
        match self.xml.name.as_str() {
            "item" if self.xml.around() == "channel" => {
                self.items += 1;
                self.item = Some(Item { page: RawPage { reference: self.items, ..RawPage::default() }, ..Item::default() });
            }
            "wp:comment" if self.xml.around() == "item" => {
                self.comment = Some(Comment { raw: RawComment { page: self.items, ..RawComment::default() }, local_date: None });
            }
            "guid" => {
                let is_link = self.xml.attribute("isPermaLink").is_none_or(|v| v != "false");
                if let Some(item) = &mut self.item {
                    item.guid_is_link = is_link;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Option<Raw> {
        match (self.xml.name.as_str(), self.xml.inside()) {
            ("wp:comment", "item") => {
                let comment = self.comment.take()?;
                if let Some(item) = &mut self.item {
                    item.comments = true;
                }
                return Some(Raw::Comment(Box::new(comment.finish())));
            }
            ("item", "channel") => {
                let item = self.item.take().filter(|i| i.comments)?;
                return Some(Raw::Page(Box::new(item.finish(&self.base, self.channel_date))));
            }
            (_, "wp:comment") => self.comment_field(),
            (_, "item") => self.item_field(),
            (_, "channel") => self.channel_field(),
            ("wp:author_id", "wp:author") => {
                self.authors.insert(self.xml.text.trim().to_owned());
            }
            _ => {}
        }
        None
    }

    fn channel_field(&mut self) {
        let text = self.xml.text.trim();
        match self.xml.name.as_str() {
            "link" if self.base.is_empty() => text.clone_into(&mut self.base),
            "wp:base_blog_url" if !text.is_empty() => text.clone_into(&mut self.base),
            "pubDate" => self.channel_date = mail_date(text),
            _ => {}
        }
    }

    fn item_field(&mut self) {
        let Some(item) = &mut self.item else { return };
        let text = self.xml.text.trim();
        match self.xml.name.as_str() {
            "title" => text.clone_into(&mut item.page.title),
            "link" => text.clone_into(&mut item.page.link),
            "guid" => text.clone_into(&mut item.guid),
            "pubDate" => item.dates[2] = mail_date(text),
            "wp:post_id" => text.clone_into(&mut item.id),
            "wp:post_date_gmt" => item.dates[0] = plain_date(text),
            "wp:post_date" => item.dates[1] = plain_date(text),
            "wp:comment_status" => item.page.closed = text == "closed",
            "wp:status" => item.page.hidden |= matches!(text, "draft" | "private" | "trash" | "pending" | "future" | "auto-draft"),
            "wp:post_password" => item.page.hidden |= !text.is_empty(),
            _ => {}
        }
    }

    fn comment_field(&mut self) {
        let Some(comment) = &mut self.comment else { return };
        let raw = &mut comment.raw;
        let text = self.xml.text.trim();
        match self.xml.name.as_str() {
            "wp:comment_id" => text.clone_into(&mut raw.id),
            "wp:comment_parent" => text.clone_into(&mut raw.parent),
            "wp:comment_author" => text.clone_into(&mut raw.name),
            "wp:comment_author_email" => text.clone_into(&mut raw.email),
            "wp:comment_author_url" => text.clone_into(&mut raw.website),
            "wp:comment_date_gmt" => raw.date = plain_date(text),
            "wp:comment_date" => comment.local_date = plain_date(text),
            "wp:comment_approved" => raw.status = status(text),
            "wp:comment_type" => raw.skip = left_out(text),
            "wp:comment_user_id" => raw.by_author = text != "0" && self.authors.contains(text),
            "wp:comment_content" => {
                raw.body = std::mem::take(&mut self.xml.text);
                raw.cut = self.xml.cut;
            }
            _ => {}
        }
    }
}

impl Iterator for Wordpress {
    type Item = Result<Raw, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = self.advance();
        self.ended |= record.is_err();
        record.transpose()
    }
}

impl Item {
    fn finish(self, base: &str, channel_date: Option<Time>) -> RawPage {
        let mut page = self.page;
        page.date = self.dates.into_iter().flatten().next().or(channel_date);
        // A guid that is no link may be the address of another post: blogs that were moved keep the old ones.
        if self.guid_is_link && self.guid.contains("://") {
            page.names.push(self.guid);
        }
        if !self.id.is_empty() {
            page.names.push(format!("{}/?p={}", base.trim_end_matches('/'), self.id));
            page.names.push(self.id);
        }
        page
    }
}

impl Comment {
    fn finish(self) -> RawComment {
        let mut raw = self.raw;
        if raw.date.is_none() {
            raw.date = self.local_date;
            raw.date_guessed = true;
        }
        raw
    }
}

/// Whether the file's first element is that of the format.
pub fn expect_root(xml: &Xml, asked: SourceFormat) -> Result<(), Unreadable> {
    match xml.name.rsplit(':').next() {
        Some("rss") if asked == SourceFormat::Wordpress => Ok(()),
        Some("disqus") if asked == SourceFormat::Disqus => Ok(()),
        Some("rss") => Err(Unreadable::Other { asked, found: SourceFormat::Wordpress }),
        Some("disqus") => Err(Unreadable::Other { asked, found: SourceFormat::Disqus }),
        _ => Err(Unreadable::Unknown("XML of another kind")),
    }
}

fn status(text: &str) -> Option<Status> {
    match text {
        "1" | "approve" | "approved" => Some(Status::Approved),
        "0" | "hold" | "unapproved" => Some(Status::Pending),
        "spam" => Some(Status::Spam),
        "trash" | "post-trashed" => Some(Status::Removed),
        _ => None,
    }
}

/// A review is words of a reader; other types are made by machines or for editors.
fn left_out(kind: &str) -> Option<Skip> {
    match kind {
        "" | "comment" | "review" => None,
        "pingback" => Some(Skip::Pingback),
        "trackback" => Some(Skip::Trackback),
        _ => Some(Skip::OtherType),
    }
}

/// `2014-01-14 17:32:12`, in UTC. `0000-00-00 00:00:00` stands for none.
pub fn plain_date(text: &str) -> Option<Time> {
    Time::parse(text).or_else(|| Time::parse(&format!("{text}Z"))).filter(|t| t.0 >= 0)
}

/// `Tue, 14 Jan 2014 17:31:03 +0000` (RFC 2822).
fn mail_date(text: &str) -> Option<Time> {
    let stamp = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Time(stamp.as_millisecond())).filter(|t| t.0 >= 0)
}
