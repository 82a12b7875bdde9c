//! What a terminal has printed: lines in shared blocks, so that a picture of 100,000 of them costs a list of pointers.

use super::ink::Ink;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::VecDeque;
use std::sync::Arc;

/// Lines of a block. Every block but the last is full.
const BLOCK: usize = 256;

/// Lines that are kept at least, if they are not too long.
pub const KEPT_LINES: usize = 100_000;

/// Bytes that are kept at most.
const KEPT_BYTES: usize = 32 << 20;

/// A stretch of a line drawn alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its length in characters.
    pub chars: u32,
    /// How it is drawn.
    pub ink: Ink,
}

/// A line of the scrollback.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermLine {
    /// The prompt, if this line was typed.
    pub prompt: Option<String>,
    /// Text.
    pub text: String,
    /// How the text is drawn, from its first character on; empty if all of it is plain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
}

impl TermLine {
    /// A plain line that a program printed.
    pub fn plain(text: impl Into<String>) -> TermLine {
        TermLine { text: text.into(), ..TermLine::default() }
    }

    /// A line that was typed after a prompt.
    pub fn typed(prompt: impl Into<String>, text: impl Into<String>) -> TermLine {
        TermLine { prompt: Some(prompt.into()), text: text.into(), ..TermLine::default() }
    }

    fn bytes(&self) -> usize {
        let spans = self.spans.len() * size_of::<Span>();
        size_of::<TermLine>() + self.text.len() + self.prompt.as_ref().map_or(0, String::len) + spans
    }
}

/// The lines of a block.
pub type Block = Arc<Vec<TermLine>>;

/// The lines above the cursor, oldest first: 100,000 at least, fewer only where they hold more than 32 MiB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrollback {
    blocks: VecDeque<Block>,
    len: usize,
    bytes: usize,
    first: u64,
}

impl Scrollback {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of the oldest line that is kept; a line keeps its number while others fall away before it.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// A line by its place from the oldest kept, from 0.
    pub fn get(&self, at: usize) -> Option<&TermLine> {
        self.blocks.get(at / BLOCK)?.get(at % BLOCK)
    }

    /// Lines from the oldest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TermLine> + ExactSizeIterator {
        Lines { lines: self, from: 0, to: self.len }
    }

    /// Blocks from the oldest; all but the last hold the same number of lines.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = &Block> {
        self.blocks.iter()
    }

    pub(super) fn push(&mut self, line: TermLine) {
        self.bytes += line.bytes();
        match self.blocks.back_mut().filter(|b| b.len() < BLOCK) {
            Some(block) => Arc::make_mut(block).push(line),
            None => self.blocks.push_back(Arc::new(vec![line])),
        }
        self.len += 1;
        while self.len >= KEPT_LINES + BLOCK || (self.bytes > KEPT_BYTES && self.blocks.len() > 1) {
            let Some(block) = self.blocks.pop_front() else { break };
            self.len -= block.len();
            self.first += block.len() as u64;
            self.bytes -= block.iter().map(TermLine::bytes).sum::<usize>();
        }
    }

    pub(super) fn pop(&mut self) -> Option<TermLine> {
        let block = self.blocks.back_mut()?;
        let line = Arc::make_mut(block).pop()?;
        if block.is_empty() {
            self.blocks.pop_back();
        }
        self.len -= 1;
        self.bytes -= line.bytes();
        Some(line)
    }

    pub(super) fn clear(&mut self) {
        self.first += self.len as u64;
        self.blocks.clear();
        (self.len, self.bytes) = (0, 0);
    }
}

struct Lines<'a> {
    lines: &'a Scrollback,
    from: usize,
    to: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a TermLine;

    fn next(&mut self) -> Option<&'a TermLine> {
        let line = (self.from < self.to).then(|| self.lines.get(self.from))??;
        self.from += 1;
        Some(line)
    }

    fn nth(&mut self, n: usize) -> Option<&'a TermLine> {
        self.from = self.from.saturating_add(n).min(self.to);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.to - self.from;
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Lines<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let at = (self.from < self.to).then(|| self.to - 1)?;
        self.to = at;
        self.lines.get(at)
    }
}

impl ExactSizeIterator for Lines<'_> {}

impl FromIterator<TermLine> for Scrollback {
    fn from_iter<I: IntoIterator<Item = TermLine>>(lines: I) -> Scrollback {
        let mut out = Scrollback::default();
        lines.into_iter().for_each(|l| out.push(l));
        out
    }
}

impl Serialize for Scrollback {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Scrollback {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scrollback, D::Error> {
        Ok(Vec::<TermLine>::deserialize(deserializer)?.into_iter().collect())
    }
}
