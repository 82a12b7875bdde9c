//! Scripts: texts that are parsed and carried out line by line, as bash does, so that what stands before an error runs.

use super::{fail, undo, unwind};
use crate::console::machine::Console;
use crate::console::parse::{self, Aliases, Manner, ParseError};
use crate::console::process::{Fd, Frame, Proc, Script, ScriptKind, Shell};
use crate::console::var::{Value, Vars};
use std::sync::Arc;

const MAX_SCRIPT: usize = 512 * 1024;

impl Script {
    /// A text from its beginning.
    pub(crate) fn new(text: &str, line: u32, kind: ScriptKind) -> Script {
        let mut cut = text.len().min(MAX_SCRIPT);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        Script { text: text.get(..cut).unwrap_or_default().into(), at: 0, line, kind }
    }
}

impl Console {
    /// Carries out the next line of a script.
    pub(super) fn script(&mut self, p: &mut Proc, sh: &mut Shell, mut s: Script) {
        let rest = s.text.get(s.at..).unwrap_or_default();
        if rest.trim().is_empty() {
            let sourced = matches!(s.kind, ScriptKind::Source(..));
            if sourced && self.return_trap(sh, Frame::Script(s.clone())) {
                return;
            }
            undo(p, sh, Frame::Script(s));
            return;
        }
        let none = Aliases::new();
        let aliases = if sh.opts.expand_aliases { sh.aliases.clone() } else { Arc::new(none) };
        match parse::next(rest, s.line, Manner { aliases: &aliases, extglob: sh.opts.extglob }) {
            Ok(next) => {
                for (line, why) in &next.warnings {
                    p.sources.clear();
                    p.err.push_str(&format!("{}: line {line}: {why}\n", sh.file()));
                }
                if sh.opts.verbose && s.kind == ScriptKind::Main {
                    let read = rest.get(..next.bytes).unwrap_or_default();
                    p.err.push_str(&format!("{}\n", read.strip_suffix('\n').unwrap_or(read)));
                }
                s.at = s.at.saturating_add(next.bytes.max(1));
                s.line = next.line;
                sh.frames.push(Frame::Script(s));
                if !sh.opts.noexec || sh.interactive {
                    sh.frames.extend(next.node.map(|n| Frame::Run(n, Vec::new())));
                }
            }
            Err(error) => self.script_error(p, sh, s, error),
        }
    }

    fn script_error(&mut self, p: &mut Proc, sh: &mut Shell, s: Script, error: ParseError) {
        let rest = s.text.get(s.at..).unwrap_or_default();
        let name = match &s.kind {
            ScriptKind::Source(name, _) => name.clone(),
            ScriptKind::Main if sh.from_text => format!("{}: -c", sh.name),
            ScriptKind::Eval => format!("{}: eval", if sh.interactive { "-bash" } else { &sh.name }),
            _ if sh.interactive => "-bash".to_owned(),
            _ => sh.name.clone(),
        };
        let ParseError { line, message, status, fatal, .. } = error;
        let mut said: Vec<String> = message.lines().map(str::to_owned).collect();
        if message.starts_with("syntax error near") {
            let at = usize::try_from(line.saturating_sub(s.line)).unwrap_or(0);
            said.push(format!("`{}'", rest.lines().nth(at).unwrap_or_default()));
        }
        p.sources.clear();
        for words in said {
            p.err.push_str(&format!("{name}: line {line}: {words}\n"));
        }
        let main = s.kind == ScriptKind::Main;
        sh.status = status.unwrap_or(if main { sh.status } else { 2 });
        if status == Some(1) && !sh.interactive {
            // What is wrong inside an array is wrong with that line alone.
            let lines = usize::try_from(line.saturating_sub(s.line)).unwrap_or(0) + 1;
            let bytes: usize = rest.split_inclusive('\n').take(lines).map(str::len).sum();
            let at = s.at + bytes;
            sh.frames.push(Frame::Script(Script { at, line: line + 1, ..s }));
            return;
        }
        undo(p, sh, Frame::Script(s));
        if main {
            unwind(p, sh, 0);
        } else if fatal && !sh.interactive {
            self.give_up(p, sh);
        }
    }

    /// Ends a shell for an error that it does not go on after; the EXIT trap still runs.
    pub(super) fn give_up(&mut self, p: &mut Proc, sh: &mut Shell) {
        let status = if sh.from_text && sh.subshell == 0 { 127 } else { 1 };
        sh.signals.clear();
        unwind(p, sh, 0);
        sh.frames.push(Frame::Exit(status));
        sh.status = status;
        if let Some(text) = sh.traps.remove("EXIT").filter(|t| !t.is_empty()) {
            sh.frames.push(Frame::Script(Script::new(&text, sh.line, ScriptKind::Eval)));
        }
    }

    /// Drops the rest of the line that a script is at, as bash does after an error in an expansion.
    pub(crate) fn discard(&mut self, p: &mut Proc, sh: &mut Shell, message: &str) {
        fail(p, sh, 1, message);
        // The text that it stands in goes on with its next line, but no subshell does.
        let text = |f: &Frame| matches!(f, Frame::Script(_));
        let keep = if sh.subshell > 0 { None } else { sh.frames.iter().rposition(text) };
        let keep = keep.map_or(0, |i| i + 1);
        unwind(p, sh, keep);
        sh.status = 1;
    }

    /// A shell that carries out a text, with the environment of a process.
    pub(crate) fn shell_for(&self, p: &Proc, text: &str, name: &str, args: Vec<String>) -> Shell {
        let mut env = p.env.clone();
        let level = env.get("SHLVL").and_then(|v| v.text.parse::<u32>().ok()).unwrap_or(0);
        let level = (level + 1).min(1000).to_string();
        env.entry("SHLVL".to_owned()).or_default().text = level;
        for (k, v) in [("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"), ("TERM", "dumb")] {
            env.entry(k.to_owned()).or_insert_with(|| crate::console::expand::Val {
                text: v.to_owned(),
                ..crate::console::expand::Val::default()
            });
        }
        // Exported functions travel as variables.
        let mut functions = std::collections::BTreeMap::new();
        let mut exported = std::collections::BTreeSet::new();
        for (key, v) in &env {
            let Some(name) = key.strip_prefix("BASH_FUNC_").and_then(|k| k.strip_suffix("%%")) else { continue };
            if let Ok(node) = parse::whole(&format!("{name} {}", v.text), 1, parse::PLAIN, true)
                && let crate::console::syntax::Node::List(items) = node.as_ref()
                && let Some(crate::console::syntax::Node::Function { body, .. }) =
                    items.first().map(|i| i.node.as_ref())
            {
                functions.insert(name.to_owned(), body.clone());
                exported.insert(name.to_owned());
            }
        }
        env.retain(|k, _| !k.starts_with("BASH_FUNC_"));
        let mut vars = Vars::from_environment(&env);
        vars.shell_defaults();
        // Children are told where it is and was.
        if let Some(var) = vars.change("PWD") {
            var.value = Value::Text(p.cwd.clone());
            var.exported = true;
        }
        if let Some(var) = vars.change("OLDPWD") {
            var.exported = true;
        }
        let mut sh = Shell {
            functions: Arc::new(functions),
            exported: Arc::new(exported),
            vars,
            name: name.to_owned(),
            args,
            args_sources: p.sources.clone(),
            start_ms: i64::try_from(self.now_ms).unwrap_or(0),
            random: p.pid,
            ..Shell::default()
        };
        sh.frames.push(Frame::Script(Script::new(text, 1, ScriptKind::Main)));
        sh
    }

    /// A child shell that runs a text, for `ssh host cmd`, `watch` and their like.
    pub(crate) fn spawn_text(&mut self, p: &Proc, text: &str, fds: [Fd; 3]) -> Result<u32, String> {
        match parse::whole(text, 1, parse::PLAIN, true) {
            Ok(_) => {}
            Err(ParseError { line, message, .. }) => return Err(format!("bash: -c: line {line}: {message}")),
        }
        let Some(mut c) = self.child(p, fds, text) else {
            return Err("fork: Resource temporarily unavailable".to_owned());
        };
        let mut shell = self.shell_for(p, text, "bash", Vec::new());
        shell.from_text = true;
        c.shell = Some(Box::new(shell));
        let pid = c.pid;
        self.procs.insert(pid, c);
        Ok(pid)
    }
}
