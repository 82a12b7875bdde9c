//! Families of faults × modifiers: every family shows where it should, ends by what mends it and by nothing else, turns with its
//! dial, and runs every course that makes sense for it.
//!
//! The rows are `tests/data/fault/family.ron`, the place is `tests/data/fault/estate.ron`. `-- family --nocapture` prints the table.

mod course;
pub mod desk;
mod table;

use desk::{Desk, Places};
use std::sync::LazyLock;
use table::{Row, rows};

/// The four places in which a family shows.
const ALL: Places = Places { metric: true, log: true, alert: true, tool: true };

/// Where the dial is read.
const DIAL: [&str; 5] = ["1/10", "1/3", "1/2", "2/3", "1"];

/// Seconds after which nothing is left of what was mended: windows of a minute, averages of load.
const SETTLES: u64 = 150;

/// A session of the estate, a minute old; every cell of the table begins with a copy.
static MORNING: LazyLock<Desk> = LazyLock::new(|| {
    let mut desk = Desk::new(desk::estate());
    desk.wait(60);
    desk
});

/// What is seen, and whether it is what should be; else everything that could show it.
fn expect(d: &mut Desk, row: &Row, when: &str, ok: impl Fn(Places) -> bool) -> Places {
    let seen = d.places(row);
    assert!(ok(seen), "{}: {when}: shows in {seen}\n{}", row.name, d.tell(row));
    seen
}

/// Begins the fault of a row with these options of its course.
fn begin(row: &Row, options: &str) -> Desk {
    let mut d = MORNING.clone();
    expect(&mut d, row, "before", |p| !p.any());
    d.mark();
    d.gm(format!("fault {} {options}", row.fault).trim());
    d
}

fn lines(d: &mut Desk, all: &[String]) -> String {
    let mut said = String::new();
    for line in all {
        said += &format!("$ {line}\n{}", d.line(line));
        d.wait(5);
    }
    said
}

/// Its signature; what looks as if it helped leaves it; what mends it ends it.
fn shows_and_ends(row: &Row) -> Places {
    let mut d = begin(row, "");
    d.wait(row.wait);
    let seen = expect(&mut d, row, "while it is there", |p| p == ALL);
    lines(&mut d, &row.useless);
    d.wait(60);
    expect(&mut d, row, "after what does not help", |p| p.metric && p.alert && p.tool);
    let said = lines(&mut d, &row.mends);
    d.wait(SETTLES);
    d.mark();
    let failed = d.failing(60);
    assert_eq!(failed, 0, "{}: requests fail after what mends it\n{said}\n{}", row.name, d.tell(row));
    if !row.stays {
        let silent = row.log.1.starts_with('!');
        let quiet = |p: Places| !p.metric && !p.alert && (row.scar || !p.tool) && (silent || !p.log);
        expect(&mut d, row, "after what mends it", quiet);
        assert!(!d.there(row), "{}: is still there\n{said}", row.name);
    }
    seen
}

/// How bad it is with these options of its course: requests of users that fail, or what the row measures.
fn badness(row: &Row, options: &str) -> f64 {
    let mut d = begin(row, options);
    let failed = d.failing(row.dial_wait.unwrap_or(row.wait)) as f64;
    row.dial.as_ref().map_or(failed, |expr| d.number(expr).unwrap_or(0.0))
}

/// What its metric says by its dial in the minute in which it has had its time.
fn shown(row: &Row, options: &str) -> f64 {
    let mut d = begin(row, options);
    d.wait(row.wait + 60);
    d.number(&format!("avg_over_time(({})[60s:5s])", row.metric)).unwrap_or(0.0)
}

/// One row of the table, every cell of it.
fn family(name: &str) {
    let row = rows().into_iter().find(|r| r.name == name).expect("a row");
    let mut cells = vec![("plain".to_owned(), shows_and_ends(&row).to_string())];
    let dial: Vec<f64> = DIAL.iter().map(|s| badness(&row, &format!("--severity {s}"))).collect();
    let shown: Vec<f64> = DIAL.iter().map(|s| shown(&row, &format!("--severity {s}"))).collect();
    assert!(shown.is_sorted(), "{name}: its metric: {shown:?}");
    assert!(dial.is_sorted() && dial[0] < dial[DIAL.len() - 1], "{name}: a dial: {dial:?}");
    let words: Vec<String> = dial.iter().map(|v| format!("{v:.4}")).collect();
    cells.push((DIAL.join(", "), words.join(" ")));
    cells.extend(course::cells(&row));
    for (modifier, seen) in cells {
        println!("{name:<45} {modifier:<24} {}", seen.trim_end());
    }
}

/// Families that a modifier makes no sense for, at most: each says why. Overload outlives only what makes somebody wait.
#[test]
fn every_family_takes_every_modifier() {
    let (mut played, mut never) = (0, Vec::new());
    for row in rows() {
        for (name, _) in course::COURSES {
            match row.never.get(name) {
                Some(why) => never.push((name, format!("{}: {name}: {why}", row.name))),
                None => played += 1,
            }
        }
        assert!(row.leaves.is_none_or(|why| why.split(' ').count() > 5), "{}: what it leaves, and why", row.name);
    }
    println!("{played} cells are played; not these:");
    never.iter().for_each(|(_, line)| println!("{line}"));
    assert_eq!(played + never.len(), 23 * course::COURSES.len());
    let others: Vec<_> = never.iter().filter(|(name, _)| *name != "metastable").collect();
    assert!(others.is_empty(), "{others:?}");
}

macro_rules! families {
    ($($test:ident = $name:literal,)*) => {
        $(#[test]
        fn $test() {
            family($name);
        })*

        #[test]
        fn every_family_of_the_field_has_a_row() {
            let names: Vec<String> = rows().into_iter().map(|r| r.name).collect();
            assert_eq!(names, [$($name),*]);
            assert_eq!(names.len(), 23);
        }
    };
}

families! {
    bad_config_push = "bad config push",
    bad_deploy = "bad deploy/flag",
    expired_certificate = "expired cert/secret rotation",
    dns = "DNS",
    network_partition = "network partition/port/conntrack exhaustion",
    disk_exhaustion = "disk/inode/fd/pod-CIDR exhaustion",
    memory_leak = "memory leak/OOM",
    cpu = "CPU throttling/regex",
    lock_contention = "lock contention",
    pool_exhaustion = "pool exhaustion",
    queue_backlog = "queue backlog/poison pill",
    retry_storm = "retry storm/metastable",
    cache_stampede = "cache stampede",
    load_spike = "load spike/capacity",
    vendor_outage = "dependency or vendor outage",
    clock = "clock/leap second/time zone",
    replication = "replication/failover/split brain",
    silent_corruption = "silent data corruption/deletion",
    probe_loop = "autoscaler/probe/eviction loop",
    power = "hardware/power",
    monitoring_blind = "monitoring blind",
    automation = "human action/automation gone wrong",
    false_alarm = "no-fault false alarm",
}
