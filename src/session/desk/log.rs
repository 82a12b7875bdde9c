//! The desk's log: whatever prints log lines reads the one store through here.

use super::Desk;
use crate::console::host::{LogFrom, LogLine, LogPage, LogScope};
use crate::observe::{LogQuery, LogScope as Whose};
use crate::sim::vfs;
use crate::stdx::time::Utc;

/// Lines of a long log file that can be read.
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

    /// The end of a log file whose bytes nobody wrote out: what its program said last.
    pub(super) fn log_file(&self, host: &str, path: &str) -> Option<String> {
        let path = vfs::normal(path);
        let program = path.strip_prefix("/var/log/")?.split_once('/')?.0;
        let opaque = matches!(self.files(host)?.stat(&path)?.content, vfs::Content::Blob(_));
        let query = LogQuery { scope: Whose::Program(host, program), ..LogQuery::default() };
        let lines = self.session.state.telemetry.log_tail(&query, LOG_TAIL, false).lines;
        let text: String = lines.iter().map(|l| format!("{} {}\n", l.utc.iso(), l.text)).collect();
        (opaque && !text.is_empty()).then_some(text)
    }
}
