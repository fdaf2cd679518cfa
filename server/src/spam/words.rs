//! Evidence in words, for the moderator, in each language. A new signal
//! without words does not compile.

use super::{
    evidence::{Evidence, Said, Signal},
    script::Script,
    tricks::Trick,
};
use jiwar_wire::lang::Lang;

/// One sentence that says what was seen.
pub fn sentence(evidence: &Evidence, lang: Lang) -> String {
    match lang {
        Lang::En => english(evidence),
        Lang::Ar => arabic(evidence),
    }
}

/// The weight as a moderator reads it: `+1.2`, `-0.4`.
pub fn weight(evidence: &Evidence) -> String {
    format!("{:+.1}", evidence.weight)
}

fn english(evidence: &Evidence) -> String {
    match &evidence.signal {
        Signal::Judged { judge, said, reason } => judged(said_english(*said), judge, reason.as_deref()),
        // Nobody looked for the words that weighed: another judge's opinion held it back.
        Signal::Words { because } if because.is_empty() => "The words, as learnt".into(),
        Signal::Words { because } if evidence.weight >= 0.0 => format!("The words resemble spam: {}", listed(because, ", ")),
        Signal::Words { because } => format!("The words resemble good comments: {}", listed(because, ", ")),
        Signal::DecoyFilled => "A field that people do not see was filled in".into(),
        Signal::TokenMissing => "The form's token is missing".into(),
        Signal::TokenForged => "The form's token is not ours".into(),
        Signal::TokenExpired => "The form's token is too old".into(),
        Signal::TooQuick { seconds } => format!("Sent {seconds} s after the form was opened"),
        Signal::Pasted { letters, seconds } => format!("{letters} letters in {seconds} s: not typed"),
        Signal::Links { count } => format!("Links: {count}"),
        Signal::BareLink => "A link and hardly a word beside it".into(),
        Signal::LinkInName => "The name holds a link".into(),
        Signal::Shortener { host } => format!("A shortened link hides where it leads: {host}"),
        Signal::SpreadLink { host, writers } => format!("{host} was lately posted under {writers} names"),
        Signal::SpamLink { host, times } => format!("{host} stands in {times} comments marked as spam"),
        Signal::ThrowAwayMail { domain } => format!("The address is a throw-away one: {domain}"),
        Signal::PhoneAdvert => "A telephone number, and words that ask to call it".into(),
        Signal::NameSells => "The name is an advertisement".into(),
        Signal::SameEverywhere => "Name, website and text advertise the same thing".into(),
        Signal::Repeated { times, pages } => format!("The same text was posted before: {times} times on {pages} pages"),
        Signal::NearlyRepeated { times } => format!("Almost the same text was posted before: {times} times"),
        Signal::KnownSpam => "The same text was marked as spam".into(),
        Signal::Approved { times } => format!("Earlier comments of this writer were approved: {times}"),
        Signal::SpamBefore { times } => format!("Earlier comments of this writer were spam: {times}"),
        Signal::FirstTime => "The writer's first comment here".into(),
        Signal::OtherScript { found } => format!("Written in another script than this site: {}", script(*found, Lang::En)),
        Signal::Trick { trick } => trick_english(*trick).into(),
        Signal::BusyPrefix { comments } => format!("{comments} comments from the same network within ten minutes"),
        Signal::BusyThread { comments } => format!("{comments} comments in this thread within ten minutes"),
        Signal::Flood { comments } => format!("The site is being flooded: {comments} comments within ten minutes"),
        Signal::ProofDone { bits } => format!("The browser did its proof of work ({bits} bits)"),
        Signal::Rule { rule, line } => format!("A rule of the site fits ({rule}): {line}"),
    }
}

fn arabic(evidence: &Evidence) -> String {
    match &evidence.signal {
        Signal::Judged { judge, said, reason } => judged(said_arabic(*said), judge, reason.as_deref()),
        Signal::Words { because } if because.is_empty() => "الكلمات، بحسب ما تعلّمه المرشح".into(),
        Signal::Words { because } if evidence.weight >= 0.0 => format!("الكلمات تشبه الإزعاج: {}", listed(because, "، ")),
        Signal::Words { because } => format!("الكلمات تشبه التعليقات السليمة: {}", listed(because, "، ")),
        Signal::DecoyFilled => "مُلئ حقل لا يراه الناس".into(),
        Signal::TokenMissing => "رمز النموذج ناقص".into(),
        Signal::TokenForged => "رمز النموذج ليس منا".into(),
        Signal::TokenExpired => "رمز النموذج قديم جدًا".into(),
        Signal::TooQuick { seconds } => format!("أُرسل بعد {seconds} ث من فتح النموذج"),
        Signal::Pasted { letters, seconds } => format!("{letters} حرفًا في {seconds} ث: لم يُكتب باليد"),
        Signal::Links { count } => format!("عدد الروابط: {count}"),
        Signal::BareLink => "رابط لا تكاد ترافقه كلمة".into(),
        Signal::LinkInName => "في الاسم رابط".into(),
        Signal::Shortener { host } => format!("رابط مختصر يخفي وجهته: \u{2068}{host}\u{2069}"),
        Signal::SpreadLink { host, writers } => format!("نُشر \u{2068}{host}\u{2069} مؤخرًا بأسماء مختلفة عددها {writers}"),
        Signal::SpamLink { host, times } => format!("يظهر \u{2068}{host}\u{2069} في تعليقات صُنفت إزعاجًا عددها {times}"),
        Signal::ThrowAwayMail { domain } => format!("البريد مؤقت يُرمى بعد استعماله: \u{2068}{domain}\u{2069}"),
        Signal::PhoneAdvert => "رقم هاتف وكلمات تدعو إلى الاتصال به".into(),
        Signal::NameSells => "الاسم إعلان".into(),
        Signal::SameEverywhere => "الاسم والموقع والنص إعلان عن شيء واحد".into(),
        Signal::Repeated { times, pages } => format!("نُشر النص نفسه من قبل: عدد المرات {times}، وعدد الصفحات {pages}"),
        Signal::NearlyRepeated { times } => format!("نُشر نص يكاد يطابقه من قبل: عدد المرات {times}"),
        Signal::KnownSpam => "صُنف النص نفسه إزعاجًا من قبل".into(),
        Signal::Approved { times } => format!("تعليقات سابقة مقبولة لهذا الكاتب: {times}"),
        Signal::SpamBefore { times } => format!("تعليقات سابقة لهذا الكاتب صُنفت إزعاجًا: {times}"),
        Signal::FirstTime => "أول تعليق لهذا الكاتب هنا".into(),
        Signal::OtherScript { found } => format!("مكتوب بحروف غير حروف الموقع: {}", script(*found, Lang::Ar)),
        Signal::Trick { trick } => trick_arabic(*trick).into(),
        Signal::BusyPrefix { comments } => format!("تعليقات من الشبكة نفسها خلال عشر دقائق: {comments}"),
        Signal::BusyThread { comments } => format!("تعليقات في هذا النقاش خلال عشر دقائق: {comments}"),
        Signal::Flood { comments } => format!("الموقع يتعرض لسيل من التعليقات: {comments} خلال عشر دقائق"),
        Signal::ProofDone { bits } => format!("أنجز المتصفح إثبات العمل ({bits} بت)"),
        Signal::Rule { rule, line } => format!("ينطبق أحد شروط الموقع ({rule}): {line}"),
    }
}

/// `سعر +0.8, واتساب +0.6`, isolated so that mixed text keeps its order.
fn listed(because: &[(String, f32)], comma: &str) -> String {
    because.iter().map(|(what, weight)| format!("\u{2068}{what}\u{2069} {weight:+.1}")).collect::<Vec<_>>().join(comma)
}

/// What a judge said, with its reason: both are somebody else's words, isolated whatever direction they have.
fn judged(sentence: &str, judge: &str, reason: Option<&str>) -> String {
    let said = sentence.replace("{judge}", &format!("\u{2068}{judge}\u{2069}"));
    reason.map_or(said.clone(), |reason| format!("{said}: \u{2068}{reason}\u{2069}"))
}

const fn said_english(said: Said) -> &'static str {
    match said {
        Said::Publish => "{judge} finds nothing wrong with it",
        Said::Hold => "{judge} wants it read by a moderator",
        Said::Spam => "{judge} takes it for spam",
        Said::Blatant => "{judge} takes it for spam beyond doubt",
        Said::Silent => "{judge} did not answer",
    }
}

const fn said_arabic(said: Said) -> &'static str {
    match said {
        Said::Publish => "رأي {judge}: لا بأس به",
        Said::Hold => "رأي {judge}: يُقرأ قبل نشره",
        Said::Spam => "رأي {judge}: إزعاج",
        Said::Blatant => "رأي {judge}: إزعاج لا شك فيه",
        Said::Silent => "لا رد من {judge}",
    }
}

const fn trick_english(trick: Trick) -> &'static str {
    match trick {
        Trick::ZeroWidth => "Invisible characters inside words",
        Trick::Bidi => "Characters that reverse the direction of writing",
        Trick::Tatweel => "Stretched words",
        Trick::LookAlike => "Letters of another alphabet that look alike",
        Trick::Spaced => "Words with their letters spaced out",
        Trick::BrokenLink => "A link written so as not to look like one",
        Trick::Markup => "Links in forum or HTML code",
        Trick::Confetti => "Signs or emoji between the words",
    }
}

const fn trick_arabic(trick: Trick) -> &'static str {
    match trick {
        Trick::ZeroWidth => "محارف خفية داخل الكلمات",
        Trick::Bidi => "محارف تقلب اتجاه الكتابة",
        Trick::Tatweel => "كلمات ممطوطة بالتطويل",
        Trick::LookAlike => "حروف من أبجدية أخرى تشبه الأصلية",
        Trick::Spaced => "كلمات فُرّقت حروفها",
        Trick::BrokenLink => "رابط كُتب بطريقة تخفي أنه رابط",
        Trick::Markup => "روابط برموز المنتديات أو HTML",
        Trick::Confetti => "رموز تعبيرية أو علامات بين الكلمات",
    }
}

const fn script(script: Script, lang: Lang) -> &'static str {
    match (script, lang) {
        (Script::Arabic, Lang::En) => "Arabic",
        (Script::Latin, Lang::En) => "Latin",
        (Script::Other, Lang::En) => "another one",
        (Script::Arabic, Lang::Ar) => "العربية",
        (Script::Latin, Lang::Ar) => "اللاتينية",
        (Script::Other, Lang::Ar) => "غيرهما",
    }
}
