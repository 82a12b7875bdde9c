//! Reverse search through a history (Ctrl-R), as a state machine that any line editor can use. It touches no session.

/// A search that is going on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistorySearch {
    query: String,
    found: Option<usize>,
    failed: bool,
    last_query: String,
}

impl HistorySearch {
    /// A search that has just begun.
    pub fn new() -> HistorySearch {
        HistorySearch::default()
    }

    /// What was typed to search for.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Whether nothing (more) was found.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// The line that is shown, and the character offset at which the query stands in it.
    pub fn hit<'h>(&self, history: &'h [String]) -> Option<(&'h str, usize)> {
        let line = history.get(self.found?)?;
        let at = line.find(&self.query)?;
        Some((line, line.get(..at)?.chars().count()))
    }

    /// What a terminal shows in place of the prompt: ``(reverse-i-search)`que': ``.
    pub fn prompt(&self) -> String {
        let failed = if self.failed { "failed " } else { "" };
        format!("({failed}reverse-i-search)`{}': ", self.query)
    }

    /// A character was typed: the search goes on from the line that is shown.
    pub fn push(&mut self, c: char, history: &[String]) {
        if self.query.len() < 256 && !c.is_control() {
            self.query.push(c);
            let from = self.found.map_or(history.len(), |i| i + 1);
            self.look(history, from);
        }
    }

    /// Backspace: the search begins again with what is left.
    pub fn pop(&mut self, history: &[String]) {
        self.query.pop();
        self.found = None;
        self.failed = false;
        if !self.query.is_empty() {
            self.look(history, history.len());
        }
    }

    /// Ctrl-R again: the next older line; with nothing typed, the last search once more.
    pub fn older(&mut self, history: &[String]) {
        if self.query.is_empty() {
            self.query.clone_from(&self.last_query);
            return self.look(history, history.len());
        }
        let from = self.found.unwrap_or(history.len());
        self.look(history, from);
    }

    /// Ctrl-S: the next newer line.
    pub fn newer(&mut self, history: &[String]) {
        let from = self.found.map_or(0, |i| i + 1);
        let newer = history.iter().enumerate().skip(from).find(|(_, l)| l.contains(&self.query));
        match newer {
            Some((i, _)) => (self.found, self.failed) = (Some(i), false),
            None => self.failed = true,
        }
    }

    /// Enter or an arrow: the line that is taken; the query is kept for the next search.
    pub fn accept(&mut self, history: &[String]) -> Option<String> {
        let line = self.found.and_then(|i| history.get(i)).cloned();
        self.last_query = std::mem::take(&mut self.query);
        self.found = None;
        self.failed = false;
        line
    }

    /// The nearest line before `from` that holds the query.
    fn look(&mut self, history: &[String], from: usize) {
        let older = history.iter().enumerate().take(from).rev().find(|(_, l)| l.contains(&self.query));
        match older {
            Some((i, _)) => (self.found, self.failed) = (Some(i), false),
            None => self.failed = true,
        }
    }
}
