//! od: bytes in octal and other formats.

use super::hex::escaped;
use super::xxd::shown;
use super::{bytes, number};
use crate::console::text_format::{Spec, float};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(super) const OD: Decl = Decl {
    name: "od",
    synopsis: "[OPTION]... [FILE]...",
    about: "dump files in octal and other formats",
    opts: &[
        value("A", "address-radix", "RADIX", "output format for file offsets: d, o, x or n"),
        value("", "endian", "{big|little}", "swap input bytes according the specified order"),
        value("j", "skip-bytes", "BYTES", "skip BYTES input bytes first"),
        value("N", "read-bytes", "BYTES", "limit dump to BYTES input bytes"),
        value("S", "strings", "BYTES", "output strings of at least BYTES graphic chars (not simulated)"),
        value(
            "t",
            "format",
            "TYPE",
            "select output format or formats: a, c, d[SIZE], f[SIZE], o[SIZE], u[SIZE], x[SIZE], with z",
        ),
        flag("v", "output-duplicates", "do not use * to mark line suppression"),
        value("w", "width", "[BYTES]", "output BYTES bytes per output line"),
        flag("a", "", "same as -t a"),
        flag("b", "", "same as -t o1"),
        flag("c", "", "same as -t c"),
        flag("d", "", "same as -t u2"),
        flag("f", "", "same as -t fF"),
        flag("i", "", "same as -t dI"),
        flag("l", "", "same as -t dL"),
        flag("o", "", "same as -t o2"),
        flag("s", "", "same as -t d2"),
        flag("x", "", "same as -t x2"),
    ],
    operand: Operand::Path,
    missing: &["--traditional and the old way to name an offset; -S."],
    examples: &[("printf 'hi\\n' | od -c", "0000000   h   i  \\n\n0000003\n"), ("printf AB | od -An -tx1", " 41 42\n")],
    step: od,
    ..Decl::BLANK
};

/// One of the formats of `-t`.
struct Format {
    kind: char,
    size: usize,
    text: bool,
    /// Columns of one item without the blank before it.
    width: usize,
}

fn formats(text: &str) -> Result<Vec<Format>, String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(kind) = chars.next() {
        if !"acdfoux".contains(kind) {
            return Err(format!("invalid character '{kind}' in type string ‘{text}’"));
        }
        let mut size = match kind {
            'a' | 'c' => 1,
            'f' => 8,
            _ => 4,
        };
        if !matches!(kind, 'a' | 'c') {
            let mut digits = String::new();
            while let Some(d) = chars.peek().filter(|d| d.is_ascii_digit()) {
                digits.push(*d);
                chars.next();
            }
            match chars.peek() {
                _ if !digits.is_empty() => size = digits.parse().unwrap_or(0),
                Some('C') if kind != 'f' => (size, _) = (1, chars.next()),
                Some('S') if kind != 'f' => (size, _) = (2, chars.next()),
                Some('I') if kind != 'f' => (size, _) = (4, chars.next()),
                Some('L') if kind != 'f' => (size, _) = (8, chars.next()),
                Some('F') if kind == 'f' => (size, _) = (4, chars.next()),
                Some('D') if kind == 'f' => (size, _) = (8, chars.next()),
                _ => {}
            }
        }
        let width = match (kind, size) {
            ('a' | 'c', _) => 3,
            ('d', 1) => 4,
            ('d', 2) => 6,
            ('d', 4) => 11,
            ('d', 8) => 20,
            ('u', 1) => 3,
            ('u', 2) => 5,
            ('u', 4) => 10,
            ('u', 8) => 20,
            ('o', 1) => 3,
            ('o', 2) => 6,
            ('o', 4) => 11,
            ('o', 8) => 22,
            ('x', n @ (1 | 2 | 4 | 8)) => n * 2,
            ('f', 4) => 15,
            ('f', 8) => 24,
            _ => {
                let what = if kind == 'f' { "floating point" } else { "integral" };
                return Err(format!(
                    "invalid type string ‘{text}’;\nthis system doesn't provide a {size}-byte {what} type"
                ));
            }
        };
        let mut shows = false;
        while chars.next_if_eq(&'z').is_some() {
            shows = true;
        }
        out.push(Format { kind, size, text: shows, width });
    }
    Ok(out)
}

fn item(f: &Format, part: &[u8], big: bool) -> String {
    let mut padded = part.to_vec();
    padded.resize(f.size, 0);
    if big {
        padded.reverse();
    }
    let raw = padded.iter().rev().fold(0u64, |n, b| (n << 8) | u64::from(*b));
    let first = part.first().copied().unwrap_or(0);
    match f.kind {
        'c' => escaped(first),
        'a' => {
            let low = first & 127;
            let names = [
                "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si",
                "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs",
                "us", "sp",
            ];
            match names.get(usize::from(low)) {
                Some(n) => (*n).to_owned(),
                None if low == 127 => "del".to_owned(),
                None => char::from(low).to_string(),
            }
        }
        'd' => match f.size {
            1 => i8::from_le_bytes([first]).to_string(),
            2 => {
                let [a, b, ..] = raw.to_le_bytes();
                i16::from_le_bytes([a, b]).to_string()
            }
            4 => {
                let [a, b, c, d, ..] = raw.to_le_bytes();
                i32::from_le_bytes([a, b, c, d]).to_string()
            }
            _ => i64::from_le_bytes(raw.to_le_bytes()).to_string(),
        },
        'u' => raw.to_string(),
        'o' => format!("{raw:0width$o}", width = f.width),
        'x' => format!("{raw:0width$x}", width = f.width),
        _ => {
            let [a, b, c, d, ..] = raw.to_le_bytes();
            let (v, digits) =
                if f.size == 4 { (f64::from(f32::from_le_bytes([a, b, c, d])), 9) } else { (f64::from_bits(raw), 17) };
            shortest(v, digits, f.size == 4)
        }
    }
}

/// As few digits as tell the number from its neighbours.
fn shortest(v: f64, most: usize, single: bool) -> String {
    for precision in 1..=most {
        let text = float(&Spec { precision: Some(precision), ..Spec::default() }, 'g', v);
        let back = text.parse::<f64>().unwrap_or(f64::NAN);
        let same = if single { text.parse::<f32>().is_ok_and(|b| f64::from(b) == v) } else { back == v };
        if same {
            return text;
        }
    }
    float(&Spec { precision: Some(most), ..Spec::default() }, 'g', v)
}

fn od(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.has("S") {
        c.error("-S is not simulated here; strings shows them");
        return Step::Exit(1);
    }
    let mut kinds = Vec::new();
    for (k, v) in &a.flags {
        let text = match k.as_str() {
            "t" => v.as_str(),
            "a" => "a",
            "b" => "o1",
            "c" => "c",
            "d" => "u2",
            "f" => "fF",
            "i" => "dI",
            "l" => "dL",
            "o" => "o2",
            "s" => "d2",
            "x" => "x2",
            _ => continue,
        };
        match formats(text) {
            Ok(f) => kinds.extend(f),
            Err(why) => {
                c.error(&why);
                return Step::Exit(1);
            }
        }
    }
    if kinds.is_empty() {
        kinds.push(Format { kind: 'o', size: 2, text: false, width: 6 });
    }
    let mut numbers = Vec::new();
    for (key, long) in [("j", "skip-bytes"), ("N", "read-bytes"), ("w", "width")] {
        match a.get(key).map(|v| if v.is_empty() { Some(32) } else { number(v) }) {
            Some(None) => {
                c.error(
                    &format!("invalid -{key} argument ‘{}’", a.get(key).unwrap_or_default())
                        .replace("invalid -w", &format!("invalid --{long}")),
                );
                return Step::Exit(1);
            }
            other => numbers.push(other.flatten()),
        }
    }
    let radix = a.get("A").and_then(|r| r.chars().next()).unwrap_or('o');
    if !"doxn".contains(radix) {
        c.error(&format!("invalid output address radix '{radix}'; it must be one character from [doxn]"));
        return Step::Exit(1);
    }
    let address = |n: usize| match radix {
        'd' => format!("{n:07}"),
        'x' => format!("{n:06x}"),
        'n' => String::new(),
        _ => format!("{n:07o}"),
    };
    let mut all = match bytes(c, &a.rest) {
        Ok(b) => b,
        Err(step) => return step,
    };
    let skip = numbers.first().copied().flatten().unwrap_or(0);
    if skip > all.len() {
        c.error("cannot skip past end of combined input");
        return Step::Exit(1);
    }
    all.drain(..skip);
    all.truncate(numbers.get(1).copied().flatten().unwrap_or(usize::MAX));
    let unit = kinds.iter().map(|f| f.size).max().unwrap_or(1);
    let mut per_line = numbers.get(2).copied().flatten().unwrap_or(16);
    if per_line == 0 || per_line % unit != 0 {
        c.error(&format!("warning: invalid width {per_line}; using {unit} instead"));
        c.tool.status = 0;
        per_line = unit;
    }
    // Every block of the largest item is as wide as the widest format needs.
    let block = kinds.iter().map(|f| (f.width + 1) * (unit / f.size)).max().unwrap_or(0);
    let big = a.get("endian") == Some("big");
    let mut out = String::new();
    let mut before: Option<&[u8]> = None;
    let mut starred = false;
    for (n, row) in all.chunks(per_line).enumerate() {
        if !a.has("v") && row.len() == per_line && before == Some(row) {
            if !starred {
                out.push_str("*\n");
            }
            starred = true;
            continue;
        }
        starred = false;
        before = Some(row);
        for (i, f) in kinds.iter().enumerate() {
            let lead = address(skip + n * per_line);
            out.push_str(&if i == 0 { lead } else { " ".repeat(lead.len()) });
            let items = unit / f.size;
            let mut used = 0;
            for (at, part) in row.chunks(f.size).enumerate() {
                // What is left over of a block is spread before its items.
                let place = at % items;
                let pad = (block * (place + 1)) / items - (block * place) / items;
                out.push_str(&format!("{:>pad$}", item(f, part, big)));
                used += 1;
            }
            if f.text {
                let missing = per_line / f.size - used;
                out.push_str(&" ".repeat(missing * block / items));
                out.push_str("  >");
                out.extend(row.iter().map(|b| shown(*b)));
                out.push('<');
            }
            out.push('\n');
        }
    }
    if radix != 'n' {
        out.push_str(&address(skip + all.len()));
        out.push('\n');
    }
    c.print(&out);
    Step::Exit(c.tool.status)
}
