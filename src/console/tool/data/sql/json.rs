//! `json` and `jsonb`: values written out at a prompt, and the operators that take them apart.

use super::function::{failure, text};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};
use serde_json::Value;

/// A value as `jsonb` writes it: keys by length and then by bytes, a blank behind each comma and colon.
pub(super) fn binary(v: &Value) -> String {
    match v {
        Value::Object(map) => {
            let mut all: Vec<(&String, &Value)> = map.iter().collect();
            all.sort_by(|a, b| (a.0.len(), a.0).cmp(&(b.0.len(), b.0)));
            let parts: Vec<String> =
                all.iter().map(|(k, v)| format!("{}: {}", Value::String((*k).clone()), binary(v))).collect();
            format!("{{{}}}", parts.join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(binary).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Reads a value; what is none has the server's words.
pub(super) fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// The element under a key: a name of an object, or a place of a list, from its end if it is negative.
fn under<'v>(v: &'v Value, key: &str, number: bool) -> Option<&'v Value> {
    match v {
        Value::Object(map) if !number => map.get(key),
        Value::Array(list) => {
            let at: i64 = key.parse().ok()?;
            let at = if at < 0 { i64::try_from(list.len()).ok()? + at } else { at };
            list.get(usize::try_from(at).ok()?)
        }
        _ => None,
    }
}

/// As a text: a string without its quotes, null as nothing.
fn plain(v: &Value, binary_form: bool) -> Option<String> {
    match v {
        Value::Null => None,
        Value::String(s) => Some(s.clone()),
        other => Some(written(other, binary_form)),
    }
}

fn written(v: &Value, binary_form: bool) -> String {
    if binary_form { binary(v) } else { v.to_string() }
}

/// Whether everything of one value is in another.
fn contains(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => y.iter().all(|(k, v)| x.get(k).is_some_and(|w| contains(w, v))),
        (Value::Array(x), Value::Array(y)) => y.iter().all(|v| x.iter().any(|w| contains(w, v))),
        (Value::Array(x), v) => x.contains(v),
        (a, b) => a == b,
    }
}

fn kind(v: &Value) -> &'static str {
    match v {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Elements of a path such as `{a,0,b}`.
fn path(text: &str) -> Vec<String> {
    let inner = text.trim().trim_start_matches('{').trim_end_matches('}');
    inner.split(',').map(|p| p.trim().trim_matches('"').to_owned()).filter(|p| !p.is_empty()).collect()
}

/// Adds them to a connection. `how` is made of letters: `b` for `jsonb`, `t` for a text, `n` for a number as the key.
pub(super) fn register(db: &Connection, flags: FunctionFlags) -> Result<()> {
    let value =
        |c: &rusqlite::functions::Context<'_>, at: usize| Ok::<_, rusqlite::Error>(text(c, at)?.and_then(|t| read(&t)));
    db.create_scalar_function("pg_json_get", 3, flags, move |c| {
        let how = text(c, 2)?.unwrap_or_default();
        let (Some(v), Some(key)) = (value(c, 0)?, text(c, 1)?) else { return Ok(None) };
        let found = under(&v, &key, how.contains('n'));
        Ok(found.and_then(|v| match how.contains('t') {
            true => plain(v, how.contains('b')),
            false => Some(written(v, how.contains('b'))),
        }))
    })?;
    db.create_scalar_function("pg_json_path", 3, flags, move |c| {
        let how = text(c, 2)?.unwrap_or_default();
        let (Some(v), Some(keys)) = (value(c, 0)?, text(c, 1)?) else { return Ok(None) };
        let found = path(&keys).iter().try_fold(&v, |v, key| under(v, key, false));
        Ok(found.and_then(|v| match how.contains('t') {
            true => plain(v, how.contains('b')),
            false => Some(written(v, how.contains('b'))),
        }))
    })?;
    db.create_scalar_function("pg_json_holds", 2, flags, move |c| {
        let (Some(a), Some(b)) = (value(c, 0)?, value(c, 1)?) else { return Ok(None) };
        Ok(Some(contains(&a, &b)))
    })?;
    db.create_scalar_function("pg_json_length", 1, flags, move |c| match value(c, 0)? {
        Some(Value::Array(list)) => Ok(Some(list.len() as i64)),
        Some(Value::Object(_)) => Err(failure("cannot get array length of a non-array")),
        Some(_) => Err(failure("cannot get array length of a scalar")),
        None => Ok(None),
    })?;
    db.create_scalar_function("pg_json_kind", 1, flags, move |c| Ok(value(c, 0)?.map(|v| kind(&v))))?;
    db.create_scalar_function("pg_json_plain", 1, flags, |c| text(c, 0))?;
    db.create_scalar_function("pg_json_binary", 1, flags, move |c| match text(c, 0)? {
        None => Ok(None),
        Some(t) => read(&t).map(|v| Some(binary(&v))).ok_or_else(|| failure("invalid input syntax for type json")),
    })
}
