//! gzip and tar: compressed and packed files. Bytes travel as text (`text_format::bytes`).

mod tar;

use super::{Ctx, Decl, Operand, Opt, Step, Words, flag, mutate, value};
use crate::console::path;
use crate::console::text_format::{from_bytes, to_bytes};
use crate::sim::effect::{Effect, FileAct};
use crate::sim::vfs::Moment;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

const OPTS: &[Opt] = &[
    flag("c", "stdout", "write on standard output, keep original files unchanged"),
    flag("d", "decompress", "decompress"),
    flag("f", "force", "force overwrite of output file"),
    flag("k", "keep", "keep (don't delete) input files"),
    flag("q", "quiet", "suppress all warnings"),
    flag("v", "verbose", "verbose mode"),
    flag("t", "test", "test compressed file integrity"),
    flag("l", "list", "list compressed file contents"),
    flag("n", "no-name", "do not save or restore the original name and timestamp"),
    flag("N", "name", "save or restore the original name and timestamp"),
    flag("r", "recursive", "operate recursively on directories"),
    value("S", "suffix", "SUF", "use suffix SUF on compressed files"),
    flag("1", "fast", "compress faster"),
    flag("2", "", "levels between"),
    flag("3", "", "levels between"),
    flag("4", "", "levels between"),
    flag("5", "", "levels between"),
    flag("6", "", "the usual level"),
    flag("7", "", "levels between"),
    flag("8", "", "levels between"),
    flag("9", "best", "compress better"),
];

const fn gz(
    name: &'static str,
    about: &'static str,
    examples: &'static [(&'static str, &'static str)],
    step: fn(&mut Ctx<'_>) -> Step,
) -> Decl {
    Decl {
        name,
        synopsis: "[OPTION]... [FILE]...",
        about,
        opts: OPTS,
        operand: Operand::Path,
        words: Words::Mixed,
        examples,
        step,
        ..Decl::BLANK
    }
}

pub(crate) const TOOLS: &[Decl] = &[
    gz(
        "gzip",
        "compress files",
        &[("gzip notes.txt && ls && zcat notes.txt.gz | head -1", "notes.txt.gz\nalpha\n")],
        gzip,
    ),
    gz("zless", "view compressed files", &[("echo x | gzip > z.gz; zless z.gz", "x\n")], gzip),
    gz("zmore", "view compressed files", &[("echo x | gzip > z.gz; zmore z.gz", "x\n")], gzip),
    gz("gunzip", "expand compressed files", &[("echo x | gzip | gunzip", "x\n")], gzip),
    gz("zcat", "expand compressed files to standard output", &[("echo x | gzip | zcat", "x\n")], gzip),
    Decl {
        name: "tar",
        synopsis: "{c|t|x}[vzfC] [ARCHIVE] [-C DIR] [FILE]...",
        about: "an archiving utility",
        operand: Operand::Path,
        words: Words::Raw,
        misuse: 2,
        missing: &[
            "Only -c, -t, -x, -r, -u with -v, -z, -a, -f, -C, -T, -p, -h, -k, -m, -O, --strip-components, --exclude, --no-recursion, --wildcards.",
            "bzip2, xz and zstd; names of more than 100 bytes; --delete, -A, -d.",
        ],
        examples: &[
            ("tar czf /tmp/n.tgz notes.txt && tar tzf /tmp/n.tgz", "notes.txt\n"),
            (
                "tar",
                "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n",
            ),
        ],
        step: tar::tar,
        ..Decl::BLANK
    },
];

/// Bytes that come out of an archive at most.
const MOST: usize = 64 << 20;

/// The text in a gzip stream; `None` if it is none.
pub(crate) fn unzip(text: &str) -> Option<String> {
    let bytes = to_bytes(text);
    let mut out = Vec::new();
    let mut at = 0;
    // Streams may stand one behind the other.
    while at == 0 || bytes.get(at..).is_some_and(|b| b.starts_with(&[0x1f, 0x8b])) {
        let head = bytes.get(at..)?;
        if !head.starts_with(&[0x1f, 0x8b, 8]) {
            return None;
        }
        let flags = *head.get(3)?;
        let mut skip = 10;
        if flags & 4 != 0 {
            skip += 2 + usize::from(*head.get(10)?) + 256 * usize::from(*head.get(11)?);
        }
        for bit in [8, 16] {
            if flags & bit != 0 {
                skip += head.get(skip..)?.iter().position(|b| *b == 0)? + 1;
            }
        }
        skip += if flags & 2 != 0 { 2 } else { 0 };
        let body = head.get(skip..)?;
        let mut inflate = Decompress::new(false);
        let begin = out.len();
        loop {
            let used = usize::try_from(inflate.total_in()).ok()?;
            out.reserve(64 * 1024);
            let status = inflate.decompress_vec(body.get(used..)?, &mut out, FlushDecompress::None).ok()?;
            if status == Status::StreamEnd {
                break;
            }
            let stuck = usize::try_from(inflate.total_in()).ok()? == used && out.len() - begin == 0;
            if stuck || out.len() > MOST || (used >= body.len() && status == Status::BufError) {
                return None;
            }
        }
        let used = usize::try_from(inflate.total_in()).ok()?;
        let sum = body.get(used..used + 4)?;
        if crc32fast::hash(out.get(begin..)?).to_le_bytes() != sum {
            return None;
        }
        at += skip + used + 8;
    }
    Some(from_bytes(&out))
}

/// A text as a gzip stream, without a time in it.
pub(crate) fn zip(text: &str) -> String {
    let bytes = to_bytes(text);
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let mut deflate = Compress::new(Compression::default(), false);
    loop {
        out.reserve(64 * 1024);
        let used = usize::try_from(deflate.total_in()).unwrap_or(0);
        let rest = bytes.get(used..).unwrap_or_default();
        match deflate.compress_vec(rest, &mut out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) | Err(_) => break,
            Ok(_) => {}
        }
    }
    out.extend(crc32fast::hash(&bytes).to_le_bytes());
    out.extend(u32::try_from(bytes.len() & 0xffff_ffff).unwrap_or(0).to_le_bytes());
    from_bytes(&out)
}

fn gzip(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let name = c.tool.name.clone();
    let reads = matches!(name.as_str(), "zcat" | "zless" | "zmore");
    let suffix = a.get("S").unwrap_or(".gz").to_owned();
    let expand = a.has("d") || a.has("t") || name != "gzip";
    let out = a.has("c") || reads || a.rest.is_empty() || a.rest.iter().all(|f| f == "-");
    let mut names = if a.rest.is_empty() { vec!["-".to_owned()] } else { a.rest.clone() };
    if a.has("r") {
        names = below(c, &names);
    }
    if a.has("l") {
        return list(c, &names);
    }
    let mut texts = match c.slurp(&names) {
        Ok(t) => t,
        Err(step) => return step,
    };
    for (file, text) in names.iter().zip(texts.drain(..)) {
        let mut file = file.clone();
        let mut text = text;
        if expand && !out && !a.has("t") && text.is_ok() && !file.ends_with(&suffix) && !file.ends_with(".tgz") {
            c.p.err.push_str(&format!("gzip: {file}: unknown suffix -- ignored\n"));
            c.tool.status = 2;
            continue;
        }
        if expand && text.is_err() && !file.ends_with(&suffix) {
            let longer = format!("{file}{suffix}");
            if let Ok(t) = c.load(&longer) {
                (file, text) = (longer, Ok(t));
            }
        }
        let text = match text {
            Ok(t) => t,
            Err(why) if why == "Is a directory" => {
                c.p.err.push_str(&format!("gzip: {file} is a directory -- ignored\n"));
                c.tool.status = 2;
                continue;
            }
            Err(why) => {
                let shown = if expand && !file.ends_with(".gz") { format!("{file}.gz") } else { file };
                c.p.err.push_str(&format!("gzip: {shown}: {why}\n"));
                c.tool.status = 1;
                continue;
            }
        };
        // A link would be replaced by what it leads to.
        if !out && !a.has("f") && !a.has("t") && file != "-" && c.look(&file, false).is_ok_and(|s| s.is_link()) {
            c.p.err.push_str(&format!("gzip: {file}: Too many levels of symbolic links\n"));
            c.tool.status = 1;
            continue;
        }
        let made = if expand {
            match unzip(&text) {
                Some(t) => t,
                None if (a.has("f") || matches!(name.as_str(), "zless" | "zmore")) && out => text.clone(),
                None => {
                    let shown = if file == "-" { "stdin" } else { &file };
                    c.p.err.push_str(&format!("\ngzip: {shown}: not in gzip format\n"));
                    c.tool.status = 1;
                    continue;
                }
            }
        } else {
            zip(&text)
        };
        if a.has("t") {
            continue;
        }
        if out || file == "-" {
            c.print(&made);
            continue;
        }
        let to = if expand {
            match file
                .strip_suffix(suffix.as_str())
                .map(str::to_owned)
                .or_else(|| file.strip_suffix(".tgz").map(|f| format!("{f}.tar")))
            {
                Some(f) => f,
                None => {
                    c.p.err.push_str(&format!("gzip: {file}: unknown suffix -- ignored\n"));
                    c.tool.status = 2;
                    continue;
                }
            }
        } else if file.ends_with(&suffix) && !a.has("f") {
            c.p.err.push_str(&format!("gzip: {file} already has {suffix} suffix -- unchanged\n"));

            continue;
        } else {
            format!("{file}{suffix}")
        };
        let (full, source) = (c.full(&to), c.full(&file));
        let (before, after) =
            (to_bytes(if expand { &made } else { &text }).len(), to_bytes(if expand { &text } else { &made }).len());
        if c.stat(&full).is_some() && !a.has("f") {
            c.p.err.push_str(&format!("gzip: {to} already exists;\tnot overwritten\n"));
            c.tool.status = 2;
            continue;
        }
        if let Err(why) = super::mutate::write(c, &full, made, false) {
            c.p.err.push_str(&format!("gzip: {to}: {why}\n"));
            c.tool.status = 1;
            continue;
        }
        if let Some(s) = c.stat(&source) {
            // The new file is as old as the one that it was made from, and nobody else may read it.
            let moment = |(at, nanos)| Some(Some(Moment { at, nanos }));
            let (read, written) = (moment(s.atime), moment(s.written()));
            let _the_file_is_there = mutate::alter(c, &full, FileAct::Mode(s.mode));
            let _the_file_is_there = mutate::alter(c, &full, FileAct::Times { read, written, follow: true });
        }
        if a.has("v") {
            let saved = if before == 0 { 0.0 } else { 100.0 - after as f64 * 100.0 / before as f64 };
            let what = if a.has("k") { "created" } else { "replaced with" };
            c.p.err.push_str(&format!("{file}:\t{saved:5.1}% -- {what} {to}\n"));
        }
        if !a.has("k") {
            let on = c.on();
            let target = format!("{on}:{source}");
            if let Err(why) = c.apply(&Effect::Remove { host: on, path: source }, "remove", &target) {
                c.p.err.push_str(&format!("gzip: {file}: {why}\n"));
                c.tool.status = 1;
            }
        }
    }
    Step::Exit(c.tool.status)
}

/// Files at and below these paths.
fn below(c: &Ctx<'_>, names: &[String]) -> Vec<String> {
    let mut todo: Vec<String> = names.iter().rev().cloned().collect();
    let mut out = Vec::new();
    while let Some(name) = todo.pop() {
        match c.look(&name, true) {
            Ok(s) if s.dir => {
                let children = c.list(&c.full(&name)).unwrap_or_default();
                todo.extend(children.into_iter().rev().map(|(n, _)| path::join(&name, &n)));
            }
            _ => out.push(name),
        }
    }
    out
}

/// `gzip -l`: sizes of compressed files.
fn list(c: &mut Ctx<'_>, names: &[String]) -> Step {
    let texts = match c.slurp(names) {
        Ok(t) => t,
        Err(step) => return step,
    };
    c.line("         compressed        uncompressed  ratio uncompressed_name");
    let (mut packed, mut plain) = (0usize, 0usize);
    for (name, text) in names.iter().zip(texts) {
        let found = text.map(|t| (to_bytes(&t).len(), unzip(&t).map(|t| to_bytes(&t).len())));
        match found {
            Ok((small, Some(large))) => {
                packed += small;
                plain += large;
                let stem = name.strip_suffix(".gz").unwrap_or(name).to_owned();
                row(c, small, large, &stem);
            }
            Ok((_, None)) => {
                c.p.err.push_str(&format!("\ngzip: {name}: not in gzip format\n"));
                c.tool.status = 1;
            }
            Err(why) => {
                c.p.err.push_str(&format!("gzip: {name}: {why}\n"));
                c.tool.status = 1;
            }
        }
    }
    if names.len() > 1 {
        row(c, packed, plain, "(totals)");
    }
    Step::Exit(c.tool.status)
}

fn row(c: &mut Ctx<'_>, small: usize, large: usize, name: &str) {
    // A stream has a header and an end of 18 bytes; they do not count.
    let body = small as f64 - 18.0;
    let ratio = if large == 0 { 0.0 } else { 100.0 - body * 100.0 / large as f64 };
    c.line(&format!("{small:>19} {large:>19} {ratio:>5.1}% {name}"));
}
