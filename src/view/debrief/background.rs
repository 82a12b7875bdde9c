//! What the comparison rests on, in words: lines of the page and of the exports.

use super::number::{difference, moment};
use crate::debrief::background::{Apart, Background, Judged, source_text};
use crate::fact::FactId;
use crate::fact::words::judged;
use crate::locale::{Arg, Locale};
use crate::scenario::{Provenance, ReadStatus, Source};
use crate::session::projection::Text;
use crate::view::words::{author_text, say};
use std::collections::BTreeMap;

/// A line, and the fact that it rests on.
pub type Said = (String, Option<FactId>);

/// What is behind a source's title: its licence, and how it was read.
pub fn source_note(locale: &Locale, s: &Source) -> String {
    let read = s.read.map(|r| match r {
        ReadStatus::Read => "export-read-full",
        ReadStatus::InPart => "export-read-part",
        ReadStatus::Quoted => "export-read-quoted",
        ReadStatus::Digest => "export-read-digest",
    });
    read.map_or_else(|| s.licence.clone(), |key| format!("{} · {}", s.licence, locale.say(key)))
}

/// ` (pm 12:24)`, or nothing for what was made up.
fn cited(fact: &Provenance) -> String {
    let text = source_text(fact);
    if text.is_empty() { text } else { format!(" ({text})") }
}

/// What T0 is, and what times would read if they counted from another moment.
pub fn t0_lines(locale: &Locale, b: &Background) -> Vec<String> {
    let word = |text: &str| Arg::Word(text.to_owned());
    let t0 = &b.t0;
    let first = locale.text(
        "export-t0",
        &[
            ("utc", word(&t0.utc.iso())),
            ("means", word(author_text(locale, &t0.means))),
            ("source", word(&cited(&t0.fact))),
        ],
    );
    let also = t0.also.iter().map(|o| {
        locale.text(
            "export-t0-also",
            &[
                ("name", word(author_text(locale, &o.name))),
                ("source", word(&cited(&o.fact))),
                ("diff", word(&difference(locale, o.at.0.saturating_neg()))),
            ],
        )
    });
    std::iter::once(first).chain(also).collect()
}

/// What accounts tell differently, and which one the exercise follows.
pub fn contradiction_lines(locale: &Locale, b: &Background) -> Vec<String> {
    let lines = b.contradictions.iter().map(|c| {
        let said = |follows: bool| {
            let all = c.accounts.iter().filter(|a| a.follows == follows);
            let all = all.map(|a| format!("{}{}", author_text(locale, &a.says), cited(&a.fact)));
            Arg::Word(all.collect::<Vec<_>>().join("; "))
        };
        let about = Arg::Word(author_text(locale, &c.about).to_owned());
        locale.text("export-contradiction", &[("about", about), ("followed", said(true)), ("others", said(false))])
    });
    lines.collect()
}

/// Side paths of the original and what it never did, each with what happened here.
pub fn apart_lines(locale: &Locale, b: &Background) -> Vec<Said> {
    b.apart.iter().map(|a| (apart_line(locale, a), a.yours.and_then(|(_, fact)| fact))).collect()
}

fn apart_line(locale: &Locale, a: &Apart) -> String {
    let at = |t: Option<i64>| t.map(|t| Arg::Word(moment(locale, t)));
    let source = if a.source.is_empty() { String::new() } else { format!(" ({})", a.source) };
    let original = match (a.side_path, at(a.original_s)) {
        (true, Some(at)) => locale.text("export-side-at", &[("at", at)]),
        (true, None) => locale.say("export-side"),
        (false, _) => locale.say("export-never"),
    };
    let here = match (a.side_path, at(a.yours.map(|(t, _)| t))) {
        (true, Some(at)) => locale.text("export-side-here", &[("at", at)]),
        (true, None) => locale.say("export-side-not-here"),
        (false, Some(at)) => locale.text("export-never-here", &[("at", at)]),
        (false, None) => locale.say("export-never-not-here"),
    };
    format!("{}: {original}{source}; {here}", author_text(locale, &a.name))
}

/// Graphs and log lines with what is to be thought of them, and when each was looked at.
pub fn signal_lines(locale: &Locale, b: &Background) -> Vec<Said> {
    let line = |j: &Judged| {
        let words = say(locale, &Text::of_phrase(judged(j.reliability, &j.text), &BTreeMap::new()));
        let seen = match j.seen {
            Some((t, _)) => locale.text("export-signal-seen", &[("at", Arg::Word(moment(locale, t)))]),
            None => locale.say("export-signal-unseen"),
        };
        (format!("{}: {words}; {seen}", j.place), j.seen.map(|(_, fact)| fact))
    };
    b.signals.iter().map(line).collect()
}
