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
    ] {
        let (out, err, status) = run(&format!("jq -n '{program}'"), "");
        let got = (out.as_str(), err.as_str(), status.as_str());
        assert_eq!(got, ("", "error: cannot allocate memory\n", "status 134\n"), "{program}");
    }
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
