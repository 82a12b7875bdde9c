//! Four hours of an incident that nobody mends for the first one: memory, a frame's projection with boards open, any moment again.
//!
//! `cargo bench --no-default-features --bench session`. The memory is the peak of the whole process up to the end of the session.

use std::hint::black_box;
use std::time::{Duration, Instant};
use wheel_of_misfortune::debrief;
use wheel_of_misfortune::host::{Options, Scrub, SessionHost};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::stdx::time::Tick;
use wheel_of_misfortune::storage::package;

const HOURS: u64 = 4;

/// What a responder looks at and does, one line a minute, over and over.
const LINES: [&str; 8] = [
    "df -h",
    "systemctl status web",
    "logs web -n 40",
    "journalctl -u builder -n 20 --no-pager",
    "curl -sI https://docs.example/serde",
    "promql 'sum by (service) (rate(http_requests_total[5m]))'",
    "du -sh /srv/docs/builder/*",
    "status",
];

/// Peak resident memory of this process in megabytes.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}

fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1e3
}

/// The fastest of a few: the machine has other work to do.
fn fastest(mut f: impl FnMut()) -> Duration {
    let once = |f: &mut dyn FnMut()| {
        let begin = Instant::now();
        f();
        begin.elapsed()
    };
    (0..9).map(|_| once(&mut f)).min().unwrap_or_default()
}

fn main() {
    if std::env::args().any(|a| a == "--list" || a == "--test") {
        return;
    }
    let mut package = package::bundled().into_iter().find(|p| p.slug.contains("docsrs")).expect("it is bundled");
    let text = package.files["scenario.ron"].replace("horizon: \"T+60m\"", "horizon: \"T+240m\"");
    package.files.insert("scenario.ron".to_owned(), text);
    let begin = Instant::now();
    let mut host = SessionHost::start(package.clone(), Options::default()).expect("it starts");
    let mut scripted: Vec<&str> = package.files["better.wom"].lines().collect();
    scripted.retain(|l| !l.starts_with("expect") && !l.contains(":end"));
    for minute in 0..HOURS * 60 {
        let line = LINES[minute as usize % LINES.len()];
        let _ = host.line(PRIMARY, line);
        if minute == 60 {
            for l in ["sudo rm -r /srv/docs/builder/output", "sudo systemctl restart web"] {
                let _ = host.line(PRIMARY, l);
            }
        }
        host.advance(60).expect("no journal");
    }
    let lived = begin.elapsed();
    println!(
        "4 h of docs.rs, a line a minute, with every digest: {:.1} s, peak {:.0} MB",
        lived.as_secs_f64(),
        peak_mb()
    );
    let kept = host.session().telemetry().log_kept();
    let samples = host.session().telemetry().store().sample_count();
    println!(
        "  {samples} samples, {} log lines in {} records, {} facts",
        kept.lines,
        kept.records,
        host.session().facts().len()
    );

    println!("a projection, no board open: {:.2} ms", ms(fastest(|| drop(black_box(host.projection(PRIMARY))))));
    for board in ["look board web", "look board web-01", "look promql 4h sum by (code) (rate(http_requests_total[5m]))"]
    {
        if let Err(e) = host.line(PRIMARY, board) {
            println!("{board}: {e:?}");
        }
    }
    host.advance(1).expect("no journal");
    let charts = host.projection(PRIMARY).explore.charts.len();
    println!("a projection, {charts} charts open: {:.2} ms", ms(fastest(|| drop(black_box(host.projection(PRIMARY))))));

    let begin = Instant::now();
    let _ = host.line(PRIMARY, ":end");
    host.conclude().expect("no journal");
    println!("conclude (impact curves): {:.2} s", begin.elapsed().as_secs_f64());
    let session = host.session();
    let begin = Instant::now();
    let debrief = debrief::against_par(&package, &session.scenario, &session.header, session.facts()).expect("par");
    let locale = Locale::new(Lang::En);
    let document = postmortem::postmortem(&debrief, &session.scenario, &locale);
    let all = [
        postmortem::markdown(&document).len(),
        postmortem::html(&document).len(),
        format!("{:#}", postmortem::json(&debrief, &session.header, &locale)).len(),
        postmortem::timeline(&debrief, &locale).len(),
        session.telemetry().openmetrics(0).len(),
    ];
    println!("score, debrief and every export: {:.2} s, {all:?} bytes", begin.elapsed().as_secs_f64());

    let begin = Instant::now();
    let (mut scrub, mut maker) = Scrub::new(session.header.clone(), session.scenario.clone(), host.items());
    while let Some(checkpoint) = maker.step() {
        scrub.add(checkpoint);
    }
    println!("checkpoints: {:.1} s, peak {:.0} MB", begin.elapsed().as_secs_f64(), peak_mb());
    let end = scrub.end().0;
    let jumps: Vec<f64> = (0..200u64)
        .map(|n| {
            let begin = Instant::now();
            black_box(scrub.at(Tick(n.wrapping_mul(7_919_123) % end)).tick());
            ms(begin.elapsed())
        })
        .collect();
    let (sum, most) = (jumps.iter().sum::<f64>(), jumps.iter().copied().fold(0.0, f64::max));
    println!("any moment: mean {:.1} ms, longest {most:.1} ms", sum / jumps.len() as f64);
}
