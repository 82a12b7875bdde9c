//! Tools that look at the same thing say the same, in sessions of the shipped scenarios and of worlds made for tests; and a
//! game master's answer in place of a tool is an answer, and is marked as improvised.

mod boot;
mod charts;
mod rotation;

use crate::world::worlds;
use std::sync::Arc;
use wheel_of_misfortune::fact::{Actor, FactKind};
use wheel_of_misfortune::host::load;
use wheel_of_misfortune::scenario::{FileKind, Scenario, StartLimit};
use wheel_of_misfortune::session::{Command, Entry, Header, LOG_FORMAT, PRIMARY, SIMULATOR, Session};
use wheel_of_misfortune::stdx::time::Span;
use wheel_of_misfortune::storage::package;

/// A session at a keyboard.
struct Seat {
    session: Session,
    seq: u64,
}

fn header(s: &Scenario) -> Header {
    Header {
        format: LOG_FORMAT,
        simulator: SIMULATOR,
        scenario: s.id.clone(),
        scenario_digest: s.digest.clone(),
        seed: 7,
        seats: vec![PRIMARY.to_owned()],
        branch: 0,
        parent: None,
    }
}

impl Seat {
    /// Whoever sits here may become root everywhere, so that every tool shows all it has.
    fn new(mut s: Scenario) -> Seat {
        let hosts: Vec<String> = s.world.hosts.keys().map(|h| format!("sudo:{h}")).collect();
        s.you.may.extend(hosts);
        Seat { session: Session::new(header(&s), Arc::new(s)), seq: 0 }
    }

    fn does(&mut self, by: Actor, command: Command) {
        assert_eq!(self.session.decide(&by, &command).map_err(|r| format!("{r:?}")), Ok(()), "{command:?}");
        self.seq += 1;
        let at = self.session.tick();
        self.session.apply(&Entry { seq: self.seq, at, by, command });
    }

    fn wait(&mut self, seconds: u64) {
        (0..seconds).for_each(|_| self.session.advance());
    }

    /// What a line prints, once the prompt is back.
    fn types(&mut self, line: &str) -> String {
        let before = self.session.console().terminal(1).unwrap().printed;
        let by = Actor::Seat(PRIMARY.to_owned());
        self.does(by, Command::LineSubmitted { terminal: 1, text: line.to_owned() });
        for _ in 0..60 {
            if self.session.console().terminal(1).unwrap().running.is_none() {
                break;
            }
            self.session.advance();
        }
        let t = self.session.console().terminal(1).unwrap();
        let new = usize::try_from(t.printed - before).unwrap().min(t.lines().len());
        let lines = t.lines().iter().skip(t.lines().len() - new).filter(|l| l.prompt.is_none());
        lines.map(|l| format!("{}\n", l.text)).collect()
    }

    /// The same as root on a host.
    fn root(&mut self, host: &str, command: &str) -> String {
        self.types(&format!("ssh {host} 'sudo {command}'"))
    }

    /// The value of an expression of one series.
    fn metric(&mut self, expr: &str) -> Option<f64> {
        let out = self.types(&format!("promql '{expr}'"));
        out.lines().next()?.rsplit("=> ").next()?.split(' ').next()?.parse().ok()
    }
}

fn scenarios() -> Vec<(String, Scenario)> {
    let mut all: Vec<(String, Scenario)> = ["rust-registry-2023-07-20-bad-deploy", "docsrs-2019-10-21-disk-full"]
        .into_iter()
        .map(|slug| {
            let package = package::find(slug).expect("the scenario is bundled");
            (slug.to_owned(), Arc::unwrap_or_clone(load(&package).expect("it loads")))
        })
        .collect();
    all.push(("registry".to_owned(), worlds::registry()));
    all.push(("docs".to_owned(), worlds::docs()));
    all
}

/// Everything that disagrees on a host, in words.
fn machine(seat: &mut Seat, host: &str, wrong: &mut Vec<String>) {
    let spec = seat.session.scenario.world.hosts[host].clone();
    let mut check = |what: &str, ok: bool, seen: String| {
        if !ok {
            wrong.push(format!("{host}: {what}: {seen}"));
        }
    };
    let ps = seat.root(host, "ps -eo pid=,rss=,args=");
    let top = seat.root(host, "top -b -n 1");
    let listen = seat.root(host, "ss -tlnpH");
    for (unit, u) in &spec.units {
        let shown = seat.root(host, &format!("systemctl show -p MainPID --value {unit}"));
        let active = seat.root(host, &format!("systemctl is-active {unit}"));
        let pid = shown.trim().to_owned();
        check("is-active and MainPID", (active.trim() == "active") == (pid != "0"), format!("{unit} {active} {pid}"));
        if pid == "0" {
            continue;
        }
        let row = ps.lines().find(|l| l.split_whitespace().next() == Some(&pid));
        check("ps knows MainPID", row.is_some_and(|r| r.ends_with(u.exec.as_str())), format!("{unit} {pid}\n{ps}"));
        let in_top = top.lines().any(|l| l.split_whitespace().next() == Some(&pid));
        check("top knows MainPID", in_top, format!("{unit} {pid}\n{top}"));
        if u.service.is_some() && listen.contains("users:") {
            let lists = listen.contains(&format!("pid={pid},"));
            let worker = u.service.as_ref().is_some_and(|s| {
                let kind = &seat.session.scenario.world.services[s].kind;
                matches!(kind, wheel_of_misfortune::scenario::ServiceKind::Worker { .. })
            });
            check("ss knows who listens", lists != worker, format!("{unit} {pid}\n{listen}"));
        }
    }
    // One look for both, in one second.
    let look = "ss -s; ss -tnH state established | wc -l; ss -tanH state time-wait | wc -l";
    let counts = seat.types(&format!("ssh {host} '{look}'"));
    let number = |name: &str| -> Option<u64> {
        let at = counts.split_once(&format!("{name} "))?.1;
        at.split([',', ')']).next()?.trim().parse().ok()
    };
    let listed: Vec<u64> = counts.lines().rev().take(2).filter_map(|l| l.trim().parse().ok()).collect();
    check(
        "ss -s counts what ss lists",
        listed == [number("timewait").unwrap_or(0), number("estab").unwrap_or(0)],
        counts.clone(),
    );
    let free = seat.root(host, "free -b");
    let available: f64 = free.lines().nth(1).and_then(|l| l.split_whitespace().last()?.parse().ok()).unwrap_or(-1.0);
    if let Some(m) = seat.metric(&format!("node_memory_MemAvailable_bytes{{instance=\"{host}\"}}")) {
        let total = spec.memory as f64;
        check("free and its metric", (available - m).abs() < 0.03 * total, format!("{available} {m} of {total}"));
    }
    for point in spec.mounts.keys() {
        let df = seat.root(host, &format!("df {point}"));
        let left: f64 = df.lines().nth(1).and_then(|l| l.split_whitespace().nth(3)?.parse().ok()).unwrap_or(-1.0);
        let labels = format!("{{instance=\"{host}\",mountpoint=\"{point}\"}}");
        if let Some(m) = seat.metric(&format!("node_filesystem_avail_bytes{labels}")) {
            let size = spec.mounts[point].size as f64;
            check("df and its metric", (left * 1024.0 - m).abs() < 0.01 * size, format!("{left} {m} of {size}"));
        }
    }
    let files = "cat /proc/loadavg; uptime; grep MemAvailable /proc/meminfo; free -k";
    let both = seat.types(&format!("ssh {host} '{files}'"));
    let lines: Vec<&str> = both.lines().collect();
    let loads: Vec<&str> = lines[0].split(' ').take(3).collect();
    check("uptime is /proc/loadavg", lines[1].ends_with(&loads.join(", ")), both.clone());
    let kept = lines[2].split_whitespace().nth(1);
    check("free is /proc/meminfo", kept.is_some() && lines[4].split_whitespace().last() == kept, both.clone());
    let uptime = seat.root(host, "uptime");
    let load: f64 =
        uptime.rsplit("average: ").next().and_then(|t| t.split(',').next()?.trim().parse().ok()).unwrap_or(-1.0);
    if let Some(m) = seat.metric(&format!("node_load1{{instance=\"{host}\"}}")) {
        let cores = f64::from(spec.cores);
        check("uptime and its metric", (load - m).abs() < 0.25 * cores.max(1.0), format!("{load} {m}"));
    }
}

fn names(seat: &mut Seat, wrong: &mut Vec<String>) {
    let services = seat.session.scenario.world.services.clone();
    for (id, s) in services.iter().filter(|(_, s)| !s.dns.is_empty()) {
        let name = &s.dns;
        let mut dig: Vec<String> = seat.types(&format!("dig +short {name}")).lines().map(str::to_owned).collect();
        let ent = seat.types(&format!("getent hosts {name}"));
        let mut ent: Vec<String> = ent.lines().filter_map(|l| l.split_whitespace().next().map(str::to_owned)).collect();
        dig.sort();
        ent.sort();
        if dig != ent {
            wrong.push(format!("{id}: dig {dig:?}, getent {ent:?}"));
        }
        let curl = seat.types(&format!("curl -sk -o /dev/null -w '%{{remote_ip}} %{{http_code}}\\n' https://{name}/"));
        let ip = curl.split(' ').next().unwrap_or_default().to_owned();
        if !ip.is_empty() && !dig.contains(&ip) {
            wrong.push(format!("{id}: curl goes to {ip}, dig says {dig:?}"));
        }
    }
}

/// A service whose units all stand still: no client gets a good answer, and its metric says that it is down.
fn outages(seat: &mut Seat, wrong: &mut Vec<String>) -> usize {
    let world = seat.session.scenario.world.clone();
    let mut down = 0;
    for (id, s) in world.services.iter().filter(|(_, s)| !s.on.is_empty() && !s.dns.is_empty()) {
        let units: Vec<(String, String)> =
            s.on.iter()
                .flat_map(|h| world.hosts[h].units.iter().map(move |(n, u)| (h.clone(), n.clone(), u)))
                .filter(|(_, _, u)| u.service.as_deref() == Some(id))
                .map(|(h, n, _)| (h, n))
                .collect();
        let active = |seat: &mut Seat, (h, u): &(String, String)| {
            seat.root(h, &format!("systemctl is-active {u}")).trim() == "active"
        };
        if units.is_empty() || units.iter().any(|u| active(seat, u)) {
            continue;
        }
        down += 1;
        let code = seat.types(&format!("curl -sk -o /dev/null -w '%{{http_code}}\\n' https://{}/", s.dns));
        if code.starts_with('2') || code.starts_with('3') {
            wrong.push(format!("{id}: no unit runs, and curl gets {code}"));
        }
        seat.wait(16);
        let up = seat.metric(&format!("up{{job=\"service\",service=\"{id}\"}}"));
        if up.is_some_and(|v| v != 0.0) && !units.iter().any(|u| active(seat, u)) {
            let all = seat.types(&format!("promql 'up{{job=\"service\",service=\"{id}\"}}'"));
            wrong.push(format!("{id}: no unit runs, and up is {all}"));
        }
    }
    down
}

#[test]
fn tools_that_look_at_the_same_say_the_same() {
    let mut wrong = Vec::new();
    let (mut looked, mut down) = (0, 0);
    for (slug, s) in scenarios() {
        let mut seat = Seat::new(s);
        for wait in [60, 240, 400] {
            seat.wait(wait);
            let hosts: Vec<String> = seat.session.scenario.world.hosts.keys().cloned().collect();
            let mut here = Vec::new();
            for host in hosts {
                machine(&mut seat, &host, &mut here);
                looked += 1;
            }
            names(&mut seat, &mut here);
            down += outages(&mut seat, &mut here);
            let at = seat.session.tick().0;
            wrong.extend(here.into_iter().map(|w| format!("{slug} at {at} s: {w}")));
        }
    }
    assert!(looked >= 24 && down >= 2, "{looked} looks, {down} outages");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_journal_holds_what_the_log_search_shows() {
    let mut seat = Seat::new(worlds::docs());
    seat.wait(120);
    let shown = seat.types("logs web -n 5");
    let journal = seat.root("docs-01", "journalctl -u web --no-pager -o cat -n 400");
    assert!(shown.lines().count() == 5, "{shown}");
    for line in shown.lines() {
        // Time, program and level stand before the text.
        let text = line.splitn(4, ' ').last().unwrap().trim_start();
        let last: Vec<&str> = journal.lines().rev().take(3).collect();
        assert!(journal.lines().any(|l| l == text), "{line}\n{last:?}");
    }
}

#[test]
fn a_removed_log_keeps_its_bytes_until_its_program_ends() {
    let package = package::find("docsrs-2019-10-21-disk-full").expect("the scenario is bundled");
    let mut s = Arc::unwrap_or_clone(load(&package).expect("it loads"));
    // A log of months, in place of a part of the index.
    const LOG: u64 = 840_000_000;
    for f in &mut s.world.hosts.get_mut("web-01").expect("the machine").files {
        match (f.path.as_str(), &mut f.kind) {
            ("/var/log/builder/builder.log", kind) => *kind = FileKind::Blob(LOG),
            ("/srv/docs/builder/index", FileKind::Dir { size, .. }) => *size -= LOG,
            _ => {}
        }
    }
    let mut seat = Seat::new(s);
    seat.wait(5);
    let used = |seat: &mut Seat| -> u64 {
        let df = seat.types("df /");
        df.lines().nth(1).and_then(|l| l.split_whitespace().nth(2)?.parse().ok()).expect("a figure")
    };
    let before = used(&mut seat);
    seat.types("sudo rm /var/log/builder/builder.log");
    let held = seat.types("sudo lsof -nP +L1");
    assert!(held.contains("/var/log/builder/builder.log (deleted)") && held.contains("NLINK"), "{held}");
    assert!(used(&mut seat) >= before, "the disk has no more room than before");
    assert!(seat.types("ls /var/log/builder").is_empty(), "its name is gone");
    seat.types("sudo systemctl restart builder");
    seat.wait(5);
    assert!(used(&mut seat) + 700_000 < before, "the program has ended: its bytes are free");
    assert_eq!(seat.types("sudo lsof -nP +L1"), "", "nothing is held any more");
}

#[test]
fn units_are_masked_and_disabled_and_reloaded() {
    let mut seat = Seat::new(worlds::docs());
    assert!(seat.root("docs-01", "systemctl mask web").contains("Created symlink"));
    assert!(seat.root("docs-01", "systemctl restart web").contains("Unit web.service is masked."));
    assert_eq!(seat.root("docs-01", "systemctl is-enabled web").trim(), "masked");
    seat.root("docs-01", "systemctl unmask web");
    assert!(seat.root("docs-01", "systemctl disable web").contains("Removed"));
    assert_eq!(seat.root("docs-01", "systemctl is-enabled web").trim(), "disabled");
    assert_eq!(seat.root("docs-01", "systemctl reload web"), "");
    seat.root("docs-01", "systemctl stop web");
    assert!(seat.root("docs-01", "systemctl reload web").contains("is not active, cannot reload"));
}

/// What every machine runs beside what its scenario lists is a unit like any other.
#[test]
fn what_runs_on_a_machine_is_a_unit_of_it() {
    for (slug, s) in scenarios() {
        let hosts: Vec<String> = s.world.hosts.keys().cloned().collect();
        let mut seat = Seat::new(s);
        for host in hosts {
            let pid = |seat: &mut Seat| seat.root(&host, "systemctl show -p MainPID --value cron").trim().to_owned();
            let first = pid(&mut seat);
            assert_eq!(seat.root(&host, "pgrep -o -f /usr/sbin/cron").trim(), first, "{slug} {host}");
            let listed = seat.root(&host, "systemctl list-units");
            for p in seat.session.world().processes(&host).into_iter().filter(|p| p.pid != 1) {
                let unit = p.unit.unwrap_or_else(|| panic!("{slug} {host}: {} belongs to no unit", p.command));
                assert!(listed.contains(&format!("{unit}.service")), "{slug} {host}: {unit} is not listed\n{listed}");
            }
            seat.root(&host, "systemctl restart cron");
            seat.wait(5);
            let second = pid(&mut seat);
            assert_ne!(first, second, "{slug} {host}");
            assert_eq!(seat.root(&host, "pgrep -o -f /usr/sbin/cron").trim(), second, "{slug} {host}");
            assert!(seat.root(&host, "journalctl -u cron -n 5").contains("Started"), "{slug} {host}");
        }
    }
}

fn improvised(seat: &Seat) -> Vec<(String, String)> {
    let facts = seat.session.facts().iter();
    facts
        .filter_map(|f| match &f.what {
            FactKind::Improvised { command, text, .. } => Some((command.clone(), text.clone())),
            _ => None,
        })
        .collect()
}

#[test]
fn a_game_master_answers_in_place_of_a_tool_that_is_not_there() {
    let mut seat = Seat::new(worlds::docs());
    // Nobody leads: the shell answers at once.
    assert!(seat.types("frobnicate --all").contains("frobnicate: command not found"));
    let answer = |text: &str| Command::Answered { seat: PRIMARY.to_owned(), terminal: 1, text: text.to_owned() };
    seat.does(Actor::Gm, Command::Bookmark { text: "led from here".to_owned() });
    let by = Actor::Seat(PRIMARY.to_owned());
    seat.does(by.clone(), Command::LineSubmitted { terminal: 1, text: "frobnicate --all | wc -l; echo $?".to_owned() });
    seat.wait(2);
    assert!(seat.session.console().terminal(1).unwrap().running.is_some(), "the shell waits for the game master");
    let unknown = seat.session.project("gm").gm.map(|g| g.unknown).unwrap_or_default();
    assert!(unknown.iter().any(|(_, _, name, _)| name == "frobnicate"), "{unknown:?}");
    seat.does(Actor::Gm, answer("two frobs"));
    seat.wait(1);
    let t = seat.session.console().terminal(1).unwrap();
    let last: Vec<&str> = t.lines().iter().rev().take(2).map(|l| l.text.as_str()).collect();
    assert_eq!(last, ["0", "1"], "what the game master says goes through the pipe");
    assert_eq!(improvised(&seat), [("frobnicate --all".to_owned(), "two frobs".to_owned())]);
    // Without an answer the shell says what shells say, a few seconds later.
    assert!(seat.types("frobnicate again").contains("frobnicate: command not found"));
    // The trainee's own projection does not say what was improvised.
    let seen = serde_json::to_string(&seat.session.project(PRIMARY)).unwrap();
    assert!(!seen.contains("improvised"), "a trainee is not told");
}

/// An address is whose it is by every tool, nobody's is silent, and what a machine asks of itself goes nowhere.
#[test]
fn an_address_stands_for_whoever_has_it() {
    let package = package::find("docsrs-2019-10-21-disk-full").expect("the scenario is bundled");
    let mut seat = Seat::new(Arc::unwrap_or_clone(load(&package).expect("it loads")));
    let mut sees = |line: &str, text: &str| {
        let said = seat.types(line);
        assert!(said.contains(text), "{line}: {said}");
    };
    sees("ping -c 1 -W 1 10.99.99.99", "PING 10.99.99.99 (10.99.99.99) 56(84) bytes of data.");
    sees("ping -c 1 -W 1 10.99.99.99", "100% packet loss");
    sees("curl -sS -m 2 http://10.99.99.99/", "curl: (28) Connection timed out after 2000 milliseconds");
    sees("nc -zvw1 10.99.99.99 80", "timed out");
    for known in ["10.20.0.11", "10.20.0.1", "203.0.113.11"] {
        sees(&format!("ping -c 1 {known}"), " 0% packet loss");
    }
    sees("curl -sk -o /dev/null -w '%{http_code}\\n' https://203.0.113.11/", "200");
    sees("traceroute -n web-01 | wc -l", "2");
    sees("openssl s_client -connect docs.example:443 </dev/null | openssl x509 -noout -subject", "CN = docs.example");
    sees(
        "test \"$(vmstat | awk 'END {print $5}')\" = \"$(awk '/^Buffers/ {print $2}' /proc/meminfo)\" && echo same",
        "same",
    );
    sees("ps -o comm= -p $$", "bash");
}

/// Who has an account on a machine is one list, whoever is asked: files, `id`, `getent`, `ls` and `ps`.
#[test]
fn accounts_are_the_same_whoever_is_asked() {
    for (slug, s) in scenarios() {
        let hosts: Vec<String> = s.world.hosts.keys().cloned().collect();
        let me = s.you.user.clone();
        let mut seat = Seat::new(s);
        for host in hosts {
            let file = seat.types(&format!("ssh {host} 'cat /etc/passwd'"));
            assert_eq!(seat.types(&format!("ssh {host} 'getent passwd'")), file, "{slug} {host}");
            assert!(
                file.starts_with("root:x:0:0:root:/root:/bin/bash\n") && file.contains(&format!("\n{me}:x:")),
                "{file}"
            );
            let users = seat
                .types(&format!("ssh {host} 'ps -eo user= | sort -u; find / -printf \"%u\\n\" 2>/dev/null | sort -u'"));
            for user in users.lines().map(str::trim) {
                let line = file.lines().find(|l| l.split(':').next() == Some(user));
                let number = line.and_then(|l| l.split(':').nth(2)).unwrap_or_else(|| panic!("{slug} {host} {user}"));
                assert_eq!(seat.types(&format!("ssh {host} 'id -u {user}'")).trim(), number, "{user}");
            }
            let sudo = seat.types(&format!("ssh {host} 'getent group sudo; id -Gn'"));
            assert_eq!(sudo, format!("sudo:x:27:{me}\n{me} sudo\n"), "{slug} {host}");
            assert_eq!(seat.types(&format!("ssh {host} 'id sudo'")), "id: ‘sudo’: no such user\n");
            let conf = seat.types(&format!("ssh {host} 'cat /etc/resolv.conf'"));
            let dig = seat.types(&format!("ssh {host} 'dig docs.example | grep SERVER:'"));
            let server = dig.split("SERVER: ").nth(1).and_then(|s| s.split('#').next()).expect("a server");
            assert!(conf.contains(&format!("nameserver {server}\n")), "{conf}{dig}");
            let stat = seat.types(&format!("ssh {host} 'stat -c %s /etc/passwd; wc -c < /etc/passwd'"));
            let sizes: Vec<&str> = stat.lines().collect();
            assert_eq!(sizes[0], sizes[1], "{stat}");
        }
    }
}

/// A unit that died and waits for its automatic restart is on its way up, wherever it is looked at, until somebody stops it.
#[test]
fn a_unit_that_waits_for_its_restart_is_activating_everywhere() {
    let package = package::find("rust-registry-2023-07-20-bad-deploy").expect("the scenario is bundled");
    let mut seat = Seat::new(Arc::unwrap_or_clone(load(&package).expect("it loads")));
    let kill = "ssh web-01 'sudo kill -9 $(systemctl show -p MainPID --value api)'";
    // It waits twice as long each time.
    for _ in 0..5 {
        assert_eq!(seat.types(kill), "");
        let ran = (0..60).any(|_| {
            seat.wait(1);
            seat.root("web-01", "systemctl is-active api") == "active\n"
        });
        assert!(ran, "it came back by itself");
    }
    assert_eq!(seat.types(kill), "");
    seat.wait(16);
    assert_eq!(seat.types("ssh web-01 'systemctl is-active api; echo $?'"), "activating\n3\n");
    assert_eq!(seat.types("ssh web-01 'systemctl is-failed api; echo $?'"), "activating\n1\n");
    let shown = seat.root("web-01", "systemctl show -p MainPID,Result,ActiveState,SubState api");
    assert_eq!(shown, "MainPID=0\nResult=signal\nActiveState=activating\nSubState=auto-restart\n");
    let status = seat.types("ssh web-01 'systemctl status api -n 0; echo $?'");
    let lines: Vec<&str> = status.lines().collect();
    assert_eq!(lines[0], "● api.service - registry API");
    assert!(
        lines[2].starts_with("     Active: activating (auto-restart) (Result: signal) since Thu 2023-07-20 "),
        "{status}"
    );
    assert!(lines[3].ends_with("ExecStart=/app/bin/server (code=killed, signal=KILL)"), "{status}");
    assert!(lines[4].starts_with("   Main PID: ") && lines[4].ends_with(" (code=killed, signal=KILL)"), "{status}");
    assert_eq!(lines.last(), Some(&"3"));
    let row = "  api.service loaded activating auto-restart registry API\n";
    assert_eq!(seat.root("web-01", "systemctl list-units --no-legend api"), row);
    assert_eq!(seat.root("web-01", "systemctl --failed --no-legend"), "");
    let state =
        |state: &str| format!("node_systemd_unit_state{{instance=\"web-01\",name=\"api.service\",state=\"{state}\"}}");
    for (word, is) in [("activating", 1.0), ("failed", 0.0), ("active", 0.0)] {
        assert_eq!(seat.metric(&state(word)), Some(is), "{word}");
    }
    assert_eq!(seat.root("web-01", "systemctl stop api"), "");
    seat.wait(120);
    assert_eq!(seat.root("web-01", "systemctl is-active api"), "inactive\n");
    assert_eq!(seat.metric(&state("inactive")), Some(1.0));
}

/// A unit that dies whenever it is started is given up after so many starts, in the words of systemd, wherever one looks.
#[test]
fn a_unit_that_is_started_too_often_is_given_up() {
    let mut s = worlds::docs();
    let unit = s.world.hosts.get_mut("docs-01").and_then(|h| h.units.get_mut("web")).expect("a unit");
    (unit.restart, unit.start, unit.restart_after) = (true, Span(1), Some(Span(1)));
    unit.start_limit = StartLimit { burst: 4, interval: Span(20) };
    let mut seat = Seat::new(s);
    let shown = seat.root("docs-01", "systemctl show -p RestartUSec,StartLimitBurst,StartLimitIntervalUSec web");
    assert_eq!(shown, "RestartUSec=1s\nStartLimitBurst=4\nStartLimitIntervalUSec=20s\n");
    let file = seat.root("docs-01", "systemctl cat web | grep -E \"Restart|StartLimit\"");
    assert_eq!(file, "StartLimitBurst=4\nStartLimitIntervalSec=20\nRestart=on-failure\nRestartSec=1\n");
    // Nothing can be written any more: it dies at every start.
    seat.root("docs-01", "fallocate -l $(df --output=avail -B1 / | tail -n 1) /srv/fill");
    assert_eq!(seat.types("ssh docs-01 'df --output=avail -B1 / | tail -n 1'").trim(), "0");
    seat.wait(60);
    assert_eq!(seat.root("docs-01", "systemctl is-active web").trim(), "failed");
    let shown = seat.root("docs-01", "systemctl show -p Result,NRestarts,ActiveState,SubState web");
    assert_eq!(shown, "Result=exit-code\nNRestarts=5\nActiveState=failed\nSubState=failed\n");
    let said = seat.root("docs-01", "journalctl -u web -o cat | tail -n 4");
    let said: Vec<&str> = said.lines().collect();
    let wanted = [
        "web.service: Scheduled restart job, restart counter is at 5.",
        "web.service: Start request repeated too quickly.",
        "web.service: Failed with result 'exit-code'.",
        "Failed to start a unit.",
    ];
    assert_eq!(said, wanted);
    let before = seat.root("docs-01", "journalctl -u web -o cat | wc -l");
    seat.wait(120);
    assert_eq!(seat.root("docs-01", "journalctl -u web -o cat | wc -l"), before, "it stays as it is");
    assert!(seat.root("docs-01", "systemctl --failed --no-legend").contains("web.service"));
    seat.root("docs-01", "rm /srv/fill");
    seat.root("docs-01", "systemctl start web");
    seat.wait(10);
    assert_eq!(seat.root("docs-01", "systemctl is-active web").trim(), "active", "somebody may start it");
}
