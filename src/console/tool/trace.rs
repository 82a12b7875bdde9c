//! trace: sampled requests, and one of them as a waterfall.

use crate::console::host::NameKind;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::ObservedKind;

/// Rows of a list unless more are asked for.
const ROWS: usize = 20;

/// Rows of a list at most.
const ROWS_MAX: usize = 1_000;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "trace",
    synopsis: "list [SERVICE] [--failed] [-n ROWS] | show ID",
    about: "look at requests that were sampled, and what became of them on their way",
    opts: &[
        flag("", "failed", "only requests that failed (list)"),
        value("n", "lines", "ROWS", "so many, the newest (20)"),
    ],
    subs: &["list", "show"],
    operand: Operand::Name(NameKind::Service),
    style: Style::Plain,
    examples: &[
        ("trace list api", "TRACE             TIME        DURATION  STATUS        SERVICE         REQUEST\n"),
        ("trace show nope", "trace: no trace 'nope'; `trace list` shows the newest\n"),
    ],
    step: trace,
    ..Decl::BLANK
}];

fn trace(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.at(1), a.rest.len()) {
        (Some("list"), service, 1 | 2) => {
            let rows = match a.get("n").map(str::parse::<usize>) {
                None => ROWS,
                Some(Ok(n)) => n.min(ROWS_MAX),
                Some(Err(_)) => {
                    c.error("the number of rows is no number");
                    return Step::Exit(1);
                }
            };
            c.line("TRACE             TIME        DURATION  STATUS        SERVICE         REQUEST");
            for row in c.host.traces(service, a.has("failed"), rows) {
                c.line(&row);
            }
            let target = service.map_or_else(|| "traces".to_owned(), str::to_owned);
            c.see(ObservedKind::Log, target, service.map(str::to_owned));
            Step::Exit(0)
        }
        (Some("show"), Some(id), 2) => match c.host.trace(id) {
            Some((text, service)) => {
                c.see(ObservedKind::Log, format!("trace:{id}"), service);
                c.print(&text);
                Step::Exit(0)
            }
            None => {
                c.error(&format!("no trace '{id}'; `trace list` shows the newest"));
                Step::Exit(1)
            }
        },
        _ => {
            c.p.err.push_str("usage: trace list [SERVICE] [--failed] [-n ROWS] | show ID\n");
            Step::Exit(2)
        }
    }
}
