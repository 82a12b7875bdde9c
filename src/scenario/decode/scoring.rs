//! From the checked tree to the model: the section `scoring`.

use super::super::model::{Hazard, HelpPoint, Scoring, Windows};
use super::super::value::Value;

/// The section; absent it is the model's own.
pub fn scoring(v: Option<&Value>) -> Scoring {
    let Some(v) = v else { return Scoring::default() };
    let w = v.at("windows");
    Scoring {
        version: v.at("version").int(),
        weights: v.at("weights").map(Value::int),
        left_out: v.at("left_out").texts(),
        windows: Windows {
            impact: w.at("impact").span(),
            severity: w.at("severity").span(),
            internal: w.at("internal").span(),
            external: w.at("external").span(),
            declare: w.at("declare").span(),
            handover: w.at("handover").span(),
            guard: w.at("guard").span(),
            announce: w.at("announce").span(),
        },
        gap: v.at("gap").span(),
        silence: v.at("silence").span(),
        shift: v.get("shift").map(Value::span),
        help: v.at("help").list(|h| HelpPoint {
            topic: h.at("topic").text(),
            people: h.at("people").texts(),
            at: h.at("at").span(),
            within: h.at("within").span(),
        }),
        hazards: v.at("hazards").list(|h| Hazard {
            verb: h.at("verb").text(),
            target: h.get("target").map(Value::text),
            severity: h.at("severity").exact(),
        }),
        solo_stretch: v.at("solo_stretch").exact(),
    }
}
