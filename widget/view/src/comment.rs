//! One comment: an `<li>` of the thread's flat list.

use crate::{
    avatar::avatar,
    place::{Host, Id, Place, Stamp},
    words::{ago, around, date, day, fill_isolated, found_helpful, named, words},
};
use jiwar_wire::{
    Dir, Lang,
    comment::{Comment, Role, Status},
    ids::CommentId,
};
use maud::{Markup, PreEscaped, html};

/// Classes for the depth. A site may choose fewer levels than six, not more.
const DEPTHS: [&str; 7] = ["d0", "d1", "d2", "d3", "d4", "d5", "d6"];

/// What is said about the comment that this one answers.
#[derive(Clone, Copy)]
pub(crate) enum Parent<'a> {
    /// There is none, or the place in the list says enough.
    Unsaid,
    /// The indentation shows it: said to screen readers alone.
    Shown(&'a str),
    /// It stands farther up, or deeper than is indented: a link.
    Named(&'a str),
    /// It is on another page, or gone: a link without a name.
    Earlier,
}

/// One comment. `parent_name` when the reader should be told whom it answers.
/// Also for a comment that was just written and is not public yet.
pub fn item(place: &Place<'_>, comment: &Comment, parent_name: Option<&str>) -> Markup {
    row(place, comment, parent_name.map_or(Parent::Unsaid, Parent::Named), false, None)
}

/// The buttons of a comment's own writer; the widget puts them into `data-jw="own"`.
pub fn own_actions(lang: Lang, may_edit: bool, may_delete: bool, may_undo: bool) -> Markup {
    let w = words(lang);
    html! {
        @for (shown, act, word) in [(may_edit, "edit", w.comment_edit), (may_delete, "delete", w.comment_delete), (may_undo, "undo", w.comment_undo)] {
            @if shown {
                button type="button" class="quiet" part="button" data-act=(act) { (word) }
            }
        }
    }
}

/// True for a comment of which only the place is left, kept for its replies.
pub(crate) fn is_gone(comment: &Comment) -> bool {
    matches!(comment.status, Status::Removed | Status::Deleted | Status::Spam)
}

pub(crate) fn row(place: &Place<'_>, comment: &Comment, parent: Parent<'_>, focus: bool, why: Option<&str>) -> Markup {
    let gone = is_gone(comment);
    let class = class_of(place, comment, gone, focus);
    html! {
        li id={ "comment-" (Id(comment.id)) } class=(class) part="comment" data-jw="comment" data-id=(Id(comment.id))
            data-parent=[comment.parent_id.map(|id| Id(id).text())] data-depth=(comment.depth) tabindex=[focus.then_some("-1")] {
            article {
                @if gone { (placeholder(place.lang, comment.status != Status::Deleted)) } @else { (whole(place, comment, parent, why)) }
            }
        }
    }
}

/// How far a comment is set in.
pub(crate) fn depth_class(depth: u32, indent: u32) -> &'static str {
    DEPTHS.get(depth.min(indent) as usize).copied().unwrap_or("d6")
}

fn class_of(place: &Place<'_>, comment: &Comment, gone: bool, focus: bool) -> String {
    let mut class = String::from("c ");
    class.push_str(depth_class(comment.depth, place.site.indent));
    for (is, name) in [(gone, " gone"), (comment.status == Status::Pending, " pending"), (focus, " target"), (comment.pinned, " pinned")] {
        if is {
            class.push_str(name);
        }
    }
    class
}

/// What is left of a comment that was deleted by its writer, or removed by the moderators.
pub fn placeholder(lang: Lang, by_moderators: bool) -> Markup {
    let w = words(lang);
    html! {
        span class="av" part="avatar" aria-hidden="true" {}
        p class="state" { @if by_moderators { (w.state_removed) } @else { (w.state_deleted) } }
    }
}

fn whole(place: &Place<'_>, comment: &Comment, parent: Parent<'_>, why: Option<&str>) -> Markup {
    let w = words(place.lang);
    html! {
        (avatar(&comment.author))
        header {
            (name(place.lang, comment)) " "
            (badge(place.lang, comment.author.role)) " "
            @if comment.pinned { span class="badge" data-jw="pinned" { (w.badge_pinned) } " " }
            (time_link(place, comment))
            @if let Some(at) = comment.edited_at {
                " " span class="muted" title=(date_utc(place.lang, at)) { (w.comment_edited) }
            }
            (in_reply(place.lang, comment, parent))
        }
        @if comment.status == Status::Pending {
            p class="state" { (w.state_pending) @if let Some(why) = why { " " (why) } }
        }
        (body(&comment.html, comment.dir))
        footer class="actions" part="actions" { (reply(place, comment)) (reactions(place, comment)) (report_link(place, comment)) span data-jw="own" {} }
    }
}

fn name(lang: Lang, comment: &Comment) -> Markup {
    let author = &comment.author;
    let name = named(lang, &author.name);
    html! {
        @match author.website.as_deref().filter(|url| is_web(url)) {
            Some(url) => a class="name" part="name" href=(url) rel="ugc nofollow noopener" { bdi { (name) } },
            None => bdi class="name" part="name" { (name) },
        }
    }
}

/// Addresses were checked when they came in. What could run as a script is not
/// linked even if one slipped through.
pub(crate) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn badge(lang: Lang, role: Role) -> Markup {
    let w = words(lang);
    let word = match role {
        Role::Reader => return Markup::default(),
        Role::Author => w.badge_author,
        Role::Moderator => w.badge_staff,
    };
    html! { span class="badge" { (word) } }
}

fn time_link(place: &Place<'_>, comment: &Comment) -> Markup {
    let at = comment.created_at;
    let said = place.now.map_or_else(|| day(place.lang, at, 0), |now| ago(place.lang, now, at, 0));
    let href = match place.host {
        Host::Embed if is_web(&comment.permalink) => comment.permalink.clone(),
        Host::Embed | Host::Discuss => anchor(comment.id),
    };
    html! {
        a class="time" part="time" data-act="link" href=(href) {
            time datetime=(Stamp(at)) title=(date_utc(place.lang, at)) data-jw="time" { (said) }
        }
    }
}

/// The server does not know the reader's zone and says which one it means.
fn date_utc(lang: Lang, at: jiwar_wire::Time) -> String {
    let mut out = date(lang, at, 0);
    out.push_str(" UTC");
    out
}

fn in_reply(lang: Lang, comment: &Comment, parent: Parent<'_>) -> Markup {
    let w = words(lang);
    let Some(id) = comment.parent_id else { return Markup::default() };
    let (before, after) = around(w.comment_in_reply, "{name}");
    html! {
        @match parent {
            Parent::Unsaid => {},
            Parent::Shown(name) => span class="sr" { " " (before) bdi { (name) } (after) },
            Parent::Named(name) => a class="to" href=(anchor(id)) data-act="jump" { (before) bdi { (name) } (after) },
            Parent::Earlier => a class="to" href=(anchor(id)) data-act="jump" { (w.comment_in_reply_earlier) },
        }
    }
}

/// A body in its own direction. The language is a guess from the direction: good
/// enough for a screen reader to take the right voice.
pub(crate) fn body(html: &str, dir: Dir) -> Markup {
    let lang = match dir {
        Dir::Rtl => "ar",
        Dir::Ltr => "en",
    };
    html! { div class="body" part="body" data-jw="body" dir=(dir.as_str()) lang=(lang) { (PreEscaped(html)) } }
}

fn reply(place: &Place<'_>, comment: &Comment) -> Markup {
    let w = words(place.lang);
    if comment.status != Status::Approved {
        return Markup::default();
    }
    let label = fill_isolated(w.comment_reply_to, "{name}", named(place.lang, &comment.author.name));
    let href = place.discuss_with("reply", &Id(comment.id).text(), "#form");
    html! { a class="quiet" part="button" data-act="reply" href=(href) aria-label=(label) { (w.comment_reply) } }
}

/// How helpful it was, and thanks: two buttons in the blog, where there is a script; else the count in words.
fn reactions(place: &Place<'_>, comment: &Comment) -> Markup {
    let w = words(place.lang);
    if comment.status != Status::Approved {
        return Markup::default();
    }
    let thank = fill_isolated(w.react_thank, "{name}", named(place.lang, &comment.author.name));
    html! {
        @match place.host {
            Host::Embed => {
                button type="button" class="quiet live" part="button" data-act="helpful" aria-pressed="false" {
                    (w.react_helpful) span class="n" data-jw="helpful" { @if comment.helpful > 0 { (comment.helpful) } }
                }
                button type="button" class="quiet live" part="button" data-act="thanks" aria-pressed="false" aria-label=(thank) { (w.react_thanks) }
            },
            Host::Discuss => @if comment.helpful > 0 { span class="muted" { (found_helpful(place.lang, comment.helpful)) } },
        }
    }
}

/// Quiet, and the last of all; one's own comments lose it in the widget.
fn report_link(place: &Place<'_>, comment: &Comment) -> Markup {
    if comment.status != Status::Approved {
        return Markup::default();
    }
    let word = words(place.lang).comment_report;
    // What the widget draws, it answers for: a link would only make it heavier.
    #[cfg(target_arch = "wasm32")]
    return html! { button type="button" class="quiet" part="button" data-act="report" title=(word) { span class="sr" { (word) } } };
    #[cfg(not(target_arch = "wasm32"))]
    html! { a class="quiet" part="button" data-act="report" href=(crate::report::url(place.api, &place.site.key, comment.id, place.lang)) rel="nofollow" title=(word) { span class="sr" { (word) } } }
}

fn anchor(id: CommentId) -> String {
    let mut out = String::from("#comment-");
    Id(id).push(&mut out);
    out
}
