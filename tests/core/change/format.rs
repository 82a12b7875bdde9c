//! The format of changes: what is read, what is refused at its line, and effects that a script does in somebody's name.

use super::*;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::scenario::schema;
use wheel_of_misfortune::scenario::{Action, CAPACITY_EFFECT, Deed, EFFECT, NET_EFFECT, STORE_ACT, deed_of};
use wheel_of_misfortune::session::{Header, Session};
use wheel_of_misfortune::sim::Effect;

/// One edit of the shop and the problems that follow, each with its line's text.
fn problems(old: &str, new: &str) -> Vec<String> {
    let whole = source();
    assert_eq!(whole.matches(old).count(), 1, "`{old}` is in the file once");
    let text = whole.replacen(old, new, 1);
    let loaded = load(&package(&text));
    let shown = loaded.diagnostics.iter().filter(|d| !d.message.contains("Korean"));
    shown
        .map(|d| {
            let line = text.lines().nth(d.span.line - 1).unwrap_or_default();
            let part: String = line.chars().skip(d.span.column - 1).take(14).collect();
            format!("{} {} @{part}", d.code.id(), d.message)
        })
        .collect()
}

#[test]
fn nonsense_is_refused_or_warned_at_its_line() {
    let cases = [
        (
            "(percent: 25, wait: \"60s\"), (percent: 50, wait: \"60s\")",
            "(percent: 50, wait: \"60s\"), (percent: 25, wait: \"60s\")",
            "WOM0016 25 % comes after 50 % @(percent: 25, ",
        ),
        ("live: \"l1\"", "live: \"l7\"", "WOM0007 `limits` has no version `l7` @\"l7\","),
        ("bad: \"bad\"", "bad: \"worse\"", "WOM0007 `features` has no version `worse` @\"worse\", share"),
        (
            "schedule: \"*/10 13 * * *\"",
            "schedule: \"*/10 3 * * *\"",
            "WOM0022 the job `clean` never runs in a session @\"*/10 3 * * *\"",
        ),
        (
            "schedule: \"*/10 13 * * *\"",
            "schedule: \"61 * * * *\"",
            "WOM0006 `61` is not a crontab field from 0 to 59 @\"61 * * * *\", ",
        ),
        (
            "takes: \"90s\", during: Slow(service: \"api\", factor: \"3\")",
            "takes: \"90s\"",
            "WOM0022 the job `report` does nothing @\"report\": (hos",
        ),
        ("bound: 500", "bound: 0", "WOM0016 0 is out of range @0, fed_by: (en"),
        ("ttl: \"60s\"", "ttl: \"0s\"", "WOM0016 items live for some time @\"0s\"),"),
        (
            "disarms: [\"rules\"]",
            "disarms: [\"rulez\"]",
            "WOM0007 unknown config, release or flag `rulez` @\"rulez\"], fact",
        ),
        ("owner: \"vendor\"", "owner: \"you\"", "WOM0016 `pay` is yours, so it is no vendor @\"pay\": (page: "),
        ("rollouts: { \"api\"", "rollouts: { \"apy\"", "WOM0007 unknown service `apy` @Staged(steps: "),
        ("cron: \"clean\", verb: Run", "cron: \"clear\", verb: Run", "WOM0007 unknown job `clear` @\"clear\", verb:"),
        (
            "Poison(queue: \"mails\", items: 2)",
            "Poison(queue: \"males\", items: 2)",
            "WOM0007 unknown queue `males` @\"males\", items",
        ),
        (
            "effect: Remove(host: \"job-1\", path: \"/srv/reports\")",
            "effect: Push(config: \"rules\", version: \"r8\")",
            "WOM0007 `rules` has no version `r8` @\"r8\")), fact: ",
        ),
    ];
    for (old, new, want) in cases {
        let found = problems(old, new);
        assert!(found.iter().any(|f| f == want), "{new}: {found:#?}");
    }
    assert!(problems("live: \"l1\"", "live: \"l1\" ").is_empty(), "the shop itself is sound");
}

/// A deed is data; the world must read every one that the format can write.
#[test]
fn every_declared_effect_is_one_of_the_worlds_own() {
    let s = shop();
    let deeds: Vec<&Deed> = s
        .script
        .iter()
        .flat_map(|r| &r.actions)
        .filter_map(|a| match a {
            Action::Does { effect, .. } => Some(effect),
            _ => None,
        })
        .collect();
    assert_eq!(deeds.len(), 2);
    assert_eq!(Effect::of(deeds[0]), Some(Effect::Remove { host: "job-1".into(), path: "/srv/reports".into() }));
    // Each with every field, and with those only that are needed.
    type Frame = (&'static schema::Union, fn(String) -> String);
    let unions: [Frame; 4] = [
        (&EFFECT, |text| text),
        (&NET_EFFECT, |text| format!("Net({text})")),
        (&CAPACITY_EFFECT, |text| format!("Capacity({text})")),
        (&STORE_ACT, |text| format!("Store(store: \"db\", act: {text})")),
    ];
    let mut seen = 0;
    for (union, frame) in unions {
        for variant in union.all() {
            let all = variant.fields.iter().map(|f| match variant.tuple {
                true => f.sample(),
                false => format!("{}: {}", f.name, f.sample()),
            });
            let all = format!("{}({})", variant.name, all.collect::<Vec<_>>().join(", "));
            let all = if variant.fields.is_empty() { variant.name.to_owned() } else { all };
            for text in [frame(all), frame(variant.example())] {
                let deed = deed_of(&text).unwrap_or_else(|| panic!("{text} is not read"));
                let effect = Effect::of(&deed).unwrap_or_else(|| panic!("{text}: {deed:?}"));
                let (verb, target) = effect.named();
                assert!(!verb.is_empty() && !target.is_empty() || verb.contains("freeze"), "{text}: {verb} {target}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 150, "{seen}");
}

#[test]
fn a_person_does_what_the_script_says_and_the_fact_is_theirs() {
    use wheel_of_misfortune::scenario::Predicate;
    use wheel_of_misfortune::stdx::time::Offset;
    let mut s = shop();
    for (rule, at) in s.script.iter_mut().zip([-50, -40, -30]) {
        rule.when = Predicate::After(Offset(at));
    }
    let header = Header {
        format: 1,
        simulator: 1,
        scenario: s.id.clone(),
        scenario_digest: s.digest.clone(),
        seed: 7,
        seats: vec!["primary".to_owned()],
        branch: 0,
        parent: None,
    };
    let mut session = Session::new(header, std::sync::Arc::new(s));
    for _ in 0..40 {
        session.advance();
    }
    let acts: Vec<(Actor, FactKind)> = session
        .facts()
        .iter()
        .filter(|f| matches!(f.by, Actor::Person(_)))
        .map(|f| (f.by.clone(), f.what.clone()))
        .collect();
    let by = |who: &str, target: &str, verb: &str| (Actor::Person(who.into()), changed(target, verb));
    assert_eq!(acts, [by("dba", "job-1:/srv/reports", "remove"), by("dev", "clean", "run")]);
    assert!(session.facts().iter().any(|f| matches!(&f.what, FactKind::DurableLoss { amount: 5, .. })));
}
