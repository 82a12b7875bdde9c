//! `kubectl get`: tables and other formats, selectors, order, watching.

use super::kind::{ALL, Kind, find, known};
use super::object::{Api, Object};
use super::output::{formatted, sort};
use super::words::{selects, table};
use super::{Call, Scope};
use crate::console::tool::{Ctx, Step};
use crate::scenario::ObservedKind;

/// What one operand asks for: a kind, and names in it (none: all of them).
pub(super) type Asked = Vec<(&'static Kind, Vec<String>)>;

/// Reads `pods`, `pod x y`, `pods,svc`, `deploy/api svc/api`, `all`.
pub(super) fn asked(rest: &[String]) -> Result<Asked, String> {
    let no = |name: &str| format!("error: the server doesn't have a resource type \"{name}\"");
    let mut out: Asked = Vec::new();
    if rest.first().is_some_and(|f| f.contains('/')) {
        for word in rest {
            let Some((kind, name)) = word.split_once('/') else {
                return Err(
                    "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'".to_owned(),
                );
            };
            let kind = find(kind).ok_or_else(|| no(kind))?;
            match out.iter_mut().find(|(k, _)| *k == kind) {
                Some((_, names)) => names.push(name.to_owned()),
                None => out.push((kind, vec![name.to_owned()])),
            }
        }
        return Ok(out);
    }
    let Some((kinds, names)) = rest.split_first() else { return Ok(out) };
    if names.iter().any(|n| n.contains('/')) {
        return Err(
            "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'".to_owned(),
        );
    }
    for word in kinds.split(',') {
        if word == "all" {
            out.extend(ALL.iter().map(|k| (known(k), Vec::new())));
            continue;
        }
        out.push((find(word).ok_or_else(|| no(word))?, names.to_vec()));
    }
    Ok(out)
}

impl Call {
    /// Objects that are asked for, or the first that is not there; selectors apply.
    pub(super) fn objects(&self, asked: &Asked) -> Result<Vec<Object>, (Vec<Object>, String)> {
        let api = Api { cluster: &self.cluster, now: self.now };
        let mut out = Vec::new();
        let mut missing = String::new();
        for (kind, names) in asked {
            let all = api.list(kind);
            let in_scope = |o: &&Object| match &self.scope {
                _ if !kind.namespaced => true,
                Scope::All => true,
                Scope::One(ns) => o.namespace == ns,
            };
            let here: Vec<Object> = all.iter().filter(in_scope).cloned().collect();
            if names.is_empty() {
                for o in here {
                    match self.fits(&o) {
                        Ok(true) => out.push(o),
                        Ok(false) => {}
                        Err(why) => return Err((Vec::new(), why)),
                    }
                }
                continue;
            }
            for name in names {
                match here.iter().find(|o| o.name == *name) {
                    Some(o) => out.push(o.clone()),
                    None if self.words.has("ignore-not-found") => {}
                    None => {
                        missing
                            .push_str(&format!("Error from server (NotFound): {} \"{name}\" not found\n", kind.full()));
                    }
                }
            }
        }
        if missing.is_empty() { Ok(out) } else { Err((out, missing.trim_end().to_owned())) }
    }

    /// Whether an object fits `-l` and `--field-selector`.
    pub(super) fn fits(&self, o: &Object) -> Result<bool, String> {
        if let Some(selector) = self.words.get("selector")
            && !selects(selector, &|name| o.label(name))?
        {
            return Ok(false);
        }
        let Some(fields) = self.words.get("field-selector") else { return Ok(true) };
        for part in fields.split(',').filter(|p| !p.is_empty()) {
            let (key, value, equal) = if let Some((k, v)) = part.split_once("!=") {
                (k, v, false)
            } else if let Some((k, v)) = part.split_once("==").or_else(|| part.split_once('=')) {
                (k, v, true)
            } else {
                return Err(format!(
                    "Error from server (BadRequest): Unable to find \"{}\" that match label selector \"\", field selector \"{fields}\": invalid selector: '{part}'; can't understand '{part}'",
                    o.kind.plural
                ));
            };
            let known: &[&str] = match o.kind.plural {
                "pods" => &["status.phase", "spec.nodeName", "status.podIP", "spec.restartPolicy"],
                "events" => &["type", "reason", "involvedObject.name", "involvedObject.kind"],
                "nodes" => &["spec.unschedulable"],
                _ => &[],
            };
            if !known.contains(&key) && !matches!(key, "metadata.name" | "metadata.namespace") {
                return Err(format!(
                    "Error from server (BadRequest): Unable to find \"{}\" that match label selector \"\", field selector \"{fields}\": field label not supported: {key}",
                    full_api(o.kind)
                ));
            }
            let found = super::jsonpath::find(&format!(".{key}"), &o.json)?;
            let is = found.first().map(super::jsonpath::word).unwrap_or_default();
            if (is == value) != equal {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A table of objects of one kind.
    pub(super) fn rows(&self, kind: &'static Kind, objects: &[Object], prefix: bool) -> Vec<Vec<String>> {
        let wide = self.words.get("output") == Some("wide");
        let spaces = kind.namespaced && self.scope == Scope::All;
        let shown = if wide { kind.columns.len() } else { kind.columns.len() - kind.wide };
        let labels = self.words.has("show-labels");
        let extra: Vec<&str> = self.words.get("label-columns").map_or(Vec::new(), |l| l.split(',').collect());
        let row = |space: &str, cells: &[String], own: Vec<String>, all: String| {
            let mut r: Vec<String> = Vec::new();
            if spaces {
                r.push(space.to_owned());
            }
            r.extend(cells.iter().take(shown).cloned());
            r.extend(own);
            if labels {
                r.push(all);
            }
            r
        };
        let heads: Vec<String> = kind.columns.iter().map(|c| (*c).to_owned()).collect();
        let upper = |l: &&str| l.rsplit('/').next().unwrap_or(l).to_uppercase();
        let mut rows = Vec::new();
        if !self.words.has("no-headers") {
            rows.push(row("NAMESPACE", &heads, extra.iter().map(upper).collect(), "LABELS".to_owned()));
        }
        for o in objects {
            let mut cells = o.cells.clone();
            if let (true, Some(name)) = (prefix, cells.first_mut()) {
                *name = format!("{}/{name}", kind.one());
            }
            let own = extra.iter().map(|l| o.label(l).unwrap_or_default()).collect();
            rows.push(row(o.namespace, &cells, own, o.labels()));
        }
        rows
    }
}

/// A kind as the API server names it in its own errors.
fn full_api(kind: &Kind) -> String {
    if kind.group.is_empty() {
        format!("/v1, Resource={}", kind.plural)
    } else {
        format!("{}/{}, Resource={}", kind.group, kind.version, kind.plural)
    }
}

/// What nothing found is called.
fn nothing(call: &Call, asked: &Asked) -> String {
    match &call.scope {
        _ if asked.iter().all(|(k, _)| !k.namespaced) => "No resources found".to_owned(),
        Scope::All => "No resources found".to_owned(),
        Scope::One(ns) => format!("No resources found in {ns} namespace."),
    }
}

/// The verb.
pub(super) fn get(c: &mut Ctx<'_>, call: &Call) -> Step {
    if call.words.rest.is_empty() && call.words.get("filename").is_none() {
        c.p.err.push_str("You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples\n");
        return Step::Exit(1);
    }
    let all = call.words.at(0) == Some("all");
    let asked = match asked(&call.words.rest) {
        Ok(a) => a,
        Err(why) => return call.fail(c, &why),
    };
    if let Some((kind, _)) = asked.iter().find(|(k, _)| k.plural == "secrets")
        && !c.host.may(&call.who, "infra")
    {
        return call.forbidden(c, kind, "list", None);
    }
    let watching = call.words.has("watch") || call.words.has("watch-only");
    if c.tool.phase == 1 && c.asleep() {
        return Step::Wait;
    }
    let (mut objects, error) = match call.objects(&asked) {
        Ok(o) => (o, None),
        Err((o, why)) => (o, Some(why)),
    };
    if let Some(path) = call.words.get("sort-by")
        && let Err(why) = sort(&mut objects, path)
    {
        return call.fail(c, &why);
    }
    for o in &objects {
        let target = o.service.clone().unwrap_or_else(|| o.name.clone());
        let kind = if o.kind.plural == "nodes" { ObservedKind::Host } else { ObservedKind::Process };
        let service = if o.kind.plural == "nodes" { c.host.service_of(&o.name) } else { o.service.clone() };
        c.see(kind, target, service);
    }
    if watching {
        return watch(c, call, &asked, &objects, error);
    }
    let format = call.words.get("output").unwrap_or_default();
    let named = asked.len() == 1 && asked.first().is_some_and(|(_, names)| names.len() == 1);
    match formatted(&objects, format, named) {
        Some(Err(why)) => return call.fail(c, &why),
        Some(Ok(text)) if error.is_none() || !objects.is_empty() => c.print(&text),
        Some(_) => {}
        None => {
            let mut blocks = Vec::new();
            for (kind, _) in &asked {
                let mine: Vec<Object> = objects.iter().filter(|o| o.kind == *kind).cloned().collect();
                if !mine.is_empty() {
                    blocks.push(table(&call.rows(kind, &mine, all || asked.len() > 1 || call.words.has("show-kind"))));
                }
            }
            if blocks.is_empty() && error.is_none() && !call.words.has("ignore-not-found") {
                c.p.err.push_str(&format!("{}\n", nothing(call, &asked)));
            }
            c.print(&blocks.join("\n"));
        }
    }
    match error {
        Some(why) => call.fail(c, &why),
        None => Step::Exit(0),
    }
}

/// Prints the table, and then every row that is new or another one, until Ctrl-C.
fn watch(c: &mut Ctx<'_>, call: &Call, asked: &Asked, objects: &[Object], error: Option<String>) -> Step {
    let Some((kind, _)) = asked.first().filter(|_| asked.len() == 1) else {
        return call.fail(c, "error: you may only specify a single resource type");
    };
    if let (Some(why), 0) = (error, c.tool.phase) {
        return call.fail(c, &why);
    }
    // Ages tick; what makes a row another one is the rest.
    let key = |o: &Object| {
        let cells: Vec<&str> = o
            .cells
            .iter()
            .zip(kind.columns)
            .filter(|(_, h)| !matches!(**h, "AGE" | "LAST SEEN" | "RESTARTS"))
            .map(|(c, _)| c.as_str())
            .collect();
        let restarts = o.cells.iter().zip(kind.columns).find(|(_, h)| **h == "RESTARTS");
        let restarts = restarts.map_or("", |(c, _)| c.split(' ').next().unwrap_or_default());
        format!("{}\u{1}{}\u{1}{restarts}", o.name, cells.join("\u{1}"))
    };
    let before = std::mem::take(&mut c.tool.lines);
    let fresh: Vec<Object> = objects.iter().filter(|o| !before.contains(&key(o))).cloned().collect();
    c.tool.lines = objects.iter().map(key).collect();
    let rows = call.rows(kind, &fresh, false);
    let all = call.rows(kind, objects, false);
    let head = usize::from(!call.words.has("no-headers"));
    // Columns keep the width of the whole table.
    let widths = table(&all.iter().chain(&rows).cloned().collect::<Vec<_>>());
    let mut lines: Vec<&str> = widths.lines().skip(all.len()).collect();
    if c.tool.phase > 0 && head > 0 && !lines.is_empty() {
        lines.remove(0);
    }
    if c.tool.phase == 0 && call.words.has("watch-only") {
        lines.clear();
    }
    for l in lines {
        c.line(l);
    }
    c.tool.phase = 1;
    c.sleep_ms(1_000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}

/// The verb `events`: like `get events`, in the order of time, with an option for one object.
pub(super) fn events(c: &mut Ctx<'_>, call: &Call) -> Step {
    let api = Api { cluster: &call.cluster, now: call.now };
    let here = |o: &Object| call.scope == Scope::All || call.space() == o.namespace;
    let about = call.words.get("for").map(str::to_ascii_lowercase);
    let types = call.words.get("types").map(str::to_ascii_lowercase);
    let fits = |o: &Object| {
        let cell = |i: usize| o.cells.get(i).map(|c| c.to_ascii_lowercase()).unwrap_or_default();
        let object = about.as_ref().is_none_or(|a| match a.split_once('/') {
            Some((kind, name)) => find(kind).is_some_and(|k| cell(3) == format!("{}/{name}", k.singular)),
            None => cell(3).ends_with(&format!("/{a}")),
        });
        object && types.as_ref().is_none_or(|t| t.split(',').any(|t| t == cell(1)))
    };
    let mine: Vec<Object> = api.list(known("events")).into_iter().filter(|o| here(o) && fits(o)).collect();
    for o in &mine {
        c.see(ObservedKind::Process, o.service.clone().unwrap_or_else(|| o.name.clone()), o.service.clone());
    }
    if mine.is_empty() {
        c.p.err.push_str(&format!("No events found in {} namespace.\n", call.space()));
        return Step::Exit(0);
    }
    c.print(&table(&call.rows(known("events"), &mine, false)));
    Step::Exit(0)
}
