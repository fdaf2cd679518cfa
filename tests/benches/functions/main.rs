//! What the hot paths are made of, one by one: `cargo bench --package jiwar-tests --bench functions`.

use criterion::{Criterion, criterion_group, criterion_main};
use jiwar::{spam, text};
use jiwar_view::{Host, Place, thread};
use jiwar_wire::{
    Dir, Lang, Time,
    comment::{Author, Comment, Format, Status},
    ids::{CommentId, ThreadId},
    page_key::PageKey,
    site::{Moderation, Site},
    thread::{Sort, State, Thread, ThreadPage},
};
use std::hint::black_box;

const ARABIC: &str = "السلام عليكم، شكراً على المقال. **WordPress** ما زال أفضل خيار لمن يريد أن يملك مدونته، لكن الجِوار أهمّ من الأداة:\n\n\
- قارئٌ يردّ على قارئ\n- سؤالٌ له جواب: https://example.com/2025/سؤال\n\n> الجمهور روابط ضعيفة كثيرة نحو شخص واحد\n\nأما `cargo run` فيكفي للتجربة.";

fn english() -> String {
    "An audience is many weak ties to one person. **A community** needs three things, and a [link](https://example.com/a) or two.\n".repeat(5)
}

fn texts(c: &mut Criterion) {
    let english = english();
    let mut group = c.benchmark_group("text");
    group.bench_function("render and sanitise, Arabic", |b| b.iter(|| text::render(black_box(ARABIC), Format::Markdown, Dir::Rtl, None)));
    group.bench_function("render and sanitise, English", |b| b.iter(|| text::render(black_box(&english), Format::Markdown, Dir::Ltr, None)));
    group.bench_function("fold, Arabic", |b| b.iter(|| text::fold(black_box(ARABIC))));
    let address = "https://www.blog.example/2024/%d9%85%d8%b1%d8%ad%d8%a8%d8%a7/?utm_source=x&fbclid=y#comments";
    group.bench_function("page key", |b| b.iter(|| PageKey::parse(black_box(address), None)));
    group.finish();
}

fn verdicts(c: &mut Criterion) {
    let (model, text): (_, String) = (spam::Model::shipped(), english().chars().take(500).collect());
    let (sample, context) = (spam::Sample::text(&text), spam::Context::default());
    c.bench_function("spam/verdict, 500 characters", |b| b.iter(|| spam::judge(&context, black_box(&sample), &model, spam::Level::default())));
}

fn comment(n: u128) -> Comment {
    Comment {
        id: CommentId::new(uuid::Uuid::from_u128(n)),
        thread_id: ThreadId::new(uuid::Uuid::nil()),
        page_id: "/post".into(),
        parent_id: (!n.is_multiple_of(3)).then(|| CommentId::new(uuid::Uuid::from_u128(n - 1))),
        depth: u32::try_from(n % 3).unwrap_or(0),
        author: Author { name: "سارة".into(), avatar: "س:120".into(), ..Author::default() },
        html: text::render(ARABIC, Format::Markdown, Dir::Rtl, None).html,
        dir: Dir::Rtl,
        body: None,
        status: Status::Approved,
        created_at: Time(1_790_000_000_000),
        edited_at: None,
        reply_count: 1,
        helpful: 0,
        pinned: false,
        permalink: "https://blog.example/post#comment".into(),
        viewer: None,
    }
}

fn views(c: &mut Criterion) {
    let site = Site {
        key: "blog".into(),
        name: "مدونة".into(),
        locale: Lang::Ar,
        moderation: Moderation::HoldFirst,
        email_required: false,
        edit_window: 900,
        rules: None,
        indent: 3,
        body_limit: 10_000,
        name_limit: 40,
    };
    let thread = Thread { id: None, page_id: "/post".into(), url: None, title: Some("عنوان".into()), state: State::Open, count: 100, revision: 1 };
    let page = ThreadPage { thread, sort: Sort::Oldest, comments: (0..100).map(comment).collect(), earlier: false, next: None, as_of: Time(0) };
    let place = Place {
        lang: Lang::Ar,
        api: "https://comments.example",
        site: &site,
        page_id: "/post",
        url: None,
        title: Some("عنوان"),
        sort: Sort::Oldest,
        now: None,
        host: Host::Embed,
    };
    c.bench_function("view/fragment of 100 comments", |b| b.iter(|| thread::fragment(black_box(&place), black_box(&page), None)));
    c.bench_function("json/page of 100 comments", |b| b.iter(|| serde_json::to_vec(black_box(&page))));
}

criterion_group!(benches, texts, verdicts, views);
criterion_main!(benches);
