//! Valine's comments as LeanCloud exports them: a `#filetype` line, then one
//! JSON object a line. Each comment names its page by `url` and its parent by `pid`.

use super::{
    Unreadable,
    lines::Lines,
    raw::{Raw, RawComment, RawPage, short},
    wordpress::plain_date,
};
use jiwar_wire::{Time, comment::Status};
use serde::Deserialize;
use std::collections::{HashSet, VecDeque};

pub struct Valine {
    lines: Lines,
    seen: HashSet<u64>,
    ready: VecDeque<Raw>,
    ended: bool,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Line {
    object_id: String,
    pid: Option<String>,
    rid: Option<String>,
    nick: Option<String>,
    mail: Option<String>,
    link: Option<String>,
    comment: Option<String>,
    url: Option<String>,
    status: Option<String>,
    inserted_at: Option<Moment>,
    created_at: Option<Moment>,
}

/// `"2022-12-06T04:04:28.970Z"` or `{"__type": "Date", "iso": "…"}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Plain(String),
    Typed { iso: String },
}

impl Moment {
    fn time(&self) -> Option<Time> {
        let (Self::Plain(text) | Self::Typed { iso: text }) = self;
        plain_date(text)
    }
}

impl Valine {
    pub fn new(lines: Lines) -> Self {
        Self { lines, seen: HashSet::new(), ready: VecDeque::new(), ended: false }
    }

    fn advance(&mut self) -> Result<Option<Raw>, Unreadable> {
        while self.ready.is_empty() {
            let Some(line) = self.lines.next_line()? else { return Ok(None) };
            if line.starts_with('#') {
                continue;
            }
            let line = line.to_owned();
            let record: Line = Lines::parse(&line, self.lines.number())?;
            self.take(record);
        }
        Ok(self.ready.pop_front())
    }

    fn take(&mut self, line: Line) {
        let url = line.url.unwrap_or_default();
        let page = short(&[b"page", url.as_bytes()]);
        if self.seen.insert(page) {
            self.ready.push_back(Raw::Page(Box::new(RawPage { reference: page, link: url, ..RawPage::default() })));
        }
        let inserted = line.inserted_at.and_then(|m| m.time());
        let status = match line.status.as_deref() {
            None | Some("" | "approved") => Some(Status::Approved),
            Some("waiting") => Some(Status::Pending),
            Some("spam") => Some(Status::Spam),
            Some(_) => None,
        };
        self.ready.push_back(Raw::Comment(Box::new(RawComment {
            page,
            id: line.object_id,
            parent: line.pid.filter(|p| !p.is_empty()).or(line.rid).unwrap_or_default(),
            name: line.nick.unwrap_or_default(),
            email: line.mail.unwrap_or_default(),
            website: line.link.unwrap_or_default(),
            body: line.comment.unwrap_or_default(),
            date: inserted.or_else(|| line.created_at.and_then(|m| m.time())),
            status,
            ..RawComment::default()
        })));
    }
}

impl Iterator for Valine {
    type Item = Result<Raw, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.advance();
        self.ended = !matches!(record, Ok(Some(_)));
        record.transpose()
    }
}
