//! What a seat has open of boards and of the query box, answered.

use super::super::explore::{Line, ranged};
use super::super::projection::{AlertSpan, ChartView, ExploreView, GraphMark, LineView, MarkKind, Text};
use crate::fact::FactKind;
use crate::session::Session;

/// Lines of a chart.
const LINES_MAX: usize = 12;

/// Points of a line, about.
const POINTS: i64 = 240;

impl Session {
    pub(super) fn explore_view(&self, seat: &str) -> ExploreView {
        let mut charts = Vec::new();
        let open = self.state.views.keys().filter(|(s, ..)| s == seat);
        for (_, panel, subject) in open {
            let (range_s, what) = ranged(subject);
            match panel.as_str() {
                "board" => charts.extend(self.panels(what).into_iter().map(|p| {
                    let title = Text::key(p.title);
                    self.chart((panel, subject), title, p.query, p.unit, range_s)
                })),
                "promql" => {
                    let title = Text::Raw(what.to_owned());
                    charts.push(self.chart((panel, subject), title, what.to_owned(), "", range_s));
                }
                _ => {}
            }
        }
        ExploreView { boards: self.boards(), charts, spans: self.alert_spans(), marks: self.marks() }
    }

    fn chart(
        &self,
        (panel, subject): (&String, &String),
        title: Text,
        query: String,
        unit: &str,
        range_s: i64,
    ) -> ChartView {
        let (lines, more, error) = match self.lines_of(&query, range_s) {
            Ok((lines, more)) => (lines, more, None),
            Err(why) => (Vec::new(), 0, Some(why)),
        };
        let scale = if unit == "%" { 100.0 } else { 1.0 };
        let scaled = |l: LineView| {
            let points = l.points.into_iter().map(|(t, v)| (t, v.map(|v| v * scale))).collect();
            LineView { points, ..l }
        };
        ChartView {
            panel: panel.clone(),
            subject: subject.clone(),
            title,
            query,
            unit: unit.to_owned(),
            range_s,
            lines: lines.into_iter().map(scaled).collect(),
            more,
            error,
        }
    }

    /// The lines of a query over the last seconds, and how many more there are.
    pub(super) fn lines_of(&self, query: &str, range_s: i64) -> Result<(Vec<LineView>, usize), String> {
        let scrape = self.state.telemetry.scraped_ms();
        self.charts.lines(scrape, query, range_s, || self.answer(query, range_s))
    }

    /// Queries that charts had to ask so far: each once a scrape, however often it is shown.
    pub fn charts_asked(&self) -> u64 {
        self.charts.made()
    }

    fn answer(&self, query: &str, range_s: i64) -> Result<(Vec<LineView>, usize), String> {
        let interval = i64::try_from(self.state.telemetry.interval_s()).unwrap_or(15).max(1);
        let step = (range_s / POINTS / interval).max(1) * interval;
        // Steps stand on scrapes, so that a point does not move while time goes on.
        let now = self.state.telemetry.scraped_ms().map_or(0, |ms| ms.div_euclid(1_000) - self.scenario.t0.utc.0);
        let from = now - range_s / step * step;
        let lines = self.explore(query, from, now, step).map_err(|e| e.to_string())?;
        let more = lines.len().saturating_sub(LINES_MAX);
        let names = names(&lines);
        let view = |(l, name): (Line, String)| LineView { name, points: with_gaps(l.points, step, now) };
        Ok((lines.into_iter().zip(names).take(LINES_MAX).map(view).collect(), more))
    }

    /// When alerts fired so far, in order of their beginning.
    pub(super) fn alert_spans(&self) -> Vec<AlertSpan> {
        let mut out: Vec<AlertSpan> = Vec::new();
        for f in self.facts() {
            let t_s = self.t(f.id.tick);
            match &f.what {
                FactKind::AlertFired { alert, service } => {
                    out.push(AlertSpan { alert: alert.clone(), service: service.clone(), from_t_s: t_s, to_t_s: None })
                }
                FactKind::AlertResolved { alert, .. } => {
                    let open = out.iter_mut().rev().find(|s| s.alert == *alert && s.to_t_s.is_none());
                    if let Some(span) = open {
                        span.to_t_s = Some(t_s);
                    }
                }
                _ => {}
            }
        }
        out
    }

    /// What every graph is marked with: releases in production, pages, what the team did.
    pub(super) fn marks(&self) -> Vec<GraphMark> {
        let t0 = self.scenario.t0.utc.0;
        let deploys = self.state.world.deploys().iter().filter(|d| d.stage == "production");
        let mut marks: Vec<GraphMark> =
            deploys.map(|d| GraphMark { t_s: d.at.0 - t0, kind: MarkKind::Deploy, label: d.release.clone() }).collect();
        for f in self.facts() {
            let t_s = self.t(f.id.tick);
            match &f.what {
                FactKind::PageOpened { page, .. } => {
                    marks.push(GraphMark { t_s, kind: MarkKind::Page, label: page.to_string() });
                }
                FactKind::Acted { verb, target, .. } if f.by.is_responder() => {
                    marks.push(GraphMark { t_s, kind: MarkKind::TeamAction, label: format!("{verb} {target}") });
                }
                _ => {}
            }
        }
        marks
    }

    /// What a look at a board or a query is about: the words of the fact, and the service.
    pub(in crate::session) fn explored(&self, panel: &str, subject: &str) -> (String, Option<String>) {
        let (range_s, what) = ranged(subject);
        let world = &self.scenario.world;
        let service = if panel == "promql" {
            self.service_of_signal(&crate::scenario::Signal::Query { expr: what.to_owned(), unit: String::new() })
        } else if world.services.contains_key(what) {
            Some(what.to_owned())
        } else {
            world.stores.get(what).map(|s| s.service.clone()).or_else(|| self.service_on(what))
        };
        (format!("{what} over {}m", range_s / 60), service)
    }
}

/// What tells lines apart: the labels in which they differ; of a single one all of them.
fn names(lines: &[Line]) -> Vec<String> {
    let same = |(name, value): (&str, &str)| lines.len() > 1 && lines.iter().all(|l| l.of.get(name) == Some(value));
    let name = |l: &Line| {
        let kept: Vec<String> =
            l.of.iter()
                .filter(|pair| !same(*pair))
                .map(|(n, v)| if n == "__name__" { v.to_owned() } else { format!("{n}={v}") })
                .collect();
        kept.join(" ")
    };
    lines.iter().map(name).collect()
}

/// The points with a gap wherever a step has none.
fn with_gaps(points: Vec<(i64, f64)>, step: i64, now: i64) -> Vec<(i64, Option<f64>)> {
    let mut out: Vec<(i64, Option<f64>)> = Vec::with_capacity(points.len() + 2);
    for (t, v) in points {
        if let Some((last, _)) = out.last().copied()
            && t - last > step
        {
            out.push((last + step, None));
        }
        out.push((t, Some(v).filter(|v| v.is_finite())));
    }
    if let Some((last, Some(_))) = out.last().copied()
        && now - last >= step
    {
        out.push((last + step, None));
    }
    out
}
