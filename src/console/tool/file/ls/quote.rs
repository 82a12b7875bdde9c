//! How ls quotes names.

/// How a name is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    Literal,
    /// As a shell would need it; `always` though it would not.
    Shell {
        always: bool,
        escape: bool,
    },
    /// Escapes of C, between these.
    C(&'static str, &'static str),
}

/// The words of `--quoting-style`.
pub(super) const QUOTING: &[(&str, Quoting)] = &[
    ("literal", Quoting::Literal),
    ("shell", Quoting::Shell { always: false, escape: false }),
    ("shell-always", Quoting::Shell { always: true, escape: false }),
    ("shell-escape", Quoting::Shell { always: false, escape: true }),
    ("shell-escape-always", Quoting::Shell { always: true, escape: true }),
    ("c", Quoting::C("\"", "\"")),
    ("c-maybe", Quoting::C("\"", "\"")),
    ("escape", Quoting::C("", "")),
    ("locale", Quoting::C("‘", "’")),
    ("clocale", Quoting::C("‘", "’")),
];

/// A name in an error message.
pub(crate) fn shell_quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// A control character as C writes it.
fn control(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        '\x07' => "\\a".to_owned(),
        '\x08' => "\\b".to_owned(),
        '\x0b' => "\\v".to_owned(),
        '\x0c' => "\\f".to_owned(),
        c => format!("\\{:03o}", u32::from(c)),
    }
}

/// A name as it is printed; `hide`: control characters are `?`; `title`: in front of a directory's listing.
pub(super) fn quoted(name: &str, quoting: Quoting, hide: bool, title: bool) -> String {
    let clean = |n: &str| n.chars().map(|c| if c.is_control() && hide { '?' } else { c }).collect::<String>();
    match quoting {
        Quoting::Literal => clean(name),
        Quoting::C(open, close) => {
            let mut out = open.to_owned();
            for c in name.chars() {
                match c {
                    '\\' => out.push_str("\\\\"),
                    '"' if open == "\"" => out.push_str("\\\""),
                    ' ' if open.is_empty() => out.push_str("\\ "),
                    ':' if open.is_empty() && title => out.push_str("\\:"),
                    c if c.is_control() => out.push_str(&control(c)),
                    c => out.push(c),
                }
            }
            out + close
        }
        Quoting::Shell { always, escape } => {
            let special = |c: char| c.is_whitespace() || c.is_control() || "\"'\\$`!*?[](){}<>|;&^~#=".contains(c);
            if !always && !name.chars().any(special) && !(title && name.contains(':')) {
                return name.to_owned();
            }
            if name.contains('\'') && !name.contains(|c: char| "\"$`\\!".contains(c) || c.is_control()) {
                return format!("\"{name}\"");
            }
            let mut out = shell_quoted(name);
            if escape {
                for c in name.chars().filter(|c| c.is_control()) {
                    out = out.replace(c, &format!("'$'{}''", control(c)));
                }
                out = out.replace("''$'", "$'").trim_end_matches("''").to_owned();
                return out;
            }
            clean(&out)
        }
    }
}
