//! The desk's log: whatever prints log lines reads the one store through here.

use super::Desk;
use crate::console::host::{LogFrom, LogLine, LogPage, LogScope};
use crate::console::{to_bytes, zip};
use crate::observe::{LogQuery, LogScope as Whose, file_line};
use crate::session::Session;
use crate::sim::vfs;
use crate::stdx::time::Utc;

/// Lines from before the opening that can be read in a log file that is older.
const LOG_TAIL: usize = 2_000;

fn line(l: crate::observe::LogLine) -> LogLine {
    LogLine { at: l.utc, on: l.on, program: l.program, pid: l.pid, level: l.level, text: l.text }
}

impl Desk<'_> {
    /// What a scope asks for after a moment; `None` if there is no such scope. What was never shipped is on its host alone.
    fn query<'q>(&self, scope: &'q LogScope, since: Utc, text: Option<&'q str>) -> Option<LogQuery<'q>> {
        let w = self.spec();
        let (scope, shipped) = match scope {
            LogScope::Host(h) => w.hosts.contains_key(h).then_some((Whose::Host(h), false))?,
            LogScope::Unit(h, u) => w.hosts.get(h)?.units.contains_key(u).then_some((Whose::Unit(h, u), false))?,
            LogScope::Service(s) => w.services.contains_key(s).then_some((Whose::Service(s), true))?,
        };
        Some(LogQuery { scope, since: Some(since.plus(1)), text, shipped, ..LogQuery::default() })
    }

    pub(super) fn last_lines(&self, scope: &LogScope, since: Utc, limit: usize) -> Option<Vec<LogLine>> {
        let query = self.query(scope, since, None)?;
        let page = self.session.state.telemetry.log_tail(&query, limit, false);
        Some(page.lines.into_iter().map(line).collect())
    }

    pub(super) fn lines_from(
        &self,
        scope: &LogScope,
        since: Utc,
        text: Option<&str>,
        from: LogFrom,
        limit: usize,
    ) -> Option<LogPage> {
        let query = self.query(scope, since, text)?;
        let telemetry = &self.session.state.telemetry;
        let from = match from {
            LogFrom::Line(n) => n,
            LogFrom::Last(n) => telemetry.log_start(&query, n),
        };
        let page = telemetry.log_page(&query, from, limit);
        Some(LogPage { lines: page.lines.into_iter().map(line).collect(), next: page.next, more: page.more })
    }

    /// The bytes of a log file.
    pub(super) fn log_file(&self, host: &str, path: &str) -> Option<String> {
        match &self.files(host)?.stat(path)?.content {
            vfs::Content::Log(log) if log.packed.is_some() => Some(zip(&self.session.log_text(host, log, true))),
            vfs::Content::Log(log) => Some(self.session.log_text(host, log, true)),
            _ => None,
        }
    }

    /// Where a file of this number is now.
    pub(super) fn named(&self, host: &str, ino: u64) -> Option<String> {
        self.files(host)?.path_of(ino).map(str::to_owned)
    }
}

impl Session {
    /// What a log file says. Of what was written before the opening only the end is left to read, `past` or not.
    fn log_text(&self, host: &str, log: &vfs::LogFile, past: bool) -> String {
        let telemetry = &self.state.telemetry;
        let whose = |program| LogQuery { scope: Whose::Program(host, program), ..LogQuery::default() };
        let mut out = String::new();
        if let Some((program, until)) = log.past.as_ref().filter(|_| past && log.opaque > 0) {
            let query = LogQuery { until: Some(*until), ..whose(program) };
            for l in telemetry.log_tail(&query, LOG_TAIL, false).lines {
                out.push_str(&file_line(l.utc, &l.text));
            }
        }
        for part in &log.parts {
            match part {
                vfs::LogPart::Text(text) => out.push_str(text),
                vfs::LogPart::Lines { bytes: 0, .. } => {}
                vfs::LogPart::Lines { program, from, to, .. } => {
                    let query = LogQuery { since: Some(*from), until: Some(*to), ..whose(program) };
                    let mut page = telemetry.log_page(&query, 0, usize::MAX);
                    loop {
                        for l in &page.lines {
                            out.push_str(&file_line(l.utc, &l.text));
                        }
                        if !page.more {
                            break;
                        }
                        page = telemetry.log_page(&query, page.next, usize::MAX);
                    }
                }
            }
        }
        out
    }

    /// What was written before the opening goes into the log files that were listed empty.
    pub(in crate::session) fn begin_logs(&mut self) {
        let opens = self.state.world.utc();
        for (host, unit) in self.state.world.log_writers() {
            let query = LogQuery { scope: Whose::Program(&host, &unit), until: Some(opens), ..LogQuery::default() };
            let page = self.state.telemetry.log_tail(&query, LOG_TAIL, false);
            let Some(first) = page.lines.first() else { continue };
            // A second that is cut through is left out as a whole.
            let from = first.utc.plus(i64::from(page.more));
            let kept = page.lines.iter().filter(|l| l.utc >= from);
            let bytes = kept.map(|l| file_line(l.utc, &l.text).len() as u64).sum();
            self.state.world.log_had(&host, &unit, (from, opens), bytes);
        }
    }

    /// The lines of the last second go into the files that their programs have open; what logrotate compressed gets the
    /// bytes that it takes.
    pub(in crate::session) fn fill_logs(&mut self) {
        for w in self.state.telemetry.written().iter().filter(|w| w.bytes > 0) {
            self.state.world.log_wrote(&w.host, &w.unit, w.bytes);
        }
        self.weigh_logs();
    }

    /// Gives every log that was just compressed the size that compressing it gives.
    pub(in crate::session) fn weigh_logs(&mut self) {
        for (host, path) in self.state.world.take_packed() {
            let Some(h) = self.state.world.host(&host) else { continue };
            let Some(vfs::Content::Log(log)) = h.vfs.lstat(&path).map(|n| &n.content) else { continue };
            let bytes = log.packed_with(to_bytes(&zip(&self.log_text(&host, log, false))).len() as u64);
            self.state.world.weigh_log(&host, &path, bytes);
        }
    }
}
