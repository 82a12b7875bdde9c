//! What the team took for the cause, and on what grounds it acted: the same sections in the postmortem and in the after-action report.

use super::document::{Block, Line, Row, Section, Span, chips, plain};
use super::draft::Source;
use crate::debrief::WorldMarkKind;
use crate::debrief::diagnosis::Statement;
use crate::debrief::words::text;
use crate::fact::Reflection;
use crate::locale::Arg;
use crate::scenario::{DecisionOutcome, LangText};
use crate::session::projection::Text;
use crate::stdx::time::Offset;
use crate::view::debrief::words::way_words;
use crate::view::words::author_text;

/// What the team stated, in the order in which it did, each name with whether it contributed; then what the simulation holds.
pub(super) fn factors(s: &Source<'_>) -> Section {
    let d = &s.d.diagnosis;
    let mut blocks = Vec::new();
    if d.statements.is_empty() {
        blocks.push(Block::Paragraph(plain(s.key("export-none-stated"))));
    } else {
        blocks.push(Block::Paragraph(plain(s.key("export-as-stated"))));
        let head = s.heads(&["t", "statement", "sure", "components", "mechanisms", "scope", "evidence"]);
        blocks.push(Block::Table { head, rows: d.statements.iter().map(|x| statement(s, x)).collect() });
    }
    let truth = &s.scenario.truth;
    let mut bullets = vec![plain(author_text(s.locale, &truth.summary))];
    bullets.push(plain(s.words(&text(
        "export-components",
        &[("components", &d.components.join(", ")), ("mechanisms", &d.mechanisms.join(", "))],
    ))));
    for chain in &d.chains {
        bullets.push(plain(s.words(&text("export-chain", &[("chain", &chain.join(" → "))]))));
    }
    for w in s.d.world.iter().filter(|w| w.kind == WorldMarkKind::Absence) {
        bullets.push(plain(s.words(&w.text)));
    }
    blocks.push(Block::Paragraph(plain(s.key("export-as-simulated"))));
    blocks.push(Block::Bullets(bullets));
    s.section("conditions", blocks)
}

fn statement(s: &Source<'_>, x: &Statement) -> Row {
    let named = |list: &[(String, bool)]| -> String {
        let one = |(name, hit): &(String, bool)| {
            let key = if *hit { "export-contributed" } else { "export-not-seen-in-it" };
            format!("{name} ({})", s.key(key))
        };
        list.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let sure = x.confidence.map_or_else(String::new, |c| format!("{c} %"));
    let cells = vec![
        plain(Offset(x.t_s).clock()),
        plain(s.key(if x.cause { "export-stated-cause" } else { "export-stated-hypothesis" })),
        plain(sure),
        plain(named(&x.location)),
        plain(named(&x.mechanism)),
        plain(x.scope.join(", ")),
        chips(&x.evidence),
    ];
    Row { fact: Some(x.fact), cells }
}

/// On what grounds each step stood; how it turned out is a clause of its own.
pub(super) fn grounds(s: &Source<'_>) -> Section {
    let lines: Vec<Line> = s.d.grounds.iter().map(|g| plain(s.words(&g.text))).collect();
    let mut blocks = vec![Block::Paragraph(plain(s.key("export-grounds-note")))];
    if lines.is_empty() {
        blocks.push(Block::Paragraph(plain(s.key("export-no-step"))));
    } else {
        blocks.push(Block::Bullets(lines));
    }
    s.section("grounds", blocks)
}

/// What the team calls luck, and what the log shows: steps that turned out well without a sight of their target, and impact
/// that came down by itself.
pub(super) fn luck(s: &Source<'_>) -> Section {
    let thoughts = s.d.aftermath.thoughts.iter().filter(|t| t.on == Reflection::Luck);
    let mut lines: Vec<Line> = thoughts.map(|t| s.with(t.text.clone(), Some(t.fact))).collect();
    lines.extend(s.d.grounds.iter().filter(|g| g.is_lucky()).map(|g| plain(s.words(&g.text))));
    let r = &s.d.report;
    let came_down = r.checks.iter().any(|c| c.id == "M1" && c.credit > crate::stdx::rational::whole(0));
    let relieved = s.d.log.iter().any(|row| matches!(&row.text, Text::Key(k, _) if k == "fact-relief"));
    if came_down && !relieved {
        lines.push(plain(s.key("export-luck-itself")));
    }
    if lines.is_empty() {
        lines.push(plain(s.key("export-luck-open")));
    }
    s.section("luck", vec![Block::Bullets(lines)])
}

/// Other branches of the session, what each came to beside this run. `None` if there is none.
pub(super) fn branches(s: &Source<'_>) -> Option<Section> {
    let lines: Vec<Line> =
        s.d.branches
            .iter()
            .map(|b| {
                let args = [
                    ("n", Arg::Number(i64::from(b.number))),
                    ("at", Arg::Word(Offset(b.from_s).clock())),
                    ("to", Arg::Word(Offset(b.to_s).clock())),
                    ("b", Arg::Number(b.area.0)),
                    ("h", Arg::Number(b.area.1)),
                ];
                plain(s.locale.text("export-branch", &args))
            })
            .collect();
    (!lines.is_empty()).then(|| s.section("branches", vec![Block::Bullets(lines)]))
}

/// Decision points: what was to be decided, what the original did, what was done here, and what comes of each.
pub(super) fn decisions(s: &Source<'_>) -> Option<Section> {
    if s.d.decisions.is_empty() {
        return None;
    }
    let of = |name: &LangText, outcome: DecisionOutcome| way_words(s.locale, name, outcome);
    let rows = s.d.decisions.iter().map(|d| {
        let original = d.original.as_ref().map_or_else(|| s.key("export-none-known"), |(n, o)| of(n, *o));
        let mut yours = Vec::new();
        for t in &d.taken {
            yours.push(Span::Text(format!("{} · {} ", Offset(t.t_s).clock(), of(&t.name, t.outcome))));
            yours.extend(t.fact.map(Span::Fact));
            yours.push(Span::Text(" ".to_owned()));
        }
        if yours.is_empty() {
            yours = plain(s.key("export-none-taken"));
        }
        let cells =
            vec![plain(Offset(d.open_s).clock()), plain(author_text(s.locale, &d.name)), plain(original), yours];
        Row { fact: None, cells }
    });
    let table = Block::Table { head: s.heads(&["t", "decision", "original", "yours"]), rows: rows.collect() };
    Some(s.section("decisions", vec![table]))
}

/// What each curve cost the business, in words.
pub(super) fn money(s: &Source<'_>) -> Option<Line> {
    Some(plain(crate::view::debrief::money_words(s.locale, s.d.money.as_ref()?)))
}

/// How much of an error budget each curve used, in words.
pub(super) fn budget(s: &Source<'_>) -> Option<Line> {
    Some(plain(crate::view::debrief::budget_words(s.locale, s.d.budget.as_ref()?)))
}
