//! What people type, and what is shown.

use super::super::render;
use jiwar_wire::{Dir, comment::Format};

fn markdown(source: &str) -> String {
    render(source, Format::Markdown, Dir::Rtl, None).html
}

fn html(source: &str) -> String {
    render(source, Format::Html, Dir::Rtl, None).html
}

#[test]
fn a_comment_in_two_languages() {
    assert_eq!(
        markdown("WordPress ما زال **أفضل** خيار\nسطر ثانٍ\n\nThis is English."),
        r#"<p dir="rtl">WordPress ما زال <strong>أفضل</strong> خيار<br>سطر ثانٍ</p><p dir="ltr">This is English.</p>"#
    );
}

#[test]
fn what_markdown_becomes() {
    for (source, shown) in [
        ("# عنوان", r#"<p dir="rtl"><strong>عنوان</strong></p>"#),
        ("~~قديم~~ `x < y`", r#"<p dir="rtl"><del>قديم</del> <code dir="ltr">x &lt; y</code></p>"#),
        ("```rust\nfn main() {}\n```", "<pre dir=\"ltr\" tabindex=\"0\"><code>fn main() {}\n</code></pre>"),
        ("- واحد\n- two", r#"<ul dir="rtl"><li dir="rtl">واحد</li><li dir="ltr">two</li></ul>"#),
        ("3. three\n4. four", r#"<ol start="3" dir="ltr"><li dir="ltr">three</li><li dir="ltr">four</li></ol>"#),
        ("- a\n\n- b", r#"<ul dir="ltr"><li dir="ltr"><p dir="ltr">a</p></li><li dir="ltr"><p dir="ltr">b</p></li></ul>"#),
        ("- a\n  - b", r#"<ul dir="ltr"><li dir="ltr">a<ul dir="ltr"><li dir="ltr">b</li></ul></li></ul>"#),
        ("> اقتباس\n\nرد", r#"<blockquote dir="rtl"><p dir="rtl">اقتباس</p></blockquote><p dir="rtl">رد</p>"#),
        ("a\n\n---\n\nb", r#"<p dir="ltr">a</p><hr><p dir="ltr">b</p>"#),
        ("<b onclick=x>a</b>", r#"<p dir="ltr">&lt;b onclick=x&gt;a&lt;/b&gt;</p>"#),
        ("a & b &amp;amp; «ç» © \u{a0}x", r#"<p dir="ltr">a &amp; b &amp;amp; «ç» © &nbsp;x</p>"#),
        ("a**b", r#"<p dir="ltr">a**b</p>"#),
        ("", ""),
    ] {
        assert_eq!(markdown(source), shown, "{source}");
    }
}

#[test]
fn links_and_pictures() {
    let rel = r#"rel="ugc nofollow noopener""#;
    for (source, shown) in [
        ("[نص](https://example.com/a?b=1&c=2)", format!(r#"<p dir="rtl"><a href="https://example.com/a?b=1&amp;c=2" {rel}>نص</a></p>"#)),
        (
            "انظر https://example.com/a_b_c، ثم",
            format!(r#"<p dir="rtl">انظر <a href="https://example.com/a_b_c" dir="ltr" {rel}>https://example.com/a_b_c</a>، ثم</p>"#),
        ),
        ("<https://example.com/>", format!(r#"<p dir="rtl"><a href="https://example.com/" dir="ltr" {rel}>https://example.com/</a></p>"#)),
        ("![قطة](https://example.com/cat.png)", format!(r#"<p dir="rtl"><a href="https://example.com/cat.png" {rel}>قطة</a></p>"#)),
        (
            "![](https://example.com/cat.png)",
            format!(r#"<p dir="rtl"><a href="https://example.com/cat.png" dir="ltr" {rel}>https://example.com/cat.png</a></p>"#),
        ),
        ("[a](javascript:alert(1)) [b](/here) [c](https://good.example@evil.example)", r#"<p dir="ltr">a b c</p>"#.into()),
        ("`https://example.com`", r#"<p dir="rtl"><code dir="ltr">https://example.com</code></p>"#.into()),
        ("[\u{202e}https://good.example](https://evil.example)", format!(r#"<p dir="rtl"><a href="https://evil.example/" {rel}>https://good.example</a></p>"#)),
    ] {
        assert_eq!(markdown(source), shown, "{source}");
    }
}

#[test]
fn the_writer_chooses_the_direction() {
    let chosen = render("مرحبا\n\n- a `b`", Format::Markdown, Dir::Ltr, Some(Dir::Ltr));
    assert_eq!(chosen.html, r#"<p dir="ltr">مرحبا</p><ul dir="ltr"><li dir="ltr">a <code dir="ltr">b</code></li></ul>"#);
    assert_eq!(chosen.dir, Dir::Ltr);
    assert_eq!(render("12 😅", Format::Markdown, Dir::Rtl, None).dir, Dir::Rtl);
    assert_eq!(render("> كلام طويل جدا من شخص آخر\n\nI agree", Format::Markdown, Dir::Rtl, None).dir, Dir::Ltr);
    assert_eq!(render("> كلام", Format::Markdown, Dir::Ltr, None).dir, Dir::Rtl);
    assert_eq!(html("<p dir=ltr>مرحبا <bdo dir=ltr>عمر</bdo></p>"), r#"<p dir="rtl">مرحبا عمر</p>"#);
}

#[test]
fn comments_of_wordpress() {
    assert_eq!(
        html("سطر\nثان\n\nفقرة &amp; <code>dir=\"auto\"</code>"),
        r#"<p dir="rtl">سطر<br>ثان</p><p dir="rtl">فقرة &amp; <code dir="ltr">dir="auto"</code></p>"#
    );
    assert_eq!(
        html("<blockquote>قال\nهذا</blockquote>\nوأنا أقول:\n<strong>a</strong> &#8230; &#1575;"),
        r#"<blockquote dir="rtl"><p dir="rtl">قال<br>هذا</p></blockquote><p dir="rtl">وأنا أقول:<br><strong>a</strong> … ا</p>"#
    );
    assert_eq!(html("<b>a\n\nb</b> c"), r#"<p dir="ltr"><strong>a</strong></p><p dir="ltr"><strong>b</strong> c</p>"#);
    assert_eq!(html("ok <img class=\"emoji\" alt=\"😀\" src=\"https://s.w.org/x.png\">"), r#"<p dir="ltr">ok 😀</p>"#);
    assert_eq!(html("1 < 2 & 3 > 2"), r#"<p dir="ltr">1 &lt; 2 &amp; 3 &gt; 2</p>"#.replace("ltr", "rtl"));
    assert_eq!(html("<pre>a\n  b</pre>"), "<pre dir=\"ltr\" tabindex=\"0\"><code>a\n  b</code></pre>");
}

#[test]
fn comments_of_disqus() {
    assert_eq!(
        html("<p>one<br>two</p>\n\n<p><a href=\"https://x.example/\" rel=\"nofollow noopener\" title=\"t\">x</a></p>"),
        r#"<p dir="ltr">one<br>two</p><p dir="ltr"><a href="https://x.example/" rel="ugc nofollow noopener">x</a></p>"#
    );
    assert_eq!(html("one\n two<br /><br />three"), r#"<p dir="ltr">one two</p><p dir="ltr">three</p>"#);
    assert_eq!(html("<p>a<ul><li>b<li>c</ul>d"), r#"<p dir="ltr">a</p><ul dir="ltr"><li dir="ltr">b</li><li dir="ltr">c</li></ul><p dir="ltr">d</p>"#);
    assert_eq!(html("<script>alert(1)</script><p onclick=x style=y>a<iframe src=z>b</iframe></p>"), r#"<p dir="ltr">a</p>"#);
}

#[test]
fn what_is_searched_are_the_words() {
    assert_eq!(render("**مر**حبا يا [أحمد](https://x.example)\n\n> ٢٠٢٥", Format::Markdown, Dir::Rtl, None).folded, "مرحبا يا احمد\n2025");
    assert_eq!(render("<p>Caf&eacute;</p><p>&#x627;&#x644;مدوّنة</p>", Format::Html, Dir::Rtl, None).folded, "café\nالمدونه");
}
