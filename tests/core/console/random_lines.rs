//! Random command lines of the text tools: grammars in `tests/data/console/random/*.txt` make valid lines with odd input
//! files, and each runs in our shell and in the real one, as the cases of `shell_data` do.
//!
//! A grammar is lines `NAME TEXT`, an alternative of the rule `NAME`; `@NAME@` in a text stands for any alternative of
//! that rule, `@@` for one of these characters, and a line of the corpus begins at the rule `line`. `common.txt` has the rules that all grammars know, and
//! `files.sh` makes the input files. `#` comments.
//!
//! `WOM_RANDOM=N` runs N lines of each grammar in place of 40, `WOM_RANDOM_SEED=S` other ones, `WOM_RANDOM_ONLY=sort` one
//! grammar, `WOM_RANDOM_STDERR=1` compares messages too, and `WOM_RANDOM_KEEP=DIR` writes the lines that agree as cases.

use super::shell_data::{bash_is_here, ours, real};
use std::collections::BTreeMap;

const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/console/random");
/// Lines of one script.
const BATCH: usize = 20;
/// Rules inside rules at most.
const DEPTH: u32 = 12;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

type Grammar = BTreeMap<String, Vec<String>>;

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{DIR}/{name}")).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn grammar(texts: &[&str]) -> Grammar {
    let mut rules = Grammar::new();
    for line in texts.iter().flat_map(|t| t.lines()).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (name, text) = line.split_once(' ').unwrap_or((line, ""));
        rules.entry(name.to_owned()).or_default().push(text.trim_start().to_owned());
    }
    rules
}

fn expand(rules: &Grammar, text: &str, random: &mut Random, depth: u32) -> String {
    assert!(depth < DEPTH, "rules go round: {text}");
    let mut out = String::new();
    for (n, part) in text.split('@').enumerate() {
        match rules.get(part) {
            Some(all) if n % 2 == 1 => {
                let chosen = all[random.below(all.len())].clone();
                out.push_str(&expand(rules, &chosen, random, depth + 1));
            }
            _ if n % 2 == 1 && part.is_empty() => out.push('@'),
            _ if n % 2 == 1 => panic!("no such rule: {part:?} in {text:?}"),
            _ => out.push_str(part),
        }
    }
    out
}

/// Lines that agreed, and how many ran; `wrong` gets the others.
fn compare(name: &str, lines: &[String], wrong: &mut String) -> Vec<String> {
    let errors = std::env::var_os("WOM_RANDOM_STDERR").is_some();
    let mut script = read("files.sh");
    for (n, line) in lines.iter().enumerate() {
        let end = if errors { " 2>&1" } else { "" };
        script.push_str(&format!("echo '@@{n}'\n{{\n{line}\n}}{end}\necho \"@= $?\"\n"));
    }
    let place = tempfile::Builder::new().prefix("random-").tempdir_in("/tmp").unwrap();
    let want = real(&script, place.path()).unwrap_or_else(|e| panic!("{name}: bash does not run: {e}"));
    let got = ours(&script, &place.path().to_string_lossy());
    let part = |all: &str, n: usize| {
        let from = all.split_once(&format!("@@{n}\n")).map_or("", |(_, rest)| rest);
        from.split_once(&format!("@@{}\n", n + 1)).map_or(from, |(here, _)| here).to_owned()
    };
    let mut good = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let (want, got) = (part(&want.stdout, n), part(&got.stdout, n));
        if want == got {
            good.push(line.clone());
        } else {
            wrong.push_str(&format!("{name}: $ {line}\n--- real\n{want}--- ours\n{got}\n"));
        }
    }
    if got.status == -1 {
        wrong.push_str(&format!("{name}: {}\n", got.stderr));
    }
    good
}

fn keep(dir: &str, name: &str, good: &[String]) {
    let head = read("files.sh");
    for (n, lines) in good.chunks(4).enumerate() {
        let mut script = head.clone();
        for line in lines {
            script.push_str(&format!("{line}\necho \"status $?\"\n"));
        }
        std::fs::write(format!("{dir}/random-{name}-{n:02}.sh"), script).unwrap();
    }
}

#[test]
fn random_lines_do_what_the_real_tools_do() {
    if !bash_is_here() {
        assert!(!cfg!(target_os = "linux"), "random lines need a real bash, and there is none here");
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let (count, seed) = (number("WOM_RANDOM").unwrap_or(40) as usize, number("WOM_RANDOM_SEED").unwrap_or(1));
    let only = std::env::var("WOM_RANDOM_ONLY").unwrap_or_default();
    let mut names: Vec<String> =
        std::fs::read_dir(DIR).unwrap().map(|f| f.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.retain(|n| n.ends_with(".txt") && n != "common.txt");
    names.sort();
    assert!(names.len() > 10, "{DIR} has no grammars");
    let (mut ran, mut wrong) = (0, String::new());
    for file in names {
        let name = file.trim_end_matches(".txt");
        if !only.is_empty() && !only.split(',').any(|o| o == name) {
            continue;
        }
        let rules = grammar(&[&read("common.txt"), &read(&file)]);
        let mut random = Random(name.bytes().fold(seed, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b))));
        let lines: Vec<String> = (0..count).map(|_| expand(&rules, "@line@", &mut random, 0)).collect();
        let mut good = Vec::new();
        for batch in lines.chunks(BATCH) {
            good.extend(compare(name, batch, &mut wrong));
        }
        println!("random lines: {name}: {} ran, {} agreed", lines.len(), good.len());
        ran += lines.len();
        if let Ok(dir) = std::env::var("WOM_RANDOM_KEEP") {
            keep(&dir, name, &good);
        }
    }
    println!("random lines: {ran}");
    assert!(wrong.is_empty(), "\n{wrong}");
}
