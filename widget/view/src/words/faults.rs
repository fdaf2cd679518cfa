//! What is said when something broke on our side, and on the few pages about signing in.

use jiwar_wire::Lang;

/// Title and detail of a fault.
pub const fn fault(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Ar => ("حدث خطأ من جهتنا", "لم يُنفَّذ الطلب، والخطأ عندنا لا عندك. نصّك لم يضع: تمكن إعادة المحاولة بعد قليل."),
        Lang::En => (
            "Something went wrong on our side",
            "The request was not carried out; the fault is ours, not yours. Your text is not lost: please try again in a moment.",
        ),
    }
}

/// The page behind a one-time sign-in link: title, what the button does, its label.
pub const fn sign_in(lang: Lang) -> (&'static str, &'static str, &'static str) {
    match lang {
        Lang::Ar => ("تسجيل الدخول", "يعمل هذا الرابط مرة واحدة. الزر أدناه يسجّل الدخول في هذا المتصفح.", "تسجيل الدخول"),
        Lang::En => ("Sign in", "This link works once. The button below signs this browser in.", "Sign in"),
    }
}
