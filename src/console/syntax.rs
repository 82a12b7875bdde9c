//! The shell's syntax tree: plain data, because a half-run loop is part of the session's state.
//!
//! A real bash grammar exists as a crate, but its tree is not serialisable data and it brings 36 packages; this one is
//! ours to keep total and bounded.

use serde::Serialize;
use std::sync::Arc;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Node {
    /// `x=1 cmd args > file`.
    Simple {
        /// Line of the script, from 1.
        line: u32,
        /// Assignments before the command.
        assigns: Vec<Assign>,
        /// Command and arguments.
        words: Vec<Word>,
        /// Redirections.
        redirs: Vec<Redir>,
    },
    /// `a | b`, possibly negated or timed.
    Pipe {
        /// `!` before it.
        negate: bool,
        /// `time` before it.
        time: Option<Timing>,
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
    /// `for x in …`, or `select`.
    For {
        /// Line of the script, from 1.
        line: u32,
        /// Variable.
        var: String,
        /// Words; without `in`, the positional parameters.
        words: Option<Vec<Word>>,
        /// Body.
        body: Arc<Node>,
        /// `select`.
        select: bool,
    },
    /// `for (( a; b; c ))`.
    ForArith {
        /// Line of the script, from 1.
        line: u32,
        /// Beginning, condition and step, as text with expansions.
        parts: [Vec<Part>; 3],
        /// Body.
        body: Arc<Node>,
    },
    /// `case x in … esac`.
    Case {
        /// Line of the script, from 1.
        line: u32,
        /// Subject.
        word: Word,
        /// Alternatives.
        arms: Vec<CaseArm>,
    },
    /// `( … )`.
    Subshell(Arc<Node>),
    /// `{ …; }`.
    Group(Arc<Node>),
    /// A compound command with redirections.
    Redirected {
        /// Command.
        node: Arc<Node>,
        /// Redirections.
        redirs: Vec<Redir>,
    },
    /// `f() …`.
    Function {
        /// Name.
        name: String,
        /// Body.
        body: Arc<Node>,
    },
    /// `coproc NAME …`.
    Coproc {
        /// The array that gets its descriptors.
        name: String,
        /// Command.
        body: Arc<Node>,
    },
    /// `(( … ))`.
    Arith(u32, Vec<Part>),
    /// `[[ … ]]`.
    Cond(u32, Arc<Cond>),
}

/// What `time` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timing {
    /// bash's own form.
    Bash,
    /// `time -p`.
    Posix,
}

/// One alternative of a `case`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseArm {
    /// Patterns.
    pub patterns: Vec<Word>,
    /// Body.
    pub body: Arc<Node>,
    /// How it ends.
    pub end: CaseEnd,
}

/// How an alternative of a `case` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CaseEnd {
    /// `;;`.
    Break,
    /// `;&`: on with the next body.
    Fall,
    /// `;;&`: on with the next pattern.
    Next,
}

/// A condition between `[[` and `]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Cond {
    /// `a && b`.
    And(Arc<Cond>, Arc<Cond>),
    /// `a || b`.
    Or(Arc<Cond>, Arc<Cond>),
    /// `! a`.
    Not(Arc<Cond>),
    /// `-f file`.
    Unary(String, Word),
    /// `a == b`.
    Binary(Word, String, Word),
    /// A word that is not empty.
    Word(Word),
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

/// An assignment before a command or behind `declare`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assign {
    /// Name.
    pub name: String,
    /// `name[index]=`.
    pub index: Option<Word>,
    /// `+=`.
    pub append: bool,
    /// What is assigned.
    pub value: AssignValue,
}

/// What is assigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum AssignValue {
    /// A word.
    Word(Word),
    /// `( … )`: elements, some with `[index]=`, some with `+=`.
    Array(Vec<Element>),
}

/// An element of an array literal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Element {
    /// `[index]=`.
    pub index: Option<Word>,
    /// `[index]+=`.
    pub append: bool,
    /// Value.
    pub word: Word,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Redir {
    /// Which descriptor.
    pub fd: RedirFd,
    /// Kind.
    pub kind: RedirKind,
    /// File, descriptor, or text.
    pub word: Word,
}

/// Descriptor of a redirection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum RedirFd {
    /// A number.
    Number(u32),
    /// 1 and 2.
    Both,
    /// `{name}>`: a new one, whose number goes to a variable.
    Named(String),
}

/// Kind of a redirection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RedirKind {
    /// `<`.
    In,
    /// `>`.
    Out,
    /// `>|`.
    Clobber,
    /// `>>`.
    Append,
    /// `<>`.
    Both,
    /// `<&` and `>&`; true if written to.
    Dup(bool),
    /// `<<<`.
    Text,
    /// `<<`; true if the delimiter was quoted.
    Here(bool),
}

/// A word before expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Word(pub Vec<Part>);

impl Word {
    /// Its text, if it is nothing but unquoted characters.
    pub fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Lit(t)] => Some(t),
            _ => None,
        }
    }
}

/// Part of a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Part {
    /// Unquoted text.
    Lit(String),
    /// Quoted text.
    Quoted(String),
    /// `"…"`.
    Double(Vec<Part>),
    /// `~` or `~name`.
    Home(String),
    /// `$x` and its forms.
    Var {
        /// Name.
        name: String,
        /// `[…]` behind it.
        index: Option<Index>,
        /// `${!x}`.
        indirect: bool,
        /// What is done with it.
        op: VarOp,
    },
    /// `$(…)` or backquotes.
    Command(Arc<Node>),
    /// `$((…))`.
    Arith(Vec<Part>),
    /// `<(…)`, or `>(…)` if true.
    Process(Arc<Node>, bool),
    /// `name=value` behind `declare` and its like.
    Assign(Box<Assign>),
}

/// Which element of an array.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Index {
    /// `[@]`.
    At,
    /// `[*]`.
    Star,
    /// An expression or a key.
    Of(Word),
}

/// Form of a variable. Where a form knows `:`, the flag says whether it was there: then an empty value counts as none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum VarOp {
    /// `${x}`.
    Plain,
    /// `$x`: without braces, so that brace expansion may add to its name.
    Bare,
    /// `${x:-w}`.
    Default(bool, Word),
    /// `${x:=w}`.
    Assign(bool, Word),
    /// `${x:?w}`.
    Error(bool, Word),
    /// `${x:+w}`.
    Instead(bool, Word),
    /// `${#x}`.
    Length,
    /// `${x#p}`, `${x##p}`: whether the longest.
    Head(bool, Word),
    /// `${x%p}`, `${x%%p}`: whether the longest.
    Tail(bool, Word),
    /// `${x/p/w}`.
    Replace(Which, Word, Word),
    /// `${x^p}` and its like: whether to upper case, whether all.
    Case(bool, bool, Word),
    /// `${x~p}` and `${x~~p}`: upper to lower case and back, whether all.
    Toggle(bool, Word),
    /// `${x:o:l}`, as expressions.
    Slice(Vec<Part>, Option<Vec<Part>>),
    /// `${x@Q}`.
    Transform(char),
    /// `${!prefix*}`, or `${!prefix@}` if true.
    Names(bool),
    /// `${!a[@]}`.
    Keys,
    /// `${~bad}`: refused when it is expanded, in bash's words.
    Bad(String),
}

/// Which matches a replacement takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Which {
    /// The first.
    First,
    /// All.
    All,
    /// One at the start.
    Start,
    /// One at the end.
    End,
}
