//! Every word that people see, in every language we speak.
//!
//! One struct of plain strings: a language that lacks a word does not compile.
//! The form's words are WordPress's, to the letter; readers and themes know them.
//! Sentences take no sex: "رد جديد من" and not "ردّ" or "ردّت".

pub mod admin;
mod ar;
mod en;
mod faults;
pub mod numbers;
pub mod plural;
mod refusals;
pub mod time;

pub use faults::{fault, sign_in};
pub use numbers::{Digits, push_number, push_plain};
pub use plural::{Category, Forms, plural};
pub use refusals::{field_message, hold_reason, refusal_detail, refusal_title};
pub use time::{ago, date, day, wait};

use jiwar_wire::Lang;

/// The words of one language. `{name}`, `{mark}`, `{time}` and `{n}` are places
/// to be filled by [`fill`], [`fill_isolated`], [`around`] or [`Forms::say`].
pub struct Words {
    pub form_title_reply: &'static str,
    pub form_cancel_reply: &'static str,
    pub form_preview: &'static str,
    pub form_write: &'static str,
    pub form_draft_saved: &'static str,
    pub form_sending: &'static str,
    pub form_closed: &'static str,
    pub error_required: &'static str,
    pub error_email: &'static str,
    pub error_too_long: &'static str,
    pub error_duplicate: &'static str,
    pub error_network: &'static str,
    pub error_retry: &'static str,
    pub state_pending: &'static str,
    pub state_posted: &'static str,
    pub state_deleted: &'static str,
    pub state_removed: &'static str,
    pub list_loading: &'static str,
    pub list_end: &'static str,
    /// Stands for the name of somebody who gave none, as other systems allow.
    pub anonymous: &'static str,
    pub comment_reply: &'static str,
    /// Names the link "Reply" and begins with that very word, for people who speak
    /// to their browser (WCAG 2.2, 2.5.3).
    pub comment_reply_to: &'static str,
    pub comment_in_reply: &'static str,
    pub comment_in_reply_earlier: &'static str,
    pub react_helpful: &'static str,
    pub react_thanks: &'static str,
    /// Names the button above and begins with its very word (WCAG 2.2, 2.5.3).
    pub react_thank: &'static str,
    pub react_first: &'static str,
    pub comment_report: &'static str,
    pub comment_edit: &'static str,
    pub comment_save: &'static str,
    pub comment_cancel: &'static str,
    pub comment_delete: &'static str,
    pub comment_delete_ask: &'static str,
    pub comment_undo: &'static str,
    pub comment_edited: &'static str,
    pub badge_author: &'static str,
    pub badge_staff: &'static str,
    pub badge_pinned: &'static str,
    pub comments: Forms,
    pub new_comments: Forms,
    pub reading: Forms,
    pub found_helpful: Forms,
    pub left: Forms,
    pub letters: Forms,
    pub just_now: &'static str,
    pub minutes_ago: Forms,
    pub hours_ago: Forms,
    pub days_ago: Forms,
    pub months: [&'static str; 12],
}

/// The words that the server alone writes: whatever stood with the others would
/// be carried by the widget, in both languages.
pub struct PageWords {
    pub form_title: &'static str,
    pub form_notes_email: &'static str,
    pub form_notes_required: &'static str,
    /// Names a judge outside of the server (`{name}`), before what is sent there.
    pub form_judge: &'static str,
    pub form_judge_text: &'static str,
    pub form_judge_email: &'static str,
    pub form_judge_address: &'static str,
    pub form_comment: &'static str,
    pub form_name: &'static str,
    pub form_email: &'static str,
    pub form_website: &'static str,
    pub form_remember: &'static str,
    pub form_submit: &'static str,
    pub form_rules: &'static str,
    pub form_direction: &'static str,
    pub form_decoy: &'static str,
    pub list_empty: &'static str,
    pub list_more: &'static str,
    pub list_skip: &'static str,
    pub sort_label: &'static str,
    pub sort_oldest: &'static str,
    pub sort_newest: &'static str,
    pub page_back: &'static str,
    pub page_untitled: &'static str,
    pub page_earlier: &'static str,
    pub page_feed: &'static str,
    pub search_label: &'static str,
    pub search_submit: &'static str,
    pub search_none: &'static str,
    pub search_title: &'static str,
    pub form_closed_by_age: &'static str,
    pub sort_best: &'static str,
    pub sort_helpful: &'static str,
    pub sort_active: &'static str,
    pub sort_discussed: &'static str,
    pub report_title: &'static str,
    pub report_spam: &'static str,
    pub report_abuse: &'static str,
    pub report_offtopic: &'static str,
    pub report_other: &'static str,
    pub report_note: &'static str,
    pub report_private: &'static str,
    pub report_send: &'static str,
    pub report_sent: &'static str,
    pub report_back: &'static str,
    pub own_removed: &'static str,
    pub own_reason: &'static str,
    pub appeal_open: &'static str,
    pub appeal_text: &'static str,
    pub appeal_once: &'static str,
    pub appeal_send: &'static str,
    pub appeal_sent: &'static str,
    pub appeal_waiting: &'static str,
    pub appeal_refused: &'static str,
    pub appeal_answer: &'static str,
    pub reports: Forms,
    pub powered: &'static str,
    pub seconds: Forms,
    pub minutes: Forms,
    pub hours: Forms,
}

/// The words of a language.
pub const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Ar => &ar::WORDS,
        Lang::En => &en::WORDS,
    }
}

/// The words of the server's own parts, in a language.
pub const fn page_words(lang: Lang) -> &'static PageWords {
    match lang {
        Lang::Ar => &ar::PAGE,
        Lang::En => &en::PAGE,
    }
}

/// `12 comments`, `12 تعليقاً`.
pub fn count_comments(lang: Lang, n: u32) -> String {
    words(lang).comments.say(lang, n, Digits::Latn)
}

/// `Show 3 new comments`.
pub fn show_new(lang: Lang, n: u32) -> String {
    words(lang).new_comments.say(lang, n, Digits::Latn)
}

/// `3 reading now`; nothing about a reader who is alone.
pub fn reading(lang: Lang, n: u32) -> String {
    if n < 2 { String::new() } else { words(lang).reading.say(lang, n, Digits::Latn) }
}

/// `2 found this helpful`; nothing when nobody did.
pub fn found_helpful(lang: Lang, n: u32) -> String {
    if n == 0 { String::new() } else { words(lang).found_helpful.say(lang, n, Digits::Latn) }
}

/// `12 characters left`.
pub fn characters_left(lang: Lang, n: u32) -> String {
    words(lang).left.say(lang, n, Digits::Latn)
}

/// What stands before and after a place, for markup between them.
pub fn around<'a>(sentence: &'a str, place: &str) -> (&'a str, &'a str) {
    part_at(sentence, place).unwrap_or((sentence, ""))
}

/// Not `split_once`: in the widget the search for a text within a text would weigh
/// more than all these words.
fn part_at<'a>(sentence: &'a str, place: &str) -> Option<(&'a str, &'a str)> {
    let (before, rest) = sentence.split_at_checked(sentence.bytes().position(|b| b == b'{')?)?;
    Some((before, rest.strip_prefix(place)?))
}

/// Fills a place with words of our own language.
pub fn fill(sentence: &str, place: &str, with: &str) -> String {
    let (before, after) = around(sentence, place);
    let mut out = String::with_capacity(sentence.len() + with.len());
    out.push_str(before);
    out.push_str(with);
    out.push_str(after);
    out
}

/// Fills a place with somebody's name in plain text, where no `<bdi>` can stand:
/// between FSI and PDI (UAX #9), so that a Latin name does not scramble an Arabic sentence.
pub fn fill_isolated(sentence: &str, place: &str, name: &str) -> String {
    let mut isolated = String::with_capacity(name.len() + 6);
    isolated.push('\u{2068}');
    isolated.push_str(name);
    isolated.push('\u{2069}');
    fill(sentence, place, &isolated)
}

/// A writer's name, or the word for somebody who gave none.
pub fn named(lang: Lang, name: &str) -> &str {
    if name.is_empty() { words(lang).anonymous } else { name }
}

/// The title of a comment in a list or a feed: "{name}: {excerpt}", each isolated from the other.
pub fn comment_title(lang: Lang, name: &str, excerpt: &str) -> String {
    let mut out = String::with_capacity(name.len() + excerpt.len() + 16);
    for (i, part) in [name, excerpt].into_iter().filter(|p| !p.is_empty()).enumerate() {
        if i > 0 {
            out.push_str(": ");
        }
        // First-strong isolate and its end (UAX #9): a Latin name must not turn an Arabic line.
        out.push('\u{2068}');
        out.push_str(part);
        out.push('\u{2069}');
    }
    if out.is_empty() {
        out.push_str(page_words(lang).page_untitled);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wordpress_form_word_for_word() {
        let w = words(Lang::Ar);
        let p = page_words(Lang::Ar);
        let form = [
            p.form_title,
            w.form_title_reply,
            w.form_cancel_reply,
            p.form_notes_email,
            p.form_notes_required,
            p.form_comment,
            p.form_name,
            p.form_email,
            p.form_website,
            p.form_remember,
            p.form_submit,
            w.state_pending,
        ];
        insta::assert_snapshot!(form.join("\n"), @r"
        اترك تعليقاً
        اترك رداً على {name}
        إلغاء الرد
        لن يتم نشر عنوان بريدك الإلكتروني.
        الحقول الإلزامية مشار إليها بـ {mark}
        التعليق
        الاسم
        البريد الإلكتروني
        الموقع الإلكتروني
        احفظ اسمي، بريدي الإلكتروني، والموقع الإلكتروني في هذا المتصفح لاستخدامها المرة المقبلة في تعليقي.
        إرسال التعليق
        تعليقك في انتظار المراجعة.
        ");
    }

    #[test]
    fn characters_left_in_arabic() {
        let said = [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 200, 1000].map(|n| characters_left(Lang::Ar, n));
        insta::assert_snapshot!(said.join("\n"), @r"
        لا أحرف متبقية
        بقي حرف واحد
        بقي حرفان
        بقيت 3 أحرف
        بقيت 10 أحرف
        بقي 11 حرفاً
        بقي 99 حرفاً
        بقي 100 حرف
        بقي 101 حرف
        بقي 102 حرف
        بقيت 103 أحرف
        بقي 111 حرفاً
        بقي 200 حرف
        بقي 1,000 حرف
        ");
    }

    #[test]
    fn new_comments_take_the_object_case() {
        let said = [0, 1, 2, 3, 11, 100].map(|n| show_new(Lang::Ar, n));
        assert_eq!(said, ["لا جديد", "عرض تعليق جديد", "عرض تعليقين جديدين", "عرض 3 تعليقات جديدة", "عرض 11 تعليقاً جديداً", "عرض 100 تعليق جديد"]);
        assert_eq!([1, 2].map(|n| show_new(Lang::En, n)), ["Show 1 new comment", "Show 2 new comments"]);
    }

    #[test]
    fn names_are_isolated_in_plain_text() {
        assert_eq!(fill_isolated(words(Lang::Ar).comment_reply_to, "{name}", "Omar"), "رد على تعليق \u{2068}Omar\u{2069}");
    }

    #[test]
    fn places_are_the_same_in_both_languages() {
        let places = |s: &str| ["{name}", "{mark}", "{time}", "{n}"].map(|p| s.matches(p).count());
        let (ar, en) = (words(Lang::Ar), words(Lang::En));
        for (a, e) in [
            (ar.form_title_reply, en.form_title_reply),
            (page_words(Lang::Ar).form_notes_required, page_words(Lang::En).form_notes_required),
            (page_words(Lang::Ar).form_judge, page_words(Lang::En).form_judge),
            (ar.comment_reply_to, en.comment_reply_to),
            (ar.comment_in_reply, en.comment_in_reply),
            (ar.comments.other, en.comments.other),
            (ar.reading.many, en.reading.other),
            (ar.react_thank, en.react_thank),
            (ar.new_comments.many, en.new_comments.other),
            (ar.left.few, en.left.other),
        ] {
            assert_eq!(places(a), places(e), "{a} / {e}");
            assert_eq!(places(a).iter().sum::<usize>(), 1, "{a}");
        }
    }
}
