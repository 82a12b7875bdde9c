//! Declaration of effects on the network.

use super::HOST;
use crate::scenario::schema::{Space, Ty, Union, def, named, opt, req};
use crate::scenario::table::SERVICE;

const CERT: Ty = Ty::Name(Space::Cert);
const SECRET: Ty = Ty::Name(Space::Secret);
const RECORD: Ty = Ty::Name(Space::Record);
const LINK: Ty = Ty::Name(Space::Link);
const SITE: Ty = Ty::Name(Space::Site);
const RULE: Ty = Ty::Name(Space::EdgeRule);
const RESOLVER: Ty = Ty::Name(Space::Resolver);

pub static NET_EFFECT: Union = Union {
    name: "NetEffect",
    doc: "A change to the network.",
    more: &[],
    variants: &[
        named("CertRenew", "Orders and stores a new certificate.", &[req("cert", CERT, "Certificate.")]),
        named(
            "CertReload",
            "Takes the stored certificate into use.",
            &[req("cert", CERT, "Certificate."), opt("service", SERVICE, "Where; everywhere if absent.")],
        ),
        named(
            "CertTrust",
            "Gives those who keep a copy the certificate that they shall accept.",
            &[req("cert", CERT, "Certificate."), opt("service", SERVICE, "Whom; all of them if absent.")],
        ),
        named(
            "SecretReload",
            "Gives holders the credential that is checked for now.",
            &[req("secret", SECRET, "Secret."), opt("service", SERVICE, "Which holder; all of them if absent.")],
        ),
        named("SecretRollback", "Takes a rotation back.", &[req("secret", SECRET, "Secret.")]),
        named(
            "RecordSet",
            "Sets what a record says.",
            &[
                req("name", RECORD, "Name."),
                req("to", Ty::List(&Ty::Text), "Services or addresses.").eg("[\"api\"]"),
                opt("ttl", Ty::Span, "Time to live; as it is if absent."),
            ],
        ),
        named("RecordRollback", "Sets a record to what it said before.", &[req("name", RECORD, "Name.")]),
        named("Planner", "Starts or stops the DNS planner.", &[req("run", Ty::Bool, "Whether it runs.")]),
        named(
            "Flush",
            "Empties the DNS cache of a host, or of everybody who asks a resolver.",
            &[
                req("whose", Ty::Text, "Host or resolver.").eg("\"web-01\""),
                opt("name", RECORD, "One name only; all of them if absent."),
            ],
        ),
        named(
            "ResolverUse",
            "Lets everybody who asks a resolver ask another one.",
            &[req("resolver", RESOLVER, "Resolver."), req("instead", RESOLVER, "The one to ask.").eg("\"backup\"")],
        ),
        named(
            "LinkBlock",
            "Blocks a link, or lets it carry again.",
            &[req("link", LINK, "Link."), req("block", Ty::Bool, "Whether it is blocked.")],
        ),
        named("LinkRepair", "Replaces or resets the device of a link.", &[req("link", LINK, "Link.")]),
        named("Announce", "Announces the routes of a site again.", &[req("site", SITE, "Site.")]),
        named(
            "Drain",
            "Takes the replicas of a site out of service, or back.",
            &[req("site", SITE, "Site."), req("drain", Ty::Bool, "Whether they are out.")],
        ),
        named("ClockStep", "Steps a clock to what its time source says.", &[req("host", HOST, "Host.")]),
        named(
            "ClockNtp",
            "Switches NTP on or off.",
            &[req("host", HOST, "Host."), req("on", Ty::Bool, "Whether the clock is disciplined.")],
        ),
        named(
            "ClockZone",
            "Sets a host's time zone.",
            &[req("host", HOST, "Host."), req("zone_min", Ty::Int(-720, 840), "Minutes east of UTC.").eg("120")],
        ),
        named(
            "RuleSet",
            "Switches a rule of an edge on or off.",
            &[req("rule", RULE, "Rule."), req("on", Ty::Bool, "Whether it is on.")],
        ),
        named(
            "RuleRollback",
            "Takes a rule back to what the history says, or if it is that already, to what it was before.",
            &[req("rule", RULE, "Rule.")],
        ),
        named("Purge", "Empties the cache of an edge.", &[req("edge", SERVICE, "Edge.").eg("\"cdn\"")]),
        named(
            "BreakGlass",
            "Opens the break-glass path of a tool.",
            &[def("tool", Ty::Text, "\"ssh\"", "Tool, by its command.").eg("\"ssh\"")],
        ),
    ],
};
