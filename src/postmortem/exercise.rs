//! The after-action report of the exercise: observations and a rating for each capability, then the improvement plan.
//! Ratings are those of exercise evaluation (HSEEP): P performed, S with some challenges, M with major ones, U not seen this time.

use super::document::{Block, Document, Line, Row, Section, Span, chips, plain};
use super::draft::Source;
use crate::debrief::Debrief;
use crate::debrief::words::feedback;
use crate::fact::Reflection;
use crate::locale::{Arg, Locale};
use crate::scenario::Scenario;
use crate::stdx::time::Offset;
use crate::view::debrief::{DebriefVm, GroupVm, precise};
use crate::view::words::{author_text, reflection_key, workload_key};

/// The after-action report of a session.
pub fn after_action(d: &Debrief, scenario: &Scenario, locale: &Locale) -> Document {
    let s = Source { d, vm: DebriefVm::of(d), scenario, locale };
    Document {
        lang: locale.lang().tag(),
        title: format!("{}: {}", s.key("aar-title"), author_text(locale, &d.title)),
        subtitle: d.subtitle.clone(),
        opening: s.key("export-opening"),
        sections: vec![
            overview(&s),
            capabilities(&s),
            strengths(&s),
            areas(&s),
            super::reasoning::factors(&s),
            super::reasoning::grounds(&s),
            plan(&s),
            events(&s),
        ],
    }
}

/// The letter of a dimension, by the key of its word.
pub(super) fn letter(g: &GroupVm) -> &'static str {
    match g.word {
        "dui-credit-solid" => "P",
        "dui-credit-good" => "S",
        "dui-credit-shape" => "M",
        "dui-credit-unseen" => "U",
        _ => "N/A",
    }
}

fn overview(s: &Source<'_>) -> Section {
    let mut seats: Vec<&str> = s.d.log.iter().filter(|r| r.ours).map(|r| r.who.as_str()).collect();
    seats.sort_unstable();
    seats.dedup();
    let clock = |t: i64| Offset(t).clock();
    let lines = vec![
        plain(s.locale.text(
            "aar-scope",
            &[
                ("from", Arg::Word(clock(s.d.from_s))),
                ("to", Arg::Word(clock(s.d.to_s))),
                ("seats", Arg::Word(seats.join(", "))),
            ],
        )),
        plain(s.locale.text("export-support", &[("n", Arg::Number(i64::from(s.d.report.support)))])),
        plain(s.key("aar-ratings")),
    ];
    s.section("aar-overview", vec![Block::Bullets(lines)])
}

fn capabilities(s: &Source<'_>) -> Section {
    let rows = s.vm.groups.iter().map(|g| {
        // What does not apply is said only where nothing else is.
        let applies = |max: f32| max > 0.0 || g.checks.iter().all(|c| c.max <= 0.0);
        let words: Vec<String> = g.checks.iter().filter(|c| applies(c.max)).map(|c| s.words(&c.text)).collect();
        let mut evidence: Vec<_> = g.checks.iter().flat_map(|c| c.evidence.iter().copied()).collect();
        evidence.sort_unstable();
        evidence.dedup();
        let cells = vec![
            plain(s.key(&format!("dui-dim-{}", g.dimension))),
            vec![Span::Strong(letter(g).to_owned())],
            plain(s.key(g.word)),
            plain(words.join(" ")),
            chips(&evidence),
        ];
        Row { fact: None, cells }
    });
    let table = Block::Table {
        head: s.heads(&["capability", "rating", "words", "observation", "evidence"]),
        rows: rows.collect(),
    };
    s.section("aar-capabilities", vec![table])
}

fn strengths(s: &Source<'_>) -> Section {
    let mut lines: Vec<Line> = Vec::new();
    if let Some((dimension, amount, what, fact)) = &s.d.plus {
        lines.push(s.with(format!("{} {amount}: {}", s.key(dimension), s.words(what)), *fact));
    }
    for j in s.d.joins.iter().filter(|j| j.difference_s().is_some_and(|d| d <= 0)) {
        let words = s.locale.text(
            "aar-ahead",
            &[
                ("name", Arg::Word(author_text(s.locale, &j.name).to_owned())),
                ("x", Arg::Word(Offset(j.yours_s).clock())),
                ("r", Arg::Word(precise(j.precision, j.original_s, |t| Offset(t).clock()))),
            ],
        );
        lines.push(s.with(words, Some(j.fact)));
    }
    lines.extend(thoughts(s, Reflection::Plus));
    s.section("aar-strengths", vec![Block::Bullets(lines)])
}

/// The checks with the most room, each with the question that its sentence asks, and what the team would change.
fn areas(s: &Source<'_>) -> Section {
    let mut checks: Vec<_> = s.d.report.checks.iter().filter(|c| c.max > c.points).collect();
    checks.sort_by(|a, b| (&b.max - &b.points).cmp(&(&a.max - &a.points)).then(a.id.cmp(b.id)));
    let mut lines: Vec<Line> = Vec::new();
    for c in checks.into_iter().take(5) {
        let mut line = plain(format!("{}: {} ", c.id, s.words(&feedback(c))));
        line.extend(chips(&c.evidence));
        lines.push(line);
    }
    lines.extend(thoughts(s, Reflection::Delta));
    s.section("aar-areas", vec![Block::Bullets(lines)])
}

fn thoughts(s: &Source<'_>, on: Reflection) -> Vec<Line> {
    let of = s.d.aftermath.thoughts.iter().filter(|t| t.on == on);
    of.map(|t| plain(format!("{} {} ({})", s.key(reflection_key(on)), t.text, t.by))).collect()
}

/// Every item has an owner and a date to fill in: a plan without them is a wish.
fn plan(s: &Source<'_>) -> Section {
    let mut rows: Vec<Row> = Vec::new();
    let mut push = |what: &str, owner: &str, evidence: Line| {
        rows.push(Row { fact: None, cells: vec![plain(what), plain(owner), plain("____-__-__"), evidence] });
    };
    for (what, owner, fact) in &s.d.aftermath.actions {
        push(what, owner, vec![Span::Fact(*fact)]);
    }
    for t in s.d.aftermath.thoughts.iter().filter(|t| t.on == Reflection::Action) {
        push(&t.text, if t.owner.is_empty() { &t.by } else { &t.owner }, vec![Span::Fact(t.fact)]);
    }
    push(&s.words(&s.d.experiment), &s.key("aar-team"), Vec::new());
    s.section("aar-plan", vec![Block::Table { head: s.heads(&["action", "owner", "due", "evidence"]), rows }])
}

fn events(s: &Source<'_>) -> Section {
    let rows = s.d.log.iter().map(|r| {
        let cells = vec![plain(s.utc(r.t_s)), plain(Offset(r.t_s).clock()), plain(&r.who), plain(s.words(&r.text))];
        Row { fact: Some(r.id), cells }
    });
    let mut blocks = vec![Block::Table { head: s.heads(&["utc", "t", "who", "event"]), rows: rows.collect() }];
    if !s.d.aftermath.workload.is_empty() {
        let rows = s.d.aftermath.workload.iter().map(|(scale, by, value)| Row {
            fact: None,
            cells: vec![plain(s.key(workload_key(*scale))), plain(by), plain(value.to_string())],
        });
        blocks.push(Block::Paragraph(plain(s.key("export-workload"))));
        blocks.push(Block::Table { head: s.heads(&["scale", "who", "value"]), rows: rows.collect() });
    }
    s.section("aar-events", blocks)
}
