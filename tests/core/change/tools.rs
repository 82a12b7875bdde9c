//! What a responder's tools print and do about changes, in a played session.

use super::*;
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::session::PRIMARY;

struct Desk {
    host: SessionHost,
    seen: usize,
}

impl Desk {
    fn new(source: &str) -> Desk {
        let host = SessionHost::start(package(source), Options::default()).expect("it starts");
        Desk { host, seen: 0 }
    }

    /// Types a line and returns what the terminal printed since.
    fn says(&mut self, line: &str) -> String {
        self.host.line(PRIMARY, line).unwrap_or_else(|e| panic!("{line}: {e:?}"));
        // Tools print within the seconds that follow.
        self.host.advance(2).expect("it runs");
        let view = self.host.session().project(PRIMARY);
        let lines: Vec<String> = view.terminals[0].lines.iter().map(|l| l.text.clone()).collect();
        let new = lines[self.seen.min(lines.len())..].join("\n");
        self.seen = lines.len();
        new
    }
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn a_push_shows_in_history_rollout_and_diff_and_is_rolled_back() {
    let mut d = Desk::new(&source());
    has(&d.says("config list"), &["CONFIG         VERSION  STACK", "rules          r1       edge"]);
    has(&d.says("config push rules r2"), &["rules: pushing r2"]);
    has(&d.says("rollout status rules"), &["rules          r1 -> r2", "progressing, about", "by primary"]);
    has(
        &d.says("config history rules"),
        &["r2       primary       match bodies", "r1       dev           first rules"],
    );
    has(&d.says("config diff rules"), &["--- rules r1\n+++ rules r2\n a\n+b"]);
    has(&d.says("rollout abort rules"), &["rollout of rules: abort done"]);
    has(&d.says("rollout status"), &["no rollout is in progress"]);
    has(&d.says("config push rules r9"), &["config: rules has no version r9"]);
    has(&d.says("freeze on looking into it"), &["deploys are frozen"]);
    has(&d.says("config push rules r3"), &["config: deploys are frozen: looking into it"]);
    has(&d.says("release promote api v3"), &["deploys are frozen: looking into it"]);
    has(&d.says("freeze status"), &["deploys are frozen by primary: looking into it"]);
}

#[test]
fn drift_shows_in_a_plan_and_in_nothing_else() {
    let drift = source().replacen("live: \"r1\",", "live: \"r2\", declared: \"r1\",", 1);
    let mut d = Desk::new(&drift);
    let history = d.says("config history rules");
    assert!(!history.contains("r2 "), "{history}");
    let shown = d.says("config show rules");
    assert!(!shown.lines().any(|l| l == "b"), "{shown}");
    has(&d.says("config show rules --live"), &["a\nb"]);
    has(
        &d.says("terraform plan edge"),
        &[
            "Objects have changed outside of Terraform",
            "~ version = \"r2\" -> \"r1\"",
            "Plan: 0 to add, 1 to change, 0 to destroy.",
        ],
    );
    has(&d.says("terraform apply edge"), &["Apply complete! Resources: 0 added, 1 changed, 0 destroyed."]);
    d.host.advance(45).expect("it runs");
    has(&d.says("terraform plan edge"), &["No changes. Your infrastructure matches the configuration."]);
}

#[test]
fn version_skew_shows_by_host_and_flags_queues_jobs_and_pages_are_listed() {
    let mut d = Desk::new(&source());
    has(&d.says("release promote api v3"), &["api"]);
    let status = d.says("release status api");
    has(&status, &["production  v1", "25%  v3  web-1", "75%  v1  web-2 web-3 web-4", "rollout     api", "v1 -> v3"]);
    has(&d.says("flag set no-rules 30"), &["no-rules is on for 30% of requests"]);
    has(&d.says("flag list"), &["no-rules            30%  api           kill switch of the rules"]);
    has(&d.says("queue pause mails"), &["mails: consumers take nothing more"]);
    has(&d.says("queue show mails"), &["mails: paused", "oldest item", "dead letters 0"]);
    has(&d.says("queue purge mails"), &["items dropped"]);
    has(
        &d.says("job list"),
        &["report         job-1      30 12 * * *", "clean          job-1      */10 13 * * *    off"],
    );
    has(&d.says("job kill report"), &["job: report does not run"]);
    has(&d.says("vendor status"), &["pay            status.pay.example     All Systems Operational"]);
    has(&d.says("cache status"), &["shelf            100%"]);
    has(&d.says("targets list"), &["api            UP"]);
    let refused = source().replacen("may: [\"release\", \"config\", \"flag\", \"queue\", \"infra\"]", "may: []", 1);
    let mut d = Desk::new(&refused);
    for line in ["config push rules r2", "flag set no-rules on", "freeze on x", "job run clean", "terraform apply edge"]
    {
        let text = d.says(line);
        assert!(text.contains("requires the permission") || text.contains("No changes"), "{line}: {text}");
    }
}

#[test]
fn a_cache_that_redis_cli_flushes_is_cold_and_its_origin_works_for_it() {
    let mut d = Desk::new(&source());
    let number = |text: String| text.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_end().parse::<u64>();
    let field = |d: &mut Desk, name: &str| {
        let info = d.says(&format!("redis-cli -h shelf.example info | grep ^{name}: | tr -d '\\r'"));
        info.lines().last().and_then(|l| l.split(':').nth(1)?.parse::<u64>().ok()).expect("a number")
    };
    assert!(d.says("redis-cli -h shelf.example dbsize").ends_with("(integer) 2000"));
    assert!(d.says("redis-cli -h shelf.example get catalog:2000").contains("catalog"));
    let (hits, misses) = (field(&mut d, "keyspace_hits"), field(&mut d, "keyspace_misses"));
    assert!(hits > 5 * misses && misses > 0, "{hits} {misses}");
    // What is taken out is gone, whatever the others are, and comes back as it is asked for.
    let out = d.says("redis-cli -h shelf.example del catalog:7 catalog:8 nope; redis-cli -h shelf.example exists catalog:7 catalog:9");
    assert!(out.ends_with("(integer) 2\n(integer) 1"), "{out}");
    d.host.advance(60).expect("it runs");
    let out = d.says("redis-cli -h shelf.example del catalog:1 catalog:2 catalog:3; redis-cli -h shelf.example dbsize");
    let sizes = out.lines().rev().take(2).map(|l| number(l.to_owned()).expect("a number")).collect::<Vec<_>>();
    assert!(sizes[1] == 3 && (1_997..2_000).contains(&sizes[0]), "{out}");
    let twice = d.says("redis-cli -h shelf.example del catalog:5 catalog:5");
    assert!(twice.ends_with("(integer) 1"), "one key is taken out once: {twice}");
    assert!(d.says("redis-cli -h shelf.example flushall").ends_with("OK"));
    let left = d.says("redis-cli -h shelf.example dbsize | cat");
    let left = number(left.lines().last().unwrap_or_default().to_owned()).expect("a number");
    assert!(left < 1_500, "{left}");
    let before = field(&mut d, "keyspace_misses");
    d.host.advance(5).expect("it runs");
    let fetched = field(&mut d, "keyspace_misses") - before;
    assert!(fetched > 7 * 25, "a cold cache fetches more than a tenth of 200 a second: {fetched}");
    let metric = d.says("promql 'redis_keyspace_misses_total{instance=\"shelf\"}'");
    assert!(metric.contains("=> "), "{metric}");
    d.host.advance(60).expect("it runs");
    assert!(d.says("redis-cli -h shelf.example dbsize").ends_with("(integer) 2000"));
    // Keys of one's own are there until they expire, and go with a flush.
    d.says("redis-cli -h shelf.example set mine 1 ex 30");
    assert!(d.says("redis-cli -h shelf.example get mine").ends_with("\"1\""));
    d.host.advance(40).expect("it runs");
    assert!(d.says("redis-cli -h shelf.example get mine").ends_with("(nil)"));
}

#[test]
fn a_session_of_redis_cli_has_its_prompt() {
    let mut d = Desk::new(&source());
    d.says("redis-cli -h shelf.example");
    d.says("select 1");
    d.says("dbsize");
    d.says("quit");
    let view = d.host.session().project(PRIMARY);
    let all: Vec<String> =
        view.terminals[0].lines.iter().map(|l| format!("{}{}", l.prompt.clone().unwrap_or_default(), l.text)).collect();
    let all = all.join("\n");
    assert!(all.contains("shelf.example:6379> select 1\nOK\n"), "{all}");
    assert!(all.contains("shelf.example:6379[1]> dbsize\n(integer) 0\n"), "{all}");
}

#[test]
fn a_cache_that_is_not_mine_is_not_flushed() {
    let theirs = source()
        .replace("name: \"Shelf\", owner: \"you\"", "name: \"Shelf\", owner: \"vendor\"")
        .replace("\"queue\", \"infra\"]", "\"queue\"]");
    let mut d = Desk::new(&theirs);
    let said = d.says("redis-cli -h shelf.example flushall");
    assert!(said.contains("(error) NOPERM this user has no permissions to run the 'flush' command"), "{said}");
    assert!(d.says("redis-cli -h shelf.example dbsize").ends_with("(integer) 2000"));
}

#[test]
fn lag_and_messages_are_the_queues_depth_and_a_purge_loses_it() {
    let mut d = Desk::new(&source());
    d.says("queue pause mails");
    d.host.advance(30).expect("it runs");
    let of = |d: &mut Desk, line: &str| {
        let said = d.says(line);
        said.lines().last().and_then(|l| l.trim().parse::<u64>().ok()).unwrap_or_else(|| panic!("{line}: {said}"))
    };
    // What one line shows is of one moment.
    let both = "kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group mailer | awk 'NR > 2 {print $6, $5 - $4}'; rabbitmqctl -q list_queues name messages | awk '/^mails/ {print $2}'";
    let said = d.says(both);
    let numbers: Vec<u64> = said.split_whitespace().rev().take(3).filter_map(|w| w.parse().ok()).collect();
    assert!(numbers.len() == 3 && numbers.iter().all(|n| *n == numbers[0] && *n > 0), "{said}");
    let end = "kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group mailer | awk 'NR > 2 {print $5}'";
    let before = of(&mut d, end);
    assert!(d.says("rabbitmqadmin purge queue name=mails").ends_with("queue purged"));
    assert!(of(&mut d, "rabbitmqctl -q list_queues name messages | awk '/^mails/ {print $2}'") < numbers[0]);
    assert!(of(&mut d, end) >= before, "a log does not become shorter");
}
