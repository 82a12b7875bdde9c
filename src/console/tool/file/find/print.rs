//! What find prints of a file: `-printf` and `-ls`.

use super::{Item, letter, moment};
use crate::console::host::{NodeKind, Stat};
use crate::console::mode;
use crate::console::path;
use crate::console::tool::Ctx;
use crate::console::tool::machine::uid;
use crate::console::tool::strftime_in;
use crate::console::zone::Zone;
use crate::stdx::time::Utc;

/// A file in the way of `-printf`.
pub(super) fn format(c: &Ctx<'_>, format: &str, item: &Item, s: &Stat) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('a') => out.push('\u{7}'),
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some('v') => out.push('\u{b}'),
                Some('c') => return out,
                Some('\\') => out.push('\\'),
                Some(d @ '0'..='7') => {
                    let mut n = d.to_digit(8).unwrap_or(0);
                    for _ in 0..2 {
                        let Some(d) = chars.peek().and_then(|d| d.to_digit(8)) else { break };
                        n = n * 8 + d;
                        chars.next();
                    }
                    out.extend(char::from_u32(n & 0xff));
                }
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '%' => {
                let mut flags = String::new();
                while let Some(f) = chars.peek().copied().filter(|f| "-0+ #".contains(*f)) {
                    flags.push(f);
                    chars.next();
                }
                let (mut width, mut precision) = (String::new(), None::<String>);
                while let Some(d) = chars.peek().copied().filter(|d| d.is_ascii_digit() || *d == '.') {
                    chars.next();
                    match (&mut precision, d) {
                        (None, '.') => precision = Some(String::new()),
                        (Some(p), d) if d != '.' => p.push(d),
                        (None, d) => width.push(d),
                        _ => {}
                    }
                }
                let Some(what) = chars.next() else {
                    out.push('%');
                    break;
                };
                let text = match what {
                    '%' => "%".to_owned(),
                    'A' | 'C' | 'T' => {
                        let which = what.to_ascii_lowercase();
                        let (at, nanos) = moment(s, if which == 't' { 'm' } else { which });
                        let Some(k) = chars.next() else { break };
                        time(&c.zone(), k, at, nanos)
                    }
                    what => match directive(c, what, item, s) {
                        Some(text) => text,
                        None => format!("%{what}"),
                    },
                };
                let text: String = match precision.and_then(|p| p.parse::<usize>().ok()) {
                    Some(p) => text.chars().take(p).collect(),
                    None => text,
                };
                let width: usize = width.parse().unwrap_or(0).min(4_096);
                let pad = width.saturating_sub(text.chars().count());
                if flags.contains('-') {
                    out.push_str(&text);
                    out.push_str(&" ".repeat(pad));
                } else {
                    let fill = if flags.contains('0') && "sbknidmGUD".contains(what) { "0" } else { " " };
                    out.push_str(&fill.repeat(pad));
                    out.push_str(&text);
                }
            }
            ch => out.push(ch),
        }
    }
    out
}

fn directive(c: &Ctx<'_>, what: char, item: &Item, s: &Stat) -> Option<String> {
    let trimmed = item.shown.trim_end_matches('/');
    let target = match &s.kind {
        NodeKind::Link(t) => t.clone(),
        _ => String::new(),
    };
    Some(match what {
        'p' => item.shown.clone(),
        'f' if trimmed.is_empty() => "/".to_owned(),
        'f' => path::base(trimmed).to_owned(),
        'h' => match trimmed.rsplit_once('/') {
            Some((dir, _)) => dir.to_owned(),
            None => ".".to_owned(),
        },
        'P' => item.shown.strip_prefix(&item.root).unwrap_or_default().trim_start_matches('/').to_owned(),
        'H' => item.root.clone(),
        'd' => item.depth.to_string(),
        's' => s.size.to_string(),
        'b' => s.blocks.to_string(),
        'k' => s.blocks.div_ceil(2).to_string(),
        'm' => format!("{:o}", s.mode),
        'M' => mode::shown(s),
        'n' => s.links.to_string(),
        'i' => s.ino.to_string(),
        'u' => s.owner.clone(),
        'g' => s.group.clone(),
        'U' => uid(&s.owner).to_string(),
        'G' => uid(&s.group).to_string(),
        'l' => target,
        'y' => letter(&s.kind).to_string(),
        'Y' => {
            let full = c.full(&item.shown);
            c.stat(&full).map_or("N".to_owned(), |b| letter(&b.kind).to_string())
        }
        't' => ctime(&c.zone(), s.written()),
        'a' => ctime(&c.zone(), s.atime),
        'c' => ctime(&c.zone(), s.ctime),
        'D' => "66305".to_owned(),
        'F' => "ext4".to_owned(),
        'S' => {
            if s.size == 0 {
                "1".to_owned()
            } else {
                format!("{}", (s.blocks * 512) as f64 / s.size as f64)
            }
        }
        'Z' => String::new(),
        _ => return None,
    })
}

/// As `ctime` prints it, with a fraction of ten figures.
fn ctime(zone: &Zone, (at, nanos): (Utc, u32)) -> String {
    strftime_in(zone, &format!("%a %b %e %H:%M:%S.{nanos:09}0 %Y"), at, nanos)
}

fn time(zone: &Zone, k: char, at: Utc, nanos: u32) -> String {
    match k {
        '@' => format!("{}.{nanos:09}0", at.0),
        'S' => strftime_in(zone, &format!("%S.{nanos:09}0"), at, nanos),
        'T' | 'X' => strftime_in(zone, &format!("%H:%M:%S.{nanos:09}0"), at, nanos),
        '+' => strftime_in(zone, &format!("%Y-%m-%d+%H:%M:%S.{nanos:09}0"), at, nanos),
        'c' => ctime(zone, (at, nanos)),
        k => strftime_in(zone, &format!("%{k}"), at, nanos),
    }
}

/// A file in the way of `-ls`.
pub(super) fn ls(c: &Ctx<'_>, item: &Item, s: &Stat) -> String {
    let recent = c.host.utc().0 - s.mtime.0 < 15_778_476 && s.mtime <= c.host.utc();
    let when = strftime_in(&c.zone(), if recent { "%b %e %H:%M" } else { "%b %e  %Y" }, s.mtime, 0);
    let arrow = match &s.kind {
        NodeKind::Link(t) => format!(" -> {t}"),
        _ => String::new(),
    };
    format!(
        "{:>9} {:>6} {} {:>3} {:<8} {:<8} {:>8} {when} {}{arrow}",
        s.ino,
        s.blocks.div_ceil(2),
        mode::shown(s),
        s.links,
        s.owner,
        s.group,
        s.size,
        item.shown
    )
}
