//! Classes of words that advertise, in English and in folded Arabic. A class
//! lets one learnt weight speak for many words, also those never seen before.

use super::number::ByNumber;
use std::{collections::HashMap, hash::BuildHasherDefault, sync::LazyLock};

/// What a word does in a comment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// Subscribe, follow.
    Follow,
    /// Click, visit, join: asks for an act.
    Act,
    /// Call, write to: asks for contact.
    Contact,
    /// My, our, me.
    Mine,
    /// Channel, page, shop: what is advertised.
    Thing,
    /// Facebook, WhatsApp: another network.
    Network,
    /// Price, discount, delivery.
    Sale,
    /// Earn, profit, loan, prize.
    Money,
    /// Trades and clinics that offer their services.
    Service,
    /// Betting, magic, cures, dating, forged papers.
    Vice,
    /// Guaranteed, at once, limited.
    Hurry,
    /// Please, hey, guys.
    Plea,
    /// Speaks of the page itself: article, song, views, thanks.
    Talk,
}

impl Class {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Act => "act",
            Self::Contact => "contact",
            Self::Mine => "mine",
            Self::Thing => "thing",
            Self::Network => "network",
            Self::Sale => "sale",
            Self::Money => "money",
            Self::Service => "service",
            Self::Vice => "vice",
            Self::Hurry => "hurry",
            Self::Plea => "plea",
            Self::Talk => "talk",
        }
    }
}

/// The class of a folded word; Arabic words also without their clitics.
pub fn class(word: &str) -> Option<Class> {
    if word.is_ascii() {
        // suscribe, subcriber, sucscribe
        return if word.len() >= 6 && word.starts_with('s') && word.contains("scri") { Some(Class::Follow) } else { CLASSES.get(word).copied() };
    }
    CLASSES.get(word).or_else(|| stems(word).find_map(|stem| CLASSES.get(stem))).copied()
}

static CLASSES: LazyLock<HashMap<&str, Class, BuildHasherDefault<ByNumber>>> =
    LazyLock::new(|| ENGLISH.iter().chain(ARABIC).flat_map(|(class, words)| words.split_whitespace().map(|word| (word, *class))).collect());

/// A word without its proclitics, longest first (light stemming, Larkey's light10, prefixes only).
pub fn stems(word: &str) -> impl Iterator<Item = &str> {
    let prefixes: &[&str] = match word.chars().next() {
        Some('و') => &["وال", "ولل", "و"],
        Some('ب') => &["بال", "ب"],
        Some('ك') => &["كال"],
        Some('ف') => &["فال", "ف"],
        Some('ل') => &["لل", "ل"],
        Some('ا') => &["ال"],
        _ => &[],
    };
    prefixes.iter().filter_map(|prefix| word.strip_prefix(prefix)).filter(|stem| stem.chars().nth(2).is_some())
}

const ENGLISH: &[(Class, &str)] = &[
    (Class::Follow, "sub subs subbed sub4sub follow follower followers following f4f unsubscribe"),
    (
        Class::Act,
        "check checkout click visit watch look listen join vote register download share like add support help buy order try enter thumbs thumb \
         see go signup apply copy paste claim spread comment upload",
    ),
    (Class::Contact, "contact call email mail reach text txt message msg dm inbox reply"),
    (Class::Mine, "my our mine me us i we im i'm ours i'll ill"),
    (
        Class::Thing,
        "channel channels chanel chanell chanels video videos vid vids page site website homepage blog cover covers remix music account profile \
         link book app game store shop beats rap rapper mixtape tutorial gaming minecraft parody playlist band petition",
    ),
    (
        Class::Network,
        "facebook fb twitter instagram insta soundcloud snapchat snap skype whatsapp telegram kik tumblr google paypal twitch tiktok itunes ebay \
         amazon",
    ),
    (Class::Sale, "cheap offer offers discount deal deals sale price prices shipping coupon promo outlet wholesale"),
    (
        Class::Money,
        "free earn earned money cash paid dollars dollar win won winner prize gift giveaway bucks job loan loans profit invest bitcoin crypto \
         forex trading bonus income salary surveys survey rich pay award claimed",
    ),
    (Class::Service, "services service seo backlinks movers plumbing cleaning essay assignment company agency"),
    (Class::Vice, "viagra cialis pills casino betting slots poker spell escort sexy xxx dating hacker hack replica hacked hacks"),
    (Class::Hurry, "guaranteed now today instant limited urgent hurry legit"),
    (Class::Plea, "please pls plz plzz plss guys everyone hey hi hello people anyone everybody friends"),
    (
        Class::Talk,
        "views view viewers million billion millions likes comments years song songs lyrics dance best love awesome singer she he her his voice \
         world beautiful favorite still watching listening remember article post thanks",
    ),
];

const ARABIC: &[(Class, &str)] = &[
    (Class::Follow, "اشترك اشتركوا تشتركوا اشتراك اشتراكات تابعني تابعوني تابعونا تابعوا اتابعك متابعين متابع متابعينك لايكات لايك مشتركين رشق الجرس"),
    (
        Class::Act,
        "اضغط اضغطي سجل سجلي سجلوا انضم انضموا حمل حملوا تحميل ادخل ادخلي ادخلوا زوروا زورونا زياره زيارتي زيارتنا تصفح تصفحوا تفضلوا احجز احجزي \
         اطلب اطلبي اطلبها شاهد شاهدوا انشر انشرها استخدم استخدمي احصل احصلي جرب تسوق تسوقي ابدا قدم تقدم املا شارك ادعوكم ندعوكم مشاهده اكتشف \
         استمتع",
    ),
    (
        Class::Contact,
        "تواصل تواصلي تواصلوا التواصل راسلني راسلنا راسلونا راسليني اتصل اتصلي اتصلوا جوال هاتف خاص الخاص دايركت استفسار طلب حجز ارسل ارسلي \
         كلمني كلمونا ابعت ابعتلي رقمي رقمهم رقم البريفي ايميل",
    ),
    (
        Class::Thing,
        "قناتي قناتنا قناه صفحتي صفحتنا حسابي حسابنا موقعنا موقعي موقع متجر متجرنا متجري رابط الرابط تطبيق مدونتي قروب جروب سيرفر كود كوبون دوره \
         كورس منصه",
    ),
    (
        Class::Network,
        "واتساب واتس وتس واتسب وتساب الواتس تليجرام تلجرام تلغرام تيليجرام التليكرام تليكرام سناب انستقرام انستجرام انستا انستغرام يوتيوب تيك \
         فيسبوك باي",
    ),
    (
        Class::Sale,
        "خصم خصومات عرض عروض عروضنا اسعار سعر باسعار اسعارنا ارخص توصيل شحن بيع شراء للبيع للايجار تخفيضات تصفيه تقسيط اقساط جمله الاستلام تكلفه \
         اوفر نشتري ماركات تقليد كوبي متوفر متوفره منتج منتجات عبوه كرتون",
    ),
    (
        Class::Money,
        "ربح الربح اربح ارباح تربح دولار ريال دينار درهم جنيه دخل استثمار استثمر تداول فوركس توصيات صفقات بونص مكافاه قرض قروض تمويل سداد كفيل \
         ايداع سحب عملات عمله بيتكوين بتكوين كاش فلوس اكسب راتب رواتب جايزه جوايز مبروك ورثه ورثت مليون محفظه وظايف وظيفه مطلوب موظفين عموله \
         ثروه مديونيات فيزا",
    ),
    (
        Class::Service,
        "شركه شركات موسسه مركز عياده عيادات مكتب خدمه خدمات خدماتنا نقل عفش اثاث تنظيف مكافحه حشرات صيانه تركيب كشف تسربات عزل تسليك سباك فني \
         مقاولات ترميم دهانات مظلات تخليص استقدام تاجير تصميم سيو ترجمه رسايل ماجستير بحوث واجبات شقق فلل ليزر تجميل زراعه",
    ),
    (
        Class::Vice,
        "كازينو مراهنات رهان روليت يانصيب سحر السحر روحاني روحانيه الروحاني جلب الحبيب شيخ تنحيف تخسيس كبسولات حبوب كريم تبييض تسمين اعشاب الكرش \
         وزن وزنك تاشيره تاشيرات هجره شهادات تعارف مسيار زواج بنات شات سكس مساج تهكير هكر اختراق مهكره شدات جواهر ببجي ارمله",
    ),
    (
        Class::Hurry,
        "الان فورا فوري فوريه سارع سارعوا محدود محدوده مضمون مضمونه ضمان نضمن مجانا مجاني مجانيه حصري حصريه فرصه نهاييا اصلي اصليه سريه \
         للجادين جادين اقوي",
    ),
    (
        Class::Talk,
        "شكرا مقال مقاله المقال موضوع تدوينه كلام كلامك جزاك بارك احسنت تسلم قرات رايي رايك سوال هل لماذا ليش كيف ليه فكره اتفق اختلف المصدر \
         والله اللهم الله ههه اسلوبك تجربه",
    ),
];
