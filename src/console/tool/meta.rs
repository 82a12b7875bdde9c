//! man, clear, date, sleep, true-to-life small tools about the shell itself.

use crate::console::builtin;
use crate::console::tool::{self, Ctx, Decl, Operand, Step, Style};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "man",
        synopsis: "NAME",
        about: "show the manual page of a tool",
        opts: &[],
        subs: &[],
        operand: Operand::Tool,
        style: Style::Gnu,
        examples: &[("man nope", "No manual entry for nope\n")],
        step: man,
        ..Decl::BLANK
    },
    Decl {
        name: "clear",
        synopsis: "",
        about: "clear the terminal screen",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("clear", "")],
        step: clear,
        ..Decl::BLANK
    },
    Decl {
        name: "sleep",
        synopsis: "NUMBER[smh]",
        about: "delay for a specified amount of time",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[
            ("sleep 2; date +%S", "02\n"),
            ("sleep x", "sleep: invalid time interval ‘x’\nTry 'sleep --help' for more information.\n"),
        ],
        step: sleep,
        ..Decl::BLANK
    },
    Decl {
        name: "printenv",
        synopsis: "[NAME]...",
        about: "print all or part of the environment",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("printenv USER", "primary\n"), ("X=1 printenv X", "1\n")],
        step: printenv,
        ..Decl::BLANK
    },
];

fn man(c: &mut Ctx<'_>) -> Step {
    match c.args.at(0).map(str::to_owned) {
        None => {
            c.p.err.push_str("What manual page do you want?\nFor example, try 'man man'.\n");
            Step::Exit(1)
        }
        Some(name) => match tool::find(&name) {
            Some(d) => {
                c.print(&tool::manual(d));
                Step::Exit(0)
            }
            None if builtin::manual_of(&name).is_some() => {
                let text = builtin::manual_of(&name).map(|h| h.manual()).unwrap_or_default();
                c.print(&text);
                Step::Exit(0)
            }
            None => {
                c.p.err.push_str(&format!("No manual entry for {name}\n"));
                Step::Exit(16)
            }
        },
    }
}

fn clear(c: &mut Ctx<'_>) -> Step {
    let id = c.p.terminal;
    if let Some(t) = c.con.terminal_mut(id) {
        t.clear();
    }
    Step::Exit(0)
}

/// Reads `5`, `0.5`, `2m`, `1h` as milliseconds.
pub(crate) fn millis(text: &str) -> Option<u64> {
    let (digits, scale) = match text.chars().last()? {
        's' => (text.get(..text.len() - 1)?, 1000.0),
        'm' => (text.get(..text.len() - 1)?, 60_000.0),
        'h' => (text.get(..text.len() - 1)?, 3_600_000.0),
        'd' => (text.get(..text.len() - 1)?, 86_400_000.0),
        _ => (text, 1000.0),
    };
    let v: f64 = digits.parse().ok()?;
    (v.is_finite() && v >= 0.0).then_some((v * scale).min(1e12) as u64)
}

fn sleep(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 {
        return if c.asleep() { Step::Wait } else { Step::Exit(0) };
    }
    c.tool.phase = 1;
    if c.args.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    let mut sum: u64 = 0;
    for a in c.args.rest.clone() {
        match millis(&a) {
            Some(ms) => sum = sum.saturating_add(ms),
            None => c.error(&format!("invalid time interval ‘{a}’")),
        }
    }
    if c.tool.status > 0 {
        return c.misuse_hint();
    }
    c.sleep_ms(sum);
    Step::More
}

fn printenv(c: &mut Ctx<'_>) -> Step {
    let names = c.args.rest.clone();
    let env = c.p.env.clone();
    if names.is_empty() {
        for (k, v) in &env {
            c.see_all(v.sources.clone());
            c.line(&format!("{k}={}", v.text));
        }
    }
    let mut status = 0;
    for n in names {
        match env.get(&n) {
            Some(v) => {
                c.see_all(v.sources.clone());
                c.line(&v.text);
            }
            None => status = 1,
        }
    }
    Step::Exit(status)
}
