//! chmod.

use super::alter;
use crate::console::mode;
use crate::console::path;
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words};
use crate::sim::effect::FileAct;

pub(super) const CHMOD: Decl = Decl {
    name: "chmod",
    synopsis: "[-Rcfv] MODE[,MODE]... FILE... | [-Rcfv] OCTAL-MODE FILE... | [-Rcfv] --reference=RFILE FILE...",
    about: "change file mode bits",
    operand: Operand::Path,
    words: Words::Raw,
    examples: &[
        ("chmod 600 notes.txt && stat -c %A notes.txt", "-rw-------\n"),
        ("chmod -v u+x,o-r notes.txt", "mode of 'notes.txt' changed from 0644 (rw-r--r--) to 0740 (rwxr-----)\n"),
        ("chmod 777 /etc/hostname", "chmod: changing permissions of '/etc/hostname': Operation not permitted\n"),
    ],
    step: chmod,
    ..Decl::BLANK
};

/// What the words of a command line that are no file ask for.
#[derive(Default)]
struct How {
    recursive: bool,
    changes: bool,
    quiet: bool,
    verbose: bool,
    like: Option<String>,
    mode: Option<String>,
    files: Vec<String>,
}

fn read(c: &mut Ctx<'_>) -> Result<How, Step> {
    let mut h = How::default();
    let words = c.args.rest.clone();
    let mut words = words.iter();
    let mut operands = Vec::new();
    while let Some(w) = words.next() {
        if w == "--" {
            operands.extend(words.by_ref().cloned());
            break;
        }
        // `-x` and `-w,o-r` are modes although they begin with a dash.
        let is_mode =
            w.len() > 1 && w.starts_with('-') && w.chars().skip(1).all(|l| "rwxXstugoa,+-=01234567".contains(l));
        if let Some(long) = w.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
            match name {
                "recursive" => h.recursive = true,
                "changes" => h.changes = true,
                "silent" | "quiet" => h.quiet = true,
                "verbose" => h.verbose = true,
                "no-preserve-root" | "preserve-root" => {}
                "reference" => h.like = value.or_else(|| words.next().cloned()),
                _ => return Err(c.misuse(&format!("unrecognized option '--{name}'"), 1)),
            }
        } else if is_mode && h.mode.is_none() {
            h.mode = Some(w.clone());
        } else if w.starts_with('-') && w.len() > 1 {
            for l in w.chars().skip(1) {
                match l {
                    'R' => h.recursive = true,
                    'c' => h.changes = true,
                    'f' => h.quiet = true,
                    'v' => h.verbose = true,
                    l => return Err(c.misuse(&format!("invalid option -- '{l}'"), 1)),
                }
            }
        } else {
            operands.push(w.clone());
        }
    }
    if h.mode.is_none() && h.like.is_none() {
        if operands.is_empty() {
            return Err(c.misuse("missing operand", 1));
        }
        h.mode = Some(operands.remove(0));
    }
    h.files = operands;
    if h.files.is_empty() {
        let message = match &h.mode {
            Some(m) => format!("missing operand after ‘{m}’"),
            None => "missing operand".to_owned(),
        };
        return Err(c.misuse(&message, 1));
    }
    Ok(h)
}

fn chmod(c: &mut Ctx<'_>) -> Step {
    let h = match read(c) {
        Ok(h) => h,
        Err(step) => return step,
    };
    let like = match &h.like {
        None => None,
        Some(name) => match c.look(name, true) {
            Ok(s) => Some(s.mode),
            Err(why) => {
                c.error(&format!("failed to get attributes of {}: {why}", shell_quoted(name)));
                return Step::Exit(1);
            }
        },
    };
    if let Some(m) = h.mode.as_ref().filter(|m| mode::parse(m, 0, false, 0).is_none()) {
        return c.misuse(&format!("invalid mode: ‘{m}’"), 1);
    }
    let mut todo: Vec<(String, bool)> = h.files.iter().rev().map(|f| (f.clone(), true)).collect();
    while let Some((name, named)) = todo.pop() {
        let shown = shell_quoted(&name);
        let s = match c.look(&name, named) {
            Ok(s) => s,
            Err(why) => {
                if c.look(&name, false).is_ok_and(|l| l.is_link()) && why == "No such file or directory" {
                    c.error(&format!("cannot operate on dangling symlink {shown}"));
                } else if h.quiet {
                    c.tool.status = 1;
                } else {
                    c.error(&format!("cannot access {shown}: {why}"));
                }
                continue;
            }
        };
        if s.is_link() {
            continue;
        }
        let full = c.full(&name);
        let new = like.or_else(|| mode::parse(h.mode.as_deref()?, s.mode, s.dir, c.p.umask)).unwrap_or(s.mode);
        let done = alter(c, &full, FileAct::Mode(new));
        let word = |m: u16| format!("{m:04o} ({})", mode::letters(m));
        match done {
            Err(_) if h.quiet => c.tool.status = 1,
            Err(why) => c.error(&format!("changing permissions of {shown}: {why}")),
            Ok(()) if new != s.mode && (h.verbose || h.changes) => {
                c.line(&format!("mode of {shown} changed from {} to {}", word(s.mode), word(new)));
            }
            Ok(()) if h.verbose => c.line(&format!("mode of {shown} retained as {}", word(new))),
            Ok(()) => {}
        }
        if h.recursive && s.dir {
            match c.list(&full) {
                Ok(l) => todo.extend(l.into_iter().rev().map(|(n, _)| (path::join(&name, &n), false))),
                Err(why) => c.error(&format!("cannot read directory {shown}: {why}")),
            }
        }
    }
    Step::Exit(c.tool.status)
}
