//! Machines: whether they answer, what runs on them, memory and disks, clocks, what the kernel killed.

use super::super::seat::Seat;
use super::{Wrong, close, same, table};
use std::collections::BTreeMap;

/// Hosts on which this seat may become root; a few of them each time, all in turn.
fn hosts(seat: &Seat) -> Vec<String> {
    let s = &seat.session.scenario;
    let mine: Vec<String> =
        s.world.hosts.keys().filter(|h| s.you.may.contains(&format!("sudo:{h}"))).cloned().collect();
    let turn = (seat.session.tick().0 / 5) as usize;
    (0..3).map(|k| mine[(3 * turn + k) % mine.len()].clone()).collect()
}

fn on(seat: &Seat, host: &str, command: &str) -> Option<String> {
    seat.says(&format!("ssh {host} '{command}'"))
}

fn reachable(seat: &Seat, host: &str) -> bool {
    on(seat, host, "echo here").is_some_and(|s| s.trim() == "here")
}

/// `ssh`, `nodes` and the series of node exporters.
pub fn machines(seat: &Seat, wrong: &mut Wrong) {
    let Some(said) = seat.says("nodes") else { return };
    let up: BTreeMap<String, f64> = seat.series("up{job=\"node\"}", "instance").into_iter().collect();
    let states: BTreeMap<String, String> =
        table(&said).into_iter().filter(|r| r.len() > 1).map(|r| (r[0].clone(), r[1].clone())).collect();
    for (host, v) in &up {
        // The platform believes a node for a while that does not answer; a scrape knows at once.
        if states.get(host).is_none_or(|s| s.starts_with("NotReady")) && *v == 1.0 {
            wrong.push(format!("{host}: nodes says {:?}, and it is scraped", states.get(host)));
        }
    }
    for host in hosts(seat) {
        let answers = reachable(seat, &host);
        same(wrong, &host, ("ssh answers", answers), ("scraped", up.get(&host) == Some(&1.0)));
    }
}

/// `systemctl`, `ps`, `top`, `ss` and the series of units.
pub fn units(seat: &Seat, wrong: &mut Wrong) {
    let hosts = hosts(seat);
    for host in hosts.iter().filter(|h| reachable(seat, h)) {
        let units: Vec<String> = seat.session.scenario.world.hosts[host].units.keys().cloned().collect();
        let Some(ps) = on(seat, host, "ps -eo pid=,rss=,args=") else { continue };
        let Some(top) = on(seat, host, "top -b -n 1") else { continue };
        let Some(listen) = on(seat, host, "sudo ss -tlnpH") else { continue };
        for unit in units {
            let Some(active) = on(seat, host, &format!("systemctl is-active {unit}")) else { continue };
            let Some(pid) = on(seat, host, &format!("systemctl show -p MainPID --value {unit}")) else { continue };
            let (active, pid) = (active.trim().to_owned(), pid.trim().to_owned());
            let what = format!("{host} {unit}");
            let series = format!("node_systemd_unit_state{{instance=\"{host}\",name=\"{unit}.service\"}} == 1");
            let measured = seat.series(&series, "state").into_iter().map(|(s, _)| s).next();
            same(wrong, &what, ("systemctl", Some(active.clone())), ("series", measured));
            same(wrong, &what, ("active", active == "active"), ("has a process", pid != "0"));
            let row = ps.lines().find(|l| l.split_whitespace().next() == Some(&pid)).map(str::to_owned);
            same(wrong, &what, ("ps lists it", row.is_some()), ("has a process", pid != "0"));
            let in_top = top.lines().any(|l| l.split_whitespace().next() == Some(&pid));
            same(wrong, &what, ("top lists it", in_top), ("has a process", pid != "0"));
            let listens = listen.contains(&format!("pid={pid},"));
            if listens && pid == "0" {
                wrong.push(format!("{what}: listens without a process"));
            }
            let rss = row.and_then(|r| r.split_whitespace().nth(1)?.parse::<f64>().ok()).map(|k| k * 1024.0);
            let resident =
                seat.number(&format!("process_resident_memory_bytes{{instance=\"{host}\",process=\"{unit}\"}}"));
            close(wrong, &format!("{what} memory"), ("ps", rss), ("series", resident), 1024.0);
        }
    }
}

/// What `systemctl list-units` and `show` say of units, and what systemd wrote about bringing them back.
pub fn restarts(seat: &Seat, wrong: &mut Wrong) {
    for host in hosts(seat).iter().filter(|h| reachable(seat, h)) {
        let Some(list) = on(seat, host, "systemctl list-units -a --plain --no-legend") else { continue };
        for row in list.lines().map(|l| l.split_whitespace().collect::<Vec<_>>()) {
            let [unit, _, active, sub, ..] = row.as_slice() else { continue };
            let what = format!("{host} {unit}");
            let asked = format!("systemctl show -p ActiveState,SubState,MainPID,NRestarts {unit}");
            let Some(shown) = on(seat, host, &asked) else { continue };
            let property = |key: &str| shown.lines().find_map(|l| l.strip_prefix(&format!("{key}="))).unwrap_or("");
            let listed = format!("{active}/{sub}");
            let states = format!("{}/{}", property("ActiveState"), property("SubState"));
            same(wrong, &what, ("list-units", listed.as_str()), ("show", states.as_str()));
            if *sub == "auto-restart" {
                same(wrong, &what, ("a unit that waits has no process", "0"), ("MainPID", property("MainPID")));
            }
            if property("NRestarts") == "0" {
                continue;
            }
            let lines = format!("journalctl -u {unit} -o cat --no-pager | grep \"restart counter is at\" | tail -n 1");
            let Some(line) = on(seat, host, &lines) else { continue };
            let counted = line.trim().rsplit(' ').next().unwrap_or("").trim_end_matches('.').to_owned();
            same(wrong, &what, ("NRestarts", property("NRestarts")), ("journal", counted.as_str()));
        }
    }
}

/// What `stat`, `wc`, `zcat` and `du` say of the log files of programs, and that what was rotated is packed.
pub fn log_files(seat: &Seat, wrong: &mut Wrong) {
    // Every host that has some: they are few.
    for (host, spec) in &seat.session.scenario.world.hosts {
        let logs = spec.files.iter().filter(|f| f.path.ends_with(".log"));
        for dir in logs.filter_map(|f| f.path.rsplit_once('/')).map(|(dir, _)| dir) {
            let Some(names) = on(seat, host, &format!("ls -1 {dir}")).filter(|_| reachable(seat, host)) else {
                continue;
            };
            for path in names.lines().map(|n| format!("{dir}/{n}")) {
                let number = |command: &str| on(seat, host, command)?.trim().parse::<u64>().ok();
                let size = number(&format!("stat -c %s {path}"));
                let what = format!("{host}:{path}");
                same(wrong, &what, ("stat", size), ("cat | wc", number(&format!("cat {path} | wc -c"))));
                let blocks = size.map(|s| s.div_ceil(4096) * 4096);
                same(wrong, &what, ("stat", blocks), ("du", number(&format!("du -B1 {path} | cut -f1"))));
                if path.ends_with(".gz") {
                    let whole = on(seat, host, &format!("gzip -t {path} && echo whole"));
                    same(wrong, &what, ("gzip -t", whole.as_deref().map(str::trim)), ("is", Some("whole")));
                }
            }
        }
    }
}

/// `ps`, `id`, `getent`, `/etc/passwd` and `/etc/group` about users; `dig` and `/etc/resolv.conf` about the resolver.
pub fn accounts(seat: &Seat, wrong: &mut Wrong) {
    for host in hosts(seat).iter().filter(|h| reachable(seat, h)) {
        let Some(file) = on(seat, host, "cat /etc/passwd") else { continue };
        let asked = on(seat, host, "getent passwd");
        same(wrong, host, ("getent", asked.as_deref()), ("/etc/passwd", Some(file.as_str())));
        let Some(ps) = on(seat, host, "ps -eo user= | sort -u") else { continue };
        for user in ps.lines().map(str::trim) {
            let line = file.lines().find(|l| l.split(':').next() == Some(user));
            let number = line.and_then(|l| l.split(':').nth(2)).map(str::to_owned);
            let id = on(seat, host, &format!("id -u {user}")).map(|s| s.trim().to_owned());
            same(wrong, &format!("{host} {user}"), ("id", id.clone()), ("/etc/passwd", number));
            let group = on(seat, host, &format!("getent group {user} | cut -d: -f3")).map(|s| s.trim().to_owned());
            same(wrong, &format!("{host} {user}"), ("id", id), ("/etc/group", group));
        }
        let Some(conf) = on(seat, host, "grep ^nameserver /etc/resolv.conf") else { continue };
        let Some(dig) = on(seat, host, "dig shop.example | grep SERVER:") else { continue };
        if let Some(server) = dig.split("SERVER: ").nth(1).and_then(|s| s.split('#').next()) {
            let written = conf.split_whitespace().nth(1);
            same(wrong, host, ("dig", Some(server)), ("/etc/resolv.conf", written));
        }
    }
}

/// `df`, `free`, `uptime` and their series.
pub fn room(seat: &Seat, wrong: &mut Wrong) {
    for host in hosts(seat) {
        if !reachable(seat, &host) {
            continue;
        }
        let Some(free) = on(seat, &host, "free -b") else { continue };
        let available = free.lines().nth(1).and_then(|l| l.split_whitespace().last()?.parse().ok());
        let m = seat.number(&format!("node_memory_MemAvailable_bytes{{instance=\"{host}\"}}"));
        close(wrong, &format!("{host} memory"), ("free", available), ("series", m), 16e6);
        let points: Vec<String> = seat.session.scenario.world.hosts[&host].mounts.keys().cloned().collect();
        for point in points {
            let Some(df) = on(seat, &host, &format!("df -P {point}")) else { continue };
            let cell = |n: usize| df.lines().nth(1).and_then(|l| l.split_whitespace().nth(n).map(str::to_owned));
            let left = cell(3).and_then(|k| k.parse::<f64>().ok()).map(|k| k * 1024.0);
            let labels = format!("{{instance=\"{host}\",mountpoint=\"{point}\"}}");
            let m = seat.number(&format!("node_filesystem_avail_bytes{labels}"));
            close(wrong, &format!("{host}:{point}"), ("df", left), ("series", m), 1024.0);
            same(
                wrong,
                &format!("{host}:{point}"),
                ("df 100%", cell(4) == Some("100%".into())),
                ("no byte", left.is_some_and(|b| b < 1e-3 * m.unwrap_or(0.0).max(1.0))),
            );
        }
        let Some(uptime) = on(seat, &host, "uptime; cat /proc/loadavg") else { continue };
        let load = uptime.rsplit("average: ").next().and_then(|t| t.split(',').next()?.trim().parse().ok());
        let m = seat.number(&format!("node_load1{{instance=\"{host}\"}}"));
        close(wrong, &format!("{host} load"), ("uptime", load), ("series", m), 0.01);
        let proc = uptime.lines().nth(1).and_then(|l| l.split(' ').next()?.parse().ok());
        close(wrong, &format!("{host} load"), ("uptime", load), ("/proc/loadavg", proc), 1e-9);
    }
}

/// `date`, `chronyc` and the series of clocks.
pub fn clock(seat: &Seat, wrong: &mut Wrong) {
    for host in hosts(seat) {
        let Some(date) = on(seat, &host, "date -u +%s").filter(|s| s.trim().parse::<f64>().is_ok()) else { continue };
        let shown = date.trim().parse().ok();
        let m = seat.number(&format!("node_time_seconds{{instance=\"{host}\"}}"));
        close(wrong, &format!("{host} time"), ("date", shown), ("series", m.or(shown)), 1.0);
        let Some(chrony) = on(seat, &host, "chronyc tracking") else { continue };
        let mut words =
            chrony.lines().find_map(|l| l.strip_prefix("System time")).unwrap_or_default().split_whitespace();
        let (_, seconds, _, way) = (words.next(), words.next(), words.next(), words.next());
        let sign = if way == Some("slow") { -1.0 } else { 1.0 };
        let Some(offset) = seconds.and_then(|s| s.parse::<f64>().ok()).map(|s| s * sign) else { continue };
        let m = seat.number(&format!("node_timex_offset_seconds{{instance=\"{host}\"}}"));
        close(wrong, &format!("{host} offset"), ("chronyc", Some(offset)), ("series", m.or(Some(offset))), 0.01);
    }
}

/// The kernel's log and its counter of killed processes.
pub fn kernel(seat: &Seat, wrong: &mut Wrong) {
    for host in hosts(seat) {
        let Some(said) = on(seat, &host, "journalctl -k --no-pager | grep -c \"Out of memory: Killed\"") else {
            continue;
        };
        let Some(m) = seat.number(&format!("node_vmstat_oom_kill{{instance=\"{host}\"}}")) else { continue };
        let Ok(lines) = said.trim().parse::<f64>() else { continue };
        close(wrong, &format!("{host} killed"), ("kernel log", Some(lines)), ("counter", Some(m)), 0.0);
    }
}
