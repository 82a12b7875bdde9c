//! The catalogue: both languages have the same keys with the same variables, and no file has a syntax error.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use wheel_of_misfortune::locale::{FILES, Lang, Locale, josa};

/// Keys of a file with the variables that each uses.
fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    let variable = regex::Regex::new(r"\$([a-zA-Z][a-zA-Z0-9_-]*)").expect("a fixed pattern");
    for line in text.lines() {
        if let Some((key, _)) = line.split_once('=').filter(|(k, _)| {
            !k.starts_with([' ', '#', '.', '}', '[', '*'])
                && k.trim().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        }) {
            out.insert(key.trim().to_owned(), BTreeSet::new());
            current = Some(key.trim().to_owned());
        }
        if let Some(k) = &current {
            for c in variable.captures_iter(line) {
                out.entry(k.clone()).or_default().insert(c[1].to_owned());
            }
        }
    }
    out
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    for (_, name, en) in FILES.iter().filter(|(l, _, _)| *l == Lang::En) {
        let ko = FILES.iter().find(|(l, n, _)| *l == Lang::Ko && n == name).expect("every file has a Korean twin").2;
        assert_eq!(keys(en), keys(ko), "{name}.ftl differs between en and ko");
    }
}

#[test]
fn no_file_has_a_syntax_error_and_no_key_stands_twice() {
    for lang in Lang::ALL {
        let mut seen = BTreeSet::new();
        for (_, name, text) in FILES.iter().filter(|(l, _, _)| *l == lang) {
            if let Err((_, errors)) = fluent_bundle::FluentResource::try_new((*text).to_owned()) {
                panic!("{}/{name}.ftl: {errors:?}", lang.tag());
            }
            for line in text.lines() {
                if let Some((k, _)) = line.split_once(" =").filter(|(k, _)| !k.contains([' ', '#', '.'])) {
                    assert!(
                        seen.insert(k.to_owned()),
                        "{}/{name}.ftl: `{k}` stands twice in the catalogue",
                        lang.tag()
                    );
                }
            }
        }
    }
}

#[test]
fn a_missing_key_shows_itself() {
    assert_eq!(Locale::new(Lang::En).say("no-such-key"), "⟦no-such-key⟧");
}

#[test]
fn particles_follow_the_last_syllable() {
    for (word, pair, want) in [
        ("서버", "은/는", "서버는"),
        ("디스크", "이/가", "디스크가"),
        ("배포판", "을/를", "배포판을"),
        ("서울", "으로/로", "서울로"),
        ("웹", "으로/로", "웹으로"),
        ("v1", "으로/로", "v1로"),
        ("v3", "이/가", "v3이"),
    ] {
        assert_eq!(josa(word, pair), want);
    }
}

#[test]
fn every_skill_of_the_bundled_scenarios_has_words() {
    for package in wheel_of_misfortune::storage::package::bundled() {
        let scenario = wheel_of_misfortune::scenario::load(&package).scenario.expect("it loads");
        for lang in Lang::ALL {
            let locale = Locale::new(lang);
            for skill in &scenario.skills {
                assert!(locale.has(&format!("skill-{skill}")), "{}: {skill}", lang.tag());
            }
        }
    }
}
