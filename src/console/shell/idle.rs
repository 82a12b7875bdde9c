//! A shell with nothing to do: it ends, or reads the next line from its terminal.

use crate::console::history;
use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, prompt};
use crate::console::parse::{self, ParseError};
use crate::console::process::{Frame, Proc, Shell};
use crate::console::terminal::Input;

impl Console {
    pub(super) fn idle(&mut self, p: &mut Proc, sh: &mut Shell, host: &mut dyn ConsoleHost) -> bool {
        if !sh.interactive {
            let status = sh.status;
            self.leave(p, sh, status, host);
            return true;
        }
        self.report_jobs(p, sh);
        let Some(t) = self.terminals.iter_mut().find(|t| t.id == p.terminal) else { return false };
        if t.shells.last() != Some(&p.pid) {
            return false;
        }
        let Some(input) = t.input.pop_front() else { return false };
        t.finish_line();
        let shown = if sh.pending.is_empty() { prompt(p) } else { "> ".to_owned() };
        let line = match input {
            Input::Line(line) => line,
            Input::Eof if !sh.pending.is_empty() => {
                t.push(Some(shown), String::new());
                sh.pending.clear();
                sh.status = 2;
                p.err.push_str("-bash: syntax error: unexpected end of file\n");
                return true;
            }
            Input::Eof if sh.jobs.iter().any(|j| j.stopped) && sh.last_builtin != "logout" => {
                "logout".clone_into(&mut sh.last_builtin);
                t.push(Some(shown), "logout".to_owned());
                p.err.push_str("There are stopped jobs.\n");
                return true;
            }
            Input::Eof => {
                t.push(Some(shown), "logout".to_owned());
                let status = sh.status;
                self.leave(p, sh, status, host);
                return true;
            }
        };
        t.push(Some(shown), line.clone());
        let line = match history::expand(&line, &t.history) {
            Ok(None) => line,
            Ok(Some(history::Expanded { text, only_print })) => {
                t.push(None, text.clone());
                if only_print {
                    t.remember(&text);
                    return true;
                }
                text
            }
            Err(why) => {
                p.err.push_str(&format!("-bash: {why}\n"));
                return true;
            }
        };
        t.remember(&line);
        self.typed(p, sh, line);
        true
    }

    /// A line for the parser, behind those of an incomplete command.
    fn typed(&mut self, p: &mut Proc, sh: &mut Shell, line: String) {
        let text = if sh.pending.is_empty() { line } else { format!("{}\n{line}", sh.pending) };
        sh.line = 1;
        match parse::whole(&text, 1, &sh.aliases, false) {
            Ok(node) => {
                sh.pending.clear();
                sh.foreground = text.trim().lines().next().unwrap_or_default().to_owned();
                sh.frames.push(Frame::Run(node, Vec::new()));
            }
            Err(ParseError::Incomplete(_)) if text.len() < 65_536 => sh.pending = text,
            Err(ParseError::Incomplete(_)) => {
                sh.pending.clear();
                p.err.push_str("-bash: command is too long\n");
            }
            Err(ParseError::Syntax(_, message)) => {
                sh.pending.clear();
                sh.status = 2;
                p.sources.clear();
                p.err.push_str(&format!("-bash: {message}\n"));
            }
        }
    }
}
