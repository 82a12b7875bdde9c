//! hexdump and hd: sixteen bytes a line.

use super::xxd::shown;
use super::{bytes, number};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

const OPTS: &[crate::console::tool::Opt] = &[
    flag("b", "one-byte-octal", "one-byte octal display"),
    flag("c", "one-byte-char", "one-byte character display"),
    flag("C", "canonical", "canonical hex+ASCII display"),
    flag("d", "two-bytes-decimal", "two-byte decimal display"),
    flag("o", "two-bytes-octal", "two-byte octal display"),
    flag("x", "two-bytes-hex", "two-byte hexadecimal display"),
    value("e", "format", "<format>", "format string to be used for displaying data"),
    value("n", "length", "<length>", "interpret only length bytes of input"),
    value("s", "skip", "<offset>", "skip offset bytes from the beginning"),
    flag("v", "no-squeezing", "output identical lines"),
];

pub(super) const HEXDUMP: Decl = Decl {
    name: "hexdump",
    synopsis: "[options] <file>...",
    about: "display file contents in hexadecimal, decimal, octal, or ascii",
    opts: OPTS,
    operand: Operand::Path,
    examples: &[(
        "printf 'hi\\n' | hexdump -C",
        "00000000  68 69 0a                                          |hi.|\n00000003\n",
    )],
    step: hexdump,
    ..Decl::BLANK
};

pub(super) const HD: Decl = Decl {
    name: "hd",
    synopsis: "[options] <file>...",
    about: "display file contents in hexadecimal and ascii",
    opts: OPTS,
    operand: Operand::Path,
    examples: &[(
        "printf 'hi\\n' | hd",
        "00000000  68 69 0a                                          |hi.|\n00000003\n",
    )],
    step: hexdump,
    ..Decl::BLANK
};

/// The name of a byte as `-c` (and `od -c`) shows it.
pub(super) fn escaped(b: u8) -> String {
    match b {
        0 => "\\0".to_owned(),
        7 => "\\a".to_owned(),
        8 => "\\b".to_owned(),
        9 => "\\t".to_owned(),
        10 => "\\n".to_owned(),
        11 => "\\v".to_owned(),
        12 => "\\f".to_owned(),
        13 => "\\r".to_owned(),
        32..=126 => char::from(b).to_string(),
        _ => format!("{b:03o}"),
    }
}

fn row(kind: &str, row: &[u8]) -> String {
    let words = |width: usize, f: &dyn Fn(u16) -> String| -> String {
        row.chunks(2)
            .map(|p| {
                let v = u16::from_le_bytes([p.first().copied().unwrap_or(0), p.get(1).copied().unwrap_or(0)]);
                format!("{:>width$}", f(v))
            })
            .collect()
    };
    match kind {
        "C" => {
            let mut out = String::new();
            for i in 0..16 {
                if i % 8 == 0 {
                    out.push(' ');
                }
                match row.get(i) {
                    Some(b) => out.push_str(&format!("{b:02x} ")),
                    None => out.push_str("   "),
                }
            }
            out = format!(" {out} |");
            out.extend(row.iter().map(|b| shown(*b)));
            out.push('|');
            out
        }
        "b" => row.iter().map(|b| format!(" {b:03o}")).collect(),
        "c" => row.iter().map(|b| format!(" {:>3}", escaped(*b))).collect(),
        "d" => words(8, &|v| format!("{v:05}")),
        "o" => words(8, &|v| format!("{v:06o}")),
        "x" => words(8, &|v| format!("{v:04x}")),
        _ => words(5, &|v| format!("{v:04x}")),
    }
}

/// Full lines of formats other than the canonical one are padded to their width.
fn padding(kind: &str) -> usize {
    match kind {
        "b" | "c" | "d" | "o" | "x" => 64,
        "C" => 0,
        _ => 40,
    }
}

fn hexdump(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let get = |key: &str| a.get(key).map(number);
    if get("n") == Some(None) || get("s") == Some(None) {
        c.error(&format!("failed to parse {}", if get("n") == Some(None) { "length" } else { "offset" }));
        return Step::Exit(1);
    }
    let mut all = match bytes(c, &a.rest) {
        Ok(b) => b,
        Err(step) => return step,
    };
    let skip = get("s").flatten().unwrap_or(0).min(all.len());
    all.drain(..skip);
    all.truncate(get("n").flatten().unwrap_or(usize::MAX));
    if a.has("e") {
        let formats: Vec<&str> = a.flags.iter().filter(|(k, _)| k == "e").map(|(_, v)| v.as_str()).collect();
        return match super::format::show(&formats, &all, skip, a.has("v")) {
            Ok(text) => {
                c.print(&text);
                Step::Exit(c.tool.status)
            }
            Err(why) => {
                c.error(&why);
                Step::Exit(1)
            }
        };
    }
    let last = a.flags.iter().rev().find(|(k, _)| matches!(k.as_str(), "b" | "c" | "C" | "d" | "o" | "x"));
    let kind = last.map_or(if c.tool.name == "hd" { "C" } else { "" }, |(k, _)| k.as_str());
    let digits = if kind == "C" { 8 } else { 7 };
    let mut before: Option<&[u8]> = None;
    let mut starred = false;
    let mut out = String::new();
    for (n, part) in all.chunks(16).enumerate() {
        if !a.has("v") && part.len() == 16 && before == Some(part) {
            if !starred {
                out.push_str("*\n");
            }
            starred = true;
            continue;
        }
        starred = false;
        before = Some(part);
        let text = row(kind, part);
        out.push_str(&format!("{:0digits$x}{text:<pad$}\n", skip + n * 16, pad = padding(kind)));
    }
    if !all.is_empty() {
        out.push_str(&format!("{:0digits$x}\n", skip + all.len()));
    }
    c.print(&out);
    Step::Exit(c.tool.status)
}
