//! What the learner sees of a comment: a set of hashed features.
//!
//! Words, word pairs, character 4-grams, stems, word classes and a few coarse
//! facts, all of the folded text. Each script has its own numbers.

use super::{
    clean,
    lexicon::{self, Class},
    links::{self, Link},
    number::mix,
    reading::Reading,
    sample::Sample,
    script::{Script, is_word},
    tricks,
};
use std::collections::{BTreeSet, HashMap};

/// Bits of a feature's number: about a million, so that collisions are rare
/// among the tens of thousands that a blog ever learns.
pub const BITS: u32 = 20;

/// Beyond this many features a comment says nothing new. A power of two.
const MOST: usize = 8_192;

/// The kinds of features. The discriminant is part of the hash: never renumber.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Family {
    Word = 1,
    Pair = 2,
    Gram = 3,
    Fact = 4,
    Class = 5,
    ClassPair = 6,
    Link = 7,
    Stem = 8,
    Name = 9,
}

/// A character 4-gram counts half of a word: there are many, and they overlap.
const GRAM: f32 = 1.0;
const WORD: f32 = 2.0;

/// The features of one comment, each once, and the scale that makes their length 1.
#[derive(Clone, Debug)]
pub struct Features {
    pub script: Script,
    /// Number and value, in the order of reading.
    pub items: Vec<(u32, f32)>,
}

impl Features {
    pub fn of(reading: &Reading) -> Self {
        let mut sink = Set::new(reading.folded.len() + reading.sample.name.len());
        read(reading, &mut sink);
        sink.finish(reading.script)
    }

    /// What the given features stand for: a second reading that keeps only their names.
    pub fn names(reading: &Reading, wanted: &[u32]) -> HashMap<u32, String> {
        let mut sink = Names { wanted, found: HashMap::new() };
        read(reading, &mut sink);
        sink.found
    }
}

fn read(reading: &Reading, sink: &mut impl Sink) {
    let mut sink = Scripted { script: reading.script, sink };
    // In a script of which we know little, what looks like a trick may be its way of writing.
    if reading.script != Script::Other {
        for trick in &reading.tricks {
            sink.put(Family::Fact, "trick", trick.as_str());
        }
    }
    read_name(reading.sample, &mut sink);
    read_text(reading, &mut sink);
}

/// Takes features as they are found.
trait Sink {
    fn take(&mut self, id: u32, family: Family, a: &str, b: &str);
    /// True when nothing more is wanted.
    fn is_full(&self) -> bool;
}

/// A sink, and the script whose numbers are used.
struct Scripted<'a, S> {
    script: Script,
    sink: &'a mut S,
}

impl<S: Sink> Scripted<'_, S> {
    fn put(&mut self, family: Family, a: &str, b: &str) {
        if !self.sink.is_full() {
            self.sink.take(number(self.script, family, a, b), family, a, b);
        }
    }
}

/// Keeps each number once: a small open-addressed table, faster than sorting.
struct Set {
    items: Vec<(u32, f32)>,
    /// Number plus one; 0 is free.
    table: Vec<u32>,
    square: f32,
}

impl Set {
    fn new(bytes: usize) -> Self {
        let size = (bytes * 4 + 512).next_power_of_two().min(MOST * 4);
        Self { items: Vec::with_capacity(size / 4), table: vec![0; size], square: 0.0 }
    }

    fn finish(mut self, script: Script) -> Features {
        let length = self.square.max(1.0).sqrt();
        for item in &mut self.items {
            item.1 /= length;
        }
        Features { script, items: self.items }
    }
}

impl Sink for Set {
    fn take(&mut self, id: u32, family: Family, _: &str, _: &str) {
        let mask = self.table.len() - 1;
        let mut at = id as usize & mask;
        while let Some(slot) = self.table.get_mut(at) {
            if *slot == 0 {
                *slot = id + 1;
                let value = if family == Family::Gram { GRAM } else { WORD };
                self.items.push((id, value));
                self.square += value * value;
                return;
            }
            if *slot == id + 1 {
                return;
            }
            at = (at + 1) & mask;
        }
    }

    fn is_full(&self) -> bool {
        self.items.len() * 2 >= self.table.len()
    }
}

/// Remembers the names of a few numbers.
struct Names<'a> {
    wanted: &'a [u32],
    found: HashMap<u32, String>,
}

impl Sink for Names<'_> {
    fn take(&mut self, id: u32, family: Family, a: &str, b: &str) {
        if self.wanted.contains(&id) {
            self.found.entry(id).or_insert_with(|| title(family, a, b));
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() == self.wanted.len()
    }
}

/// A hash of script, family and words: the same on every machine, without a seed.
fn number(script: Script, family: Family, a: &str, b: &str) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ ((script.index() as u64) << 8 | family as u64);
    hash = absorb(hash, a.as_bytes());
    if !b.is_empty() {
        hash = absorb(hash ^ 0x1f, b.as_bytes());
    }
    (mix(hash) & ((1 << BITS) - 1)) as u32
}

/// Eight bytes at a time, little endian, the last ones padded with zeros and their number.
fn absorb(mut hash: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = mix(hash ^ u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    mix(hash ^ u64::from_le_bytes(last) ^ ((rest.len() as u64) << 60))
}

fn title(family: Family, a: &str, b: &str) -> String {
    match family {
        Family::Word => a.to_owned(),
        Family::Pair => format!("{a} {b}"),
        Family::Gram => format!("…{a}…"),
        Family::Fact => format!("[{a}: {b}]"),
        Family::Class if b.is_empty() => format!("[{a}]"),
        Family::Class => format!("[{a} & {b}]"),
        Family::ClassPair => format!("[{a}+{b}]"),
        Family::Link => format!("[link {a}{b}]"),
        Family::Stem => format!("{a}~"),
        Family::Name => format!("[name {a}{b}]"),
    }
}

/// What is counted while the words are read.
#[derive(Default)]
struct Counts {
    links: usize,
    words: usize,
    phones: usize,
}

fn read_text(reading: &Reading, sink: &mut Scripted<impl Sink>) {
    let folded = reading.folded.as_str();
    let mut tokens: Vec<&str> = Vec::with_capacity(128);
    let mut body = String::with_capacity(folded.len() + 2);
    let mut counts = Counts::default();
    for piece in folded.split_whitespace() {
        if let Some(link) = Link::read(piece) {
            counts.links += 1;
            read_link(&link, sink);
            tokens.push("<link>");
            body.push_str(" <link>");
        } else {
            body.push(' ');
            body.push_str(piece);
            read_piece(piece, &mut tokens, &mut counts);
        }
    }
    body.push(' ');
    read_classes(&tokens, sink);
    read_facts(&reading.plain, &counts, sink);
    for token in &tokens {
        sink.put(Family::Word, token, "");
    }
    if let Some(first) = tokens.first() {
        sink.put(Family::Pair, "^", first);
    }
    for pair in tokens.windows(2) {
        if let [a, b] = pair {
            sink.put(Family::Pair, a, b);
        }
    }
    // Last: they are the most, and explain the least.
    if !sink.sink.is_full() {
        read_grams(&body, sink);
    }
}

/// Words and markers of one piece between spaces.
fn read_piece<'a>(piece: &'a str, tokens: &mut Vec<&'a str>, counts: &mut Counts) {
    // Any of the signs below, by their bytes: most words have none.
    if piece.bytes().any(|b| matches!(b, b'@' | b'$' | b'%' | 0xaa | 0xc2 | 0xe2 | 0xef)) {
        let bare = links::trim(piece);
        if bare.split_once('@').is_some_and(|(who, domain)| !who.is_empty() && domain.contains('.')) {
            tokens.push("<mail>");
            return;
        }
        if piece.starts_with('@') && piece.len() > 2 {
            tokens.push("<handle>");
        }
        if bare.contains(['$', '€', '£', '﷼']) {
            tokens.push("<money>");
        }
        if bare.contains(['%', '٪']) {
            tokens.push("<percent>");
        }
    }
    for word in piece.split(|c: char| !(is_word(c) || c == '_' || c == '\'')).map(|w| w.trim_matches('\'')).filter(|w| !w.is_empty()) {
        counts.words += 1;
        if word.bytes().all(|b| b.is_ascii_digit()) {
            counts.phones += usize::from(word.len() >= 7);
            tokens.push(digits(word));
        } else {
            tokens.push(word);
        }
    }
}

/// A number says more by its length than by its value.
fn digits(word: &str) -> &'static str {
    match word.len() {
        1 => "<1>",
        2 => "<2>",
        3 => "<3>",
        4 if word.starts_with("19") || word.starts_with("20") => "<year>",
        4 => "<4>",
        5 | 6 => "<5>",
        _ => "<phone>",
    }
}

fn read_link(link: &Link, sink: &mut Scripted<impl Sink>) {
    sink.put(Family::Link, "", link.kind.as_str());
    if !link.host.ends_with(".example") {
        sink.put(Family::Link, "to ", link.host);
    }
    if link.is_referral() {
        sink.put(Family::Link, "", "referral");
    }
    if link.path.len() < 2 {
        sink.put(Family::Link, "", "home");
    }
}

fn read_grams(body: &str, sink: &mut Scripted<impl Sink>) {
    let starts: Vec<usize> = body.char_indices().map(|(i, _)| i).chain([body.len()]).collect();
    for window in starts.windows(5) {
        if let [from, .., to] = window
            && let Some(gram) = body.get(*from..*to)
        {
            sink.put(Family::Gram, gram, "");
        }
    }
}

fn read_classes(tokens: &[&str], sink: &mut Scripted<impl Sink>) {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut before: Option<&str> = None;
    for token in tokens {
        if !token.is_ascii() {
            for stem in lexicon::stems(token) {
                sink.put(Family::Stem, stem, "");
            }
        }
        let name = match *token {
            "<link>" => Some("link"),
            "<phone>" => Some("phone"),
            "<mail>" => Some("mail"),
            "<handle>" => Some("handle"),
            word => lexicon::class(word).map(Class::as_str),
        };
        let Some(name) = name else { continue };
        found.insert(name);
        if let Some(before) = before {
            sink.put(Family::ClassPair, before, name);
        }
        before = Some(name);
    }
    let found: Vec<&str> = found.into_iter().collect();
    for (i, a) in found.iter().enumerate() {
        sink.put(Family::Class, a, "");
        for b in found.iter().skip(i + 1) {
            sink.put(Family::Class, a, b);
        }
    }
    let selling = found.iter().filter(|name| **name != "talk").count();
    sink.put(Family::Fact, "classes", bucket(selling.min(6)));
}

fn read_facts(plain: &str, counts: &Counts, sink: &mut Scripted<impl Sink>) {
    let (mut chars, mut letters, mut capitals, mut numbers, mut shouts, mut lines, mut emoji) = (0, 0, 0, 0, 0, 0, 0);
    for c in plain.chars() {
        chars += 1;
        letters += usize::from(Script::of_letter(c).is_some());
        match c {
            // The commonest letters first; the tables of Unicode are slow.
            'a'..='z' | '\u{0620}'..='\u{064A}' | ' ' => {}
            'A'..='Z' => capitals += 1,
            '0'..='9' => numbers += 1,
            '!' => shouts += 1,
            '\n' => lines += 1,
            c => {
                capitals += usize::from(c.is_uppercase());
                numbers += usize::from(c.is_numeric());
                emoji += usize::from(tricks::is_emoji(c));
            }
        }
    }
    let mut fact = |name: &str, n: usize| sink.put(Family::Fact, name, bucket(n));
    fact("links", counts.links.min(2));
    fact("length", log2(chars));
    fact("capitals", capitals * 4 / letters.max(1));
    fact("digits", log2(numbers).min(3));
    fact("exclamations", shouts.min(3));
    fact("lines", lines.min(2));
    fact("words", log2(counts.words));
    fact("emoji", log2(emoji).min(3));
    fact("phones", counts.phones.min(2));
    if counts.links > 0 {
        fact("words beside links", log2(counts.words));
    }
}

/// The name and the website of the writer, when given: learnt per site.
fn read_name(sample: &Sample, sink: &mut Scripted<impl Sink>) {
    let name = clean::comparable(&clean::plain(sample.name));
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 1).take(8) {
        sink.put(Family::Name, word, "");
    }
    if let Some(link) = sample.website.map(str::to_lowercase).as_deref().and_then(Link::read) {
        sink.put(Family::Name, "site ", link.host);
        sink.put(Family::Link, "to ", link.host);
    }
}

fn log2(n: usize) -> usize {
    (usize::BITS - n.leading_zeros()) as usize
}

fn bucket(n: usize) -> &'static str {
    const NAMES: [&str; 16] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"];
    NAMES.get(n).copied().unwrap_or("16+")
}
