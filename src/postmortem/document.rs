//! A document before it has a format: sections of paragraphs, lists, tables and pictures. Markdown and HTML are two ways to write it.

use crate::fact::FactId;

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// BCP 47 tag of its language.
    pub lang: &'static str,
    /// Title.
    pub title: String,
    /// One line under it.
    pub subtitle: String,
    /// What it begins with.
    pub opening: String,
    /// Sections in order.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Stable name, the anchor in HTML.
    pub id: &'static str,
    /// Heading.
    pub head: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Line),
    /// A list.
    Bullets(Vec<Line>),
    /// A table; every row has as many cells as the head.
    Table {
        /// Column heads.
        head: Vec<String>,
        /// Rows.
        rows: Vec<Row>,
    },
    /// A picture in scalable vector graphics; Markdown leaves it out, for the tables hold the same.
    Picture {
        /// The `svg` element.
        svg: String,
        /// What it shows, in words.
        alt: String,
    },
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The fact that the row is about: chips lead here.
    pub fact: Option<FactId>,
    /// Cells.
    pub cells: Vec<Line>,
}

/// A line of text.
pub type Line = Vec<Span>;

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Words.
    Text(String),
    /// Strong words.
    Strong(String),
    /// A fact of the log, as a chip.
    Fact(FactId),
    /// A link: words, address.
    Link(String, String),
}

/// A line of plain words.
pub fn plain(words: impl Into<String>) -> Line {
    vec![Span::Text(words.into())]
}

/// Chips of the first facts, and how many more there are.
pub fn chips(ids: &[FactId]) -> Line {
    const MOST: usize = 6;
    let mut out: Line = Vec::new();
    for id in ids.iter().take(MOST) {
        if !out.is_empty() {
            out.push(Span::Text(" ".to_owned()));
        }
        out.push(Span::Fact(*id));
    }
    if ids.len() > MOST {
        out.push(Span::Text(" …".to_owned()));
    }
    out
}
