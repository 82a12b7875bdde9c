//! git, deploy, helm: what was built, what was put where, and the way back.

mod git;

pub(crate) use git::TOOLS as GIT;

use crate::console::host::NameKind;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{CapacityEffect, Effect};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "deploy",
        synopsis: "status [SERVICE] | history|diff|rollback|promote SERVICE [RELEASE]",
        about: "what is deployed of a service, what was, and putting another release there",
        opts: &[flag("", "staging", "the release goes to staging instead of production (promote)")],
        subs: &["diff", "history", "promote", "rollback", "status"],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[
            ("deploy status api", "production  v481\nprevious    v480\nstaging     v481\n"),
            ("deploy history nope", "deploy: no releases of 'nope'; services: api docs\n"),
        ],
        step: deploy,
        ..Decl::BLANK
    },
    Decl {
        name: "helm",
        synopsis: "list | history RELEASE | status RELEASE | rollback RELEASE [REVISION]",
        about: "releases of charts in the cluster of kubectl",
        opts: &[
            flag("A", "all-namespaces", "list releases of all namespaces"),
            value("n", "namespace", "NAMESPACE", "the namespace (default)"),
        ],
        subs: &["history", "list", "rollback", "status"],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        missing: &["install, upgrade, template and repositories."],
        examples: &[("helm status nope", "Error: release: not found\n")],
        step: helm,
        words: Words::Mixed,
        ..Decl::BLANK
    },
];

fn deploy(c: &mut Ctx<'_>) -> Step {
    if let Some(first) = c.args.rest.first_mut() {
        match first.as_str() {
            "history" => "list".clone_into(first),
            "diff" | "status" | "rollback" | "promote" => {}
            _ => "help".clone_into(first),
        }
    }
    super::ours::release(c)
}

/// A moment as helm writes it in lists.
fn stamp(at: crate::stdx::time::Utc) -> String {
    at.iso().replace('T', " ").replace('Z', " +0000 UTC")
}

fn helm(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let who = c.caller();
    let Some(cluster) = c.host.cluster(&who) else {
        c.p.err.push_str("Error: Kubernetes cluster unreachable: Get \"http://localhost:8080/version\": dial tcp 127.0.0.1:8080: connect: connection refused\n");
        return Step::Exit(1);
    };
    let verb = a.at(0).unwrap_or_default();
    if !matches!(verb, "list" | "ls" | "history" | "hist" | "status" | "rollback") {
        c.p.err.push_str(&format!("Error: unknown command \"{verb}\" for \"helm\"\nRun 'helm --help' for usage.\n"));
        return Step::Exit(1);
    }
    let row = |cells: &[&str], widths: &[usize]| -> String {
        let mut line = String::new();
        for (cell, w) in cells.iter().zip(widths) {
            line.push_str(&format!("{cell:<w$}\t"));
        }
        line.trim_end_matches('\t').to_owned()
    };
    if matches!(verb, "list" | "ls") {
        let width = cluster.deployments.iter().map(|d| d.view.name.len()).max().unwrap_or(4).max(4);
        let widths = [width, 9, 8, 29, 15, width + 6, 11];
        c.line(&row(&["NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"], &widths));
        for d in &cluster.deployments {
            let name = d.view.name.clone();
            c.see(ObservedKind::Release, name.clone(), Some(name.clone()));
            let Some((r, _)) = d.view.revisions.last() else { continue };
            let at = d.made.iter().find(|m| m.0 == r.number).map_or(String::new(), |m| stamp(m.1));
            let version = r.release.clone().unwrap_or_else(|| "latest".to_owned());
            let chart = format!("{name}-1.0.0");
            c.line(&row(&[&name, "default", &r.number.to_string(), &at, "deployed", &chart, &version], &widths));
        }
        return Step::Exit(0);
    }
    let Some(d) = a.at(1).and_then(|n| cluster.deployments.iter().find(|d| d.view.name == n)) else {
        c.p.err.push_str("Error: release: not found\n");
        return Step::Exit(1);
    };
    let name = d.view.name.clone();
    c.see(ObservedKind::Release, name.clone(), Some(name.clone()));
    let last = d.view.revisions.last().map_or(0, |(r, _)| r.number);
    match verb {
        "history" | "hist" => {
            let widths = [8, 29, 10, name.len() + 6, 11, 20];
            c.line(&row(&["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"], &widths));
            for (r, _) in &d.view.revisions {
                let at = d.made.iter().find(|m| m.0 == r.number).map_or(String::new(), |m| stamp(m.1));
                let status = if r.number == last { "deployed" } else { "superseded" };
                let version = r.release.clone().unwrap_or_else(|| "latest".to_owned());
                let cause = d.causes.iter().find(|x| x.0 == r.number).map_or("Upgrade complete", |x| x.1.as_str());
                let chart = format!("{name}-1.0.0");
                c.line(&row(&[&r.number.to_string(), &at, status, &chart, &version, cause], &widths));
            }
            Step::Exit(0)
        }
        "status" => {
            let at = d.made.iter().find(|m| m.0 == last).map_or(c.host.utc(), |m| m.1);
            c.line(&format!("NAME: {name}\nLAST DEPLOYED: {}\nNAMESPACE: default\nSTATUS: deployed\nREVISION: {last}\nTEST SUITE: None", at.http().replace(" GMT", "").replace(',', "")));
            Step::Exit(0)
        }
        _ => {
            let Ok(revision) = a.at(2).unwrap_or("0").parse::<u64>() else {
                c.p.err.push_str(&format!(
                    "Error: could not convert revision to a number: strconv.Atoi: parsing \"{}\": invalid syntax\n",
                    a.at(2).unwrap_or_default()
                ));
                return Step::Exit(1);
            };
            match c.apply(
                &Effect::Capacity(CapacityEffect::Undo { service: name.clone(), revision }),
                "rollback",
                &name,
            ) {
                Ok(_) => {
                    c.line("Rollback was a success! Happy Helming!");
                    Step::Exit(0)
                }
                Err(why) => {
                    c.p.err.push_str(&format!("Error: {}\n", why.trim_start_matches("error: ")));
                    Step::Exit(1)
                }
            }
        }
    }
}
