//! Copies: log that is held back or gone, rebuilt members, backups that claim and backups that hold.

use super::*;
use wheel_of_misfortune::sim::store::SEGMENT;
use wheel_of_misfortune::stdx::time::Offset;

#[test]
fn a_slot_of_a_stuck_replica_holds_the_log_until_the_disk_is_full() {
    let mut spec = StoreSpec { wal_keep: 0, ..three() };
    spec.members.get_mut("db-2").expect("db-2").slot = true;
    // Room for about 100 more segments; each takes about ten seconds.
    spec.members.get_mut("db-1").expect("db-1").disk = Some(40_000_000_000 + 100 * SEGMENT);
    let mut b = Bench::new(&spec);
    b.run(60);
    let calm = b.member("db-1").log_bytes;
    b.weigh(&stuck("db-2"), 1.0);
    b.run(400);
    let held = b.member("db-1");
    assert!(held.log_bytes > calm + 30 * SEGMENT && b.member("db-2").slot_bytes > Some(30 * SEGMENT), "{held:?}");
    let mut kept =
        Bench { state: b.state.clone(), plan: b.plan.clone(), around: b.around.clone(), facts: Vec::new(), jobs: 0 };
    // Left alone, the primary stops.
    b.run(800);
    assert_eq!(b.member("db-1").state, "down");
    assert!(b.weight().reject);
    assert!(b.state.lines().any(|l| l.level == "PANIC" && l.text.contains("No space left on device")));
    // Dropping the slot in time frees the log; the replica has then lost what it needs.
    kept.facts = b.facts.iter().filter(|f| matches!(f, FactKind::DurableLoss { .. })).cloned().collect();
    kept.act(StoreAct::DropSlot { member: "db-2".into() }).expect("dropped");
    kept.run(800);
    assert_eq!((kept.member("db-1").state, kept.weight().reject), ("primary", false));
    assert!(kept.member("db-1").log_bytes <= calm + SEGMENT);
    kept.weigh(&stuck("db-2"), 0.0);
    kept.run(2);
    assert_eq!(kept.member("db-2").state, "broken");
    let job = kept.act(StoreAct::Rebuild { member: "db-2".into(), wipe: true }).expect("begun");
    kept.run(450);
    assert!(kept.done(job) && kept.member("db-2").state == "streaming");
}

#[test]
fn a_limit_on_slots_sacrifices_the_replica_for_the_primary() {
    let mut spec = StoreSpec { wal_keep: 0, slot_limit: Some(10 * SEGMENT), ..three() };
    spec.members.get_mut("db-2").expect("db-2").slot = true;
    let mut b = Bench::new(&spec);
    b.weigh(&stuck("db-2"), 1.0);
    b.run(300);
    let m = b.member("db-2");
    assert!(m.slot_lost && b.member("db-1").log_bytes < 8 * SEGMENT, "{m:?}");
}

#[test]
fn without_a_slot_the_log_goes_and_only_a_rebuild_helps() {
    let mut b = Bench::new(&StoreSpec { wal_keep: 8 * SEGMENT, ..three() });
    b.weigh(&stuck("db-2"), 1.0);
    b.run(200);
    b.weigh(&stuck("db-2"), 0.0);
    b.run(60);
    assert_eq!(b.member("db-2").state, "broken");
    assert!(b.state.lines().any(|l| l.text.contains("has already been removed")));
    let err = b.act(StoreAct::Rebuild { member: "db-2".into(), wipe: false }).expect_err("not empty");
    assert_eq!(err, "pg_basebackup: error: directory \"/var/lib/postgresql/15/main\" exists but is not empty");
    assert!(b.act(StoreAct::Rebuild { member: "db-1".into(), wipe: true }).is_err(), "the primary itself");
    let job = b.act(StoreAct::Rebuild { member: "db-2".into(), wipe: true }).expect("begun");
    // It is silent until the checkpoint is done, then it moves at its rate.
    b.run(239);
    let w = b.state.work_rows()[0].clone();
    assert!(w.waits && w.done == 0, "{w:?}");
    b.run(101);
    let w = b.state.work_rows()[0].clone();
    assert_eq!(w.done, 100 * 200_000_000);
    assert!((100..=105).contains(&w.left_s), "{w:?}");
    assert_eq!(b.member("db-2").state, "rebuilding");
    b.run(105);
    assert!(b.done(job));
    b.run(2);
    assert_eq!((b.member("db-2").state, b.lost()), ("streaming", 0));
}

#[test]
fn a_copy_fails_when_its_primary_goes() {
    let mut b = Bench::new(&three());
    let job = b.act(StoreAct::Rebuild { member: "db-2".into(), wipe: true }).expect("begun");
    b.run(300);
    b.weigh(&dead("db-1"), 1.0);
    b.run(2);
    assert_eq!(b.state.job_failure(job), Some("server closed the connection unexpectedly"));
    assert!(!b.done(job) && b.member("db-2").state == "empty");
}

#[test]
fn a_deleted_data_directory_is_lost_down_to_the_best_copy() {
    // With a replica: what it has not received.
    let mut b = Bench::new(&three());
    b.run(100);
    b.around.members[0].data = false;
    b.run(1);
    assert_eq!((b.member("db-1").state, b.weight().reject), ("empty", true));
    // What was on its way, and what was answered in the second of the deletion.
    assert_eq!(b.losses(), vec![(2 * WRITES, "db-main: writes without a copy".to_owned())]);
    b.act(StoreAct::Promote { member: "db-2".into() }).expect("promoted");
    b.run(2);
    assert_eq!((b.lost(), b.weight().reject), (2 * WRITES, false));
    // Alone: everything since the last backup that can be restored, whatever the list claims.
    let mut alone = three();
    alone.members.retain(|n, _| n == "db-1");
    let mut b = Bench::new(&alone);
    b.run(100);
    b.act(StoreAct::Destroy { member: "db-1".into() }).expect("done");
    assert_eq!(b.lost(), 5_000 + 100 * WRITES, "the newer backup is empty");
}

#[test]
fn a_backup_is_what_was_restored_and_not_what_is_claimed() {
    let mut alone = three();
    alone.members.retain(|n, _| n == "db-1");
    let mut b = Bench::new(&alone);
    b.run(60);
    let rows = b.state.backup_rows();
    assert!(rows.iter().all(|r| r.claimed && r.verified.is_none()), "{rows:?}");
    assert_eq!(rows.iter().map(|r| r.bytes).collect::<Vec<_>>(), vec![10_000_000_000, 1_247], "the size tells");
    let job = b.act(StoreAct::Verify { backup: "dump-empty".into() }).expect("begun");
    b.run(2);
    assert!(!b.done(job) && b.state.job_failure(job).is_some());
    assert_eq!(b.state.backup_rows()[1].verified, Some(false));
    // Restoring it wipes first and finds out afterwards.
    let job =
        b.act(StoreAct::Restore { backup: "dump-empty".into(), member: "db-1".into(), until: None }).expect("begun");
    b.run(5);
    assert!(b.state.job_failure(job).is_some() && b.weight().reject);
    assert_eq!(b.lost(), 5_000 + 62 * WRITES);
    let job =
        b.act(StoreAct::Restore { backup: "dump-good".into(), member: "db-1".into(), until: None }).expect("begun");
    let eta = b.state.job_left_s(job).expect("runs");
    assert!((790..=810).contains(&eta), "40 GB at 50 MB/s: {eta}");
    b.run(eta - 1);
    assert!(!b.done(job) && b.weight().reject);
    b.run(2);
    assert!(b.done(job) && !b.weight().reject);
    assert_eq!(b.lost(), 5_000 + 62 * WRITES, "the loss was sealed by the deletion");
    // Rows that were read in again are unknown to the planner.
    assert!(b.weight().factor > 15.0, "{:?}", b.weight());
    let job = b.act(StoreAct::Analyze { table: None }).expect("begun");
    b.run(10);
    assert!(b.done(job) && b.weight().factor == 1.0);
}

#[test]
fn an_archived_log_brings_back_what_came_after_the_backup() {
    let mut spec = StoreSpec { archive: true, ..three() };
    spec.members.retain(|n, _| n == "db-1");
    spec.backups.get_mut("dump-good").expect("dump-good").kind = wheel_of_misfortune::scenario::BackupKind::Base;
    let mut b = Bench::new(&spec);
    b.run(100);
    b.act(StoreAct::Destroy { member: "db-1".into() }).expect("done");
    let segment = SEGMENT / WAL;
    assert!(b.lost() < segment, "less than a segment was not archived: {}", b.lost());
    // Back to a point in time before the end.
    let until = Some(Utc(NOW + 50));
    let job = b.act(StoreAct::Restore { backup: "dump-good".into(), member: "db-1".into(), until }).expect("begun");
    b.run(b.state.job_left_s(job).expect("runs") + 1);
    assert!(b.done(job));
    let lost = b.lost();
    assert!((50 * WRITES..50 * WRITES + segment + 10 * WRITES).contains(&lost), "{lost}");
}

#[test]
fn scheduled_backups_come_and_old_ones_go() {
    use wheel_of_misfortune::scenario::{BackupKind, ScheduleSpec};
    let schedule = ScheduleSpec {
        every: Span(600),
        next: Offset(60),
        kind: BackupKind::Dump,
        place: "s3://backups/db".to_owned(),
        keep: 3,
        valid: true,
    };
    let mut b = Bench::new(&StoreSpec { schedule: Some(schedule), ..three() });
    b.run(150);
    let rows = b.state.backup_rows();
    assert_eq!(rows.len(), 3, "two old ones and the first new one: {rows:?}");
    b.weigh(&StoreFault::BackupsEmpty { store: "db-main".into() }, 1.0);
    b.run(2_000);
    let rows = b.state.backup_rows();
    assert_eq!(rows.len(), 3);
    let last = rows.last().expect("one");
    assert!(rows.iter().all(|r| r.claimed) && last.bytes < 2_000, "{rows:?}");
    // It is claimed to be good, and is found empty when somebody looks.
    let job = b.act(StoreAct::Verify { backup: last.id.clone() }).expect("begun");
    b.run(30);
    assert!(!b.done(job) && b.state.job_failure(job).is_some(), "{rows:?}");
}

#[test]
fn a_rebuild_keeps_the_log_from_its_start() {
    let mut b = Bench::new(&StoreSpec { wal_keep: 0, ..three() });
    b.run(60);
    let calm = b.member("db-1").log_bytes;
    b.act(StoreAct::Rebuild { member: "db-2".into(), wipe: true }).expect("begun");
    b.run(400);
    // A segment fills in ten seconds.
    assert!(b.member("db-1").log_bytes > calm + 30 * SEGMENT, "{:?}", b.member("db-1"));
    b.run(60);
    assert_eq!(b.member("db-2").state, "streaming");
    b.run(20);
    assert!(b.member("db-1").log_bytes <= calm + 2 * SEGMENT, "{:?}", b.member("db-1"));
}
