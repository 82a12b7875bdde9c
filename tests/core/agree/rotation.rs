//! Log files: what `ls`, `wc`, `zcat`, `df`, `tail` and `journalctl` say of them is one thing, before and after logrotate.

use super::{Actor, Seat, worlds};
use wheel_of_misfortune::scenario::{
    ClockSpec, Course, Fault, FileKind, FileSpec, LogrotateSpec, NetFault, Provenance, Scenario,
};
use wheel_of_misfortune::session::{Command, Session};
use wheel_of_misfortune::stdx::time::{Span, Utc};

const LOG: &str = "/var/log/api/api.log";

/// Two machines whose `api` writes to a log file of its own; it opens so many seconds before a moment of the day.
fn world(before_s: i64, of_day_s: i64, rule: Option<LogrotateSpec>) -> Scenario {
    let mut s = worlds::registry();
    s.world.logs.clear();
    let opens = s.t0.utc.plus(s.opens.0).0;
    let wanted = opens.div_euclid(86_400) * 86_400 + of_day_s - before_s;
    s.t0.utc = Utc(s.t0.utc.0 + wanted - opens);
    for h in s.world.hosts.values_mut() {
        let kind = FileKind::Text(String::new());
        let fact = Provenance::Invented;
        h.files.push(FileSpec { path: LOG.to_owned(), kind, owner: "api".to_owned(), precious: None, fact });
        h.logrotate.clone_from(&rule);
    }
    s
}

/// Runs a line on the machine.
fn on(seat: &mut Seat, line: &str) -> String {
    seat.types(&format!("ssh web-1 '{line}'"))
}

fn number(text: &str) -> u64 {
    text.trim().parse().unwrap_or_else(|_| panic!("a number: {text:?}"))
}

/// Every file of the log has as many bytes as it says, and all of them together say what the journal does.
fn whole(seat: &mut Seat) {
    let names = on(seat, "ls -1 /var/log/api");
    let mut all = Vec::new();
    for name in names.lines() {
        let path = format!("/var/log/api/{name}");
        let size = number(&on(seat, &format!("stat -c %s {path}")));
        assert_eq!(number(&on(seat, &format!("cat {path} | wc -c"))), size, "{name}");
        assert_eq!(number(&on(seat, &format!("wc -c < {path}"))), size, "{name}");
        let blocks = number(&on(seat, &format!("du -B1 {path} | cut -f1")));
        assert_eq!(blocks, size.div_ceil(4096) * 4096, "{name}");
        all.push((name.to_owned(), path));
    }
    // `api.log.3.gz`, `api.log.2.gz`, `api.log.1`, `api.log`: oldest first.
    all.sort_by(|a, b| b.0.cmp(&a.0));
    let all: Vec<String> = all.into_iter().map(|(_, path)| path).collect();
    let said = on(seat, &format!("zcat -f {} | cut -d\" \" -f2-", all.join(" ")));
    // What was written before the opening stands there too.
    let first = on(seat, &format!("zcat -f {} | head -n 1 | cut -d\" \" -f1", all.join(" ")));
    let since = first.trim().replace('T', " ").replace('Z', "");
    let journal = on(seat, &format!("journalctl -n all -u api -o cat --since \"{since}\""));
    assert!(said.lines().count() > 10, "{said}");
    let other = said.lines().zip(journal.lines()).find(|(a, b)| a != b);
    assert_eq!((other, said.lines().count()), (None, journal.lines().count()));
    let found = number(&on(seat, &format!("zgrep -h duration_ms {} | wc -l", all.join(" "))));
    assert_eq!(found, journal.lines().filter(|l| l.contains("duration_ms")).count() as u64);
}

/// Once a day, when the clock of the machine says midnight.
#[test]
fn logs_rotate_at_midnight_of_the_clock_of_their_host() {
    let mut seat = Seat::new(world(60, 86_400, None));
    seat.wait(30);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\n");
    whole(&mut seat);
    seat.wait(120);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\n");
    whole(&mut seat);
    let first = on(&mut seat, "head -n 1 /var/log/api/api.log");
    assert!(first.contains("T00:00:"), "{first}");
    let last = on(&mut seat, "tail -n 1 /var/log/api/api.log.1");
    assert!(last.contains("T23:59:"), "{last}");
    let cron = on(&mut seat, "journalctl -t CRON -o cat | grep -c logrotate");
    assert_eq!(cron, "1\n");
    assert_eq!(on(&mut seat, "stat -c \"%U %a\" /var/log/api/api.log"), "api 644\n");
}

/// A log that is too large goes at the next hourly run; of the old ones as many are kept as the scenario says.
#[test]
fn logs_rotate_by_size_and_so_many_are_kept() {
    let rule = LogrotateSpec { maxsize: Some(1_000), rotate: 2 };
    let mut seat = Seat::new(world(60, 3_600 * 9 + 1_020, Some(rule)));
    seat.wait(90);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\n");
    let conf = on(&mut seat, "grep -E \"rotate|maxsize\" /etc/logrotate.conf");
    assert_eq!(conf, "    maxsize 1000\n    rotate 2\n");
    let df = |seat: &mut Seat| number(&on(seat, "df -B1 --output=used / | tail -n 1"));
    let held = |seat: &mut Seat| {
        let all = on(seat, "stat -c %s /var/log/api/*");
        all.lines().map(number).sum::<u64>()
    };
    let rotate = |seat: &mut Seat| assert_eq!(on(seat, "sudo logrotate -f /etc/logrotate.conf"), "");
    rotate(&mut seat);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\napi.log.2.gz\n");
    whole(&mut seat);
    let before = df(&mut seat) - held(&mut seat);
    seat.wait(10);
    rotate(&mut seat);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\napi.log.2.gz\n", "the third is gone");
    assert_eq!(df(&mut seat) - held(&mut seat), before, "the disk has the bytes of the files and no others");
}

/// `tail -f` goes on with the file that it opened, `tail -F` with whatever has the name.
#[test]
fn tail_follows_a_file_or_a_name() {
    let mut seat = Seat::new(world(600, 3_600 * 9, None));
    seat.wait(5);
    seat.types("ssh web-1 'timeout 20 tail -n 0 -f /var/log/api/api.log > /tmp/f & timeout 20 tail -n 0 -F /var/log/api/api.log > /tmp/n 2> /tmp/e & sleep 6; sudo logrotate -f /etc/logrotate.conf; wait'");
    seat.wait(10);
    let said = on(&mut seat, "cat /tmp/e");
    assert_eq!(said, "tail: \"/var/log/api/api.log\" has been replaced;  following new file\n".replace('"', "'"));
    let (file, name) = (on(&mut seat, "cat /tmp/f"), on(&mut seat, "cat /tmp/n"));
    assert!(!file.is_empty() && name.starts_with(&file) && name.len() > file.len(), "{file}\n{name}");
    let (old, new) = (on(&mut seat, "cat /var/log/api/api.log.1"), on(&mut seat, "cat /var/log/api/api.log"));
    assert!(old.ends_with(&file), "the old file has nothing after the rotation");
    assert!(format!("{old}{new}").contains(&name), "nothing is missed between the two");
}

/// A log that was moved away goes on growing there until its program opens it anew.
#[test]
fn a_program_writes_to_the_file_that_it_has_open() {
    let mut seat = Seat::new(world(600, 3_600 * 9, None));
    seat.wait(5);
    on(&mut seat, "sudo mv /var/log/api/api.log /var/log/api/old");
    let size = |seat: &mut Seat, path: &str| number(&on(seat, &format!("stat -c %s {path}")));
    let before = size(&mut seat, "/var/log/api/old");
    seat.wait(10);
    assert!(size(&mut seat, "/var/log/api/old") > before, "it has the file open, not the name");
    on(&mut seat, "sudo systemctl restart api");
    seat.wait(20);
    let old = size(&mut seat, "/var/log/api/old");
    assert!(size(&mut seat, LOG) > 0, "it made a new one");
    seat.wait(5);
    assert_eq!(size(&mut seat, "/var/log/api/old"), old);
}

/// A log that is listed empty has what its program wrote in the half hour before the opening, and the bytes of it.
#[test]
fn what_was_written_before_the_opening_stands_in_the_log() {
    let package = super::package::find("docsrs-2019-10-21-disk-full").expect("the scenario is bundled");
    let mut seat = Seat::new(std::sync::Arc::unwrap_or_clone(super::load(&package).expect("it loads")));
    for log in ["/var/log/web/access.log", "/var/log/builder/builder.log"] {
        let said = seat.types(&format!("stat -c %s {log}; wc -c < {log}; cat {log} | wc -c"));
        let sizes: std::collections::BTreeSet<&str> = said.lines().collect();
        assert!(
            sizes.len() == 1 && number(&said.lines().next().unwrap_or_default().to_owned()) > 1_000,
            "{log}: {said}"
        );
    }
    let first = seat.types("head -n 1 /var/log/web/access.log");
    assert!(first.starts_with("2019-10-21T01:0"), "{first}");
}

/// Without room nothing goes into a log file; the journal has it.
#[test]
fn a_log_on_a_full_disk_stands_still() {
    let package = super::package::find("docsrs-2019-10-21-disk-full").expect("the scenario is bundled");
    let mut seat = Seat::new(std::sync::Arc::unwrap_or_clone(super::load(&package).expect("it loads")));
    seat.wait(60);
    let log = seat.types("tail -n 3 /var/log/web/access.log");
    assert!(log.contains(" 200 ") && !log.contains("No space left"), "{log}");
    let size = seat.types("stat -c %s /var/log/web/access.log");
    let journal = seat.types("journalctl -u web -o cat | grep -c \"No space left\"");
    assert!(number(&journal) > 0);
    seat.wait(60);
    assert_eq!(seat.types("stat -c %s /var/log/web/access.log"), size);
}

/// The state holds marks, not lines.
#[test]
fn a_log_file_takes_no_text_of_the_state() {
    let mut seat = Seat::new(world(600, 3_600 * 9, None));
    seat.wait(60);
    let text = |s: &Session| serde_json::to_string(&s.world().host("web-1").expect("a host").vfs).expect("text");
    let before = text(&seat.session).len();
    seat.wait(300);
    assert!(text(&seat.session).len() < before + 100);
}

/// The same with these files beside the log, on the first machine.
fn beside(mut s: Scenario, paths: &[&str]) -> Scenario {
    for path in paths {
        let (kind, fact) = (FileKind::Text(String::new()), Provenance::Invented);
        let file = FileSpec { path: (*path).to_owned(), kind, owner: "api".to_owned(), precious: None, fact };
        s.world.hosts.get_mut("web-1").expect("a host").files.push(file);
    }
    s
}

fn size(seat: &mut Seat, path: &str) -> u64 {
    number(&on(seat, &format!("stat -c %s {path}")))
}

/// A machine that is an hour ahead of UTC turns its logs over an hour earlier, by what its own clock says is a day.
#[test]
fn midnight_is_where_the_machine_is() {
    let mut s = world(60, 23 * 3_600, None);
    let fact = Provenance::Invented;
    let clock = ClockSpec { offset_us: 0, drift_ppm: 0, ntp: true, zone_min: 60, shift: None, fact };
    s.world.network.clocks.insert("web-1".to_owned(), clock);
    let mut seat = Seat::new(s);
    seat.wait(90);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\n");
    assert_eq!(seat.types("ssh web-2 'ls -1 /var/log/api'"), "api.log\n", "there it is eleven o'clock");
    // Set back by two hours and put right again it is midnight twice, and the day is turned over once.
    seat.does(
        Actor::Gm,
        Command::BeginFault {
            fault: Fault::Net(NetFault::ClockStep { host: "web-1".to_owned(), ms: -7_200_000 }),
            course: Course { lasts: Some(Span(30)), ..Course::default() },
        },
    );
    seat.wait(60);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\n");
    assert_eq!(on(&mut seat, "journalctl -t CRON -o cat | grep -c logrotate"), "1\n");
}

/// What is empty stays; what midnight brought before the opening is as the scenario lists it.
#[test]
fn an_empty_log_stays_and_what_came_before_the_opening_is_as_it_is_listed() {
    let mut s = world(-600, 86_400, None);
    let log = s.world.hosts.get_mut("web-1").and_then(|h| h.files.iter_mut().find(|f| f.path == LOG)).expect("a log");
    log.kind = FileKind::Text("started\n".to_owned());
    let mut seat = Seat::new(s);
    seat.wait(5);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\n", "midnight was ten minutes before the opening");
    let mut seat = Seat::new(world(60, 86_400, None));
    on(&mut seat, "sudo systemctl stop api; sudo truncate -s 0 /var/log/api/api.log");
    seat.wait(90);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\n");
    assert_eq!(size(&mut seat, LOG), 0);
}

/// At the hourly run only what is too large goes, and of the old ones as many stay as the scenario says.
#[test]
fn an_hourly_run_takes_what_is_too_large() {
    let rule = |maxsize: u64| Some(LogrotateSpec { maxsize: Some(maxsize), rotate: 1 });
    let mut seat = Seat::new(world(60, 3_600 * 9 + 1_020, rule(1 << 40)));
    seat.wait(90);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\n");
    let mut seat = Seat::new(world(60, 3_600 * 9 + 1_020, rule(1_000)));
    seat.wait(90);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\n");
    seat.wait(3_600);
    assert_eq!(on(&mut seat, "ls -1 /var/log/api"), "api.log\napi.log.1\n", "one is kept");
}

/// A program writes to the logs of its directory and to the one of its name, each with every line of it, and to nothing else.
#[test]
fn a_program_has_the_logs_of_its_name() {
    let (flat, other, notes) = ("/var/log/api.log", "/var/log/api/audit.log", "/var/log/api/notes.txt");
    let mut seat = Seat::new(beside(world(600, 3_600 * 9, None), &[flat, other, notes]));
    let before = size(&mut seat, flat);
    seat.wait(20);
    let now = [flat, LOG, other].map(|path| {
        let listed = size(&mut seat, path);
        assert_eq!(number(&on(&mut seat, &format!("cat {path} | wc -c"))), listed, "{path}");
        listed
    });
    assert!(now[0] > before && now.iter().all(|n| *n == now[0]), "{before} {now:?}");
    assert_eq!(size(&mut seat, notes), 0);
    // Without its directory a program still has the log of its name.
    on(&mut seat, "sudo mv /var/log/api.log /var/log/old; sudo rm -r /var/log/api; sudo systemctl restart api");
    seat.wait(20);
    let old = size(&mut seat, "/var/log/old");
    seat.wait(10);
    assert_eq!(size(&mut seat, "/var/log/old"), old);
    assert!(size(&mut seat, flat) > 0);
    assert_eq!(on(&mut seat, "stat -c %U /var/log/api.log"), "root\n", "as the directory has it");
}

/// Whoever makes a file of the name of a log that was moved away has made a file.
#[test]
fn a_file_of_the_name_is_not_the_file_that_is_open() {
    let mut seat = Seat::new(world(600, 3_600 * 9, None));
    on(&mut seat, "sudo mv /var/log/api/api.log /var/log/api/old; sudo touch /var/log/api/api.log");
    let before = size(&mut seat, "/var/log/api/old");
    seat.wait(10);
    assert_eq!(size(&mut seat, LOG), 0);
    assert!(size(&mut seat, "/var/log/api/old") > before);
    let open = on(&mut seat, "sudo lsof -nP -u api");
    assert!(open.contains("/var/log/api/old") && !open.contains(LOG), "{open}");
    on(&mut seat, "sudo rm /var/log/api/api.log; sudo chown api /var/log/api; sudo systemctl restart api");
    seat.wait(20);
    assert_eq!(on(&mut seat, "stat -c %U /var/log/api/api.log"), "api\n", "as the directory has it");
}

/// Logs without a name grow on the disk for as long as there is room.
#[test]
fn removed_logs_grow_until_the_disk_is_full() {
    let other = "/var/log/api/audit.log";
    let mut seat = Seat::new(beside(world(600, 3_600 * 9, None), &[other]));
    seat.wait(5);
    let used = |seat: &mut Seat| number(&on(seat, "df -B1 --output=used / | tail -n 1"));
    let held = |seat: &mut Seat| -> Vec<u64> {
        let open = on(seat, "sudo lsof -nP +L1 | tail -n +2");
        let sizes = open.lines().filter(|l| l.contains("/var/log/api/"));
        sizes.map(|l| number(l.split_whitespace().nth(6).unwrap_or_default())).collect()
    };
    on(&mut seat, "sudo rm /var/log/api/api.log /var/log/api/audit.log");
    let (sizes, bytes) = (held(&mut seat), used(&mut seat));
    seat.wait(30);
    let (grown, more) = (held(&mut seat), used(&mut seat));
    assert_eq!((sizes.len(), grown.len()), (2, 2));
    assert!(grown[0] > sizes[0] && grown[0] == grown[1], "{sizes:?} {grown:?}");
    // Lines that were written between the two looks are in one of them alone.
    let (by_size, by_disk) = (grown.iter().sum::<u64>() - sizes.iter().sum::<u64>(), more - bytes);
    assert!(by_disk.abs_diff(by_size) * 10 < by_size, "{by_size} by their sizes, {by_disk} by the disk");
    on(&mut seat, "sudo fallocate -l $(df --output=avail -B1 / | tail -n 1) /srv/fill");
    seat.wait(2);
    let full = held(&mut seat);
    seat.wait(30);
    assert_eq!(held(&mut seat), full, "there is no room for more");
}
