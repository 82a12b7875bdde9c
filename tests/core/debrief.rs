//! Tests of debrief, its words and the export: lanes, joins, absences, every key in both languages, blameless wording.

use crate::scoring::{header, lang, look, par, reference, s, scenario, seat, session, stream, world};
use regex::Regex;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wheel_of_misfortune::debrief::branch::{self, lanes};
use wheel_of_misfortune::debrief::budget::budget;
use wheel_of_misfortune::debrief::words::{fact_text, feedback};
use wheel_of_misfortune::debrief::{Debrief, WorldMarkKind, build};
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, Fold, UpdateFields};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::scenario::{Channel, LangText, Provenance, SloSpec};
use wheel_of_misfortune::scoring::score;
use wheel_of_misfortune::session::Parent;
use wheel_of_misfortune::session::projection::Text;
use wheel_of_misfortune::stdx::rational::{Exact, ratio, whole};
use wheel_of_misfortune::stdx::time::{Span, Tick};
use wheel_of_misfortune::view::words::say as words_of;

fn debrief(facts: &[Fact]) -> Debrief {
    let (scenario, header) = (scenario(), header());
    let report = score(&scenario, &header, facts, &par());
    build(&scenario, &header, facts, report)
}

#[test]
fn two_lanes_on_one_scale() {
    let d = debrief(&session());
    let rows: Vec<(&str, i64)> = d.original.iter().map(|o| (o.id.as_str(), o.t_s)).collect();
    assert_eq!(rows, [("acked", 660), ("restored", 780)]);
    let joins: Vec<(&str, i64, i64)> =
        d.joins.iter().map(|j| (j.milestone.as_str(), j.original_s, j.yours_s)).collect();
    assert_eq!(joins, [("recognised", 660, 120), ("relief", 780, 600)]);
    assert!(d.joins[1].large && !d.joins[1].assumed);
    assert_eq!(d.exploration.iter().map(|l| l.t_s).collect::<Vec<_>>(), [280]);
    assert!(d.yours.iter().any(|y| y.action && y.t_s == 600));
    assert!(d.yours.windows(2).all(|w| w[0].t_s <= w[1].t_s));
    assert_eq!((d.from_s, d.to_s), (-120, 3880));
    for id in d.report.checks.iter().flat_map(|c| &c.evidence) {
        let curve = session().iter().any(|f| f.id == *id && matches!(f.what, FactKind::Ended));
        assert!(d.log.iter().any(|r| r.id == *id) || curve, "chip #{id} opens no row");
    }
}

#[test]
fn the_end_of_the_impact_is_no_mark_of_impact() {
    let d = debrief(&stream(world(&[(120, 12_000), (400, 300), (900, 0)], 4000)));
    let users =
        |w: &&wheel_of_misfortune::debrief::WorldMark| matches!(w.kind, WorldMarkKind::Impact | WorldMarkKind::Cleared);
    let marks: Vec<_> = d.world.iter().filter(users).map(|w| w.kind).collect();
    assert_eq!(marks, [WorldMarkKind::Impact, WorldMarkKind::Cleared]);
}

#[test]
fn an_absence_is_a_mark() {
    let absent = |d: &Debrief| d.world.iter().any(|w| w.kind == WorldMarkKind::Absence);
    assert!(absent(&debrief(&session())));
    let mut rows = world(&[(120, 12_000), (900, 0)], 4000);
    rows.push((300, Actor::World, FactKind::AlertFired { alert: s("errors"), service: s("api") }));
    assert!(!absent(&debrief(&stream(rows.clone()))));
    rows.pop();
    rows.push((1200, Actor::World, FactKind::AlertFired { alert: s("errors"), service: s("api") }));
    assert!(absent(&debrief(&stream(rows))), "an alert after the relief is no detection");
}

#[test]
fn moments_and_words() {
    let d = debrief(&session());
    assert!((5..=7).contains(&d.turning.len()), "{:?}", d.turning);
    every_point_is_a_moment(&d);
    assert!(d.turning.windows(2).all(|w| w[0].t_s <= w[1].t_s));
    let (dimension, amount, ..) = d.plus.clone().unwrap();
    assert_eq!((dimension.as_str(), amount.as_str()), ("dimension-coordinate", "+6.9"));
    assert_eq!(d.experiment, Text::key("experiment-O2"));
    assert!(d.questions.len() >= 4);
    // Nobody did anything: the moments are those of the world, and none is made up.
    let d = debrief(&stream(world(&[(120, 12_000)], 4000)));
    assert!(!d.turning.is_empty() && d.turning.len() < 5 && d.plus.is_none() && !d.questions.is_empty());
    every_point_is_a_moment(&d);
    let d = debrief(&[]);
    assert!(d.to_s > d.from_s);
}

/// Every turning point is a row of the log of its own, at its own time, with a question in both languages.
fn every_point_is_a_moment(d: &Debrief) {
    let mut seen = BTreeSet::new();
    for t in &d.turning {
        assert!(seen.insert(t.fact), "#{} twice", t.fact);
        let row = d.log.iter().find(|r| r.id == t.fact).unwrap_or_else(|| panic!("#{} opens no row", t.fact));
        // A relief that lasts is a fact only when it has lasted.
        assert!(t.t_s <= row.t_s && row.t_s - t.t_s <= 600, "#{}: {} beside {}", t.fact, t.t_s, row.t_s);
        for lang in [Lang::En, Lang::Ko] {
            let locale = Locale::new(lang);
            for text in [&t.title, &t.body, &t.question] {
                let words = words_of(&locale, text);
                assert!(!words.is_empty() && !words.contains('⟦') && !words.contains("{ $"), "{words}");
            }
            assert!(words_of(&locale, &t.question).ends_with('?'), "{:?}", t.question);
        }
    }
}

#[test]
fn every_finished_session_has_at_least_five_moments() {
    for package in wheel_of_misfortune::storage::package::bundled() {
        for name in ["reference.wom", "better.wom", "nobody.wom"] {
            let text = package.files.get(name).expect("the walkthrough is there");
            let done = wheel_of_misfortune::rehearsal::run(package.clone(), text, Default::default(), None).unwrap();
            let s = done.host.session();
            let d = wheel_of_misfortune::debrief::against_par(&package, &s.scenario, &s.header, s.facts()).unwrap();
            assert!(d.turning.len() >= 5, "{} {name}: {} moments", package.slug, d.turning.len());
            every_point_is_a_moment(&d);
        }
    }
}

#[test]
fn alerts_are_spans() {
    let mut rows = world(&[(120, 12_000), (900, 0)], 4000);
    let (alert, service) = (s("errors"), s("api"));
    rows.push((300, Actor::World, FactKind::AlertFired { alert: alert.clone(), service: service.clone() }));
    rows.push((700, Actor::World, FactKind::AlertResolved { alert: alert.clone(), service: service.clone() }));
    rows.push((800, Actor::World, FactKind::AlertFired { alert, service }));
    let d = debrief(&stream(rows));
    let spans: Vec<(i64, i64)> = d.alerts.iter().map(|a| (a.from_s, a.to_s)).collect();
    assert_eq!(spans, [(180, 580), (680, d.to_s)], "one that goes on reaches to the end");
}

#[test]
fn a_branch_is_a_lane_from_where_it_left() {
    let fork = |branch: u32, parent: u32, tick: u64| {
        let mut h = header();
        h.branch = branch;
        h.parent = Some(Parent { branch: parent, seq: 0, tick, digest: String::new() });
        h
    };
    let acted = |target: &str| FactKind::Acted { verb: s("mend"), target: s(target), mutating: true, hazard: None };
    // This run: 12,000 users from 120 to 900. Branch 1 leaves at 300 and is well at 600; branch 2 leaves branch 1 at 400.
    let ours = stream(world(&[(120, 12_000), (900, 0)], 4000));
    let mut rows = world(&[(120, 12_000), (600, 0)], 1000);
    rows.push((250, seat(), acted("before")));
    rows.push((500, seat(), acted("after")));
    let first = stream(rows);
    let second = stream(world(&[(120, 12_000)], 1000));
    let others = [(fork(1, 0, 300), first), (fork(2, 1, 400), second)];
    let lanes = lanes(&scenario(), &header(), &ours, &others);
    assert_eq!(lanes.iter().map(|l| (l.number, l.from_s)).collect::<Vec<_>>(), [(1, 180), (2, 180)]);
    assert_eq!(lanes[0].marks.iter().map(|m| m.t_s).collect::<Vec<_>>(), [380], "what both share is told once");
    assert_eq!(lanes[0].area, (12_000 * 5, 12_000 * 10), "300 s against 600 s of 12,000 users");
    // Beside branch 1, branch 2 leaves later.
    let (h1, f1) = &others[0];
    let beside = [(header(), ours.clone()), others[1].clone()];
    let got = branch::lanes(&scenario(), h1, f1, &beside);
    assert_eq!(got.iter().map(|l| (l.number, l.from_s)).collect::<Vec<_>>(), [(0, 180), (2, 280)]);
}

#[test]
fn the_first_step_that_did_harm_is_a_moment_to_talk_about_and_its_loss_is_told() {
    let acted = |target: &str| FactKind::Acted { verb: s("remove"), target: s(target), mutating: true, hazard: None };
    let mut rows = world(&[(120, 12_000), (900, 0)], 4000);
    rows.push((300, seat(), acted("web-01:/srv/other")));
    rows.push((400, seat(), acted("web-01:/srv/archive")));
    rows.push((400, Actor::World, FactKind::DurableLoss { amount: 3, what: s("files") }));
    let mut facts = stream(rows);
    for f in &mut facts {
        if let FactKind::ImpactCurve { fold: Fold::Base, lost, .. } = &mut f.what {
            *lost = 3;
        }
    }
    let d = debrief(&facts);
    let at: Vec<_> =
        d.turning.iter().filter(|t| matches!(&t.title, Text::Key(k, _) if k == "debrief-turn-loss")).collect();
    assert_eq!(at.iter().map(|t| t.fact.tick.0).collect::<Vec<_>>(), [400], "the step, not another one");
    assert_eq!((d.report.impact.lost.clone(), &d.report.impact.area[0]), (whole(3), &whole(12_000 * 13 + 3)));
    // More users after a step: the one that the world proved.
    let worse = facts.iter().find(|f| matches!(&f.what, FactKind::Acted { target, .. } if target.ends_with("other")));
    let action = worse.unwrap().id;
    facts.retain(|f| !matches!(f.what, FactKind::DurableLoss { .. }));
    let id = FactId { branch: 0, tick: Tick(360), n: 1 };
    let what = FactKind::Worsened { action, at: Tick(301) };
    facts.push(Fact { id, by: Actor::World, what, evidence: vec![] });
    facts.sort_by_key(|f| f.id);
    let d = debrief(&facts);
    assert!(
        d.turning.iter().any(|t| t.fact == action && matches!(&t.title, Text::Key(k, _) if k == "debrief-turn-worse"))
    );
}

#[test]
fn a_stretch_in_which_users_come_back_is_not_pressed_together() {
    let mut rows = world(&[(120, 12_000), (9_000, 0)], 14_000);
    rows.push((200, seat(), FactKind::Acked { page: 1, service: s("api") }));
    let mut vm = wheel_of_misfortune::view::debrief::DebriefVm::of(&debrief(&stream(rows)));
    // The original's users came back between two rows, when nothing is told of either lane.
    vm.impact.original = vec![(0, 12_000), (4_999, 12_000), (5_000, 0)];
    assert!(!vm.events().contains(&5_000));
    let piece = |marks: &[i64]| {
        let scale =
            wheel_of_misfortune::view::debrief::scale::Scale::new(vm.from_s, vm.to_s, marks, 0.0, 1_200.0, true);
        scale.pieces().iter().find(|p| (p.from_s..=p.to_s).contains(&5_000)).copied().unwrap()
    };
    assert!(piece(&vm.events()).quiet && !piece(&vm.landmarks()).quiet);
}

#[test]
fn the_axis_reaches_to_where_the_original_is_well_again() {
    let (scenario, header) = (scenario(), header());
    let mut rows = world(&[(120, 12_000), (900, 0)], 1_000);
    rows.push((200, seat(), FactKind::Acked { page: 1, service: s("api") }));
    let facts = stream(rows);
    let end = |well: u64| {
        let mut report = score(&scenario, &header, &facts, &par());
        report.impact.original = vec![(Tick(120), 12_000), (Tick(well), 0)];
        build(&scenario, &header, &facts, report).to_s
    };
    assert_eq!((end(900), end(3_000)), (880, 2_880));
}

#[test]
fn numbers_in_a_sentence_have_their_plural() {
    let mut facts = session();
    let id = FactId { branch: 0, tick: Tick(3_000), n: 1 };
    let what = FactKind::FollowUp { text: s("x"), owner: s("team") };
    facts.push(Fact { id, by: seat(), what, evidence: vec![] });
    let d = debrief(&facts);
    let said = |lang| {
        let check = d.report.check("M5").unwrap();
        words_of(&Locale::new(lang), &feedback(check))
    };
    assert!(said(Lang::En).starts_with("1 follow-up item with an owner was recorded (#3000.1)"), "{}", said(Lang::En));
    assert!(said(Lang::Ko).contains("후속 작업 1건"), "{}", said(Lang::Ko));
}

#[test]
fn the_error_budget_is_the_same_integral_over_what_is_allowed() {
    let d = debrief(&session());
    let b = d.budget.expect("there are users");
    assert_eq!((b.service.as_deref(), b.assumed), (None, true), "the small scenario states no objective");
    // 0.1 % of 30 days of 40,000 users or so: the share times the budget gives the area back.
    for (used, area) in b.used.iter().zip(&d.report.impact.area) {
        assert_eq!(&(used * &b.minutes), area);
    }
    assert_eq!(b.minutes, ratio(1, 1000) * whole(30 * 1440) * whole(d.report.impact.of as i64));
    // A stated objective is taken instead.
    let mut scenario = scenario();
    let slo = SloSpec {
        objective: Exact(ratio(99, 100)),
        good: s("1"),
        total: s("1"),
        period: Span(86_400),
        pages: None,
        summary: lang("x"),
        service: s("api"),
        fact: Provenance::Invented,
    };
    scenario.world.slos.insert(s("api"), slo);
    let report = score(&scenario, &header(), &session(), &par());
    let invented = budget(&scenario, &report).unwrap();
    assert!(invented.assumed, "what an author makes up is said to be assumed");
    scenario.world.slos.get_mut("api").unwrap().fact = Provenance::Source { source: s("pm"), row: s("1") };
    let stated = budget(&scenario, &report).unwrap();
    assert!(!stated.assumed);
    assert_eq!((stated.service.as_deref(), stated.period_s), (Some("api"), 86_400));
    assert_eq!(stated.minutes, ratio(1, 100) * whole(1440) * whole(report.impact.of as i64));
}

#[test]
fn a_held_clock_is_a_band() {
    let mut rows = world(&[(120, 12_000)], 4000);
    rows.push((500, Actor::Gm, FactKind::Injected { card: s("x"), text: lang("A call"), allowance: 600 }));
    rows.push((700, seat(), look("x", false)));
    let d = debrief(&stream(rows));
    assert_eq!(d.held, [(380, 980, lang("A call"))]);
}

// ---- words ----

#[test]
fn what_an_author_wrote_goes_by_language_in_every_row() {
    let both = LangText { en: "the cache is cold".into(), ko: "캐시가 비어 있음".into() };
    let english_only = LangText { en: "the cache is cold".into(), ko: String::new() };
    let kinds = |text: &LangText| {
        [
            FactKind::Said {
                channel: Channel::Internal,
                text: text.clone(),
                fields: UpdateFields::default(),
                about: Vec::new(),
                truthful: None,
            },
            FactKind::Injected { card: "cold".into(), text: text.clone(), allowance: 60 },
            FactKind::Nudged { rung: 2, text: text.clone() },
        ]
    };
    let (en, ko) = (Locale::new(Lang::En), Locale::new(Lang::Ko));
    for kind in kinds(&both) {
        let text = fact_text(&scenario(), &kind);
        assert!(words_of(&en, &text).contains(&both.en), "{kind:?}");
        let said = words_of(&ko, &text);
        assert!(said.contains(&both.ko) && !said.contains(&both.en), "{said}");
    }
    for kind in kinds(&english_only) {
        assert!(words_of(&ko, &fact_text(&scenario(), &kind)).contains(&both.en), "{kind:?}");
    }
    // An update of fields alone says what is done.
    let fields = UpdateFields { action: Some("the site answers".into()), ..UpdateFields::default() };
    let update = FactKind::Said {
        channel: Channel::Status,
        text: LangText::default(),
        fields,
        about: Vec::new(),
        truthful: None,
    };
    assert!(words_of(&ko, &fact_text(&scenario(), &update)).ends_with("the site answers"));
    // The names of milestones in the turning points, too.
    let d = debrief(&session());
    for t in &d.turning {
        let Text::Author(name) = &t.title else { continue };
        assert!(words_of(&en, &t.body).contains(&name.en), "{}", words_of(&en, &t.body));
        if !name.ko.is_empty() {
            assert!(words_of(&ko, &t.body).contains(&name.ko), "{}", words_of(&ko, &t.body));
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Messages of a catalogue file: key to pattern text.
fn messages(lang: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join(format!("assets/locale/{lang}/debrief.ftl"))).unwrap();
    assert!(fluent_bundle::FluentResource::try_new(text.clone()).is_ok(), "{lang}/debrief.ftl does not parse");
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    let mut key = String::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        match line.split_once(" = ").filter(|_| !line.starts_with([' ', '}'])) {
            Some((k, v)) => {
                k.clone_into(&mut key);
                assert!(out.insert(key.clone(), v.to_owned()).is_none(), "{k} twice");
            }
            None => {
                if let Some(v) = out.get_mut(&key) {
                    v.push('\n');
                    v.push_str(line);
                }
            }
        }
    }
    out
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn every_key_exists_in_both_languages_with_the_same_arguments() {
    let (en, ko) = (messages("en"), messages("ko"));
    assert_eq!(en.keys().collect::<Vec<_>>(), ko.keys().collect::<Vec<_>>());
    let argument = Regex::new(r"\$([a-z]+)").unwrap();
    let args = |t: &str| argument.captures_iter(t).map(|c| c[1].to_owned()).collect::<BTreeSet<_>>();
    for (k, v) in &en {
        assert_eq!(args(v), args(&ko[k]), "{k}");
    }
    let key = Regex::new(r#""((?:fact|score|debrief|experiment|export|dimension)-[A-Za-z0-9-]*[A-Za-z0-9])""#).unwrap();
    let mut files = Vec::new();
    for room in ["fact", "scoring", "debrief", "postmortem"] {
        sources(&root().join("src").join(room), &mut files);
    }
    let mut used = 0;
    for file in files {
        let code = std::fs::read_to_string(&file).unwrap();
        for c in key.captures_iter(&code) {
            assert!(en.contains_key(&c[1]), "{} of {} is not in the catalogue", &c[1], file.display());
            used += 1;
        }
    }
    assert!(used > 100, "found only {used} keys");
    for d in wheel_of_misfortune::scoring::DIMENSIONS {
        assert!(en.contains_key(&format!("dimension-{d}")), "{d}");
    }
    for c in debrief(&session()).report.checks {
        assert!(en.contains_key(&format!("check-{}", c.id)), "{}", c.id);
    }
}

fn english() -> Locale {
    Locale::new(Lang::En)
}

#[test]
fn the_export_reads_top_down() {
    let d = debrief(&session());
    let page = postmortem::markdown(&postmortem::postmortem(&d, &scenario(), &english()));
    let heads: Vec<&str> = page.lines().filter_map(|l| l.strip_prefix("## ")).collect();
    assert_eq!(
        heads,
        [
            "Impact",
            "Timeline",
            "Contributing factors",
            "Resolution",
            "Follow-ups",
            "What helped, and where it turned",
            "On what grounds",
            "Where luck played a part",
            "Reasons for a postmortem",
            "Questions",
            "Reflections",
            "Numbers",
            "Sources"
        ]
    );
    assert!(!page.contains("{ $"), "an argument is missing");
    assert!(page.starts_with("# A small incident\n"));
    assert!(page.contains("180000 user-minutes"));
    assert!(page.contains("| 12:27:00 | T+10:00 |"), "{page}");
    assert!(page.contains("−3.0"), "the relief came three minutes sooner");
    assert!(page.contains("[Review](<https://docs.example/review>) (CC BY 4.0)"));
    let mut columns = None;
    for line in page.lines() {
        let bars = line.replace("\\|", "").matches('|').count();
        if !line.starts_with('|') {
            columns = None;
        } else {
            assert_eq!(*columns.get_or_insert(bars), bars, "{line}");
        }
    }
    let rules = rules();
    for line in page.lines() {
        assert_eq!(findings(&rules, "en", line), Vec::<String>::new(), "{line}");
    }
    // The reference's own replay reads as well.
    assert!(
        postmortem::markdown(&postmortem::postmortem(&debrief(&reference()), &scenario(), &english()))
            .contains("Level with the original")
    );
}

// ---- blameless ----

pub struct Rule {
    id: String,
    lang: String,
    pattern: Regex,
    allow: Vec<Regex>,
}

fn data() -> Value {
    serde_json::from_str(include_str!("../data/blameless.json")).unwrap()
}

pub fn rules() -> Vec<Rule> {
    let v = data();
    // Every Hangul syllable with a final double s, except the one of "to be".
    let class: String =
        (0..399u32).filter_map(|k| char::from_u32(0xAC00 + 28 * k + 20)).filter(|c| *c != '있').collect();
    let expand = |p: &str| {
        let p = p
            .replace("{WHO}", v["macros"]["WHO"].as_str().unwrap())
            .replace("{SYS}", v["macros"]["SYS"].as_str().unwrap())
            .replace("{SS}", &format!("[{class}]"));
        Regex::new(&format!("(?i){p}")).unwrap()
    };
    v["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| Rule {
            id: r["id"].as_str().unwrap().to_owned(),
            lang: r["lang"].as_str().unwrap().to_owned(),
            pattern: expand(r["pattern"].as_str().unwrap()),
            allow: r["allow"]
                .as_array()
                .map(|a| a.iter().map(|p| expand(p.as_str().unwrap())).collect())
                .unwrap_or_default(),
        })
        .collect()
}

/// Ids of the rules that a line hits; a hit that overlaps an allowed phrase does not count.
pub fn findings(rules: &[Rule], lang: &str, line: &str) -> Vec<String> {
    rules
        .iter()
        .filter(|r| r.lang == lang)
        .filter(|r| {
            r.pattern.find_iter(line).any(|hit| {
                !r.allow.iter().any(|a| a.find_iter(line).any(|ok| ok.start() < hit.end() && hit.start() < ok.end()))
            })
        })
        .map(|r| r.id.clone())
        .collect()
}

#[test]
fn the_rules_know_their_own_examples() {
    let (rules, v) = (rules(), data());
    assert_eq!(rules.len(), 43);
    for lang in ["en", "ko"] {
        for line in v["tests"][format!("clean_{lang}")].as_array().unwrap() {
            assert_eq!(findings(&rules, lang, line.as_str().unwrap()), Vec::<String>::new(), "{line}");
        }
        for line in v["tests"][format!("dirty_{lang}")].as_array().unwrap() {
            assert!(!findings(&rules, lang, line.as_str().unwrap()).is_empty(), "{line}");
        }
    }
}

#[test]
fn what_we_say_is_blameless() {
    let rules = rules();
    for lang in ["en", "ko"] {
        for (key, text) in messages(lang) {
            for line in text.lines() {
                assert_eq!(findings(&rules, lang, line), Vec::<String>::new(), "{lang} {key}: {line}");
            }
        }
    }
}
