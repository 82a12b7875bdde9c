//! The log on disk, session folders and settings: cut anywhere, flipped anywhere, one writer, nothing lost silently.

use proptest::prelude::*;
use std::fs;
use std::path::Path;
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, UpdateFields};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{Channel, Fault, LangText};
use wheel_of_misfortune::session::{Command, Entry, Header, LOG_FORMAT, SIMULATOR};
use wheel_of_misfortune::stdx::rational::{Exact, ratio};
use wheel_of_misfortune::stdx::time::Tick;
use wheel_of_misfortune::storage::journal::{Broken, Digest, End, Item, JournalError, MAX_LINE, Writer, read, recover};
use wheel_of_misfortune::storage::sessions;
use wheel_of_misfortune::storage::settings::{self, Settings, Volunteer};

fn header() -> Header {
    Header {
        format: LOG_FORMAT,
        simulator: SIMULATOR,
        scenario: "quiet-night".into(),
        scenario_digest: "00ff".into(),
        seed: u64::MAX,
        seats: vec!["primary".into()],
        branch: 0,
        parent: None,
    }
}

fn entry(seq: u64, command: Command) -> Entry {
    Entry { seq, at: Tick(seq * 10), by: Actor::Seat("primary".into()), command }
}

fn line(seq: u64, text: &str) -> Entry {
    entry(seq, Command::LineSubmitted { terminal: 1, text: text.into() })
}

fn facts(tick: u64) -> Vec<Fact> {
    let said = FactKind::Said {
        channel: Channel::Internal,
        text: LangText { en: "looking at it\nnow \"quoted\"".into(), ko: "보고 있습니다".into() },
        fields: UpdateFields { again_min: Some(20), ..UpdateFields::default() },
        about: vec!["api".into()],
        truthful: None,
    };
    let by = Actor::Seat("primary".into());
    let id = |n| FactId { branch: 0, tick: Tick(tick), n };
    vec![
        Fact { id: id(1), by: by.clone(), what: said, evidence: vec![] },
        Fact { id: id(2), by, what: FactKind::Resolved, evidence: vec![id(1)] },
    ]
}

/// A sample log of every kind of line, and what reading it gives.
fn sample(path: &Path) -> Vec<Item> {
    let mut w = Writer::create(path, &header()).unwrap();
    let fault = Fault::Errors { service: "api".into(), share: Exact(ratio(1, 3)) };
    let entries = [
        line(1, "df -h"),
        entry(2, Command::BeginFault { fault, course: Default::default() }),
        line(3, "rm /var/tmp/x # 한글"),
    ];
    let digest = Digest { tick: Tick(60), state: "ab12".into() };
    let end = End { tick: Tick(75), state: "cd34".into() };
    w.append_ticks(10).unwrap();
    w.append_ticks(20).unwrap();
    w.append_ticks(0).unwrap();
    w.append_entry(&entries[0]).unwrap();
    w.append_facts(&facts(30)).unwrap();
    w.append_facts(&[]).unwrap();
    w.append_ticks(30).unwrap();
    w.append_digest(&digest).unwrap();
    w.append(&[Item::Entry(entries[1].clone()), Item::Ticks(15)]).unwrap();
    w.append_entry(&entries[2]).unwrap();
    w.append_end(&end).unwrap();
    let [e1, e2, e3] = entries;
    let [f1, f2]: [Fact; 2] = facts(30).try_into().unwrap();
    vec![
        Item::Ticks(30),
        Item::Entry(e1),
        Item::Fact(f1),
        Item::Fact(f2),
        Item::Ticks(30),
        Item::Digest(digest),
        Item::Entry(e2),
        Item::Ticks(15),
        Item::Entry(e3),
        Item::End(end),
    ]
}

fn sample_bytes() -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("branch-0.jsonl");
    sample(&path);
    fs::read(path).unwrap()
}

/// The byte after each newline: where a whole line ends.
fn line_ends(bytes: &[u8]) -> Vec<usize> {
    bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1).collect()
}

#[test]
fn what_is_written_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("branch-0.jsonl");
    let want = sample(&path);
    let got = read(&path).unwrap();
    assert_eq!(got.header, header());
    assert_eq!(got.items, want);
    assert_eq!(got.dropped, None);
    assert_eq!(got.last_seq(), 3);
    assert_eq!(got.end().map(|e| e.tick), Some(Tick(75)));
}

#[test]
fn a_line_is_its_checksum_and_its_body() {
    let bytes = sample_bytes();
    let text = String::from_utf8(bytes).unwrap();
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let body = line.strip_prefix("{\"crc\":\"").and_then(|l| l.split_once("\",\"body\":")).unwrap().1;
        let body = body.strip_suffix('}').unwrap();
        assert_eq!(value["crc"], format!("{:08x}", crc32fast::hash(body.as_bytes())));
    }
    // CRC-32 (IEEE) of `{"ticks":10}` computed with another implementation.
    assert!(text.contains("{\"crc\":\"5530d7c2\",\"body\":{\"ticks\":10}}\n"), "{text}");
}

#[test]
fn a_log_cut_at_any_byte_recovers_its_longest_valid_prefix() {
    let bytes = sample_bytes();
    let ends = line_ends(&bytes);
    for cut in 0..=bytes.len() {
        let part = &bytes[..cut];
        // A last line counts without its newline, since its checksum proves it whole.
        let whole = ends.iter().filter(|e| **e <= cut + 1).count();
        match recover(part) {
            Err(why) => assert!(whole == 0 && why == Broken::Cut, "cut at {cut}: {why}"),
            Ok(got) => {
                let keep = ends[whole - 1].min(cut);
                assert_eq!(got.valid_bytes as usize, keep, "cut at {cut}");
                assert_eq!(got.items, recover(&bytes[..ends[whole - 1]]).unwrap().items, "cut at {cut}");
                match got.dropped {
                    None => assert_eq!(keep, cut),
                    Some(d) => {
                        assert_eq!((d.at_byte as usize, d.bytes as usize), (keep, cut - keep));
                        assert_eq!((d.line as usize, d.why), (whole + 1, Broken::Cut));
                    }
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn a_flipped_bit_drops_its_line_and_all_after_it(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = sample_bytes();
        let at = at.index(bytes.len());
        let ends = line_ends(&bytes);
        let broken = ends.iter().filter(|e| **e <= at).count();
        bytes[at] ^= 1 << bit;
        let got = recover(&bytes);
        if broken == 0 {
            prop_assert!(got.is_err());
        } else if at + 1 == bytes.len() {
            // The very last newline: the line before it is proved by its checksum or reported, never misread.
            let got = got.unwrap();
            prop_assert!(got.valid_bytes as usize <= ends[broken]);
            prop_assert!(got.dropped.is_some());
        } else {
            let got = got.unwrap();
            prop_assert_eq!(got.valid_bytes as usize, ends[broken - 1]);
            prop_assert_eq!(got.dropped.as_ref().map(|d| d.line as usize), Some(broken + 1));
        }
    }

    #[test]
    fn recovering_arbitrary_bytes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut log = sample_bytes();
        let whole = recover(&log).unwrap();
        log.extend_from_slice(&bytes);
        let got = recover(&log).unwrap();
        prop_assert_eq!(got.items, whole.items);
        prop_assert_eq!(got.dropped.is_some(), !bytes.is_empty());
    }
}

#[test]
fn resume_cuts_the_tail_keeps_a_copy_and_goes_on() {
    let bytes = sample_bytes();
    let ends = line_ends(&bytes);
    let dir = tempfile::tempdir().unwrap();
    for cut in ends[2]..bytes.len() {
        let path = dir.path().join(format!("cut-{cut}.jsonl"));
        fs::write(&path, &bytes[..cut]).unwrap();
        let before = recover(&bytes[..cut]).unwrap();
        let (mut w, recovered) = Writer::resume(&path).unwrap();
        assert_eq!(recovered, before);
        w.append_entry(&line(recovered.last_seq() + 1, "uptime")).unwrap();
        drop(w);
        let after = read(&path).unwrap();
        assert_eq!(after.dropped, None, "cut at {cut}");
        assert_eq!(after.items[..before.items.len()], before.items[..]);
        assert_eq!(after.items.len(), before.items.len() + 1);
        let copy = dir.path().join(format!("cut-{cut}.jsonl.dropped"));
        match before.dropped {
            Some(d) => assert_eq!(fs::read(copy).unwrap(), bytes[d.at_byte as usize..cut]),
            None => assert!(!copy.exists()),
        }
    }
}

#[test]
fn a_second_tail_does_not_replace_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("branch-0.jsonl");
    drop(Writer::create(&path, &header()).unwrap());
    for tail in ["first", "second"] {
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(tail.as_bytes());
        fs::write(&path, bytes).unwrap();
        drop(Writer::resume(&path).unwrap());
    }
    assert_eq!(fs::read_to_string(dir.path().join("branch-0.jsonl.dropped")).unwrap(), "first");
    assert_eq!(fs::read_to_string(dir.path().join("branch-0.jsonl.dropped-2")).unwrap(), "second");
}

#[test]
fn a_log_has_one_writer() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("branch-0.jsonl");
    let first = Writer::create(&path, &header()).unwrap();
    assert!(matches!(Writer::resume(&path), Err(JournalError::Locked { .. })));
    assert!(matches!(Writer::create(&path, &header()), Err(JournalError::Io { .. })));
    assert!(read(&path).is_ok(), "reading needs no lock");
    drop(first);
    assert!(Writer::resume(&path).is_ok());
}

#[test]
fn what_was_appended_is_in_the_file_before_the_next_step() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("branch-0.jsonl");
    let mut w = Writer::create(&path, &header()).unwrap();
    for seq in 1..=20 {
        w.append_entry(&line(seq, "uptime")).unwrap();
        // Another handle sees it while the writer lives: a process that is killed now loses nothing.
        assert_eq!(read(&path).unwrap().last_seq(), seq);
    }
    w.append_ticks(5).unwrap();
    assert_eq!(read(&path).unwrap().items.last(), Some(&Item::Ticks(5)));
}

#[test]
fn a_missing_or_repeated_entry_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    for (seqs, want) in [([1, 3], 3), ([1, 1], 1)] {
        let path = dir.path().join(format!("log-{want}.jsonl"));
        let mut w = Writer::create(&path, &header()).unwrap();
        w.append_entry(&line(seqs[0], "a")).unwrap();
        w.append_entry(&line(seqs[1], "b")).unwrap();
        let got = read(&path).unwrap();
        assert_eq!(got.items.len(), 1);
        assert_eq!(got.dropped.unwrap().why, Broken::Order { expected: 2, found: want });
    }
}

#[test]
fn a_step_of_no_time_is_no_item() {
    let body = "{\"ticks\":0}";
    let mut bytes = sample_bytes();
    let before = recover(&bytes).unwrap().items.len();
    bytes.extend(format!("{{\"crc\":\"{:08x}\",\"body\":{body}}}\n", crc32fast::hash(body.as_bytes())).into_bytes());
    let got = recover(&bytes).unwrap();
    assert_eq!(got.items.len(), before);
    assert!(matches!(got.dropped.map(|d| d.why), Some(Broken::Body(_))));
}

#[test]
fn lines_have_a_limit() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("branch-0.jsonl");
    let mut w = Writer::create(&path, &header()).unwrap();
    let before = fs::read(&path).unwrap();
    let long = line(1, &"x".repeat(MAX_LINE));
    assert!(matches!(w.append_entry(&long), Err(JournalError::Line { .. })));
    assert_eq!(fs::read(&path).unwrap(), before, "nothing of it was written");
    w.append_entry(&line(1, "ok")).unwrap();
    drop(w);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(std::iter::repeat_n(b' ', MAX_LINE + 1));
    bytes.push(b'\n');
    let got = recover(&bytes).unwrap();
    assert_eq!((got.items.len(), got.dropped.unwrap().why), (1, Broken::Long));
}

#[test]
fn a_newer_format_and_a_headless_file_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let newer = dir.path().join("newer.jsonl");
    drop(Writer::create(&newer, &Header { format: LOG_FORMAT + 1, ..header() }).unwrap());
    assert!(matches!(read(&newer), Err(JournalError::Newer { found, .. }) if found == LOG_FORMAT + 1));
    let empty = dir.path().join("empty.jsonl");
    fs::write(&empty, b"").unwrap();
    assert!(matches!(read(&empty), Err(JournalError::NoHeader { .. })));
    assert!(matches!(Writer::resume(&empty), Err(JournalError::NoHeader { .. })));
    assert_eq!(fs::read(&empty).unwrap(), b"", "a file that is no log is left alone");
}

fn package() -> Package {
    let files = [("scenario.ron", "(id: \"quiet-night\")\n"), ("data/notes.md", "# 메모\n")];
    let files = files.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    Package { slug: "quiet-night".into(), path: "scenarios/quiet-night".into(), files }
}

#[test]
fn a_session_folder_carries_the_package_it_was_played_with() {
    let dir = tempfile::tempdir().unwrap();
    let first = sessions::new_session(dir.path(), &package()).unwrap();
    let second = sessions::new_session(dir.path(), &package()).unwrap();
    assert_eq!(first.file_name().unwrap(), "0001-quiet-night");
    assert_eq!(second.file_name().unwrap(), "0002-quiet-night");
    let back = sessions::read_package(&first, &package().digest()).unwrap();
    assert_eq!((back.slug.as_str(), back.digest()), ("quiet-night", package().digest()));
    assert_eq!(back.files, package().files);

    // A newer version stands beside it, and each is found by the digest that a header pins.
    let mut newer = package();
    newer.files.insert("data/notes.md".into(), "# changed\n".into());
    sessions::write_package(&first, &newer).unwrap();
    for wanted in [package(), newer.clone()] {
        assert_eq!(sessions::read_package(&first, &wanted.digest()).unwrap().files, wanted.files);
    }

    // A session of the first layout: one package, without a folder for its version.
    let old = dir.path().join("0003-quiet-night");
    for (name, text) in &package().files {
        let path = old.join("package/quiet-night").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    assert_eq!(sessions::read_package(&old, &package().digest()).unwrap().files, package().files);
}

#[test]
fn a_package_cannot_write_outside_its_folder() {
    for name in ["../evil", "/tmp/evil", "a/../../evil", ""] {
        let dir = tempfile::tempdir().unwrap();
        let mut p = package();
        p.files.insert(name.into(), "x".into());
        assert!(sessions::write_package(dir.path(), &p).is_err(), "{name}");
    }
}

#[test]
fn the_newest_branch_and_the_kept_session_are_found() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(sessions::kept_session_in(&dir.path().join("none")).unwrap(), None);
    let folders: Vec<_> = (0..3).map(|_| sessions::new_session(dir.path(), &package()).unwrap()).collect();
    assert_eq!(sessions::newest_branch(&folders[0]).unwrap(), None);
    assert!(sessions::find_log(&folders[0]).is_err());
    for branch in [0, 2, 10] {
        drop(Writer::create(&sessions::branch_path(&folders[0], branch), &header()).unwrap());
    }
    let newest = sessions::branch_path(&folders[0], 10);
    assert_eq!(sessions::newest_branch(&folders[0]).unwrap().as_ref(), Some(&newest));
    assert_eq!(sessions::find_log(&folders[0]).unwrap(), newest);
    assert_eq!(sessions::find_log(&newest).unwrap(), newest);

    let mut done = Writer::create(&sessions::branch_path(&folders[1], 0), &header()).unwrap();
    done.append_end(&End { tick: Tick(0), state: "00".into() }).unwrap();
    fs::write(sessions::branch_path(&folders[2], 0), b"not a log").unwrap();
    assert_eq!(sessions::kept_session_in(dir.path()).unwrap().as_ref(), Some(&folders[0]));
}

#[test]
fn settings_survive_a_round_and_tolerate_strange_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config/settings.ron");
    let first = settings::load(&path);
    assert!(first.broken.is_none());
    assert_eq!(first.settings, Settings::default());

    let mine = Settings {
        language: "ko".into(),
        volume: 5,
        volunteers: vec![Volunteer { name: "김하늘".into(), turns: 2 }],
        played: vec!["quiet-night".into()],
        ..Settings::default()
    };
    settings::save(&path, &mine).unwrap();
    assert_eq!(settings::load(&path).settings, mine);

    fs::write(&path, "(volume: 200, colour: \"mauve\", window: (1, 1))").unwrap();
    let odd = settings::load(&path);
    assert!(odd.broken.is_none(), "{:?}", odd.broken);
    assert_eq!((odd.settings.volume, odd.settings.window), (100, (640, 360)));

    fs::write(&path, "(volume: ").unwrap();
    let broken = settings::load(&path);
    assert_eq!(broken.settings, Settings::default());
    let kept = broken.broken.unwrap().kept_at.unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), "(volume: ");
}

/// Starts the real program on a pipe with its data below `dir`.
fn text_mode(dir: &std::path::Path, arguments: &[&str]) -> std::process::Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_wheel"))
        .args(["play", "--text"])
        .args(arguments)
        .env("WOM_DATA_DIR", dir)
        .env("LANG", "C.UTF-8")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts")
}

#[test]
fn a_killed_program_loses_nothing() {
    use std::io::{BufRead as _, Write as _};
    let dir = tempfile::tempdir().expect("a folder");
    let mut first = text_mode(dir.path(), &["docsrs-2019-10-21-disk-full", "--seed", "7"]);
    let mut stdin = first.stdin.take().expect("a pipe");
    stdin.write_all(b":wait 60s\nack\ndf -h\ndeclare sev2\n").expect("it listens");
    let stdout = std::io::BufReader::new(first.stdout.take().expect("a pipe"));
    let declared = stdout.lines().map_while(Result::ok).any(|l| l.contains("incident declared"));
    assert!(declared, "the last line was answered");
    // No farewell: on Unix this is SIGKILL.
    first.kill().expect("it is killed");
    first.wait().expect("it is gone");

    let mut second = text_mode(dir.path(), &["--resume"]);
    second.stdin.take().expect("a pipe").write_all(b"df -h /\n:end\n").expect("it listens");
    assert!(second.wait_with_output().expect("it ends").status.success());

    let sessions = wheel_of_misfortune::storage::sessions::list(&dir.path().join("session")).expect("it lists");
    let [(_, folder)] = sessions.as_slice() else { panic!("one session, found {sessions:?}") };
    let log = wheel_of_misfortune::host::read_log(folder).expect("it reads");
    assert!(log.dropped.is_none());
    let typed: Vec<String> = log
        .items
        .iter()
        .filter_map(|i| match i {
            Item::Entry(e) => match &e.command {
                wheel_of_misfortune::session::Command::LineSubmitted { text, .. } => Some(text.clone()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(typed, ["ack", "df -h", "declare sev2", "df -h /"]);
    let package =
        wheel_of_misfortune::storage::sessions::read_package(folder, &log.header.scenario_digest).expect("it reads");
    let scenario = wheel_of_misfortune::host::load(&package).expect("it loads");
    let folded = wheel_of_misfortune::host::fold(log.header, scenario, &log.items);
    assert_eq!(folded.divergence, None);
}
