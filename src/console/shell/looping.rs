//! Loops and `case`: what comes after a condition, a body or a value.

use super::run::part;
use super::{fail, set};
use crate::console::expand::{Env, Sources, Stop, Val};
use crate::console::host::ConsoleHost;
use crate::console::machine::Console;
use crate::console::pattern::Pattern;
use crate::console::process::{Frame, Proc, Reading, Selecting, Shell};
use crate::console::syntax::{CaseEnd, Node, Part};
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

/// Whether an expression of `for (( ; ; ))` was left out.
pub(super) fn is_blank(parts: &[Part]) -> bool {
    parts.iter().all(|p| matches!(p, Part::Lit(t) if t.trim().is_empty()))
}

/// Evaluates an expression of `for (( ; ; ))`: whether it is not 0; one that was left out is true.
pub(super) fn for_expression(e: &mut Env<'_>, parts: &[Part]) -> Result<bool, Stop> {
    if is_blank(parts) {
        return Ok(true);
    }
    match e.arithmetic(parts) {
        Err(Stop::Discard(why)) => Err(Stop::Error(format!("((: {why}"))),
        other => Ok(other? != 0),
    }
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
        outputs: Vec<Val>,
        host: &mut dyn ConsoleHost,
    ) {
        let Node::ForArith { line, parts: [_, cond, after], body } = node.as_ref() else { return };
        let now = if step { after } else { cond };
        let again = |outputs| Frame::ForArith(node.clone(), step, outputs);
        if outputs.is_empty() && !is_blank(now) && self.debug_trap(sh, &node, again(Vec::new())) {
            return;
        }
        sh.at_line(Some(*line));
        let go_on = self.evaluated(p, sh, part(now), outputs, again, host, |e| for_expression(e, now));
        match go_on.map(|g| g.value) {
            Some(_) if step => sh.frames.push(Frame::ForArith(node, false, Vec::new())),
            Some(true) => {
                let body = body.clone();
                sh.frames.push(Frame::ForArith(node, true, Vec::new()));
                sh.frames.push(Frame::Run(body, Vec::new()));
            }
            // The status is that of the body, whatever the condition ran.
            Some(false) => sh.status = sh.words_status,
            None => {}
        }
    }

    pub(super) fn next_choice(
        &mut self,
        p: &mut Proc,
        sh: &mut Shell,
        node: Arc<Node>,
        values: Arc<[String]>,
        at: Selecting,
    ) {
        let Node::For { var, body, .. } = node.as_ref() else { return };
        let reply = sh.vars.get("REPLY").and_then(|v| v.text()).map(str::to_owned);
        let answer = reply.clone().unwrap_or_default();
        if at == Selecting::Answered && sh.status != 0 {
            p.out.push('\n');
            sh.status = 1;
            return;
        }
        if at == Selecting::Answered && !answer.is_empty() {
            let chosen = answer.trim().parse::<usize>().ok().and_then(|n| values.get(n.checked_sub(1)?)).cloned();
            set(p, sh, var, &chosen.unwrap_or_default(), p.sources.clone());
            let body = body.clone();
            sh.frames.push(Frame::Select(node, values, Selecting::Ran));
            sh.frames.push(Frame::Run(body, Vec::new()));
            return;
        }
        // Once it has chosen from the list, nobody sees it again but who answers with nothing.
        if at != Selecting::Ran || reply.is_some_and(|r| r.is_empty()) {
            let columns = sh.vars.get("COLUMNS").and_then(|v| v.text()?.parse().ok()).filter(|n| *n > 0).unwrap_or(80);
            p.err.push_str(&menu(&values, columns));
        }
        let prompt = sh.vars.get("PS3").and_then(|v| v.text()).unwrap_or("#? ").to_owned();
        p.err.push_str(&prompt);
        sh.frames.push(Frame::Select(node, values, Selecting::Answered));
        sh.frames.push(Frame::Read(Box::new(Reading { delimiter: '\n', ..Reading::default() })));
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
        outputs: Vec<Val>,
        host: &mut dyn ConsoleHost,
    ) {
        let Node::Case { arms, .. } = node.as_ref() else { return };
        if fall {
            case_body(sh, &node, at, subject);
            return;
        }
        let again = |outputs| Frame::Case(node.clone(), at, false, subject.clone(), outputs);
        let hit = self.evaluated(p, sh, true, outputs, again, host, |e| {
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
        if let Some(Some(i)) = hit.map(|h| h.value) {
            case_body(sh, &node, i, subject);
        }
    }
}

/// The choices of a `select`, numbered, in as many columns as fit; a list that fits one line is a column.
fn menu(values: &[String], columns: usize) -> String {
    let digits = |n: usize| n.to_string().len();
    let longest = values.iter().map(|v| v.chars().count()).max().unwrap_or(0);
    let wide = longest + digits(values.len()) + 4;
    let mut rows = values.len().div_ceil((columns / wide).max(1)).max(1);
    if rows == 1 {
        rows = values.len();
    }
    let mut out = String::new();
    for row in 0..rows {
        for (column, (i, value)) in values.iter().enumerate().skip(row).step_by(rows).enumerate() {
            let number = digits(if column == 0 { rows } else { values.len() });
            out.push_str(&format!("{:>number$}) {value}", i + 1));
            if i + rows < values.len() {
                let begin = column * wide;
                indent(&mut out, begin + number + 2 + value.chars().count(), begin + wide);
            }
        }
        out.push('\n');
    }
    out
}

/// Goes from a column to another one, with tabs where they lead there.
fn indent(out: &mut String, mut from: usize, to: usize) {
    while from < to {
        if to / 8 > from / 8 {
            out.push('\t');
            from += 8 - from % 8;
        } else {
            out.push(' ');
            from += 1;
        }
    }
}

/// Runs the body of an alternative; how it ends decides what follows.
pub(super) fn case_body(sh: &mut Shell, node: &Arc<Node>, at: usize, subject: String) {
    let Node::Case { arms, .. } = node.as_ref() else { return };
    let Some(arm) = arms.get(at) else { return };
    match arm.end {
        CaseEnd::Break => {}
        CaseEnd::Fall => sh.frames.push(Frame::Case(node.clone(), at + 1, true, subject, Vec::new())),
        CaseEnd::Next => sh.frames.push(Frame::Case(node.clone(), at + 1, false, subject, Vec::new())),
    }
    sh.frames.push(Frame::Run(arm.body.clone(), Vec::new()));
}
