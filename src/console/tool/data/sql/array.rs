//! Arrays as far as they come up at a prompt: a list written out, and whether a value is among it.

use super::value::Ty;
use sqlparser::ast::{Expr, FunctionArguments};

/// A list as the engine's own function makes it a text.
pub(super) fn made(elements: &[(Expr, Option<Ty>)]) -> String {
    let one = |(e, ty): &(Expr, Option<Ty>)| match ty {
        Some(Ty::Bool) => format!("CASE WHEN {e} THEN 't' WHEN NOT {e} THEN 'f' END"),
        Some(Ty::Moment) => format!("pg_text('moment', {e})"),
        Some(Ty::Span) => format!("pg_text('span', {e})"),
        _ => e.to_string(),
    };
    format!("pg_array({})", elements.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// `{a,"b c",NULL}`.
pub(super) fn shown(elements: &[Option<String>]) -> String {
    let one = |e: &Option<String>| match e {
        None => "NULL".to_owned(),
        Some(t) => {
            let plain = |c: char| !(c.is_whitespace() || matches!(c, '{' | '}' | ',' | '"' | '\\'));
            if !t.is_empty() && t.chars().all(plain) && !t.eq_ignore_ascii_case("null") {
                t.clone()
            } else {
                format!("\"{}\"", t.replace('\\', "\\\\").replace('"', "\\\""))
            }
        }
    };
    format!("{{{}}}", elements.iter().map(one).collect::<Vec<_>>().join(","))
}

/// Elements of an array beside a value of a type, as the engine's own list; `None` if it is not written out.
pub(super) fn listed(array: &Expr, beside: Option<Ty>) -> Option<String> {
    match array {
        Expr::Nested(inner) => listed(inner, beside),
        Expr::Function(f) if f.name.to_string() == "pg_array" => match &f.args {
            FunctionArguments::List(l) => Some(l.args.iter().map(|a| a.to_string()).collect::<Vec<_>>().join(", ")),
            _ => None,
        },
        Expr::Value(v) => {
            let text = v.value.clone().into_string()?;
            let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
            let number = matches!(beside, Some(Ty::Int | Ty::Xid | Ty::Float | Ty::Numeric(_)));
            let one = |e: &str| {
                let e = e.trim().trim_matches('"');
                match e.parse::<i64>() {
                    Ok(n) if number => n.to_string(),
                    _ => format!("'{}'", e.replace('\'', "''")),
                }
            };
            Some(inner.split(',').filter(|e| !e.trim().is_empty()).map(one).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}
