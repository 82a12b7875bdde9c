//! Names: what the file declares, by kind, and the check that every name used is one of them.

use super::check::walk;
use super::model::{EVERY_SEAT, NOBODY, SEATS};
use super::read::{Reader, Use, suggest};
use super::schema::Space;
use super::table::STORE_VERBS;
use super::value::Value;
use crate::diagnostic::Code;
use std::collections::{BTreeMap, BTreeSet};

/// Seats that can speak; `responder` is any of them.
const SPEAKERS: [&str; 3] = ["responder", "primary", "secondary"];

/// Permissions that are not for one host.
const PERMISSIONS: [&str; 13] = [
    "release", "volume", "network", "dns", "edge", "cert", "scale", "nodes", "config", "flag", "queue", "infra",
    "database",
];

/// Everything that the file declares.
pub struct Names(BTreeMap<Space, BTreeSet<String>>);

impl Names {
    /// Collects the declarations of a file.
    pub fn of(root: &Value) -> Names {
        let mut names = Names(BTreeMap::new());
        let world = root.at("world");
        names.add(Space::Source, keys(root.at("sources")));
        names.add(Space::Person, keys(root.at("people")));
        names.add(Space::Milestone, keys(root.at("milestones")));
        names.add(Space::Traffic, keys(world.at("traffic")));
        names.add(Space::Tenant, world.at("traffic").entries().iter().map(|(_, _, t)| t.at("tenant").text()));
        names.add(Space::Release, keys(world.at("releases")));
        names.add(Space::Queue, keys(world.at("queues")));
        names.add(Space::Probe, keys(world.at("probes")));
        names.add(Space::Store, keys(world.at("stores")));
        names.add(Space::Alert, keys(world.at("alerts")));
        for (id, _, _) in world.at("slos").entries() {
            names.add(Space::Alert, [format!("{id}-fast-burn"), format!("{id}-slow-burn")]);
        }
        names.add(Space::Permission, PERMISSIONS.map(str::to_owned));
        for (id, _, host) in world.at("hosts").entries() {
            names.add(Space::Host, [id.clone()]);
            names.add(Space::Permission, [format!("sudo:{id}")]);
            names.add(Space::Mount, keys(host.at("mounts")).map(|m| format!("{id}:{m}")));
            for (_, _, mount) in host.at("mounts").entries() {
                names.add(Space::Volume, [mount.at("volume").text()]);
            }
            names.add(Space::Unit, keys(host.at("units")).map(|u| format!("{id}:{u}")));
        }
        for (id, _, service) in world.at("services").entries() {
            names.add(Space::Service, [id.clone()]);
            names.add(Space::Endpoint, keys(service.at("endpoints")).map(|e| format!("{id}:{e}")));
        }
        names.network(world);
        names.join(Space::Owner, &[Space::Person]);
        names.add(Space::Owner, ["you".to_owned()]);
        names.join(Space::Receiver, &[Space::Person]);
        names.add(Space::Receiver, [EVERY_SEAT, NOBODY].map(str::to_owned));
        names.add(Space::Receiver, SEATS.map(str::to_owned));
        names.join(Space::Speaker, &[Space::Person]);
        names.add(Space::Speaker, SPEAKERS.map(str::to_owned));
        names.join(Space::Pager, &[Space::Person, Space::Alert]);
        names.join(Space::ServiceOrEndpoint, &[Space::Service, Space::Endpoint]);
        names.join(Space::HostOrService, &[Space::Host, Space::Service]);
        let components =
            [Space::Service, Space::Endpoint, Space::Host, Space::Mount, Space::Queue, Space::Unit, Space::Store];
        names.join(Space::Component, &components);
        names.add(Space::Config, keys(world.at("configs")));
        names.add(Space::Flag, keys(world.at("flags")));
        names.add(Space::Cron, keys(world.at("crons")));
        names.add(Space::Cron, keys(world.at("network").at("crons")));
        names.add(Space::Vendor, keys(world.at("vendors")));
        names.join(Space::Carrier, &[Space::Config, Space::Release, Space::Flag]);
        names.join(Space::ServiceOrConfig, &[Space::Service, Space::Config]);
        names.join(Space::Component, &[Space::Config, Space::Flag, Space::Cron]);
        names
    }

    fn network(&mut self, world: &Value) {
        let network = world.at("network");
        self.add(Space::Site, keys(network.at("sites")));
        self.add(Space::Link, keys(network.at("links")));
        self.add(Space::Resolver, keys(network.at("resolvers")));
        self.add(Space::Cert, keys(network.at("certs")));
        self.add(Space::Secret, keys(network.at("secrets")));
        self.add(Space::Record, keys(network.at("records")));
        self.add(Space::Record, world.at("services").entries().iter().map(|(_, _, s)| s.at("dns").text()));
        for (id, _, edge) in network.at("edges").entries() {
            self.add(Space::EdgeRule, keys(edge.at("rules")).map(|r| format!("{id}:{r}")));
        }
        self.join(Space::Party, &[Space::Site, Space::Host, Space::Service, Space::Traffic]);
        self.add(Space::Party, ["internet".to_owned()]);
    }

    fn add(&mut self, space: Space, more: impl IntoIterator<Item = String>) {
        self.0.entry(space).or_default().extend(more);
    }

    fn join(&mut self, space: Space, parts: &[Space]) {
        for part in parts {
            let more = self.0.get(part).cloned().unwrap_or_default();
            self.add(space, more);
        }
    }

    fn has(&self, space: Space, name: &str) -> bool {
        if space == Space::Path {
            // Any absolute path may come to be on a declared host.
            return name
                .split_once(':')
                .is_some_and(|(host, path)| path.starts_with('/') && self.has(Space::Host, host));
        }
        self.0.get(&space).is_some_and(|names| names.contains(name))
    }

    fn candidates(&self, space: Space) -> impl Iterator<Item = &str> {
        let space = if space == Space::Path { Space::Mount } else { space };
        self.0.get(&space).into_iter().flatten().map(String::as_str)
    }
}

fn keys(map: &Value) -> impl Iterator<Item = String> {
    map.entries().iter().map(|(key, _, _)| key.clone())
}

/// Reports every name that is not declared.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let names = Names::of(root);
    let mut uses: Vec<Use> = std::mem::take(&mut reader.uses);
    uses.extend(composed(root));
    mismatched(reader, root);
    for u in &uses {
        if !names.has(u.space, &u.name) {
            let noun = u.space.noun();
            let help = suggest(&u.name, names.candidates(u.space))
                .or_else(|| Some(format!("the scenario declares no {noun}")));
            reader.report(
                Code::UnknownName,
                &u.at,
                format!("unknown {noun} `{}`", u.name),
                format!("no such {noun}"),
                help,
            );
        }
    }
}

/// Names that are made of two fields, or stand in a target: a unit on its host, a release of its service.
fn composed(root: &Value) -> Vec<Use> {
    let mut uses = Vec::new();
    walk(root, &mut |v| match v.tag() {
        "Crash" => {
            let unit = v.at("unit");
            let name = format!("{}:{}", v.at("host").text(), unit.text());
            uses.push(Use { space: Space::Unit, name, at: unit.at.clone() });
        }
        "Acted" | "Setback" => {
            if let Some(target) = v.get("target") {
                uses.extend(target_of(&v.at("verb").text(), &target.text(), target));
            }
        }
        _ => {}
    });
    uses
}

/// What the target of a verb must name; one that ends in `*` is checked as far as it goes.
fn target_of(verb: &str, target: &str, place: &Value) -> Option<Use> {
    let exact = target.strip_suffix('*');
    let space = match verb {
        "remove" | "write" | "mkdir" | "rename" => Space::Path,
        "start" | "stop" | "restart" | "kill" => Space::Unit,
        "promote" | "rollback" | "scale" | "rollout" | "probe" | "autoscale" | "admit" | "warm" => Space::Service,
        "cordon" | "uncordon" | "power" | "poweroff" | "reboot" | "sysctl" => Space::Host,
        "limit" => Space::Unit,
        "requeue" | "skip" => Space::Queue,
        "flag" => Space::Flag,
        "push" | "edit" => Space::Config,
        // What is done to a store names it, and its part after a colon.
        verb if STORE_VERBS.contains(&verb) => {
            let name = target.split([':', '*']).next().unwrap_or_default().to_owned();
            return Some(Use { space: Space::Store, name, at: place.at.clone() });
        }
        "resize" => Space::Volume,
        // The others are done to things of more than one kind, or to none that is declared.
        _ => return None,
    };
    let open = exact.is_some() && space != Space::Path;
    let name = exact.unwrap_or(target).to_owned();
    (!open).then(|| Use { space, name, at: place.at.clone() })
}

/// Releases that are named together with a service that they do not belong to.
fn mismatched(reader: &mut Reader<'_>, root: &Value) {
    let releases = root.at("world").at("releases").entries();
    let mut found = Vec::new();
    walk(root, &mut |v| {
        let release = match v.tag() {
            "Promote" => v.at("to"),
            "Running" | "Stage" => v.at("release"),
            _ => return,
        };
        let service = v.at("service").text();
        let owner = releases.iter().find(|(id, _, _)| *id == release.text()).map(|(_, _, r)| r.at("service").text());
        if let Some(owner) = owner.filter(|o| *o != service && !service.is_empty()) {
            found.push((release.at.clone(), release.text(), owner, service));
        }
    });
    for (at, release, owner, service) in found {
        let message = format!("`{release}` is a release of `{owner}`, not of `{service}`");
        reader.report(Code::UnknownName, &at, message, format!("`{service}` has no such release"), None);
    }
}
