//! pg_basebackup: a copy of a running server into an empty data directory, with its progress as the real one draws it.

use super::store_admin::member_here;
use crate::console::host::JobState;
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::sim::effect::{Applied, Effect, StoreAct, StoreEffect};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "pg_basebackup",
    synopsis: "-h HOST -D DATADIR",
    about: "take a base backup of a running server into an empty data directory",
    opts: &[
        value("h", "host", "HOST", "database server host"),
        value("D", "pgdata", "DATADIR", "receive the base backup into this directory"),
        value("U", "username", "NAME", "connect as this user"),
        value("X", "wal-method", "METHOD", "include required log: `stream`"),
        value("c", "checkpoint", "fast|spread", "set fast or spread checkpointing"),
        flag("P", "progress", "show progress information"),
        flag("v", "verbose", "output verbose messages"),
        flag("R", "write-recovery-conf", "write configuration for replication"),
    ],
    operand: Operand::Free,
    style: Style::Gnu,
    missing: &[
        "Directories but the data directory of a member of the store; tar format, compression, -r, -S; a checkpoint takes as long as the server's own, whatever -c says.",
    ],
    examples: &[(
        "pg_basebackup -h db-1 -D /nowhere",
        "pg_basebackup: error: could not create directory \"/nowhere\": Permission denied\n",
    )],
    step,
    ..Decl::BLANK
}];

fn step(c: &mut Ctx<'_>) -> Step {
    match c.tool.job {
        Some(job) => wait(c, job),
        None => begin(c),
    }
}

fn begin(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(data) = a.get("D") else {
        c.p.err.push_str("pg_basebackup: error: no target directory specified\n");
        return Step::Exit(1);
    };
    let Some((s, m)) = member_here(c, data) else {
        c.p.err.push_str(&format!("pg_basebackup: error: could not create directory \"{data}\": Permission denied\n"));
        return Step::Exit(1);
    };
    let act = StoreAct::Rebuild { member: m.name.clone(), wipe: false };
    let effect = Effect::Store(StoreEffect { store: s.name.clone(), act });
    match c.apply(&effect, "rebuild", &format!("{}:{}", s.name, m.name)) {
        Ok(Applied::Now) => Step::Exit(0),
        Ok(Applied::Job { job, .. }) => {
            c.tool.job = Some(job);
            if a.has("v") {
                let said = "pg_basebackup: initiating base backup, waiting for checkpoint to complete\n";
                c.p.err.push_str(said);
            }
            // What the primary's log was when the copy began is told once the checkpoint is done.
            let primary = s.members.iter().find(|m| m.leader);
            let (lsn, line) = primary.map_or((String::new(), 1), |p| (p.received_lsn.clone(), p.timeline));
            c.tool.text = format!("{lsn} on timeline {line}");
            c.sleep_ms(1_000);
            Step::More
        }
        Err(why) => {
            c.p.err.push_str(&format!("{why}\n"));
            Step::Exit(1)
        }
    }
}

/// `12345/67890 kB (18%), 0/1 tablespace`; on a terminal the line is drawn anew every second.
fn progress(done: u64, total: u64, whole: bool) -> String {
    // What has come may be more than what was counted.
    let (done, total) = (done / 1024, total.max(done) / 1024);
    let percent = (done * 100).checked_div(total).unwrap_or(100);
    let width = total.to_string().len();
    format!("{done:>width$}/{total} kB ({percent}%), {}/1 tablespace", u8::from(whole))
}

fn wait(c: &mut Ctx<'_>, job: u32) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let (shows, tells) = (c.args.has("P"), c.args.has("v"));
    let end = if c.p.fds.get(2) == Some(&Fd::Term) && !c.p.background { '\r' } else { '\n' };
    match c.host.job(job) {
        JobState::Running { moved, .. } => {
            let Some(m) = moved else {
                c.sleep_ms(1_000);
                return Step::More;
            };
            c.tool.m = m.total;
            if m.rate == 0 {
                if shows && !tells {
                    c.p.err.push_str(&format!("waiting for checkpoint{end}"));
                }
            } else {
                if c.tool.n == 0 {
                    c.tool.n = 1;
                    started(c, tells);
                }
                if shows {
                    c.p.err.push_str(&format!("{}{end}", progress(m.done, m.total, false)));
                }
            }
            c.sleep_ms(1_000);
            Step::More
        }
        JobState::Done => {
            if c.tool.n == 0 {
                started(c, tells);
            }
            if shows {
                let total = c.tool.m;
                c.p.err.push_str(&format!("{}\n", progress(total, total, true)));
            }
            if tells {
                let lines = [
                    "waiting for background process to finish streaming ...",
                    "syncing data to disk ...",
                    "renaming backup_manifest.tmp to backup_manifest",
                    "base backup completed",
                ];
                lines.iter().for_each(|l| c.p.err.push_str(&format!("pg_basebackup: {l}\n")));
            }
            Step::Exit(0)
        }
        JobState::Failed(why) => {
            let line = if shows && end == '\r' { "\n" } else { "" };
            c.p.err.push_str(&format!("{line}pg_basebackup: error: could not read COPY data: {why}\n"));
            Step::Exit(1)
        }
    }
}

/// What is told when the first bytes come.
fn started(c: &mut Ctx<'_>, tells: bool) {
    if tells {
        let start = &c.tool.text;
        c.p.err.push_str(&format!(
            "pg_basebackup: checkpoint completed\npg_basebackup: write-ahead log start point: {start}\npg_basebackup: starting background WAL receiver\n"
        ));
    }
}
