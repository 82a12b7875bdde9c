//! Logs that were cut, edited or come from elsewhere: named at their line, and what can be scored is.

use super::s;
use std::path::Path;
use wheel_of_misfortune::cli;
use wheel_of_misfortune::host::Options;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::rehearsal;
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
