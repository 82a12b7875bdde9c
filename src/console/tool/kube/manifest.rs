//! `kubectl apply -f`: a manifest, as JSON or as the plain part of YAML that `kubectl get -o yaml` writes.

use super::Call;
use super::kind::find;
use super::patch::wishes;
use crate::console::tool::{Ctx, Line, Step};
use crate::sim::effect::{CapacityEffect, Effect};
use serde_json::{Map, Value};

/// Deepest nesting of a manifest.
const DEPTH_MAX: usize = 40;

/// A line of YAML: its indent, its text, its number.
struct Row<'t> {
    indent: usize,
    text: &'t str,
    number: usize,
}

/// Reads one document of plain YAML: mappings, lists, scalars, block texts, and JSON in line.
pub(super) fn read(text: &str) -> Result<Value, String> {
    if let Ok(v) = serde_json::from_str(text) {
        return Ok(v);
    }
    let rows: Vec<Row<'_>> = text
        .lines()
        .enumerate()
        .map(|(i, l)| Row { indent: l.len() - l.trim_start().len(), text: l.trim(), number: i + 1 })
        .filter(|r| !r.text.is_empty() && !r.text.starts_with('#') && r.text != "---")
        .collect();
    if rows.iter().any(|r| r.text.contains('\t')) {
        return Err("yaml: found character that cannot start any token".to_owned());
    }
    let mut at = 0;
    let indent = rows.first().map_or(0, |r| r.indent);
    let v = block(&rows, &mut at, indent, 0)?;
    match rows.get(at) {
        None => Ok(v),
        Some(r) => Err(format!("yaml: line {}: did not find expected key", r.number)),
    }
}

fn scalar(text: &str) -> Value {
    let text = text.trim();
    if text.starts_with(['"', '{', '['])
        && let Ok(v) = serde_json::from_str(text)
    {
        return v;
    }
    if let Some(inner) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
        return Value::from(inner.replace("''", "'"));
    }
    let text = text.split(" #").next().unwrap_or(text).trim_end();
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        t => match (t.parse::<i64>(), t.parse::<f64>()) {
            (Ok(n), _) => Value::from(n),
            (_, Ok(f)) if f.is_finite() && t.chars().next().is_some_and(|c| c.is_ascii_digit() || c == '-') => {
                Value::from(f)
            }
            _ => Value::from(t),
        },
    }
}

/// Key and rest of `key: value`.
fn pair(text: &str) -> Option<(String, &str)> {
    let at = if text.starts_with('"') {
        text.get(1..)?.find('"').map(|i| i + 2)?
    } else {
        text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?
    };
    let (key, rest) = text.split_at_checked(at)?;
    Some((key.trim_matches('"').to_owned(), rest.strip_prefix(':')?.trim()))
}

fn block(rows: &[Row<'_>], at: &mut usize, indent: usize, depth: usize) -> Result<Value, String> {
    if depth > DEPTH_MAX {
        return Err("yaml: exceeded max depth".to_owned());
    }
    let Some(first) = rows.get(*at) else { return Ok(Value::Null) };
    if first.text == "-" || first.text.starts_with("- ") {
        let mut list = Vec::new();
        while let Some(r) = rows.get(*at).filter(|r| r.indent == indent && (r.text == "-" || r.text.starts_with("- ")))
        {
            let inner = r.text.get(1..).unwrap_or_default().trim_start();
            let deeper = indent + (r.text.len() - inner.len());
            if pair(inner).is_some() && !inner.starts_with(['{', '[']) {
                list.push(mapping(rows, at, deeper, Some(inner), depth + 1)?);
            } else {
                *at += 1;
                list.push(scalar(inner));
            }
        }
        return Ok(Value::Array(list));
    }
    mapping(rows, at, indent, None, depth)
}

fn mapping(
    rows: &[Row<'_>],
    at: &mut usize,
    indent: usize,
    first: Option<&str>,
    depth: usize,
) -> Result<Value, String> {
    let mut map = Map::new();
    let mut head = first;
    while let Some(r) = rows.get(*at) {
        let text = match head.take() {
            Some(text) => text,
            None if r.indent == indent && !r.text.starts_with("- ") => r.text,
            None => break,
        };
        let Some((key, rest)) = pair(text) else {
            return Err(format!("yaml: line {}: could not find expected ':'", r.number));
        };
        *at += 1;
        let next = rows.get(*at);
        let value = match rest {
            "" => match next {
                Some(n) if n.indent > indent || (n.indent == indent && n.text.starts_with("- ")) => {
                    let inner = n.indent;
                    block(rows, at, inner, depth + 1)?
                }
                _ => Value::Null,
            },
            "|" | "|-" | ">" | ">-" => {
                let mut lines = Vec::new();
                while let Some(n) = rows.get(*at).filter(|n| n.indent > indent) {
                    lines.push(n.text);
                    *at += 1;
                }
                Value::from(lines.join("\n"))
            }
            text => scalar(text),
        };
        map.insert(key, value);
    }
    Ok(Value::Object(map))
}

/// The verb.
pub(super) fn apply(c: &mut Ctx<'_>, call: &Call) -> Step {
    let Some(file) = call.words.get("filename").map(str::to_owned) else {
        return call.fail(c, "error: must specify one of -f and -k");
    };
    let text = if file == "-" {
        loop {
            match c.next_line(&[]) {
                Line::Text(t) if c.tool.lines.len() < 20_000 => c.tool.lines.push(t),
                Line::Text(_) => {}
                Line::Later => return Step::Wait,
                Line::End => break c.tool.lines.join("\n"),
            }
        }
    } else {
        match c.load(&file) {
            Ok(text) => text,
            Err(_) => return call.fail(c, &format!("error: the path \"{file}\" does not exist")),
        }
    };
    let documents: Vec<&str> = text.split("\n---").filter(|d| !d.trim().is_empty()).collect();
    let mut status = 0;
    for doc in documents {
        match read(doc) {
            Ok(v) => {
                let items = v.get("items").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![v.clone()]);
                for item in &items {
                    if let Step::Exit(n) = one(c, call, item, &file) {
                        status = status.max(n);
                    }
                }
            }
            Err(why) => {
                return call.fail(c, &format!("error: error parsing {file}: error converting YAML to JSON: {why}"));
            }
        }
    }
    Step::Exit(status)
}

fn one(c: &mut Ctx<'_>, call: &Call, want: &Value, file: &str) -> Step {
    let word = |path: &str| want.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let (Some(kind_name), Some(name)) = (word("/kind"), word("/metadata/name")) else {
        return call.fail(c, &format!("error: error validating \"{file}\": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false"));
    };
    let Some(kind) = find(&kind_name) else {
        let api = word("/apiVersion").unwrap_or_default();
        return call.fail(c, &format!("error: resource mapping not found for name: \"{name}\" namespace: \"\" from \"{file}\": no matches for kind \"{kind_name}\" in version \"{api}\"\nensure CRDs are installed first"));
    };
    let one = format!("{}/{name}", kind.one());
    if kind.plural != "deployments" {
        let there = call.objects(&vec![(kind, vec![name.clone()])]).ok().and_then(|o| o.into_iter().next());
        return match there {
            // What is as it should be is left alone.
            Some(o) if o.json.get("spec") == want.get("spec") && o.json.get("data") == want.get("data") => {
                c.line(&format!("{one} unchanged"));
                Step::Exit(0)
            }
            _ => call.forbidden(c, kind, if there_is(call, kind, &name) { "patch" } else { "create" }, Some(&name)),
        };
    }
    let Some(d) = call.cluster.deployments.iter().find(|d| d.view.name == name) else {
        let replicas = want.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
        let effect = Effect::Capacity(CapacityEffect::CreateDeployment { service: name.clone(), replicas });
        return match call.ask(c, &effect, "scale", "apply", (kind, &name)) {
            Ok(_) => {
                c.line(&format!("{one} created"));
                Step::Exit(0)
            }
            Err(step) => step,
        };
    };
    let wishes = match wishes(d, want, true) {
        Ok(w) => w,
        Err(why) => return call.fail(c, &why),
    };
    if wishes.is_empty() {
        c.line(&format!("{one} unchanged"));
        return Step::Exit(0);
    }
    for (effect, need) in wishes.iter().filter(|_| call.dry().is_empty()) {
        if let Err(step) = call.ask(c, effect, need, "apply", (kind, &name)) {
            return step;
        }
    }
    c.line(&format!("{one} configured{}", call.dry()));
    Step::Exit(0)
}

fn there_is(call: &Call, kind: &'static super::Kind, name: &str) -> bool {
    call.objects(&vec![(kind, vec![name.to_owned()])]).is_ok_and(|o| !o.is_empty())
}
