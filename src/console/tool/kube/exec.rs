//! `kubectl exec`: a command in a container, or a shell in it: another host, with its own prompt and nothing but itself.

use super::Call;
use crate::console::tool::{Ctx, Step};
use crate::sim::capacity::Phase;

/// The verb.
pub(super) fn exec(c: &mut Ctx<'_>, call: &Call) -> Step {
    if let Some(pid) = c.tool.child {
        if let Some(status) = c.con.exits.remove(&pid) {
            if status != 0 {
                c.p.err.push_str(&format!("command terminated with exit code {status}\n"));
            }
            return Step::Exit(status);
        }
        if c.con.procs.contains_key(&pid) {
            return Step::Wait;
        }
        return Step::Exit(137);
    }
    let (name, words) = match (call.words.rest.split_first(), &call.words.command) {
        (None, _) => return call.fail(c, "error: pod, type/name or --filename must be specified"),
        (Some((_, rest)), None) if rest.is_empty() => {
            return call.fail(c, "error: you must specify at least one command for the container");
        }
        (Some((name, rest)), None) => {
            c.p.err.push_str("kubectl exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. Use kubectl exec [POD] -- [COMMAND] instead.\n");
            (name.clone(), rest.to_vec())
        }
        (Some((name, _)), Some(words)) => (name.clone(), words.clone()),
    };
    let pod = match call.pods_of(&name) {
        Ok(pods) => pods.into_iter().next(),
        Err(why) => return call.fail(c, &why),
    };
    let Some((service, pod)) = pod else {
        return call.fail(c, &format!("error: timed out waiting for the condition on {name}"));
    };
    if let Some(container) = call.words.get("container").filter(|x| *x != service) {
        let why = format!("Error from server (BadRequest): container {container} is not valid for pod {}", pod.name);
        return call.fail(c, &why);
    }
    if pod.lost {
        let node = pod.node.map(|n| n.1).unwrap_or_default();
        return call
            .fail(c, &format!("Error from server: error dialing backend: dial tcp: lookup {node}: i/o timeout"));
    }
    if pod.phase != Phase::Running || call.context != "prod" {
        let why = match pod.phase {
            Phase::Running => "error: unable to upgrade connection: Forbidden (user=oncall, verb=create, resource=nodes, subresource=proxy)".to_owned(),
            _ => format!("error: unable to upgrade connection: container not found (\"{service}\")"),
        };
        return call.fail(c, &why);
    }
    let Some(program) = words.first().cloned() else {
        return call.fail(c, "error: you must specify at least one command for the container");
    };
    let shell = matches!(program.rsplit('/').next().unwrap_or_default(), "sh" | "bash" | "ash");
    if shell && words.len() == 1 {
        if !call.words.has("stdin") {
            return Step::Exit(0);
        }
        if !crate::console::tool::text::interactive(c) {
            c.p.err.push_str("Unable to use a TTY - input is not a terminal or the right kind of file\n");
            return Step::Exit(0);
        }
        let depth = c.con.terminal(c.p.terminal).map_or(0, |t| t.shells.len());
        if depth >= 8 {
            return call.fail(c, "error: too many nested sessions on this terminal");
        }
        c.tool.child = Some(c.con.login(c.p.terminal, c.p.pid, &pod.name, "app"));
        return Step::More;
    }
    let text = match (shell, words.as_slice()) {
        (true, [_, flag, text, ..]) if flag == "-c" => text.clone(),
        _ => crate::console::tool::run::quote(&words),
    };
    let builtin = crate::console::builtin::is(&program);
    if !shell && !builtin && crate::console::tool::find(program.rsplit('/').next().unwrap_or_default()).is_none() {
        let why = format!(
            "error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: \"{program}\": executable file not found in $PATH: unknown"
        );
        return call.fail(c, &why);
    }
    let mut there = c.p.clone();
    (there.host, there.user, there.cwd) = (pod.name.clone(), "app".to_owned(), "/".to_owned());
    match c.con.spawn_text(&there, &text, c.p.fds) {
        Ok(pid) => {
            c.tool.child = Some(pid);
            Step::More
        }
        Err(why) => call.fail(c, &why),
    }
}
