//! ifconfig and route: the old names for what `ip` shows.

use crate::console::tool::route::{mac, network_of};
use crate::console::tool::socket::{gateway, own_address};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ifconfig",
        synopsis: "[-a] [-s] [INTERFACE]",
        about: "show the interfaces of this machine",
        opts: &[flag("a", "", "all, also those that are down"), flag("s", "", "a short list, as `netstat -i`")],
        operand: Operand::Free,
        missing: &["Changes: an interface cannot be set here."],
        examples: &[
            (
                "ifconfig eth0 | head -n 2",
                "eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet 10.0.0.5  netmask 255.255.255.0  broadcast 10.0.0.255\n",
            ),
            ("ifconfig eth7", "eth7: error fetching interface information: Device not found\n"),
            ("ifconfig eth0 down", "SIOCSIFFLAGS: Operation not permitted\n"),
        ],
        step: ifconfig,
        ..Decl::BLANK
    },
    Decl {
        name: "route",
        synopsis: "[-n]",
        about: "show the routes of this machine",
        opts: &[flag("n", "numeric", "numbers instead of names")],
        missing: &["Changes: routes are changed by `link` and `site`."],
        examples: &[(
            "route -n | tail -n 2",
            "0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 eth0\n10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 eth0\n",
        )],
        step: route,
        ..Decl::BLANK
    },
];

/// Destination, gateway, mask and flags of each route.
pub(super) fn routes(c: &Ctx<'_>, numbers: bool) -> [[String; 4]; 2] {
    let net = network_of(&own_address(c));
    let net = net.split('/').next().unwrap_or_default();
    let (all, via) = if numbers { ("0.0.0.0", gateway(c)) } else { ("default", "_gateway".to_owned()) };
    [[all, &via, "0.0.0.0", "UG"], [net, "0.0.0.0", "255.255.255.0", "U"]].map(|row| row.map(str::to_owned))
}

/// Packets of each interface, as `netstat -i` and `ifconfig -s` list them.
pub(super) fn interface_table(c: &mut Ctx<'_>) {
    let i = c.host.interface(&c.on());
    c.line("Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg");
    for (name, mtu, rx, tx, flags) in [("eth0", 1_500, i.rx.1, i.tx.1, "BMRU"), ("lo", 65_536, 0, 0, "LRU")] {
        c.line(&format!(
            "{name:<9}{mtu:>5} {rx:>8} {:>6} {:>6} {:<6} {tx:>8} {:>6} {:>6} {:>6} {flags}",
            0, 0, 0, 0, 0, 0
        ));
    }
}

/// Bytes as ifconfig adds them: `(1.5 KiB)`.
fn short(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1_024.0 && unit + 1 < UNITS.len() {
        value /= 1_024.0;
        unit += 1;
    }
    format!("({value:.1} {})", UNITS.get(unit).unwrap_or(&"B"))
}

fn ifconfig(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.at(1).is_some() {
        let why = if c.p.user == "root" { "not available in this shell" } else { "Operation not permitted" };
        c.p.err.push_str(&format!("SIOCSIFFLAGS: {why}\n"));
        return Step::Exit(255);
    }
    let only = a.at(0).map(str::to_owned);
    if let Some(odd) = only.as_deref().filter(|o| !matches!(*o, "eth0" | "lo")) {
        c.p.err.push_str(&format!("{odd}: error fetching interface information: Device not found\n"));
        return Step::Exit(1);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    let own = own_address(c);
    let i = c.host.interface(&on);
    if a.has("s") {
        interface_table(c);
        return Step::Exit(0);
    }
    let net = own.rsplit_once('.').map_or("", |x| x.0);
    for (name, mtu, flags, address, hard, rx, tx) in [
        (
            "eth0",
            1_500,
            "4163<UP,BROADCAST,RUNNING,MULTICAST>",
            format!("inet {own}  netmask 255.255.255.0  broadcast {net}.255"),
            format!("ether {}  txqueuelen 1000  (Ethernet)", mac(&own)),
            i.rx,
            i.tx,
        ),
        (
            "lo",
            65_536,
            "73<UP,LOOPBACK,RUNNING>",
            "inet 127.0.0.1  netmask 255.0.0.0".to_owned(),
            "loop  txqueuelen 1000  (Local Loopback)".to_owned(),
            (0, 0),
            (0, 0),
        ),
    ] {
        if only.as_deref().is_some_and(|o| o != name) {
            continue;
        }
        c.line(&format!("{name}: flags={flags}  mtu {mtu}\n        {address}\n        {hard}"));
        c.line(&format!("        RX packets {}  bytes {} {}", rx.1, rx.0, short(rx.0)));
        c.line("        RX errors 0  dropped 0  overruns 0  frame 0");
        c.line(&format!("        TX packets {}  bytes {} {}", tx.1, tx.0, short(tx.0)));
        c.line("        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n");
    }
    Step::Exit(0)
}

fn route(c: &mut Ctx<'_>) -> Step {
    if matches!(c.args.at(0), Some("add" | "del" | "delete" | "flush")) {
        let why = if c.p.user == "root" { "not available in this shell" } else { "Operation not permitted" };
        c.p.err.push_str(&format!("SIOCADDRT: {why}\n"));
        return Step::Exit(7);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on, service);
    c.line("Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface");
    for [to, by, mask, flags] in routes(c, c.args.has("n")) {
        c.line(&format!("{to:<15} {by:<15} {mask:<15} {flags:<5} 0      0        0 eth0"));
    }
    Step::Exit(0)
}
