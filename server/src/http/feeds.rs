//! Atom feeds (RFC 4287) of a site and of one thread.

use super::{
    error::Result,
    extract::{Params, Segment, asked_lang, find_site},
    reply,
    threads::page_in,
};
use crate::{
    App,
    community::{present, threads},
    text,
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, Uri};
use jiwar_view::words;
use jiwar_wire::{Lang, Refusal, Time, comment::Comment};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use std::{io, sync::Arc};

const ATOM: &str = "application/atom+xml; charset=utf-8";
const ENTRIES: u32 = 30;

/// `/feeds/{site}.atom`
pub async fn site(State(app): State<Arc<App>>, Segment(name): Segment, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let key = name.strip_suffix(".atom").ok_or(Refusal::NotFound)?;
    let site = find_site(&app, key).await?;
    let lang = asked_lang(uri.query(), &headers).unwrap_or(site.locale);
    let latest = threads::latest(&app, &site, None, None, Some(ENTRIES)).await?;
    let own = format!("{}/feeds/{}.atom", app.config.public_url, site.key);
    let about = About { id: own.clone(), own, title: site.name.clone(), link: site.origins.first().cloned() };
    Ok(reply::tagged(&headers, ATOM, write(&app, lang, &about, &latest.comments).into()))
}

/// `/feeds/{site}/thread.atom?page=`
pub async fn thread(State(app): State<Arc<App>>, Segment(key): Segment, params: Params, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let site = find_site(&app, &key).await?;
    let lang = asked_lang(uri.query(), &headers).unwrap_or(site.locale);
    let page = page_in(&params)?;
    let thread = threads::find(&app, &site, &page).await?;
    let comments = match &thread {
        Some(thread) => threads::latest(&app, &site, Some(thread), None, Some(ENTRIES)).await?.comments,
        None => Vec::new(),
    };
    // Under whatever name the page was asked for: its feed has one id.
    let key = thread.as_ref().map_or(page.key.as_str(), |t| t.key.as_str());
    let discuss = present::discuss_url(&app, &site.key, key);
    let title = thread.as_ref().and_then(|t| t.title.clone()).unwrap_or_else(|| site.name.clone());
    let page: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
    let own = format!("{}/feeds/{}/thread.atom?page={page}", app.config.public_url, site.key);
    let about = About { id: format!("{discuss}#feed"), own, title, link: Some(thread.and_then(|t| t.url).unwrap_or(discuss)) };
    Ok(reply::tagged(&headers, ATOM, write(&app, lang, &about, &comments).into()))
}

struct About {
    id: String,
    /// Where the feed itself is.
    own: String,
    title: String,
    link: Option<String>,
}

fn write(app: &App, lang: Lang, about: &About, comments: &[Comment]) -> Vec<u8> {
    let mut out = Writer::new(Vec::with_capacity(4096));
    // Writing to memory does not fail.
    let _ = feed(&mut out, app, lang, about, comments);
    out.into_inner()
}

type Out = Writer<Vec<u8>>;

fn feed(out: &mut Out, app: &App, lang: Lang, about: &About, comments: &[Comment]) -> io::Result<()> {
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let root = out.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom")).with_attribute(("xml:lang", lang.tag()));
    root.write_inner_content(|out| {
        field(out, "id", &about.id)?;
        field(out, "title", &about.title)?;
        let newest = comments.iter().map(|c| c.edited_at.unwrap_or(c.created_at)).max().unwrap_or(Time(0));
        field(out, "updated", &newest.to_string())?;
        out.create_element("link").with_attribute(("rel", "self")).with_attribute(("href", about.own.as_str())).write_empty()?;
        if let Some(link) = &about.link {
            out.create_element("link").with_attribute(("rel", "alternate")).with_attribute(("href", link.as_str())).write_empty()?;
        }
        out.create_element("generator").with_attribute(("uri", app.config.public_url.as_str())).write_text_content(BytesText::new("Jiwar"))?;
        comments.iter().try_for_each(|c| entry(out, lang, c))
    })?;
    Ok(())
}

fn entry(out: &mut Out, lang: Lang, c: &Comment) -> io::Result<()> {
    out.create_element("entry").write_inner_content(|out| {
        field(out, "id", &format!("urn:uuid:{}", c.id))?;
        let excerpt = text::excerpt(&c.html, 60);
        field(out, "title", &words::comment_title(lang, &c.author.name, &excerpt))?;
        field(out, "updated", &c.edited_at.unwrap_or(c.created_at).to_string())?;
        field(out, "published", &c.created_at.to_string())?;
        out.create_element("link").with_attribute(("rel", "alternate")).with_attribute(("href", c.permalink.as_str())).write_empty()?;
        out.create_element("author").write_inner_content(|out| field(out, "name", words::named(lang, &c.author.name)))?;
        let body = format!("<div dir=\"{}\">{}</div>", c.dir.as_str(), c.html);
        out.create_element("content").with_attribute(("type", "html")).write_text_content(BytesText::new(&body))?;
        Ok(())
    })?;
    Ok(())
}

fn field(out: &mut Out, name: &str, text: &str) -> io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(text)).map(drop)
}
