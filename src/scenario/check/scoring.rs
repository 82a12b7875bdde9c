//! Sense of the section `scoring`: known checks, windows that let time pass, a stretch that stretches.

use super::super::read::Reader;
use super::super::table::CHECKS;
use super::super::value::Value;
use crate::diagnostic::Code;
use crate::stdx::rational::whole;
use crate::stdx::time::Span;

/// Checks the section.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let Some(v) = root.get("scoring") else { return };
    for (id, at, _) in v.at("weights").entries() {
        if !CHECKS.contains(&id.as_str()) {
            let help = Some(format!("one of: {}", CHECKS.join(" ")));
            reader.report(Code::WrongName, at, format!("there is no check `{id}`"), "not a check".to_owned(), help);
        }
    }
    let spans = ["impact", "severity", "internal", "external", "declare", "handover", "guard", "announce"];
    let windows = spans.iter().filter_map(|name| v.at("windows").get(name));
    for span in windows.chain(["gap", "silence"].iter().filter_map(|name| v.get(name))) {
        if span.span() == Span(0) {
            let help = Some("for example \"10m\"".to_owned());
            reader.report(Code::OutOfRange, &span.at, "a window lets time pass".to_owned(), "0".to_owned(), help);
        }
    }
    for h in v.at("help").items() {
        if let Some(within) = h.get("within").filter(|w| w.span() == Span(0)) {
            let help = Some("for example \"30m\"".to_owned());
            reader.report(Code::OutOfRange, &within.at, "a window lets time pass".to_owned(), "0".to_owned(), help);
        }
    }
    if let Some(stretch) = v.get("solo_stretch").filter(|s| *s.exact() < whole(1)) {
        let help = Some("for example \"3/2\"".to_owned());
        let message = "one person is not faster than a team".to_owned();
        reader.report(Code::OutOfRange, &stretch.at, message, "below 1".to_owned(), help);
    }
}
