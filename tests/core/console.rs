//! Tests of console: typed lines over a fixture host, and what they print.

#[path = "console/breakout.rs"]
mod breakout;
#[path = "console/data.rs"]
mod data;
#[path = "console/escape_attempts.rs"]
mod escape_attempts;
#[path = "console/fixture.rs"]
mod fixture;
#[path = "console/fixture_change.rs"]
mod fixture_change;
mod fixture_machine;
mod fixture_system;
#[path = "console/format.rs"]
mod format;
#[path = "console/fuzz.rs"]
mod fuzz;
#[path = "console/interactive.rs"]
mod interactive;
#[path = "console/job.rs"]
mod job;
#[path = "console/mysql.rs"]
mod mysql;
#[path = "console/postgres.rs"]
mod postgres;
#[path = "console/random_lines.rs"]
mod random_lines;
#[path = "console/shell_data.rs"]
mod shell_data;
#[path = "console/terminal.rs"]
mod terminal;
#[path = "../support/worlds.rs"]
#[allow(dead_code)]
mod worlds;

use fixture::Fixture;
use wheel_of_misfortune::console::{Console, ConsoleEvent, ConsoleSignal};

pub fn start() -> (Console, Fixture) {
    let c = Console::new(&[(1, "primary".to_owned(), "ops".to_owned(), "primary".to_owned())]);
    (c, Fixture::new())
}

/// What the terminal shows, typed lines with their prompt.
pub fn screen(c: &Console) -> String {
    let t = c.terminal(1).unwrap();
    let mut out = String::new();
    for l in t.lines().iter() {
        out.push_str(&format!("{}{}\n", l.prompt.as_deref().unwrap_or(""), l.text));
    }
    out.push_str(&t.partial().text);
    out
}

/// Only what was printed.
fn printed(c: &Console) -> String {
    let t = c.terminal(1).unwrap();
    let mut out: String = t.lines().iter().filter(|l| l.prompt.is_none()).map(|l| format!("{}\n", l.text)).collect();
    out.push_str(&t.partial().text);
    out
}

fn type_line(line: &str) -> String {
    let (mut c, mut h) = start();
    c.submit(1, line, &mut h);
    settle(&mut c, &mut h);
    printed(&c)
}

/// Lets time pass until the prompt is back, two minutes at most.
fn settle(c: &mut Console, h: &mut Fixture) {
    for _ in 0..120 {
        if c.terminal(1).unwrap().running.is_none() {
            return;
        }
        h.now += 1;
        c.advance(h);
    }
}

fn seen(c: &mut Console) -> Vec<String> {
    c.events()
        .into_iter()
        .map(|e| match e {
            ConsoleEvent::Observed { source, .. } => format!("{:?} {}", source.what, source.target),
            ConsoleEvent::UnknownTool { name, .. } => format!("unknown {name}"),
        })
        .collect()
}

#[test]
fn pipelines_run() {
    assert_eq!(type_line("echo hello | cat"), "hello\n");
    assert_eq!(type_line("cat notes.txt | grep -v beta | cat -n"), "     1  alpha\n     2  gamma\n");
    assert_eq!(type_line("for i in 1 2 3; do echo $i; done | wc -l"), "3\n");
}

/// Typed lines (`$ …`) and what each prints in a fresh terminal.
fn corpus(text: &str) -> Vec<(String, String)> {
    let mut cases: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("$ ") {
            Some(typed) => cases.push((typed.to_owned(), String::new())),
            None => {
                let expected = &mut cases.last_mut().unwrap().1;
                expected.push_str(line);
                expected.push('\n');
            }
        }
    }
    cases
}

/// Output without what a terminal does to it: tabs and trailing blanks.
fn plain(text: &str) -> String {
    let mut t = String::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if !words.is_empty() {
            t.push_str(&words.join(" "));
            t.push('\n');
        }
    }
    t
}

#[test]
fn the_corpus_prints_what_it_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/console/shell.txt");
    let cases = corpus(&std::fs::read_to_string(path).unwrap());
    assert!(cases.len() > 50);
    let mut wrong = String::new();
    for (line, expected) in &cases {
        let got = type_line(line);
        if plain(&got) != plain(expected) {
            wrong.push_str(&format!("$ {line}\n--- expected\n{expected}--- got\n{got}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn examples_of_every_tool_run() {
    let mut wrong = String::new();
    for d in wheel_of_misfortune::console::tool::all() {
        assert!(!d.examples.is_empty(), "{} has no example", d.name);
        for (line, expected) in d.examples {
            let got = type_line(line);
            let exact = expected.replace('\t', "");
            let got_exact = if expected.contains('\t') { plain(&got) == plain(expected) } else { got == exact };
            if !got_exact {
                wrong.push_str(&format!("$ {line}\n--- expected\n{expected}--- got\n{got}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_tool_has_help_and_a_manual_and_refuses_an_unknown_flag() {
    for d in wheel_of_misfortune::console::tool::all() {
        assert!(type_line(&format!("{} --help", d.name)).contains("Usage: "), "{}", d.name);
        assert!(type_line(&format!("man {}", d.name)).contains("SYNOPSIS"), "{}", d.name);
        let incident = d.opts.is_empty() && type_line(d.examples[0].0).contains("record");
        if !incident && !["ack", "expr", "find"].contains(&d.name) {
            let got = type_line(&format!("{} --no-such-flag; echo status $?", d.name));
            assert!(got.contains("no-such-flag") && !got.contains("status 0"), "{}: {got}", d.name);
        }
    }
}

#[test]
fn the_reference_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tools.md");
    let now = wheel_of_misfortune::console::tool::reference();
    if std::env::var_os("WOM_BLESS").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).unwrap();
        std::fs::write(path, &now).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap_or_default() == now,
        "docs/tools.md is not current: run with WOM_BLESS=1"
    );
}

#[test]
fn ctrl_c_ends_what_runs_in_the_foreground() {
    for line in [
        "sleep 100",
        "tail -f notes.txt",
        "while true; do :; done",
        "while true; do echo x; done",
        "logs api -f",
        "cat",
        "watch date",
        "yes=1; until false; do sleep 1; done",
        "top",
    ] {
        let (mut c, mut h) = start();
        c.submit(1, line, &mut h);
        for _ in 0..3 {
            h.now += 1;
            c.advance(&mut h);
        }
        let t = c.terminal(1).unwrap();
        assert!(t.running.is_some() && t.prompt.is_empty(), "{line} does not run");
        c.signal(1, ConsoleSignal::Int, &mut h);
        c.submit(1, "echo $?", &mut h);
        settle(&mut c, &mut h);
        assert!(printed(&c).ends_with("^C\n130\n"), "{line}: {}", printed(&c));
        assert!(c.terminal(1).unwrap().lines().len() < wheel_of_misfortune::console::KEPT_LINES + 256);
    }
}

#[test]
fn ctrl_c_in_psql_cancels_what_runs_and_leaves_the_prompt() {
    let (mut c, mut h) = start();
    h.put(
        "web-01",
        "/etc/passwd",
        "root:x:0:0::/root:/bin/bash\npostgres:x:110:118::/var/lib/postgresql:/bin/bash\n",
        "root",
    );
    for line in ["ssh web-01", "sudo -u postgres psql -h db-1", "vacuum users;"] {
        c.submit(1, line, &mut h);
        h.now += 2;
        c.advance(&mut h);
    }
    assert!(h.applied.iter().any(|(verb, _)| verb == "vacuum"), "{}", screen(&c));
    c.signal(1, ConsoleSignal::Int, &mut h);
    let shown = screen(&c);
    let said = "^C\nCancel request sent\nERROR:  canceling statement due to user request\n";
    assert!(shown.contains(said), "{shown}");
    assert_eq!(h.applied.last().map(|(verb, _)| verb.as_str()), Some("abort"));
    // At the prompt it throws away what was typed, and psql stays.
    c.submit(1, "select 1 +", &mut h);
    c.signal(1, ConsoleSignal::Int, &mut h);
    c.submit(1, "select 2 as two;", &mut h);
    let shown = screen(&c);
    assert!(shown.contains(" two \n-----\n   2\n(1 row)\n") && shown.ends_with("app=# "), "{shown}");
    c.submit(1, "\\q", &mut h);
    settle(&mut c, &mut h);
    assert!(c.terminal(1).unwrap().running.is_none());
}

#[test]
fn an_interrupted_ping_says_what_was_lost() {
    let (mut c, mut h) = start();
    c.submit(1, "ping web-01", &mut h);
    for _ in 0..2 {
        h.now += 1;
        c.advance(&mut h);
    }
    c.signal(1, ConsoleSignal::Int, &mut h);
    let out = printed(&c);
    assert!(
        out.contains("^C\n\n--- web-01 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss"),
        "{out}"
    );
    assert!(out.ends_with("rtt min/avg/max/mdev = 0.421/0.421/0.421/0.000 ms\n"), "{out}");
}

#[test]
fn top_draws_over_its_last_display_and_sorts_by_key() {
    let (mut c, mut h) = start();
    c.submit(1, "top", &mut h);
    let first = printed(&c);
    for _ in 0..6 {
        h.now += 1;
        c.advance(&mut h);
    }
    let later = printed(&c);
    assert_eq!(later.matches("top - ").count(), 1, "one display, not one below the other\n{later}");
    assert_ne!(first, later);
    c.key(1, "N", &mut h);
    h.now += 1;
    c.advance(&mut h);
    let by_pid = printed(&c);
    let pids: Vec<u32> = by_pid.lines().skip(7).filter_map(|l| l.split_whitespace().next()?.parse().ok()).collect();
    assert!(pids.len() > 2 && pids.is_sorted_by(|a, b| a > b), "{pids:?}");
    c.key(1, "q", &mut h);
    settle(&mut c, &mut h);
    assert!(c.terminal(1).unwrap().running.is_none());
}

#[test]
fn a_file_that_grows_is_followed() {
    let (mut c, mut h) = start();
    c.submit(1, "tail -f notes.txt | grep --regexp=new", &mut h);
    h.put("ops", "/home/primary/notes.txt", "alpha\nbeta\ngamma\nnew line\n", "primary");
    h.now += 1;
    c.advance(&mut h);
    h.now += 1;
    c.advance(&mut h);
    assert_eq!(printed(&c), "new line\n");
}

#[test]
fn jobs_stop_and_go_on() {
    let (mut c, mut h) = start();
    c.submit(1, "sleep 5", &mut h);
    c.signal(1, ConsoleSignal::Tstp, &mut h);
    c.submit(1, "jobs", &mut h);
    assert!(printed(&c).contains("[1]+  Stopped"), "{}", screen(&c));
    c.submit(1, "fg", &mut h);
    settle(&mut c, &mut h);
    c.submit(1, "sleep 2 & wait; echo waited", &mut h);
    settle(&mut c, &mut h);
    assert!(printed(&c).contains("waited"), "{}", screen(&c));
    c.submit(1, "sleep 50 &", &mut h);
    c.submit(1, "kill %1; jobs", &mut h);
    settle(&mut c, &mut h);
    c.submit(1, "echo end", &mut h);
    assert!(printed(&c).contains("Terminated"), "{}", screen(&c));
}

#[test]
fn an_ssh_session_has_its_own_host_and_ends_with_exit() {
    let (mut c, mut h) = start();
    c.submit(1, "ssh web-01", &mut h);
    assert_eq!(c.terminal(1).unwrap().prompt, "primary@web-01:~$ ");
    c.submit(1, "cd /var/www/build && rm -r one.tar", &mut h);
    settle(&mut c, &mut h);
    assert_eq!(c.terminal(1).unwrap().prompt, "primary@web-01:/var/www/build$ ");
    assert_eq!(h.applied, vec![("remove".to_owned(), "web-01:/var/www/build/one.tar".to_owned())]);
    c.submit(1, "exit", &mut h);
    settle(&mut c, &mut h);
    assert_eq!(c.terminal(1).unwrap().prompt, "primary@ops:~$ ");
    assert!(printed(&c).ends_with("logout\nConnection to web-01 closed.\n"));
}

#[test]
fn ctrl_c_stops_waiting_and_not_the_job() {
    let (mut c, mut h) = start();
    c.submit(1, "release rollback api", &mut h);
    h.now += 2;
    c.advance(&mut h);
    c.signal(1, ConsoleSignal::Int, &mut h);
    assert!(printed(&c).ends_with("^C\nrelease: stopped waiting; job 1 goes on\n"), "{}", screen(&c));
    assert_eq!(h.applied, vec![("rollback".to_owned(), "api".to_owned())]);
}

#[test]
fn what_is_printed_was_observed_also_through_pipes_and_files() {
    let (mut c, mut h) = start();
    c.submit(1, "ssh web-01 cat /var/log/nginx.log | grep 503 > out", &mut h);
    assert_eq!(seen(&mut c), Vec::<String>::new());
    c.submit(1, "cat out", &mut h);
    let all = seen(&mut c);
    assert!(all.contains(&"Files web-01:/var/log/nginx.log".to_owned()), "{all:?}");
    assert!(all.contains(&"Files ops:/home/primary/out".to_owned()), "{all:?}");
    c.submit(1, "x=$(release status api)", &mut h);
    assert_eq!(seen(&mut c), Vec::<String>::new());
    c.submit(1, "echo nothing of it", &mut h);
    assert_eq!(seen(&mut c), Vec::<String>::new());
    c.submit(1, "echo \"$x\"", &mut h);
    assert_eq!(seen(&mut c), vec!["Release api"]);
    c.submit(1, "grep nowhere out; frobnicate", &mut h);
    assert_eq!(seen(&mut c), vec!["unknown frobnicate"]);
}

#[test]
fn a_refusal_is_told_to_the_host() {
    let (mut c, mut h) = start();
    c.submit(1, "rm -f /etc/hostname; volume resize web-01-root 80G", &mut h);
    let verbs: Vec<&str> = h.refusals.iter().map(|r| r.0.as_str()).collect();
    assert_eq!(verbs, vec!["remove", "resize"]);
    assert!(h.applied.is_empty());
    assert!(printed(&c).contains("Permission denied"));
}

#[test]
fn an_incomplete_line_asks_for_more_and_questions_read_the_answer() {
    let (mut c, mut h) = start();
    c.submit(1, "for i in 1 2; do", &mut h);
    assert_eq!(c.terminal(1).unwrap().prompt, "> ");
    c.submit(1, "echo $i; done", &mut h);
    c.submit(1, "rm -i notes.txt", &mut h);
    assert_eq!(c.terminal(1).unwrap().partial().text, "rm: remove regular file 'notes.txt'? ");
    c.submit(1, "y", &mut h);
    settle(&mut c, &mut h);
    c.submit(1, "ls", &mut h);
    c.submit(1, "echo last", &mut h);
    c.submit(1, "!!", &mut h);
    c.submit(1, "sleep 1", &mut h);
    c.submit(1, "echo typed ahead", &mut h);
    settle(&mut c, &mut h);
    h.now += 1;
    c.advance(&mut h);
    assert_eq!(
        printed(&c),
        "1\n2\nrm: remove regular file 'notes.txt'? y\nlast\necho last\nlast\necho typed ahead\ntyped ahead\n"
    );
    c.signal(1, ConsoleSignal::Eof, &mut h);
    assert_eq!(c.terminal(1).unwrap().prompt, "primary@ops:~$ ");
    c.answer(1, "no such thing here");
    assert!(printed(&c).ends_with("no such thing here\n"));
}

#[test]
fn a_pipe_is_bounded_and_an_endless_loop_goes_on_next_tick() {
    let (mut c, mut h) = start();
    c.submit(1, "seq 1000000000 | sleep 1000", &mut h);
    for _ in 0..20 {
        h.now += 1;
        c.advance(&mut h);
    }
    assert!(serde_json::to_string(&c).unwrap().len() < 200_000);
    let (mut c, mut h) = start();
    c.submit(1, "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; echo $i", &mut h);
    assert_eq!(printed(&c), "");
    settle(&mut c, &mut h);
    assert_eq!(printed(&c), "2000\n");
}

#[test]
fn the_same_inputs_give_the_same_console() {
    let run = || {
        let (mut c, mut h) = start();
        for line in [
            "ls -la /etc",
            "sleep 2 &",
            "curl -sL https://registry.example/x",
            "for i in {1..50}; do echo $i; done | tail -3",
            "ssh web-01",
        ] {
            c.submit(1, line, &mut h);
            h.now += 1;
            c.advance(&mut h);
        }
        serde_json::to_string(&c).unwrap()
    };
    assert_eq!(run(), run());
}

#[test]
fn completion_knows_tools_flags_paths_and_names() {
    let (c, h) = start();
    let complete = |line: &str| c.complete(1, line, line.len(), &h).candidates;
    assert_eq!(complete("systemc"), vec!["systemctl"]);
    assert_eq!(complete("systemctl sta"), vec!["start", "status"]);
    assert_eq!(complete("cat no"), vec!["notes.txt"]);
    assert_eq!(complete("cat /etc/ho"), vec!["/etc/hostname"]);
    assert_eq!(complete("ls | grep --rec"), vec!["--recursive"]);
    assert_eq!(complete("ssh w"), vec!["web-01"]);
    assert_eq!(complete("release rollback a"), vec!["api"]);
    assert_eq!(complete("echo $HOS"), vec!["$HOSTNAME"]);
    assert_eq!(c.complete(1, "cat é", 5, &h).start, 4);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
    #[test]
    fn any_line_returns(lines in proptest::collection::vec(
        proptest::string::string_regex(
            "(([a-z]{1,4}|echo|cat|ls|for i in|do|done|while true;|if|then|fi|\\$\\(|\\)|\\(|\\{|\\}|\\||&&|;|&|>|<|<<<|\\$\\(\\(|\\)\\)|\\$\\{|`|'|\"|\\\\|\\*|\\[|\\]|!|-[a-z]|[0-9]|é|notes.txt|%1|fg|grep|sort|awk|sed|s/a/b/|seq|xargs|ssh web-01|exit|!!) ?){1,12}"
        ).unwrap(), 1..6))
    {
        let (mut c, mut h) = start();
        for line in &lines {
            c.submit(1, line, &mut h);
            h.now += 1;
            c.advance(&mut h);
            let _completion = c.complete(1, line, line.len() / 2, &h);
        }
        c.signal(1, ConsoleSignal::Tstp, &mut h);
        c.signal(1, ConsoleSignal::Int, &mut h);
        c.key(1, "q", &mut h);
        c.submit(1, "echo still here", &mut h);
        proptest::prop_assert!(!c.terminal(1).unwrap().lines().is_empty());
    }
}

#[test]
fn typed_lines_go_to_the_program_that_reads() {
    let (mut c, mut h) = start();
    c.submit(1, "cat > said.txt", &mut h);
    c.submit(1, "first", &mut h);
    c.submit(1, "second", &mut h);
    c.signal(1, ConsoleSignal::Eof, &mut h);
    c.submit(1, "wc -l said.txt", &mut h);
    assert_eq!(printed(&c), "first\nsecond\n2 said.txt\n");
    c.submit(1, "echo lost > /tmp/full; mkdir /tmp/full; cat said.txt >> said.txt; wc -l < said.txt", &mut h);
    settle(&mut c, &mut h);
    assert!(printed(&c).ends_with("mkdir: cannot create directory ‘/tmp/full’: File exists\n4\n"), "{}", screen(&c));
}

#[test]
fn a_full_disk_is_said_in_the_words_of_the_system() {
    let (mut c, mut h) = start();
    h.dir("ops", "/tmp/full", "primary");
    c.submit(1, "echo hello > /tmp/full/x; echo $?; seq 3 > /tmp/full/y; echo $?", &mut h);
    settle(&mut c, &mut h);
    let text = printed(&c);
    assert!(text.contains("echo: write error: No space left on device"), "{text}");
    assert!(text.contains("seq: write error: No space left on device"), "{text}");
    assert!(!text.contains("\n0\n"), "{text}");
}
