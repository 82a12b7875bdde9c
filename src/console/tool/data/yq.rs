//! yq: expressions over YAML, in the manner of version 4 of the program in Go.

mod emit;
mod eval;
mod expr;
mod node;
mod op;
mod read;

use crate::console::tool::mutate::replace;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style as Usage, flag, value};
use emit::OUTPUT_MAX;
use eval::Run;
use node::{Id, Kind, Node, Res, Style, Tree};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "yq",
    synopsis: "[eval] [-iPneN] [-r[=false]] [-o yaml|json] [-I N] [EXPRESSION] [FILE]...",
    about: "command-line YAML processor",
    opts: &[
        value("o", "output-format", "FORMAT", "yaml or json"),
        value("p", "input-format", "FORMAT", "yaml or json (as the name of the first file ends)"),
        value("r", "unwrapScalar", "[=false]", "print a scalar without its quotes (not for json unless it is said)"),
        flag("P", "prettyPrint", "print without the styles of the input"),
        flag("i", "inplace", "update the first file in place"),
        flag("n", "null-input", "do not read input, make what the expression makes"),
        flag("e", "exit-status", "exit with 1 if there are no results, or all are null or false"),
        flag("N", "no-doc", "do not print --- between documents"),
        flag("j", "tojson", "the same as -o json"),
        value("I", "indent", "N", "blanks for a level (2)"),
    ],
    operand: Operand::Path,
    style: Usage::Gnu,
    missing: &[
        "Comments are kept before a document, before an entry right above it and at its column, behind a value, and at the end; a document with one elsewhere is not written as YAML, and says so.",
        "eval-all, ireduce, match, capture, dates, load, anchors as values, comments and styles as values, merges of mappings by <<, @-encoders but @json; other formats than YAML and JSON.",
        "A document nests 200 levels at most; a run has at most 400000 nodes and 4 MiB of output.",
    ],
    examples: &[
        ("printf 'a:\\n  b: [x, y]\\n' | yq '.a.b[0]'", "x\n"),
        (
            "printf '# ours\\na: 1.10 # old\\nb: \"2\"\\n' | yq '.c = \"yes\"'",
            "# ours\na: 1.10 # old\nb: \"2\"\nc: yes\n",
        ),
        ("printf 'a: [1, x]\\n' | yq -o=json -I0", "{\"a\":[1,\"x\"]}\n"),
        ("printf '{a: [1, x]}\\n' | yq -P", "a:\n  - 1\n  - x\n"),
        ("printf 'a: 1\\n' | yq '.a | now'", "Error: 'now' is not simulated: `man yq` says what is not\n"),
    ],
    step,
    ..Decl::BLANK
}];

/// How results are written.
struct Output {
    json: bool,
    unwrap: bool,
    pretty: bool,
    separate: bool,
    indent: usize,
}

impl Output {
    fn write(&self, tree: &mut Tree, id: Id, out: &mut String) -> Res<()> {
        let n = tree.at(id);
        let scalar = n.kind == Kind::Scalar;
        if !self.json {
            leading(&n.lead, self.separate, out);
        }
        if scalar && self.unwrap {
            let n = tree.at(id);
            out.push_str(&n.text);
            if n.lead.is_empty() || !n.text.is_empty() {
                out.push('\n');
            }
            return Ok(());
        }
        if self.json {
            out.push_str(&emit::json(tree, id, self.indent)?);
            out.push('\n');
            return Ok(());
        }
        let document = tree.document(id);
        if let Some((_, line)) = tree.odd.iter().find(|(d, _)| *d == document) {
            return Err(format!("the comment on line {line} is in a place that is not simulated"));
        }
        if self.pretty {
            plain(tree, id, false);
        }
        out.push_str(&emit::yaml(tree, id, self.indent)?);
        Ok(())
    }
}

/// What stood before a document.
fn leading(lead: &str, separators: bool, out: &mut String) {
    for line in lead.lines() {
        if line.trim() == "---" {
            out.push_str(if separators { "---\n" } else { "" });
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
}

/// Takes the styles from everything, or from everything but the strings that older readers take for truth values.
fn plain(tree: &mut Tree, id: Id, whole: bool) {
    let mut all = vec![id];
    while let Some(id) = all.pop() {
        let n = tree.at(id);
        all.extend(n.items.iter().copied());
        let old = ["y", "yes", "n", "no", "on", "off"].iter().any(|w| n.text.eq_ignore_ascii_case(w));
        if whole || !(n.tag == "!!str" && old) {
            tree.change(id, |n| (n.style, n.tagged) = (Style::Plain, false));
        }
    }
}

fn fail(c: &mut Ctx<'_>, why: &str) -> Step {
    c.p.err.push_str(&format!("Error: {why}\n"));
    Step::Exit(1)
}

fn step(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let option = |name: &str| a.get(name).map(|v| v.trim_start_matches('='));
    let mut words: Vec<String> = a.rest.clone();
    match words.first().map(String::as_str) {
        Some("e" | "eval") => drop(words.remove(0)),
        Some("ea" | "eval-all") => return fail(c, "'eval-all' is not simulated: `man yq` says what is not"),
        _ => {}
    }
    let file = words.first().map(|w| c.full(w)).and_then(|full| c.stat(&full)).is_some_and(|s| !s.dir);
    let expression = if file || words.is_empty() { ".".to_owned() } else { words.remove(0) };
    // A file's name tells its format, which is that of the output too.
    let end = words.first().and_then(|w| w.rsplit('/').next()?.rsplit_once('.')).map(|(_, end)| end.to_owned());
    let named = match end.as_deref() {
        Some(e @ ("json" | "xml" | "toml" | "hcl" | "tf" | "lua" | "csv" | "tsv" | "properties" | "ini")) => e,
        _ => "yaml",
    };
    let format = |name: &str| match name {
        "json" | "j" => Ok(true),
        "yaml" | "y" | "yml" => Ok(false),
        other => Err(format!("the format '{other}' is not simulated, please use [yaml|json]")),
    };
    let input = option("p").filter(|p| !matches!(*p, "auto" | "a")).unwrap_or(named);
    let wanted = option("o").filter(|o| !matches!(*o, "auto" | "a")).unwrap_or(if a.has("j") { "json" } else { input });
    let (from_json, json) = match (format(input), format(wanted)) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(why), _) | (_, Err(why)) => return fail(c, &why),
    };
    let unwrap = match option("r") {
        Some("false") => false,
        Some(_) => true,
        None => !json,
    };
    let Ok(indent) = option("I").unwrap_or("2").parse::<usize>() else {
        return fail(c, "invalid argument for \"-I, --indent\" flag");
    };
    let output = Output { json, unwrap, pretty: a.has("P"), separate: !a.has("N"), indent: indent.min(20) };
    let expression = match expr::parse(&expression) {
        Ok(e) => e,
        Err(why) => return fail(c, &why),
    };
    if a.has("i") && (words.is_empty() || a.has("n")) {
        return fail(c, "write in place flag only applicable when giving an expression and at least one file");
    }
    if words.is_empty() && !a.has("n") {
        words.push("-".to_owned());
    }
    if words.iter().any(|w| w == "-")
        && let Some(step) = super::take_stdin(c)
    {
        return step;
    }
    let exported: Vec<(String, String)> =
        c.p.env.iter().filter(|(_, v)| v.exported).map(|(k, v)| (k.clone(), v.text.clone())).collect();
    let env = |name: &str| exported.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let mut run = Run::new(&env);
    let mut documents = Vec::new();
    if a.has("n") {
        documents.extend(run.tree.add(Node::scalar("!!null", "")));
    }
    for name in words.iter().filter(|_| !a.has("n")) {
        let text = match name.as_str() {
            "-" => std::mem::take(&mut c.tool.text),
            name => match c.load(name) {
                Ok(text) => text,
                Err(why) => return fail(c, &format!("open {name}: {}", why.to_lowercase())),
            },
        };
        match read::documents(&mut run.tree, &text, documents.len()) {
            Ok(more) => {
                for id in more {
                    if from_json {
                        plain(&mut run.tree, id, true);
                    }
                    documents.push(id);
                }
            }
            Err(why) => return fail(c, &format!("bad file '{name}': {why}")),
        }
    }
    let (mut out, mut truth, mut before) = (String::new(), false, None);
    for document in documents {
        let found = match run.results(expression.as_ref(), document) {
            Ok(found) => found,
            Err(why) => {
                c.p.out.push_str(&out);
                return fail(c, &why);
            }
        };
        for id in found {
            let (n, document) = (run.tree.at(id), run.tree.document(id));
            let separated = n.lead.lines().next().is_some_and(|l| l.trim() == "---");
            if output.separate && !json && !separated && before.is_some_and(|b| b != document) {
                out.push_str("---\n");
            }
            before = Some(document);
            truth |= !n.is_null() && (n.tag != "!!bool" || n.text != "false");
            let written = output.write(&mut run.tree, id, &mut out);
            if let Err(why) = written.and_then(|()| if out.len() > OUTPUT_MAX { Err(node::memory()) } else { Ok(()) }) {
                return fail(c, &why);
            }
        }
    }
    match words.first().filter(|_| a.has("i")) {
        Some(name) => {
            let full = c.full(name);
            if let Err(why) = replace(c, &full, out) {
                return fail(c, &format!("open {name}: {}", why.to_lowercase()));
            }
        }
        None => c.p.out.push_str(&out),
    }
    if a.has("e") && !truth {
        return fail(c, "no matches found");
    }
    Step::Exit(0)
}
