//! Declaration of simulated people, and of what is to be thought of what reaches the team.

use super::super::schema::{Shape, Space, Ty, Union, def, opt, req, unit};

pub static PERSON_DECL: Shape = Shape {
    name: "Person",
    doc: "A simulated person: a role, never a name.",
    fields: &[
        req("role", Ty::Lang, "Role shown instead of a name."),
        opt("joins", Ty::Span, "How long they take to join when called; absent means they never do.").eg("\"10m\""),
        def("here", Ty::Bool, "false", "Whether they are in the channel from the start."),
        def("may", Ty::List(&Ty::Name(Space::Permission)), "[]", "Permissions that they use when asked.")
            .eg("[\"volume\"]"),
        def("answers", Ty::Span, "\"0s\"", "How long they take to answer what they are asked.").eg("\"2m\""),
        def(
            "skill",
            Ty::OneOf(&SKILL_LEVEL),
            "Able",
            "How well they know the system: what sets the pace of their work.",
        ),
        def("fatigue", Ty::Share, "\"0\"", "How tired they are: so much longer everything takes them.").eg("\"1/2\""),
        opt("tires", Ty::Struct(&TIRES), "How they tire on top of that; absent is not at all.")
            .eg("(since: \"T-14h\", per_hour: \"1/20\")"),
        opt("hours", Ty::Struct(&HOURS), "When they can be reached; absent is always.")
            .eg("(from: 9, to: 17, zone_min: 60)"),
        def("says", Ty::Map(&Ty::Lang), "{}", "What they say by topic word; `join` when they join.")
            .eg("{ \"join\": { \"en\": \"here\", \"ko\": \"왔습니다\" } }"),
    ],
};

static SKILL_LEVEL: Union = Union {
    name: "SkillLevel",
    doc: "How well somebody knows the system.",
    more: &[],
    variants: &[
        unit("Novice", "Takes twice as long."),
        unit("Able", "Takes the usual time."),
        unit("Expert", "Takes half as long."),
    ],
};

static TIRES: Shape = Shape {
    name: "Tires",
    doc: "How somebody tires the longer they are awake.",
    fields: &[
        req("since", Ty::Offset, "Since when they are awake: at or before the opening.").eg("\"T-14h\""),
        req("per_hour", Ty::Share, "How much longer everything takes them with each hour since then.").eg("\"1/20\""),
        def("most", Ty::Exact, "\"1\"", "How much longer it takes them at most: 1 is twice as long."),
    ],
};

static HOURS: Shape = Shape {
    name: "Hours",
    doc: "When somebody can be reached: a team in another zone, a vendor's support.",
    fields: &[
        req("from", Ty::Int(0, 23), "First hour of the day.").eg("9"),
        req("to", Ty::Int(1, 24), "The hour at which it ends, after the first.").eg("17"),
        def("zone_min", Ty::Int(-840, 840), "0", "Minutes that their zone is ahead of UTC."),
        def("weekends", Ty::Bool, "false", "Whether on Saturdays and Sundays too."),
    ],
};

/// What the author knows of a signal.
pub static RELIABILITY: Union = Union {
    name: "Reliability",
    doc: "What the author knows of a signal: for the GM and the debrief, never for a trainee.",
    more: &[],
    variants: &[
        unit("True", "It says what is so."),
        unit("Stale", "It was so once and is no longer."),
        unit("Decoy", "It leads elsewhere."),
        unit("Coincidence", "It is so, and has nothing to do with it."),
    ],
};
