//! A document as CommonMark with tables.

use super::document::{Block, Document, Line, Span};

/// Writes a document as Markdown.
pub fn write(d: &Document) -> String {
    let mut out = format!("# {}\n\n{}\n\n> {}\n", escaped(&d.title), escaped(&d.subtitle), escaped(&d.opening));
    for section in &d.sections {
        out.push_str(&format!("\n## {}\n", escaped(&section.head)));
        for block in &section.blocks {
            match block {
                Block::Paragraph(l) => out.push_str(&format!("\n{}\n", line(l))),
                Block::Bullets(items) if items.is_empty() => {}
                Block::Bullets(items) => {
                    out.push('\n');
                    for item in items {
                        out.push_str(&format!("- {}\n", line(item)));
                    }
                }
                Block::Table { head, rows } => {
                    let heads: Vec<String> = head.iter().map(|h| cell(&escaped(h))).collect();
                    out.push_str(&format!("\n| {} |\n|{}\n", heads.join(" | "), "---|".repeat(head.len())));
                    for row in rows {
                        let cells: Vec<String> = row.cells.iter().map(|c| cell(&line(c))).collect();
                        out.push_str(&format!("| {} |\n", cells.join(" | ")));
                    }
                }
                Block::Picture { .. } => {}
            }
        }
    }
    out
}

fn line(l: &Line) -> String {
    let mut out = String::new();
    for span in l {
        match span {
            Span::Text(t) => out.push_str(&escaped(t)),
            Span::Strong(t) => out.push_str(&format!("**{}**", escaped(t))),
            Span::Fact(id) => out.push_str(&format!("#{id}")),
            Span::Link(words, to) => out.push_str(&format!("[{}](<{to}>)", escaped(words))),
        }
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Words that cannot turn into markup; line breaks become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut inside = false;
    while let Some(c) = chars.next() {
        // An underscore within a word marks nothing.
        let within = c == '_' && inside && chars.peek().is_some_and(|n| n.is_alphanumeric());
        inside = c.is_alphanumeric() || within;
        match c {
            '_' if within => out.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}
