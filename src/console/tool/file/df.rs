//! df: how full file systems are.

use super::unit::Unit;
use crate::console::host::Mount;
use crate::console::tool::{Ctx, Opt, Step, flag, value};
use crate::scenario::ObservedKind;

pub(super) const OPTS: &[Opt] = &[
    flag("a", "all", "include pseudo, duplicate, inaccessible file systems"),
    value("B", "block-size", "SIZE", "scale sizes by SIZE before printing them"),
    flag("h", "human-readable", "print sizes in powers of 1024 (e.g., 1023M)"),
    flag("H", "si", "print sizes in powers of 1000 (e.g., 1.1G)"),
    flag("i", "inodes", "list inode information instead of block usage"),
    flag("k", "", "like --block-size=1K"),
    flag("l", "local", "limit listing to local file systems"),
    flag("m", "", "like --block-size=1M"),
    value("", "output", "[FIELDS]", "use the output format defined by FIELDS"),
    flag("P", "portability", "use the POSIX output format"),
    flag("", "total", "produce a grand total"),
    value("t", "type", "TYPE", "limit listing to file systems of type TYPE"),
    flag("T", "print-type", "print file system type"),
    value("x", "exclude-type", "TYPE", "limit listing to file systems not of type TYPE"),
];

/// A mount as a line: its space and inodes, and the argument that named it.
struct Row {
    m: Mount,
    inodes: (u64, u64),
    file: String,
}

const FIELDS: [&str; 12] =
    ["source", "fstype", "itotal", "iused", "iavail", "ipcent", "size", "used", "avail", "pcent", "file", "target"];

pub(super) fn df(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let unit = a.flags.iter().rev().find_map(|(k, v)| match k.as_str() {
        "h" => Some(Ok((Unit::Human(1024), "Size".to_owned()))),
        "H" => Some(Ok((Unit::Human(1000), "Size".to_owned()))),
        "k" => Some(Ok((Unit::Block(1024, String::new()), "1K-blocks".to_owned()))),
        "m" => Some(Ok((Unit::Block(1 << 20, String::new()), "1M-blocks".to_owned()))),
        "B" => Some(Unit::parse(v).map(|u| (u, format!("{v}-blocks"))).ok_or_else(|| v.clone())),
        _ => None,
    });
    let usual = if a.has("P") { "1024-blocks" } else { "1K-blocks" };
    let (unit, title) = match unit.unwrap_or(Ok((Unit::Block(1024, String::new()), usual.to_owned()))) {
        Ok(u) => u,
        Err(v) => {
            c.error(&format!("invalid --block-size argument '{v}'"));
            return Step::Exit(1);
        }
    };
    let human = matches!(unit, Unit::Human(_));
    let fields: Vec<String> = match a.get("output") {
        Some("") => FIELDS.iter().map(|f| (*f).to_owned()).collect(),
        Some(list) => list.split(',').map(str::to_owned).collect(),
        None => {
            let mut all = vec!["source"];
            if a.has("T") {
                all.push("fstype");
            }
            all.extend(match a.has("i") {
                true => ["itotal", "iused", "iavail", "ipcent", "target"],
                false => ["size", "used", "avail", "pcent", "target"],
            });
            all.into_iter().map(str::to_owned).collect()
        }
    };
    if let Some(bad) = fields.iter().find(|f| !FIELDS.contains(&f.as_str())) {
        c.p.err.push_str(&format!("df: option --output: field ‘{bad}’ unknown\n"));
        return c.misuse_hint();
    }
    let Some(rows) = rows(c) else { return Step::Exit(1) };
    let on = c.on();
    for r in rows.iter().filter(|r| !r.m.at.is_empty() && r.m.device != "total") {
        let service = c.service();
        c.see(ObservedKind::Disk, format!("{on}:{}", r.m.at), service);
    }
    let head = |f: &str| match f {
        "source" => "Filesystem".to_owned(),
        "fstype" => "Type".to_owned(),
        "itotal" => "Inodes".to_owned(),
        "iused" => "IUsed".to_owned(),
        "iavail" => "IFree".to_owned(),
        "ipcent" => "IUse%".to_owned(),
        "size" => title.clone(),
        "used" => "Used".to_owned(),
        "avail" if human || a.get("output").is_some() => "Avail".to_owned(),
        "avail" => "Available".to_owned(),
        "pcent" if a.has("P") => "Capacity".to_owned(),
        "pcent" => "Use%".to_owned(),
        "file" => "File".to_owned(),
        _ => "Mounted on".to_owned(),
    };
    let count = |n: u64| if human { unit.show(n) } else { n.to_string() };
    let cell = |f: &str, r: &Row| {
        let m = &r.m;
        let free = m.size.saturating_sub(m.used);
        let (used, all) = r.inodes;
        match f {
            "source" => m.device.clone(),
            "fstype" if m.device == "total" => "-".to_owned(),
            "fstype" => "ext4".to_owned(),
            "itotal" => count(all),
            "iused" => count(used),
            "iavail" => count(all.saturating_sub(used)),
            "ipcent" => percent(used, all),
            "size" => unit.show(m.size),
            "used" => unit.show(m.used),
            "avail" => unit.show(free),
            "pcent" => percent(m.used, m.size),
            "file" => r.file.clone(),
            _ => m.at.clone(),
        }
    };
    let least = |f: &str| match f {
        "source" => 14,
        "fstype" => 4,
        "size" | "used" | "avail" | "itotal" | "iused" | "iavail" => 5,
        "pcent" | "ipcent" => 4,
        _ => 0,
    };
    let mut table: Vec<Vec<String>> = vec![fields.iter().map(|f| head(f)).collect()];
    table.extend(rows.iter().map(|r| fields.iter().map(|f| cell(f, r)).collect()));
    let widths: Vec<usize> = fields
        .iter()
        .enumerate()
        .map(|(i, f)| table.iter().filter_map(|r| r.get(i)).map(|t| t.chars().count()).max().unwrap_or(0).max(least(f)))
        .collect();
    for row in table {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .zip(&fields)
            .enumerate()
            .map(|(i, ((t, w), f))| match f.as_str() {
                "source" | "fstype" | "target" | "file" if i + 1 == fields.len() => t.clone(),
                "source" | "fstype" | "target" | "file" => format!("{t:<w$}"),
                _ => format!("{t:>w$}"),
            })
            .collect();
        c.line(&cells.join(" "));
    }
    Step::Exit(c.tool.status)
}

fn percent(used: u64, all: u64) -> String {
    match all {
        0 => "-".to_owned(),
        all => format!("{}%", (u128::from(used) * 100).div_ceil(u128::from(all))),
    }
}

/// The mounts that are asked for; `None` if there is none.
fn rows(c: &mut Ctx<'_>) -> Option<Vec<Row>> {
    let a = c.args.clone();
    let on = c.on();
    let all = c.host.mounts(&on);
    let limited = c.host.inodes(&on);
    let row = |m: Mount, file: &str| {
        // A file system has an inode for every 16 KiB unless somebody said otherwise.
        let usual = (m.size >> 14).max(1);
        let limit = limited.iter().find(|(at, _, _)| *at == m.at).map(|(_, used, all)| (*used, *all));
        Row { inodes: limit.unwrap_or((usual / 10, usual)), m, file: file.to_owned() }
    };
    let mut rows: Vec<Row> = Vec::new();
    if a.rest.is_empty() {
        rows.extend(all.into_iter().map(|m| row(m, "-")));
    } else {
        for name in &a.rest {
            if let Err(why) = c.look(name, true) {
                c.error(&format!("{name}: {why}"));
                continue;
            }
            let full = c.full(name);
            let full = c.host.resolve(&on, &full, true).unwrap_or(full);
            let device = all.iter().find(|m| m.device == *name);
            let holds = |at: &str| at == "/" || full == at || full.starts_with(&format!("{at}/"));
            let found = device.or_else(|| all.iter().filter(|m| holds(&m.at)).max_by_key(|m| m.at.len()));
            rows.extend(found.cloned().map(|m| row(m, name)));
        }
        if rows.is_empty() {
            return None;
        }
    }
    let wanted = |key: &str| a.flags.iter().filter(|(k, _)| k == key).map(|(_, v)| v.clone()).collect::<Vec<_>>();
    let (only, not) = (wanted("t"), wanted("x"));
    let ext4 = "ext4".to_owned();
    if (!only.is_empty() && !only.contains(&ext4)) || not.contains(&ext4) {
        c.error("no file systems processed");
        return None;
    }
    if a.has("total") {
        let sum = |f: fn(&Row) -> u64| rows.iter().map(f).sum();
        let m =
            Mount { device: "total".to_owned(), at: "-".to_owned(), size: sum(|r| r.m.size), used: sum(|r| r.m.used) };
        rows.push(Row { m, inodes: (sum(|r| r.inodes.0), sum(|r| r.inodes.1)), file: "-".to_owned() });
    }
    Some(rows)
}
