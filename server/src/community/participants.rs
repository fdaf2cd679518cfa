//! Who takes part in a thread, which pages are most discussed, and how much is new.

use super::{
    Outcome,
    cursor::{self, List},
};
use crate::{
    App,
    store::{participants, sites::Site, threads::Thread},
    text,
};
use jiwar_wire::{
    Refusal, Time,
    comment::{Author, Role},
    ids::PersonId,
    limits,
    thread::{Discussed, DiscussedPage, NewSince, Participant, Participants},
};
use uuid::Uuid;

/// How far back a list of pages looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    Days(i64),
    Ever,
}

impl Window {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "7d" => Some(Self::Days(7)),
            "30d" => Some(Self::Days(30)),
            "all" => Some(Self::Ever),
            _ => None,
        }
    }
}

/// The people of a thread, those who said most first. A page without a thread has none.
pub async fn of(app: &App, site: &Site, thread: Option<&Thread>, cursor: Option<&str>, asked: Option<u32>) -> Outcome<Participants> {
    let Some(thread) = thread else {
        return if cursor.is_some() { Err(Refusal::BadCursor.into()) } else { Ok(Participants { people: Vec::new(), next: None }) };
    };
    let after = match cursor {
        Some(text) => place(&cursor::read(&app.keys, List::Participants, thread.id, text)?)?,
        None => (i64::MAX, Uuid::max()),
    };
    let limit = i64::from(asked.unwrap_or(20).clamp(1, limits::PAGE_MAX));
    let mut rows = participants::of_thread(&app.db, site.id, thread.id(), after, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|last| {
        let at = [last.comments.to_be_bytes().as_slice(), last.person.as_bytes()].concat();
        cursor::write(&app.keys, List::Participants, thread.id, &at)
    });
    let person = |row: participants::Participant| Participant {
        count: u32::try_from(row.comments).unwrap_or(0),
        person: Author {
            avatar: text::avatar(&row.name, &row.person.to_string()),
            id: Some(PersonId::new(row.person)),
            name: row.name,
            website: row.website,
            role: Role::parse(&row.role).unwrap_or_default(),
        },
    };
    Ok(Participants { people: rows.into_iter().map(person).collect(), next })
}

fn place(bytes: &[u8]) -> Result<(i64, Uuid), Refusal> {
    let (comments, person) = bytes.split_first_chunk::<8>().ok_or(Refusal::BadCursor)?;
    Ok((i64::from_be_bytes(*comments), Uuid::from_slice(person).map_err(|_| Refusal::BadCursor)?))
}

/// The pages that most people speak under.
pub async fn discussed(app: &App, site: &Site, window: Window, asked: Option<u32>) -> Outcome<Discussed> {
    const DAY_MS: i64 = 24 * 3600 * 1000;
    let since = match window {
        Window::Days(days) => Some(Time(app.clock.now().0 - days * DAY_MS)),
        Window::Ever => None,
    };
    let limit = i64::from(asked.unwrap_or(10).clamp(1, limits::PAGE_MAX));
    let rows = participants::discussed(&app.db, site.id, since, limit).await?;
    let number = |n: i64| u32::try_from(n).unwrap_or(0);
    let page = |row: participants::Page| DiscussedPage {
        page_id: row.key,
        url: row.url,
        title: row.title,
        people: row.people.map(number),
        count: number(row.comments),
    };
    Ok(Discussed { pages: rows.into_iter().map(page).collect() })
}

/// How many comments came since a reader was here.
pub async fn new_since(app: &App, site: &Site, thread: Option<&Thread>, since: Time) -> Outcome<NewSince> {
    let as_of = app.clock.now();
    let found = match thread {
        Some(thread) => participants::since(&app.db, site.id, thread.id(), since, i64::from(limits::NEW_COUNTED) + 1).await?,
        None => 0,
    };
    let found = u32::try_from(found).unwrap_or(0);
    Ok(NewSince { new_since: found.min(limits::NEW_COUNTED), more: found > limits::NEW_COUNTED, as_of })
}
