//! `declare`, `local`, `export`, `readonly`, `unset`.

use super::bad_option;
use crate::console::escape;
use crate::console::expand::{Assigned, Evaluated, flags};
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::parse;
use crate::console::print;
use crate::console::process::{Frame, Proc, Shell};
use crate::console::shell::fail;
use crate::console::var::{Value, Var};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Console {
    pub(super) fn declare(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        argv: &[String],
        assigned: &BTreeMap<usize, Evaluated>,
        host: &dyn ConsoleHost,
    ) {
        let name = argv.first().map(String::as_str).unwrap_or_default();
        let (mut on, mut off) = (String::new(), String::new());
        let mut begin = 1;
        for a in argv.iter().skip(1) {
            let Some(letters) = a.strip_prefix(['-', '+']).filter(|l| !l.is_empty()) else { break };
            begin += 1;
            if a == "--" {
                break;
            }
            if let Some(bad) = letters.chars().find(|c| !"aAiluxrnpgfFI".contains(*c)) {
                return bad_option(p, sh, name, &format!("-{bad}"));
            }
            if a.starts_with('-') { on.push_str(letters) } else { off.push_str(letters) }
        }
        match name {
            "export" if on.contains('n') => {
                on = on.replace('n', "");
                off.push('x');
            }
            "export" => on.push('x'),
            "readonly" => on.push('r'),
            "local" if sh.scopes.is_empty() => return fail(p, sh, 1, "local: can only be used in a function"),
            _ => {}
        }
        let names = argv.get(begin..).unwrap_or_default();
        if on.contains('f') || on.contains('F') {
            for n in names.iter().filter(|n| !sh.functions.contains_key(*n)) {
                let _missing = n;
                sh.status = 1;
            }
            if matches!(name, "export" | "readonly") && !names.is_empty() {
                for n in names.iter().filter(|n| sh.functions.contains_key(*n)) {
                    let exported = Arc::make_mut(&mut sh.exported);
                    if off.contains('x') {
                        exported.remove(n);
                    } else if name == "export" {
                        exported.insert(n.clone());
                    }
                }
                return;
            }
            let all = sh.functions.iter().filter(|(k, _)| names.is_empty() || names.contains(k));
            for (n, body) in all {
                let x = if sh.exported.contains(n) { "x" } else { "" };
                if on.contains('F') {
                    let head = if names.is_empty() { format!("declare -f{x} ") } else { String::new() };
                    p.out.push_str(&format!("{head}{n}\n"));
                } else {
                    p.out.push_str(&print::function(n, body));
                }
            }
            return;
        }
        if name == "local" && names.iter().any(|n| n == "-") {
            let opts = Box::new(sh.opts.clone());
            if let Some(call) = sh.calls.iter_mut().rev().find(|c| !c.sourced) {
                call.opts.get_or_insert(opts);
            }
            return;
        }
        if name == "local" && names.is_empty() {
            let own: Vec<String> = sh.scopes.last().map(|s| s.keys().cloned().collect()).unwrap_or_default();
            for n in own {
                if let Some(v) = sh.vars.raw(&n) {
                    p.out.push_str(&declaration(&n, v));
                }
            }
            return;
        }
        if matches!(name, "declare" | "typeset") && names.is_empty() && on.is_empty() && off.is_empty() {
            return list_all(p, sh);
        }
        let prints = on.contains('p') || names.is_empty();
        if prints {
            return show(p, sh, name, &on, names);
        }
        let local =
            name == "local" || (matches!(name, "declare" | "typeset") && !sh.scopes.is_empty() && !on.contains('g'));
        for (i, arg) in names.iter().enumerate() {
            let made = assigned.get(&(begin + i)).cloned().or_else(|| {
                let (n, v) = arg.split_once('=')?;
                let (n, append) = n.strip_suffix('+').map_or((n, false), |n| (n, true));
                Some(Evaluated { name: n.to_owned(), index: None, append, value: Assigned::Text(v.to_owned()) })
            });
            let var_name = made.as_ref().map_or(arg.as_str(), |m| m.name.as_str()).to_owned();
            if !parse::is_name(&var_name) {
                fail(p, sh, 1, &format!("{name}: `{arg}': not a valid identifier"));
                continue;
            }
            if sh.vars.raw(&var_name).is_some_and(|v| v.readonly) && (made.is_some() || !off.is_empty()) {
                fail(p, sh, 1, &format!("{name}: {var_name}: readonly variable"));
                continue;
            }
            if local && sh.scopes.last().is_some_and(|scope| !scope.contains_key(&var_name)) {
                let (keeps, before) = given(sh, &var_name);
                let old = sh.vars.raw(&var_name).cloned();
                let exported = old.as_ref().is_some_and(|v| v.exported);
                if let Some(scope) = sh.scopes.last_mut() {
                    scope.insert(var_name.clone(), before.unwrap_or(old));
                }
                if !keeps {
                    sh.vars.put(&var_name, Some(Var { exported, ..Var::default() }));
                }
            }
            let has = |c: char| on.contains(c);
            let target = if has('n') || off.contains('n') { var_name.clone() } else { sh.vars.target(&var_name) };
            if let Some(v) = sh.vars.change(&target) {
                if has('A') && !matches!(v.value, Value::Assoc(_)) {
                    v.value = Value::Assoc(Arc::default());
                } else if has('a') && !v.is_array() {
                    let mut a = BTreeMap::new();
                    if let Value::Text(t) = &v.value {
                        a.insert(0, t.clone());
                    }
                    v.value = Value::Indexed(Arc::new(a));
                }
                let lacks = |c: char| off.contains(c);
                v.integer = (v.integer || has('i')) && !lacks('i');
                v.lower = (v.lower || has('l')) && !lacks('l') && !has('u');
                v.upper = (v.upper || has('u')) && !lacks('u') && !has('l');
                v.exported = (v.exported || has('x')) && !lacks('x');
            }
            let leads = match &made {
                Some(Evaluated { value: Assigned::Text(t), append: false, .. }) if has('n') => Some(t.clone()),
                _ => None,
            };
            let held = if has('n') && made.is_none() { sh.vars.raw(&var_name).and_then(Var::text) } else { None };
            if let Some(held) =
                held.filter(|t| !t.is_empty() && !parse::is_name(t.split('[').next().unwrap_or_default()))
            {
                let why = format!("{name}: `{held}': invalid variable name for name reference");
                fail(p, sh, 1, &why);
                continue;
            }
            if let Some(to) = leads {
                if !to.is_empty() && !parse::is_name(to.split('[').next().unwrap_or_default()) {
                    fail(p, sh, 1, &format!("{name}: `{to}': invalid variable name for name reference"));
                    continue;
                }
                if to == var_name && !local {
                    fail(p, sh, 1, &format!("{name}: {to}: nameref variable self references not allowed"));
                    continue;
                }
                if to == var_name {
                    let status = sh.status;
                    fail(p, sh, status, &format!("{name}: warning: {to}: circular name reference"));
                    fail(p, sh, status, &format!("warning: {to}: circular name reference"));
                }
                if let Some(v) = sh.vars.change(&var_name) {
                    v.value = Value::Text(to);
                }
            } else if let Some(made) = made {
                let sources = p.sources.clone();
                let mut env = self.env(p, sh, &[], host);
                if let Err(why) = env.carry_out(&made, sources) {
                    fail(p, sh, 1, &why);
                }
            }
            if let Some(v) = sh.vars.change(&target) {
                v.readonly |= has('r');
                v.nameref = (v.nameref || has('n')) && !off.contains('n');
            }
        }
    }

    pub(super) fn unset(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &dyn ConsoleHost) {
        let (mut functions, mut variables, mut references) = (false, false, false);
        let mut names = args;
        while let Some((a, rest)) = names.split_first()
            && let Some(letters) = a.strip_prefix('-').filter(|l| !l.is_empty())
        {
            names = rest;
            if letters == "-" {
                break;
            }
            for c in letters.chars() {
                match c {
                    'f' => functions = true,
                    'v' => variables = true,
                    'n' => references = true,
                    c => return bad_option(p, sh, "unset", &format!("-{c}")),
                }
            }
        }
        if functions && variables {
            return fail(p, sh, 1, "unset: cannot simultaneously unset a function and a variable");
        }
        for a in names {
            if references && sh.vars.raw(a).is_some_and(|v| v.nameref) {
                sh.vars.put(a, None);
                continue;
            }
            if functions {
                Arc::make_mut(&mut sh.functions).remove(a);
                continue;
            }
            let element = self.element_name(p, sh, a, host);
            let (name, index) = match element.split_once('[') {
                Some((n, rest)) => (n, rest.strip_suffix(']')),
                None => (a.as_str(), None),
            };
            let index = index.filter(|i| !matches!(*i, "@" | "*") || sh.vars.is_assoc(name));
            let function = !variables && sh.functions.contains_key(name);
            if sh.vars.raw(name).is_none() && index.is_none() && function {
                Arc::make_mut(&mut sh.functions).remove(name);
            } else if index.is_none()
                && let Some(before) = hidden(sh, name)
            {
                sh.vars.put(name, before);
            } else if let Err(why) = sh.vars.unset(name, index) {
                fail(p, sh, 1, &format!("unset: {why}"));
            }
        }
    }
}

/// Whether a variable was set for a call that runs (`x=1 f`): a local one begins with that value. If it was set for the
/// call of the present function, the local one takes its place, and what that hid comes with it.
#[allow(clippy::option_option)]
fn given(sh: &mut Shell, name: &str) -> (bool, Option<Option<Var>>) {
    let mut scope = sh.scopes.len();
    let mut below = false;
    for frame in sh.frames.iter_mut().rev() {
        match frame {
            Frame::Call(..) => {
                scope = scope.saturating_sub(1);
                if sh.scopes.get(scope).is_some_and(|map| map.contains_key(name)) {
                    return (false, None);
                }
                below = scope + 1 == sh.scopes.len();
                continue;
            }
            Frame::Vars(old) => {
                if let Some(at) = old.iter().position(|(n, _)| n == name) {
                    return (true, below.then(|| old.remove(at).1));
                }
            }
            _ => {}
        }
        below = false;
    }
    (false, None)
}

/// What a function's variable hides, if the function that runs is another one: that shows again once it is unset. The
/// same holds for one that was set for this call alone.
#[allow(clippy::option_option)]
fn hidden(sh: &mut Shell, name: &str) -> Option<Option<Var>> {
    if sh.vars.raw(name)?.readonly {
        return None;
    }
    let mut scope = sh.scopes.len();
    // What was set for `unset` itself does not count.
    let mut inside = false;
    for frame in sh.frames.iter_mut().rev() {
        match frame {
            Frame::Script(_) => inside = true,
            Frame::Call(..) => {
                inside = true;
                scope = scope.checked_sub(1)?;
                let own = scope + 1 == sh.scopes.len();
                let map = sh.scopes.get_mut(scope)?;
                if own && map.contains_key(name) {
                    return None;
                }
                if let Some(old) = map.remove(name) {
                    return Some(old);
                }
            }
            Frame::Vars(old) if inside => {
                if let Some(at) = old.iter().position(|(n, _)| n == name) {
                    return Some(old.remove(at).1);
                }
            }
            _ => {}
        }
    }
    None
}

/// All variables and functions, as `set` and `declare` list them.
pub(super) fn list_all(p: &mut Proc, sh: &Shell) {
    let plain = |v: &Var| match &v.value {
        Value::Text(t) if t.is_empty() => Some(String::new()),
        Value::Text(t) => Some(escape::single(t)),
        _ => written(v),
    };
    for (name, v) in sh.vars.iter() {
        if let Some(value) = plain(v) {
            p.out.push_str(&format!("{name}={value}\n"));
        }
    }
    if !sh.opts.is_on("posix") {
        for (name, body) in sh.functions.iter() {
            p.out.push_str(&print::function(name, body));
        }
    }
}

fn show(p: &mut Proc, sh: &mut Shell, name: &str, on: &str, names: &[String]) {
    let wanted = |k: &str, v: &Var| {
        if !names.is_empty() {
            return names.iter().any(|n| n == k);
        }
        k != "_" && on.chars().filter(|c| !matches!(c, 'p' | 'g' | 'I')).all(|c| flags(v).contains(c))
    };
    let found: Vec<(String, Var)> =
        sh.vars.iter().filter(|(k, v)| wanted(k, v)).map(|(k, v)| (k.clone(), v.clone())).collect();
    for (k, v) in &found {
        p.out.push_str(&declaration(k, v));
    }
    for n in names.iter().filter(|n| !found.iter().any(|(k, _)| k == *n)) {
        fail(p, sh, 1, &format!("{name}: {n}: not found"));
    }
}

/// A line of `declare -p`.
fn declaration(name: &str, v: &Var) -> String {
    let mut letters = flags(v);
    if letters.is_empty() {
        letters.push('-');
    }
    match written(v) {
        None => format!("declare -{letters} {name}\n"),
        Some(value) => format!("declare -{letters} {name}={value}\n"),
    }
}

/// Whether a character means something to a shell.
fn is_special(c: char) -> bool {
    c.is_whitespace() || "'\"\\|&;()<>!{}*[]?^$`".contains(c)
}

/// What a variable holds, as an assignment would give it.
fn written(v: &Var) -> Option<String> {
    let key = |k: &String| if k.contains(is_special) { escape::double(k) } else { k.clone() };
    let pairs = |keys: Vec<String>, trailing: &str| {
        let one = |(k, t): (&String, String)| format!("[{}]={}", key(k), escape::double(&t));
        let all: Vec<String> = keys.iter().zip(v.all()).map(one).collect();
        format!("({}{trailing})", all.join(" "))
    };
    Some(match &v.value {
        Value::Unset => return None,
        Value::Text(t) => escape::double(t),
        Value::Indexed(_) => pairs(v.keys(), ""),
        Value::Assoc(a) => pairs(v.keys(), if a.is_empty() { "" } else { " " }),
    })
}
