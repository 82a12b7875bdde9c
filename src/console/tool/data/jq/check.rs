//! What jq finds out about a program before it runs: its syntax, and whether everything that it names exists.

use super::builtin::NAMES;
use super::eval::Tm;
use super::json::Json;
use jaq_core::load::lex::{self, Lexer, StrPart};
use jaq_core::load::parse::{BinaryOp, Def, Parser, Pattern, Term};
use jaq_core::path::Part;

const SHELL: &str = "(Unix shell quoting issues?)";

/// A program as a term; the error is what jq says.
pub(super) fn parsed(text: &str) -> Result<Tm<'_>, String> {
    // The parser nests as the program does; a deep or long one would end more than itself.
    let (mut depth, mut deepest) = (0i64, 0i64);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| matches!(*w, "if" | "try" | "def" | "reduce"));
    if deepest > 100 || text.len() > 8192 || words.count() > 200 {
        return Err(DEEP.to_owned());
    }
    let tokens = Lexer::new(text).lex().map_err(|errors| {
        let end = |e: &lex::Expect<&str>| matches!(e, lex::Expect::Delim(_));
        match errors.first() {
            Some((lex::Expect::Delim("\""), _)) => format!(
                "syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END {SHELL}"
            ),
            Some((lex::Expect::Escape, rest)) => {
                let c = text.get(..text.len() - rest.len()).and_then(|t| t.chars().next_back()).unwrap_or('\\');
                let c = if c == '\\' { rest.chars().next().unwrap_or(' ') } else { c };
                format!("Invalid escape at line 1, column 4 (while parsing '\"\\{c}\"')")
            }
            Some((_, rest)) if text.trim_start() == *rest => {
                format!("syntax error, unexpected INVALID_CHARACTER, expecting $end {SHELL}")
            }
            Some((e, _)) if end(e) => format!("syntax error, unexpected $end {SHELL}"),
            _ => format!("syntax error, unexpected INVALID_CHARACTER {SHELL}"),
        }
    })?;
    // Definitions may stand before the program; alone they are the identity with definitions.
    let parsed = Parser::new(&tokens).parse(|p| {
        let defs = p.defs()?;
        let body = p.term();
        match (defs.is_empty(), body) {
            (true, body) => body,
            (false, Ok(body)) => Ok(Term::Def(defs, Box::new(body))),
            (false, Err(_)) => Ok(Term::Def(defs, Box::new(Term::Id))),
        }
    });
    parsed.map_err(|errors| match errors.first() {
        Some((expected, Some(token))) => {
            let word = token.0;
            let what = match &token.1 {
                lex::Tok::Num => "LITERAL".to_owned(),
                lex::Tok::Word if KEYWORDS.contains(&word) => word.to_owned(),
                lex::Tok::Word => "IDENT".to_owned(),
                lex::Tok::Var => "'$'".to_owned(),
                lex::Tok::Fmt => "FORMAT".to_owned(),
                lex::Tok::Str(_) => "QQSTRING_START".to_owned(),
                lex::Tok::Block(_) => format!("'{}'", word.chars().next().unwrap_or('(')),
                lex::Tok::Sym if word.starts_with('.') && word.len() > 1 => "FIELD".to_owned(),
                lex::Tok::Sym => format!("'{word}'"),
            };
            // Where a program could end or has not begun, nothing else is expected.
            let first = text.trim_start().starts_with(word);
            let end = first || matches!(expected, jaq_core::load::parse::Expect::Nothing);
            format!("syntax error, unexpected {what}{} {SHELL}", if end { ", expecting $end" } else { "" })
        }
        _ => format!("syntax error, unexpected $end {SHELL}"),
    })
}

const DEEP: &str = "syntax error, memory exhausted";

const KEYWORDS: &[&str] =
    &["def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch", "label", "and", "or"];

/// Names in reach: functions with their arity, variables with their sign, labels.
#[derive(Clone, Default)]
struct Known<'p> {
    functions: Vec<(&'p str, usize)>,
    variables: Vec<&'p str>,
    labels: Vec<&'p str>,
}

/// Whether every function, variable and label exists.
pub(super) fn names(term: &Tm<'_>, vars: &[(String, Json)], prelude: &[Def<&str>]) -> Result<(), String> {
    let mut known = Known::default();
    known.functions.extend(NAMES.iter().copied());
    known.functions.extend(prelude.iter().map(|d| (d.name, d.args.len())));
    known.variables.extend(vars.iter().map(|(n, _)| n.as_str()));
    known.variables.extend(["$ENV", "$__loc__"]);
    look(term, &known, 0)
}

fn defined<'p>(d: &'p Def<&'p str>, known: &Known<'p>, depth: u32) -> Result<(), String> {
    let mut inner = known.clone();
    inner.functions.push((d.name, d.args.len()));
    for a in &d.args {
        inner.functions.push((a.trim_start_matches('$'), 0));
        if a.starts_with('$') {
            inner.variables.push(a);
        }
    }
    look(&d.body, &inner, depth + 1)
}

fn pattern<'p>(p: &'p Pattern<&'p str>, known: &mut Known<'p>, depth: u32) -> Result<(), String> {
    match p {
        Pattern::Var(x) => known.variables.push(x),
        Pattern::Arr(items) => items.iter().try_for_each(|p| pattern(p, known, depth))?,
        Pattern::Obj(entries) => {
            for (k, p) in entries {
                look(k, known, depth + 1)?;
                pattern(p, known, depth)?;
            }
        }
    }
    Ok(())
}

fn look<'p>(t: &'p Tm<'p>, known: &Known<'p>, depth: u32) -> Result<(), String> {
    if depth > 300 {
        return Err(DEEP.to_owned());
    }
    let go = |t: &'p Tm<'p>| look(t, known, depth + 1);
    match t {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Arr(None) => Ok(()),
        Term::Str(_, parts) => {
            let inner = parts.iter().filter_map(|p| if let StrPart::Term(t) = p { Some(t) } else { None });
            inner.into_iter().try_for_each(go)
        }
        Term::Arr(Some(t)) | Term::Neg(t) => go(t),
        Term::Obj(entries) => entries.iter().try_for_each(|(k, v)| {
            if let Term::Num(n) = k {
                return Err(format!("Cannot use number ({n}) as object key"));
            }
            go(k)?;
            v.as_ref().map_or(Ok(()), go)
        }),
        Term::BinOp(l, BinaryOp::Pipe(Some(p)), r) => {
            go(l)?;
            let mut inner = known.clone();
            pattern(p, &mut inner, depth)?;
            look(r, &inner, depth + 1)
        }
        Term::BinOp(l, op, r) => {
            if let (BinaryOp::Math(jaq_core::ops::Math::Div | jaq_core::ops::Math::Rem), Term::Num(_), Term::Num(n)) =
                (op, &**l, &**r)
                && n.parse::<f64>().is_ok_and(|n| n == 0.0)
                && matches!(op, BinaryOp::Math(jaq_core::ops::Math::Div))
            {
                return Err("Division by zero?".to_owned());
            }
            go(l)?;
            go(r)
        }
        Term::Label(name, t) => {
            let mut inner = known.clone();
            inner.labels.push(name);
            look(t, &inner, depth + 1)
        }
        Term::Break(name) if known.labels.contains(name) => Ok(()),
        Term::Break(name) => Err(format!("$*label-{} is not defined", name.trim_start_matches('$'))),
        Term::Fold(_, xs, p, args) => {
            go(xs)?;
            let mut inner = known.clone();
            pattern(p, &mut inner, depth)?;
            args.iter().try_for_each(|a| look(a, &inner, depth + 1))
        }
        Term::TryCatch(t, c) => {
            go(t)?;
            c.as_deref().map_or(Ok(()), go)
        }
        Term::IfThenElse(cases, other) => {
            for (a, b) in cases {
                go(a)?;
                go(b)?;
            }
            other.as_deref().map_or(Ok(()), go)
        }
        Term::Def(defs, t) => {
            let mut inner = known.clone();
            for d in defs {
                defined(d, &inner, depth)?;
                inner.functions.push((d.name, d.args.len()));
            }
            look(t, &inner, depth + 1)
        }
        Term::Call(name, args) => {
            if KEYWORDS.contains(name) {
                return Err(format!("syntax error, unexpected {name}, expecting $end {SHELL}"));
            }
            if !name.starts_with('@') && !known.functions.iter().any(|(n, a)| n == name && *a == args.len()) {
                return Err(format!("{name}/{} is not defined", args.len()));
            }
            args.iter().try_for_each(go)
        }
        Term::Var(name) if known.variables.contains(name) => Ok(()),
        Term::Var(name) => Err(format!("{name} is not defined")),
        Term::Path(_, path) if path.0.len() > 100 => Err(DEEP.to_owned()),
        Term::Path(head, path) => {
            go(head)?;
            path.0.iter().try_for_each(|(part, _)| match part {
                Part::Index(t) => go(t),
                Part::Range(a, b) => a.iter().chain(b).try_for_each(go),
            })
        }
    }
}
