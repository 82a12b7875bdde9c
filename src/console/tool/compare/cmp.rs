//! cmp: two files byte by byte.

use crate::console::text_format::to_bytes;
use crate::console::tool::input::amount;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(super) const CMP: Decl = Decl {
    name: "cmp",
    synopsis: "[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]",
    about: "compare two files byte by byte",
    opts: &[
        flag("b", "print-bytes", "print differing bytes"),
        value("i", "ignore-initial", "SKIP", "skip first SKIP bytes of both inputs, or SKIP1:SKIP2"),
        flag("l", "verbose", "output byte numbers and differing byte values"),
        value("n", "bytes", "LIMIT", "compare at most LIMIT bytes"),
        flag("s", "quiet", "suppress all normal output"),
        flag("", "silent", "like -s"),
    ],
    operand: Operand::Path,
    misuse: 2,
    examples: &[
        ("cmp <(echo abc) <(echo abd)", "/dev/fd/63 /dev/fd/62 differ: byte 3, line 1\n"),
        ("printf abc > x; printf axc > y; cmp -l x y", "2 142 170\n"),
    ],
    step: cmp,
    ..Decl::BLANK
};

/// A byte as cat -v shows it.
fn visible(byte: u8) -> String {
    let plain = |b: u8| match b {
        0..=31 => format!("^{}", char::from(b + 64)),
        127 => "^?".to_owned(),
        b => char::from(b).to_string(),
    };
    if byte < 128 { plain(byte) } else { format!("M-{}", plain(byte - 128)) }
}

fn cmp(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (one, two, skips) = match a.rest.as_slice() {
        [] => return c.misuse("missing operand after 'cmp'", 2),
        [one] => (one.clone(), "-".to_owned(), [None, None]),
        [one, two, rest @ ..] if rest.len() <= 2 => (one.clone(), two.clone(), [rest.first(), rest.get(1)]),
        [_, _, _, _, extra, ..] => return c.misuse(&format!("extra operand '{extra}'"), 2),
        _ => return c.misuse("missing operand", 2),
    };
    let (quiet, long) = (a.has("s") || a.has("silent"), a.has("l"));
    if quiet && long {
        return c.misuse("options -l and -s are incompatible", 2);
    }
    let mut skip = [0u64; 2];
    for (slot, text) in skip.iter_mut().zip(skips) {
        match text.map(|t| (t, amount(t))) {
            Some((t, None)) => return c.misuse(&format!("invalid --ignore-initial value '{t}'"), 2),
            Some((_, Some(n))) => *slot = n,
            None => {}
        }
    }
    if let Some(text) = a.get("i") {
        let (x, y) = text.split_once(':').unwrap_or((text, text));
        match (amount(x), amount(y)) {
            (Some(x), Some(y)) => skip = [skip[0].max(x), skip[1].max(y)],
            _ => return c.misuse(&format!("invalid --ignore-initial value '{text}'"), 2),
        }
    }
    let limit = match a.get("n").map(|n| (n, amount(n))) {
        Some((n, None)) => return c.misuse(&format!("invalid --bytes value '{n}'"), 2),
        Some((_, Some(n))) => usize::try_from(n).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    if one == two && skip[0] == skip[1] {
        return Step::Exit(0);
    }
    let names = [one, two];
    let texts = match c.slurp(&names) {
        Ok(t) => t,
        Err(step) => return step,
    };
    let mut bytes = Vec::new();
    for ((name, text), skip) in names.iter().zip(texts).zip(skip) {
        match text {
            Ok(t) => {
                let all = to_bytes(&t);
                let from = usize::try_from(skip).unwrap_or(usize::MAX).min(all.len());
                bytes.push(all.get(from..).unwrap_or_default().iter().take(limit).copied().collect::<Vec<u8>>());
            }
            Err(why) => {
                if !quiet {
                    c.error(&format!("{name}: {why}"));
                }
                return Step::Exit(2);
            }
        }
    }
    let [x, y] = bytes.as_slice() else { return Step::Exit(2) };
    show(c, &names, x, y, (quiet, long, a.has("b")))
}

fn show(c: &mut Ctx<'_>, names: &[String; 2], x: &[u8], y: &[u8], (quiet, long, chars): (bool, bool, bool)) -> Step {
    let [one, two] = names;
    let both = x.len().min(y.len());
    let digits = both.max(1).to_string().len();
    let pair = |p: u8, q: u8| {
        if chars {
            let width = if long { 4 } else { 0 };
            format!("{p:>3o} {:<width$} {q:>3o} {}", visible(p), visible(q))
        } else {
            format!("{p:>3o} {q:>3o}")
        }
    };
    let (mut status, mut line) = (0, 1u64);
    for (n, (p, q)) in x.iter().zip(y).enumerate() {
        if p != q {
            status = 1;
            match (quiet, long) {
                (true, _) => return Step::Exit(1),
                (_, true) => c.line(&format!("{:>digits$} {}", n + 1, pair(*p, *q))),
                _ => {
                    let what = if chars { format!(" is {}", pair(*p, *q)) } else { String::new() };
                    c.line(&format!("{one} {two} differ: byte {}, line {line}{what}", n + 1));
                    return Step::Exit(1);
                }
            }
        }
        line += u64::from(*p == b'\n');
    }
    if x.len() != y.len() {
        status = 1;
        if !quiet {
            let (name, text) = if x.len() < y.len() { (one, x) } else { (two, y) };
            let newlines = text.iter().filter(|b| **b == b'\n').count();
            let place = if text.is_empty() {
                " which is empty".to_owned()
            } else if long {
                format!(" after byte {both}")
            } else if text.last() == Some(&b'\n') {
                format!(" after byte {both}, line {newlines}")
            } else {
                format!(" after byte {both}, in line {}", newlines + 1)
            };
            c.p.err.push_str(&format!("cmp: EOF on {name}{place}\n"));
        }
    }
    Step::Exit(status)
}
