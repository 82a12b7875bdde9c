//! xxd: a hex dump, and back.

use super::{bytes, number};
use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(super) const XXD: Decl = Decl {
    name: "xxd",
    synopsis: "[options] [infile [outfile]]",
    about: "make a hex dump or do the reverse",
    opts: &[
        flag("a", "autoskip", "toggle autoskip: a single '*' replaces nul-lines"),
        flag("b", "bits", "binary digit dump; default hex"),
        value("c", "cols", "cols", "format <cols> octets per line; default 16 (-i: 12, -ps: 30)"),
        flag("d", "", "show offset in decimal instead of hex"),
        flag("e", "", "little-endian dump"),
        value("g", "groupsize", "bytes", "number of octets per group in normal output; default 2"),
        flag("i", "include", "output in C include file style"),
        value("l", "len", "len", "stop after <len> octets"),
        value("n", "name", "name", "set the variable name used in C include output"),
        value("o", "offset", "off", "add <off> to the displayed file position"),
        flag("ps", "", "the same as -p"),
        flag("p", "postscript", "output in postscript plain hexdump style"),
        flag("r", "revert", "reverse operation: convert hexdump into binary"),
        value("s", "seek", "seek", "start at <seek> bytes"),
        flag("u", "uppercase", "use upper case hex letters"),
    ],
    operand: Operand::Path,
    examples: &[
        ("printf 'hi there' | xxd", "00000000: 6869 2074 6865 7265                      hi there\n"),
        ("echo 68690a | xxd -r -p", "hi\n"),
    ],
    step: xxd,
    ..Decl::BLANK
};

/// The byte as text, or a point.
pub(super) fn shown(b: u8) -> char {
    if (32..127).contains(&b) { char::from(b) } else { '.' }
}

fn xxd(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let files: Vec<String> = a.rest.iter().take(1).cloned().collect();
    let mut all = match bytes(c, &files) {
        Ok(b) => b,
        Err(step) => return step,
    };
    if c.tool.status > 0 {
        return Step::Exit(2);
    }
    let plain = a.has("p") || a.has("ps");
    let out = if a.has("r") {
        from_bytes(&revert(&from_bytes(&all), plain))
    } else {
        let get = |key: &str| a.get(key).map(number);
        // A seek with a minus counts from the end.
        let back = a.get("s").and_then(|s| s.strip_prefix('-')).map(number);
        let (seek, len) = (if back.is_some() { back } else { get("s") }, get("l"));
        if seek == Some(None) || len == Some(None) {
            c.error("invalid number");
            return Step::Exit(1);
        }
        let from = seek.flatten().unwrap_or(0).min(all.len());
        let from = match back.flatten() {
            Some(n) if n > all.len() => {
                c.p.err.push_str("xxd: Sorry, cannot seek.\n");
                return Step::Exit(4);
            }
            Some(n) => all.len() - n,
            None => from,
        };
        all.drain(..from);
        all.truncate(len.flatten().unwrap_or(usize::MAX));
        let columns = get("c").flatten();
        let upper = a.has("u");
        let hex = |b: &u8| if upper { format!("{b:02X}") } else { format!("{b:02x}") };
        if a.has("i") {
            include(&all, a.at(0), columns.unwrap_or(12), upper)
        } else if plain {
            let columns = columns.unwrap_or(30).max(1);
            all.chunks(columns).map(|row| row.iter().map(hex).collect::<String>() + "\n").collect()
        } else {
            let bits = a.has("b");
            let columns = columns.filter(|n| *n > 0).unwrap_or(if bits { 6 } else { 16 });
            let group = get("g").flatten().unwrap_or(if bits {
                1
            } else if a.has("e") {
                4
            } else {
                2
            });
            let start = from + get("o").flatten().unwrap_or(0);
            rows(&all, start, columns, group, &a)
        }
    };
    match a.at(1) {
        Some(name) => {
            if let Err(why) = c.put(name, &out, false) {
                c.error(&format!("{name}: {why}"));
                return Step::Exit(3);
            }
        }
        None => c.print(&out),
    }
    Step::Exit(c.tool.status)
}

fn rows(all: &[u8], start: usize, columns: usize, group: usize, a: &crate::console::process::Args) -> String {
    let (bits, upper, little) = (a.has("b"), a.has("u"), a.has("e"));
    let digits = if bits { 8 } else { 2 };
    let group = if group == 0 { columns } else { group };
    let width = digits * columns + (columns.div_ceil(group)).saturating_sub(1);
    let mut out = String::new();
    let mut skipping = 0;
    let count = all.len().div_ceil(columns);
    for (n, row) in all.chunks(columns).enumerate() {
        if a.has("a") && row.len() == columns && row.iter().all(|b| *b == 0) && n + 1 < count {
            skipping += 1;
            if skipping == 2 {
                out.push_str("*\n");
            }
            if skipping >= 2 {
                continue;
            }
        } else {
            skipping = 0;
        }
        let at = start + n * columns;
        out.push_str(&if a.has("d") { format!("{at:08}: ") } else { format!("{at:08x}: ") });
        let mut cells = String::new();
        for (i, part) in row.chunks(group).enumerate() {
            if i > 0 {
                cells.push(' ');
            }
            let text = |b: &u8| match (bits, upper) {
                (true, _) => format!("{b:08b}"),
                (_, true) => format!("{b:02X}"),
                _ => format!("{b:02x}"),
            };
            if little {
                cells.push_str(&"  ".repeat(group - part.len()));
                part.iter().rev().for_each(|b| cells.push_str(&text(b)));
            } else {
                part.iter().for_each(|b| cells.push_str(&text(b)));
            }
        }
        let ascii: String = row.iter().map(|b| shown(*b)).collect();
        out.push_str(&format!("{cells:<width$}  {ascii}\n"));
    }
    out
}

fn include(all: &[u8], name: Option<&str>, columns: usize, upper: bool) -> String {
    let hex = |b: &u8| if upper { format!("0X{b:02X}") } else { format!("0x{b:02x}") };
    let rows: Vec<String> = all
        .chunks(columns.max(1))
        .map(|row| format!("  {}", row.iter().map(hex).collect::<Vec<_>>().join(", ")))
        .collect();
    let body = rows.join(",\n");
    match name.filter(|n| *n != "-") {
        None => format!("{body}\n"),
        Some(name) => {
            let id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            let id = if id.starts_with(|c: char| c.is_ascii_digit()) { format!("__{id}") } else { id };
            format!("unsigned char {id}[] = {{\n{body}\n}};\nunsigned int {id}_len = {};\n", all.len())
        }
    }
}

/// The bytes of a dump.
fn revert(text: &str, plain: bool) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let pairs = |digits: &[u8], out: &mut Vec<u8>| {
        for pair in digits.chunks(2) {
            let value =
                std::str::from_utf8(pair).ok().filter(|p| p.len() == 2).and_then(|p| u8::from_str_radix(p, 16).ok());
            out.extend(value);
        }
    };
    if plain {
        let digits: Vec<u8> = to_bytes(text).into_iter().filter(u8::is_ascii_hexdigit).collect();
        pairs(&digits, &mut out);
        return out;
    }
    for line in text.lines() {
        let Some((offset, body)) = line.split_once(':') else { continue };
        let Ok(at) = usize::from_str_radix(offset.trim(), 16) else { continue };
        // Two blanks end the hex digits.
        let body = body.strip_prefix(' ').unwrap_or(body);
        let hex = body.find("  ").and_then(|i| body.get(..i)).unwrap_or(body);
        let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        if at <= (1 << 24) && at > out.len() {
            out.resize(at, 0);
        }
        out.truncate(at.min(out.len()));
        pairs(&digits, &mut out);
    }
    out
}
