//! `wheel docs`: the generated reference, one page a declaration, so that pages cannot disagree with the program.

use super::{Exit, Io};
use crate::console::tool;
use crate::host::{Options, SessionHost};
use crate::locale::{Arg as Value, Lang, Locale};
use crate::session::PRIMARY;
use crate::session::grammar::INCIDENT;
use crate::storage::{package, place};
use crate::{diagnostic, scenario};
use clap::{Arg, ArgMatches, Command, value_parser};
use std::path::PathBuf;

/// One generated page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// File name.
    pub name: &'static str,
    /// Markdown.
    pub text: String,
}

/// Every page of the reference. Pages are English, as the declarations are.
pub fn pages() -> Vec<Page> {
    vec![
        Page { name: "command-line.md", text: command_line() },
        Page { name: "console-transcript.md", text: transcript() },
        Page { name: "diagnostics.md", text: diagnostic::reference() },
        Page { name: "line-grammar.md", text: line_grammar() },
        Page { name: "metrics.md", text: crate::session::explore::metrics_reference() },
        Page { name: "scenario-format.md", text: scenario::format_reference() },
        Page { name: "tools.md", text: tool::reference() },
    ]
}

pub(super) fn define(command: Command, locale: &Locale) -> Command {
    let dir = Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf));
    command.arg(dir.help(locale.say("cli-arg-dir")))
}

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let Some(dir) = matches.get_one::<PathBuf>("dir") else { return Exit::Usage };
    for page in pages() {
        let path = dir.join(page.name);
        if let Err(e) = place::write_atomic(&path, page.text.as_bytes()) {
            return io.fail(Exit::Wrong, format!("{}: {e}", path.display()));
        }
        let text = io.locale.text("cli-docs-wrote", &[("path", Value::Word(path.display().to_string()))]);
        io.line(&text);
    }
    Exit::Done
}

/// The commands of the transcript.
const TRANSCRIPT: &str = include_str!("../../docs/console-transcript.wom");

/// The scenario that it plays in.
const TRANSCRIPT_OF: &str = "docsrs-2019-10-21-disk-full";

/// A terminal of a played session, as it stands at the end.
fn transcript() -> String {
    let mut out = "# A terminal in the docs.rs incident\n\nMade by `wheel docs` from `docs/console-transcript.wom`: a session of the scenario \
                   `docsrs-2019-10-21-disk-full`, whose disk has just filled, and what its first terminal shows.\n\n```console\n"
        .to_owned();
    let played = package::find(TRANSCRIPT_OF).ok().and_then(|p| {
        let mut host = SessionHost::start(p, Options::default()).ok()?;
        for line in TRANSCRIPT.lines() {
            host.line(PRIMARY, line).ok()?;
        }
        Some(host)
    });
    let Some(host) = played else { return out };
    if let Some(t) = host.session().console().terminal(1) {
        for l in t.lines().iter() {
            out.push_str(&format!("{}{}\n", l.prompt.as_deref().unwrap_or_default(), l.text).replace(" \n", "\n"));
        }
    }
    out.push_str("```\n");
    out
}

fn command_line() -> String {
    let mut top = super::command(&Locale::new(Lang::En));
    let names: Vec<String> = top.get_subcommands().map(|s| s.get_name().to_owned()).collect();
    let mut out = format!("# Command line\n\n```text\n{}```\n", top.render_long_help());
    for name in names {
        if let Some(sub) = top.find_subcommand_mut(&name) {
            let help = sub.clone().bin_name(format!("wheel {name}")).render_long_help();
            out.push_str(&format!("\n## wheel {name}\n\n```text\n{help}```\n"));
        }
    }
    out
}

const LINE_FORMS: &str = "# Line grammar

Walkthroughs (`.wom`), text mode and tests are read line by line: `[T+8m | +30s] [@seat | @gm] ITEM`.

| form | meaning |
|---|---|
| `df -h` | typed into the current terminal, even if it is busy |
| `T+8m …` | waits until that time; an error if it is past |
| `+30s …` | waits so long |
| `@comms …` | acts as another seat |
| `@gm …` | acts as the game master; the colon of words may be left out |
| `# …` | a comment, at the start of a line only |
| `:term 2` | makes that terminal the current one |
| `:type 2 TEXT` | types any text, also one that begins with `:`, `@` or `#` |
| `:int` `:tstp` `:eof` | Ctrl-C, Ctrl-Z, Ctrl-D |
| `:key q` | a key for a full-screen program |
| `:wait 30s` | waits |
| `:end` | ends the session |
| `expect output /PATTERN/` | what was printed since the last typed line matches |
| `expect fact KIND [TEXT]` | such a fact has appeared |
| `expect no fact KIND [TEXT]` | no such fact has appeared |
| `expect users <= 5%` | share of users affected now; also `>=` |

Quotes keep words together; in double quotes `\\\"`, `\\\\` and `\\n` stand for a quote, a backslash and a new line.
";

fn line_grammar() -> String {
    let mut out = String::from(LINE_FORMS);
    for (title, gm) in [("Words (with a colon on a line, without one as a console tool)", false), ("Game master", true)]
    {
        out.push_str(&format!("\n## {title}\n\n| form | meaning |\n|---|---|\n"));
        for usage in INCIDENT.iter().filter(|u| u.gm == gm) {
            out.push_str(&format!("| `{}` | {} |\n", usage.form.replace('|', "\\|"), usage.about));
        }
    }
    out
}
