//! base64, base32: bytes as letters and back.

use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::{Ctx, Decl, Operand, Opt, Step, flag, value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const OPTS: &[Opt] = &[
    flag("d", "decode", "decode data"),
    flag("i", "ignore-garbage", "when decoding, ignore non-alphabet characters"),
    value("w", "wrap", "COLS", "wrap encoded lines after COLS character (default 76); 0 disables wrapping"),
];

pub(super) const TOOLS: &[Decl] = &[
    Decl {
        name: "base64",
        synopsis: "[OPTION]... [FILE]",
        about: "base64 encode or decode data and print to standard output",
        opts: OPTS,
        operand: Operand::Path,
        examples: &[("echo hello | base64", "aGVsbG8K\n"), ("echo aGVsbG8K | base64 -d", "hello\n")],
        step: encode,
        ..Decl::BLANK
    },
    Decl {
        name: "base32",
        synopsis: "[OPTION]... [FILE]",
        about: "base32 encode or decode data and print to standard output",
        opts: OPTS,
        operand: Operand::Path,
        examples: &[("echo hello | base32", "NBSWY3DPBI======\n"), ("echo NBSWY3DPBI====== | base32 -d", "hello\n")],
        step: encode,
        ..Decl::BLANK
    },
];

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn to_32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let n = chunk.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)) << (8 * (5 - chunk.len()));
        let used = (chunk.len() * 8).div_ceil(5);
        for i in 0..8 {
            let at = usize::try_from(n >> (35 - 5 * i) & 31).unwrap_or(0);
            let letter = LETTERS.get(at).copied().unwrap_or(b'=');
            out.push(if i < used { char::from(letter) } else { '=' });
        }
    }
    out
}

/// Bytes up to what is wrong, and whether something is.
fn from_32(text: &str) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let letters: Vec<u8> = text.bytes().collect();
    for chunk in letters.chunks(8) {
        let body = chunk.iter().take_while(|b| **b != b'=').count();
        let known = |b: &u8| LETTERS.iter().position(|l| l == b);
        let values: Vec<u64> = chunk.iter().take(body).map_while(known).map(|v| v as u64).collect();
        let padded = chunk.iter().skip(body).all(|b| *b == b'=');
        let n = values.iter().fold(0u64, |n, v| n << 5 | v) << (5 * (8 - values.len()));
        out.extend(n.to_be_bytes().iter().skip(3).take(values.len() * 5 / 8));
        if values.len() < body || chunk.len() < 8 || !padded || matches!(body, 1 | 3 | 6) {
            return (out, true);
        }
    }
    (out, false)
}

fn from_64(text: &str) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        match STANDARD.decode(chunk) {
            Ok(bytes) => out.extend(bytes),
            Err(_) => {
                // What the figures before the fault give is printed all the same.
                let known = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'+' || **b == b'/';
                let good: Vec<u8> = chunk.iter().take_while(known).copied().collect();
                let loose = base64::engine::GeneralPurpose::new(
                    &base64::alphabet::STANDARD,
                    base64::engine::GeneralPurposeConfig::new()
                        .with_decode_allow_trailing_bits(true)
                        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
                );
                out.extend(loose.decode(good).unwrap_or_default());
                return (out, true);
            }
        }
    }
    (out, false)
}

fn encode(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let tool = c.tool.name.clone();
    if let Some(extra) = a.at(1).map(str::to_owned) {
        return c.misuse(&format!("extra operand ‘{extra}’"), 1);
    }
    let width = match a.get("w").unwrap_or("76").parse::<usize>() {
        Ok(w) => w,
        Err(_) => {
            c.error(&format!("invalid wrap size: ‘{}’", a.get("w").unwrap_or_default()));
            return Step::Exit(1);
        }
    };
    let names = vec![a.at(0).unwrap_or("-").to_owned()];
    let text = match c.slurp(&names) {
        Err(step) => return step,
        Ok(mut t) => match t.pop().unwrap_or(Ok(String::new())) {
            Ok(t) => t,
            Err(why) => {
                let name = names.first().cloned().unwrap_or_default();
                c.error(&format!("{name}: {why}"));
                return Step::Exit(1);
            }
        },
    };
    let sixty_four = tool == "base64";
    if a.has("d") {
        let letter = |ch: &char| ch.is_ascii_alphanumeric() || "+/=".contains(*ch);
        let text: String = text.chars().filter(|ch| *ch != '\n' && (!a.has("i") || letter(ch))).collect();
        let (bytes, wrong) = if sixty_four { from_64(&text) } else { from_32(&text) };
        c.print(&from_bytes(&bytes));
        if wrong {
            c.error("invalid input");
        }
        return Step::Exit(c.tool.status);
    }
    let bytes = to_bytes(&text);
    let coded = if sixty_four { STANDARD.encode(&bytes) } else { to_32(&bytes) };
    if width == 0 {
        c.print(&coded);
        return Step::Exit(0);
    }
    let mut rest = coded.as_str();
    while !rest.is_empty() {
        let (head, tail) = rest.split_at(width.min(rest.len()));
        c.line(head);
        rest = tail;
    }
    Step::Exit(0)
}
