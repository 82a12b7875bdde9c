//! The differential test `shell_data`: every case of the corpus is a script that runs in an empty directory, once through
//! our shell over virtual files and once through the real `bash` and coreutils in a temporary directory with a clean
//! environment. Both must print the same and end with the same status; messages on stderr are compared where a case asks
//! for it with a line `# compare: stderr`, because most of them name tools' versions or line numbers.
//!
//! More corpora are taken from the directory in `WOM_SHELL_DIR` (one case a file, `*.sh`).

use super::fixture::Fixture;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use wheel_of_misfortune::console::Console;

const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/shell");
const ENV: [(&str, &str); 6] = [
    ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ("LC_ALL", "C.UTF-8"),
    ("TZ", "UTC"),
    ("USER", "primary"),
    ("LOGNAME", "primary"),
    ("TERM", "dumb"),
];
/// Simulated seconds that a case may take; a second is a budget of steps.
const MAX_TICKS: u64 = 3000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

/// Who runs the cases: root where the real bash is run by root, so that both meet the same permissions.
fn who() -> &'static str {
    static ROOT: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    let root = || Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n");
    if *ROOT.get_or_init(root) { "root" } else { "primary" }
}

/// The cases of a directory, by name.
fn cases(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut found: Vec<PathBuf> =
        entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|x| x == "sh")).collect();
    found.sort();
    if found.is_empty() {
        return Err(format!("{}: no case (*.sh) in it", dir.display()));
    }
    Ok(found)
}

/// Runs a script through our shell; `at` holds the script's place and the empty directory `at/work`.
pub fn ours(script: &str, at: &str) -> Outcome {
    let mut h = Fixture::new();
    let user = who();
    let mut dir = String::new();
    for part in at.split('/').filter(|p| !p.is_empty()) {
        dir = format!("{dir}/{part}");
        if dir != "/tmp" {
            h.dir("ops", &dir, user);
        }
    }
    h.dir("ops", &format!("{at}/work"), user);
    h.put("ops", &format!("{at}/case.sh"), script, user);
    let mut c = Console::new(&[(1, "primary".to_owned(), "ops".to_owned(), user.to_owned())]);
    let env: String = ENV.iter().map(|(k, v)| format!("{k}={v} ")).collect();
    let line = format!(
        "cd {at}/work; {env}SHLVL=0 HOME={at}/work bash {at}/case.sh < /dev/null > {at}/out 2> {at}/err; echo $? > {at}/status"
    );
    c.submit(1, &line, &mut h);
    while c.terminal(1).unwrap().running.is_some() {
        if h.now >= MAX_TICKS {
            return Outcome {
                stderr: format!("still running after {MAX_TICKS} ticks"),
                status: -1,
                ..Outcome::default()
            };
        }
        h.now += 1;
        c.advance(&mut h);
    }
    // Bytes that are no text are shown as the real ones are.
    let read = |name: &str| {
        let mut bytes = Vec::new();
        for c in h.text("ops", &format!("{at}/{name}")).chars() {
            match u32::from(c) {
                n @ 0xF780..=0xF7FF => bytes.push((n - 0xF700) as u8),
                _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Outcome { stdout: read("out"), stderr: read("err"), status: read("status").trim().parse().unwrap_or(-2) }
}

/// The `awk` of a fresh Debian, where something has put another one in its place (a database server brings its own).
fn usual_awk() -> Option<PathBuf> {
    let mawk = PathBuf::from("/usr/bin/mawk");
    let other = std::fs::canonicalize("/usr/bin/awk").is_ok_and(|awk| awk != mawk);
    (other && mawk.exists()).then_some(mawk)
}

/// Runs a script through the real bash.
pub fn real(script: &str, at: &Path) -> std::io::Result<Outcome> {
    std::fs::create_dir_all(at.join("work"))?;
    std::fs::write(at.join("case.sh"), script)?;
    let mut command = Command::new("timeout");
    command.args(["-k", "1", "20", "bash"]).arg(at.join("case.sh")).current_dir(at.join("work")).env_clear();
    command.envs(ENV).env("HOME", at.join("work")).stdin(Stdio::null());
    #[cfg(unix)]
    if let Some(mawk) = usual_awk() {
        std::fs::create_dir_all(at.join("bin"))?;
        std::os::unix::fs::symlink(mawk, at.join("bin/awk"))?;
        command.env("PATH", format!("{}:{}", at.join("bin").display(), ENV[0].1));
    }
    let out = command.output()?;
    Ok(Outcome {
        stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
        status: out.status.code().unwrap_or(-3),
    })
}

fn differs(script: &str, want: &Outcome, got: &Outcome) -> Option<String> {
    let with_errors = script.lines().any(|l| l.trim() == "# compare: stderr");
    let same = want.stdout == got.stdout && want.status == got.status && (!with_errors || want.stderr == got.stderr);
    (!same).then(|| {
        format!(
            "--- bash (status {})\n{}{}--- ours (status {})\n{}{}",
            want.status,
            want.stdout,
            note(&want.stderr),
            got.status,
            got.stdout,
            note(&got.stderr)
        )
    })
}

fn note(stderr: &str) -> String {
    stderr.lines().map(|l| format!("  2> {l}\n")).collect()
}

pub fn bash_is_here() -> bool {
    Command::new("bash")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Runs a corpus; how many cases ran, and those that differ.
fn run(dir: &Path) -> (usize, Vec<String>) {
    let all = cases(dir).unwrap_or_else(|why| panic!("{why}"));
    let only = std::env::var("WOM_SHELL_ONLY").unwrap_or_default();
    let mut wrong = Vec::new();
    let mut ran = 0;
    for path in all {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.contains(&only) {
            continue;
        }
        let script = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        // Both runs see the same absolute paths.
        let place = tempfile::Builder::new().prefix("case-").tempdir_in("/tmp").unwrap();
        let want = real(&script, place.path()).unwrap_or_else(|e| panic!("{name}: bash does not run: {e}"));
        let at = place.path().to_string_lossy().into_owned();
        let got = ours(&script, &at);
        ran += 1;
        if let Some(how) = differs(&script, &want, &got) {
            wrong.push(format!("=== {name} differs\n{how}"));
        }
    }
    (ran, wrong)
}

#[test]
fn shell_data() {
    if !bash_is_here() {
        assert!(!cfg!(target_os = "linux"), "shell_data needs a real bash, and there is none here");
        println!("shell_data: no real bash on this machine, nothing compared");
        return;
    }
    let mut dirs = vec![PathBuf::from(OWN)];
    dirs.extend(std::env::var_os("WOM_SHELL_DIR").map(PathBuf::from));
    let mut all_wrong = Vec::new();
    for dir in dirs {
        let (ran, wrong) = run(&dir);
        println!("shell_data: {}: {ran} cases ran, {} passed", dir.display(), ran - wrong.len());
        for w in &wrong {
            println!("{w}");
        }
        all_wrong.extend(wrong.iter().filter_map(|w| w.lines().next().map(str::to_owned)));
    }
    assert!(all_wrong.is_empty(), "{} cases differ:\n{}", all_wrong.len(), all_wrong.join("\n"));
}

#[test]
fn shell_data_refuses_a_directory_without_cases() {
    let empty = tempfile::tempdir().unwrap();
    assert!(cases(empty.path()).is_err());
    assert!(cases(&empty.path().join("missing")).is_err());
}

#[test]
fn shell_data_tells_a_difference() {
    let a = Outcome { stdout: "1\n".to_owned(), stderr: "x\n".to_owned(), status: 0 };
    let b = Outcome { stderr: "y\n".to_owned(), ..a.clone() };
    assert!(differs("echo 1", &a, &b).is_none());
    assert!(differs("# compare: stderr\necho 1", &a, &b).is_some());
    assert!(differs("echo 1", &a, &Outcome { status: 1, ..a.clone() }).is_some());
    assert!(differs("echo 1", &a, &Outcome { stdout: String::new(), ..a.clone() }).is_some());
}
