//! column: input in columns or as a table.

use crate::console::tool::input::lines;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use unicode_width::UnicodeWidthStr;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "column",
    synopsis: "[options] [<file>...]",
    about: "columnate lists",
    opts: &[
        flag("t", "table", "create a table"),
        value("n", "table-name", "<name>", "table name for JSON output"),
        value("N", "table-columns", "<names>", "comma separated columns names"),
        value("l", "table-columns-limit", "<num>", "maximal number of input columns"),
        value("H", "table-hide", "<columns>", "don't print the columns"),
        value("O", "table-order", "<columns>", "specify order of output columns"),
        value("R", "table-right", "<columns>", "right align text in these columns"),
        value("T", "table-truncate", "<columns>", "truncate text in the columns when necessary (accepted)"),
        value("E", "table-noextreme", "<columns>", "don't count long text from the columns (accepted)"),
        value("W", "table-wrap", "<columns>", "wrap text in the columns when necessary (accepted)"),
        flag("d", "table-noheadings", "don't print header"),
        flag("e", "table-header-repeat", "repeat header for each page (accepted)"),
        flag("L", "keep-empty-lines", "don't ignore empty lines"),
        flag("J", "json", "use JSON output format for table"),
        value("c", "output-width", "<width>", "width of output in number of characters"),
        value("o", "output-separator", "<string>", "columns separator for table output; default is two spaces"),
        value("s", "separator", "<string>", "possible table delimiters"),
        flag("x", "fillrows", "fill rows before columns"),
    ],
    operand: Operand::Path,
    missing: &["Tables are as wide as their text: nothing is truncated or wrapped; no trees."],
    examples: &[
        ("printf 'a 1\\nbbb 22\\n' | column -t", "a    1\nbbb  22\n"),
        ("echo a:b:c | column -t -s: -o' | '", "a | b | c\n"),
    ],
    step: column,
    ..Decl::BLANK
}];

/// Columns of a text; tabs and other controls are none.
fn width(text: &str) -> usize {
    text.split(char::is_control).map(UnicodeWidthStr::width).sum()
}

fn column(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let texts = match c.texts(&a.rest) {
        Ok(t) => t,
        Err(step) => return step,
    };
    let keep = a.has("L");
    let rows: Vec<String> =
        texts.iter().flat_map(|(_, t)| lines(t)).filter(|l| keep || !l.trim().is_empty()).map(str::to_owned).collect();
    let out = if a.has("t") || a.has("J") { table(c, &rows) } else { Ok(fill(c, &rows)) };
    match out {
        Ok(text) => c.print(&text),
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    }
    Step::Exit(c.tool.status)
}

/// Entries down the columns (or along the rows) as wide as the output is, each column padded with tabs.
fn fill(c: &Ctx<'_>, rows: &[String]) -> String {
    let across =
        c.args.get("c").or(c.p.env.get("COLUMNS").map(|v| v.text.as_str())).and_then(|n| n.parse().ok()).unwrap_or(80);
    let longest = rows.iter().map(|r| width(r)).max().unwrap_or(0);
    let each = (longest / 8 + 1) * 8;
    let columns = (across / each).max(1);
    let mut out = String::new();
    if columns == 1 || rows.len() <= 1 {
        rows.iter().for_each(|r| out.push_str(&format!("{r}\n")));
        return out;
    }
    let high = rows.len().div_ceil(columns);
    let high = if c.args.has("x") { rows.len().div_ceil(columns) } else { high };
    for line in 0..high {
        let at = |n: usize| if c.args.has("x") { line * columns + n } else { n * high + line };
        let cells: Vec<&String> = (0..columns).filter_map(|n| rows.get(at(n))).collect();
        for (i, cell) in cells.iter().enumerate() {
            out.push_str(cell);
            if i + 1 < cells.len() {
                let have = width(cell);
                out.push_str(&"\t".repeat(each.saturating_sub(have).div_ceil(8)));
            }
        }
        out.push('\n');
    }
    out
}

/// Which columns a list names: numbers, names, ranges, `-` and `0` for all.
fn named(list: &str, names: &[String], count: usize) -> Result<Vec<usize>, String> {
    let mut out = Vec::new();
    for part in list.split(',').filter(|p| !p.is_empty()) {
        if let Some(at) = names.iter().position(|n| n == part) {
            out.push(at);
        } else if part == "0" {
            out.extend(0..count);
        } else if part == "-" {
            out.extend(names.iter().enumerate().filter(|(_, n)| n.is_empty()).map(|(i, _)| i));
        } else if let Some((from, to)) = part.split_once('-').filter(|(f, _)| f.chars().all(|c| c.is_ascii_digit())) {
            let from = from.parse::<usize>().unwrap_or(1).max(1);
            let to = to.parse::<usize>().unwrap_or(count);
            out.extend((from - 1)..to.min(count));
        } else {
            match part.parse::<usize>() {
                Ok(n) if (1..=count).contains(&n) => out.push(n - 1),
                Ok(_) => {}
                Err(_) => return Err(format!("undefined column name '{part}'")),
            }
        }
    }
    Ok(out)
}

fn cells(line: &str, separators: Option<&str>, limit: usize) -> Vec<String> {
    let set: Vec<char> = separators.unwrap_or(" \t").chars().collect();
    if separators.is_none() {
        // Blanks are greedy.
        let mut out = Vec::new();
        let mut rest = line.trim_matches(&[' ', '\t'][..]);
        while !rest.is_empty() {
            if out.len() + 1 == limit {
                out.push(rest.to_owned());
                break;
            }
            let end = rest.find(set.as_slice()).unwrap_or(rest.len());
            out.push(rest.get(..end).unwrap_or_default().to_owned());
            rest = rest.get(end..).unwrap_or_default().trim_start_matches(set.as_slice());
        }
        return out;
    }
    line.splitn(limit, set.as_slice()).map(str::to_owned).collect()
}

fn json(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

fn table(c: &Ctx<'_>, rows: &[String]) -> Result<String, String> {
    let a = &c.args;
    let limit =
        a.get("l").map_or(Ok(usize::MAX), |n| n.parse().map_err(|_| "failed to parse columns limit".to_owned()))?;
    let parts: Vec<Vec<String>> = rows.iter().map(|r| cells(r, a.get("s"), limit)).collect();
    let names: Vec<String> = a.get("N").map(|n| n.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let count = parts.iter().map(Vec::len).max().unwrap_or(0).max(names.len());
    let mut order: Vec<usize> = match a.get("O") {
        Some(list) => {
            let mut first = named(list, &names, count)?;
            first.extend((0..count).filter(|i| !first.contains(i)).collect::<Vec<_>>());
            first
        }
        None => (0..count).collect(),
    };
    if let Some(list) = a.get("H") {
        let hidden = named(list, &names, count)?;
        order.retain(|i| !hidden.contains(i));
    }
    let right = a.get("R").map(|list| named(list, &names, count)).transpose()?.unwrap_or_default();
    let cell = |row: &[String], i: usize| row.get(i).cloned().unwrap_or_default();
    if a.has("J") {
        if names.is_empty() {
            return Err("option --table-columns required for --json".to_owned());
        }
        let name = a.get("n").unwrap_or("table");
        let mut out = format!("{{\n   {}: [\n", json(name));
        let objects: Vec<String> = parts
            .iter()
            .map(|row| {
                let fields: Vec<String> = order
                    .iter()
                    .map(|i| {
                        let key = names.get(*i).cloned().unwrap_or_default().to_lowercase();
                        let text = cell(row, *i);
                        let shown = if row.get(*i).is_none() { "null".to_owned() } else { json(&text) };
                        format!("         {}: {shown}", json(&key))
                    })
                    .collect();
                format!("      {{\n{}\n      }}", fields.join(",\n"))
            })
            .collect();
        out.push_str(&objects.join(","));
        out.push_str("\n   ]\n}\n");
        return Ok(out);
    }
    let mut shown: Vec<Vec<String>> = Vec::new();
    if !names.is_empty() && !a.has("d") {
        shown.push(names.clone());
    }
    shown.extend(parts);
    let gap = a.get("o").unwrap_or("  ");
    let widths: Vec<usize> =
        order.iter().map(|i| shown.iter().map(|r| r.get(*i).map_or(0, |t| width(t))).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in &shown {
        if row.is_empty() || row.iter().all(String::is_empty) && row.len() < 2 {
            out.push('\n');
            continue;
        }
        let mut line = String::new();
        for (n, (i, w)) in order.iter().zip(&widths).enumerate() {
            let text = cell(row, *i);
            let pad = " ".repeat(w.saturating_sub(width(&text)));
            let last = n + 1 == order.len();
            if right.contains(i) {
                line.push_str(&pad);
                line.push_str(&text);
            } else {
                line.push_str(&text);
                if !last {
                    line.push_str(&pad);
                }
            }
            if !last {
                line.push_str(gap);
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}
