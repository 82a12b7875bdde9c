//! Loops and `case`: what comes after a condition, a body or a value.

use super::{fail, set};
use crate::console::expand::{Sources, Stop};
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::pattern::Pattern;
use crate::console::process::{Frame, Proc, Reading, Shell};
use crate::console::syntax::{CaseEnd, Node};
use crate::console::var::{Value, Var};
use std::sync::Arc;

/// The condition of a `while` or `until` was evaluated.
pub(super) fn condition(sh: &mut Shell, node: Arc<Node>, last: i32) {
    let Node::Loop { body, until, .. } = node.as_ref() else { return };
    if (sh.status == 0) != *until {
        let body = body.clone();
        sh.frames.push(Frame::LoopBody(node));
        sh.frames.push(Frame::Run(body, Vec::new()));
    } else {
        sh.status = last;
    }
}

/// The body of a `while` or `until` ended.
pub(super) fn again(sh: &mut Shell, node: Arc<Node>) {
    let Node::Loop { cond, .. } = node.as_ref() else { return };
    let cond = cond.clone();
    sh.frames.push(Frame::Loop(node, sh.status));
    sh.frames.push(Frame::Run(cond, Vec::new()));
}

/// The first line of a `for`, as `set -x` and `BASH_COMMAND` show it.
pub(super) fn head(node: &Node) -> String {
    let text = crate::console::print::command(node);
    let head = text.lines().next().unwrap_or_default();
    head.strip_suffix(';').unwrap_or(head).to_owned()
}

impl Console {
    pub(super) fn next_value(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: Arc<Node>,
        values: Arc<[String]>,
        at: usize,
        sources: Sources,
        host: &dyn ConsoleHost,
    ) {
        let (Node::For { var, body, .. }, Some(value)) = (node.as_ref(), values.get(at)) else { return };
        let again = Frame::For(node.clone(), values.clone(), at, sources.clone());
        if self.debug_trap(sh, &node, again) {
            return;
        }
        if sh.opts.xtrace {
            self.trace(p, sh, &head(&node), host);
        }
        match sh.vars.raw(var).filter(|v| v.nameref).cloned() {
            // A reference is made to lead to each of the names.
            Some(v) => sh.vars.put(var, Some(Var { value: Value::Text(value.clone()), ..v })),
            None => {
                if let Err(why) = sh.store(var, None, value, false, sources.clone(), self.now_ms) {
                    return fail(p, sh, 1, &why);
                }
            }
        }
        let body = body.clone();
        sh.frames.push(Frame::For(node, values, at + 1, sources));
        sh.frames.push(Frame::Run(body, Vec::new()));
    }

    pub(super) fn next_arithmetic(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: Arc<Node>,
        step: bool,
        host: &mut dyn ConsoleHost,
    ) {
        let Node::ForArith { parts: [_, cond, after], body } = node.as_ref() else { return };
        let status = sh.status;
        let again = Frame::ForArith(node.clone(), step);
        let go_on = self.evaluated(p, sh, again, host, |e| {
            if step {
                e.arithmetic(after)?;
            }
            Ok(cond.is_empty() || e.arithmetic(cond)? != 0)
        });
        match go_on {
            Some(true) => {
                let body = body.clone();
                sh.frames.push(Frame::ForArith(node, true));
                sh.frames.push(Frame::Run(body, Vec::new()));
            }
            Some(false) => sh.status = if step { status } else { 0 },
            None => {}
        }
    }

    pub(super) fn next_choice(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: Arc<Node>,
        values: Arc<[String]>,
        asked: bool,
    ) {
        let Node::For { var, body, .. } = node.as_ref() else { return };
        let reply = sh.vars.get("REPLY").and_then(|v| v.text()).unwrap_or_default().trim().to_owned();
        if asked && sh.status != 0 {
            p.out.push('\n');
            sh.status = 1;
            return;
        }
        if !asked || reply.is_empty() {
            let width = values.len().to_string().len();
            for (i, v) in values.iter().enumerate() {
                p.err.push_str(&format!("{:>width$}) {v}\n", i + 1));
            }
        }
        if asked && !reply.is_empty() {
            let chosen = reply.parse::<usize>().ok().and_then(|n| values.get(n.checked_sub(1)?)).cloned();
            set(p, sh, var, &chosen.unwrap_or_default(), p.sources.clone());
            let body = body.clone();
            // After the body it asks again; that the answer is empty by then makes no difference.
            sh.frames.push(Frame::Select(node, values, false));
            sh.frames.push(Frame::Run(body, Vec::new()));
            return;
        }
        let prompt = sh.vars.get("PS3").and_then(|v| v.text()).unwrap_or("#? ").to_owned();
        p.err.push_str(&prompt);
        sh.frames.push(Frame::Select(node, values, true));
        sh.frames.push(Frame::Read(Box::new(Reading {
            names: vec!["REPLY".to_owned()],
            raw: true,
            delimiter: '\n',
            ..Reading::default()
        })));
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn next_case(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: Arc<Node>,
        at: usize,
        fall: bool,
        subject: String,
        host: &mut dyn ConsoleHost,
    ) {
        let Node::Case { arms, .. } = node.as_ref() else { return };
        if fall {
            case_body(sh, &node, at, subject);
            return;
        }
        let again = Frame::Case(node.clone(), at, false, subject.clone());
        let hit = self.evaluated(p, sh, again, host, |e| {
            for (i, arm) in arms.iter().enumerate().skip(at) {
                for word in &arm.patterns {
                    let chars = e.pattern(word)?;
                    if Pattern::new(&chars, e.sh.opts.extglob, e.sh.opts.nocasematch).matches(&subject) {
                        return Ok(Some(i));
                    }
                }
            }
            Ok(None)
        });
        if let Some(Some(i)) = hit {
            case_body(sh, &node, i, subject);
        }
    }

    /// Expands something inside a frame other than [`Frame::Run`]: substitutions are not available there.
    fn evaluated<T>(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        _again: Frame,
        host: &dyn ConsoleHost,
        f: impl FnOnce(&mut crate::console::expand::Env<'_>) -> Result<T, Stop>,
    ) -> Option<T> {
        let mut env = self.env(p, sh, &[], host);
        match f(&mut env) {
            Ok(v) => Some(v),
            Err(stop) => {
                let message = match stop {
                    Stop::Error(m) | Stop::Discard(m) | Stop::Fatal(m) => m,
                    Stop::Need(_) => "command substitution is not available here".to_owned(),
                };
                fail(p, sh, 1, &message);
                None
            }
        }
    }
}

/// Runs the body of an alternative; how it ends decides what follows.
pub(super) fn case_body(sh: &mut Shell, node: &Arc<Node>, at: usize, subject: String) {
    let Node::Case { arms, .. } = node.as_ref() else { return };
    let Some(arm) = arms.get(at) else { return };
    match arm.end {
        CaseEnd::Break => {}
        CaseEnd::Fall => sh.frames.push(Frame::Case(node.clone(), at + 1, true, subject)),
        CaseEnd::Next => sh.frames.push(Frame::Case(node.clone(), at + 1, false, subject)),
    }
    sh.frames.push(Frame::Run(arm.body.clone(), Vec::new()));
}
