//! What machines read: Atom feeds and structured data.

use crate::harness::{Answer, Court, Html, active_in_body, comment, id};
use jiwar_wire::site::{Moderation, Settings};
use quick_xml::{events::Event, name::ResolveResult, reader::NsReader};
use serde_json::{Value, json};

/// An element of a feed, with the names of those that it stands in.
#[derive(Debug)]
struct Node {
    path: String,
    attributes: Vec<(String, String)>,
    text: String,
}

/// Parses a feed with a real parser; panics unless it is well-formed and Atom throughout.
#[track_caller]
fn atom(answer: &Answer) -> Vec<Node> {
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8", "{}", answer.text());
    let text = answer.text();
    let illegal = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(illegal), "XML 1.0 knows no such character: {text:?}");
    let mut reader = NsReader::from_str(&text);
    let (mut nodes, mut open): (Vec<Node>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let (namespace, event) = reader.read_resolved_event().unwrap_or_else(|e| panic!("{e}: {text}"));
        let into = open.last().copied();
        match &event {
            Event::Start(e) | Event::Empty(e) => {
                assert!(matches!(namespace, ResolveResult::Bound(ns) if AsRef::<str>::as_ref(&ns) == "http://www.w3.org/2005/Atom"), "{e:?}");
                let path = format!("{}/{}", into.map_or("", |at| &nodes[at].path), AsRef::<str>::as_ref(&e.local_name()));
                let attributes = e.attributes().map(|a| a.unwrap_or_else(|e| panic!("{e}: {text}")));
                let pair = |a: quick_xml::events::attributes::Attribute<'_>| (a.key.as_ref().to_owned(), unescaped(&a.value));
                nodes.push(Node { path, attributes: attributes.map(pair).collect(), text: String::new() });
                if matches!(event, Event::Start(_)) {
                    open.push(nodes.len() - 1);
                }
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(t) => into.into_iter().for_each(|at| nodes[at].text.push_str(t)),
            Event::GeneralRef(r) => nodes[into.unwrap()].text.push_str(&unescaped(&format!("&{};", &**r))),
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("unexpected in a feed: {other:?}"),
        }
    }
    assert!(open.is_empty());
    nodes
}

fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).unwrap_or_else(|e| panic!("{e}: {text}")).into_owned()
}

fn all<'a>(nodes: &'a [Node], path: &str) -> Vec<&'a str> {
    nodes.iter().filter(|n| n.path == path).map(|n| n.text.as_str()).collect()
}

fn links<'a>(nodes: &'a [Node], path: &str, rel: &str) -> Vec<&'a str> {
    let of = |n: &'a Node, name: &str| n.attributes.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    nodes.iter().filter(|n| n.path == path && of(n, "rel") == Some(rel)).filter_map(|n| of(n, "href")).collect()
}

/// Names, titles and texts that try to leave the place they stand in.
const STRANGE: &[(&str, &str)] = &[
    ("سارة & <b>أحمد</b> \"و\" 'عمر'", "نص مع <tag> و &amp; و ]]> و <!-- تعليق --> و &nope; \u{b} \u{fffe} \u{ffff} 🎉"),
    ("</script><script>alert(1)</script>", "</script><script>alert(1)</script> <!-- <script> \\u003c \u{2028} \u{2029} {\"a\": \"b\\\"}"),
    ("]]></title>", "`</script >` و **</SCRIPT/x>** و </content></entry></feed>"),
];

async fn strange_court() -> (Court, Vec<Value>) {
    let court = Court::open().await;
    let mut made = Vec::new();
    for (name, body) in STRANGE {
        court.later(1);
        let mut new = comment("/a&b=<c>\"'", None, body);
        new["author"]["name"] = json!(name);
        new["author"]["website"] = json!("https://a.example/?x=1&y=2'");
        new["page"]["title"] = json!("عنوان </title></script><script>alert(2)</script> & \u{fffe}\"");
        new["page"]["url"] = json!("https://blog.example/a?b=1&c=%3C/script%3E'");
        let posted = court.anon().post("/api/v1/sites/blog/comments", &new).await;
        assert_eq!(posted.status, 201, "{}", posted.text());
        made.push(posted.json());
    }
    (court, made)
}

#[tokio::test]
async fn feeds_are_well_formed_whatever_people_write() {
    let (court, made) = strange_court().await;
    for path in ["/feeds/blog.atom", "/feeds/blog/thread.atom?page=/a%26b%3D%3Cc%3E%22%27"] {
        let feed = atom(&court.anon().get(path).await);
        assert_eq!(all(&feed, "/feed/entry/id"), made.iter().rev().map(|c| format!("urn:uuid:{}", id(c))).collect::<Vec<_>>(), "{path}");
        let names: Vec<&str> = made.iter().rev().map(|c| c["comment"]["author"]["name"].as_str().unwrap()).collect();
        assert_eq!(all(&feed, "/feed/entry/author/name"), names);
        let hrefs: Vec<&str> = made.iter().rev().map(|c| c["comment"]["permalink"].as_str().unwrap()).collect();
        assert_eq!(links(&feed, "/feed/entry/link", "alternate"), hrefs);
        for (content, posted) in all(&feed, "/feed/entry/content").into_iter().zip(made.iter().rev()) {
            assert!(content.contains(posted["comment"]["html"].as_str().unwrap()));
            assert_eq!(active_in_body(content), Vec::<String>::new());
        }
        let own = links(&feed, "/feed/link", "self")[0].strip_prefix("https://comments.example").unwrap().to_owned();
        assert_eq!(all(&atom(&court.anon().get(&own).await), "/feed/entry/id"), all(&feed, "/feed/entry/id"), "{own} is not the feed itself");
        for needed in ["/feed/id", "/feed/title", "/feed/updated"] {
            assert_eq!(all(&feed, needed).len(), 1, "{path} {needed}");
        }
        assert!(all(&feed, "/feed/updated")[0] >= all(&feed, "/feed/entry/published")[0]);
    }
}

#[tokio::test]
async fn a_feed_has_the_newest_and_only_what_is_public() {
    let court = Court::open().await;
    let mut made = Vec::new();
    for n in 0..33 {
        made.push(court.comment("/a", None, &format!("تعليق {n}")).await);
    }
    let other = court.comment("/b", None, "في صفحة أخرى").await;
    let moderator = court.moderator().await;
    let decisions = json!({ "decisions": [{ "id": id(&made[32]), "decision": "remove" }] });
    moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    let site = atom(&court.anon().get("/feeds/blog.atom").await);
    let entries = all(&site, "/feed/entry/id");
    assert_eq!((entries.len(), entries[0]), (30, &*format!("urn:uuid:{}", id(&other))));
    let thread = atom(&court.anon().get("/feeds/blog/thread.atom?page=/a").await);
    let right: Vec<String> = made[2..32].iter().rev().map(|c| format!("urn:uuid:{}", id(c))).collect();
    assert_eq!(all(&thread, "/feed/entry/id"), right);
    let empty = atom(&court.anon().get("/feeds/blog/thread.atom?page=/none").await);
    assert_eq!(all(&empty, "/feed/entry/id").len(), 0);
    for wrong in ["/feeds/blog", "/feeds/none.atom", "/feeds/.atom", "/feeds/none/thread.atom?page=/a", "/feeds/blog/thread.atom"] {
        let answer = court.anon().get(wrong).await;
        assert!(["not-found", "unknown-site", "invalid"].contains(&&*answer.code()), "{wrong}");
    }
}

#[tokio::test]
async fn feeds_speak_the_reader_s_language() {
    let court = Court::open().await;
    court.comment("/a", None, "مرحبا").await;
    let arabic = court.anon().with("accept-language", "ar").get("/feeds/blog.atom").await;
    let english = court.anon().get("/feeds/blog.atom").await;
    for answer in [&arabic, &english] {
        let feed = atom(answer);
        assert!(all(&feed, "/feed/entry/title")[0].contains("سارة") && all(&feed, "/feed/entry/title")[0].contains("مرحبا"));
    }
    assert!(arabic.text().contains("xml:lang=\"ar\"") && english.text().contains("xml:lang=\"en\""));
}

/// The structured data of a page of ours.
#[track_caller]
fn json_ld(page: &Html) -> Value {
    let data: Vec<_> = page.all("script").collect();
    assert_eq!(data.len(), 1, "a page of ours has its data and no script");
    assert_eq!(data[0].attribute("type"), Some("application/ld+json"));
    serde_json::from_str(&data[0].text).unwrap_or_else(|e| panic!("{e}: {}", data[0].text))
}

#[tokio::test]
async fn structured_data_cannot_be_broken_out_of() {
    let (court, made) = strange_court().await;
    for lang in ["ar", "en"] {
        let answer = court.anon().get(&format!("/discuss/blog?page=/a%26b%3D%3Cc%3E%22%27&lang={lang}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.html();
        assert_eq!(page.active(), Vec::<String>::new());
        let data = json_ld(&page);
        assert_eq!((&data["@type"], &data["commentCount"], &data["inLanguage"]), (&json!("DiscussionForumPosting"), &json!(made.len()), &json!(lang)));
        assert_eq!(data["comment"].as_array().unwrap().len(), made.len());
        for (said, posted) in data["comment"].as_array().unwrap().iter().zip(&made) {
            assert_eq!(said["@id"], format!("urn:uuid:{}", id(posted)));
            assert_eq!(said["author"]["name"], posted["comment"]["author"]["name"]);
            assert_eq!(said["url"], posted["comment"]["permalink"]);
        }
        assert!(data["headline"].as_str().unwrap().starts_with("عنوان </title></script>"));
    }
}

#[tokio::test]
async fn structured_data_leaves_out_what_is_not_public() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let held = court.comment("/a", None, "كلام-ينتظر").await;
    let page = court.anon().get("/discuss/blog?page=/a").await;
    assert_eq!(json_ld(&page.html())["comment"], json!([]));
    assert!(!page.text().contains("كلام-ينتظر") && !page.text().contains(&id(&held)));
}
