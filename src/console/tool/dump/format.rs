//! Formats of hexdump's `-e`: units such as `16/1 "%02x "` that share out each block of the input.

use super::hex::escaped;
use super::xxd::shown;
use crate::console::escape::{Kind, sequences};
use crate::console::text_format::{Spec, float, from_bytes, integer, padded, spec};

/// Bytes of a block at most.
const MOST: usize = 1 << 20;

/// Text before a conversion, and the conversion with the bytes it takes; none behind the last one.
struct Piece {
    text: String,
    what: Option<(Spec, Conversion, usize)>,
}

#[derive(Clone, Copy)]
enum Conversion {
    /// `%_a` and the base it is shown in; `last` is `%_A`, which is shown once, at the end.
    Address {
        kind: char,
        last: bool,
    },
    Char,
    /// `%_c`, `%_p`, `%_u`.
    Named(char),
    Integer(char),
    Float(char),
    Text,
}

struct Unit {
    times: usize,
    /// The count was given.
    fixed: bool,
    pieces: Vec<Piece>,
}

impl Unit {
    fn bytes(&self) -> usize {
        self.pieces.iter().filter_map(|p| p.what.as_ref()).map(|w| w.2).sum()
    }

    fn ends(&self) -> bool {
        self.pieces.iter().any(|p| matches!(p.what, Some((_, Conversion::Address { last: true, .. }, _))))
    }
}

/// Names of the control characters for `%_u`.
const CONTROLS: [&str; 32] = [
    "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "lf", "vt", "ff", "cr", "so", "si", "dle",
    "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us",
];

fn conversion(chars: &[char], size: Option<usize>, s: &Spec) -> Result<(Conversion, usize, usize), String> {
    let bad = |k: &str| Err(format!("bad conversion character %{k}"));
    let first = chars.first().copied().unwrap_or('%');
    let sized = |default: usize, all: &[usize]| match size {
        None => Ok(default),
        Some(n) if all.contains(&n) => Ok(n),
        Some(_) => Err(format!("bad byte count for conversion character {first}")),
    };
    Ok(match first {
        'c' => (Conversion::Char, 1, sized(1, &[1])?),
        'd' | 'i' | 'o' | 'u' | 'x' | 'X' => (Conversion::Integer(first), 1, sized(4, &[1, 2, 4, 8])?),
        'e' | 'E' | 'f' | 'g' | 'G' => (Conversion::Float(first), 1, sized(8, &[4, 8])?),
        's' => match size.or(s.precision) {
            Some(n) => (Conversion::Text, 1, n),
            None => return Err("%s requires a precision or a byte count".to_owned()),
        },
        '_' => match (chars.get(1), chars.get(2)) {
            (Some(a @ ('a' | 'A')), Some(kind @ ('d' | 'o' | 'x'))) => {
                (Conversion::Address { kind: *kind, last: *a == 'A' }, 3, 0)
            }
            (Some(k @ ('c' | 'p' | 'u')), _) => (Conversion::Named(*k), 2, sized(1, &[1])?),
            (k, _) => return bad(&format!("_{}", k.copied().unwrap_or(' '))),
        },
        other => return bad(&other.to_string()),
    })
}

fn unit(times: usize, fixed: bool, size: Option<usize>, text: &str) -> Result<Unit, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    let (mut before, mut at) = (String::new(), 0);
    while let Some(ch) = chars.get(at) {
        at += 1;
        if *ch != '%' {
            before.push(*ch);
            continue;
        }
        let (s, used) = spec(chars.get(at..).unwrap_or_default(), || 0);
        at += used;
        let (what, used, bytes) = conversion(chars.get(at..).unwrap_or_default(), size, &s)?;
        at += used;
        pieces.push(Piece { text: std::mem::take(&mut before), what: Some((s, what, bytes)) });
    }
    if !before.is_empty() {
        pieces.push(Piece { text: before, what: None });
    }
    if size.is_some() && pieces.iter().filter(|p| p.what.as_ref().is_some_and(|w| w.2 > 0)).count() > 1 {
        return Err("byte count with multiple conversion characters".to_owned());
    }
    Ok(Unit { times, fixed, pieces })
}

/// Reads one format: units of a count, `/` and a size, and a text in quotes.
fn units(text: &str) -> Result<Vec<Unit>, String> {
    let bad = || format!("bad format {{{text}}}");
    let mut all = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (head, tail) = rest.split_once('"').ok_or_else(bad)?;
        let (body, after) = tail.split_once('"').ok_or_else(bad)?;
        let (times, size) = head.split_once('/').unwrap_or((head, ""));
        let read = |t: &str| match t.trim() {
            "" => Ok(None),
            t => t.parse::<usize>().ok().filter(|n| (1..=MOST).contains(n)).map(Some).ok_or_else(bad),
        };
        let (times, size) = (read(times)?, read(size)?);
        let body = sequences(body, Kind::Echo).0;
        all.push(unit(times.unwrap_or(1), times.is_some(), size, &body)?);
        rest = after.trim_start();
    }
    Ok(all)
}

/// What a conversion makes of its bytes, of which those behind the end of the input are zero.
fn shown_as(s: &Spec, what: Conversion, part: &[u8], address: usize) -> String {
    let value = part.iter().rev().fold(0u64, |n, b| (n << 8) | u64::from(*b));
    let first = part.first().copied().unwrap_or(0);
    match what {
        Conversion::Address { kind, .. } => integer(s, kind, i128::try_from(address).unwrap_or(0)),
        Conversion::Char => padded(s, &from_bytes(&[first])),
        Conversion::Named('p') => padded(s, &shown(first).to_string()),
        Conversion::Named('u') => match CONTROLS.get(usize::from(first)) {
            Some(name) => padded(s, name),
            None if first == 0x7f => padded(s, "del"),
            None if first > 0x7f => padded(s, &format!("{first:x}")),
            None => padded(s, &char::from(first).to_string()),
        },
        Conversion::Named(_) => padded(s, &escaped(first)),
        Conversion::Integer(k) => {
            let bits = u32::try_from(part.len() * 8).unwrap_or(64).clamp(8, 64);
            let signed = matches!(k, 'd' | 'i') && value >> (bits - 1) == 1;
            integer(s, k, i128::from(value) - if signed { 1i128 << bits } else { 0 })
        }
        Conversion::Float(k) if part.len() == 4 => {
            float(s, k, f64::from(f32::from_bits(u32::try_from(value).unwrap_or(0))))
        }
        Conversion::Float(k) => float(s, k, f64::from_bits(value)),
        Conversion::Text => {
            let end = part.iter().position(|b| *b == 0).unwrap_or(part.len());
            padded(s, &from_bytes(part.get(..end).unwrap_or_default()))
        }
    }
}

/// One block by one format; `end` is where the input ends, behind which there are blanks.
fn block(out: &mut String, all: &[Unit], bytes: &[u8], from: usize, end: usize) {
    let mut at = 0;
    for u in all.iter().filter(|u| !u.ends()) {
        for time in 0..u.times {
            for (i, p) in u.pieces.iter().enumerate() {
                // A blank at the end of a repeated unit does not stand behind its last time.
                let last = u.times > 1 && time + 1 == u.times && i + 1 == u.pieces.len() && p.what.is_none();
                out.push_str(if last { p.text.strip_suffix(char::is_whitespace).unwrap_or(&p.text) } else { &p.text });
                let Some((s, what, size)) = &p.what else { continue };
                if from + at >= end {
                    out.push_str(&" ".repeat(s.width));
                } else {
                    let part: Vec<u8> = (at..at + size).map(|i| bytes.get(i).copied().unwrap_or(0)).collect();
                    out.push_str(&shown_as(s, *what, &part, from + at));
                }
                at += size;
            }
        }
    }
}

/// The input as the formats show it, from this offset on; `all_lines` shows equal blocks too.
pub(super) fn show(formats: &[&str], bytes: &[u8], offset: usize, all_lines: bool) -> Result<String, String> {
    let mut all = formats.iter().map(|f| units(f)).collect::<Result<Vec<_>, _>>()?;
    let size = |f: &[Unit]| f.iter().map(|u| u.times * u.bytes()).sum::<usize>();
    let high = all.iter().map(|f| size(f)).max().unwrap_or(0);
    if high > MOST {
        return Err("format is too long".to_owned());
    }
    for f in &mut all {
        let have = size(f);
        // What a format leaves of the block goes to its last unit, unless that has a count.
        if let Some(u) = f.last_mut().filter(|u| !u.fixed && u.bytes() > 0) {
            u.times += (high - have) / u.bytes();
        }
    }
    let mut out = String::new();
    if high == 0 {
        return Ok(out);
    }
    let end = offset + bytes.len();
    let (mut before, mut starred): (Option<&[u8]>, bool) = (None, false);
    for (n, part) in bytes.chunks(high).enumerate() {
        if !all_lines && before == Some(part) {
            if !starred {
                out.push_str("*\n");
            }
            starred = true;
            continue;
        }
        starred = false;
        before = Some(part);
        for f in &all {
            block(&mut out, f, part, offset + n * high, end);
        }
    }
    for p in all.iter().flatten().filter(|u| u.ends()).flat_map(|u| &u.pieces) {
        out.push_str(&p.text);
        if let Some((s, what, _)) = &p.what {
            out.push_str(&shown_as(s, *what, &[], end));
        }
    }
    Ok(out)
}
