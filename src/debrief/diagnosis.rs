//! Diagnosis apart from mitigation: what was stated over time, how sure, against the contributing factors and the way
//! along which the trouble reached users. A later statement replaces an earlier one at no cost.

use super::lanes::seconds;
use crate::fact::{Fact, FactId, FactKind};
use crate::scenario::Scenario;
use std::collections::{BTreeMap, VecDeque};

/// The stated causes beside what contributed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// Statements in order of time.
    pub statements: Vec<Statement>,
    /// Contributing components: location.
    pub components: Vec<String>,
    /// Contributing mechanisms.
    pub mechanisms: Vec<String>,
    /// Services whose users were affected: scope.
    pub scope: Vec<String>,
    /// From a contributing component to each affected service, call by call; one a service that it reaches.
    pub chains: Vec<Vec<String>>,
}

/// A hypothesis or a cause, as it was stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its fact.
    pub fact: FactId,
    /// When, seconds from T0.
    pub t_s: i64,
    /// Whether it was stated as a cause; else as a hypothesis.
    pub cause: bool,
    /// How sure they were, percent, if they said.
    pub confidence: Option<u8>,
    /// Components, each with whether it contributed.
    pub location: Vec<(String, bool)>,
    /// Mechanisms, each with whether it contributed.
    pub mechanism: Vec<(String, bool)>,
    /// Affected services that a message of the team had named by then.
    pub scope: Vec<String>,
    /// Facts that it cites.
    pub evidence: Vec<FactId>,
}

fn covers(of: &str, name: &str) -> bool {
    name == of || name.strip_prefix(of).is_some_and(|rest| rest.starts_with(':'))
}

/// The diagnosis of a session. Pure.
pub fn diagnosis(scenario: &Scenario, facts: &[Fact]) -> Diagnosis {
    let truth = &scenario.truth;
    let mut named: Vec<String> = Vec::new();
    let mut statements = Vec::new();
    let located = |components: &[String]| {
        components.iter().map(|c| (c.clone(), truth.components.iter().any(|t| covers(t, c)))).collect()
    };
    for f in facts.iter().filter(|f| f.by.is_responder()) {
        let statement = |cause, confidence, location, mechanism, scope: &[String]| Statement {
            fact: f.id,
            t_s: seconds(scenario, f.id.tick),
            cause,
            confidence,
            location,
            mechanism,
            scope: scope.to_vec(),
            evidence: f.evidence.clone(),
        };
        match &f.what {
            FactKind::Said { fields, about, .. } => {
                let words = fields.impact.iter().chain(about);
                for w in words {
                    let hit = truth.affected.iter().find(|a| covers(a, w));
                    if let Some(hit) = hit.filter(|h| !named.contains(h)) {
                        named.push(hit.clone());
                    }
                }
            }
            FactKind::Hypothesis { component } => {
                let location = located(std::slice::from_ref(component));
                statements.push(statement(false, None, location, Vec::new(), &named));
            }
            FactKind::Cause { components, mechanisms, confidence } => {
                let mechanism = mechanisms.iter().map(|m| (m.clone(), truth.mechanisms.contains(m))).collect();
                statements.push(statement(true, *confidence, located(components), mechanism, &named));
            }
            _ => {}
        }
    }
    Diagnosis {
        statements,
        components: truth.components.clone(),
        mechanisms: truth.mechanisms.clone(),
        scope: truth.affected.clone(),
        chains: truth.affected.iter().filter_map(|service| chain(scenario, service)).collect(),
    }
}

/// Services that feel it when this one is in trouble: those that call it, or take what it has.
fn callers(scenario: &Scenario, of: &str) -> Vec<String> {
    let calls = |id: &String| {
        let s = scenario.world.services.get(id);
        s.is_some_and(|s| {
            let inner = s.endpoints.values().filter_map(|e| e.calls.as_ref()).flatten();
            let origin = match &s.kind {
                crate::scenario::ServiceKind::Cdn { origin, .. } => Some(origin),
                _ => None,
            };
            s.calls.iter().chain(s.edges.keys()).chain(inner).chain(origin).any(|to| to == of)
        })
    };
    scenario.world.services.keys().filter(|id| calls(id)).cloned().collect()
}

/// The shortest way from a contributing component to a service; `None` if calls do not lead there.
fn chain(scenario: &Scenario, service: &str) -> Option<Vec<String>> {
    let mut from: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut queue: VecDeque<String> = VecDeque::new();
    for component in &scenario.truth.components {
        let host = component.split(':').next().unwrap_or(component);
        let direct = scenario.world.services.contains_key(host).then(|| host.to_owned());
        // A host or a mount reaches the services that run there.
        let on =
            scenario.world.services.iter().filter(|(_, s)| s.on.iter().any(|h| h == host)).map(|(id, _)| id.clone());
        for start in direct.into_iter().chain(on) {
            let parent = (start != *component).then(|| component.clone());
            if !from.contains_key(&start) {
                from.insert(start.clone(), parent);
                queue.push_back(start);
            }
        }
    }
    while let Some(at) = queue.pop_front() {
        if at == service {
            break;
        }
        for next in callers(scenario, &at) {
            if !from.contains_key(&next) {
                from.insert(next.clone(), Some(at.clone()));
                queue.push_back(next);
            }
        }
    }
    from.get(service)?;
    let mut out = vec![service.to_owned()];
    let mut at = service.to_owned();
    while let Some(Some(parent)) = from.get(&at) {
        out.push(parent.clone());
        at.clone_from(parent);
    }
    out.reverse();
    Some(out)
}
