//! timedatectl and chronyc: what a machine believes the time is, and setting it right.

use crate::console::tool::network::{tool, usage};
use crate::console::tool::{Ctx, Decl, Step};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Effect, NetEffect};
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[
    tool(
        "timedatectl",
        "[status] | set-ntp true|false | set-timezone +HH:MM",
        "show or change this host's clock settings",
        &["set-ntp", "set-timezone", "status"],
        &[("timedatectl | grep NTP", "              NTP service: active\n")],
        timedatectl,
    ),
    tool(
        "chronyc",
        "tracking | sources | makestep",
        "look at this host's clock, or step it",
        &["makestep", "sources", "tracking"],
        &[("chronyc tracking | grep Leap", "Leap status     : Normal\n")],
        chronyc,
    ),
];

/// `+01:00` as minutes.
fn minutes(text: &str) -> Option<i32> {
    if text == "UTC" {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (h, m) = rest.split_once(':')?;
    let (h, m): (i32, i32) = (h.parse().ok()?, m.parse().ok()?);
    ((0..=14).contains(&h) && (0..60).contains(&m)).then_some(sign * (h * 60 + m))
}

fn timedatectl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let host = c.on();
    match (a.at(0), a.at(1)) {
        (None | Some("status"), None) => {
            let now = c.host.utc();
            let clock = c
                .host
                .network()
                .and_then(|n| n.clock(&host))
                .cloned()
                .unwrap_or_else(crate::sim::net::clock::Clock::right);
            let shows = clock.shows(now);
            let local = shows.plus(i64::from(clock.zone_min) * 60);
            let zone = format!(
                "{}{:02}{:02}",
                if clock.zone_min < 0 { '-' } else { '+' },
                clock.zone_min.abs() / 60,
                clock.zone_min.abs() % 60
            );
            let day = |u: Utc| format!("{} {}", u.day_name(), u.iso().replace('T', " ").trim_end_matches('Z'));
            let synced = if clock.ntp && clock.offset_us.abs() < 100_000.0 { "yes" } else { "no" };
            c.see(ObservedKind::Host, format!("clock:{host}"), None);
            let short = if clock.zone_min == 0 { "UTC".to_owned() } else { zone.get(..3).unwrap_or(&zone).to_owned() };
            let place = if clock.zone_min == 0 { "Etc/UTC" } else { "localtime" };
            c.line(&format!("               Local time: {} {short}", day(local)));
            c.line(&format!("           Universal time: {} UTC", day(shows)));
            c.line(&format!("                 RTC time: {}", day(shows)));
            c.line(&format!("                Time zone: {place} ({short}, {zone})"));
            c.line(&format!("System clock synchronized: {synced}"));
            c.line(&format!("              NTP service: {}", if clock.ntp { "active" } else { "inactive" }));
            c.line("          RTC in local TZ: no");
            Step::Exit(0)
        }
        (Some("set-ntp"), Some(word)) if matches!(word, "true" | "false" | "yes" | "no") => {
            change_silent(c, NetEffect::ClockNtp { host, on: matches!(word, "true" | "yes") }, "set")
        }
        (Some("set-timezone"), Some(zone)) => match minutes(zone) {
            Some(zone_min) => change_silent(c, NetEffect::ClockZone { host, zone_min }, "set"),
            None => {
                c.p.err.push_str(&format!("Failed to set time zone: Invalid time zone '{zone}'\n"));
                Step::Exit(1)
            }
        },
        _ => usage(c),
    }
}

/// A change of which a real tool says nothing when it worked.
fn change_silent(c: &mut Ctx<'_>, effect: NetEffect, verb: &str) -> Step {
    let target = effect.component().to_owned();
    match c.apply(&Effect::Net(effect), verb, &target) {
        Ok(_) => Step::Exit(0),
        Err(why) => {
            c.p.err.push_str(&format!("{why}\n"));
            Step::Exit(1)
        }
    }
}

fn chronyc(c: &mut Ctx<'_>) -> Step {
    let host = c.on();
    match c.args.at(0) {
        Some("tracking") => {
            let clock = c
                .host
                .network()
                .and_then(|n| n.clock(&host))
                .cloned()
                .unwrap_or_else(crate::sim::net::clock::Clock::right);
            c.see(ObservedKind::Host, format!("clock:{host}"), None);
            if !clock.ntp {
                c.p.err.push_str("506 Cannot talk to daemon\n");
                return Step::Exit(1);
            }
            let s = clock.offset_us.abs() / 1e6;
            let side = if clock.offset_us >= 0.0 { "fast" } else { "slow" };
            c.line("Reference ID    : C0000235 (ntp1.example)\nStratum         : 3");
            c.line(&format!("System time     : {s:.9} seconds {side} of NTP time"));
            c.line(&format!("Last offset     : {:+.9} seconds", clock.offset_us / 1e6));
            c.line(&format!("Leap status     : {}", if clock.leap.is_some() { "Insert second" } else { "Normal" }));
            Step::Exit(0)
        }
        Some("sources") => {
            let clock = c.host.network().and_then(|n| n.clock(&host)).cloned();
            let clock = clock.unwrap_or_else(crate::sim::net::clock::Clock::right);
            c.see(ObservedKind::Host, format!("clock:{host}"), None);
            if !clock.ntp {
                c.p.err.push_str("506 Cannot talk to daemon\n");
                return Step::Exit(1);
            }
            c.line("MS Name/IP address         Stratum Poll Reach LastRx Last sample");
            c.line("===============================================================================");
            let scaled = |us: f64| match us.abs() {
                n if n < 1_000.0 => format!("{us:+5.0}us"),
                n if n < 1_000_000.0 => format!("{:+5.0}ms", us / 1_000.0),
                _ => format!("{:+5.0}s ", us / 1_000_000.0),
            };
            let off = scaled(clock.offset_us);
            c.line(&format!("^* ntp1.example                  2   6   377    37  {off}[{off}] +/-  421us"));
            Step::Exit(0)
        }
        Some("makestep") => match c.apply(&Effect::Net(NetEffect::ClockStep { host: host.clone() }), "step", &host) {
            Ok(_) => {
                c.line("200 OK");
                Step::Exit(0)
            }
            Err(why) => {
                c.p.err
                    .push_str(&format!("{}\n", if why == "Permission denied" { "501 Not authorised" } else { &why }));
                Step::Exit(1)
            }
        },
        _ => usage(c),
    }
}
