//! Words to arguments: variables, substitutions, splitting, patterns. It stops at a `$(…)` whose output is not known yet,
//! the shell runs that, and expansion begins again with one more output; what the first attempt assigned is taken back.

use crate::console::brace;
use crate::console::host::{ConsoleHost, Source};
use crate::console::path;
use crate::console::pattern;
use crate::console::process::{Fd, Shell};
use crate::console::syntax::{Node, Part, Word};
use crate::scenario::ObservedKind;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod assign;
mod field;
mod lookup;
mod param;
mod prompt;
mod transform;

pub use assign::{Assigned, Evaluated};
use field::Fields;
pub use field::read_fields;
pub use transform::flags;

/// Most arguments of one command.
const MAX_WORDS: usize = 120_000;
/// Longest text of all arguments of one command, in characters.
const MAX_CHARS: usize = 4 << 20;

/// What something was read from.
pub type Sources = BTreeSet<Source>;

/// A text with what it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Val {
    /// Text.
    pub text: String,
    /// Sources.
    pub sources: Sources,
    /// Whether child processes get it.
    pub exported: bool,
    /// Exit status of the command that printed it.
    pub status: i32,
}

/// Why expansion stopped.
pub enum Stop {
    /// The output of this command is needed.
    Need(Arc<Node>),
    /// The command is not carried out. In bash's words.
    Error(String),
    /// The rest of the line is not carried out either.
    Discard(String),
    /// A shell that is not interactive ends.
    Fatal(String),
}

/// Where words are expanded.
pub struct Env<'a> {
    /// World.
    pub host: &'a dyn ConsoleHost,
    /// Host's name.
    pub on: &'a str,
    /// Current directory.
    pub cwd: &'a str,
    /// User.
    pub user: &'a str,
    /// The shell's own id.
    pub pid: u32,
    /// Its parent's.
    pub ppid: u32,
    /// Milliseconds since the opening.
    pub now_ms: u64,
    /// The shell.
    pub sh: &'a mut Shell,
    /// Outputs of the substitutions so far, in order.
    pub outputs: &'a [Val],
    /// How many of them are used.
    pub used: usize,
    /// Sources of everything that went into the words.
    pub sources: Sources,
    /// Descriptors above 2 that are in use.
    pub more: &'a BTreeMap<u32, Fd>,
    /// Commands of `<(…)` and `>(…)`.
    pub beside: Vec<Beside>,
    /// Assignments behind `declare` and its like, by the argument's position.
    pub assigned: Vec<(usize, Evaluated)>,
    /// `declare -A` stands before them: the arrays have keys.
    pub keyed: bool,
    /// Lines for `set -x`.
    pub traces: Vec<String>,
    /// Problems that are told and change nothing else.
    pub warnings: Vec<String>,
}

/// A command of `<(…)` or `>(…)`, which runs beside the one that names it.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Descriptor that stands for it.
    pub fd: u32,
    /// The command.
    pub node: Arc<Node>,
    /// It is written to: `>(…)`.
    pub sink: bool,
}

/// How text goes into fields.
#[derive(Clone, Copy, Default)]
struct Mode {
    /// Inside double quotes.
    quoted: bool,
    /// Unquoted literal text is split, as in `${x:-a b}`.
    split: bool,
    /// One text comes out: nothing is split.
    text: bool,
}

/// Text with a mark on what was quoted.
pub type Chars = Vec<(char, bool)>;

/// What a part stands for.
enum Got {
    /// No such variable.
    None,
    /// One text.
    One(String),
    /// A list, as `"$@"` gives it.
    Many(Vec<String>),
    /// A list that is joined when quoted, as `"$*"`.
    Star(Vec<String>),
}

impl Env<'_> {
    /// Expands words to arguments.
    pub fn words(&mut self, words: &[Word]) -> Result<Vec<String>, Stop> {
        let mut out = Vec::new();
        let mut size = 0usize;
        for word in words {
            if let [Part::Assign(assign)] = word.0.as_slice() {
                self.keyed = out.iter().any(|w: &String| w.starts_with('-') && w.contains('A'));
                let value = self.evaluate(assign)?;
                self.keyed = false;
                out.push(value.shown());
                self.assigned.push((out.len() - 1, value));
                continue;
            }
            if brace::has_braces(word) && !self.sh.opts.no_braces {
                for word in brace::expand(word).map_err(Stop::Discard)? {
                    self.one_word(&word, &mut out)?;
                }
            } else {
                self.one_word(word, &mut out)?;
            }
            size += out.last().map_or(0, String::len);
            if out.len() > MAX_WORDS || size > MAX_CHARS {
                return Err(Stop::Error("Argument list too long".to_owned()));
            }
        }
        Ok(out)
    }

    fn one_word(&mut self, word: &Word, out: &mut Vec<String>) -> Result<(), Stop> {
        if let [Part::Lit(text)] = word.0.as_slice()
            && !text.contains(['*', '?', '[', '('])
        {
            out.push(text.clone());
            return Ok(());
        }
        let mut fields = Fields::new(self.separators());
        self.parts(&word.0, Mode::default(), &mut fields)?;
        for field in fields.finish() {
            if !self.sh.opts.noglob && pattern::is_pattern(&field, self.sh.opts.extglob) {
                let mut found = self.glob(&field);
                if let Some(ignored) = self.lookup("GLOBIGNORE").filter(|t| !t.is_empty()) {
                    // Names that begin with a dot are not hidden from then on.
                    let dotglob = std::mem::replace(&mut self.sh.opts.dotglob, true);
                    found = self.glob(&field);
                    self.sh.opts.dotglob = dotglob;
                    found.retain(|f| !matches!(path::base(f), "." | "..") && !path::ignored(&ignored, f));
                }
                if !found.is_empty() {
                    let dir = found.first().map(|f| path::parent(&path::absolute(self.cwd, f)).to_owned());
                    self.sources.insert(Source {
                        what: ObservedKind::Files,
                        target: format!("{}:{}", self.on, dir.unwrap_or_default()),
                        service: self.host.service_of(self.on),
                        user_facing: false,
                    });
                    out.extend(found);
                    continue;
                }
                if self.sh.opts.failglob {
                    let text: String = field.into_iter().map(|(c, _)| c).collect();
                    let why = format!("no match: {text}");
                    return Err(if self.sh.opts.errexit { Stop::Fatal(why) } else { Stop::Discard(why) });
                }
                if self.sh.opts.nullglob {
                    continue;
                }
            }
            out.push(field.into_iter().map(|(c, _)| c).collect());
        }
        Ok(())
    }

    fn glob(&self, field: &[(char, bool)]) -> Vec<String> {
        path::glob(self.host, self.on, self.cwd, field, &self.sh.opts)
    }

    /// Expands a word to one text, without splitting or patterns.
    pub fn text(&mut self, word: &Word) -> Result<String, Stop> {
        Ok(self.pattern(word)?.into_iter().map(|(c, _)| c).collect())
    }

    /// Expands parts to one text, as between double quotes.
    pub fn quoted_text(&mut self, parts: &[Part]) -> Result<String, Stop> {
        let mut fields = Fields::new(self.separators());
        self.parts(parts, Mode { quoted: true, split: false, text: true }, &mut fields)?;
        Ok(fields.joined().into_iter().map(|(c, _)| c).collect())
    }

    /// Expands a word to one pattern.
    pub fn pattern(&mut self, word: &Word) -> Result<Chars, Stop> {
        let mut fields = Fields::new(self.separators());
        self.parts(&word.0, Mode { quoted: false, split: false, text: true }, &mut fields)?;
        Ok(fields.joined())
    }

    fn parts(&mut self, parts: &[Part], mode: Mode, out: &mut Fields) -> Result<(), Stop> {
        for part in parts {
            self.part(part, mode, out)?;
            if out.len() > MAX_CHARS {
                return Err(Stop::Discard(format!("xrealloc: cannot allocate {} bytes", out.len() * 4)));
            }
        }
        Ok(())
    }

    fn part(&mut self, part: &Part, mode: Mode, out: &mut Fields) -> Result<(), Stop> {
        match part {
            Part::Lit(t) if mode.split && !mode.quoted => out.split(t),
            Part::Lit(t) => out.push(t, mode.quoted),
            Part::Quoted(t) => out.push(t, true),
            Part::Home(name) => {
                let home = self.home(name);
                out.push(&home, true);
            }
            Part::Double(inner) => {
                // `"$@"` without parameters is no argument at all.
                let list = !inner.is_empty()
                    && inner.iter().all(|p| {
                        matches!(p, Part::Var { name, index, .. }
                        if name == "@" || matches!(index, Some(crate::console::syntax::Index::At)))
                    });
                if !list {
                    out.push("", true);
                }
                self.parts(inner, Mode { quoted: true, ..mode }, out)?;
            }
            Part::Var { name, index, indirect, op } => {
                if let Some(word) = self.word_instead(name, index.as_ref(), *indirect, op, mode)? {
                    let inner = Mode { split: !mode.text, ..mode };
                    return self.parts(&word.0, inner, out);
                }
                let got = self.variable(name, index.as_ref(), *indirect, op)?;
                self.put(got, mode, out);
            }
            Part::Command(node) => {
                let text = self.output(node)?.text;
                self.put(Got::One(text.trim_end_matches('\n').to_owned()), mode, out);
            }
            Part::Process(node, sink) => {
                let free = |n: &u32| !self.more.contains_key(n) && self.beside.iter().all(|b| b.fd != *n);
                let Some(fd) = (3..64u32).rev().find(free) else {
                    return Err(Stop::Error(
                        "cannot make pipe for process substitution: Too many open files".to_owned(),
                    ));
                };
                self.beside.push(Beside { fd, node: node.clone(), sink: *sink });
                out.push(&format!("/dev/fd/{fd}"), true);
            }
            Part::Arith(parts) => {
                let n = self.arithmetic(parts)?;
                self.put(Got::One(n.to_string()), mode, out);
            }
            Part::Assign(assign) => {
                let shown = self.evaluate(assign)?.shown();
                out.push(&shown, true);
            }
        }
        Ok(())
    }

    fn output(&mut self, node: &Arc<Node>) -> Result<Val, Stop> {
        let Some(v) = self.outputs.get(self.used) else { return Err(Stop::Need(node.clone())) };
        self.used += 1;
        // `$?` behind it is its status.
        self.sh.status = v.status;
        self.sources.extend(v.sources.iter().cloned());
        Ok(v.clone())
    }

    fn put(&mut self, got: Got, mode: Mode, out: &mut Fields) {
        match got {
            Got::None => {}
            Got::One(t) if mode.quoted || mode.text => out.push(&t, mode.quoted),
            Got::One(t) => out.split(&t),
            Got::Star(list) if mode.quoted || mode.text => {
                let joint = self.joint();
                out.push(&list.join(&joint), mode.quoted);
            }
            Got::Many(list) if mode.text => out.push(&list.join(" "), mode.quoted),
            Got::Many(list) | Got::Star(list) => {
                for (i, t) in list.iter().enumerate() {
                    if i > 0 {
                        out.cut();
                    }
                    if mode.quoted {
                        out.push(t, true);
                    } else {
                        out.split(t);
                    }
                }
            }
        }
    }

    /// The value of an expression whose parts are expanded first.
    pub fn arithmetic(&mut self, parts: &[Part]) -> Result<i64, Stop> {
        let text = self.quoted_text(parts)?;
        self.evaluate_text(&text)
    }

    /// The value of an expression.
    pub fn evaluate_text(&mut self, text: &str) -> Result<i64, Stop> {
        let mut names = lookup::EnvNames { env: self };
        crate::console::arith::eval(text, &mut names).map_err(|why| {
            // As anywhere else, a variable that is not set ends the shell.
            if why.ends_with(": unbound variable") { Stop::Fatal(why) } else { Stop::Discard(why) }
        })
    }

    fn home(&self, name: &str) -> String {
        match name {
            "" => self.lookup("HOME").unwrap_or_else(|| path::home(self.user)),
            "+" => self.cwd.to_owned(),
            "-" => self.lookup("OLDPWD").unwrap_or_else(|| "~-".to_owned()),
            "root" => "/root".to_owned(),
            n if self.host.stat(self.on, &format!("/home/{n}")).is_some() || n == self.user => format!("/home/{n}"),
            n => format!("~{n}"),
        }
    }

    fn separators(&self) -> String {
        self.lookup("IFS").unwrap_or_else(|| " \t\n".to_owned())
    }

    fn joint(&self) -> String {
        match self.lookup("IFS") {
            None => " ".to_owned(),
            Some(ifs) => ifs.chars().take(1).collect(),
        }
    }
}
