//! Words for every "no": what happened, and what to do. Matched without a
//! wildcard, so that a new refusal does not compile until it has its words.

use super::{Digits, fill, time::wait, words};
use jiwar_wire::{FieldCode, FieldError, Lang, Refusal, Time, comment::HoldReason};

const SECOND_FACTOR_NEEDED: (&str, &str) = (
    "بدأ تسجيل الدخول ولم يكتمل. يكتمل بالرمز الذي يعرضه تطبيق المصادقة، أو بأحد رموز الاسترداد.",
    "Signing in has begun and is not complete. It needs the code that the authenticator app shows, or a recovery code.",
);
const CLAIM_EXPIRED: (&str, &str) =
    ("لم يعد التعديل أو الحذف ممكناً من هنا. يمكن طلب ذلك من صاحب المدونة.", "It can no longer be changed or deleted from here. Ask the blog's owner to do it.");
const PROOF_NEEDED: (&str, &str) = (
    "يُعاد إرسال التعليق نفسه مع إثبات العمل المطلوب، ويُجريه المتصفح وحده في لحظة. لم يضع شيء.",
    "Send the same comment again with the proof of work that is asked for. A browser does it by itself in a moment. Nothing is lost.",
);
const WRONG_CODE: (&str, &str) = (
    "كل رمز يصلح مرة واحدة ولنصف دقيقة. تمكن المحاولة بالرمز التالي، مع التأكد من ساعة الهاتف.",
    "Each code works once, for half a minute. Try the next one, and check that the phone's clock is right.",
);
const CHANGED_SINCE: (&str, &str) =
    ("لم يُحفظ شيء. يُقرأ من جديد، ثم يُرسل التغيير مع ETag الجديد.", "Nothing was saved. Read it again, then send the change with its new ETag.");
const CANNOT_UNDO: (&str, &str) =
    ("ما كان قبله غير محفوظ، أو لم يعد محفوظاً. يُرجى تغييره من جديد.", "What was before is not kept, or not any more. Change it by hand.");

/// What happened, in a line without a full stop.
pub fn refusal_title(lang: Lang, why: &Refusal) -> String {
    let w = words(lang);
    let (ar, en) = match why {
        Refusal::Malformed { .. } => ("لم نتمكن من قراءة الطلب", "The request could not be read"),
        Refusal::UnknownField { .. } => ("في الطلب حقل غير معروف", "The request has an unknown field"),
        Refusal::Invalid(_) => ("بقي شيء يحتاج إلى تصحيح", "Something needs a correction"),
        Refusal::TooLarge { .. } => ("الطلب أكبر من الحد المسموح", "The request is larger than allowed"),
        Refusal::NotJson => ("الطلب ليس بصيغة JSON", "The request is not JSON"),
        Refusal::MethodNotAllowed => ("هذا العنوان لا يقبل هذا النوع من الطلبات", "This address does not take this kind of request"),
        Refusal::FormExpired => ("انتهت صلاحية النموذج", "The form has expired"),
        Refusal::ProofNeeded { .. } => ("يلزم التحقق من المتصفح أولاً", "The browser has to be checked first"),
        Refusal::BadCursor => ("هذا الرابط لا يشير إلى صفحة من التعليقات", "This link does not lead to a page of comments"),
        Refusal::UnknownSite => ("هذا الموقع غير معروف هنا", "This site is not known here"),
        Refusal::OriginNotAllowed => ("التعليق غير متاح من هذا العنوان", "Commenting is not open from this address"),
        Refusal::NotFound => ("لم نجد ما في هذا الرابط", "There is nothing at this link"),
        Refusal::Gone => ("حُذف هذا التعليق", "This comment was deleted"),
        Refusal::ThreadClosed => (w.form_closed, w.form_closed),
        Refusal::NotARoot => ("الردود لا تُثبَّت", "Replies cannot be pinned"),
        Refusal::PinnedFull => ("عدد التعليقات المثبتة مكتمل", "Enough comments are pinned already"),
        Refusal::Banned { .. } => ("أوقف فريق الإشراف التعليق من هنا", "The moderators have stopped comments from here"),
        Refusal::OwnComment => ("هذا تعليقك أنت", "This is your own comment"),
        Refusal::SpeakFirst => ("البداية بتعليق", "Write something first"),
        Refusal::ParentNotFound => ("لم يعد التعليق الذي جاء الرد عليه موجوداً", "The comment you are replying to is gone"),
        Refusal::ParentElsewhere => ("التعليق الذي جاء الرد عليه في صفحة أخرى", "The comment you are replying to is on another page"),
        Refusal::SamePage => ("التعليق في هذه الصفحة أصلاً", "The comment is on this page already"),
        Refusal::Duplicate => (w.error_duplicate, w.error_duplicate),
        Refusal::Conflict => ("سبق أن اتُّخذ قرار آخر في هذا التعليق", "Somebody else has decided about this comment"),
        Refusal::ChangedSince => ("سبق تغييره بعد قراءته", "It was changed after it was read"),
        Refusal::CannotAppeal => ("لا قرار هنا يُطلب فيه إعادة النظر", "There is no decision here to appeal"),
        Refusal::AppealedAlready => ("سبق طلب إعادة النظر في هذا القرار", "You have appealed this decision already"),
        Refusal::CannotUndo => ("لا يمكن التراجع عن هذا", "This cannot be undone"),
        Refusal::KeyReused => ("استُخدم مفتاح هذا الطلب لتعليق آخر", "This request's key was used for another comment"),
        Refusal::KeyInvalid => ("مفتاح الطلب غير صالح", "The request's key is not valid"),
        Refusal::SignInNeeded => ("يلزم تسجيل الدخول", "Signing in is needed"),
        Refusal::NotYours => ("هذا التعليق لشخص آخر", "This comment is somebody else's"),
        Refusal::ClaimExpired => ("انتهت مدة التصرف في هذا التعليق من هذا المتصفح", "This browser's hold on the comment has ended"),
        Refusal::EditWindowOver => ("انتهت مدة التعديل", "The time for changes is over"),
        Refusal::ScopeMissing => ("هذا المفتاح لا يسمح بذلك", "This token does not allow that"),
        Refusal::SecondFactorNeeded => ("يلزم رمز التحقق الثاني", "The code of the second factor is needed"),
        Refusal::WrongCode => ("الرمز غير صحيح", "That code is not right"),
        Refusal::AlreadyMember => ("هذا الشخص من فريق الموقع", "They are on this site's staff already"),
        Refusal::LastOwner => ("لا بد للموقع من مالك", "A site needs an owner"),
        Refusal::KeyRefused { .. } => ("لا تقبل خدمة Akismet هذا المفتاح", "Akismet does not take this key"),
        Refusal::NoAnswer => ("لا رد من الخدمة الأخرى", "The other service did not answer"),
        Refusal::TooFast { .. } => ("محاولات كثيرة في وقت قصير", "Too much in a short time"),
        Refusal::Busy { .. } => ("الخادم مشغول الآن", "The server is busy right now"),
        Refusal::DiskFull => ("لا متسع على الخادم الآن", "The server has no room right now"),
    };
    pick(lang, ar, en).into()
}

const NOT_A_ROOT: (&str, &str) =
    ("مكان الرد تحت ما يرد عليه. يمكن تثبيت التعليق الذي بدأ به الحوار.", "A reply stands under what it answers. Pin the comment that the branch began with.");
const PINNED_FULL: (&str, &str) = ("يمكن تثبيت تعليقين في كل صفحة. يُرفع أحدهما أولاً.", "A page can have two pinned comments. Take one of them down first.");

const CANNOT_APPEAL: (&str, &str) = (
    "يمكن طلب إعادة النظر في تعليق حذفه فريق الإشراف، ما دام محذوفاً، خلال ثلاثين يوماً.",
    "A comment that the moderators removed can be appealed for, as long as it is removed, within thirty days.",
);

const FORM_EXPIRED: (&str, &str) = (
    "بقيت الصفحة مفتوحة وقتاً طويلاً. نصّك محفوظ في النموذج: يكفي إرساله مرة أخرى.",
    "The page stayed open for a long time. Your text is kept in the form: just send it once more.",
);
const UNKNOWN_SITE: (&str, &str) = (
    "إن كانت هذه مدونتك: المفتاح في data-site يجب أن يطابق ما أُضيف على الخادم بالأمر jiwar site add.",
    "If this is your blog: the key in data-site must be one that was added on the server with jiwar site add.",
);
const KEY_INVALID: (&str, &str) = (
    "Idempotency-Key نص من حرف واحد إلى 255 حرفاً من حروف ASCII المرئية، ويُستحسن أن يكون UUID.",
    "Idempotency-Key is 1 to 255 visible ASCII characters; a UUID is best.",
);
const PARENT_ELSEWHERE: (&str, &str) =
    ("نصّك محفوظ هنا، ويمكن نشره تعليقاً مستقلاً على هذه الصفحة.", "Your text is safe here and can be posted as a comment of its own on this page.");
const PARENT_GONE: (&str, &str) = (
    "ربما حُذف في أثناء الكتابة. نصّك محفوظ هنا، ويمكن نشره تعليقاً مستقلاً.",
    "It may have been deleted while you were writing. Your text is safe here and can be posted as a comment of its own.",
);

/// What to do about it, in one or two sentences.
pub fn refusal_detail(lang: Lang, why: &Refusal) -> String {
    let (ar, en) = match why {
        Refusal::Malformed { pointer } => {
            let at = if pointer.is_empty() { "/" } else { pointer };
            let (ar, en) = (
                "موضع الخطأ: {at}. يُرجى التحقق من الصيغة والأنواع ثم إعادة الإرسال.",
                "The fault is at {at}. Check the syntax and the types, then send it again.",
            );
            return fill(pick(lang, ar, en), "{at}", at);
        }
        Refusal::UnknownField { name } => {
            let (ar, en) = ("لا نعرف الحقل «{at}». يُرجى التحقق من كتابته أو حذفه.", "We do not know the field \"{at}\". Check its spelling, or leave it out.");
            return fill(pick(lang, ar, en), "{at}", name);
        }
        Refusal::TooLarge { limit } => return too_large(lang, *limit),
        Refusal::Banned { until, reason } => return banned(lang, *until, reason.as_deref()),
        Refusal::KeyRefused { help } => return key_refused(lang, help.as_deref()),
        Refusal::TooFast { retry_after } => {
            return fill(pick(lang, "تمكن المحاولة مجدداً بعد {time}.", "Try again in {time}."), "{time}", &wait(lang, *retry_after));
        }
        Refusal::Busy { retry_after } => {
            let (ar, en) = ("لم يضع شيء. تمكن المحاولة مجدداً بعد {time}.", "Nothing is lost. Try again in {time}.");
            return fill(pick(lang, ar, en), "{time}", &wait(lang, *retry_after));
        }
        Refusal::Invalid(faults) => invalid(faults.len()),
        Refusal::NotJson => ("يُرسل المحتوى بالنوع application/json وبترميز UTF-8.", "Send the content as application/json in UTF-8."),
        Refusal::MethodNotAllowed => {
            ("الأنواع المقبولة مذكورة في الترويسة Allow وفي وصف الواجهة.", "The Allow header and the API description list what it takes.")
        }
        Refusal::FormExpired => FORM_EXPIRED,
        Refusal::ProofNeeded { .. } => PROOF_NEEDED,
        Refusal::BadCursor => ("يمكن البدء من الصفحة الأولى للتعليقات.", "Start from the first page of comments."),
        Refusal::UnknownSite => UNKNOWN_SITE,
        Refusal::OriginNotAllowed => (
            "إن كانت هذه مدونتك: يُضاف عنوانها إلى قائمة عناوين الموقع على الخادم.",
            "If this is your blog: add its address to the site's list of origins on the server.",
        ),
        Refusal::NotFound => ("ربما حُذف، أو نُقل، أو نقص من الرابط شيء.", "It may have been deleted or moved, or a piece of the link is missing."),
        Refusal::Gone => ("حُذف نهائياً بطلب من كتبه، ولا يمكن استرجاعه.", "Its writer deleted it for good; it cannot be brought back."),
        Refusal::ThreadClosed => ("لا تُقبل تعليقات جديدة على هذه الصفحة. القراءة متاحة دائماً.", "This page takes no new comments. Reading is always open."),
        Refusal::SpeakFirst => (words(Lang::Ar).react_first, words(Lang::En).react_first),
        Refusal::NotARoot => NOT_A_ROOT,
        Refusal::PinnedFull => PINNED_FULL,
        Refusal::OwnComment => ("الشكر وعلامة الإفادة والإبلاغ لتعليقات الآخرين.", "Thanks, the helpful mark and reports are for the comments of others."),
        Refusal::ParentNotFound => PARENT_GONE,
        Refusal::ParentElsewhere => PARENT_ELSEWHERE,
        Refusal::SamePage => ("يُنقل التعليق إلى صفحة أخرى من الموقع نفسه.", "A comment is moved to another page of the same site."),
        Refusal::Duplicate => (
            "وصلنا النص نفسه على هذه الصفحة من قبل. لا حاجة إلى إعادة إرساله.",
            "We have the same text on this page already. There is no need to send it again.",
        ),
        Refusal::Conflict => ("يُرجى النظر في حاله الآن ثم اتخاذ القرار من جديد.", "Look at it as it is now, then decide again."),
        Refusal::ChangedSince => CHANGED_SINCE,
        Refusal::CannotAppeal => CANNOT_APPEAL,
        Refusal::AppealedAlready => {
            ("يُطلب ذلك مرة واحدة لكل قرار. يظهر الجواب مع التعليق.", "Each decision can be appealed once. The answer is shown with the comment.")
        }
        Refusal::CannotUndo => CANNOT_UNDO,
        Refusal::KeyReused => ("يحتاج كل تعليق جديد إلى مفتاح Idempotency-Key جديد.", "Every new comment needs an Idempotency-Key of its own."),
        Refusal::KeyInvalid => KEY_INVALID,
        Refusal::SignInNeeded => ("يُرسل المفتاح في الترويسة Authorization: Bearer.", "Send the token in the Authorization: Bearer header."),
        Refusal::NotYours => ("التعديل والحذف لكاتب التعليق ولفريق الإشراف.", "Only its writer and the moderators may change or delete it."),
        Refusal::ClaimExpired => CLAIM_EXPIRED,
        Refusal::EditWindowOver => (
            "يمكن التعديل لفترة قصيرة بعد النشر. يمكن توضيح المقصود في رد جديد.",
            "A comment can be changed for a short while after posting. A reply can still set things right.",
        ),
        Refusal::ScopeMissing => ("يلزم مفتاح بصلاحية أوسع، ويُصدره صاحب المدونة.", "A token with a wider scope is needed; the blog's owner can make one."),
        Refusal::SecondFactorNeeded => SECOND_FACTOR_NEEDED,
        Refusal::WrongCode => WRONG_CODE,
        Refusal::AlreadyMember => ("يمكن تغيير دوره بدلاً من إضافته مرة أخرى.", "Change their role instead of adding them again."),
        Refusal::LastOwner => ("يُعيَّن مالك آخر أولاً.", "Make somebody else an owner first."),
        Refusal::NoAnswer => ("لم يتغير شيء. تمكن المحاولة مجدداً بعد قليل.", "Nothing was changed. Try again in a while."),
        Refusal::DiskFull => ("لم يضع شيء، والقراءة متاحة. تمكن المحاولة مجدداً بعد قليل.", "Nothing is lost, and reading still works. Try again in a while."),
    };
    pick(lang, ar, en).into()
}

const fn invalid(faults: usize) -> (&'static str, &'static str) {
    match faults {
        1 => ("سبب ذلك مذكور عند الحقل. نصّك محفوظ هنا.", "The reason stands beside the field. Your text is safe here."),
        _ => ("السبب مذكور عند كل حقل. نصّك محفوظ هنا.", "The reason stands beside each field. Your text is safe here."),
    }
}

/// What Akismet said of the key, in its own words.
fn key_refused(lang: Lang, help: Option<&str>) -> String {
    let mut out =
        String::from(pick(lang, "المفتاح مذكور في حسابك لدى Akismet. لم يتغير شيء.", "The key stands in your account at Akismet. Nothing was changed."));
    if let Some(help) = help {
        out.push_str(" \u{2068}");
        out.push_str(help);
        out.push('\u{2069}');
    }
    out
}

/// Until when, and why. The reason is somebody's own words: isolated, whatever direction they have.
fn banned(lang: Lang, until: Option<Time>, reason: Option<&str>) -> String {
    let mut out = match until {
        Some(until) => fill(pick(lang, "يُفتح التعليق مجدداً في {at}.", "Comments open again on {at}."), "{at}", &super::date(lang, until, 0)),
        None => pick(lang, "القراءة متاحة دائماً.", "Reading is always open.").into(),
    };
    if let Some(reason) = reason {
        let isolated = ["\u{2068}", reason, "\u{2069}"].concat();
        out.push(' ');
        out.push_str(&fill(pick(lang, "السبب: {at}", "Reason: {at}"), "{at}", &isolated));
    }
    out
}

fn too_large(lang: Lang, limit: usize) -> String {
    let (ar, en) =
        ("الحد المسموح {at} بايت. إن كان التعليق طويلاً أمكن تقسيمه إلى أكثر من تعليق.", "The limit is {at} bytes. A long comment can be split into several.");
    let mut n = String::new();
    super::push_number(&mut n, u32::try_from(limit).unwrap_or(u32::MAX), Digits::Latn);
    fill(pick(lang, ar, en), "{at}", &n)
}

/// One field's fault, as it stands under the field.
pub fn field_message(lang: Lang, fault: &FieldError) -> String {
    let w = words(lang);
    let (ar, en) = match fault.code {
        FieldCode::Required => return w.error_required.into(),
        FieldCode::NotAnEmail => return w.error_email.into(),
        FieldCode::TooLong => return too_long(lang, fault),
        FieldCode::NotAUrl => ("عنوان الموقع غير صحيح. مثال: https://example.com", "This web address does not look right. Example: https://example.com"),
        FieldCode::NotAName => ("لا يمكن عرض هذا الاسم. يُرجى كتابته بالحروف", "This name cannot be shown. Please write it in letters"),
        FieldCode::NotAnId => ("هذا المعرّف غير صحيح", "This id is not valid"),
        FieldCode::NotAChoice => ("هذه القيمة ليست من القيم الممكنة", "This is not one of the possible values"),
        FieldCode::NotATime => ("الوقت يُكتب بصيغة RFC 3339، مثل 2026-11-22T08:30:00Z", "Write a time as in RFC 3339: 2026-11-22T08:30:00Z"),
        FieldCode::OutOfRange => ("هذه القيمة خارج الحدود المسموحة", "This value is outside the allowed range"),
        FieldCode::NotAPattern => ("هذا ليس تعبيراً نمطياً صالحاً، أو هو أكبر من المسموح", "This is not a regular expression, or it needs too much memory"),
        FieldCode::NotANetwork => ("هذه ليست شبكة. مثال: 192.0.2.0/24", "This is not a network. Example: 192.0.2.0/24"),
        FieldCode::TooMany => ("العناصر أكثر من الحد المسموح", "There are more items than allowed"),
    };
    let mut out = String::from(pick(lang, ar, en));
    if let Some(limit) = fault.limit {
        out.push_str(" (");
        super::push_number(&mut out, limit, Digits::Latn);
        out.push(')');
    }
    out
}

/// Why a comment is not public yet, after "Your comment is awaiting moderation."
pub const fn hold_reason(lang: Lang, reason: HoldReason) -> &'static str {
    let (ar, en) = match reason {
        HoldReason::HoldAll => ("تُقرأ التعليقات هنا قبل نشرها.", "Comments here are read before they are published."),
        HoldReason::FirstComment => ("يُقرأ أول تعليق لكل شخص قبل نشره.", "Everybody's first comment here is read before it is published."),
        HoldReason::Suspicious => {
            ("في التعليق ما يشبه الرسائل المزعجة، ولذلك سيقرؤه فريق الإشراف أولاً.", "Something in it looks like spam, so the moderators will read it first.")
        }
        HoldReason::Rule => ("ينطبق على التعليق أحد شروط الموقع، ولذلك سيقرؤه فريق الإشراف أولاً.", "A rule of this site asks the moderators to read it first."),
        HoldReason::Unjudged => {
            ("لم تُجب بعد خدمة كشف الرسائل المزعجة، ولذلك ينتظر التعليق قليلاً.", "The service that looks for spam has not answered yet, so it waits a little.")
        }
        HoldReason::Away => ("فريق الإشراف غائب لفترة، وسيُقرأ التعليق عند عودته.", "The moderators are away for a while; it will be read when they are back."),
        HoldReason::Reported => {
            ("أبلغ قراء عن التعليق، ولذلك سيقرؤه فريق الإشراف مرة أخرى.", "Readers have reported it, so the moderators will read it once more.")
        }
    };
    pick(lang, ar, en)
}

/// "The comment is longer than allowed (10,000 characters)".
fn too_long(lang: Lang, fault: &FieldError) -> String {
    let mut out = String::from(match fault.pointer.as_str() {
        "/body" => words(lang).error_too_long,
        _ => pick(lang, "النص أطول من الحد المسموح", "This is longer than allowed"),
    });
    if let Some(limit) = fault.limit {
        out.push_str(" (");
        out.push_str(&words(lang).letters.say(lang, limit, Digits::Latn));
        out.push(')');
    }
    out
}

const fn pick(lang: Lang, ar: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ar => ar,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_refusal() -> Vec<Refusal> {
        vec![
            Refusal::Malformed { pointer: "/page/id".into() },
            Refusal::UnknownField { name: "boddy".into() },
            Refusal::Invalid(vec![FieldError::new("/body", FieldCode::Required)]),
            Refusal::TooLarge { limit: 262_144 },
            Refusal::NotJson,
            Refusal::MethodNotAllowed,
            Refusal::FormExpired,
            Refusal::ProofNeeded { challenge: "c".into(), bits: 16 },
            Refusal::BadCursor,
            Refusal::UnknownSite,
            Refusal::OriginNotAllowed,
            Refusal::NotFound,
            Refusal::Gone,
            Refusal::ThreadClosed,
            Refusal::NotARoot,
            Refusal::PinnedFull,
            Refusal::Banned { until: Some(Time(1_790_000_000_000)), reason: Some("إعلانات".into()) },
            Refusal::Banned { until: None, reason: None },
            Refusal::OwnComment,
            Refusal::SpeakFirst,
            Refusal::ParentNotFound,
            Refusal::ParentElsewhere,
            Refusal::SamePage,
            Refusal::Duplicate,
            Refusal::Conflict,
            Refusal::ChangedSince,
            Refusal::CannotAppeal,
            Refusal::AppealedAlready,
            Refusal::CannotUndo,
            Refusal::KeyReused,
            Refusal::KeyInvalid,
            Refusal::SignInNeeded,
            Refusal::NotYours,
            Refusal::ClaimExpired,
            Refusal::EditWindowOver,
            Refusal::ScopeMissing,
            Refusal::SecondFactorNeeded,
            Refusal::WrongCode,
            Refusal::AlreadyMember,
            Refusal::LastOwner,
            Refusal::KeyRefused { help: Some("We were unable to parse your blog URI".into()) },
            Refusal::KeyRefused { help: None },
            Refusal::NoAnswer,
            Refusal::TooFast { retry_after: 90 },
            Refusal::Busy { retry_after: 2 },
            Refusal::DiskFull,
        ]
    }

    fn every_line(lang: Lang) -> String {
        let mut out = String::new();
        for why in every_refusal() {
            for part in [why.code(), ": ", &refusal_title(lang, &why), "\n  ", &refusal_detail(lang, &why), "\n"] {
                out.push_str(part);
            }
        }
        for reason in HoldReason::ALL {
            out.push_str(hold_reason(lang, reason));
            out.push('\n');
        }
        out
    }

    #[test]
    fn every_refusal_says_what_happened_and_what_to_do() {
        insta::assert_snapshot!("refusals_ar", every_line(Lang::Ar));
        insta::assert_snapshot!("refusals_en", every_line(Lang::En));
    }

    #[test]
    fn no_place_is_left_unfilled() {
        for lang in [Lang::Ar, Lang::En] {
            assert!(!every_line(lang).contains(['{', '}']));
        }
    }

    #[test]
    fn fields_say_what_is_wrong() {
        let said = |fault: &FieldError| [Lang::Ar, Lang::En].map(|lang| field_message(lang, fault));
        assert_eq!(said(&FieldError::new("/author/name", FieldCode::Required)), ["هذا الحقل إلزامي", "This field is required"]);
        assert_eq!(
            said(&FieldError::too_long("/body", 10_000)),
            ["التعليق أطول من الحد المسموح (10,000 حرف)", "The comment is longer than allowed (10,000 characters)"]
        );
        assert_eq!(said(&FieldError::too_long("/author/name", 40)), ["النص أطول من الحد المسموح (40 حرفاً)", "This is longer than allowed (40 characters)"]);
        assert_eq!(
            said(&FieldError::new("/author/email", FieldCode::NotAnEmail)),
            ["عنوان البريد الإلكتروني غير صحيح", "This email address does not look right"]
        );
        let many = FieldError { pointer: "/decisions".into(), code: FieldCode::TooMany, limit: Some(200) };
        assert_eq!(said(&many), ["العناصر أكثر من الحد المسموح (200)", "There are more items than allowed (200)"]);
    }
}
