//! The Markdown document: impact in numbers, both timelines, what helped, conditions, questions, follow-ups, then the score.

use crate::debrief::Debrief;
use crate::debrief::words::{feedback, signed, signed_minutes, text};
use crate::fact::FactId;
use crate::scenario::{LangText, Scenario};
use crate::session::projection::Text;
use crate::stdx::rational::decimal;
use crate::stdx::time::{Offset, Utc};
use std::fmt::Write as _;

/// Turns texts into words and assembles lines.
struct Page<'a> {
    out: String,
    words: &'a dyn Fn(&Text) -> String,
}

impl Page<'_> {
    fn say(&self, key: &str) -> String {
        (self.words)(&text(key, &[]))
    }

    fn author(&self, t: &LangText) -> String {
        (self.words)(&Text::Author(t.clone()))
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn head(&mut self, key: &str) {
        let head = self.say(key);
        let _ = write!(self.out, "\n## {head}\n\n");
    }

    fn bullet(&mut self, line: &str) {
        let line = line.replace('\n', " ");
        self.line(&format!("- {line}"));
    }

    fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|").replace('\n', " ")).collect();
        self.line(&format!("| {} |", cells.join(" | ")));
    }
}

fn chips(ids: &[FactId]) -> String {
    let shown: Vec<String> = ids.iter().take(6).map(|id| format!("#{id}")).collect();
    let more = if ids.len() > 6 { " …" } else { "" };
    format!("{}{more}", shown.join(" "))
}

/// The session as Markdown.
pub fn markdown(d: &Debrief, scenario: &Scenario, words: &dyn Fn(&Text) -> String) -> String {
    let mut p = Page { out: String::new(), words };
    let title = p.author(&d.title);
    p.line(&format!("# {title}"));
    p.line("");
    p.line(&d.subtitle);
    p.line("");
    let opening = p.say("export-opening");
    p.line(&format!("> {opening}"));
    summary(&mut p, d);
    timeline(&mut p, d);
    helped(&mut p, d);
    conditions(&mut p, d, scenario);
    questions(&mut p, d);
    follow_ups(&mut p, d);
    numbers(&mut p, d);
    sources(&mut p, d);
    p.out
}

fn summary(p: &mut Page<'_>, d: &Debrief) {
    p.head("export-summary");
    let r = &d.report;
    let [yours, original, idle] = &r.impact.area;
    let harm = r.checks.iter().find(|c| c.id == "H1");
    let ids = harm.map(|c| chips(&c.evidence)).unwrap_or_default();
    let line = (p.words)(&text(
        "export-impact",
        &[("h", &decimal(yours, 0)), ("r", &decimal(original, 0)), ("n", &decimal(idle, 0)), ("ev", &ids)],
    ));
    p.bullet(&line);
    let peak = r.impact.yours.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let line = (p.words)(&text("export-peak", &[("n", &peak.to_string()), ("of", &r.impact.of.to_string())]));
    p.bullet(&line);
    for id in ["M1", "D1"] {
        if let Some(c) = r.checks.iter().find(|c| c.id == id) {
            let line = (p.words)(&feedback(c));
            p.bullet(&line);
        }
    }
}

/// One row of the table: seconds from T0, both sides, difference.
struct Entry {
    t_s: i64,
    theirs: String,
    yours: String,
    diff: String,
}

fn timeline(p: &mut Page<'_>, d: &Debrief) {
    p.head("export-timeline");
    let mut rows: Vec<Entry> = Vec::new();
    for w in &d.world {
        let id = w.fact.map(|f| format!(" #{f}")).unwrap_or_default();
        let both = format!("*{}*{id}", (p.words)(&w.text));
        rows.push(Entry { t_s: w.t_s, theirs: String::new(), yours: both, diff: String::new() });
    }
    for o in &d.original {
        let source = if o.source.is_empty() { String::new() } else { format!(" ({})", o.source) };
        let theirs = format!("{}{source}", p.author(&o.what));
        rows.push(Entry { t_s: o.t_s, theirs, yours: String::new(), diff: String::new() });
    }
    for y in &d.yours {
        let join = d.joins.iter().find(|j| j.fact == y.fact);
        let name = join.map(|j| format!(" **{}**", p.author(&j.name))).unwrap_or_default();
        rows.push(Entry {
            t_s: y.t_s,
            theirs: String::new(),
            yours: format!("{}{name} #{}", (p.words)(&y.text), y.fact),
            diff: join.map(|j| signed_minutes(j.yours_s - j.original_s)).unwrap_or_default(),
        });
    }
    rows.sort_by_key(|r| r.t_s);
    let heads: Vec<String> =
        ["export-col-utc", "export-col-t", "export-col-original", "export-col-yours", "export-col-diff"]
            .iter()
            .map(|k| p.say(k))
            .collect();
    p.row(&heads);
    p.line("|---|---|---|---|---|");
    for r in rows {
        let utc = Utc(d.t0_utc_s).plus(r.t_s).hms();
        p.row(&[utc, Offset(r.t_s).clock(), r.theirs, r.yours, r.diff]);
    }
}

fn helped(p: &mut Page<'_>, d: &Debrief) {
    p.head("export-helped");
    if let Some((dimension, amount, what, fact)) = &d.plus {
        let id = fact.map(|f| format!(" #{f}")).unwrap_or_default();
        let line = format!("{} {amount}: {}{id}", p.say(dimension), (p.words)(what));
        p.bullet(&line);
    }
    for t in &d.turning {
        let line =
            format!("{} · **{}**: {} #{}", Offset(t.t_s).clock(), (p.words)(&t.title), (p.words)(&t.body), t.fact);
        p.bullet(&line);
    }
}

fn conditions(p: &mut Page<'_>, d: &Debrief, scenario: &Scenario) {
    p.head("export-conditions");
    let line = p.author(&scenario.truth.summary);
    p.bullet(&line);
    let parts = (p.words)(&text(
        "export-components",
        &[("components", &scenario.truth.components.join(", ")), ("mechanisms", &scenario.truth.mechanisms.join(", "))],
    ));
    p.bullet(&parts);
    for w in d.world.iter().filter(|w| w.kind == crate::debrief::WorldMarkKind::Absence) {
        let line = (p.words)(&w.text);
        p.bullet(&line);
    }
}

fn questions(p: &mut Page<'_>, d: &Debrief) {
    p.head("export-questions");
    for q in &d.questions {
        let line = (p.words)(q);
        p.bullet(&line);
    }
}

fn follow_ups(p: &mut Page<'_>, d: &Debrief) {
    p.head("export-follow-ups");
    for row in d.log.iter().filter(|r| matches!(&r.text, Text::Key(k, _) if k == "fact-followup")) {
        let line = format!("{} #{}", (p.words)(&row.text), row.id);
        p.bullet(&line);
    }
    let line = (p.words)(&d.experiment);
    p.bullet(&line);
}

fn numbers(p: &mut Page<'_>, d: &Debrief) {
    p.head("export-score");
    let r = &d.report;
    let word = p.say(r.word);
    let line = (p.words)(&text(
        "export-total",
        &[
            ("word", &word),
            ("points", &decimal(&r.points, 1)),
            ("max", &decimal(&r.max, 0)),
            ("par", &decimal(&r.par, 1)),
            ("delta", &signed(&decimal(&r.delta, 1))),
        ],
    ));
    p.line(&line);
    p.line("");
    let heads: Vec<String> =
        ["export-col-check", "export-col-points", "export-col-formula", "export-col-evidence", "export-col-words"]
            .iter()
            .map(|k| p.say(k))
            .collect();
    p.row(&heads);
    p.line("|---|---|---|---|---|");
    for c in &r.checks {
        let evidence = match (&c.window, c.evidence.is_empty()) {
            (Some((a, b)), true) => {
                let clock = |t: crate::stdx::time::Tick| Offset(d.from_s.saturating_add(t.0 as i64)).clock();
                format!("{} – {}", clock(*a), clock(*b))
            }
            _ => chips(&c.evidence),
        };
        p.row(&[
            c.id.to_owned(),
            format!("{} / {} ({})", decimal(&c.points, 2), c.max, decimal(&c.par_points, 2)),
            c.formula.clone(),
            evidence,
            (p.words)(&feedback(c)),
        ]);
    }
}

fn sources(p: &mut Page<'_>, d: &Debrief) {
    p.head("export-sources");
    for (title, url, licence) in &d.sources {
        p.bullet(&format!("[{title}]({url}) ({licence})"));
    }
    if d.original.iter().any(|o| !o.published) {
        let line = p.say("export-assumed");
        p.bullet(&line);
    }
}
