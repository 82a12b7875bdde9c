//! Objects in the formats of `-o`: JSON and YAML as kubectl indents them, names, columns of one's own.

use super::jsonpath;
use super::object::Object;
use super::words::table;
use serde_json::{Value, json};

/// JSON, indented by four, keys in order.
pub(crate) fn json_text(v: &Value) -> String {
    let mut out = String::new();
    write_json(v, 0, &mut out);
    out.push('\n');
    out
}

fn sorted(map: &serde_json::Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut all: Vec<(&String, &Value)> = map.iter().collect();
    all.sort_by_key(|(k, _)| k.as_str());
    all
}

fn write_json(v: &Value, depth: usize, out: &mut String) {
    let pad = |n: usize| " ".repeat(4 * n);
    match v {
        Value::Object(map) if !map.is_empty() => {
            out.push_str("{\n");
            for (i, (k, v)) in sorted(map).into_iter().enumerate() {
                if i > 0 {
                    out.push_str(",\n");
                }
                out.push_str(&format!("{}{}: ", pad(depth + 1), Value::from(k.as_str())));
                write_json(v, depth + 1, out);
            }
            out.push_str(&format!("\n{}}}", pad(depth)));
        }
        Value::Array(all) if !all.is_empty() => {
            out.push_str("[\n");
            for (i, v) in all.iter().enumerate() {
                if i > 0 {
                    out.push_str(",\n");
                }
                out.push_str(&pad(depth + 1));
                write_json(v, depth + 1, out);
            }
            out.push_str(&format!("\n{}]", pad(depth)));
        }
        other => out.push_str(&other.to_string()),
    }
}

/// Whether a text must be quoted in YAML: it would be read as something else.
fn quoted(s: &str) -> bool {
    let plain = s.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || "/_.".contains(c));
    let other = matches!(s, "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n" | "~");
    s.is_empty()
        || !plain
        || other
        || s.parse::<f64>().is_ok()
        || crate::stdx::time::Utc::parse(s).is_some()
        || s.contains(": ")
        || s.contains(" #")
        || s.ends_with(':')
        || s.ends_with(' ')
}

/// YAML, as kubectl prints it: keys in order, lists at the depth of their key.
pub(super) fn yaml_text(v: &Value) -> String {
    let mut out = String::new();
    write_yaml(v, 0, false, &mut out);
    out
}

fn scalar(v: &Value, depth: usize) -> String {
    match v {
        Value::String(s) if s.contains('\n') => {
            let pad = " ".repeat(depth * 2);
            let mark = if s.ends_with('\n') { "|" } else { "|-" };
            let lines: Vec<String> = s
                .trim_end_matches('\n')
                .split('\n')
                .map(|l| if l.is_empty() { String::new() } else { format!("{pad}{l}") })
                .collect();
            format!("{mark}\n{}", lines.join("\n"))
        }
        Value::String(s) if quoted(s) => Value::from(s.as_str()).to_string(),
        Value::String(s) => s.clone(),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        other => other.to_string(),
    }
}

fn write_yaml(v: &Value, depth: usize, in_list: bool, out: &mut String) {
    let pad = " ".repeat(depth * 2);
    match v {
        Value::Object(map) if !map.is_empty() => {
            for (i, (k, v)) in sorted(map).into_iter().enumerate() {
                if !(in_list && i == 0) {
                    out.push_str(&pad);
                }
                let key = if quoted(k) { Value::from(k.as_str()).to_string() } else { k.clone() };
                out.push_str(&format!("{key}:"));
                match v {
                    Value::Object(m) if !m.is_empty() => {
                        out.push('\n');
                        write_yaml(v, depth + 1, false, out);
                    }
                    Value::Array(a) if !a.is_empty() => {
                        out.push('\n');
                        write_yaml(v, depth, false, out);
                    }
                    other => out.push_str(&format!(" {}\n", scalar(other, depth + 1))),
                }
            }
        }
        Value::Array(all) if !all.is_empty() => {
            for v in all {
                out.push_str(&format!("{pad}- "));
                match v {
                    Value::Object(m) if !m.is_empty() => write_yaml(v, depth + 1, true, out),
                    other => out.push_str(&format!("{}\n", scalar(other, depth + 1))),
                }
            }
        }
        other => out.push_str(&format!("{pad}{}\n", scalar(other, depth))),
    }
}

/// One object alone, or a list of them.
fn bundle(objects: &[Object], single: bool) -> Value {
    match objects {
        [one] if single => one.json.clone(),
        all => {
            let items: Vec<Value> = all.iter().map(|o| o.json.clone()).collect();
            json!({ "apiVersion": "v1", "items": items, "kind": "List", "metadata": { "resourceVersion": "" } })
        }
    }
}

/// Objects in a format that is no table; `None` if it is one. `single` says whether one object was asked for by name.
pub(super) fn formatted(objects: &[Object], format: &str, single: bool) -> Option<Result<String, String>> {
    let (name, argument) = format.split_once('=').map_or((format, None), |(n, a)| (n, Some(a)));
    Some(match (name, argument) {
        ("json", _) => Ok(json_text(&bundle(objects, single))),
        ("yaml", _) => Ok(yaml_text(&bundle(objects, single))),
        ("name", _) => Ok(objects.iter().map(|o| format!("{}/{}\n", o.kind.one(), o.name)).collect()),
        ("jsonpath" | "jsonpath-as-json", None) => {
            Err("error: template format specified but no template given".to_owned())
        }
        ("jsonpath", Some(template)) => jsonpath::print(template, &bundle(objects, single)),
        ("custom-columns", Some(spec)) => columns(objects, spec),
        ("custom-columns", None) => {
            Err("error: custom-columns format specified but no custom columns given".to_owned())
        }
        ("wide" | "", _) => return None,
        (other, _) => Err(format!(
            "error: unable to match a printer suitable for the output format \"{other}\", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml"
        )),
    })
}

fn columns(objects: &[Object], spec: &str) -> Result<String, String> {
    let mut heads = Vec::new();
    let mut paths = Vec::new();
    for part in spec.split(',') {
        let Some((head, path)) = part.split_once(':') else {
            return Err(format!("error: unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"));
        };
        heads.push(head.to_owned());
        paths.push(path.trim_matches(['{', '}']).to_owned());
    }
    let mut rows = vec![heads];
    for o in objects {
        let mut row = Vec::new();
        for p in &paths {
            let found = jsonpath::find(p, &o.json)?;
            let words: Vec<String> = found.iter().map(jsonpath::word).collect();
            row.push(if words.is_empty() { "<none>".to_owned() } else { words.join(",") });
        }
        rows.push(row);
    }
    Ok(table(&rows))
}

/// Puts objects in the order of a path of theirs: numbers and quantities by size, the rest by name.
pub(super) fn sort(objects: &mut [Object], path: &str) -> Result<(), String> {
    let path = path.trim_matches(['{', '}']).trim_matches(['\'', '"']);
    let mut any = false;
    let mut keyed = Vec::new();
    for o in objects.iter() {
        let found = jsonpath::find(path, &o.json)?.first().map(jsonpath::word);
        any |= found.is_some();
        keyed.push(found.unwrap_or_default());
    }
    if !any && !objects.is_empty() {
        return Err(format!("error: couldn't find any field with path \"{{{path}}}\" in the list of objects"));
    }
    let mut order: Vec<usize> = (0..objects.len()).collect();
    let number = |s: &str| s.parse::<f64>().ok();
    let key = |i: &usize| keyed.get(*i).map_or("", String::as_str);
    order.sort_by(|a, b| match (number(key(a)), number(key(b))) {
        (Some(x), Some(y)) => x.total_cmp(&y),
        _ => key(a).cmp(key(b)),
    });
    let sorted: Vec<Object> = order.iter().filter_map(|i| objects.get(*i).cloned()).collect();
    for (slot, o) in objects.iter_mut().zip(sorted) {
        *slot = o;
    }
    Ok(())
}
