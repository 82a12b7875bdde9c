//! stat: what a file system says about a file.

use super::ls::shell_quoted;
use crate::console::host::{NodeKind, Stat};
use crate::console::mode;
use crate::console::tool::account::{group_id, user_id};
use crate::console::tool::strftime_in;
use crate::console::tool::{Ctx, Opt, Step, flag, value};
use crate::scenario::ObservedKind;
use crate::stdx::time::Utc;

pub(super) const OPTS: &[Opt] = &[
    value("c", "format", "FORMAT", "use the specified FORMAT instead of the default; a newline after each use"),
    value("", "printf", "FORMAT", "like --format, but interpret backslash escapes and do not output a newline"),
    flag("L", "dereference", "follow links"),
    flag("f", "file-system", "display file system status instead of file status"),
    flag("t", "terse", "print the information in terse form"),
];

const TERSE: &str = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o";
const FS: &str = "  File: \"%n\"\n    ID: %-8i Namelen: %-7l Type: %T\nBlock size: %-10s Fundamental block size: %S\nBlocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d";

pub(super) fn stat(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        return c.misuse("missing operand", 1);
    }
    let service = c.service();
    for name in &a.rest {
        let s = match c.look(name, a.has("L") || a.has("f")) {
            Ok(s) => s,
            Err(why) => {
                let verb = if a.has("f") { "cannot read file system information for" } else { "cannot statx" };
                c.error(&format!("{verb} {}: {why}", shell_quoted(name)));
                continue;
            }
        };
        let target = format!("{}:{}", c.on(), c.full(name));
        c.see(ObservedKind::Files, target, service.clone());
        let (format, escapes) = match (a.get("c"), a.get("printf")) {
            (Some(f), _) => (format!("{f}\n"), false),
            (None, Some(f)) => (f.to_owned(), true),
            (None, None) if a.has("f") => (format!("{FS}\n"), false),
            (None, None) if a.has("t") => (format!("{TERSE}\n"), false),
            (None, None) => (usual(&s), false),
        };
        let text = fill(c, &format, escapes, name, &s, a.has("f"));
        c.print(&text);
    }
    Step::Exit(c.tool.status)
}

fn usual(s: &Stat) -> String {
    let name = if s.is_link() { "%N" } else { "%n" };
    let device = if matches!(s.kind, NodeKind::Device(..)) { "     Device type: %Hr,%Lr" } else { "" };
    let name = if s.is_link() { name.to_owned() } else { "%n".to_owned() };
    format!(
        "  File: {name}\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: 259,1\tInode: %-10i  Links: %-5h{device}\nAccess: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n"
    )
    .replace("  Links: %-5h\n", "  Links: %h\n")
}

fn kind(s: &Stat) -> &'static str {
    match s.kind {
        NodeKind::File if s.size == 0 => "regular empty file",
        NodeKind::File => "regular file",
        NodeKind::Dir => "directory",
        NodeKind::Link(_) => "symbolic link",
        NodeKind::Device(..) => "character special file",
        NodeKind::Pipe => "fifo",
    }
}

fn raw(s: &Stat) -> u32 {
    let top = match s.kind {
        NodeKind::File => 0x8000,
        NodeKind::Dir => 0x4000,
        NodeKind::Link(_) => 0xa000,
        NodeKind::Device(..) => 0x2000,
        NodeKind::Pipe => 0x1000,
    };
    top | u32::from(s.mode)
}

fn fill(c: &Ctx<'_>, format: &str, escapes: bool, name: &str, s: &Stat, fs: bool) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(ch) = chars.next() {
        if ch == '\\' && escapes {
            match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('a') => out.push('\u{7}'),
                Some('e') => out.push('\u{1b}'),
                Some('0') => out.push('\0'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            }
            continue;
        }
        if ch != '%' {
            out.push(ch);
            continue;
        }
        let mut spec = String::new();
        while let Some(f) = chars.peek().copied().filter(|f| f.is_ascii_digit() || "-+ #.'".contains(*f)) {
            spec.push(f);
            chars.next();
        }
        let Some(mut what) = chars.next() else {
            out.push('%');
            break;
        };
        let mut half = None;
        if matches!(what, 'H' | 'L') && chars.peek().is_some_and(|n| matches!(n, 'd' | 'r')) {
            half = Some(what);
            what = chars.next().unwrap_or('d');
        }
        if what == '%' {
            out.push('%');
            continue;
        }
        let text = match fs {
            true => of_mount(c, what, name),
            false => directive(c, what, half, name, s, &spec),
        };
        let flags: String =
            spec.chars().take_while(|f| !f.is_ascii_digit() || *f == '0').filter(|f| *f != '.').collect();
        let rest = spec.trim_start_matches(['-', '+', ' ', '#', '\'', '0']);
        let (width, precision) = rest.split_once('.').map_or((rest, None), |(w, p)| (w, Some(p)));
        let times = matches!(what, 'X' | 'Y' | 'Z' | 'W');
        let text: String = match precision.and_then(|p| p.parse::<usize>().ok()) {
            Some(p) if !times && !"sbugihoaf".contains(what) => text.chars().take(p).collect(),
            _ => text,
        };
        let text = if flags.contains('#') && what == 'a' { format!("0{text}") } else { text };
        let width = width.parse::<usize>().unwrap_or(0).min(4_096);
        let pad = width.saturating_sub(text.chars().count());
        if flags.contains('-') {
            out.push_str(&text);
            out.push_str(&" ".repeat(pad));
        } else {
            let zero = flags.contains('0') && !"nNAFUGxyzwm".contains(what);
            out.push_str(&if zero { "0" } else { " " }.repeat(pad));
            out.push_str(&text);
        }
    }
    out
}

fn directive(c: &Ctx<'_>, what: char, half: Option<char>, name: &str, s: &Stat, spec: &str) -> String {
    let (major, minor) = match s.kind {
        NodeKind::Device(a, b) => (a, b),
        _ => (0, 0),
    };
    let full = |(at, nanos): (Utc, u32)| strftime_in(&c.zone(), "%Y-%m-%d %H:%M:%S.%N %z", at, nanos);
    let epoch = |(at, nanos): (Utc, u32)| match spec.split_once('.').map(|(_, p)| p.parse::<usize>().unwrap_or(9)) {
        Some(p) => {
            let digits: String = format!("{nanos:09}").chars().chain("0".repeat(9).chars()).take(p.min(18)).collect();
            format!("{}.{digits}", at.0)
        }
        None => at.0.to_string(),
    };
    match what {
        'a' => format!("{:o}", s.mode),
        'A' => mode::shown(s),
        'b' => s.blocks.to_string(),
        'B' => "512".to_owned(),
        'C' => "?".to_owned(),
        'd' if half == Some('H') => "259".to_owned(),
        'd' if half == Some('L') => "1".to_owned(),
        'd' => "66305".to_owned(),
        'D' => "10301".to_owned(),
        'f' => format!("{:x}", raw(s)),
        'F' => kind(s).to_owned(),
        'g' => group_id(&s.group).to_string(),
        'G' => s.group.clone(),
        'h' => s.links.to_string(),
        'i' => s.ino.to_string(),
        'm' => mount(c, name).map_or("/".to_owned(), |m| m.at),
        'n' => name.to_owned(),
        'N' => match &s.kind {
            NodeKind::Link(t) => format!("{} -> {}", shell_quoted(name), shell_quoted(t)),
            _ => shell_quoted(name),
        },
        'o' => "4096".to_owned(),
        'r' if half == Some('H') => major.to_string(),
        'r' if half == Some('L') => minor.to_string(),
        'r' => (major * 256 + minor).to_string(),
        's' => s.size.to_string(),
        't' => format!("{major:x}"),
        'T' => format!("{minor:x}"),
        'u' => user_id(&s.owner).to_string(),
        'U' => s.owner.clone(),
        'w' => "-".to_owned(),
        'W' => "0".to_owned(),
        'x' => full(s.atime),
        'X' => epoch(s.atime),
        'y' => full(s.written()),
        'Y' => epoch(s.written()),
        'z' => full(s.ctime),
        'Z' => epoch(s.ctime),
        _ => "?".to_owned(),
    }
}

fn mount(c: &Ctx<'_>, name: &str) -> Option<crate::console::host::Mount> {
    let full = c.full(name);
    let holds = |at: &str| at == "/" || full == at || full.starts_with(&format!("{at}/"));
    c.host.mounts(&c.p.host).into_iter().filter(|m| holds(&m.at)).max_by_key(|m| m.at.len())
}

fn of_mount(c: &Ctx<'_>, what: char, name: &str) -> String {
    let Some(m) = mount(c, name) else { return "?".to_owned() };
    let free = m.size.saturating_sub(m.used) / 4096;
    let limited = c.host.inodes(&c.p.host);
    let usual = (m.size >> 14).max(1);
    let (used, all) =
        limited.iter().find(|(at, _, _)| *at == m.at).map_or((usual / 10, usual), |(_, used, all)| (*used, *all));
    match what {
        'a' | 'f' => free.to_string(),
        'b' => (m.size / 4096).to_string(),
        'c' => all.to_string(),
        'd' => all.saturating_sub(used).to_string(),
        'i' => "fd0000000001".to_owned(),
        'l' => "255".to_owned(),
        'n' => name.to_owned(),
        's' | 'S' => "4096".to_owned(),
        't' => "ef53".to_owned(),
        'T' => "ext2/ext3".to_owned(),
        _ => "?".to_owned(),
    }
}
