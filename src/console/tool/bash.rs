//! `bash` and `sh` as commands: a script, a `-c` text, or commands on the input. The process becomes a shell.

use crate::console::machine::Read;
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words};
use crate::sim::distro::Distro;

const ABOUT: &[&str] = &[
    "Job control and history belong to the shells of a terminal; `fc` has no editor, and loadable builtins are absent.",
    "Text is UTF-8: bytes that form no character are replaced.",
];

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "bash",
        synopsis: "[-aefnuvxC] [-o OPTION] [-c COMMAND [NAME]] [FILE] [ARGUMENTS]...",
        about: "GNU Bourne-Again SHell",
        operand: Operand::Path,
        words: Words::Raw,
        misuse: 2,
        missing: ABOUT,
        examples: &[("bash -c 'echo $((6 * 7))'", "42\n"), ("echo 'echo hello' | bash", "hello\n")],
        step: bash,
        ..Decl::BLANK
    },
    Decl {
        name: "sh",
        synopsis: "[-aefnuvxC] [-o OPTION] [-c COMMAND [NAME]] [FILE] [ARGUMENTS]...",
        about: "command interpreter (bash under another name here)",
        operand: Operand::Path,
        words: Words::Raw,
        misuse: 2,
        missing: &["The differences between `sh` and `bash`: what bash adds works here too."],
        examples: &[("sh -c 'echo $1' x one", "one\n")],
        step: bash,
        ..Decl::BLANK
    },
];

fn bash(c: &mut Ctx<'_>) -> Step {
    let name = c.tool.arg0.clone().unwrap_or_else(|| c.tool.name.clone());
    let mut words = c.args.rest.clone().into_iter();
    let mut options: Vec<(String, bool)> = Vec::new();
    let (mut command, mut from_input, mut file) = (false, false, None);
    let mut rest: Vec<String> = Vec::new();
    while let Some(w) = words.next() {
        let on = w.starts_with('-');
        match w.as_str() {
            "--" | "-" => {
                if !command {
                    file = words.next();
                }
                break;
            }
            "--login" => options.push(("login_shell".to_owned(), true)),
            "--norc" | "--noprofile" | "--posix" | "--noediting" => {}
            "--version" => {
                let version = Distro::at(c.host.utc()).bash;
                c.print(&format!("GNU bash, version {version} (x86_64-pc-linux-gnu)\n"));
                return Step::Exit(0);
            }
            w if w.starts_with("--") => {
                c.p.err.push_str(&format!("{name}: {w}: invalid option\n"));
                return Step::Exit(2);
            }
            w if w.len() > 1 && (on || w.starts_with('+')) => {
                for letter in w.chars().skip(1) {
                    match letter {
                        'c' => command = true,
                        's' => from_input = true,
                        'l' => options.push(("login_shell".to_owned(), on)),
                        'i' | 'r' => {}
                        'o' | 'O' => options.push((words.next().unwrap_or_default(), on)),
                        l => options.push((l.to_string(), on)),
                    }
                }
            }
            _ => {
                file = Some(w);
                break;
            }
        }
    }
    rest.extend(words);
    if command {
        let Some(text) = file.or_else(|| (!rest.is_empty()).then(|| rest.remove(0))) else {
            c.p.err.push_str(&format!("{name}: -c: option requires an argument\n"));
            return Step::Exit(2);
        };
        let shown = if rest.is_empty() { name.clone() } else { rest.remove(0) };
        return become_shell(c, &text, &shown, rest, &options, From::Text);
    }
    if let Some(file) = file.clone().filter(|_| !from_input) {
        return match c.load(&file) {
            Ok(text) => become_shell(c, &text, &file, rest, &options, From::File),
            Err(why) => {
                c.p.err.push_str(&format!("{name}: {file}: {why}\n"));
                Step::Exit(if why.starts_with("No such") { 127 } else { 126 })
            }
        };
    }
    if c.p.fds.first() == Some(&Fd::Term) && !c.p.background {
        // A shell inside the shell of this terminal.
        if let Some(pid) = c.tool.child {
            if let Some(status) = c.con.exits.remove(&pid) {
                return Step::Exit(status);
            }
            return if c.con.procs.contains_key(&pid) { Step::Wait } else { Step::Exit(137) };
        }
        let depth = c.con.terminal(c.p.terminal).map_or(0, |t| t.shells.len());
        if depth >= 8 {
            c.p.err.push_str(&format!("{name}: fork: retry: Resource temporarily unavailable\n"));
            return Step::Exit(254);
        }
        let (on, user) = (c.p.host.clone(), c.p.user.clone());
        let pid = c.con.login(c.p.terminal, c.p.pid, &on, &user);
        if let Some(p) = c.con.procs.get_mut(&pid) {
            p.cwd.clone_from(&c.p.cwd);
        }
        c.tool.child = Some(pid);
        return Step::More;
    }
    // Commands on the input: all of them are read, then they run.
    loop {
        match c.con.read(c.p) {
            Read::Bytes(text) if c.tool.text.len() < (1 << 19) => c.tool.text.push_str(&text),
            Read::Bytes(_) => {}
            Read::Later => return Step::Wait,
            Read::End => break,
        }
    }
    let text = std::mem::take(&mut c.tool.text);
    let args = file.into_iter().chain(rest).collect();
    become_shell(c, &text, &name, args, &options, From::Input)
}

/// Where the commands come from.
#[derive(PartialEq, Eq)]
enum From {
    File,
    Text,
    Input,
}

fn become_shell(
    c: &mut Ctx<'_>,
    text: &str,
    name: &str,
    args: Vec<String>,
    options: &[(String, bool)],
    from: From,
) -> Step {
    let mut sh = c.con.shell_for(c.p, text, name, args);
    sh.from_file = from == From::File;
    sh.from_text = from == From::Text;
    for (option, on) in options {
        let mut letters = option.chars();
        let known = match (letters.next(), letters.next()) {
            (Some(l), None) => sh.opts.letter(l, *on),
            _ => sh.opts.set(option, *on) || sh.opts.shopt(option, *on),
        };
        if !known {
            let (shown, what) = match single_letter(option) {
                Some(letter) => (format!("-{letter}"), "option"),
                None => (option.clone(), "option name"),
            };
            c.p.err.push_str(&format!("{}: {shown}: invalid {what}\n", c.tool.name));
            return Step::Exit(2);
        }
    }
    c.p.shell = Some(Box::new(sh));
    Step::More
}

/// The letter that an option is, if it is one.
fn single_letter(option: &str) -> Option<char> {
    let mut letters = option.chars();
    letters.next().filter(|_| letters.next().is_none())
}
