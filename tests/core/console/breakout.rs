//! Lines that would exhaust a machine: each is bounded, says so like a real system, and leaves the terminal usable.

use super::{printed, settle, start};
use wheel_of_misfortune::console::ConsoleSignal;

/// Types a line, lets it run for some seconds, interrupts it, and returns what the screen shows. The state stays small.
fn survive(line: &str) -> String {
    let (mut c, mut h) = start();
    c.submit(1, line, &mut h);
    for _ in 0..40 {
        h.now += 1;
        c.advance(&mut h);
    }
    let text = printed(&c);
    let size = serde_json::to_string(&c).unwrap().len();
    assert!(size < 40_000_000, "{line}: {size} bytes of state");
    c.signal(1, ConsoleSignal::Int, &mut h);
    c.submit(1, "echo still $((6 * 7))", &mut h);
    settle(&mut c, &mut h);
    assert!(printed(&c).contains("still 42"), "{line}: {}", printed(&c));
    text
}

#[test]
fn a_fork_bomb_is_refused_by_the_kernel() {
    let (mut c, mut h) = start();
    c.submit(1, ":(){ :|:& };:", &mut h);
    for _ in 0..40 {
        h.now += 1;
        c.advance(&mut h);
    }
    assert!(printed(&c).contains("fork: retry: Resource temporarily unavailable"));
    assert!(serde_json::to_string(&c).unwrap().len() < 40_000_000);
    // The bomb goes on in the background, as a real one would; the shell of the terminal answers.
    c.submit(1, "cd /tmp", &mut h);
    settle(&mut c, &mut h);
    assert_eq!(c.terminal(1).unwrap().prompt, "primary@ops:/tmp$ ");
}

#[test]
fn endless_recursion_ends() {
    assert!(survive("f() { f; }; f").contains("f: maximum function nesting level exceeded"));
    survive("f() { echo $(f); }; f");
}

#[test]
fn an_endless_substitution_runs_out_of_memory() {
    let text = survive("x=$(while :; do printf '%10000s' x; done); echo ${#x}");
    assert!(text.contains("xrealloc: cannot allocate"), "{text}");
}

#[test]
fn huge_brace_expansions_and_widths_are_refused() {
    assert!(survive("echo {1..999999999}").contains("brace expansion: failed to allocate memory"));
    assert!(survive("echo {1..9999}{1..9999}").contains("brace expansion: failed to allocate memory"));
    // Few words of many characters take as much room as many words.
    let long = format!("echo {}{} | wc -w", "x".repeat(100), "{a,b}".repeat(16));
    assert!(survive(&long).contains("brace expansion: failed to allocate memory"));
    assert!(survive(&format!("echo {} | wc -w", "{a,b}".repeat(14))).contains("16384"));
    assert!(survive("printf '%2000000000d' 1").contains("Cannot allocate memory"));
}

#[test]
fn doubling_a_variable_ends() {
    let text = survive("x=ab; while :; do x=$x$x; done");
    assert!(text.contains("xrealloc: cannot allocate"), "{text}");
}

#[test]
fn output_without_end_is_bounded_and_interruptible() {
    survive("while :; do echo gigabyte; done");
    survive("while :; do printf '%1000s\\n' x; done | cat > /tmp/big");
    survive("cat ../../../../../../etc/shadow; cd ../../../../..; pwd; ls ..");
}

/// The engine behind psql can be neither reached nor named, and nothing runs away in it.
#[test]
fn sql_stays_in_its_server() {
    for (line, says) in [
        ("attach 'x' as y", "ERROR:  syntax error at or near \"attach\""),
        ("detach y", "ERROR:  syntax error at or near \"detach\""),
        ("pragma database_list", "ERROR:  syntax error at or near \"pragma\""),
        ("select load_extension('x')", "ERROR:  function load_extension(unknown) does not exist"),
        ("select writefile('x', 'y')", "ERROR:  function writefile(unknown, unknown) does not exist"),
        ("select sqlite_version()", "ERROR:  function sqlite_version() does not exist"),
        ("select * from sqlite_master", "ERROR:  relation \"sqlite_master\" does not exist"),
        ("select * from pragma_database_list", "ERROR:  relation \"pragma_database_list\" does not exist"),
        ("select random()", "ERROR:  function random() is not implemented here"),
        ("select date('now')", "ERROR:  function date(unknown) does not exist"),
        ("select count(*) from users a, users b, users c", "ERROR:  canceling statement due to statement timeout"),
        (
            "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t",
            "ERROR:  canceling statement due to statement timeout",
        ),
        ("select * from users", "ERROR:  out of memory"),
        ("select replace(replace(replace('aaaaaaaaaa', 'a', repeat('b', 1000000)), 'b', 'cc'), 'c', 'dd')", "ERROR:  "),
    ] {
        let text = super::type_line(&format!("psql -h db-1 -c \"{line}\""));
        assert!(text.starts_with(says), "{line}: {text}");
        assert!(!text.to_lowercase().contains("sqlite err") && !text.contains("near \"("), "{line}: {text}");
    }
    // As deep as a parser can be sent.
    let deep = format!("select {}1{}", "(".repeat(1_500), ")".repeat(1_500));
    let text = super::type_line(&format!("psql -h db-1 -c '{deep}'"));
    assert!(text.starts_with("ERROR:  "), "{text}");
    let long = format!("select {}", vec!["1 +"; 900].join(" ") + " 1");
    let text = super::type_line(&format!("psql -h db-1 -c '{long}'"));
    assert!(text.contains("ERROR:  ") || text.contains("901"), "{text}");
}

/// As many levels as a script can write: a parser that goes down with them must not run out of its stack.
#[test]
fn what_is_nested_without_end_is_refused_in_the_tools_words() {
    for (line, says) in [
        ("bc <<< \"1$(printf -- '^1%.0s' {1..30000})\"", "(standard_in) 1: syntax error"),
        ("bc <<< \"1$(printf -- '+1%.0s' {1..30000})\"", "(standard_in) 1: syntax error"),
        ("bc <<< \"$(printf -- 'a=%.0s' {1..30000})1\"", "(standard_in) 1: syntax error"),
        ("bc <<< \"$(printf '\\041%.0s' {1..30000})1\"", "(standard_in) 1: syntax error"),
        ("awk \"BEGIN{print 1$(printf -- '^1%.0s' {1..30000})}\"", "program is nested too deep"),
        ("awk \"BEGIN{print $(printf -- '$%.0s' {1..30000})1}\"", "program is nested too deep"),
        ("awk \"BEGIN{print 1$(printf -- '+1%.0s' {1..30000})}\"", "program is nested too deep"),
        ("awk \"BEGIN{print 1$(printf -- ' 1%.0s' {1..30000})}\"", "program is nested too deep"),
        ("find / $(printf -- '! %.0s' {1..30000}) -name x", "find: the expression is nested too deep"),
        ("find / $(printf -- '( %.0s' {1..30000}) -name x", "find: the expression is nested too deep"),
    ] {
        let text = survive(line);
        assert!(text.contains(says), "{line}: {text:.300}");
    }
}

#[test]
fn columns_pairs_and_depths_without_end_are_bounded() {
    for (line, says) in [
        ("printf 'a\\tb\\n' | expand -t 1000000000 | wc", "expand: input line is too long"),
        ("printf 'a\\tb\\n' | expand -t 18446744073709551615 | wc", "expand: input line is too long"),
        ("printf 'a\\tb c\\n' | unexpand -t 18446744073709551615 | wc", "unexpand: input line is too long"),
        ("mkdir -p $(printf 'a/%.0s' {1..3000})", "File name too long"),
        ("touch $(printf 'x%.0s' {1..256})", "File name too long"),
    ] {
        let text = survive(line);
        assert!(text.contains(says), "{line}: {text:.300}");
    }
}
