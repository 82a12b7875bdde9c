//! The scenario loader: bad files with the problems they are known to have, the two scenarios, and the generated pages.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use wheel_of_misfortune::diagnostic::{self, Code};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{
    Action, Fault, FileKind, PACKAGE_FILES, Played, Provenance, Scenario, VOCABULARY, all_fields, format_reference,
    load, problems_of_example, schema::Need,
};
use wheel_of_misfortune::stdx::time::Offset;
use wheel_of_misfortune::storage::package;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn scenario(slug: &str) -> (Package, Scenario) {
    let package = package::read(&root().join("scenarios").join(slug)).expect("the folder can be read");
    let loaded = load(&package);
    let text = diagnostic::to_text(&loaded.diagnostics, |f| package.source(f));
    assert!(loaded.diagnostics.is_empty(), "{text}");
    (package, loaded.scenario.expect("no problem, so a scenario"))
}

const SLUGS: [&str; 2] = ["docsrs-2019-10-21-disk-full", "rust-registry-2023-07-20-bad-deploy"];

/// Compares with a committed file; `WOM_BLESS=1` writes it.
fn current(path: &Path, made: &str) {
    if std::env::var_os("WOM_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        std::fs::write(path, made).expect("written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == made, "{} is not current: run the tests with WOM_BLESS=1", path.display());
}

#[test]
fn generated_pages_are_current() {
    current(&root().join("docs/scenario-format.md"), &format_reference());
    current(&root().join("docs/diagnostics.md"), &diagnostic::reference());
}

#[test]
fn examples_and_defaults_of_the_format_can_be_read() {
    for (owner, field) in all_fields() {
        let problems = problems_of_example(&field.sample(), field.ty);
        assert!(problems.is_empty(), "{owner}.{}: {}: {problems:?}", field.name, field.sample());
        if let Need::Default(ron) = field.need {
            let problems = problems_of_example(ron, field.ty);
            assert!(problems.is_empty(), "{owner}.{}: default {ron}: {problems:?}", field.name);
        }
    }
}

#[test]
fn what_a_story_may_need_can_be_written_as_it_is_shown() {
    let wrong: Vec<_> = VOCABULARY
        .iter()
        .map(|(thing, ty, example)| (thing, example, problems_of_example(example, *ty)))
        .filter(|(_, _, problems)| !problems.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut things: Vec<&str> = VOCABULARY.iter().map(|w| w.0).collect();
    things.sort_unstable();
    assert!(things.windows(2).all(|w| w[0] != w[1]), "each thing once");
}

#[test]
fn codes_are_unique_and_numbered_without_gaps() {
    for (i, code) in Code::ALL.iter().enumerate() {
        assert_eq!(code.id(), format!("WOM{:04}", i + 1));
    }
}

#[test]
fn scenarios_load_without_a_word() {
    for slug in SLUGS {
        let (_, s) = scenario(slug);
        assert_eq!(s.id, slug);
    }
}

/// A package around `small.ron`, with everything beside it.
fn small(source: String) -> Package {
    let texts = ["briefing.en.md", "briefing.ko.md", "sources.md", "reference.wom", "better.wom", "nobody.wom"];
    let mut files: std::collections::BTreeMap<String, String> =
        texts.iter().map(|name| ((*name).to_owned(), "text".to_owned())).collect();
    files.insert("scenario.ron".to_owned(), source);
    Package { slug: "small".to_owned(), path: "small".to_owned(), files }
}

fn data() -> PathBuf {
    root().join("tests/data/scenario")
}

fn small_source() -> String {
    std::fs::read_to_string(data().join("small.ron")).expect("small.ron")
}

/// A case: a sentence, edits of `small.ron`, files to leave out, and the problems that follow.
struct Case {
    head: String,
    package: Package,
}

fn case(text: &str) -> Case {
    let head = text.split("--- expect\n").next().unwrap_or_default().to_owned();
    let mut source = small_source();
    let mut without = Vec::new();
    let mut old = None;
    for part in head.split("--- ").skip(1) {
        let (kind, body) = part.split_once('\n').expect("a kind and a body");
        let body = body.strip_suffix('\n').unwrap_or(body);
        match kind {
            "old" => old = Some(body.to_owned()),
            "new" => {
                let old: String = old.take().expect("an old text before the new one");
                assert_eq!(source.matches(&old).count(), 1, "`{old}` is in the file once");
                source = source.replacen(&old, body, 1);
            }
            "without" => without.extend(body.lines().map(str::to_owned)),
            other => panic!("unknown part `{other}`"),
        }
    }
    let mut package = small(source);
    package.files.retain(|name, _| !without.contains(name));
    Case { head, package }
}

fn summary(package: &Package) -> String {
    let mut out = String::new();
    for d in &load(package).diagnostics {
        let help = d.help.as_deref().map_or_else(String::new, |h| format!(" [{h}]"));
        let (line, column) = (d.span.line, d.span.column);
        writeln!(out, "{} {line}:{column} {} ({}){help}", d.code.id(), d.message, d.label).expect("a string");
    }
    out
}

#[test]
fn bad_files_are_reported_where_they_are() {
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(data().join("cases")).expect("cases").map(|e| e.expect("entry").path()).collect();
    names.sort();
    assert!(names.len() >= 20);
    for path in names {
        let text = std::fs::read_to_string(&path).expect("case");
        let case = case(&text);
        let found = summary(&case.package);
        assert!(!found.is_empty(), "{} has a problem", path.display());
        current(&path, &format!("{}--- expect\n{found}", case.head));
    }
}

#[test]
fn small_scenario_has_no_problem_and_is_short() {
    let package = small(small_source());
    assert_eq!(summary(&package), "");
    assert!(small_source().lines().count() < 150);
}

#[test]
fn many_problems_are_found_in_one_pass() {
    let text = std::fs::read_to_string(data().join("cases/many.case")).expect("case");
    let case = case(&text);
    let loaded = load(&case.package);
    let codes: std::collections::BTreeSet<Code> = loaded.diagnostics.iter().map(|d| d.code).collect();
    assert!(loaded.diagnostics.len() >= 10 && codes.len() >= 8, "{}", summary(&case.package));
    assert!(loaded.scenario.is_none());
}

#[test]
fn every_code_is_shown_by_a_case() {
    let mut seen = String::new();
    for entry in std::fs::read_dir(data().join("cases")).expect("cases") {
        seen.push_str(&std::fs::read_to_string(entry.expect("entry").path()).expect("case"));
    }
    for code in Code::ALL.iter().filter(|c| **c != Code::MissingScenario) {
        assert!(seen.contains(code.id()), "no case shows {} {}", code.id(), code.title());
    }
    let empty = Package { slug: "x".into(), path: "x".into(), ..Package::default() };
    assert_eq!(load(&empty).diagnostics[0].code, Code::MissingScenario);
}

#[test]
fn text_shows_the_line_with_its_label_also_after_korean() {
    let text = std::fs::read_to_string(data().join("cases/bad-unit.case")).expect("case");
    let case = case(&text);
    let made = diagnostic::to_text(&load(&case.package).diagnostics, |f| case.package.source(f));
    current(&data().join("bad-unit.txt"), &made);
    // The underline stands below the value on the screen, where a Hangul syllable takes two columns.
    let lines: Vec<&str> = made.lines().collect();
    let at = lines.iter().position(|l| l.contains("\"5 min\"")).expect("the line is shown");
    let before = lines[at].split("\"5 min\"").next().unwrap_or_default();
    let under = lines[at + 1].split('^').next().unwrap_or_default();
    assert_eq!(unicode_width::UnicodeWidthStr::width(before), unicode_width::UnicodeWidthStr::width(under));
}

#[test]
fn json_has_the_documented_shape() {
    let text = std::fs::read_to_string(data().join("cases/unknown-field.case")).expect("case");
    let made = diagnostic::to_json(&load(&case(&text).package).diagnostics);
    let value: serde_json::Value = serde_json::from_str(&made).expect("JSON");
    let one = &value[0];
    let mut keys: Vec<&String> = one.as_object().expect("object").keys().collect();
    keys.sort();
    let expected = ["code", "column", "end_column", "end_line", "file", "help", "label", "line", "message", "severity"];
    assert_eq!(keys, expected);
    assert_eq!((&one["code"], &one["line"], &one["column"]), (&"WOM0002".into(), &8.into(), &5.into()));
    assert_eq!(one["file"], "small/scenario.ron");
    assert_eq!(one["help"], "did you mean `minutes`?");
}

#[test]
fn built_in_packages_equal_the_folder() {
    let built_in = package::bundled();
    let mut slugs: Vec<String> = std::fs::read_dir(root().join("scenarios"))
        .expect("scenarios")
        .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    slugs.sort();
    assert_eq!(built_in.iter().map(|p| p.slug.clone()).collect::<Vec<_>>(), slugs);
    for p in &built_in {
        let folder = package::read(&root().join("scenarios").join(&p.slug)).expect("folder");
        assert_eq!(p.files.keys().collect::<Vec<_>>(), folder.files.keys().collect::<Vec<_>>());
        assert_eq!(p.files, folder.files);
        assert_eq!(p.digest(), folder.digest());
    }
}

#[test]
fn a_package_is_found_by_path_file_or_slug() {
    let dir = root().join("scenarios").join(SLUGS[0]);
    let by_dir = package::find(&dir.to_string_lossy()).expect("by folder");
    let by_file = package::find(&dir.join("scenario.ron").to_string_lossy()).expect("by file");
    let by_slug = package::find(SLUGS[0]).expect("by slug");
    assert_eq!(by_dir.slug, SLUGS[0]);
    assert_eq!(by_dir.files, by_file.files);
    assert_eq!(by_dir.files, by_slug.files);
    let near = package::find("docsrs-2019-10-21-disk-ful").expect_err("no such");
    assert!(near.to_string().contains("did you mean `docsrs-2019-10-21-disk-full`?"), "{near}");
    let far = package::find("zzz").expect_err("no such");
    assert!(far.to_string().contains("rust-registry-2023-07-20-bad-deploy"), "{far}");
    assert!(package::find("").is_err());
}

#[test]
fn a_package_that_is_no_text_or_too_large_says_so() {
    let dir = tempfile::tempdir().expect("folder");
    std::fs::write(dir.path().join("scenario.ron"), [0xff, 0xfe, 0x00]).expect("written");
    assert!(package::read(dir.path()).expect_err("no text").to_string().contains("scenario.ron"));
    std::fs::write(dir.path().join("scenario.ron"), vec![b' '; package::MAX_FILE as usize + 1]).expect("written");
    assert!(package::read(dir.path()).expect_err("too large").to_string().contains("bytes"));
    assert!(package::read(&dir.path().join("none")).is_err());
}

/// The rows of the fact sheets, in minutes from T0, as published.
const SHEETS: [(&str, &[i64]); 2] = [
    (SLUGS[0], &[-1483, 0, 1, 1, 14, 18, 19, 22, 25, 28, 28, 401, 1069]),
    (SLUGS[1], &[-1116, -124, -9, -1, 0, 1, 7, 8, 11, 13, 81, 92, 111, 113]),
];

#[test]
fn every_row_of_the_sheet_is_there_with_its_time_and_source() {
    for (slug, minutes) in SHEETS {
        let (_, s) = scenario(slug);
        let rows: Vec<i64> = s.original.iter().map(|r| r.at.0 / 60).collect();
        assert_eq!(rows, minutes, "{slug}");
        for row in &s.original {
            assert!(matches!(row.fact, Provenance::Source { .. }), "{slug} {}: a row is sourced", row.id);
            match &row.played {
                Played::When { tolerance, .. } => {
                    assert!(row.at >= s.opens && row.at <= s.horizon && tolerance.0 <= 90, "{slug} {}", row.id)
                }
                Played::BeforeOpening => assert!(row.at < s.opens),
                Played::BeyondHorizon => assert!(row.at > s.horizon),
            }
        }
        for rung in 1..=5 {
            assert!(s.nudges.iter().any(|n| n.rung == rung), "{slug}: rung {rung}");
        }
        assert!(s.questions.len() >= 5 && s.deck.len() >= 4 && s.milestones.len() >= 8);
        let kinds: Vec<&Action> = s.deck.iter().flat_map(|c| &c.actions).collect();
        assert!(kinds.iter().any(|a| matches!(a, Action::Say { .. })));
        assert!(kinds.iter().any(|a| matches!(a, Action::Ticket { .. })));
        assert!(kinds.iter().any(|a| matches!(a, Action::Begin(..))));
    }
}

#[test]
fn names_on_the_wheel_tell_a_symptom_and_never_a_cause() {
    for slug in SLUGS {
        let (_, s) = scenario(slug);
        for name in [&s.wedge.en, &s.wedge.ko] {
            assert!(!name.is_empty() && name.chars().count() <= 22, "{name} fits the wedge");
            let lower = name.to_lowercase();
            for cause in
                ["disk", "deploy", "release", "full", "slash", "link", "디스크", "배포", "슬래시", "가득", "링크"]
            {
                assert!(!lower.contains(cause), "{name} names the cause");
            }
        }
    }
}

#[test]
fn docs_disk_is_full_exactly_at_t0() {
    let (_, s) = scenario(SLUGS[0]);
    let host = &s.world.hosts["web-01"];
    let mount = &host.mounts["/"];
    let files: u64 = host
        .files
        .iter()
        .map(|f| match &f.kind {
            FileKind::Text(text) => text.len() as u64,
            FileKind::Blob(size) | FileKind::Dir { size, .. } => *size,
        })
        .sum();
    let free = mount.size - mount.base - files;
    let Fault::DiskFill { bytes_per_s, .. } = &s.world.faults[0].fault else { panic!("a disk fills") };
    assert_eq!(free.div_ceil(*bytes_per_s), s.opens.0.unsigned_abs());
    // Builds stop when less is left than one needs: that is when the source's first row says.
    let (_, needs) = s.world.queues["builds"].needs.clone().expect("a build needs space");
    let stops = (needs - free) / bytes_per_s + s.opens.0.unsigned_abs();
    assert_eq!(stops / 60, 1483, "minutes before T0");
    let precious: Vec<&str> = host.files.iter().filter(|f| f.precious.is_some()).map(|f| f.path.as_str()).collect();
    assert_eq!(precious, ["/srv/docs/archive"]);
}

#[test]
fn registry_figures_follow_from_the_source() {
    let (_, s) = scenario(SLUGS[1]);
    let clients = &s.world.traffic["clients"];
    let wheel_of_misfortune::scenario::OnFailure::Retry { attempts, wait_s } = &clients.on_failure else {
        panic!("clients try again")
    };
    assert_eq!((*attempts, wait_s.as_slice()), (4, [1, 2, 4].as_slice()));
    // Four attempts each: 4710 requests a second, 3.7 million in 13 minutes.
    assert_eq!(clients.rate.to_f64() * f64::from(*attempts), 4710.0);
    let failed: f64 = 4710.0 * 13.0 * 60.0;
    assert!((failed - 3.7e6).abs() < 5.0e4);
}

#[test]
fn walkthroughs_go_forward_in_time_and_end_within_the_session() {
    for slug in SLUGS {
        let (package, s) = scenario(slug);
        for (name, _) in PACKAGE_FILES.iter().filter(|(name, _)| name.ends_with(".wom")) {
            let text = &package.files[*name];
            assert!(text.contains(":end"), "{slug}/{name} ends");
            let mut last = s.opens;
            for line in text.lines().filter(|l| l.starts_with("T+") || l.starts_with("T-")) {
                let at = wheel_of_misfortune::stdx::units::offset(line.split(' ').next().unwrap_or_default());
                let at: Offset = at.unwrap_or_else(|| panic!("{slug}/{name}: {line}"));
                assert!(at >= last && at <= s.horizon, "{slug}/{name}: {line}");
                last = at;
            }
        }
    }
}

#[test]
fn texts_are_there_in_both_languages() {
    for slug in SLUGS {
        let (_, s) = scenario(slug);
        let mut texts = vec![&s.title, &s.briefing, &s.you.role, &s.truth.summary, &s.truth.works];
        texts.extend(s.original.iter().map(|r| &r.what));
        texts.extend(s.milestones.iter().map(|m| &m.name));
        texts.extend(s.people.values().flat_map(|p| std::iter::once(&p.role).chain(p.says.values())));
        texts.extend(s.deck.iter().flat_map(|c| [&c.title, &c.note]));
        texts.extend(s.nudges.iter().map(|n| &n.text));
        texts.extend(s.questions.iter().map(|q| &q.text));
        texts.extend(s.runbooks.values().flat_map(|d| [&d.title, &d.text]));
        for t in texts {
            assert!(!t.en.is_empty() && !t.ko.is_empty(), "{slug}: {t:?}");
            assert!(t.en != t.ko || t.en.is_ascii() && t.en.len() < 4, "{slug}: {t:?}");
        }
    }
}

#[test]
fn a_file_cut_or_torn_anywhere_is_reported_and_never_a_panic() {
    let source = small_source();
    for (at, c) in source.trim_end().char_indices() {
        let cut = load(&small(source[..at].to_owned()));
        assert!(cut.scenario.is_none() && !cut.diagnostics.is_empty(), "cut at {at}");
        if c.is_ascii_punctuation() {
            let torn = format!("{}{}", &source[..at], &source[at + 1..]);
            let loaded = load(&small(torn.clone()));
            let text = diagnostic::to_text(&loaded.diagnostics, |_| Some(&torn));
            assert_eq!(loaded.scenario.is_none(), text.contains("error["), "torn at {at}");
        }
    }
}
