//! The format corpus: command lines and the shape that their output has on the example host (tests/data/console/format/*.txt).
//!
//! A case begins with `$ LINE`; lines below it say what must hold of what a fresh terminal prints:
//! `only TEXT` (the output is this one line), `none` (nothing is printed), `head REGEX` (the first line),
//! `each REGEX` (every line after the one that `head` named, and at least one), `some REGEX` (a line), `not REGEX` (no line),
//! `cols N` (lines after the head have at least N columns), `lines N` or `lines N..M`, `status N` (0 unless it is said).
//! A regular expression must fit a whole line. `#` comments.

use super::type_line;
use regex::Regex;

struct Case {
    place: String,
    line: String,
    wants: Vec<(String, String)>,
}

fn parse(file: &str, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(typed) = line.strip_prefix("$ ") {
            cases.push(Case { place: format!("{file}:{}", n + 1), line: typed.to_owned(), wants: Vec::new() });
            continue;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let case = cases.last_mut().unwrap_or_else(|| panic!("{file}:{}: no command line yet", n + 1));
        case.wants.push((word.to_owned(), rest.to_owned()));
    }
    cases
}

fn whole(pattern: &str) -> Regex {
    Regex::new(&format!("^(?:{pattern})$")).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

/// What is wrong with an output, in words; empty if nothing is.
fn judge(case: &Case, printed: &str) -> Vec<String> {
    let mut lines: Vec<&str> = printed.lines().collect();
    let status = lines.pop().and_then(|l| l.strip_prefix("[status ")?.strip_suffix(']')).unwrap_or("lost").to_owned();
    let has = |word: &str| case.wants.iter().any(|(w, _)| w == word);
    let body = lines.get(usize::from(has("head"))..).unwrap_or_default();
    let mut wrong = Vec::new();
    if case.wants.is_empty() {
        wrong.push("the case expects nothing".to_owned());
    }
    if !has("status") && status != "0" {
        wrong.push(format!("status {status}, expected 0"));
    }
    for (word, rest) in &case.wants {
        let fits = match word.as_str() {
            "status" => status == *rest,
            "only" => lines == [rest.as_str()],
            "none" => lines.is_empty(),
            "head" => lines.first().is_some_and(|l| whole(rest).is_match(l)),
            "each" => !body.is_empty() && body.iter().all(|l| whole(rest).is_match(l)),
            "some" => lines.iter().any(|l| whole(rest).is_match(l)),
            "not" => !lines.iter().any(|l| whole(rest).is_match(l)),
            "cols" => {
                let n: usize = rest.parse().unwrap();
                !body.is_empty() && body.iter().all(|l| l.split_whitespace().count() >= n)
            }
            "lines" => match rest.split_once("..") {
                Some((a, b)) => (a.parse().unwrap()..=b.parse().unwrap()).contains(&lines.len()),
                None => lines.len() == rest.parse::<usize>().unwrap(),
            },
            other => panic!("{}: no such word: {other}", case.place),
        };
        if !fits {
            wrong.push(format!("{word} {rest}"));
        }
    }
    wrong
}

fn run(line: &str) -> String {
    let printed = type_line(&format!("{line}; echo \"[status $?]\""));
    printed.strip_suffix('\n').unwrap_or(&printed).to_owned()
}

#[test]
fn format_corpus_has_the_expected_shapes() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/console/format");
    let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "txt"));
    files.sort();
    assert!(!files.is_empty(), "{dir} has no corpus");
    let only = std::env::var("WOM_FORMAT").unwrap_or_default();
    let (mut count, mut wrong) = (0, String::new());
    for f in files {
        let name = f.file_name().unwrap().to_string_lossy().into_owned();
        for case in parse(&name, &std::fs::read_to_string(&f).unwrap()) {
            if !case.place.starts_with(&only) {
                continue;
            }
            count += 1;
            let printed = run(&case.line);
            let complaints = judge(&case, &printed);
            if !complaints.is_empty() {
                let list = complaints.join("\n     ");
                wrong.push_str(&format!("{}: $ {}\n  not: {list}\n{printed}\n\n", case.place, case.line));
            }
        }
    }
    println!("format corpus: {count} command lines");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_wrong_shape_is_noticed() {
    let case = |wants: &str| parse("x", &format!("$ seq 2\n{wants}\n")).remove(0);
    let printed = run("seq 2");
    for good in ["head 1", "each [12]", "some 2", "not 3", "lines 2", "lines 1..3", "cols 1", "status 0"] {
        assert!(judge(&case(good), &printed).is_empty(), "{good}: {printed}");
    }
    for bad in ["head 2", "each 1", "some 3", "not 2", "lines 3", "lines 3..4", "cols 2", "status 1", "only 1", "none"]
    {
        assert!(!judge(&case(bad), &printed).is_empty(), "{bad}");
    }
}
