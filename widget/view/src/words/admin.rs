//! The words of the admin's pages, both languages side by side. Statuses and
//! decisions are WordPress's words, which those who moderate know.

use super::Forms;
use jiwar_wire::{
    Lang,
    access::{Scope, StaffRole},
    comment::Status,
    moderation::Decision,
    rules::BanKind,
    site::{Moderation, SpamLevel},
};

macro_rules! words {
    ($($name:ident: $ar:literal, $en:literal;)*) => {
        /// The words of one language.
        pub struct AdminWords {
            $(pub $name: &'static str,)*
        }
        const AR: AdminWords = AdminWords { $($name: $ar,)* };
        const EN: AdminWords = AdminWords { $($name: $en,)* };
    };
}

words! {
    brand: "جِوار", "Jiwar";
    skip: "إلى المحتوى", "Skip to content";
    other_language: "English", "العربية";
    // Getting in.
    sign_in: "تسجيل الدخول", "Sign in";
    sign_in_how: "يتم الدخول برابط يعمل مرة واحدة. يُنشأ الرابط على الخادم بهذا الأمر:", "You sign in with a link that works once. This command, on the server, makes one:";
    sign_in_already: "متابعة إن كان الدخول قائماً في هذا المتصفح", "Go on, if this browser is signed in";
    sign_out: "تسجيل الخروج", "Sign out";
    second_title: "رمز التحقق", "Verification code";
    second_how: "الأرقام الستة التي يعرضها تطبيق المصادقة، أو أحد رموز الاسترداد.", "The six digits that the authenticator app shows, or one of the recovery codes.";
    code: "الرمز", "Code";
    go_on: "متابعة", "Continue";
    choose_site: "اختيار الموقع", "Choose a site";
    no_site: "لا صلاحية لهذا الحساب في أي موقع.", "This account may not do anything on any site.";
    // Around.
    nav: "الأقسام", "Sections";
    nav_queue: "التعليقات", "Comments";
    nav_bans: "الحظر", "Bans";
    nav_log: "السجل", "Log";
    nav_rules: "الشروط", "Rules";
    nav_settings: "الإعدادات", "Settings";
    nav_tokens: "مفاتيح البرامج", "API tokens";
    nav_people: "الفريق", "Staff";
    nav_account: "حسابي", "My account";
    sites: "المواقع", "Sites";
    // The queue.
    tab_all: "الكل", "All";
    filter: "تصفية", "Filter";
    search: "بحث في النص والأسماء", "Search texts and names";
    reason_any: "كل الأسباب", "Any reason";
    reason_held: "سبب التعليق", "Why it is held";
    empty: "لا شيء هنا.", "Nothing here.";
    empty_pending: "لا شيء ينتظر. طاب يومك.", "Nothing is waiting. Enjoy your day.";
    next_page: "التالي", "Next page";
    first_page: "من البداية", "Back to the start";
    on_page: "في", "On";
    answers: "رداً على", "In reply to";
    why: "لماذا ينتظر", "Why it is here";
    score: "تقدير المرشح", "The filter's estimate";
    features: "أثقل ما في النص", "What weighed most in the text";
    history: "سابق التعليقات", "Written before";
    history_none: "أول تعليق لهذا الشخص", "This person's first comment";
    history_since: "منذ", "since";
    history_approved: "موافق عليها", "approved";
    history_pending: "تنتظر", "pending";
    history_spam: "مزعجة", "spam";
    history_removed: "محذوفة", "removed";
    choose: "تحديد", "Select";
    choose_all: "تحديد الكل", "Select all";
    decide_marked: "للمحدد:", "With selected:";
    reason: "السبب (يراه صاحب التعليق)", "Reason (shown to the writer)";
    undo: "تراجع", "Undo";
    undone: "تم التراجع", "Undone";
    failed: "تعذّر", "Not done";
    overtaken: "سبق إليه قرار آخر", "Decided by somebody else meanwhile";
    of_page: "كل ما في الصفحة", "All on this page";
    of_writer: "كل ما كتبه هذا الشخص", "All by this person";
    only_page: "في الصفحة", "On the page";
    only_writer: "من", "By";
    only_end: "إلغاء هذه التصفية", "Show all again";
    nothing_marked: "لم يُحدَّد شيء.", "Nothing is selected.";
    trusted: "موثوق", "Trusted";
    closed: "النقاش مغلق", "Closed";
    pinned: "مثبّت", "Pinned";
    edited: "معدَّل", "Edited";
    ban_open: "حظر…", "Ban…";
    edit_open: "تعديل…", "Edit…";
    move_open: "نقل…", "Move…";
    reported: "مُبلَّغ عنه", "Reported";
    appealed: "طُلب النظر فيه", "Appealed";
    reports_weight: "الوزن", "weight";
    reports_notes: "كلمات المبلِّغين", "What was written with it";
    appeal: "يطلب صاحب التعليق إعادة النظر", "The writer asks for another look";
    hide_at: "يُخفى التعليق إن بلغ وزن البلاغات (0: أبداً)", "Hide a comment when its reports weigh (0: never)";
    // One comment, and banning.
    one: "تعليق واحد", "One comment";
    back: "عودة إلى التعليقات", "Back to the comments";
    writer: "صاحب التعليق", "The writer";
    trust_how: "يُنشر ما يكتبه الموثوق فوراً، إلا ما في قائمة الممنوع.", "What somebody trusted writes is published at once, unless it is disallowed.";
    ban: "حظر", "Ban";
    ban_kind: "يُعرف بـ", "Known by";
    ban_until: "إلى متى", "Until";
    ban_day: "يوم", "A day";
    ban_friday: "حتى الجمعة", "Until Friday";
    ban_week: "أسبوع", "A week";
    ban_ever: "دائماً", "For good";
    ban_date: "حتى تاريخ", "Until a date";
    ban_date_field: "التاريخ", "Date";
    ban_date_how: "ينتهي الحظر مع بداية ذلك اليوم.", "The ban ends as that day begins.";
    ban_remove: "إزالة ما ينتظر من تعليقاته", "Remove what of theirs is waiting";
    ban_end: "إنهاء الحظر", "End the ban";
    ban_ended: "انتهى الحظر", "The ban is over";
    ban_none: "لا أحد محظور.", "Nobody is banned.";
    ban_how: "يُحظر صاحب تعليق من قائمة التعليقات، بالزر «حظر…» أو بالمفتاح b.", "Ban the writer of a comment from the list of comments, with “Ban…” or the key b.";
    banned: "حُظر", "Banned";
    until: "حتى", "until";
    edit: "تعديل النص", "Edit the text";
    edit_how: "يظهر للقراء أن التعليق معدَّل.", "Readers see that the comment was edited.";
    text: "النص", "Text";
    thread: "النقاش", "The discussion";
    relocate: "نقل إلى صفحة أخرى", "Move to another page";
    relocate_how: "ينتقل التعليق ومعه كل ما تحته من ردود، وتبقى الروابط إليه صالحة.", "The comment goes with all replies below it. Links to it keep working.";
    move_page: "إلى الصفحة: رابطها أو معرّفها", "To the page: its address or id";
    move_parent: "رداً على تعليق هناك: رابطه أو معرّفه (فارغ: في الصفحة نفسها)", "In reply to a comment there: its link or id (empty: on the page itself)";
    move_parent_wrong: "لا يوجد تعليق منشور كهذا في تلك الصفحة", "There is no such published comment on that page";
    move_do: "نقل", "Move";
    moved: "نُقل التعليق مع ردوده.", "The comment was moved, with its replies.";
    // Keys.
    keys: "الاختصارات", "Keyboard";
    keys_next: "التالي والسابق", "Next and previous";
    keys_decide: "موافقة، مزعج، إزالة، استعادة، إبقاء", "Approve, spam, remove, restore, keep";
    keys_writer: "حظر صاحب التعليق، الوثوق به", "Ban the writer, trust them";
    keys_change: "تعديل النص، نقل التعليق", "Edit the text, move the comment";
    keys_undo: "تراجع عن آخر قرار", "Undo the last decision";
    keys_mark: "تحديد", "Select";
    keys_open: "فتح الصفحة", "Open the page";
    keys_search: "بحث", "Search";
    keys_help: "هذه القائمة", "This list";
    close: "إغلاق", "Close";
    // In the blog's own pages.
    watch: "الإشراف", "Moderation";
    watch_open: "الإشراف في المدونة", "Moderate on the blog";
    watch_title: "الإشراف في صفحات المدونة", "Moderating in the blog's pages";
    watch_asks: "تطلب هذه المدونة إذناً بالإشراف على تعليقاتها باسمك:", "This blog asks to moderate its comments in your name:";
    watch_how: "الإذن لهذه المدونة وحدها، وينتهي بعد ثماني ساعات، ويمكن إنهاؤه من صفحة «حسابي». إن لم تُفتح هذه النافذة من المدونة نفسها فالأسلم إغلاقها.", "It is good for this blog alone, ends after eight hours, and can be ended under “My account”. If it was not the blog that opened this window, close it.";
    watch_allow: "السماح", "Allow";
    watch_done: "تم. يمكن الآن إغلاق هذه النافذة والعودة إلى المدونة.", "Done. Close this window and go back to the blog.";
    watch_lost: "لم تُفتح هذه النافذة من المدونة. يُفتح الإشراف من الزر الذي في صفحتها.", "It was not the blog that opened this window. Begin with the button in its page.";
    watch_sign_in: "تسجيل الدخول للإشراف", "Sign in to moderate";
    watch_waiting: "ينتظر في هذه الصفحة", "Waiting on this page";
    watch_all: "كل ما ينتظر", "All that is waiting";
    watch_held: "في انتظار المراجعة", "Awaiting moderation";
    watch_acts: "إشراف", "Moderate";
    watch_acts_of: "إشراف على تعليق {name}", "Moderate {name}'s comment";
    watch_failed: "تعذّر ذلك. تمكن المحاولة مجدداً.", "That did not work. Try again.";
    // The log.
    when: "الوقت", "When";
    who: "من", "Who";
    what: "ماذا", "What";
    change: "التغيير", "Change";
    comment: "التعليق", "Comment";
    log_whole: "السجل كله", "The whole log";
    log_of: "قرارات", "Done by";
    log_all: "كل القرارات", "Everything";
    log_hour: "في آخر ساعة", "In the last hour";
    log_day: "في آخر يوم", "In the last day";
    log_week: "في آخر أسبوع", "In the last week";
    log_since: "منذ", "Since";
    log_from_here: "وما بعده", "And all since";
    log_undo_all: "التراجع عن كل ما في هذه القائمة", "Undo everything in this list";
    log_undo_how: "ما غيّره غيره بعد ذلك يبقى كما هو.", "What somebody else has changed since stays as it is.";
    // Settings.
    moderation: "متى يُنشر التعليق", "When a comment is published";
    spam_level: "مرشح الرسائل المزعجة", "Spam filter";
    email_required: "البريد الإلكتروني إلزامي", "An email address is required";
    edit_window: "مدة التعديل بالثواني", "Seconds in which a comment may be changed";
    rules: "سطر الآداب فوق النموذج", "The line of rules above the form";
    indent: "مستويات الإزاحة", "Levels that are indented";
    page_size: "التعليقات في الصفحة", "Comments on a page";
    order: "ترتيب النقاشات", "Order of discussions";
    order_auto: "تلقائي: الأقدم أولاً ما دام النقاش صغيراً، ثم الأفضل", "By itself: oldest first while it is small, then best first";
    close_after: "يُغلق النقاش بعد أيام (0: أبداً)", "Close discussions after days (0: never)";
    judges: "فحص التعليقات خارج الخادم", "Checked elsewhere";
    judges_how: "يُرسل كل تعليق إلى هناك قبل نشره، ويُذكر ذلك في نموذج التعليق. لا يُرسل شيء ما لم يُشغَّل هنا.", "Each comment is sent there before it is published, and the comment form says so. Nothing is sent unless it is switched on here.";
    judge_key: "مفتاح Akismet", "Akismet API key";
    judge_key_kept: "مفتاح Akismet (محفوظ؛ يبقى كما هو إن تُرك الحقل فارغاً)", "Akismet API key (kept; leave it empty to keep it)";
    judge_lang: "لغات المدونة، مثل ar, en (فارغ: لغة الموقع)", "The blog's languages, such as ar, en (empty: the site's)";
    judge_wait: "ما دام لا رد", "While there is no answer";
    judge_wait_hold: "ينتظر التعليق", "The comment waits";
    judge_wait_local: "يكفي رأي مرشح الموقع وشروطه", "The site's own filter and rules decide";
    judge_email: "إرسال البريد الإلكتروني أيضاً", "Send email addresses too";
    judge_address: "إرسال عنوان IP ونوع المتصفح أيضاً", "Send IP addresses and browsers too";
    judge_test: "تجربة: لا تتعلم منها Akismet", "A test: Akismet learns nothing from it";
    judge_own: "مراجع خاص بالموقع", "A judge of your own";
    judge_url: "العنوان (https)", "Address (https)";
    judge_secret: "هذا هو السر الذي تُوقَّع به الأسئلة. يظهر هذه المرة فقط.", "This is the secret that questions are signed with. It is shown only this once.";
    judge_on: "تشغيل", "Switch on";
    judge_off: "إيقاف", "Switch off";
    judge_is_on: "يعمل منذ", "On since";
    judge_is_off: "متوقف", "Off";
    judge_stopped: "رفضت Akismet الحساب، ولن تُسأل حتى يُحفظ المفتاح من جديد.", "Akismet refused the account. It is not asked until the key is saved again.";
    judge_said: "آخر إشعار", "Last notice";
    judge_usage: "استُعمل هذا الشهر", "Used this month";
    judge_of: "من", "of";
    judge_throttled: "والخدمة مبطَّأة", "and throttled";
    save: "حفظ", "Save";
    saved: "حُفظ", "Saved";
    // Rules.
    rules_how: "تُطبَّق هذه الشروط على كل تعليق قبل أن يقرأه أحد.", "These rules apply to every comment before anybody reads it.";
    rules_words: "الكلمات والروابط", "Words and links";
    max_links: "يُعلَّق التعليق إن كان فيه هذا العدد من الروابط أو أكثر (0: أبداً)", "Hold a comment in the queue if it contains this many links or more (0: never)";
    moderation_keys: "كلمات تُعلِّق التعليق", "Comment moderation";
    moderation_keys_how: "ما فيه كلمة من هذه ينتظر المراجعة.", "A comment that contains any of these waits in the queue.";
    disallowed_keys: "كلمات غير مسموح بها", "Disallowed comment keys";
    disallowed_keys_how: "ما فيه كلمة من هذه يُعدّ مزعجاً، أياً كان كاتبه.", "A comment that contains any of these is marked as spam, whoever wrote it.";
    keys_how: "كلمة أو رابط أو عنوان في كل سطر، كما في ووردبريس: تُلصق القائمة كما هي. تُبحث في النص والاسم والرابط والبريد، ولا فرق بين صور الحرف الواحد.", "One word, link or address a line, as in WordPress: paste the list as it is. They are looked for in text, name, link and email, whole words, whatever their case and spelling marks.";
    rules_newcomers: "الجدد", "Newcomers";
    newcomer_until: "يُعدّ الشخص جديداً حتى الموافقة على هذا العدد من تعليقاته", "Somebody is new until this many of their comments were approved";
    hold_newcomers: "تنتظر تعليقات الجدد", "Comments of newcomers wait";
    hold_newcomers_links: "تنتظر تعليقات الجدد التي فيها روابط", "Comments of newcomers that contain links wait";
    mails: "البريد", "Email addresses";
    mails_how: "عنوان في كل سطر، والنجمة تعني أي شيء: \u{2066}*@example.com\u{2069}", "One address a line; a star stands for anything: *@example.com";
    networks: "الشبكات", "Networks";
    networks_how: "شبكة في كل سطر، مثل \u{2066}192.0.2.0/24\u{2069}", "One network a line, such as 192.0.2.0/24";
    patterns: "الأنماط", "Patterns";
    patterns_how: "تعبير نمطي في كل سطر، بلا تفريق بين الحروف الكبيرة والصغيرة، في الاسم والبريد والرابط والنص.", "One regular expression a line, without regard to case, over name, email, link and text.";
    list_hold: "ينتظر المراجعة", "Hold in the queue";
    list_spam: "يُعدّ مزعجاً", "Mark as spam";
    line: "السطر", "Line";
    rules_pace: "الوتيرة واللغة", "Pace and language";
    slow_mode: "ثوانٍ بين تعليقين للشخص نفسه في الصفحة نفسها (0: بلا حد)", "Seconds between two comments of one person on one page (0: none)";
    languages: "لغات الموقع", "Languages of the site";
    languages_how: "ما كُتب بحروف أخرى ينتظر. بلا اختيار تُقبل كل اللغات.", "What is written in other letters waits. With none chosen every language is welcome.";
    rules_away: "الغياب", "Away";
    away: "ينتظر كل تعليق حتى هذا اليوم", "Every comment waits until this day";
    away_how: "إلا تعليقات الموثوقين، فهي تُنشر. فارغ: لا غياب.", "Except those of trusted people, which are published. Empty: nobody is away.";
    away_now: "الآن: حتى", "Now: until";
    away_deputies: "إضافة من ينوب في الموافقة حتى ذلك اليوم", "Add somebody who may approve until that day";
    // Tokens.
    token_new: "مفتاح جديد", "New token";
    token_label: "الاسم في السجل", "Name in the log";
    token_scope: "الصلاحية", "Scope";
    token_days: "مدة الصلاحية بالأيام (فارغ: بلا نهاية)", "Days it is good for (empty: until ended)";
    token_made: "هذا هو المفتاح. يظهر هذه المرة فقط.", "This is the token. It is shown only this once.";
    token_end: "إنهاء", "End";
    token_ended: "منتهٍ", "Ended";
    token_none: "لا مفاتيح بعد.", "No tokens yet.";
    used: "آخر استعمال", "Last used";
    never: "لم يُستعمل", "Never";
    expires: "ينتهي", "Expires";
    made: "أُنشئ", "Made";
    // Staff.
    member_new: "إضافة شخص", "Add somebody";
    member_email: "البريد الإلكتروني", "Email";
    member_name: "الاسم في السجل", "Name in the log";
    member_role: "الدور", "Role";
    member_until: "حتى يوم (للإشراف وحده؛ فارغ: بلا نهاية)", "Until a day (moderators only; empty: for good)";
    member_add: "إضافة", "Add";
    member_link: "رابط دخول", "Sign-in link";
    member_remove: "إخراج من الفريق", "Remove from staff";
    member_everywhere: "كل المواقع", "Every site";
    member_invited: "أُضيف. يُسلَّم هذا الرابط باليد: يعمل مرة واحدة خلال أربع وعشرين ساعة.", "Added. Hand this link over: it works once, within 24 hours.";
    member_known: "أُضيف. له دخول من قبل، فلا يحتاج إلى رابط.", "Added. They sign in as they are used to.";
    seen: "آخر حضور", "Last seen";
    second_on: "بخطوتين", "Two-step";
    // One's own account.
    rename: "تغيير الاسم", "Change name";
    sessions: "الأجهزة المسجَّل دخولها", "Where you are signed in";
    session_blog: "في المدونة", "On the blog";
    session_this: "هذا المتصفح", "This browser";
    session_unknown: "متصفح", "Browser";
    session_end: "إنهاء", "Sign out";
    session_end_others: "تسجيل الخروج من كل ما عداه", "Sign out everywhere else";
    factor: "التحقق بخطوتين", "Two-step verification";
    factor_off: "غير مفعّل. يحمي الحساب برمز من الهاتف عند كل دخول.", "Off. It protects the account with a code from your phone at each sign-in.";
    factor_on: "مفعّل.", "On.";
    factor_begin: "تفعيل", "Set up";
    factor_scan: "تُصوَّر هذه الصورة بتطبيق المصادقة، أو يُكتب فيه هذا النص:", "Take a picture of this with your authenticator app, or type this into it:";
    factor_picture: "رمز مصوَّر لتطبيق المصادقة", "QR code for the authenticator app";
    factor_confirm: "ثم يُكتب هنا الرمز الذي يعرضه:", "Then type the code that it shows:";
    factor_codes: "رموز الاسترداد. يصلح كل منها مرة واحدة إن ضاع الهاتف. لا تظهر مرة أخرى: تُحفظ في مكان آمن.", "Recovery codes. Each works once, should the phone be lost. They are not shown again: keep them in a safe place.";
    factor_left: "رموز استرداد باقية", "Recovery codes left";
    factor_renew: "رموز جديدة", "New codes";
    factor_end: "إلغاء التفعيل", "Switch off";
}

/// The words of a language.
pub const fn admin_words(lang: Lang) -> &'static AdminWords {
    match lang {
        Lang::Ar => &AR,
        Lang::En => &EN,
    }
}

const fn pick(lang: Lang, ar: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ar => ar,
        Lang::En => en,
    }
}

/// What is written on the button.
pub const fn decision(lang: Lang, decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => pick(lang, "موافقة", "Approve"),
        Decision::Spam => pick(lang, "مزعج", "Spam"),
        Decision::Remove => pick(lang, "إزالة", "Remove"),
        Decision::Restore => pick(lang, "استعادة", "Restore"),
        Decision::Keep => pick(lang, "إبقاء", "Keep"),
    }
}

/// What is said when it is done, before a number.
pub const fn decided(lang: Lang, decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => pick(lang, "تمت الموافقة", "Approved"),
        Decision::Spam => pick(lang, "عُدَّ مزعجاً", "Marked as spam"),
        Decision::Remove => pick(lang, "أُزيل", "Removed"),
        Decision::Restore => pick(lang, "استُعيد", "Restored"),
        Decision::Keep => pick(lang, "بقي كما هو", "Kept as it is"),
    }
}

/// A status, as the tabs and the log call it.
pub const fn status(lang: Lang, status: Status) -> &'static str {
    match status {
        Status::Approved => pick(lang, "موافق عليه", "Approved"),
        Status::Pending => pick(lang, "بانتظار المراجعة", "Pending"),
        Status::Spam => pick(lang, "مزعج", "Spam"),
        Status::Removed => pick(lang, "محذوف", "Removed"),
        Status::Deleted => pick(lang, "حذفه صاحبه", "Deleted by its writer"),
    }
}

pub const fn role(lang: Lang, role: StaffRole) -> &'static str {
    match role {
        StaffRole::Moderator => pick(lang, "إشراف", "Moderator"),
        StaffRole::Admin => pick(lang, "إدارة", "Admin"),
        StaffRole::Owner => pick(lang, "ملكية", "Owner"),
    }
}

pub const fn scope(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::Read => pick(lang, "قراءة", "Read"),
        Scope::Moderate => pick(lang, "إشراف", "Moderate"),
        Scope::Admin => pick(lang, "إدارة", "Administer"),
    }
}

/// WordPress's settings of discussion, in its words.
pub const fn moderation(lang: Lang, moderation: Moderation) -> &'static str {
    match moderation {
        Moderation::PublishAll => pick(lang, "فوراً", "At once"),
        Moderation::HoldFirst => pick(lang, "بعد تعليق سابق تمت الموافقة عليه", "Comment author must have a previously approved comment"),
        Moderation::HoldAll => pick(lang, "بعد موافقة يدوية", "Comment must be manually approved"),
    }
}

/// How much a list holds.
pub const fn lines(lang: Lang) -> Forms {
    match lang {
        Lang::Ar => Forms { zero: "فارغة", one: "سطر واحد", two: "سطران", few: "{n} أسطر", many: "{n} سطراً", other: "{n} سطر" },
        Lang::En => Forms::english("{n} line", "{n} lines"),
    }
}

/// A language by its own name.
pub const fn language(lang: Lang) -> &'static str {
    pick(lang, "العربية", "English")
}

/// Somebody else has saved the rules since they were shown. `by` is empty where the log does not tell.
pub fn rules_overtaken(lang: Lang, by: &str) -> (String, &'static str) {
    let mut title = String::from(pick(lang, "سبق حفظ آخر لهذه الشروط", "Somebody else has saved these rules meanwhile"));
    if !by.is_empty() {
        // Somebody's own name: isolated, whatever direction it has.
        for part in [" (\u{2068}", by, "\u{2069})"] {
            title.push_str(part);
        }
    }
    let detail = pick(
        lang,
        "لم يُحفظ ما كُتب هنا، وهو باقٍ أدناه. الحفظ مرة أخرى يُحلّه محل ما حُفظ قبله.",
        "What you typed is not saved and stands below. Saving once more puts it in place of theirs.",
    );
    (title, detail)
}

/// How careful the filter is.
pub const fn spam_level(lang: Lang, level: SpamLevel) -> &'static str {
    match level {
        SpamLevel::Off => pick(lang, "متوقف", "Off"),
        SpamLevel::Relaxed => pick(lang, "متساهل: لا يحجز إلا الواضح", "Relaxed: holds only what is clearly spam"),
        SpamLevel::Balanced => pick(lang, "متوازن", "Balanced"),
        SpamLevel::Strict => pick(lang, "صارم: يحجز كل ما فيه شك", "Strict: holds whatever is in doubt"),
    }
}

/// What else the page can do about a comment, its writer and its thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Trust,
    Distrust,
    Pin,
    Unpin,
    Close,
    Open,
}

impl Side {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trust => "trust",
            Self::Distrust => "distrust",
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Close => "close",
            Self::Open => "open",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Trust, Self::Distrust, Self::Pin, Self::Unpin, Self::Close, Self::Open].into_iter().find(|s| s.as_str() == text)
    }
}

/// What is written on its button, and in the log.
pub const fn side(lang: Lang, it: Side) -> &'static str {
    match it {
        Side::Trust => pick(lang, "وثوق", "Trust"),
        Side::Distrust => pick(lang, "سحب الثقة", "Trust no longer"),
        Side::Pin => pick(lang, "تثبيت", "Pin"),
        Side::Unpin => pick(lang, "إلغاء التثبيت", "Unpin"),
        Side::Close => pick(lang, "إغلاق النقاش", "Close the discussion"),
        Side::Open => pick(lang, "فتح النقاش", "Open the discussion"),
    }
}

/// What is said when it is done.
pub const fn side_done(lang: Lang, it: Side) -> &'static str {
    match it {
        Side::Trust => pick(lang, "صار صاحب التعليق موثوقاً.", "The writer is trusted now."),
        Side::Distrust => pick(lang, "لم يعد صاحب التعليق موثوقاً.", "The writer is trusted no longer."),
        Side::Pin => pick(lang, "ثُبّت التعليق.", "The comment is pinned."),
        Side::Unpin => pick(lang, "أُلغي التثبيت.", "The comment is not pinned any more."),
        Side::Close => pick(lang, "أُغلق النقاش.", "The discussion is closed."),
        Side::Open => pick(lang, "فُتح النقاش.", "The discussion is open."),
    }
}

/// By what somebody banned is known again.
pub const fn ban_kind(lang: Lang, kind: BanKind) -> &'static str {
    match kind {
        BanKind::Person => pick(lang, "الشخص", "The person"),
        BanKind::Mail => pick(lang, "البريد الإلكتروني", "The email address"),
        BanKind::Network => pick(lang, "الشبكة (وكل من يكتب منها)", "The network (and all who write from it)"),
    }
}

/// What a judge's notice is about; a code of Akismet's own stays as it is.
pub fn judge_notice(lang: Lang, code: &str) -> &str {
    match code {
        "no-answer" => pick(lang, "لا رد", "No answer"),
        "not-understood" => pick(lang, "رد غير مفهوم", "An answer that makes no sense"),
        "help" => pick(lang, "ملاحظة", "A remark"),
        other => other,
    }
}

/// What was done, as the log names it; what has no words yet stays as it is.
pub fn action(lang: Lang, action: &str) -> &str {
    match Decision::parse(action) {
        Some(it) => decision(lang, it),
        None => match action {
            "hide" => pick(lang, "إخفاء بعد بلاغات القراء", "Hidden by readers' reports"),
            "appeal" => pick(lang, "طلب إعادة النظر", "Asked for another look"),
            "edit" => pick(lang, "تعديل", "Edit"),
            "ban" => pick(lang, "حظر", "Ban"),
            "unban" => pick(lang, "إنهاء حظر", "End of a ban"),
            "hold" => pick(lang, "حجز للمراجعة", "Hold"),
            "judge-on" => pick(lang, "تشغيل فحص خارجي", "Checking elsewhere switched on"),
            "judge-off" => pick(lang, "إيقاف فحص خارجي", "Checking elsewhere switched off"),
            "rules" => pick(lang, "تغيير الشروط", "Change of the rules"),
            other if Side::parse(other).is_some() => Side::parse(other).map_or(other, |it| side(lang, it)),
            "delete" => pick(lang, "حذف", "Delete"),
            "undo" => pick(lang, "تراجع", "Undo"),
            "open" => pick(lang, "فتح النقاش", "Open"),
            "close" => pick(lang, "إغلاق النقاش", "Close"),
            "move" => pick(lang, "نقل إلى صفحة أخرى", "Move"),
            "import" => pick(lang, "نقل", "Import"),
            other => other,
        },
    }
}
