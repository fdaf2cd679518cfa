//! What is searched for, and where it stands in a text.
//!
//! Texts are kept folded, so a word finds its spellings. Arabic writes the
//! article and short words onto the word, and its plural behind it: so a word
//! that is searched for stands for all its forms with the affixes that the
//! "light 10" stemmer takes off (Larkey, Ballesteros, Connell 2007), written
//! out: the texts themselves are kept as they are.

use super::{
    fold::{fold, is_invisible, is_mark},
    plain,
};
use jiwar_wire::{input::longer_than, limits};
use std::collections::{BTreeSet, HashSet};

/// What is taken off the front of a word that is searched for, the longest first.
const ARTICLES: [&str; 7] = ["وال", "بال", "كال", "فال", "لل", "ال", "و"];
/// What may stand before a word that is found.
const BEFORE: [&str; 13] = ["", "و", "ف", "ب", "ك", "ل", "ال", "وال", "فال", "بال", "كال", "لل", "ولل"];
/// What is taken off its end, and what may stand behind a word that is found.
const BEHIND: [&str; 9] = ["", "ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];
/// Letters that must be left of a word.
const STEM: usize = 3;
/// Letters of a snippet, and how many of them stand before what was found.
const SNIPPET: usize = 200;
const LEAD: usize = 60;

/// One form of a word, folded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Form {
    Exact(String),
    /// The beginning of a word.
    Prefix(String),
    /// Words one after another.
    Phrase(Vec<String>),
}

/// All of these must be found, each in one of its forms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query(Vec<Vec<Form>>);

/// Why there is nothing to search for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoQuery {
    Empty,
    TooLong,
    TooManyWords,
}

impl Query {
    /// Words, of which all must be found; of the last one the beginning is enough. What stands
    /// between quotation marks must be found as it stands. Whatever else there is, is no part of it.
    pub fn parse(text: &str) -> Result<Self, NoQuery> {
        if text.len() > limits::QUERY_GRAPHEMES * 16 || longer_than(text, limits::QUERY_GRAPHEMES) {
            return Err(NoQuery::TooLong);
        }
        let parts: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»']).collect();
        let (mut words, mut count) = (Vec::new(), 0);
        for (at, part) in parts.iter().enumerate() {
            let tokens = tokens(&fold(part));
            count += tokens.len();
            // A mark that is not closed opens nothing.
            let (quoted, last) = (at % 2 == 1 && at + 1 < parts.len(), at + 1 == parts.len());
            match tokens.len() {
                0 => {}
                n if quoted && n > 1 => words.push(vec![Form::Phrase(tokens)]),
                _ if quoted => words.extend(tokens.into_iter().map(|token| vec![Form::Exact(token)])),
                n => words.extend(tokens.iter().enumerate().map(|(i, token)| forms(token, last && i + 1 == n))),
            }
        }
        match count {
            0 => Err(NoQuery::Empty),
            n if n > limits::QUERY_WORDS => Err(NoQuery::TooManyWords),
            _ => Ok(Self(words)),
        }
    }

    /// The words, each in its forms.
    pub fn words(&self) -> &[Vec<Form>] {
        &self.0
    }
}

/// The words of a folded text: letters and digits.
fn tokens(folded: &str) -> Vec<String> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

fn is_arabic(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}'))
}

fn forms(word: &str, unfinished: bool) -> Vec<Form> {
    let mut forms = BTreeSet::from([Form::Exact(word.to_owned())]);
    let long_enough = |rest: &&str| letters(rest) >= STEM;
    if !is_arabic(word) {
        if unfinished && letters(word) >= STEM {
            forms.insert(Form::Prefix(word.to_owned()));
        }
        return forms.into_iter().collect();
    }
    let bare = ARTICLES.iter().find_map(|article| word.strip_prefix(article).filter(long_enough)).unwrap_or(word);
    let stem = BEHIND.iter().skip(1).find_map(|ending| bare.strip_suffix(ending).filter(long_enough)).unwrap_or(bare);
    if letters(stem) >= STEM {
        forms.extend(BEFORE.iter().flat_map(|before| BEHIND.iter().map(move |behind| Form::Exact(format!("{before}{stem}{behind}")))));
        forms.extend(BEFORE.iter().map(|before| Form::Exact(format!("{before}{bare}"))));
    }
    if unfinished && letters(bare) >= STEM {
        forms.extend(BEFORE.iter().map(|before| Form::Prefix(format!("{before}{bare}"))));
        forms.insert(Form::Prefix(word.to_owned()));
    }
    forms.into_iter().collect()
}

/// A word of a text as written, and as it is found.
struct Word<'a> {
    start: usize,
    text: &'a str,
    folded: Vec<String>,
}

/// The part of a comment around the first word that was found, as HTML: what was found stands
/// in `<mark>`, and there is no other element.
pub fn snippet(html: &str, query: &Query) -> String {
    let text = plain::text(html);
    let words = words_of(&text);
    let hits = hits(&words, query);
    let first = hits.iter().position(|hit| *hit).and_then(|at| words.get(at)).map_or(0, |w| w.start);
    let before = text.get(..first).unwrap_or_default();
    let start = before.char_indices().rev().nth(LEAD).map_or(0, |(at, _)| before[at..].find(char::is_whitespace).map_or(first, |gap| at + gap));
    let shown = text.get(start..).unwrap_or_default();
    let end = shown.char_indices().nth(SNIPPET).map_or(text.len(), |(at, _)| start + at);
    let mut out = String::from(if start > 0 { "…" } else { "" });
    let mut at = start;
    for (word, hit) in words.iter().zip(hits) {
        let stop = word.start + word.text.len();
        if word.start < start || !hit {
            continue;
        }
        if stop > end {
            break;
        }
        escape(text.get(at..word.start).unwrap_or_default(), &mut out);
        out.push_str("<mark>");
        escape(word.text, &mut out);
        out.push_str("</mark>");
        at = stop;
    }
    escape(text.get(at..end).unwrap_or_default(), &mut out);
    if end < text.len() {
        out.push('…');
    }
    out
}

/// Words with their signs: a vowel sign or a joiner within a word is part of it.
fn words_of(text: &str) -> Vec<Word<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || is_mark(c) || (is_invisible(c) && !c.is_control());
    let (mut words, mut rest, mut at) = (Vec::new(), text, 0);
    while let Some(begin) = rest.find(is_part) {
        let tail = rest.get(begin..).unwrap_or_default();
        let word = tail.get(..tail.find(|c| !is_part(c)).unwrap_or(tail.len())).unwrap_or_default();
        words.push(Word { start: at + begin, text: word, folded: tokens(&fold(word)) });
        let end = begin + word.len();
        rest = rest.get(end..).unwrap_or_default();
        at += end;
    }
    words
}

/// Which of the words were searched for.
fn hits(words: &[Word<'_>], query: &Query) -> Vec<bool> {
    let forms = || query.words().iter().flatten();
    let exact: HashSet<&str> = forms().filter_map(|form| if let Form::Exact(word) = form { Some(word.as_str()) } else { None }).collect();
    let starts: Vec<&str> = forms().filter_map(|form| if let Form::Prefix(start) = form { Some(start.as_str()) } else { None }).collect();
    let is_hit = |word: &Word<'_>| word.folded.iter().any(|piece| exact.contains(piece.as_str()) || starts.iter().any(|start| piece.starts_with(start)));
    let mut hits: Vec<bool> = words.iter().map(is_hit).collect();
    for form in forms() {
        let Form::Phrase(phrase) = form else { continue };
        for (at, window) in words.windows(phrase.len()).enumerate() {
            if window.iter().zip(phrase).all(|(word, wanted)| word.folded.first() == Some(wanted)) {
                hits.iter_mut().skip(at).take(phrase.len()).for_each(|hit| *hit = true);
            }
        }
    }
    hits
}

/// Text in HTML, on one line.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(query: &str, word: &str) -> bool {
        let query = Query::parse(query).unwrap();
        !hits(&words_of(word), &query).iter().all(|hit| !hit)
    }

    #[test]
    fn a_word_finds_its_spellings_and_its_forms() {
        for (query, word) in [
            ("الجِوار", "الجوار"),
            ("الجوار", "جِوارُ"),
            ("جوار", "والجوار"),
            ("جوار", "للجوار"),
            ("جوار", "بالجوار"),
            ("جوار", "وجوار"),
            ("المدوّنة", "المدونة"),
            ("المدونة", "مدونات"),
            ("مدونات", "المدوّنة"),
            ("مسلم", "المسلمين"),
            ("٢٠٢٥", "2025"),
            ("2025", "٢٠٢٥"),
            ("مجتمع", "مـــجتمع"),
            ("STRASSE", "Straße"),
            ("neigh", "Neighbours"),
            ("مدو", "المدونة"),
        ] {
            assert!(finds(query, word), "{query} should find {word}");
        }
        for (query, word) in [("neigh bour", "neighing"), ("ولد", "الدار"), ("من", "منزل"), ("\"جوار\"", "الجوار"), ("cat", "concatenate")]
        {
            assert!(!finds(query, word), "{query} should not find {word}");
        }
    }

    #[test]
    fn queries_are_bounded_and_operators_are_nothing() {
        assert_eq!(Query::parse(" \"'\" AND* -- \0()"), Query::parse("and"));
        for empty in ["", "   ", "\0", "\"\"", "* ( ) - \" : ^", "ـــ", "💬"] {
            assert_eq!(Query::parse(empty), Err(NoQuery::Empty), "{empty:?}");
        }
        assert_eq!(Query::parse(&"x".repeat(10_000)), Err(NoQuery::TooLong));
        assert_eq!(Query::parse("1 2 3 4 5 6 7 8 9"), Err(NoQuery::TooManyWords));
        assert_eq!(Query::parse("\"two words").unwrap().words().len(), 2);
        assert_eq!(Query::parse("\"two words\"").unwrap().words(), [vec![Form::Phrase(vec!["two".into(), "words".into()])]]);
    }

    #[test]
    fn what_is_found_is_marked_in_its_own_spelling() {
        let query = Query::parse("جوار \"big house\"").unwrap();
        assert_eq!(
            snippet("<p>أهلاً يا <b>بـالجِوارِ</b> &amp; the <em>Big</em> house, a big hut &lt;x&gt;</p>", &query),
            "أهلاً يا <mark>بـالجِوارِ</mark> &amp; the <mark>Big</mark> <mark>house</mark>, a big hut &lt;x&gt;"
        );
        let long = format!("<p>{} needle {}</p>", "hay ".repeat(200), "straw ".repeat(200));
        let found = snippet(&long, &Query::parse("needle").unwrap());
        assert!(found.starts_with("… hay") && found.contains("<mark>needle</mark>") && found.ends_with('…') && letters(&found) < 250, "{found}");
    }

    proptest! {
        #[test]
        fn any_query_and_any_text_are_safe(query in "\\PC{0,60}", text in "\\PC{0,200}") {
            if let Ok(query) = Query::parse(&query) {
                let all_plain = query.words().iter().flatten().all(|form| match form {
                    Form::Exact(word) | Form::Prefix(word) => word.chars().all(char::is_alphanumeric),
                    Form::Phrase(words) => words.iter().all(|word| word.chars().all(char::is_alphanumeric)),
                });
                prop_assert!(all_plain);
                let mut html = String::new();
                escape(&text, &mut html);
                let marked = snippet(&html, &query);
                let bare = marked.replace("<mark>", "").replace("</mark>", "");
                prop_assert!(!bare.contains(['<', '>']), "{}", marked);
            }
        }
    }
}
