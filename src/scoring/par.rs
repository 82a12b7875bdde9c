//! Par: what the reference run measured, pinned as data beside the scenario.

use super::measure::{Measures, measure};
use crate::fact::Fact;
use crate::scenario::Scenario;
use crate::scenario::package::{PAR_FILE, Package};
use crate::session::Header;
use crate::stdx::rational::{Exact, Ratio, whole};
use crate::stdx::time::Tick;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the scoring model.
pub const SCORE_VERSION: u32 = 1;

/// The reference run's measures. Times are effective minutes since the impact began, exact; absent means never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Par {
    /// Version of the scoring model that measured it.
    pub score_version: u32,
    /// Scenario's id.
    pub scenario: String,
    /// Digest of the scenario package.
    pub scenario_digest: String,
    /// Final state digest of the replayed log.
    pub log_digest: String,
    /// D1: recognised.
    pub recognise: Option<Exact>,
    /// M1: mitigated for good.
    pub mitigated: Option<Exact>,
    /// M2: first relief.
    pub relief: Option<Exact>,
    /// C1: first note in the incident channel.
    pub internal: Option<Exact>,
    /// C2: first update on the status page.
    pub external: Option<Exact>,
    /// O1: declared.
    pub declared: Option<Exact>,
    /// H1: user-minutes.
    pub harm: Exact,
    /// User-minutes if nobody responds.
    pub hands_off: Option<Exact>,
    /// Affected users over time.
    pub impact: Vec<(Tick, u64)>,
    /// Points a check.
    pub checks: BTreeMap<String, Exact>,
    /// Points in all.
    pub points: Exact,
}

impl Par {
    /// The par that a package pins; `None` if it pins none that can be read.
    pub fn pinned(package: &Package) -> Option<Par> {
        ron::from_str(package.files.get(PAR_FILE)?).ok()
    }

    /// Par of the reference run: its measures, then its score against itself.
    pub fn of(scenario: &Scenario, header: &Header, facts: &[Fact], log_digest: &str) -> Par {
        let mut par = Par::bare(scenario, header, &measure(scenario, facts), log_digest);
        let report = super::score(scenario, header, facts, &par);
        par.checks = report.checks.iter().map(|c| (c.id.to_owned(), Exact(c.points.clone()))).collect();
        par.points = Exact(report.points);
        par
    }

    fn bare(scenario: &Scenario, header: &Header, m: &Measures, log_digest: &str) -> Par {
        let some = |x: &Option<Ratio>| x.clone().map(Exact);
        Par {
            score_version: SCORE_VERSION,
            scenario: scenario.id.clone(),
            scenario_digest: header.scenario_digest.clone(),
            log_digest: log_digest.to_owned(),
            recognise: some(&m.recognise.x),
            mitigated: some(&m.mitigated.x),
            relief: some(&m.relief.x),
            internal: some(&m.internal.x),
            external: some(&m.external.x),
            declared: some(&m.declared.x),
            harm: Exact(m.harm.clone()),
            hands_off: some(&m.hands_off),
            impact: m.curve.clone(),
            checks: BTreeMap::new(),
            points: Exact(whole(0)),
        }
    }
}
