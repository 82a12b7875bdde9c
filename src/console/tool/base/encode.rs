//! base64, base32, basenc: bytes as letters and back.

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
    Decl {
        name: "basenc",
        synopsis: "[OPTION]... [FILE]",
        about: "encode or decode data and print to standard output",
        opts: &[
            flag("", "base64", "same as 'base64' program (RFC4648 section 4)"),
            flag("", "base64url", "file- and url-safe base64 (RFC4648 section 5)"),
            flag("", "base32", "same as 'base32' program (RFC4648 section 6)"),
            flag("", "base32hex", "extended hex alphabet base32 (RFC4648 section 7)"),
            flag("", "base16", "hex encoding (RFC4648 section 8)"),
            flag("", "base2msbf", "bit string with most significant bit (msb) first"),
            flag("", "base2lsbf", "bit string with least significant bit (lsb) first"),
            flag("d", "decode", "decode data"),
            flag("i", "ignore-garbage", "when decoding, ignore non-alphabet characters"),
            value("w", "wrap", "COLS", "wrap encoded lines after COLS character (default 76); 0 disables wrapping"),
            flag("", "z85", "ascii85-like encoding (ZeroMQ spec:32/Z85); the length must be a multiple of 4"),
        ],
        operand: Operand::Path,
        examples: &[
            ("printf hi | basenc --base16", "6869\n"),
            ("printf 6869 | basenc --base16 -d", "hi"),
            ("printf A | basenc --base2msbf", "01000001\n"),
        ],
        step: encode,
        ..Decl::BLANK
    },
];

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS_HEX: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
const LETTERS_85: &[u8; 85] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// The letters of an encoding, without what pads it.
fn letters(code: &str) -> String {
    let text = |all: &[u8]| all.iter().map(|b| char::from(*b)).collect();
    match code {
        "base32" => text(LETTERS),
        "base32hex" => text(LETTERS_HEX),
        "base16" => "0123456789ABCDEF".to_owned(),
        "base2msbf" | "base2lsbf" => "01".to_owned(),
        "z85" => text(LETTERS_85),
        code => ('a'..='z')
            .chain('A'..='Z')
            .chain('0'..='9')
            .chain(if code == "base64url" { ['-', '_'] } else { ['+', '/'] })
            .collect(),
    }
}

fn coded(code: &str, bytes: &[u8]) -> String {
    let bit = |b: &u8, i: u8| if b >> i & 1 == 1 { '1' } else { '0' };
    match code {
        "base64" => STANDARD.encode(bytes),
        "base64url" => STANDARD.encode(bytes).replace('+', "-").replace('/', "_"),
        "base32" => to_32(bytes, LETTERS),
        "base32hex" => to_32(bytes, LETTERS_HEX),
        "base16" => bytes.iter().map(|b| format!("{b:02X}")).collect(),
        "base2msbf" => bytes.iter().flat_map(|b| (0..8).rev().map(move |i| bit(b, i))).collect(),
        "base2lsbf" => bytes.iter().flat_map(|b| (0..8).map(move |i| bit(b, i))).collect(),
        _ => {
            let mut out = String::new();
            for part in bytes.chunks(4) {
                let n = part.iter().fold(0u32, |n, b| n << 8 | u32::from(*b));
                for power in (0..5).rev() {
                    let at = usize::try_from(n / 85u32.pow(power) % 85).unwrap_or(0);
                    out.extend(LETTERS_85.get(at).map(|b| char::from(*b)));
                }
            }
            out
        }
    }
}

/// Bytes up to what is wrong, and whether something is.
fn decoded(code: &str, text: &str) -> (Vec<u8>, bool) {
    let letters = letters(code);
    let size = match code {
        "base64" => return from_64(text),
        "base64url" => {
            let swap = |c| match c {
                '-' => '+',
                '_' => '/',
                '+' | '/' => '!',
                c => c,
            };
            return from_64(&text.chars().map(swap).collect::<String>());
        }
        "base32" => return from_32(text, LETTERS),
        "base32hex" => return from_32(text, LETTERS_HEX),
        "base16" => 2,
        "z85" => 5,
        _ => 8,
    };
    let (mut out, mut digits) = (Vec::new(), Vec::new());
    for ch in text.chars() {
        let Some(n) = letters.find(ch) else { return (out, true) };
        digits.push(n as u64);
        if digits.len() < size {
            continue;
        }
        if code == "base2lsbf" {
            digits.reverse();
        }
        let n = digits.iter().fold(0, |n, d| n * letters.len() as u64 + d);
        digits.clear();
        if code == "z85" {
            let Ok(n) = u32::try_from(n) else { return (out, true) };
            out.extend(n.to_be_bytes());
        } else {
            out.extend(u8::try_from(n));
        }
    }
    (out, !digits.is_empty())
}

fn to_32(bytes: &[u8], letters: &[u8; 32]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let n = chunk.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)) << (8 * (5 - chunk.len()));
        let used = (chunk.len() * 8).div_ceil(5);
        for i in 0..8 {
            let at = usize::try_from(n >> (35 - 5 * i) & 31).unwrap_or(0);
            let letter = letters.get(at).copied().unwrap_or(b'=');
            out.push(if i < used { char::from(letter) } else { '=' });
        }
    }
    out
}

/// Bytes up to what is wrong, and whether something is.
fn from_32(text: &str, letters: &[u8; 32]) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    for chunk in text.as_bytes().chunks(8) {
        // A group that is not whole gives nothing.
        if chunk.len() < 8 {
            return (out, true);
        }
        let body = chunk.iter().take_while(|b| **b != b'=').count();
        let known = |b: &u8| letters.iter().position(|l| l == b);
        let values: Vec<u64> = chunk.iter().take(body).map_while(known).map(|v| v as u64).collect();
        let padded = chunk.iter().skip(body).all(|b| *b == b'=');
        let n = values.iter().fold(0u64, |n, v| n << 5 | v) << (5 * (8 - values.len()));
        out.extend(n.to_be_bytes().iter().skip(3).take(values.len() * 5 / 8));
        if values.len() < body || !padded || matches!(body, 1 | 3 | 6) {
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
    let codes = ["base64", "base64url", "base32", "base32hex", "base16", "base2msbf", "base2lsbf", "z85"];
    let given = a.flags.iter().rev().find(|(k, _)| codes.contains(&k.as_str())).map(|(k, _)| k.clone());
    let code = match given {
        Some(code) => code,
        None if tool == "basenc" => return c.misuse("missing encoding type", 1),
        None => tool,
    };
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
    if a.has("d") {
        let known = letters(&code);
        // The mark of what is missing is no garbage, though only some codes have it.
        let letter = |ch: &char| known.contains(*ch) || *ch == '=';
        let text: String = text.chars().filter(|ch| *ch != '\n' && (!a.has("i") || letter(ch))).collect();
        let (bytes, wrong) = decoded(&code, &text);
        c.print(&from_bytes(&bytes));
        if wrong {
            c.error("invalid input");
        }
        return Step::Exit(c.tool.status);
    }
    let bytes = to_bytes(&text);
    if code == "z85" && bytes.len() % 4 != 0 {
        c.error("invalid input (length must be multiple of 4 characters)");
        return Step::Exit(1);
    }
    let coded = coded(&code, &bytes);
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
