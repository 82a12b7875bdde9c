//! Words of the syntax tree as text.

use crate::console::escape;
use crate::console::print::command;
use crate::console::syntax::{Assign, AssignValue, Index, Part, VarOp, Which, Word};

/// A word.
pub fn word(w: &Word) -> String {
    if w.0.is_empty() { String::new() } else { parts(&w.0, false) }
}

/// Parts of an expression, as they stand between `((` and `))`.
pub fn expression(all: &[Part]) -> String {
    parts(all, false)
}

/// The right side of `=~`: what was quoted keeps a backslash, because quotes there mean something.
pub(super) fn regex(w: &Word) -> String {
    word(w)
}

/// The body of a here-document.
pub(super) fn here(w: &Word, quoted: bool) -> String {
    let mut out = String::new();
    for part in &w.0 {
        match part {
            Part::Quoted(t) if quoted => out.push_str(t),
            Part::Double(inner) => {
                for part in inner {
                    match part {
                        Part::Lit(t) | Part::Quoted(t) => out.push_str(&escaped(t, "\\$`")),
                        other => out.push_str(&parts(std::slice::from_ref(other), true)),
                    }
                }
            }
            other => out.push_str(&parts(std::slice::from_ref(other), true)),
        }
    }
    out
}

fn escaped(text: &str, what: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if what.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// An assignment.
pub(super) fn assign(a: &Assign) -> String {
    let index = a.index.as_ref().map(|i| format!("[{}]", word(i))).unwrap_or_default();
    let op = if a.append { "+=" } else { "=" };
    let value = match &a.value {
        AssignValue::Word(w) => word(w),
        AssignValue::Array(all) => {
            let one = |e: &crate::console::syntax::Element| match &e.index {
                Some(i) => format!("[{}]{}={}", word(i), if e.append { "+" } else { "" }, word(&e.word)),
                None => word(&e.word),
            };
            format!("({})", all.iter().map(one).collect::<Vec<_>>().join(" "))
        }
    };
    format!("{}{index}{op}{value}", a.name)
}

fn parts(all: &[Part], quoted: bool) -> String {
    let mut out = String::new();
    for part in all {
        match part {
            Part::Lit(t) if quoted => out.push_str(&escaped(t, "\\\"$`")),
            Part::Lit(t) => out.push_str(t),
            Part::Quoted(t) if quoted => out.push_str(&escaped(t, "\\\"$`")),
            Part::Quoted(t) if t.chars().any(|c| c.is_control() && c != '\n' && c != '\t') => {
                out.push_str(&escape::dollar(t));
            }
            Part::Quoted(t) => {
                let mut chars = t.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) if c != '\n' => out.push_str(&format!("\\{c}")),
                    _ => out.push_str(&format!("'{}'", t.replace('\'', "'\\''"))),
                }
            }
            Part::Double(inner) => out.push_str(&format!("\"{}\"", parts(inner, true))),
            Part::Home(name) => out.push_str(&format!("~{name}")),
            Part::Var { name, index, indirect, op } => {
                if *op == VarOp::Bare {
                    out.push_str(&format!("${name}"));
                } else {
                    out.push_str(&variable(name, index.as_ref(), *indirect, op, quoted));
                }
            }
            Part::Command(node) => {
                let text = command(node);
                // Two parentheses would begin an expression.
                let space = if text.starts_with('(') { " " } else { "" };
                let end = if text.contains('\n') { "\n" } else { "" };
                out.push_str(&format!("$({space}{text}{end})"));
            }
            Part::Arith(inner) => out.push_str(&format!("$(({}))", parts(inner, false))),
            Part::Process(node, sink) => {
                out.push_str(&format!("{}({})", if *sink { '>' } else { '<' }, command(node)));
            }
            Part::Assign(a) => out.push_str(&assign(a)),
        }
    }
    out
}

fn variable(name: &str, index: Option<&Index>, indirect: bool, op: &VarOp, quoted: bool) -> String {
    if let VarOp::Bad(text) = op {
        return text.clone();
    }
    let inner = |w: &Word| parts(&w.0, quoted);
    let colon = |c: bool| if c { ":" } else { "" };
    let twice = |c: char, long: bool| if long { format!("{c}{c}") } else { c.to_string() };
    let before = match op {
        VarOp::Length => "#",
        VarOp::Names(_) | VarOp::Keys => "!",
        _ if indirect => "!",
        _ => "",
    };
    let index = match index {
        None => String::new(),
        Some(Index::At) => "[@]".to_owned(),
        Some(Index::Star) => "[*]".to_owned(),
        Some(Index::Of(w)) => format!("[{}]", word(w)),
    };
    let after = match op {
        VarOp::Plain | VarOp::Bare | VarOp::Length | VarOp::Keys | VarOp::Bad(_) => String::new(),
        VarOp::Default(c, w) => format!("{}-{}", colon(*c), inner(w)),
        VarOp::Assign(c, w) => format!("{}={}", colon(*c), inner(w)),
        VarOp::Error(c, w) => format!("{}?{}", colon(*c), inner(w)),
        VarOp::Instead(c, w) => format!("{}+{}", colon(*c), inner(w)),
        VarOp::Head(long, w) => format!("{}{}", twice('#', *long), word(w)),
        VarOp::Tail(long, w) => format!("{}{}", twice('%', *long), word(w)),
        VarOp::Replace(which, from, to) => {
            let mark = match which {
                Which::First => "",
                Which::All => "/",
                Which::Start => "#",
                Which::End => "%",
            };
            format!("/{mark}{}/{}", word(from), word(to))
        }
        VarOp::Case(upper, all, w) => format!("{}{}", twice(if *upper { '^' } else { ',' }, *all), word(w)),
        VarOp::Toggle(all, w) => format!("{}{}", twice('~', *all), word(w)),
        VarOp::Slice(offset, length) => {
            // `${x:-1}` would be another form.
            let offset = parts(offset, false);
            let space = if offset.starts_with(['-', '+', '=', '?']) { " " } else { "" };
            let length = length.as_ref().map(|l| format!(":{}", parts(l, false))).unwrap_or_default();
            format!(":{space}{offset}{length}")
        }
        VarOp::Transform(c) => format!("@{c}"),
        VarOp::Names(at) => if *at { "@" } else { "*" }.to_owned(),
    };
    format!("${{{before}{name}{index}{after}}}")
}
