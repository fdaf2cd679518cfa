//! Rules made ready for matching: pure, once for each revision.
//!
//! All words of a list are one automaton (Aho and Corasick 1975): a hundred
//! thousand of them cost a comment no more than ten.

use crate::{
    config::Network,
    spam::{Script, clean, links},
};
use aho_corasick::AhoCorasick;
use jiwar_wire::{
    FieldCode, FieldError, Lang,
    rules::{Action, Rule, Rules},
};
use regex::{Regex, RegexBuilder};
use std::net::IpAddr;

/// Lines of both lists together.
pub const LINES: usize = 200_000;
/// Patterns, networks and wildcards, of each.
const EACH: usize = 500;
const PATTERN_BYTES: usize = 500;
/// A pattern that needs more memory than this is refused: it explodes.
const PATTERN_SIZE: usize = 256 * 1024;
/// Fewer letters do not tell a language.
const LETTERS: usize = 20;

/// What is matched.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub name: &'a str,
    pub mail: &'a str,
    pub website: &'a str,
    pub body: &'a str,
    pub address: Option<IpAddr>,
    /// Comments of the writer that were approved.
    pub approved: u32,
}

/// A rule that fits: its stable name, and the line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub action: Action,
    pub rule: &'static str,
    pub line: String,
}

/// One list: words match whole, anything else anywhere.
#[derive(Debug)]
struct Lines {
    automaton: AhoCorasick,
    /// The folded line, and whether it is made of words.
    lines: Vec<(String, bool)>,
    /// Lines such as `192.0.2.` or `10.0.0.0/8`.
    networks: Vec<(String, Option<Network>)>,
}

#[derive(Debug)]
pub struct Compiled {
    pub rules: Rules,
    disallowed: Lines,
    moderation: Lines,
    patterns: Vec<(Regex, Rule)>,
    networks: Vec<(Network, Rule)>,
    mails: Vec<(String, Rule)>,
}

impl Compiled {
    /// Every fault at once, each at its line.
    pub fn of(rules: Rules) -> Result<Self, Vec<FieldError>> {
        let mut faults = Vec::new();
        let lines = rules.moderation_keys.lines().count() + rules.disallowed_keys.lines().count();
        if lines > LINES {
            faults.push(FieldError { pointer: "/moderation_keys".into(), code: FieldCode::TooMany, limit: Some(LINES as u32) });
            return Err(faults);
        }
        for (name, list) in [("patterns", &rules.patterns), ("networks", &rules.networks), ("mails", &rules.mails)] {
            if list.len() > EACH {
                faults.push(FieldError { pointer: format!("/{name}"), code: FieldCode::TooMany, limit: Some(EACH as u32) });
                return Err(faults);
            }
        }
        let patterns = each("patterns", &rules.patterns, FieldCode::NotAPattern, &mut faults, pattern);
        let networks = each("networks", &rules.networks, FieldCode::NotANetwork, &mut faults, |text| Network::parse(text.trim()));
        let mails = each("mails", &rules.mails, FieldCode::NotAnEmail, &mut faults, wildcard);
        let disallowed = Lines::of(&rules.disallowed_keys, "/disallowed_keys", &mut faults);
        let moderation = Lines::of(&rules.moderation_keys, "/moderation_keys", &mut faults);
        match (disallowed, moderation) {
            (Some(disallowed), Some(moderation)) if faults.is_empty() => Ok(Self { disallowed, moderation, patterns, networks, mails, rules }),
            _ => Err(faults),
        }
    }

    /// The rule that decides: one that makes spam of it before one that holds it.
    pub fn fits(&self, asked: &Asked) -> Option<Hit> {
        let written = format!("{}\n{}\n{}\n{}", asked.name, asked.mail, asked.website, asked.body);
        let folded = clean::comparable(&clean::plain(&written));
        let hit = |action, rule, line: &str| Some(Hit { action, rule, line: line.chars().take(100).collect() });
        if let Some(line) = self.disallowed.find(&folded, asked.address) {
            return hit(Action::Spam, "disallowed-key", line);
        }
        for action in [Action::Spam, Action::Hold] {
            if let Some((_, rule)) = self.patterns.iter().find(|(p, r)| r.action == action && p.is_match(&written)) {
                return hit(action, "pattern", &rule.fits);
            }
            if let Some((_, rule)) = self.networks.iter().find(|(n, r)| r.action == action && asked.address.is_some_and(|a| n.contains(a))) {
                return hit(action, "network", &rule.fits);
            }
            if let Some((_, rule)) = self.mails.iter().find(|(w, r)| r.action == action && is_like(w, &asked.mail.to_ascii_lowercase())) {
                return hit(action, "mail", &rule.fits);
            }
        }
        if let Some(line) = self.moderation.find(&folded, asked.address) {
            return hit(Action::Hold, "moderation-key", line);
        }
        self.held(asked).map(|(rule, line)| Hit { action: Action::Hold, rule, line })
    }

    /// The rules that ask for numbers.
    fn held(&self, asked: &Asked) -> Option<(&'static str, String)> {
        let rules = &self.rules;
        let body = clean::comparable(&clean::plain(asked.body));
        let links = u32::try_from(links::all(&body).count()).unwrap_or(u32::MAX);
        if rules.max_links > 0 && links >= rules.max_links {
            return Some(("links", links.to_string()));
        }
        let newcomer = asked.approved < rules.newcomer_until;
        if newcomer && (rules.hold_newcomers || (rules.hold_newcomers_links && (links > 0 || !asked.website.is_empty()))) {
            return Some(("newcomer", asked.approved.to_string()));
        }
        let letters = asked.body.chars().filter(|c| c.is_alphabetic()).count();
        let script = Script::of(&body);
        let spoken = rules.languages.iter().any(|lang| {
            script
                == match lang {
                    Lang::Ar => Script::Arabic,
                    Lang::En => Script::Latin,
                }
        });
        (!rules.languages.is_empty() && letters >= LETTERS && !spoken).then(|| ("language", String::new()))
    }
}

fn each<T>(name: &str, rules: &[Rule], code: FieldCode, faults: &mut Vec<FieldError>, read: impl Fn(&str) -> Option<T>) -> Vec<(T, Rule)> {
    let mut made = Vec::with_capacity(rules.len());
    for (at, rule) in rules.iter().enumerate() {
        match read(&rule.fits) {
            Some(value) => made.push((value, rule.clone())),
            None => faults.push(FieldError::new(&format!("/{name}/{at}/match"), code)),
        }
    }
    made
}

/// The engine needs time in proportion to the text, whatever the pattern; its memory is bounded here.
fn pattern(text: &str) -> Option<Regex> {
    let fits = !text.trim().is_empty() && text.len() <= PATTERN_BYTES;
    fits.then(|| RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE).nest_limit(50).build().ok())?
}

/// An address with stars, in lower case.
fn wildcard(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let plain = (3..=254).contains(&text.len()) && text.contains('@') && text.chars().any(|c| c.is_ascii_alphanumeric());
    (plain && !text.chars().any(char::is_whitespace)).then_some(text)
}

/// Whether a text is like a wildcard, where `*` stands for anything.
fn is_like(wildcard: &str, text: &str) -> bool {
    let mut parts = wildcard.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl Lines {
    fn of(list: &str, pointer: &str, faults: &mut Vec<FieldError>) -> Option<Self> {
        let (mut lines, mut networks) = (Vec::new(), Vec::new());
        for line in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if is_network(line) {
                networks.push((line.to_owned(), Network::parse(line)));
                continue;
            }
            let folded = clean::comparable(line).trim().to_owned();
            if !folded.is_empty() {
                let of_words = folded.chars().all(|c| c.is_alphanumeric() || c == ' ');
                lines.push((folded, of_words));
            }
        }
        match AhoCorasick::new(lines.iter().map(|(line, _)| line)) {
            Ok(automaton) => Some(Self { automaton, lines, networks }),
            Err(_) => {
                faults.push(FieldError { pointer: pointer.into(), code: FieldCode::TooMany, limit: Some(LINES as u32) });
                None
            }
        }
    }

    fn find(&self, folded: &str, address: Option<IpAddr>) -> Option<&str> {
        if let Some(address) = address {
            let text = address.to_canonical().to_string();
            let fits = |(line, network): &&(String, Option<Network>)| network.map_or_else(|| text.starts_with(line.as_str()), |n| n.contains(address));
            if let Some((line, _)) = self.networks.iter().find(fits) {
                return Some(line);
            }
        }
        let found = self.automaton.find_overlapping_iter(folded).find_map(|found| {
            let (line, of_words) = self.lines.get(found.pattern().as_usize())?;
            (!of_words || is_whole(folded, found.start(), found.end())).then_some(line)
        });
        found.map(String::as_str)
    }
}

/// `192.0.2.`, `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
fn is_network(line: &str) -> bool {
    let prefix = line.ends_with('.') && line.bytes().all(|b| b.is_ascii_digit() || b == b'.') && line.bytes().filter(|b| *b == b'.').count() <= 3;
    prefix || Network::parse(line).is_some()
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fits(rules: &Rules, body: &str) -> Option<(Action, &'static str, String)> {
        let asked = Asked { name: "Omar", mail: "omar@Mail.example", website: "", body, address: "192.0.2.7".parse().ok(), approved: 0 };
        Compiled::of(rules.clone()).unwrap().fits(&asked).map(|hit| (hit.action, hit.rule, hit.line))
    }

    fn keys(list: &str) -> Rules {
        Rules { disallowed_keys: list.into(), ..Rules::default() }
    }

    #[test]
    fn words_match_whole_and_the_rest_anywhere() {
        for (list, body, right) in [
            ("press", "WordPress is an express train", false),
            ("press", "the Press!", true),
            ("الربح", "كيفية الـرِّبـح من هنا", true),
            ("ربح", "المربح", false),
            ("cheap pills", "buy CHEAP pills.", true),
            ("shop.test/", "see https://shop.test/a", true),
            ("@mail.example", "hello", true),
            ("192.0.2.", "hello", true),
            ("192.0.0.0/16", "hello", true),
            ("198.51.100.", "hello", false),
            ("\n  \r\n", "hello", false),
        ] {
            assert_eq!(fits(&keys(list), body).is_some(), right, "{list} in {body}");
        }
    }

    #[test]
    fn wildcards_patterns_and_numbers() {
        let mail = |fits: &str| Rules { mails: vec![Rule { fits: fits.into(), action: Action::Hold }], ..Rules::default() };
        assert!(fits(&mail("*@mail.example"), "x").is_some() && fits(&mail("o*@*.example"), "x").is_some());
        assert!(fits(&mail("*@other.example"), "x").is_none());
        let patterns = Rules { patterns: vec![Rule { fits: r"\bcash\d+".into(), action: Action::Spam }], ..Rules::default() };
        assert_eq!(fits(&patterns, "CASH77 now").map(|f| (f.0, f.1)), Some((Action::Spam, "pattern")));
        assert_eq!(fits(&Rules::default(), "https://a.test https://b.test").map(|f| f.1), Some("links"));
        assert!(fits(&Rules { max_links: 0, ..Rules::default() }, "https://a.test https://b.test").is_none());
        let arabic = Rules { languages: vec![Lang::Ar], ..Rules::default() };
        assert_eq!(fits(&arabic, "a long enough text in another language").map(|f| f.1), Some("language"));
        assert!(fits(&arabic, "نص عربي طويل بما يكفي هنا").is_none());
    }

    #[test]
    fn what_cannot_be_read_is_refused_at_its_line() {
        let patterns = ["fine", "(", "(a{1000}){1000}", ""].map(|fits| Rule { fits: fits.into(), ..Rule::default() }).to_vec();
        let networks = vec![Rule { fits: "192.0.2.0/99".into(), ..Rule::default() }];
        let faults = Compiled::of(Rules { patterns, networks, ..Rules::default() }).unwrap_err();
        let at: Vec<&str> = faults.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(at, ["/patterns/1/match", "/patterns/2/match", "/patterns/3/match", "/networks/0/match"]);
        assert_eq!(Compiled::of(keys(&"a\n".repeat(LINES + 1))).unwrap_err()[0].code, FieldCode::TooMany);
    }

    #[test]
    fn a_hundred_thousand_words_are_one_automaton() {
        let list: String = (0..100_000).map(|n| format!("word{n}\n")).collect();
        let compiled = Compiled::of(keys(&list)).unwrap();
        let asked = |body| Asked { name: "", mail: "", website: "", body, address: None, approved: 0 };
        assert!(compiled.fits(&asked("here is word99999 now")).is_some());
        assert!(compiled.fits(&asked("here is word100001 now")).is_none());
    }

    proptest! {
        #[test]
        fn any_list_is_read_or_refused(list in "(?s).{0,200}", pattern in ".{0,40}", body in ".{0,100}") {
            let rules = Rules { moderation_keys: list, patterns: vec![Rule { fits: pattern, ..Rule::default() }], ..Rules::default() };
            if let Ok(compiled) = Compiled::of(rules) {
                let asked = Asked { name: &body, mail: "", website: "", body: &body, address: None, approved: 1 };
                let once = compiled.fits(&asked);
                prop_assert_eq!(once, compiled.fits(&asked));
            }
        }
    }
}
