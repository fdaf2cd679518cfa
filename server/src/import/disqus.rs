//! The XML that Disqus mails to a forum's owner.
//!
//! `<thread dsq:id>`s and `<post dsq:id>`s side by side; a post names its
//! thread and its parent by `dsq:id`. Format: disqus.com/api/schemas/1.0.

use super::{
    SourceFormat, Unreadable,
    raw::{Raw, RawComment, RawPage, short},
    wordpress::{expect_root, plain_date},
    xml::{Step, Xml},
};
use jiwar_wire::comment::Status;

pub struct Disqus {
    xml: Xml,
    started: bool,
    ended: bool,
    thread: Option<RawPage>,
    post: Option<Post>,
}

#[derive(Default)]
struct Post {
    raw: RawComment,
    deleted: bool,
    spam: bool,
    unapproved: bool,
}

impl Disqus {
    pub const fn new(xml: Xml) -> Self {
        Self { xml, started: false, ended: false, thread: None, post: None }
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
            return expect_root(&self.xml, SourceFormat::Disqus);
        }
        match (self.xml.name.as_str(), self.xml.around()) {
            ("thread", "disqus") => self.thread = Some(RawPage { reference: self.reference(), ..RawPage::default() }),
            ("post", "disqus") => self.post = Some(Post { raw: RawComment { id: self.id(), ..RawComment::default() }, ..Post::default() }),
            ("thread", "post") => {
                let page = self.reference();
                if let Some(post) = &mut self.post {
                    post.raw.page = page;
                }
            }
            ("parent", "post") => {
                let parent = self.id();
                if let Some(post) = &mut self.post {
                    post.raw.parent = parent;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn id(&self) -> String {
        self.xml.attribute("dsq:id").or_else(|| self.xml.attribute("id")).unwrap_or_default().trim().to_owned()
    }

    /// 0 for a thread without an id, which no post can name.
    fn reference(&self) -> u64 {
        match self.id().as_str() {
            "" => 0,
            id => short(&[b"thread", id.as_bytes()]),
        }
    }

    fn close(&mut self) -> Option<Raw> {
        match (self.xml.name.as_str(), self.xml.inside()) {
            ("thread", "disqus") => return self.thread.take().map(|t| Raw::Page(Box::new(t))),
            ("post", "disqus") => return self.post.take().map(|p| Raw::Comment(Box::new(p.finish()))),
            (_, "thread") => self.thread_field(),
            (_, "post") => self.post_field(),
            (field @ ("name" | "email"), "author") => {
                let text = self.xml.text.trim().to_owned();
                if let Some(post) = &mut self.post {
                    *(if field == "name" { &mut post.raw.name } else { &mut post.raw.email }) = text;
                }
            }
            _ => {}
        }
        None
    }

    fn thread_field(&mut self) {
        let Some(thread) = &mut self.thread else { return };
        let text = self.xml.text.trim();
        match self.xml.name.as_str() {
            "link" => text.clone_into(&mut thread.link),
            "title" => text.clone_into(&mut thread.title),
            "createdAt" => thread.date = plain_date(text),
            "isClosed" => thread.closed = yes(text),
            "id" if !text.is_empty() => {
                thread.names.push(text.to_owned());
                // The WordPress plugin's identifier: `198 http://blog.example/?p=198`.
                if let Some((number, address)) = text.split_once(' ').filter(|(_, a)| a.contains("://")) {
                    thread.names.push(address.to_owned());
                    thread.names.push(number.to_owned());
                }
            }
            _ => {}
        }
    }

    fn post_field(&mut self) {
        let Some(post) = &mut self.post else { return };
        let text = self.xml.text.trim();
        match self.xml.name.as_str() {
            "id" => text.clone_into(&mut post.raw.inner),
            "createdAt" => post.raw.date = plain_date(text),
            "isDeleted" => post.deleted = yes(text),
            "isSpam" => post.spam = yes(text),
            "isApproved" => post.unapproved = !text.is_empty() && !yes(text),
            "message" => {
                post.raw.body = std::mem::take(&mut self.xml.text);
                post.raw.cut = self.xml.cut;
            }
            _ => {}
        }
    }
}

impl Iterator for Disqus {
    type Item = Result<Raw, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = self.advance();
        self.ended |= record.is_err();
        record.transpose()
    }
}

impl Post {
    fn finish(self) -> RawComment {
        let mut raw = self.raw;
        if raw.id.is_empty() && !raw.inner.is_empty() {
            raw.id = format!("id:{}", raw.inner);
        }
        raw.status = Some(match () {
            () if self.deleted => Status::Deleted,
            () if self.spam => Status::Spam,
            () if self.unapproved => Status::Pending,
            () => Status::Approved,
        });
        raw
    }
}

fn yes(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text == "1"
}
