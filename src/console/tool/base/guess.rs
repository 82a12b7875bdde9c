//! file: what a file holds, by its first bytes.

use crate::console::host::NodeKind;
use crate::console::text_format::to_bytes;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag};

pub(super) const FILE: Decl = Decl {
    name: "file",
    synopsis: "[-biL] FILE...",
    about: "determine file type",
    opts: &[
        flag("b", "brief", "do not prepend filenames to output lines"),
        flag("i", "mime", "output MIME type strings"),
        flag("", "mime-type", "output the MIME type"),
        flag("L", "dereference", "follow symlinks"),
        flag("h", "no-dereference", "don't follow symlinks (default)"),
    ],
    operand: Operand::Path,
    missing: &["Most of the formats that the real one knows."],
    examples: &[("file notes.txt /etc", "notes.txt: ASCII text\n/etc:      directory\n")],
    step: file,
    ..Decl::BLANK
};

fn file(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        c.p.err.push_str("Usage: file [-bchikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]\n            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]\n            <file> ...\n");
        return Step::Exit(1);
    }
    let wide = a.rest.iter().map(|n| n.chars().count()).max().unwrap_or(0) + 1;
    for name in &a.rest {
        let (text, mime) = kind(c, name, a.has("L"));
        let text = match (a.has("i"), a.has("mime-type")) {
            (true, _) => mime,
            (_, true) => mime.split(';').next().unwrap_or_default().to_owned(),
            _ => text,
        };
        if a.has("b") {
            c.line(&text);
        } else {
            c.line(&format!("{:<wide$} {text}", format!("{name}:")));
        }
    }
    Step::Exit(0)
}

/// In words, and as a MIME type.
fn kind(c: &mut Ctx<'_>, name: &str, follow: bool) -> (String, String) {
    let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let s = match c.look(name, follow) {
        Ok(s) => s,
        Err(why) => {
            let text = format!("cannot open `{name}' ({why})");
            return (text.clone(), text);
        }
    };
    match &s.kind {
        NodeKind::Dir if s.mode & 0o1000 != 0 => return both("sticky, directory", "inode/directory; charset=binary"),
        NodeKind::Dir => return both("directory", "inode/directory; charset=binary"),
        NodeKind::Link(t) => {
            let broken = c.look(name, true).is_err();
            let word = if broken { "broken symbolic link to" } else { "symbolic link to" };
            return (format!("{word} {t}"), "inode/symlink; charset=binary".to_owned());
        }
        NodeKind::Device(a, b) => {
            return (format!("character special ({a}/{b})"), "inode/chardevice; charset=binary".to_owned());
        }
        NodeKind::Pipe => return both("fifo (named pipe)", "inode/fifo; charset=binary"),
        NodeKind::File => {}
    }
    if s.size == 0 {
        return both("empty", "inode/x-empty; charset=binary");
    }
    let Ok(text) = c.load(name) else { return both("data", "application/octet-stream; charset=binary") };
    let bytes = to_bytes(&text);
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(&[0x1f, 0x8b]) {
        return (
            format!("gzip compressed data, from Unix, original size modulo 2^32 {}", tail(&bytes)),
            "application/gzip; charset=binary".to_owned(),
        );
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return both("POSIX tar archive (GNU)", "application/x-tar; charset=binary");
    }
    if starts(b"\x7fELF") {
        return both("ELF 64-bit LSB executable, x86-64", "application/x-executable; charset=binary");
    }
    if text.is_empty() || bytes.contains(&0) || (std::str::from_utf8(&bytes).is_err()) {
        return both("data", "application/octet-stream; charset=binary");
    }
    let (charset, word) = match text.is_ascii() {
        true => ("us-ascii", "ASCII text"),
        false => ("utf-8", "Unicode text, UTF-8 text"),
    };
    let mut text_words = word.to_owned();
    let first = text.lines().next().unwrap_or_default();
    let mut mime = "text/plain";
    if let Some(path) = first.strip_prefix("#!") {
        let path = path.trim();
        let program = path.rsplit('/').next().unwrap_or(path);
        let shown = match program {
            "bash" => "Bourne-Again shell".to_owned(),
            "sh" => "POSIX shell".to_owned(),
            other if other.starts_with("env ") => format!("a {path}"),
            other if other.starts_with("python") => "Python".to_owned(),
            _ => format!("a {path}"),
        };
        text_words = format!("{shown} script, {word} executable");
        mime = if shown.contains("Python") { "text/x-script.python" } else { "text/x-shellscript" };
    } else if matches!(first.trim_start().chars().next(), Some('{' | '['))
        && serde_json::from_str::<serde_json::Value>(&text).is_ok()
    {
        "JSON text data".clone_into(&mut text_words);
        mime = "application/json";
    }
    let longest = text.lines().map(str::len).max().unwrap_or(0);
    let mut notes = Vec::new();
    if mime == "text/plain" {
        if longest > 300 {
            notes.push(format!("with very long lines ({longest})"));
        }
        if !text.contains('\n') {
            notes.push("with no line terminators".to_owned());
        } else if text.contains("\r\n") {
            notes.push("with CRLF line terminators".to_owned());
        }
    }
    let text_words = std::iter::once(text_words).chain(notes).collect::<Vec<_>>().join(", ");
    (text_words, format!("{mime}; charset={charset}"))
}

fn tail(bytes: &[u8]) -> u32 {
    let end = bytes.get(bytes.len().saturating_sub(4)..).unwrap_or_default();
    end.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b))
}
