//! Answers as the client prints them: in boxes, one value below the other, or in columns divided by tabs.

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

/// A column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    /// Whether it is aligned to the right.
    pub number: bool,
    /// Whether it may be NULL, for which it has room then.
    pub null: bool,
}

/// Rows of an answer; `None` is NULL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Option<String>>>,
}

impl Rows {
    /// An answer of texts; a name that begins with `>` is a number's, one that ends with `?` may be NULL.
    pub fn of(names: &[&str], rows: Vec<Vec<Option<String>>>) -> Rows {
        let column = |n: &&str| Column {
            name: n.trim_start_matches('>').trim_end_matches('?').to_owned(),
            number: n.starts_with('>'),
            null: n.ends_with('?'),
        };
        Rows { columns: names.iter().map(column).collect(), rows }
    }
}

/// How answers look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Look {
    /// In boxes.
    Boxes,
    /// Each value on a line.
    Vertical,
    /// Divided by tabs; control characters are written out unless they are wanted raw.
    Tabs { raw: bool },
}

/// An answer in a look; without names only values are printed.
pub(super) fn answer(a: &Rows, look: Look, names: bool) -> String {
    match look {
        Look::Boxes if a.rows.is_empty() => String::new(),
        Look::Boxes => boxes(a, names),
        Look::Vertical => vertical(a, names),
        Look::Tabs { .. } if a.rows.is_empty() => String::new(),
        Look::Tabs { raw } => tabs(a, names, raw),
    }
}

fn cell(v: &Option<String>) -> &str {
    v.as_deref().unwrap_or("NULL")
}

fn boxes(a: &Rows, names: bool) -> String {
    let widths: Vec<usize> = a
        .columns
        .iter()
        .enumerate()
        .map(|(i, c)| {
            // There is room for as many columns as a text has bytes.
            let name = if names { c.name.len() } else { 0 };
            let values = a.rows.iter().filter_map(|r| r.get(i)).flatten().map(String::len);
            let wide = values.fold(name, usize::max);
            if c.null { wide.max(4) } else { wide }
        })
        .collect();
    let rule: String = widths.iter().map(|w| format!("+{}", "-".repeat(w + 2))).collect::<String>() + "+\n";
    let padded = |text: &str, w: usize, right: bool| {
        let gap = " ".repeat(w.saturating_sub(text.width()));
        if right { format!(" {gap}{text} |") } else { format!(" {text}{gap} |") }
    };
    let mut out = rule.clone();
    if names {
        let head: String = a.columns.iter().zip(&widths).map(|(c, w)| padded(&c.name, *w, false)).collect();
        out.push_str(&format!("|{head}\n{rule}"));
    }
    for row in &a.rows {
        let cells = row.iter().zip(&a.columns).zip(&widths);
        let line: String = cells.map(|((v, c), w)| padded(cell(v), *w, c.number)).collect();
        out.push_str(&format!("|{line}\n"));
    }
    out + &rule
}

fn vertical(a: &Rows, names: bool) -> String {
    let width = a.columns.iter().map(|c| c.name.width()).max().unwrap_or(0);
    let stars = "*".repeat(27);
    let mut out = String::new();
    for (k, row) in a.rows.iter().enumerate() {
        out.push_str(&format!("{stars} {}. row {stars}\n", k + 1));
        for (c, v) in a.columns.iter().zip(row) {
            if names {
                out.push_str(&format!("{}{}: ", " ".repeat(width.saturating_sub(c.name.width())), c.name));
            }
            out.push_str(&format!("{}\n", cell(v)));
        }
    }
    out
}

fn tabs(a: &Rows, names: bool, raw: bool) -> String {
    let written = |text: &str| {
        if raw {
            return text.to_owned();
        }
        text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\0', "\\0")
    };
    let mut out = String::new();
    if names {
        let head: Vec<String> = a.columns.iter().map(|c| c.name.clone()).collect();
        out.push_str(&format!("{}\n", head.join("\t")));
    }
    for row in &a.rows {
        let cells: Vec<String> = row.iter().map(|v| v.as_ref().map_or("NULL".to_owned(), |t| written(t))).collect();
        out.push_str(&format!("{}\n", cells.join("\t")));
    }
    out
}

/// `(0.00 sec)`, `(1 min 2.50 sec)`.
pub(super) fn took(ms: u64) -> String {
    let (minutes, rest) = (ms / 60_000, ms % 60_000);
    let seconds = format!("{}.{:02} sec", rest / 1000, rest % 1000 / 10);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("({seconds})"),
        (0, m) => format!("({m} min {seconds})"),
        (h, m) => format!("({h} hour{} {m} min {seconds})", if h == 1 { "" } else { "s" }),
    }
}
