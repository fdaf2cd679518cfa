//! What the functions are tried on.

use jiwar_wire::{
    Dir, Lang, Time,
    comment::{Author, Comment, Role, Status},
    ids::{CommentId, ThreadId},
    site::{Moderation, Site},
    thread::{Sort, State, Thread, ThreadPage},
};
use uuid::Uuid;

pub const ENGLISH: &str = "I read this twice, and it says what I have been trying to say for *years*. One question, though:\n\n\
> does it hold for small towns as well?\n\n\
We tried it on [our street](https://example.org/street) with `ten` households:\n\n\
- the first month nobody came,\n- the second month **everybody** did,\n- and then it settled.\n\n\
```\nweek 1: 2\nweek 9: 41\n```\n\n\
I suspect that the neighbours made the difference, not the method. See https://example.org/notes?page=2 for the numbers, \
and tell me if I have misread the third one; it would not be the first time. Thank you indeed for writing all of it down so plainly, by the way.\n";

pub const ARABIC: &str = "السلام عليكم، قرأت المقال مرتين ووجدت فيه ما كنت أبحث عنه *منذ زمن*. عندي سؤال واحد:\n\n\
> هل ينطبق هذا على المدن الصغيرة أيضًا؟\n\n\
جرّبنا الأمر في [حيّنا](https://example.org/hara) مع `عشر` أسر:\n\n\
- في الشهر الأول لم يأتِ أحد،\n- وفي الثاني جاء **الجميع**،\n- ثم هدأ الأمر.\n\n\
أظن أن السبب هو الجيران أنفسهم لا الطريقة. الأرقام هنا: https://example.org/notes?page=2 وأخبرني إن أخطأت في قراءتها.\n";

pub const SHORT: &str = "شكرًا على المقال، انتفعت به كثيرًا.";

pub const MOVED: &str = "<p>I read <strong>this</strong> twice.</p>\n<blockquote><p>does it hold for small towns?</p></blockquote>\n\
We tried it on <a href=\"https://example.org/street\" onclick=\"x()\">our street</a>,<br />with <code>ten</code> households.<script>alert(1)</script>";

pub const URL: &str = "https://www.blog.example//2024/%d9%85%d8%b1%d8%ad%d8%a8%d8%a7/index.html?utm_source=x&fbclid=y&p=3#comments";

pub fn site() -> Site {
    Site {
        key: "blog".into(),
        name: "مدونة".into(),
        locale: Lang::Ar,
        moderation: Moderation::PublishAll,
        email_required: false,
        edit_window: 900,
        rules: None,
        indent: 3,
        body_limit: 10_000,
        name_limit: 40,
        judges: Vec::new(),
    }
}

/// A page of so many comments, of which three of four answer one before them.
pub fn page(comments: usize) -> ThreadPage {
    let thread = Thread {
        id: Some(ThreadId::new(Uuid::from_u128(1))),
        page_id: "/2026/11/a-post".into(),
        url: Some("https://blog.example/2026/11/a-post".into()),
        title: Some("مقال".into()),
        state: State::Open,
        closed_by: None,
        count: comments as u32,
        revision: 1,
    };
    let comments = (0..comments).map(|n| comment(n, &thread)).collect();
    ThreadPage { thread, sort: Sort::Oldest, comments, earlier: false, next: None, as_of: Time(1_790_000_000_000) }
}

fn comment(n: usize, thread: &Thread) -> Comment {
    let id = |n: usize| CommentId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n as u128));
    let (source, inherit) = if n.is_multiple_of(2) { (ARABIC, Dir::Rtl) } else { (ENGLISH, Dir::Ltr) };
    let rendered = jiwar::text::render(source, jiwar_wire::comment::Format::Markdown, inherit, None);
    Comment {
        id: id(n),
        thread_id: ThreadId::new(Uuid::from_u128(1)),
        page_id: thread.page_id.clone(),
        parent_id: (!n.is_multiple_of(4)).then(|| id(n / 4 * 4)),
        depth: u32::from(!n.is_multiple_of(4)),
        author: Author { id: None, name: "سارة الخالدي".into(), website: None, role: Role::Reader, avatar: "خ:210".into() },
        html: rendered.html,
        dir: rendered.dir,
        body: None,
        status: Status::Approved,
        created_at: Time(1_780_000_000_000 + n as i64 * 60_000),
        edited_at: None,
        reply_count: 3,
        helpful: 0,
        pinned: false,
        permalink: format!("https://blog.example/2026/11/a-post#comment-{}", id(n)),
        viewer: None,
        review: None,
    }
}
