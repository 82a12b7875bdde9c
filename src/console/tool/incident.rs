//! The incident tools. Their words go to the session as they are: its line grammar reads them, here and everywhere else.

use crate::console::host::NameKind;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ack",
        synopsis: "[PAGE]",
        about: "acknowledge a page",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("ack 1", "acknowledged page 1\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "declare",
        synopsis: "sev1|sev2|sev3|sev4",
        about: "declare an incident, or change its severity",
        opts: &[],
        subs: &["sev1", "sev2", "sev3", "sev4"],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("declare sev2", "declare: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "role",
        synopsis: "ROLE WHO",
        about: "take or give a role: ic, comms, scribe, ops",
        opts: &[],
        subs: &["comms", "ic", "ops", "scribe"],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("role ic me", "role: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "update",
        synopsis: "internal|status [TEXT] [--impact X] [--status S] [--action T] [--next T] [--again 20m]",
        about: "post an update",
        opts: &[],
        subs: &["internal", "status"],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("update internal 'looking at the disk'", "update: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "page",
        synopsis: "PERSON [TOPIC] | list",
        about: "call a person, or list the pages that reached you",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Person),
        style: Style::Plain,
        examples: &[
            ("page infra disk", "page: recorded\n"),
            (
                "page list",
                "PAGE  STATE         SINCE     SERVICE   TO        FIRING  SUMMARY\n1     open          12:16:15  docs      you       1       Documentation site does not answer\n",
            ),
        ],
        step: page,
        ..Decl::BLANK
    },
    Decl {
        name: "hypothesis",
        synopsis: "COMPONENT",
        about: "state a hypothesis",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[("hypothesis api", "hypothesis: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "cause",
        synopsis: "--component X --mechanism M [--evidence FACT,last:SERVICE] [--confidence 70]",
        about: "state a cause with evidence",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[("cause --component api --mechanism bad_release", "cause: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "look",
        synopsis: "graph ID",
        about: "put something on the board in front of you",
        opts: &[],
        subs: &["graph", "log", "map", "runbook"],
        operand: Operand::Name(NameKind::Graph),
        style: Style::Plain,
        examples: &[("look graph downloads", "look: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "note",
        synopsis: "TEXT",
        about: "leave a note that the next person can use",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("note 'errors stop once the old release is back'", "note: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "predict",
        synopsis: "TEXT",
        about: "write down what you expect before you act",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("predict 'errors stop once the old release is back'", "predict: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "revise",
        synopsis: "TEXT",
        about: "say that you changed your mind, and why",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("revise 'errors stop once the old release is back'", "revise: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "resolve",
        synopsis: "",
        about: "close the incident",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("resolve", "resolve: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "followup",
        synopsis: "TEXT --owner WHO",
        about: "record a follow-up",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("followup 'clean the build directory' --owner infra", "followup: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "handover",
        synopsis: "TO",
        about: "hand the incident over",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Person),
        style: Style::Plain,
        examples: &[("handover infra", "handover: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
    Decl {
        name: "handoff",
        synopsis: "TO",
        about: "hand the incident over (as `handover`)",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Person),
        style: Style::Plain,
        examples: &[("handoff infra", "handoff: recorded\n")],
        step: tell,
        ..Decl::BLANK
    },
];

fn page(c: &mut Ctx<'_>) -> Step {
    if c.tool.argv != ["list"] {
        return tell(c);
    }
    let seat = c.caller().seat;
    c.line("PAGE  STATE         SINCE     SERVICE   TO        FIRING  SUMMARY");
    for p in c.host.pages(&seat) {
        c.see(ObservedKind::Page, p.id.to_string(), Some(p.service.clone()));
        let (since, to) = (p.since.hms(), p.to.join(","));
        c.line(&format!(
            "{:<5} {:<13} {since:<9} {:<9} {to:<9} {:<7} {}",
            p.id, p.state, p.service, p.firing, p.summary
        ));
    }
    Step::Exit(0)
}

fn tell(c: &mut Ctx<'_>) -> Step {
    let mut argv = vec![c.tool.name.clone()];
    argv.extend(c.tool.argv.iter().cloned());
    let who = c.caller();
    match c.host.incident(&who, &argv) {
        Ok(line) => {
            if !line.is_empty() {
                c.line(&line);
            }
            Step::Exit(0)
        }
        Err(why) => {
            c.error(&why);
            Step::Exit(1)
        }
    }
}
