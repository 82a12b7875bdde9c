//! Declaration of effects: what a person, a program of theirs or a scheduled job does to the world.

mod capacity;
mod net;
mod store;

pub use capacity::CAPACITY_EFFECT;
pub use net::NET_EFFECT;
pub use store::STORE_ACT;

use super::super::schema::{Space, Ty, Union, def, named, req, tuple, unit};
use super::SERVICE;
use super::change::{CRON_VERB, QUEUE_VERB, ROLLOUT_VERB};

const HOST: Ty = Ty::Name(Space::Host);
const CONFIG: Ty = Ty::Name(Space::Config);
const RELEASE: Ty = Ty::Name(Space::Release);

static UNIT_VERB: Union = Union {
    name: "UnitVerb",
    doc: "What to do with a unit.",
    more: &[],
    variants: &[
        unit("Start", "Start if it does not run."),
        unit("Stop", "Stop."),
        unit("Restart", "Stop, then start."),
        unit("Reload", "Read certificates and settings anew without ending."),
        unit("Enable", "Start it with the machine."),
        unit("Disable", "Do not start it with the machine."),
        unit("Mask", "Let nobody start it."),
        unit("Unmask", "Let it be started again."),
    ],
};

/// The names of variants and fields are those of the world's own effects; a test reads every example as one.
pub static EFFECT: Union = Union {
    name: "Effect",
    doc: "Something that is done to the world.",
    more: &[],
    variants: &[
        named(
            "Remove",
            "Removes a file, or a directory with everything in it.",
            &[req("host", HOST, "Host."), req("path", Ty::Text, "Absolute path.").eg("\"/srv/build\"")],
        ),
        named(
            "Write",
            "Writes text to a file.",
            &[
                req("host", HOST, "Host."),
                req("path", Ty::Text, "Absolute path.").eg("\"/etc/web.toml\""),
                req("text", Ty::Doc, "Text.").eg("\"pool = 5\\n\""),
                def("append", Ty::Bool, "false", "Append instead of replace."),
                def("owner", Ty::Text, "\"root\"", "Owner of a new file."),
            ],
        ),
        named(
            "MakeDir",
            "Makes a directory.",
            &[
                req("host", HOST, "Host."),
                req("path", Ty::Text, "Absolute path.").eg("\"/srv/new\""),
                def("owner", Ty::Text, "\"root\"", "Owner."),
            ],
        ),
        named(
            "Rename",
            "Renames a file or directory within its host.",
            &[
                req("host", HOST, "Host."),
                req("from", Ty::Text, "Absolute path.").eg("\"/srv/build\""),
                req("to", Ty::Text, "The full new path.").eg("\"/srv/build.old\""),
            ],
        ),
        named(
            "Unit",
            "Starts, stops or restarts a unit.",
            &[
                req("host", HOST, "Host."),
                req("unit", Ty::Text, "Unit.").eg("\"web\""),
                req("verb", Ty::OneOf(&UNIT_VERB), "What."),
            ],
        ),
        named(
            "Promote",
            "Puts a release into production, in steps where the service has them.",
            &[req("service", SERVICE, "Service."), req("release", RELEASE, "Release.")],
        ),
        named(
            "Stage",
            "Puts a release on staging.",
            &[req("service", SERVICE, "Service."), req("release", RELEASE, "Release.")],
        ),
        named(
            "Partial",
            "Puts a release on all hosts of a service but some, by hand.",
            &[
                req("service", SERVICE, "Service."),
                req("release", RELEASE, "Release."),
                req("misses", Ty::List(&HOST), "Hosts that it does not reach."),
            ],
        ),
        named(
            "Rollout",
            "Steers the rollout of a service's release or of a configuration artefact.",
            &[
                req("of", Ty::Name(Space::ServiceOrConfig), "Service or artefact."),
                req("verb", Ty::OneOf(&ROLLOUT_VERB), "What."),
            ],
        ),
        named(
            "Push",
            "Pushes a version of a configuration artefact, and declares it.",
            &[req("config", CONFIG, "Artefact."), req("version", Ty::Text, "Version.").eg("\"v2\"")],
        ),
        named(
            "Edit",
            "Puts a version in place by hand, past the repository and its history.",
            &[req("config", CONFIG, "Artefact."), req("version", Ty::Text, "Version.").eg("\"v2\"")],
        ),
        named(
            "Reconcile",
            "Makes what a stack declares live, where it is not.",
            &[req("stack", Ty::Text, "Stack.").eg("\"edge\"")],
        ),
        named(
            "Generator",
            "Starts or stops the program that makes an artefact.",
            &[req("config", CONFIG, "Artefact."), req("on", Ty::Bool, "Whether it runs.")],
        ),
        named(
            "Flag",
            "Switches a flag.",
            &[req("flag", Ty::Name(Space::Flag), "Flag."), req("percent", Ty::Int(0, 100), "Percent.").eg("100")],
        ),
        named(
            "Freeze",
            "Freezes deploys, or lets them go on.",
            &[req("on", Ty::Bool, "Whether they are frozen."), def("why", Ty::Text, "\"\"", "Why.")],
        ),
        named(
            "Cron",
            "Steers a scheduled job.",
            &[req("cron", Ty::Name(Space::Cron), "Job."), req("verb", Ty::OneOf(&CRON_VERB), "What.")],
        ),
        named(
            "Queue",
            "Steers a work queue.",
            &[req("queue", Ty::Name(Space::Queue), "Queue."), req("verb", Ty::OneOf(&QUEUE_VERB), "What.")],
        ),
        named("Requeue", "Puts the failed items of a queue back.", &[req("queue", Ty::Name(Space::Queue), "Queue.")]),
        named("Flush", "Empties a cache.", &[req("cache", SERVICE, "Cache.")]),
        named("Warm", "Fills a cache.", &[req("cache", SERVICE, "Cache.")]),
        named(
            "Resize",
            "Makes a volume larger.",
            &[req("volume", Ty::Name(Space::Volume), "Volume."), req("bytes", Ty::Bytes, "New size.")],
        ),
        named(
            "Automation",
            "Lets automation move a service's replicas, or not.",
            &[req("service", SERVICE, "Service."), req("on", Ty::Bool, "Whether it may.")],
        ),
        named("Agent", "Starts what ships a service's metrics and logs again.", &[req("service", SERVICE, "Service.")]),
        named("Checker", "Makes a probe's checker again.", &[req("probe", Ty::Name(Space::Probe), "Probe.")]),
        named(
            "Claim",
            "A vendor's status page says something.",
            &[
                req("vendor", Ty::Name(Space::Vendor), "Vendor."),
                req("text", Ty::Text, "What; empty is the truth again.").eg("\"Investigating\""),
            ],
        ),
        tuple(
            "Net",
            "Changes the network.",
            &[req("effect", Ty::OneOf(&NET_EFFECT), "What.").eg("CertRenew(cert: \"web\")")],
        ),
        tuple(
            "Capacity",
            "Changes what machines and replicas have.",
            &[req("effect", Ty::OneOf(&CAPACITY_EFFECT), "What.").eg("Scale(service: \"api\", replicas: 6)")],
        ),
        named(
            "Store",
            "Does something to a data store.",
            &[
                req("store", Ty::Name(Space::Store), "Store."),
                req("act", Ty::OneOf(&STORE_ACT), "What.").eg("Promote(member: \"db-2\")"),
            ],
        ),
    ],
};
