//! Tests of postmortem: documents of played sessions with thoughts of the debrief, in every format and both languages.

use crate::debrief::{findings, rules};
use std::collections::BTreeSet;
use wheel_of_misfortune::debrief::{self, Debrief, TriggerKind};
use wheel_of_misfortune::fact::{Actor, Reflection};
use wheel_of_misfortune::host::{LineError, Options, fold, read_log};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem::{self, document::Document};
use wheel_of_misfortune::rehearsal::{self, Rehearsal};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scoring::{self, Par};
use wheel_of_misfortune::session::Command;
use wheel_of_misfortune::stdx::rational::whole;
use wheel_of_misfortune::storage::package;

const AFTERWORDS: &str = r#"
:reflect reaction "calm, then very busy"
:reflect surprise "the page said <b>nothing</b> & more | about disks"
:reflect plus "we looked as a reader does"
:reflect luck "traffic was low"
:reflect action "alert on free space" --owner storage
:workload mental 55
:workload mental 60
"#;

fn played(package: &Package, name: &str, after: &str) -> Rehearsal {
    let text = format!("{}{after}", package.files.get(name).expect("the walkthrough is there"));
    let done = rehearsal::run(package.clone(), &text, Options::default(), None).expect("it runs");
    assert_eq!(done.problems, [], "{} {name}", package.slug);
    done
}

fn debriefed(package: &Package, done: &Rehearsal) -> Debrief {
    let s = done.host.session();
    debrief::against_par(package, &s.scenario, &s.header, s.facts()).expect("a par is pinned")
}

fn docsrs() -> Package {
    package::bundled().into_iter().find(|p| p.slug.starts_with("docsrs")).unwrap()
}

#[test]
fn thoughts_come_after_the_end_and_earn_one_mark_whatever_they_say() {
    let package = docsrs();
    let with = played(&package, "better.wom", AFTERWORDS);
    let without = played(&package, "better.wom", "");
    let report = |r: &Rehearsal| {
        let s = r.host.session();
        scoring::score(&s.scenario, &s.header, s.facts(), &Par::pinned(&package).unwrap())
    };
    let (a, b) = (report(&with), report(&without));
    assert_eq!((&a.base, &a.checks), (&b.base, &b.checks));
    // A reflection is a learning mark: one, however many there are.
    assert_eq!(&a.points - &b.points, whole(1));
    let d = debriefed(&package, &with);
    assert_eq!(d.to_s, debriefed(&package, &without).to_s, "the axis ends with the incident");
    assert_eq!(d.aftermath.thoughts.len(), 5);
    assert_eq!(d.aftermath.workload.iter().map(|w| w.2).collect::<Vec<_>>(), [60], "the last number counts");
    let action = d.aftermath.thoughts.iter().find(|t| t.on == Reflection::Action).unwrap();
    assert_eq!(action.owner, "storage");
    // The log with its afterwords folds to what was lived.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.jsonl");
    let text = format!("{}{AFTERWORDS}", package.files.get("better.wom").unwrap());
    let logged = rehearsal::run(package, &text, Options::default(), Some(&path)).expect("it runs");
    let recovered = read_log(&path).expect("it reads");
    let folded = fold(recovered.header, logged.host.session().scenario.clone(), &recovered.items);
    assert_eq!(folded.divergence, None);
    assert_eq!(folded.session.facts(), with.host.session().facts());
}

#[test]
fn before_the_end_there_is_nothing_to_look_back_on() {
    let mut host = wheel_of_misfortune::host::SessionHost::start(docsrs(), Options::default()).expect("it starts");
    for line in [":reflect plus \"x\"", ":workload effort 10", ":witness acked \"x\""] {
        assert!(matches!(host.line("primary", line), Err(LineError::Refused(_))), "{line}");
    }
    host.submit(Actor::Gm, Command::End).unwrap();
    host.line("primary", ":reflect plus \"x\"").expect("now it is time");
    for line in [":reflect plus \" \"", ":workload effort 101", ":witness nowhere \"x\"", "df -h", ":ack 1"] {
        assert!(host.line("primary", line).is_err(), "{line}");
    }
    let row = host.session().scenario.original[0].id.clone();
    host.line("primary", &format!(":witness {row} \"the graph was on the wall\"")).expect("a row of the original");
    host.conclude().unwrap();
    host.line("primary", ":reflect delta \"after the curves as well\"").expect("and still");
}

fn locales() -> [Locale; 2] {
    [Locale::new(Lang::En), Locale::new(Lang::Ko)]
}

fn documents(d: &Debrief, done: &Rehearsal, locale: &Locale) -> [Document; 2] {
    let scenario = &done.host.session().scenario;
    [postmortem::postmortem(d, scenario, locale), postmortem::after_action(d, scenario, locale)]
}

#[test]
fn every_document_is_blameless_in_both_languages() {
    let rules = rules();
    for package in package::bundled() {
        for name in ["reference.wom", "better.wom", "nobody.wom"] {
            let done = played(&package, name, AFTERWORDS);
            let d = debriefed(&package, &done);
            for locale in locales() {
                for document in documents(&d, &done, &locale) {
                    let page = postmortem::markdown(&document);
                    assert!(!page.contains("{ $") && !page.contains("export-") && !page.contains("aar-"), "{page}");
                    for line in page.lines() {
                        assert_eq!(findings(&rules, locale.lang().tag(), line), Vec::<String>::new(), "{line}");
                    }
                }
            }
        }
    }
}

/// Names of elements that are opened and closed, in order; panics where they do not nest.
fn balanced(html: &str) -> usize {
    const VOID: [&str; 2] = ["meta", "!DOCTYPE"];
    let mut open: Vec<String> = Vec::new();
    let mut seen = 0;
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("a tag ends");
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap().to_owned();
        seen += 1;
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "…{}", &piece[..piece.len().min(80)]);
        } else if !tag.ends_with('/') && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    seen
}

#[test]
fn the_page_stands_alone_and_every_chip_leads_somewhere() {
    for package in package::bundled() {
        let done = played(&package, "better.wom", AFTERWORDS);
        let d = debriefed(&package, &done);
        for locale in locales() {
            for document in documents(&d, &done, &locale) {
                let html = postmortem::html(&document);
                assert!(balanced(&html) > 200);
                for bad in ["<script", "<img", "<link", "src=", "url(http", "@import", "NaN", "inf\""] {
                    assert!(!html.contains(bad), "{bad}");
                }
                let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|p| p.split('"').next()).collect();
                let anchors: BTreeSet<&str> = ids.iter().copied().collect();
                assert_eq!(anchors.len(), ids.len(), "an id stands once");
                let to: Vec<&str> = html.split("href=\"#").skip(1).filter_map(|p| p.split('"').next()).collect();
                assert!(to.len() > 10);
                for target in to {
                    assert!(anchors.contains(target), "#{target} leads nowhere");
                }
            }
            let html = postmortem::html(&documents(&d, &done, &locale)[0]);
            // What somebody typed is words, never markup.
            assert!(html.contains("&lt;b&gt;nothing&lt;/b&gt; &amp; more"));
            assert_eq!(html.matches("<svg").count(), 3);
            // The curves: yours, the original's, nobody's, the author's best; alerts and users stand behind the lanes.
            let vm = wheel_of_misfortune::view::debrief::DebriefVm::of(&d);
            for key in ["dui-area-yours", "dui-area-original", "dui-area-hands", "dui-area-best"] {
                let name = locale.say(key);
                let name = name.split('{').next().unwrap().trim().replace('\'', "&#39;");
                assert!(html.contains(&name), "{key}: {name}");
            }
            let line = wheel_of_misfortune::view::debrief::words::difference_line(&locale, vm.impact.area);
            assert!(html.contains(&line), "{line}");
            assert!(vm.alerts.is_empty() || html.contains("fill=\"var(--amber)\""));
            assert_eq!(html.matches("fill=\"var(--critical)\" opacity").count(), 2);
        }
    }
}

#[test]
fn the_five_reasons_follow_from_the_log() {
    let package = docsrs();
    let applies = |name: &str| {
        let d = debriefed(&package, &played(&package, name, ""));
        let of = |kind| d.aftermath.triggers.iter().find(|t| t.kind == kind).copied().unwrap();
        [
            TriggerKind::Impact,
            TriggerKind::DataLoss,
            TriggerKind::Intervention,
            TriggerKind::Duration,
            TriggerKind::Monitoring,
        ]
        .map(|k| of(k).applies)
    };
    let [impact, loss, hand, ..] = applies("better.wom");
    assert_eq!((impact, loss, hand), (true, false, true));
    let [impact, _, hand, long, _] = applies("nobody.wom");
    assert_eq!((impact, hand, long), (true, false, true));
}

#[test]
fn lists_have_one_shape_and_no_formulas() {
    for package in package::bundled() {
        let done = played(&package, "better.wom", AFTERWORDS);
        let s = done.host.session();
        let d = debriefed(&package, &done);
        for locale in locales() {
            for (list, columns) in
                [(postmortem::timeline(&d, &locale), 8), (postmortem::msel(&s.scenario, s.facts(), &locale), 10)]
            {
                let rows = fields(&list);
                assert!(rows.len() > 4);
                for row in &rows {
                    assert_eq!(row.len(), columns, "{row:?}");
                    assert!(row.iter().all(|f| !f.starts_with(['=', '@'])), "{row:?}");
                }
            }
            let msel = fields(&postmortem::msel(&s.scenario, s.facts(), &locale));
            let left = msel.iter().filter(|r| r[9] == "no").count();
            assert_eq!(left, s.scenario.deck.len(), "no card was fired, so every card is listed as not delivered");
        }
        let json = postmortem::json(&d, &s.header, &locales()[0]);
        assert_eq!(json["score"]["total"]["points"], scoring::report_json(&d.report)["total"]["points"]);
        assert_eq!(json["reflections"].as_array().unwrap().len(), 5);
        assert_eq!(json["triggers"].as_array().unwrap().len(), 5);
    }
}

/// Rows of comma-separated values as RFC 4180 reads them.
fn fields(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => field.extend(chars.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut field)),
            ('\r', false) => {}
            ('\n', false) => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => field.push(c),
        }
    }
    assert!(!quoted && field.is_empty() && row.is_empty());
    rows
}
