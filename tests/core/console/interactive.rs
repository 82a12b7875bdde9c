//! What a shell does for whoever types: jobs that are stopped and brought back, the end of a shell that has some, what goes
//! into the history, a command beside the shell.

use super::fixture::Fixture;
use super::{printed, settle, start};
use wheel_of_misfortune::console::{Console, ConsoleSignal};

/// Types lines one after the other; `^Z` and `^C` and `^D` alone are keys, pressed a second after what came before.
fn session(lines: &[&str]) -> (String, Console, Fixture) {
    let (mut c, mut h) = start();
    for line in lines {
        let signal = match *line {
            "^Z" => Some(ConsoleSignal::Tstp),
            "^C" => Some(ConsoleSignal::Int),
            "^D" => Some(ConsoleSignal::Eof),
            _ => None,
        };
        match signal {
            Some(signal) => c.signal(1, signal, &mut h),
            None => c.submit(1, line, &mut h),
        }
        h.now += 1;
        c.advance(&mut h);
    }
    (printed(&c), c, h)
}

fn said(lines: &[&str]) -> String {
    session(lines).0
}

#[test]
fn a_stopped_job_is_listed_resumed_and_keeps_its_number() {
    let shown = said(&["sleep 100", "^Z", "jobs", "bg", "jobs", "fg", "^Z", "kill %1", "jobs"]);
    let stopped = "[1]+  Stopped                 sleep 100\n";
    let running = "[1]+  Running                 sleep 100 &\n";
    let want = format!("^Z\n{stopped}{stopped}[1]+ sleep 100 &\n{running}sleep 100\n^Z\n{stopped}");
    assert!(shown.starts_with(&want), "{shown}");
    assert!(shown.contains("[1]+  Terminated              sleep 100\n"), "{shown}");
}

#[test]
fn a_shell_with_stopped_jobs_warns_once_before_it_ends() {
    let shown = said(&["sleep 100", "^Z", "exit", "jobs", "exit", "exit", "echo new shell"]);
    assert_eq!(shown.matches("There are stopped jobs.\n").count(), 2, "{shown}");
    assert!(shown.ends_with("logout\nnew shell\n"), "{shown}");
    let shown = said(&["sleep 100", "^Z", "^D", "^D", "echo new shell"]);
    assert!(shown.contains("There are stopped jobs.\n") && shown.ends_with("new shell\n"), "{shown}");
}

#[test]
fn jobs_are_disowned_by_name_or_all() {
    let shown = said(&["sleep 100 &", "sleep 200 &", "disown %1", "jobs", "disown -a", "jobs", "disown", "disown %7"]);
    let tail = "[2]+  Running                 sleep 200 &\n-bash: disown: current: no such job\n-bash: disown: %7: no such job\n";
    assert!(shown.ends_with(tail), "{shown}");
}

#[test]
fn ctrl_c_ends_loops_and_pipelines_with_status_130() {
    let shown = said(&["while true; do sleep 1; done", "^C", "echo $?"]);
    assert!(shown.ends_with("^C\n130\n"), "{shown}");
    let shown =
        said(&["yes | grep -c n", "^C", "echo $?", "for i in 1 2 3; do sleep 50; echo $i; done", "^C", "echo $?"]);
    assert!(shown.ends_with("^C\n130\n^C\n130\n"), "{shown}");
}

#[test]
fn the_first_job_that_ends_is_waited_for() {
    let (_, mut c, mut h) = session(&["sleep 40 & sleep 20 &", "wait -n -p who; echo $? $((who == $!))"]);
    settle(&mut c, &mut h);
    let shown = printed(&c);
    assert!(shown.ends_with("0 1\n"), "{shown}");
}

#[test]
fn the_history_keeps_what_its_variables_let_in() {
    let lines = [
        "HISTCONTROL=ignoreboth",
        "echo a",
        "echo a",
        " echo hidden",
        "HISTIGNORE='ls*:&'",
        "ls",
        "echo b",
        "HISTCONTROL=erasedups",
        "echo a",
    ];
    let (_, c, _) = session(&lines);
    let kept: Vec<&str> = c.terminal(1).unwrap().history.iter().map(String::as_str).collect();
    let want = ["HISTCONTROL=ignoreboth", "HISTIGNORE='ls*:&'", "echo b", "HISTCONTROL=erasedups", "echo a"];
    assert_eq!(kept, want);
    let (_, c, _) = session(&["echo 1", "HISTSIZE=2", "echo 2", "echo 3"]);
    assert_eq!(c.terminal(1).unwrap().history, ["echo 2", "echo 3"]);
}

#[test]
fn the_history_file_gets_what_is_new() {
    let (_, _, h) = session(&["echo 1", "history -a", "echo 2", "history -a"]);
    assert_eq!(h.text("ops", "/home/primary/.bash_history"), "echo 1\nhistory -a\necho 2\nhistory -a\n");
}

#[test]
fn the_history_file_is_written_when_its_shell_ends() {
    let (_, _, h) = session(&["echo 1", "ssh web-01", "echo there", "exit", "echo 2", "exit"]);
    assert_eq!(h.text("ops", "/home/primary/.bash_history"), "echo 1\nssh web-01\necho 2\nexit\n");
    assert_eq!(h.text("web-01", "/home/primary/.bash_history"), "echo there\nexit\n");
    let (_, _, h) = session(&["HISTFILESIZE=2", "echo 1", "history -a f", "echo 2", "history -a f"]);
    assert_eq!(h.text("ops", "/home/primary/f"), "echo 2\nhistory -a f\n");
    let (_, _, h) = session(&["unset HISTFILE", "echo 1", "exit"]);
    assert_eq!(h.text("ops", "/home/primary/.bash_history"), "");
}

/// Lines of commands that go on, typed to our shell and to an interactive bash: the same entries in both history files.
#[test]
fn a_command_of_several_lines_is_one_entry_of_the_history() {
    let lines = [
        "for i in 1 2",
        "do",
        "echo $i",
        "done",
        "echo 'a",
        "b'",
        "cat <<E",
        "x",
        "E",
        "echo a \\",
        "b",
        "if true",
        "then echo t",
        "fi",
        "f() {",
        "echo f",
        "}",
        "echo a |",
        "cat",
        "case x in",
        "x) echo 1",
        ";;",
        "esac",
        "( echo",
        "echo )",
        "true &&",
        "echo y",
        "echo $(",
        "echo z",
        ")",
        "echo `",
        "echo q`",
        "while false; do",
        "x",
        "done",
        "a=(1",
        "2)",
        "exit",
    ];
    let (_, _, h) = session(&lines);
    let full = |text: &str| text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let ours = full(&h.text("ops", "/home/primary/.bash_history"));
    assert_eq!(ours.first().map(String::as_str), Some("for i in 1 2; do echo $i; done"));
    if !super::shell_data::bash_is_here() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("in"), lines.join("\n") + "\n").unwrap();
    let status = std::process::Command::new("bash")
        .args(["--norc", "-i"])
        .env("HISTFILE", dir.path().join("history"))
        .env_remove("HISTCONTROL")
        .stdin(std::fs::File::open(dir.path().join("in")).unwrap())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    assert!(status.is_ok());
    assert_eq!(ours, full(&std::fs::read_to_string(dir.path().join("history")).unwrap()));
}

#[test]
fn a_command_beside_the_shell_is_a_job() {
    let (mut c, mut h) = start();
    for line in ["coproc cat", "echo hi >&${COPROC[1]}", "read x <&${COPROC[0]}; echo got $x", "jobs"] {
        c.submit(1, line, &mut h);
        settle(&mut c, &mut h);
    }
    let shown = printed(&c);
    assert!(shown.contains("got hi\n[1]+  Running                 coproc COPROC cat &\n"), "{shown}");
}

#[test]
fn tab_knows_what_the_shell_knows() {
    let lines = [
        "deploy_all() { :; }",
        "alias depl='echo'",
        "complete -W 'staging production' deploy_all",
        "mkdir -p dd/sub",
        "sleep 50 &",
    ];
    let (_, c, h) = session(&lines);
    let found = |line: &str| c.complete(1, line, line.len(), &h).candidates;
    assert!(found("depl").starts_with(&["depl".to_owned()]) && found("deploy_a") == ["deploy_all"]);
    assert_eq!(found("deploy_all st"), ["staging"]);
    assert_eq!(found("cd d"), ["dd/"]);
    assert_eq!(found("cd dd/"), ["dd/sub/"]);
    assert_eq!(found("echo ${HOM"), ["${HOME}"]);
    assert_eq!(found("echo $HOM"), ["$HOME"]);
    assert_eq!(found("ls ~roo"), ["~root/"]);
    assert_eq!(found("kill %"), ["%1"]);
}

#[test]
fn the_history_is_known_in_a_pipeline_and_only_changed_by_the_shell_itself() {
    let (shown, c, _) = session(&["echo 1", "history | tail -n 2", "fc -l | wc -l", "(history -c); history | wc -l"]);
    assert_eq!(shown, "1\n    1  echo 1\n    2  history | tail -n 2\n3\n4\n", "{shown}");
    assert_eq!(c.terminal(1).unwrap().history.len(), 4);
}

#[test]
fn mysql_talks_to_whoever_types() {
    let shown = said(&[
        "mysql -h my-1 -p",
        "secret",
        "use shop",
        "select id",
        "from sales limit 1;",
        "nope;",
        "select 1 where false;",
        "^C",
        "\\q",
    ]);
    assert!(shown.starts_with("Enter password: "), "{shown}");
    assert!(shown.contains("Welcome to the MySQL monitor.  Commands end with ; or \\g.\n"), "{shown}");
    assert!(shown.contains("Database changed\n"), "{shown}");
    assert!(shown.contains("+----+\n| id |\n+----+\n|  1 |\n+----+\n1 row in set (0.00 sec)\n\n"), "{shown}");
    let refused = "ERROR 1064 (42000): You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'nope' at line 1\n";
    assert!(shown.contains(refused), "{shown}");
    assert!(shown.contains("Empty set (0.00 sec)\n"), "{shown}");
    assert!(shown.ends_with("Bye\n"), "{shown}");
}

#[test]
fn work_of_mysql_takes_its_time_and_is_ended_by_ctrl_c() {
    let (shown, c, _) = session(&["mysql -h my-1 shop", "optimize table items;", "^C", "select 5;"]);
    assert!(shown.contains("^C -- query aborted\nERROR 1317 (70100): Query execution was interrupted\n"), "{shown}");
    assert!(shown.contains("| 5 |"), "{shown}");
    assert!(c.terminal(1).unwrap().running.is_some());
    let (_, mut c, mut h) = session(&["mysql -h my-1 shop", "optimize table items;"]);
    for _ in 0..60 {
        h.now += 1;
        c.advance(&mut h);
    }
    let shown = printed(&c);
    assert!(
        shown.contains(
            "| shop.items | optimize | note     | Table does not support optimize, doing recreate + analyze instead |"
        ),
        "{shown}"
    );
    assert!(shown.contains("2 rows in set (") && !shown.contains("(0.00 sec)"), "{shown}");
}

#[test]
fn a_machine_that_goes_dark_takes_its_shells_along() {
    let (mut c, mut h) = start();
    for line in ["ssh web-01", "sudo -i", "sleep 100 &", "sleep 50"] {
        c.submit(1, line, &mut h);
        h.now += 1;
        c.advance(&mut h);
    }
    assert_eq!(c.terminal(1).unwrap().host, "web-01");
    h.dark.push("web-01".to_owned());
    h.now += 1;
    c.advance(&mut h);
    let t = c.terminal(1).unwrap();
    assert_eq!((t.host.as_str(), t.prompt.as_str()), ("ops", "primary@ops:~$ "), "{}", printed(&c));
    let shown = printed(&c);
    assert_eq!(shown.matches("Connection to web-01 closed by remote host.").count(), 1, "{shown}");
    assert!(shown.contains("Connection to web-01 closed.\n"), "{shown}");
    c.submit(1, "echo $?; ps -e | grep -c sleep", &mut h);
    assert!(printed(&c).ends_with("255\n0\n"), "{}", printed(&c));
    // One that writes into a pipe here, too.
    h.dark.clear();
    c.submit(1, "ssh web-01 'sleep 30; echo late' | wc -l", &mut h);
    h.now += 1;
    c.advance(&mut h);
    h.dark.push("web-01".to_owned());
    h.now += 1;
    c.advance(&mut h);
    assert!(printed(&c).ends_with("closed by remote host.\n0\n"), "{}", printed(&c));
}

#[test]
fn a_terminal_whose_own_machine_is_dark_waits_for_it() {
    let (mut c, mut h) = start();
    c.submit(1, "cd /tmp; A=1", &mut h);
    h.dark.push("ops".to_owned());
    h.now += 1;
    c.advance(&mut h);
    c.submit(1, "ls", &mut h);
    let away = "Connection to ops closed by remote host.\nssh: connect to host ops port 22: No route to host\n";
    assert_eq!(printed(&c), away);
    assert_eq!(c.terminal(1).unwrap().prompt, "$ ");
    assert_eq!(c.terminal(1).unwrap().running, None);
    c.signal(1, ConsoleSignal::Int, &mut h);
    c.signal(1, ConsoleSignal::Eof, &mut h);
    h.dark.clear();
    h.now += 1;
    c.advance(&mut h);
    // A new shell: it knows nothing of the old one.
    c.submit(1, "echo \"$PWD:$A\"", &mut h);
    assert!(printed(&c).ends_with("/home/primary:\n"), "{}", printed(&c));
}
