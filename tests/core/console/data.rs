//! Tests of the data tools: jq beside what the real one printed, limits, and attempts to break out.

use super::{printed, settle, start, type_line};

/// A case as it was recorded with jq 1.6: words, input, and what came.
#[derive(serde::Deserialize)]
struct Recorded {
    args: Vec<String>,
    input: String,
    out: String,
    err: String,
    status: i32,
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|w| format!("'{}'", w.replace('\'', "'\\''"))).collect::<Vec<_>>().join(" ")
}

/// What a command line leaves on its two outputs, and its status.
fn run(line: &str, input: &str) -> (String, String, String) {
    let (mut c, mut h) = start();
    h.put("ops", "/home/primary/in", input, "primary");
    for typed in [format!("{line} < in > out 2> err"), "echo status $?".to_owned()] {
        c.submit(1, &typed, &mut h);
        settle(&mut c, &mut h);
    }
    let file = |name: &str| h.text("ops", &format!("/home/primary/{name}"));
    (file("out"), file("err"), printed(&c))
}

#[test]
fn jq_prints_what_the_real_one_printed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/console/jq/recorded.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let (mut wrong, mut n) = (String::new(), 0);
    for line in text.lines() {
        let r: Recorded = serde_json::from_str(line).unwrap();
        n += 1;
        let (out, err, status) = run(&format!("jq {}", quoted(&r.args)), &r.input);
        // The real one pads the line that it repeats.
        let err: String = err.lines().map(|l| format!("{}\n", l.trim_end())).collect();
        let want: String = r.err.lines().map(|l| format!("{}\n", l.trim_end())).collect();
        if (out.as_str(), err.as_str()) != (r.out.as_str(), want.as_str()) || status != format!("status {}\n", r.status)
        {
            wrong.push_str(&format!("{:?} {:?}\n  {out:?} {err:?} {status:?}\n", r.args, r.input));
        }
    }
    println!("jq: {n} recorded cases");
    assert!(n > 300);
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A value of eight to the power of thirty numbers, made in thirty steps.
const SHARED: &str = "reduce range(30) as $i ([1]; [., ., ., ., ., ., ., .])";

#[test]
fn jq_cannot_break_out_or_hang() {
    for program in [
        "def f: 1 + f; f",
        "def f: f; f",
        "def f: f | f; f",
        "def f: [f]; f",
        "[repeat(1)]",
        "[range(1e9)]",
        "reduce range(100000) as $x (null; [.])",
        "reduce range(100) as $x (\"a\"; . + .)",
        "\"a\" * 1e9",
        "[while(true; .)]",
        "until(false; . + 1)",
        "[recurse(.)]",
        "setpath([range(100000)|tostring]; 0)",
        "path(getpath([range(200000)|tostring]))|length",
        "path(reduce range(300000) as $i (.; .a))|length",
        "(reduce range(300000) as $i (.; .a)) |= 1",
        // A value that shares its parts is longer than what it takes to make it.
        SHARED,
        &format!("{SHARED} | tojson | length"),
        &format!("{SHARED} | @html | length"),
        &format!("{SHARED} | debug | 1"),
        "[range(100000)] as $x | range(1000) | $x | debug | empty",
    ] {
        let (out, err, status) = run(&format!("jq -n '{program}'"), "");
        let got = (out.as_str(), err.as_str(), status.as_str());
        assert!(err.ends_with("error: cannot allocate memory\n") && err.len() < 2 << 20, "{program}");
        assert_eq!((got.0, got.2), ("", "status 134\n"), "{program}");
    }
    // What fits was printed, what does not is not there in part.
    let (out, _, status) = run(&format!("jq -n '1, ({SHARED})'"), "");
    assert_eq!((out.as_str(), status.as_str()), ("1\n", "status 134\n"));
    // A program that nests or goes on for ever in its text is no program.
    for program in ["(".repeat(300) + "1" + &")".repeat(300), ".a".repeat(2000)] {
        let (_, err, status) = run(&format!("jq -n '{program}'"), "");
        assert!(err.contains("memory exhausted") && status == "status 3\n", "{err}");
    }
    // The environment is the process's, the clock the simulation's.
    assert_eq!(type_line("jq -n env.HOME"), "\"/home/primary\"\n");
    assert_eq!(type_line("jq -n '$ENV | has(\"CARGO_MANIFEST_DIR\")'"), "false\n");
    assert_eq!(type_line("jq -n '[now, localtime?]| .[0]'"), "1689855480\n");
    assert_eq!(type_line("X=1; export X; jq -rn env.X"), "1\n");
    assert_eq!(type_line("jq -n 'import \"a\" as a; 1' > /dev/null 2>&1; echo $?"), "3\n");
}

/// A case of yq: the command line, the text of `sample.yml`, what is printed.
#[derive(serde::Deserialize)]
struct Case {
    line: String,
    input: String,
    out: String,
}

/// The cases in the repository, and, where `WOM_YQ_CASES` names a file of such lines (the examples of the program's manual in that
/// form), those in it: what is printed is as it stands there, or the line is refused in so many words.
#[test]
fn yq_prints_what_is_expected_or_refuses() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/console/yq/cases.jsonl").to_owned();
    let further = std::env::var("WOM_YQ_CASES").ok();
    for (file, strict) in [(Some(own), true), (further, false)] {
        let Some(file) = file else { continue };
        let text = std::fs::read_to_string(&file).unwrap();
        let (mut wrong, mut right, mut refused) = (String::new(), 0, 0);
        for line in text.lines() {
            let case: Case = serde_json::from_str(line).unwrap();
            let (mut c, mut h) = start();
            h.put("ops", "/home/primary/sample.yml", &case.input, "primary");
            c.submit(1, &format!("{} > out 2>&1", case.line), &mut h);
            settle(&mut c, &mut h);
            let out = h.text("ops", "/home/primary/out");
            let no = ["not simulated", "unrecognized option", "invalid option"].iter().any(|w| out.contains(w));
            match (out.trim_end() == case.out.trim_end(), no && !strict) {
                (true, _) => right += 1,
                (_, true) => refused += 1,
                _ => {
                    let told =
                        serde_json::json!({"line": case.line, "input": case.input, "out": out, "wanted": case.out});
                    wrong.push_str(&format!("{told}\n"));
                }
            }
        }
        println!("yq: {right} cases as expected, {refused} refused");
        assert!(wrong.is_empty(), "\n{wrong}");
        assert!(right > 60, "{file}");
    }
}

#[test]
fn yq_refuses_what_grows_or_nests_without_end() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..20 {
        laughs.push_str(&format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", ")));
    }
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for i in 1..5000 {
        chain.push_str(&format!("a{i}: &a{i} [*a{}]\n", i - 1));
    }
    let indented: String = (0..3000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    let deep = "bad file '-': yaml: exceeded max depth of 200";
    let memory = "cannot allocate memory";
    for (line, text, why) in [
        ("yq -o=json .", laughs, memory),
        ("yq -o=json .", chain, memory),
        ("yq .", indented, deep),
        ("yq .", "[".repeat(200_000), deep),
        ("yq .", "{a: ".repeat(1900), deep),
        ("yq .", "- ".repeat(100_000), deep),
        ("yq .", "? ".repeat(100_000), deep),
        ("yq .", "a: &a [*a]\n".to_owned(), "bad file '-': yaml: anchor 'a' value contains itself"),
        ("yq '.a[999999999]'", "a: [1]\n".to_owned(), memory),
        ("yq '.a * 99999999'", "a: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".to_owned(), memory),
    ] {
        let (out, err, status) = run(line, &text);
        assert_eq!((out.as_str(), status.as_str()), ("", "status 1\n"), "{err}");
        assert_eq!(err, format!("Error: {why}\n"));
    }
    // A value that shares its parts is longer than what it takes to make it.
    for tool in ["yq -n", "yq -n -o=json"] {
        let program = vec!["[.,.,.,.,.,.,.,.]"; 60].join("|");
        let (out, err, status) = run(&format!("{tool} '[1]|{program}'"), "");
        assert_eq!((out.as_str(), status.as_str()), ("", "status 1\n"), "{err}");
    }
    for program in ["[[".repeat(90) + &"]]".repeat(90), vec!["[.]"; 900].join("|"), "(".repeat(4000)] {
        let (out, err, _) = run(&format!("yq -n '{program}'"), "");
        assert!(out.is_empty() && err.starts_with("Error: "), "{out}{err}");
    }
    // Any text gives an answer.
    for text in [
        "\u{0}",
        "%",
        "&",
        "*x",
        "? [",
        "!<",
        "---\n...\n---",
        "\t",
        "- -\n -",
        "\"\\u",
        "a: |9\n b",
        "<<: 1",
        "<<: [*a]",
    ] {
        let (out, err, _) = run("yq -P -o=json .", text);
        assert!(!out.is_empty() || err.starts_with("Error: ") || err.is_empty(), "{text:?}: {err}");
    }
}

#[test]
fn yq_in_place_changes_what_it_is_told_to() {
    let (mut c, mut h) = start();
    h.put("ops", "/home/primary/v.yml", "image: {name: 'api', tag: 1.10}\nreplicas: 2\n", "primary");
    for typed in ["yq -i '.replicas = 3' v.yml", "yq -i .x", "yq . nope", "yq '.a b' v.yml", "yq -e .x v.yml"] {
        c.submit(1, &format!("{typed} 2>> err"), &mut h);
        settle(&mut c, &mut h);
    }
    assert_eq!(h.text("ops", "/home/primary/v.yml"), "image: {name: 'api', tag: 1.10}\nreplicas: 3\n");
    assert_eq!(
        h.text("ops", "/home/primary/err"),
        "Error: write in place flag only applicable when giving an expression and at least one file\nError: open nope: no such file or directory\nError: 1:4: invalid input text \"b\"\nError: no matches found\n"
    );
}
