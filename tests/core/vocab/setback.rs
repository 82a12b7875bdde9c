//! Actions that fail though nothing forbids them.

use super::{played, times};
use wheel_of_misfortune::fact::FactKind;

fn setback(how: &str) -> String {
    let row = format!(
        "(verb: \"promote\", target: \"api\", {how}, says: \"lock is held by deploy 4711\", fact: \"invented\")"
    );
    format!("setbacks: [{row}],\n        alerts: {{")
}

#[test]
fn the_first_attempt_fails_in_the_tools_own_style_and_changes_nothing() {
    let text = "T+6m release promote api v1\n+30s :expect output /lock is held by deploy 4711/\n+5m release promote api v1\n+5m :end";
    let done = played(&[("alerts: {", &setback("first: 1"))], text, 1);
    let refused = times(&done, |f| matches!(&f.what, FactKind::Refused { why, .. } if why.contains("4711")));
    let acted = times(&done, |f| matches!(&f.what, FactKind::Acted { verb, .. } if verb == "promote"));
    let live = times(
        &done,
        |f| matches!(&f.what, FactKind::Deployed { release, stage, .. } if release == "v1" && stage == "production"),
    );
    assert_eq!((refused.len(), acted.len()), (1, 1), "{refused:?} {acted:?}");
    assert!(refused[0] < acted[0] && live.iter().all(|t| *t > acted[0]), "{refused:?} {acted:?} {live:?}");
}

#[test]
fn a_share_of_the_attempts_fails_by_the_sessions_seed() {
    let edit = setback("fails: \"1/3\"");
    let tries: String = (0..12).map(|i| format!("T+{}m release stage api v{}\n", i + 6, 1 + i % 2)).collect();
    let text = format!("{}T+20m :end", tries.replace("release stage", "release promote"));
    let failed = |seed: u64| {
        let done = played(&[("alerts: {", &edit)], &text, seed);
        times(&done, |f| matches!(&f.what, FactKind::Refused { why, .. } if why.contains("4711")))
    };
    let all: Vec<Vec<i64>> = (1..=6).map(failed).collect();
    assert_eq!(all[0], failed(1), "the same session again");
    assert!(all.iter().any(|a| *a != all[0]), "another seed is another luck");
    let n: usize = all.iter().map(Vec::len).sum();
    assert!((12..=36).contains(&n), "a third of 72: {n}");
}
