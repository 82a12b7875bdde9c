//! Declaration of decision points: what had to be decided, what could be done, what the original did, and what comes of each.

use super::super::schema::{Shape, Ty, Union, def, opt, req, unit};
use super::story::PREDICATE;

pub static DECISION: Shape = Shape {
    name: "Decision",
    doc: "A point at which the team has to decide. The debrief shows what was done at it beside what the original did; it is never scored.",
    fields: &[
        req("id", Ty::Text, "Id.").eg("\"roll-back-or-fix\""),
        req("name", Ty::Lang, "What is to be decided."),
        req("when", Ty::OneOf(&PREDICATE), "From when on it is.").eg("AlertFired(alert: \"site-down\")"),
        req("options", Ty::List(&Ty::Struct(&OPTION)), "What can be done, at least two.")
            .eg("[(name: \"Roll back\", when: Acted(verb: \"rollback\"), original: true), (name: \"Restart\", when: Acted(verb: \"restart\"), outcome: NoEffect)]"),
        opt("question", Ty::Lang, "A question for the debrief, asked if the point was reached."),
    ],
};

static OPTION: Shape = Shape {
    name: "Option",
    doc: "A way to go at a decision point.",
    fields: &[
        req("name", Ty::Lang, "What it is."),
        req("when", Ty::OneOf(&PREDICATE), "What shows that it was taken.").eg("Acted(verb: \"rollback\")"),
        def("original", Ty::Bool, "false", "Whether the original took it; at most one."),
        def("outcome", Ty::OneOf(&OUTCOME), "Works", "What comes of it."),
    ],
};

static OUTCOME: Union = Union {
    name: "Outcome",
    doc: "What comes of a way to go.",
    more: &[],
    variants: &[
        unit("Works", "It brings relief."),
        unit("Prevents", "Taken early, nothing happens at all."),
        unit("Debt", "It brings relief and leaves work for later."),
        unit("NoEffect", "Nothing comes of it."),
        unit("CostsTime", "It only takes time."),
        unit("Worse", "It makes things worse, or helps here and hurts there."),
        unit("Catastrophic", "It cannot be undone."),
    ],
};
