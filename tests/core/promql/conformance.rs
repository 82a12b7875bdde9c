//! `promql_data`: the test data of Prometheus, run on our evaluator; one line a file.

use super::format::{self, About, Case, Command, Sample, When};
use promql_parser::label::{Matcher, Matchers};
use promql_parser::parser::{self as grammar, Expr};
use promql_parser::util::{ExprVisitor, walk_expr};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use wheel_of_misfortune::observe::promql::{Notes, QueryError, Value, parse};
use wheel_of_misfortune::observe::series::{Labels, METRIC_NAME, STALE, SeriesStore};

const NATIVE: &str = "native histogram samples";
const START: &str = "start timestamps, an experiment";
const NOTATION: &str = "notation that the reader does not know";
const SYNTAX: &str = "syntax that the grammar crate lacks";

/// Modifiers of an experiment that the grammar crate lacks, so that it cannot refuse them in the right words either.
const EXTENDED: &[&str] = &[" smoothed", " anchored"];

/// Functions that Prometheus has behind its flag for experimental ones, and we do not have.
const EXPERIMENTAL: &[&str] = &["info", "start_timestamp", "integral"];

/// Single cases that are left out: a part of the query, and the reason.
const SKIPPED: &[(&str, &str)] = &[(
    "label_replace(testmetric, \"invalid-label-name\"",
    "a label name that 3.0 and 3.1 refuse and later versions take",
)];

/// What became of a file.
#[derive(Default)]
struct Report {
    cases: usize,
    passed: usize,
    skipped: BTreeMap<String, Vec<String>>,
    failed: Vec<String>,
}

impl Report {
    fn line(&self, name: &str) -> String {
        let skipped: usize = self.skipped.values().map(Vec::len).sum();
        let ran = self.cases - skipped;
        let mut line = format!("{name}: run {ran}, passed {}, skipped {skipped}", self.passed);
        let reasons: Vec<String> =
            self.skipped.iter().map(|(reason, cases)| format!("{reason}: {}", cases.len())).collect();
        if !reasons.is_empty() {
            write!(line, " ({})", reasons.join(", ")).unwrap();
        }
        for (reason, cases) in self.skipped.iter().filter(|(reason, _)| *reason != NATIVE) {
            for case in cases {
                write!(line, "\n    skipped, {reason}: {case}").unwrap();
            }
        }
        line
    }
}

/// The data as it stands: floats in the store, and the label sets of what it cannot hold, with the reason.
#[derive(Default)]
struct World {
    store: SeriesStore,
    unheld: Vec<(Labels, &'static str)>,
    /// Something could not be read that may have loaded series.
    unread: bool,
}

impl World {
    fn load(&mut self, step_ms: i64, series: &[format::Series], nhcb: bool) {
        let starts = |samples: &Vec<Sample>| samples.contains(&Sample::Start);
        self.unheld.extend(series.iter().filter(|(_, s)| starts(s)).map(|(labels, _)| (labels.clone(), START)));
        // Of two lines for one series in a block, the later one counts.
        let samples = series.iter().filter(|(_, s)| !starts(s));
        let last: BTreeMap<&Labels, &Vec<Sample>> = samples.map(|(labels, samples)| (labels, samples)).collect();
        for (labels, samples) in last {
            let id = self.store.series(labels.clone());
            for (sample, reason) in [(Sample::Histogram, NATIVE), (Sample::Unknown, NOTATION)] {
                if samples.contains(&sample) {
                    self.unheld.push((labels.clone(), reason));
                }
            }
            let base = labels.name().and_then(|n| n.strip_suffix("_bucket")).filter(|_| nhcb);
            if let Some(base) = base {
                self.unheld.push((labels.with(METRIC_NAME, base).without(&["le"]), NATIVE));
            }
            for (n, sample) in samples.iter().enumerate() {
                let t_ms = step_ms * i64::try_from(n).unwrap();
                match sample {
                    Sample::Float(value) => self.store.append(id, t_ms, *value),
                    Sample::Stale => self.store.append(id, t_ms, STALE),
                    Sample::Missing | Sample::Histogram | Sample::Start | Sample::Unknown => true,
                };
            }
        }
    }
}

/// Walks a query: whether it reads what the store cannot hold, and which functions it calls.
struct Look<'a> {
    unheld: &'a [(Labels, &'static str)],
    reads: Option<&'static str>,
    calls: Vec<&'static str>,
    /// Whether it has a `limit_ratio`.
    limits_ratio: bool,
}

impl Look<'_> {
    fn selects(&mut self, name: Option<&String>, matchers: &Matchers) {
        let fits = |set: &[Matcher], labels: &Labels| {
            name.is_none_or(|n| labels.name() == Some(n))
                && set.iter().all(|m| m.is_match(labels.get(&m.name).unwrap_or_default()))
        };
        let any = |labels: &Labels| {
            if matchers.or_matchers.is_empty() {
                fits(&matchers.matchers, labels)
            } else {
                matchers.or_matchers.iter().any(|set| fits(set, labels))
            }
        };
        let found = self.unheld.iter().find(|(labels, _)| any(labels));
        self.reads = self.reads.or(found.map(|(_, reason)| *reason));
    }
}

impl ExprVisitor for Look<'_> {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        match expr {
            Expr::VectorSelector(s) => self.selects(s.name.as_ref(), &s.matchers),
            Expr::MatrixSelector(s) => self.selects(s.vs.name.as_ref(), &s.vs.matchers),
            Expr::Call(c) => self.calls.push(c.func.name),
            Expr::Aggregate(a) => self.limits_ratio |= a.op.to_string() == "limit_ratio",
            _ => {}
        }
        Ok(true)
    }
}

/// Why a case is out of scope, if it is.
fn skip(case: &Case, unheld: &[(Labels, &'static str)]) -> Option<String> {
    if let Some((_, reason)) = SKIPPED.iter().find(|(part, _)| case.expr.contains(part)) {
        return Some((*reason).into());
    }
    for (sample, reason) in [(Sample::Histogram, NATIVE), (Sample::Unknown, NOTATION)] {
        if case.series.iter().any(|(_, samples)| samples.contains(&sample)) {
            return Some(reason.into());
        }
    }
    if EXTENDED.iter().any(|word| case.expr.contains(word)) {
        return Some(SYNTAX.into());
    }
    let expr = match grammar::parse(&case.expr) {
        Ok(expr) => expr,
        // Ours has to refuse what should be refused, whoever notices.
        Err(_) if case.fails => return None,
        // What our own parser can take although the bare grammar cannot is not skipped.
        Err(_) => return parse(&case.expr).is_err().then(|| SYNTAX.into()),
    };
    let mut look = Look { unheld, reads: None, calls: Vec::new(), limits_ratio: false };
    walk_expr(&mut look, &expr).unwrap();
    if let Some(reason) = look.reads {
        return Some(reason.into());
    }
    if look.limits_ratio && !case.fails {
        return Some("limit_ratio, which chooses by Prometheus's hash".into());
    }
    let experimental = look.calls.iter().find(|c| EXPERIMENTAL.contains(c))?;
    Some(format!("experimental function {experimental}"))
}

/// As Prometheus compares in its tests: relatively, to 1e-6.
fn about(a: f64, b: f64) -> bool {
    if (a.is_nan() && b.is_nan()) || a == b {
        return true;
    }
    let size = a.abs() + b.abs();
    if a == 0.0 || b == 0.0 || size < f64::MIN_POSITIVE {
        return (a - b).abs() < 1e-6 * f64::MIN_POSITIVE;
    }
    (a - b).abs() / size.min(f64::MAX) < 1e-6
}

type Found = Vec<(Labels, Vec<(i64, f64)>)>;

fn compare(found: &Found, expected: &Found, ordered: bool) -> Result<(), String> {
    let wrong = || Err(format!("expected {expected:?}\n      found {found:?}"));
    if found.len() != expected.len() {
        return wrong();
    }
    for (n, (labels, samples)) in expected.iter().enumerate() {
        let other =
            if ordered { found.get(n).filter(|f| f.0 == *labels) } else { found.iter().find(|f| f.0 == *labels) };
        let Some((_, other)) = other else { return wrong() };
        let same = |(a, b): (&(i64, f64), &(i64, f64))| a.0 == b.0 && about(a.1, b.1);
        if other.len() != samples.len() || !other.iter().zip(samples).all(same) {
            return wrong();
        }
    }
    Ok(())
}

/// The samples that a case expects, `first_ms` being the time of the first value.
fn expected(case: &Case, first_ms: i64, step_ms: i64) -> Found {
    let timed = |samples: &[Sample]| {
        let times = (0..).map(|n: i64| first_ms + n * step_ms);
        let some = times.zip(samples).filter_map(|(t, s)| match s {
            Sample::Float(value) => Some((t, *value)),
            _ => None,
        });
        some.collect::<Vec<(i64, f64)>>()
    };
    let series = case.series.iter().map(|(labels, samples)| (labels.clone(), timed(samples)));
    series.filter(|(_, samples)| !samples.is_empty()).collect()
}

fn flat(values: Vec<(Labels, i64, f64)>) -> Found {
    values.into_iter().map(|(labels, t, v)| (labels, vec![(t, v)])).collect()
}

/// Whether a query that should fail fails in the words that are expected.
fn failed(case: &Case, e: &QueryError) -> Result<(), String> {
    let mut wrong = case.expects.iter().filter(|(about, words)| *about == About::Fail && !words.fit(&e.message));
    wrong.next().map_or(Ok(()), |(_, words)| Err(format!("should fail with {words:?}, fails with {:?}", e.message)))
}

/// Compares what is said beside an answer, as Prometheus's runner does: what is expected is there, and where something
/// of a kind is expected nothing else of that kind is.
fn noted(case: &Case, notes: &Notes) -> Result<(), String> {
    for (about, none, said) in
        [(About::Warn, About::NoWarn, &notes.warnings), (About::Info, About::NoInfo, &notes.infos)]
    {
        let expected: Vec<_> = case.expects.iter().filter(|(a, _)| *a == about).map(|(_, words)| words).collect();
        let missing = expected.iter().any(|words| !said.iter().any(|s| words.fit(s)));
        let more = !expected.is_empty() && said.iter().any(|s| !expected.iter().any(|words| words.fit(s)));
        let silence = case.expects.iter().any(|(a, _)| *a == none) && !said.is_empty();
        if missing || more || silence {
            return Err(format!("{about:?}: expected {expected:?} of {:?}, said {said:?}", case.expects));
        }
    }
    Ok(())
}

/// Runs a case; the error says what was expected and what came.
fn run(case: &Case, store: &SeriesStore) -> Result<(), String> {
    let query = match parse(&case.expr) {
        Err(e) if case.fails => return failed(case, &e),
        Err(e) => return Err(format!("does not parse: {e}")),
        Ok(query) => query,
    };
    let result = match case.when {
        When::Instant { at_ms } => query.instant_noted(store, at_ms),
        When::Range { from_ms, to_ms, step_ms } => query.range_noted(store, from_ms, to_ms, step_ms),
    };
    let (value, notes) = match result {
        Err(e) if case.fails => return failed(case, &e),
        Err(e) => return Err(format!("fails: {e}")),
        Ok(_) if case.fails => return Err("should fail".into()),
        Ok(answer) => answer,
    };
    noted(case, &notes)?;
    match (case.when, value) {
        (When::Instant { .. }, Value::Scalar(found)) => {
            let wanted = case.scalar.ok_or_else(|| format!("gives the scalar {found}"))?;
            if about(found, wanted) { Ok(()) } else { Err(format!("expected {wanted}, found {found}")) }
        }
        (When::Instant { .. }, Value::String(found)) => {
            if case.text.as_ref() == Some(&found) {
                Ok(())
            } else {
                Err(format!("gives the string {found:?}"))
            }
        }
        (When::Instant { at_ms }, Value::Vector(found)) => {
            compare(&flat(found), &expected(case, at_ms, 0), case.ordered)
        }
        (When::Instant { .. }, Value::Matrix(found)) => {
            let (first_ms, step_ms) = case.raw.ok_or("gives a range vector")?;
            compare(&found, &expected(case, first_ms, step_ms), false)
        }
        (When::Range { from_ms, step_ms, .. }, Value::Matrix(found)) => {
            compare(&found, &expected(case, from_ms, step_ms), false)
        }
        (When::Range { .. }, other) => Err(format!("a range query gives {other:?}")),
    }?;
    in_the_middle(case, &query, store)
}

/// An instant query has to give what the same query gives in the middle of a range, as Prometheus's runner checks too.
fn in_the_middle(
    case: &Case,
    query: &wheel_of_misfortune::observe::promql::Query,
    store: &SeriesStore,
) -> Result<(), String> {
    const MINUTE_MS: i64 = 60_000;
    let When::Instant { at_ms } = case.when else { return Ok(()) };
    let of_the_query = ["start()", "end()", "step()", "range()"].iter().any(|f| case.expr.contains(f));
    // An order is one of an instant; functions of the query itself differ.
    if case.ordered || of_the_query || case.text.is_some() || case.raw.is_some() {
        return Ok(());
    }
    let instant = match query.instant(store, at_ms) {
        Ok(Value::Vector(found)) => flat(found),
        Ok(Value::Scalar(found)) => vec![(Labels::default(), vec![(at_ms, found)])],
        other => return Err(format!("instant: {other:?}")),
    };
    let Ok(Value::Matrix(range)) = query.range(store, at_ms - MINUTE_MS, at_ms + MINUTE_MS, MINUTE_MS) else {
        // A neighbour may be ambiguous where the middle is not.
        return Ok(());
    };
    let middle = range.into_iter().map(|(labels, samples)| {
        (labels, samples.into_iter().filter(|(t, _)| *t == at_ms).collect::<Vec<(i64, f64)>>())
    });
    let middle: Found = middle.filter(|(_, samples)| !samples.is_empty()).collect();
    compare(&middle, &instant, false).map_err(|e| format!("differs in a range: {e}"))
}

fn run_file(text: &str) -> Report {
    let mut report = Report::default();
    let mut world = World::default();
    for command in format::read(text) {
        match command {
            Command::Clear => world = World::default(),
            Command::Load { step_ms, series, nhcb } => world.load(step_ms, &series, nhcb),
            Command::Unknown { line, text, loads } => {
                world.unread |= loads;
                report.cases += 1;
                report.skipped.entry(NOTATION.into()).or_default().push(format!("{line} {text}"));
            }
            Command::Eval(case) => {
                report.cases += 1;
                let after = world.unread.then(|| "a load that the reader does not know".to_owned());
                if let Some(reason) = after.or_else(|| skip(&case, &world.unheld)) {
                    report.skipped.entry(reason).or_default().push(format!("{} {}", case.line, case.expr));
                    continue;
                }
                match run(&case, &world.store) {
                    Ok(()) => report.passed += 1,
                    Err(e) => report.failed.push(format!("line {}: {}: {e}", case.line, case.expr)),
                }
            }
        }
    }
    report
}

/// The `.test` files of a folder, by name.
fn files(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut found = Vec::new();
    for path in entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "test")) {
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        found.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
    }
    found.sort();
    Ok(found)
}

/// Runs the files of some folders: a line each, and what failed. A folder has to be there and to have cases.
fn run_all<'a>(folders: impl IntoIterator<Item = &'a Path>) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    for folder in folders {
        let mut cases = 0;
        match files(folder) {
            Err(e) => failed.push(e),
            Ok(files) => {
                for (name, text) in files {
                    let report = run_file(&text);
                    cases += report.cases;
                    lines.push(report.line(&name));
                    failed.extend(report.failed.iter().map(|f| format!("{name} {f}")));
                }
            }
        }
        if cases == 0 {
            failed.push(format!("{}: no case", folder.display()));
        }
    }
    (lines, failed)
}

/// Prometheus's files, and ours of the same format.
fn own() -> Vec<PathBuf> {
    ["promql", "promql_own"].map(|f| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(f)).to_vec()
}

#[test]
fn promql_data() {
    let mut folders = own();
    folders.extend(std::env::var_os("WOM_PROMQL_DIR").map(PathBuf::from));
    let (lines, failed) = run_all(folders.iter().map(PathBuf::as_path));
    lines.iter().for_each(|l| println!("{l}"));
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn a_folder_that_is_missing_or_empty_fails() {
    let missing = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/no_such_folder");
    assert!(!run_all([missing.as_path()]).1.is_empty());
    // A folder without any file of the format.
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_all([folder.path()]).1.len(), 1);
    fs::write(folder.path().join("empty.test"), "# Nothing.\nclear\n").unwrap();
    assert_eq!(run_all([folder.path()]).1.len(), 1);
    fs::write(folder.path().join("one.test"), "eval instant at 0 1 + 1\n  2\n").unwrap();
    let (lines, failed) = run_all([folder.path()]);
    assert_eq!(failed, Vec::<String>::new());
    assert_eq!(lines[1], "one.test: run 1, passed 1, skipped 0");
}

#[test]
fn the_runner_notices_what_is_wrong() {
    let load = "load 1m\n  m{a=\"b\"} 1 2 _ 4\n\n";
    for (case, fails) in [
        ("eval instant at 1m m\n  m{a=\"b\"} 2", false),
        ("eval instant at 1m m\n  m{a=\"b\"} 2.1", true),
        ("eval instant at 1m m\n  m{a=\"c\"} 2", true),
        ("eval instant at 1m m", true),
        ("eval instant at 1m n\n  n 1", true),
        ("eval range from 0 to 3m step 1m m\n  m{a=\"b\"} 1 2 2 4", false),
        ("eval range from 0 to 3m step 1m m\n  m{a=\"b\"} 1 2 _ 4", true),
        ("eval instant at 1m m\n  expect fail", true),
        ("eval_fail instant at 1m m +", false),
        ("eval_fail instant at 1m m +\n  expected_fail_regexp promql", false),
        ("eval_fail instant at 1m m\n  expected_fail_regexp .*", true),
        ("eval_warn instant at 1m m\n  m{a=\"b\"} 2", true),
        ("eval_info instant at 1m m\n  m{a=\"b\"} 3", true),
        ("eval_ordered instant at 1m m\n  m{a=\"b\"} 2", false),
        ("eval instant at 1m m\n  expect no_warn\n  expect info msg:a b c\n  m{a=\"b\"} 2", true),
        ("eval instant at 1m m + on(a) 1\n  expect fail regex:.*", false),
        ("eval instant at 1m m +", false),
        ("eval instant at 1m \"x\"\n  expect string \"y\"", true),
        ("eval instant at 1m 1\n  2", true),
        ("eval instant at 2m m[2m]\n  expect range vector from 1m to 2m step 1m\n  m{a=\"b\"} 2", false),
    ] {
        let report = run_file(&format!("{load}{case}\n"));
        assert_eq!(!report.failed.is_empty(), fails, "{case}: {:?}", report.failed);
    }
    for (case, fails) in [
        ("eval_warn instant at 1m quantile(1.5, m)\n  {} +Inf", false),
        ("eval_warn instant at 1m quantile(0.5, m)\n  {} 2", true),
        ("eval_info instant at 3m rate(m[3m])\n  {a=\"b\"} 0.016666666666666666", false),
        ("eval instant at 3m sum(rate(m[3m]))\n  expect no_info\n  {} 0.016666666666666666", true),
        ("eval instant at 1m quantile(2, m)\n  expect no_warn\n  {} +Inf", true),
        (
            "eval instant at 1m quantile(-2, m)\n  expect warn msg: PromQL warning: quantile value should be between 0 and 1, got -2 (1:10)\n  {} -Inf",
            false,
        ),
        ("eval instant at 1m quantile(-2, m)\n  expect warn msg: PromQL warning: quantile\n  {} -Inf", true),
        ("eval instant at 1m topk(NaN, m)\n  expect fail msg: Parameter value is NaN", false),
        ("eval instant at 1m topk(NaN, m)\n  expect fail msg: Parameter value is odd", true),
        ("eval_fail instant at 1m topk(NaN, m)\n  expected_fail_message Parameter value is odd", true),
        ("eval_fail instant at 1m topk(NaN, m)\n  expected_fail_regexp value.*NaN", false),
    ] {
        let report = run_file(&format!("{load}{case}\n"));
        assert_eq!(!report.failed.is_empty(), fails, "{case}: {:?}", report.failed);
    }
    for strange in ["frobnicate", "eval_maybe instant at 1m m\n  m 1", "eval instant at 1m m\n  expect luck"] {
        let report = run_file(&format!("{load}{strange}\n\neval instant at 1m m\n  m{{a=\"b\"}} 2\n"));
        assert_eq!((report.cases, report.passed, report.failed.len()), (2, 1, 0), "{strange}");
    }
    let after =
        run_file("load_with_luck 1m\n  m 1\n\neval instant at 0 m\n  m 1\n\nclear\n\neval instant at 0 1\n  1\n");
    assert_eq!((after.cases, after.passed, after.failed.len()), (3, 1, 0));
    let unknown = run_file("eval sometimes 1\n\neval instant at 0 m[1m] smoothed\n");
    assert_eq!(unknown.line("x").lines().count(), 3, "each case that is left out is named");
}
