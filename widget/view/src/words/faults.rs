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
        Lang::Ar => ("تسجيل الدخول", "يعمل هذا الرابط مرة واحدة. الزر أدناه ينشئ رمز دخول صالحاً لاثنتي عشرة ساعة.", "تسجيل الدخول"),
        Lang::En => ("Sign in", "This link works once. The button below makes an access token that is good for twelve hours.", "Sign in"),
    }
}

/// The page after signing in: title and what the token is for.
pub const fn signed_in(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Ar => ("تم تسجيل الدخول", "هذا رمز الدخول، يظهر مرة واحدة. يُرسل مع كل طلب إلى الواجهة البرمجية في الترويسة Authorization: Bearer."),
        Lang::En => ("You are signed in", "This is your access token; it is shown once. Send it with every API request in the header Authorization: Bearer."),
    }
}
