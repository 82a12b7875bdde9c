//! What the original was taken from, and how precisely: sources, accounts, T0, times, side paths, what never happened.

use super::{package, played};
use serde_json::Value;
use wheel_of_misfortune::debrief::{Debrief, build};
use wheel_of_misfortune::diagnostic;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::rehearsal::Rehearsal;
use wheel_of_misfortune::scenario::load;
use wheel_of_misfortune::scoring::{Par, Verdict, fidelity, score};

const SOURCE: &str = "licence: \"CC0-1.0\")";
const T0: &str = "means: \"release promoted\",";
const ROLLED_BACK: &str = "(at: \"T+9m\", kind: Mitigate, when: Running(service: \"api\", release: \"v1\"), ";
const SEEN: &str = "\"seen\": (name: \"Seen\", weight: 1, when: Acknowledged),";

/// The pages of a debrief in both languages, and its JSON in English.
struct Told {
    en: String,
    ko: String,
    json: Value,
    debrief: Debrief,
}

fn told(done: &Rehearsal) -> Told {
    let s = done.host.session();
    let par = Par::of(&s.scenario, &s.header, s.facts(), "x");
    let debrief = build(&s.scenario, &s.header, s.facts(), score(&s.scenario, &s.header, s.facts(), &par));
    let page = |lang| postmortem::markdown(&postmortem::postmortem(&debrief, &s.scenario, &Locale::new(lang)));
    let html = postmortem::html(&postmortem::postmortem(&debrief, &s.scenario, &Locale::new(Lang::En)));
    let (en, ko) = (page(Lang::En), page(Lang::Ko));
    for page in [&en, &ko, &html] {
        assert!(!page.contains("export-") && !page.contains("dui-") && !page.contains("{ $"), "{page}");
    }
    // What stands in Markdown stands in HTML too; a title and its note are enough to see that the section is there.
    assert!(html.contains("CC0-1.0"));
    let json = postmortem::json(&debrief, &s.header, &Locale::new(Lang::En));
    Told { en, ko, json, debrief }
}

/// What is wrong with the small scenario with edits: line and message of each.
fn wrong(edits: &[(&str, &str)]) -> Vec<(String, String)> {
    let package = package(edits);
    let loaded = load(&package);
    let source = package.source("scenario.ron").unwrap_or_default().to_owned();
    let text = diagnostic::to_text(&loaded.diagnostics, |f| package.source(f));
    assert!(!text.is_empty(), "{edits:?}");
    let line = |n: usize| source.lines().nth(n - 1).unwrap_or_default().trim().to_owned();
    loaded.diagnostics.iter().map(|d| (line(d.span.line), d.message.clone())).collect()
}

#[test]
fn sources_say_how_they_were_read_and_where_they_differ() {
    let accounts = "contradictions: [(about: { \"en\": \"how long it lasted\", \"ko\": \"지속 시간\" }, accounts: [\
        (says: { \"en\": \"about nine minutes\", \"ko\": \"9분쯤\" }, fact: \"pm summary\"), \
        (says: { \"en\": \"from 12:01 to 12:09\", \"ko\": \"12:01부터 12:09까지\" }, follows: true, fact: \"pm timeline\")])],\n    t0: (";
    let edits = [(SOURCE, "licence: \"CC0-1.0\", read: InPart)"), ("t0: (", accounts)];
    let t = told(&played(&edits, "T+8m :ack 1\nT+10m :end", 1));
    assert!(t.en.contains("(CC0-1.0 · read in part)"), "{}", t.en);
    let line = "Accounts differ on how long it lasted. Followed here: from 12:01 to 12:09 (pm timeline). Also told: about nine minutes (pm summary).";
    assert!(t.en.contains(line), "{}", t.en);
    assert!(t.ko.contains("일부를 읽음") && t.ko.contains("12:01부터 12:09까지 (pm timeline)"), "{}", t.ko);
    assert_eq!(t.json["sources"][0]["read"], "in_part");
    assert_eq!(t.json["contradictions"][0]["accounts"][1]["followed"], true);
    // Two of which none is followed, one alone, and one that nobody wrote.
    for (old, new) in [
        ("follows: true, ", ""),
        ("(says: { \"en\": \"about nine minutes\", \"ko\": \"9분쯤\" }, fact: \"pm summary\"), ", ""),
    ] {
        let found = wrong(&[("t0: (", &accounts.replacen(old, new, 1))]);
        assert!(found[0].1.contains("follows exactly one"), "{found:?}");
        assert!(found[0].0.contains("accounts: ["), "{found:?}");
    }
    let found = wrong(&[("t0: (", &accounts.replacen("\"pm summary\"", "\"invented\"", 1))]);
    assert!(found[0].1.contains("an account stands in a source"), "{found:?}");
}

#[test]
fn t0_is_a_choice_and_says_what_the_others_come_to() {
    let also = "means: { \"en\": \"release promoted\", \"ko\": \"릴리스 승격\" }, also: [\
        (name: { \"en\": \"the first report\", \"ko\": \"첫 제보\" }, at: \"T+7m\", fact: \"pm 12:07\"), \
        (name: { \"en\": \"the merge\", \"ko\": \"병합\" }, at: \"T-90m\", fact: \"invented\")],";
    let t = told(&played(&[(T0, also)], "T+8m :ack 1\nT+10m :end", 1));
    for line in [
        "All times count from 2024-01-01T12:00:00Z: release promoted (pm 12:00).",
        "Counted from another moment, the first report (pm 12:07), every time shifts by −7:00.",
        "Counted from another moment, the merge, every time shifts by +90 min.",
    ] {
        assert!(t.en.contains(line), "{line}\n{}", t.en);
    }
    assert!(t.ko.contains("다른 기준(첫 제보 (pm 12:07))으로 세면 모든 시각이 −7:00만큼 달라집니다."), "{}", t.ko);
    assert_eq!(t.json["t0"]["also"][1]["t_s"], -5_400);
    let found = wrong(&[(T0, &also.replace("T+7m", "T+0s"))]);
    assert!(found[0].1.contains("another T0 is another moment") && found[0].0.contains("T+0s"), "{found:?}");
}

/// The row of the rollback with this precision, played back by a rollback at a time.
fn rolled_back(precision: &str, at: &str) -> (Rehearsal, Verdict) {
    let did = "when: Acted(verb: \"rollback\")";
    let row = format!("{ROLLED_BACK}milestone: \"back\", {precision}");
    let row = row.replace("when: Running(service: \"api\", release: \"v1\")", did);
    let back = format!("{SEEN}\n        \"back\": (name: \"Back\", weight: 1, {did}),");
    let lines = format!("T+6m :ack 1\n{at} release rollback api\nT+29m :end");
    let done = played(&[(ROLLED_BACK, &row), (SEEN, &back)], &lines, 1);
    let s = done.host.session();
    let rows = fidelity(&s.scenario, s.facts());
    let verdict = rows.iter().find(|r| r.id == "row-3").expect("the row").verdict;
    (done, verdict)
}

#[test]
fn a_time_is_matched_and_shown_as_precisely_as_its_source_gives_it() {
    let second = |at: &str| rolled_back("precision: Second, ", at).1;
    let diff = |done: &Rehearsal| {
        let t = told(done);
        let join = t.debrief.joins.iter().find(|j| j.milestone == "back").expect("it is joined").clone();
        (join.yours_s - 540, join.difference_s(), t)
    };
    // A minute is what nothing says; a second is stricter, an hour and a day are wider.
    assert_eq!((rolled_back("", "T+8m").1, second("T+8m")), (Verdict::Ok, Verdict::Miss));
    assert_eq!(rolled_back("", "T+20m").1, Verdict::Miss);
    let (done, verdict) = rolled_back("precision: Hour, ", "T+20m");
    let (late, shown, t) = diff(&done);
    assert_eq!((verdict, shown), (Verdict::Ok, Some(late)));
    assert!(t.en.contains("| ~") && t.json["joins"][0]["rough"] == true, "{}", t.en);
    // Within a stretch there is no difference, outside of it that from its end.
    let stretch = "precision: Range(from: \"T+7m\", to: \"T+15m\"), ";
    let (done, verdict) = rolled_back(stretch, "T+10m");
    assert_eq!((verdict, diff(&done).1), (Verdict::Ok, Some(0)));
    let (done, verdict) = rolled_back(stretch, "T+20m");
    let (late, shown, _) = diff(&done);
    assert_eq!((verdict, shown), (Verdict::Miss, Some(late - 360)));
}

#[test]
fn where_a_source_gives_only_an_order_no_difference_is_ever_shown() {
    let (done, verdict) = rolled_back("precision: OrderOnly, ", "T+20m");
    let t = told(&done);
    let join = t.debrief.joins.iter().find(|j| j.milestone == "back").expect("it is joined");
    assert_eq!((verdict, join.difference_s()), (Verdict::Ok, None));
    assert_eq!(t.json["joins"][0]["difference_s"], Value::Null);
    assert!(t.en.contains("| in this order |"), "{}", t.en);
    // It is no turning point by its difference, and its time is no published one.
    assert!(!t.debrief.turning.iter().any(|p| p.fact == join.fact && format!("{:?}", p.title).contains("joined")));
    // The alert comes first; a row that stands behind it and comes before it is out of order.
    let early = "(at: \"T+9m\", kind: Mitigate, when: After(\"T+0s\"), precision: OrderOnly, ";
    let done = played(&[(ROLLED_BACK, early)], "T+10m :end", 1);
    let s = done.host.session();
    assert_eq!(fidelity(&s.scenario, s.facts())[2].verdict, Verdict::Miss);
    for (precision, message) in [
        ("precision: OrderOnly, tolerance: \"60s\", ", "with `OrderOnly` there is no tolerance"),
        ("precision: Range(from: \"T+10m\", to: \"T+15m\"), ", "does not hold T+9m"),
        ("precision: Range(from: \"T+9m\", to: \"T+9m\"), ", "does not hold T+9m"),
    ] {
        let found = wrong(&[(ROLLED_BACK, &format!("{ROLLED_BACK}{precision}"))]);
        assert!(found[0].1.contains(message) && found[0].0.contains(precision.trim()), "{found:?}");
    }
}

#[test]
fn a_side_path_earns_nothing_and_is_told_by_itself() {
    let side = |more: &str| {
        format!(
            "{SEEN}\n        \"restart\": (name: \"Restarted\", weight: 0, avoidable: true{more}, when: Acted(verb: \"rollback\", or_refused: true)),"
        )
    };
    let row = format!(
        "(at: \"T+5m\", kind: Attempt, when: Acted(verb: \"rollback\", or_refused: true), tolerance: \"25m\", milestone: \"restart\", what: \"tried\", fact: \"pm 12:05\"),\n        {ROLLED_BACK}"
    );
    let edits = [(SEEN, side("")), (ROLLED_BACK, row)];
    let edits: Vec<(&str, &str)> = edits.iter().map(|(a, b)| (*a, b.as_str())).collect();
    let taken = told(&played(&edits, "T+6m :ack 1\nT+8m release rollback api\nT+20m :end", 1));
    let path = taken.debrief.background.apart[0].clone();
    assert!(path.side_path && path.original_s == Some(300) && path.yours.is_some_and(|(t, f)| t >= 480 && f.is_some()));
    assert!(
        taken.en.contains("Restarted: a side path of the original at +5:00 (pm 12:05); taken here at +8:0"),
        "{}",
        taken.en
    );
    // Neither sooner nor later is something that it can be, and no weight of the comparison is in it.
    assert!(!taken.debrief.joins.iter().any(|j| j.milestone == "restart"));
    let free = told(&played(&edits, "T+6m :ack 1\nT+20m :end", 1));
    assert!(
        free.en.contains("not in the log of this session") && free.ko.contains("이번 기록에는 없음"),
        "{}",
        free.en
    );
    assert_eq!(free.json["apart"][0]["yours_s"], Value::Null);
    assert_eq!(taken.debrief.report.aligned.1, free.debrief.report.aligned.1);
    for (old, new) in [("weight: 0", "weight: 2"), ("avoidable: true", "avoidable: true, effect: true")] {
        let found = wrong(&[(SEEN, &side("").replace(old, new))]);
        assert!(found[0].1.contains("a side path: it earns nothing") && found[0].0.contains("restart"), "{found:?}");
    }
}

#[test]
fn what_the_original_never_did_is_said_and_no_row_joins_it() {
    let never = format!(
        "{SEEN}\n        \"told\": (name: \"Users told\", weight: 2, never: \"pm lessons\", when: Said(channel: Status, by: \"responder\", fields_at_least: 2)),"
    );
    let edits = [(SEEN, never.as_str())];
    let silent = played(&edits, "T+6m :ack 1\nT+20m :end", 1);
    let t = told(&silent);
    let line = "Users told: no part of the original, as the source says (pm lessons); nor of this session";
    assert!(t.en.contains(line), "{}", t.en);
    assert_eq!(t.json["apart"][0]["kind"], "never_in_original");
    let spoke = "T+6m :ack 1\nT+7m update status --impact errors --next soon\nT+20m :end";
    let done = played(&edits, spoke, 1);
    let t = told(&done);
    assert!(t.en.contains("as the source says (pm lessons); here at +7:0"), "{}", t.en);
    // A replay of the original that does it all the same is no replay.
    let rows = |d: &Rehearsal| {
        let s = d.host.session();
        fidelity(&s.scenario, s.facts()).into_iter().filter(|r| r.id == "told").map(|r| r.verdict).collect::<Vec<_>>()
    };
    assert_eq!((rows(&silent), rows(&done)), (vec![], vec![Verdict::Miss]));
    let joined = ROLLED_BACK.to_owned() + "milestone: \"told\", ";
    let found = wrong(&[(SEEN, &never), (ROLLED_BACK, &joined)]);
    assert!(found[0].1.contains("never did, and this row joins it") && found[0].0.contains("rolled back"), "{found:?}");
    let found = wrong(&[(SEEN, &never.replace("pm lessons", "invented"))]);
    assert!(found[0].1.contains("a source says that it never happened"), "{found:?}");
}
