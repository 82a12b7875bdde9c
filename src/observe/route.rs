//! Who is told of alerts, as Alertmanager decides it: routes, groups, inhibition, silences.

use super::alert::Active;
use super::series::{Labels, MatchOp, Matcher};
use crate::scenario::{AlertSpec, InhibitSpec, NOBODY, RouteSpec, RoutingSpec, WorldSpec};
use crate::stdx::time::Span;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a route has that says nothing and whose parents say nothing: Alertmanager's defaults, milliseconds.
const GROUP_WAIT_MS: i64 = 30_000;
const GROUP_INTERVAL_MS: i64 = 300_000;
const REPEAT_INTERVAL_MS: i64 = 14_400_000;

/// Silences that are kept.
const SILENCES_MAX: usize = 500;

/// An alert that a notification speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its rule.
    pub rule: String,
    /// Its labels.
    pub labels: Labels,
}

/// Alerts told together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notification {
    /// Who is told: `you`, a seat, or a person's id.
    pub receiver: String,
    /// The route that tells them: its place in the tree, depth first, the root is 0.
    pub route: usize,
    /// The labels by which they belong together.
    pub group: Labels,
    /// Alerts that fire, those that are kept quiet left out.
    pub firing: Vec<Told>,
    /// Alerts that ended since the group was last looked at.
    pub resolved: Vec<Told>,
    /// Whether the receiver was told of nothing that fires when it was told before: for it this begins.
    pub begins: bool,
    /// Whether nothing new is in it: it repeats what still fires.
    pub repeat: bool,
}

/// A silence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Silence {
    /// Its number, from 1.
    pub id: u32,
    /// Matchers, as written.
    pub matchers: Vec<String>,
    /// From when to when, milliseconds since the Unix epoch.
    pub starts_ms: i64,
    /// Its end.
    pub ends_ms: i64,
    /// Who made it.
    pub by: String,
    /// Why.
    pub comment: String,
}

impl Silence {
    /// Whether it keeps an alert with these labels quiet at a time.
    pub fn mutes(&self, labels: &Labels, t_ms: i64) -> bool {
        let matchers: Vec<Matcher> = self.matchers.iter().filter_map(|m| matcher(m).ok()).collect();
        self.starts_ms <= t_ms && t_ms < self.ends_ms && all(&matchers, labels)
    }
}

/// Reads a matcher: `name="value"`, `name=value`, with `=`, `!=`, `=~` or `!~`.
///
/// # Errors
/// What is wrong, in the words of the tool.
pub fn matcher(text: &str) -> Result<Matcher, String> {
    let bad = || format!("bad matcher format: {text}");
    let at = text.find(['=', '!']).ok_or_else(bad)?;
    let (name, rest) = text.split_at(at);
    let (op, value) =
        [("=~", MatchOp::Regex), ("!~", MatchOp::NotRegex), ("!=", MatchOp::NotEqual), ("=", MatchOp::Equal)]
            .into_iter()
            .find_map(|(sign, op)| rest.strip_prefix(sign).map(|value| (op, value)))
            .ok_or_else(bad)?;
    let value = value.trim();
    let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
    let name = name.trim();
    let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !valid {
        return Err(bad());
    }
    Matcher::new(name, op, value)
}

fn all(matchers: &[Matcher], labels: &Labels) -> bool {
    matchers.iter().all(|m| m.matches(labels.get(m.name()).unwrap_or_default()))
}

/// A node of the tree with everything that it inherits.
#[derive(Clone, Debug)]
struct Node {
    matchers: Vec<Matcher>,
    receiver: String,
    go_on: bool,
    group_by: Vec<String>,
    wait_ms: i64,
    interval_ms: i64,
    repeat_ms: i64,
    /// Positions of the nodes below it.
    below: Vec<usize>,
}

impl Node {
    /// The labels by which an alert is told together with others; `...` stands for all of them.
    fn group(&self, labels: &Labels) -> Labels {
        if self.group_by.iter().any(|l| l == "...") { labels.clone() } else { labels.only(&self.group_by) }
    }
}

#[derive(Clone, Debug, Default)]
struct Plan {
    /// The root is the first.
    nodes: Vec<Node>,
    inhibit: Vec<(Vec<Matcher>, Vec<Matcher>, Vec<String>)>,
}

fn read(texts: &[String]) -> Vec<Matcher> {
    // Validation has reported what cannot be read.
    texts.iter().filter_map(|m| matcher(m).ok()).collect()
}

impl Plan {
    fn new(spec: &RoutingSpec) -> Plan {
        let mut plan = Plan::default();
        let root = Node {
            matchers: Vec::new(),
            receiver: "you".to_owned(),
            go_on: false,
            group_by: vec!["alertname".to_owned()],
            wait_ms: GROUP_WAIT_MS,
            interval_ms: GROUP_INTERVAL_MS,
            repeat_ms: REPEAT_INTERVAL_MS,
            below: Vec::new(),
        };
        plan.add(&spec.route, &root);
        let inhibit = |i: &InhibitSpec| (read(&i.source), read(&i.target), i.equal.clone());
        plan.inhibit = spec.inhibit.iter().map(inhibit).collect();
        plan
    }

    fn add(&mut self, r: &RouteSpec, parent: &Node) -> usize {
        let ms = |s: Option<Span>, or: i64| {
            s.map_or(or, |s| i64::try_from(s.0).unwrap_or(i64::MAX / 4_000).saturating_mul(1_000))
        };
        let node = Node {
            matchers: read(&r.matchers),
            receiver: r.receiver.clone().unwrap_or_else(|| parent.receiver.clone()),
            go_on: r.go_on,
            group_by: r.group_by.clone().unwrap_or_else(|| parent.group_by.clone()),
            wait_ms: ms(r.group_wait, parent.wait_ms),
            interval_ms: ms(r.group_interval, parent.interval_ms),
            repeat_ms: ms(r.repeat_interval, parent.repeat_ms),
            below: Vec::new(),
        };
        let at = self.nodes.len();
        self.nodes.push(node.clone());
        let below: Vec<usize> = r.routes.iter().map(|r| self.add(r, &node)).collect();
        if let Some(n) = self.nodes.get_mut(at) {
            n.below = below;
        }
        at
    }

    /// The nodes that take an alert: the deepest that match, and those after it where one says so.
    fn takers(&self, at: usize, labels: &Labels, out: &mut Vec<usize>) -> bool {
        let Some(node) = self.nodes.get(at) else { return false };
        if at > 0 && !all(&node.matchers, labels) {
            return false;
        }
        let before = out.len();
        for below in &node.below {
            let taken = self.takers(*below, labels, out);
            if taken && self.nodes.get(*below).is_some_and(|n| !n.go_on) {
                break;
            }
        }
        if out.len() == before {
            out.push(at);
        }
        true
    }

    fn inhibited(&self, labels: &Labels, firing: &[&Labels]) -> bool {
        self.inhibit.iter().any(|(source, target, equal)| {
            let same = |other: &Labels| equal.iter().all(|l| other.get(l) == labels.get(l));
            // An alert that is source and target of a rule cannot keep itself or its like quiet.
            let both = all(source, labels);
            all(target, labels) && firing.iter().any(|o| all(source, o) && same(o) && !(both && all(target, o)))
        })
    }
}

/// The routes that rules have of their own where a scenario declares none: each tells whom it names, at once.
fn own_routes(alerts: &BTreeMap<String, AlertSpec>) -> RoutingSpec {
    let quoted = |id: &String| vec![format!("alertname=\"{id}\"")];
    let own = |(id, a): (&String, &AlertSpec)| {
        let receiver = Some(a.pages.clone()?);
        Some(RouteSpec { matchers: quoted(id), receiver, ..RouteSpec::default() })
    };
    let route = RouteSpec {
        receiver: Some(NOBODY.to_owned()),
        group_wait: Some(Span(0)),
        group_interval: Some(Span(0)),
        routes: alerts.iter().filter_map(own).collect(),
        ..RouteSpec::default()
    };
    RoutingSpec { route, inhibit: Vec::new() }
}

/// An alert of a group.
#[derive(Clone, Debug, Serialize)]
struct Member {
    rule: String,
    /// It no longer fires, and that was not looked at yet.
    ended: bool,
}

/// Alerts of a route that are told together.
#[derive(Clone, Debug, Default, Serialize)]
struct Group {
    #[serde(serialize_with = "crate::stdx::digest::pairs")]
    alerts: BTreeMap<Labels, Member>,
    /// When it is looked at next.
    due_ms: i64,
}

/// What a receiver was last told of a group.
#[derive(Clone, Debug, Default, Serialize)]
struct Record {
    firing: BTreeSet<Labels>,
    resolved: BTreeSet<Labels>,
    at_ms: i64,
}

impl Record {
    /// Whether the receiver has to be told again; `None` is a receiver that was told nothing. The rules of
    /// Alertmanager's de-duplication: at once of an alert that it does not know to fire, of the end of all that it
    /// knows, and of an end that it was not told; of nothing else before the repeat interval is over.
    fn outdated(of: Option<&Record>, firing: &BTreeSet<Labels>, resolved: &BTreeSet<Labels>, repeats: bool) -> bool {
        let Some(record) = of else { return !firing.is_empty() };
        if !firing.is_subset(&record.firing) {
            return true;
        }
        if firing.is_empty() {
            return !record.firing.is_empty();
        }
        !resolved.is_subset(&record.resolved) || repeats
    }
}

/// Routes alerts and remembers whom it told.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Manager {
    #[serde(skip)]
    plan: Arc<Plan>,
    #[serde(serialize_with = "crate::stdx::digest::pairs")]
    groups: BTreeMap<(usize, Labels), Group>,
    /// The notification log.
    #[serde(serialize_with = "crate::stdx::digest::pairs")]
    told: BTreeMap<(usize, Labels), Record>,
    silences: Vec<Silence>,
    next: u32,
}

impl Manager {
    /// A manager of a routing tree.
    pub fn new(spec: &RoutingSpec) -> Manager {
        Manager { plan: Arc::new(Plan::new(spec)), next: 1, ..Manager::default() }
    }

    /// The manager of a world: by its routing tree, or where it has none each rule tells whom it names, at once.
    pub fn of(world: &WorldSpec) -> Manager {
        match &world.routing {
            Some(spec) => Manager::new(spec),
            None => Manager::new(&own_routes(&world.alerts)),
        }
    }

    /// The receivers that an alert with these labels goes to, in the order of the routes.
    pub fn receivers(&self, labels: &Labels) -> Vec<&str> {
        let mut takers = Vec::new();
        self.plan.takers(0, labels, &mut takers);
        takers.iter().filter_map(|at| self.plan.nodes.get(*at)).map(|n| n.receiver.as_str()).collect()
    }

    /// Whether a group is to be looked at by `t_ms`.
    pub fn due(&self, t_ms: i64) -> bool {
        self.groups.values().any(|g| g.due_ms <= t_ms)
    }

    /// Takes in the alerts that fire at `t_ms` by rule; who is told now.
    ///
    /// As in Alertmanager a group that comes to be is looked at after `group_wait`, and then every `group_interval`
    /// for as long as it has an alert. A look drops what is inhibited or silenced, ended alerts too; if nothing is
    /// left nobody is told, else the receiver is told if what it knows is outdated: so a silence or an inhibition that
    /// begins later takes nothing back, an alert that ends under it ends untold, and what comes out of it is told only
    /// if the receiver did not know it. `repeat_interval` is checked at these looks. Ended alerts leave after a look,
    /// and an empty group is gone at once (Alertmanager sweeps them twice a minute).
    pub fn step<'a>(&mut self, active: impl Iterator<Item = (&'a str, &'a Active)>, t_ms: i64) -> Vec<Notification> {
        let plan = Arc::clone(&self.plan);
        let firing: Vec<(&str, &Labels)> =
            active.filter(|(_, a)| a.firing).map(|(rule, a)| (rule, &a.labels)).collect();
        let sources: Vec<&Labels> = firing.iter().map(|(_, labels)| *labels).collect();
        for member in self.groups.values_mut().flat_map(|g| g.alerts.values_mut()) {
            member.ended = true;
        }
        for (rule, labels) in &firing {
            let mut takers = Vec::new();
            plan.takers(0, labels, &mut takers);
            for at in takers {
                let Some(node) = plan.nodes.get(at).filter(|n| n.receiver != NOBODY) else { continue };
                let due_ms = t_ms.saturating_add(node.wait_ms);
                let group = self.groups.entry((at, node.group(labels)));
                let group = group.or_insert_with(|| Group { due_ms, ..Group::default() });
                group.alerts.insert((*labels).clone(), Member { rule: (*rule).to_owned(), ended: false });
            }
        }
        let quiet = |labels: &Labels| plan.inhibited(labels, &sources) || self.silenced(labels, t_ms);
        let mut out = Vec::new();
        let mut looks = Vec::new();
        for (key, group) in self.groups.iter().filter(|(_, g)| g.due_ms <= t_ms) {
            let Some(node) = plan.nodes.get(key.0) else { continue };
            looks.push((key.clone(), t_ms.saturating_add(node.interval_ms.max(1))));
            let loud: Vec<(&Labels, &Member)> = group.alerts.iter().filter(|(l, _)| !quiet(l)).collect();
            if loud.is_empty() {
                continue;
            }
            let those = |ended: bool| loud.iter().filter(move |(_, m)| m.ended == ended);
            let labels = |ended: bool| those(ended).map(|(l, _)| (*l).clone()).collect::<BTreeSet<Labels>>();
            let of = |ended: bool| those(ended).map(|(l, m)| Told { rule: m.rule.clone(), labels: (*l).clone() });
            let (firing, resolved) = (labels(false), labels(true));
            let record = self.told.get(key);
            let repeats = record.is_some_and(|r| t_ms.saturating_sub(r.at_ms) >= node.repeat_ms);
            if Record::outdated(record, &firing, &resolved, repeats) {
                out.push((
                    Notification {
                        receiver: node.receiver.clone(),
                        route: key.0,
                        group: key.1.clone(),
                        firing: of(false).collect(),
                        resolved: of(true).collect(),
                        begins: record.is_none_or(|r| r.firing.is_empty()),
                        repeat: !Record::outdated(record, &firing, &resolved, false),
                    },
                    (key.clone(), Record { firing, resolved, at_ms: t_ms }),
                ));
            }
        }
        for (key, due_ms) in looks {
            if let Some(group) = self.groups.get_mut(&key) {
                group.due_ms = due_ms;
                group.alerts.retain(|_, m| !m.ended);
            }
        }
        self.groups.retain(|_, g| !g.alerts.is_empty());
        let (out, records): (Vec<Notification>, Vec<_>) = out.into_iter().unzip();
        self.told.extend(records);
        // What a receiver knows is kept for twice the repeat interval, as Alertmanager keeps it.
        let groups = &self.groups;
        self.told.retain(|key, record| {
            let keep_ms = plan.nodes.get(key.0).map_or(0, |n| n.repeat_ms.saturating_mul(2));
            groups.contains_key(key) || (!record.firing.is_empty() && t_ms.saturating_sub(record.at_ms) < keep_ms)
        });
        out
    }

    /// Whether an alert is kept quiet because another of those that are active inhibits it.
    pub fn inhibited<'a>(&self, labels: &Labels, active: impl Iterator<Item = (&'a str, &'a Active)>) -> bool {
        let sources: Vec<&Labels> = active.filter(|(_, a)| a.firing).map(|(_, a)| &a.labels).collect();
        self.plan.inhibited(labels, &sources)
    }

    /// Keeps alerts quiet; the silence's number.
    ///
    /// # Errors
    /// A matcher that cannot be read, none at all, or an end before the start.
    pub fn silence(&mut self, mut silence: Silence) -> Result<u32, String> {
        if silence.matchers.is_empty() {
            return Err("no matchers specified".to_owned());
        }
        for m in &silence.matchers {
            matcher(m)?;
        }
        if silence.ends_ms <= silence.starts_ms {
            return Err("silence invalid: end time must be after start time".to_owned());
        }
        if self.silences.len() >= SILENCES_MAX {
            self.silences.remove(0);
        }
        silence.id = self.next;
        self.next = self.next.saturating_add(1);
        let id = silence.id;
        self.silences.push(silence);
        Ok(id)
    }

    /// Ends a silence now; false if there is none of that number that still goes on.
    pub fn expire(&mut self, id: u32, t_ms: i64) -> bool {
        let found = self.silences.iter_mut().find(|s| s.id == id && s.ends_ms > t_ms);
        found.map(|s| s.ends_ms = t_ms).is_some()
    }

    /// Every silence, oldest first.
    pub fn silences(&self) -> &[Silence] {
        &self.silences
    }

    /// Whether an alert is kept quiet by a silence at a time.
    pub fn silenced(&self, labels: &Labels, t_ms: i64) -> bool {
        self.silences.iter().any(|s| s.mutes(labels, t_ms))
    }
}
