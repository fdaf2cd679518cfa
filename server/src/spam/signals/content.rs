//! What the comment holds: links, name, mail domain, numbers, script, tricks.

use crate::{
    spam::{
        clean,
        context::Context,
        evidence::{Evidence, Signal},
        lexicon::{self, Class},
        links::{self, Kind, Link},
        lists,
        reading::Reading,
        script::{Script, is_word},
    },
    text::fold,
};

pub(super) fn evidence(context: &Context, reading: &Reading) -> Vec<Evidence> {
    let mut found = Vec::new();
    links_in_text(context, reading, &mut found);
    host_records(context, &mut found);
    name(reading, &mut found);
    if let Some(domain) = reading.sample.mail_domain.filter(|domain| lists::is_throw_away(domain)) {
        found.push(Evidence::new(Signal::ThrowAwayMail { domain: domain.to_owned() }, 1.2));
    }
    if has_phone(&reading.folded) && words(&reading.folded).any(|word| lexicon::class(word) == Some(Class::Contact) || is_messenger(word)) {
        found.push(Evidence::new(Signal::PhoneAdvert, 0.8));
    }
    found.extend(other_script(context, reading));
    found.extend(reading.tricks.iter().map(|trick| Evidence::new(Signal::Trick { trick: *trick }, trick.weight())));
    found
}

fn links_in_text(context: &Context, reading: &Reading, found: &mut Vec<Evidence>) {
    let links: Vec<Link> = links::all(&reading.folded).collect();
    // A source or a moment of a video is quoted, not advertised.
    let adverts = links.iter().filter(|link| !matches!(link.kind, Kind::Source | Kind::Moment)).count();
    if adverts > 0 {
        let each = if context.is_newcomer() { 0.5 } else { 0.2 };
        found.push(Evidence::new(Signal::Links { count: u32::try_from(links.len()).unwrap_or(u32::MAX) }, (each * adverts as f32).min(3.0)));
        let beside = reading.folded.split_whitespace().filter(|piece| Link::read(piece).is_none()).flat_map(words).count();
        if beside < 3 {
            found.push(Evidence::new(Signal::BareLink, 0.8));
        }
    }
    if let Some(link) = links.iter().find(|link| link.kind == Kind::Short) {
        found.push(Evidence::new(Signal::Shortener { host: link.host.to_owned() }, 0.8));
    }
}

fn host_records(context: &Context, found: &mut Vec<Evidence>) {
    for record in context.hosts.iter().take(10) {
        if record.spam > 0 {
            let weight = 1.0 + 0.5 * record.spam.min(4) as f32;
            found.push(Evidence::new(Signal::SpamLink { host: record.host.clone(), times: record.spam }, weight));
        }
        if record.writers >= 3 {
            let weight = 0.3 * (record.writers - 1).min(6) as f32;
            found.push(Evidence::new(Signal::SpreadLink { host: record.host.clone(), writers: record.writers }, weight));
        }
    }
}

/// Name, link and text judged together.
fn name(reading: &Reading, found: &mut Vec<Evidence>) {
    let name = clean::comparable(reading.sample.name);
    if links::all(&name).next().is_some() {
        found.push(Evidence::new(Signal::LinkInName, 1.5));
        return;
    }
    let parts: Vec<&str> = words(&name).collect();
    let selling = parts.iter().filter(|word| sells(word)).count();
    if selling >= 2 || (selling >= 1 && parts.len() >= 4) || has_phone(&name) {
        found.push(Evidence::new(Signal::NameSells, 1.2));
    }
    let Some(website) = reading.sample.website.map(fold) else { return };
    let Some(link) = Link::read(&website) else { return };
    let long = |word: &&&str| word.chars().count() >= 4;
    // A blogger's own name in his own address is no advertisement; three words of the text in it are.
    let in_host = parts.iter().filter(long).filter(|word| link.host.contains(**word)).count();
    let in_text = parts.iter().filter(long).filter(|word| words(&reading.folded).any(|other| other == **word)).count();
    if selling >= 1 && in_host + in_text >= 1 {
        found.push(Evidence::new(Signal::SameEverywhere, 1.0));
    }
}

fn sells(word: &str) -> bool {
    matches!(lexicon::class(word), Some(Class::Sale | Class::Money | Class::Service | Class::Vice | Class::Hurry))
}

fn is_messenger(word: &str) -> bool {
    lexicon::class(word) == Some(Class::Network)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty())
}

/// Seven digits and more, also with single spaces, dots or dashes between them.
fn has_phone(folded: &str) -> bool {
    let (mut digits, mut gap) = (0, false);
    for c in folded.chars() {
        match c {
            '0'..='9' => {
                digits += 1;
                gap = false;
            }
            ' ' | '-' | '.' if digits > 0 && !gap => gap = true,
            _ => {
                digits = 0;
                gap = false;
            }
        }
        if digits >= 7 {
            return true;
        }
    }
    false
}

fn other_script(context: &Context, reading: &Reading) -> Option<Evidence> {
    let site = context.site_script?;
    let found = reading.script;
    let letters = reading.folded.chars().filter(|c| Script::of_letter(*c).is_some()).count();
    if found == site || letters < 20 {
        return None;
    }
    // Arabic blogs get English comments every day; a script that neither reads is another matter.
    let weight = if found == Script::Other { 1.5 } else { 0.3 };
    Some(Evidence::new(Signal::OtherScript { found }, weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spam::{context::HostRecord, sample::Sample, tricks::Trick};

    fn seen(context: &Context, sample: Sample) -> Vec<Signal> {
        evidence(context, &Reading::of(&sample)).into_iter().map(|e| e.signal).collect()
    }

    fn text(text: &str) -> Vec<Signal> {
        seen(&Context::default(), Sample::text(text))
    }

    #[test]
    fn links_are_counted_and_sources_let_be() {
        assert_eq!(text("read this https://shop.test/a and that www.shop.test now please"), [Signal::Links { count: 2 }]);
        assert_eq!(text("المصدر https://ar.wikipedia.org/wiki/x وفيه تفصيل"), []);
        assert_eq!(text("https://shop.test/a"), [Signal::Links { count: 1 }, Signal::BareLink]);
        assert_eq!(text("look at this page here https://bit.ly/x"), [Signal::Links { count: 1 }, Signal::Shortener { host: "bit.ly".into() }]);
    }

    #[test]
    fn hosts_with_a_past() {
        let context = Context { hosts: vec![HostRecord { host: "shop.test".into(), writers: 4, spam: 2 }], ..Context::default() };
        assert_eq!(
            seen(&context, Sample::text("hello")),
            [Signal::SpamLink { host: "shop.test".into(), times: 2 }, Signal::SpreadLink { host: "shop.test".into(), writers: 4 }]
        );
    }

    #[test]
    fn the_name_is_read_too() {
        let named = |name, website| seen(&Context::default(), Sample { text: "مقال جميل", name, website, mail_domain: None });
        assert_eq!(named("www.shop.test", None), [Signal::LinkInName]);
        assert_eq!(named("شركة نقل عفش", None), [Signal::NameSells]);
        assert_eq!(named("Cheap loans online", Some("https://cheaploans.test")), [Signal::NameSells, Signal::SameEverywhere]);
        assert_eq!(named("سارة العتيبي", Some("https://sarah.test")), []);
        assert_eq!(named("Omar", None), []);
    }

    #[test]
    fn throw_away_mail() {
        let sample = |domain| Sample { text: "شكرا", mail_domain: Some(domain), ..Sample::default() };
        assert_eq!(seen(&Context::default(), sample("mailinator.com")), [Signal::ThrowAwayMail { domain: "mailinator.com".into() }]);
        assert_eq!(seen(&Context::default(), sample("gmail.com")), []);
    }

    #[test]
    fn numbers_to_call() {
        assert_eq!(text("للتواصل واتساب ٠٥٠ ٠٠٠ ٠٠٠٠"), [Signal::PhoneAdvert]);
        assert_eq!(text("رقم الطبعة ١٩٩٨ وعدد صفحاتها ٣٢٠"), []);
    }

    #[test]
    fn another_script_than_the_site() {
        let arabic = Context { site_script: Some(Script::Arabic), ..Context::default() };
        let russian = "Отличная статья, спасибо за подробности";
        assert_eq!(seen(&arabic, Sample::text(russian)), [Signal::OtherScript { found: Script::Other }]);
        assert_eq!(seen(&arabic, Sample::text("ok thanks")), [], "too short to tell");
        assert_eq!(seen(&Context::default(), Sample::text(russian)), []);
    }

    #[test]
    fn tricks_are_named() {
        assert_eq!(text("ار\u{200b}بح الان"), [Signal::Trick { trick: Trick::ZeroWidth }]);
    }
}
