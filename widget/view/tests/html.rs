//! What readers get, by snapshot. Arabic first.

#[path = "sample/markup.rs"]
mod markup;
mod sample;

use jiwar_view::{
    Host, Markup, Place, comment,
    composer::{self, Composer, Fault, Notice, Values},
    discuss::{self, DiscussPage},
    report::{self, Filled, Removed, ReportForm, ReportPage},
    thread,
};
use jiwar_wire::{
    Dir, FieldCode, FieldError, Lang, Refusal,
    comment::{Comment, HoldReason, Status},
    report::{AppealState, OwnAppeal},
    site::{OutsideJudge, Site},
    thread::State,
};
use markup::lay_out;

const BOTH: [Lang; 2] = [Lang::Ar, Lang::En];

fn check(name: &str, html: Markup) {
    insta::assert_snapshot!(name, lay_out(&html.into_string()));
}

fn tagged(name: &str, lang: Lang) -> String {
    format!("{name}_{}", lang.tag())
}

#[test]
fn a_thread_with_replies() {
    for lang in BOTH {
        let site = sample::site(lang);
        let html = thread::fragment(&sample::place(&site, Host::Embed), &sample::thread_page(lang, sample::comments(lang)), None);
        check(&tagged("thread", lang), html);
    }
}

#[test]
fn an_empty_thread() {
    for lang in BOTH {
        let site = sample::site(lang);
        check(&tagged("empty", lang), thread::fragment(&sample::place(&site, Host::Embed), &sample::thread_page(lang, Vec::new()), None));
    }
}

#[test]
fn a_closed_thread_has_no_form() {
    let site = sample::site(Lang::Ar);
    let mut page = sample::thread_page(Lang::Ar, sample::comments(Lang::Ar)[..1].to_vec());
    page.thread.state = State::Closed;
    let html = thread::fragment(&sample::place(&site, Host::Embed), &page, None);
    assert!(!html.0.contains("<form"));
    check("closed_ar", html);
}

#[test]
fn placeholders_keep_their_place_and_say_nothing_of_the_writer() {
    let site = sample::site(Lang::Ar);
    let mut comments = sample::comments(Lang::Ar)[..4].to_vec();
    comments[0].status = Status::Deleted;
    comments[2].status = Status::Removed;
    let html = thread::items(&sample::place(&site, Host::Embed), &comments);
    for secret in [&comments[0].author.name, &comments[2].author.name, "WordPress", "omar.example"] {
        assert!(!html.0.contains(secret), "{secret}");
    }
    check("placeholders_ar", html);
}

#[test]
fn a_pending_comment_and_its_writers_buttons() {
    let site = sample::site(Lang::Ar);
    let place = Place { now: Some(sample::NOW), ..sample::place(&site, Host::Embed) };
    let mut comment = sample::comments(Lang::Ar)[7].clone();
    comment.status = Status::Pending;
    check("pending_ar", comment::item(&place, &comment, Some("Omar (2)")));
    check("own_actions_ar", comment::own_actions(Lang::Ar, true, true, false));
}

#[test]
fn the_comment_that_a_link_led_to() {
    let site = sample::site(Lang::Ar);
    let html = thread::fragment(&sample::place(&site, Host::Embed), &sample::thread_page(Lang::Ar, sample::comments(Lang::Ar)), Some(sample::id(2)));
    let marked = format!("<li id=\"comment-{}\" class=\"c d1 target\"", sample::id(2));
    assert!(html.0.contains(&marked) && html.0.contains(&format!("data-comment=\"{}\"", sample::id(2))));
    assert_eq!(html.0.matches(" target\"").count(), 1);
}

#[test]
fn depth_is_capped_and_said_in_words_instead() {
    let site = sample::site(Lang::Ar);
    let comments: Vec<Comment> = (0..200)
        .map(|n| Comment { id: sample::id(n), parent_id: (n > 0).then(|| sample::id(n - 1)), depth: n, ..sample::comments(Lang::Ar)[0].clone() })
        .collect();
    let html = thread::items(&sample::place(&site, Host::Embed), &comments).into_string();
    lay_out(&html);
    assert_eq!(html.matches("class=\"c d3\"").count(), 197);
    assert_eq!(html.matches("class=\"to\"").count(), 196, "deeper than is indented: a link to the parent");
    assert!(html.contains("data-depth=\"199\""));
}

#[test]
fn a_parent_on_another_page_or_gone_is_an_earlier_comment() {
    let site = sample::site(Lang::Ar);
    let place = sample::place(&site, Host::Embed);
    let comments = sample::comments(Lang::Ar);
    let html = thread::items(&place, &comments[4..6]).into_string();
    assert_eq!(html.matches("رداً على تعليق سابق</a>").count(), 2);
}

#[test]
fn the_form_with_faults() {
    for lang in BOTH {
        let site = sample::site(lang);
        let refusal = Refusal::Invalid(vec![
            FieldError::new("/body", FieldCode::Required),
            FieldError::new("/author/name", FieldCode::Required),
            FieldError::new("/author/email", FieldCode::NotAnEmail),
            FieldError::new("/author/website", FieldCode::NotAUrl),
        ]);
        let composer = Composer {
            parent: Some((sample::id(3), "Omar (2)")),
            values: Values {
                body: "</textarea><script>alert(1)</script>",
                email: "\"><b>",
                website: "javascript:alert(1)",
                remember: true,
                ..Values::default()
            },
            faults: &Fault::all(lang, &refusal),
            notice: Some(&Notice::of(lang, &refusal)),
            token: Some("signed"),
            decoy: Some("subject"),
            preview: Some(("<p>C++</p>", Dir::Ltr)),
            ..Composer::default()
        };
        check(&tagged("form_faults", lang), composer::form(&sample::place(&site, Host::Discuss), &composer));
    }
}

#[test]
fn the_form_names_who_else_reads_it() {
    let judge = |name: &str, email, address| OutsideJudge { name: name.into(), email, address };
    for lang in BOTH {
        let judges = vec![judge("Akismet", false, true), judge("<judge>.example", true, false)];
        let site = Site { judges, ..sample::site(lang) };
        check(&tagged("form_judges", lang), composer::form(&sample::place(&site, Host::Embed), &Composer::default()));
    }
}

#[test]
fn the_edit_form_has_the_text_alone() {
    let site = sample::site(Lang::Ar);
    let composer = Composer { editing: Some(sample::id(1)), values: Values { body: "نص", ..Values::default() }, ..Composer::default() };
    check("form_edit_ar", composer::form(&sample::place(&site, Host::Embed), &composer));
}

#[test]
fn three_forms_in_one_thread_share_no_id() {
    let site = sample::site(Lang::Ar);
    let place = sample::place(&site, Host::Embed);
    let reply = Composer { parent: Some((sample::id(1), "x")), ..Composer::default() };
    let edit = Composer { editing: Some(sample::id(1)), ..Composer::default() };
    let html: String = [&Composer::default(), &reply, &edit].map(|c| composer::form(&place, c).into_string()).concat();
    lay_out(&html);
}

#[test]
fn the_rule_line_is_the_sites_own_ours_or_none() {
    let rules = |rules: Option<&str>| {
        let mut site = sample::site(Lang::Ar);
        site.rules = rules.map(Into::into);
        composer::form(&sample::place(&site, Host::Embed), &Composer::default()).into_string()
    };
    assert!(rules(None).contains("لنكن لطفاء"));
    assert!(rules(Some("أهلاً <بكم>")).contains("<p class=\"rules\">أهلاً &lt;بكم&gt;</p>"));
    assert!(!rules(Some(" ")).contains("rules"));
}

#[test]
fn the_page_without_javascript() {
    for lang in BOTH {
        let site = sample::site(lang);
        let mut comments = sample::comments(lang);
        let mut pending = comments.remove(7);
        pending.status = Status::Pending;
        let mut thread = sample::thread_page(lang, comments[..2].to_vec());
        thread.next = Some("c&d".into());
        let page = DiscussPage {
            thread: &thread,
            css: "https://comments.example/widget/0123abcd/style.css",
            composer: Composer { token: Some("signed"), decoy: Some("subject"), ..Composer::default() },
            pending: Some((&pending, Some(HoldReason::FirstComment))),
            focus: None,
            earlier: Some("https://comments.example/discuss/demo?page=a"),
            feed: Some("https://comments.example/feeds/demo/thread.atom?page=a"),
            noindex: false,
        };
        check(&tagged("discuss", lang), discuss::page(&sample::place(&site, Host::Discuss), &page));
    }
}

#[test]
fn the_problem_page() {
    for lang in BOTH {
        let gone = Notice::of(lang, &Refusal::NotFound);
        check(&tagged("problem", lang), discuss::problem(lang, "/widget/0123abcd/style.css", &gone.title, &gone.detail, Some("https://blog.example/")));
    }
}

#[test]
fn the_form_for_a_report() {
    for lang in BOTH {
        let filled = Filled { reason: "abuse", note: "</textarea><b>", token: None };
        let form = ReportForm { lang, api: "https://comments.example", site: "demo", comment: sample::id(3), filled };
        check(&tagged("report", lang), report::form(&form));
    }
}

#[test]
fn the_page_to_report_from() {
    for lang in BOTH {
        let filled = Filled { token: Some("signed"), ..Filled::default() };
        let page = ReportPage {
            form: ReportForm { lang, api: "https://comments.example", site: "demo", comment: sample::id(3), filled },
            css: "https://comments.example/widget/0123abcd/style.css",
            site_name: "The <Corner> Notebook",
            page_id: "/مقال".into(),
            name: "Omar (2)".into(),
            excerpt: "كلام <عن> المطر".into(),
        };
        check(&tagged("report_page", lang), report::page(&page, Some(&Notice::of(lang, &Refusal::FormExpired))));
        assert!(report::done(&page).0.contains("role=\"status\""));
    }
}

#[test]
fn ones_own_removed_comment() {
    let comment = Comment { status: Status::Removed, ..sample::comments(Lang::Ar)[2].clone() };
    let states = [
        ("possible", AppealState::Possible, Some(sample::NOW), None),
        ("waiting", AppealState::Waiting, None, None),
        ("refused", AppealState::Refused, None, Some("الاسم <ما> زال فيه".to_owned())),
    ];
    for lang in BOTH {
        for (name, state, until, answer) in states.clone() {
            let removed =
                Removed { comment: &comment, reason: Some("<b>خارج</b> الموضوع".into()), appeal: Some(OwnAppeal { state, until, answer }) };
            check(&tagged(&format!("removed_{name}"), lang), report::removed(lang, &removed));
        }
    }
    let silent = report::removed(Lang::Ar, &Removed { comment: &comment, reason: None, appeal: None }).into_string();
    assert!(!silent.contains("<form") && !silent.contains("السبب"));
}

#[test]
fn nothing_that_people_type_becomes_markup() {
    let site = sample::site(Lang::En);
    let evil = "https://\"><script>alert(1)</script>&lt;";
    let mut comments = sample::comments(Lang::En);
    for comment in &mut comments {
        comment.author.name = evil.into();
        comment.author.avatar = evil.into();
        comment.author.website = Some(evil.into());
        comment.permalink = evil.into();
    }
    let page = sample::thread_page(Lang::En, comments);
    let place = Place { url: Some(evil), title: Some(evil), page_id: evil, ..sample::place(&site, Host::Embed) };
    let discuss = DiscussPage {
        thread: &page,
        css: "/style.css",
        composer: Composer { parent: Some((sample::id(1), evil)), ..Composer::default() },
        pending: None,
        focus: None,
        earlier: Some(evil),
        feed: Some(evil),
        noindex: true,
    };
    for html in [thread::fragment(&place, &page, None), discuss::page(&place, &discuss)] {
        let html = html.into_string();
        lay_out(&html);
        assert!(!html.contains("<script>"), "{html}");
    }
}

#[test]
fn only_addresses_of_the_web_are_linked() {
    let site = sample::site(Lang::En);
    let mut comments = sample::comments(Lang::En);
    for comment in &mut comments {
        comment.author.website = Some("javascript:alert(1)".into());
        comment.permalink = "javascript:alert(1)".into();
    }
    assert!(!thread::items(&sample::place(&site, Host::Embed), &comments).0.contains("javascript:"));
}

#[test]
fn machine_data_tells_the_thread_without_placeholders() {
    let site = sample::site(Lang::Ar);
    let mut comments = sample::comments(Lang::Ar)[..3].to_vec();
    comments[1].status = Status::Removed;
    let thread = sample::thread_page(Lang::Ar, comments);
    let page = DiscussPage { thread: &thread, css: "", composer: Composer::default(), pending: None, focus: None, earlier: None, feed: None, noindex: false };
    let html = discuss::page(&sample::place(&site, Host::Discuss), &page).into_string();
    let data = html.split_once("ld+json\">").and_then(|(_, rest)| rest.split_once("</script>")).unwrap().0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["@type"], "DiscussionForumPosting");
    assert_eq!(data["commentCount"], 2);
    let told = data["comment"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["author"]["name"], "Omar Haddad");
    assert_eq!(told[1]["text"], "WordPress ما زال أفضل خيار لمن يبدأ، لكن المجتمع لا يأتي مع القالب.");
    assert_eq!(told[1]["parentItem"]["@id"], format!("urn:uuid:{}", sample::id(2)));
}
