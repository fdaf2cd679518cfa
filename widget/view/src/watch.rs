//! What those who moderate see in the blog's own page: a bar above the thread,
//! what waits in its place, and the buttons for what is public. Fetched by them
//! alone; `widget/loader/watch.js` puts it in.

use crate::{
    admin::{Frame, queue::why},
    avatar::avatar,
    comment::{body, depth_class},
    place::{Id, Stamp},
    words::{
        admin::{AdminWords, Side, admin_words, decided, decision, side, side_done},
        day, fill_isolated, named, refusal_title, words,
    },
};
use jiwar_wire::{Lang, Refusal, ids::CommentId, moderation::Decision, queue::Item};
use maud::{Markup, html};

/// The thread as its moderator sees it.
pub struct Watch<'a> {
    pub lang: Lang,
    /// The server's public URL, without a slash at its end.
    pub api: &'a str,
    /// The site's key.
    pub site: &'a str,
    /// Levels that are indented.
    pub indent: u32,
    /// Who is signed in.
    pub name: &'a str,
    /// What waits, the oldest first.
    pub held: &'a [Item],
    /// Whether the thread takes comments; none where there is no thread yet.
    pub open: Option<bool>,
}

/// For whoever may be a moderator, and is not signed in here.
pub fn door(lang: Lang) -> Markup {
    let w = admin_words(lang);
    html! {
        div class="watch" data-jw="watch" role="region" aria-label=(w.watch) data-failed=(w.watch_failed) {
            (said())
            button type="button" class="plain" data-do="enter" { (w.watch_sign_in) }
        }
    }
}

/// Everything that is put into the page.
pub fn watch(it: &Watch<'_>) -> Markup {
    let w = admin_words(it.lang);
    let state = it.open.map(|open| if open { Side::Close } else { Side::Open });
    html! {
        div class="watch" data-jw="watch" role="region" aria-label=(w.watch) data-failed=(w.watch_failed) data-conflict=(refusal_title(it.lang, &Refusal::Conflict)) {
            p { strong { (w.watch) } " · " bdi { (it.name) } " · " (w.watch_waiting) ": " (it.held.len()) }
            (said())
            p class="acts" {
                button type="button" class="quiet" data-do="undo" data-said=(w.undone) hidden { (w.undo) }
                @if let Some(state) = state { button type="button" class="quiet" data-do=(state.as_str()) data-said=(side_done(it.lang, state)) { (side(it.lang, state)) } }
                a class="quiet" href={ (it.api) "/admin/site/" (it.site) "/queue?lang=" (it.lang.tag()) } target="_blank" rel="noopener" { (w.watch_all) }
                button type="button" class="quiet" data-do="leave" { (w.sign_out) }
            }
        }
        ol data-watch="held" { @for item in it.held { (held(it, item)) } }
        template data-watch="acts" {
            details class="acts" {
                summary class="quiet" data-label=(w.watch_acts_of) { (w.watch_acts) }
                (acts(it, w, None))
            }
        }
    }
}

fn said() -> Markup {
    html! { p role="status" data-watch="said" {} }
}

fn held(it: &Watch<'_>, item: &Item) -> Markup {
    let (w, c) = (admin_words(it.lang), &item.comment);
    let frame = Frame { lang: it.lang, token: "", site: None, here: "", notice: None };
    let name = named(it.lang, &c.author.name);
    html! {
        li id={ "comment-" (Id(c.id)) } class={ "c pending " (depth_class(c.depth, it.indent)) } part="comment" data-jw="comment" data-id=(Id(c.id)) data-status=(c.status.as_str())
            data-parent=[c.parent_id.map(|id| Id(id).text())] data-depth=(c.depth) {
            article aria-label=(fill_isolated(w.watch_acts_of, "{name}", name)) {
                (avatar(&c.author))
                header {
                    bdi class="name" { (name) } " " span class="badge" { (w.watch_held) } " "
                    time class="muted" datetime=(Stamp(c.created_at)) data-jw="time" { (day(it.lang, c.created_at, 0)) }
                    @if let Some(site) = &c.author.website { " " bdi class="muted" dir="ltr" { (site) } }
                }
                (body(&c.html, c.dir))
                (why(&frame, item))
                (acts(it, w, Some(c.id)))
            }
        }
    }
}

/// The buttons, with a line for the reason: of one that waits, or of any that is public.
fn acts(it: &Watch<'_>, w: &AdminWords, of: Option<CommentId>) -> Markup {
    let ban = |id: &str| [it.api, "/admin/site/", it.site, "/comments/", id, "?lang=", it.lang.tag(), "#ban"].concat();
    let own = words(it.lang);
    let decisions: &[Decision] = if of.is_some() { &[Decision::Approve, Decision::Spam, Decision::Remove] } else { &[Decision::Spam, Decision::Remove] };
    html! {
        div class="acts" {
            label { (w.reason) " " input name="reason" maxlength="500" autocomplete="off"; }
            @for act in decisions { button type="button" class="quiet" data-do=(act.as_str()) data-said=(decided(it.lang, *act)) { (decision(it.lang, *act)) } }
            @if of.is_none() {
                @for act in [Side::Pin, Side::Unpin] { button type="button" class="quiet" data-do=(act.as_str()) data-said=(side_done(it.lang, act)) { (side(it.lang, act)) } }
            }
            button type="button" class="quiet" data-do="edit" data-save=(own.comment_save) data-cancel=(own.comment_cancel) data-label=(w.text) data-said=(own.comment_edited) { (own.comment_edit) }
            // Banning asks for more than a line: that is the server's own page.
            a class="quiet" data-to=[of.is_none().then(|| ban("{id}"))] href=[of.map(|id| ban(&id.to_string()))] target="_blank" rel="noopener" { (w.ban_open) }
        }
    }
}
