//! Writes a parsed expression in the syntax of the automaton library.

use super::Options;
use super::parse::{Edge, Item, Node};

/// Letters beyond ASCII, roughly as the C library counts them: Latin, Greek, Cyrillic, Hangul, Han, kana.
const LETTERS: &[(char, char)] = &[
    ('A', 'Z'),
    ('a', 'z'),
    ('\u{aa}', '\u{aa}'),
    ('\u{b5}', '\u{b5}'),
    ('\u{ba}', '\u{ba}'),
    ('\u{c0}', '\u{d6}'),
    ('\u{d8}', '\u{f6}'),
    ('\u{f8}', '\u{2c1}'),
    ('\u{370}', '\u{1fff}'),
    ('\u{2c00}', '\u{2dff}'),
    ('\u{3041}', '\u{d7ff}'),
    ('\u{f900}', '\u{faff}'),
];

/// The ranges of a named class.
pub(super) fn class(name: &str) -> Vec<(char, char)> {
    let digits = [('0', '9')];
    let punct = [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')];
    let high = ('\u{a1}', '\u{10ffff}');
    match name {
        "alpha" => LETTERS.to_vec(),
        "digit" => digits.to_vec(),
        "alnum" => [LETTERS, &digits].concat(),
        "word" => [LETTERS, &digits, &[('_', '_')]].concat(),
        "upper" => {
            vec![('A', 'Z'), ('\u{c0}', '\u{d6}'), ('\u{d8}', '\u{de}'), ('\u{391}', '\u{3a9}'), ('\u{410}', '\u{42f}')]
        }
        "lower" => {
            vec![('a', 'z'), ('\u{df}', '\u{f6}'), ('\u{f8}', '\u{ff}'), ('\u{3b1}', '\u{3c9}'), ('\u{430}', '\u{44f}')]
        }
        "space" => {
            vec![('\t', '\r'), (' ', ' '), ('\u{2000}', '\u{2006}'), ('\u{2028}', '\u{2029}'), ('\u{3000}', '\u{3000}')]
        }
        "blank" => vec![('\t', '\t'), (' ', ' '), ('\u{3000}', '\u{3000}')],
        "punct" => [&punct[..], &[('\u{a1}', '\u{a9}'), ('\u{2010}', '\u{2027}'), ('\u{3001}', '\u{3003}')]].concat(),
        "print" => vec![(' ', '~'), high],
        "graph" => vec![('!', '~'), high],
        "cntrl" => vec![('\u{0}', '\u{1f}'), ('\u{7f}', '\u{9f}')],
        "xdigit" => vec![('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => Vec::new(),
    }
}

fn put(c: char, out: &mut String) {
    if c.is_alphanumeric() || c == ' ' || c == '_' {
        out.push(c);
    } else {
        out.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
    }
}

fn set(negated: bool, items: &[Item], options: Options, out: &mut String) {
    out.push('[');
    if negated {
        out.push('^');
        if options.lines {
            out.push_str("\\n");
        }
    }
    let mut range = |a: char, b: char| {
        put(a, out);
        if a != b {
            out.push('-');
            put(b, out);
        }
    };
    for i in items {
        match i {
            Item::Range(a, b) => range(*a, *b),
            Item::Class(name) => {
                for (a, b) in class(name) {
                    // A search over many lines never takes a newline for a space.
                    if options.lines && a == '\t' && b == '\r' {
                        range('\t', '\t');
                        range('\u{b}', '\r');
                    } else {
                        range(a, b);
                    }
                }
            }
        }
    }
    out.push(']');
}

/// The pattern in the library's syntax.
pub(super) fn emit(node: &Node, options: Options) -> String {
    let mut out = String::new();
    write(node, options, &mut out);
    out
}

fn write(node: &Node, options: Options, out: &mut String) {
    let multi = options.lines || options.multi;
    match node {
        Node::Char(c) => put(*c, out),
        Node::Any => out.push_str(if options.lines { "[^\\n]" } else { "(?s:.)" }),
        Node::Set(negated, items) => set(*negated, items, options, out),
        Node::Edge(e) => out.push_str(match e {
            Edge::Start if multi => "(?m:^)",
            Edge::End if multi => "(?m:$)",
            Edge::Start | Edge::TextStart => r"\A",
            Edge::End | Edge::TextEnd => r"\z",
            Edge::Word => r"\b",
            Edge::NotWord => r"\B",
            Edge::WordStart => r"\b{start}",
            Edge::WordEnd => r"\b{end}",
            Edge::NoWordBefore => r"\b{start-half}",
            Edge::NoWordAfter => r"\b{end-half}",
        }),
        Node::Group(n, _) => {
            out.push('(');
            write(n, options, out);
            out.push(')');
        }
        Node::Cat(all) => {
            for n in all {
                if matches!(n, Node::Alt(_)) {
                    out.push_str("(?:");
                    write(n, options, out);
                    out.push(')');
                } else {
                    write(n, options, out);
                }
            }
        }
        Node::Alt(all) => {
            for (i, n) in all.iter().enumerate() {
                if i > 0 {
                    out.push('|');
                }
                write(n, options, out);
            }
        }
        Node::Repeat(n, min, max) => {
            out.push_str("(?:");
            write(n, options, out);
            out.push(')');
            match (min, max) {
                (0, None) => out.push('*'),
                (1, None) => out.push('+'),
                (0, Some(1)) => out.push('?'),
                (n, None) => out.push_str(&format!("{{{n},}}")),
                (n, Some(m)) => out.push_str(&format!("{{{n},{m}}}")),
            }
        }
        // A pattern with one never comes here.
        Node::Back(_) => {}
    }
}
