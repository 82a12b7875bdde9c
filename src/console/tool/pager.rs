//! less and more: output a screen at a time on a terminal, and as it is anywhere else.

use super::{Ctx, Decl, Operand, Step, Words, flag};
use crate::console::posix::{Options, Re, Syntax};
use crate::console::process::Fd;

/// Lines of text on a screen; the prompt stands below them.
const ROWS: usize = 23;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "less",
        synopsis: "[-FiNRSX] [+LINE | +/PATTERN | +G] [FILE]...",
        about: "show text a screen at a time; keys: space b d u j k g G page, / and ? search, n N repeat, q quits",
        opts: &[
            flag("F", "quit-if-one-screen", "exit at once if the text fits on one screen"),
            flag("i", "ignore-case", "ignore case in searches"),
            flag("N", "LINE-NUMBERS", "show line numbers"),
            flag("R", "RAW-CONTROL-CHARS", "accepted; colours are always shown"),
            flag("S", "chop-long-lines", "accepted; the terminal folds"),
            flag("X", "no-init", "leave the last screen where it is"),
            flag("n", "line-numbers", "accepted"),
            flag("e", "quit-at-eof", "accepted"),
        ],
        operand: Operand::Path,
        words: Words::Raw,
        missing: &["Marks, tags, editing, filters (&) and following (F): tail -f follows."],
        examples: &[("seq 3 | less | head -n 2", "1\n2\n"), ("less /nope | cat", "/nope: No such file or directory\n")],
        step: less,
        ..Decl::BLANK
    },
    Decl {
        name: "more",
        synopsis: "[FILE]...",
        about: "show text a screen at a time; keys: space and Enter go on, q quits",
        operand: Operand::Path,
        words: Words::Raw,
        missing: &["Options other than +LINE, and keys other than space, Enter and q."],
        examples: &[("seq 2 | more", "1\n2\n")],
        step: more,
        ..Decl::BLANK
    },
];

/// Options, files and `+` command of a command line.
struct Line {
    letters: String,
    plus: Option<String>,
    files: Vec<String>,
}

fn words(c: &mut Ctx<'_>, known: &str) -> Result<Line, Step> {
    let mut w = Line { letters: String::new(), plus: None, files: Vec::new() };
    let mut plain = false;
    for word in c.args.rest.clone() {
        if plain || word == "-" || !word.starts_with(['-', '+']) {
            w.files.push(word);
        } else if word == "--" {
            plain = true;
        } else if let Some(p) = word.strip_prefix('+') {
            w.plus = Some(p.to_owned());
        } else if let Some(long) = word.strip_prefix("--") {
            // Long names are those of the declaration.
            let opts = TOOLS.iter().find(|d| d.name == c.tool.name).map_or(&[][..], |d| d.opts);
            match opts.iter().find(|o| o.long == long) {
                Some(o) => w.letters.push_str(o.short),
                None => {
                    let text = if c.tool.name == "less" {
                        format!("There is no {long} option (\"less --help\" for help)\n")
                    } else {
                        format!("more: unrecognized option '{word}'\nTry 'more --help' for more information.\n")
                    };
                    c.p.err.push_str(&text);
                    return Err(Step::Exit(1));
                }
            }
        } else if let Some(letter) = word.trim_start_matches('-').chars().find(|l| !known.contains(*l)) {
            let name = c.tool.name.clone();
            let text = if name == "less" {
                format!("There is no -{letter} option (\"less --help\" for help)\n")
            } else {
                format!("more: invalid option -- '{letter}'\nTry 'more --help' for more information.\n")
            };
            c.p.err.push_str(&text);
            return Err(Step::Exit(1));
        } else {
            w.letters.push_str(word.trim_start_matches('-'));
        }
    }
    Ok(w)
}

/// Reads all files into `tool.lines`; `more` says what each is.
fn fill(c: &mut Ctx<'_>, files: &[String]) -> Result<(), Step> {
    let names = if files.is_empty() { vec!["-".to_owned()] } else { files.to_vec() };
    let more = c.tool.name == "more";
    let texts = c.slurp(&names)?;
    let mut all = String::new();
    for (name, text) in names.iter().zip(texts) {
        match text {
            Ok(t) => {
                if more && names.len() > 1 {
                    all.push_str(&format!("::::::::::::::\n{name}\n::::::::::::::\n"));
                }
                all.push_str(&t);
            }
            Err(why) if more && why == "Is a directory" => all.push_str(&format!("\n*** {name}: directory ***\n\n")),
            Err(why) => {
                let text = match (more, why.as_str()) {
                    (true, why) => format!("more: cannot open {name}: {why}\n"),
                    (_, "Is a directory") => format!("{name} is a directory\n"),
                    (_, why) => format!("{name}: {why}\n"),
                };
                c.p.err.push_str(&text);
                c.tool.status = 1;
            }
        }
    }
    c.tool.lines = all.split_inclusive('\n').map(str::to_owned).collect();
    Ok(())
}

/// The next key: one that was pressed, or the next character of a line that was typed.
fn key(c: &mut Ctx<'_>) -> Option<String> {
    if let Some(k) = c.key() {
        return Some(k);
    }
    let id = c.p.terminal;
    let t = c.con.terminal_mut(id)?;
    match t.input.pop_front()? {
        crate::console::terminal::Input::Line(line) => {
            let mut keys: Vec<String> = line.chars().map(String::from).collect();
            // A search ends with Enter; of any other line only the characters count, and an empty one is Enter.
            if keys.is_empty() || line.starts_with(['/', '?']) {
                keys.push("Enter".to_owned());
            }
            t.keys.extend(keys);
            t.keys.pop_front()
        }
        crate::console::terminal::Input::Eof => Some("q".to_owned()),
    }
}

/// Takes the last screen away if nothing was printed below it since: `tool.m` is its lines and where the terminal stood.
fn wipe(c: &mut Ctx<'_>) {
    let id = c.p.terminal;
    let (lines, stood) = (c.tool.m >> 32, c.tool.m & 0xffff_ffff);
    if let Some(t) = c.con.terminal_mut(id)
        && t.printed & 0xffff_ffff == stood
    {
        t.take_back(lines);
    }
    c.tool.m = 0;
}

fn show(c: &mut Ctx<'_>, text: &str) {
    let id = c.p.terminal;
    let sources = c.p.sources.clone();
    c.con.show(id, text, &sources);
    let stands = c.con.terminal(id).map_or(0, |t| t.printed);
    c.tool.m = (text.lines().count() as u64) << 32 | stands & 0xffff_ffff;
}

fn screen(c: &Ctx<'_>, w: &Line) -> String {
    let top = usize::try_from(c.tool.n).unwrap_or(0);
    let mut out = String::new();
    for (n, line) in c.tool.lines.iter().enumerate().skip(top).take(ROWS) {
        if w.letters.contains('N') {
            out.push_str(&format!("{:>7} ", n + 1));
        }
        out.push_str(line.trim_end_matches('\n'));
        out.push('\n');
    }
    let end = top + ROWS >= c.tool.lines.len();
    let name = if w.files.is_empty() || top > 0 { String::new() } else { format!("{} ", w.files.join(" ")) };
    let typed = &c.tool.text;
    if !typed.is_empty() {
        out.push_str(typed);
    } else if !c.tool.input.name.is_empty() {
        out.push_str(&c.tool.input.name);
    } else if end {
        out.push_str(&format!("{name}(END)"));
    } else {
        out.push_str(if name.is_empty() { ":" } else { name.trim_end() });
    }
    out.push('\n');
    out
}

/// Looks for the pattern in `tool.input.buffer` from the line after (or before) the top one.
fn search(c: &mut Ctx<'_>, w: &Line, back: bool, from_top: bool) {
    let pattern = c.tool.input.buffer.clone();
    let options = Options { ignore_case: w.letters.contains('i'), ..Options::default() };
    let top = usize::try_from(c.tool.n).unwrap_or(0);
    let hit = Re::new(&pattern, Syntax::Extended, options).map(|re| {
        let fits = |(_, l): &(usize, &String)| re.is_match(l.trim_end_matches('\n'));
        if back {
            c.tool.lines.iter().enumerate().take(top).rev().find(fits).map(|(n, _)| n)
        } else {
            c.tool.lines.iter().enumerate().skip(top + usize::from(!from_top)).find(fits).map(|(n, _)| n)
        }
    });
    match hit {
        Ok(Some(n)) => c.tool.n = n as u64,
        Ok(None) => c.tool.input.name = "Pattern not found  (press RETURN)".to_owned(),
        Err(why) => c.tool.input.name = format!("{why}  (press RETURN)"),
    }
}

/// What a key does; a step if it ends the pager.
fn press(c: &mut Ctx<'_>, w: &Line, key: &str) -> bool {
    let most = c.tool.lines.len().saturating_sub(ROWS) as u64;
    c.tool.input.name.clear();
    if !c.tool.text.is_empty() {
        match key {
            "Enter" => {
                let typed = std::mem::take(&mut c.tool.text);
                let back = typed.starts_with('?');
                if typed.len() > 1 {
                    c.tool.input.buffer = typed.get(1..).unwrap_or_default().to_owned();
                }
                c.tool.status = (c.tool.status & 1) | if back { 2 } else { 0 };
                search(c, w, back, false);
            }
            "Backspace" => {
                c.tool.text.pop();
            }
            "Escape" => c.tool.text.clear(),
            "Space" => c.tool.text.push(' '),
            k if k.chars().count() == 1 && c.tool.text.len() < 200 => c.tool.text.push_str(k),
            _ => {}
        }
        return false;
    }
    let rows = ROWS as u64;
    match key {
        "q" | "Q" => return true,
        " " | "Space" | "f" | "PageDown" => c.tool.n = (c.tool.n + rows).min(most.max(c.tool.n)),
        "b" | "PageUp" => c.tool.n = c.tool.n.saturating_sub(rows),
        "d" => c.tool.n = (c.tool.n + rows / 2).min(most.max(c.tool.n)),
        "u" => c.tool.n = c.tool.n.saturating_sub(rows / 2),
        "j" | "e" | "Enter" | "Down" | "ArrowDown" => c.tool.n = (c.tool.n + 1).min(most.max(c.tool.n)),
        "k" | "y" | "Up" | "ArrowUp" => c.tool.n = c.tool.n.saturating_sub(1),
        "g" | "<" | "Home" => c.tool.n = 0,
        "G" | ">" | "End" => c.tool.n = most,
        "/" | "?" => key.clone_into(&mut c.tool.text),
        "n" | "N" if !c.tool.input.buffer.is_empty() => {
            let back = (c.tool.status & 2 != 0) != (key == "N");
            search(c, w, back, false);
        }
        _ => {}
    }
    false
}

fn on_terminal(c: &Ctx<'_>) -> bool {
    c.p.fds.get(1) == Some(&Fd::Term)
}

fn less(c: &mut Ctx<'_>) -> Step {
    let w = match words(c, "FiINRrSXneEqsmMKfgGw") {
        Ok(w) => w,
        Err(step) => return step,
    };
    if c.tool.phase == 0 {
        if w.files.is_empty() && super::text::interactive(c) {
            c.p.err.push_str("Missing filename (\"less --help\" for help)\n");
            return Step::Exit(1);
        }
        if let Err(step) = fill(c, &w.files) {
            return step;
        }
        let short = w.letters.contains('F') && c.tool.lines.len() <= ROWS;
        if !on_terminal(c) || short || c.tool.lines.is_empty() {
            let text = c.tool.lines.concat();
            c.print(&text);
            return Step::Exit(c.tool.status);
        }
        c.tool.phase = 1;
        match w.plus.as_deref() {
            Some("G") => c.tool.n = c.tool.lines.len().saturating_sub(ROWS) as u64,
            Some(p) if p.starts_with('/') => {
                c.tool.input.buffer = p.get(1..).unwrap_or_default().to_owned();
                search(c, &w, false, true);
            }
            Some(p) => c.tool.n = p.parse::<u64>().unwrap_or(1).saturating_sub(1),
            None => {}
        }
        let text = screen(c, &w);
        show(c, &text);
        return Step::Wait;
    }
    let mut pressed = false;
    while let Some(k) = key(c) {
        pressed = true;
        if press(c, &w, &k) {
            if !w.letters.contains('X') {
                wipe(c);
            }
            return Step::Exit(c.tool.status & 1);
        }
    }
    if pressed {
        wipe(c);
        let text = screen(c, &w);
        show(c, &text);
    }
    Step::Wait
}

fn more(c: &mut Ctx<'_>) -> Step {
    let w = match words(c, "dfceplsun") {
        Ok(w) => w,
        Err(step) => return step,
    };
    let mut rows = ROWS;
    if c.tool.phase == 0 {
        if w.files.is_empty() && super::text::interactive(c) {
            c.p.err.push_str("more: bad usage\nTry 'more --help' for more information.\n");
            return Step::Exit(1);
        }
        if let Err(step) = fill(c, &w.files) {
            return step;
        }
        c.tool.phase = 1;
        c.tool.n = w.plus.and_then(|p| p.parse::<u64>().ok()).unwrap_or(1).saturating_sub(1);
        if !on_terminal(c) {
            let text = c.tool.lines.get(usize::try_from(c.tool.n).unwrap_or(0)..).unwrap_or_default().concat();
            c.print(&text);
            return Step::Exit(c.tool.status);
        }
    } else {
        match key(c).as_deref() {
            Some("q" | "Q") => {
                wipe(c);
                return Step::Exit(c.tool.status);
            }
            Some(" " | "Space" | "f" | "PageDown") => {}
            Some("Enter" | "Down" | "ArrowDown") => rows = 1,
            Some(_) => return Step::More,
            None => return Step::Wait,
        }
        wipe(c);
    }
    let from = usize::try_from(c.tool.n).unwrap_or(0);
    let page = c.tool.lines.get(from..(from + rows).min(c.tool.lines.len())).unwrap_or_default().concat();
    let id = c.p.terminal;
    let sources = c.p.sources.clone();
    c.con.show(id, &page, &sources);
    c.tool.n = (from + rows) as u64;
    if from + rows >= c.tool.lines.len() {
        return Step::Exit(c.tool.status);
    }
    let all: usize = c.tool.lines.iter().map(String::len).sum();
    let seen: usize = c.tool.lines.iter().take(from + rows).map(String::len).sum();
    show(c, &format!("--More--({}%)\n", seen * 100 / all.max(1)));
    Step::Wait
}
