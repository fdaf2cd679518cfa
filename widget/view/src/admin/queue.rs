//! The queue: what waits, why, and the buttons.

use super::{Frame, Section, moment};
use crate::{
    avatar::avatar,
    comment::is_web,
    report,
    words::{
        admin::{Side, decision, side, status},
        hold_reason, named,
    },
};
use jiwar_wire::{
    comment::{HoldReason, Status},
    moderation::{Decimal, Decision, Judgement},
    queue::{Counts, History, Item, Page, Wanted},
    report::Pile,
};
use maud::{Markup, PreEscaped, html};

/// The page of the queue.
pub struct QueuePage<'a> {
    pub page: &'a Page,
    pub wanted: &'a Wanted,
    /// The query of this page, so that a decision leads back to it.
    pub back: &'a str,
    /// The lines of the last act in the log, joined by commas, when it can be undone.
    pub undo: Option<&'a str>,
    pub is_first: bool,
}

const DECISIONS: [Decision; 5] = [Decision::Approve, Decision::Keep, Decision::Spam, Decision::Remove, Decision::Restore];

pub fn page(frame: &Frame<'_>, q: &QueuePage<'_>) -> Markup {
    let w = frame.words();
    let body = html! {
        (undo(frame, q.back, q.undo, None))
        (tabs(frame, q))
        (search(frame, q))
        (only(frame, q))
        @if q.page.items.is_empty() {
            p class="empty" { (if q.wanted.status == Some(Status::Pending) && (Wanted { status: None, ..q.wanted.clone() }) == Wanted::default() { w.empty_pending } else { w.empty }) }
        } @else {
            form id="decide" method="post" action=(frame.path("/decide")) {
                (frame.token())
                input type="hidden" name="back" value=(q.back);
                // Enter in the field below must not press the first button there is.
                button type="submit" disabled hidden {}
                ol class="queue" { @for item in &q.page.items { (row(frame, item, q.wanted.status.is_none(), q.back)) } }
                (bulk(frame, q.wanted))
            }
        }
        nav class="pages" aria-label=(w.next_page) {
            @if !q.is_first { a href=(link(frame, q.wanted, None)) { (w.first_page) } }
            @if let Some(next) = &q.page.next { a rel="next" href=(link(frame, q.wanted, Some(next))) { (w.next_page) } }
        }
        (keys(frame))
    };
    frame.page(Section::Queue, w.nav_queue, body)
}

/// Takes back what was done last: lines of the log. `at` is the comment whose page this is, if it is one.
pub(super) fn undo(frame: &Frame<'_>, back: &str, entries: Option<&str>, at: Option<&str>) -> Markup {
    html! {
        form id="undo" method="post" action=(frame.path("/undo")) hidden[entries.is_none()] {
            (frame.token())
            input type="hidden" name="back" value=(back);
            input type="hidden" name="entries" value=(entries.unwrap_or_default());
            @if let Some(id) = at { input type="hidden" name="at" value=(id); }
            button { (frame.words().undo) }
        }
    }
}

/// The address of a view of the queue.
fn link(frame: &Frame<'_>, wanted: &Wanted, cursor: Option<&str>) -> String {
    let mut query = url_query(wanted);
    if let Some(cursor) = cursor {
        query.push_str("&cursor=");
        query.push_str(cursor); // base64url: nothing to encode
    }
    let mut out = frame.path("/queue?lang=");
    out.push_str(frame.lang.tag());
    out + &query
}

/// The list's name in addresses.
fn named_list(wanted: &Wanted) -> &'static str {
    wanted.pile.map_or_else(|| wanted.status.map_or("all", Status::as_str), Pile::as_str)
}

fn url_query(wanted: &Wanted) -> String {
    let mut out = String::from("&status=");
    out.push_str(named_list(wanted));
    let writer = wanted.writer.map(|id| id.to_string()).unwrap_or_default();
    let reason = wanted.reason.map_or("", HoldReason::as_str);
    for (name, value) in [("&q=", wanted.words.as_str()), ("&reason=", reason), ("&page=", wanted.page.as_deref().unwrap_or_default()), ("&writer=", &writer)] {
        if !value.is_empty() {
            out.push_str(name);
            crate::place::push_encoded(&mut out, value);
        }
    }
    out
}

/// Of which page or whom the list is, and the way back to all.
fn only(frame: &Frame<'_>, q: &QueuePage<'_>) -> Markup {
    let w = frame.words();
    let all = Wanted { page: None, writer: None, ..q.wanted.clone() };
    let what = match (&q.page.name, &q.page.title) {
        (Some(name), _) => Some((w.only_writer, named(frame.lang, name))),
        (None, Some(title)) => Some((w.only_page, title.as_str())),
        (None, None) => None,
    };
    html! { @if let Some((word, what)) = what { p class="only" { (word) " " strong { bdi { (what) } } " · " a href=(link(frame, &all, None)) { (w.only_end) } } } }
}

fn tabs(frame: &Frame<'_>, q: &QueuePage<'_>) -> Markup {
    let counts = q.page.counts;
    // Of the same page or writer.
    let of = |status| Wanted { status, page: q.wanted.page.clone(), writer: q.wanted.writer, ..Wanted::default() };
    let pile = |pile: Pile| Wanted { pile: Some(pile), ..of(Some(pile.status())) };
    let tabs = [
        (of(Some(Status::Pending)), Some(counts.pending)),
        (pile(Pile::Reported), Some(counts.reported)),
        (pile(Pile::Appealed), Some(counts.appealed)),
        (of(Some(Status::Spam)), Some(counts.spam)),
        (of(Some(Status::Removed)), Some(counts.removed)),
        (of(Some(Status::Approved)), None),
        (of(None), None),
    ];
    let w = frame.words();
    let word = |wanted: &Wanted| match wanted.pile {
        Some(Pile::Reported) => w.reported,
        Some(Pile::Appealed) => w.appealed,
        None => wanted.status.map_or(w.tab_all, |s| status(frame.lang, s)),
    };
    html! {
        nav class="tabs" aria-label=(w.nav_queue) {
            @for (wanted, count) in &tabs {
                a href=(link(frame, wanted, None)) aria-current=[((wanted.status, wanted.pile) == (q.wanted.status, q.wanted.pile)).then_some("page")] {
                    (word(wanted))
                    @if let Some(count) = count { " " span class="count" data-count=(named_list(wanted)) { (counted(*count)) } }
                }
            }
        }
    }
}

/// How many, as far as anybody counts.
pub fn counted(n: u32) -> String {
    if n >= Counts::MOST { format!("{}+", Counts::MOST - 1) } else { n.to_string() }
}

fn search(frame: &Frame<'_>, q: &QueuePage<'_>) -> Markup {
    let w = frame.words();
    html! {
        form class="search" method="get" action=(frame.path("/queue")) role="search" {
            input type="hidden" name="lang" value=(frame.lang.tag());
            input type="hidden" name="status" value=(named_list(q.wanted));
            @if let Some(page) = &q.wanted.page { input type="hidden" name="page" value=(page); }
            @if let Some(writer) = q.wanted.writer { input type="hidden" name="writer" value=(writer); }
            input type="search" name="q" value=(q.wanted.words) placeholder=(w.search) aria-label=(w.search);
            select name="reason" aria-label=(w.reason_held) {
                option value="" { (w.reason_any) }
                @for reason in HoldReason::ALL { option value=(reason.as_str()) selected[q.wanted.reason == Some(reason)] { (hold_reason(frame.lang, reason)) } }
            }
            button { (w.filter) }
        }
    }
}

/// The status is said where several are shown.
fn row(frame: &Frame<'_>, item: &Item, says_status: bool, back: &str) -> Markup {
    let mut encoded = String::new();
    crate::place::push_encoded(&mut encoded, back);
    let (w, c) = (frame.words(), &item.comment);
    let id = c.id.to_string();
    let name = named(frame.lang, &c.author.name);
    html! {
        li class={ "item is-" (c.status.as_str()) } id={ "c-" (id) } data-id=(id) data-url=(c.permalink) tabindex="-1" {
            article aria-labelledby={ "n-" (id) } {
                header {
                    label class="mark" { input type="checkbox" name="id" value={ (id) ":" (c.status.as_str()) } aria-label={ (w.choose) ": " (name) }; }
                    (avatar(&c.author))
                    span class="who" {
                        strong id={ "n-" (id) } { bdi { (name) } }
                        @if let Some(site) = c.author.website.as_deref().filter(|s| is_web(s)) { " " a class="muted" href=(site) rel="nofollow noopener noreferrer ugc" { bdi dir="ltr" { (site) } } }
                        (past(frame, item))
                    }
                    @if item.trusted { span class="badge" { (w.trusted) } }
                    @if says_status { span class="badge" { (status(frame.lang, c.status)) } }
                }
                (around(frame, item))
                (decisions(frame, item))
                div class="acts more" {
                    (side_buttons(frame, item))
                    @if is_web(&c.permalink) && !c.permalink.contains("/discuss/") { a data-act="watch" href={ (c.permalink.split('#').next().unwrap_or_default()) "#jiwar-moderate" } target="_blank" rel="noopener" { (w.watch_open) } }
                    @for (act, word) in [("ban", w.ban_open), ("edit", w.edit_open), ("move", w.move_open)] { a data-act=(act) href={ (frame.path("/comments/")) (id) "?lang=" (frame.lang.tag()) "&back=" (encoded) "#" (act) } { (word) } }
                }
            }
        }
    }
}

/// What can be decided. The button knows the status that was seen, so that nobody else's decision is overwritten.
pub(super) fn decisions(frame: &Frame<'_>, item: &Item) -> Markup {
    let c = &item.comment;
    html! {
        div class="acts" { @for it in DECISIONS { @if is_open(c.status, it) && (it != Decision::Keep || is_asked(item)) {
            button name="one" value={ (it.as_str()) ":" (c.id) ":" (c.status.as_str()) } data-act=(it.as_str()) { (decision(frame.lang, it)) }
        } } }
    }
}

/// Where and when it was said, in answer to what, the words, and why it is here.
fn around(frame: &Frame<'_>, item: &Item) -> Markup {
    let (w, c) = (frame.words(), &item.comment);
    html! {
        p class="muted where" {
            (moment(frame.lang, c.created_at)) " · " (w.on_page) " "
            @if is_web(&c.permalink) { a href=(c.permalink) { bdi { (item.title) } } } @else { bdi { (item.title) } }
            " · " a href=(link(frame, &Wanted { page: Some(c.page_id.clone()), ..Wanted::default() }, None)) { (w.of_page) }
            @for (is_so, word) in [(!item.open, w.closed), (c.pinned, w.pinned), (c.edited_at.is_some(), w.edited)] { @if is_so { " · " (word) } }
        }
        @if let Some((name, words)) = &item.answers { blockquote class="muted" { (w.answers) " " bdi { (named(frame.lang, name)) } ": " bdi { (words) } } }
        div class="body" dir=(c.dir.as_str()) { (PreEscaped(&c.html)) }
        (said_against(frame, item))
        (why(frame, item))
    }
}

/// What readers say against it, and its writer against its removal: plain text of strangers, each line isolated.
fn said_against(frame: &Frame<'_>, item: &Item) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    let Some(review) = &item.comment.review else { return Markup::default() };
    html! {
        @if let Some(reports) = &review.reports {
            details class="why against" open {
                summary { (report::counted(lang, reports.count)) " · " (w.reports_weight) " " bdi dir="ltr" { (plain(reports.weight.0)) } }
                ul { @for it in &reports.reasons { li { span { (report::reason_word(lang, it.reason)) } bdi dir="ltr" { (it.count) } } } }
                @if !reports.notes.is_empty() {
                    p class="muted" { (w.reports_notes) }
                    @for note in &reports.notes { blockquote dir="auto" { (note) } }
                }
            }
        }
        @if let Some(appeal) = &review.appeal {
            details class="why against" open {
                summary { (w.appeal) " · " (moment(lang, appeal.created_at)) }
                blockquote dir="auto" { (appeal.text) }
            }
        }
    }
}

/// `1.25`
fn plain(hundredths: i32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The comment without its buttons.
pub(super) fn subject(frame: &Frame<'_>, item: &Item) -> Markup {
    let c = &item.comment;
    html! {
        header {
            (avatar(&c.author))
            span class="who" { strong { bdi { (named(frame.lang, &c.author.name)) } } (past(frame, item)) }
            @if item.trusted { span class="badge" { (frame.words().trusted) } }
            span class="badge" { (status(frame.lang, c.status)) }
        }
        (around(frame, item))
    }
}

/// What else can be done: the writer, the pin, the thread.
pub(super) fn side_buttons(frame: &Frame<'_>, item: &Item) -> Markup {
    let c = &item.comment;
    let id = c.id.to_string();
    let is_root = c.parent_id.is_none() && c.status == Status::Approved;
    let acts = [
        (true, if item.trusted { Side::Distrust } else { Side::Trust }),
        (is_root || c.pinned, if c.pinned { Side::Unpin } else { Side::Pin }),
        (true, if item.open { Side::Close } else { Side::Open }),
    ];
    html! {
        @for (shown, it) in acts { @if shown {
            button name="side" value={ (it.as_str()) ":" (id) } data-act=(it.as_str()) formaction=(frame.path("/side")) { (side(frame.lang, it)) }
        } }
    }
}

/// Whether somebody says something against the comment as it stands.
fn is_asked(item: &Item) -> bool {
    item.comment.review.as_ref().is_some_and(|review| review.appeal.is_some() || (review.reports.is_some() && item.comment.status == Status::Approved))
}

/// What can be decided about a comment of this status.
const fn is_open(status: Status, it: Decision) -> bool {
    match it {
        Decision::Approve => !matches!(status, Status::Approved | Status::Deleted),
        Decision::Spam => matches!(status, Status::Approved | Status::Pending | Status::Removed),
        Decision::Remove => matches!(status, Status::Approved | Status::Pending | Status::Spam),
        Decision::Restore => matches!(status, Status::Spam | Status::Removed),
        Decision::Keep => matches!(status, Status::Approved | Status::Removed),
    }
}

/// What the writer wrote before, as a link to it.
fn past(frame: &Frame<'_>, item: &Item) -> Markup {
    let wanted = Wanted { writer: item.comment.author.id, ..Wanted::default() };
    html! {
        span class="muted" {
            @if wanted.writer.is_some() && item.history.since.is_some() {
                a href=(link(frame, &wanted, None)) title=(frame.words().of_writer) { (history(frame, &item.history)) }
            } @else { (history(frame, &item.history)) }
        }
    }
}

fn history(frame: &Frame<'_>, history: &History) -> Markup {
    let w = frame.words();
    let newest = |n: u32| if history.more { format!("{n}+") } else { counted(n) };
    let parts = [
        (history.approved, counted(history.approved), w.history_approved),
        (history.pending, newest(history.pending), w.history_pending),
        (history.spam, newest(history.spam), w.history_spam),
        (history.removed, newest(history.removed), w.history_removed),
    ];
    html! {
        @if let Some(since) = history.since {
            (w.history) ": "
            @for (at, (_, n, word)) in parts.iter().filter(|(n, ..)| *n > 0).enumerate() { @if at > 0 { "، " } (n) " " (word) }
            " · " (w.history_since) " " (crate::words::day(frame.lang, since, 0))
        } @else { (w.history_none) }
    }
}

pub(crate) fn why(frame: &Frame<'_>, item: &Item) -> Markup {
    let w = frame.words();
    let Some(review) = &item.comment.review else { return Markup::default() };
    html! {
        @if review.held.is_some() || review.judgement.is_some() {
            details class="why" open {
                summary { (w.why) @if let Some(judgement) = &review.judgement { " · " (w.score) " " bdi dir="ltr" { (judgement.score.0) "%" } } }
                @if let Some(reason) = review.held { p { (hold_reason(frame.lang, reason)) } }
                @if let Some(judgement) = &review.judgement { (weights(frame, judgement)) }
            }
        }
    }
}

fn weights(frame: &Frame<'_>, judgement: &Judgement) -> Markup {
    let side = |weight: Decimal| if weight.0 > 0 { "for" } else { "against" };
    html! {
        ul {
            @for it in &judgement.evidence { li class=(side(it.weight)) { span { (it.words) } bdi dir="ltr" { (weight(it.weight.0)) } } }
        }
        @if !judgement.features.is_empty() {
            p class="muted" { (frame.words().features) ": " @for (at, it) in judgement.features.iter().enumerate() { @if at > 0 { " · " } bdi { (it.feature) } " " bdi dir="ltr" { (weight(it.weight.0)) } } }
        }
    }
}

/// `+1.25`
fn weight(hundredths: i32) -> String {
    format!("{}{}.{:02}", if hundredths < 0 { "−" } else { "+" }, hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100)
}

fn bulk(frame: &Frame<'_>, wanted: &Wanted) -> Markup {
    let w = frame.words();
    html! {
        fieldset class="bulk" {
            legend { (w.decide_marked) }
            label class="all" hidden { input type="checkbox" id="all"; " " (w.choose_all) }
            input name="reason" placeholder=(w.reason) aria-label=(w.reason) maxlength="500";
            @for it in DECISIONS { @if wanted.status.is_none_or(|s| is_open(s, it)) && (it != Decision::Keep || wanted.pile.is_some()) { button name="all" value=(it.as_str()) { (decision(frame.lang, it)) } } }
        }
    }
}

fn keys(frame: &Frame<'_>) -> Markup {
    let w = frame.words();
    let keys = [
        ("j k", w.keys_next),
        ("a s d r p", w.keys_decide),
        ("b t", w.keys_writer),
        ("e m", w.keys_change),
        ("u", w.keys_undo),
        ("x", w.keys_mark),
        ("o", w.keys_open),
        ("/", w.keys_search),
        ("?", w.keys_help),
    ];
    html! {
        dialog id="keys" aria-label=(w.keys) {
            h2 { (w.keys) }
            dl { @for (key, what) in keys { div { dt dir="ltr" { @for k in key.split(' ') { kbd { (k) } } } dd { (what) } } } }
            form method="dialog" { button { (w.close) } }
        }
    }
}
