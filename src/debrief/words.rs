//! Message keys of the debrief as [`Text`]: shared by the lanes, the log and the export.

use crate::fact::words;
use crate::fact::{FactId, FactKind};
use crate::scenario::Scenario;
use crate::session::projection::{Arg, Text};

/// The words of a fact of a session of this scenario.
pub fn fact_text(scenario: &Scenario, what: &FactKind) -> Text {
    Text::of_phrase(words::fact_phrase(what), &scenario.people)
}

/// The same with how it was on the screen, for a row of the log.
pub fn row_text(scenario: &Scenario, what: &FactKind) -> Text {
    Text::of_phrase(words::ledger_phrase(what), &scenario.people)
}

/// A message with words as arguments.
pub fn text(key: &str, args: &[(&str, &str)]) -> Text {
    Text::Key(key.to_owned(), args.iter().map(|(k, v)| ((*k).to_owned(), Arg::Word((*v).to_owned()))).collect())
}

/// The feedback sentence of a check; numbers go as numbers, so that plural forms work.
pub fn feedback(check: &crate::scoring::Check) -> Text {
    let (key, args) = &check.text;
    let arg = |v: &String| v.parse().map_or_else(|_| Arg::Word(v.clone()), Arg::Number);
    Text::Key(key.clone(), args.iter().map(|(k, v)| (k.clone(), arg(v))).collect())
}

/// `+2.5` or `−2.5` minutes between two moments in seconds.
pub fn signed_minutes(seconds: i64) -> String {
    signed(&crate::stdx::rational::decimal(&crate::stdx::rational::ratio(seconds, 60), 1))
}

/// A decimal with an explicit sign and a real minus.
pub fn signed(decimal: &str) -> String {
    match decimal.strip_prefix('-') {
        Some(abs) => format!("−{abs}"),
        None => format!("+{decimal}"),
    }
}

/// `#312.1`.
pub fn chip(id: FactId) -> String {
    format!("#{id}")
}
