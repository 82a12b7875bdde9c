//! Declaration of effects on machines and replicas.

use super::HOST;
use crate::scenario::schema::{Ty, Union, def, named, opt, req, unit};
use crate::scenario::table::SERVICE;

const COUNT: Ty = Ty::Int(0, 100_000);

static UNIT_LIMIT: Union = Union {
    name: "UnitLimit",
    doc: "A limit of a unit.",
    more: &[],
    variants: &[
        unit("Descriptors", "Open descriptors (`LimitNOFILE`)."),
        unit("Threads", "Threads (`TasksMax`)."),
        unit("Memory", "Memory in bytes (`MemoryMax`)."),
        unit("Cpu", "Hundredths of a core (`CPUQuota`)."),
    ],
};

pub static CAPACITY_EFFECT: Union = Union {
    name: "CapacityEffect",
    doc: "A change to what machines and replicas have.",
    more: &[],
    variants: &[
        named(
            "Scale",
            "Sets the number of a service's managed replicas.",
            &[req("service", SERVICE, "Service."), req("replicas", Ty::Int(0, 10_000), "Replicas.").eg("6")],
        ),
        named(
            "Rollout",
            "Replaces the managed replicas of a service, a quarter at a time.",
            &[req("service", SERVICE, "Service.")],
        ),
        named(
            "DeletePod",
            "Deletes one managed replica; the platform makes a new one.",
            &[req("pod", Ty::Text, "Its name.").eg("\"api-7d4b9c-00001\"")],
        ),
        named(
            "Cordon",
            "Lets a host take new replicas, or not.",
            &[req("host", HOST, "Host."), req("on", Ty::Bool, "Whether it takes none.")],
        ),
        named("Drain", "Moves everything off a host.", &[req("host", HOST, "Host.")]),
        named(
            "Sysctl",
            "Sets a kernel parameter.",
            &[
                req("host", HOST, "Host."),
                req("key", Ty::Text, "Key.").eg("\"net.netfilter.nf_conntrack_max\""),
                req("value", Ty::Text, "Value.").eg("\"524288\""),
            ],
        ),
        named(
            "Limit",
            "Sets a limit of a unit.",
            &[
                req("host", HOST, "Host."),
                req("unit", Ty::Text, "Unit.").eg("\"web\""),
                req("what", Ty::OneOf(&UNIT_LIMIT), "Which."),
                opt("value", Ty::Int(0, 1_000_000_000_000_000), "How much; absent lifts it.").eg("65536"),
            ],
        ),
        named(
            "ProbeTimeout",
            "Sets the timeout of the platform's probes of a service.",
            &[req("service", SERVICE, "Service."), req("ms", Ty::Int(1, 600_000), "Milliseconds.").eg("5000")],
        ),
        named(
            "Autoscaler",
            "Stops an autoscaler, or lets it go on.",
            &[req("service", SERVICE, "Service."), req("paused", Ty::Bool, "Whether it is stopped.")],
        ),
        named(
            "ScaleBounds",
            "Sets the bounds of an autoscaler.",
            &[req("service", SERVICE, "Service."), req("min", COUNT, "Fewest."), req("max", COUNT, "Most.").eg("20")],
        ),
        named(
            "Power",
            "Turns a host on or off.",
            &[req("host", HOST, "Host."), req("on", Ty::Bool, "Whether it is on.")],
        ),
        named(
            "Admit",
            "Lets in a share of a service's requests and turns the rest away.",
            &[req("service", SERVICE, "Service."), def("percent", Ty::Int(0, 100), "100", "Percent.").eg("50")],
        ),
        named(
            "Weigh",
            "Sets the weight of a service's replica on a host at the balancer.",
            &[
                req("service", SERVICE, "Service."),
                req("host", HOST, "Host."),
                req("weight", Ty::Int(0, 256), "Weight; 0 takes no new requests.").eg("10"),
            ],
        ),
        unit("DeleteQuota", "Deletes the quota object; the platform makes it anew, and counts again."),
        unit("ReleaseAddresses", "Gives addresses back that nobody uses."),
    ],
};
