//! Arguments of a tool, parsed as it declares them.

use super::{Decl, Opt, Style, Words};
use crate::console::process::Args;

/// Whether an option's value may be left out (`-i[SUFFIX]`): then it only counts in the same word.
fn optional(o: &Opt) -> bool {
    o.value.starts_with('[') && o.value.ends_with(']')
}

/// Where a tool of GNU's sends whoever misused it.
pub(super) fn hint(name: &str) -> String {
    match name {
        "diff" | "cmp" | "patch" => format!("{name}: Try '{name} --help' for more information.\n"),
        "gzip" | "gunzip" | "zcat" => format!("Try `{name} --help' for more information.\n"),
        "grep" | "egrep" | "fgrep" => {
            format!("Usage: {name} [OPTION]... PATTERNS [FILE]...\nTry '{name} --help' for more information.\n")
        }
        _ => format!("Try '{name} --help' for more information.\n"),
    }
}

/// Parses arguments as declared; the error is in the tool's own words.
pub(super) fn parse(d: &Decl, argv: &[String]) -> Result<Args, (i32, String)> {
    let mut args = Args::default();
    let mut words = argv.iter();
    let hint = match d.style {
        Style::Gnu => hint(d.name),
        Style::Curl => "curl: try 'curl --help' or 'curl --manual' for more information\n".to_owned(),
        Style::Plain => format!("usage: {} {}\n", d.name, d.synopsis),
    };
    let status = d.misuse;
    let key = |o: &Opt| if o.short.is_empty() { o.long } else { o.short }.to_owned();
    if d.words == Words::Raw {
        args.rest.extend(words.cloned());
        return Ok(args);
    }
    let prefix = d.words == Words::Prefix;
    while let Some(w) = words.next() {
        if w == "--" {
            args.rest.extend(words.cloned());
            break;
        }
        let literal = d.words == Words::Numbers && w.parse::<f64>().is_ok();
        if !w.starts_with('-') || w == "-" || literal || (prefix && !args.rest.is_empty()) {
            args.rest.push(w.clone());
            if prefix {
                args.rest.extend(words.cloned());
                break;
            }
            continue;
        }
        if let Some(long) = w.strip_prefix("--") {
            let (name, inline) = match long.split_once('=') {
                Some((n, v)) => (n, Some(v.to_owned())),
                None => (long, None),
            };
            let exact = d.opts.iter().find(|o| o.long == name && !name.is_empty());
            // A long name may be shortened as long as it stays clear.
            let mut short = d.opts.iter().filter(|o| !name.is_empty() && o.long.starts_with(name));
            let (one, two) = (short.next(), short.next());
            if let (None, Some(a), Some(b)) = (exact, one, two) {
                let list: Vec<String> = [a, b].into_iter().chain(short).map(|o| format!("'--{}'", o.long)).collect();
                let list = list.join(" ");
                return Err((
                    status,
                    format!("{}: option '--{name}' is ambiguous; possibilities: {list}\n{hint}", d.name),
                ));
            }
            let Some(o) = exact.or(one) else {
                let text = match d.style {
                    Style::Gnu => format!("{}: unrecognized option '--{long}'\n{hint}", d.name),
                    Style::Curl => format!("curl: option --{name}: is unknown\n{hint}"),
                    Style::Plain => format!("{}: unknown option '--{name}'\n{hint}", d.name),
                };
                return Err((status, text));
            };
            let v = match (o.value.is_empty(), inline) {
                (true, None) => String::new(),
                (true, Some(_)) => {
                    return Err((status, format!("{}: option '--{name}' doesn't allow an argument\n{hint}", d.name)));
                }
                (false, Some(v)) => v,
                (false, None) if optional(o) => String::new(),
                (false, None) => match words.next() {
                    Some(v) => v.clone(),
                    None => {
                        return Err((status, format!("{}: option '--{name}' requires an argument\n{hint}", d.name)));
                    }
                },
            };
            args.flags.push((key(o), v));
            continue;
        }
        // `head -20`, `tail -5`, `ping -4`: a number stands for the count.
        let digits = w.trim_start_matches('-');
        let mut skip = 1;
        if d.words == Words::Count && digits.starts_with(|c: char| c.is_ascii_digit()) {
            // `tail -20f`: other letters may follow.
            let count: String = digits.chars().take_while(char::is_ascii_digit).collect();
            skip += count.len();
            args.flags.push(("n".to_owned(), count));
        }
        if let Some(o) = d.opts.iter().find(|o| o.short.len() > 1 && Some(o.short) == w.strip_prefix('-')) {
            args.flags.push((o.short.to_owned(), String::new()));
            continue;
        }
        let mut rest = w.chars().skip(skip);
        while let Some(c) = rest.next() {
            let Some(o) = d.opts.iter().find(|o| o.short.chars().eq(std::iter::once(c))) else {
                let text = match d.style {
                    Style::Gnu => format!("{}: invalid option -- '{c}'\n{hint}", d.name),
                    Style::Curl => format!("curl: option -{c}: is unknown\n{hint}"),
                    Style::Plain => format!("{}: unknown option '-{c}'\n{hint}", d.name),
                };
                return Err((status, text));
            };
            if o.value.is_empty() {
                args.flags.push((key(o), String::new()));
                continue;
            }
            let inline: String = rest.by_ref().collect();
            let v = if !inline.is_empty() || optional(o) {
                inline
            } else {
                match words.next() {
                    Some(v) => v.clone(),
                    None => return Err((status, format!("{}: option requires an argument -- '{c}'\n{hint}", d.name))),
                }
            };
            args.flags.push((key(o), v));
        }
    }
    Ok(args)
}
