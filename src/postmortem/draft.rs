//! The postmortem draft: impact, timeline, contributing factors, resolution and follow-ups, then what the debrief adds; numbers come last.

use super::document::{Block, Document, Line, Row, Section, Span, chips, plain};
use super::picture;
use super::reasoning::{branches, budget, decisions, factors, grounds, luck, money};
use crate::debrief::words::{feedback, signed, signed_minutes, text};
use crate::debrief::{Debrief, TriggerKind};
use crate::fact::{FactId, Reflection};
use crate::locale::{Arg, Locale};
use crate::scenario::{Precision, Scenario};
use crate::session::projection::Text;
use crate::stdx::rational::{decimal, whole};
use crate::stdx::time::{Offset, Utc};
use crate::view::debrief::background::{Said, apart_lines, contradiction_lines, signal_lines, source_note, t0_lines};
use crate::view::debrief::{DebriefVm, precise};
use crate::view::words::{author_text, reflection_key, say, workload_key};

/// What every section is written from.
pub(super) struct Source<'a> {
    pub d: &'a Debrief,
    pub vm: DebriefVm,
    pub scenario: &'a Scenario,
    pub locale: &'a Locale,
}

impl Source<'_> {
    pub fn words(&self, t: &Text) -> String {
        say(self.locale, t)
    }

    pub fn key(&self, key: &str) -> String {
        self.locale.say(key)
    }

    pub fn section(&self, id: &'static str, blocks: Vec<Block>) -> Section {
        Section { id, head: self.key(&format!("export-{id}")), blocks }
    }

    pub fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|k| self.key(&format!("export-col-{k}"))).collect()
    }

    pub fn utc(&self, t_s: i64) -> String {
        Utc(self.d.t0_utc_s).plus(t_s).hms()
    }

    /// Words and the fact that they rest on.
    pub fn with(&self, words: String, fact: Option<FactId>) -> Line {
        let mut line = plain(words);
        if let Some(f) = fact {
            line.push(Span::Text(" ".to_owned()));
            line.push(Span::Fact(f));
        }
        line
    }

    /// The words of a fact of the log.
    fn logged(&self, id: FactId) -> Option<Line> {
        let row = self.d.log.iter().find(|r| r.id == id)?;
        Some(self.with(format!("{} · {}", Offset(row.t_s).clock(), self.words(&row.text)), Some(id)))
    }
}

/// The postmortem of a session.
pub fn postmortem(d: &Debrief, scenario: &Scenario, locale: &Locale) -> Document {
    let s = Source { d, vm: DebriefVm::of(d), scenario, locale };
    Document {
        lang: locale.lang().tag(),
        title: author_text(locale, &d.title).to_owned(),
        subtitle: d.subtitle.clone(),
        opening: s.key("export-opening"),
        sections: [
            Some(impact(&s)),
            Some(timeline(&s)),
            branches(&s),
            decisions(&s),
            apart(&s),
            signals(&s),
            Some(factors(&s)),
            Some(resolution(&s)),
            Some(follow_ups(&s)),
            Some(helped(&s)),
            Some(grounds(&s)),
            Some(luck(&s)),
            Some(triggers(&s)),
            Some(questions(&s)),
            Some(reflections(&s)),
            Some(numbers(&s)),
            Some(sources(&s)),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn impact(s: &Source<'_>) -> Section {
    let r = &s.d.report;
    let [yours, original, idle] = &r.impact.area;
    let mut bullets = Vec::new();
    let words = s.words(&text(
        "export-impact",
        &[("h", &decimal(yours, 0)), ("r", &decimal(original, 0)), ("n", &decimal(idle, 0))],
    ));
    let mut line = plain(words);
    if let Some(harm) = r.checks.iter().find(|c| c.id == "H1") {
        line.push(Span::Text(" ".to_owned()));
        line.extend(chips(&harm.evidence));
    }
    bullets.push(line);
    if r.impact.lost > whole(0) {
        bullets.push(plain(s.words(&text("export-lost", &[("n", &decimal(&r.impact.lost, 0))]))));
    }
    let peak = r.impact.yours.iter().map(|(_, n)| *n).max().unwrap_or(0);
    bullets.push(plain(s.words(&text("export-peak", &[("n", &peak.to_string()), ("of", &r.impact.of.to_string())]))));
    bullets.extend(budget(s));
    bullets.extend(money(s));
    for id in ["M1", "D1"] {
        if let Some(c) = r.checks.iter().find(|c| c.id == id) {
            bullets.push(plain(s.words(&feedback(c))));
        }
    }
    let alt = s.words(&text(
        "export-impact",
        &[("h", &decimal(yours, 0)), ("r", &decimal(original, 0)), ("n", &decimal(idle, 0))],
    ));
    let picture = Block::Picture { svg: picture::impact(&s.vm, s.locale), alt };
    s.section("summary", vec![Block::Bullets(bullets), picture])
}

fn timeline(s: &Source<'_>) -> Section {
    let mut rows: Vec<(i64, Row)> = Vec::new();
    let mut push =
        |(precision, t_s): (Precision, i64), fact: Option<FactId>, theirs: Line, yours: Line, diff: String| {
            let utc = precise(precision, t_s, |t| s.utc(t));
            let clock = precise(precision, t_s, |t| Offset(t).clock());
            let cells = vec![plain(utc), plain(clock), theirs, yours, plain(diff)];
            rows.push((t_s, Row { fact, cells }));
        };
    for w in &s.d.world {
        push((Precision::Second, w.t_s), w.fact, Vec::new(), s.with(s.words(&w.text), w.fact), String::new());
    }
    for o in &s.d.original {
        let source = if o.source.is_empty() { String::new() } else { format!(" ({})", o.source) };
        let mut theirs = plain(format!("{}{source}", author_text(s.locale, &o.what)));
        if let Some(at) = o.published_s {
            let words = s.words(&text("export-published", &[("at", &Offset(at).clock())]));
            theirs.push(Span::Text(format!(" · {words}")));
        }
        for (_, by, note) in s.d.aftermath.witness.iter().filter(|(row, ..)| *row == o.id) {
            theirs.push(Span::Text(format!(" · {} {by}: {note}", s.key("export-witness"))));
        }
        push((o.precision, o.t_s), None, theirs, Vec::new(), String::new());
    }
    for y in &s.d.yours {
        let join = s.d.joins.iter().find(|j| j.fact == y.fact);
        let mut line = plain(format!("{} ", s.words(&y.text)));
        if let Some(j) = join {
            line.push(Span::Strong(author_text(s.locale, &j.name).to_owned()));
            line.push(Span::Text(" ".to_owned()));
        }
        line.push(Span::Fact(y.fact));
        let diff = join.map(|j| match j.difference_s() {
            Some(d) if j.precision.is_rough() => format!("~{}", signed_minutes(d)),
            Some(d) => signed_minutes(d),
            None => s.key("dui-order-only"),
        });
        let diff = diff.unwrap_or_default();
        push((Precision::Second, y.t_s), Some(y.fact), Vec::new(), line, diff);
    }
    rows.sort_by_key(|(t, _)| *t);
    let head = s.heads(&["utc", "t", "original", "yours", "diff"]);
    let picture = Block::Picture { svg: picture::lanes(&s.vm, s.locale), alt: picture::lanes_alt(&s.vm, s.locale) };
    s.section("timeline", vec![picture, Block::Table { head, rows: rows.into_iter().map(|(_, r)| r).collect() }])
}

/// Lines with the facts that they rest on; no section where there are none.
fn said(s: &Source<'_>, id: &'static str, lines: Vec<Said>) -> Option<Section> {
    let lines: Vec<Line> = lines.into_iter().map(|(words, fact)| s.with(words, fact)).collect();
    (!lines.is_empty()).then(|| s.section(id, vec![Block::Bullets(lines)]))
}

/// Side paths of the original, and what it never did.
fn apart(s: &Source<'_>) -> Option<Section> {
    said(s, "apart", apart_lines(s.locale, &s.d.background))
}

/// What the graphs and log lines were worth.
fn signals(s: &Source<'_>) -> Option<Section> {
    said(s, "signals", signal_lines(s.locale, &s.d.background))
}

fn resolution(s: &Source<'_>) -> Section {
    let mut lines: Vec<Line> = s.d.aftermath.resolution.iter().filter_map(|id| s.logged(*id)).collect();
    if lines.is_empty() {
        lines.push(plain(s.key("export-no-step")));
    }
    s.section("resolution", vec![Block::Bullets(lines)])
}

/// Action items with owners: from the session, then from the debrief; last the one experiment.
fn follow_ups(s: &Source<'_>) -> Section {
    let mut rows: Vec<Row> = Vec::new();
    for (what, owner, fact) in &s.d.aftermath.actions {
        rows.push(Row { fact: None, cells: vec![plain(what), plain(owner), vec![Span::Fact(*fact)]] });
    }
    for t in s.d.aftermath.thoughts.iter().filter(|t| t.on == Reflection::Action) {
        let owner = if t.owner.is_empty() { &t.by } else { &t.owner };
        rows.push(Row { fact: Some(t.fact), cells: vec![plain(&t.text), plain(owner), vec![Span::Fact(t.fact)]] });
    }
    let mut blocks = Vec::new();
    if rows.is_empty() {
        blocks.push(Block::Paragraph(plain(s.key("export-no-action"))));
    } else {
        blocks.push(Block::Table { head: s.heads(&["action", "owner", "evidence"]), rows });
    }
    blocks.push(Block::Bullets(vec![plain(s.words(&s.d.experiment))]));
    s.section("follow-ups", blocks)
}

fn helped(s: &Source<'_>) -> Section {
    let mut lines = Vec::new();
    if let Some((dimension, amount, what, fact)) = &s.d.plus {
        lines.push(s.with(format!("{} {amount}: {}", s.key(dimension), s.words(what)), *fact));
    }
    for t in &s.d.turning {
        let mut line = vec![
            Span::Text(format!("{} · ", Offset(t.t_s).clock())),
            Span::Strong(s.words(&t.title)),
            Span::Text(format!(": {} ", s.words(&t.body))),
        ];
        line.push(Span::Fact(t.fact));
        lines.push(line);
    }
    s.section("helped", vec![Block::Bullets(lines)])
}

fn triggers(s: &Source<'_>) -> Section {
    let rows = s.d.aftermath.triggers.iter().map(|t| {
        let key = match t.kind {
            TriggerKind::Impact => "export-trigger-impact",
            TriggerKind::DataLoss => "export-trigger-loss",
            TriggerKind::Intervention => "export-trigger-intervention",
            TriggerKind::Duration => "export-trigger-duration",
            TriggerKind::Monitoring => "export-trigger-monitoring",
        };
        let applies = s.key(if t.applies { "export-applies" } else { "export-applies-not" });
        Row { fact: None, cells: vec![plain(s.key(key)), plain(applies), chips(t.fact.as_slice())] }
    });
    let table = Block::Table { head: s.heads(&["trigger", "applies", "evidence"]), rows: rows.collect() };
    s.section("triggers", vec![table])
}

fn questions(s: &Source<'_>) -> Section {
    let lines = s.d.questions.iter().map(|q| plain(s.words(q))).collect();
    s.section("questions", vec![Block::Bullets(lines)])
}

fn reflections(s: &Source<'_>) -> Section {
    let mut blocks = Vec::new();
    let shown = [Reflection::Reaction, Reflection::Surprise, Reflection::Plus, Reflection::Delta];
    for on in shown {
        let lines: Vec<Line> =
            s.d.aftermath
                .thoughts
                .iter()
                .filter(|t| t.on == on)
                .map(|t| plain(format!("{} ({})", t.text, t.by)))
                .collect();
        if !lines.is_empty() {
            blocks.push(Block::Paragraph(vec![Span::Strong(s.key(reflection_key(on)))]));
            blocks.push(Block::Bullets(lines));
        }
    }
    // A note beside a row that the timeline does not reach stands here.
    let beyond = s.d.aftermath.witness.iter().filter(|(row, ..)| !s.d.original.iter().any(|o| o.id == *row));
    let beyond: Vec<Line> =
        beyond.map(|(row, by, note)| plain(format!("{} {by}, {row}: {note}", s.key("export-witness")))).collect();
    if !beyond.is_empty() {
        blocks.push(Block::Bullets(beyond));
    }
    if !s.d.aftermath.workload.is_empty() {
        blocks.push(Block::Paragraph(plain(s.key("export-workload"))));
        let rows = s.d.aftermath.workload.iter().map(|(scale, by, value)| Row {
            fact: None,
            cells: vec![plain(s.key(workload_key(*scale))), plain(by), plain(value.to_string())],
        });
        blocks.push(Block::Table { head: s.heads(&["scale", "who", "value"]), rows: rows.collect() });
    }
    if blocks.is_empty() {
        blocks.push(Block::Paragraph(plain(s.key("export-no-thought"))));
    }
    s.section("reflections", blocks)
}

fn numbers(s: &Source<'_>) -> Section {
    let r = &s.d.report;
    let total = s.words(&text(
        "export-total",
        &[
            ("word", &s.key(r.word)),
            ("points", &decimal(&r.points, 1)),
            ("max", &decimal(&r.max, 0)),
            ("par", &decimal(&r.par, 1)),
            ("delta", &signed(&decimal(&r.delta, 1))),
        ],
    ));
    let rows = r.checks.iter().map(|c| {
        let evidence = match (&c.window, c.evidence.is_empty()) {
            (Some((a, b)), true) => {
                let clock = |t: crate::stdx::time::Tick| {
                    Offset(s.d.from_s.saturating_add(i64::try_from(t.0).unwrap_or(i64::MAX))).clock()
                };
                plain(format!("{} – {}", clock(*a), clock(*b)))
            }
            _ => chips(&c.evidence),
        };
        let points = format!("{} / {} ({})", decimal(&c.points, 2), decimal(&c.max, 2), decimal(&c.par_points, 2));
        let cells = vec![plain(c.id), plain(points), plain(&c.formula), evidence, plain(s.words(&feedback(c)))];
        Row { fact: None, cells }
    });
    let table =
        Block::Table { head: s.heads(&["check", "points", "formula", "evidence", "words"]), rows: rows.collect() };
    let support = s.locale.text("export-support", &[("n", Arg::Number(i64::from(r.support)))]);
    let picture = Block::Picture { svg: picture::score(&s.vm, s.locale), alt: total.clone() };
    let mut blocks = vec![Block::Paragraph(plain(total)), Block::Paragraph(plain(support)), picture, table];
    let assumed = s.vm.assumed();
    if !assumed.is_empty() {
        let words = s.locale.text("dui-assumes", &[("checks", Arg::Word(assumed.join(", ")))]);
        blocks.push(Block::Paragraph(plain(format!("{}: {words}", s.key("dui-assumes-head")))));
    }
    s.section("score", blocks)
}

fn sources(s: &Source<'_>) -> Section {
    let mut lines: Vec<Line> = Vec::new();
    let b = &s.d.background;
    for (id, source) in &b.sources {
        let note = source_note(s.locale, source);
        let link = Span::Link(source.title.clone(), source.url.clone());
        lines.push(vec![Span::Text(format!("{id}: ")), link, Span::Text(format!(" ({note})"))]);
    }
    lines.extend(contradiction_lines(s.locale, b).into_iter().map(plain));
    lines.extend(t0_lines(s.locale, b).into_iter().map(plain));
    if s.d.original.iter().any(|o| !o.published) {
        lines.push(plain(s.key("export-assumed")));
    }
    s.section("sources", vec![Block::Bullets(lines)])
}
