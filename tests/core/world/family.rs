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

/// How bad it is by its dial: requests of users that fail, or what the row measures.
fn badness(row: &Row, severity: &str) -> f64 {
    let mut d = begin(row, &format!("--severity {severity}"));
    let failed = d.failing(row.dial_wait.unwrap_or(row.wait)) as f64;
    row.dial.as_ref().map_or(failed, |expr| d.number(expr).unwrap_or(0.0))
}

/// One row of the table, every cell of it.
fn family(name: &str) {
    let row = rows().into_iter().find(|r| r.name == name).expect("a row");
    let mut cells = vec![("plain".to_owned(), shows_and_ends(&row).to_string())];
    let dial: Vec<f64> = ["1/4", "1/2", "1"].iter().map(|s| badness(&row, s)).collect();
    assert!(dial[0] <= dial[1] && dial[1] <= dial[2] && dial[0] < dial[2], "{name}: a dial: {dial:?}");
    cells.push(("low, mid, high".to_owned(), format!("{:.4} {:.4} {:.4}", dial[0], dial[1], dial[2])));
    cells.extend(course::cells(&row));
    for (modifier, seen) in cells {
        println!("{name:<45} {modifier:<24} {}", seen.trim_end());
    }
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
