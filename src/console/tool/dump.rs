//! od, xxd, hexdump, strings, iconv: bytes made visible, or of another encoding.

mod format;
mod hex;
mod octal;
mod xxd;

use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};

pub(crate) const TOOLS: &[Decl] = &[
    octal::OD,
    hex::HEXDUMP,
    hex::HD,
    xxd::XXD,
    Decl {
        name: "strings",
        synopsis: "[option(s)] [file(s)]",
        about: "print the sequences of printable characters in files",
        opts: &[
            flag("a", "all", "scan the entire file, not just the data section [default]"),
            flag("f", "print-file-name", "print the name of the file before each string"),
            value("n", "bytes", "number", "locate & print any sequence of at least <number> displayable characters"),
            value("t", "radix", "{o,d,x}", "print the location of the string in base 8, 10 or 16"),
            flag("o", "", "an alias for --radix=o"),
            flag("w", "include-all-whitespace", "include all whitespace as valid string characters"),
        ],
        operand: Operand::Path,
        words: Words::Count,
        examples: &[("printf 'ab\\001disk full\\002x\\n' | strings", "disk full\n")],
        step: strings,
        ..Decl::BLANK
    },
    Decl {
        name: "iconv",
        synopsis: "[-f FROM] [-t TO] [-c] [FILE]...",
        about: "convert text from one character encoding to another",
        opts: &[
            value("f", "from-code", "NAME", "encoding of original text"),
            value("t", "to-code", "NAME", "encoding for output"),
            flag("l", "list", "list all known coded character sets"),
            flag("c", "", "omit invalid characters from output"),
            value("o", "output", "FILE", "output file"),
            flag("s", "silent", "suppress warnings"),
        ],
        operand: Operand::Path,
        missing: &["Encodings other than UTF-8, UTF-16, ISO-8859-1 and ASCII."],
        examples: &[("printf 'abc\\n' | iconv -f ascii -t utf-8", "abc\n")],
        step: iconv,
        ..Decl::BLANK
    },
];

/// All bytes of the inputs; complains of what cannot be read.
fn bytes(c: &mut Ctx<'_>, files: &[String]) -> Result<Vec<u8>, Step> {
    Ok(c.texts(files)?.iter().flat_map(|(_, t)| to_bytes(t)).collect())
}

/// A number as C writes it (`0x10`, `020`, `16`), with a multiplier of 512, 1024 or 1048576.
fn number(text: &str) -> Option<usize> {
    let (sign, t) = text.strip_prefix('+').map_or((1, text), |t| (1, t));
    let (body, scale) = match t.chars().last()? {
        'b' if !t.starts_with("0x") => (t.get(..t.len() - 1)?, 512),
        'k' | 'K' => (t.get(..t.len() - 1)?, 1024),
        'm' | 'M' => (t.get(..t.len() - 1)?, 1 << 20),
        _ => (t, 1),
    };
    let n = if let Some(hex) = body.strip_prefix("0x") {
        usize::from_str_radix(hex, 16).ok()?
    } else if body.len() > 1 && body.starts_with('0') {
        usize::from_str_radix(body, 8).ok()?
    } else {
        body.parse().ok()?
    };
    n.checked_mul(scale)?.checked_mul(sign)
}

fn strings(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let least = match a.get("n").map_or(Some(4), number) {
        Some(n) if n > 0 => n,
        _ => {
            c.error(&format!("invalid minimum string length {}", a.get("n").unwrap_or_default()));
            return Step::Exit(1);
        }
    };
    let radix = if a.has("o") { Some("o") } else { a.get("t") };
    let texts = match c.texts(&a.rest) {
        Ok(t) => t,
        Err(step) => return step,
    };
    for (name, text) in texts {
        let all = to_bytes(&text);
        let fits = |b: u8| (32..127).contains(&b) || b == b'\t' || (a.has("w") && (9..=13).contains(&b));
        let mut at = 0;
        for run in all.split(|b| !fits(*b)) {
            if run.len() >= least {
                if a.has("f") {
                    c.print(&format!("{}: ", if name == "-" { "{standard input}" } else { &name }));
                }
                match radix {
                    Some("o") => c.print(&format!("{at:7o} ")),
                    Some("d") => c.print(&format!("{at:7} ")),
                    Some("x") => c.print(&format!("{at:7x} ")),
                    _ => {}
                }
                c.line(&from_bytes(run));
            }
            at += run.len() + 1;
        }
    }
    Step::Exit(c.tool.status)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Utf8,
    Latin1,
    Ascii,
    Utf16 { big: bool, mark: bool },
}

fn code(name: &str) -> Option<Code> {
    let plain: String = name.split("//").next()?.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    Some(match plain.to_ascii_uppercase().as_str() {
        "" | "UTF8" => Code::Utf8,
        "LATIN1" | "ISO88591" | "L1" => Code::Latin1,
        "ASCII" | "USASCII" | "ANSIX341968" => Code::Ascii,
        "UTF16" => Code::Utf16 { big: false, mark: true },
        "UTF16LE" => Code::Utf16 { big: false, mark: false },
        "UTF16BE" => Code::Utf16 { big: true, mark: false },
        _ => return None,
    })
}

/// The characters of bytes; an invalid one with its place.
fn decode(all: &[u8], from: Code) -> Vec<Result<char, usize>> {
    match from {
        Code::Latin1 => all.iter().map(|b| Ok(char::from(*b))).collect(),
        Code::Ascii => {
            all.iter().enumerate().map(|(i, b)| if *b < 128 { Ok(char::from(*b)) } else { Err(i) }).collect()
        }
        Code::Utf8 => {
            let mut out = Vec::new();
            let mut at = 0;
            for chunk in all.utf8_chunks() {
                out.extend(chunk.valid().chars().map(Ok));
                at += chunk.valid().len();
                if !chunk.invalid().is_empty() {
                    out.push(Err(at));
                }
                at += chunk.invalid().len();
            }
            out
        }
        Code::Utf16 { big, .. } => {
            let mut big = big;
            let mut body = all;
            if let Some(rest) = all.strip_prefix(&[0xff, 0xfe]) {
                (body, big) = (rest, false);
            } else if let Some(rest) = all.strip_prefix(&[0xfe, 0xff]) {
                (body, big) = (rest, true);
            }
            let units = body.chunks(2).map(|p| match p {
                [a, b] if big => u16::from_be_bytes([*a, *b]),
                [a, b] => u16::from_le_bytes([*a, *b]),
                _ => 0xd800,
            });
            char::decode_utf16(units).enumerate().map(|(i, r)| r.map_err(|_| i * 2)).collect()
        }
    }
}

fn iconv(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.has("l") {
        c.line("ASCII// ISO-8859-1// LATIN1// UTF-16// UTF-16BE// UTF-16LE// UTF-8//");
        return Step::Exit(0);
    }
    let (from_name, to_name) = (a.get("f").unwrap_or_default(), a.get("t").unwrap_or_default());
    let (from, to) = match (code(from_name), code(to_name)) {
        (Some(f), Some(t)) => (f, t),
        (None, _) => {
            c.p.err.push_str(&format!("iconv: conversion from `{from_name}' is not supported\nTry `iconv --help' or `iconv --usage' for more information.\n"));
            return Step::Exit(1);
        }
        (_, None) => {
            c.p.err.push_str(&format!("iconv: conversion to `{to_name}' is not supported\nTry `iconv --help' or `iconv --usage' for more information.\n"));
            return Step::Exit(1);
        }
    };
    let all = match bytes(c, &a.rest) {
        Ok(b) => b,
        Err(step) => return step,
    };
    let skip = a.has("c") || to_name.to_ascii_uppercase().contains("//IGNORE");
    let translit = to_name.to_ascii_uppercase().contains("//TRANSLIT");
    let mut out: Vec<u8> = Vec::new();
    let mut failed = None;
    if let Code::Utf16 { mark: true, .. } = to {
        out.extend([0xff, 0xfe]);
    }
    let mut place = 0;
    for ch in decode(&all, from) {
        let ch = match ch {
            Ok(ch) => ch,
            Err(at) => {
                if skip {
                    failed.get_or_insert(String::new());
                    continue;
                }
                failed = Some(format!("cannot convert\niconv: illegal input sequence at position {at}"));
                break;
            }
        };
        let most = match to {
            Code::Ascii => 128,
            Code::Latin1 => 256,
            _ => u32::MAX,
        };
        if u32::from(ch) >= most {
            if translit {
                out.push(b'?');
            } else if skip {
                failed.get_or_insert(String::new());
            } else {
                failed = Some(format!("illegal input sequence at position {place}"));
                break;
            }
        } else {
            match to {
                Code::Utf8 => out.extend_from_slice(ch.encode_utf8(&mut [0; 4]).as_bytes()),
                Code::Latin1 | Code::Ascii => out.push(u8::try_from(u32::from(ch)).unwrap_or(b'?')),
                Code::Utf16 { big, .. } => {
                    for unit in ch.encode_utf16(&mut [0; 2]) {
                        out.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
                    }
                }
            }
        }
        place += ch.len_utf8();
    }
    let text = from_bytes(&out);
    match a.get("o").map(str::to_owned) {
        Some(name) => {
            if let Err(why) = c.put(&name, &text, false) {
                c.error(&format!("unable to open output file: {why}"));
            }
        }
        None => c.print(&text),
    }
    if let Some(why) = failed {
        if why.is_empty() {
            c.tool.status = 1;
        } else {
            let last = why.lines().last().unwrap_or_default().trim_start_matches("iconv: ").to_owned();
            c.error(&last);
        }
    }
    Step::Exit(c.tool.status)
}
