//! dd: copies blocks, with what it says about it.

use crate::console::devfs;
use crate::console::machine::Read;
use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::file::unit::multiplier;
use crate::console::tool::mutate;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words};
use crate::sim::effect::FileAct;

pub(super) const DD: Decl = Decl {
    name: "dd",
    synopsis: "[OPERAND]... (if= of= bs= ibs= obs= count= skip= seek= conv= iflag= oflag= status=)",
    about: "convert and copy a file",
    operand: Operand::Path,
    words: Words::Raw,
    missing: &[
        "conv= other than notrunc, sync, noerror, fsync, fdatasync, ucase, lcase, swab; flags other than append, count_bytes, skip_bytes.",
        "More than 64 MiB through pipes; to a file zeros of any number may be written, as far as there is room.",
    ],
    examples: &[
        ("printf abcdef | dd bs=2 count=2 status=none", "abcd"),
        ("dd if=/dev/zero of=z bs=1k count=4 status=none && stat -c %s z", "4096\n"),
        ("dd if=nosuch", "dd: failed to open 'nosuch': No such file or directory\n"),
    ],
    step: dd,
    ..Decl::BLANK
};

/// Bytes in memory at most.
const MOST: u64 = 64 << 20;

struct Plan {
    from: Option<String>,
    to: Option<String>,
    ibs: u64,
    obs: u64,
    count: Option<u64>,
    skip: u64,
    seek: u64,
    conv: Vec<String>,
    flags: Vec<String>,
    status: String,
}

fn number(text: &str) -> Option<u64> {
    let mut product: u64 = 1;
    for part in text.split('x') {
        let at = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (digits, letters) = part.split_at(at);
        let scale = match letters {
            "c" => 1,
            "w" => 2,
            "b" => 512,
            "B" => 1,
            "k" => 1024,
            l => multiplier(l)?,
        };
        product = product.checked_mul(digits.parse::<u64>().ok()?)?.checked_mul(scale)?;
    }
    Some(product)
}

fn plan(words: &[String]) -> Result<Plan, String> {
    let mut p = Plan {
        from: None,
        to: None,
        ibs: 512,
        obs: 512,
        count: None,
        skip: 0,
        seek: 0,
        conv: Vec::new(),
        flags: Vec::new(),
        status: String::new(),
    };
    for w in words {
        let Some((key, v)) = w.split_once('=') else { return Err(format!("unrecognized operand ‘{w}’")) };
        let n = || number(v).ok_or_else(|| format!("invalid number: ‘{v}’"));
        let list = || v.split(',').map(str::to_owned).collect::<Vec<_>>();
        match key {
            "if" => p.from = Some(v.to_owned()),
            "of" => p.to = Some(v.to_owned()),
            "bs" => (p.ibs, p.obs) = (n()?, n()?),
            "ibs" => p.ibs = n()?,
            "obs" => p.obs = n()?,
            "count" => p.count = Some(n()?),
            "skip" | "iseek" => p.skip = n()?,
            "seek" | "oseek" => p.seek = n()?,
            "status" => p.status = v.to_owned(),
            "cbs" => {}
            "conv" => {
                for word in list() {
                    let known = [
                        "notrunc",
                        "sync",
                        "noerror",
                        "fsync",
                        "fdatasync",
                        "ucase",
                        "lcase",
                        "swab",
                        "excl",
                        "nocreat",
                        "sparse",
                    ];
                    if !known.contains(&word.as_str()) {
                        return Err(format!("invalid conversion: ‘{word}’"));
                    }
                    p.conv.push(word);
                }
            }
            "iflag" | "oflag" => {
                for word in list() {
                    let known = [
                        "append",
                        "direct",
                        "dsync",
                        "sync",
                        "fullblock",
                        "nonblock",
                        "noatime",
                        "count_bytes",
                        "skip_bytes",
                        "seek_bytes",
                        "nocache",
                    ];
                    if !known.contains(&word.as_str()) {
                        let side = if key == "iflag" { "input" } else { "output" };
                        return Err(format!("invalid {side} flag: ‘{word}’"));
                    }
                    p.flags.push(word);
                }
            }
            _ => return Err(format!("unrecognized operand ‘{w}’")),
        }
    }
    if p.ibs == 0 || p.obs == 0 {
        return Err("invalid number: ‘0’".to_owned());
    }
    Ok(p)
}

fn dd(c: &mut Ctx<'_>) -> Step {
    let words = c.args.rest.clone();
    let p = match plan(&words) {
        Ok(p) => p,
        Err(why) => {
            let hint = !why.starts_with("invalid number");
            c.error(&why);
            return if hint { c.misuse_hint() } else { Step::Exit(1) };
        }
    };
    let flag = |f: &str| p.flags.iter().any(|x| x == f);
    let limit = p.count.map(|n| if flag("count_bytes") { n } else { n.saturating_mul(p.ibs) });
    let skip = if flag("skip_bytes") { p.skip } else { p.skip.saturating_mul(p.ibs) };
    let input = match p.from.as_deref() {
        Some("/dev/zero" | "/dev/urandom" | "/dev/random" | "/dev/full") => {
            let Some(n) = limit else {
                c.error("a device without end needs count= in this shell");
                return Step::Exit(1);
            };
            return finish(c, &p, n, None);
        }
        Some("/dev/null") => Vec::new(),
        None | Some("/dev/stdin" | "-") => {
            let enough = limit.map(|l| l.saturating_add(skip));
            loop {
                if enough.is_some_and(|n| c.tool.text.len() as u64 >= n) {
                    break;
                }
                let room = enough.and_then(|n| usize::try_from(n.saturating_sub(c.tool.text.len() as u64)).ok());
                match c.con.take(c.p, 0, None, room) {
                    Read::Bytes(t) if c.tool.text.len() as u64 + t.len() as u64 > MOST => {
                        c.error("memory exhausted by input buffer");
                        return Step::Exit(1);
                    }
                    Read::Bytes(t) => c.tool.text.push_str(&t),
                    Read::Later => return Step::Wait,
                    Read::End => break,
                }
            }
            to_bytes(&std::mem::take(&mut c.tool.text))
        }
        Some(name) => match c.load(name) {
            Ok(t) => to_bytes(&t),
            Err(why) if why == "Is a directory" => {
                c.error(&format!("error reading {}: Is a directory", shell_quoted(name)));
                say(c, &p, 0, 0);
                return Step::Exit(1);
            }
            Err(why) => {
                c.error(&format!("failed to open {}: {why}", shell_quoted(name)));
                return Step::Exit(1);
            }
        },
    };
    let from = usize::try_from(skip).unwrap_or(usize::MAX).min(input.len());
    if skip > input.len() as u64 && p.status != "none" {
        let name = p.from.clone().unwrap_or("standard input".to_owned());
        let name = if name == "standard input" { "'standard input'".to_owned() } else { shell_quoted(&name) };
        c.p.err.push_str(&format!("dd: {name}: cannot skip to specified offset\n"));
    }
    let mut body: Vec<u8> = input.get(from..).unwrap_or_default().to_vec();
    if let Some(n) = limit.and_then(|n| usize::try_from(n).ok()) {
        body.truncate(n);
    }
    for conv in &p.conv {
        match conv.as_str() {
            "ucase" => body.make_ascii_uppercase(),
            "lcase" => body.make_ascii_lowercase(),
            "swab" => body.chunks_exact_mut(2).for_each(|b| b.reverse()),
            _ => {}
        }
    }
    let n = body.len() as u64;
    if p.conv.iter().any(|x| x == "sync") {
        let whole = usize::try_from(n.div_ceil(p.ibs).saturating_mul(p.ibs).min(MOST)).unwrap_or(0);
        body.resize(whole, 0);
    }
    finish(c, &p, n, Some(body))
}

/// Writes what was read, or so many bytes of a device, and says how much it was.
fn finish(c: &mut Ctx<'_>, p: &Plan, n: u64, body: Option<Vec<u8>>) -> Step {
    let device = p.from.clone().unwrap_or_default();
    let small = || -> Vec<u8> {
        let count = usize::try_from(n.min(MOST)).unwrap_or(0);
        devfs::bytes(&device, u64::from(c_seed(p)), 0, count)
    };
    let notrunc = p.conv.iter().any(|x| x == "notrunc");
    match p.to.as_deref() {
        Some(to) if to != "/dev/stdout" => {
            let full = c.full(to);
            let seek = p.seek.saturating_mul(p.obs);
            let huge = body.is_none() && n > 1 << 20;
            let done = if devfs::is_device(&full) {
                mutate::write(c, &full, String::new(), false)
            } else if huge {
                let owner = c.p.user.clone();
                let wanted = seek.saturating_add(n);
                let done = mutate::alter(c, &full, FileAct::Resize { bytes: wanted, owner: owner.clone() });
                if done.as_ref().is_err_and(|why| why == "No space left on device") {
                    // What fits is written before that is noticed.
                    let holds = |at: &str| at == "/" || full.starts_with(&format!("{at}/"));
                    let mounts = c.host.mounts(&c.p.host);
                    let mount = mounts.iter().filter(|m| holds(&m.at)).max_by_key(|m| m.at.len());
                    let have = c.stat(&full).map_or(0, |s| s.size);
                    let most = have.saturating_add(mount.map_or(0, |m| m.size.saturating_sub(m.used)));
                    let bytes = most.min(wanted);
                    let _the_rest_does_not_fit = mutate::alter(c, &full, FileAct::Resize { bytes, owner });
                    c.error(&format!("error writing {}: No space left on device", shell_quoted(to)));
                    say(c, p, bytes.saturating_add(1), bytes);
                    return Step::Exit(1);
                }
                done
            } else {
                let bytes = body.clone().unwrap_or_else(small);
                let old = match (seek > 0 || notrunc, c.load(to)) {
                    (true, Ok(t)) => to_bytes(&t),
                    _ => Vec::new(),
                };
                let at = usize::try_from(seek.min(MOST)).unwrap_or(0);
                let mut new = old.clone();
                new.resize(if notrunc { new.len().max(at) } else { at }, 0);
                for (i, b) in bytes.iter().enumerate() {
                    match new.get_mut(at + i) {
                        Some(slot) => *slot = *b,
                        None => new.push(*b),
                    }
                }
                let append = p.flags.iter().any(|f| f == "append");
                let text = from_bytes(if append { &bytes } else { &new });
                mutate::write(c, &full, text, append)
            };
            match done {
                Ok(()) => {}
                Err(why) if why == "No space left on device" => {
                    c.error(&format!("error writing {}: {why}", shell_quoted(to)));
                    say(c, p, n, 0);
                    return Step::Exit(1);
                }
                Err(why) => {
                    c.error(&format!("failed to open {}: {why}", shell_quoted(to)));
                    return Step::Exit(1);
                }
            }
        }
        _ => {
            if n > MOST {
                c.error("error writing 'standard output': File too large");
                return Step::Exit(1);
            }
            let bytes = body.clone().unwrap_or_else(small);
            c.print(&from_bytes(&bytes));
        }
    }
    let written = body.map_or(n, |b| b.len() as u64);
    say(c, p, n, written);
    Step::Exit(c.tool.status)
}

fn c_seed(p: &Plan) -> u32 {
    crc32fast::hash(format!("{:?}{:?}{}", p.from, p.to, p.ibs).as_bytes())
}

/// Records in and out, and how fast it went.
fn say(c: &mut Ctx<'_>, p: &Plan, read: u64, written: u64) {
    if p.status == "none" {
        return;
    }
    let records = |n: u64, bs: u64| format!("{}+{}", n / bs, u64::from(!n.is_multiple_of(bs)));
    c.p.err.push_str(&format!("{} records in\n{} records out\n", records(read, p.ibs), records(written, p.obs)));
    if p.status == "noxfer" {
        return;
    }
    // What a disk of this kind writes in a second, and a moment to begin with.
    let seconds = written as f64 / 1.2e9 + 0.000_2;
    let rate = written as f64 / seconds;
    let (scaled, unit) = match rate {
        r if r >= 1e9 => (r / 1e9, "GB"),
        r if r >= 1e6 => (r / 1e6, "MB"),
        r => (r / 1e3, "kB"),
    };
    let speed = if scaled < 10.0 { format!("{scaled:.1} {unit}/s") } else { format!("{scaled:.0} {unit}/s") };
    let human = |base: f64, units: [&str; 4]| {
        let mut n = written as f64;
        let mut at = 0;
        n /= base;
        while n >= base && at < 3 {
            n /= base;
            at += 1;
        }
        let unit = units.get(at).copied().unwrap_or("");
        if n < 10.0 { format!("{n:.1} {unit}") } else { format!("{n:.0} {unit}") }
    };
    let size = match written {
        1 => "1 byte".to_owned(),
        n if n < 1000 => format!("{n} bytes"),
        n if n < 1024 => format!("{n} bytes ({})", human(1000.0, ["kB", "MB", "GB", "TB"])),
        n => format!(
            "{n} bytes ({}, {})",
            human(1000.0, ["kB", "MB", "GB", "TB"]),
            human(1024.0, ["KiB", "MiB", "GiB", "TiB"])
        ),
    };
    let digits = if seconds < 0.001 { format!("{seconds:.9}") } else { format!("{seconds:.6}") };
    c.p.err.push_str(&format!("{size} copied, {} s, {speed}\n", digits.trim_end_matches('0')));
}
