//! Labelled comments in a table: tabs between columns, a header with `label`
//! and `text`. Read leniently: quoted fields, CRLF, a byte order mark, `\n`
//! written out, HTML in the text, and a table without a header are accepted.

/// One labelled comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub spam: bool,
    pub text: String,
    /// The column `video`, `kind` or `group`, else empty: to hold whole groups out.
    pub group: String,
}

/// A table that cannot be read: the line (from 1) and what is wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {wrong}")]
pub struct Unreadable {
    pub line: usize,
    pub wrong: &'static str,
}

/// Reads a whole table, in its order.
pub fn read(table: &str) -> Result<Vec<Row>, Unreadable> {
    let mut records = records(table.trim_start_matches('\u{FEFF}')).peekable();
    let Some((_, first)) = records.peek() else { return Ok(Vec::new()) };
    let columns = match Columns::named(first) {
        Some(columns) => {
            records.next();
            columns
        }
        None if first.first().is_some_and(|cell| label(cell).is_some()) => Columns { label: 0, text: first.len().saturating_sub(1), group: None },
        None => return Err(Unreadable { line: 1, wrong: "the header must hold `label` and `text`" }),
    };
    records.map(|(line, cells)| columns.row(&cells).map_err(|wrong| Unreadable { line, wrong })).collect()
}

/// `1`, `spam`, `0`, `ham`.
fn label(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "1" | "1.0" | "spam" | "true" => Some(true),
        "0" | "0.0" | "ham" | "false" => Some(false),
        _ => None,
    }
}

struct Columns {
    label: usize,
    text: usize,
    group: Option<usize>,
}

impl Columns {
    fn named(header: &[String]) -> Option<Self> {
        let find = |names: &[&str]| header.iter().position(|cell| names.iter().any(|name| cell.trim().eq_ignore_ascii_case(name)));
        Some(Self { label: find(&["label", "class"])?, text: find(&["text", "content", "comment"])?, group: find(&["video", "kind", "group"]) })
    }

    fn row(&self, cells: &[String]) -> Result<Row, &'static str> {
        let spam = cells.get(self.label).and_then(|cell| label(cell)).ok_or("the label must be 1, 0, spam or ham")?;
        let text = cells.get(self.text).map(String::as_str).unwrap_or("");
        let group = self.group.and_then(|at| cells.get(at)).cloned().unwrap_or_default();
        Ok(Row { spam, text: written_out(text), group })
    }
}

/// `\n`, `\t` and `\\` as two characters become one.
fn written_out(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = match (c, chars.peek()) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('\\')) => Some('\\'),
            _ => None,
        };
        if escaped.is_some() {
            chars.next();
        }
        out.push(escaped.unwrap_or(c));
    }
    out
}

/// Records with the line each begins on; empty lines are passed over.
fn records(table: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    let mut rest = table;
    let mut line = 1;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let before = rest;
            let cells = record(&mut rest);
            let begins = line;
            line += before.get(..before.len() - rest.len()).unwrap_or("").matches('\n').count();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some((begins, cells));
            }
        }
    })
}

fn record(rest: &mut &str) -> Vec<String> {
    let mut cells = Vec::new();
    loop {
        let (cell, tail) = quoted(rest).unwrap_or_else(|| bare(rest));
        cells.push(cell);
        *rest = tail;
        match rest.strip_prefix('\t') {
            Some(tail) => *rest = tail,
            None => {
                *rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest);
                return cells;
            }
        }
    }
}

fn bare(text: &str) -> (String, &str) {
    let end = text.find(['\t', '\n']).unwrap_or(text.len());
    let (cell, tail) = text.split_at(end);
    // A carriage return belongs to the line's end.
    match cell.strip_suffix('\r') {
        Some(cell) if !tail.starts_with('\t') => (cell.to_owned(), tail),
        _ => (cell.to_owned(), tail),
    }
}

/// A field in double quotes, inner quotes doubled (RFC 4180). None when the
/// quote is only the first sign of a text, as in a comment that begins with a quotation.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut at = 0;
    loop {
        let tail = inner.get(at..)?;
        let end = tail.find('"')?;
        let part = tail.get(..end)?;
        // A line that begins like a record means that the quote was never closed.
        if part.lines().skip(1).any(|line| line.split_once('\t').is_some_and(|(cell, _)| label(cell).is_some())) {
            return None;
        }
        out.push_str(part);
        let after = tail.get(end + 1..)?;
        if after.starts_with('"') {
            out.push('"');
            at += end + 2;
        } else if after.is_empty() || after.starts_with(['\t', '\n']) || after.starts_with("\r\n") {
            return Some((out, after));
        } else {
            return None;
        }
    }
}
