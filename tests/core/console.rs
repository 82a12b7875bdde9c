//! Tests of console: typed lines over a fixture host, and what they print.

#[path = "console/fixture.rs"]
mod fixture;

use fixture::Fixture;
use wheel_of_misfortune::console::{Console, ConsoleEvent, ConsoleSignal};

fn start() -> (Console, Fixture) {
    let c = Console::new(&[(1, "primary".to_owned(), "ops".to_owned(), "primary".to_owned())]);
    (c, Fixture::new())
}

/// What the terminal shows, typed lines with their prompt.
fn screen(c: &Console) -> String {
    let t = c.terminal(1).unwrap();
    let mut out = String::new();
    for l in &t.lines {
        out.push_str(&format!("{}{}\n", l.prompt.as_deref().unwrap_or(""), l.text));
    }
    out.push_str(&t.partial);
    out
}

/// Only what was printed.
fn printed(c: &Console) -> String {
    let t = c.terminal(1).unwrap();
    let mut out: String = t.lines.iter().filter(|l| l.prompt.is_none()).map(|l| format!("{}\n", l.text)).collect();
    out.push_str(&t.partial);
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
