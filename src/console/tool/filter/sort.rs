//! sort: lines ordered by keys.

mod key;

use crate::console::tool::input::pieces;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use key::{Key, Order, parse};
use std::cmp::Ordering;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "sort",
    synopsis: "[OPTION]... [FILE]...",
    about: "sort lines of text files",
    opts: &[
        flag("b", "ignore-leading-blanks", "ignore leading blanks"),
        flag("d", "dictionary-order", "consider only blanks and alphanumeric characters"),
        flag("f", "ignore-case", "fold lower case to upper case characters"),
        flag("g", "general-numeric-sort", "compare according to general numerical value"),
        flag("i", "ignore-nonprinting", "consider only printable characters"),
        flag("M", "month-sort", "compare (unknown) < 'JAN' < ... < 'DEC'"),
        flag("h", "human-numeric-sort", "compare human readable numbers (e.g., 2K 1G)"),
        flag("n", "numeric-sort", "compare according to string numerical value"),
        flag("R", "random-sort", "shuffle, but group identical keys"),
        flag("r", "reverse", "reverse the result of comparisons"),
        value("", "sort", "WORD", "sort according to WORD: general-numeric, human-numeric, month, numeric, version"),
        flag("V", "version-sort", "natural sort of (version) numbers within text"),
        value("c", "check", "[HOW]", "check for sorted input; do not sort; quiet as HOW is like -C"),
        flag("C", "", "like -c, but do not report first bad line"),
        value("k", "key", "KEYDEF", "sort via a key; KEYDEF gives location and type"),
        flag("m", "merge", "merge already sorted files; do not sort"),
        value("o", "output", "FILE", "write result to FILE instead of standard output"),
        flag("s", "stable", "stabilize sort by disabling last-resort comparison"),
        value("S", "buffer-size", "SIZE", "use SIZE for main memory buffer (accepted)"),
        value("t", "field-separator", "SEP", "use SEP instead of non-blank to blank transition"),
        value("T", "temporary-directory", "DIR", "use DIR for temporaries (accepted)"),
        value("", "parallel", "N", "change the number of sorts run concurrently to N (accepted)"),
        value("", "batch-size", "NMERGE", "merge at most NMERGE inputs at once (accepted)"),
        value("", "files0-from", "F", "read input from the files specified by NUL-terminated names in file F"),
        flag("u", "unique", "output only the first of an equal run; with -c, check for strict ordering"),
        flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
    ],
    operand: Operand::Path,
    missing: &["--random-source, --compress-program and --debug."],
    examples: &[
        ("echo -e '10\\n9\\n1' | sort -n", "1\n9\n10\n"),
        ("echo -e 'a 2K\\nb 1M\\nc 3' | sort -rhk2", "b 1M\na 2K\nc 3\n"),
        ("printf 'b:2\\na:2\\nc:1\\n' | sort -t: -k2,2n -k1,1r", "c:1\nb:2\na:2\n"),
        ("printf '2\\n1\\n' | sort -c", "sort: -:2: disorder: 1\n"),
    ],
    step: sort,
    misuse: 2,
    ..Decl::BLANK
}];

/// What orders lines.
struct Sorter {
    keys: Vec<Key>,
    separator: Option<char>,
    reverse: bool,
    /// Equal keys are not told apart by the rest of the line.
    stable: bool,
}

impl Sorter {
    fn by_keys(&self, a: &str, b: &str) -> Ordering {
        for k in &self.keys {
            let order = k.order.compare(&k.part(a, self.separator), &k.part(b, self.separator));
            if order.is_ne() {
                return if k.order.reverse { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        let order = self.by_keys(a, b);
        // Without keys the whole line is the key.
        if order.is_ne() || (self.stable && !self.keys.is_empty()) {
            return order;
        }
        if self.reverse { key::plain(b, a) } else { key::plain(a, b) }
    }
}

/// The order that options outside of keys ask for.
fn global(c: &Ctx<'_>) -> Order {
    let mut order = Order::default();
    for (k, v) in &c.args.flags {
        let letter = match (k.as_str(), v.as_str()) {
            ("sort", w) => match w.chars().next() {
                Some('m') => 'M',
                Some('v') => 'V',
                Some('r') => 'R',
                Some(c) => c,
                None => ' ',
            },
            (k, _) if k.len() == 1 => k.chars().next().unwrap_or(' '),
            _ => ' ',
        };
        if letter == 'b' {
            order.blanks = true;
            order.blanks_end = true;
        } else {
            order.letter(letter);
        }
    }
    order
}

fn sorter(c: &Ctx<'_>) -> Result<Sorter, String> {
    let all = global(c);
    let separator = match c.args.get("t") {
        None => None,
        Some("\\0") => Some('\0'),
        Some("") => return Err("empty tab".to_owned()),
        Some(t) if t.chars().count() > 1 => return Err(format!("multi-character tab ‘{t}’")),
        Some(t) => t.chars().next(),
    };
    let mut keys = Vec::new();
    for (k, v) in &c.args.flags {
        if k == "k" {
            let mut key = parse(v)?;
            if !key.own {
                key.order = all;
            }
            keys.push(key);
        }
    }
    if keys.is_empty() && all.any() {
        keys.push(Key::whole(all));
    }
    // Equal keys stand together; which come first differs from run to run.
    let seed = u64::from(c.p.pid) ^ (c.con.now_ms << 20);
    for k in &mut keys {
        k.order.seed = seed;
    }
    for k in &keys {
        if let Some(clash) = k.order.clash() {
            return Err(format!("options '-{clash}' are incompatible"));
        }
    }
    let unique = c.args.has("u");
    Ok(Sorter { keys, separator, reverse: all.reverse, stable: unique || c.args.has("s") })
}

/// Merges sorted files: always the least of the heads, of equal ones that of the first file.
fn merge(s: &Sorter, files: &[Vec<String>]) -> Vec<String> {
    let mut at = vec![0usize; files.len()];
    let mut out = Vec::new();
    loop {
        let mut best: Option<(usize, &String)> = None;
        for (i, lines) in files.iter().enumerate() {
            let Some(line) = at.get(i).and_then(|n| lines.get(*n)) else { continue };
            if best.is_none_or(|(_, b)| s.compare(line, b).is_lt()) {
                best = Some((i, line));
            }
        }
        let Some((i, line)) = best else { return out };
        out.push(line.clone());
        if let Some(n) = at.get_mut(i) {
            *n += 1;
        }
    }
}

/// `-c`: whether the lines are in order.
fn check(c: &mut Ctx<'_>, s: &Sorter, name: &str, lines: &[String]) -> Step {
    let unique = c.args.has("u");
    let wrong = lines.windows(2).position(|w| match w {
        [a, b] => {
            let order = s.compare(a, b);
            order.is_gt() || (unique && order.is_eq())
        }
        _ => false,
    });
    let Some(at) = wrong else { return Step::Exit(0) };
    let silent = c.args.has("C") || matches!(c.args.get("c"), Some("quiet" | "silent"));
    if !silent {
        let text = lines.get(at + 1).map_or("", String::as_str);
        c.error(&format!("{name}:{}: disorder: {text}", at + 2));
    }
    Step::Exit(1)
}

fn sort(c: &mut Ctx<'_>) -> Step {
    if let Some(word) = c.args.get("sort").map(str::to_owned)
        && !["general-numeric", "human-numeric", "month", "numeric", "random", "version"].contains(&word.as_str())
    {
        let text = format!(
            "invalid argument ‘{word}’ for ‘--sort’\nValid arguments are:\n  - ‘general-numeric’\n  - ‘human-numeric’\n  - ‘month’\n  - ‘numeric’\n  - ‘random’\n  - ‘version’"
        );
        return c.misuse(&text, 1);
    }
    let s = match sorter(c) {
        Ok(s) => s,
        Err(why) => {
            c.error(&why);
            return Step::Exit(2);
        }
    };
    let delim = if c.args.has("z") { '\0' } else { '\n' };
    let mut files = c.args.rest.clone();
    if let Some(list) = c.args.get("files0-from").map(str::to_owned) {
        match c.slurp(&[list]).map(|mut t| t.remove(0)) {
            Ok(Ok(text)) => files = text.split('\0').filter(|n| !n.is_empty()).map(str::to_owned).collect(),
            Ok(Err(why)) => {
                c.error(&format!("open failed: {why}"));
                return Step::Exit(2);
            }
            Err(step) => return step,
        }
    }
    let checks = c.args.has("c") || c.args.has("C");
    if let Some(extra) = files.get(1).filter(|_| checks) {
        c.error(&format!("extra operand ‘{extra}’ not allowed with -c"));
        return Step::Exit(2);
    }
    let texts = match c.texts(&files) {
        Ok(t) => t,
        Err(step) => return step,
    };
    if c.tool.status > 0 {
        return Step::Exit(2);
    }
    let mut parts: Vec<Vec<String>> =
        texts.iter().map(|(_, t)| pieces(t, delim).into_iter().map(str::to_owned).collect()).collect();
    if checks {
        let name = texts.first().map_or("-", |(n, _)| n.as_str()).to_owned();
        return check(c, &s, &name, &parts.pop().unwrap_or_default());
    }
    let mut lines = if c.args.has("m") {
        merge(&s, &parts)
    } else {
        let mut lines = parts.concat();
        lines.sort_by(|a, b| s.compare(a, b));
        lines
    };
    if c.args.has("u") {
        let plain = s.keys.is_empty();
        lines.dedup_by(|b, a| if plain { a == b } else { s.by_keys(a, b).is_eq() });
    }
    let mut out = String::new();
    for l in &lines {
        out.push_str(l);
        out.push(delim);
    }
    match c.args.get("o").map(str::to_owned) {
        None => c.print(&out),
        Some(name) => {
            if let Err(why) = c.put(&name, &out, false) {
                c.error(&format!("open failed: {name}: {why}"));
                return Step::Exit(2);
            }
        }
    }
    Step::Exit(c.tool.status)
}
