//! git, read only: the history of a service's repository, a commit for each release that was built.

use crate::console::host::{NameKind, Release};
use crate::console::tool::journal::moment;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words};
use crate::scenario::ObservedKind;
use crate::sim::capacity::uid;
use crate::sim::distro::Distro;
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "git",
    synopsis: "[-C SERVICE] log|show|diff|blame|status|branch|tag|shortlog [ARGUMENTS]",
    about: "the history of a service's repository (read only)",
    opts: &[],
    subs: &["blame", "branch", "diff", "log", "shortlog", "show", "status", "tag"],
    operand: Operand::Name(NameKind::Service),
    style: Style::Plain,
    words: Words::Raw,
    misuse: 129,
    missing: &[
        "Whatever writes: there is no working tree. A commit is what a release brought; its tag is the release.",
        "blame knows the lines that a release touched, and those around them.",
        "The repository is that of -C SERVICE, of the directory's name, or of the only service with releases.",
    ],
    examples: &[
        (
            "git log --oneline",
            "dd090c6 (HEAD -> main, tag: v481, origin/main) build download URLs in one place\n1f5f880 (tag: v480) set pool size\n",
        ),
        ("git push", "git: 'push' is not simulated here: the repository is read only\n"),
        (
            "git show nope",
            "fatal: ambiguous argument 'nope': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'\n",
        ),
    ],
    step: git,
    ..Decl::BLANK
}];

/// A commit.
struct Commit {
    hash: String,
    release: Release,
    diff: String,
}

impl Commit {
    fn subject(&self) -> String {
        self.release.changes.join("; ")
    }

    fn author(&self) -> String {
        format!("{0} <{0}@example.com>", self.release.by)
    }

    fn short(&self) -> &str {
        self.hash.get(..7).unwrap_or(&self.hash)
    }
}

/// `Thu Jul 20 10:13:00 2023 +0000`.
fn date(at: Utc) -> String {
    let c = at.civil();
    format!("{} {} {} {} {} +0000", at.day_name(), at.month_name(), c.day, at.hms(), c.year)
}

fn fatal(c: &mut Ctx<'_>, why: &str) -> Step {
    c.p.err.push_str(&format!("fatal: {why}\n"));
    Step::Exit(128)
}

/// Files of a diff with lines added and removed.
fn files(diff: &str) -> Vec<(String, usize, usize)> {
    let mut out: Vec<(String, usize, usize)> = Vec::new();
    for l in diff.lines() {
        if let Some(name) = l.strip_prefix("+++ ") {
            let name = name.trim_start_matches("b/").to_owned();
            out.push((name, 0, 0));
        } else if let Some(last) = out.last_mut().filter(|_| !l.starts_with("---")) {
            last.1 += usize::from(l.starts_with('+'));
            last.2 += usize::from(l.starts_with('-'));
        }
    }
    out
}

fn stat(diff: &str) -> String {
    let all = files(diff);
    let width = all.iter().map(|f| f.0.len()).max().unwrap_or(0);
    let digits = all.iter().map(|f| (f.1 + f.2).to_string().len()).max().unwrap_or(1);
    let most = all.iter().map(|f| f.1 + f.2).max().unwrap_or(1).max(1);
    let bar = |n: usize| if most > 50 { (n * 50).div_ceil(most) } else { n };
    let mut out = String::new();
    for (name, plus, minus) in &all {
        let line = format!(
            " {name:<width$} | {:>digits$} {}{}",
            plus + minus,
            "+".repeat(bar(*plus)),
            "-".repeat(bar(*minus))
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let (plus, minus) = all.iter().fold((0, 0), |s, f| (s.0 + f.1, s.1 + f.2));
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let mut sum = format!(" {} file{} changed", all.len(), plural(all.len()));
    if plus > 0 || minus == 0 {
        sum.push_str(&format!(", {plus} insertion{}(+)", plural(plus)));
    }
    if minus > 0 || plus == 0 {
        sum.push_str(&format!(", {minus} deletion{}(-)", plural(minus)));
    }
    format!("{out}{sum}\n")
}

/// A diff with the header line that git puts before each file.
fn patch(diff: &str) -> String {
    let mut out = String::new();
    let lines: Vec<&str> = diff.lines().collect();
    for (i, l) in lines.iter().enumerate() {
        if let (Some(old), Some(new)) = (l.strip_prefix("--- "), lines.get(i + 1).and_then(|n| n.strip_prefix("+++ ")))
        {
            let name = |n: &str| n.trim_start_matches("a/").trim_start_matches("b/").to_owned();
            let both = if new == "/dev/null" { name(old) } else { name(new) };
            out.push_str(&format!("diff --git a/{both} b/{both}\n"));
            if old == "/dev/null" {
                out.push_str("new file mode 100644\n");
            }
            // The names of the contents: of what was, and of what is.
            let part: String = lines.iter().skip(i + 2).take_while(|l| !l.starts_with("--- ")).copied().collect();
            let blob = |side: &str, path: &str| match path {
                "/dev/null" => "0000000".to_owned(),
                _ => uid(&format!("{side} {both} {part}")).chars().filter(|h| *h != '-').take(7).collect(),
            };
            let mode = if old == "/dev/null" || new == "/dev/null" { "" } else { " 100644" };
            out.push_str(&format!("index {}..{}{mode}\n", blob("old", old), blob("new", new)));
        }
        out.push_str(l);
        out.push('\n');
    }
    out
}

/// The part of a diff that is about a path, or all of it.
fn only(diff: &str, path: Option<&str>) -> String {
    let Some(path) = path else { return diff.to_owned() };
    let mut out = String::new();
    let (mut keep, mut head) = (false, String::new());
    for l in diff.lines() {
        if l.starts_with("--- ") {
            (keep, head) = (false, format!("{l}\n"));
            continue;
        }
        if let Some(name) = l.strip_prefix("+++ ") {
            keep = name.trim_start_matches("b/").starts_with(path) || head.contains(&format!("a/{path}"));
            if keep {
                out.push_str(&head);
            }
        }
        if keep {
            out.push_str(&format!("{l}\n"));
        }
    }
    out
}

fn git(c: &mut Ctx<'_>) -> Step {
    let mut words = c.tool.argv.clone();
    let mut named = None;
    while words.first().is_some_and(|w| w == "-C" || w == "--no-pager") {
        let first = words.remove(0);
        if first == "-C" && !words.is_empty() {
            named = Some(words.remove(0));
        }
    }
    if words.is_empty() {
        c.p.err.push_str("usage: git [-C <path>] <command> [<args>]\n");
        return Step::Exit(1);
    }
    let verb = words.remove(0);
    let known = ["log", "show", "diff", "blame", "status", "branch", "tag", "shortlog", "rev-parse", "remote"];
    if verb == "--version" || verb == "version" {
        let version = Distro::at(c.host.utc()).git;
        c.line(&format!("git version {version}"));
        return Step::Exit(0);
    }
    if verb.starts_with('-') {
        c.p.err.push_str(&format!("unknown option: {verb}\nusage: git [-C <path>] <command> [<args>]\n"));
        return Step::Exit(129);
    }
    if !known.contains(&verb.as_str()) {
        let writes = [
            "push",
            "pull",
            "fetch",
            "commit",
            "checkout",
            "switch",
            "revert",
            "reset",
            "merge",
            "rebase",
            "stash",
            "add",
            "bisect",
            "cherry-pick",
            "clone",
            "restore",
        ];
        if !writes.contains(&verb.as_str()) {
            c.p.err.push_str(&format!("git: '{verb}' is not a git command. See 'git --help'.\n"));
            return Step::Exit(1);
        }
    }
    let services = c.con.names(c.p, NameKind::Service, &*c.host);
    let with: Vec<String> = services.into_iter().filter(|s| c.host.releases(s).is_some()).collect();
    let dir = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let wanted = named.as_deref().map_or_else(|| dir(&c.p.cwd), dir);
    let service =
        with.iter().find(|s| **s == wanted).or_else(|| with.first().filter(|_| named.is_none() && with.len() == 1));
    let Some(service) = service.cloned() else {
        return match named {
            Some(n) if !c.look(&n, true).is_ok_and(|s| s.dir) => {
                fatal(c, &format!("cannot change to '{n}': No such file or directory"))
            }
            _ => fatal(c, "not a git repository (or any of the parent directories): .git"),
        };
    };
    if !known.contains(&verb.as_str()) {
        c.p.err.push_str(&format!("git: '{verb}' is not simulated here: the repository is read only\n"));
        return Step::Exit(1);
    }
    c.see(ObservedKind::Release, service.clone(), Some(service.clone()));
    let all = c.host.releases(&service).map(|r| r.all).unwrap_or_default();
    // Newest first, as git shows them.
    let commits: Vec<Commit> = all
        .into_iter()
        .rev()
        .map(|release| {
            let hash = uid(&format!("{service}/{}", release.id)).replace('-', "") + &uid(&release.id).replace('-', "");
            let diff = c.host.diff(&service, &release.id).unwrap_or_default();
            Commit { hash: hash.get(..40).unwrap_or(&hash).to_owned(), release, diff }
        })
        .collect();
    match verb.as_str() {
        "log" => log(c, &commits, &words),
        "show" => show(c, &commits, &words),
        "diff" => diff(c, &commits, &words),
        "blame" => blame(c, &commits, &words),
        "status" => {
            c.print("On branch main\nYour branch is up to date with 'origin/main'.\n\nnothing to commit, working tree clean\n");
            Step::Exit(0)
        }
        "branch" => {
            c.line("* main");
            Step::Exit(0)
        }
        "remote" => {
            c.line("origin");
            Step::Exit(0)
        }
        "tag" => {
            commits.iter().rev().for_each(|x| c.line(&x.release.id));
            Step::Exit(0)
        }
        "rev-parse" => match find(&commits, words.last().map_or("HEAD", String::as_str)) {
            Some(at) => {
                let text = commits.get(at).map_or(String::new(), |x| {
                    if words.iter().any(|w| w == "--short") { x.short().to_owned() } else { x.hash.clone() }
                });
                c.line(&text);
                Step::Exit(0)
            }
            None => unknown(c, words.last().map_or("", String::as_str)),
        },
        _ => {
            let mut by: Vec<(&str, Vec<String>)> = Vec::new();
            for x in commits.iter().rev() {
                match by.iter_mut().find(|b| b.0 == x.release.by) {
                    Some(b) => b.1.push(x.subject()),
                    None => by.push((&x.release.by, vec![x.subject()])),
                }
            }
            by.sort();
            for (who, what) in by {
                c.line(&format!("{who} ({}):", what.len()));
                what.iter().for_each(|w| c.line(&format!("      {w}")));
                c.line("");
            }
            Step::Exit(0)
        }
    }
}

/// Position of a revision: `HEAD`, `HEAD~2`, `HEAD^`, a tag, a hash.
fn find(commits: &[Commit], name: &str) -> Option<usize> {
    let bare = name.trim_end_matches('^');
    let carets = name.len() - bare.len();
    let (bare, back) = match bare.split_once('~') {
        Some((b, n)) => (b, if n.is_empty() { 1 } else { n.parse::<usize>().ok()? }),
        None => (bare, 0),
    };
    let at = match bare {
        "HEAD" | "@" | "main" | "origin/main" | "master" => 0,
        _ => commits.iter().position(|x| x.release.id == bare || (bare.len() >= 4 && x.hash.starts_with(bare)))?,
    };
    Some(at + back + carets).filter(|i| *i < commits.len())
}

fn unknown(c: &mut Ctx<'_>, name: &str) -> Step {
    fatal(
        c,
        &format!(
            "ambiguous argument '{name}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'"
        ),
    )
}

/// Names that point at a commit, as a decoration.
fn decoration(at: usize, x: &Commit) -> String {
    if at == 0 {
        format!(" (HEAD -> main, tag: {}, origin/main)", x.release.id)
    } else {
        format!(" (tag: {})", x.release.id)
    }
}

fn header(at: usize, x: &Commit) -> String {
    let body: String = x.release.changes.iter().map(|w| format!("    {w}\n")).collect();
    format!("commit {}{}\nAuthor: {}\nDate:   {}\n\n{body}", x.hash, decoration(at, x), x.author(), date(x.release.at))
}

fn log(c: &mut Ctx<'_>, commits: &[Commit], words: &[String]) -> Step {
    let now = c.host.utc();
    let (mut oneline, mut with_patch, mut with_stat, mut reverse, mut graph) = (false, false, false, false, false);
    let (mut most, mut format) = (usize::MAX, None);
    let (mut since, mut until) = (Utc(i64::MIN / 2), Utc(i64::MAX / 2));
    let (mut author, mut grep) = (None, None);
    let (mut from, mut to) = (0, commits.len());
    let mut path = None;
    let mut rest = words.iter();
    while let Some(w) = rest.next() {
        let (name, inline) = w.split_once('=').map_or((w.as_str(), None), |(n, v)| (n, Some(v.to_owned())));
        let mut value = || inline.clone().or_else(|| rest.next().cloned()).unwrap_or_default();
        match name {
            "--oneline" => oneline = true,
            "-p" | "-u" | "--patch" => with_patch = true,
            "--stat" => with_stat = true,
            "--reverse" => reverse = true,
            "--graph" => graph = true,
            "--all" | "--decorate" | "--no-decorate" | "--no-color" | "--no-merges" | "--first-parent" => {}
            "-n" | "--max-count" => most = value().parse().unwrap_or(usize::MAX),
            "--since" | "--after" | "--until" | "--before" => {
                let text = value();
                let Some(t) = moment(&text.replace(".", " "), now) else {
                    return fatal(c, &format!("invalid date: {text}"));
                };
                if matches!(name, "--since" | "--after") { since = t } else { until = t }
            }
            "--author" => author = Some(value()),
            "--grep" => grep = Some(value()),
            "--format" | "--pretty" => {
                format = Some(value().trim_start_matches("format:").trim_start_matches("tformat:").to_owned())
            }
            "--" => path = rest.next().cloned(),
            n if n.starts_with("-n")
                || (n.starts_with('-') && n.len() > 1 && n[1..].chars().all(|c| c.is_ascii_digit())) =>
            {
                most = n.trim_start_matches(['-', 'n']).parse().unwrap_or(usize::MAX);
            }
            n if n.starts_with('-') => return fatal(c, &format!("unrecognized argument: {n}")),
            n => {
                if let Some((a, b)) = n.split_once("..") {
                    let at = |s: &str| if s.is_empty() { Some(0) } else { find(commits, s) };
                    let (Some(a), Some(b)) = (at(a), at(b)) else { return unknown(c, n) };
                    (from, to) = (b, a);
                } else if let Some(a) = find(commits, n) {
                    from = a;
                } else if commits.iter().any(|x| files(&x.diff).iter().any(|f| f.0.starts_with(n))) {
                    path = Some(n.to_owned());
                } else {
                    return unknown(c, n);
                }
            }
        }
    }
    let fits = |x: &Commit| {
        x.release.at >= since
            && x.release.at <= until
            && author.as_ref().is_none_or(|a| x.author().contains(a.as_str()))
            && grep.as_ref().is_none_or(|g| x.subject().contains(g.as_str()))
            && path.as_ref().is_none_or(|p| files(&x.diff).iter().any(|f| f.0.starts_with(p.as_str())))
    };
    let mut picked: Vec<(usize, &Commit)> =
        commits.iter().enumerate().filter(|(i, x)| (from..to).contains(i) && fits(x)).take(most).collect();
    if reverse {
        picked.reverse();
    }
    let count = picked.len();
    for (n, (i, x)) in picked.into_iter().enumerate() {
        let mark = if graph { "* " } else { "" };
        match format.as_deref() {
            Some("oneline") => c.line(&format!("{mark}{} {}", x.hash, x.subject())),
            Some(f) if !matches!(f, "medium" | "full" | "short" | "fuller") => {
                let text = f
                    .replace("%H", &x.hash)
                    .replace("%h", x.short())
                    .replace("%s", &x.subject())
                    .replace("%an", &x.release.by)
                    .replace("%ae", &format!("{}@example.com", x.release.by))
                    .replace("%ad", &date(x.release.at))
                    .replace("%ai", &x.release.at.iso().replace('T', " ").replace('Z', " +0000"))
                    .replace("%aI", &x.release.at.iso().replace('Z', "+00:00"))
                    .replace("%ci", &x.release.at.iso().replace('T', " ").replace('Z', " +0000"))
                    .replace("%d", &decoration(i, x))
                    .replace("%n", "\n");
                c.line(&format!("{mark}{text}"));
            }
            _ if oneline => c.line(&format!("{mark}{}{} {}", x.short(), decoration(i, x), x.subject())),
            _ => c.print(&header(i, x)),
        }
        let diff = only(&x.diff, path.as_deref());
        if with_stat && !diff.is_empty() {
            if !oneline {
                c.line("");
            }
            c.print(&stat(&diff));
        }
        if with_patch && !diff.is_empty() {
            if !oneline {
                c.line("");
            }
            c.print(&patch(&diff));
        }
        if !oneline && format.is_none() && n + 1 < count {
            c.line("");
        }
    }
    Step::Exit(0)
}

fn show(c: &mut Ctx<'_>, commits: &[Commit], words: &[String]) -> Step {
    let (flags, names): (Vec<&String>, Vec<&String>) = words.iter().partition(|w| w.starts_with('-'));
    let name = names.first().map_or("HEAD", |n| n.as_str());
    let Some((at, x)) = find(commits, name).and_then(|i| Some((i, commits.get(i)?))) else { return unknown(c, name) };
    if let Some(f) = flags
        .iter()
        .find(|f| !matches!(f.as_str(), "--stat" | "--oneline" | "-p" | "--name-only" | "-s" | "--no-patch"))
    {
        return fatal(c, &format!("unrecognized argument: {f}"));
    }
    let has = |f: &str| flags.iter().any(|x| x.as_str() == f);
    if has("--oneline") {
        c.line(&format!("{}{} {}", x.short(), decoration(at, x), x.subject()));
    } else {
        c.print(&header(at, x));
        c.line("");
    }
    if has("--stat") {
        c.print(&stat(&x.diff));
    } else if has("--name-only") {
        files(&x.diff).iter().for_each(|f| c.line(&f.0));
    } else if !has("-s") && !has("--no-patch") {
        c.print(&patch(&x.diff));
    }
    Step::Exit(0)
}

fn diff(c: &mut Ctx<'_>, commits: &[Commit], words: &[String]) -> Step {
    let paths = words.iter().position(|w| w == "--");
    let path = paths.and_then(|i| words.get(i + 1)).map(String::as_str);
    let words: Vec<&String> = words.iter().take(paths.unwrap_or(words.len())).collect();
    let names: Vec<&str> =
        words.iter().filter(|w| !w.starts_with('-')).flat_map(|w| w.split("..")).filter(|w| !w.is_empty()).collect();
    let flags: Vec<&str> = words.iter().filter(|w| w.starts_with('-')).map(|w| w.as_str()).collect();
    if let Some(f) = flags.iter().find(|f| !matches!(**f, "--stat" | "--name-only" | "--cached" | "--staged")) {
        c.p.err.push_str(&format!("error: invalid option: {f}\n"));
        return Step::Exit(129);
    }
    // Nothing is changed in a working tree that is not there.
    let Some(first) = names.first() else { return Step::Exit(0) };
    let Some(old) = find(commits, first) else { return unknown(c, first) };
    let new = match names.get(1) {
        None => 0,
        Some(n) => match find(commits, n) {
            Some(i) => i,
            None => return unknown(c, n),
        },
    };
    if new > old {
        return fatal(c, "a diff backwards in time is not simulated here: name the older release first");
    }
    let between: String = commits.get(new..old).unwrap_or_default().iter().rev().map(|x| only(&x.diff, path)).collect();
    match flags.first() {
        Some(&"--stat") if !between.is_empty() => c.print(&stat(&between)),
        Some(&"--name-only") => files(&between).iter().for_each(|f| c.line(&f.0)),
        _ => c.print(&patch(&between)),
    }
    Step::Exit(0)
}

fn blame(c: &mut Ctx<'_>, commits: &[Commit], words: &[String]) -> Step {
    let Some(path) = words.iter().rfind(|w| !w.starts_with('-')) else {
        c.p.err.push_str("usage: git blame [<options>] [<rev-opts>] [<rev>] [--] <file>\n");
        return Step::Exit(129);
    };
    let touched = commits.iter().find(|x| files(&x.diff).iter().any(|f| f.0 == *path));
    let Some(x) = touched else { return fatal(c, &format!("no such path '{path}' in HEAD")) };
    let older = commits.last().map_or(x, |o| o);
    let mut number = 0u64;
    for l in only(&x.diff, Some(path)).lines() {
        if let Some(at) = l.strip_prefix("@@ ") {
            let start = at.split('+').nth(1).and_then(|t| t.split([',', ' ']).next()).and_then(|t| t.parse().ok());
            number = start.unwrap_or(1);
            continue;
        }
        let (who, mark) = match l.chars().next() {
            Some('+') if !l.starts_with("+++") => (x, ""),
            Some(' ') => (older, "^"),
            _ => continue,
        };
        let hash = who.hash.get(..8 - mark.len()).unwrap_or_default();
        let at = who.release.at.iso().replace('T', " ").replace('Z', " +0000");
        c.line(&format!("{mark}{hash} ({:<10} {at} {number:>4}) {}", who.release.by, l.get(1..).unwrap_or_default()));
        number += 1;
    }
    Step::Exit(0)
}
