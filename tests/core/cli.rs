//! The command line: exit codes, what goes to which output, and arguments of every command.

use clap::Command;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use wheel_of_misfortune::cli::args::{Export, Form, Play, Rehearse, Replay, Score};
use wheel_of_misfortune::cli::{self, Exit, Open};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::stdx::time::{Offset, Span};

struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

fn run_in(lang: Lang, open: Option<Open>, line: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = line.iter().map(OsString::from);
    let exit = cli::run_with(arguments, open, &Locale::new(lang), &mut out, &mut err);
    Ran { exit, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn run(line: &[&str]) -> Ran {
    run_in(Lang::En, None, line)
}

#[test]
fn help_explains_everything_that_there_is() {
    for lang in Lang::ALL {
        let ran = run_in(lang, None, &["--help"]);
        assert_eq!((ran.exit, ran.err.as_str()), (Exit::Done, ""));
        assert!(!ran.out.contains('⟦'), "a message is missing: {}", ran.out);
        for sub in cli::command(&Locale::new(lang)).get_subcommands() {
            assert!(ran.out.contains(sub.get_name()));
            let help = run_in(lang, None, &[sub.get_name(), "--help"]);
            assert_eq!(help.exit, Exit::Done);
            assert!(!help.out.contains('⟦'), "a message is missing: {}", help.out);
            for arg in sub.get_arguments() {
                assert!(arg.get_help().is_some(), "{} {} has no help", sub.get_name(), arg.get_id());
            }
        }
    }
    assert_eq!(run(&["--version"]).out, format!("wheel {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_2_and_goes_to_stderr() {
    for line in [&["frobnicate"][..], &["validate", "--format", "xml"], &["docs"], &["list", "--colour"]] {
        let ran = run(line);
        assert_eq!((ran.exit.code(), ran.out.as_str()), (2, ""), "{line:?}");
        assert!(!ran.err.is_empty(), "{line:?}");
    }
    assert!(run(&["lits"]).err.contains("list"), "suggests the nearest");
}

#[test]
fn the_window_opens_or_the_build_says_why_not() {
    let none = run(&[]);
    assert_eq!((none.exit, none.out.as_str()), (Exit::Usage, ""));
    assert!(none.err.contains("cargo build"), "{}", none.err);
    let open: Open = |scenario, seed| match (scenario.as_deref(), seed) {
        (Some("quiet-night"), Some(7)) => Ok(()),
        (None, None) => Err("no display".into()),
        other => panic!("{other:?}"),
    };
    assert_eq!(run_in(Lang::En, Some(open), &["play", "quiet-night", "--seed", "7"]).exit, Exit::Done);
    let failed = run_in(Lang::En, Some(open), &[]);
    assert_eq!((failed.exit, failed.err.as_str()), (Exit::Wrong, "error: no display\n"));
}

#[test]
fn list_shows_each_playable_scenario_once() {
    let ran = run(&["list", "--json"]);
    let entries: Vec<serde_json::Value> = serde_json::from_str(&ran.out).unwrap();
    let mut slugs: Vec<_> = entries.iter().map(|e| e["slug"].as_str().unwrap().to_owned()).collect();
    slugs.sort();
    let (packages, broken) = cli::packages();
    assert_eq!(slugs, packages.iter().map(|p| p.slug.clone()).collect::<Vec<_>>());
    assert_eq!((ran.exit, broken.len(), ran.err.as_str()), (Exit::Done, 0, ""));
    for entry in &entries {
        let keys: Vec<_> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        let mut want = ["slug", "wedge", "level", "minutes", "classes", "skills", "weight"];
        want.sort_unstable();
        assert_eq!(keys, want);
    }
    assert_eq!(run(&["list"]).out.lines().count(), entries.len());
}

#[test]
fn validate_names_file_line_and_column() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = dir.path().join("scenarios/quiet-night");
    fs::create_dir_all(&scenario).unwrap();
    fs::write(scenario.join("scenario.ron"), "Scenario(\n    colour: \"mauve\",\n)\n").unwrap();
    let (path, parent) = (scenario.to_str().unwrap(), dir.path().join("scenarios"));
    let json = run(&["validate", path, "--format", "json"]);
    assert_eq!((json.exit, json.err.as_str()), (Exit::Wrong, ""));
    let problems: Vec<serde_json::Value> = serde_json::from_str(&json.out).unwrap();
    let unknown = problems.iter().find(|p| p["message"].as_str().unwrap().contains("colour")).unwrap();
    assert_eq!((unknown["line"].as_u64(), unknown["column"].as_u64()), (Some(2), Some(5)));
    assert_eq!(unknown["severity"], "error");

    let file = scenario.join("scenario.ron");
    for named in [path, parent.to_str().unwrap(), file.to_str().unwrap()] {
        let text = run(&["validate", named]);
        assert_eq!(text.exit, Exit::Wrong, "{named}");
        assert!(text.out.contains("scenario.ron:2:5"), "{named}: {}", text.out);
        assert!(text.err.starts_with("1 scenario, "), "{named}: {}", text.err);
    }
    let missing = run(&["validate", "no-such-scenario"]);
    assert_eq!(missing.exit, Exit::Wrong);
    assert!(missing.err.contains("no-such-scenario"));
}

#[test]
fn docs_writes_every_page() {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("reference");
    let ran = run(&["docs", to.to_str().unwrap()]);
    assert_eq!((ran.exit, ran.err.as_str()), (Exit::Done, ""));
    let pages = cli::pages();
    for page in &pages {
        assert_eq!(fs::read_to_string(to.join(page.name)).unwrap(), page.text);
        assert!(page.text.starts_with("# "), "{}", page.name);
        let committed = fs::read_to_string(Path::new("docs").join(page.name)).unwrap_or_default();
        assert_eq!(committed, page.text, "docs/{} is not current: run `wheel docs docs`", page.name);
    }
    let page = |name| &pages.iter().find(|p| p.name == name).unwrap().text;
    assert!(page("command-line.md").contains("## wheel validate"));
    assert!(page("line-grammar.md").contains("`declare sev1\\|sev2"));
    let blocked = run(&["docs", to.join("command-line.md/below").to_str().unwrap()]);
    assert_eq!(blocked.exit, Exit::Wrong);
}

fn parse<T>(
    define: fn(Command, &Locale) -> Command,
    read: fn(&clap::ArgMatches) -> T,
    line: &[&str],
) -> Result<T, clap::Error> {
    let command = define(Command::new("x"), &Locale::new(Lang::En));
    command.try_get_matches_from([&["x"], line].concat()).map(|m| read(&m))
}

#[test]
fn arguments_of_the_commands_that_read_sessions() {
    let play = parse(Play::define, Play::read, &["quiet-night", "--text", "--think", "9s"]).unwrap();
    let want = Play { scenario: Some("quiet-night".into()), seed: None, text: true, resume: false, think: Span(9) };
    assert_eq!(play, want);
    assert!(parse(Play::define, Play::read, &["--think", "9s"]).is_err(), "only with --text");
    assert!(!parse(Play::define, Play::read, &[]).unwrap().text);

    let line = ["s", "--walkthrough", "w.wom", "--seed", "3", "--log", "out", "--fidelity", "--json"];
    let rehearse = parse(Rehearse::define, Rehearse::read, &line).unwrap().unwrap();
    let want = Rehearse {
        scenario: "s".into(),
        walkthrough: "w.wom".into(),
        seed: Some(3),
        log: Some("out".into()),
        fidelity: true,
        pin: false,
        json: true,
    };
    assert_eq!(rehearse, want);
    assert!(parse(Rehearse::define, Rehearse::read, &["s"]).is_err(), "a walkthrough is needed");

    let replay = parse(Replay::define, Replay::read, &["log", "--at", "T-20s"]).unwrap().unwrap();
    assert_eq!(replay, Replay { log: "log".into(), at: Some(Offset(-20)), json: false });
    assert!(parse(Replay::define, Replay::read, &["log", "--at", "8m"]).is_err());
    assert_eq!(
        parse(Score::define, Score::read, &["log", "--json"]).unwrap(),
        Some(Score { log: "log".into(), json: true })
    );
    for (name, form) in [("a.md", Form::Markdown), ("c.json", Form::Json), ("d.csv", Form::Csv)] {
        let export = parse(Export::define, Export::read, &["log", "--to", name]).unwrap().unwrap();
        assert_eq!((export.to, export.form), (PathBuf::from(name), form));
    }
    assert!(parse(Export::define, Export::read, &["log", "--to", "a.pdf"]).is_err());
}

#[test]
fn the_program_itself_ends_with_these_codes() {
    let wheel = |line: &[&str]| {
        let ran =
            std::process::Command::new(env!("CARGO_BIN_EXE_wheel")).args(line).env("LC_ALL", "ko_KR.UTF-8").output();
        ran.map(|o| (o.status.code(), String::from_utf8_lossy(&o.stdout).into_owned())).unwrap()
    };
    let help = wheel(&["--help"]);
    assert_eq!(help.0, Some(0));
    assert!(help.1.contains("온콜"), "the environment's language: {}", help.1);
    assert_eq!(wheel(&["frobnicate"]), (Some(2), String::new()));
    assert_eq!(wheel(&["validate", "no-such-scenario"]).0, Some(1));
}

#[test]
fn text_mode_prints_news_in_order_of_time_and_a_typed_line_once() {
    use std::io::Write as _;
    let dir = tempfile::tempdir().unwrap();
    let slug = "docsrs-2019-10-21-disk-full";
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_wheel"))
        .args(["play", slug, "--text", "--seed", "3"])
        .env("WOM_DATA_DIR", dir.path())
        .env("LC_ALL", "C")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "journalctl -f\nhello there\n:int\ndeclare sev2\n:wait 20m\n\
                 update status --impact web:page --status investigating --action look --next more\n:wait 10s\n:end\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{text}");
    assert_eq!(text.matches("hello there").count(), 1, "{text}");
    assert!(text.contains("] status page primary:"), "{text}");
    let waited = text.split(":wait 20m").nth(1).unwrap().split("oncall@").next().unwrap();
    let seconds = |line: &str| -> Option<i64> {
        let clock = line.strip_prefix("[T+")?.split(']').next()?;
        clock.split(':').try_fold(0, |sum, part| Some(sum * 60 + part.parse::<i64>().ok()?))
    };
    let times: Vec<i64> = waited.lines().filter_map(seconds).collect();
    assert!(times.len() >= 2, "{waited}");
    assert!(times.windows(2).all(|t| t[0] <= t[1]), "{waited}");
}

/// What a pipe holds is text or not: the session goes on behind a byte that is none and behind a line without end.
#[test]
fn odd_bytes_and_endless_lines_do_not_end_a_session() {
    use std::io::Write as _;
    let dir = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_wheel"))
        .args(["play", "docsrs-2019-10-21-disk-full", "--text", "--seed", "3"])
        .env("WOM_DATA_DIR", dir.path())
        .env("LC_ALL", "C")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = b"echo caf\xe9 | od -An -c\n\x00\xff\x1b[31m\r\n".to_vec();
    lines.extend(std::iter::repeat_n(b'a', 3 << 20));
    lines.extend(b"\necho alive $((6 * 7))\n:end\n:reflect reaction na\xefve\n\necho");
    let mut stdin = child.stdin.take().unwrap();
    let typing = std::thread::spawn(move || stdin.write_all(&lines));
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{text}");
    assert!(text.contains("alive 42"), "{text:.3000}");
    assert!(out.stdout.len() < 1 << 20, "{} bytes", out.stdout.len());
    let _ = typing.join();
}
