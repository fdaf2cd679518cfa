//! Writes well-formed HTML of bounded depth, whatever it is told.
//!
//! The readers of Markdown and of moved-in HTML tell it what opens and closes;
//! it opens elements only when there is something to put in, closes what was
//! left open, and decides the direction of each block from its letters.

use super::{
    direction::Tally,
    links::{self, Piece},
    sanitize,
};
use jiwar_wire::{Dir, input::is_bidi_control};
use std::fmt::Write;

/// Quotes and lists inside each other. The sanitiser is quadratic in depth, and nobody reads deeper.
const DEPTH: usize = 8;
/// Emphasis, links and the like inside each other.
const INLINE_DEPTH: usize = 8;

/// What holds blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Container {
    Quote,
    Bullets,
    /// With the number of its first item.
    Numbers(u32),
    Item,
}

impl Container {
    const fn name(self) -> &'static str {
        match self {
            Self::Quote => "blockquote",
            Self::Bullets => "ul",
            Self::Numbers(_) => "ol",
            Self::Item => "li",
        }
    }

    const fn is_list(self) -> bool {
        matches!(self, Self::Bullets | Self::Numbers(_))
    }
}

/// What holds words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Inline {
    Strong,
    Emphasis,
    Deleted,
    Code,
    Quotation,
    Sub,
    Sup,
    /// To an address of `links::href`; `None` for one that may not be linked to.
    Link(Option<String>),
    /// A link that shows where it leads, left to right as all addresses.
    Address(String),
}

impl Inline {
    const fn name(&self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Emphasis => "em",
            Self::Deleted => "del",
            Self::Code => "code",
            Self::Quotation => "q",
            Self::Sub => "sub",
            Self::Sup => "sup",
            Self::Link(_) | Self::Address(_) => "a",
        }
    }
}

struct OpenContainer {
    kind: Container,
    /// Where the value of its `dir` stands in the draft; `None` while it is not written.
    dir_at: Option<usize>,
    /// Nothing is inside yet.
    fresh: bool,
    /// The direction of the words that an item holds without a paragraph.
    own: Option<Dir>,
    /// How many blocks inside run which way, and the first of them.
    rtl: u32,
    ltr: u32,
    first: Option<Dir>,
}

struct OpenInline {
    kind: Inline,
    /// Inside of one of its own kind, or a link that leads nowhere: writes no tag.
    silent: bool,
    /// `Scribe::written` when it was opened, to know whether anything is inside.
    since: usize,
}

/// The block that takes words now.
enum Leaf {
    Paragraph {
        dir_at: usize,
    },
    /// An item without a paragraph.
    Item,
}

/// See the module. Call `finish` at the end.
pub(super) struct Scribe {
    draft: String,
    inherit: Dir,
    chosen: Option<Dir>,
    /// Where directions stand in the draft, and which; `None` is that of the whole.
    directions: Vec<(usize, Option<Dir>)>,
    containers: Vec<OpenContainer>,
    /// Containers that were too deep to be written and are still open.
    skipped: usize,
    leaf: Option<Leaf>,
    tally: Tally,
    /// Letters outside of quotes, and of all.
    said: Tally,
    all: Tally,
    inlines: Vec<OpenInline>,
    /// How many of `inlines` have their tag written, from the outermost.
    inlines_written: usize,
    inlines_skipped: usize,
    breaks: u32,
    space: bool,
    paragraph_wanted: bool,
    /// Letters written so far.
    written: usize,
}

impl Scribe {
    pub(super) fn new(inherit: Dir, chosen: Option<Dir>) -> Self {
        Self {
            draft: String::new(),
            inherit,
            chosen,
            directions: Vec::new(),
            containers: Vec::new(),
            skipped: 0,
            leaf: None,
            tally: Tally::default(),
            said: Tally::default(),
            all: Tally::default(),
            inlines: Vec::new(),
            inlines_written: 0,
            inlines_skipped: 0,
            breaks: 0,
            space: false,
            paragraph_wanted: false,
            written: 0,
        }
    }

    /// Closes everything; the draft and the direction of the whole. Words
    /// outside of quotes decide that: a quote is somebody else's.
    pub(super) fn finish(mut self) -> (String, Dir) {
        self.end_block();
        while self.pop_container() {}
        let counted = || self.said.decide(self.inherit).or_else(|| self.all.decide(self.inherit));
        let whole = self.chosen.or_else(counted).unwrap_or(self.inherit);
        for (at, dir) in self.directions {
            let dir = self.chosen.or(dir).unwrap_or(whole).as_str();
            self.draft.replace_range(at..at + dir.len(), dir);
        }
        (self.draft, whole)
    }

    // Blocks.

    /// What follows is a paragraph of its own, also in a list.
    pub(super) fn paragraph(&mut self) {
        self.end_block();
        self.paragraph_wanted = true;
    }

    /// What follows is another block than what was before.
    pub(super) fn end_block(&mut self) {
        self.breaks = 0;
        self.space = false;
        self.paragraph_wanted = false;
        let Some(leaf) = self.leaf.take() else { return };
        self.close_inline_tags(0);
        // A link ends with its block: repeating its address in each would let a text grow without bound.
        self.inlines.retain(|inline| inline.kind.name() != "a");
        let tally = std::mem::take(&mut self.tally);
        let dir = tally.decide(self.inherit);
        match leaf {
            Leaf::Paragraph { dir_at } => {
                self.draft.push_str("</p>");
                self.directions.push((dir_at, dir));
            }
            Leaf::Item => {
                if let Some(item) = self.containers.last_mut() {
                    item.own = dir;
                }
            }
        }
        self.all.merge(tally);
        if !self.containers.iter().any(|c| c.kind == Container::Quote) {
            self.said.merge(tally);
        }
        for container in dir.map(|_| self.containers.iter_mut()).into_iter().flatten() {
            container.first = container.first.or(dir);
            match dir {
                Some(Dir::Rtl) => container.rtl += 1,
                _ => container.ltr += 1,
            }
        }
    }

    /// Opens a quote or a list.
    pub(super) fn open(&mut self, kind: Container) {
        self.end_block();
        if self.skipped > 0 || self.containers.iter().filter(|c| c.kind != Container::Item).count() >= DEPTH {
            self.skipped += 1;
            return;
        }
        self.item_if_in_list();
        self.push_container(kind);
    }

    /// Closes the innermost quote or list of this kind, if there is one, with all that is open in it.
    pub(super) fn close(&mut self, kind: Container) {
        self.end_block();
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let same = |c: &OpenContainer| if kind.is_list() { c.kind.is_list() } else { c.kind == kind };
        if let Some(at) = self.containers.iter().rposition(same) {
            while self.containers.len() > at && self.pop_container() {}
        }
    }

    /// Opens an item of the list that is open; without one it is only another block.
    pub(super) fn open_item(&mut self) {
        self.close_item();
        if self.skipped == 0 && self.containers.last().is_some_and(|c| c.kind.is_list()) {
            self.push_container(Container::Item);
            // An item is written even when nothing is in it: it counts.
            self.write_containers();
        }
    }

    pub(super) fn close_item(&mut self) {
        self.end_block();
        if self.skipped > 0 {
            return;
        }
        let inner = self.containers.iter().rposition(|c| c.kind.is_list() || c.kind == Container::Quote);
        let item = self.containers.iter().rposition(|c| c.kind == Container::Item);
        if item > inner {
            self.pop_container();
        }
    }

    /// Code with its line breaks.
    pub(super) fn code_block(&mut self, code: &str) {
        self.end_block();
        self.item_if_in_list();
        self.write_containers();
        self.draft.push_str(r#"<pre dir="ltr" tabindex="0"><code>"#);
        self.push_clean(code);
        self.draft.push_str("</code></pre>");
    }

    /// A line between two blocks.
    pub(super) fn rule(&mut self) {
        self.end_block();
        self.item_if_in_list();
        self.write_containers();
        self.draft.push_str("<hr>");
    }

    // Words.

    /// Words with their bare URLs linked. Line breaks in them are not heeded.
    pub(super) fn text(&mut self, text: &str) {
        let linkable = !self.inlines.iter().any(|i| matches!(i.kind.name(), "code" | "a"));
        if !linkable {
            return self.literal(text);
        }
        for piece in links::pieces(text) {
            match piece {
                Piece::Words(words) => self.literal(words),
                Piece::Link(written, target) => {
                    self.open_inline(Inline::Address(target));
                    self.literal(written);
                    self.close_inline(&Inline::Link(None));
                }
            }
        }
    }

    /// Words as they stand.
    pub(super) fn literal(&mut self, text: &str) {
        if text.is_empty() || self.leaf.is_none() && text.trim_ascii().is_empty() {
            return;
        }
        self.begin_words();
        if !self.inlines.iter().any(|i| i.kind == Inline::Code) {
            self.tally.add(text);
        }
        self.push_clean(text);
    }

    /// A blank, unless at the beginning or end of a block.
    pub(super) const fn space(&mut self) {
        self.space = self.leaf.is_some();
    }

    /// A line break, unless at the beginning or end of a block; two make another block.
    pub(super) const fn line_break(&mut self) {
        if self.leaf.is_some() {
            self.breaks += 1;
        }
    }

    pub(super) fn open_inline(&mut self, kind: Inline) {
        if self.inlines.len() >= INLINE_DEPTH {
            self.inlines_skipped += 1;
            return;
        }
        let silent = kind == Inline::Link(None) || self.inlines.iter().any(|i| i.kind.name() == kind.name());
        self.inlines.push(OpenInline { kind, silent, since: self.written });
    }

    /// Closes the innermost of this kind, if there is one. A link without words shows its address.
    pub(super) fn close_inline(&mut self, kind: &Inline) {
        if self.inlines_skipped > 0 {
            self.inlines_skipped -= 1;
            return;
        }
        let Some(at) = self.inlines.iter().rposition(|i| i.kind.name() == kind.name()) else { return };
        if let Some(OpenInline { kind, silent: false, since }) = self.inlines.get_mut(at)
            && *since == self.written
            && let Inline::Link(Some(target)) = kind
        {
            let target = target.clone();
            *kind = Inline::Address(target.clone());
            self.literal(&target);
        }
        self.close_inline_tags(at);
        self.inlines.remove(at);
    }

    // How it is written.

    fn push_container(&mut self, kind: Container) {
        self.containers.push(OpenContainer { kind, dir_at: None, fresh: true, own: None, rtl: 0, ltr: 0, first: None });
    }

    /// A list holds items and nothing else.
    fn item_if_in_list(&mut self) {
        if self.skipped == 0 && self.containers.last().is_some_and(|c| c.kind.is_list()) {
            self.push_container(Container::Item);
        }
    }

    fn pop_container(&mut self) -> bool {
        let Some(container) = self.containers.pop() else { return false };
        if let Some(at) = container.dir_at {
            let majority = match container.rtl.cmp(&container.ltr) {
                std::cmp::Ordering::Greater => Some(Dir::Rtl),
                std::cmp::Ordering::Less => Some(Dir::Ltr),
                std::cmp::Ordering::Equal => container.first,
            };
            self.directions.push((at, container.own.or(majority)));
            let _ = write!(self.draft, "</{}>", container.kind.name());
        }
        true
    }

    /// Opens the tags of the containers that were waiting for content.
    fn write_containers(&mut self) {
        for container in &mut self.containers {
            if container.dir_at.is_none() {
                let _ = write!(self.draft, "<{}", container.kind.name());
                if let Container::Numbers(first) = container.kind
                    && first != 1
                {
                    let _ = write!(self.draft, r#" start="{first}""#);
                }
                container.dir_at = Some(push_dir(&mut self.draft));
            }
        }
        let parents = self.containers.len().saturating_sub(1);
        for parent in self.containers.iter_mut().take(parents) {
            parent.fresh = false;
        }
    }

    /// Everything that must stand before the next word.
    fn begin_words(&mut self) {
        if self.breaks > 1 {
            self.end_block();
        }
        if self.leaf.is_some() {
            if self.breaks > 0 {
                self.draft.push_str("<br>");
            } else if self.space {
                self.draft.push(' ');
            }
        } else {
            self.begin_leaf();
        }
        self.breaks = 0;
        self.space = false;
        for inline in self.inlines.iter().skip(self.inlines_written).filter(|i| !i.silent) {
            self.draft.push('<');
            self.draft.push_str(inline.kind.name());
            if let Inline::Link(Some(target)) | Inline::Address(target) = &inline.kind {
                self.draft.push_str(r#" href=""#);
                // As `links::href` wrote it: ASCII without quotation marks or angle brackets.
                self.draft.push_str(&target.replace('&', "&amp;"));
                self.draft.push('"');
            }
            let left_to_right = matches!(inline.kind, Inline::Code | Inline::Address(_));
            self.draft.push_str(if left_to_right { r#" dir="ltr">"# } else { ">" });
        }
        self.inlines_written = self.inlines.len();
    }

    fn begin_leaf(&mut self) {
        self.item_if_in_list();
        self.write_containers();
        let in_item = !self.paragraph_wanted && self.containers.last().is_some_and(|c| c.kind == Container::Item && c.fresh);
        if let Some(parent) = self.containers.last_mut() {
            parent.fresh = false;
        }
        self.leaf = Some(if in_item {
            Leaf::Item
        } else {
            self.draft.push_str("<p");
            Leaf::Paragraph { dir_at: push_dir(&mut self.draft) }
        });
    }

    /// Closes the tags of all inlines but the first `keep`; those that stay open are written again when words come.
    fn close_inline_tags(&mut self, keep: usize) {
        while self.inlines_written > keep {
            self.inlines_written -= 1;
            if let Some(inline) = self.inlines.get(self.inlines_written).filter(|i| !i.silent) {
                let _ = write!(self.draft, "</{}>", inline.kind.name());
            }
        }
    }

    fn push_clean(&mut self, text: &str) {
        self.written += text.len();
        let unwanted = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || is_bidi_control(c) || c == '\u{feff}' || is_noncharacter(c);
        for piece in text.split(unwanted) {
            sanitize::push_text(piece, &mut self.draft);
        }
    }
}

/// Room for a direction, closed, to be filled in at the end. Both names are three letters long.
fn push_dir(draft: &mut String) -> usize {
    draft.push_str(r#" dir=""#);
    let at = draft.len();
    draft.push_str(r#"ltr">"#);
    at
}

const fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}
