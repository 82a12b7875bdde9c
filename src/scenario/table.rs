//! The declaration of the format: every section, field, unit and default, once. Reader and reference page are made from it.

pub mod capacity;
pub mod change;
pub mod decision;
pub mod effect;
pub mod fault;
pub mod flow;
pub mod net;
pub mod observe;
pub mod original;
pub mod people;
pub mod scoring;
pub mod store;
pub mod story;
pub mod world;

pub use scoring::CHECKS;
pub use store::STORE_VERBS;

use super::schema::{Shape, Space, Ty, def, req};

/// The whole file.
pub static SCENARIO: Shape = Shape {
    name: "Scenario",
    doc: "The whole file `scenario.ron`, told from the top: who and what, the sources, the world, what happens, what really happened, what counts.",
    fields: &[
        req("format", Ty::Int(1, 1), "Version of the format.").eg("1"),
        req("id", Ty::Text, "The folder's name: lower-case letters, digits, hyphens.")
            .eg("\"docsrs-2019-10-21-disk-full\""),
        req("title", Ty::Lang, "Full title, shown in the debrief; it may name the cause."),
        req("wedge", Ty::Lang, "Name on the wheel: a symptom or a place, never a cause."),
        req("level", Ty::OneOf(&story::LEVEL), "Difficulty."),
        req("minutes", Ty::List(&Ty::Int(1, 600)), "Expected playing time in minutes, from and to.").eg("[30, 45]"),
        req("classes", Ty::List(&Ty::OneOf(&story::CLASSES)), "Fault classes, for the catalogue."),
        req("skills", Ty::List(&Ty::OneOf(&story::SKILLS)), "Skills exercised, for the catalogue."),
        def("weight", Ty::Int(1, 100), "1", "Weight on the wheel."),
        req("sources", Ty::Map(&Ty::Struct(&original::SOURCE)), "Cited sources; provenances name them by id."),
        def(
            "contradictions",
            Ty::List(&Ty::Struct(&original::CONTRADICTION)),
            "[]",
            "What accounts tell differently, and which one this scenario follows.",
        ),
        req("t0", Ty::Struct(&original::T0), "What T0 is, and what else it could be."),
        req("clock", Ty::Struct(&story::CLOCK), "When the session opens and ends."),
        def("briefing", Ty::Lang, "File(\"briefing\")", "What the trainee reads first (Markdown)."),
        req("you", Ty::Struct(&story::YOU), "The trainee's seat in the story."),
        req("world", Ty::Struct(&world::WORLD), "The world at the opening."),
        req("script", Ty::List(&Ty::Struct(&story::RULE)), "What the scenario does, in time order."),
        req(
            "original",
            Ty::List(&Ty::Struct(&original::ROW)),
            "What the people of the incident did and saw, in time order: every row of the sources.",
        ),
        req("milestones", Ty::Map(&Ty::Struct(&original::MILESTONE)), "What counts, in the order of the debrief."),
        req("truth", Ty::Struct(&story::TRUTH), "The answer, for the GM and scoring only."),
        def("scoring", Ty::Struct(&scoring::SCORING), "()", "What it sets of the scoring model."),
        req("people", Ty::Map(&Ty::Struct(&people::PERSON_DECL)), "Simulated people: roles, never names."),
        def("deck", Ty::List(&Ty::Struct(&story::CARD)), "[]", "Cards that the GM may fire."),
        def("nudges", Ty::List(&Ty::Struct(&story::NUDGE)), "[]", "Nudges from a question (1) to the answer (5)."),
        def("decisions", Ty::List(&Ty::Struct(&decision::DECISION)), "[]", "Points at which the team has to decide."),
        def("questions", Ty::List(&Ty::Struct(&story::QUESTION)), "[]", "Questions for the debrief."),
        def("runbooks", Ty::Map(&Ty::Struct(&story::RUNBOOK)), "{}", "Runbooks that the trainee may open."),
    ],
};

/// A name of a service, written often.
const SERVICE: Ty = Ty::Name(Space::Service);
/// A name of a person, written often.
const PERSON: Ty = Ty::Name(Space::Person);
