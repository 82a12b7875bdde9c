//! shuf, tsort, envsubst: lines in another order, and with variables filled in.

use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::stdx::rng::Stream;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "shuf",
        synopsis: "[OPTION]... [FILE] | -e [ARG]... | -i LO-HI",
        about: "generate random permutations",
        opts: &[
            flag("e", "echo", "treat each ARG as an input line"),
            value("i", "input-range", "LO-HI", "treat each number LO through HI as an input line"),
            value("n", "head-count", "COUNT", "output at most COUNT lines"),
            value("o", "output", "FILE", "write result to FILE instead of standard output"),
            value("", "random-source", "FILE", "get random bytes from FILE (not simulated)"),
            flag("r", "repeat", "output lines can be repeated"),
            flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        ],
        operand: Operand::Path,
        missing: &[
            "The order comes from the session's own seed: a session replayed shuffles the same way.",
            "--random-source.",
        ],
        examples: &[("shuf -i 1-9 | sort -n | head -n 2", "1\n2\n"), ("shuf -n 0 -e a b", "")],
        step: shuf,
        ..Decl::BLANK
    },
    Decl {
        name: "tsort",
        synopsis: "[FILE]",
        about: "perform topological sort",
        operand: Operand::Path,
        examples: &[("printf 'a b\\nb c\\n' | tsort", "a\nb\nc\n")],
        step: tsort,
        ..Decl::BLANK
    },
    Decl {
        name: "envsubst",
        synopsis: "[OPTION] [SHELL-FORMAT]",
        about: "substitute environment variables in shell format strings",
        opts: &[flag("v", "variables", "output the variables occurring in SHELL-FORMAT")],
        examples: &[("echo 'I am $USER' | envsubst", "I am primary\n")],
        step: envsubst,
        ..Decl::BLANK
    },
];

fn shuf(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.has("random-source") {
        c.error("--random-source is not simulated here: the order comes from the session's seed");
        return Step::Exit(1);
    }
    let delim = if a.has("z") { '\0' } else { '\n' };
    let limit = match a.get("n").map(str::parse::<usize>) {
        Some(Err(_)) => {
            c.error(&format!("invalid line count: ‘{}’", a.get("n").unwrap_or_default()));
            return Step::Exit(1);
        }
        other => other.and_then(Result::ok),
    };
    let mut lines: Vec<String> = if a.has("e") {
        a.rest.clone()
    } else if let Some(range) = a.get("i") {
        if let Some(extra) = a.at(0) {
            return c.misuse(&format!("extra operand ‘{extra}’"), 1);
        }
        let ends = range.split_once('-').and_then(|(l, h)| Some((l.parse::<u64>().ok()?, h.parse::<u64>().ok()?)));
        match ends.filter(|(l, h)| l <= h || *l == h + 1) {
            Some((l, h)) if h - l.min(h) > 1_000_000 => {
                c.error("memory exhausted");
                return Step::Exit(1);
            }
            Some((l, h)) => (l..=h).map(|n| n.to_string()).collect(),
            None => {
                c.error(&format!("invalid input range: ‘{range}’"));
                return Step::Exit(1);
            }
        }
    } else {
        if let Some(extra) = a.at(1) {
            return c.misuse(&format!("extra operand ‘{extra}’"), 1);
        }
        match c.records(&a.rest, delim) {
            Ok(l) => l,
            Err(step) => return step,
        }
    };
    if c.tool.status > 0 {
        return Step::Exit(c.tool.status);
    }
    let mut random = Stream::new(u64::from(c.p.pid) ^ (c.con.now_ms << 20), "shuf");
    let mut below = |n: usize| usize::try_from(random.below(n as u64)).unwrap_or(0);
    let mut out = String::new();
    if a.has("r") {
        if lines.is_empty() {
            c.error("no lines to repeat");
            return Step::Exit(1);
        }
        // Without a count it goes on for ever.
        for _ in 0..limit.unwrap_or(1000).min(1_000_000) {
            out.push_str(lines.get(below(lines.len())).map_or("", String::as_str));
            out.push(delim);
        }
        c.print(&out);
        return if limit.is_none() { Step::More } else { Step::Exit(0) };
    }
    for i in (1..lines.len()).rev() {
        lines.swap(i, below(i + 1));
    }
    for l in lines.iter().take(limit.unwrap_or(usize::MAX)) {
        out.push_str(l);
        out.push(delim);
    }
    match a.get("o").map(str::to_owned) {
        Some(name) => {
            if let Err(why) = c.put(&name, &out, false) {
                c.error(&format!("{name}: {why}"));
                return Step::Exit(1);
            }
        }
        None => c.print(&out),
    }
    Step::Exit(0)
}

fn tsort(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if let Some(extra) = a.at(1) {
        return c.misuse(&format!("extra operand ‘{extra}’"), 1);
    }
    let texts = match c.texts(&a.rest) {
        Ok(t) => t,
        Err(step) => return step,
    };
    let name = a.at(0).unwrap_or("-").to_owned();
    let words: Vec<String> = texts.iter().flat_map(|(_, t)| t.split_whitespace()).map(str::to_owned).collect();
    if words.len() % 2 == 1 {
        c.error(&format!("{name}: input contains an odd number of tokens"));
        return Step::Exit(1);
    }
    // What follows each item, the latest relation first, and how many stand before each.
    let mut after: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut before: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in words.chunks(2) {
        let [x, y] = pair else { continue };
        before.entry(x).or_default();
        before.entry(y).or_default();
        if x != y {
            after.entry(x).or_default().insert(0, y);
            *before.entry(y).or_default() += 1;
        }
    }
    let mut left: BTreeSet<&str> = before.keys().copied().collect();
    let mut out = String::new();
    while !left.is_empty() {
        let mut queue: VecDeque<&str> = left.iter().filter(|n| before.get(*n) == Some(&0)).copied().collect();
        while let Some(item) = queue.pop_front() {
            out.push_str(&format!("{item}\n"));
            left.remove(item);
            for next in after.remove(item).unwrap_or_default() {
                if let Some(n) = before.get_mut(next) {
                    *n -= 1;
                    if *n == 0 {
                        queue.push_back(next);
                    }
                }
            }
        }
        if left.is_empty() {
            break;
        }
        c.error(&format!("{name}: input contains a loop:"));
        for item in break_loop(&left, &mut after, &mut before) {
            c.p.err.push_str(&format!("tsort: {item}\n"));
        }
        c.tool.status = 1;
    }
    c.print(&out);
    Step::Exit(c.tool.status)
}

/// Finds a loop as tsort does, walking the items in order against their relations until it comes back to one it has seen;
/// the relation that closes it goes. The items of the loop, in order.
fn break_loop<'a>(
    left: &BTreeSet<&'a str>,
    after: &mut BTreeMap<&'a str, Vec<&'a str>>,
    before: &mut BTreeMap<&'a str, usize>,
) -> Vec<&'a str> {
    // What each item seen leads to, and the one seen last.
    let mut links: BTreeMap<&str, &str> = BTreeMap::new();
    let mut at: Option<&str> = None;
    loop {
        for item in left.iter().filter(|n| before.get(*n) != Some(&0)).copied().collect::<Vec<_>>() {
            let Some(last) = at else {
                at = Some(item);
                continue;
            };
            let nexts = after.entry(item).or_default();
            let Some(i) = nexts.iter().position(|n| *n == last) else { continue };
            if !links.contains_key(item) {
                links.insert(item, last);
                at = Some(item);
                continue;
            }
            nexts.remove(i);
            if let Some(n) = before.get_mut(last) {
                *n -= 1;
            }
            let mut circle = Vec::new();
            let mut now = Some(last);
            while let Some(n) = now {
                circle.push(n);
                now = if n == item || circle.len() > left.len() { None } else { links.get(n).copied() };
            }
            return circle;
        }
        if at.is_none() {
            return Vec::new();
        }
    }
}

fn substitute(text: &str, mut f: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let body = tail.get(1..).unwrap_or_default();
        let (inner, braces) = body.strip_prefix('{').map_or((body, false), |b| (b, true));
        let end = inner.find(|ch: char| !(ch.is_ascii_alphanumeric() || ch == '_')).unwrap_or(inner.len());
        let name = inner.get(..end).unwrap_or_default();
        let valid = !name.is_empty() && !name.starts_with(|ch: char| ch.is_ascii_digit());
        let closed = !braces || inner.get(end..).is_some_and(|r| r.starts_with('}'));
        let used = 1 + usize::from(braces) * 2 + end;
        match if valid && closed { f(name) } else { None } {
            Some(value) => {
                out.push_str(&value);
                rest = tail.get(used..).unwrap_or_default();
            }
            None => {
                out.push('$');
                rest = body;
            }
        }
    }
    out.push_str(rest);
    out
}

fn envsubst(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut wanted: Vec<String> = Vec::new();
    if let Some(format) = a.at(0) {
        substitute(format, |name| {
            wanted.push(name.to_owned());
            None
        });
    }
    if a.has("v") {
        for name in &wanted {
            c.line(name);
        }
        return Step::Exit(0);
    }
    let files: [String; 0] = [];
    c.each(&files, '\n', |c, line, ended| {
        let mut sources = Vec::new();
        let env = &c.p.env;
        let out = substitute(line, |name| {
            if a.at(0).is_some() && !wanted.iter().any(|w| w == name) {
                return None;
            }
            let value = env.get(name);
            sources.extend(value.iter().flat_map(|v| v.sources.iter().cloned()));
            Some(value.map(|v| v.text.clone()).unwrap_or_default())
        });
        c.p.sources.extend(sources);
        c.print(&out);
        if ended {
            c.print("\n");
        }
        None
    })
}
