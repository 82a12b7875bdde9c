//! A shell with nothing to do: it ends, or reads the next line from its terminal.

use crate::console::history;
use crate::console::host::ConsoleHost;
use crate::console::machine::{Console, prompt};
use crate::console::parse::{self, Manner, ParseError};
use crate::console::pattern;
use crate::console::process::{Frame, Proc, Shell};
use crate::console::terminal::Input;

/// Commands that a shell keeps for its history file.
const MOST_UNSAVED: usize = 500;

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
        sh.typed = sh.typed.saturating_add(1);
        if !sh.pending.is_empty() && sh.opts.is_on("cmdhist") {
            // The lines of a command are one entry.
            if sh.pending_kept {
                let before = t.history.pop().unwrap_or_default();
                sh.unsaved.pop();
                let entry = sh.joined(&before, &line);
                t.history.push(entry.clone());
                sh.unsaved.push(entry);
            }
        } else {
            sh.pending_kept = sh.remembers(&line, &t.history);
            if sh.pending_kept {
                if sh.history_control("erasedups") {
                    t.history.retain(|l| *l != line);
                }
                t.remember(&line);
                sh.unsaved.push(line.clone());
            }
        }
        let most = sh.vars.get("HISTSIZE").and_then(|v| v.text()?.parse::<usize>().ok()).unwrap_or(usize::MAX);
        while t.history.len() > most {
            t.history.remove(0);
        }
        let more = sh.unsaved.len().saturating_sub(MOST_UNSAVED);
        sh.unsaved.drain(..more);
        self.typed(p, sh, line);
        true
    }

    /// A line for the parser, behind those of an incomplete command.
    fn typed(&mut self, p: &mut Proc, sh: &mut Shell, line: String) {
        let text = if sh.pending.is_empty() { line } else { format!("{}\n{line}", sh.pending) };
        sh.line = 1;
        match parse::whole(&text, 1, Manner { aliases: &sh.aliases, extglob: sh.opts.extglob }, false) {
            Ok(node) => {
                sh.pending.clear();
                sh.foreground = text.trim().lines().next().unwrap_or_default().to_owned();
                sh.frames.push(Frame::Run(node, Vec::new()));
            }
            Err(ParseError { incomplete: true, message, status, .. }) if text.len() < 65_536 => {
                let inside = message.contains("looking for matching") || message == parse::IN_HERE_DOCUMENT;
                // The elements of an array may stand on one line, quoted text may not.
                sh.pending_by = inside.then_some(if status == Some(1) { ' ' } else { '\n' });
                sh.pending = text;
            }
            Err(ParseError { incomplete: true, .. }) => {
                sh.pending.clear();
                p.err.push_str("-bash: command is too long\n");
            }
            Err(ParseError { message, status, .. }) => {
                sh.pending.clear();
                sh.status = status.unwrap_or(2);
                p.sources.clear();
                for words in message.lines() {
                    p.err.push_str(&format!("-bash: {words}\n"));
                }
            }
        }
    }
}

impl Shell {
    /// Whether `HISTCONTROL` names this.
    fn history_control(&self, what: &str) -> bool {
        let words = self.vars.get("HISTCONTROL").and_then(|v| v.text()).unwrap_or_default();
        words.split(':').any(|w| w == what || (w == "ignoreboth" && what.starts_with("ignore")))
    }

    /// An entry of the history with one more line of its command.
    fn joined(&self, entry: &str, line: &str) -> String {
        if let Some(by) = self.pending_by.or(self.opts.is_on("lithist").then_some('\n')) {
            return format!("{entry}{by}{line}");
        }
        if let Some(goes_on) = entry.strip_suffix('\\') {
            return format!("{goes_on}{line}");
        }
        let last = entry.split_whitespace().next_back().unwrap_or_default();
        let opens = matches!(last, "do" | "then" | "else" | "elif" | "if" | "while" | "until" | "in" | "{" | "!")
            || last.ends_with([';', '&', '|', '(', ')', '{']);
        format!("{entry}{}{line}", if opens { " " } else { "; " })
    }

    /// Whether a line goes into the history, as `HISTCONTROL` and `HISTIGNORE` have it.
    fn remembers(&self, line: &str, history: &[String]) -> bool {
        let last = history.last().map(String::as_str);
        if self.history_control("ignorespace") && line.starts_with(' ')
            || self.history_control("ignoredups") && last == Some(line)
        {
            return false;
        }
        let ignored = self.vars.get("HISTIGNORE").and_then(|v| v.text()).unwrap_or_default();
        !ignored.split(':').filter(|p| !p.is_empty()).any(|p| match p {
            "&" => last == Some(line),
            p => pattern::matches(&pattern::unquoted(p), line),
        })
    }
}
