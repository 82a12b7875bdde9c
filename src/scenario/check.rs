//! What holds beyond the form: order in time, unique ids, circles, and triggers that can never hold.

mod capacity;
mod change;
mod flow;
mod net;
mod observe;
mod original;
mod scoring;
mod store;
mod zero;

use super::decode;
use super::model::{EVERY_SEAT, Predicate, SEATS};
use super::read::Reader;
use super::value::{Value, What};
use crate::diagnostic::Code;
use crate::stdx::time::Offset;
pub use flow::PATHS_MAX;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Files that every package holds beside the scenario.
pub const PACKAGE_FILES: [(&str, &str); 4] = [
    ("sources.md", "what is sourced, what is derived, what is invented"),
    ("reference.wom", "the original handling as a walkthrough"),
    ("better.wom", "a handling that brings relief earlier than the original"),
    ("nobody.wom", "the session in which nobody does anything"),
];

/// Runs all checks.
pub fn check(reader: &mut Reader<'_>, root: &Value, slug: &str) {
    identity(reader, root, slug);
    ids(reader, root.at("script"));
    ids(reader, root.at("original"));
    ids(reader, root.at("deck"));
    ids(reader, root.at("decisions"));
    ids(reader, root.at("world").at("graphs"));
    if !reader.broken && !matches!(root.at("clock").what, What::Hole) {
        times(reader, root);
        let reach = Reach::of(root);
        triggers(reader, root, &reach);
    }
    for setback in root.at("world").at("setbacks").items() {
        if setback.get("fails").is_some() == setback.get("first").is_some() {
            one_of(reader, setback, "fails", "first");
        }
    }
    cycles(reader, root);
    quantities(reader, root);
    stretches(reader, root);
    zero::check(reader, root);
    flow::check(reader, root);
    observe::check(reader, root);
    net::check(reader, root);
    capacity::check(reader, root);
    change::check(reader, root);
    store::check(reader, root);
    scoring::check(reader, root);
    original::check(reader, root);
}

fn head(root: &Value) -> Range<usize> {
    root.at.start..(root.at.start + root.tag().len()).min(root.at.end)
}

fn identity(reader: &mut Reader<'_>, root: &Value, slug: &str) {
    if let Some(id) = root.get("id") {
        let text = id.text();
        let form = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !form || (!slug.is_empty() && text != slug) {
            let message = format!("the id `{text}` is not the folder's name");
            let help = (!slug.is_empty()).then(|| format!("write `\"{slug}\"`, or rename the folder"));
            reader.report(Code::WrongName, &id.at, message, "lower-case letters, digits, hyphens".into(), help);
        }
    }
    if let Some(minutes) = root.get("minutes") {
        let m: Vec<u32> = minutes.list(Value::int);
        if !matches!(m.as_slice(), [from, to] if from <= to) {
            let label = "two numbers, from and to".into();
            reader.report(
                Code::OutOfRange,
                &minutes.at,
                "the playing time is a range".into(),
                label,
                Some("for example [30, 45]".into()),
            );
        }
    }
    for (name, what) in PACKAGE_FILES {
        if !reader.has_file(name) {
            let message = format!("the package has no file `{name}`");
            let help = Some(format!("add {}: {what}", reader.shown(name)));
            reader.report(Code::MissingWalkthrough, &head(root), message, format!("`{name}` is not there"), help);
        }
    }
}

fn ids(reader: &mut Reader<'_>, list: &Value) {
    let mut seen = BTreeSet::new();
    for item in list.items() {
        if let Some(id) = item.get("id") {
            let text = id.text();
            if !seen.insert(text.clone()) {
                let help = Some("give it an id of its own".to_owned());
                reader.report(
                    Code::DuplicateId,
                    &id.at,
                    format!("the id `{text}` is already taken"),
                    "the second one".into(),
                    help,
                );
            }
        }
    }
}

fn times(reader: &mut Reader<'_>, root: &Value) {
    let clock = root.at("clock");
    let (opens, horizon) = (clock.at("opens").offset(), clock.at("horizon").offset());
    if opens.0 > 0 || horizon.0 <= opens.0.max(0) {
        let message = "the session opens at or before T0 and ends after it".to_owned();
        reader.report(Code::TimeOrder, &clock.at, message, format!("opens {opens}, ends {horizon}"), None);
    }
    for list in [root.at("script"), root.at("original")] {
        let mut last: Option<Offset> = None;
        for at in list.items().iter().filter_map(|item| item.get("at")) {
            let time = at.offset();
            if let Some(before) = last.filter(|b| *b > time) {
                let message = format!("{time} stands after {before}");
                let help = Some("rows stand in time order; move this one up".to_owned());
                reader.report(Code::TimeOrder, &at.at, message, format!("earlier than {before}"), help);
            }
            last = Some(last.map_or(time, |b| b.max(time)));
        }
    }
    let pressed = decode::Pressed::of(clock);
    for row in root.at("original").items() {
        let Some(at) = row.get("at") else { continue };
        let time = pressed.played(at.offset());
        let (fits, help) = match row.at("played").tag() {
            "BeforeOpening" => {
                (time < opens, format!("it is within the session, which opens at {opens}: give it a `when`"))
            }
            "BeyondHorizon" => {
                (time > horizon, format!("it is within the session, which ends at {horizon}: give it a `when`"))
            }
            _ if time < opens => (false, "write `played: BeforeOpening` instead of `when`".to_owned()),
            _ => (time <= horizon, "write `played: BeyondHorizon` instead of `when`".to_owned()),
        };
        if !fits {
            let label = format!("the session runs from {opens} to {horizon}");
            reader.report(
                Code::TimeOrder,
                &at.at,
                format!("{time} does not fit how the row is played"),
                label,
                Some(help),
            );
        }
    }
}

/// Why a predicate cannot hold: place, message, help.
type Never = (Range<usize>, String, Option<String>);

/// What can happen in any session, roughly: enough to refuse what certainly cannot.
struct Reach<'v> {
    root: &'v Value,
    opens: Offset,
    horizon: Offset,
    milestones: BTreeMap<String, Offset>,
    actions: Vec<&'v Value>,
}

impl<'v> Reach<'v> {
    fn of(root: &'v Value) -> Reach<'v> {
        let clock = root.at("clock");
        let actions = [root.at("script"), root.at("deck")]
            .into_iter()
            .flat_map(|list| list.items().iter().flat_map(|rule| rule.at("do").items()))
            .collect();
        let mut reach = Reach {
            root,
            opens: clock.at("opens").offset(),
            horizon: clock.at("horizon").offset(),
            milestones: BTreeMap::new(),
            actions,
        };
        // Milestones become reachable one after another; what is left at the end waits for itself.
        let declared = root.at("milestones").entries();
        for _ in 0..=declared.len() {
            for (id, _, m) in declared {
                if reach.milestones.contains_key(id) {
                    continue;
                }
                if let Ok(at) = reach.earliest(m.at("when")) {
                    reach.milestones.insert(id.clone(), at);
                }
            }
        }
        reach
    }

    fn does(&self, tag: &str, field: &str, value: &str) -> bool {
        self.actions.iter().any(|a| a.tag() == tag && (field.is_empty() || a.at(field).text() == value))
    }

    fn paged(&self) -> bool {
        let world = self.root.at("world");
        let team = |name: &str| name == EVERY_SEAT || SEATS.contains(&name);
        let told = match world.get("routing").map(|r| r.at("route")) {
            None => {
                let rules = ["alerts", "slos"].map(|of| world.at(of).entries());
                rules.into_iter().flatten().any(|(_, _, rule)| team(&rule.at("pages").text()))
            }
            // The root tells every seat if it names nobody.
            Some(root) if root.get("receiver").is_none() => true,
            Some(root) => {
                let mut left = vec![root];
                let mut routes = std::iter::from_fn(|| {
                    let route = left.pop()?;
                    left.extend(route.at("routes").items());
                    Some(route)
                });
                routes.any(|route| team(&route.at("receiver").text()))
            }
        };
        told || self.does("Page", "", "")
    }

    fn person(&self, id: &str) -> Option<&Value> {
        self.root.at("people").entries().iter().find(|(key, _, _)| key == id).map(|(_, _, p)| p)
    }

    /// The earliest time at which a predicate can hold.
    fn earliest(&self, p: &Value) -> Result<Offset, Never> {
        let no = |message: String, help: Option<&str>| Err((p.at.clone(), message, help.map(str::to_owned)));
        let at = match p.tag() {
            "All" => {
                let items = p.at("of").items();
                if let Some(never) = contradiction(p, items) {
                    return Err(never);
                }
                let mut at = self.opens;
                for item in items {
                    at = at.max(self.earliest(item)?);
                }
                at
            }
            "Any" => {
                let mut best: Option<Offset> = None;
                let mut reason = None;
                for item in p.at("of").items() {
                    match self.earliest(item) {
                        Ok(at) => best = Some(best.map_or(at, |b| b.min(at))),
                        Err(never) => reason = reason.or(Some(never)),
                    }
                }
                match (best, reason) {
                    (Some(at), _) => at,
                    (None, Some(never)) => return Err(never),
                    (None, None) => return no("none of nothing ever holds".into(), Some("add a predicate")),
                }
            }
            "After" => {
                let time = p.at("time").offset();
                if time < self.opens {
                    return no(
                        format!("{time} lies before the opening at {}", self.opens),
                        Some("it would hold from the start: leave it out"),
                    );
                }
                if time > self.horizon {
                    return no(format!("{time} lies beyond the horizon at {}", self.horizon), None);
                }
                time
            }
            "Since" => {
                let id = p.at("milestone").text();
                match self.milestones.get(&id) {
                    Some(at) => (*at).max(self.earliest(p.at("then"))?),
                    None if self.root.at("milestones").entries().iter().any(|(k, _, _)| *k == id) => {
                        return no(
                            format!("the milestone `{id}` can never hold first"),
                            Some("it waits for itself, or for something that never happens"),
                        );
                    }
                    // An unknown milestone is reported as a name.
                    None => self.opens,
                }
            }
            "Delay" => {
                let by = i64::try_from(p.at("by").span().0).unwrap_or(i64::MAX);
                Offset(self.earliest(p.at("first"))?.0.saturating_add(by))
            }
            "Acknowledged" if !self.paged() => {
                return no(
                    "nothing ever pages the trainee".into(),
                    Some("add `pages: \"you\"` to an alert, or a `Page` to the script"),
                );
            }
            "Joined" => {
                let id = p.at("person").text();
                match self.person(&id) {
                    Some(person)
                        if person.get("joins").is_none()
                            && !person.at("here").bool()
                            && !self.does("Join", "who", &id) =>
                    {
                        return no(
                            format!("`{id}` never joins"),
                            Some("give the person `joins`, or add a `Join` to the script"),
                        );
                    }
                    Some(person) if !person.at("here").bool() && !self.does("Join", "who", &id) => {
                        let wait = i64::try_from(person.at("joins").span().0).unwrap_or(i64::MAX);
                        Offset(self.opens.0.saturating_add(wait))
                    }
                    _ => self.opens,
                }
            }
            "TicketArrived" => {
                let about = p.at("about").text();
                if !self.does("Ticket", "about", &about) {
                    return no(format!("no ticket about `{about}` ever arrives"), Some("add a `Ticket` to the script"));
                }
                self.opens
            }
            "Running" => self.running(p)?,
            "Said" => {
                let by = p.at("by").text();
                if let Some(person) = self.person(&by) {
                    let about = p.at("about").text();
                    let says =
                        person.at("says").entries().iter().any(|(topic, _, _)| about.is_empty() || *topic == about);
                    let said = self.actions.iter().any(|a| {
                        a.tag() == "Say"
                            && a.at("who").text() == by
                            && (about.is_empty() || a.at("about").texts().contains(&about))
                    });
                    if !says && !said {
                        return no(
                            format!("`{by}` never says that"),
                            Some("add a `Say` to the script, or the topic to the person's `says`"),
                        );
                    }
                }
                self.opens
            }
            _ => self.opens,
        };
        if at > self.horizon {
            return no(format!("it cannot hold before {at}, beyond the horizon at {}", self.horizon), None);
        }
        Ok(at)
    }

    fn running(&self, p: &Value) -> Result<Offset, Never> {
        let (service, release) = (p.at("service").text(), p.at("release").text());
        let world = self.root.at("world");
        let spec = world.at("services").entries().iter().find(|(id, _, _)| *id == service).map(|(_, _, s)| s);
        let there = spec.is_some_and(|s| s.at("release").text() == release);
        let may = self.root.at("you").at("may").texts().iter().any(|m| m == "release");
        if there || may || self.does("Promote", "to", &release) || spec.is_none() {
            return Ok(self.opens);
        }
        let help = Some("add a `Promote` to the script, or give the trainee the permission `release`".to_owned());
        Err((p.at.clone(), format!("nothing ever brings `{release}` into production"), help))
    }
}

/// `All` of things that exclude each other.
fn contradiction(whole: &Value, items: &[Value]) -> Option<Never> {
    let read: Vec<Predicate> = items.iter().map(decode::predicate).collect();
    for p in &read {
        let Predicate::Not(inner) = p else { continue };
        let clash = read.iter().any(|q| match (q, inner.as_ref()) {
            (Predicate::After(from), Predicate::After(until)) => until <= from,
            (q, inner) => q == inner,
        });
        if clash {
            return Some((
                whole.at.clone(),
                "it contradicts itself".into(),
                Some("`All` holds something and its `Not`".into()),
            ));
        }
    }
    None
}

fn triggers(reader: &mut Reader<'_>, root: &Value, reach: &Reach<'_>) {
    for rule in root.at("script").items() {
        match (rule.get("at"), rule.get("when")) {
            (Some(at), None) => {
                let time = at.offset();
                if time < reach.opens || time > reach.horizon {
                    let label = format!("the session runs from {} to {}", reach.opens, reach.horizon);
                    reader.report(Code::Unreachable, &at.at, format!("{time} never comes in a session"), label, None);
                }
            }
            (None, Some(when)) => never(reader, reach, when),
            _ => one_of(reader, rule, "at", "when"),
        }
    }
    let pressed = decode::Pressed::of(root.at("clock"));
    for row in root.at("original").items() {
        match (row.get("when"), row.get("played")) {
            (Some(when), None) => {
                let latest = original::latest(row, &pressed, reach.horizon);
                match reach.earliest(when) {
                    Ok(at) if at > latest => {
                        let message = format!("it cannot hold before {at}, later than its published time allows");
                        reader.report(
                            Code::Unreachable,
                            &when.at,
                            message,
                            "this can never match in time".into(),
                            None,
                        );
                    }
                    _ => never(reader, reach, when),
                }
            }
            (None, Some(_)) => {}
            _ => one_of(reader, row, "when", "played"),
        }
    }
    for (_, _, m) in root.at("milestones").entries() {
        for when in [m.get("when"), m.get("needs")].into_iter().flatten() {
            never(reader, reach, when);
        }
    }
    for decision in root.at("decisions").items() {
        let options = decision.at("options").items();
        for when in std::iter::once(decision).chain(options).filter_map(|d| d.get("when")) {
            never(reader, reach, when);
        }
        let originals = options.iter().filter(|o| o.at("original").bool()).count();
        if options.len() < 2 || originals > 1 {
            let message = "a decision has at least two options, of which the original took at most one".to_owned();
            let label = format!("{} options, {originals} of the original", options.len());
            reader.report(Code::OutOfRange, &decision.at("options").at, message, label, None);
        }
    }
    for nudge in root.at("nudges").items() {
        if let Some(from) = nudge.get("from").filter(|f| f.offset() > reach.horizon) {
            let message = format!("{} lies beyond the horizon", from.offset());
            reader.report(Code::Unreachable, &from.at, message, format!("the session ends at {}", reach.horizon), None);
        }
    }
}

fn never(reader: &mut Reader<'_>, reach: &Reach<'_>, when: &Value) {
    if matches!(when.what, What::Hole) {
        return;
    }
    if let Err((at, message, help)) = reach.earliest(when) {
        reader.report(Code::Unreachable, &at, format!("this can never hold: {message}"), "never holds".into(), help);
    }
}

fn one_of(reader: &mut Reader<'_>, record: &Value, a: &str, b: &str) {
    let both = record.get(a).is_some() && record.get(b).is_some();
    let has_hole = |f: &str| matches!(&record.what, What::Record(_, fields) if fields.iter().any(|(n, v)| *n == f && matches!(v.what, What::Hole)));
    if !both && (has_hole(a) || has_hole(b)) {
        return;
    }
    let message = format!("`{}` takes exactly one of `{a}` and `{b}`", record.tag());
    let label = if both { "both are there" } else { "neither is there" };
    reader.report(Code::OneOf, &(record.at.start..record.at.start + 1), message, label.into(), None);
}

fn cycles(reader: &mut Reader<'_>, root: &Value) {
    let milestones = root.at("milestones").entries();
    let after: BTreeMap<&str, Vec<String>> =
        milestones.iter().map(|(id, _, m)| (id.as_str(), m.at("after").texts())).collect();
    let mut reported: BTreeSet<String> = BTreeSet::new();
    for (id, place, _) in milestones {
        if reported.contains(id) {
            continue;
        }
        if let Some(path) = circle(id, &after) {
            let message = format!("milestones wait for each other: {}", path.join(" → "));
            reader.report(
                Code::MilestoneCycle,
                place,
                message,
                "in a circle".into(),
                Some("take one `after` away".into()),
            );
            reported.extend(path);
        }
    }
}

/// A path from `start` back to itself.
fn circle(start: &str, after: &BTreeMap<&str, Vec<String>>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut stack = vec![vec![start.to_owned()]];
    while let Some(path) = stack.pop() {
        let last = path.last().cloned().unwrap_or_default();
        for next in after.get(last.as_str()).into_iter().flatten() {
            let mut longer = path.clone();
            longer.push(next.clone());
            if next == start {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                stack.push(longer);
            }
        }
    }
    None
}

/// Stretches of the clock: each of some length, played in less than it took, one after another.
fn stretches(reader: &mut Reader<'_>, root: &Value) {
    let mut last: Option<Offset> = None;
    for s in root.at("clock").at("compress").items() {
        let (from, to) = (s.at("from").offset(), s.at("to").offset());
        let whole = u64::try_from(to.0.saturating_sub(from.0)).unwrap_or(0);
        let problem = if whole == 0 {
            Some(("to", format!("a stretch from {from} to {to} has no length"), "it ends after it begins"))
        } else if last.is_some_and(|l| from < l) {
            Some(("from", "stretches overlap".to_owned(), "they stand in order of time, one after another"))
        } else if s.at("takes").span().0 >= whole {
            Some(("takes", "a stretch is played in less time than it took".to_owned(), "or leave it out"))
        } else {
            None
        };
        if let Some((field, message, help)) = problem {
            let at = s.at(field).at.clone();
            reader.report(Code::OutOfRange, &at, message, "makes no sense".to_owned(), Some(help.to_owned()));
        }
        last = Some(last.map_or(to, |l| l.max(to)));
    }
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

fn quantities(reader: &mut Reader<'_>, root: &Value) {
    let mut bad = Vec::new();
    walk(root, &mut |v| {
        let factor = if matches!(v.tag(), "Slow" | "Surge") { v.get("factor") } else { None };
        if let Some(factor) = factor.filter(|f| *f.exact() < crate::stdx::rational::whole(1)) {
            bad.push((factor.at.clone(), "a factor is at least 1"));
        }
        if v.tag() == "Course" {
            let span = |field: &str| v.get(field).map_or(0, |s| s.span().0);
            let (lasts, ramps) = (span("lasts"), span("rise") + span("fall"));
            match v.get("fall") {
                Some(fall) if v.get("lasts").is_none() => {
                    bad.push((fall.at.clone(), "what never heals by itself does not fall: give it `lasts`"));
                }
                Some(fall) if ramps > lasts => {
                    bad.push((fall.at.clone(), "it rises and falls for longer than it lasts"));
                }
                _ => {}
            }
        }
        if v.tag() == "Hours" && v.at("from").int::<i64>() >= v.at("to").int::<i64>() {
            bad.push((v.at("to").at.clone(), "hours end after they begin, on the same day"));
        }
        if let Some(currency) = v.get("currency").filter(|c| v.tag() == "Business" && !is_currency(&c.text())) {
            bad.push((currency.at.clone(), "a currency is three capital letters, such as EUR"));
        }
        if v.tag() == "Retry" && v.at("wait").items().is_empty() {
            bad.push((v.at("wait").at.clone(), "a retry waits at least once"));
        }
    });
    for (at, message) in bad {
        reader.report(Code::OutOfRange, &at, message.into(), "out of range".into(), None);
    }
}

/// Visits a node and everything below it.
pub fn walk<'v>(v: &'v Value, f: &mut impl FnMut(&'v Value)) {
    f(v);
    match &v.what {
        What::List(items) => items.iter().for_each(|i| walk(i, f)),
        What::Map(entries) => entries.iter().for_each(|(_, _, i)| walk(i, f)),
        What::Record(_, fields) => fields.iter().for_each(|(_, i)| walk(i, f)),
        _ => {}
    }
}
