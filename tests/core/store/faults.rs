//! Fault families of data stores: signature, what mends them, what does not, and severity as a dial.

use super::*;
use wheel_of_misfortune::sim::store::WRAP_XIDS;

fn lock(table: &str) -> StoreFault {
    StoreFault::LockHeld {
        store: "db-main".into(),
        table: table.into(),
        statement: "ALTER TABLE users ADD COLUMN plan text".into(),
    }
}

fn leak() -> StoreFault {
    StoreFault::PoolLeak { store: "db-main".into(), client: "api".into(), rate: exact(1, 2) }
}

fn burn(rate: i64) -> StoreFault {
    StoreFault::XidBurn { store: "db-main".into(), rate: exact(rate, 1) }
}

fn rows(wrong: bool) -> StoreFault {
    let (store, table) = ("db-main".into(), "users".into());
    if wrong {
        StoreFault::RowsWrong { store, table, rate: exact(3, 1) }
    } else {
        StoreFault::RowsDeleted { store, table, rate: exact(100, 1) }
    }
}

fn statistics() -> StoreFault {
    StoreFault::StatisticsMissing { store: "db-main".into(), table: "users".into() }
}

#[test]
fn a_held_lock_queues_others_until_its_backend_is_ended() {
    let mut b = Bench::new(&three());
    b.run(10);
    b.weigh(&lock("users"), 1.0);
    b.run(20);
    let w = b.weight();
    assert!(w.slots < 10 && w.errors >= 0.75, "three quarters of the requests touch it: {w:?}");
    let locks = b.state.lock_rows(&b.plan);
    assert!(locks[0].waiting > 80, "{locks:?}");
    let activity = b.state.activity(&b.plan, 10);
    assert!(activity.iter().any(|a| a.pid == locks[0].pid && a.state == "idle in transaction"), "{activity:?}");
    assert!(activity.iter().any(|a| a.wait == "Lock" && a.count == locks[0].waiting));
    // What does not help: more statistics, more connections for a while, ending the wrong backend.
    b.act(StoreAct::Analyze { table: None }).expect("begun");
    b.run(30);
    assert!(b.weight().errors >= 0.75);
    assert_eq!(
        b.act(StoreAct::Terminate { pid: 1 }),
        Err("WARNING:  PID 1 is not a PostgreSQL backend process".to_owned())
    );
    assert!(!b.state.over(&b.plan, &lock("users")));
    b.act(StoreAct::Terminate { pid: locks[0].pid }).expect("ended");
    assert!(b.state.over(&b.plan, &lock("users")));
    b.run(1);
    assert_eq!((b.weight().errors, b.weight().slots), (0.0, 97));
}

#[test]
fn a_full_vacuum_takes_the_lock_that_it_needs() {
    let mut b = Bench::new(&three());
    let job = b.act(StoreAct::Vacuum { table: Some("users".into()), full: true }).expect("begun");
    b.run(20);
    assert!(b.weight().errors >= 0.75);
    b.act(StoreAct::Cancel { job }).expect("ended");
    b.run(1);
    assert_eq!(b.weight().errors, 0.0);
    assert!(b.state.job_failure(job).is_some());
}

#[test]
fn a_leak_takes_one_connection_after_the_other() {
    let mut b = Bench::new(&three());
    b.weigh(&leak(), 1.0);
    b.run(100);
    assert_eq!(b.weight().slots, 97 - 50);
    b.run(100);
    assert!(b.weight().reject);
    assert_eq!(b.state.refusal(&b.plan).as_deref(), Some("FATAL:  sorry, too many clients already"));
    assert_eq!(b.state.metrics(&b.plan, 0).connections, 97);
    // A larger limit helps for a while, at the price of a restart.
    b.act(StoreAct::MaxConnections { most: 120 }).expect("accepted");
    assert!(b.weight().reject, "it starts again");
    b.run(10);
    assert!(!b.weight().reject);
    b.run(300);
    assert!(b.weight().reject);
    b.act(StoreAct::TerminateIdle { client: "api".into() }).expect("ended");
    b.run(1);
    assert!(!b.weight().reject);
    // The defect ends, what it had taken stays taken until the client starts anew.
    b.run(100);
    b.state.end(&b.plan, &leak());
    let slots = b.weight().slots;
    b.run(100);
    assert_eq!(b.weight().slots, slots);
    b.state.client_restarted("api");
    assert_eq!(b.weight().slots, 117);
}

#[test]
fn transaction_ids_run_out_and_only_a_vacuum_brings_them_back() {
    let mut b = Bench::new(&three());
    b.weigh(&burn(20_000_000), 1.0);
    b.run(105);
    assert!(b.state.metrics(&b.plan, 0).xid_age < WRAP_XIDS && !b.weight().reject);
    assert!(b.state.lines().any(|l| l.level == "WARNING" && l.text.contains("must be vacuumed within")));
    b.run(5);
    let w = b.weight();
    assert!((w.errors - 0.2).abs() < 1e-9 && b.state.word(&b.plan) == "read only", "reads go on: {w:?}");
    // The cause is gone, the server's own vacuum has fallen behind: it stays read only for long.
    b.state.end(&b.plan, &burn(0));
    b.run(300);
    assert!(b.weight().errors > 0.1);
    let mut gentle = 300;
    let mut patient =
        Bench { state: b.state.clone(), plan: b.plan.clone(), around: b.around.clone(), facts: Vec::new(), jobs: 0 };
    while patient.weight().errors > 0.1 {
        patient.run(10);
        gentle += 10;
    }
    let job = b.act(StoreAct::Vacuum { table: None, full: false }).expect("begun");
    let eta = b.state.job_left_s(job).expect("runs");
    assert!((400..=402).contains(&eta), "40 GB and what was written since, at 100 MB/s: {eta}");
    b.run(eta + 1);
    assert!(b.done(job) && b.weight().errors == 0.0);
    assert!(gentle > 1_200, "by itself it would have taken {gentle} s");
}

#[test]
fn an_old_transaction_holds_vacuum_back() {
    let mut spec = three();
    spec.tables.values_mut().for_each(|t| t.xid_age = 0);
    let mut b = Bench::new(&spec);
    b.weigh(&lock("events"), 0.01);
    b.weigh(&burn(20_000_000), 1.0);
    b.run(112);
    b.state.end(&b.plan, &burn(0));
    b.act(StoreAct::Vacuum { table: None, full: false }).expect("begun");
    b.run(410);
    assert!(b.weight().errors > 0.1, "nothing newer than the oldest transaction can be frozen");
    let pid = b.state.lock_rows(&b.plan)[0].pid;
    b.act(StoreAct::Terminate { pid }).expect("ended");
    b.act(StoreAct::Vacuum { table: None, full: false }).expect("begun");
    b.run(410);
    assert_eq!(b.weight().errors, 0.0);
}

#[test]
fn truncating_a_disposable_table_is_the_short_way() {
    let mut spec = three();
    spec.tables.get_mut("events").expect("events").disposable = true;
    spec.tables.get_mut("events").expect("events").xid_age = WRAP_XIDS - 1_000;
    let mut b = Bench::new(&spec);
    b.run(10);
    assert_eq!(b.state.word(&b.plan), "read only");
    b.act(StoreAct::Truncate { table: "events".into() }).expect("done");
    b.run(1);
    assert_eq!((b.state.word(&b.plan), b.lost()), ("ok", 0));
    // One that cannot be made again costs its rows, but for those that a good backup holds.
    let rows = b.state.table_rows(&b.plan).iter().find(|t| t.name == "users").expect("users").rows;
    b.act(StoreAct::Truncate { table: "users".into() }).expect("done");
    assert_eq!(b.lost(), rows - (1_000_000 - 5_000));
}

#[test]
fn missing_statistics_make_queries_slow_until_they_are_gathered() {
    let mut b = Bench::new(&three());
    b.weigh(&statistics(), 1.0);
    b.run(5);
    assert!((b.weight().factor - (1.0 + 0.75 * 19.0)).abs() < 1e-9, "{:?}", b.weight());
    b.act(StoreAct::Vacuum { table: Some("users".into()), full: false }).expect("begun");
    b.run(120);
    assert!(b.weight().factor > 10.0, "a vacuum gathers none");
    b.act(StoreAct::Analyze { table: Some("events".into()) }).expect("begun");
    b.run(10);
    assert!(b.weight().factor > 10.0, "the wrong table");
    b.act(StoreAct::Analyze { table: Some("users".into()) }).expect("begun");
    b.run(10);
    assert_eq!(b.weight().factor, 1.0);
    assert!(b.state.over(&b.plan, &statistics()));
}

#[test]
fn wrong_rows_say_nothing_until_somebody_checks() {
    let mut b = Bench::new(&three());
    let before = b.act(StoreAct::Backup).expect("begun");
    b.run(250);
    assert!(b.done(before));
    let clean = b.state.backup_rows().last().expect("one").id.clone();
    b.weigh(&rows(true), 1.0);
    b.run(100);
    let after = b.act(StoreAct::Backup).expect("begun");
    b.run(250);
    assert!(b.done(after));
    let spoiled = b.state.backup_rows().last().expect("one").id.clone();
    assert_eq!(b.weight().errors, 0.0, "silent");
    let table = |b: &Bench| b.state.table_rows(&b.plan).into_iter().find(|t| t.name == "users").expect("users");
    assert_eq!(table(&b).found, None);
    let job = b.act(StoreAct::Check { table: Some("users".into()) }).expect("begun");
    b.run(60);
    assert!(b.done(job));
    let found = table(&b).found.expect("checked").1;
    assert!((1_150..=1_250).contains(&found), "{found}");
    b.state.end(&b.plan, &rows(true));
    // A backup from after it began brings the rows that were wrong by then.
    b.act(StoreAct::Repair { table: "users".into(), backup: spoiled }).expect("begun");
    b.run(260);
    assert_eq!(b.state.wrong_rows(), 300);
    b.act(StoreAct::Repair { table: "users".into(), backup: clean }).expect("begun");
    b.run(260);
    assert_eq!((b.state.wrong_rows(), b.lost()), (0, 0));
}

#[test]
fn deleted_rows_are_lost_as_far_as_no_backup_has_them() {
    let mut b = Bench::new(&three());
    b.run(10);
    b.weigh(&rows(false), 1.0);
    b.run(100);
    b.state.end(&b.plan, &rows(false));
    assert_eq!(b.lost(), 0, "the good backup holds more rows than were deleted");
    b.act(StoreAct::Repair { table: "users".into(), backup: "dump-good".into() }).expect("begun");
    b.run(210);
    let users = b.state.table_rows(&b.plan).into_iter().find(|t| t.name == "users").expect("users").rows;
    assert!(users >= 1_000_000, "{users}");
    let mut bare = three();
    bare.backups.get_mut("dump-good").expect("dump-good").valid = false;
    let mut b = Bench::new(&bare);
    b.weigh(&rows(false), 1.0);
    b.run(10);
    assert_eq!(b.lost(), 1_000);
    b.state.end(&b.plan, &rows(false));
    // A backup of what is left does not bring back what was gone before it.
    let users = |b: &Bench| b.state.table_rows(&b.plan).into_iter().find(|t| t.name == "users").expect("users").rows;
    b.act(StoreAct::Backup).expect("begun");
    b.run(250);
    let (left, late) = (users(&b), b.state.backup_rows().last().expect("one").id.clone());
    let writes = b.state.metrics(&b.plan, 0).writes_total;
    b.act(StoreAct::Repair { table: "users".into(), backup: late }).expect("begun");
    b.run(260);
    let written = b.state.metrics(&b.plan, 0).writes_total - writes;
    assert!(users(&b) - left <= written, "{} rows came from nowhere", users(&b) - left - written);
}

/// How badly a store is after two minutes of a fault: what callers feel, and what is behind, lost or wrong.
fn harm(fault: &StoreFault, severity: f64, spec: &StoreSpec) -> f64 {
    let mut b = Bench::new(spec);
    b.run(5);
    b.weigh(fault, severity);
    b.run(120);
    if matches!(fault, StoreFault::BackupsEmpty { .. }) {
        b.act(StoreAct::Backup).expect("begun");
        b.run(300);
        return -(b.state.backup_rows().last().expect("one").bytes as f64);
    }
    let w = b.weight();
    let m = b.state.metrics(&b.plan, 10);
    let lag: u64 = b.state.member_rows(&b.plan).iter().map(|m| m.lag_bytes).sum();
    let rows: u64 = b.state.table_rows(&b.plan).iter().map(|t| t.rows).sum();
    w.factor + w.errors * 1e3 + 100.0 - w.slots as f64 + lag as f64 / 1e6 + m.xid_age as f64 / 1e3 - rows as f64 / 1e3
        + b.state.wrong_rows() as f64
        + if w.reject { 1e6 } else { 0.0 }
}

#[test]
fn severity_is_a_dial() {
    let faults = [
        lock("users"),
        leak(),
        stuck("db-2"),
        dead("db-1"),
        isolated("db-2"),
        rows(true),
        rows(false),
        burn(1_000),
        statistics(),
        StoreFault::BackupsEmpty { store: "db-main".into() },
    ];
    for fault in &faults {
        let mut last = f64::NEG_INFINITY;
        for step in 0..=10 {
            let now = harm(fault, f64::from(step) / 10.0, &three());
            assert!(now >= last, "{fault:?} at {step}/10: {now} after {last}");
            last = now;
        }
        let none = harm(fault, 0.0, &three());
        assert!(last > none, "{fault:?} does nothing");
    }
}

/// The server's own vacuum does not begin while a fault blinds it, and goes on by as much as it sees.
#[test]
fn a_vacuum_goes_as_fast_as_it_sees() {
    let done = |severity: f64| {
        let mut spec = three();
        spec.tables.values_mut().for_each(|t| t.xid_age = 190_000_000);
        let mut b = Bench::new(&spec);
        b.weigh(&burn(1_000_000), severity);
        b.run(200);
        let rows = b.state.work_rows();
        let own = rows.iter().find(|w| w.job == 0 && w.what.contains("autovacuum"))?;
        let part = own.done as f64
            / (f64::from(u32::try_from(b.around.now.0 - own.since.0).expect("seconds")) * own.rate as f64);
        Some((part * 50.0 + 0.5) as u64)
    };
    assert_eq!([done(1.0), done(0.5), done(0.2)], [None, Some(25), Some(40)], "fiftieths of its pace");
}

/// What a restore brings back is there again: what is deleted later is repaired from the same backup.
#[test]
fn what_a_restore_brought_back_is_repaired_again() {
    let mut spec = three();
    spec.members.retain(|n, _| n == "db-1");
    spec.backups.get_mut("dump-good").expect("dump-good").valid = false;
    let mut b = Bench::new(&spec);
    b.act(StoreAct::Backup).expect("begun");
    b.run(250);
    let first = b.state.backup_rows().last().expect("one").id.clone();
    b.weigh(&rows(false), 1.0);
    b.run(20);
    b.state.end(&b.plan, &rows(false));
    let users = |b: &Bench| b.state.table_rows(&b.plan).into_iter().find(|t| t.name == "users").expect("users").rows;
    b.act(StoreAct::Restore { backup: first.clone(), member: "db-1".into(), until: None }).expect("begun");
    b.run(900);
    let whole = users(&b);
    b.weigh(&rows(false), 1.0);
    b.run(10);
    b.state.end(&b.plan, &rows(false));
    let job = b.act(StoreAct::Repair { table: "users".into(), backup: first }).expect("begun");
    b.run(300);
    assert!(b.done(job) && users(&b) >= whole, "{} of {whole}", users(&b));
}
