//! Declaration of what really happened and what it is taken from: sources, T0, the original timeline, milestones.

use super::super::schema::{Shape, Space, Ty, Union, def, named, opt, req, unit};
use super::story::PREDICATE;

pub static SOURCE: Shape = Shape {
    name: "Source",
    doc: "A cited document.",
    fields: &[
        req("title", Ty::Text, "Its title.").eg("\"docs.rs outage postmortem\""),
        req("url", Ty::Text, "Where it was published.").eg("\"https://blog.example/postmortem\""),
        req("licence", Ty::Text, "Its licence.").eg("\"MIT OR Apache-2.0\""),
        opt("read", Ty::OneOf(&READ), "How its text was read for this scenario; absent says nothing."),
    ],
};

static READ: Union = Union {
    name: "ReadStatus",
    doc: "How a source was read.",
    more: &[],
    variants: &[
        unit("Read", "Its own text, all of it."),
        unit("InPart", "Its own text, parts of it."),
        unit("Quoted", "Its words, as others quote them."),
        unit("Digest", "A digest that somebody else made of it."),
    ],
};

/// Something that accounts tell differently.
pub static CONTRADICTION: Shape = Shape {
    name: "Contradiction",
    doc: "Something that accounts tell differently. The scenario follows exactly one of them.",
    fields: &[
        req("about", Ty::Lang, "What it is about."),
        req("accounts", Ty::List(&Ty::Struct(&ACCOUNT)), "What each says, two at least.")
            .eg("[(says: \"nine hours\", fact: \"pm summary\"), (says: \"10:00 to 21:24\", follows: true, fact: \"pm timeline\")]"),
    ],
};

static ACCOUNT: Shape = Shape {
    name: "Account",
    doc: "One of several accounts of the same thing.",
    fields: &[
        req("says", Ty::Lang, "What it says, in our own words."),
        def("follows", Ty::Bool, "false", "Whether the scenario follows this one."),
        req("fact", Ty::Fact, "The source and where in it."),
    ],
};

pub static T0: Shape = Shape {
    name: "T0",
    doc: "The moment from which all times count. It is a choice: `also` names other moments that would have served.",
    fields: &[
        req("utc", Ty::Utc, "The moment."),
        req("means", Ty::Lang, "What happened then.").eg("\"the first broken download\""),
        def("also", Ty::List(&Ty::Struct(&OTHER_T0)), "[]", "Other moments from which times could count.")
            .eg("[(name: \"the first report\", at: \"T+7m\", fact: \"pm 12:24\")]"),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static OTHER_T0: Shape = Shape {
    name: "OtherT0",
    doc: "Another moment from which times could count.",
    fields: &[
        req("name", Ty::Lang, "What happened then.").eg("\"the first report\""),
        req("at", Ty::Offset, "When, from T0."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static ROW: Shape = Shape {
    name: "Row",
    doc: "A row of the original timeline. It is played (`when`), or it says by `played` why it is not: exactly one of the two.",
    fields: &[
        req("at", Ty::Offset, "When, as published; for `OrderOnly` the place that it has among the others."),
        req("kind", Ty::OneOf(&ROW_KIND), "Kind of step."),
        req("what", Ty::Lang, "What happened, in our own words."),
        opt("when", Ty::OneOf(&PREDICATE), "The predicate that matches it; its time is the predicate's first fact."),
        def("precision", Ty::OneOf(&PRECISION), "Minute", "How precisely the source gives the time."),
        opt(
            "tolerance",
            Ty::Span,
            "How far the matched time may be from the published one, either way; absent is one unit of the precision. With `Range` and `OrderOnly` there is none.",
        )
        .eg("\"90s\""),
        opt("played", Ty::OneOf(&PLAYED), "Why it is not played."),
        opt("milestone", Ty::Name(Space::Milestone), "Milestone that it joins in the debrief."),
        opt("id", Ty::Text, "Id; `row-<n>` by its position if absent.").eg("\"rolled-back\""),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static PRECISION: Union = Union {
    name: "Precision",
    doc: "How precisely a source gives a time.",
    more: &[],
    variants: &[
        unit("Second", "To the second."),
        unit("Minute", "To the minute."),
        unit("Hour", "To the hour: about that time. Differences to it are shown with a `~`."),
        unit("Day", "To the day. Differences to it are shown with a `~`."),
        named(
            "Range",
            "Within a stretch: what is matched within it differs by nothing, what is outside by how far it is from it.",
            &[
                req("from", Ty::Offset, "Where it begins.").eg("\"T+10m\""),
                req("to", Ty::Offset, "Where it ends.").eg("\"T+15m\""),
            ],
        ),
        unit(
            "OrderOnly",
            "No time at all, only what came before and after: it is matched in that order, and no difference to it is ever shown.",
        ),
    ],
};

pub static PLAYED: Union = Union {
    name: "Played",
    doc: "Why a row is not played.",
    more: &[],
    variants: &[
        unit("BeforeOpening", "It lies before the opening and is part of the world or the briefing."),
        unit("BeyondHorizon", "It lies beyond the horizon."),
    ],
};

pub static ROW_KIND: Union = Union {
    name: "RowKind",
    doc: "Kind of an original row.",
    more: &[],
    variants: &[
        unit("Trigger", "A change that matters later."),
        unit("Impact", "Users begin to be affected."),
        unit("Detect", "An alert or a report."),
        unit("Acknowledge", "Somebody takes it on."),
        unit("Investigate", "Somebody looks or understands."),
        unit("Communicate", "Somebody tells somebody."),
        unit("Escalate", "Help is called."),
        unit("Attempt", "Something is tried that does not end it."),
        unit("Mitigate", "Users get relief."),
        unit("Resolve", "It is over."),
        unit("FollowUp", "Work after the end."),
    ],
};

pub static MILESTONE: Shape = Shape {
    name: "Milestone",
    doc: "Something that counts: an effect or a true message, never a label.",
    fields: &[
        req("name", Ty::Lang, "Its name on the joins of the debrief."),
        req("weight", Ty::Int(0, 100), "Weight in the comparison with the original."),
        def("effect", Ty::Bool, "false", "Whether it counts for engagement."),
        def("after", Ty::List(&Ty::Name(Space::Milestone)), "[]", "Milestones that the practice order puts before it."),
        opt("needs", Ty::OneOf(&PREDICATE), "It is only needed if this was ever true."),
        req("when", Ty::OneOf(&PREDICATE), "What proves it."),
        def(
            "avoidable",
            Ty::Bool,
            "false",
            "A side path of the original, which nobody needs to take: it has weight 0 and no `effect`, and the debrief says whether it was taken here.",
        ),
        opt("never", Ty::Fact, "The source says that the original never got here, and where it says so.")
            .eg("\"pm lessons learned\""),
    ],
};
