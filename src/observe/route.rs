//! Who is told of alerts, as Alertmanager decides it: routes, groups, inhibition, silences.

use super::alert::Active;
use super::series::{Labels, MatchOp, Matcher};
use crate::scenario::{InhibitSpec, RouteSpec, RoutingSpec};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a route has that says nothing and whose parents say nothing: Alertmanager's defaults, milliseconds.
const GROUP_WAIT_MS: i64 = 30_000;
const GROUP_INTERVAL_MS: i64 = 300_000;
const REPEAT_INTERVAL_MS: i64 = 14_400_000;

/// Silences that are kept.
const SILENCES_MAX: usize = 500;

/// Alerts told together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notification {
    /// Who is told: `you` or a person's id.
    pub receiver: String,
    /// The route that tells them, by its place in the tree, depth first from 0.
    pub route: usize,
    /// The labels by which they belong together.
    pub group: Labels,
    /// Rules whose alerts fire.
    pub firing: Vec<String>,
    /// Rules whose alerts ended since the group was last told.
    pub resolved: Vec<String>,
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
        let ms = |s: Option<crate::stdx::time::Span>, or: i64| {
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

/// Alerts of a route that are told together.
#[derive(Clone, Debug, Default, Serialize)]
struct Group {
    /// Alerts in it by labels, and the rule.
    alerts: BTreeMap<Labels, String>,
    /// When it is looked at next.
    due_ms: i64,
    /// What was last told, and when.
    told: BTreeMap<Labels, String>,
    told_ms: Option<i64>,
}

/// Routes alerts and remembers whom it told.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Manager {
    #[serde(skip)]
    plan: Arc<Plan>,
    #[serde(serialize_with = "crate::stdx::digest::pairs")]
    groups: BTreeMap<(usize, Labels), Group>,
    silences: Vec<Silence>,
    next: u32,
}

impl Manager {
    /// A manager; without routes it tells nobody, and rules page whom they name.
    pub fn new(spec: Option<&RoutingSpec>) -> Manager {
        Manager { plan: Arc::new(spec.map(Plan::new).unwrap_or_default()), next: 1, ..Manager::default() }
    }

    /// Whether it routes at all.
    pub fn routes(&self) -> bool {
        !self.plan.nodes.is_empty()
    }

    /// Takes in the alerts that fire at `t_ms` by rule; who is told now.
    pub fn step<'a>(&mut self, active: impl Iterator<Item = (&'a str, &'a Active)>, t_ms: i64) -> Vec<Notification> {
        let plan = Arc::clone(&self.plan);
        let firing: Vec<(&str, &Labels)> =
            active.filter(|(_, a)| a.firing).map(|(rule, a)| (rule, &a.labels)).collect();
        let sources: Vec<&Labels> = firing.iter().map(|(_, labels)| *labels).collect();
        let mut now: BTreeSet<(usize, Labels, Labels)> = BTreeSet::new();
        for (rule, labels) in &firing {
            let mut takers = Vec::new();
            plan.takers(0, labels, &mut takers);
            for at in takers {
                let Some(node) = plan.nodes.get(at) else { continue };
                let key = (at, labels.only(&node.group_by));
                let group = self
                    .groups
                    .entry(key.clone())
                    .or_insert_with(|| Group { due_ms: t_ms.saturating_add(node.wait_ms), ..Group::default() });
                group.alerts.insert((*labels).clone(), (*rule).to_owned());
                now.insert((key.0, key.1, (*labels).clone()));
            }
        }
        let silences = &self.silences;
        let quiet =
            |labels: &Labels| plan.inhibited(labels, &sources) || silences.iter().any(|s| s.mutes(labels, t_ms));
        let mut out = Vec::new();
        for ((at, key), group) in &mut self.groups {
            let Some(node) = plan.nodes.get(*at) else { continue };
            group.alerts.retain(|labels, _| now.contains(&(*at, key.clone(), labels.clone())));
            if group.due_ms > t_ms {
                continue;
            }
            group.due_ms = t_ms.saturating_add(node.interval_ms.max(1));
            let loud: BTreeMap<Labels, String> =
                group.alerts.iter().filter(|(l, _)| !quiet(l)).map(|(l, r)| (l.clone(), r.clone())).collect();
            let new = loud.keys().any(|l| !group.told.contains_key(l));
            // What is kept quiet did not end.
            let ended: Vec<(Labels, String)> = group
                .told
                .iter()
                .filter(|(l, _)| !group.alerts.contains_key(*l))
                .map(|(l, r)| (l.clone(), r.clone()))
                .collect();
            let again = group.told_ms.is_some_and(|told| t_ms - told >= node.repeat_ms) && !loud.is_empty();
            if new || !ended.is_empty() || again {
                let rules = |i: &mut dyn Iterator<Item = &String>| -> Vec<String> {
                    i.cloned().collect::<BTreeSet<_>>().into_iter().collect()
                };
                out.push(Notification {
                    receiver: node.receiver.clone(),
                    route: *at,
                    group: key.clone(),
                    firing: rules(&mut loud.values()),
                    resolved: rules(&mut ended.iter().map(|(_, r)| r)),
                    repeat: !new && ended.is_empty(),
                });
                group.told = loud;
                group.told_ms = Some(t_ms);
            }
        }
        self.groups.retain(|_, g| !g.alerts.is_empty() || !g.told.is_empty());
        out
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
