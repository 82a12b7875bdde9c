//! md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum, b2sum, cksum, sum: checksums, made and checked.

use super::blake2;
use crate::console::text_format::to_bytes;
use crate::console::tool::{Ctx, Decl, Operand, Opt, Step, flag, value};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

const OPTS: &[Opt] = &[
    flag("b", "binary", "read in binary mode"),
    flag("c", "check", "read checksums from the FILEs and check them"),
    flag("", "tag", "create a BSD-style checksum"),
    flag("t", "text", "read in text mode (default)"),
    flag("z", "zero", "end each output line with NUL, not newline, and disable file name escaping"),
    flag("", "ignore-missing", "don't fail or report status for missing files"),
    flag("", "quiet", "don't print OK for each successfully verified file"),
    flag("", "status", "don't output anything, status code shows success"),
    flag("", "strict", "exit non-zero for improperly formatted checksum lines"),
    flag("w", "warn", "warn about improperly formatted checksum lines"),
];

const fn sums(name: &'static str, about: &'static str, examples: &'static [(&'static str, &'static str)]) -> Decl {
    Decl {
        name,
        synopsis: "[OPTION]... [FILE]...",
        about,
        opts: OPTS,
        operand: Operand::Path,
        examples,
        step: digest,
        ..Decl::BLANK
    }
}

pub(super) const TOOLS: &[Decl] = &[
    sums(
        "md5sum",
        "compute and check MD5 message digests",
        &[("echo x | md5sum", "401b30e3b8b5d629635a5c613cdb7919  -\n")],
    ),
    sums(
        "sha1sum",
        "compute and check SHA1 message digests",
        &[("printf x | sha1sum", "11f6ad8ec52a2984abaafd7c3b516503785c2072  -\n")],
    ),
    sums(
        "sha224sum",
        "compute and check SHA224 message digests",
        &[("printf '' | sha224sum", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f  -\n")],
    ),
    sums(
        "sha256sum",
        "compute and check SHA256 message digests",
        &[
            ("printf '' | sha256sum", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -\n"),
            ("sha256sum notes.txt > s && sha256sum -c s", "notes.txt: OK\n"),
        ],
    ),
    sums(
        "sha384sum",
        "compute and check SHA384 message digests",
        &[("printf x | sha384sum | cut -c1-16", "d752c2c51fba0e29\n")],
    ),
    sums(
        "sha512sum",
        "compute and check SHA512 message digests",
        &[("printf x | sha512sum | cut -c1-16", "a4abd4448c49562d\n")],
    ),
    Decl {
        name: "b2sum",
        synopsis: "[OPTION]... [FILE]...",
        about: "compute and check BLAKE2 message digests",
        opts: &[
            flag("b", "binary", "read in binary mode"),
            flag("c", "check", "read checksums from the FILEs and check them"),
            value("l", "length", "BITS", "digest length in bits; a multiple of 8, not more than 512"),
            flag("", "tag", "create a BSD-style checksum"),
            flag("t", "text", "read in text mode (default)"),
            flag("z", "zero", "end each output line with NUL, not newline, and disable file name escaping"),
            flag("", "ignore-missing", "don't fail or report status for missing files"),
            flag("", "quiet", "don't print OK for each successfully verified file"),
            flag("", "status", "don't output anything, status code shows success"),
            flag("", "strict", "exit non-zero for improperly formatted checksum lines"),
            flag("w", "warn", "warn about improperly formatted checksum lines"),
        ],
        operand: Operand::Path,
        examples: &[(
            "printf abc | b2sum -l 256",
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319  -\n",
        )],
        step: digest,
        ..Decl::BLANK
    },
    Decl {
        name: "cksum",
        synopsis: "[-a ALGORITHM] [FILE]...",
        about: "compute checksums",
        opts: &[
            value("a", "algorithm", "TYPE", "sysv, bsd, crc, md5, sha1, sha224, sha256, sha384, sha512, blake2b"),
            flag("", "untagged", "create a reversed style checksum, without digest type"),
            flag("", "tag", "create a BSD-style checksum (default)"),
        ],
        operand: Operand::Path,
        missing: &["-a sm3, --length, --check."],
        examples: &[("printf x | cksum", "12738659 1\n")],
        step: cksum,
        ..Decl::BLANK
    },
    Decl {
        name: "sum",
        synopsis: "[-rs] [FILE]...",
        about: "checksum and count the blocks in a file",
        opts: &[
            flag("r", "", "use BSD sum algorithm, 1K blocks"),
            flag("s", "sysv", "use System V sum algorithm, 512 bytes blocks"),
        ],
        operand: Operand::Path,
        examples: &[("printf x | sum", "00120     1\n")],
        step: sum,
        ..Decl::BLANK
    },
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The digest of bytes by a tool's or an algorithm's name, in figures; `length` is that of BLAKE2b in bytes.
fn made(name: &str, length: u8, bytes: &[u8]) -> Option<String> {
    Some(match name.trim_end_matches("sum") {
        "b2" | "blake2b" => hex(&blake2::digest(bytes, length)),
        "md5" => hex(&Md5::digest(bytes)),
        "sha1" => hex(&Sha1::digest(bytes)),
        "sha224" => hex(&Sha224::digest(bytes)),
        "sha256" => hex(&Sha256::digest(bytes)),
        "sha384" => hex(&Sha384::digest(bytes)),
        "sha512" => hex(&Sha512::digest(bytes)),
        _ => return None,
    })
}

/// What a tool's algorithm is called in lists.
fn kind_of(tool: &str) -> String {
    match tool.trim_end_matches("sum") {
        "b2" | "blake2b" => "BLAKE2b".to_owned(),
        name => name.to_uppercase(),
    }
}

/// The length of a digest of BLAKE2b in bytes from its bits, or what is wrong with them.
fn length(bits: &str) -> Result<u8, Vec<String>> {
    let bad = format!("invalid length: ‘{bits}’");
    match bits.parse::<u64>() {
        Err(_) => Err(vec![bad]),
        Ok(0) => Ok(64),
        Ok(n) if n > 512 => Err(vec![bad, "maximum digest length for ‘BLAKE2b’ is 512 bits".to_owned()]),
        Ok(n) if n % 8 != 0 => Err(vec![bad, "length is not a multiple of 8".to_owned()]),
        Ok(n) => Ok(u8::try_from(n / 8).unwrap_or(64)),
    }
}

fn digest(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let tool = c.tool.name.clone();
    let kind = kind_of(&tool);
    let length = match length(a.get("l").unwrap_or("0")) {
        Ok(n) => n,
        Err(all) => {
            all.iter().for_each(|why| c.error(why));
            return Step::Exit(1);
        }
    };
    if a.has("tag") && a.has("c") {
        c.p.err.push_str(&format!("{tool}: the --tag option is meaningless when verifying checksums\n"));
        return c.misuse_hint();
    }
    for only in ["ignore-missing", "quiet", "status", "warn", "strict"] {
        let key = if only == "warn" { "w" } else { only };
        if a.has(key) && !a.has("c") {
            c.p.err.push_str(&format!("{tool}: the --{only} option is meaningful only when verifying checksums\n"));
            return c.misuse_hint();
        }
    }
    let names = if a.rest.is_empty() { vec!["-".to_owned()] } else { a.rest.clone() };
    let texts = match c.slurp(&names) {
        Ok(t) => t,
        Err(step) => return step,
    };
    for (name, text) in names.iter().zip(texts) {
        let text = match text {
            Ok(t) => t,
            Err(why) => {
                c.error(&format!("{name}: {why}"));
                continue;
            }
        };
        if a.has("c") {
            check(c, name, &text);
            continue;
        }
        let Some(sum) = made(&tool, length, &to_bytes(&text)) else { continue };
        let kind = if length < 64 { format!("{kind}-{}", u32::from(length) * 8) } else { kind.clone() };
        // A name with a newline or a backslash is escaped, and the line says so.
        let odd = !a.has("z") && name.contains(['\n', '\\', '\r']);
        let shown =
            if odd { name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r") } else { name.clone() };
        let (lead, end) = (if odd { "\\" } else { "" }, if a.has("z") { "\0" } else { "\n" });
        let mark = if a.has("b") { "*" } else { " " };
        c.print(&match a.has("tag") {
            true => format!("{lead}{kind} ({shown}) = {sum}{end}"),
            false => format!("{lead}{sum} {mark}{shown}{end}"),
        });
    }
    Step::Exit(c.tool.status)
}

/// A line of a list of checksums: the sum, its length in bytes and the name.
fn line(text: &str, tool: &str) -> Option<(String, u8, String)> {
    let kind = kind_of(tool);
    let (escaped, text) = text.strip_prefix('\\').map_or((false, text), |t| (true, t));
    // Only BLAKE2b has sums of any length.
    let bytes = match text.strip_prefix(&format!("{kind}-")).and_then(|t| t.split_once(" (")) {
        Some((bits, _)) => length(bits).ok()?,
        None if tool == "b2sum" && !text.starts_with(&kind) => {
            u8::try_from(text.find(|d: char| !d.is_ascii_hexdigit())? / 2).ok().filter(|n| (1..=64).contains(n))?
        }
        None => 64,
    };
    let length = made(tool, bytes, b"")?.len();
    let tagged = if bytes < 64 { format!("{kind}-{} (", u32::from(bytes) * 8) } else { format!("{kind} (") };
    let (sum, name) = match text.strip_prefix(&tagged) {
        Some(rest) => {
            let (name, sum) = rest.rsplit_once(") = ")?;
            (sum, name)
        }
        None => {
            let sum = text.get(..length)?;
            let rest = text.get(length..)?;
            (sum, rest.strip_prefix("  ").or_else(|| rest.strip_prefix(" *")).or_else(|| rest.strip_prefix(' '))?)
        }
    };
    if sum.len() != length || !sum.chars().all(|d| d.is_ascii_hexdigit()) || name.is_empty() {
        return None;
    }
    let name = if escaped { name.replace("\\n", "\n").replace("\\\\", "\\") } else { name.to_owned() };
    Some((sum.to_lowercase(), bytes, name))
}

fn check(c: &mut Ctx<'_>, list: &str, text: &str) {
    let a = c.args.clone();
    let tool = c.tool.name.clone();
    let (mut bad_lines, mut unread, mut wrong, mut good, mut proper) = (0u64, 0u64, 0u64, 0u64, 0u64);
    for (i, l) in text.lines().enumerate() {
        if l.starts_with('#') || l.is_empty() {
            continue;
        }
        let Some((sum, length, name)) = line(l, &tool) else {
            bad_lines += 1;
            if a.has("w") {
                let kind = kind_of(&tool);
                c.p.err.push_str(&format!("{tool}: {list}: {}: improperly formatted {kind} checksum line\n", i + 1));
            }
            continue;
        };
        proper += 1;
        let shown = if name.contains('\n') { format!("\\{}", name.replace('\n', "\\n")) } else { name.clone() };
        match c.load(&name) {
            Err(why) if a.has("ignore-missing") && why == "No such file or directory" => {}
            Err(why) => {
                unread += 1;
                c.p.err.push_str(&format!("{tool}: {name}: {why}\n"));
                if !a.has("status") {
                    c.line(&format!("{shown}: FAILED open or read"));
                }
            }
            Ok(text) if made(&tool, length, &to_bytes(&text)).as_ref() == Some(&sum) => {
                good += 1;
                if !a.has("quiet") && !a.has("status") {
                    c.line(&format!("{shown}: OK"));
                }
            }
            Ok(_) => {
                wrong += 1;
                if !a.has("status") {
                    c.line(&format!("{shown}: FAILED"));
                }
            }
        }
    }
    let list = if list == "-" { "'standard input'" } else { list };
    if proper == 0 {
        c.error(&format!("{list}: no properly formatted checksum lines found"));
        return;
    }
    let quiet = a.has("status");
    let mut warn = |n: u64, one: &str, many: &str| {
        if n > 0 && !quiet {
            let text = if n == 1 { one } else { many };
            c.p.err.push_str(&format!("{tool}: WARNING: {n} {text}\n"));
        }
    };
    warn(bad_lines, "line is improperly formatted", "lines are improperly formatted");
    warn(unread, "listed file could not be read", "listed files could not be read");
    warn(wrong, "computed checksum did NOT match", "computed checksums did NOT match");
    if a.has("ignore-missing") && good + wrong == 0 {
        c.error(&format!("{list}: no file was verified"));
    }
    if unread + wrong > 0 || (a.has("strict") && bad_lines > 0) {
        c.tool.status = 1;
    }
}

/// The checksum of POSIX `cksum`: a CRC over the bytes and their number.
fn crc(bytes: &[u8]) -> u32 {
    let mut sum: u32 = 0;
    let mut add = |b: u8| {
        sum ^= u32::from(b) << 24;
        for _ in 0..8 {
            sum = if sum & 0x8000_0000 != 0 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 };
        }
    };
    bytes.iter().for_each(|b| add(*b));
    let mut n = bytes.len() as u64;
    while n > 0 {
        add(n.to_le_bytes().first().copied().unwrap_or(0));
        n >>= 8;
    }
    !sum
}

fn bsd(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |s: u32, b| ((s >> 1) + ((s & 1) << 15) + u32::from(*b)) & 0xffff)
}

fn sysv(bytes: &[u8]) -> u32 {
    let s = bytes.iter().fold(0u32, |s, b| s.wrapping_add(u32::from(*b)));
    let r = (s & 0xffff) + (s >> 16);
    (r & 0xffff) + (r >> 16)
}

fn each(c: &mut Ctx<'_>, mut show: impl FnMut(&mut Ctx<'_>, &str, &[u8])) -> Step {
    let a = c.args.clone();
    let names = if a.rest.is_empty() { vec!["-".to_owned()] } else { a.rest.clone() };
    let texts = match c.slurp(&names) {
        Ok(t) => t,
        Err(step) => return step,
    };
    for (name, text) in names.iter().zip(texts) {
        match text {
            Ok(t) => show(c, if a.rest.is_empty() { "" } else { name }, &to_bytes(&t)),
            Err(why) => c.error(&format!("{name}: {why}")),
        }
    }
    Step::Exit(c.tool.status)
}

fn cksum(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let kind = a.get("a").unwrap_or("crc").to_owned();
    if !matches!(kind.as_str(), "crc" | "bsd" | "sysv") && made(&kind, 64, b"").is_none() {
        c.error(&format!("invalid argument ‘{kind}’ for ‘--algorithm’"));
        return c.misuse_hint();
    }
    each(c, |c, name, bytes| {
        let size = bytes.len() as u64;
        let tail = if name.is_empty() { String::new() } else { format!(" {name}") };
        let text = match kind.as_str() {
            "crc" => format!("{} {size}{tail}", crc(bytes)),
            "bsd" => format!("{:05} {:>5}{tail}", bsd(bytes), size.div_ceil(1024)),
            "sysv" => format!("{} {}{tail}", sysv(bytes), size.div_ceil(512)),
            k => {
                let sum = made(k, 64, bytes).unwrap_or_default();
                let name = if name.is_empty() { "-" } else { name };
                if a.has("untagged") { format!("{sum}  {name}") } else { format!("{} ({name}) = {sum}", kind_of(k)) }
            }
        };
        c.line(&text);
    })
}

fn sum(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    each(c, |c, name, bytes| {
        let size = bytes.len() as u64;
        let tail = if name.is_empty() { String::new() } else { format!(" {name}") };
        c.line(&match a.has("s") {
            true => format!("{} {}{tail}", sysv(bytes), size.div_ceil(512)),
            false => format!("{:05} {:>5}{tail}", bsd(bytes), size.div_ceil(1024)),
        });
    })
}
