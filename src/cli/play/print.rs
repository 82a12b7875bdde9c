//! What text mode prints: news since the last time, as plain lines that a screen reader can follow.

use crate::console::Terminal;
use crate::fact::{Reflection, UpdateStatus};
use crate::host::SessionHost;
use crate::locale::{Arg, Locale};
use crate::scenario::Channel;
use crate::session::PRIMARY;
use crate::session::projection::{AlertState, MessageFrom, Projection};
use crate::stdx::time::Offset;
use crate::view::words::{author_text, reflection_key, say};
use std::collections::BTreeMap;
use std::io::Write;

fn status_key(status: UpdateStatus) -> &'static str {
    match status {
        UpdateStatus::Investigating => "update-investigating",
        UpdateStatus::Identified => "update-identified",
        UpdateStatus::Mitigating => "update-mitigating",
        UpdateStatus::Monitoring => "update-monitoring",
        UpdateStatus::Resolved => "update-resolved",
    }
}

/// Prints news of a session.
pub(super) struct Printer<'l, W> {
    locale: &'l Locale,
    out: W,
    /// Alerts that fire by page.
    pages: BTreeMap<u32, usize>,
    messages: usize,
    tickets: usize,
    alerts: BTreeMap<String, AlertState>,
    /// Lines of each terminal printed so far.
    terminals: BTreeMap<u32, u64>,
    /// The next line of a terminal that was typed here and need not be shown again.
    echoed: Option<String>,
}

impl<'l, W: Write> Printer<'l, W> {
    pub(super) fn new(locale: &'l Locale, out: W) -> Printer<'l, W> {
        Printer {
            locale,
            out,
            pages: BTreeMap::new(),
            messages: 0,
            tickets: 0,
            alerts: BTreeMap::new(),
            terminals: BTreeMap::new(),
            echoed: None,
        }
    }

    pub(super) fn locale(&self) -> &'l Locale {
        self.locale
    }

    /// A closed pipe ends the reader, not the session: output errors are nobody's to handle.
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    /// The briefing.
    pub(super) fn opening(&mut self, host: &SessionHost) {
        let card = host.session().card();
        let locale = self.locale;
        self.line(&format!("# {}", author_text(locale, &card.wedge)));
        self.line(author_text(locale, &card.briefing).trim_end());
        self.line("");
        self.line(&locale.say("play-how"));
        self.line("");
        for alert in host.projection(PRIMARY).alerts {
            self.alerts.insert(alert.id, alert.state);
        }
    }

    /// Everything new; whether there was anything.
    pub(super) fn news(&mut self, host: &SessionHost) -> bool {
        let p = host.projection(PRIMARY);
        let locale = self.locale;
        // Every kind of news with its moment; they come out in the order of time.
        let mut dated: Vec<(i64, String)> = Vec::new();
        for page in &p.pages {
            let firing = page.firing.len();
            let before = self.pages.insert(page.id, firing);
            let text = Arg::Word(author_text(locale, &page.text).into());
            let n = Arg::Number(i64::try_from(firing).unwrap_or(i64::MAX));
            let args = [("id", Arg::Number(i64::from(page.id))), ("text", text), ("n", n)];
            match before {
                None => dated.push((page.at_t_s, locale.text("play-page", &args))),
                // That it resolved is a message of its own.
                Some(n) if n != firing && firing > 0 => {
                    dated.push((p.clock.t_s, locale.text("play-page-changed", &args)));
                }
                Some(_) => {}
            }
        }
        for alert in &p.alerts {
            let before = self.alerts.insert(alert.id.clone(), alert.state);
            if before != Some(alert.state) && alert.state != AlertState::Pending {
                let key = if alert.state == AlertState::Firing { "play-alert-firing" } else { "play-alert-normal" };
                if before == Some(AlertState::Firing) || alert.state == AlertState::Firing {
                    let args = [("text", Arg::Word(author_text(locale, &alert.text).into()))];
                    dated.push((alert.since_t_s, locale.text(key, &args)));
                }
            }
        }
        let new_tickets = p.tickets.len().saturating_sub(self.tickets);
        for ticket in p.tickets.iter().take(new_tickets).rev() {
            let text = Arg::Word(author_text(locale, &ticket.text).into());
            let args = [("who", Arg::Word(ticket.who.clone())), ("text", text)];
            dated.push((ticket.at_t_s, locale.text("play-ticket", &args)));
        }
        for m in p.messages.iter().skip(self.messages) {
            let who = if m.from == MessageFrom::System { "·" } else { m.who.as_str() };
            let mut text = say(locale, &m.text);
            if let Some(status) = m.fields.status {
                let word = locale.say(status_key(status));
                text = format!("{word} | {text}").trim_end_matches([' ', '|']).to_owned();
            }
            for (name, value) in [("impact", &m.fields.impact), ("action", &m.fields.action), ("next", &m.fields.next)]
            {
                if let Some(v) = value {
                    text = format!("{text} | {}: {v}", locale.say(&format!("play-field-{name}")));
                }
            }
            let place = match m.channel {
                Channel::Internal => p.scenario.channel.clone(),
                Channel::Status => locale.say("play-status-page"),
            };
            dated.push((m.at_t_s, format!("{place} {who}: {}", text.trim())));
        }
        self.tickets = p.tickets.len();
        self.messages = p.messages.len();
        dated.sort_by_key(|(at, _)| *at);
        // What a command printed came at once; the news came while it was read.
        let mut lines = self.terminal_lines(host, &p);
        lines.extend(dated.into_iter().map(|(at, text)| format!("[{}] {text}", Offset(at).clock())));
        let any = !lines.is_empty();
        for l in lines {
            self.line(&l);
        }
        any
    }

    fn terminal_lines(&mut self, host: &SessionHost, p: &Projection) -> Vec<String> {
        let mut out = Vec::new();
        for view in &p.terminals {
            let id = host.session().terminal_of(PRIMARY, view.id);
            let Some(terminal) = id.and_then(|id| host.session().console().terminal(id)) else { continue };
            let total = terminal.printed;
            let seen = self.terminals.insert(view.id, total).unwrap_or(0);
            let new = usize::try_from(total.saturating_sub(seen)).unwrap_or(usize::MAX);
            let skip = view.lines.len().saturating_sub(new);
            for l in view.lines.iter().skip(skip) {
                let typed = l.prompt.is_some() || self.echoed.as_deref() == Some(l.text.trim());
                match &l.prompt {
                    // What was typed here stands on the screen already.
                    _ if typed && self.echoed.take().is_some() => {}
                    Some(prompt) => out.push(format!("{prompt}{}", l.text)),
                    None => out.push(l.text.clone()),
                }
            }
        }
        out
    }

    /// On a pipe: the line as it would stand on a terminal.
    pub(super) fn echo(&mut self, host: &SessionHost, line: &str) {
        let prompt = self.prompt_text(host);
        self.line(&format!("{prompt}{line}"));
        self.typed(host, line);
    }

    /// A line that was typed here, after a prompt or a program's question: the terminal's own copy of it is not shown again.
    pub(super) fn typed(&mut self, host: &SessionHost, line: &str) {
        let line = line.trim();
        let question = self.terminal(host).filter(|t| t.running.is_some()).map(|t| t.partial().text);
        let ours = line.starts_with([':', '@', '#']) || line.is_empty();
        self.echoed = (!ours).then(|| format!("{}{line}", question.unwrap_or_default()).trim().to_owned());
    }

    /// On a terminal: the prompt, or what a running program asks or says of its progress, with the cursor after it.
    pub(super) fn prompt(&mut self, host: &SessionHost) {
        let prompt = self.prompt_text(host);
        let _ = write!(self.out, "{prompt}");
        let _ = self.out.flush();
    }

    fn terminal<'h>(&self, host: &'h SessionHost) -> Option<&'h Terminal> {
        let id = host.session().terminal_of(PRIMARY, host.current_terminal(PRIMARY))?;
        host.session().console().terminal(id)
    }

    fn prompt_text(&self, host: &SessionHost) -> String {
        self.terminal(host)
            .map_or_else(String::new, |t| if t.running.is_some() { t.partial().text } else { t.prompt.clone() })
    }

    pub(super) fn notice(&mut self, key: &str) {
        let text = self.locale.say(key);
        self.line(&text);
    }

    pub(super) fn problem(&mut self, message: &str, help: &str) {
        let text = if help.is_empty() { message.to_owned() } else { format!("{message} ({help})") };
        self.line(&text);
    }

    /// What the debrief asks before it shows a number.
    pub(super) fn prompts(&mut self) {
        let locale = self.locale;
        self.line("");
        self.line(&locale.say("play-reflect"));
        for on in Reflection::ALL {
            self.line(&format!("  :reflect {:<8} {}", on.name(), locale.say(reflection_key(on))));
        }
        self.line(&format!("  :workload mental 0..100   {}", locale.say("reflect-workload")));
    }

    /// The end: words first, then numbers.
    pub(super) fn ending(&mut self, host: &SessionHost) {
        let locale = self.locale;
        self.line("");
        match crate::cli::score::of_host(host) {
            Some(report) => {
                let text = crate::cli::score::summary(locale, &report);
                self.line(&text);
            }
            None => self.line(&locale.say("score-no-par")),
        }
        if let Some(folder) = host.folder() {
            let args = [("folder", Arg::Word(folder.display().to_string()))];
            self.line(&locale.text("play-kept", &args));
        }
    }
}
