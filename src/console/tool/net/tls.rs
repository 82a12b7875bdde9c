//! The certificate that a server shows, as a client reads it.

use crate::console::tool::Ctx;
use crate::sim::capacity::Power;
use crate::stdx::time::Utc;

/// A certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console::tool) struct View {
    /// First name.
    pub subject: String,
    /// All names.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// Validity, `Jul 20 12:00:00 2023 GMT`.
    pub from: String,
    /// End of validity.
    pub until: String,
    /// End of validity, seconds since the epoch.
    pub until_s: i64,
    /// Serial number.
    pub serial: u32,
    /// Whether the intermediate comes with it.
    pub chain: bool,
    /// Why a careful client refuses it; empty if it does not.
    pub problem: String,
    /// Whether the scenario tells of it.
    pub declared: bool,
}

/// `Jan  1 01:00:00 2024 GMT`.
pub(in crate::console::tool) fn date(at: Utc) -> String {
    format!("{} {} GMT", at.syslog(), at.civil().year)
}

/// What a client on the caller's host sees of the certificate of a name; `None` if nothing is known about one.
pub(in crate::console::tool) fn view(c: &Ctx<'_>, name: &str) -> Option<View> {
    let on = c.on();
    let now = c.host.utc();
    let n = c.host.network()?;
    let found = n.look_up(Some(&on), name, None, now);
    let answers = |host: &str| c.host.machine(host).is_none_or(|m| m.power == Power::On);
    let v = found.targets.iter().find_map(|t| n.tls(Some(&on), t, name, now, answers))?;
    Some(View {
        subject: v.names.first().cloned().unwrap_or_default(),
        names: v.names,
        issuer: v.issuer,
        from: date(v.issue.from),
        until: date(v.issue.until),
        until_s: v.issue.until.0,
        serial: v.issue.serial,
        chain: v.chain,
        problem: v.problem,
        declared: v.declared,
    })
}
