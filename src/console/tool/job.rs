//! Waiting for work that takes time: its progress on the screen, and what Ctrl-C does to it.

use crate::console::host::{ConsoleHost, JobState, Moved};
use crate::console::machine::Console;
use crate::console::process::{Fd, Proc};
use crate::console::text_format::human;
use crate::console::tool::{Ctx, Step};
use crate::sim::effect::{Effect, StoreAct, StoreEffect};

/// Where nobody sees the line redrawn, it is printed this often, in seconds.
const REPORT_S: u64 = 15;

/// Says what runs, and waits for it; without a name it waits in silence.
pub(crate) fn begin_job(c: &mut Ctx<'_>, job: u32, what: &str, announcement: &str) -> Step {
    c.tool.job = Some(job);
    what.clone_into(&mut c.tool.text);
    c.tool.n = c.con.now_ms;
    c.tool.m = 0;
    if !announcement.is_empty() {
        c.line(announcement);
    }
    c.sleep_ms(1000);
    Step::More
}

/// Waits for the job. On a terminal one line is redrawn every second with how far it is; elsewhere a line comes every
/// fifteen seconds.
pub(crate) fn wait_job(c: &mut Ctx<'_>) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let Some(job) = c.tool.job else { return Step::Exit(0) };
    let what = c.tool.text.clone();
    let waited = c.con.now_ms.saturating_sub(c.tool.n) / 1000;
    let redrawn = c.p.fds.get(1) == Some(&Fd::Term) && !c.p.background;
    match c.host.job(job) {
        JobState::Running { elapsed_s, seconds, moved } => {
            let now = format!("{what}: {}", far(elapsed_s, seconds, moved.as_ref()));
            match what.is_empty() {
                false if redrawn => c.print(&format!("\r\x1b[K{now}")),
                false if elapsed_s / REPORT_S > c.tool.m => {
                    c.tool.m = elapsed_s / REPORT_S;
                    c.line(&now);
                }
                _ => {}
            }
            c.sleep_ms(1000);
            Step::More
        }
        JobState::Done => {
            if !what.is_empty() {
                let wipe = if redrawn { "\r\x1b[K" } else { "" };
                c.line(&format!("{wipe}{what} done after {waited}s"));
            }
            Step::Exit(0)
        }
        JobState::Failed(why) => {
            if redrawn && !what.is_empty() {
                c.print("\r\x1b[K");
            }
            c.p.err.push_str(&format!("{}\n", ended(&what, waited, &why)));
            Step::Exit(1)
        }
    }
}

fn ended(what: &str, waited: u64, why: &str) -> String {
    if what.is_empty() { why.to_owned() } else { format!("{what} ended after {waited}s: {why}") }
}

/// How far a job is: bytes, share, rate and what is left where bytes move, seconds where they do not.
fn far(elapsed_s: u64, seconds: u64, moved: Option<&Moved>) -> String {
    let share = |done: u64, of: u64| u128::from(done) * 100 / u128::from(of.max(1));
    match moved {
        Some(m) if m.rate == 0 => format!("waiting to begin, {} to move, ETA {}", human(m.total), span(m.left_s)),
        Some(m) => format!(
            "{} of {} ({}%), {}/s, ETA {}",
            human(m.done),
            human(m.total),
            share(m.done, m.total),
            human(m.rate),
            span(m.left_s)
        ),
        None => format!("{elapsed_s}s of about {seconds}s ({}%)", share(elapsed_s.min(seconds), seconds)),
    }
}

/// `h:mm:ss`, or `m:ss` below an hour.
fn span(s: u64) -> String {
    if s < 3600 {
        format!("{}:{:02}", s / 60, s % 60)
    } else {
        format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }
}

impl Console {
    /// What Ctrl-C does to the job that a program waited for, in lines for the terminal. The work of a data store goes
    /// on only as long as the client that asked for it: it is cancelled, and what it had removed or half written stays
    /// so. Everything else was handed over to a controller and goes on.
    pub(crate) fn let_go(&self, p: &Proc, host: &mut dyn ConsoleHost) -> Vec<String> {
        let Some((tool, job)) = p.tool.as_ref().and_then(|t| Some((t, t.job?))) else { return Vec::new() };
        let JobState::Running { moved, .. } = host.job(job) else { return Vec::new() };
        let Some(m) = moved else { return vec![format!("{}: stopped waiting; job {job} goes on", tool.name)] };
        let effect = Effect::Store(StoreEffect { store: m.store.clone(), act: StoreAct::Cancel { job } });
        match host.apply(&self.caller(p), &effect, "abort", &m.store) {
            // These end without a word.
            Ok(_) if matches!(tool.name.as_str(), "pg_basebackup" | "pg_dump" | "pg_restore" | "mysqldump") => {
                Vec::new()
            }
            Ok(_) => {
                let why = match host.job(job) {
                    JobState::Failed(why) => why,
                    _ => "canceled".to_owned(),
                };
                let waited = self.now_ms.saturating_sub(tool.n) / 1000;
                vec!["Cancel request sent".to_owned(), ended(&tool.text, waited, &why)]
            }
            Err(refusal) => vec![format!("Could not send cancel request: {}", refusal.message)],
        }
    }
}
