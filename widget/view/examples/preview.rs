//! Writes pages to look at while working on words, HTML and style:
//! `cargo run -p jiwar-view --example preview -- FOLDER`

#[path = "../tests/sample/mod.rs"]
mod sample;

use jiwar_view::{
    Host, Place,
    composer::{Composer, Fault, Notice, Values},
    discuss::{self, DiscussPage},
    thread,
};
use jiwar_wire::{
    Dir, FieldCode, FieldError, Lang, Refusal,
    comment::{HoldReason, Status},
    thread::State,
};
use std::{fs, io, path::Path};

const CSS: &str = concat!(include_str!("../../style/style.css"), include_str!("../../style/page.css"));

/// A plain page of a blog around a thread, light or dark by the reader's system.
const AROUND: &str = "body{max-width:42rem;margin:3rem auto;padding:0 1.25rem;font:1.0625rem/1.7 Georgia,'Noto Naskh Arabic',serif;color:#222;background:#fff}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1f}}";

fn main() -> io::Result<()> {
    let Some(folder) = std::env::args().nth(1) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "which folder? cargo run -p jiwar-view --example preview -- FOLDER"));
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    fs::write(folder.join("style.css"), CSS)?;
    for lang in [Lang::Ar, Lang::En] {
        embedded(folder, lang)?;
        pages(folder, lang)?;
    }
    Ok(())
}

fn embedded(folder: &Path, lang: Lang) -> io::Result<()> {
    let site = sample::site(lang);
    let place = Place { now: Some(sample::NOW), ..sample::place(&site, Host::Embed) };
    let mut comments = sample::comments(lang);
    comments[2].status = Status::Removed;
    comments[7].status = Status::Pending;
    let mut full = sample::thread_page(lang, comments);
    full.thread.count = 12;
    full.next = Some("next".into());
    let empty = sample::thread_page(lang, Vec::new());
    let mut closed = sample::thread_page(lang, sample::comments(lang)[..2].to_vec());
    closed.thread.state = State::Closed;
    for (name, page, focus) in [("thread", full, Some(sample::id(6))), ("empty", empty, None), ("closed", closed, None)] {
        let html = thread::fragment(&place, &page, focus).into_string().replacen("<section ", "<section data-live ", 1);
        let (tag, dir) = (lang.tag(), lang.dir().as_str());
        let title = place.title.unwrap_or_default();
        let whole = format!(
            "<!doctype html><html lang={tag} dir={dir}><meta charset=utf-8><meta name=viewport content='width=device-width'>\
             <meta name=color-scheme content='light dark'><title>{name}</title><link rel=stylesheet href=style.css><style>{AROUND}</style><main><h1>{title}</h1>{html}</main>"
        );
        fs::write(folder.join(format!("{name}-{tag}.html")), whole)?;
    }
    Ok(())
}

fn pages(folder: &Path, lang: Lang) -> io::Result<()> {
    let site = sample::site(lang);
    let place = sample::place(&site, Host::Discuss);
    let mut comments = sample::comments(lang);
    let mut pending = comments.remove(7);
    pending.status = Status::Pending;
    let refusal = Refusal::Invalid(vec![FieldError::new("/author/name", FieldCode::Required), FieldError::new("/author/email", FieldCode::NotAnEmail)]);
    let (faults, notice) = (Fault::all(lang, &refusal), Notice::of(lang, &refusal));
    let parent = comments[0].author.name.clone();
    let composer = Composer {
        parent: Some((comments[0].id, &parent)),
        values: Values { body: "**C++** أسرع من Python؟", email: "nobody", ..Values::default() },
        faults: &faults,
        notice: Some(&notice),
        decoy: Some("subject"),
        token: Some("t"),
        preview: Some(("<p><strong>C++</strong> أسرع من Python؟</p>", Dir::Rtl)),
        ..Composer::default()
    };
    let thread = sample::thread_page(lang, comments);
    let mut page = DiscussPage {
        thread: &thread,
        css: "style.css",
        composer: Composer::default(),
        pending: Some((&pending, Some(HoldReason::FirstComment))),
        focus: None,
        earlier: None,
        feed: Some("/feed.atom"),
        noindex: false,
    };
    let tag = lang.tag();
    fs::write(folder.join(format!("discuss-{tag}.html")), discuss::page(&place, &page).into_string())?;
    page.composer = composer;
    fs::write(folder.join(format!("faults-{tag}.html")), discuss::page(&place, &page).into_string())?;
    let gone = Notice::of(lang, &Refusal::NotFound);
    let problem = discuss::problem(lang, "style.css", &gone.title, &gone.detail, Some("https://blog.example/"));
    fs::write(folder.join(format!("problem-{tag}.html")), problem.into_string())
}
