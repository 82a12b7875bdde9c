//! Courses of faults that contradict themselves, or the fault that they are for.

use super::super::read::Reader;
use super::super::value::Value;
use super::walk;
use crate::diagnostic::Code;
use crate::stdx::rational::whole;

/// Faults that know no more and no less: a unit runs or it does not.
const WHOLE: [&str; 1] = ["Crash"];

/// Faults that are over as soon as they have happened, unless they pulse or grow.
const MOMENTS: [&str; 1] = ["CacheFlush"];

/// What is wrong with a course, at the field that is too much.
fn contradiction(course: &Value) -> Option<(&Value, &'static str)> {
    let span = |field: &str| course.get(field).map_or(0, |s| s.span().0);
    let (lasts, ramps) = (span("lasts"), span("rise") + span("fall"));
    if let Some(fall) = course.get("fall") {
        if course.get("lasts").is_none() {
            return Some((fall, "what never heals by itself does not fall: give it `lasts`"));
        }
        if ramps > lasts {
            return Some((fall, "it rises and falls for longer than it lasts"));
        }
    }
    let behind = course.get("behind").filter(|b| b.bool() && course.get("wakes").is_some())?;
    Some((behind, "what wakes it shows it, whatever else is awake: leave out `behind` or `wakes`"))
}

/// What a fault does not know of its course.
fn unknown<'v>(fault: &str, course: &'v Value) -> Option<(&'v Value, &'static str)> {
    let first = |fields: &[&str]| fields.iter().find_map(|f| course.get(f));
    if WHOLE.contains(&fault) {
        let less = course.get("severity").filter(|s| *s.exact() != whole(1));
        return Some((
            less.or_else(|| first(&["rise", "fall"]))?,
            "a unit runs or it does not: there is no less of it",
        ));
    }
    let stays = course.get("pulse").is_some() || course.get("rise").is_some();
    if MOMENTS.contains(&fault) && !stays {
        return Some((first(&["lasts", "fall"])?, "it is over as soon as it has happened: there is nothing to last"));
    }
    None
}

/// Reports every such course.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let mut found = Vec::new();
    walk(root, &mut |v| {
        if v.tag() == "Course" {
            found.extend(contradiction(v));
        }
        if let (Some(fault), Some(course)) = (v.get("fault"), v.get("course")) {
            found.extend(unknown(fault.tag(), course));
        }
    });
    for (at, message) in found {
        reader.report(Code::OutOfRange, &at.at.clone(), message.into(), "out of range".into(), None);
    }
}
