//! Answers as psql prints them: aligned, expanded, unaligned, CSV.

use super::Look;
use crate::console::tool::data::sql::Answer;
use unicode_width::UnicodeWidthStr as _;

/// Characters of a name or a value that may have lines.
fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

fn width(text: &str) -> usize {
    lines(text).iter().map(|l| l.width()).max().unwrap_or(0)
}

fn padded(text: &str, to: usize, right: bool) -> String {
    let gap = " ".repeat(to.saturating_sub(text.width()));
    if right { format!("{gap}{text}") } else { format!("{text}{gap}") }
}

fn footer(rows: usize) -> String {
    format!("({rows} row{})\n", if rows == 1 { "" } else { "s" })
}

/// An answer in the look of the session, under a title if it has one.
pub(super) fn answer(a: &Answer, look: &Look, title: Option<&str>) -> String {
    let cell = |v: &Option<String>| v.clone().unwrap_or_else(|| look.null.clone());
    let rows: Vec<Vec<String>> = a.rows.iter().map(|r| r.iter().map(cell).collect()).collect();
    match (look.csv, look.aligned, look.expanded) {
        (true, ..) => csv(a, &rows, look),
        (_, false, false) => unaligned(a, &rows, look),
        (_, false, true) => unaligned_expanded(a, &rows, look),
        (_, true, true) => expanded(a, &rows, look),
        (_, true, false) => aligned(a, &rows, look, title),
    }
}

fn aligned(a: &Answer, rows: &[Vec<String>], look: &Look, title: Option<&str>) -> String {
    let widths: Vec<usize> = a
        .columns
        .iter()
        .enumerate()
        .map(|(i, (name, _))| rows.iter().filter_map(|r| r.get(i)).map(|t| width(t)).fold(width(name), usize::max))
        .collect();
    let mut out = String::new();
    if let Some(title) = title.filter(|_| !look.tuples) {
        let whole = widths.iter().sum::<usize>() + 3 * widths.len() - 1;
        out.push_str(&format!("{}{title}\n", " ".repeat(whole.saturating_sub(title.width()) / 2)));
    }
    if !look.tuples {
        let names: Vec<String> = a
            .columns
            .iter()
            .zip(&widths)
            .map(|((name, _), w)| {
                let spare = w - width(name);
                format!(" {}{name}{} ", " ".repeat(spare / 2), " ".repeat(spare - spare / 2))
            })
            .collect();
        let rules: Vec<String> = widths.iter().map(|w| "-".repeat(w + 2)).collect();
        out.push_str(&format!("{}\n{}\n", names.join("|"), rules.join("+")));
    }
    for row in rows {
        let tall = row.iter().map(|t| lines(t).len()).max().unwrap_or(1);
        for k in 0..tall {
            let mut line = String::new();
            for (i, text) in row.iter().enumerate() {
                let (w, right) = (widths.get(i).copied().unwrap_or(0), a.columns.get(i).is_some_and(|c| c.1));
                let parts = lines(text);
                let more = parts.len() > k + 1;
                let part = parts.get(k).copied().unwrap_or_default();
                let last = i + 1 == row.len();
                if i > 0 {
                    line.push('|');
                }
                line.push(' ');
                // The last column has no blanks after it, as far as nothing follows.
                if last && !right && !more {
                    line.push_str(part)
                } else {
                    line.push_str(&padded(part, w, right))
                }
                if more {
                    line.push('+');
                } else if !last {
                    line.push(' ');
                }
            }
            out.push_str(&line);
            out.push('\n');
        }
    }
    if !look.tuples && look.counts {
        out.push_str(&footer(rows.len()));
    }
    out.push('\n');
    out
}

fn expanded(a: &Answer, rows: &[Vec<String>], look: &Look) -> String {
    if rows.is_empty() {
        return if look.tuples { String::new() } else { "(0 rows)\n\n".to_owned() };
    }
    let names = a.columns.iter().map(|(n, _)| width(n)).max().unwrap_or(0);
    let values = rows.iter().flatten().map(|v| width(v)).max().unwrap_or(0);
    let mut out = String::new();
    for (k, row) in rows.iter().enumerate() {
        if !look.tuples {
            let head = format!("-[ RECORD {} ]", k + 1);
            let left = head.len().max(names + 1);
            let dashes = "-".repeat(left - head.len());
            // Where the head is longer than the names, the cross stands after it.
            let right = (names + 2 + values + 1).saturating_sub(left);
            if left > names + 1 && head.len() > names + 1 {
                out.push_str(&format!("{head}{}\n", "-".repeat((names + 3 + values).saturating_sub(head.len()))));
            } else {
                out.push_str(&format!("{head}{dashes}+{}\n", "-".repeat(right)));
            }
        } else if k > 0 {
            out.push('\n');
        }
        for ((name, _), value) in a.columns.iter().zip(row) {
            let mut parts = lines(value).into_iter();
            let first = parts.next().unwrap_or_default();
            out.push_str(&format!("{} | {first}", padded(name, names, false)));
            out.push('\n');
            for part in parts {
                out.push_str(&format!("{} | {part}\n", " ".repeat(names)));
            }
        }
    }
    out.push('\n');
    out
}

fn unaligned(a: &Answer, rows: &[Vec<String>], look: &Look) -> String {
    let mut out = String::new();
    if !look.tuples {
        let names: Vec<&str> = a.columns.iter().map(|(n, _)| n.as_str()).collect();
        out.push_str(&format!("{}\n", names.join(&look.separator)));
    }
    for row in rows {
        out.push_str(&format!("{}\n", row.join(&look.separator)));
    }
    if !look.tuples {
        out.push_str(&footer(rows.len()));
    }
    out
}

fn unaligned_expanded(a: &Answer, rows: &[Vec<String>], look: &Look) -> String {
    let mut out = String::new();
    for (k, row) in rows.iter().enumerate() {
        if k > 0 {
            out.push('\n');
        }
        for ((name, _), value) in a.columns.iter().zip(row) {
            out.push_str(&format!("{name}{}{value}\n", look.separator));
        }
    }
    out
}

/// A value of CSV.
pub(super) fn quoted(t: &str, by: char) -> String {
    if t.contains([by, '"', '\n', '\r']) { format!("\"{}\"", t.replace('"', "\"\"")) } else { t.to_owned() }
}

fn csv(a: &Answer, rows: &[Vec<String>], look: &Look) -> String {
    let quoted = |t: &str| quoted(t, ',');
    let mut out = String::new();
    if !look.tuples {
        let names: Vec<String> = a.columns.iter().map(|(n, _)| quoted(n)).collect();
        out.push_str(&format!("{}\n", names.join(",")));
    }
    for row in rows {
        let cells: Vec<String> = row.iter().map(|t| quoted(t)).collect();
        out.push_str(&format!("{}\n", cells.join(",")));
    }
    out
}
