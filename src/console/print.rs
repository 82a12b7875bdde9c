//! Syntax tree to text, as `declare -f` prints a function. What it prints parses to a tree that does the same; quotes may
//! be other ones than those that were typed, because the tree keeps what they meant.

use crate::console::syntax::{CaseEnd, Cond, Node, Redir, RedirFd, RedirKind, Timing, Word};

mod word;

pub use word::{expression, word};

/// A printer: what came so far, how deep it stands, and here-documents whose lines come after the present one.
#[derive(Default)]
struct Printer {
    out: String,
    indent: usize,
    here: Vec<(String, String)>,
    /// Commands of a list stand on lines of their own.
    lines: bool,
}

/// A function's definition, with a newline at its end.
pub fn function(name: &str, body: &Node) -> String {
    let mut p = Printer { lines: true, ..Printer::default() };
    p.function(name, body, false);
    p.flush_here();
    p.out.push('\n');
    p.out
}

/// A command on one line, as far as it goes on one.
pub fn command(node: &Node) -> String {
    let mut p = Printer::default();
    p.node(node);
    p.flush_here();
    p.out
}

/// A condition, as it stands between `[[` and `]]`.
pub fn condition(cond: &Cond) -> String {
    match cond {
        Cond::And(a, b) => format!("{} && {}", side(a), side(b)),
        Cond::Or(a, b) => format!("{} || {}", side(a), side(b)),
        Cond::Not(a) => format!("! {}", if matches!(**a, Cond::Not(_)) { condition(a) } else { side(a) }),
        Cond::Unary(op, w) => format!("{op} {}", word(w)),
        Cond::Binary(a, op, b) if op == "=~" => format!("{} {op} {}", word(a), word::regex(b)),
        Cond::Binary(a, op, b) => format!("{} {op} {}", word(a), word(b)),
        Cond::Word(w) => format!("-n {}", word(w)),
    }
}

/// A part of a condition, in parentheses if it has parts of its own.
fn side(cond: &Cond) -> String {
    match cond {
        Cond::And(..) | Cond::Or(..) => format!("( {} )", condition(cond)),
        _ => condition(cond),
    }
}

/// A redirection.
pub fn redirection(r: &Redir) -> String {
    let (default, op, space) = match r.kind {
        RedirKind::In => (0, "<", " "),
        RedirKind::Out => (1, ">", " "),
        RedirKind::Clobber => (1, ">|", " "),
        RedirKind::Append => (1, ">>", " "),
        RedirKind::Both => (0, "<>", " "),
        RedirKind::Dup(true) => (u32::MAX, ">&", ""),
        RedirKind::Dup(false) => (u32::MAX, "<&", ""),
        RedirKind::Text => (0, "<<<", " "),
        RedirKind::Here(_) => (0, "<<", ""),
    };
    let fd = match &r.fd {
        RedirFd::Number(n) if *n == default => String::new(),
        RedirFd::Number(n) => n.to_string(),
        RedirFd::Both => "&".to_owned(),
        RedirFd::Named(name) => format!("{{{name}}}"),
    };
    format!("{fd}{op}{space}{}", word(&r.word))
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn newline(&mut self) {
        self.flush_here();
        self.out.push('\n');
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
    }

    /// Here-documents follow the line that asks for them.
    fn flush_here(&mut self) {
        for (delimiter, body) in std::mem::take(&mut self.here) {
            self.out.push('\n');
            self.out.push_str(&body);
            self.out.push_str(&delimiter);
        }
    }

    fn separator(&mut self) {
        let background = self.out.ends_with('&');
        if self.here.is_empty() && !background {
            self.push(";");
        }
        if self.lines || !self.here.is_empty() {
            self.newline();
        } else {
            self.push(" ");
        }
    }

    /// The commands of a body, between its keywords, each on its own line.
    fn block(&mut self, body: &Node) {
        let lines = std::mem::replace(&mut self.lines, true);
        self.indent += 1;
        self.newline();
        self.node(body);
        self.close();
        self.lines = lines;
    }

    fn close(&mut self) {
        let background = self.out.ends_with('&');
        if self.here.is_empty() && !background {
            self.push(";");
        }
        self.indent = self.indent.saturating_sub(1);
        self.newline();
    }

    fn function(&mut self, name: &str, body: &Node, inner: bool) {
        if inner {
            self.push("function ");
        }
        self.push(name);
        self.push(" () ");
        let lines = std::mem::replace(&mut self.lines, true);
        self.newline();
        let (group, redirs) = match body {
            Node::Redirected { node, redirs } => (node.as_ref(), redirs.as_slice()),
            other => (other, &[][..]),
        };
        if let Node::Group(list) = group {
            self.push("{ ");
            self.indent += 1;
            self.newline();
            self.node(list);
            self.indent -= 1;
            self.newline();
            self.push("}");
            self.redirs(redirs);
        } else if redirs.is_empty() {
            self.push("{ ");
            self.indent += 1;
            self.newline();
            self.node(body);
            self.indent -= 1;
            self.newline();
            self.push("}");
        } else {
            self.node(body);
        }
        self.lines = lines;
    }

    fn redirs(&mut self, redirs: &[Redir]) {
        for r in redirs {
            self.push(" ");
            self.redir(r);
        }
    }

    fn redir(&mut self, r: &Redir) {
        let RedirKind::Here(quoted) = r.kind else {
            let text = redirection(r);
            return self.push(&text);
        };
        let body = word::here(&r.word, quoted);
        let mut delimiter = "EOF".to_owned();
        while body.lines().any(|l| l == delimiter) {
            delimiter.push('_');
        }
        let fd = match &r.fd {
            RedirFd::Number(0) => String::new(),
            RedirFd::Number(n) => n.to_string(),
            RedirFd::Both => "&".to_owned(),
            RedirFd::Named(name) => format!("{{{name}}}"),
        };
        let quote = if quoted { "'" } else { "" };
        self.push(&format!("{fd}<<{quote}{delimiter}{quote}"));
        self.here.push((delimiter, body));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Simple { assigns, words, redirs, .. } => {
                let mut all: Vec<String> = assigns.iter().map(word::assign).collect();
                all.extend(words.iter().map(word));
                self.push(&all.join(" "));
                for (i, r) in redirs.iter().enumerate() {
                    if i > 0 || !all.is_empty() {
                        self.push(" ");
                    }
                    self.redir(r);
                }
            }
            Node::Pipe { negate, time, parts } => {
                match time {
                    Some(Timing::Bash) => self.push("time "),
                    Some(Timing::Posix) => self.push("time -p "),
                    None => {}
                }
                if *negate {
                    self.push("! ");
                }
                for (i, part) in parts.iter().enumerate() {
                    if i > 0 {
                        self.push(" | ");
                    }
                    self.node(part);
                }
            }
            Node::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.node(&item.node);
                    if item.background {
                        self.push(" &");
                    }
                    if i + 1 < items.len() {
                        if item.background {
                            self.push(" ");
                        } else {
                            self.separator();
                        }
                    }
                }
            }
            Node::AndOr { left, and, right } => {
                self.node(left);
                self.push(if *and { " && " } else { " || " });
                self.node(right);
            }
            Node::If { arms, other } => self.if_fi(arms, other.as_deref()),
            Node::Loop { cond, body, until } => {
                self.push(if *until { "until " } else { "while " });
                self.inline(cond);
                self.push("; do");
                self.block(body);
                self.push("done");
            }
            Node::For { var, words, body, select, .. } => {
                self.push(if *select { "select " } else { "for " });
                self.push(&format!("{var} in"));
                let list = match words {
                    Some(words) => words.iter().map(|w| format!(" {}", word(w))).collect(),
                    None => " \"$@\"".to_owned(),
                };
                self.push(&list);
                self.push(";");
                self.newline();
                self.push("do");
                self.block(body);
                self.push("done");
            }
            Node::ForArith { parts: [a, b, c], body, .. } => {
                let text = |p| expression(p).trim().to_owned();
                self.push(&format!("for (({}; {}; {}))", text(a), text(b), text(c)));
                self.newline();
                self.push("do");
                self.block(body);
                self.push("done");
            }
            Node::Case { word: subject, arms, .. } => {
                self.push(&format!("case {} in ", word(subject)));
                self.indent += 1;
                for arm in arms {
                    self.newline();
                    let patterns: Vec<String> = arm.patterns.iter().map(pattern).collect();
                    self.push(&format!("{})", patterns.join(" | ")));
                    self.indent += 1;
                    let empty = matches!(arm.body.as_ref(), Node::List(items) if items.is_empty());
                    if empty {
                        self.push("\n");
                    } else {
                        self.newline();
                    }
                    let lines = std::mem::replace(&mut self.lines, true);
                    self.node(&arm.body);
                    self.lines = lines;
                    self.indent -= 1;
                    self.newline();
                    self.push(match arm.end {
                        CaseEnd::Break => ";;",
                        CaseEnd::Fall => ";&",
                        CaseEnd::Next => ";;&",
                    });
                }
                self.indent -= 1;
                self.newline();
                self.push("esac");
            }
            Node::Subshell(inner) => {
                self.push("( ");
                self.node(inner);
                self.push(" )");
            }
            Node::Group(inner) if self.lines => {
                self.push("{ ");
                self.block(inner);
                self.push("}");
            }
            Node::Group(inner) => {
                self.push("{ ");
                self.node(inner);
                self.separator();
                self.push("}");
            }
            Node::Redirected { node, redirs } => {
                self.node(node);
                self.redirs(redirs);
            }
            Node::Function { name, body } => self.function(name, body, true),
            Node::Coproc { name, body } => {
                self.push(&format!("coproc {name} "));
                self.node(body);
            }
            Node::Arith(_, parts) => self.push(&format!("(({}))", expression(parts))),
            Node::Cond(_, cond) => self.push(&format!("[[ {} ]]", condition(cond))),
        }
    }

    /// A condition of `if` or a loop: on one line.
    fn inline(&mut self, node: &Node) {
        let lines = std::mem::replace(&mut self.lines, false);
        self.node(node);
        self.lines = lines;
        if !self.here.is_empty() {
            self.newline();
        }
    }

    fn if_fi(&mut self, arms: &[(std::sync::Arc<Node>, std::sync::Arc<Node>)], other: Option<&Node>) {
        let Some(((cond, body), rest)) = arms.split_first() else { return };
        self.push("if ");
        self.inline(cond);
        self.push("; then");
        self.block(body);
        if !rest.is_empty() {
            // An `elif` is an `if` inside the `else`.
            self.push("else");
            self.indent += 1;
            self.newline();
            self.if_fi(rest, other);
            self.close();
        } else if let Some(other) = other {
            self.push("else");
            self.block(other);
        }
        self.push("fi");
    }
}

/// A pattern of `case`; one that would end it gets a parenthesis of its own.
fn pattern(w: &Word) -> String {
    let text = word(w);
    if text == "esac" { format!("({text}") } else { text }
}
