//! sar, mpstat, pidstat: what a machine did, from the recorded metrics, and does, second by second.

use crate::console::host::{ANSWER_BYTES, Answer, PACKET_BYTES, REQUEST_BYTES};
use crate::console::tool::journal::moment;
use crate::console::tool::machine::{KERNEL_PART, banner, cpu, every, rows};
use crate::console::tool::{Ctx, Decl, Step, flag, value};
use crate::scenario::ObservedKind;
use crate::stdx::time::Utc;

/// Seconds between the samples that `sar` remembers.
const SAMPLE_S: u64 = 60;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "sar",
        synopsis: "[-u] [-r] [-q] [-d] [-n DEV] [-s TIME] [-e TIME] [INTERVAL [COUNT]]",
        about: "report what the machine did, a line a minute, or what it does, each INTERVAL",
        opts: &[
            flag("u", "", "processor time (the default)"),
            flag("r", "", "memory"),
            flag("q", "", "load"),
            flag("d", "", "disks"),
            value("n", "", "DEV", "network interfaces"),
            value("s", "", "TIME", "from this time on: `12:10` or `12:10:00`"),
            value("e", "", "TIME", "up to this time"),
        ],
        missing: &["History before the metrics begin.", "Disks and networks of the past are worked out from metrics."],
        examples: &[(
            "sar -q 1 1",
            "Linux 6.1.0-10-amd64 (ops) \t07/20/23 \t_x86_64_\t(4 CPU)\n\n12:18:00      runq-sz  plist-sz   ldavg-1   ldavg-5  ldavg-15   blocked\n12:18:01            1         4      0.42      0.38      0.31         0\nAverage:            1         4      0.42      0.38      0.31         0\n",
        )],
        step: sar,
        ..Decl::BLANK
    },
    Decl {
        name: "mpstat",
        synopsis: "[-P ALL] [INTERVAL [COUNT]]",
        about: "report processor time, of each core too",
        opts: &[value("P", "", "CPUS", "cores, or ALL")],
        missing: &["The simulated kernel spreads work evenly: all cores show the same."],
        examples: &[(
            "mpstat | tail -n 1",
            "12:18:00     all   20.83    0.00    4.17    0.00    0.00    0.00    0.00    0.00    0.00   75.00\n",
        )],
        step: mpstat,
        ..Decl::BLANK
    },
    Decl {
        name: "pidstat",
        synopsis: "[-r] [-p PID] [INTERVAL [COUNT]]",
        about: "report what processes use",
        opts: &[
            flag("r", "", "memory"),
            flag("u", "", "processor time (the default)"),
            value("p", "", "PID", "one process, or ALL"),
        ],
        examples: &[(
            "pidstat -p 300 | tail -n 1",
            "12:18:00        0       300    0.08    0.02    0.00    0.00    0.10     0  sshd\n",
        )],
        step: pidstat,
        ..Decl::BLANK
    },
];

/// The values of an expression in the window that is asked for, by time in seconds.
fn history(c: &Ctx<'_>, expr: &str, range_s: u64) -> Vec<(i64, f64)> {
    match c.host.query(expr, Some((range_s, SAMPLE_S))) {
        Ok(Answer::Matrix(rows)) => {
            rows.first().map(|r| r.2.iter().map(|(ms, v)| (ms.div_euclid(1_000), *v)).collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// A table: the title of the first column and its values, the other titles, and how many decimals they have.
struct Table {
    key: Option<(&'static str, Vec<String>)>,
    titles: &'static [&'static str],
    /// Widths of the first and the other columns.
    digits: &'static [usize],
}

fn kind(c: &Ctx<'_>) -> &'static str {
    let a = &c.args;
    if a.has("r") {
        "r"
    } else if a.has("q") {
        "q"
    } else if a.has("d") {
        "d"
    } else if a.has("n") {
        "n"
    } else {
        "u"
    }
}

fn table(c: &Ctx<'_>, kind: &str) -> Table {
    match kind {
        "r" => Table {
            key: None,
            titles: &["kbmemfree", "kbavail", "kbmemused", "%memused", "kbbuffers", "kbcached", "kbcommit", "%commit"],
            digits: &[0, 0, 0, 2, 0, 0, 0, 2],
        },
        "q" => Table {
            key: None,
            titles: &["runq-sz", "plist-sz", "ldavg-1", "ldavg-5", "ldavg-15", "blocked"],
            digits: &[0, 0, 2, 2, 2, 0],
        },
        "d" => Table {
            key: Some(("DEV", c.host.disks(&c.p.host).into_iter().map(|d| d.name).collect())),
            titles: &["tps", "rkB/s", "wkB/s", "dkB/s", "areq-sz", "aqu-sz", "await", "%util"],
            digits: &[2; 8],
        },
        "n" => Table {
            key: Some(("IFACE", vec!["lo".to_owned(), "eth0".to_owned()])),
            titles: &["rxpck/s", "txpck/s", "rxkB/s", "txkB/s", "rxcmp/s", "txcmp/s", "rxmcst/s", "%ifutil"],
            digits: &[2; 8],
        },
        _ => Table {
            key: Some(("CPU", vec!["all".to_owned()])),
            titles: &["%user", "%nice", "%system", "%iowait", "%steal", "%idle"],
            digits: &[2; 6],
        },
    }
}

impl Table {
    fn head(&self, at: &str) -> String {
        let mut out = format!("{at:<11}");
        if let Some((k, _)) = &self.key {
            let width = if *k == "CPU" { 8 } else { 10 };
            out.push_str(&format!("{k:>width$}"));
        }
        out.extend(self.titles.iter().map(|t| format!("{t:>10}")));
        out
    }

    fn line(&self, at: &str, key: usize, values: &[f64]) -> String {
        let mut out = format!("{at:<11}");
        if let Some((k, keys)) = &self.key {
            let width = if *k == "CPU" { 8 } else { 10 };
            out.push_str(&format!("{:>width$}", keys.get(key).map_or("", String::as_str)));
        }
        out.extend(values.iter().zip(self.digits).map(|(v, d)| format!("{v:>10.d$}", d = *d)));
        out
    }

    fn rows(&self) -> usize {
        self.key.as_ref().map_or(1, |(_, keys)| keys.len())
    }
}

/// Packets and bytes of so many requests and calls a second.
fn traffic(requests: f64, calls: f64) -> Vec<f64> {
    let rx = requests * REQUEST_BYTES as f64 + calls * ANSWER_BYTES as f64 + 120.0;
    let tx = requests * ANSWER_BYTES as f64 + calls * REQUEST_BYTES as f64 + 120.0;
    let packets = |bytes: f64| bytes / PACKET_BYTES as f64 + 4.0 * (requests + calls) + 1.0;
    vec![packets(rx), packets(tx), rx / 1_024.0, tx / 1_024.0, 0.0, 0.0, 0.0, rx.max(tx) * 8.0 / 1e9 * 100.0]
}

/// What a table shows now, by row.
fn now(c: &Ctx<'_>, kind: &str) -> Vec<Vec<f64>> {
    let on = c.on();
    let m = c.host.machine(&on).unwrap_or_default();
    let memory = c.host.memory(&on);
    match kind {
        "r" => {
            let free = memory.total.saturating_sub(memory.used + memory.cache);
            vec![memory_row(memory.total as f64, (free + memory.cache) as f64)]
        }
        "q" => {
            let [a, b, e] = c.host.load(&on);
            let listed = rows(c).iter().filter(|r| r.tty == "?").map(|r| r.threads).sum::<u64>();
            vec![vec![m.runnable.round(), listed as f64 + 2.0, a, b, e, m.blocked.round()]]
        }
        "d" => c
            .host
            .disks(&on)
            .iter()
            .map(|d| {
                let n = d.write_bytes_s / 16_384.0;
                vec![n, 0.0, d.write_bytes_s / 1_024.0, 0.0, 16.0, n * d.await_ms / 1e3, d.await_ms, d.util * 100.0]
            })
            .collect(),
        "n" => {
            let i = c.host.interface(&on);
            let wide = i.rx_s.0.max(i.tx_s.0) * 8.0 / 1e9 * 100.0;
            vec![vec![0.0; 8], vec![i.rx_s.1, i.tx_s.1, i.rx_s.0 / 1_024.0, i.tx_s.0 / 1_024.0, 0.0, 0.0, 0.0, wide]]
        }
        _ => {
            let x = cpu(&m);
            vec![vec![x.user, 0.0, x.system, x.wait, 0.0, x.idle]]
        }
    }
}

fn memory_row(total: f64, available: f64) -> Vec<f64> {
    let used = total - available;
    let cached = available / 3.0;
    let k = 1_024.0;
    let commit = used * 1.4;
    vec![
        (available - cached) / k,
        available / k,
        used / k,
        used / total.max(1.0) * 100.0,
        cached / 16.0 / k,
        cached / k,
        commit / k,
        commit / total.max(1.0) * 100.0,
    ]
}

/// What a table showed, by time and row, as the metrics remember.
fn past(c: &Ctx<'_>, kind: &str, range_s: u64) -> Vec<(i64, Vec<Vec<f64>>)> {
    let on = c.on();
    let of = |metric: &str| format!("{metric}{{instance=\"{on}\"}}");
    let each = |expr: String, f: &dyn Fn(f64) -> Vec<Vec<f64>>| {
        history(c, &expr, range_s).into_iter().map(|(t, v)| (t, f(v))).collect::<Vec<_>>()
    };
    match kind {
        "r" => {
            let total = c.host.memory(&on).total as f64;
            each(of("node_memory_MemAvailable_bytes"), &|v| vec![memory_row(total, v)])
        }
        "q" => {
            let [five, fifteen] = ["node_load5", "node_load15"].map(|m| history(c, &of(m), range_s));
            let at = |all: &[(i64, f64)], t: i64| all.iter().find(|(x, _)| *x == t).map_or(0.0, |(_, v)| *v);
            let listed = rows(c).iter().filter(|r| r.tty == "?").map(|r| r.threads).sum::<u64>() as f64 + 2.0;
            history(c, &of("node_load1"), range_s)
                .into_iter()
                .map(|(t, v)| (t, vec![vec![v.round(), listed, v, at(&five, t), at(&fifteen, t), 0.0]]))
                .collect()
        }
        "d" => {
            let disks = c.host.disks(&on);
            let mut out: Vec<(i64, Vec<Vec<f64>>)> = Vec::new();
            for d in &disks {
                let points: Vec<&str> = d.parts.iter().map(|p| p.2.as_str()).collect();
                let expr = format!(
                    "sum(clamp_min(-deriv(node_filesystem_avail_bytes{{instance=\"{on}\",mountpoint=~\"{}\"}}[2m]), 0))",
                    points.join("|")
                );
                for (i, (t, v)) in history(c, &expr, range_s).into_iter().enumerate() {
                    let bytes = v + 4_096.0;
                    let n = bytes / 16_384.0;
                    let util = (bytes / 250e6).min(1.0);
                    let row = vec![n, 0.0, bytes / 1_024.0, 0.0, 16.0, n * 0.6e-3, 0.6, util * 100.0];
                    match out.get_mut(i) {
                        Some((_, rows)) => rows.push(row),
                        None => out.push((t, vec![row])),
                    }
                }
            }
            out
        }
        "n" => {
            let mut sum: Vec<(i64, f64)> = Vec::new();
            for t in c.host.traffic(&on) {
                let hosts = c.host.services().iter().find(|s| s.id == t.service).map_or(1, |s| s.hosts.len().max(1));
                let expr = format!("sum(rate(http_requests_total{{service=\"{}\"}}[1m])) / {hosts}", t.service);
                for (i, (at, v)) in history(c, &expr, range_s).into_iter().enumerate() {
                    match sum.get_mut(i) {
                        Some(x) => x.1 += v,
                        None => sum.push((at, v)),
                    }
                }
            }
            sum.into_iter().map(|(t, v)| (t, vec![vec![0.0; 8], traffic(v, 0.0)])).collect()
        }
        _ => {
            let cores = f64::from(c.host.cores(&on).max(1));
            let expr =
                format!("sum(rate(node_cpu_seconds_total{{instance=\"{on}\",mode=\"idle\"}}[1m])) / {cores} * 100");
            each(expr, &|idle| {
                let busy = (100.0 - idle).clamp(0.0, 100.0);
                let system = busy / KERNEL_PART;
                vec![vec![busy - system, 0.0, system, 0.0, 0.0, 100.0 - busy]]
            })
        }
    }
}

fn mean(rows: &[Vec<Vec<f64>>], key: usize) -> Vec<f64> {
    let mine: Vec<&Vec<f64>> = rows.iter().filter_map(|r| r.get(key)).collect();
    let width = mine.first().map_or(0, |r| r.len());
    let sum = |i: usize| mine.iter().filter_map(|r| r.get(i)).sum::<f64>();
    (0..width).map(|i| sum(i) / mine.len().max(1) as f64).collect()
}

fn sar(c: &mut Ctx<'_>) -> Step {
    if c.args.get("n").is_some_and(|d| d != "DEV") {
        c.p.err.push_str("sar: only -n DEV is available in this shell\n");
        return Step::Exit(1);
    }
    let kind = kind(c);
    let (on, service) = (c.on(), c.service());
    if c.args.rest.is_empty() {
        let now_at = c.host.utc();
        let bound = |key: &str| c.args.get(key).and_then(|t| moment(t, now_at));
        let (from, until) = (bound("s"), bound("e"));
        let midnight = now_at.0.rem_euclid(86_400);
        let range = u64::try_from(midnight).unwrap_or(0).clamp(SAMPLE_S, 86_400);
        let table = table(c, kind);
        let head = banner(c);
        c.line(&head);
        let all: Vec<_> = past(c, kind, range)
            .into_iter()
            .filter(|(t, _)| from.is_none_or(|f| *t >= f.0) && until.is_none_or(|u| *t <= u.0))
            .collect();
        let Some((first, _)) = all.first() else {
            c.p.err.push_str("sar: no samples for that time\n");
            return Step::Exit(1);
        };
        c.see(ObservedKind::Host, on, service);
        c.line(&table.head(&Utc(*first).hms()));
        for (t, rows) in all.iter().skip(1) {
            for (key, values) in rows.iter().enumerate() {
                c.line(&table.line(&Utc(*t).hms(), key, values));
            }
        }
        let rows: Vec<Vec<Vec<f64>>> = all.into_iter().map(|(_, r)| r).collect();
        for key in 0..table.rows() {
            c.line(&table.line("Average:", key, &mean(&rows, key)));
        }
        return Step::Exit(0);
    }
    let Some((delay, count)) = every(c, 1) else {
        c.p.err.push_str("Usage: sar [ options ] [ <interval> [ <count> ] ]\n");
        return Step::Exit(1);
    };
    let table = table(c, kind);
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        let (head, at) = (banner(c), c.host.utc().hms());
        c.line(&head);
        c.line(&table.head(&at));
        c.sleep_ms(delay.saturating_mul(1_000));
        return Step::More;
    }
    if c.asleep() {
        return Step::Wait;
    }
    c.see(ObservedKind::Host, on, service);
    let values = now(c, kind);
    let at = c.host.utc().hms();
    for (key, row) in values.iter().enumerate() {
        c.line(&table.line(&at, key, row));
        // What the averages need, one line a sample.
        let text: Vec<String> = row.iter().map(f64::to_string).collect();
        if c.tool.lines.len() < 100_000 {
            c.tool.lines.push(format!("{key} {}", text.join(" ")));
        }
    }
    c.tool.n += 1;
    if c.tool.n < count {
        c.sleep_ms(delay.saturating_mul(1_000));
        return Step::More;
    }
    let kept = c.tool.lines.clone();
    for key in 0..table.rows() {
        let of = |l: &String| -> Option<Vec<f64>> {
            let mut words = l.split(' ');
            (words.next()? == key.to_string()).then(|| words.filter_map(|w| w.parse().ok()).collect())
        };
        let rows: Vec<Vec<Vec<f64>>> = kept.iter().filter_map(of).map(|r| vec![r]).collect();
        c.line(&table.line("Average:", key, &mean(&rows, 0)));
    }
    Step::Exit(0)
}

fn mpstat(c: &mut Ctx<'_>) -> Step {
    let Some((delay, count)) = every(c, 1) else {
        c.p.err.push_str("Usage: mpstat [ options ] [ <interval> [ <count> ] ]\n");
        return Step::Exit(1);
    };
    if c.tool.n >= count {
        return Step::Exit(0);
    }
    if c.asleep() {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    let cores = c.host.cores(&on);
    let chosen: Vec<String> = match c.args.get("P").map(str::to_owned) {
        None => vec!["all".to_owned()],
        Some(t) if t == "ALL" => std::iter::once("all".to_owned()).chain((0..cores).map(|i| i.to_string())).collect(),
        Some(t) => {
            let known = |w: &str| w == "all" || w.parse::<u32>().is_ok_and(|n| n < cores);
            if !t.split(',').all(known) {
                c.p.err.push_str(&format!("mpstat: no such processor: {t}\n"));
                return Step::Exit(1);
            }
            t.split(',').map(str::to_owned).collect()
        }
    };
    c.see(ObservedKind::Host, on.clone(), service);
    let Some(m) = c.host.machine(&on) else { return Step::Exit(1) };
    let x = cpu(&m);
    let at = c.host.utc().hms();
    if c.tool.n == 0 {
        let head = banner(c);
        c.line(&head);
    }
    let titles = ["%usr", "%nice", "%sys", "%iowait", "%irq", "%soft", "%steal", "%guest", "%gnice", "%idle"];
    if c.tool.n == 0 || chosen.len() > 1 {
        if c.tool.n > 0 {
            c.line("");
        }
        let row: String = titles.iter().map(|t| format!("{t:>8}")).collect();
        c.line(&format!("{at:<11}{:>5}{row}", "CPU"));
    }
    let values = [x.user, 0.0, x.system, x.wait, 0.0, 0.0, 0.0, 0.0, 0.0, x.idle];
    for name in chosen {
        let row: String = values.iter().map(|v| format!("{v:>8.2}")).collect();
        c.line(&format!("{at:<11}{name:>5}{row}"));
    }
    c.tool.n += 1;
    if c.tool.n < count {
        c.sleep_ms(delay.saturating_mul(1_000));
    }
    Step::More
}

fn pidstat(c: &mut Ctx<'_>) -> Step {
    let Some((delay, count)) = every(c, 1) else {
        c.p.err.push_str("Usage: pidstat [ options ] [ <interval> [ <count> ] ]\n");
        return Step::Exit(1);
    };
    if c.tool.n >= count {
        return Step::Exit(0);
    }
    if c.asleep() {
        return Step::Wait;
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let one = c.args.get("p").filter(|p| *p != "ALL").map(str::to_owned);
    let mut all = rows(c);
    all.retain(|r| match &one {
        Some(p) => p.split(',').any(|p| p.parse() == Ok(r.pid)),
        None => r.now > 0.0 || r.life > 0.0,
    });
    let at = c.host.utc().hms();
    let head = banner(c);
    c.line(if c.tool.n == 0 { &head } else { "" });
    let total = c.host.memory(&on).total.max(1) as f64;
    if c.args.has("r") {
        c.line(&format!(
            "{at:<11}{:>6}{:>10}{:>10}{:>10}{:>8}{:>8}{:>7}  Command",
            "UID", "PID", "minflt/s", "majflt/s", "VSZ", "RSS", "%MEM"
        ));
        for r in &all {
            let share = r.rss as f64 * 100.0 / total;
            c.line(&format!(
                "{at:<11}{:>6}{:>10}{:>10.2}{:>10.2}{:>8}{:>8}{share:>7.2}  {}",
                r.uid(),
                r.pid,
                r.now / 10.0,
                0.0,
                r.vsz / 1_024,
                r.rss / 1_024,
                r.name()
            ));
        }
    } else {
        c.line(&format!(
            "{at:<11}{:>6}{:>10}{:>8}{:>8}{:>8}{:>8}{:>8}{:>6}  Command",
            "UID", "PID", "%usr", "%system", "%guest", "%wait", "%CPU", "CPU"
        ));
        let cores = c.host.cores(&on).max(1);
        for r in &all {
            let system = r.now / KERNEL_PART;
            c.line(&format!(
                "{at:<11}{:>6}{:>10}{:>8.2}{system:>8.2}{:>8.2}{:>8.2}{:>8.2}{:>6}  {}",
                r.uid(),
                r.pid,
                r.now - system,
                0.0,
                0.0,
                r.now,
                r.pid % cores,
                r.name()
            ));
        }
    }
    c.tool.n += 1;
    if c.tool.n < count {
        c.sleep_ms(delay.saturating_mul(1_000));
    }
    Step::More
}
