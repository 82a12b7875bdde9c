//! Benchmarks of the debrief: what the evidence ledger costs a session's seconds, and a log of four hours scored, exported in
//! every form and looked at from any moment. Each comparison is made in one run, in turns.

use std::hint::black_box;
use std::time::{Duration, Instant};
use wheel_of_misfortune::debrief;
use wheel_of_misfortune::host::{Options, Scrub, SessionHost};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::stdx::time::Tick;
use wheel_of_misfortune::storage::package;
use wheel_of_misfortune::view::debrief::DebriefVm;

/// A shipped scenario whose clock runs on for four hours.
fn four_hours() -> Package {
    let mut package = package::bundled().into_iter().find(|p| p.slug.contains("docsrs")).expect("built in");
    let text = package.files.get_mut("scenario.ron").expect("its scenario");
    *text = text.replacen("horizon: \"T+60m\"", "horizon: \"T+240m\"", 1);
    assert!(text.contains("T+240m"), "the scenario states its horizon");
    package
}

/// Panels that a seat has open, those of a full screen; a few come and go.
const PANELS: [&str; 8] = ["pager", "channel", "map", "log web", "graph pages", "graph disk", "graph uptime", "status"];

/// Four hours of somebody who looks, types and tells: a line every half minute, a panel every ten seconds if `looks`.
fn play(looks: bool) -> (SessionHost, Duration) {
    let mut host = SessionHost::start(four_hours(), Options::default()).expect("it starts");
    let lines =
        ["df -h", "tail -n 5 /var/log/web/access.log", "systemctl status web", "curl -sI https://docs.example/serde"];
    let begin = Instant::now();
    for n in 0..1_440_u64 {
        if looks {
            let (open, close) = (PANELS[(n % 8) as usize], PANELS[((n + 4) % 8) as usize]);
            host.line(PRIMARY, &format!(":look {open}")).expect("a panel");
            host.line(PRIMARY, &format!(":unlook {close}")).expect("a panel");
        }
        match n % 30 {
            0 | 15 => drop(host.line(PRIMARY, lines[(n / 15 % 4) as usize])),
            7 => drop(host.line(PRIMARY, "update internal --impact web:page --status investigating --action looking")),
            22 => drop(host.line(PRIMARY, "update status --impact web:page --status investigating --action looking")),
            _ => {}
        }
        host.advance(10).expect("time passes");
    }
    (host, begin.elapsed())
}

/// The fastest of some rounds.
fn best<T>(rounds: u32, mut f: impl FnMut() -> T) -> Duration {
    let once = |f: &mut dyn FnMut() -> T| {
        let begin = Instant::now();
        black_box(f());
        begin.elapsed()
    };
    (0..rounds).map(|_| once(&mut f)).min().unwrap_or_default()
}

fn main() {
    // What a test run of all targets asks for is that it builds.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let (mut with, mut without) = (Duration::MAX, Duration::MAX);
    let mut kept = None;
    for _ in 0..3 {
        without = without.min(play(false).1);
        let (host, took) = play(true);
        with = with.min(took);
        kept = Some(host);
    }
    let Some(mut host) = kept else { return };
    let facts = host.session().facts().len();
    println!(
        "ledger: 4 h without looks {without:.2?}, with {with:.2?}, ratio {:.3}; {:.2} µs a look",
        with.as_secs_f64() / without.as_secs_f64(),
        (with.as_secs_f64() - without.as_secs_f64()).max(0.0) * 1e6 / 2_880.0,
    );
    println!("conclude: {:.2?} for {facts} facts", best(1, || host.conclude().expect("it ends")));
    let session = host.session();
    let (scenario, header) = (&session.scenario, &session.header);
    let build = || debrief::against_par(host.package(), scenario, header, session.facts()).expect("a par");
    println!("score and debrief: {:.2?}", best(3, build));
    let d = build();
    println!("pages of the debrief: {:.2?}", best(3, || DebriefVm::of(&d)));
    let mut all = Duration::ZERO;
    for lang in Lang::ALL {
        let locale = Locale::new(lang);
        let forms: [(&str, &dyn Fn() -> usize); 7] = [
            ("postmortem md", &|| postmortem::markdown(&postmortem::postmortem(&d, scenario, &locale)).len()),
            ("postmortem html", &|| postmortem::html(&postmortem::postmortem(&d, scenario, &locale)).len()),
            ("after-action md", &|| postmortem::markdown(&postmortem::after_action(&d, scenario, &locale)).len()),
            ("after-action html", &|| postmortem::html(&postmortem::after_action(&d, scenario, &locale)).len()),
            ("json", &|| postmortem::json(&d, header, &locale).to_string().len()),
            ("timeline csv", &|| postmortem::timeline(&d, &locale).len()),
            ("msel csv", &|| postmortem::msel(scenario, session.facts(), &locale).len()),
        ];
        for (name, form) in forms {
            let took = best(3, form);
            all += took;
            println!("export {name} {}: {took:.2?}, {} bytes", lang.tag(), form());
        }
    }
    println!("export, all forms and languages: {all:.2?}");
    let (mut scrub, mut maker) = Scrub::new(header.clone(), scenario.clone(), host.items());
    println!(
        "every moment made ready: {:.2?}",
        best(1, || {
            while let Some(checkpoint) = maker.step() {
                scrub.add(checkpoint);
            }
        })
    );
    let end = scrub.end().0;
    let mut times: Vec<Duration> = Vec::new();
    for n in 0..200_u64 {
        // Far apart and in no order, so that nothing is at hand already.
        let at = Tick(n.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17) % end);
        times.push(best(1, || scrub.at(at).project(PRIMARY)));
    }
    times.sort_unstable();
    println!("scrub to any moment: median {:.2?}, worst {:.2?}", times[times.len() / 2], times[times.len() - 1]);
}
