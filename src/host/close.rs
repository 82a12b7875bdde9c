//! After the end: the pinned par of a package, the report, the debrief, the export.

use super::SessionHost;
use crate::debrief::{self, Debrief};
use crate::fact::Fact;
use crate::locale::Locale;
use crate::postmortem;
use crate::scenario::Scenario;
use crate::scenario::package::{PAR_FILE, Package};
use crate::scoring::{self, Par, Report};
use crate::session::Header;
use crate::view::words::say;

/// The par that a package pins; `None` if it pins none that can be read.
pub fn pinned_par(package: &Package) -> Option<Par> {
    ron::from_str(package.files.get(PAR_FILE)?).ok()
}

/// The report of a concluded session; `None` if its package pins no par.
pub fn report(package: &Package, scenario: &Scenario, header: &Header, facts: &[Fact]) -> Option<Report> {
    Some(scoring::score(scenario, header, facts, &pinned_par(package)?))
}

/// The debrief of a concluded session; `None` if its package pins no par.
pub fn debrief(package: &Package, scenario: &Scenario, header: &Header, facts: &[Fact]) -> Option<Debrief> {
    Some(debrief::build(scenario, header, facts, report(package, scenario, header, facts)?))
}

/// A debrief as Markdown in the locale's language.
pub fn markdown(debrief: &Debrief, scenario: &Scenario, locale: &Locale) -> String {
    postmortem::markdown(debrief, scenario, &|text| say(locale, text))
}

impl SessionHost {
    /// The debrief of this session, once it is concluded; `None` before that, or if its package pins no par.
    pub fn debrief(&self) -> Option<Debrief> {
        let session = &self.session;
        if !self.concluded {
            return None;
        }
        debrief(&self.package, &session.scenario, &session.header, session.facts())
    }
}
