//! JSONPath as kubectl reads it: text with `{…}` in it, `range` and `end`, filters, indices and slices.

use serde_json::Value;

/// Values that one expression may yield, so that none floods a terminal.
const VALUES_MAX: usize = 100_000;

/// A part of a template.
#[derive(Debug)]
enum Part {
    Text(String),
    Path(String),
    Range(String, Vec<Part>),
}

/// A value as a word: text without quotes.
pub(super) fn word(v: &Value) -> String {
    match v {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Prints a template over a value.
pub(super) fn print(template: &str, root: &Value) -> Result<String, String> {
    let mut rest = template;
    let parts = parse(&mut rest, false)?;
    let mut out = String::new();
    render(&parts, root, root, &mut out)?;
    Ok(out)
}

fn render(parts: &[Part], root: &Value, at: &Value, out: &mut String) -> Result<(), String> {
    for p in parts {
        match p {
            Part::Text(t) => out.push_str(t),
            Part::Path(path) => {
                let from = if path.starts_with('$') { root } else { at };
                let words: Vec<String> = find(path.trim_start_matches('$'), from)?.iter().map(word).collect();
                out.push_str(&words.join(" "));
            }
            Part::Range(path, body) => {
                for v in find(path.trim_start_matches('$'), at)? {
                    render(body, root, &v, out)?;
                }
            }
        }
        if out.len() > VALUES_MAX * 40 {
            return Err("error: error executing jsonpath: output is too long".to_owned());
        }
    }
    Ok(())
}

fn parse(rest: &mut &str, inside: bool) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let Some(at) = rest.find('{') else {
            parts.push(Part::Text((*rest).to_owned()));
            *rest = "";
            break;
        };
        if at > 0 {
            parts.push(Part::Text(rest.get(..at).unwrap_or_default().to_owned()));
        }
        let body = rest.get(at + 1..).unwrap_or_default();
        let Some(close) = end_of(body) else { return Err("error: error parsing jsonpath, unclosed action".to_owned()) };
        let action = body.get(..close).unwrap_or_default().trim();
        *rest = body.get(close + 1..).unwrap_or_default();
        if action == "end" {
            if !inside {
                return Err("error: error parsing jsonpath, not in range, nothing to end".to_owned());
            }
            return Ok(parts);
        }
        if let Some(path) = action.strip_prefix("range ") {
            parts.push(Part::Range(path.trim().to_owned(), parse(rest, true)?));
        } else if let Some(text) = action.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            parts.push(Part::Text(text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"")));
        } else if let Some(text) = action.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
            parts.push(Part::Text(text.replace("\\n", "\n").replace("\\t", "\t")));
        } else {
            parts.push(Part::Path(action.to_owned()));
        }
    }
    if inside {
        return Err("error: error parsing jsonpath, unclosed range".to_owned());
    }
    Ok(parts)
}

/// Where an action ends: at the brace that is in no quotes.
fn end_of(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '}') => return Some(i),
            _ => {}
        }
    }
    None
}

/// Values at a path such as `.items[*].metadata.name`.
pub(super) fn find(path: &str, root: &Value) -> Result<Vec<Value>, String> {
    let mut now = vec![root.clone()];
    let mut rest = path.trim().trim_start_matches('@');
    while !rest.is_empty() {
        let (next, left) = step(rest, &now, path)?;
        now = next;
        rest = left;
        if now.len() > VALUES_MAX {
            return Err("error: error executing jsonpath: too many values".to_owned());
        }
    }
    Ok(now)
}

fn step<'t>(rest: &'t str, now: &[Value], path: &str) -> Result<(Vec<Value>, &'t str), String> {
    if let Some(deep) = rest.strip_prefix("..") {
        let (name, left) = name_of(deep);
        let mut out = Vec::new();
        now.iter().for_each(|v| descend(v, &name, &mut out));
        return Ok((out, left));
    }
    if let Some(inner) = rest.strip_prefix('[') {
        let close = inner.find(']').filter(|_| !inner.starts_with("?("));
        let close = close.or_else(|| inner.find(")]").map(|i| i + 1));
        let close = close.ok_or(format!("error: error parsing jsonpath {path}, unterminated array"))?;
        let body = inner.get(..close).unwrap_or_default();
        let left = inner.get(close + 1..).unwrap_or_default();
        let mut out = Vec::new();
        for v in now {
            pick(v, body, path, &mut out)?;
        }
        return Ok((out, left));
    }
    let bare = rest.strip_prefix('.').unwrap_or(rest);
    if bare.is_empty() || bare.starts_with('[') {
        return Ok((now.to_vec(), bare));
    }
    let (name, left) = name_of(bare);
    if name.is_empty() {
        return Err(format!("error: error parsing jsonpath {path}, unrecognized character in action"));
    }
    let out = if name == "*" {
        now.iter().flat_map(children).collect()
    } else {
        now.iter().filter_map(|v| v.get(&name)).cloned().collect()
    };
    Ok((out, left))
}

/// A name up to the next dot or bracket; `\.` is a dot of its own.
fn name_of(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' => name.extend(chars.next().map(|(_, c)| c)),
            '.' | '[' => return (name, text.get(i..).unwrap_or_default()),
            c => name.push(c),
        }
    }
    (name, "")
}

fn children(v: &Value) -> Vec<Value> {
    match v {
        Value::Array(a) => a.clone(),
        Value::Object(m) => m.values().cloned().collect(),
        _ => Vec::new(),
    }
}

fn descend(v: &Value, name: &str, out: &mut Vec<Value>) {
    if let Some(found) = v.get(name) {
        out.push(found.clone());
    }
    match v {
        Value::Array(a) => a.iter().for_each(|v| descend(v, name, out)),
        Value::Object(m) => m.values().for_each(|v| descend(v, name, out)),
        _ => {}
    }
}

fn pick(v: &Value, body: &str, path: &str, out: &mut Vec<Value>) -> Result<(), String> {
    let body = body.trim();
    if body == "*" {
        out.extend(children(v));
        return Ok(());
    }
    if let Some(test) = body.strip_prefix("?(").and_then(|t| t.strip_suffix(')')) {
        for child in children(v) {
            if holds(test, &child)? {
                out.push(child);
            }
        }
        return Ok(());
    }
    if let Some(key) = body.strip_prefix('\'').and_then(|b| b.strip_suffix('\'')) {
        out.extend(v.get(key).cloned());
        return Ok(());
    }
    let Value::Array(all) = v else { return Ok(()) };
    let n = all.len() as i64;
    let at = |text: &str, none: i64| match text.trim() {
        "" => Some(none),
        t => t.parse::<i64>().ok().map(|i| if i < 0 { n + i } else { i }),
    };
    if let Some((a, b)) = body.split_once(':') {
        let (Some(a), Some(b)) = (at(a, 0), at(b, n)) else {
            return Err(format!("error: error parsing jsonpath {path}, invalid array index {body}"));
        };
        let range = a.clamp(0, n)..b.clamp(0, n);
        out.extend(all.iter().enumerate().filter(|(i, _)| range.contains(&(*i as i64))).map(|(_, v)| v.clone()));
        return Ok(());
    }
    for one in body.split(',') {
        let Some(i) = at(one, -1) else {
            return Err(format!("error: error parsing jsonpath {path}, invalid array index {body}"));
        };
        match usize::try_from(i).ok().and_then(|i| all.get(i)) {
            Some(v) => out.push(v.clone()),
            None => {
                return Err(format!(
                    "error: error executing jsonpath \"{{{path}}}\": Error executing template: array index out of bounds: index {i}, length {n}"
                ));
            }
        }
    }
    Ok(())
}

/// Whether a filter such as `@.type=="Ready"` holds for a value.
fn holds(test: &str, v: &Value) -> Result<bool, String> {
    const SIGNS: [&str; 6] = ["==", "!=", ">=", "<=", ">", "<"];
    let sign = SIGNS.iter().filter_map(|s| test.find(s).map(|i| (i, *s))).min_by_key(|(i, s)| (*i, 2 - s.len()));
    let Some((at, sign)) = sign else {
        return Ok(!find(test.trim().trim_start_matches('@'), v)?.is_empty());
    };
    let (left, right) =
        (test.get(..at).unwrap_or_default().trim(), test.get(at + sign.len()..).unwrap_or_default().trim());
    let Some(left) = find(left.trim_start_matches('@'), v)?.first().map(word) else { return Ok(false) };
    let right = right.trim_matches(['"', '\'']);
    let order = match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => left.as_str().cmp(right),
    };
    Ok(match sign {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        ">=" => order.is_ge(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_lt(),
    })
}
