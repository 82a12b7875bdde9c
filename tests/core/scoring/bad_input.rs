//! Logs that were cut, edited or come from elsewhere: named at their line, and what can be scored is.

use super::s;
use std::path::Path;
use wheel_of_misfortune::cli;
use wheel_of_misfortune::host::{HostError, Options, SessionHost, past};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::rehearsal;
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::stdx::time::Tick;
use wheel_of_misfortune::storage::journal::{Item, recover};
use wheel_of_misfortune::storage::package;

/// Exit code, standard output and standard error of the program.
fn wheel(args: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args: Vec<std::ffi::OsString> = args.iter().map(|a| (*a).into()).collect();
    let code = cli::run_with(args, None, &Locale::new(Lang::En), &mut out, &mut err).code();
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn log(dir: &Path) -> std::path::PathBuf {
    let package = package::bundled().remove(0);
    let path = dir.join("session.jsonl");
    let text = "T+1m :ack 1\ndf -h\nT+4m sudo rm -r /srv/docs/builder/output\nsudo systemctl restart web\nT+20m :end\n";
    rehearsal::run(package, text, Options::default(), Some(&path)).unwrap();
    path
}

#[test]
fn a_cut_log_is_named_at_its_line_and_scored_as_far_as_it_goes() {
    let dir = tempfile::tempdir().unwrap();
    let path = log(dir.path());
    let whole = std::fs::read(&path).unwrap();
    let shown = path.display().to_string();
    let (code, full, err) = wheel(&["score", &shown, "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    std::fs::write(&path, &whole[..whole.len() * 2 / 3]).unwrap();
    let (code, part, err) = wheel(&["score", &shown, "--json"]);
    assert_eq!(code, 0, "{err}");
    let line = whole[..whole.len() * 2 / 3].iter().filter(|b| **b == b'\n').count() + 1;
    assert!(err.contains(&format!("{shown}:{line}:")), "{err}");
    assert!(err.contains("without the end of a session"), "{err}");
    assert!(part.contains("\"checks\"") && part != full);
    let md = dir.path().join("out.md").display().to_string();
    let (code, _, err) = wheel(&["export", &shown, "--to", &md]);
    assert!(code == 0 && err.contains(&format!("{shown}:{line}:")), "{err}");
    // One byte changed in the middle: the checksum says which line.
    let mut edited = whole.clone();
    let at = whole.len() / 2;
    edited[at] = if edited[at] == b'x' { b'y' } else { b'x' };
    std::fs::write(&path, &edited).unwrap();
    let line = whole[..at].iter().filter(|b| **b == b'\n').count() + 1;
    let (code, _, err) = wheel(&["score", &shown]);
    assert!(code == 0 && err.contains(&format!("{shown}:{line}:")), "{err}");
}

/// A line made by hand with a checksum of its own: no session is as long as it says.
#[test]
fn a_log_of_endless_time_ends_at_its_horizon() {
    let dir = tempfile::tempdir().unwrap();
    let path = log(dir.path());
    let whole = std::fs::read_to_string(&path).unwrap();
    let body = format!("{{\"ticks\":{}}}", u64::MAX);
    let forged = format!("{{\"crc\":\"{:08x}\",\"body\":{body}}}", crc32fast::hash(body.as_bytes()));
    let mut lines: Vec<&str> = whole.lines().collect();
    let at = lines.iter().rposition(|l| l.contains("\"ticks\":")).unwrap();
    lines[at] = &forged;
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    let shown = path.display().to_string();
    let (code, part, err) = wheel(&["score", &shown, "--json"]);
    assert!(code == 0 && part.contains("\"checks\""), "{err}");
    let (code, _, err) = wheel(&["replay", &shown]);
    assert!(code <= 1, "{err}");
}

#[test]
fn a_foreign_file_is_no_log() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notes.jsonl");
    for text in ["", "hello\n", "{\"a\":1}\n"] {
        std::fs::write(&path, text).unwrap();
        let (code, out, err) = wheel(&["score", &path.display().to_string()]);
        assert_eq!((code, out), (1, s("")), "{text}");
        assert!(err.contains("notes.jsonl"), "{err}");
    }
}

// ---- every sort of damage, through every door ----

/// A finished session in its folder, played once: its folder's package and the bytes of its log.
fn finished() -> &'static (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
    static ONCE: std::sync::OnceLock<(tempfile::TempDir, std::path::PathBuf, Vec<u8>)> = std::sync::OnceLock::new();
    ONCE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { dir: Some(dir.path().to_path_buf()), ..Options::default() };
        let mut host = SessionHost::start(package::bundled().remove(0), options).unwrap();
        for line in [
            "T+1m :ack 1",
            "df -h",
            "T+4m sudo rm -r /srv/docs/builder/output",
            "sudo systemctl restart web",
            "T+20m :end",
        ] {
            host.line(PRIMARY, line).unwrap();
        }
        host.conclude().unwrap();
        host.line(PRIMARY, ":reflect plus \"kept\"").unwrap();
        let folder = host.folder().unwrap().to_path_buf();
        let bytes = std::fs::read(folder.join("branch-0.jsonl")).unwrap();
        (dir, folder, bytes)
    })
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

/// A line with its body changed and a checksum that fits: what somebody does who knows the format.
fn forged(line: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(line).unwrap().trim_end();
    let body = text.split_once("\"body\":").unwrap().1.strip_suffix('}').unwrap();
    assert!(body.contains(from), "{body} holds {from}");
    let body = body.replacen(from, to, 1);
    format!("{{\"crc\":\"{:08x}\",\"body\":{body}}}\n", crc32fast::hash(body.as_bytes())).into_bytes()
}

/// What a kind of damage leaves of a log, the line at which it is named, and what the four doors say.
struct Damage {
    name: &'static str,
    bytes: Vec<u8>,
    line: usize,
    says: &'static str,
    /// Exit codes of score, export and replay.
    codes: [u8; 3],
    /// Whether the window opens its debrief.
    opens: bool,
}

fn damages() -> Vec<Damage> {
    let whole = &finished().2;
    let all = lines(whole);
    let at = |what: &str| all.iter().position(|l| String::from_utf8_lossy(l).contains(what)).unwrap();
    let last = |what: &str| all.iter().rposition(|l| String::from_utf8_lossy(l).contains(what)).unwrap();
    let with = |n: usize, line: Vec<u8>| {
        let mut out = all.clone();
        out[n] = line;
        out.concat()
    };
    let upto = |n: usize| all[..n].concat();
    let digest = last("{\"digest\":");
    let state = String::from_utf8_lossy(&all[digest]).split("\"state\":\"").nth(1).unwrap()[..8].to_owned();
    let fact = at("\"fact\":\"acted\"");
    let end = last("{\"end\":");
    let scenario = format!("\"scenario\":\"{}\"", package::bundled()[0].slug);
    let damage = |name, bytes, line: usize, says, codes, opens| Damage { name, bytes, line, says, codes, opens };
    let mut flipped = whole.clone();
    let middle = upto(fact).len() + all[fact].len() / 2;
    flipped[middle] ^= 1;
    let cut = [upto(end), all[end][..all[end].len() / 2].to_vec()].concat();
    vec![
        damage("cut in the end line", cut, end + 1, "cut off", [0, 0, 0], false),
        damage("cut in a word after the end", whole[..whole.len() - 9].to_vec(), all.len(), "cut off", [0, 0, 0], true),
        damage("without its end", upto(end), 0, "without the end of a session", [0, 0, 0], false),
        damage("a byte flipped", flipped, fact + 1, "checksum", [0, 0, 0], false),
        damage(
            "a digest forged",
            with(digest, forged(&all[digest], &state, "00000000")),
            digest + 1,
            "edited",
            [0, 0, 1],
            true,
        ),
        damage(
            "a fact forged",
            with(fact, forged(&all[fact], "\"mutating\":true", "\"mutating\":false")),
            fact + 1,
            "edited",
            [0, 0, 0],
            true,
        ),
        damage(
            "an entry forged",
            with(at("df -h"), forged(&all[at("df -h")], "df -h", "df -i")),
            at("df -h") + 2,
            "edited",
            [0, 0, 1],
            true,
        ),
        damage(
            "an entry taken out",
            [upto(at("df -h")), all[at("df -h") + 1..].concat()].concat(),
            0,
            "belongs",
            [0, 0, 1],
            false,
        ),
        damage(
            "another version of the scenario",
            with(0, forged(&all[0], "\"scenario_digest\":\"", "\"scenario_digest\":\"0000")),
            1,
            "another version",
            [0, 0, 0],
            false,
        ),
        damage(
            "a scenario that is not here",
            with(0, forged(&all[0], &scenario, "\"scenario\":\"elsewhere\"")),
            1,
            "",
            [1, 1, 1],
            false,
        ),
        damage(
            "another simulator",
            with(0, forged(&all[0], "\"simulator\":", "\"simulator\":9")),
            1,
            "simulator",
            [0, 0, 0],
            false,
        ),
        damage("a newer format", with(0, forged(&all[0], "\"format\":", "\"format\":9")), 1, "newer", [1, 1, 1], false),
        damage("empty", Vec::new(), 1, "not the header", [1, 1, 1], false),
        damage("one newline", b"\n".to_vec(), 1, "not the header", [1, 1, 1], false),
        damage("binary", (0..4_096u32).map(|n| (n * 167 % 256) as u8).collect(), 1, "not the header", [1, 1, 1], false),
        damage("zeros", vec![0; 4_096], 1, "not the header", [1, 1, 1], false),
        damage("a picture's name", b"\x89PNG\r\n\x1a\n".to_vec(), 1, "not the header", [1, 1, 1], false),
        damage(
            "JSON of something else",
            b"{\"crc\":\"00000000\",\"body\":{}}\n".to_vec(),
            1,
            "not the header",
            [1, 1, 1],
            false,
        ),
    ]
}

#[test]
fn every_damage_is_named_at_its_line_by_every_command_and_in_the_window() {
    let (_, folder, whole) = finished();
    let path = folder.join("branch-0.jsonl");
    let shown = path.display().to_string();
    let out = folder.join("out.json").display().to_string();
    for d in damages() {
        std::fs::write(&path, &d.bytes).unwrap();
        let place = if d.line > 0 { format!("{shown}:{}:", d.line) } else { shown.clone() };
        let runs = [&["score", &shown][..], &["export", &shown, "--to", &out], &["replay", &shown]];
        for (args, code) in runs.iter().zip(d.codes) {
            let (got, said, err) = wheel(args);
            assert_eq!(got, code, "{} {}: {said}{err}", args[0], d.name);
            // A fold has no use for an end or for recorded facts: it names what it could not read.
            if args[0] != "replay" || matches!(d.says, "cut off" | "checksum") {
                let named = if d.name == "an entry forged" { err.contains(&shown) } else { err.contains(&place) };
                assert!(named && err.contains(d.says), "{} {}: {err} names {place} {}", args[0], d.name, d.says);
            }
            assert!(!err.contains("panicked"));
        }
        match SessionHost::reopen(folder) {
            Ok((host, wrong)) => {
                assert!(d.opens && host.concluded(), "{}: opened with {wrong:?}", d.name);
                // A forged fact is derived again: the window shows what follows from the entries.
                assert!(!wrong.is_empty() || d.name == "a fact forged", "{}", d.name);
            }
            Err(e) => {
                assert!(!d.opens, "{}: {e}", d.name);
                assert!(d.name != "a scenario that is not here" || e.to_string().contains(&place), "{}: {e}", d.name);
                assert!(!e.to_string().is_empty());
            }
        }
        // A log that was mended keeps a copy beside it; the next kind of damage starts from the whole one.
        std::fs::write(&path, whole).unwrap();
    }
}

#[test]
fn a_cut_at_any_byte_of_the_last_records_loses_only_what_was_cut() {
    let whole = &finished().2;
    let all = lines(whole);
    let from: usize = all[..all.len() - 4].iter().map(Vec::len).sum();
    let full = recover(whole).unwrap();
    assert!(full.dropped.is_none() && full.end().is_some());
    assert_eq!(full.lines.len(), full.items.len());
    // A curve is long: of what lies far inside it every 97th byte will do.
    for at in (from..whole.len()).filter(|at| *at % 97 == 0 || whole.len() - at < 600 || at - from < 200) {
        let part = recover(&whole[..at]).unwrap();
        let kept = part.items.len();
        assert_eq!(part.items, full.items[..kept], "cut at {at}");
        let line = whole[..at].iter().filter(|b| **b == b'\n').count() as u64 + 1;
        match &part.dropped {
            Some(d) => assert_eq!((d.line, d.at_byte + d.bytes), (line, at as u64), "cut at {at}"),
            None => assert!(whole[at - 1] == b'\n' || whole[at] == b'\n', "cut at {at}"),
        }
        assert_eq!(part.end().is_some(), kept > full.items.iter().position(|i| matches!(i, Item::End(_))).unwrap());
    }
}

// ---- sessions that were played here ----

#[test]
fn what_was_played_is_listed_and_opens_again_with_its_words() {
    let dir = tempfile::tempdir().unwrap();
    let shown = dir.path().display().to_string();
    let (code, out, _) = wheel(&["sessions", "--dir", &shown]);
    assert!(code == 0 && out.contains("No session"), "{out}");
    let start = || {
        let options = Options { dir: Some(dir.path().to_path_buf()), ..Options::default() };
        SessionHost::start(package::bundled().remove(0), options).unwrap()
    };
    let mut first = start();
    for line in package::bundled()[0].files["better.wom"].lines() {
        let _ = first.line(PRIMARY, line);
    }
    first.conclude().unwrap();
    let (folder, digest) = (first.folder().unwrap().to_path_buf(), first.session().digest());
    let facts = first.session().facts().len();
    drop(first);
    let mut second = start();
    second.line(PRIMARY, "T+1m :ack 1").unwrap();
    drop(second);
    std::fs::create_dir(dir.path().join("0003-broken")).unwrap();
    std::fs::write(dir.path().join("0003-broken/branch-0.jsonl"), "no log\n").unwrap();

    let all = past(dir.path(), 10).unwrap();
    assert_eq!(all.iter().map(|p| p.number).collect::<Vec<_>>(), [3, 2, 1], "newest first");
    assert!(all[0].log.as_ref().is_err_and(|e| e.to_string().contains("branch-0.jsonl:1:")));
    assert!(!all[1].log.as_ref().unwrap().finished && all[2].log.as_ref().unwrap().finished);
    assert!(all[2].written.is_some());
    assert_eq!(past(dir.path(), 1).unwrap().len(), 1);
    let (code, out, err) = wheel(&["sessions", "--dir", &shown]);
    assert!(code == 1 && err.contains("0003-broken"), "{err}");
    let rows: Vec<&str> = out.lines().collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("not finished") && rows[1].contains("Well ahead of the original"), "{out}");
    assert!(rows[1].contains("  +") && rows[1].contains("0001-docsrs"), "{out}");
    let (_, json, _) = wheel(&["sessions", "--dir", &shown, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[1]["word"], "Well ahead of the original");

    // Opened again it is the same session, and what is written down now is kept.
    let (mut again, wrong) = SessionHost::reopen(&folder).unwrap();
    assert!(wrong.is_empty() && again.concluded(), "{wrong:?}");
    assert_eq!((again.session().digest(), again.session().facts().len()), (digest, facts));
    assert!(again.conclude().is_ok(), "it has its end already");
    again.line(PRIMARY, ":reflect plus \"kept\"").unwrap();
    assert_eq!(again.session().facts().len(), facts + 1);
    drop(again);
    let (again, wrong) = SessionHost::reopen(&folder).unwrap();
    assert_eq!((again.session().facts().len(), wrong), (facts + 1, vec![]));
    drop(again);
    assert!(SessionHost::resume(&folder).is_err(), "it is over");
    let open = past(dir.path(), 10).unwrap().remove(1).folder;
    assert!(matches!(SessionHost::reopen(&open), Err(HostError::Unfinished(_))), "that one goes on instead");
    assert!(SessionHost::resume(&open).is_ok());
}

#[test]
fn other_branches_are_lanes_of_the_export_as_in_the_window() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { dir: Some(dir.path().to_path_buf()), ..Options::default() };
    let mut host = SessionHost::start(package::bundled().remove(0), options).unwrap();
    for line in ["T+1m :ack 1", "T+4m sudo rm -r /srv/docs/builder/output", "sudo systemctl restart web", "T+9m :end"] {
        host.line(PRIMARY, line).unwrap();
    }
    host.rewind(Tick(150)).unwrap();
    for line in ["T+3m sudo rm -r /srv/docs/builder/output", "T+4m sudo systemctl restart web", "T+9m :end"] {
        host.line(PRIMARY, line).unwrap();
    }
    host.conclude().unwrap();
    let folder = host.folder().unwrap().display().to_string();
    drop(host);
    let out = dir.path().join("x.json").display().to_string();
    for log in [folder.clone(), format!("{folder}/branch-1.jsonl")] {
        let (code, _, err) = wheel(&["export", &log, "--to", &out]);
        assert_eq!(code, 0, "{err}");
        let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
        let lanes = json["branches"].as_array().unwrap();
        assert_eq!((lanes.len(), &lanes[0]["branch"]), (1, &0.into()), "{lanes:?}");
        // A relief stands where it began, in a branch as in the run beside it: both restarted at T+4m.
        let marks = lanes[0]["marks"].as_array().unwrap();
        let relief = marks.iter().find(|m| m["what"].as_str().unwrap().starts_with("first relief")).unwrap();
        assert_eq!(relief["t_s"], 424, "{marks:?}");
        let page = dir.path().join("x.html").display().to_string();
        assert_eq!(wheel(&["export", &log, "--to", &page]).0, 0);
        let page = std::fs::read_to_string(&page).unwrap();
        let picture = page.split("</svg>").find(|p| p.contains("id=\"timeline\"")).unwrap();
        assert!(picture.contains(">Branch 0<") && picture.contains("leaves at +2:10"), "its lane is in the picture");
        assert!(picture.contains(">the same user-minutes<"), "both came to the same");
    }
}
