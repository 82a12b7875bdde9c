//! promql and amtool: questions to the metrics, alerts and silences, with the output of the field's own tools.

use crate::console::host::{Answer, NewSilence};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::ObservedKind;
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "dashboards",
        synopsis: "list | show [PANEL|SERVICE] [--since 30m]",
        about: "list the panels of the dashboard, or draw them; `look graph PANEL` puts one in front of you",
        opts: &[value("", "since", "TIME", "over so long up to now (30m)")],
        subs: &["list", "show"],
        operand: Operand::Name(crate::console::host::NameKind::Graph),
        style: Style::Plain,
        examples: &[(
            "dashboards list",
            "PANEL      SERVICE  UNIT  TITLE\ndownloads  api      /s    Download requests\nerrors     api      %     Server errors\n",
        )],
        step: dashboards,
        ..Decl::BLANK
    },
    Decl {
        name: "promql",
        synopsis: "[--range 30m] [--step 1m] EXPRESSION",
        about: "ask the metrics, now or over a range",
        opts: &[
            value("", "range", "TIME", "over so long up to now, instead of now: `30m`"),
            value("", "step", "TIME", "one value each so long (1m)"),
        ],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[
            ("promql 'up{service=\"api\"}'", "up{job=\"service\", service=\"api\"} => 1 @[1689855480]\n"),
            ("promql 'up{'", "promql: query error: parse error: unexpected end of input\n"),
        ],
        step: promql,
        ..Decl::BLANK
    },
    Decl {
        name: "amtool",
        synopsis: "alert [-a] [-s] [-i] | silence query | silence add MATCHER… [-d 1h] [-c COMMENT] | silence expire ID | config routes test LABEL=VALUE…",
        about: "look at alerts that fire, keep some of them quiet, see whom an alert would go to",
        opts: &[
            flag("a", "active", "alerts that nothing keeps quiet (what is shown without a flag)"),
            flag("s", "silenced", "alerts that a silence keeps quiet"),
            flag("i", "inhibited", "alerts that another alert keeps quiet"),
            value("d", "duration", "TIME", "how long the silence lasts (1h)"),
            value("c", "comment", "TEXT", "why"),
        ],
        subs: &["alert", "config", "silence"],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[
            (
                "amtool alert",
                "Alertname  Starts At                Summary                             State\nsite-down  2023-07-20 12:17:00 UTC  Documentation site does not answer  active\n",
            ),
            ("amtool silence add alertname=site-down -c known", "6d1e6f5a-0000-4000-8000-000000000001\n"),
            ("amtool silence add", "amtool: error: no matchers specified\n\n"),
            ("amtool config routes test service=docs severity=critical", "you\n"),
        ],
        step: amtool,
        ..Decl::BLANK
    },
];

/// Columns of a curve.
const CURVE: usize = 60;

/// A curve in one line, from the least value to the greatest; a gap where nothing was recorded.
fn curve(values: &[Option<f64>]) -> String {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let known = || values.iter().flatten().copied().filter(|v| v.is_finite());
    let (least, most) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let step = |v: f64| if most > least { ((v - least) / (most - least) * 7.0).round() as usize } else { 0 };
    values.iter().map(|v| v.and_then(|v| STEPS.get(step(v)).copied()).unwrap_or(' ')).collect()
}

fn dashboards(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let graphs = c.host.graphs();
    let span = a.get("since").map_or(Some(1_800), seconds);
    let Some(span) = span.and_then(|s| i64::try_from(s).ok()) else {
        c.error("--since takes a duration such as 30m");
        return Step::Exit(1);
    };
    let chosen: Vec<_> = match (a.at(0).unwrap_or("list"), a.at(1)) {
        ("list", None) => {
            let head = vec![vec!["PANEL".to_owned(), "SERVICE".to_owned(), "UNIT".to_owned(), "TITLE".to_owned()]];
            let rows = graphs.iter().map(|g| {
                vec![g.id.clone(), g.service.clone().unwrap_or("-".to_owned()), g.unit.clone(), g.title.clone()]
            });
            let rows: Vec<Vec<String>> = head.into_iter().chain(rows).collect();
            table(c, &rows);
            return Step::Exit(0);
        }
        ("show", None) => graphs,
        ("show", Some(id)) => {
            let of: Vec<_> = graphs.into_iter().filter(|g| g.id == id || g.service.as_deref() == Some(id)).collect();
            if of.is_empty() {
                c.error(&format!("no panel or service '{id}'; `dashboards list` shows them"));
                return Step::Exit(1);
            }
            of
        }
        _ => {
            c.p.err.push_str("usage: dashboards list | show [PANEL|SERVICE] [--since 30m]\n");
            return Step::Exit(2);
        }
    };
    let since = c.host.utc().plus(-span);
    for g in chosen {
        let points = c.host.points(&g.id, since);
        let each = points.len().div_ceil(CURVE).max(1);
        let values: Vec<Option<f64>> = points.chunks(each).map(|p| p.last().and_then(|x| x.1)).collect();
        let known: Vec<f64> = points.iter().filter_map(|p| p.1).collect();
        let (least, most) = known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        c.see(ObservedKind::Metric, g.id.clone(), g.service.clone());
        let unit = &g.unit;
        let now = g.value.map_or("no data".to_owned(), |v| format!("{v:.2}"));
        c.line(&format!("{} ({unit})", g.title));
        c.line(&format!("  {}", curve(&values)));
        match known.is_empty() {
            true => c.line("  nothing recorded"),
            false => c.line(&format!("  now {now}, min {least:.2}, max {most:.2}, since {}", since.hms())),
        }
    }
    Step::Exit(0)
}

/// Seconds of a text such as `90s`, `30m`, `2h`, `1d`, `1h30m`.
fn seconds(text: &str) -> Option<u64> {
    let (mut sum, mut number) = (0u64, None::<u64>);
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?);
            continue;
        }
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        sum = sum.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && sum > 0).then_some(sum)
}

/// A value as the tools print it: never with an exponent.
fn number(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    format!("{value}")
}

fn time(ms: i64) -> String {
    format!("{}", ms as f64 / 1_000.0)
}

fn promql(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let span = |name: &str| a.get(name).map(|t| seconds(t).ok_or_else(|| t.to_owned()));
    let (range, step) = match (span("range").transpose(), span("step").transpose()) {
        (Ok(range), Ok(step)) => (range, step),
        (Err(t), _) | (_, Err(t)) => {
            c.error(&format!("'{t}' is not a duration such as 30m"));
            return Step::Exit(1);
        }
    };
    let [expr] = a.rest.as_slice() else {
        c.error("one expression is needed, in quotes");
        return Step::Exit(1);
    };
    match c.host.query(expr, range.map(|r| (r, step.unwrap_or(60)))) {
        Err(why) => {
            c.error(&format!("query error: {why}"));
            Step::Exit(1)
        }
        Ok(answer) => {
            show(c, answer);
            Step::Exit(0)
        }
    }
}

fn show(c: &mut Ctx<'_>, answer: Answer) {
    match answer {
        Answer::Text(t) => c.line(&t),
        Answer::Scalar(ms, v) => c.line(&format!("scalar: {} @[{}]", number(v), time(ms))),
        Answer::Vector(rows) => {
            for (labels, service, ms, v) in rows {
                c.see(ObservedKind::Metric, labels.clone(), service);
                c.line(&format!("{labels} => {} @[{}]", number(v), time(ms)));
            }
        }
        Answer::Matrix(rows) => {
            for (labels, service, points) in rows {
                c.see(ObservedKind::Metric, labels.clone(), service);
                c.line(&format!("{labels} =>"));
                for (ms, v) in points {
                    c.line(&format!("{} @[{}]", number(v), time(ms)));
                }
            }
        }
    }
}

/// Columns as wide as their widest cell, two spaces apart, as the tool's table writer sets them.
fn table(c: &mut Ctx<'_>, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|r| r.get(at)).map(|t| t.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(t, w)| format!("{t:<w$}")).collect();
        c.line(cells.join("  ").trim_end());
    }
}

fn moment(at: Utc) -> String {
    at.iso().replace('T', " ").replace('Z', " UTC")
}

fn amtool(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let words: Vec<&str> = a.rest.iter().map(String::as_str).collect();
    let header = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<String>>();
    let fail = |c: &mut Ctx<'_>, why: &str| {
        c.p.err.push_str(&format!("amtool: error: {why}\n\n"));
        Step::Exit(1)
    };
    match words.as_slice() {
        ["alert"] | ["alert", "query"] => {
            let (silenced, inhibited) = (a.has("s"), a.has("i"));
            let active = a.has("a") || !(silenced || inhibited);
            let mut rows = vec![header(&["Alertname", "Starts At", "Summary", "State"])];
            for alert in c.host.firing() {
                c.see(ObservedKind::Alert, alert.id.clone(), Some(alert.service.clone()));
                let quiet = alert.silenced || alert.inhibited;
                // Each flag lets a kind of alert through; one that is kept quiet by both needs both.
                let shown = if quiet { alert.silenced <= silenced && alert.inhibited <= inhibited } else { active };
                if !shown {
                    continue;
                }
                let state = if quiet { "suppressed" } else { "active" };
                rows.push(vec![alert.id, moment(alert.since), alert.summary, state.to_owned()]);
            }
            table(c, &rows);
            Step::Exit(0)
        }
        ["silence"] | ["silence", "query"] => {
            let mut rows = vec![header(&["ID", "Matchers", "Ends At", "Created By", "Comment"])];
            for s in c.host.silences() {
                rows.push(vec![s.id, s.matchers.join(" "), moment(s.ends), s.by, s.comment]);
            }
            table(c, &rows);
            Step::Exit(0)
        }
        ["silence", "add", matchers @ ..] => {
            let text = a.get("d").unwrap_or("1h");
            let Some(seconds) = seconds(text) else {
                return fail(c, &format!("not a valid duration string: {text:?}"));
            };
            let new = NewSilence {
                matchers: matchers.iter().map(|m| (*m).to_owned()).collect(),
                seconds,
                comment: a.get("c").unwrap_or_default().to_owned(),
            };
            let who = c.caller();
            match c.host.silence(&who, &new) {
                Ok(id) => {
                    c.line(&id);
                    Step::Exit(0)
                }
                Err(why) => fail(c, &why),
            }
        }
        ["silence", "expire", id] => {
            let who = c.caller();
            match c.host.expire(&who, id) {
                Ok(()) => Step::Exit(0),
                Err(why) => fail(c, &why),
            }
        }
        ["config", "routes", "test", labels @ ..] => {
            let pair = |l: &&str| {
                let (name, value) = l.split_once('=').ok_or_else(|| format!("bad matcher format: {l}"))?;
                let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
                if name.ends_with('!') || value.starts_with('~') {
                    return Err("labels must be specified as key=value pairs".to_owned());
                }
                Ok((name.to_owned(), value.to_owned()))
            };
            match labels.iter().map(pair).collect::<Result<Vec<_>, String>>() {
                Ok(labels) => {
                    let receivers = c.host.receivers(&labels).join(",");
                    c.line(&receivers);
                    Step::Exit(0)
                }
                Err(why) => fail(c, &format!("Failed to parse labels: {why}")),
            }
        }
        [command @ ("alert" | "silence" | "config"), ..] => {
            fail(c, &format!("unknown use of {command}; see `man amtool`"))
        }
        [other, ..] => fail(c, &format!("expected command but got \"{other}\"")),
        [] => fail(c, "a command is needed: alert, silence or config"),
    }
}
