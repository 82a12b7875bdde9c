//! `return`, `break`, `set`, `shopt`, `trap`, `getopts`, `eval`, `source`, `let`, `read`, `mapfile`.

use super::{bad_option, usage};
use crate::console::expand::Stop;
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::option::Options;
use crate::console::parse;
use crate::console::path;
use crate::console::process::{Frame, Proc, Reading, Script, ScriptKind, Shell};
use crate::console::shell::{SIGNALS, fail, set, signal, source_text, unwind};

impl Console {
    pub(super) fn leave_loop(&mut self, p: &mut Proc, sh: &mut Shell, name: &str, args: &[String]) {
        let mut levels = args.first().and_then(|a| a.parse::<usize>().ok()).unwrap_or(1);
        let many = args.len() > 1;
        let is_loop = |f: &Frame| {
            matches!(f, Frame::LoopBody(_) | Frame::Loop(..) | Frame::For(..) | Frame::ForArith(..) | Frame::Select(..))
        };
        let nothing = args.first().filter(|a| a.parse::<i64>().is_ok_and(|n| n <= 0));
        if nothing.is_some() || many {
            // All loops are left.
            levels = usize::MAX;
        }
        let call = sh.frames.iter().rposition(|f| matches!(f, Frame::Call(..))).map_or(0, |i| i + 1);
        let mut found = None;
        for (i, f) in sh.frames.iter().enumerate().skip(call).rev() {
            if is_loop(f) {
                found = Some(i);
                levels -= 1;
                if levels == 0 {
                    break;
                }
            }
        }
        match found {
            None => fail(p, sh, 0, &format!("{name}: only meaningful in a `for', `while', or `until' loop")),
            Some(at) if many => {
                unwind(p, sh, at);
                fail(p, sh, 1, &format!("{name}: too many arguments"));
            }
            Some(at) if nothing.is_some() => {
                let shown = nothing.cloned().unwrap_or_default();
                unwind(p, sh, at);
                fail(p, sh, 1, &format!("{name}: {shown}: loop count out of range"));
            }
            Some(at) => {
                unwind(p, sh, if name == "break" { at } else { at + 1 });
                // From inside its condition a loop goes on with the condition.
                if name == "continue"
                    && let Some(Frame::Loop(node, _)) = sh.frames.last().cloned()
                {
                    sh.frames.pop();
                    sh.frames.push(Frame::LoopBody(node));
                }
            }
        }
    }

    pub(super) fn return_from(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], before: i32) {
        let status = match args.first() {
            None => before,
            Some(a) => match a.parse::<i64>() {
                Ok(n) => (n & 255) as i32,
                Err(_) => {
                    fail(p, sh, 2, &format!("return: {a}: numeric argument required"));
                    2
                }
            },
        };
        let at = sh.frames.iter().rposition(|f| {
            matches!(f, Frame::Call(..)) || matches!(f, Frame::Script(s) if matches!(s.kind, ScriptKind::Source(..)))
        });
        match at {
            // In a subshell of a function it ends that.
            None if sh.subshell > 0 && !sh.calls.is_empty() => {
                unwind(p, sh, 0);
                sh.status = status;
            }
            None => fail(p, sh, 2, "return: can only `return' from a function or sourced script"),
            Some(at) => {
                // What ends the function or the file comes next.
                unwind(p, sh, at + 1);
                if let Some(Frame::Script(script)) = sh.frames.last_mut() {
                    script.at = script.text.len();
                }
                sh.status = status;
            }
        }
    }

    pub(super) fn set_builtin(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        if args.is_empty() {
            return super::declare::list_all(p, sh);
        }
        let mut words = args.iter();
        while let Some(w) = words.next() {
            let on = w.starts_with('-');
            match w.as_str() {
                "+" => {}
                "--" => {
                    sh.args = words.cloned().collect();
                    return;
                }
                "-" => {
                    sh.opts.xtrace = false;
                    sh.opts.verbose = false;
                    let rest: Vec<String> = words.cloned().collect();
                    if !rest.is_empty() {
                        sh.args = rest;
                    }
                    return;
                }
                "-o" | "+o" => match words.next() {
                    Some(name) if sh.opts.set(name, on) => {}
                    Some(name) => return fail(p, sh, 2, &format!("set: {name}: invalid option name")),
                    None => {
                        for name in Options::all() {
                            let state = sh.opts.is_on(name);
                            if on {
                                p.out.push_str(&format!("{name:<15}\t{}\n", if state { "on" } else { "off" }));
                            } else {
                                p.out.push_str(&format!("set {}o {name}\n", if state { '-' } else { '+' }));
                            }
                        }
                    }
                },
                w if w.len() > 1 && (on || w.starts_with('+')) => {
                    for c in w.chars().skip(1) {
                        if c == 'o' {
                            match words.next() {
                                Some(name) if sh.opts.set(name, on) => {}
                                other => {
                                    let name = other.map(String::as_str).unwrap_or_default().to_owned();
                                    return fail(p, sh, 2, &format!("set: {name}: invalid option name"));
                                }
                            }
                        } else if !sh.opts.letter(c, on) {
                            return bad_option(p, sh, "set", &format!("-{c}"));
                        }
                    }
                }
                _ => {
                    sh.args = std::iter::once(w).chain(words).cloned().collect();
                    return;
                }
            }
        }
    }

    pub(super) fn shopt(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let letters: String =
            args.iter().take_while(|a| a.starts_with('-') && a.len() > 1).map(|a| a.trim_start_matches('-')).collect();
        if let Some(bad) = letters.chars().find(|c| !"qsupo".contains(*c)) {
            return bad_option(p, sh, "shopt", &format!("-{bad}"));
        }
        let has = |c: char| letters.contains(c);
        let (of_set, prints) = (has('o'), has('p'));
        let names: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
        let all =
            || -> Vec<&'static str> { if of_set { Options::all().collect() } else { Options::all_shopt().collect() } };
        let line = |n: &str, on: bool| match (prints, of_set) {
            (true, true) => format!("set {}o {n}\n", if on { '-' } else { '+' }),
            (true, false) => format!("shopt -{} {n}\n", if on { 's' } else { 'u' }),
            _ => format!("{n:<15}\t{}\n", if on { "on" } else { "off" }),
        };
        for n in &names {
            if !all().contains(&n.as_str()) {
                let kind = if of_set { "option" } else { "shell option" };
                fail(p, sh, 1, &format!("shopt: {n}: invalid {kind} name"));
            } else if has('s') || has('u') {
                let _known = if of_set { sh.opts.set(n, has('s')) } else { sh.opts.shopt(n, has('s')) };
            } else {
                let on = sh.opts.is_on(n);
                if !has('q') {
                    p.out.push_str(&line(n, on));
                }
                if !on {
                    sh.status = 1;
                }
            }
        }
        if names.is_empty() && !has('q') {
            for n in all() {
                let on = sh.opts.is_on(n);
                if has('s') != has('u') && on != has('s') {
                    continue;
                }
                p.out.push_str(&line(n, on));
            }
        }
    }

    pub(super) fn trap(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let args: Vec<&String> = args.iter().filter(|a| *a != "--").collect();
        let canonical = |s: &str| match s.to_uppercase().trim_start_matches("SIG") {
            "0" | "EXIT" => Some("EXIT".to_owned()),
            s @ ("ERR" | "RETURN" | "DEBUG") => Some(s.to_owned()),
            _ => signal(s).map(|(_, n)| n.to_owned()),
        };
        match args.as_slice() {
            [] => show_traps(p, sh, &[]),
            [flag] if *flag == "-l" => {
                for (i, (n, name)) in SIGNALS.iter().enumerate() {
                    let end = if i % 5 == 4 || i + 1 == SIGNALS.len() { '\n' } else { '\t' };
                    p.out.push_str(&format!("{n:>2}) SIG{name}{end}"));
                }
            }
            [flag, rest @ ..] if *flag == "-p" => {
                let only: Vec<String> = rest.iter().filter_map(|a| canonical(a)).collect();
                show_traps(p, sh, &only);
            }
            // A number in place of a command: all of them are signals.
            [first, ..] if args.len() > 1 && first.parse::<i32>().is_ok() && canonical(first).is_some() => {
                sh.parent_traps.clear();
                for s in &args {
                    match canonical(s) {
                        None => fail(p, sh, 1, &format!("trap: {s}: invalid signal specification")),
                        Some(s) => drop(sh.traps.remove(&s)),
                    }
                }
            }
            [flag, ..] if flag.starts_with('-') && flag.len() > 1 => {
                bad_option(p, sh, "trap", &flag.chars().take(2).collect::<String>());
            }
            [one] => match canonical(one) {
                Some(s) => {
                    sh.traps.remove(&s);
                }
                None => {
                    sh.status = 2;
                    usage(p, "trap");
                }
            },
            [text, signals @ ..] => {
                sh.parent_traps.clear();
                for s in signals {
                    match canonical(s) {
                        None => fail(p, sh, 1, &format!("trap: {s}: invalid signal specification")),
                        Some(s) if *text == "-" => {
                            sh.traps.remove(&s);
                        }
                        Some(s) => {
                            sh.traps.insert(s, (*text).clone());
                        }
                    }
                }
            }
        }
    }

    pub(super) fn getopts(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let [spec, name, given @ ..] = args else {
            sh.status = 2;
            return usage(p, "getopts");
        };
        let list = if given.is_empty() { sh.args.clone() } else { given.to_vec() };
        let mut index = sh.vars.get("OPTIND").and_then(|v| v.text()?.parse::<usize>().ok()).unwrap_or(1).max(1);
        // With fewer words than there were, it begins behind the last one.
        index = index.min(list.len() + 1);
        let mut at = sh.option_at;
        let word = list.get(index - 1).cloned().unwrap_or_default();
        let silent = spec.starts_with(':');
        let good = parse::is_name(name);
        let mut put = |sh: &mut Shell, n: &str, v: &str| match n == name && !good {
            true => fail(p, sh, 1, &format!("getopts: `{n}': not a valid identifier")),
            false => set(p, sh, n, v, crate::console::expand::Sources::new()),
        };
        if at == 0 && (!word.starts_with('-') || word == "-" || word == "--") {
            if word == "--" {
                index += 1;
            }
            put(sh, "OPTIND", &index.to_string());
            put(sh, name, "?");
            sh.vars.put("OPTARG", None);
            sh.status = 1;
            return;
        }
        at = at.max(1);
        let letter = word.chars().nth(at).unwrap_or('?');
        let last = at + 1 >= word.chars().count();
        let known = spec.find(letter).filter(|_| letter != ':');
        let wants = known.is_some_and(|i| spec.get(i + letter.len_utf8()..).is_some_and(|r| r.starts_with(':')));
        let (mut value, mut shown, mut problem) = (None, letter.to_string(), None);
        if known.is_none() {
            shown = "?".to_owned();
            if silent {
                value = Some(letter.to_string());
            } else {
                problem = Some(format!("illegal option -- {letter}"));
            }
        } else if wants {
            if !last {
                value = Some(word.chars().skip(at + 1).collect());
            } else if let Some(next) = list.get(index) {
                value = Some(next.clone());
                index += 1;
            } else if silent {
                (shown, value) = (":".to_owned(), Some(letter.to_string()));
            } else {
                shown = "?".to_owned();
                problem = Some(format!("option requires an argument -- {letter}"));
            }
        }
        let done = last || wants;
        if done {
            index += 1;
        }
        put(sh, "OPTIND", &index.to_string());
        put(sh, name, &shown);
        match value {
            Some(v) => put(sh, "OPTARG", &v),
            None => sh.vars.put("OPTARG", None),
        }
        sh.option_at = if done { 0 } else { at + 1 };
        let quiet = sh.vars.get("OPTERR").and_then(|v| v.text()).is_some_and(|v| v == "0");
        if let Some(problem) = problem.filter(|_| !quiet) {
            let name = sh.name.clone();
            p.err.push_str(&format!("{name}: {problem}\n"));
        }
    }

    pub(super) fn eval(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let args = match args.split_first() {
            Some((first, rest)) if first == "--" => rest,
            Some((first, _)) if first.len() > 1 && first.starts_with('-') => {
                return bad_option(p, sh, "eval", &first.chars().take(2).collect::<String>());
            }
            _ => args,
        };
        let text = args.join(" ");
        sh.frames.push(Frame::Script(Script::new(&text, sh.line, ScriptKind::Eval)));
    }

    pub(super) fn source(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        as_typed: &str,
        args: &[String],
        host: &dyn ConsoleHost,
    ) {
        let args = args.strip_prefix(&["--".to_owned()][..]).unwrap_or(args);
        let Some(name) = args.first() else {
            fail(p, sh, 2, &format!("{as_typed}: filename argument required"));
            return p.err.push_str(&format!("{as_typed}: usage: {as_typed} filename [arguments]\n"));
        };
        let piped = name.strip_prefix("/dev/fd/").and_then(|n| n.parse::<u32>().ok());
        if let Some(n) = piped.or_else(|| (name == "/dev/stdin").then_some(0)) {
            sh.frames.push(Frame::Source(n, args.to_vec()));
            return;
        }
        let here = path::absolute(&p.cwd, name);
        let dirs = sh.vars.get("PATH").and_then(|v| v.text()).filter(|_| !name.contains('/')).unwrap_or_default();
        let below = |dir: &str| {
            let full = path::absolute(&p.cwd, &path::join(if dir.is_empty() { "." } else { dir }, name));
            host.stat(&p.host, &full).is_some_and(|s| !s.dir).then_some(full)
        };
        let full = dirs.split(':').filter(|_| !dirs.is_empty()).find_map(below).unwrap_or(here);
        let read = match host.stat(&p.host, &full) {
            None => Err("No such file or directory".to_owned()),
            Some(s) if s.dir => Err("Is a directory".to_owned()),
            Some(s) if !path::allowed(&s, &p.user, 4) => Err("Permission denied".to_owned()),
            Some(_) => host.read(&p.host, &full),
        };
        match read {
            Err(why) => fail(p, sh, 1, &format!("{name}: {why}")),
            Ok(text) => source_text(sh, args, &text),
        }
    }

    pub(super) fn let_builtin(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &dyn ConsoleHost) {
        let args = args.strip_prefix(&["--".to_owned()][..]).unwrap_or(args);
        if args.is_empty() {
            return fail(p, sh, 1, "let: expression expected");
        }
        let mut last = Ok(0);
        for a in args {
            let mut env = self.env(p, sh, &[], host);
            last = match env.evaluate_text(a) {
                Ok(n) => Ok(n),
                Err(Stop::Error(m) | Stop::Discard(m) | Stop::Fatal(m)) => Err(m),
                Err(Stop::Need(_)) => Ok(0),
            };
            if last.is_err() {
                break;
            }
        }
        match last {
            Ok(n) => sh.status = i32::from(n == 0),
            Err(m) => fail(p, sh, 1, &format!("let: {m}")),
        }
    }

    pub(super) fn read_command(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let mut r = Reading { delimiter: '\n', ..Reading::default() };
        let mut ready = false;
        let mut words = args.iter();
        while let Some(w) = words.next() {
            let Some(letters) = w.strip_prefix('-').filter(|l| !l.is_empty() && r.names.is_empty()) else {
                let plain = w.split('[').next().unwrap_or_default();
                if !parse::is_name(plain) {
                    return fail(p, sh, 1, &format!("read: `{w}': not a valid identifier"));
                }
                r.names.push(w.clone());
                continue;
            };
            if letters == "-" {
                continue;
            }
            let mut rest = letters.chars();
            while let Some(c) = rest.next() {
                let mut value = || {
                    let inline: String = rest.by_ref().collect();
                    if inline.is_empty() { words.next().cloned().unwrap_or_default() } else { inline }
                };
                match c {
                    'r' => r.raw = true,
                    's' | 'e' => {}
                    'a' => r.array = Some(value()),
                    'd' => r.delimiter = value().chars().next().unwrap_or('\0'),
                    'n' | 'N' => {
                        let given = value();
                        let Ok(n) = given.parse() else {
                            return fail(p, sh, 1, &format!("read: {given}: invalid number"));
                        };
                        r.count = Some(n);
                        r.exact |= c == 'N';
                    }
                    'p' => {
                        let prompt = value();
                        if Console::descriptor(p, 0) == crate::console::process::Fd::Term {
                            p.err.push_str(&prompt);
                        }
                    }
                    't' => {
                        let given = value();
                        let Some(s) = given.parse::<f64>().ok().filter(|s| *s >= 0.0).map(|s| s.min(1e6)) else {
                            return fail(p, sh, 1, &format!("read: {given}: invalid timeout specification"));
                        };
                        if s == 0.0 {
                            ready = true;
                        }
                        r.until_ms = Some(self.now_ms.saturating_add((s * 1000.0) as u64));
                    }
                    'u' => r.fd = value().parse().unwrap_or(0),
                    'i' => {
                        value();
                    }
                    c => return bad_option(p, sh, "read", &format!("-{c}")),
                }
            }
        }
        if Console::descriptor(p, r.fd) == crate::console::process::Fd::Closed {
            let why = format!("read: {}: invalid file descriptor: Bad file descriptor", r.fd);
            return fail(p, sh, 1, &why);
        }
        if ready {
            // `-t 0` only asks whether there is something to read.
            sh.status = i32::from(!self.is_ready(p, r.fd));
            return;
        }
        sh.frames.push(Frame::Read(Box::new(r)));
    }

    pub(super) fn mapfile(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let mut r = Reading { delimiter: '\n', map: true, ..Reading::default() };
        let (mut callback, mut quantum) = (None, 5000u32);
        // A text has no NUL bytes.
        let trims = |r: &Reading| r.trim || r.delimiter == '\0';
        let mut words = args.iter();
        while let Some(w) = words.next() {
            let Some(letters) = w.strip_prefix('-').filter(|l| !l.is_empty()) else {
                r.array = Some(w.clone());
                continue;
            };
            let mut rest = letters.chars();
            while let Some(c) = rest.next() {
                let mut value = || {
                    let inline: String = rest.by_ref().collect();
                    if inline.is_empty() { words.next().cloned().unwrap_or_default() } else { inline }
                };
                match c {
                    't' => r.trim = true,
                    'C' => callback = Some(value()),
                    'c' => quantum = value().parse().unwrap_or(5000).max(1),
                    'n' => r.names = vec![value()],
                    's' => r.skip = value().parse().unwrap_or(0),
                    'O' => r.origin = value().parse().unwrap_or(0),
                    'd' => r.delimiter = value().chars().next().unwrap_or('\0'),
                    'u' => r.fd = value().parse().unwrap_or(0),
                    '-' => {}
                    c => return bad_option(p, sh, "mapfile", &format!("-{c}")),
                }
            }
        }
        if let Some(callback) = callback {
            r.callback = Some((callback, quantum));
        }
        r.trim = trims(&r);
        sh.frames.push(Frame::Read(Box::new(r)));
    }
}

fn show_traps(p: &mut Proc, sh: &Shell, only: &[String]) {
    let traps = if sh.parent_traps.is_empty() { &sh.traps } else { &sh.parent_traps };
    let order = |s: &str| match s {
        "EXIT" => 0,
        "DEBUG" => 65,
        "ERR" => 66,
        "RETURN" => 67,
        s => signal(s).map_or(64, |(n, _)| n),
    };
    let mut all: Vec<&String> = if only.is_empty() { traps.keys().collect() } else { only.iter().collect() };
    if only.is_empty() {
        all.sort_by_key(|s| order(s));
    }
    for s in all {
        let Some(text) = traps.get(s) else { continue };
        let name =
            if matches!(s.as_str(), "EXIT" | "ERR" | "DEBUG" | "RETURN") { s.clone() } else { format!("SIG{s}") };
        p.out.push_str(&format!("trap -- '{}' {name}\n", text.replace('\'', "'\\''")));
    }
}
