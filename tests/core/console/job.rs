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

/// What the terminal shows of a line and of what follows it.
fn after(d: &mut Desk, line: &str, seconds: u64) -> String {
    let before = screen(d).len();
    d.types(line);
    d.wait(seconds);
    screen(d).split_off(before).join("\n")
}

#[test]
fn a_dump_comes_at_the_rate_of_the_store_and_can_be_restored() {
    let mut d = desk();
    let size = |d: &mut Desk| d.line("stat -c %s /tmp/all.dump").trim().parse::<u64>().unwrap_or(0);
    d.types("pg_dump -h db-01 -Fc -f /tmp/all.dump app");
    d.wait(4);
    d.interrupt();
    let part = size(&mut d);
    assert!(part > 0, "what had come stays");
    let said = d.line("pg_restore -l /tmp/all.dump");
    assert!(said.contains("could not read from input file: end of file"), "{said}");
    let begun = d.session.tick().0;
    d.types("pg_dump -h db-01 -Fc -v -f /tmp/all.dump app");
    for _ in 0..2_000 {
        d.wait(1);
        if d.session.console().terminal(1).expect("a terminal").running.is_none() {
            break;
        }
    }
    let (took, whole) = (d.session.tick().0 - begun, size(&mut d));
    assert!(whole > part && took > 4, "{part} {whole} {took}");
    assert!(screen(&d).iter().any(|l| l.starts_with("pg_dump: dumping contents of table \"public.")));
    let listed = d.line("backup list db-main");
    assert!(listed.contains("/tmp/all.dump"), "{listed}");
    d.line("cp /tmp/all.dump /tmp/copy.dump");
    let toc = d.line("pg_restore -l /tmp/copy.dump");
    assert!(toc.contains(";     dbname: app\n") && toc.contains("TABLE DATA public "), "{toc}");
    let said = after(&mut d, "pg_restore -h db-01 -d app /tmp/copy.dump", 2);
    assert!(
        said.contains("already exists") && said.contains("pg_restore: warning: errors ignored on restore: "),
        "{said}"
    );
    let said = after(&mut d, "pg_restore -h db-01 -c -v -d app /tmp/copy.dump", 3);
    assert!(said.contains("pg_restore: dropping TABLE ") && said.contains("processing data for table"), "{said}");
    assert!(d.session.console().terminal(1).expect("a terminal").running.is_some(), "{said}");
}

#[test]
fn a_base_backup_draws_its_progress_and_an_interrupted_one_leaves_nothing_to_start_from() {
    let mut d = desk();
    let data = "/var/lib/postgresql/15/main";
    d.line(&format!("ssh db-02 'sudo systemctl stop postgresql; sudo rm -rf {data}'"));
    d.wait(30);
    d.types(&format!("ssh db-02 'sudo pg_basebackup -h db-01 -D {data} -P -v'"));
    for _ in 0..900 {
        d.wait(1);
        if redrawn(&d).contains("kB (") || screen(&d).iter().any(|l| l.contains("kB (")) {
            break;
        }
    }
    d.wait(10);
    let all = format!("{}\n{}", screen(&d).join("\n"), redrawn(&d));
    let line = all.lines().rev().find(|l| l.contains(" kB (")).unwrap_or_else(|| panic!("{all}"));
    let (done, rest) = line.trim().split_once('/').expect("a share");
    let (total, rest) = rest.split_once(" kB (").expect("kilobytes");
    assert!(rest.ends_with("%), 0/1 tablespace"), "{line}");
    let (done, total): (u64, u64) = (done.parse().expect("a number"), total.parse().expect("a number"));
    assert!(done > 0 && done < total, "{line}");
    assert!(all.contains("pg_basebackup: write-ahead log start point: "), "{all}");
    d.interrupt();
    d.wait(600);
    assert_eq!(state(&mut d), "empty");
}
