//! Without JavaScript: the thread as a page of ours, with a form that never loses a word.

use crate::harness::{Answer, Client, Court, Html, id};
use jiwar_wire::site::{Moderation, Settings};
use serde_json::json;

const PAGE: &str = "/discuss/blog?page=/a";

/// A form as it stands on a page: what its fields hold, to be filled in and sent.
#[derive(Clone)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    #[track_caller]
    fn of(answer: &Answer) -> Self {
        let html = answer.html();
        let form = html.one("form", "data-jw", "form");
        assert_eq!(form.attribute("method"), Some("post"));
        let action = form.attribute("action").unwrap().strip_prefix("https://comments.example").expect("the form posts to ourselves").to_owned();
        let named = html.0.iter().filter(|e| ["input", "textarea"].contains(&&*e.name));
        let fields = named.filter_map(|e| Some(e.attribute("name")?.to_owned())).map(|name| (name.clone(), html.field(&name))).collect();
        Self { action, fields }
    }

    fn fill(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(n, _)| n == name).unwrap_or_else(|| panic!("no field {name}"));
        field.1 = value.to_owned();
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self
    }

    fn press(mut self, button: &str) -> Self {
        self.fields.push((button.into(), "1".into()));
        self
    }

    async fn send(&self, client: &Client) -> Answer {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        client.form(&self.action, &fields).await
    }
}

async fn opened(court: &Court, path: &str) -> Form {
    Form::of(&court.anon().get(path).await)
}

fn typed(form: Form) -> Form {
    form.fill("body", "نص طويل\nمن سطرين & <b>وسوم</b> \"و\"").fill("name", "سارة & 'عمر'").fill("email", "sara@mail.example").fill("website", "sara.example")
}

/// All that was typed stands in the form again.
#[track_caller]
fn assert_kept(answer: &Answer, form: &Form) {
    let again = Form::of(answer);
    for name in ["body", "name", "email", "website"] {
        let value = |f: &Form| f.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        assert_eq!(value(&again), value(form), "{name} is lost: {}", answer.status);
    }
    assert_is_plain(answer);
}

/// A page of ours: parsed, nothing runs in it, nothing may frame it, nobody keeps it.
#[track_caller]
fn assert_is_plain(answer: &Answer) {
    let html = answer.html();
    let active = html.active();
    assert_eq!(active, Vec::<String>::new());
    let policy = answer.header("content-security-policy");
    for needed in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(needed), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    assert_eq!((answer.header("cache-control"), answer.header("x-content-type-options")), ("no-store", "nosniff"));
    assert_eq!(answer.header("set-cookie"), "");
    let root = html.all("html").next().unwrap();
    assert!(root.attribute("lang").is_some() && root.attribute("dir").is_some());
}

/// Follows a redirect to ourselves.
async fn followed(court: &Court, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let to = answer.header("location");
    let path = to.strip_prefix("https://comments.example").unwrap_or(to).split('#').next().unwrap();
    court.anon().get(path).await
}

#[tokio::test]
async fn a_comment_is_written_and_answered_without_a_script() {
    let court = Court::open().await;
    let sent = typed(opened(&court, PAGE).await).send(&court.anon()).await;
    let shown = followed(&court, &sent).await;
    assert_is_plain(&shown);
    let html = shown.html();
    let comments = html.comments();
    assert_eq!(comments.len(), 1);
    assert!(sent.header("location").ends_with(&format!("#comment-{}", comments[0])));
    assert!(html.text().contains("سارة & 'عمر'"));

    let link = html.all("a").find(|a| a.attribute("data-act") == Some("reply")).and_then(|a| a.attribute("href")).unwrap();
    let answering = court.anon().get(link.strip_prefix("https://comments.example").unwrap().split('#').next().unwrap()).await;
    assert!(answering.html().text().contains("سارة & 'عمر'"));
    let form = typed(Form::of(&answering)).fill("body", "رد بلا سكربت");
    assert_eq!(form.fields.iter().find(|(n, _)| n == "parent_id").map(|(_, v)| v.as_str()), Some(&*comments[0]));
    followed(&court, &form.send(&court.anon()).await).await;
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!((&thread["thread"]["count"], &thread["comments"][1]["parent_id"]), (&json!(2), &json!(comments[0])));
}

#[tokio::test]
async fn what_was_typed_comes_back_with_what_is_wrong() {
    let court = Court::open().await;
    for (field, value, part) in [
        ("body", "  ", "form-body-error"),
        ("name", "", "form-name-error"),
        ("email", "ليس بريداً", "form-email-error"),
        ("website", "javascript:alert(1)", "form-website-error"),
        ("body", &"كلمة ".repeat(3000), "form-body-error"),
    ] {
        for lang in ["ar", "en"] {
            let form = typed(opened(&court, &format!("{PAGE}&lang={lang}")).await).fill(field, value);
            let answer = form.send(&court.anon()).await;
            assert_eq!(answer.status, 422, "{field}");
            assert_kept(&answer, &form);
            let html = answer.html();
            assert!(!html.one("p", "id", part).text.is_empty());
            assert_eq!(html.all("html").next().unwrap().attribute("lang"), Some(lang));
            let faulty = html.0.iter().find(|e| e.attribute("aria-invalid") == Some("true")).unwrap();
            assert_eq!((faulty.attribute("name"), faulty.attribute("aria-describedby")), (Some(field), Some(part)));
        }
    }
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"]["/a"], 0);
}

#[tokio::test]
async fn a_form_from_elsewhere_or_too_old_comes_back_to_be_sent_again() {
    let court = Court::open().await;
    court.site("other", jiwar_wire::Lang::Ar, &["https://other.example"], Settings::default()).await;
    let form = typed(opened(&court, PAGE).await);
    let foreign = opened(&court, "/discuss/other?page=/a").await;
    let foreign = foreign.fields.iter().find(|(n, _)| n == "token").unwrap().1.clone();
    // A form of the blog's own page has no token: it is shown once more, without a reproach.
    let (bare, empty) = (form.clone().without("token"), form.clone().fill("token", ""));
    let (forged, foreign) = (form.clone().fill("token", "AAAA"), form.clone().fill("token", &foreign));
    for (wrong, status) in [(bare, 200), (empty, 200), (forged, 403), (foreign, 403)] {
        let answer = wrong.send(&court.anon()).await;
        assert_eq!(answer.status, status);
        assert_kept(&answer, &form);
        // As it came back it can be sent.
        let again = Form::of(&answer).send(&court.anon()).await;
        assert!(again.status == 303 || again.status == 409, "{}", again.status);
    }
    court.later(24 * 3600 + 1);
    let late = form.fill("body", "بعد يوم").send(&court.anon()).await;
    assert_eq!(late.status, 403);
    assert_eq!(Form::of(&late).send(&court.anon()).await.status, 303);
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"]["/a"], 2);
}

#[tokio::test]
async fn a_form_sent_twice_is_one_comment() {
    let court = Court::open().await;
    let form = typed(opened(&court, PAGE).await);
    let (first, second) = (form.send(&court.anon()).await, form.send(&court.anon()).await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"]["/a"], 1);
    // Going back and writing something else with the old form: the text comes back, and then goes.
    let other = form.fill("body", "شيء آخر");
    let answer = other.send(&court.anon()).await;
    assert_eq!(answer.status, 422);
    assert_kept(&answer, &other);
    assert_eq!(Form::of(&answer).send(&court.anon()).await.status, 303);
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"]["/a"], 2);
}

#[tokio::test]
async fn a_comment_that_waits_is_shown_to_its_writer_alone() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let sent = typed(opened(&court, PAGE).await).fill("body", "كلام-ينتظر").send(&court.anon()).await;
    let own = followed(&court, &sent).await;
    assert_is_plain(&own);
    assert!(own.html().text().contains("كلام-ينتظر"));
    let link = sent.header("location").to_owned();
    assert!(!link.contains("jc_"), "a link may be shared: it must not be able to change anything");
    let (id, glimpse) = link.split("pending=").nth(1).unwrap().split('#').next().unwrap().split_once('.').unwrap();
    for other in [
        PAGE.to_owned(),
        format!("{PAGE}&pending={id}"),
        format!("{PAGE}&pending={id}.x"),
        format!("{PAGE}&pending=01890000-0000-7000-8000-000000000000.{glimpse}"),
    ] {
        let page = court.anon().get(&other).await;
        assert!(page.status == 200 && !page.text().contains("كلام-ينتظر"), "{other}");
    }
    assert_eq!(court.anon().bearer(glimpse).delete(&format!("/api/v1/sites/blog/comments/{id}")).await.code(), "sign-in-needed");
    // Once it is decided the link shows what everybody sees.
    let moderator = court.moderator().await;
    let decisions = json!({ "decisions": [{ "id": id, "decision": "remove" }] });
    moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    assert!(!followed(&court, &sent).await.text().contains("كلام-ينتظر"));
}

#[tokio::test]
async fn a_preview_shows_and_keeps_and_publishes_nothing() {
    let court = Court::open().await;
    let form = typed(opened(&court, PAGE).await).fill("body", "**غامق** <script>alert(1)</script>");
    let answer = form.clone().press("preview").send(&court.anon()).await;
    assert_eq!(answer.status, 200);
    assert_kept(&answer, &form);
    assert!(answer.html().all("strong").any(|e| e.text == "غامق"));
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"]["/a"], 0);
    assert_eq!(Form::of(&answer).send(&court.anon()).await.status, 303);
}

#[tokio::test]
async fn what_was_typed_survives_a_change_of_the_world() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let parent = court.comment("/a", None, "سؤال").await;
    // The comment is taken away while its answer is being written.
    let form = typed(opened(&court, &format!("{PAGE}&reply={}", id(&parent))).await);
    moderator.delete(&format!("/api/v1/sites/blog/comments/{}", id(&parent))).await;
    let answer = form.send(&court.anon()).await;
    assert_eq!(answer.status, 422);
    assert_kept(&answer, &form);
    // The same words a second time, from a form of its own.
    let first = typed(opened(&court, PAGE).await);
    assert_eq!(first.send(&court.anon()).await.status, 303);
    let second = typed(opened(&court, PAGE).await);
    let answer = second.send(&court.anon()).await;
    assert_eq!(answer.status, 409);
    assert_kept(&answer, &second);
    // The thread is closed while somebody writes.
    let form = typed(opened(&court, PAGE).await).fill("body", "كلام-كثير-لا-يجوز-أن-يضيع");
    moderator.patch("/api/v1/sites/blog/thread?page=/a", &json!({ "state": "closed" })).await;
    let answer = form.send(&court.anon()).await;
    assert_eq!(answer.status, 403);
    assert!(answer.html().text().contains("كلام-كثير-لا-يجوز-أن-يضيع"), "the text is lost");
}

#[tokio::test]
async fn pages_can_be_turned_without_a_script() {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, page_size: 3, ..Settings::default() }).await;
    let mut made: Vec<String> = Vec::new();
    for n in 0..8 {
        made.push(id(&court.comment("/a", None, &format!("تعليق {n}")).await));
    }
    for sort in ["oldest", "newest"] {
        let (mut seen, mut path) = (Vec::new(), format!("{PAGE}&sort={sort}"));
        loop {
            let page = court.anon().get(&path).await;
            assert_is_plain(&page);
            let html = page.html();
            seen.extend(html.comments());
            let Some(more) = html.all("a").find(|a| a.attribute("data-act") == Some("more")).and_then(|a| a.attribute("href")) else { break };
            path = more.strip_prefix("https://comments.example").unwrap().to_owned();
        }
        if sort == "newest" {
            seen.reverse();
        }
        assert_eq!(seen, made, "{sort}");
    }
}

#[tokio::test]
async fn every_page_of_ours_is_plain() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "مرحبا").await;
    let id = id(&posted);
    let paths = [
        PAGE.to_owned(),
        format!("{PAGE}&sort=newest&lang=ar"),
        format!("{PAGE}&comment={id}"),
        format!("{PAGE}&reply={id}"),
        format!("{PAGE}&cursor=x"),
        "/discuss/blog".into(),
        "/discuss/blog?page=/none&title=%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E&url=https://a.b/%22onclick=x".into(),
        "/discuss/blog?page=%22%3E%3Cscript%3Ealert(1)%3C/script%3E".into(),
        format!("/discuss/blog?page={}", "x".repeat(800)),
        "/sign-in".into(),
        "/sign-in?link=%22%3E%3Cscript%3E".into(),
    ];
    for path in &paths {
        let answer = court.anon().get(path).await;
        assert!(!answer.status.is_server_error(), "{path}");
        assert_is_plain(&answer);
        let sheets: Vec<_> = Html::parse(&answer.text())
            .all("link")
            .filter(|l| l.attribute("rel") == Some("stylesheet"))
            .map(|l| l.attribute("href").unwrap().to_owned())
            .collect();
        assert!(sheets.iter().all(|s| s.starts_with("/widget/")), "{path}: {sheets:?}");
    }
    let too_large = court.anon().form(PAGE, &[("page", "/a"), ("body", &"x".repeat(300_000))]).await;
    assert_eq!(too_large.status, 413);
    assert_is_plain(&too_large);
    assert_eq!(court.anon().form("/discuss/blog", &[("body", "x")]).await.status, 422);
}

#[tokio::test]
async fn robots_are_told_which_page_is_the_one() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "مرحبا").await;
    let robots =
        async |path: &str| court.anon().get(path).await.html().all("meta").any(|m| m.is("meta", "name", "robots") && m.attribute("content") == Some("noindex"));
    assert!(!robots(PAGE).await);
    for other in [format!("{PAGE}&reply={}", id(&posted)), format!("{PAGE}&comment={}", id(&posted)), format!("{PAGE}&sort=newest")] {
        assert!(robots(&other).await, "{other}");
    }
}
