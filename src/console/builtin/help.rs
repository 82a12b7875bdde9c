//! What `help` and `man` say about the commands that the shell itself carries out. One declaration feeds `help NAME`,
//! `NAME --help`, `man`, completion and docs/tools.md.

/// A command of the shell.
pub struct Help {
    /// Its name.
    pub name: &'static str,
    /// Its name and arguments.
    pub synopsis: &'static str,
    /// What it does, a sentence.
    pub about: &'static str,
    /// More lines about its options.
    pub more: &'static [&'static str],
}

impl Help {
    const fn new(
        name: &'static str,
        synopsis: &'static str,
        about: &'static str,
        more: &'static [&'static str],
    ) -> Help {
        Help { name, synopsis, about, more }
    }

    /// `cd: cd [dir]`.
    pub fn line(&self) -> String {
        format!("{}: {}", self.name, self.synopsis)
    }

    /// What `help NAME` prints.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n    {}\n", self.line(), self.about);
        if !self.more.is_empty() {
            out.push_str("    \n");
        }
        for line in self.more {
            out.push_str(&format!("    {line}\n"));
        }
        out
    }

    /// What `man NAME` prints.
    pub fn manual(&self) -> String {
        let head = "BASH_BUILTINS(1)";
        let mut out = format!("{head:<20}{:^40}{head:>20}\n\nNAME\n", "General Commands Manual");
        out.push_str(&format!("       {} - {}\n\nSYNOPSIS\n", self.name, self.about.trim_end_matches('.')));
        out.push_str(&format!("       {}\n\nDESCRIPTION\n       {}\n", self.synopsis, self.about));
        for line in self.more {
            out.push_str(&format!("       {line}\n"));
        }
        out.push_str("\nSEE ALSO\n       bash(1), help(1)\n");
        out
    }
}

/// What the language of the shell has, for docs/tools.md.
const LANGUAGE: [(&str, &str); 12] = [
    (
        "Commands",
        "`;` `&&` `||` `|` `|&` `&` `!` `time`; `( … )`, `{ …; }`, `if`, `for`, `for (( ))`, `while`, `until`, `case` with `;;` `;&` `;;&`, `select`, functions, `coproc`",
    ),
    ("Conditions", "`[[ … ]]` with patterns, `=~` and `BASH_REMATCH`; `(( … ))`; `test`"),
    ("Redirections", "`<` `>` `>>` `>|` `<>` `&>` `&>>` `n>&m` `n>&-` `n>&m-` `{name}>`; here-documents, `<<-`, `<<<`"),
    ("Quoting", "`'…'`, `\"…\"`, `$'…'`, `\\`"),
    (
        "Expansions",
        "braces, `~`, parameters in all forms of bash 5.2 with `@Q` and its like, `$( )`, backquotes, `$(< file)`, `$(( ))`, `<( )` and `>( )`, splitting by `IFS`, patterns",
    ),
    (
        "Patterns",
        "`*` `?` `[…]` with classes; `?( )` `*( )` `+( )` `@( )` `!( )` after `shopt -s extglob`; `globstar`, `dotglob`, `nullglob`, `failglob`, `nocaseglob`, `GLOBIGNORE`",
    ),
    (
        "Variables",
        "indexed and associative arrays, namerefs, integer, case and readonly attributes, `local`, `RANDOM`, `SECONDS`, `PIPESTATUS`, `FUNCNAME` and the others of bash",
    ),
    ("Arithmetic", "64 bits, wrapping; all operators of C and `**`; bases 2 to 64"),
    ("Options", "`set -e -u -x -v -f -n -C -a -E -T -o pipefail`, and `shopt`"),
    ("Traps", "`EXIT`, `ERR`, `DEBUG`, `RETURN` and signals"),
    ("Jobs", "`&`, Ctrl-Z, `jobs`, `fg`, `bg`, `wait -n -p`, `disown`, `kill %1`"),
    (
        "Typing",
        "the Emacs keys of readline, completion with Tab, Ctrl-R, `!!` `!n` `!-n` `!text` `!?text?` `^a^b^` with words and modifiers; `HISTCONTROL`, `HISTIGNORE`, `HISTSIZE`",
    ),
];

/// The shell's part of docs/tools.md.
pub fn reference() -> String {
    let mut out =
        "\n# The shell\n\nA bash of its own: it runs no process of the machine that it stands on. What it has:\n\n\
                   | part | what |\n|---|---|\n"
            .to_owned();
    for (part, what) in LANGUAGE {
        out.push_str(&format!("| {part} | {} |\n", what.replace('|', "\\|")));
    }
    out.push_str("\n## Builtins\n\n`help NAME` and `man NAME` say this too.\n\n");
    for h in &HELP {
        out.push_str(&format!("- `{}`: {}", h.synopsis, h.about));
        for line in h.more {
            out.push_str(&format!(" {line}"));
        }
        out.push('\n');
    }
    out
}

/// A builtin's declaration.
pub fn find(name: &str) -> Option<&'static Help> {
    HELP.iter().find(|h| h.name == name)
}

/// All of them.
pub const HELP: [Help; 62] = [
    Help::new(".", ". filename [arguments]", "Execute commands from a file in the current shell.", &[]),
    Help::new(":", ":", "Null command: no effect, and it succeeds.", &[]),
    Help::new("[", "[ arg... ]", "Evaluate conditional expression; a synonym of `test' that ends with `]'.", &[]),
    Help::new("alias", "alias [-p] [name[=value] ... ]", "Define or display aliases.", &[]),
    Help::new("bg", "bg [job_spec ...]", "Move jobs to the background.", &[]),
    Help::new(
        "bind",
        "bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]",
        "Accepted: the keys of this terminal are fixed.",
        &[],
    ),
    Help::new("break", "break [n]", "Exit for, while, or until loops.", &[]),
    Help::new("builtin", "builtin [shell-builtin [arg ...]]", "Execute shell builtins.", &[]),
    Help::new("caller", "caller [expr]", "Return the context of the current subroutine call.", &[]),
    Help::new(
        "cd",
        "cd [-L|[-P [-e]] [-@]] [dir]",
        "Change the shell working directory; `cd -' goes back to the last one.",
        &[
            "With no DIR, the value of HOME; `cd -' goes back to OLDPWD and prints it.",
            "CDPATH names directories in which DIR is looked for.",
        ],
    ),
    Help::new("command", "command [-pVv] command [arg ...]", "Execute a simple command, or say what it is.", &[]),
    Help::new(
        "compgen",
        "compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]",
        "Display possible completions depending on the options.",
        &[],
    ),
    Help::new(
        "complete",
        "complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]",
        "Specify how arguments are to be completed; what is declared is kept and shown, this terminal completes on its own.",
        &[],
    ),
    Help::new(
        "compopt",
        "compopt [-o|+o option] [-DEI] [name ...]",
        "Accepted: this terminal completes on its own.",
        &[],
    ),
    Help::new("continue", "continue [n]", "Resume for, while, or until loops.", &[]),
    Help::new(
        "declare",
        "declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]",
        "Set variable values and attributes.",
        &[
            "-a indexed array; -A associative array; -i integer; -l lower case; -u upper case;",
            "-n name reference; -r readonly; -x export; -g global from inside a function;",
            "-p print; -f print functions; -F print their names.",
        ],
    ),
    Help::new("dirs", "dirs [-clpv] [+N] [-N]", "Display directory stack.", &[]),
    Help::new("disown", "disown [-h] [-ar] [jobspec ... | pid ...]", "Remove jobs from current shell.", &[]),
    Help::new("echo", "echo [-neE] [arg ...]", "Write arguments to the standard output.", &[]),
    Help::new("enable", "enable [-a] [-dnps] [-f filename] [name ...]", "Enable and disable shell builtins.", &[]),
    Help::new("eval", "eval [arg ...]", "Execute arguments as a shell command.", &[]),
    Help::new(
        "exec",
        "exec [-cl] [-a name] [command [argument ...]] [redirection ...]",
        "Replace the shell with the given command.",
        &[],
    ),
    Help::new("exit", "exit [n]", "Exit the shell.", &[]),
    Help::new(
        "export",
        "export [-fn] [name[=value] ...] or export -p",
        "Set export attribute for shell variables.",
        &[],
    ),
    Help::new("false", "false", "Return an unsuccessful result.", &[]),
    Help::new(
        "fc",
        "fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]",
        "Display commands from the history list.",
        &[],
    ),
    Help::new("fg", "fg [job_spec]", "Move job to the foreground.", &[]),
    Help::new("getopts", "getopts optstring name [arg ...]", "Parse option arguments.", &[]),
    Help::new("hash", "hash [-lr] [-p pathname] [-dt] [name ...]", "Remember or display program locations.", &[]),
    Help::new("help", "help [-dms] [pattern ...]", "Display information about tools and builtin commands.", &[]),
    Help::new(
        "history",
        "history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]",
        "Display or manipulate the history list.",
        &["-c clears the list; -d OFFSET deletes one entry; -w -r -a -n write and read ~/.bash_history."],
    ),
    Help::new(
        "jobs",
        "jobs [-lnprs] [jobspec ...] or jobs -x command [args]",
        "Display status of jobs.",
        &["-l also process ids; -p only those; -r running, -s stopped."],
    ),
    Help::new(
        "kill",
        "kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]",
        "Send a signal to a job or process.",
        &["-l lists the signals."],
    ),
    Help::new("let", "let arg [arg ...]", "Evaluate arithmetic expressions.", &[]),
    Help::new("local", "local [option] name[=value] ...", "Define local variables.", &[]),
    Help::new("logout", "logout [n]", "Exit a login shell.", &[]),
    Help::new(
        "mapfile",
        "mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]",
        "Read lines from the standard input into an indexed array.",
        &[],
    ),
    Help::new("popd", "popd [-n] [+N | -N]", "Remove directories from stack.", &[]),
    Help::new(
        "printf",
        "printf [-v var] format [arguments]",
        "Format and print ARGUMENTS under control of the FORMAT.",
        &["FORMAT knows %s %d %i %u %o %x %X %c %b %q %e %f %g %(FORMAT)T and `*' for width and precision."],
    ),
    Help::new("pushd", "pushd [-n] [+N | -N | dir]", "Add directories to stack.", &[]),
    Help::new("pwd", "pwd [-LP]", "Print the name of the current working directory.", &[]),
    Help::new(
        "read",
        "read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]",
        "Read a line from the standard input and split it into fields.",
        &[
            "-r backslashes stand for themselves; -a ARRAY takes all fields; -d ends at DELIM;",
            "-n and -N at most so many characters; -t gives up after so many seconds; -u reads from FD.",
        ],
    ),
    Help::new(
        "readarray",
        "readarray [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]",
        "Read lines from a file into an array variable; a synonym of `mapfile'.",
        &[],
    ),
    Help::new(
        "readonly",
        "readonly [-aAf] [name[=value] ...] or readonly -p",
        "Mark shell variables as unchangeable.",
        &[],
    ),
    Help::new("return", "return [n]", "Return from a shell function.", &[]),
    Help::new(
        "set",
        "set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]",
        "Set or unset values of shell options and positional parameters.",
        &[
            "-e exit when a command fails; -u unset variables are errors; -x print commands;",
            "-o pipefail a pipeline fails if any of its commands fails; -C `>' keeps files.",
        ],
    ),
    Help::new("shift", "shift [n]", "Shift positional parameters.", &[]),
    Help::new(
        "shopt",
        "shopt [-pqsu] [-o] [optname ...]",
        "Set and unset shell options.",
        &["-s sets, -u unsets, -q only says so in the status, -p prints commands; -o takes names of `set -o'."],
    ),
    Help::new("source", "source filename [arguments]", "Execute commands from a file in the current shell.", &[]),
    Help::new("suspend", "suspend [-f]", "Suspend shell execution; a login shell refuses.", &[]),
    Help::new(
        "test",
        "test [expr]",
        "Evaluate conditional expression.",
        &["Files: -e -f -d -s -r -w -x -L -nt -ot -ef; texts: -z -n = != < >; numbers: -eq -ne -lt -le -gt -ge."],
    ),
    Help::new("times", "times", "Display process times.", &[]),
    Help::new(
        "trap",
        "trap [-lp] [[arg] signal_spec ...]",
        "Trap signals and other events.",
        &[
            "SIGNAL_SPEC is a name or number, EXIT, ERR, DEBUG or RETURN; ARG `-' resets, '' ignores.",
            "-l lists the signals; -p prints what is set.",
        ],
    ),
    Help::new("true", "true", "Return a successful result.", &[]),
    Help::new("type", "type [-afptP] name [name ...]", "Display information about command type.", &[]),
    Help::new(
        "typeset",
        "typeset [-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]",
        "Set variable values and attributes; a synonym of `declare'.",
        &[],
    ),
    Help::new(
        "ulimit",
        "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]",
        "Display shell resource limits, or lower them for this shell and what it starts.",
        &[],
    ),
    Help::new("umask", "umask [-p] [-S] [mode]", "Display or set file mode mask.", &[]),
    Help::new("unalias", "unalias [-a] name [name ...]", "Remove each NAME from the list of defined aliases.", &[]),
    Help::new(
        "unset",
        "unset [-f] [-v] [-n] [name ...]",
        "Unset values and attributes of shell variables and functions.",
        &[],
    ),
    Help::new("wait", "wait [-fn] [-p var] [id ...]", "Wait for job completion and return exit status.", &[]),
    Help::new("which", "which NAME ...", "Locate a command.", &[]),
];

/// Names of all of them.
pub const NAMES: [&str; 62] = {
    let mut names = [""; 62];
    let mut i = 0;
    while i < 62 {
        names[i] = HELP[i].name;
        i += 1;
    }
    names
};
