//! Tests of the virtual file system: bytes, listings, renames, and the words of its refusals.

use super::worlds::docs;
use super::{check, unit};
use wheel_of_misfortune::sim::effect::{FileAct, FileEffect};
use wheel_of_misfortune::sim::vfs::Moment;
use wheel_of_misfortune::sim::{Effect, UnitVerb, World};
use wheel_of_misfortune::stdx::time::Utc;

const HOST: &str = "docs-01";

fn world() -> World {
    World::new(&docs(), 3)
}

fn du(w: &World, path: &str) -> Option<u64> {
    w.host(HOST).and_then(|h| h.vfs.du(path))
}

fn write(path: &str, text: &str, append: bool) -> Effect {
    let (host, path, text, owner) = (HOST.to_owned(), path.to_owned(), text.to_owned(), "oncall".to_owned());
    Effect::Write { host, path, text, append, owner }
}

fn rename(from: &str, to: &str) -> Effect {
    Effect::Rename { host: HOST.to_owned(), from: from.to_owned(), to: to.to_owned() }
}

#[test]
fn listings_and_sizes_are_those_of_the_scenario() {
    let w = world();
    let vfs = &w.host(HOST).expect("host").vfs;
    assert_eq!(du(&w, "/srv/build/output"), Some(60_000_000_000));
    assert_eq!(du(&w, "/srv/build/../build//output/"), Some(60_000_000_000));
    // What is not listed is there too, as the installed system.
    assert_eq!(du(&w, "/"), Some(85_000_000_012));
    assert_eq!(du(&w, "/nowhere"), None);
    let names: Vec<String> = vfs.list("/srv").expect("listed").into_iter().map(|e| e.name).collect();
    assert_eq!(names, ["build", "web"]);
    let output = vfs.list("/srv/build/output").expect("listed");
    assert_eq!(output.len(), 40);
    assert!(output.iter().all(|e| e.size == 1_500_000_000 && !e.dir && e.owner == "app"));
    assert_eq!(vfs.read("/srv/web/config.toml").expect("read"), "port = 3000\n");
    let message = |path: &str| vfs.read(path).expect_err(path).message;
    assert_eq!(message("/srv/web"), "Is a directory");
    assert_eq!(message("/srv/web/x"), "No such file or directory");
    assert_eq!(message("/srv/build/output/crate-000"), "Binary file");
    assert_eq!(vfs.list("/x").expect_err("none").message, "No such file or directory");
    assert!(vfs.stat("/home/oncall").is_some_and(|n| n.is_dir() && n.owner == "oncall"));
}

#[test]
fn writes_appends_and_renames_keep_every_byte() {
    let mut w = world();
    let avail = |w: &World| w.mount("docs-01:/").expect("mount").avail();
    let before = avail(&w);
    w.apply(&write("/home/oncall/a", "hello\n", false)).expect("written");
    w.apply(&write("/home/oncall/a", "you\n", true)).expect("appended");
    assert_eq!(before - avail(&w), 10);
    w.apply(&rename("/home/oncall/a", "/tmp/b")).expect("renamed");
    assert_eq!(w.host(HOST).expect("host").vfs.read("/tmp/b").expect("read"), "hello\nyou\n");
    w.apply(&write("/tmp/b", "x", false)).expect("replaced");
    assert_eq!(before - avail(&w), 1);
    w.apply(&rename("/srv/build", "/srv/gone")).expect("a directory moves with all in it");
    assert_eq!(du(&w, "/srv/gone/output"), Some(60_000_000_000));
    assert_eq!(du(&w, "/srv/build"), None);
    check(&w).expect("invariant");
    let said = |w: &mut World, e: Effect| w.apply(&e).expect_err("refused").message;
    assert_eq!(said(&mut w, write("/srv", "x", false)), "Is a directory");
    assert_eq!(said(&mut w, write("/no/x", "x", false)), "No such file or directory");
    assert_eq!(said(&mut w, write("/tmp/b/c", "x", false)), "Not a directory");
    assert_eq!(said(&mut w, rename("/tmp/b", "/srv/web")), "Is a directory");
    assert_eq!(said(&mut w, rename("/srv/web", "/tmp/b")), "Not a directory");
    assert_eq!(said(&mut w, rename("/", "/tmp/x")), "Invalid argument");
}

#[test]
fn what_is_replaced_is_lost_and_what_moves_is_not() {
    let mut w = world();
    let base = "/var/lib/postgresql/11/main";
    let (_, facts) = w.apply(&rename(base, "/srv/main")).expect("moved");
    assert_eq!((facts, w.lost()), (vec![], 0));
    w.apply(&write("/srv/main/base-001", "more", true)).expect("appended");
    assert_eq!(w.lost(), 0);
    w.apply(&write("/srv/main/base-001", "", false)).expect("truncated");
    assert_eq!(w.lost(), 63);
    w.apply(&rename("/srv/web/config.toml", "/srv/main/base-002")).expect("replaced");
    assert_eq!(w.lost(), 125);
    check(&w).expect("invariant");
}

#[test]
fn the_leak_goes_on_where_it_was_removed() {
    let mut w = world();
    w.apply(&Effect::Remove { host: HOST.into(), path: "/srv/build/output".into() }).expect("removed");
    assert_eq!(du(&w, "/srv/build/output"), None);
    for _ in 0..10 {
        w.step();
    }
    assert_eq!(du(&w, "/srv/build/output"), Some(130_000_000));
    // Something in the way of the directory stops it.
    w.apply(&Effect::Remove { host: HOST.into(), path: "/srv/build".into() }).expect("removed");
    w.apply(&write("/srv/build", "in the way\n", false)).expect("written");
    unit(&mut w, UnitVerb::Restart);
    for _ in 0..10 {
        w.step();
    }
    assert_eq!(du(&w, "/srv"), Some(23));
    check(&w).expect("invariant");
}

#[test]
fn a_machine_carries_more_than_what_is_listed() {
    let mut w = world();
    let vfs = &w.host(HOST).expect("host").vfs;
    assert_eq!(vfs.du("/"), vfs.mount("/").map(|m| m.used()), "du and df tell the same bytes");
    assert_eq!(vfs.blocks("/srv/web"), Some(2 * 4096), "a directory and a small file take a block each");
    assert_eq!(vfs.subdirs("/srv"), 2);
    let old = vfs.stat("/usr/lib").expect("installed").mtime;
    assert!(old < w.utc().plus(-86_400), "it was there before tonight");
    for e in [
        Effect::Remove { host: HOST.into(), path: "/usr".into() },
        rename("/usr/lib", "/tmp/lib"),
        write("/bin/bash", "x", false),
    ] {
        assert_eq!(w.apply(&e).expect_err("refused").message, "Operation not permitted");
    }
    assert_eq!(w.apply(&Effect::Remove { host: HOST.into(), path: "/srv/web".into() }).map(|_| ()), Ok(()));
}

#[test]
fn a_process_uses_time_while_it_runs() {
    let mut w = world();
    let of = |w: &World| w.processes(HOST).into_iter().find(|p| p.unit.as_deref() == Some("web")).expect("runs");
    let before = of(&w);
    let age = (w.utc().0 - before.start.0) as f64;
    let share = before.cpu_s as f64 / age;
    assert!(share > 0.0 && share <= 64.0, "{share}");
    for _ in 0..60 {
        w.step();
    }
    assert!(of(&w).cpu_s > before.cpu_s);
    unit(&mut w, UnitVerb::Restart);
    for _ in 0..20 {
        w.step();
    }
    let fresh = of(&w);
    assert!(fresh.cpu_s < before.cpu_s && fresh.pid > before.pid && fresh.start > before.start);
}

fn file(path: &str, act: FileAct) -> Effect {
    Effect::File(FileEffect { host: HOST.to_owned(), path: path.to_owned(), act })
}

#[test]
fn names_of_one_file_share_its_bytes_and_the_last_one_frees_them() {
    let mut w = world();
    let used = |w: &World| w.mount("docs-01:/").expect("mount").used();
    let before = used(&w);
    let read = |w: &World, path: &str| w.host(HOST).and_then(|h| h.vfs.read(path).ok());
    w.apply(&write("/home/oncall/a", "0123456789", false)).expect("written");
    w.apply(&file("/home/oncall/b", FileAct::Link { from: "/home/oncall/a".to_owned() })).expect("linked");
    assert_eq!(used(&w) - before, 10);
    w.apply(&write("/home/oncall/b", "xy", true)).expect("appended");
    assert_eq!(read(&w, "/home/oncall/a").as_deref(), Some("0123456789xy"));
    assert_eq!(used(&w) - before, 12);
    w.apply(&rename("/home/oncall/b", "/tmp/c")).expect("renamed");
    w.apply(&Effect::Remove { host: HOST.into(), path: "/home/oncall/a".into() }).expect("removed");
    assert_eq!((read(&w, "/tmp/c").as_deref(), used(&w) - before), (Some("0123456789xy"), 12));
    w.apply(&Effect::Remove { host: HOST.into(), path: "/tmp/c".into() }).expect("removed");
    assert_eq!(used(&w), before);
}

#[test]
fn links_lead_where_they_say_and_no_further() {
    let mut w = world();
    let link = |path: &str, target: &str| {
        file(path, FileAct::Symlink { target: target.to_owned(), owner: "oncall".to_owned() })
    };
    w.apply(&link("/home/oncall/web", "../../srv/web")).expect("linked");
    w.apply(&link("/home/oncall/loop", "loop")).expect("linked");
    w.apply(&link("/home/oncall/gone", "/nowhere/x")).expect("linked");
    let vfs = |w: &World| w.host(HOST).expect("host").vfs.clone();
    let resolve = |path: &str| vfs(&w).resolve(path, true).map_err(|r| r.message);
    assert_eq!(resolve("/home/oncall/web/config.toml"), Ok("/srv/web/config.toml".to_owned()));
    assert_eq!(resolve("/home/oncall/loop"), Err("Too many levels of symbolic links".to_owned()));
    assert_eq!(resolve("/home/oncall/gone"), Err("No such file or directory".to_owned()));
    assert_eq!(resolve("/srv/web/config.toml/x"), Err("Not a directory".to_owned()));
    assert_eq!(resolve("/home/oncall/web/new"), Ok("/srv/web/new".to_owned()), "also for what is not there yet");
    assert_eq!(resolve("/srv/web/new"), Ok("/srv/web/new".to_owned()));
    let long = Err("File name too long".to_owned());
    assert_eq!(resolve(&format!("/tmp/{}", "x".repeat(256))), long);
    assert_eq!(resolve(&format!("/tmp/{}", "x/".repeat(2_100))), long);
    assert!(resolve(&format!("/tmp/{}", "x".repeat(255))).is_ok());
    assert_eq!(vfs(&w).read("/home/oncall/web/config.toml").expect("read"), "port = 3000\n");
    // To remove a link is not to remove what it leads to.
    w.apply(&Effect::Remove { host: HOST.into(), path: "/home/oncall/web".into() }).expect("removed");
    assert!(vfs(&w).stat("/srv/web/config.toml").is_some());
}

#[test]
fn modes_owners_times_and_sizes_are_part_of_the_state() {
    let act = |act: FileAct| {
        let mut w = world();
        w.apply(&write("/home/oncall/a", "hello", false)).expect("written");
        w.apply(&file("/home/oncall/a", act)).expect("done");
        (
            serde_json::to_string(&w).expect("serialised"),
            w.host(HOST).and_then(|h| h.vfs.stat("/home/oncall/a").cloned()),
        )
    };
    let (plain, node) = act(FileAct::Mode(0o644));
    assert_eq!(node.expect("there").mode, 0o644);
    let moment = Moment { at: Utc(86_400), nanos: 5 };
    let times = FileAct::Times { read: None, written: Some(Some(moment)), follow: true };
    for (what, check) in [
        (FileAct::Mode(0o600), "mode"),
        (FileAct::Owner { owner: None, group: Some("app".to_owned()), follow: true }, "group"),
        (times, "mtime"),
        (FileAct::Resize { bytes: 2, owner: "oncall".to_owned() }, "content"),
    ] {
        let (text, node) = act(what);
        let node = node.expect("there");
        let done = match check {
            "mode" => node.mode == 0o600,
            "group" => node.group == "app" && node.owner == "oncall",
            "mtime" => (node.mtime, node.mtime_ns) == (Utc(86_400), 5),
            _ => node.bytes() == 2,
        };
        assert!(done, "{check}: {node:?}");
        assert_ne!(text, plain, "{check} is not in the digest");
    }
}
