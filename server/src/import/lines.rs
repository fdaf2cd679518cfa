//! JSON lines, each of bounded length. A byte order mark, CR LF and empty
//! lines do no harm.

use super::{Unreadable, text::TextReader};
use std::io::BufRead;

/// A line, in bytes.
const LINE: u64 = 4 << 20;

pub struct Lines {
    text: TextReader,
    buffer: Vec<u8>,
    number: u64,
}

impl Lines {
    pub fn new(raw: Box<dyn std::io::Read + Send>) -> Result<Self, Unreadable> {
        Ok(Self { text: TextReader::new(raw, LINE)?, buffer: Vec::new(), number: 0 })
    }

    /// The number of the line that was read last, from 1.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not empty, without white space around it.
    pub fn next_line(&mut self) -> Result<Option<&str>, Unreadable> {
        loop {
            self.buffer.clear();
            self.text.begin_token();
            if self.text.read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        // The reader hands out UTF-8 only.
        Ok(Some(std::str::from_utf8(&self.buffer).unwrap_or_default().trim()))
    }

    /// Reads a line as JSON.
    pub fn parse<'a, T: serde::Deserialize<'a>>(line: &'a str, number: u64) -> Result<T, Unreadable> {
        serde_json::from_str(line).map_err(|e| {
            if e.is_eof() {
                return Unreadable::CutShort(format!("line {number} ends in the middle"));
            }
            let what = e.to_string();
            Unreadable::Line(number, format!("this is not as it should be: {}", what.split(" at line ").next().unwrap_or(&what)))
        })
    }
}
