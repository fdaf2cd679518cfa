//! Lets somebody moderate in the blog's own pages: the question, and the answer
//! that `server/admin/script.js` hands to the page that asked.

use super::{Frame, Section, shell};
use crate::words::admin::admin_words;
use jiwar_wire::Lang;
use maud::{Markup, html};

/// The question. `origin` is on the site's list.
pub fn ask(frame: &Frame<'_>, origin: &str) -> Markup {
    let w = frame.words();
    frame.page(
        Section::None,
        w.watch_title,
        html! {
            p { (w.watch_asks) }
            p { strong { bdi dir="ltr" { (origin) } } }
            p class="muted" { (w.watch_how) }
            form method="post" action=(frame.path("/blog")) {
                (frame.token())
                input type="hidden" name="origin" value=(origin);
                button class="main" { (w.watch_allow) }
            }
        },
    )
}

/// The answer. The session stands in the page only until the script has handed it over.
pub fn given(frame: &Frame<'_>, origin: &str, session: &str) -> Markup {
    let w = frame.words();
    let site = frame.site.map_or("", |site| site.key.as_str());
    frame.page(
        Section::None,
        w.watch_title,
        html! {
            p id="given" role="status" data-origin=(origin) data-site=(site) data-session=(session) data-lost=(w.watch_lost) { (w.watch_done) }
        },
    )
}

/// A window that another site opened comes without the cookie. One step more from here, and it comes with it.
pub fn step(lang: Lang, here: &str) -> Markup {
    let w = admin_words(lang);
    shell(
        lang,
        w.watch_title,
        html! {
            meta http-equiv="refresh" content={ "0;url=" (here) };
            main id="main" class="door" { p class="brand" { (w.brand) } h1 { (w.watch_title) } p { a href=(here) { (w.go_on) } } }
        },
    )
}
