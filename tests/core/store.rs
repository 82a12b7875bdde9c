//! Tests of data stores by themselves: every write is somewhere, and what people do helps or does not.

#[path = "../support/stores.rs"]
mod stores;

mod copies;
mod faults;
mod format;
pub mod mysql;
mod swarm;
pub mod world;

use stores::{WAL, three};
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::scenario::{Commit, Failover, StoreFault, StoreSpec};
use wheel_of_misfortune::sim::StoreAct;
use wheel_of_misfortune::sim::store::SEGMENT;
use wheel_of_misfortune::sim::store::{Around, MemberRow, Seen, StorePlan, StoreState, StoreWeight};
use wheel_of_misfortune::stdx::rational::{Exact, ratio};
use wheel_of_misfortune::stdx::time::{Span, Utc};

const NOW: i64 = 1_485_900_000;
const REQUESTS: u64 = 1_000;
const WRITES: u64 = 200;

/// A store that runs under a steady load.
struct Bench {
    plan: StorePlan,
    state: StoreState,
    around: Around,
    jobs: u32,
    facts: Vec<FactKind>,
}

impl Bench {
    fn new(spec: &StoreSpec) -> Bench {
        let plan = StorePlan::new("db-main", spec, Utc(NOW));
        let state = StoreState::new(&plan, Utc(NOW), Utc(NOW));
        let seen = Seen { runs: true, data: true, avail: u64::MAX };
        let around = Around {
            now: Utc(NOW),
            requests: REQUESTS,
            ok: REQUESTS,
            active: 10,
            members: vec![seen; plan.members.len()],
            cut: Vec::new(),
        };
        Bench { plan, state, around, jobs: 0, facts: Vec::new() }
    }

    /// Lets time pass; what the store answers follows from how it weighs.
    fn run(&mut self, seconds: u64) -> &mut Bench {
        for _ in 0..seconds {
            let w = self.weight();
            self.around.ok = if w.reject { 0 } else { (REQUESTS as f64 * (1.0 - w.errors) + 0.5) as u64 };
            self.around.now = self.around.now.plus(1);
            self.state.step(&self.plan, &self.around, &mut self.facts);
            self.balance();
        }
        self
    }

    /// Every write that was ever taken is on the official history, lost, or on a member that left it.
    fn balance(&self) {
        let m = self.state.metrics(&self.plan, 0);
        let rows: u64 = self.losses().iter().filter(|(_, what)| what.contains("rows of")).map(|l| l.0).sum();
        assert_eq!(
            self.plan.first + m.writes_total + m.recovered_total,
            self.state.position() + (m.lost_total - rows) + m.unsettled,
            "{m:?}"
        );
        assert_eq!(m.lost_total, self.losses().iter().map(|l| l.0).sum::<u64>());
    }

    fn weight(&self) -> StoreWeight {
        self.state.weight(&self.plan)
    }

    fn act(&mut self, act: StoreAct) -> Result<u32, String> {
        self.jobs += 1;
        let begun = self.state.act(&self.plan, &act, self.jobs, &mut self.facts).map_err(|r| r.message)?;
        Ok(begun.map_or(0, |_| self.jobs))
    }

    fn weigh(&mut self, fault: &StoreFault, severity: f64) {
        self.state.weigh(&self.plan, fault, severity);
    }

    fn member(&self, name: &str) -> MemberRow {
        self.state.member_rows(&self.plan).into_iter().find(|m| m.name == name).expect("a member")
    }

    fn losses(&self) -> Vec<(u64, String)> {
        let of = |f: &FactKind| match f {
            FactKind::DurableLoss { amount, what } => Some((*amount, what.clone())),
            _ => None,
        };
        self.facts.iter().filter_map(of).collect()
    }

    fn lost(&self) -> u64 {
        self.state.metrics(&self.plan, 0).lost_total
    }

    fn done(&self, job: u32) -> bool {
        self.facts.iter().any(|f| matches!(f, FactKind::JobDone { job: j, .. } if *j == job))
    }

    fn said(&self, to: &str) -> usize {
        self.facts.iter().filter(|f| matches!(f, FactKind::StateChanged { to: t, .. } if t == to)).count()
    }

    fn host(&mut self, at: usize, runs: bool) {
        self.around.members[at].runs = runs;
    }
}

fn exact(n: i64, d: i64) -> Exact {
    Exact(ratio(n, d))
}

fn on(member: &str) -> (String, String) {
    ("db-main".to_owned(), member.to_owned())
}

fn dead(name: &str) -> StoreFault {
    let (store, member) = on(name);
    StoreFault::MemberDown { store, member }
}

fn stuck(name: &str) -> StoreFault {
    let (store, member) = on(name);
    StoreFault::ReplicationStuck { store, member }
}

fn isolated(name: &str) -> StoreFault {
    let (store, member) = on(name);
    StoreFault::Isolated { store, member }
}

fn automatic(fence: bool) -> StoreSpec {
    StoreSpec { failover: Failover::Automatic { timeout: Span(10), fence }, ..three() }
}

#[test]
fn a_healthy_store_takes_every_write_once_and_replicas_are_a_second_behind() {
    let mut b = Bench::new(&three());
    b.run(600);
    assert_eq!(b.state.position() - b.plan.first, 600 * WRITES);
    for name in ["db-2", "db-3"] {
        let m = b.member(name);
        assert_eq!((m.state, m.lag_s, m.lag_bytes), ("streaming", 0, WRITES * WAL));
    }
    assert_eq!(b.facts, vec![], "nothing happens");
    assert_eq!(b.weight(), StoreWeight { serving: 1, factor: 1.0, errors: 0.0, slots: 97, reject: false });
}

#[test]
fn a_replica_that_keeps_up_is_never_cut_off_from_the_log_that_it_needs() {
    // No slot, nothing kept on purpose, and writes of many segments a second.
    let mut b = Bench::new(&StoreSpec { wal_keep: 0, wal_per_write: 1 << 20, ..three() });
    b.run(120);
    assert_eq!((b.member("db-2").state, b.member("db-2").lag_s), ("streaming", 0));
}

#[test]
fn a_failover_loses_exactly_the_tail_that_no_replica_had() {
    let mut b = Bench::new(&automatic(true));
    b.run(60);
    b.weigh(&dead("db-1"), 1.0);
    // What was answered in the second before the death is on nobody else.
    b.run(1);
    assert!(b.weight().reject && b.state.refusal(&b.plan).is_some());
    b.run(8);
    assert_eq!((b.said("no leader"), b.losses().len()), (1, 0), "before the timeout nothing is decided");
    b.run(3);
    assert_eq!(b.losses(), vec![(WRITES, "db-main: writes that no replica had".to_owned())]);
    assert!(b.member("db-2").leader && b.member("db-2").accepts && !b.weight().reject);
    assert_eq!(b.member("db-3").state, "streaming");
    // The old primary comes back: it hears of the new one, and what it had alone is known as diverged.
    b.weigh(&dead("db-1"), 0.0);
    b.run(5);
    assert_eq!((b.member("db-1").state, b.member("db-1").diverged), ("diverged", WRITES));
    assert_eq!(b.lost(), WRITES, "not counted twice");
}

#[test]
fn what_stuck_replicas_did_not_receive_is_lost_with_the_primary() {
    let mut b = Bench::new(&automatic(true));
    b.run(10);
    b.weigh(&stuck("db-2"), 1.0);
    b.weigh(&stuck("db-3"), 1.0);
    b.run(30);
    assert_eq!((b.member("db-2").state, b.member("db-2").lag_s), ("stuck", 30));
    b.weigh(&dead("db-1"), 1.0);
    b.run(20);
    assert_eq!(b.lost(), 31 * WRITES, "30 seconds, and what was under way when it stuck");
}

#[test]
fn synchronous_commits_lose_nothing_and_wait_without_a_replica() {
    let mut b = Bench::new(&StoreSpec { commit: Commit::Synchronous, ..automatic(true) });
    b.run(60);
    b.weigh(&dead("db-1"), 1.0);
    b.run(20);
    assert_eq!((b.lost(), b.weight().reject), (0, false));
    b.weigh(&dead("db-3"), 1.0);
    b.run(3);
    let w = b.weight();
    assert!((w.errors - 0.2).abs() < 1e-9 && !w.reject, "reads go on, writes wait: {w:?}");
}

#[test]
fn without_a_majority_nobody_leads_and_a_witness_makes_one() {
    let mut pair = automatic(true);
    pair.members.remove("db-3");
    let mut b = Bench::new(&pair);
    b.run(10);
    b.weigh(&dead("db-1"), 1.0);
    b.run(120);
    assert!(b.weight().reject && !b.member("db-2").leader, "one of two is no majority");
    pair.witnesses = vec!["c".to_owned()];
    let mut b = Bench::new(&pair);
    b.run(10);
    b.weigh(&dead("db-1"), 1.0);
    b.run(12);
    assert!(b.member("db-2").accepts);
    // Promoting by hand works without a majority too.
    let mut b = Bench::new(&three());
    b.run(10);
    b.weigh(&dead("db-1"), 1.0);
    b.run(60);
    assert!(b.weight().reject, "nobody decides by themselves");
    b.act(StoreAct::Promote { member: "db-3".into() }).expect("promoted");
    b.run(1);
    assert!(b.member("db-3").accepts && b.lost() == WRITES);
}

#[test]
fn an_isolated_primary_is_fenced_or_splits_the_brain() {
    let mut fenced = Bench::new(&automatic(true));
    fenced.run(10);
    fenced.weigh(&isolated("db-1"), 1.0);
    fenced.run(60);
    assert_eq!((fenced.said("split brain"), fenced.member("db-1").state), (0, "fenced"));
    let mut split = Bench::new(&automatic(false));
    split.run(10);
    split.weigh(&isolated("db-1"), 1.0);
    split.run(60);
    assert_eq!((split.state.word(&split.plan), split.member("db-1").state), ("split brain", "split"));
    // Half of the writes go to each side; those of the wrong side are counted, to the last one.
    let m = split.state.metrics(&split.plan, 0);
    let alone = m.diverged - split.lost();
    assert_eq!(m.unsettled, alone);
    assert!(alone > 4_000 && alone.is_multiple_of(WRITES / 2), "{alone}");
    // Hearing each other again does not mend it; waiting makes it worse.
    split.weigh(&isolated("db-1"), 0.0);
    split.run(10);
    assert_eq!(split.state.word(&split.plan), "split brain");
    let alone = split.state.metrics(&split.plan, 0).unsettled;
    let before = split.lost();
    let job = split.act(StoreAct::Rebuild { member: "db-1".into(), wipe: true }).expect("begun");
    assert_eq!(split.lost() - before, alone, "a rebuild throws away what only that member had");
    split.run(240 + 205);
    assert!(split.done(job));
    assert_eq!((split.state.word(&split.plan), split.member("db-1").diverged), ("ok", 0));
}

#[test]
fn a_promotion_beside_a_living_primary_splits_and_a_switchover_does_not() {
    let mut b = Bench::new(&three());
    b.run(10);
    b.act(StoreAct::Promote { member: "db-2".into() }).expect("promoted");
    b.run(5);
    assert_eq!(b.state.word(&b.plan), "split brain");
    // Stopping the old primary ends the split, starting it again brings it back.
    b.host(0, false);
    b.run(2);
    assert_eq!(b.state.word(&b.plan), "ok");
    b.host(0, true);
    b.run(2);
    assert_eq!(b.state.word(&b.plan), "split brain");
    let mut b = Bench::new(&three());
    b.run(10);
    assert_eq!(
        b.act(StoreAct::Promote { member: "db-1".into() }),
        Err("pg_ctl: cannot promote server; server is not in standby mode".to_owned())
    );
    b.act(StoreAct::Switchover { member: "db-2".into() }).expect("accepted");
    b.run(3);
    assert_eq!((b.state.word(&b.plan), b.lost()), ("ok", 0));
    assert_eq!((b.member("db-1").state, b.member("db-2").leader), ("streaming", true));
}

#[test]
fn a_replica_that_applies_slowly_answers_from_the_past() {
    let mut spec = StoreSpec { replica_reads: exact(1, 2), ..three() };
    for name in ["db-2", "db-3"] {
        spec.members.get_mut(name).expect("a member").apply = exact(100, 1);
    }
    let mut b = Bench::new(&spec);
    b.run(100);
    // Half of each second's writes stay behind: after 100 s it shows what was there 50 s ago.
    let m = b.member("db-2");
    assert!((48..=52).contains(&m.lag_s) && m.receive_lag_bytes == WRITES * WAL, "{m:?}");
    let metrics = b.state.metrics(&b.plan, 0);
    assert_eq!(metrics.replica_reads_total, 100 * (REQUESTS - WRITES) / 2);
    assert!(metrics.stale_reads_total > 30_000, "{metrics:?}");
    // A promotion waits until all that was received is applied: nobody leads in the meantime.
    b.weigh(&dead("db-1"), 1.0);
    b.run(1);
    b.act(StoreAct::Promote { member: "db-2".into() }).expect("promoted");
    let mut waited = 0;
    while !b.member("db-2").accepts {
        b.run(1);
        waited += 1;
    }
    assert!((95..=105).contains(&waited), "{waited}");
}

#[test]
fn the_replica_that_has_most_is_elected_and_one_that_is_broken_never_is() {
    let mut b = Bench::new(&automatic(true));
    b.run(10);
    b.weigh(&stuck("db-2"), 1.0);
    b.run(30);
    b.weigh(&dead("db-1"), 1.0);
    b.run(20);
    assert_eq!((b.member("db-3").leader, b.lost()), (true, WRITES), "db-2 comes first by name and lacks 30 seconds");
    // Both lost the log that they need: neither is fit to lead.
    let mut b = Bench::new(&StoreSpec { wal_keep: 8 * SEGMENT, ..automatic(true) });
    for name in ["db-2", "db-3"] {
        b.weigh(&stuck(name), 1.0);
    }
    b.run(200);
    for name in ["db-2", "db-3"] {
        b.weigh(&stuck(name), 0.0);
    }
    b.run(60);
    assert_eq!((b.member("db-2").state, b.member("db-3").state), ("broken", "broken"));
    b.weigh(&dead("db-1"), 1.0);
    b.run(60);
    assert!(b.weight().reject && !b.member("db-2").leader && !b.member("db-3").leader);
}

#[test]
fn a_switchover_to_a_replica_that_does_not_catch_up_is_given_up() {
    let mut b = Bench::new(&three());
    b.weigh(&stuck("db-2"), 1.0);
    b.run(30);
    b.act(StoreAct::Switchover { member: "db-2".into() }).expect("accepted");
    b.run(30);
    assert!(b.weight().reject, "nobody takes writes while the replica is waited for");
    b.run(60);
    assert_eq!((b.weight().reject, b.member("db-1").accepts, b.lost()), (false, true, 0));
}

#[test]
fn nobody_is_elected_while_somebody_restores() {
    let mut b = Bench::new(&automatic(true));
    b.run(10);
    b.act(StoreAct::Restore { backup: "dump-good".into(), member: "db-1".into(), until: None }).expect("begun");
    b.run(120);
    assert!(b.weight().reject && !b.member("db-2").leader && !b.member("db-3").leader);
}

#[test]
fn a_commit_that_waits_for_a_replica_waits_for_a_slow_one_too() {
    // Replicas take in half of what is written.
    let mut spec = StoreSpec { commit: Commit::Synchronous, ..automatic(true) };
    spec.members.values_mut().for_each(|m| m.receive = exact(WRITES as i64 / 2, 1));
    let mut b = Bench::new(&spec);
    b.run(60);
    assert!(b.member("db-2").received == b.state.position() || b.member("db-3").received == b.state.position());
    b.weigh(&dead("db-1"), 1.0);
    b.run(30);
    assert_eq!(b.lost(), 0, "what was answered is on a replica");
}
