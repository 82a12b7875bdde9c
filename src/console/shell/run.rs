//! Commands: what running each kind of node means.

use super::looping::{case_body, for_expression, is_blank};
use super::{abort, back, fail, fork_failed, saved};
use crate::console::condition;
use crate::console::escape;
use crate::console::expand::{Beside, Env, Sources, Stop, Val};
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::parse;
use crate::console::pattern::Pattern;
use crate::console::print;
use crate::console::process::{Fd, Frame, Proc, Selecting, Shell};
use crate::console::syntax::{Node, Part, Redir, RedirFd, RedirKind, Word};
use std::sync::Arc;

/// What an expansion gave, and what goes with it.
pub(super) struct Expanded<T> {
    pub value: T,
    pub sources: Sources,
    pub beside: Vec<Beside>,
}

impl Console {
    pub(super) fn run_node(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: Arc<Node>,
        outputs: Vec<Val>,
        host: &mut dyn ConsoleHost,
    ) {
        let first = outputs.is_empty();
        if sh.opts.noexec && !sh.interactive {
            return;
        }
        let single = matches!(*node, Node::Simple { .. } | Node::Arith(..) | Node::Cond(..) | Node::Case { .. });
        if single && !sh.in_debug {
            if first && self.debug_trap(sh, &node, Frame::Run(node.clone(), Vec::new())) {
                return;
            }
        }
        if (single || matches!(*node, Node::Subshell(_))) && !sh.in_debug && sh.in_traps == 0 {
            sh.present = Some(node.clone());
        }
        match node.as_ref() {
            Node::List(_) => sh.frames.push(Frame::List(node, 0)),
            Node::Group(inner) => sh.frames.push(Frame::Run(inner.clone(), Vec::new())),
            Node::AndOr { left, and, right } => {
                sh.frames.push(Frame::AndOr(right.clone(), *and));
                sh.frames.push(Frame::Run(left.clone(), Vec::new()));
            }
            Node::If { arms, .. } => {
                let cond = arms.first().map(|(cond, _)| Frame::Run(cond.clone(), Vec::new()));
                sh.frames.push(Frame::If(node.clone(), 0));
                sh.frames.extend(cond);
            }
            Node::Loop { cond, .. } => {
                sh.frames.push(Frame::Loop(node.clone(), 0));
                sh.frames.push(Frame::Run(cond.clone(), Vec::new()));
            }
            Node::Pipe { negate, time, parts } => {
                sh.at_line(first_line(&node));
                if parts.len() > 1 && !sh.opts.functrace && self.pipe_trap(sh, &node, parts.len()) {
                    return;
                }
                self.pipeline(p, sh, *negate, *time, parts);
            }
            Node::Subshell(inner) => {
                sh.at_line(first_line(inner));
                self.want_check(sh);
                match self.subshell(p, sh, inner.clone(), p.fds, "", false) {
                    Some(pid) => sh.frames.push(Frame::Wait(vec![pid])),
                    None => fork_failed(p, sh),
                }
            }
            Node::Function { name, .. } if name.contains(['$', '`', '"', '\'', '\\']) => {
                self.want_check(sh);
                fail(p, sh, 1, &format!("`{name}': not a valid identifier"));
            }
            Node::Function { name, body } => {
                let functions = Arc::make_mut(&mut sh.functions);
                if functions.len() < 500 {
                    functions.insert(name.clone(), body.clone());
                }
                let file = sh.file();
                if file != sh.name || sh.files.contains_key(name) {
                    Arc::make_mut(&mut sh.files).insert(name.clone(), file);
                }
                sh.status = 0;
            }
            Node::For { words, select, line, var, .. } => {
                sh.at_line(Some(*line));
                if !parse::is_name(var) {
                    self.want_check(sh);
                    return fail(p, sh, 1, &format!("`{var}': not a valid identifier"));
                }
                let args = sh.args.clone();
                let found = self.expanded(p, sh, &node, outputs, host, |e| match words {
                    Some(words) => e.words(words),
                    None => Ok(args),
                });
                let Some(found) = found else { return };
                sh.status = 0;
                self.attach(p, sh, found.beside);
                let values: Arc<[String]> = found.value.into();
                match select {
                    true if values.is_empty() => {}
                    true => sh.frames.push(Frame::Select(node.clone(), values, Selecting::Begun)),
                    false => sh.frames.push(Frame::For(node.clone(), values, 0, found.sources)),
                }
            }
            Node::ForArith { line, parts: [begin, ..], .. } => {
                let again = Frame::Run(node.clone(), Vec::new());
                if first && !is_blank(begin) && self.debug_trap(sh, &node, again) {
                    return;
                }
                sh.at_line(Some(*line));
                let done = self.expanded(p, sh, &node, outputs, host, |e| for_expression(e, begin));
                if done.is_some() {
                    sh.status = 0;
                    sh.frames.push(Frame::ForArith(node.clone(), false, Vec::new()));
                }
            }
            Node::Case { word, arms, line } => {
                sh.at_line(Some(*line));
                let hit = self.expanded(p, sh, &node, outputs, host, |e| {
                    let subject = e.text(word)?;
                    for (i, arm) in arms.iter().enumerate() {
                        for pattern in &arm.patterns {
                            let chars = e.pattern(pattern)?;
                            if Pattern::new(&chars, e.sh.opts.extglob, e.sh.opts.nocasematch).matches(&subject) {
                                return Ok((Some(i), subject));
                            }
                        }
                    }
                    Ok((None, subject))
                });
                let Some(hit) = hit else { return };
                self.trace(p, sh, &format!("case {} in", print::word(word)), host);
                sh.status = 0;
                if let (Some(i), subject) = hit.value {
                    case_body(sh, &node, i, subject);
                }
            }
            Node::Coproc { name, body } => self.coproc(p, sh, &node, name, body),
            Node::Arith(line, parts) => {
                if first {
                    self.want_check(sh);
                }
                sh.at_line(Some(*line));
                let value = self.expanded(p, sh, &node, outputs, host, |e| {
                    let text = e.quoted_text(parts)?;
                    match e.evaluate_text(&text) {
                        Err(Stop::Discard(m)) => Err(Stop::Error(format!("((: {m}"))),
                        other => other.map(|n| (n, text)),
                    }
                });
                if let Some(value) = value {
                    sh.status = i32::from(value.value.0 == 0);
                    self.trace(p, sh, &format!("(( {} ))", value.value.1), host);
                }
                sh.pipestatus = vec![sh.status];
            }
            Node::Cond(line, cond) => {
                if first {
                    self.want_check(sh);
                }
                sh.at_line(Some(*line));
                let holds = self.expanded(p, sh, &node, outputs, host, |e| condition::holds(e, cond));
                if let Some(holds) = holds {
                    sh.status = i32::from(!holds.value);
                }
                sh.pipestatus = vec![sh.status];
            }
            Node::Redirected { node: inner, redirs } => {
                let texts = self.expanded(p, sh, &node, outputs, host, |e| redir_texts(e, redirs));
                let Some(texts) = texts else { return };
                let keep = saved(p);
                self.attach_now(p, texts.beside, sh);
                match self.open(p, sh, redirs, &texts.value, texts.sources, host) {
                    Ok(()) => {
                        sh.frames.extend(back(p, &keep));
                        sh.frames.push(Frame::Run(inner.clone(), Vec::new()));
                    }
                    Err(message) => {
                        p.fds = keep.fds;
                        p.more = keep.more;
                        self.want_check(sh);
                        fail(p, sh, 1, &message);
                    }
                }
            }
            Node::Simple { line, .. } => {
                if first {
                    self.want_check(sh);
                    sh.substituted = None;
                }
                sh.at_line(Some(*line));
                self.simple(p, sh, &node, outputs, host);
            }
        }
    }

    pub(crate) fn env<'a>(
        &self,
        p: &'a Proc,
        sh: &'a mut Shell,
        outputs: &'a [Val],
        host: &'a dyn ConsoleHost,
    ) -> Env<'a> {
        Env {
            host,
            on: &p.host,
            cwd: &p.cwd,
            user: &p.user,
            pid: p.pid,
            ppid: p.ppid,
            now_ms: self.now_ms,
            sh,
            outputs,
            used: 0,
            sources: Sources::new(),
            more: &p.more,
            beside: Vec::new(),
            assigned: Vec::new(),
            keyed: false,
            traces: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Expands; if a substitution has to run first, arranges that and returns `None`.
    pub(super) fn expanded<T>(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: &Arc<Node>,
        outputs: Vec<Val>,
        host: &dyn ConsoleHost,
        f: impl FnOnce(&mut Env<'_>) -> Result<T, Stop>,
    ) -> Option<Expanded<T>> {
        let again = |outputs| Frame::Run(node.clone(), outputs);
        self.evaluated(p, sh, substitutes(node), outputs, again, host, f)
    }

    /// Expands; if a substitution has to run first, arranges that with the frame that begins again, and returns `None`.
    pub(super) fn evaluated<T>(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        substitutes: bool,
        outputs: Vec<Val>,
        again: impl FnOnce(Vec<Val>) -> Frame,
        host: &dyn ConsoleHost,
        f: impl FnOnce(&mut Env<'_>) -> Result<T, Stop>,
    ) -> Option<Expanded<T>> {
        // Only an expansion that may begin again has to be able to take back what it assigned.
        let before = substitutes.then(|| (sh.vars.clone(), sh.random, sh.last_random));
        // It begins again after each substitution, and `$?` with it.
        if outputs.is_empty() {
            sh.words_status = sh.status;
        } else {
            sh.status = sh.words_status;
        }
        let mut env = self.env(p, sh, &outputs, host);
        let stop = match f(&mut env) {
            Ok(value) => {
                let (sources, beside) = (env.sources, env.beside);
                let (traces, warnings) = (env.traces, env.warnings);
                for text in traces {
                    self.trace(p, sh, &text, host);
                }
                for why in warnings {
                    let status = sh.status;
                    fail(p, sh, status, &why);
                }
                return Some(Expanded { value, sources, beside });
            }
            Err(stop) => stop,
        };
        match stop {
            // A wrong regular expression is told by the status alone.
            Stop::Error(message) if message.is_empty() => sh.status = 2,
            Stop::Error(message) => fail(p, sh, 1, &message),
            Stop::Discard(message) => self.discard(p, sh, &message),
            Stop::Fatal(message) => {
                fail(p, sh, 1, &message);
                if sh.interactive {
                    abort(p, sh, 1);
                } else {
                    self.give_up(p, sh);
                }
            }
            Stop::Need(command) => {
                // The command sees what was assigned before it; the next attempt assigns that again.
                self.substitute(p, sh, again(outputs), &command);
                if let Some((vars, random, last)) = before {
                    sh.vars = vars;
                    sh.random = random;
                    sh.last_random = last;
                }
            }
        }
        None
    }

    /// Starts a command whose output a command needs.
    fn substitute(&mut self, p: &mut Proc, sh: &mut Shell, again: Frame, command: &Arc<Node>) {
        let file = reads_file(command);
        let command = file.as_ref().unwrap_or(command);
        let pipe = self.pipe();
        let [stdin, _, stderr] = p.fds;
        // The shell itself reads that pipe, as this frame.
        match self.subshell(p, sh, command.clone(), [stdin, Fd::Write(pipe), stderr], "", false) {
            Some(pid) => {
                if let Some(c) = self.procs.get_mut(&pid) {
                    c.sources.clear();
                    if let Some(s) = c.shell.as_mut() {
                        s.trace_level += 1;
                        let begins = first_line(command).map(|l| l + sh.line_shift).unwrap_or(sh.line);
                        s.line_shift = sh.line_shift + sh.line.saturating_sub(begins);
                        s.opts.errexit &= s.opts.inherit_errexit;
                    }
                }
                sh.frames.push(again);
                sh.frames.push(Frame::Output { pid, pipe, val: Val::default() });
            }
            None => fork_failed(p, sh),
        }
    }
}

/// `$(< file)` stands for what the file holds: the command that prints it.
pub(super) fn reads_file(node: &Node) -> Option<Arc<Node>> {
    let Node::List(items) = node else { return None };
    let [item] = items.as_slice() else { return None };
    let Node::Simple { line, assigns, words, redirs } = item.node.as_ref() else { return None };
    let [Redir { kind: RedirKind::In, fd: RedirFd::Number(0), .. }] = redirs.as_slice() else { return None };
    if !assigns.is_empty() || !words.is_empty() || item.background {
        return None;
    }
    let word = |t: &str| Word(vec![Part::Lit(t.to_owned())]);
    let words = vec![word("command"), word("cat")];
    Some(Arc::new(Node::Simple { line: *line, assigns: Vec::new(), words, redirs: redirs.clone() }))
}

/// The line on which a command begins, as far as its parts know.
fn first_line(node: &Node) -> Option<u32> {
    match node {
        Node::Simple { line, .. } | Node::For { line, .. } | Node::Case { line, .. } => Some(*line),
        Node::Arith(line, _) | Node::Cond(line, _) | Node::ForArith { line, .. } => Some(*line),
        Node::Pipe { parts, .. } => first_line(parts.first()?),
        Node::List(items) => first_line(&items.first()?.node),
        Node::AndOr { left, .. } => first_line(left),
        Node::If { arms, .. } => first_line(&arms.first()?.0),
        Node::Loop { cond, .. } => first_line(cond),
        Node::Subshell(inner) | Node::Group(inner) => first_line(inner),
        Node::Redirected { node, .. } => first_line(node),
        Node::Function { .. } | Node::Coproc { .. } => None,
    }
}

/// Whether a command holds a `$(…)` outside of nested commands.
fn substitutes(node: &Node) -> bool {
    let words = |w: &[Word]| w.iter().any(|w| part(&w.0));
    match node {
        Node::Simple { assigns, words: w, redirs, .. } => {
            words(w) || redirs.iter().any(|r| part(&r.word.0)) || !assigns.is_empty()
        }
        Node::For { words: w, .. } => w.as_deref().is_some_and(words),
        Node::ForArith { parts: [begin, ..], .. } => part(begin),
        Node::Arith(_, parts) => part(parts),
        _ => true,
    }
}

/// Whether parts of a word hold a `$(…)`, or something that may lead to one.
pub(super) fn part(parts: &[Part]) -> bool {
    parts.iter().any(|p| match p {
        Part::Command(_) | Part::Assign(_) => true,
        Part::Double(inner) | Part::Arith(inner) => part(inner),
        Part::Var { op, index, .. } => {
            !matches!(op, crate::console::syntax::VarOp::Plain | crate::console::syntax::VarOp::Bare)
                || matches!(index, Some(crate::console::syntax::Index::Of(w)) if part(&w.0))
        }
        _ => false,
    })
}

pub(super) fn redir_texts(e: &mut Env<'_>, redirs: &[Redir]) -> Result<Vec<String>, Stop> {
    let one = |r: &Redir| {
        // A file name is expanded like an argument, and has to come out as one.
        let pattern = r.word.0.iter().any(|p| match p {
            Part::Lit(t) => t.contains(['*', '?', '[', '{']),
            Part::Var { .. } | Part::Command(_) => true,
            _ => false,
        });
        let file = matches!(
            r.kind,
            crate::console::syntax::RedirKind::In
                | crate::console::syntax::RedirKind::Out
                | crate::console::syntax::RedirKind::Append
                | crate::console::syntax::RedirKind::Clobber
                | crate::console::syntax::RedirKind::Both
        );
        if pattern && file {
            let words = e.words(std::slice::from_ref(&r.word))?;
            return match words.as_slice() {
                [one] => Ok(one.clone()),
                _ => Err(Stop::Error(format!("{}: ambiguous redirect", print::word(&r.word)))),
            };
        }
        e.text(&r.word)
    };
    redirs.iter().map(one).collect()
}

/// Words as `set -x` prints them.
pub(super) fn traced(words: &[String]) -> String {
    words.iter().map(|w| trace_word(w)).collect::<Vec<_>>().join(" ")
}

pub(super) fn trace_word(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_-./:@%+,=^{}~#".contains(c));
    if plain { word.to_owned() } else { escape::single(word) }
}
