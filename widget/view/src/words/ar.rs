//! Arabic. Spelling follows WordPress's Arabic (تعليقاً, with the tanwin on the
//! alef), so that the whole form reads as one. Nouns of action in place of verbs
//! and participles that would force a sex on the reader.

use super::{Forms, PageWords, Words};

pub(super) const WORDS: Words = Words {
    form_title_reply: "اترك رداً على {name}",
    form_cancel_reply: "إلغاء الرد",
    form_preview: "معاينة",
    form_write: "كتابة",
    form_draft_saved: "المسودة محفوظة في هذا المتصفح",
    form_sending: "جارٍ الإرسال…",
    form_closed: "التعليقات مغلقة",
    error_required: "هذا الحقل إلزامي",
    error_email: "عنوان البريد الإلكتروني غير صحيح",
    error_too_long: "التعليق أطول من الحد المسموح",
    error_duplicate: "سبق إرسال هذا التعليق",
    error_network: "تعذّر الاتصال بالخادم. نصّك محفوظ هنا.",
    error_retry: "إعادة المحاولة",
    state_pending: "تعليقك في انتظار المراجعة.",
    state_posted: "نُشر تعليقك",
    state_deleted: "حُذف هذا التعليق",
    state_removed: "حُذف هذا التعليق بقرار من الإشراف",
    list_loading: "جارٍ التحميل…",
    list_end: "لا مزيد من التعليقات",
    anonymous: "مجهول",
    comment_reply: "رد",
    comment_reply_to: "رد على تعليق {name}",
    comment_in_reply: "رداً على {name}",
    comment_in_reply_earlier: "رداً على تعليق سابق",
    react_helpful: "مفيد",
    react_thanks: "شكر",
    react_thank: "شكر {name}",
    react_first: "بعد نشر أول تعليق لك هنا يمكنك شكر غيرك والقول إن تعليقه أفادك.",
    comment_report: "إبلاغ",
    comment_edit: "تعديل",
    comment_save: "حفظ",
    comment_cancel: "إلغاء",
    comment_delete: "حذف",
    comment_delete_ask: "حذف هذا التعليق نهائياً؟",
    comment_undo: "تراجع",
    comment_edited: "معدَّل",
    badge_author: "الكاتب",
    badge_staff: "الإشراف",
    badge_pinned: "مثبَّت",
    comments: Forms {
        zero: "لا تعليقات", one: "تعليق واحد", two: "تعليقان", few: "{n} تعليقات", many: "{n} تعليقاً", other: "{n} تعليق"
    },
    new_comments: Forms {
        zero: "لا جديد",
        one: "عرض تعليق جديد",
        two: "عرض تعليقين جديدين",
        few: "عرض {n} تعليقات جديدة",
        many: "عرض {n} تعليقاً جديداً",
        other: "عرض {n} تعليق جديد",
    },
    reading: Forms {
        zero: "",
        one: "شخص واحد يقرأ الآن",
        two: "شخصان يقرآن الآن",
        few: "{n} أشخاص يقرؤون الآن",
        many: "{n} شخصاً يقرؤون الآن",
        other: "{n} شخص يقرؤون الآن",
    },
    found_helpful: Forms {
        zero: "", one: "أفاد شخصاً واحداً", two: "أفاد شخصين", few: "أفاد {n} أشخاص", many: "أفاد {n} شخصاً", other: "أفاد {n} شخص"
    },
    left: Forms {
        zero: "لا أحرف متبقية", one: "بقي حرف واحد", two: "بقي حرفان", few: "بقيت {n} أحرف", many: "بقي {n} حرفاً", other: "بقي {n} حرف"
    },
    letters: Forms { zero: "لا أحرف", one: "حرف واحد", two: "حرفان", few: "{n} أحرف", many: "{n} حرفاً", other: "{n} حرف" },
    just_now: "الآن",
    minutes_ago: Forms {
        zero: "الآن", one: "منذ دقيقة", two: "منذ دقيقتين", few: "منذ {n} دقائق", many: "منذ {n} دقيقة", other: "منذ {n} دقيقة"
    },
    hours_ago: Forms {
        zero: "منذ أقل من ساعة", one: "منذ ساعة", two: "منذ ساعتين", few: "منذ {n} ساعات", many: "منذ {n} ساعة", other: "منذ {n} ساعة"
    },
    days_ago: Forms {
        zero: "اليوم", one: "أمس", two: "أول أمس", few: "منذ {n} أيام", many: "منذ {n} يوماً", other: "منذ {n} يوم"
    },
    months: ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
};

pub(super) const PAGE: PageWords = PageWords {
    form_title: "اترك تعليقاً",
    form_notes_email: "لن يتم نشر عنوان بريدك الإلكتروني.",
    form_notes_required: "الحقول الإلزامية مشار إليها بـ {mark}",
    form_judge: "للحماية من الرسائل المزعجة تُرسل التعليقات قبل نشرها إلى {name} لفحصها. ما يُرسل: ",
    form_judge_text: "النص والاسم والموقع الإلكتروني",
    form_judge_email: "البريد الإلكتروني",
    form_judge_address: "عنوان IP ونوع المتصفح",
    form_comment: "التعليق",
    form_name: "الاسم",
    form_email: "البريد الإلكتروني",
    form_website: "الموقع الإلكتروني",
    form_remember: "احفظ اسمي، بريدي الإلكتروني، والموقع الإلكتروني في هذا المتصفح لاستخدامها المرة المقبلة في تعليقي.",
    form_submit: "إرسال التعليق",
    form_rules: "لنكن لطفاء، ولنلتزم بالموضوع، ولنساعد حيث نستطيع.",
    form_direction: "تغيير اتجاه النص",
    form_decoy: "يُترك هذا الحقل فارغاً",
    list_empty: "لا تعليقات بعد. ما رأيك؟",
    list_more: "عرض المزيد",
    list_skip: "تجاوز التعليقات",
    sort_label: "الترتيب حسب",
    sort_oldest: "الأقدم",
    sort_newest: "الأحدث",
    page_back: "العودة إلى المقال",
    page_untitled: "مقال بلا عنوان",
    page_earlier: "التعليقات السابقة",
    page_feed: "خلاصة التعليقات",
    form_closed_by_age: "انتهى النقاش هنا: تُغلق الصفحات بعد مدة من بدئها.",
    sort_best: "الأفضل",
    sort_helpful: "الأكثر إفادة",
    sort_active: "الأحدث نشاطاً",
    sort_discussed: "الأكثر نقاشاً",
    search_label: "البحث في الحوارات",
    search_submit: "بحث",
    search_none: "لا نتائج للبحث عن «{query}»",
    search_title: "البحث",
    report_title: "الإبلاغ عن هذا التعليق",
    report_spam: "رسالة مزعجة أو دعائية",
    report_abuse: "إساءة أو تهجّم",
    report_offtopic: "خارج الموضوع",
    report_other: "سبب آخر",
    report_note: "كلمة لفريق الإشراف (اختيارية)",
    report_private: "لا يظهر لأحد من أبلغ.",
    report_send: "إرسال البلاغ",
    report_sent: "شكراً لك. سينظر فيه فريق الإشراف.",
    report_back: "العودة إلى التعليقات",
    own_removed: "حُذف تعليقك بقرار من الإشراف.",
    own_reason: "السبب:",
    appeal_open: "طلب إعادة النظر",
    appeal_text: "لماذا يستحق التعليق أن يبقى؟",
    appeal_once: "يُطلب ذلك مرة واحدة، قبل {time}.",
    appeal_send: "إرسال الطلب",
    appeal_sent: "وصل طلبك. سيعيد فريق الإشراف النظر فيه.",
    appeal_waiting: "وصل طلبك بإعادة النظر، ولم يُتخذ قرار بعد.",
    appeal_refused: "أُعيد النظر في التعليق، وبقي القرار كما هو.",
    appeal_answer: "الجواب:",
    reports: Forms {
        zero: "لا بلاغات", one: "بلاغ واحد", two: "بلاغان", few: "{n} بلاغات", many: "{n} بلاغاً", other: "{n} بلاغ"
    },
    powered: "بدعم من جِوار",
    seconds: Forms {
        zero: "ثانية واحدة", one: "ثانية واحدة", two: "ثانيتين", few: "{n} ثوانٍ", many: "{n} ثانية", other: "{n} ثانية"
    },
    minutes: Forms {
        zero: "دقيقة واحدة", one: "دقيقة واحدة", two: "دقيقتين", few: "{n} دقائق", many: "{n} دقيقة", other: "{n} دقيقة"
    },
    hours: Forms {
        zero: "ساعة واحدة", one: "ساعة واحدة", two: "ساعتين", few: "{n} ساعات", many: "{n} ساعة", other: "{n} ساعة"
    },
};
