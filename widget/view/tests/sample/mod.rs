//! Threads to look at and to test with. All of it was written for this project.

#![allow(dead_code)] // each test file takes what it needs

use jiwar_view::{Host, Place};
use jiwar_wire::{
    Dir, Lang, Time,
    comment::{Author, Comment, Role, Status},
    ids::{CommentId, ThreadId},
    site::{Moderation, Site},
    thread::{Sort, State, Thread, ThreadPage},
};

pub const NOW: Time = Time::from_utc(2025, 10, 9, 12, 0, 0);

pub fn id(n: u32) -> CommentId {
    format!("0199c000-0000-7000-8000-{n:012}").parse().unwrap()
}

pub fn site(lang: Lang) -> Site {
    Site {
        key: match lang {
            Lang::Ar => "demo-ar".into(),
            Lang::En => "demo-en".into(),
        },
        name: match lang {
            Lang::Ar => "دفتر الحارة".into(),
            Lang::En => "The Corner Notebook".into(),
        },
        locale: lang,
        moderation: Moderation::HoldFirst,
        email_required: true,
        edit_window: 900,
        rules: None,
        indent: 3,
        body_limit: 10_000,
        judges: Vec::new(),
        name_limit: 40,
    }
}

pub fn place(site: &Site, host: Host) -> Place<'_> {
    let (page_id, url, title) = match site.locale {
        Lang::Ar => ("/جمهور-أم-جيران", "https://blog.example/جمهور-أم-جيران/", "جمهورٌ أم جيران؟"),
        Lang::En => ("/audience-or-neighbours", "https://blog.example/audience-or-neighbours/", "An audience, or neighbours?"),
    };
    Place { lang: site.locale, api: "https://comments.example", site, page_id, url: Some(url), title: Some(title), sort: Sort::Oldest, now: None, host }
}

/// One line of a conversation: number, parent, depth, writer, avatar, hours before now, HTML.
type Line<'a> = (u32, Option<u32>, u32, &'a str, &'a str, i64, &'a str);

const ARABIC: [Line<'static>; 8] = [
    (1, None, 0, "سارة المنصوري", "س:12", 400, "<p>قرأت المقال مرتين. أكثر ما لفتني أن السؤال ليس «كم يقرؤني؟» بل «من يردّ على من؟».</p>"),
    (2, Some(1), 1, "ياسر", "ي:200", 390, "<p>شكراً يا سارة. هذا هو السؤال فعلاً، ولم أجد له جواباً في أي لوحة إحصاءات.</p>"),
    (3, Some(2), 2, "Omar Haddad", "O:95", 380, "<p>WordPress ما زال أفضل خيار لمن يبدأ، لكن <em>المجتمع</em> لا يأتي مع القالب.</p>"),
    (
        4,
        Some(3),
        3,
        "الخالدي",
        "خ:260",
        370,
        "<p>صحيح. جرّبت هذا السطر في القالب ونفعني:</p><pre tabindex=\"0\"><code>&lt;script async src=\"https://comments.example/embed.js\" data-site=\"blog\"&gt;&lt;/script&gt;</code></pre>",
    ),
    (5, Some(4), 4, "نور", "ن:330", 360, "<p>هل يعمل مع المواقع الثابتة أيضاً؟</p>"),
    (6, Some(1), 1, "Leila", "L:150", 30, "<p>I came from a link in another blog, and I stayed for the comments. That says it all.</p>"),
    (
        7,
        None,
        0,
        "أبو يزن",
        "ي:45",
        5,
        "<p>سؤال: كيف أبدأ إن كان القرّاء لا يعلّقون أصلاً؟</p><blockquote><p>أول تعليق هو الأصعب.</p></blockquote><p>جرّبت مثلاً:</p><ul><li>سؤال في نهاية كل مقال</li><li>الرد على كل رسالة</li></ul>",
    ),
    (
        8,
        Some(7),
        1,
        "ياسر",
        "ي:200",
        1,
        "<p>ابدأ بمن يراسلك، واستأذنه في نقل رسالته إلى هنا. <a href=\"https://blog.example/first-reply\" rel=\"ugc nofollow noopener\">كتبت عن هذا من قبل</a>.</p>",
    ),
];

const ENGLISH: [Line<'static>; 8] = [
    (
        1,
        None,
        0,
        "Sara Mansour",
        "S:12",
        400,
        "<p>I read this twice. What stayed with me: the question is not “how many read me?” but “who answers whom?”.</p>",
    ),
    (2, Some(1), 1, "Yasir", "Y:200", 390, "<p>Thank you, Sara. That is the question, and no dashboard of mine has ever answered it.</p>"),
    (3, Some(2), 2, "Omar Haddad", "O:95", 380, "<p>WordPress is still where I would start, but a <em>community</em> does not come with the theme.</p>"),
    (
        4,
        Some(3),
        3,
        "June",
        "J:260",
        370,
        "<p>True. This one line in my template helped:</p><pre tabindex=\"0\"><code>&lt;script async src=\"https://comments.example/embed.js\" data-site=\"blog\"&gt;&lt;/script&gt;</code></pre>",
    ),
    (5, Some(4), 4, "نور الخالدي", "ن:330", 360, "<p>وهل يعمل مع المواقع الثابتة أيضاً؟</p>"),
    (6, Some(1), 1, "Leila", "L:150", 30, "<p>I came from a link in another blog, and I stayed for the comments. That says it all.</p>"),
    (
        7,
        None,
        0,
        "Tom",
        "T:45",
        5,
        "<p>A question: how do I begin when nobody writes at all?</p><blockquote><p>The first comment is the hardest.</p></blockquote><p>So far I have tried:</p><ul><li>a question at the end of each post</li><li>answering every mail</li></ul>",
    ),
    (
        8,
        Some(7),
        1,
        "Yasir",
        "Y:200",
        1,
        "<p>Start with those who write to you, and ask whether their letter may stand here. <a href=\"https://blog.example/first-reply\" rel=\"ugc nofollow noopener\">I wrote about this before</a>.</p>",
    ),
];

pub fn comments(lang: Lang) -> Vec<Comment> {
    let (lines, page) = match lang {
        Lang::Ar => (ARABIC, "/جمهور-أم-جيران"),
        Lang::En => (ENGLISH, "/audience-or-neighbours"),
    };
    lines.iter().map(|line| comment(line, page)).collect()
}

fn comment(&(n, parent, depth, name, avatar, hours, html): &Line<'_>, page: &str) -> Comment {
    let arabic = html.chars().any(|c| ('\u{620}'..='\u{64a}').contains(&c));
    Comment {
        id: id(n),
        thread_id: ThreadId::new(id(0).uuid()),
        page_id: page.into(),
        parent_id: parent.map(id),
        depth,
        author: Author {
            id: None,
            name: name.into(),
            website: (n % 4 == 3).then(|| "https://omar.example/".into()),
            role: if matches!(name, "ياسر" | "Yasir") { Role::Author } else { Role::Reader },
            avatar: avatar.into(),
        },
        html: html.into(),
        dir: if arabic { Dir::Rtl } else { Dir::Ltr },
        body: None,
        status: Status::Approved,
        created_at: Time(NOW.0 - hours * 3_600_000),
        edited_at: (n == 6).then(|| Time(NOW.0 - (hours - 1) * 3_600_000)),
        reply_count: 0,
        helpful: 0,
        pinned: false,
        permalink: format!("https://blog.example/post/#comment-{}", id(n)),
        viewer: None,
        review: None,
    }
}

pub fn thread_page(lang: Lang, comments: Vec<Comment>) -> ThreadPage {
    let site = site(lang);
    let at = place(&site, Host::Embed);
    ThreadPage {
        thread: Thread {
            id: Some(ThreadId::new(id(0).uuid())),
            page_id: at.page_id.into(),
            url: at.url.map(Into::into),
            title: at.title.map(Into::into),
            state: State::Open,
            closed_by: None,
            count: comments.iter().filter(|c| c.status == Status::Approved).count() as u32,
            revision: 34,
        },
        sort: Sort::Oldest,
        comments,
        earlier: false,
        next: None,
        as_of: NOW,
    }
}
