//! nproc, lscpu, hostnamectl, getent, groups: what a machine is, and whom and what it knows.

use crate::console::tool::machine::kernel;
use crate::console::tool::{Ctx, Decl, Step, Style, flag};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "nproc",
        synopsis: "[--all]",
        about: "print the number of processing units available",
        opts: &[flag("", "all", "all that are installed")],
        examples: &[("nproc", "4\n")],
        step: nproc,
        ..Decl::BLANK
    },
    Decl {
        name: "lscpu",
        synopsis: "",
        about: "display information about the CPU architecture",
        examples: &[("lscpu | grep '^CPU(s)'", "CPU(s):                 4\n")],
        step: lscpu,
        ..Decl::BLANK
    },
    Decl {
        name: "hostnamectl",
        synopsis: "[status]",
        about: "show the system's host name and what it runs",
        subs: &["status"],
        style: Style::Gnu,
        examples: &[("hostnamectl | head -n 1", " Static hostname: ops\n")],
        step: hostnamectl,
        ..Decl::BLANK
    },
    Decl {
        name: "getent",
        synopsis: "hosts|ahosts|passwd|group|services [KEY]...",
        about: "get entries from the name service",
        subs: &["ahosts", "group", "hosts", "passwd", "services"],
        misuse: 1,
        examples: &[
            ("getent hosts registry.example", "203.0.113.10    registry.example\n"),
            ("getent passwd root", "root:x:0:0:root:/root:/bin/bash\n"),
            ("getent hosts nowhere; echo $?", "2\n"),
        ],
        step: getent,
        ..Decl::BLANK
    },
];

fn nproc(c: &mut Ctx<'_>) -> Step {
    let n = c.host.cores(&c.p.host);
    c.line(&n.to_string());
    Step::Exit(0)
}

fn lscpu(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    let n = c.host.cores(&on);
    let list = if n > 1 { format!("0-{}", n - 1) } else { "0".to_owned() };
    for (key, text) in [
        ("Architecture", "x86_64".to_owned()),
        ("CPU op-mode(s)", "32-bit, 64-bit".to_owned()),
        ("Byte Order", "Little Endian".to_owned()),
        ("CPU(s)", n.to_string()),
        ("On-line CPU(s) list", list),
        ("Vendor ID", "GenuineIntel".to_owned()),
        ("Thread(s) per core", if n > 1 { "2" } else { "1" }.to_owned()),
        ("Core(s) per socket", n.div_ceil(2).to_string()),
        ("Socket(s)", "1".to_owned()),
        ("Hypervisor vendor", "KVM".to_owned()),
        ("Virtualization type", "full".to_owned()),
        ("NUMA node(s)", "1".to_owned()),
    ] {
        c.line(&format!("{:<24}{text}", format!("{key}:")));
    }
    Step::Exit(0)
}

fn hostnamectl(c: &mut Ctx<'_>) -> Step {
    if c.args.at(0).is_some_and(|w| w != "status") {
        let verb = c.args.at(0).unwrap_or_default().to_owned();
        c.p.err.push_str(&format!("Unknown command verb '{verb}', or it is not available in this shell.\n"));
        return Step::Exit(1);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    let text = c.host.read(&on, "/etc/os-release").unwrap_or_default();
    let os = text.lines().find_map(|l| l.strip_prefix("PRETTY_NAME=")).unwrap_or("Debian GNU/Linux").trim_matches('"');
    let id = crate::stdx::digest::of_bytes(on.as_bytes());
    for (key, text) in [
        ("Static hostname", on.clone()),
        ("Icon name", "computer-vm".to_owned()),
        ("Chassis", "vm".to_owned()),
        ("Machine ID", id.chars().take(32).collect()),
        ("Virtualization", "kvm".to_owned()),
        ("Operating System", os.to_owned()),
        ("Kernel", format!("Linux {}", kernel(c))),
        ("Architecture", "x86-64".to_owned()),
    ] {
        c.line(&format!("{key:>16}: {text}"));
    }
    Step::Exit(0)
}

/// Lines of a file of accounts or groups that these keys ask for, by name or number, in order; all of them without keys.
fn entries(c: &Ctx<'_>, file: &str, keys: &[String]) -> Vec<Option<String>> {
    let text = c.host.read(&c.on(), file).unwrap_or_default();
    if keys.is_empty() {
        return text.lines().map(|l| Some(l.to_owned())).collect();
    }
    let is = |line: &str, key: &str| {
        let mut parts = line.split(':');
        parts.next() == Some(key) || (key.parse::<u32>().is_ok() && parts.nth(1) == Some(key))
    };
    keys.iter().map(|k| text.lines().find(|l| is(l, k)).map(str::to_owned)).collect()
}

fn getent(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(base) = a.at(0) else {
        c.p.err.push_str(
            "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n",
        );
        return Step::Exit(1);
    };
    let keys = a.rest.get(1..).unwrap_or_default().to_vec();
    let on = c.on();
    let mut missing = false;
    match base {
        "hosts" | "ahosts" | "ahostsv4" => {
            if keys.is_empty() {
                let text = c.host.read(&on, "/etc/hosts").unwrap_or_default();
                for l in text.lines().filter(|l| !l.starts_with('#')) {
                    let mut words = l.split_whitespace();
                    let (ip, names) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>().join(" "));
                    c.line(&format!("{ip:<15} {names}"));
                }
            }
            for key in &keys {
                let found = c.host.lookup(&on, key);
                missing |= found.is_empty();
                c.see(ObservedKind::Request, format!("dns:{key}"), None);
                for (i, ip) in found.iter().enumerate() {
                    if base == "hosts" {
                        c.line(&format!("{ip:<15} {key}"));
                        continue;
                    }
                    for (j, kind) in ["STREAM", "DGRAM", "RAW"].iter().enumerate() {
                        let name = if i == 0 && j == 0 { key.as_str() } else { "" };
                        c.line(format!("{ip:<15} {kind:<6} {name}").trim_end());
                    }
                }
            }
        }
        "passwd" | "group" => {
            for line in entries(c, &format!("/etc/{base}"), &keys) {
                match line {
                    Some(line) => c.line(&line),
                    None => missing = true,
                }
            }
        }
        "services" => {
            for key in &keys {
                let found = (1..10_000).find(|p| crate::console::tool::socket::port_name(*p) == Some(key.as_str()));
                match found {
                    Some(port) => c.line(&format!("{key:<21} {port}/tcp")),
                    None => missing = true,
                }
            }
        }
        other => {
            c.p.err.push_str(&format!(
                "Unknown database: {other}\nTry `getent --help' or `getent --usage' for more information.\n"
            ));
            return Step::Exit(1);
        }
    }
    Step::Exit(if missing { 2 } else { 0 })
}
