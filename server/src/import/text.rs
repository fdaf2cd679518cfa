//! Any encoding as clean UTF-8, in a stream.
//!
//! Bytes that are wrong in their encoding become U+FFFD; control characters
//! that XML 1.0 forbids (2.2) are taken out, since WordPress writes them.

use super::Unreadable;
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, Read};

/// Bytes read at a time, and looked at to find out the encoding.
const CHUNK: usize = 32 * 1024;

/// Text as UTF-8, with the number of the line that is being read.
pub struct TextReader {
    raw: Box<dyn Read + Send>,
    decoder: Decoder,
    chunk: Vec<u8>,
    /// What `chunk` holds before the first reading.
    ahead: usize,
    /// Decoded text; what is to be handed out is `out[at..end]`.
    out: Vec<u8>,
    at: usize,
    end: usize,
    ended: bool,
    lines: u64,
    /// Bytes handed out since `begin_token`.
    token: u64,
    token_limit: u64,
}

impl TextReader {
    /// Finds out the encoding from the first bytes: a byte order mark, the
    /// pattern of UTF-16, or what an XML declaration says. Else it is UTF-8.
    pub fn new(mut raw: Box<dyn Read + Send>, token_limit: u64) -> Result<Self, Unreadable> {
        let mut chunk = vec![0; CHUNK];
        let mut ahead = 0;
        while let Some(rest) = chunk.get_mut(ahead..).filter(|r| !r.is_empty()) {
            match raw.read(rest) {
                Ok(0) => break,
                Ok(n) => ahead += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        if ahead == 0 {
            return Err(Unreadable::Empty);
        }
        let encoding = encoding_of(chunk.get(..ahead).unwrap_or_default())?;
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Self { raw, decoder, chunk, ahead, out: Vec::new(), at: 0, end: 0, ended: false, lines: 1, token: 0, token_limit })
    }

    /// The line that is being read, from 1.
    pub const fn line(&self) -> u64 {
        self.lines
    }

    /// A new piece of text begins: it may be `token_limit` bytes long.
    pub const fn begin_token(&mut self) {
        self.token = 0;
    }

    /// Decodes the next chunk into `out`. Leaves it empty at the end only.
    fn refill(&mut self) -> io::Result<()> {
        (self.at, self.end) = (0, 0);
        while self.end == 0 && !self.ended {
            let got = match std::mem::take(&mut self.ahead) {
                0 => match self.raw.read(&mut self.chunk) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                    other => other?,
                },
                ahead => ahead,
            };
            self.ended = got == 0;
            let bytes = self.chunk.get(..got).unwrap_or_default();
            let room = self.decoder.max_utf8_buffer_length(got).unwrap_or(CHUNK * 4);
            self.out.resize(room.max(self.out.len()), 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.out, self.ended);
            self.end = self.drop_forbidden(written);
        }
        Ok(())
    }

    /// Takes out what XML forbids of the first `written` bytes; says how many are left.
    fn drop_forbidden(&mut self, written: usize) -> usize {
        let forbidden = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r');
        if !self.out.iter().take(written).any(forbidden) {
            return written;
        }
        let mut kept = std::mem::take(&mut self.out);
        kept.truncate(written);
        kept.retain(|b| !forbidden(b));
        self.out = kept;
        self.out.len()
    }
}

impl Read for TextReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for TextReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.token > self.token_limit {
            return Err(Unreadable::TooLong(self.lines, self.token_limit >> 20).into_io());
        }
        if self.at >= self.end {
            self.refill()?;
        }
        Ok(self.out.get(self.at..self.end).unwrap_or_default())
    }

    fn consume(&mut self, n: usize) {
        let end = (self.at + n).min(self.end);
        let taken = self.out.get(self.at..end).unwrap_or_default();
        if taken.contains(&b'\n') {
            self.lines += taken.iter().filter(|b| **b == b'\n').count() as u64;
        }
        self.token += taken.len() as u64;
        self.at = end;
    }
}

fn encoding_of(start: &[u8]) -> Result<&'static Encoding, Unreadable> {
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        return Ok(encoding);
    }
    match start {
        [0, b'<' | b'{', ..] => return Ok(UTF_16BE),
        [b'<' | b'{', 0, ..] => return Ok(UTF_16LE),
        _ => {}
    }
    let Some(label) = declared(start) else { return Ok(UTF_8) };
    match Encoding::for_label(label.as_bytes()) {
        // It says UTF-16 in letters of one byte each: it is not.
        Some(e) if e == UTF_16LE || e == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(Unreadable::Encoding(label)),
    }
}

/// The encoding in `<?xml … encoding="…"?>`, when that stands near the start.
fn declared(start: &[u8]) -> Option<String> {
    let head: String = start.iter().take(2048).map(|b| if b.is_ascii() { char::from(*b) } else { ' ' }).collect();
    let (_, rest) = head.split_once("<?xml")?;
    let (declaration, _) = rest.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|q| matches!(q, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(|label| label.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        TextReader::new(Box::new(Cursor::new(bytes.to_vec())), 1 << 20).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn encodings() {
        assert_eq!(read("\u{feff}سلام".as_bytes()), "سلام");
        let utf16: Vec<u8> = [0xfeff].into_iter().chain("<a>سلام 🌿".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16), "<a>سلام 🌿");
        let bare: Vec<u8> = "<a>سلام".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&bare), "<a>سلام");
        let (arabic, _, _) = encoding_rs::WINDOWS_1256.encode("<?xml version='1.0' encoding='windows-1256'?>سلام");
        assert!(read(&arabic).ends_with("سلام"));
        assert_eq!(read(b"<?xml encoding=\"utf-16\"?>a"), "<?xml encoding=\"utf-16\"?>a");
        let unknown = TextReader::new(Box::new(Cursor::new(b"<?xml encoding=\"klingon\"?>".to_vec())), 9);
        assert_eq!(unknown.err(), Some(Unreadable::Encoding("klingon".into())));
    }

    #[test]
    fn letters_across_chunks_stay_whole_and_wrong_bytes_show() {
        let long = format!("x{}", "م".repeat(CHUNK));
        assert_eq!(read(long.as_bytes()), long);
        assert_eq!(read(b"a\xff\xc3b\x00\x0bc\td"), "a\u{fffd}\u{fffd}bc\td");
    }

    #[test]
    fn a_token_without_end_is_refused() {
        let mut reader = TextReader::new(Box::new(io::repeat(b' ')), 1 << 20).unwrap();
        let error = io::copy(&mut reader, &mut io::sink()).unwrap_err();
        assert_eq!(Unreadable::from_io(&error), Unreadable::TooLong(1, 1));
    }
}
