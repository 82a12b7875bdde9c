//! cert, secret, dns, edge, link, site, break-glass: the network as its keepers see and mend it.

use crate::console::host::NameKind;
use crate::console::tool::job::{begin_job, wait_job};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Applied, Effect, NetEffect};
use crate::sim::net::NetState;
use crate::stdx::time::Utc;

pub(super) const fn tool(
    name: &'static str,
    synopsis: &'static str,
    about: &'static str,
    subs: &'static [&'static str],
    examples: &'static [(&'static str, &'static str)],
    step: fn(&mut Ctx<'_>) -> Step,
) -> Decl {
    Decl {
        name,
        synopsis,
        about,
        opts: &[],
        subs,
        operand: Operand::Free,
        style: Style::Plain,
        examples,
        step,
        ..Decl::BLANK
    }
}

pub(crate) const TOOLS: &[Decl] = &[
    tool(
        "cert",
        "list | show NAME | renew NAME | reload NAME [SERVICE] | trust NAME [SERVICE]",
        "look at certificates, renew them, have them loaded, and hand them to those that keep a copy",
        &["list", "reload", "renew", "show", "trust"],
        &[("cert list", "NAME            EXPIRES                  LEFT    ISSUER\n")],
        cert,
    ),
    tool(
        "secret",
        "list | reload NAME [SERVICE] | rollback NAME",
        "look at who holds which version of a credential, have it loaded, take a rotation back",
        &["list", "reload", "rollback"],
        &[("secret list", "NAME            CHECKED  HOLDER        HOST          HELD\n")],
        secret,
    ),
    Decl {
        opts: &[value("", "ttl", "SECONDS", "time to live (set)")],
        ..tool(
            "dns",
            "list | show NAME | set NAME TARGET... [--ttl SECONDS] | rollback NAME | planner on|off | use RESOLVER OTHER | flush RESOLVER",
            "look at the zones and resolvers, and change them",
            &["flush", "list", "planner", "rollback", "set", "show", "use"],
            &[("dns list", "NAME                          TTL  TARGETS\n")],
            dns,
        )
    },
    tool(
        "edge",
        "rules list|diff|history | rules on|off|rollback EDGE:RULE | purge EDGE",
        "look at the rules of the edge, compare them with their history, change them, and empty its cache",
        &["purge", "rules"],
        &[("edge rules diff", "live against history:\n")],
        edge,
    ),
    tool(
        "link",
        "list | block NAME | unblock NAME | reset NAME",
        "look at links, block one, or reset its device",
        &["block", "list", "reset", "unblock"],
        &[("link list", "NAME          FROM          TO            STATE     LOSS    RTT       OFFERED   CAPACITY\n")],
        link,
    ),
    tool(
        "site",
        "list | drain NAME | undrain NAME | announce NAME",
        "look at sites, take one out of service, announce its routes again",
        &["announce", "drain", "list", "undrain"],
        &[("site list", "NAME          STATE        MEMBERS\n")],
        site,
    ),
    Decl {
        operand: Operand::Name(NameKind::Service),
        ..tool(
            "break-glass",
            "TOOL",
            "get at a tool that is out of reach, the slow way",
            &[],
            &[("break-glass", "usage: break-glass TOOL\n")],
            break_glass,
        )
    },
];

pub(super) fn usage(c: &mut Ctx<'_>) -> Step {
    let synopsis = super::find(&c.tool.name).map_or("", |d| d.synopsis);
    c.p.err.push_str(&format!("usage: {} {synopsis}\n", c.tool.name));
    Step::Exit(2)
}

/// Prints a table that the network gives, or says that there is none.
fn table(c: &mut Ctx<'_>, head: &str, rows: impl Fn(&NetState, Utc) -> Vec<(String, String)>) -> Step {
    let now = c.host.utc();
    let rows = c.host.network().map(|n| rows(n, now)).unwrap_or_default();
    c.line(head);
    for (target, row) in rows {
        c.see(ObservedKind::Status, target, None);
        c.line(row.trim_end());
    }
    Step::Exit(0)
}

/// Asks for a change and prints what came of it.
fn change(c: &mut Ctx<'_>, effect: NetEffect, verb: &str, done: &str) -> Step {
    let target = effect.component().to_owned();
    match c.apply(&Effect::Net(effect), verb, &target) {
        Ok(Applied::Now) => {
            c.line(done);
            Step::Exit(0)
        }
        Ok(Applied::Job { job, seconds }) => {
            let line = format!("{target}: {verb}: job {job}, about {seconds}s");
            begin_job(c, job, &format!("{target}: {verb}"), &line)
        }
        Err(why) => {
            c.error(&why);
            Step::Exit(1)
        }
    }
}

/// `2024-01-01 01:00:00 UTC`.
fn stamp(at: Utc) -> String {
    at.iso().replace('T', " ").replace('Z', " UTC")
}

/// Seconds in the largest unit that fits: `88d`, `3h`, `12m`, `40s`.
fn span(s: i64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let fits = units.iter().find(|(n, _)| s >= *n);
    fits.map_or_else(|| format!("{s}s"), |(n, unit)| format!("{}{unit}", s / n))
}

fn cert(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    let service = a.at(2).map(str::to_owned);
    match (a.at(0), a.at(1).map(str::to_owned)) {
        (Some("list"), None) => table(c, "NAME            EXPIRES                  LEFT    ISSUER", |n, now| {
            let row = |(name, cert): (&str, &crate::sim::net::trust::Cert)| {
                let left = cert.stored.until.0 - now.0;
                let left = if left <= 0 { "EXPIRED".to_owned() } else { span(left) };
                let issuer = n.spec().certs.get(name).map_or("", |s| s.issuer.as_str());
                (format!("cert:{name}"), format!("{name:<15} {}  {left:<7} {issuer}", stamp(cert.stored.until)))
            };
            n.certs().map(row).collect()
        }),
        (Some("show"), Some(name)) => {
            let shown = c.host.network().and_then(|n| {
                let (cert, spec) = (n.cert(&name)?, n.spec().certs.get(&name)?);
                let mut text = format!("{name}: {}\nissuer: {}\non disk: ", spec.names.join(", "), spec.issuer);
                let validity = |i: &crate::sim::net::trust::Issue| {
                    format!("serial {:04x}, {} to {}", i.serial, stamp(i.from), stamp(i.until))
                };
                text.push_str(&format!("{}\n", validity(&cert.stored)));
                for l in &cert.loaded {
                    let host = l.host.map_or("-", |h| n.host_name(h));
                    text.push_str(&format!(
                        "loaded: {:<12} {host:<12} {}\n",
                        n.service_name(l.service),
                        validity(&l.uses)
                    ));
                }
                for (who, serial) in spec.pinned_by.iter().zip(&cert.pinned) {
                    text.push_str(&format!("trusted by {who}: serial {serial:04x}\n"));
                }
                Some(text)
            });
            match shown {
                Some(text) => {
                    c.see(ObservedKind::Status, format!("cert:{name}"), None);
                    c.print(&text);
                    Step::Exit(0)
                }
                None => {
                    c.error(&format!("certificate {name} not found"));
                    Step::Exit(1)
                }
            }
        }
        (Some("renew"), Some(cert)) => {
            let done = format!("{cert}: renewed on disk");
            change(c, NetEffect::CertRenew { cert }, "renew", &done)
        }
        (Some("reload"), Some(cert)) => {
            let done = format!("{cert}: reload sent");
            change(c, NetEffect::CertReload { cert, service }, "reload", &done)
        }
        (Some("trust"), Some(cert)) => {
            let done = format!("{cert}: handed to {}", service.as_deref().unwrap_or("all that keep a copy"));
            change(c, NetEffect::CertTrust { cert, service }, "trust", &done)
        }
        _ => usage(c),
    }
}

fn secret(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let service = a.at(2).map(str::to_owned);
    match (a.at(0), a.at(1).map(str::to_owned)) {
        (Some("list"), None) => table(c, "NAME            CHECKED  HOLDER        HOST          HELD", |n, _| {
            let mut rows = Vec::new();
            for (name, s) in n.secrets() {
                for h in &s.held {
                    let host = h.host.map_or("-", |h| n.host_name(h));
                    let old = if h.uses == s.version { "" } else { "  stale" };
                    let row = format!(
                        "{name:<15} v{:<7} {:<13} {host:<13} v{}{old}",
                        s.version,
                        n.service_name(h.service),
                        h.uses
                    );
                    rows.push((format!("secret:{name}"), row));
                }
            }
            rows
        }),
        (Some("reload"), Some(secret)) => {
            let done = format!("{secret}: reload sent to {}", service.as_deref().unwrap_or("all holders"));
            change(c, NetEffect::SecretReload { secret, service }, "reload", &done)
        }
        (Some("rollback"), Some(secret)) => {
            let done = format!("{secret}: the version before is checked again");
            change(c, NetEffect::SecretRollback { secret }, "revert", &done)
        }
        _ => usage(c),
    }
}

fn dns(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let text = |i: usize| a.at(i).map(str::to_owned);
    match (a.at(0), text(1), text(2)) {
        (Some("list"), None, _) => table(c, "NAME                          TTL  TARGETS", |n, _| {
            let mut rows: Vec<(String, String)> = Vec::new();
            for r in n.records() {
                let Some(now) = r.answers.last() else { continue };
                let to = if now.to.is_empty() { "(no records)".to_owned() } else { now.to.join(", ") };
                rows.push((format!("dns:{}", r.name), format!("{:<27} {:>5}  {to}", r.name, now.ttl)));
            }
            rows.push((
                "dns:planner".into(),
                format!("planner: {}", if n.planner_runs() { "running" } else { "stopped" }),
            ));
            for (name, r) in n.resolvers() {
                let row = format!("resolver {name}: {:.0} queries/s, {:.1}% failed", r.queries, r.failing * 100.0);
                rows.push((format!("resolver:{name}"), row));
            }
            rows
        }),
        (Some("show"), Some(name), None) => table(c, "SINCE                    BY             TTL  TARGETS", |n, _| {
            let answers = n.record(&name).map(|r| r.answers.as_slice()).unwrap_or_default();
            let row = |x: &crate::sim::net::dns::Answer| {
                let since = if x.since == 0 { "-".to_owned() } else { stamp(Utc(x.since as i64)) };
                let to = if x.to.is_empty() { "(no records)".to_owned() } else { x.to.join(", ") };
                (format!("dns:{name}"), format!("{since:<24} {:<12} {:>5}  {to}", x.by, x.ttl))
            };
            answers.iter().map(row).collect()
        }),
        (Some("set"), Some(name), Some(_)) => {
            let to = a.rest.get(2..).unwrap_or_default().to_vec();
            let ttl = a.get("ttl").and_then(|t| t.parse().ok());
            let done = format!("{name}: set to {}; caches keep what they have until it runs out", to.join(", "));
            change(c, NetEffect::RecordSet { name, to, ttl }, "set", &done)
        }
        (Some("rollback"), Some(name), None) => {
            let done = format!("{name}: rolled back; caches keep what they have until it runs out");
            change(c, NetEffect::RecordRollback { name }, "revert", &done)
        }
        (Some("planner"), Some(word), None) if word == "on" || word == "off" => {
            let run = word == "on";
            let (verb, done) = if run { ("enable", "planner: running") } else { ("disable", "planner: stopped") };
            change(c, NetEffect::Planner { run }, verb, done)
        }
        (Some("use"), Some(resolver), Some(instead)) => {
            let done = format!("those who asked {resolver} ask {instead} now");
            change(c, NetEffect::ResolverUse { resolver, instead }, "repoint", &done)
        }
        (Some("flush"), Some(whose), None) => {
            let done = format!("{whose}: caches emptied");
            change(c, NetEffect::Flush { whose, name: None }, "flush", &done)
        }
        _ => usage(c),
    }
}

fn edge(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.at(1), a.at(2).map(str::to_owned)) {
        (Some("rules"), Some("list"), None) => table(
            c,
            "RULE                  PATH            NOW               CHANGED                  BY             TURNED",
            |n, _| {
                let mut rows = Vec::new();
                for (edge, spec, e) in n.edges() {
                    for (i, (id, rule)) in spec.rules.iter().enumerate() {
                        let Some((live, (at, by))) = e.live.get(i).zip(e.touched.get(i)) else { continue };
                        let reached = e
                            .pushes
                            .iter()
                            .find(|p| p.rule == i)
                            .map_or(String::new(), |p| format!(" ({:.0}% of the edge)", p.reached * 100.0));
                        let turned = e.turned.get(i).copied().unwrap_or(0.0);
                        let row = format!(
                            "{:<21} {:<15} {:<17} {}  {by:<14} {turned:.1}/s{reached}",
                            format!("{edge}:{id}"),
                            rule.path,
                            live.words(),
                            stamp(*at)
                        );
                        rows.push((format!("edge:{edge}:{id}"), row));
                    }
                }
                rows
            },
        ),
        (Some("rules"), Some("history"), None) => {
            table(c, "WHEN                     BY             RULE                  TO", |n, _| {
                let mut rows = Vec::new();
                for (edge, spec, e) in n.edges() {
                    for h in &e.history {
                        let id = spec.rules.keys().nth(h.rule).map_or("", String::as_str);
                        let row =
                            format!("{}  {:<14} {:<21} {}", stamp(h.at), h.by, format!("{edge}:{id}"), h.to.words());
                        rows.push((format!("edge:{edge}:{id}"), row));
                    }
                }
                rows
            })
        }
        (Some("rules"), Some("diff"), None) => table(c, "live against history:", |n, _| {
            let mut rows = Vec::new();
            for (edge, spec, e) in n.edges() {
                for i in e.drifted() {
                    let id = spec.rules.keys().nth(i).map_or("", String::as_str);
                    let (Some(live), Some(was)) = (e.live.get(i), e.declared.get(i)) else { continue };
                    let row = format!(
                        "~ {edge}:{id}\n-   {} ({:.0}% of requests)\n+   {} ({:.0}% of requests)",
                        was.words(),
                        was.share * 100.0,
                        live.words(),
                        live.share * 100.0
                    );
                    rows.push((format!("edge:{edge}:{id}"), row));
                }
            }
            if rows.is_empty() {
                rows.push(("edge".to_owned(), "no differences".to_owned()));
            }
            rows
        }),
        (Some("rules"), Some(word @ ("on" | "off")), Some(rule)) => {
            let on = word == "on";
            let done = format!("{rule}: {word}");
            change(c, NetEffect::RuleSet { rule, on }, if on { "enable" } else { "disable" }, &done)
        }
        (Some("rules"), Some("rollback"), Some(rule)) => {
            let done = format!("{rule}: rolled back");
            change(c, NetEffect::RuleRollback { rule }, "revert", &done)
        }
        (Some("purge"), Some(edge), None) => {
            let done = format!("{edge}: cache emptied");
            change(c, NetEffect::Purge { edge: edge.to_owned() }, "purge", &done)
        }
        _ => usage(c),
    }
}

fn link(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    match (a.at(0), a.at(1).map(str::to_owned)) {
        (Some("list"), None) => table(
            c,
            "NAME          FROM          TO            STATE     LOSS    RTT       OFFERED   CAPACITY",
            |n, _| {
                let row = |(name, l): (&str, &crate::sim::net::Link)| {
                    let spec = n.spec().links.get(name);
                    let (from, to) = spec.map_or(("", ""), |s| (s.from.as_str(), s.to.as_str()));
                    let state = match l.down {
                        _ if l.blocked => "blocked",
                        [f, r] if f >= 1.0 && r >= 1.0 => "down",
                        [f, r] if f >= 1.0 || r >= 1.0 => "one-way",
                        [f, r] if f > 0.0 || r > 0.0 => "impaired",
                        _ => "up",
                    };
                    let capacity = if l.capacity.is_finite() { format!("{:.0}/s", l.capacity) } else { "-".to_owned() };
                    let offered = if l.capacity.is_finite() { format!("{:.0}/s", l.offered) } else { "-".to_owned() };
                    let loss = 100.0 * (1.0 - (1.0 - l.loss) * (1.0 - l.gray));
                    let row = format!(
                        "{name:<13} {from:<13} {to:<13} {state:<9} {loss:>5.1}%  {:>6.1}ms  {offered:<9} {capacity}",
                        l.latency_s * 1000.0
                    );
                    (format!("link:{name}"), row)
                };
                n.links().map(row).collect()
            },
        ),
        (Some(word @ ("block" | "unblock")), Some(link)) => {
            let done = format!("{link}: {word}ed");
            change(c, NetEffect::LinkBlock { link, block: word == "block" }, word, &done)
        }
        (Some("reset"), Some(link)) => {
            let done = format!("{link}: reset");
            change(c, NetEffect::LinkRepair { link }, "reset", &done)
        }
        _ => usage(c),
    }
}

fn site(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    match (a.at(0), a.at(1).map(str::to_owned)) {
        (Some("list"), None) => table(c, "NAME          STATE        MEMBERS", |n, _| {
            let row = |(name, s): (&String, &crate::scenario::SiteSpec)| {
                let state = if n.is_drained(name) { "drained" } else { "in service" };
                (format!("site:{name}"), format!("{name:<13} {state:<12} {}", s.members.join(", ")))
            };
            n.spec().sites.iter().map(row).collect()
        }),
        (Some(word @ ("drain" | "undrain")), Some(site)) => {
            let done = format!("{site}: {word}ed");
            change(c, NetEffect::Drain { site, drain: word == "drain" }, word, &done)
        }
        (Some("announce"), Some(site)) => {
            let done = format!("{site}: announced");
            change(c, NetEffect::Announce { site }, "announce", &done)
        }
        _ => usage(c),
    }
}

fn break_glass(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    match c.args.at(0).map(str::to_owned) {
        Some(tool) => {
            let done = format!("{tool}: break-glass path open");
            change(c, NetEffect::BreakGlass { tool }, "break_glass", &done)
        }
        None => usage(c),
    }
}
