//! `/proc`: what a kernel shows as files, made when it is read from what the tools of the machine know too.

use crate::console::host::{ConsoleHost, UnitInfo};
use crate::sim::distro::Distro;

/// Where it is.
pub const ROOT: &str = "/proc";

/// Whether a path lies in it.
pub fn is_in(path: &str) -> bool {
    path == ROOT || path.starts_with("/proc/")
}

const FILES: &[&str] =
    &["cpuinfo", "loadavg", "meminfo", "mounts", "net/dev", "net/sockstat", "stat", "swaps", "uptime", "version"];

const OF_PROCESS: &[&str] = &["cgroup", "cmdline", "comm", "limits", "status"];

/// Names of a directory and whether each is a directory; `None` if there is no such directory.
pub fn list(host: &dyn ConsoleHost, on: &str, path: &str) -> Option<Vec<(String, bool)>> {
    let inside = path.strip_prefix(ROOT)?.trim_start_matches('/');
    let file = |n: &str| (n.to_owned(), false);
    if inside.is_empty() {
        let mut all: Vec<(String, bool)> = FILES.iter().filter(|f| !f.contains('/')).map(|f| file(f)).collect();
        all.extend(["net", "sys"].map(|d| (d.to_owned(), true)));
        all.extend(host.processes(on).into_iter().map(|p| (p.pid.to_string(), true)));
        all.sort();
        return Some(all);
    }
    if inside == "net" {
        return Some(vec![file("dev"), file("sockstat")]);
    }
    if inside == "sys" || inside.starts_with("sys/") {
        let below = inside.strip_prefix("sys").unwrap_or_default().trim_start_matches('/').replace('/', ".");
        let prefix = if below.is_empty() { String::new() } else { format!("{below}.") };
        let mut all: Vec<(String, bool)> = host
            .sysctls(on)
            .into_iter()
            .filter_map(|(k, _)| {
                let rest = k.strip_prefix(&prefix)?;
                let (name, more) = rest.split_once('.').map_or((rest, false), |(n, _)| (n, true));
                Some((name.to_owned(), more))
            })
            .collect();
        all.sort();
        all.dedup();
        return (!all.is_empty()).then_some(all);
    }
    let known = |p: u32| host.processes(on).iter().any(|q| q.pid == p);
    inside.parse().is_ok_and(known).then(|| OF_PROCESS.iter().map(|f| file(f)).collect())
}

/// Text of a file; `None` if there is no such file.
pub fn read(host: &dyn ConsoleHost, on: &str, path: &str) -> Option<String> {
    let inside = path.strip_prefix("/proc/")?;
    let m = host.machine(on).unwrap_or_default();
    let memory = host.memory(on);
    let kb = |b: u64| b / 1024;
    let cores = u64::from(host.cores(on).max(1));
    let up = host.uptime_s(on);
    let busy_s = host.cpu_spent_s(on).min(up * cores);
    Some(match inside {
        "loadavg" => {
            let [a, b, c] = host.load(on);
            let all = host.processes(on).len();
            let last = host.processes(on).iter().map(|p| p.pid).max().unwrap_or(1);
            format!("{a:.2} {b:.2} {c:.2} {}/{all} {last}\n", m.runnable.round() as u64)
        }
        "uptime" => format!("{up}.00 {}.00\n", up * cores - busy_s),
        "meminfo" => {
            let free = memory.total.saturating_sub(memory.used + memory.cache);
            let rows = [
                ("MemTotal", memory.total),
                ("MemFree", free),
                ("MemAvailable", free + memory.cache),
                ("Buffers", memory.buffers()),
                ("Cached", memory.cache - memory.buffers()),
                ("SwapCached", 0),
                ("Active", memory.used / 2 + memory.cache / 2),
                ("Inactive", memory.cache / 2),
                ("SwapTotal", 0),
                ("SwapFree", 0),
                ("AnonPages", memory.used),
            ];
            rows.iter().map(|(k, v)| format!("{:<16}{:>8} kB\n", format!("{k}:"), kb(*v))).collect()
        }
        "cpuinfo" => (0..cores)
            .map(|i| {
                format!(
                    "processor\t: {i}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Platinum\ncpu MHz\t\t: 2999.998\ncpu cores\t: {cores}\n\n"
                )
            })
            .collect(),
        "version" => {
            let d = Distro::at(host.utc());
            format!("Linux version {} (debian-kernel@lists.debian.org) ({}) {}\n", d.kernel.0, d.compiler, d.kernel.1)
        }
        "stat" => {
            let (ticks, busy) = (up * cores * 100, busy_s * 100);
            format!(
                "cpu  {} 0 {} {} 0 0 0 0 0 0\nbtime {}\nprocs_running {}\nprocs_blocked {}\n",
                busy - busy / 6,
                busy / 6,
                ticks - busy,
                host.utc().0 - i64::try_from(up).unwrap_or(0),
                m.runnable.round() as u64,
                m.blocked.round() as u64
            )
        }
        "mounts" => host
            .mounts(on)
            .iter()
            .map(|m| format!("{} {} ext4 rw,relatime,errors=remount-ro 0 0\n", m.device, m.at))
            .collect(),
        "swaps" => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n".to_owned(),
        "net/dev" => {
            let i = host.interface(on);
            format!(
                "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n  eth0: {:>7} {:>7}    0    0    0     0          0         0 {:>8} {:>7}    0    0    0     0       0          0\n",
                i.rx.0, i.rx.1, i.tx.0, i.tx.1
            )
        }
        "net/sockstat" => {
            let sum = |s: &str| host.connections(on).iter().filter(|c| c.state == s).map(|c| c.count).sum::<u64>();
            let (inuse, waiting) = (sum("ESTAB") + host.listeners(on).len() as u64, sum("TIME-WAIT"));
            format!("sockets: used {}\nTCP: inuse {inuse} orphan 0 tw {waiting} alloc {inuse} mem 8\nUDP: inuse 0 mem 0\n", inuse + 108)
        }
        _ => match inside.strip_prefix("sys/") {
            Some(key) => {
                let key = key.replace('/', ".");
                let found = host.sysctls(on).into_iter().find(|(k, _)| *k == key)?;
                format!("{}\n", found.1)
            }
            None => return of_process(host, on, inside),
        },
    })
}

fn of_process(host: &dyn ConsoleHost, on: &str, inside: &str) -> Option<String> {
    let (pid, file) = inside.split_once('/')?;
    let pid: u32 = pid.parse().ok()?;
    let p = host.processes(on).into_iter().find(|p| p.pid == pid)?;
    let unit: Option<UnitInfo> = host.units(on).into_iter().find(|u| u.pid == Some(pid));
    let own = unit.as_ref().and_then(|u| host.unit_use(on, &u.name));
    let first = p.command.split_whitespace().next().unwrap_or_default();
    let name: String = first.rsplit('/').next().unwrap_or(first).chars().take(15).collect();
    Some(match file {
        "comm" => format!("{name}\n"),
        // The kernel puts a NUL behind each word; a terminal shows none.
        "cmdline" => p.command.clone(),
        "cgroup" => match &unit {
            Some(u) => format!("0::/system.slice/{}.service\n", u.name),
            None => "0::/init.scope\n".to_owned(),
        },
        "status" => {
            let threads = own.as_ref().map_or(1, |u| u.threads.max(1));
            let files = own.as_ref().map_or(64, |u| u.descriptors.next_power_of_two().max(64));
            format!(
                "Name:\t{name}\nState:\t{} ({})\nPid:\t{pid}\nPPid:\t{}\nFDSize:\t{files}\nVmRSS:\t{:>8} kB\nThreads:\t{threads}\n",
                p.state,
                if p.state == 'R' { "running" } else { "sleeping" },
                p.ppid,
                p.memory / 1024
            )
        }
        "limits" => {
            let limits = own.map(|u| u.limits).unwrap_or_default();
            let word = |n: Option<u64>, usual: &str| n.map_or(usual.to_owned(), |n| n.to_string());
            let row = |what: &str, n: &str, unit: &str| format!("{what:<25} {n:<20} {n:<20} {unit}\n");
            let mut out = format!("{:<25} {:<20} {:<20} Units\n", "Limit", "Soft Limit", "Hard Limit");
            out.push_str(&row("Max processes", &word(limits.threads, "unlimited"), "processes"));
            out.push_str(&row("Max open files", &word(limits.descriptors, "1048576"), "files"));
            out
        }
        _ => return None,
    })
}
