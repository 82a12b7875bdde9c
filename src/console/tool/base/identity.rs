//! uname, arch, hostname, tty: which machine and terminal this is.

use crate::console::process::Fd;
use crate::console::tool::{Ctx, Decl, Step, flag};
use crate::scenario::ObservedKind;
use crate::sim::distro::Distro;

pub(super) const TOOLS: &[Decl] = &[
    Decl {
        name: "uname",
        synopsis: "[OPTION]...",
        about: "print system information",
        opts: &[
            flag("a", "all", "print all information"),
            flag("s", "kernel-name", "print the kernel name"),
            flag("n", "nodename", "print the network node hostname"),
            flag("r", "kernel-release", "print the kernel release"),
            flag("v", "kernel-version", "print the kernel version"),
            flag("m", "machine", "print the machine hardware name"),
            flag("p", "processor", "print the processor type (non-portable)"),
            flag("i", "hardware-platform", "print the hardware platform (non-portable)"),
            flag("o", "operating-system", "print the operating system"),
        ],
        examples: &[("uname", "Linux\n"), ("uname -nm", "ops x86_64\n")],
        step: uname,
        ..Decl::BLANK
    },
    Decl {
        name: "arch",
        about: "print machine hardware name",
        examples: &[("arch", "x86_64\n")],
        step: |c| {
            c.line("x86_64");
            Step::Exit(0)
        },
        ..Decl::BLANK
    },
    Decl {
        name: "hostname",
        synopsis: "[-afsiId]",
        about: "show the system's host name",
        opts: &[
            flag("a", "alias", "alias names"),
            flag("d", "domain", "DNS domain name"),
            flag("f", "fqdn", "long host name"),
            flag("i", "ip-address", "addresses for the host name"),
            flag("I", "all-ip-addresses", "all addresses for the host"),
            flag("s", "short", "short host name"),
        ],
        missing: &["Setting the name: hostnamectl and the image of a machine do that."],
        examples: &[("hostname", "ops\n"), ("ssh web-01 hostname", "web-01\n"), ("hostname -I", "10.0.0.5 \n")],
        step: hostname,
        ..Decl::BLANK
    },
    Decl {
        name: "tty",
        synopsis: "[-s]",
        about: "print the file name of the terminal connected to standard input",
        opts: &[flag("s", "silent", "print nothing, only return an exit status"), flag("", "quiet", "the same as -s")],
        examples: &[("tty", "/dev/pts/0\n"), ("echo | tty", "not a tty\n")],
        step: |c| {
            let there = c.p.fds.first() == Some(&Fd::Term);
            let quiet = c.args.has("s") || c.args.has("quiet");
            let text = match there {
                true => format!("/dev/pts/{}", c.p.terminal.saturating_sub(1)),
                false => "not a tty".to_owned(),
            };
            if !quiet {
                c.line(&text);
            }
            Step::Exit(i32::from(!there))
        },
        ..Decl::BLANK
    },
];

fn uname(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if let Some(extra) = a.at(0).map(str::to_owned) {
        return c.misuse(&format!("extra operand ‘{extra}’"), 1);
    }
    let (on, service) = (c.on(), c.service());
    let (kernel, built) = Distro::at(c.host.utc()).kernel;
    let all = a.has("a");
    let mut parts: Vec<&str> = Vec::new();
    let unknown = |key: &str| if all { None } else { a.has(key).then_some("unknown") };
    for (key, text) in [("s", "Linux"), ("n", on.as_str()), ("r", kernel), ("v", built), ("m", "x86_64")] {
        if all || a.has(key) {
            parts.push(text);
        }
    }
    parts.extend(unknown("p"));
    parts.extend(unknown("i"));
    if all || a.has("o") {
        parts.push("GNU/Linux");
    }
    if parts.is_empty() {
        parts.push("Linux");
    }
    if all || a.has("n") {
        c.see(ObservedKind::Host, on.clone(), service);
    }
    let text = parts.join(" ");
    c.line(&text);
    Step::Exit(0)
}

fn hostname(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (on, service) = (c.on(), c.service());
    if a.at(0).is_some() {
        c.error("you must be root to change the host name");
        return Step::Exit(1);
    }
    c.see(ObservedKind::Host, on.clone(), service);
    let text = if a.has("I") || a.has("i") {
        let all = c.host.lookup(&on, &on).join(" ");
        if a.has("I") { format!("{all} ") } else { all }
    } else if a.has("d") || a.has("a") {
        String::new()
    } else if a.has("s") {
        on.split('.').next().unwrap_or(&on).to_owned()
    } else {
        on
    };
    c.line(&text);
    Step::Exit(0)
}
