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
