//! reboot, poweroff, halt, shutdown: the end of a machine from a shell of its own.

use crate::console::tool::{Ctx, Decl, Step, flag};
use crate::sim::effect::{CapacityEffect, Effect};

/// What systemd answers to whoever may not.
macro_rules! denied {
    ($what:literal, $target:literal) => {
        concat!(
            "Failed to set wall message, ignoring: Interactive authentication required.\n",
            "Failed to ",
            $what,
            " system via logind: Interactive authentication required.\n",
            "Failed to start ",
            $target,
            ".target: Interactive authentication required.\n"
        )
    };
}

const REBOOT: &str = denied!("reboot", "reboot");
const POWEROFF: &str = denied!("power off", "poweroff");
const HALT: &str = denied!("halt", "halt");

pub(crate) const TOOLS: &[Decl] = &[
    power("reboot", "restart this machine; its sessions end", &[("reboot", REBOOT)], |c| now(c, true, REBOOT)),
    power("poweroff", "power this machine off; somebody has to turn it on again", &[("poweroff", POWEROFF)], |c| {
        now(c, false, POWEROFF)
    }),
    power("halt", "stop this machine; somebody has to turn it on again", &[("halt", HALT)], |c| now(c, false, HALT)),
    Decl {
        name: "shutdown",
        synopsis: "[-r | -h | -P | -H] now",
        about: "power this machine off, or restart it",
        opts: &[
            flag("r", "reboot", "restart the machine"),
            flag("h", "", "power it off"),
            flag("P", "poweroff", "power it off"),
            flag("H", "halt", "stop it"),
        ],
        missing: &["A time other than `now`: `sleep 300 && shutdown -r now &` does the same."],
        examples: &[("shutdown -r +5", "shutdown: only `now` here; `sleep 300 && shutdown -r now &` does the same\n")],
        step: shutdown,
        ..Decl::BLANK
    },
];

const FORCE: &[crate::console::tool::Opt] =
    &[flag("f", "force", "do not go through the units first; nothing else is different here")];

const fn power(
    name: &'static str,
    about: &'static str,
    examples: &'static [(&'static str, &'static str)],
    step: fn(&mut Ctx<'_>) -> Step,
) -> Decl {
    Decl { name, synopsis: "[-f]", about, opts: FORCE, examples, step, ..Decl::BLANK }
}

/// Ends the machine; the shell that asked ends with it.
fn now(c: &mut Ctx<'_>, again: bool, denied: &str) -> Step {
    let on = c.on();
    let verb = if again { "reboot" } else { "poweroff" };
    match c.apply(&Effect::Capacity(CapacityEffect::Shutdown { host: on.clone(), again }), verb, &on) {
        Ok(_) => Step::Exit(0),
        Err(_) => {
            c.p.err.push_str(denied);
            Step::Exit(1)
        }
    }
}

fn shutdown(c: &mut Ctx<'_>) -> Step {
    match c.args.at(0) {
        Some("now" | "+0" | "0") if c.args.has("r") => now(c, true, REBOOT),
        Some("now" | "+0" | "0") => now(c, false, POWEROFF),
        _ => {
            c.p.err.push_str("shutdown: only `now` here; `sleep 300 && shutdown -r now &` does the same\n");
            Step::Exit(1)
        }
    }
}
