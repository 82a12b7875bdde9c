//! Where the characters of a scrollback stand: a grid of cells, lines broken at its width, the rows of all blocks counted once.

use crate::session::projection::{Block, Ink, Scrollback, TermLine};
use std::ops::Range;
use unicode_width::UnicodeWidthChar as _;

/// A place in the scrollback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Number of the line.
    pub line: u64,
    /// Characters before it, those of the prompt too.
    pub at: usize,
}

/// How a piece is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As the prompt.
    Prompt,
    /// As what was typed after it.
    Typed,
    /// As the program asked.
    Printed(Ink),
}

/// Characters of a row that are drawn together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Column of the first.
    pub column: usize,
    /// Columns of all of them.
    pub wide: usize,
    /// Their places in the line.
    pub chars: Range<usize>,
    /// What they are.
    pub text: String,
    /// How they are drawn.
    pub style: Style,
}

/// A line as one text, the prompt first.
pub fn full(line: &TermLine) -> std::borrow::Cow<'_, str> {
    match &line.prompt {
        Some(prompt) => format!("{prompt}{}", line.text).into(),
        None => line.text.as_str().into(),
    }
}

/// The rows of a line.
pub fn pieces(line: &TermLine, columns: usize) -> Vec<Vec<Piece>> {
    let columns = columns.max(2);
    let (mut rows, mut row, mut column) = (Vec::new(), Vec::<Piece>::new(), 0);
    let prompt = line.prompt.as_deref().unwrap_or_default();
    let printed = if line.prompt.is_some() { Style::Typed } else { Style::Printed(Ink::default()) };
    let mut spans = line.spans.iter().flat_map(|s| std::iter::repeat_n(s.ink, s.chars as usize));
    let styled = prompt
        .chars()
        .map(|c| (c, Style::Prompt))
        .chain(line.text.chars().map(move |c| (c, spans.next().map_or(printed, Style::Printed))));
    for (at, (c, style)) in styled.enumerate() {
        let wide = c.width().unwrap_or(0);
        if column + wide > columns {
            rows.push(std::mem::take(&mut row));
            column = 0;
        }
        match row.last_mut() {
            // What combines stays with its letter; letters of one width run on.
            Some(last) if wide == 0 || (c.is_ascii() && last.text.is_ascii() && last.style == style) => {
                last.text.push(c);
                last.chars.end = at + 1;
                last.wide += wide;
            }
            _ => row.push(Piece { column, wide, chars: at..at + 1, text: c.to_string(), style }),
        }
        column += wide;
    }
    rows.push(row);
    rows
}

/// How many rows a line takes.
fn height(line: &TermLine, columns: usize) -> usize {
    let ascii = line.text.is_ascii() && line.prompt.as_ref().is_none_or(|p| p.is_ascii());
    if ascii {
        let chars = line.text.len() + line.prompt.as_ref().map_or(0, String::len);
        return chars.div_ceil(columns.max(2)).max(1);
    }
    pieces(line, columns).len()
}

/// The rows of a scrollback at a width. Blocks that are as they were are not counted again.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    columns: usize,
    blocks: Vec<(Block, usize)>,
    /// Rows before each block.
    before: Vec<usize>,
    total: usize,
}

impl PartialEq for Rows {
    /// What is counted follows from the scrollback.
    fn eq(&self, _: &Rows) -> bool {
        true
    }
}

impl Eq for Rows {}

impl Rows {
    /// Counts what is new.
    pub fn update(&mut self, lines: &Scrollback, columns: usize) {
        let mut old = if columns == self.columns { std::mem::take(&mut self.blocks) } else { Vec::new() };
        let fallen = lines.blocks().next().and_then(|b| old.iter().position(|(o, _)| Block::ptr_eq(o, b)));
        old.drain(..fallen.unwrap_or(old.len()));
        self.columns = columns;
        self.blocks.clear();
        self.before.clear();
        self.total = 0;
        for (i, block) in lines.blocks().enumerate() {
            let known = old.get(i).filter(|(o, _)| Block::ptr_eq(o, block)).map(|(_, n)| *n);
            let rows = known.unwrap_or_else(|| block.iter().map(|l| height(l, columns)).sum());
            self.before.push(self.total);
            self.blocks.push((block.clone(), rows));
            self.total += rows;
        }
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The row that a line begins at; `at` from the oldest kept.
    pub fn of(&self, at: usize) -> usize {
        let size = self.blocks.first().map_or(1, |(b, _)| b.len()).max(1);
        let Some((block, _)) = self.blocks.get(at / size) else { return self.total };
        let above: usize = block.iter().take(at % size).map(|l| height(l, self.columns)).sum();
        self.before.get(at / size).copied().unwrap_or(0) + above
    }

    /// The line that stands at a row: its place from the oldest kept, and how many of its rows are above.
    pub fn at(&self, row: usize) -> Option<(usize, usize)> {
        let k = self.before.partition_point(|b| *b <= row).checked_sub(1)?;
        let (block, rows) = self.blocks.get(k)?;
        let mut left = row - self.before.get(k)?;
        if left >= *rows {
            return None;
        }
        let size = self.blocks.first().map_or(0, |(b, _)| b.len());
        for (i, line) in block.iter().enumerate() {
            let tall = height(line, self.columns);
            if left < tall {
                return Some((k * size + i, left));
            }
            left -= tall;
        }
        None
    }
}
