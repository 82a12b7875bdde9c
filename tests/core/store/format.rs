//! Data stores in the scenario format: defaults, every field, and faults in both their forms.

use std::collections::BTreeMap;
use std::path::PathBuf;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{
    BackupKind, Commit, Failover, Fault, Scenario, fault_from_words, fault_kinds, fault_words, load,
};
use wheel_of_misfortune::sim::World;
use wheel_of_misfortune::stdx::time::{Offset, Span};

const SERVICE: &str =
    "\"db\": (kind: Database, name: \"DB\", owner: \"you\", dns: \"db.example\"),\n\"api\": (kind: Http,";

/// The small scenario with a service `db` and these stores.
fn with(stores: &str) -> Scenario {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(root.join("tests/data/scenario/small.ron")).expect("small.ron");
    let source = source.replacen("\"api\": (kind: Http,", SERVICE, 1);
    let source =
        source.replacen("        alerts: {", &format!("        stores: {{ {stores} }},\n        alerts: {{"), 1);
    let texts = ["briefing.en.md", "briefing.ko.md", "sources.md", "reference.wom", "better.wom", "nobody.wom"];
    let mut files: BTreeMap<String, String> = texts.iter().map(|n| ((*n).to_owned(), "text".to_owned())).collect();
    files.insert("scenario.ron".to_owned(), source);
    let loaded = load(&Package { slug: "small".to_owned(), path: "small".to_owned(), files });
    loaded.scenario.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

#[test]
fn a_store_needs_little_and_runs() {
    let s = with("\"db-main\": (service: \"db\", fact: \"invented\", members: { \"one\": () })");
    let spec = &s.world.stores["db-main"];
    assert_eq!((spec.database.as_str(), spec.commit, spec.failover), ("app", Commit::Asynchronous, Failover::Manual));
    assert_eq!((spec.max_connections, spec.tables["main"].rows), (100, 10_000_000));
    let mut w = World::new(&s, 3);
    for _ in 0..10 {
        w.step();
    }
    let (plan, state) = w.store("db-main").expect("a store");
    assert_eq!(state.word(plan), "ok");
}

#[test]
fn every_field_arrives() {
    let s = with(
        "\"db-main\": (service: \"db\", database: \"shop\", fact: \"pm 12:00\", writes: \"1/3\", replica_reads: \"1/2\",
           stale_after: \"7s\", wal_per_write: \"4KiB\", row: \"100B\", commit: Synchronous,
           failover: Automatic(timeout: \"20s\", fence: false), witnesses: [\"c\"], wal_keep: \"2GiB\", slot_limit: \"9GB\",
           archive: true, max_connections: 50, reserved: 5, clients: 10, lock_wait: \"8s\", autovacuum: false,
           vacuum_rate: \"1MB\", copy_rate: \"2MB\", restore_rate: \"3MB\", checkpoint: \"4m\",
           members: { \"one\": (zone: \"x\", disk: \"1TB\"),
                      \"two\": (host: \"web-01\", follows: \"one\", data: \"/data\", receive: \"10/s\", apply: \"5/s\",
                              behind: \"1GB\", behind_for: \"2h\", slot: true) },
           tables: { \"t\": (size: \"1GB\", rows: 5, weight: 2, xid_age: 7, analyzed: false, unplanned: \"3\", disposable: true) },
           backups: { \"b\": (at: \"T-6h\", size: \"1GB\", behind: 9, kind: Snapshot, place: \"s3\", claimed: false, valid: false) },
           schedule: (every: \"1h\", next: \"T+5m\", kind: Base, place: \"nfs\", keep: 2, valid: false))",
    );
    let spec = &s.world.stores["db-main"];
    assert_eq!((spec.commit, spec.checkpoint, spec.slot_limit), (Commit::Synchronous, Span(240), Some(9_000_000_000)));
    assert_eq!(spec.failover, Failover::Automatic { timeout: Span(20), fence: false });
    let two = &spec.members["two"];
    assert_eq!((two.follows.as_deref(), two.behind_for, two.slot), (Some("one"), Span(7_200), true));
    let b = &spec.backups["b"];
    assert_eq!((b.at, b.kind, b.claimed, b.valid, b.behind), (Offset(-21_600), BackupKind::Snapshot, false, false, 9));
    let schedule = spec.schedule.as_ref().expect("a schedule");
    assert_eq!((schedule.kind, schedule.keep, schedule.valid), (BackupKind::Base, 2, false));
    assert!(spec.archive && !spec.autovacuum && spec.tables["t"].disposable && !spec.tables["t"].analyzed);
    // Two hours behind at the opening, as the file says.
    let w = World::new(&s, 3);
    let (plan, state) = w.store("db-main").expect("a store");
    let row = state.member_rows(plan).into_iter().find(|m| m.name == "two").expect("two");
    assert!(row.lag_s.abs_diff(7_200) <= 2 && row.lag_bytes.abs_diff(1_000_000_000) < 8_192, "{row:?}");
}

#[test]
fn faults_of_stores_have_words_that_read_back() {
    let given = [
        ("lock_held", vec![("store", "db-main"), ("table", "users"), ("statement", "ALTER TABLE users")]),
        ("pool_leak", vec![("store", "db-main"), ("client", "api"), ("rate", "1/3/s")]),
        ("replication_stuck", vec![("store", "db-main"), ("member", "db-2")]),
        ("isolated", vec![("store", "db-main"), ("member", "db-1")]),
        ("member_down", vec![("store", "db-main"), ("member", "db-1")]),
        ("rows_wrong", vec![("store", "db-main"), ("table", "users"), ("rate", "3/s")]),
        ("rows_deleted", vec![("store", "db-main"), ("table", "users"), ("rate", "100/s")]),
        ("xid_burn", vec![("store", "db-main"), ("rate", "1000000/s")]),
        ("statistics_missing", vec![("store", "db-main"), ("table", "users")]),
        ("backups_empty", vec![("store", "db-main")]),
    ];
    for (kind, fields) in given {
        assert!(fault_kinds().any(|(word, _)| word == kind), "{kind}");
        let pairs: Vec<(String, String)> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let fault = fault_from_words(kind, &pairs).unwrap_or_else(|e| panic!("{kind}: {e}"));
        assert!(matches!(fault, Fault::Store(_)), "{fault:?}");
        let (word, again) = fault_words(&fault);
        let again: Vec<(String, String)> = again.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        assert_eq!((word.as_str(), fault_from_words(&word, &again)), (kind, Ok(fault)));
    }
}
