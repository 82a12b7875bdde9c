//! A shell as data: variables, options, and the frames of its continuation.

use crate::console::expand::{Sources, Val};
use crate::console::option::Options;
use crate::console::process::Fd;
use crate::console::syntax::{Node, Timing};
use crate::console::var::{Var, Vars};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// A shell's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shell {
    /// Whether it reads commands from the terminal.
    pub interactive: bool,
    /// Whether it is such a shell or was forked from one: it knows what was typed.
    pub recalls: bool,
    /// Variables.
    pub vars: Vars,
    /// Functions.
    pub functions: Arc<BTreeMap<String, Arc<Node>>>,
    /// Aliases.
    pub aliases: Arc<BTreeMap<String, String>>,
    /// `set -o` and `shopt`.
    pub opts: Options,
    /// Positional parameters.
    pub args: Vec<String>,
    /// What they were read from.
    pub args_sources: Sources,
    /// `$0`.
    pub name: String,
    /// What is left to do, innermost last.
    pub frames: Vec<Frame>,
    /// `$?`.
    pub status: i32,
    /// `$?` when the words of the present command began to be expanded.
    pub words_status: i32,
    /// `$?` before the present command, for `exit` and `return`.
    pub before: i32,
    /// `${PIPESTATUS[@]}`.
    pub pipestatus: Vec<i32>,
    /// `$!`.
    pub last_background: Option<u32>,
    /// `$_`.
    pub last_arg: String,
    /// `$$`, in a subshell.
    pub main_pid: Option<u32>,
    /// Substitutions that it is in, for `set -x`.
    pub trace_level: u32,
    /// How deep a subshell it is.
    pub subshell: u32,
    /// Jobs.
    pub jobs: Vec<Job>,
    /// Statuses of ended background processes that nobody asked for.
    pub ended: BTreeMap<u32, i32>,
    /// Commands typed to it that its history file lacks.
    pub unsaved: Vec<String>,
    /// Commands typed so far, from 1.
    pub typed: u32,
    /// Lines of an incomplete command.
    pub pending: String,
    /// What joins the next line to it in the history; where there is nothing, its last word says it.
    pub pending_by: Option<char>,
    /// Its first line went into the history.
    pub pending_kept: bool,
    /// Directories below the current one (`pushd`).
    pub dirs: Vec<String>,
    /// Text of the command in the foreground.
    pub foreground: String,
    /// The builtin that ran last, for messages about its output.
    pub last_builtin: String,
    /// What local variables hide, a map for each function that runs.
    pub scopes: Vec<BTreeMap<String, Option<Var>>>,
    /// Functions and sourced files that run, the innermost last.
    pub calls: Vec<Call>,
    /// Files that functions were defined in, if it was not the script itself.
    pub files: Arc<BTreeMap<String, String>>,
    /// Functions that child shells get.
    pub exported: Arc<BTreeSet<String>>,
    /// It carries out a script file, which `FUNCNAME` calls `main`.
    pub from_file: bool,
    /// It carries out the text of `-c`.
    pub from_text: bool,
    /// Programs that were run, and how often (`hash`).
    pub hashed: BTreeMap<String, u32>,
    /// Traps of the shell that this one was forked from: `trap` still shows them.
    pub parent_traps: BTreeMap<String, String>,
    /// Jobs of the shell that this one was forked from: `jobs` still shows them.
    pub parent_jobs: Vec<Job>,
    /// The command that runs, for `BASH_COMMAND` and the DEBUG trap.
    pub present: Option<Arc<Node>>,
    /// A trap's command runs; the DEBUG trap does not interrupt itself.
    pub in_debug: bool,
    /// Traps of signals and errors that run: to them the command is the one that they interrupted.
    pub in_traps: u32,
    /// The DEBUG trap for the next command, or the RETURN trap, has just run.
    pub after_trap: bool,
    /// Builtins switched off by `enable -n`.
    pub disabled: Arc<BTreeSet<String>>,
    /// `complete`: what was declared for commands.
    pub completions: Arc<BTreeMap<String, Vec<String>>>,
    /// Commands of `trap`, by signal without `SIG`.
    pub traps: BTreeMap<String, String>,
    /// Signals that came and have a trap.
    pub signals: VecDeque<String>,
    /// `$LINENO`.
    pub line: u32,
    /// How many lines are added to those of its commands: a substitution counts from the line of the command that it
    /// stands in.
    pub line_shift: u32,
    /// State of `$RANDOM`.
    pub random: u32,
    /// The last of them.
    pub last_random: u32,
    /// When `$SECONDS` was 0.
    pub start_ms: i64,
    /// A failing command does not end it, because of where it was started.
    pub lenient: bool,
    /// Position inside a bundle of options (`getopts`).
    pub option_at: usize,
    /// The command that `coproc` started last.
    pub coproc: Option<Coproc>,
    /// The substitutions of the present assignment gave a status.
    pub substituted: Option<i32>,
}

/// A command that runs beside the shell, which reads what it writes and writes what it reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coproc {
    /// The array that holds its descriptors.
    pub name: String,
    /// Its process.
    pub pid: u32,
    /// Descriptor to read from, and the one to write to.
    pub fds: [u32; 2],
}

/// A function or a sourced file that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Its name; `source` for a file.
    pub name: String,
    /// Line that it was called from.
    pub line: u32,
    /// File that it stands in.
    pub file: String,
    /// Last word of the call, which is `$_` after it.
    pub last: String,
    /// A sourced file.
    pub sourced: bool,
    /// Options to put back (`local -`).
    pub opts: Option<Box<Options>>,
    /// RETURN trap of the caller, put back unless functions inherit it.
    pub trap: Option<String>,
}

/// A job of a shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Job {
    /// Number, from 1.
    pub number: u32,
    /// Processes, the last one gives the status.
    pub pids: Vec<u32>,
    /// As typed.
    pub text: String,
    /// Stopped.
    pub stopped: bool,
}

/// The descriptors of a process at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Input, output, errors.
    pub fds: [Fd; 3],
    /// The others.
    pub more: BTreeMap<u32, Fd>,
}

/// A text that is carried out line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Script {
    /// Text.
    pub text: Arc<str>,
    /// Bytes of it that were parsed.
    pub at: usize,
    /// Line on which the rest begins.
    pub line: u32,
    /// What it is.
    pub kind: ScriptKind,
}

/// What a script is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ScriptKind {
    /// The shell's own: a file, `-c`, or standard input.
    Main,
    /// Traps.
    Trap,
    /// `eval`.
    Eval,
    /// `source`: its name, and the parameters to put back.
    Source(String, Option<Vec<String>>),
}

/// Where a `select` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Selecting {
    /// It begins.
    Begun,
    /// An answer was read.
    Answered,
    /// Its body ran.
    Ran,
}

/// `read` and `mapfile` while they wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Variables.
    pub names: Vec<String>,
    /// `-a`, or the array of `mapfile`.
    pub array: Option<String>,
    /// `-r`.
    pub raw: bool,
    /// What ends it; NUL for `-d ''`.
    pub delimiter: char,
    /// `-n` or `-N`: most characters.
    pub count: Option<usize>,
    /// `-N`: the delimiter does not end it.
    pub exact: bool,
    /// Descriptor.
    pub fd: u32,
    /// When it gives up.
    pub until_ms: Option<u64>,
    /// What came so far.
    pub have: String,
    /// `mapfile`: lines to skip first.
    pub skip: usize,
    /// `mapfile -t`.
    pub trim: bool,
    /// `mapfile -O`: where the first line goes.
    pub origin: u64,
    /// `mapfile -C`: a command for every so many lines.
    pub callback: Option<(String, u32)>,
    /// It is `mapfile`.
    pub map: bool,
    /// What it read from.
    pub sources: Sources,
}

/// One step of a continuation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Frame {
    /// Run a command, with the outputs of its substitutions so far.
    Run(Arc<Node>, Vec<Val>),
    /// Go on with item `.1` of a list.
    List(Arc<Node>, usize),
    /// Run the right side if the left side's status says so.
    AndOr(Arc<Node>, bool),
    /// Turn the status round; whether `set -e` held when the command began.
    Not(bool),
    /// A condition of `if` was evaluated.
    If(Arc<Node>, usize),
    /// The condition of a loop was evaluated; the body's last status.
    Loop(Arc<Node>, i32),
    /// The body of a loop ended.
    LoopBody(Arc<Node>),
    /// Next value of a `for`.
    For(Arc<Node>, Arc<[String]>, usize, Sources),
    /// `for (( ))`: its condition is next; whether the step comes before it; the outputs of their substitutions so far.
    ForArith(Arc<Node>, bool, Vec<Val>),
    /// `select`: what has just happened.
    Select(Arc<Node>, Arc<[String]>, Selecting),
    /// On with alternative `.1` of a `case`: its body if true, else its patterns, with the subject and the outputs of
    /// their substitutions so far.
    Case(Arc<Node>, usize, bool, String, Vec<Val>),
    /// A substitution runs.
    Output {
        /// Its process.
        pid: u32,
        /// Its output.
        pipe: u32,
        /// What came so far.
        val: Val,
    },
    /// Foreground processes run.
    Wait(Vec<u32>),
    /// A pipeline runs; whether its last member ran in this shell.
    Pipe(Vec<u32>, bool),
    /// `wait -n`: the first of these that ends; the variable of `-p`.
    WaitAny(Vec<u32>, Option<String>),
    /// Put these descriptors back to what they were.
    Restore(Vec<(u32, Fd)>),
    /// Put variables back.
    Vars(Vec<(String, Option<Var>)>),
    /// `read` waits for a line.
    Read(Box<Reading>),
    /// `source` waits for all of what `<(…)` gives at this descriptor.
    Source(u32, Vec<String>),
    /// The rest of a script.
    Script(Script),
    /// A function ends: parameters to put back, and whether it has a scope of its own.
    Call(Vec<String>, Sources),
    /// A command ended: `set -e` and the ERR trap.
    Check,
    /// `time` began.
    Time(u64, Timing),
    /// A trap ended: put the status back.
    Status(i32),
    /// The DEBUG trap ended: put status and line back.
    Debug(i32, u32),
    /// The shell ends.
    Exit(i32),
}

impl Frame {
    /// Where the outputs go that its expansion needs.
    pub(crate) fn outputs(&mut self) -> Option<&mut Vec<Val>> {
        match self {
            Frame::Run(_, outputs) | Frame::ForArith(_, _, outputs) | Frame::Case(_, _, _, _, outputs) => Some(outputs),
            _ => None,
        }
    }
}
