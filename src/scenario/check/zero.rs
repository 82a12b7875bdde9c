//! Numbers that must not be nothing: where zero stops the world, or makes what is written do nothing at all.

use super::super::read::Reader;
use super::super::value::{Value, What};
use super::walk;
use crate::diagnostic::Code;
use num_traits::Zero as _;

/// Where zero is refused: record, field, what it would mean, what to write instead.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("World", "scrape", "metrics that are scraped without a pause", "leave it out for 15s"),
    ("Host", "memory", "a machine without memory runs nothing", "for example \"4GiB\""),
    ("Mount", "size", "a file system without space", "for example \"20GB\""),
    ("Edge", "timeout", "a call that waits no time always fails", "leave it out for one that waits for ever"),
    ("Traffic", "timeout", "a client that waits no time always fails", "leave it out for one that waits for ever"),
    ("Breaker", "share", "a breaker that needs no failure is always open", "for example \"1/2\""),
    ("Breaker", "open", "a breaker that is open for no time protects nothing", "for example \"30s\""),
    ("Course", "rise", "a fault that grows over no time is there at once", "leave it out"),
    ("Course", "fall", "a fault that shrinks over no time ends at once", "leave it out"),
    ("Probe", "every", "a probe that looks without a pause", "for example \"30s\""),
    ("Slo", "objective", "an objective of nothing is always met", "for example \"0.999\""),
    ("Slo", "period", "a budget over no time", "for example \"30d\""),
    ("Cert", "lifetime", "a renewed certificate would be over at once", "for example \"90d\""),
    ("Token", "valid", "a token that is valid for no time is never accepted", "for example \"5m\""),
    ("Edge", "every", "a push that waits no time between its steps has none", "leave `stage` at \"1\" for one step"),
    ("PlannerRace", "every", "a planner that runs without a pause", "for example \"5m\""),
    ("Autoscale", "every", "an autoscaler that decides without a pause", "for example \"15s\""),
    ("Check", "every", "a probe that looks without a pause", "for example \"10s\""),
    ("Throttle", "cores", "a replica without a core never answers", "write a share of a core"),
    ("Queue", "redeliver", "an item that is delivered again without a pause", "for example \"30s\""),
    ("Cron", "takes", "a run that takes no time does nothing while it lasts", "for example \"60s\""),
    ("Cron", "runs", "a run that takes no time does nothing while it lasts", "for example \"60s\""),
    ("Timeout", "timeout", "a call that waits no time always fails", "for example \"20ms\""),
    ("Pulse", "on", "a fault that is never there", "for example \"20s\""),
    ("Pulse", "off", "a fault that never goes is not intermittent", "leave `pulse` out"),
];

/// Where zero is doubted, in the same order: nothing would come of what is written.
const DOUBTED: &[(&str, &str, &str, &str)] = &[
    ("Traffic", "rate", "nobody ever asks", "leave the traffic out"),
    ("Traffic", "budget", "no further attempt is ever made", "use `GiveUp`, or a budget above 0"),
    ("Edge", "share", "the call is never made", "leave it out"),
    ("Edge", "budget", "no further attempt is ever made", "leave `retries` out, or a budget above 0"),
    ("Queue", "rate", "nothing is ever completed", "pause the queue in the script instead"),
    ("Course", "severity", "a fault of nothing", "1 is in full"),
    ("Course", "lasts", "it heals at once", "leave it out for one that stays"),
    ("DiskFill", "bytes_per_s", "a fault of nothing", "it writes bytes a second"),
    ("Errors", "share", "a fault of nothing", "a share above 0"),
    ("LinkLoss", "share", "a fault of nothing", "a share above 0"),
    ("LinkGray", "share", "a fault of nothing", "a share above 0"),
    ("LinkSlow", "by", "a fault of nothing", "a time above 0"),
    ("ResolverFails", "share", "a fault of nothing", "a share above 0"),
    ("CertChain", "share", "a fault of nothing", "a share above 0"),
    ("LeapSecond", "share", "a fault of nothing", "a share above 0"),
    ("ClockStep", "ms", "a fault of nothing", "milliseconds, negative for backwards"),
    ("ClockDrift", "ppm", "a fault of nothing", "parts per million, negative for slow"),
    ("EdgeRule", "share", "a fault of nothing", "a share above 0"),
    ("Business", "per_user_minute", "an outage that costs nothing", "money above 0, or leave it out"),
    ("Tires", "per_hour", "nobody ever tires", "a share above 0, or leave it out"),
    ("Tires", "most", "nobody ever tires", "leave it out for twice as long"),
    ("Setback", "fails", "an action that never fails", "a share above 0"),
    ("TenantErrors", "share", "a fault of nothing", "a share above 0"),
    ("TenantLimit", "rate", "nobody of the tenant is let in", "a rate above 0, or `TenantErrors`"),
    ("VendorOutage", "share", "a fault of nothing", "a share above 0"),
    ("ShortTtl", "share", "a fault of nothing", "a share above 0"),
    ("Descheduled", "share", "a fault of nothing", "a share above 0"),
    ("DescriptorLeak", "share", "a fault of nothing", "a share above 0"),
    ("BadRedirect", "share", "a defect of nothing", "a share above 0"),
    ("Quota", "rate", "nobody is let in", "a rate above 0, or `Errors` for a service that answers nobody"),
    ("Limit", "rate", "nobody is let through", "a rate above 0, or `Block`"),
    ("Runaway", "cores", "a fault of nothing", "cores above 0"),
    ("PoolLeak", "rate", "a fault of nothing", "a rate above 0"),
    ("RowsWrong", "rate", "a fault of nothing", "a rate above 0"),
    ("RowsDeleted", "rate", "a fault of nothing", "a rate above 0"),
    ("XidBurn", "rate", "a fault of nothing", "a rate above 0"),
];

/// Whether a value is a number that is nothing.
fn is_zero(v: &Value) -> bool {
    match &v.what {
        What::Int(n) => *n == 0,
        What::Amount(n) => *n == 0,
        What::Span(s) => s.0 == 0,
        What::Ratio(r) => r.is_zero(),
        _ => false,
    }
}

/// Reports every such number at its place.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let mut found = Vec::new();
    walk(root, &mut |v| {
        // A leak has two rates, of which one is enough.
        if v.tag() == "MemoryLeak" && ["per_s", "per_request"].iter().all(|f| v.get(f).is_none_or(is_zero)) {
            let help = "bytes a second or bytes a request above 0";
            found.push((Code::Questionable, v.at.clone(), "a fault of nothing", help));
        }
        for (rows, code) in [(REFUSED, Code::OutOfRange), (DOUBTED, Code::Questionable)] {
            // A rule of an edge has the name of the fault of one; only the fault says which.
            let named = v.tag() != "EdgeRule" || v.get("rule").is_some();
            for (_, field, what, help) in rows.iter().filter(|(tag, ..)| named && *tag == v.tag()) {
                if let Some(zero) = v.get(field).filter(|z| is_zero(z)) {
                    found.push((code, zero.at.clone(), *what, *help));
                }
            }
        }
    });
    for (code, at, what, help) in found {
        reader.report(code, &at, what.to_owned(), "nothing".to_owned(), Some(help.to_owned()));
    }
}
