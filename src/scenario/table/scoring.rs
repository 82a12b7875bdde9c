//! Declarations of the section `scoring`: what a scenario may set of the model.

use super::super::schema::{Shape, Ty, def, opt, req};
use super::PERSON;
use super::story::VERBS;

/// Checks of the model, in its order.
pub const CHECKS: &[&str] = &[
    "D1", "D2", "D3", "G1", "G2", "G3", "G4", "G5", "M1", "M2", "M3", "M4", "M5", "C1", "C2", "C3", "C4", "C5", "O1",
    "O2", "O3", "O4", "O5", "S1", "H1", "A1",
];

pub static SCORING: Shape = Shape {
    name: "Scoring",
    doc: "What this scenario sets of the scoring model. What it leaves out is as the model has it.",
    fields: &[
        def("version", Ty::Int(1, 1_000), "1", "Version of this tuning; raise it with every change."),
        def("weights", Ty::Map(&Ty::Int(0, 100)), "{}", "Points of checks that differ from the model's, by id.")
            .eg("{ \"O4\": 3 }"),
        def("left_out", Ty::List(&Ty::Word(CHECKS)), "[]", "Checks that do not apply; their points go to the rest.")
            .eg("[\"O4\"]"),
        def("windows", Ty::Struct(&WINDOWS), "()", "Windows of time since users were first affected.")
            .eg("(external: \"15m\")"),
        def("gap", Ty::Span, "\"30m\"", "Longest gap between external updates that is no silence."),
        def("silence", Ty::Span, "\"240m\"", "Silence beyond the gaps at which nothing is left."),
        opt("shift", Ty::Span, "When the shift ends, since users were first affected.").eg("\"8h\""),
        def("help", Ty::List(&Ty::Struct(&HELP)), "[]", "Moments at which help is needed."),
        def("hazards", Ty::List(&Ty::Struct(&HAZARD)), "[]", "Actions that call for safeguards; the first that fits."),
        def("solo_stretch", Ty::Exact, "\"3/2\"", "How many times the original's minutes a single player has."),
    ],
};

pub static WINDOWS: Shape = Shape {
    name: "Windows",
    doc: "Full credit up to here, linear to nothing at twice that.",
    fields: &[
        def("impact", Ty::Span, "\"20m\"", "Impact in words."),
        def("severity", Ty::Span, "\"15m\"", "The severity in force after this counts."),
        def("internal", Ty::Span, "\"10m\"", "First note in the incident channel."),
        def("external", Ty::Span, "\"30m\"", "First update on the status page."),
        def("declare", Ty::Span, "\"15m\"", "Declared."),
        def("handover", Ty::Span, "\"60m\"", "Handed over, after the end of the shift."),
        def("guard", Ty::Span, "\"60m\"", "How long a safeguard holds."),
        def("announce", Ty::Span, "\"10m\"", "How long an announcement holds."),
    ],
};

pub static HELP: Shape = Shape {
    name: "HelpPoint",
    doc: "A moment at which another pair of eyes is needed.",
    fields: &[
        req("topic", Ty::Text, "Topic word that a call has to name.").eg("\"db\""),
        def("people", Ty::List(&PERSON), "[]", "A call to one of these counts as well."),
        req("at", Ty::Span, "When, since users were first affected.").eg("\"15m\""),
        def("within", Ty::Span, "\"30m\"", "Full credit for so long after it."),
    ],
};

pub static HAZARD: Shape = Shape {
    name: "Hazard",
    doc: "An action that calls for safeguards.",
    fields: &[
        req("verb", Ty::Word(&VERBS), "Verb."),
        opt("target", Ty::Text, "Which; with a trailing `*` a prefix.").eg("\"web-01:/srv/*\""),
        req("severity", Ty::Share, "1/4, 1/2 or 1; 0 says that it is harmless.").eg("\"1/4\""),
    ],
};
