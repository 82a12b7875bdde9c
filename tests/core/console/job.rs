//! Work that takes time, as the person who waits for it sees it, and what Ctrl-C leaves behind.

use crate::world::family::desk::{Desk, estate};

fn desk() -> Desk {
    let mut d = Desk::new(estate());
    d.wait(5);
    d
}

/// The line that is being redrawn.
fn redrawn(d: &Desk) -> String {
    d.session.console().terminal(1).expect("a terminal").partial().text
}

fn screen(d: &Desk) -> Vec<String> {
    let lines = d.session.console().terminal(1).expect("a terminal").lines();
    lines.iter().map(|l| l.text.clone()).collect()
}

fn state(d: &mut Desk) -> String {
    let status = d.line("repl status db-main");
    let row = status.lines().find(|l| l.trim().starts_with("db-02")).unwrap_or_else(|| panic!("{status}"));
    row.split('|').nth(2).unwrap_or_else(|| panic!("{status}")).trim().to_owned()
}

#[test]
fn a_restore_shows_how_far_it_is_and_when_it_will_be_done() {
    let mut d = desk();
    d.types("backup restore db-main nightly --into db-02 --yes");
    d.wait(5);
    let (early, lines) = (redrawn(&d), screen(&d).len());
    d.wait(5);
    let late = redrawn(&d);
    println!("{early}\n{late}");
    assert_ne!(early, late);
    for line in [&early, &late] {
        assert!(line.starts_with("db-main:db-02: restore: ") && line.contains("/s, ETA "), "{line}");
    }
    assert_eq!(screen(&d).len(), lines, "a line that is redrawn is one line");
}

#[test]
fn an_interrupted_restore_leaves_nothing_to_start_from() {
    let mut d = desk();
    assert_eq!(state(&mut d), "streaming");
    d.types("backup restore db-main nightly --into db-02 --yes");
    d.wait(10);
    d.interrupt();
    let said = screen(&d);
    assert!(said.iter().any(|l| l == "Cancel request sent"), "{said:?}");
    let end = said.last().cloned().unwrap_or_default();
    assert!(end.starts_with("db-main:db-02: restore ended after 1"), "{end}");
    assert!(end.ends_with("canceling statement due to user request"), "{end}");
    d.wait(600);
    assert_eq!(state(&mut d), "empty", "what was removed does not come back by itself");
}

#[test]
fn a_restore_in_the_background_goes_on_after_ctrl_c() {
    let mut d = desk();
    d.types("backup restore db-main nightly --into db-02 --yes > /tmp/restore.log 2>&1 &");
    d.wait(10);
    d.interrupt();
    d.wait(600);
    let log = d.line("cat /tmp/restore.log");
    assert!(log.contains("restore done after"), "{log}");
    assert!(log.contains("ETA") && !log.contains('\r'), "where nobody sees it redrawn, lines come now and then: {log}");
}
