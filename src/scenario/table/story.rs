//! Declaration of the story: clock, seat, script, truth, cards, and the vocabulary of predicates.

use super::super::schema::{Shape, Space, Ty, Union, def, named, opt, req, tuple, unit};
use super::effect::EFFECT;
use super::fault::{COURSE, FAULT};
use super::people::RELIABILITY;
use super::store::STORE_VERBS;
use super::{PERSON, SERVICE};

pub static LEVEL: Union = Union {
    name: "Level",
    doc: "How hard it is.",
    more: &[],
    variants: &[
        unit("Easy", "One clear cause, few components."),
        unit("Medium", "Several signals, or one that leads elsewhere."),
        unit("Hard", "Cascades, trade-offs, long horizons."),
    ],
};

pub static CLASSES: Union = Union {
    name: "Class",
    doc: "Fault classes of the catalogue.",
    more: &[],
    variants: &[
        unit("BadDeploy", "A release carries a defect."),
        unit("ClientRetries", "Clients try again, so that failure looks like load."),
        unit("DiskFull", "A file system runs out of space."),
        unit("PermissionGap", "Whoever is paged lacks a permission."),
        unit("ConfigChange", "A setting changed, in or out of band."),
        unit("CertificateExpiry", "A certificate ends."),
        unit("Overload", "More work than capacity."),
        unit("MemoryExhaustion", "Memory runs out."),
        unit("QueueBacklog", "Work piles up."),
        unit("Dns", "Names do not resolve."),
        unit("Network", "Links or routes fail."),
        unit("DataLoss", "Data is gone or diverges."),
        unit("Failover", "A change of leader."),
        unit("Dependency", "Something that another team runs fails."),
    ],
};

pub static SKILLS: Union = Union {
    name: "Skill",
    doc: "Skills of the catalogue.",
    more: &[],
    variants: &[
        unit("Detect", "See that something is wrong."),
        unit("Diagnose", "Find out what."),
        unit("Mitigate", "Bring relief before the cause is known."),
        unit("Verify", "Look again the way a user does."),
        unit("Communicate", "Tell those who need to know."),
        unit("Escalate", "Call whoever can do what you cannot."),
        unit("Recover", "Clear up what was left behind."),
        unit("Safety", "Check before something that cannot be undone."),
    ],
};

pub static CLOCK: Shape = Shape {
    name: "Clock",
    doc: "The stretch of time that is played.",
    fields: &[
        req("opens", Ty::Offset, "When the session opens, at or before T0.").eg("\"T-2m\""),
        req("horizon", Ty::Offset, "When it ends at the latest; scoring runs to here.").eg("\"T+120m\""),
        def(
            "compress",
            Ty::List(&Ty::Struct(&STRETCH)),
            "[]",
            "Stretches of a long incident that are played in less time. Rows of `original` keep their published times and are played where these lead; everything else counts in played time.",
        )
        .eg("[(from: \"T+1h\", to: \"T+13h\", takes: \"20m\")]"),
    ],
};

static STRETCH: Shape = Shape {
    name: "Stretch",
    doc: "A stretch of the original that is played in less time.",
    fields: &[
        req("from", Ty::Offset, "Where it begins, as published."),
        req("to", Ty::Offset, "Where it ends, as published.").eg("\"T+13h\""),
        req("takes", Ty::Span, "How long it is played.").eg("\"20m\""),
    ],
};

pub static YOU: Shape = Shape {
    name: "You",
    doc: "The trainee's seat in the story.",
    fields: &[
        req("role", Ty::Lang, "One sentence: what you are on call for."),
        req("host", Ty::Name(Space::Host), "Host on which the first terminal opens."),
        def("user", Ty::Text, "\"oncall\"", "Unix user there."),
        def(
            "may",
            Ty::List(&Ty::Name(Space::Permission)),
            "[]",
            "Permissions held: `release`, `volume`, `config`, `flag`, `queue`, `infra`, `sudo:<host>`.",
        )
        .eg("[\"release\", \"sudo:web-01\"]"),
        def("channel", Ty::Text, "\"#ops\"", "Name of the incident channel."),
    ],
};

pub static RULE: Shape = Shape {
    name: "Rule",
    doc: "Something that the scenario does once: at a time, or when a predicate first holds. Exactly one of `at` and `when`.",
    fields: &[
        opt("at", Ty::Offset, "The time at which it happens."),
        opt("when", Ty::OneOf(&PREDICATE), "What it waits for."),
        req("do", Ty::Some(&Ty::OneOf(&ACTION)), "What happens, in order.")
            .eg("Say(who: \"deployer\", text: \"deploy complete\")"),
        opt("id", Ty::Text, "Id; `rule-<n>` by its position if absent.").eg("\"fix-merged\""),
        opt(
            "reliability",
            Ty::OneOf(&RELIABILITY),
            "What is to be thought of the messages, tickets and pages that it sends.",
        ),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static TRUTH: Shape = Shape {
    name: "Truth",
    doc: "The answer, known to the GM and to scoring.",
    fields: &[
        req("summary", Ty::Lang, "One paragraph for the GM."),
        req("components", Ty::List(&Ty::Name(Space::Component)), "Components at fault."),
        req("mechanisms", Ty::List(&Ty::Word(MECHANISMS)), "Mechanisms, as `cause --mechanism` names them."),
        req("affected", Ty::List(&SERVICE), "Services whose users are affected."),
        req("severity", Ty::Int(1, 4), "Severity in truth, 1 is worst.").eg("2"),
        def("impact", Ty::Offset, "\"T+0s\"", "From when on users are affected."),
        req("works", Ty::Lang, "What works, for the GM."),
        def("tau", Ty::Share, "\"1/20\"", "Share of affected users above which it is not mitigated."),
        def("delta", Ty::Span, "\"30s\"", "Dead band for uncertain times."),
        def("loss_rate", Ty::Exact, "\"0\"", "User-minutes that one unit of durable loss counts for."),
    ],
};

/// Mechanisms that a cause can name.
pub const MECHANISMS: &[&str] = &[
    "bad_release",
    "bad_config",
    "client_retries",
    "disk_full",
    "unbounded_growth",
    "missing_alert",
    "missing_permission",
    "missing_test",
    "overload",
    "memory_exhaustion",
    "certificate_expired",
    "name_resolution",
    "network",
    "data_loss",
    "dependency",
    "config_drift",
    "bad_flag",
    "partial_deploy",
    "bad_automation",
    "human_error",
    "queue_backlog",
    "poison_item",
    "cache_stampede",
    "monitoring_blind",
    "false_alarm",
];

pub static CARD: Shape = Shape {
    name: "Card",
    doc: "A card of the GM's deck.",
    fields: &[
        req("id", Ty::Text, "Id.").eg("\"second-surge\""),
        req("title", Ty::Lang, "Title."),
        req("note", Ty::Lang, "What to expect."),
        req("allowance", Ty::Span, "Nominal handling time: scoring's clock is held for so long.").eg("\"5m\""),
        opt(
            "harm",
            Ty::Int(1, 1_000_000_000),
            "User-minutes that its trouble costs if it is handled in the allowance.",
        )
        .eg("1200"),
        opt("done", Ty::OneOf(&PREDICATE), "What shows that its trouble is dealt with, beside the GM's word."),
        def("about", Ty::List(&Ty::Text), "[]", "Topic words by which a message shows that the team noticed it.")
            .eg("[\"search\"]"),
        def(
            "disables",
            Ty::List(&Ty::Word(&["status_page", "channel", "people"])),
            "[]",
            "What it takes from the team; an expectation that needs it for its whole window counts for nobody.",
        )
        .eg("[\"status_page\"]"),
        opt(
            "reliability",
            Ty::OneOf(&RELIABILITY),
            "What is to be thought of the messages, tickets and pages that it sends.",
        ),
        opt("disabled_for", Ty::Span, "For how long; absent is to the horizon.").eg("\"20m\""),
        req("do", Ty::Some(&Ty::OneOf(&ACTION)), "What it does, in order.")
            .eg("Begin(Slow(service: \"api\", factor: \"3\"))"),
    ],
};

pub static NUDGE: Shape = Shape {
    name: "Nudge",
    doc: "A hint that the GM or the director may give.",
    fields: &[
        req("rung", Ty::Int(1, 5), "From a question (1) to the answer (5)."),
        req("from", Ty::Offset, "Suggested from this time on, while the milestone is open."),
        req("milestone", Ty::Name(Space::Milestone), "Milestone that it helps with."),
        req("text", Ty::Lang, "Its wording."),
    ],
};

pub static QUESTION: Shape = Shape {
    name: "Question",
    doc: "A question for the debrief.",
    fields: &[
        opt("milestone", Ty::Name(Space::Milestone), "Moment that it hangs from."),
        req("text", Ty::Lang, "Its wording."),
    ],
};

pub static RUNBOOK: Shape = Shape {
    name: "Runbook",
    doc: "A document that the trainee may open.",
    fields: &[
        req("title", Ty::Lang, "Title."),
        req("text", Ty::Lang, "Markdown.").eg("File(\"runbooks/disk\")"),
        req("service", SERVICE, "Service it is about."),
    ],
};

pub static ACTION: Union = Union {
    name: "Action",
    doc: "What a rule or a card does.",
    more: &[],
    variants: &[
        named(
            "Say",
            "A simulated person writes to the incident channel.",
            &[
                req("who", PERSON, "The person."),
                req("text", Ty::Lang, "What they write."),
                def("about", Ty::List(&Ty::Text), "[]", "Topic words, for predicates.").eg("[\"deploy\"]"),
            ],
        ),
        named(
            "Ticket",
            "A ticket arrives from a user.",
            &[
                req("who", PERSON, "Who wrote it."),
                req("text", Ty::Lang, "What it says."),
                req("about", SERVICE, "Service it is about."),
            ],
        ),
        named(
            "Page",
            "A person pages the trainee.",
            &[
                req("by", Ty::Name(Space::Pager), "Who."),
                req("text", Ty::Lang, "What it says."),
                req("service", SERVICE, "Service it is about."),
            ],
        ),
        named(
            "Promote",
            "A release goes to production.",
            &[
                req("service", SERVICE, "Service."),
                req("to", Ty::Name(Space::Release), "Release."),
                req("who", PERSON, "Who does it."),
            ],
        ),
        named(
            "Stage",
            "A release appears on staging.",
            &[
                req("service", SERVICE, "Service."),
                req("release", Ty::Name(Space::Release), "Release."),
                req("who", PERSON, "Who does it."),
            ],
        ),
        tuple(
            "Begin",
            "A fault begins.",
            &[
                req("fault", Ty::OneOf(&FAULT), "The fault."),
                def("course", Ty::Struct(&COURSE), "()", "How it runs.").eg("(lasts: \"5m\")"),
            ],
        ),
        tuple("Clear", "A fault ends.", &[req("fault", Ty::OneOf(&FAULT), "The fault.")]),
        named(
            "Does",
            "A person, or a program of theirs, does something to the world.",
            &[req("who", PERSON, "The person."), req("effect", Ty::OneOf(&EFFECT), "What.")],
        ),
        named("Join", "A person comes into the channel.", &[req("who", PERSON, "The person.")]),
    ],
};

/// Verbs of actions on the world: those of everything but stores, then those of stores.
pub static VERBS: [&str; OTHER_VERBS.len() + STORE_VERBS.len()] = joined(OTHER_VERBS, STORE_VERBS);

/// Two lists in one of their length together.
const fn joined<const N: usize>(first: &[&'static str], second: &[&'static str]) -> [&'static str; N] {
    let mut all = [""; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}

const OTHER_VERBS: &[&str] = &[
    "remove",
    "write",
    "mkdir",
    "rename",
    "start",
    "stop",
    "restart",
    "kill",
    "promote",
    "rollback",
    "requeue",
    "resize",
    "renew",
    "reload",
    "trust",
    "revert",
    "set",
    "evict",
    "flush",
    "repoint",
    "block",
    "unblock",
    "reset",
    "drain",
    "undrain",
    "announce",
    "step",
    "enable",
    "disable",
    "purge",
    "break_glass",
    "stage",
    "push",
    "edit",
    "apply",
    "flag",
    "freeze",
    "unfreeze",
    "pause",
    "resume",
    "abort",
    "run",
    "skip",
    "warm",
    "scale",
    "rollout",
    "probe",
    "autoscale",
    "admit",
    "cordon",
    "uncordon",
    "power",
    "poweroff",
    "reboot",
    "sysctl",
    "limit",
    "quota",
    "delete",
];

pub static CHANNEL: Union = Union {
    name: "Channel",
    doc: "Where something is said.",
    more: &[],
    variants: &[unit("Internal", "The incident channel."), unit("Status", "The public status page.")],
};

pub static OBSERVED: Union = Union {
    name: "Observed",
    doc: "What kind of thing was on a screen.",
    more: &[],
    variants: &[
        unit("Metric", "A metric or graph."),
        unit("Log", "Log lines."),
        unit("Alert", "An alert."),
        unit("Page", "A page."),
        unit("Request", "A request made the way a client does."),
        unit("Map", "A node of the service map."),
        unit("Message", "A message in a channel."),
        unit("Ticket", "A user's ticket."),
        unit("Release", "Releases and their diffs."),
        unit("Disk", "Space on a mount."),
        unit("Files", "Files and directories."),
        unit("Process", "Processes and units."),
        unit("Queue", "A queue."),
        unit("Host", "Which host this is."),
        unit("Runbook", "A runbook."),
        unit("Status", "The status page."),
    ],
};

pub static PREDICATE: Union = Union {
    name: "Predicate",
    doc: "Logic over what happened: a small closed vocabulary, shared by script, original timeline and milestones.",
    more: &[],
    variants: &[
        tuple(
            "All",
            "All hold; the time is the latest one's.",
            &[req("of", Ty::List(&Ty::OneOf(&PREDICATE)), "Predicates.").eg("[After(\"T+11m\"), Not(Acknowledged)]")],
        ),
        tuple(
            "Any",
            "Any holds; the time is the earliest one's.",
            &[req("of", Ty::List(&Ty::OneOf(&PREDICATE)), "Predicates.").eg("[Relief, Resolved]")],
        ),
        tuple("Not", "Does not hold so far.", &[req("that", Ty::OneOf(&PREDICATE), "Predicate.").eg("Acknowledged")]),
        tuple("After", "From this time on.", &[req("time", Ty::Offset, "Time.")]),
        named(
            "Since",
            "A fact at or after the first time that a milestone held.",
            &[
                req("milestone", Ty::Name(Space::Milestone), "Milestone."),
                req("then", Ty::OneOf(&PREDICATE), "What must hold.").eg("Resolved"),
            ],
        ),
        named(
            "Delay",
            "So long after something first held.",
            &[req("by", Ty::Span, "How long."), req("first", Ty::OneOf(&PREDICATE), "After what.").eg("Acknowledged")],
        ),
        named(
            "Times",
            "Something occurred so many times.",
            &[
                req("at_least", Ty::Int(1, 1_000), "How often.").eg("2"),
                def("distinct", Ty::Bool, "false", "Each time on another target."),
                req("of", Ty::OneOf(&PREDICATE), "What.").eg("Observed(user_facing: true)"),
            ],
        ),
        named(
            "Lasts",
            "A state that holds for so long without a break; the time of a milestone is when that began.",
            &[
                req("by", Ty::Span, "How long.").eg("\"10m\""),
                req("that", Ty::OneOf(&PREDICATE), "The state.").eg("UsersAffected(at_most: \"1/20\")"),
            ],
        ),
        unit("Acknowledged", "A page was acknowledged."),
        unit("Declared", "An incident was declared."),
        named(
            "Said",
            "Somebody wrote to a channel.",
            &[
                opt("channel", Ty::OneOf(&CHANNEL), "Channel; any if absent."),
                opt("by", Ty::Name(Space::Speaker), "Person or seat, `responder` for any seat; anybody if absent."),
                opt("about", Ty::Text, "With this topic word.").eg("\"rate\""),
                def("fields_at_least", Ty::Int(0, 4), "0", "With at least so many of impact, status, action, next."),
                def("truthful", Ty::Bool, "false", "And it was true when it was said."),
            ],
        ),
        named(
            "CauseStated",
            "A cause was stated that names this component.",
            &[req("component", Ty::Name(Space::Component), "Component.")],
        ),
        named(
            "Observed",
            "Something was on a seat's screen.",
            &[
                opt("what", Ty::OneOf(&OBSERVED), "What was seen; anything if absent."),
                opt("target", Ty::Text, "Which; with a trailing `*` a prefix.").eg("\"web-01:/srv/*\""),
                opt("service", SERVICE, "Service it is about."),
                def("user_facing", Ty::Bool, "false", "Only what a user would see."),
            ],
        ),
        named(
            "Acted",
            "A responder's action was applied.",
            &[
                req("verb", Ty::Word(&VERBS), "Verb."),
                opt("target", Ty::Text, "Which; with a trailing `*` a prefix.").eg("\"web-01:web\""),
                def("or_refused", Ty::Bool, "false", "Also one that was refused."),
            ],
        ),
        named(
            "Running",
            "A service runs a release in production.",
            &[req("service", SERVICE, "Service."), req("release", Ty::Name(Space::Release), "Release.")],
        ),
        named("Paged", "A person was called.", &[req("person", PERSON, "Person.")]),
        named("Joined", "A person joined the channel.", &[req("person", PERSON, "Person.")]),
        named("AlertFired", "An alert fired.", &[req("alert", Ty::Name(Space::Alert), "Alert.")]),
        named("TicketArrived", "A ticket arrived.", &[req("about", SERVICE, "Service it is about.")]),
        unit("Relief", "A responder's effect brought relief; the world says so, not the responder."),
        named(
            "UsersAffected",
            "The share of affected users is at most this.",
            &[
                req("at_most", Ty::Share, "Largest share."),
                def(
                    "sustained",
                    Ty::Bool,
                    "false",
                    "Only if it stays so to the horizon; its time is the start of that.",
                ),
            ],
        ),
        named("Impact", "The share of affected users is above this.", &[req("above", Ty::Share, "Share.")]),
        unit("Resolved", "The incident was closed."),
        unit("FollowedUp", "A follow-up with an owner was recorded."),
    ],
};
