//! Elements and their text, one at a time, in bounded memory.
//!
//! Forgiving where exports are known to be sloppy (something before the first
//! `<`, values without quotes, a lone `&`), strict where it would lose
//! comments (a tag that is never closed, a file that ends early).

use super::{Unreadable, entities, text::TextReader};
use quick_xml::{
    Error, Reader,
    errors::SyntaxError,
    events::{Event, attributes::Attributes},
};
use std::io::BufRead;

/// Exports nest six deep.
const DEPTH: usize = 128;
/// Text kept of one element, in bytes: four times what a comment may have.
const KEPT: usize = 4 * jiwar_wire::limits::BODY_BYTES;

/// What comes next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// An element begins; `Xml::name` is its name.
    Open,
    /// An element ends; `Xml::name` is its name, `Xml::text` the text since the last tag.
    Close,
    End,
}

pub struct Xml {
    reader: Reader<TextReader>,
    buffer: Vec<u8>,
    /// Names of the open elements, outermost first.
    open: Vec<String>,
    /// The name of the element that began or ended last, with its prefix.
    pub name: String,
    attributes: String,
    pub text: String,
    /// Whether text was longer than what is kept.
    pub cut: bool,
    /// An element without content was announced: its end comes next.
    empty: bool,
}

impl Xml {
    pub fn new(mut text: TextReader) -> Result<Self, Unreadable> {
        skip_to_markup(&mut text)?;
        let mut reader = Reader::from_reader(text);
        reader.config_mut().allow_dangling_amp = true;
        Ok(Self { reader, buffer: Vec::new(), open: Vec::new(), name: String::new(), attributes: String::new(), text: String::new(), cut: false, empty: false })
    }

    pub fn line(&self) -> u64 {
        self.reader.get_ref().line()
    }

    /// The name of the innermost open element: after `Close`, of the one around it.
    pub fn inside(&self) -> &str {
        self.open.last().map_or("", String::as_str)
    }

    /// The name of the element around the innermost open one.
    pub fn around(&self) -> &str {
        self.open.len().checked_sub(2).and_then(|at| self.open.get(at)).map_or("", String::as_str)
    }

    /// An attribute of the element that began last.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = Attributes::html(&self.attributes, 0);
        attributes.with_checks(false);
        let found = attributes.flatten().find(|a| a.key.0 == name)?;
        Some(entities::decode(&found.value))
    }

    /// The next beginning or end of an element.
    pub fn step(&mut self) -> Result<Step, Unreadable> {
        if std::mem::take(&mut self.empty) {
            self.open.pop();
            return Ok(Step::Close);
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().begin_token();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(broken(&error, self.reader.get_ref().line(), self.open.last())),
            };
            match event {
                Event::Start(tag) => {
                    begin(&mut self.name, &mut self.attributes, tag.name().0, tag.attributes_raw());
                    return self.opened();
                }
                Event::Empty(tag) => {
                    begin(&mut self.name, &mut self.attributes, tag.name().0, tag.attributes_raw());
                    self.empty = true;
                    return self.opened();
                }
                Event::End(tag) => {
                    self.name.clear();
                    self.name.push_str(tag.name().0);
                    self.open.pop();
                    return Ok(Step::Close);
                }
                Event::Text(text) => keep(&mut self.text, &mut self.cut, &text),
                Event::CData(text) => keep(&mut self.text, &mut self.cut, &text),
                Event::GeneralRef(reference) => match entities::character(&reference) {
                    Some(c) => keep(&mut self.text, &mut self.cut, c.encode_utf8(&mut [0; 4])),
                    // As written: in HTML it may mean something.
                    None => {
                        keep(&mut self.text, &mut self.cut, "&");
                        keep(&mut self.text, &mut self.cut, &reference);
                        keep(&mut self.text, &mut self.cut, ";");
                    }
                },
                Event::DocType(doctype) => {
                    if doctype.contains('[') || doctype.contains("<!") {
                        return Err(Unreadable::Entities(self.line()));
                    }
                }
                Event::Eof => return self.ended(),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            }
        }
    }

    fn opened(&mut self) -> Result<Step, Unreadable> {
        if self.open.len() >= DEPTH {
            return Err(Unreadable::TooDeep(self.line(), DEPTH));
        }
        self.open.push(self.name.clone());
        self.text.clear();
        self.cut = false;
        Ok(Step::Open)
    }

    fn ended(&self) -> Result<Step, Unreadable> {
        match self.open.last() {
            None => Ok(Step::End),
            Some(name) => Err(Unreadable::CutShort(format!("it ends at line {}, and <{name}> is still open there", self.line()))),
        }
    }
}

fn begin(name: &mut String, attributes: &mut String, tag: &str, raw: &str) {
    name.clear();
    name.push_str(tag);
    attributes.clear();
    attributes.push_str(raw);
}

/// Drops what stands before the first `<`: blank lines, a stray letter.
fn skip_to_markup(text: &mut TextReader) -> Result<(), Unreadable> {
    let mut skipped = 0;
    loop {
        let available = text.fill_buf()?;
        if available.is_empty() || skipped > 64 * 1024 {
            return Err(Unreadable::Unknown("a text without any XML"));
        }
        let at = available.iter().position(|b| *b == b'<');
        let n = at.unwrap_or(available.len());
        text.consume(n);
        skipped += n;
        if at.is_some() {
            return Ok(());
        }
    }
}

fn keep(text: &mut String, cut: &mut bool, more: &str) {
    let room = KEPT.saturating_sub(text.len());
    if more.len() <= room {
        text.push_str(more);
    } else {
        *cut = true;
        text.push_str(more.get(..more.floor_char_boundary(room)).unwrap_or_default());
    }
}

fn broken(error: &Error, line: u64, open: Option<&String>) -> Unreadable {
    match error {
        Error::Io(error) => Unreadable::from_io(error),
        Error::Syntax(syntax) if !matches!(syntax, SyntaxError::InvalidBangMarkup) => {
            let place = open.map_or(String::new(), |name| format!(" inside <{name}>"));
            Unreadable::CutShort(format!("{syntax}{place}, line {line}"))
        }
        other => Unreadable::Xml(line, other.to_string()),
    }
}
