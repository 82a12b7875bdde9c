//! The house rules as tests: arrows between modules, bans, the opening line, length, and words that must not appear.
//!
//! Each check is a function over a path and a text, and has a bad sample that turns it red.

use regex::Regex;
use std::fs;
use std::path::Path;

/// Who may import whom (DESIGN §2). A name with `::` allows only what lies below it. `stdx` is open to all.
const ARROWS: &[(&str, &[&str])] = &[
    ("stdx", &[]),
    ("locale", &[]),
    ("diagnostic", &[]),
    ("scenario", &["diagnostic"]),
    ("fact", &["scenario"]),
    ("sim", &["fact", "scenario"]),
    ("observe", &["sim", "fact", "scenario"]),
    ("console", &["sim", "fact", "scenario"]),
    ("milestone", &["observe", "console", "sim", "fact", "scenario"]),
    ("rule", &["milestone", "observe", "console", "sim", "fact", "scenario"]),
    ("session", &["rule", "milestone", "observe", "console", "sim", "fact", "scenario", "diagnostic", "locale"]),
    ("people", &["session", "rule", "milestone", "observe", "sim", "fact", "scenario"]),
    ("scoring", &["session", "rule", "milestone", "observe", "sim", "fact", "scenario"]),
    ("storage", &["session", "fact", "scenario", "diagnostic"]),
    ("library", &["scoring", "session", "milestone", "fact", "scenario", "diagnostic"]),
    ("debrief", &["scoring", "session", "rule", "milestone", "observe", "sim", "fact", "scenario", "locale"]),
    ("host", &["people", "storage", "session", "rule", "milestone", "observe", "console", "sim", "fact", "scenario"]),
    ("view", &["session::projection", "scoring", "debrief", "library", "diagnostic", "fact", "scenario", "locale"]),
    ("postmortem", &["view", "debrief", "scoring", "session", "milestone", "fact", "scenario", "locale"]),
    // Its problems are words, so that the command line and a test print the same.
    (
        "rehearsal",
        &[
            "host",
            "view",
            "storage",
            "scoring",
            "session",
            "rule",
            "milestone",
            "observe",
            "sim",
            "fact",
            "scenario",
            "locale",
        ],
    ),
    // A view-model's fields are projection and debrief model types, so a panel may name these; state stays out of reach.
    ("ui", &["view", "diagnostic", "locale", "session::projection", "debrief::model", "fact", "scenario"]),
    ("cli", CLI),
    ("app", APP),
    ("main", &["cli", "app"]),
];

const CLI: &[&str] = &[
    "host",
    "rehearsal",
    "storage",
    "library",
    "debrief",
    "postmortem",
    "scoring",
    "view",
    "session",
    "console",
    "milestone",
    "fact",
    "scenario",
    "diagnostic",
    "locale",
];

const APP: &[&str] = &[
    "ui",
    // The briefing lists the tools by their declarations.
    "console",
    "view",
    "host",
    "storage",
    "library",
    "debrief",
    "postmortem",
    "scoring",
    "session",
    "milestone",
    "fact",
    "scenario",
    "diagnostic",
    "locale",
];

/// Files with more than [`MAX_LINES`] lines: declarations with a doc line for each field, easier to read in one place.
const LONG: &[(&str, usize)] = &[("tests/core/console/fixture.rs", 750)];

/// Most lines of a file.
const MAX_LINES: usize = 600;

/// The module of a source file: `src/sim/flow.rs` and `src/sim.rs` belong to `sim`.
fn module(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let name = inside.split('/').next()?;
    let name = name.strip_suffix(".rs").unwrap_or(name);
    (name != "lib").then_some(name)
}

/// The text with comments and the insides of strings blanked, so that only code is searched; lines stay where they are.
fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let pattern = r##"(?s)//[^\n]*|/\*.*?\*/|r#+".*?"#+|r"[^"]*"|b?"(?:\\.|[^"\\])*"|b?'(?:\\.[^']*|[^'\\])'"##;
    let skip = Regex::new(pattern).unwrap();
    while let Some(found) = skip.find(rest) {
        out.push_str(&rest[..found.start()]);
        // The word before a string stays a word of its own.
        out.push(' ');
        out.extend(found.as_str().chars().filter(|c| *c == '\n'));
        rest = &rest[found.end()..];
    }
    out + rest
}

/// Line numbers and texts where a pattern matches.
fn hits(text: &str, pattern: &str) -> Vec<(usize, String)> {
    let pattern = Regex::new(pattern).unwrap();
    pattern
        .find_iter(text)
        .map(|m| (text[..m.start()].matches('\n').count() + 1, m.as_str().trim().to_owned()))
        .collect()
}

/// Modules of this crate that the code names, with a second path segment if there is one.
fn imports(code: &str) -> Vec<(usize, String, Vec<String>)> {
    let start = Regex::new(r"(?:\bcrate|\bwheel_of_misfortune)\s*::\s*").unwrap();
    let mut found = Vec::new();
    for m in start.find_iter(code) {
        let line = code[..m.start()].matches('\n').count() + 1;
        for path in paths(&code[m.end()..]) {
            let mut parts = path.split("::").map(str::to_owned);
            if let Some(first) = parts.next().filter(|f| f.starts_with(|c: char| c.is_ascii_lowercase())) {
                found.push((line, first, parts.collect()));
            }
        }
    }
    found
}

/// Every path of a use tree at the start of `code`: `a::{b, c::d}` gives `a::b` and `a::c::d`.
fn paths(code: &str) -> Vec<String> {
    let (mut prefixes, mut current, mut done) = (Vec::<String>::new(), String::new(), Vec::new());
    let finish = |prefixes: &[String], current: &mut String, done: &mut Vec<String>| {
        let tail = current.split(" as ").next().unwrap_or_default();
        let tail: String = tail.chars().filter(|c| !c.is_whitespace()).collect();
        if !tail.is_empty() {
            done.push(prefixes.concat() + &tail);
        }
        current.clear();
    };
    for c in code.chars() {
        match c {
            '{' if prefixes.is_empty() && !current.trim_end().ends_with("::") && !current.is_empty() => break,
            '{' => prefixes.push(std::mem::take(&mut current).split_whitespace().collect()),
            ',' if !prefixes.is_empty() => finish(&prefixes, &mut current, &mut done),
            '}' if !prefixes.is_empty() => {
                finish(&prefixes, &mut current, &mut done);
                prefixes.pop();
                if prefixes.is_empty() {
                    break;
                }
            }
            _ if c.is_alphanumeric() || c == '_' || c == ':' || c == '*' => current.push(c),
            _ if c.is_whitespace() && (!prefixes.is_empty() || current.ends_with(':')) => current.push(c),
            _ => break,
        }
    }
    finish(&prefixes, &mut current, &mut done);
    done
}

fn arrows(path: &str, text: &str) -> Vec<String> {
    let Some(from) = module(path) else { return Vec::new() };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == from) else {
        return vec![format!("{path}: module `{from}` has no row in the table of arrows")];
    };
    let names: Vec<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let fits = |to: &str, below: &[String]| {
        allowed.iter().any(|a| match a.split_once("::") {
            None => *a == to,
            Some((module, inside)) => module == to && below.first().is_some_and(|b| b == inside),
        })
    };
    imports(&code(text))
        .into_iter()
        .filter(|(_, to, below)| to != from && to != "stdx" && names.contains(&to.as_str()) && !fits(to, below))
        .map(|(line, to, _)| format!("{path}:{line}: `{from}` may not import `{to}`"))
        .collect()
}

/// What a ban forbids, where it does not hold, and what to use instead.
struct Ban {
    pattern: &'static str,
    except: &'static [&'static str],
    instead: &'static str,
}

const BANS: &[Ban] = &[
    Ban { pattern: r"\bHash(Map|Set)\b", except: &["app", "ui"], instead: "BTreeMap, BTreeSet or Vec" },
    Ban {
        pattern: r"\b(Instant|SystemTime)\b|\bstd::time::\{?[^;]*\b(Instant|SystemTime)\b",
        except: &["app", "cli", "storage", "main"],
        instead: "simulated ticks; the edge hands durations in",
    },
    Ban {
        pattern: r"\bstd::(fs|net|process|env)\b|\bstd::\{[^;]*\b(fs|net|process|env)\b",
        except: &["app", "cli", "storage", "main"],
        instead: "storage for files, nothing for the rest",
    },
    Ban { pattern: r"\be?print(ln)?!", except: &["app", "cli", "main"], instead: "a return value, or cli's Io" },
    Ban { pattern: r"\bbevy\w*\b", except: &["app"], instead: "the app module" },
    Ban { pattern: r"\begui\w*\b", except: &["app", "ui"], instead: "the ui module" },
    Ban { pattern: r"\b(todo|unimplemented|dbg)!", except: &[], instead: "the finished thing" },
    Ban { pattern: r"\bthread::sleep\b", except: &[], instead: "a wake-up of the event loop" },
    Ban {
        pattern: r"\.(sin|cos|tan|tanh|asin|acos|atan|atan2|ln|ln_1p|log2|log10|exp|exp2|exp_m1|powf|powi|cbrt)\(",
        except: &["app", "ui"],
        instead: "libm, which gives the same bits everywhere",
    },
    Ban { pattern: r"\bunsafe\b", except: &[], instead: "safe code" },
];

/// What would let the console see or touch the real machine. Nothing of it is needed there: texts are built in memory with
/// `String` and `fmt::Write`, so even the memory-only parts of `std::io` stay out, and the only things of `std::sync` are
/// `Arc`, `Mutex` and `OnceLock`.
const REAL_MACHINE: &[(&str, &str)] = &[
    (
        r"\bstd::(process|fs|net|env|io|time|thread|os|ffi|alloc|panic)\b",
        "ConsoleHost, which answers for the simulated machine",
    ),
    (r"\bstd::\{[^;]*\b(process|fs|net|env|io|time|thread|os|ffi|alloc|panic)\b", "ConsoleHost"),
    (r"\buse\s+(std|core)\s*(as\b|::\s*\*|;)", "the full path, so that this test sees it"),
    (r"\bextern\s+(crate|\x22)", "a dependency that is pure"),
    (r"\b(libc|rustix|nix|tempfile|dirs|directories|fs_err|tokio|async_std|mio|ureq|reqwest)::", "ConsoleHost"),
    (r"\bcrate::(storage|cli|net|app|host)\b", "ConsoleHost"),
    (r"\bConnection::(open|open_with_flags|open_from_memory_and_file)\s*\(", "a database in memory"),
    (r"\b(include|include_str|include_bytes|env|option_env)!", "text in the source"),
];

fn no_real_machine(path: &str, text: &str) -> Vec<String> {
    if module(path) != Some("console") {
        return Vec::new();
    }
    let code = code(text);
    let found = REAL_MACHINE.iter().flat_map(|(p, i)| hits(&code, p).into_iter().map(move |(l, w)| (l, w, *i)));
    found
        .map(|(line, what, use_)| format!("{path}:{line}: the console reaches out with `{what}`; use {use_}"))
        .collect()
}

fn bans(path: &str, text: &str) -> Vec<String> {
    // lib.rs names the tiers and forbids unsafe code; it holds nothing else.
    let Some(from) = module(path) else { return Vec::new() };
    let code = code(text);
    let broken = BANS.iter().filter(|b| !b.except.contains(&from));
    let found =
        broken.flat_map(|b| hits(&code, b.pattern).into_iter().map(move |(line, what)| (line, what, b.instead)));
    found.map(|(line, what, instead)| format!("{path}:{line}: `{what}` is banned here; use {instead}")).collect()
}

fn shape(path: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !text.starts_with("//! ") {
        problems.push(format!("{path}:1: the first line does not say what the file is for (`//! …`)"));
    }
    let (lines, most) = (text.lines().count(), LONG.iter().find(|(p, _)| *p == path).map_or(MAX_LINES, |(_, n)| *n));
    if lines > most {
        problems.push(format!("{path}: {lines} lines, at most {most}"));
    }
    if path.ends_with("/mod.rs") {
        problems.push(format!("{path}: name it after its module and put it beside the folder"));
    }
    problems
}

/// Text of any kind: no path of a machine, no host name of a package registry.
fn words(path: &str, text: &str) -> Vec<String> {
    let machine = concat!(r#"(?:^|[\s"'`(=<])/(?:wo"#, r"rk|Users)/[\w.-]+|/root/\.(?:cargo|rustup)");
    let registry =
        concat!(r"\b(?:crates\.i", r"o|npmjs\.(?:com|org)|pypi\.or", r"g|rubygems\.or", r"g)\b|//docs\.r", r"s\b");
    let rules = [("a path of a machine", machine), ("a registry's host name", registry)];
    let of = |(what, pattern): (&'static str, &str)| {
        hits(text, &format!("(?m){pattern}")).into_iter().map(move |(line, hit)| (line, hit, what)).collect::<Vec<_>>()
    };
    rules.into_iter().flat_map(of).map(|(line, hit, what)| format!("{path}:{line}: `{hit}` is {what}")).collect()
}

/// The repository's files with one of these endings, by path from its root.
fn files(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        for path in entries {
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if path.is_dir() {
                walk(&path, endings, found);
            } else if endings.contains(&ending) {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))));
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), endings, &mut found);
    }
    found
}

fn check(files: Vec<(String, String)>, rule: fn(&str, &str) -> Vec<String>) {
    assert!(!files.is_empty(), "nothing was looked at");
    let problems: Vec<String> = files.iter().flat_map(|(path, text)| rule(path, text)).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

fn sources() -> Vec<(String, String)> {
    files(&["src"], &["rs"])
}

#[test]
fn nothing_points_up() {
    check(sources(), arrows);
}

#[test]
fn nothing_banned_is_used() {
    check(sources(), bans);
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    check(files(&["src", "tests", "benches"], &["rs"]), shape);
}

#[test]
fn texts_name_no_machine_and_no_registry() {
    let folders = ["src", "tests", "benches", "scenarios", "assets", "docs"];
    let mut all = files(&folders, &["rs", "ron", "md", "wom", "ftl", "toml", "txt"]);
    for name in ["README.md", "Cargo.toml", "clippy.toml"] {
        if let Ok(text) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)) {
            all.push((name.into(), text));
        }
    }
    check(all, words);
}

#[test]
fn the_table_of_arrows_has_no_circle() {
    // Rows only point to rows above them, so no circle can be made of allowed arrows.
    for (n, (from, allowed)) in ARROWS.iter().enumerate() {
        for to in *allowed {
            let to = to.split("::").next().unwrap_or_default();
            let at = ARROWS.iter().position(|(name, _)| *name == to);
            assert!(at.is_some_and(|at| at < n), "`{from}` -> `{to}` points up or nowhere");
        }
    }
}

#[test]
fn every_module_has_a_row() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let mut declared: Vec<_> =
        hits(&code(&lib), r"pub mod \w+").into_iter().map(|(_, m)| m["pub mod ".len()..].to_owned()).collect();
    declared.push("main".into());
    declared.sort();
    let mut rows: Vec<_> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    rows.sort();
    assert_eq!(rows, declared);
}

/// A check turns red on the bad sample and stays green on the good one.
fn turns_red(rule: fn(&str, &str) -> Vec<String>, path: &str, bad: &str, good: &str) {
    assert_eq!(rule(path, bad).len(), 1, "{path}: {bad:?}: {:?}", rule(path, bad));
    assert_eq!(rule(path, good), Vec::<String>::new(), "{path}: {good:?}");
}

#[test]
fn the_arrow_check_turns_red() {
    let red = |path: &str, bad: &str, good: &str| turns_red(arrows, path, bad, good);
    red("src/sim/flow.rs", "use crate::session::Entry;", "use crate::fact::Fact;");
    red("src/scenario.rs", "use crate::{stdx::time::Tick, sim::World};", "use crate::{stdx::time::Tick};");
    red(
        "src/console/tool.rs",
        "fn f(x: crate::session::Command) {}",
        "fn f(x: crate::sim::Effect) {} // crate::session",
    );
    red(
        "src/view/map.rs",
        "use crate::session::{Entry, projection::Map};",
        "use crate::session::projection::{Map, Node};",
    );
    red("src/ui/panel.rs", "use crate::session::State;", "use crate::session::projection::Node;");
    red("src/cli/list.rs", "use crate::app::run;", "let x = \"crate::app\";");
    red("src/main.rs", "use wheel_of_misfortune::sim;", "use wheel_of_misfortune::cli;");
    assert_eq!(arrows("src/strange.rs", "").len(), 1, "a module without a row");
}

#[test]
fn the_bans_turn_red() {
    for (path, bad, good) in [
        ("src/sim.rs", "use std::collections::HashMap;", "use std::collections::BTreeMap; // no HashMap"),
        ("src/host.rs", "use std::time::Instant;", "use std::time::Duration;"),
        ("src/session/a.rs", "let t = SystemTime::now();", "let t = \"SystemTime\";"),
        ("src/console/a.rs", "std::fs::read(p)", "vfs.read(p)"),
        ("src/people.rs", "use std::{net, fmt};", "use std::{fmt, io};"),
        ("src/rule.rs", "println!(\"x\")", "writeln!(out, \"println!\")"),
        ("src/view.rs", "use bevy::prelude::*;", "// bevy"),
        ("src/view.rs", "use egui::Ui;", "/* egui */"),
        ("src/ui/a.rs", "use bevy_egui::X;", "use egui::X;"),
        ("src/app.rs", "todo!()", "todo()"),
        ("src/cli.rs", "dbg!(x)", "r#\"dbg!\"#"),
        ("src/sim/a.rs", "x.powf(2.0)", "libm::pow(x, 2.0)"),
        ("src/app/a.rs", "std::thread::sleep(d)", "asleep(d)"),
        ("src/storage/a.rs", "unsafe { x }", "safe { x }"),
    ] {
        turns_red(bans, path, bad, good);
    }
}

#[test]
fn the_console_cannot_reach_the_real_machine() {
    check(sources(), no_real_machine);
}

#[test]
fn the_ban_on_the_real_machine_turns_red() {
    let fine = "use std::sync::Arc; let fs = \"std::fs\"; // std::env";
    for bad in [
        "std::process::Command::new(\"ls\")",
        "use std::fs;",
        "use std::{fmt, env};",
        "let s = std::net::TcpStream::connect(a);",
        "use std::io::Write as _;",
        "let t = std::time::Duration::ZERO;",
        "std::thread::spawn(f);",
        "use std::os::unix::fs::PermissionsExt;",
        "use std as s;",
        "use std::*;",
        "extern crate libc;",
        "unsafe { libc::fork() }",
        "crate::storage::read(p)",
        "rusqlite::Connection::open(path)",
        "include_str!(\"/etc/passwd\")",
        "env!(\"HOME\")",
    ] {
        turns_red(no_real_machine, "src/console/tool/a.rs", bad, fine);
        turns_red(no_real_machine, "src/console.rs", bad, fine);
        assert!(no_real_machine("src/storage/a.rs", bad).is_empty(), "elsewhere it is allowed: {bad}");
    }
}

#[test]
fn the_shape_check_turns_red() {
    let long = format!("//! Long.\n{}", "x\n".repeat(MAX_LINES));
    turns_red(shape, "src/a.rs", "use x;\n", "//! What it is for.\n");
    turns_red(shape, "src/a.rs", &long, &long[..long.len() - 2]);
    assert_eq!(shape("src/a/mod.rs", "//! A module.\n").len(), 1);
}

#[test]
fn the_word_check_turns_red() {
    turns_red(words, "README.md", concat!("see /wo", "rk/main"), "see /var/work/main and a/work/b");
    turns_red(words, "a.ron", concat!("/root/", ".cargo/bin"), "/root/notes.txt");
    turns_red(words, "a.md", concat!("https://crates", ".io/x"), "https://registry.example/x, crates-io-postmortem");
}
