//! The shell's syntax tree: plain data, because a half-run loop is part of the session's state.
//!
//! A real bash grammar exists as a crate, but its tree is not serialisable data and it brings 36 packages; this subset
//! is what people type during an incident, and it is ours to keep total and bounded.

use serde::Serialize;
use std::sync::Arc;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Node {
    /// `x=1 cmd args > file`.
    Simple {
        /// Assignments before the command.
        assigns: Vec<(String, Word)>,
        /// Command and arguments.
        words: Vec<Word>,
        /// Redirections.
        redirs: Vec<Redir>,
    },
    /// `a | b`, possibly negated.
    Pipe {
        /// `!` before it.
        negate: bool,
        /// Members, at least one.
        parts: Vec<Arc<Node>>,
    },
    /// `a; b & c`.
    List(Vec<Item>),
    /// `a && b` (true) or `a || b`.
    AndOr {
        /// Left.
        left: Arc<Node>,
        /// Whether it is `&&`.
        and: bool,
        /// Right.
        right: Arc<Node>,
    },
    /// `if … fi`.
    If {
        /// Conditions and bodies.
        arms: Vec<(Arc<Node>, Arc<Node>)>,
        /// `else`.
        other: Option<Arc<Node>>,
    },
    /// `while` or `until`.
    Loop {
        /// Condition.
        cond: Arc<Node>,
        /// Body.
        body: Arc<Node>,
        /// `until`.
        until: bool,
    },
    /// `for x in …`.
    For {
        /// Variable.
        var: String,
        /// Words.
        words: Vec<Word>,
        /// Body.
        body: Arc<Node>,
    },
    /// `case x in … esac`.
    Case {
        /// Subject.
        word: Word,
        /// Patterns and bodies.
        arms: Vec<(Vec<Word>, Arc<Node>)>,
    },
    /// `( … )`.
    Subshell(Arc<Node>),
    /// A compound command with redirections.
    Redirected {
        /// Command.
        node: Arc<Node>,
        /// Redirections.
        redirs: Vec<Redir>,
    },
}

/// One command of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Command.
    pub node: Arc<Node>,
    /// Followed by `&`.
    pub background: bool,
    /// As typed, for `jobs`.
    pub text: String,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Redir {
    /// Descriptor; 3 stands for both 1 and 2 (`&>`).
    pub fd: u8,
    /// Kind.
    pub kind: RedirKind,
    /// File, or text of a here-string.
    pub word: Word,
}

/// Kind of a redirection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RedirKind {
    /// `<`.
    In,
    /// `>`.
    Out,
    /// `>>`.
    Append,
    /// `>&N`.
    Dup(u8),
    /// `<<<`.
    Text,
}

/// A word before expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Word(pub Vec<Part>);

/// Part of a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Part {
    /// Unquoted text.
    Lit(String),
    /// Quoted text.
    Quoted(String),
    /// `"…"`.
    Double(Vec<Part>),
    /// `~` at the start.
    Home,
    /// `$x` and its forms.
    Var {
        /// Name.
        name: String,
        /// What is done with it.
        op: VarOp,
    },
    /// `$(…)`.
    Command(Arc<Node>),
    /// `$((…))`.
    Arith(Vec<Part>),
}

/// Form of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum VarOp {
    /// `$x`.
    Plain,
    /// `${x:-w}`.
    Default(Word),
    /// `${x:+w}`.
    Instead(Word),
    /// `${#x}`.
    Length,
}
