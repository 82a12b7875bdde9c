//! Sessions: fold equals live play, in any batching and after a cut; what a trainee's projection never holds; rights.

use proptest::prelude::*;
use std::path::Path;
use wheel_of_misfortune::fact::{Actor, FactKind};
use wheel_of_misfortune::host::{Options, Outcome, SessionHost, fold, load, read_log};
use wheel_of_misfortune::rehearsal;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{Action, Scenario};
use wheel_of_misfortune::session::projection::Projection;
use wheel_of_misfortune::session::{Command, PRIMARY};
use wheel_of_misfortune::stdx::time::Offset;
use wheel_of_misfortune::storage::journal::Item;
use wheel_of_misfortune::storage::{package, sessions};

pub const SLUGS: [&str; 2] = ["rust-registry-2023-07-20-bad-deploy", "docsrs-2019-10-21-disk-full"];

fn find(slug: &str) -> Package {
    package::find(slug).expect("the scenario is bundled")
}

fn walkthrough(package: &Package, name: &str) -> String {
    package.files.get(name).expect("the walkthrough is there").clone()
}

/// The final digest of a walkthrough.
fn digest_of(slug: &str, name: &str) -> String {
    let package = find(slug);
    let text = walkthrough(&package, name);
    let done = rehearsal::run(package, &text, Options::default(), None).expect("it runs");
    done.host.session().digest()
}

#[test]
fn a_log_folds_to_the_state_that_was_lived() {
    for slug in SLUGS {
        let dir = tempfile::tempdir().expect("a folder");
        let log = dir.path().join("log.jsonl");
        let package = find(slug);
        let text = walkthrough(&package, "better.wom");
        let done = rehearsal::run(package.clone(), &text, Options::default(), Some(&log)).expect("it runs");
        let recovered = read_log(&log).expect("it reads");
        assert!(recovered.dropped.is_none());
        let digests: Vec<_> =
            recovered.items.iter().filter_map(|i| if let Item::Digest(d) = i { Some(d) } else { None }).collect();
        assert!(digests.len() >= 60, "{slug}: {} digests in an hour or more", digests.len());
        // State that does not serialise has the same text for a digest all the time.
        for d in digests {
            assert!(d.state.len() == 32, "{slug}: {d:?} is no digest");
        }
        let scenario = load(&package).expect("it loads");
        let folded = fold(recovered.header.clone(), scenario, &recovered.items);
        assert_eq!(folded.divergence, None, "{slug}");
        assert_eq!(folded.session.digest(), done.host.session().digest(), "{slug}");
        assert!(folded.session.digest().len() == 32, "{slug}: {} is no digest", folded.session.digest());
        let recorded: Vec<_> =
            recovered.items.iter().filter_map(|i| if let Item::Fact(f) = i { Some(f) } else { None }).collect();
        assert_eq!(recorded, folded.session.facts().iter().collect::<Vec<_>>(), "{slug}: facts on disk are the facts");
    }
}

#[test]
fn a_changed_entry_is_named_by_the_first_digest_after_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let log = dir.path().join("log.jsonl");
    let package = find(SLUGS[1]);
    rehearsal::run(package.clone(), "T+1m :ack 1\nT+3m :declare sev2\nT+10m :end", Options::default(), Some(&log))
        .expect("it runs");
    let recovered = read_log(&log).expect("it reads");
    let mut items = recovered.items.clone();
    for item in &mut items {
        if let Item::Entry(e) = item
            && let Command::Declare { severity } = &mut e.command
        {
            *severity = 3;
        }
    }
    let folded = fold(recovered.header, load(&package).expect("it loads"), &items);
    let divergence = folded.divergence.expect("another severity is another state");
    // Declared at T+3m, which is tick 200; the next digest stands at 240.
    assert_eq!(divergence.tick, 240);
}

/// Plays a walkthrough with every wait split at the given sizes.
fn in_batches(slug: &str, sizes: &[u64]) -> String {
    let package = find(slug);
    let text = walkthrough(&package, "better.wom");
    let opens = load(&package).expect("it loads").opens;
    let mut host = SessionHost::start(package, Options::default()).expect("it starts");
    let mut sizes = sizes.iter().copied().cycle();
    for line in text.lines() {
        let (head, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = match wheel_of_misfortune::stdx::units::offset(head).and_then(|o: Offset| o.tick(opens)) {
            Some(to) => {
                while host.session().tick() < to && !host.ended() {
                    let left = to.since(host.session().tick());
                    host.advance(sizes.next().unwrap_or(1).min(left)).expect("it advances");
                }
                rest
            }
            None => line,
        };
        // What a line is refused for is part of the run, the same in any batching.
        let _ = host.line(PRIMARY, rest);
    }
    while !host.ended() {
        host.advance(sizes.next().unwrap_or(1)).expect("it advances");
    }
    host.conclude().expect("it concludes");
    host.session().digest()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn the_state_does_not_depend_on_how_ticks_are_split(sizes in prop::collection::vec(1u64..200, 1..6)) {
        prop_assert_eq!(in_batches(SLUGS[1], &sizes), digest_of(SLUGS[1], "better.wom"));
    }
}

/// Plays to the given line, drops everything as a kill would, resumes from the folder and plays the rest.
fn with_a_kill(slug: &str, at_line: usize, dir: &Path) -> String {
    let package = find(slug);
    let text = walkthrough(&package, "better.wom");
    let options = Options { dir: Some(dir.to_path_buf()), ..Options::default() };
    let mut host = SessionHost::start(package, options).expect("it starts");
    let folder = host.folder().expect("it is kept").to_path_buf();
    for (n, line) in text.lines().enumerate() {
        if n == at_line {
            drop(host);
            let (resumed, dropped) = SessionHost::resume(&folder).expect("it resumes");
            assert!(dropped.is_none());
            host = resumed;
        }
        let _ = host.line(PRIMARY, line);
    }
    while !host.ended() {
        host.advance(60).expect("it advances");
    }
    host.conclude().expect("it concludes");
    assert!(SessionHost::resume(&folder).is_err(), "a session that is over is not resumed");
    host.session().digest()
}

#[test]
fn a_resumed_session_ends_in_the_same_state() {
    for slug in SLUGS {
        let whole = digest_of(slug, "better.wom");
        for at_line in [3, 9, 14] {
            let dir = tempfile::tempdir().expect("a folder");
            assert_eq!(with_a_kill(slug, at_line, dir.path()), whole, "{slug} killed before line {at_line}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_resumes_to_a_prefix() {
    let dir = tempfile::tempdir().expect("a folder");
    let options = Options { dir: Some(dir.path().to_path_buf()), ..Options::default() };
    let mut host = SessionHost::start(find(SLUGS[1]), options).expect("it starts");
    for line in ["T+30s :ack 1", "df -h", "+20s :declare sev2", "+61s ls /srv/docs", "+5s :wait 20s"] {
        host.line(PRIMARY, line).expect("it is accepted");
    }
    let folder = host.folder().expect("it is kept").to_path_buf();
    let facts = host.session().facts().to_vec();
    let seq = host.session().seq();
    drop(host);
    let log = folder.join("branch-0.jsonl");
    let bytes = std::fs::read(&log).expect("it reads");
    let header_end = bytes.iter().position(|b| *b == b'\n').expect("a header line") + 1;
    for cut in (header_end..bytes.len()).step_by(97) {
        std::fs::write(&log, &bytes[..cut]).expect("it writes");
        let (resumed, _) = SessionHost::resume(&folder).expect("a prefix resumes");
        let now = resumed.session();
        assert!(now.seq() <= seq);
        // Facts of the prefix are the facts that were lived, the last tick's possibly not all there yet.
        let n = now.facts().len().min(facts.len());
        assert_eq!(now.facts()[..n], facts[..n], "cut at byte {cut}");
        drop(resumed);
        let dropped = folder.join("branch-0.jsonl.dropped");
        let _ = std::fs::remove_file(dropped);
    }
}

/// Everything that a trainee may not know at this moment, as texts.
fn secrets(scenario: &Scenario, host: &SessionHost) -> Vec<String> {
    let mut out = Vec::new();
    let mut both = |t: &wheel_of_misfortune::scenario::LangText| {
        out.push(t.en.clone());
        out.push(t.ko.clone());
    };
    both(&scenario.title);
    both(&scenario.truth.summary);
    both(&scenario.truth.works);
    for row in &scenario.original {
        both(&row.what);
    }
    for q in &scenario.questions {
        both(&q.text);
    }
    for card in &scenario.deck {
        both(&card.title);
        both(&card.note);
    }
    let facts = host.session().facts();
    for nudge in &scenario.nudges {
        if !facts.iter().any(|f| matches!(&f.what, FactKind::Nudged { rung, .. } if *rung == nudge.rung)) {
            both(&nudge.text);
        }
    }
    let gm = host.projection("gm").gm.expect("the game master has a part of their own");
    for rule in &scenario.script {
        let fired = gm.script.iter().any(|r| r.id == rule.id && r.fired_t_s.is_some());
        for action in rule.actions.iter().filter(|_| !fired) {
            if let Action::Say { text, .. } | Action::Ticket { text, .. } | Action::Page { text, .. } = action {
                both(text);
            }
        }
    }
    for source in scenario.sources.values() {
        out.push(source.title.clone());
        out.push(source.url.clone());
    }
    out.extend(["Relief", "\"relief", "ImpactCurve", "BadRedirect", "DiskFill"].map(str::to_owned));
    out.retain(|s| !s.is_empty());
    out
}

fn leaks(projection: &Projection, secrets: &[String]) -> Vec<String> {
    let json = serde_json::to_string(projection).expect("a projection serialises");
    let escaped = |s: &str| serde_json::to_string(s).expect("text serialises").trim_matches('"').to_owned();
    secrets.iter().filter(|s| json.contains(&escaped(s))).cloned().collect()
}

#[test]
fn a_trainee_is_never_sent_what_they_may_not_know() {
    for slug in SLUGS {
        let package = find(slug);
        let scenario = load(&package).expect("it loads");
        let text = walkthrough(&package, "better.wom");
        let mut host = SessionHost::start(package, Options::default()).expect("it starts");
        for line in text.lines() {
            if matches!(host.line(PRIMARY, line), Ok(Outcome::Nothing)) {
                continue;
            }
            let projection = host.projection(PRIMARY);
            assert!(projection.gm.is_none());
            assert_eq!(leaks(&projection, &secrets(&scenario, &host)), Vec::<String>::new(), "{slug} after `{line}`");
        }
        // The check can fail: the game master's own projection is full of secrets.
        assert!(leaks(&host.projection("gm"), &secrets(&scenario, &host)).len() > 10);
    }
}

#[test]
fn only_the_game_master_steers() {
    let mut host = SessionHost::start(find(SLUGS[0]), Options::default()).expect("it starts");
    let seat = Actor::Seat(PRIMARY.to_owned());
    for command in [
        Command::Pause,
        Command::Speed { factor: 10 },
        Command::Inject { card: "surge".to_owned() },
        Command::Nudge { rung: 5, text: String::new() },
        Command::Hold { rule: "promoted".to_owned(), held: true },
        Command::Join { person: "infra".to_owned() },
    ] {
        assert!(host.submit(seat.clone(), command.clone()).is_err(), "{command:?}");
    }
    assert_eq!(host.session().seq(), 0, "what is refused is no entry");
    host.line(PRIMARY, "@gm pause").expect("the game master pauses");
    assert!(host.line(PRIMARY, "df -h").is_err(), "while paused a seat waits");
    host.line(PRIMARY, "@gm resume").expect("and goes on");
    host.line(PRIMARY, "df -h").expect("then a seat acts");
}

#[test]
fn a_skip_stops_at_the_next_rule_and_only_the_game_master_skips() {
    let mut host = SessionHost::start(find(SLUGS[0]), Options::default()).expect("it starts");
    assert!(host.line(PRIMARY, ":skip").is_err());
    for clock in ["T-01:00", "T+00:00", "T+01:00", "T+07:00"] {
        host.line(PRIMARY, "@gm skip").expect("the game master skips");
        assert_eq!(host.session().offset().clock(), clock);
    }
}

#[test]
fn a_held_rule_waits_and_an_inject_shows_in_the_base_curve_only_as_absence() {
    let mut host = SessionHost::start(find(SLUGS[0]), Options::default()).expect("it starts");
    host.line(PRIMARY, "@gm hold promoted").expect("a rule is held");
    host.line(PRIMARY, "T+5m @gm fault errors api 50%").expect("a fault begins");
    assert!(!host.session().facts().iter().any(|f| matches!(f.what, FactKind::Deployed { .. })));
    host.line(PRIMARY, "+60s @gm clear errors api 50%").expect("it ends");
    host.line(PRIMARY, "+60s @gm release promoted").expect("the rule goes");
    host.line(PRIMARY, "+5s").expect("time passes");
    assert!(host.session().facts().iter().any(|f| matches!(f.what, FactKind::Deployed { .. })));
    host.conclude().expect("it concludes");
    let curve = |fold| {
        host.session().facts().iter().find_map(|f| match &f.what {
            FactKind::ImpactCurve { fold: f, points, .. } if *f == fold => Some(points.clone()),
            _ => None,
        })
    };
    let base = curve(wheel_of_misfortune::fact::Fold::Base).expect("a base curve");
    // During the GM's fault users were affected; in the fold without it they were not.
    let before_deploy = |p: &&(wheel_of_misfortune::stdx::time::Tick, u64)| p.0.0 > 0 && p.0.0 < 500;
    assert!(base.iter().filter(before_deploy).all(|(_, n)| *n == 0));
    let lived = host
        .session()
        .facts()
        .iter()
        .any(|f| matches!(f.what, FactKind::Impact { n, .. } if n > 0) && f.id.tick.0 < 500);
    assert!(lived);
}

/// The output of a machine's tools in a scenario's first minutes, as its walkthrough language checks it.
#[test]
fn tools_show_what_a_real_machine_would() {
    let text = "\
T-15s ps aux
expect output /web +[0-9]+ .* Aug2[01] /
queue status
expect output /builds/
queue requeue --failed builds
expect output /back in the queue/
stat /srv/docs/builder
expect output /Links: 4/
T+1m journalctl -u web -n 3
expect output /web.[0-9]+.: cannot write session file/
expect output /Main process exited, code=exited/
sudo systemctl restart web
+10s expect output /Job for web.service failed because the control process exited/
T+2m journalctl -u web -n 4
expect output /Starting documentation web server/
sudo rm -rf /usr/share
expect output /Operation not permitted/
sudo rm -r /srv/docs/builder/output/umber-1.0.0
sudo systemctl restart web
T+3m systemctl is-active web
expect output /^active/
tail -n 1 /var/log/web/access.log
expect output /GET/
T+4m :end
";
    let done = rehearsal::run(find(SLUGS[1]), text, Options::default(), None).expect("it runs");
    assert!(done.problems.is_empty(), "{:#?}", done.problems);
}

#[test]
fn whoever_counts_log_lines_gets_all_of_them_and_traces_can_be_read() {
    // The web server is dead by then, so that its log stands still while it is counted.
    let text = "\
T+2m test $(journalctl -u web | wc -l) -gt 1200 && echo all of them
expect output /^all of them/
test $(journalctl -u web | grep -c GET) -eq $(journalctl -u web -n all -g GET | wc -l) && echo the same
expect output /^the same/
journalctl -u web -n 2 -g GET | wc -l
expect output /^2/
logs cdn -n 1 -g level=error
expect output /cdn ERROR level=error msg=\"request failed\" method=GET .* status=503/
trace list cdn --failed -n 1
expect output /^[0-9a-f]{16} .* 503 +cdn /
trace show $(trace list cdn --failed -n 1 | tail -n 1 | awk '{print $1}')
expect output /readers -> cdn/
expect output /503 +cdn GET/
T+4m :end
";
    let done = rehearsal::run(find(SLUGS[1]), text, Options::default(), None).expect("it runs");
    assert!(done.problems.is_empty(), "{:#?}", done.problems);
}

#[test]
fn a_rewind_opens_a_branch_and_edits_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let options = Options { dir: Some(dir.path().to_path_buf()), ..Options::default() };
    let mut host = SessionHost::start(find(SLUGS[1]), options).expect("it starts");
    for line in ["T+1m ack", "df -h", "T+3m :declare sev2", "T+5m"] {
        host.line(PRIMARY, line).expect("it is accepted");
    }
    let folder = host.folder().expect("it is kept").to_path_buf();
    let before = std::fs::read(folder.join("branch-0.jsonl")).expect("it reads");
    let opened = host.rewind(wheel_of_misfortune::stdx::time::Tick(100)).expect("it rewinds");
    assert_eq!((opened.branch, opened.refused.len()), (1, 0));
    let parent = host.session().header.parent.clone().expect("a branch has a parent");
    // Both lines at T+1m are before tick 100, the declaration at tick 200 is not. A colleague joins at tick 80.
    assert_eq!((parent.branch, parent.tick), (0, 100));
    assert!(host.session().facts().iter().all(|f| f.id.branch == 1));
    let has =
        |host: &SessionHost, wanted: fn(&FactKind) -> bool| host.session().facts().iter().any(|f| wanted(&f.what));
    assert!(has(&host, |k| matches!(k, FactKind::Acked { .. })));
    assert!(!has(&host, |k| matches!(k, FactKind::Declared { .. })));
    host.line(PRIMARY, "+5s :declare sev3").expect("the branch goes its own way");
    host.conclude().expect("it concludes");
    assert_eq!(std::fs::read(folder.join("branch-0.jsonl")).expect("it reads"), before, "the parent stays as it was");
    let log = read_log(&folder).expect("the newest branch reads");
    assert_eq!(log.header.branch, 1);
    let folded = fold(log.header, load(host.package()).expect("it loads"), &log.items);
    assert_eq!(folded.divergence, None);
}

#[test]
fn every_branch_stays_replayable_with_the_version_it_was_played_with() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut package = find(SLUGS[1]);
    let options = Options { dir: Some(dir.path().to_path_buf()), ..Options::default() };
    let mut host = SessionHost::start(package.clone(), options).expect("it starts");
    host.line(PRIMARY, "T+2m ack").expect("it is accepted");
    // A larger disk: the old log would not fold with it.
    let text = package.files["scenario.ron"].replacen("60GB", "64GB", 1);
    assert_ne!(text, package.files["scenario.ron"]);
    package.files.insert("scenario.ron".to_owned(), text);
    host.reload(package).expect("it reloads");
    host.line(PRIMARY, "T+3m df -h").expect("it is accepted");
    let folder = host.folder().expect("it is kept").to_path_buf();
    drop(host);
    for branch in [0, 1] {
        let log = read_log(&folder.join(format!("branch-{branch}.jsonl"))).expect("it reads");
        let package = sessions::read_package(&folder, &log.header.scenario_digest).expect("its package is kept");
        assert_eq!(package.digest(), log.header.scenario_digest);
        let digests = log.items.iter().filter(|i| matches!(i, Item::Digest(_))).count();
        assert!(digests >= 2, "branch {branch} has {digests} digests to check");
        let folded = fold(log.header, load(&package).expect("it loads"), &log.items);
        assert_eq!(folded.divergence, None, "branch {branch}");
    }
    // The newest branch goes on with the newest version.
    let (again, _) = SessionHost::resume(&folder).expect("it resumes");
    assert_eq!(again.session().header.branch, 1);
    assert_eq!(again.package().digest(), again.session().header.scenario_digest);
}

#[test]
fn a_new_version_of_the_scenario_opens_a_branch_and_lists_what_it_refuses() {
    let mut package = find(SLUGS[0]);
    let mut host = SessionHost::start(package.clone(), Options::default()).expect("it starts");
    host.line(PRIMARY, "T+1m @gm inject lead-asks").expect("the card is fired");
    host.line(PRIMARY, "+5s :declare sev2").expect("it is accepted");
    let text = package.files.get("scenario.ron").expect("it is there").replace("\"lead-asks\"", "\"lead-wonders\"");
    package.files.insert("scenario.ron".to_owned(), text);
    let before = host.session().header.scenario_digest.clone();
    let reloaded = host.reload(package.clone()).expect("it reloads");
    assert_eq!(reloaded.branch, 1);
    assert!(matches!(&reloaded.refused[..], [e] if matches!(e.command, Command::Inject { .. })));
    assert_ne!(host.session().header.scenario_digest, before);
    // A broken version changes nothing: the session goes on as it was.
    package.files.insert("scenario.ron".to_owned(), "Scenario(".to_owned());
    let tick = host.session().tick();
    assert!(host.reload(package).is_err());
    assert_eq!((host.session().header.branch, host.session().tick()), (1, tick));
}

#[test]
fn the_script_reads_in_both_languages() {
    use wheel_of_misfortune::locale::{Lang, Locale};
    use wheel_of_misfortune::view::words::say;
    for slug in SLUGS {
        let host = SessionHost::start(find(slug), Options::default()).expect("it starts");
        let gm = host.projection("gm").gm.expect("the game master sees it");
        assert!(gm.script.iter().any(|r| r.condition.is_some()), "{slug} has a rule with a condition");
        for lang in Lang::ALL {
            let locale = Locale::new(lang);
            for row in &gm.script {
                let texts = [Some(&row.text), row.condition.as_ref()];
                for words in texts.into_iter().flatten().map(|t| say(&locale, t)) {
                    assert!(!words.is_empty() && !words.contains(['⟦', '{']), "{slug} {}: {words}", row.id);
                }
            }
        }
        let alert = host.projection(PRIMARY).alerts.into_iter().next().expect("an alert rule");
        assert!(!say(&Locale::new(Lang::Ko), &alert.rule).contains("below"), "the rule is said in Korean");
    }
}
