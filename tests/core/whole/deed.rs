//! What responders do: random lines of the console, from restarts to failovers, with names of the world.

use crate::world::swarm::draw::Draw;
use wheel_of_misfortune::scenario::WorldSpec;

/// Lines with a name of each kind in braces.
const LINES: [&str; 58] = [
    "ssh {host} 'sudo systemctl restart {unit}'",
    "ssh {host} 'sudo systemctl stop {unit}'",
    "ssh {host} 'sudo systemctl start {unit}'",
    "ssh {host} 'sudo systemctl reload {unit}'",
    "ssh {host} 'sudo systemctl mask {unit}'",
    "ssh {host} 'sudo systemctl unmask {unit}'",
    "ssh {host} 'sudo kill $(systemctl show -p MainPID --value {unit})'",
    "ssh {host} 'sudo kill -9 $(systemctl show -p MainPID --value {unit})'",
    "ssh {host} 'sudo rm -rf /srv/spool /var/tmp/fill /var/tmp/big'",
    "ssh {host} 'sudo fallocate -l 3G /var/tmp/big'",
    "ssh {host} 'sudo chronyc makestep'",
    "ssh {host} 'sudo resolvectl flush-caches'",
    "ssh {host} 'sudo journalctl --vacuum-size=1M; sudo logrotate -f /etc/logrotate.conf'",
    "kubectl scale deployment {group} --replicas={few}",
    "kubectl rollout restart deployment/{group}",
    "kubectl rollout undo deployment/{group}",
    "kubectl delete pod $(kubectl get pods -o name | head -n {few} | tail -n 1 | cut -d/ -f2)",
    "kubectl cordon {node}",
    "kubectl uncordon {node}",
    "kubectl drain {node} --ignore-daemonsets --timeout=20s",
    "pods timeout {group} {percent}",
    "pods restart {group}",
    "hpa pause {group}",
    "hpa resume {group}",
    "nodes off {host}",
    "nodes on {host}",
    "admit {service} {percent}",
    "deploy promote {service} {release}",
    "deploy rollback {service}",
    "config push {config} {version}",
    "config rollback {config}",
    "flag set {flag} {percent}",
    "dns set {record} {service}",
    "dns rollback {record}",
    "dns flush {resolver}",
    "edge rules on {rule}",
    "edge rules off {rule}",
    "edge purge cdn",
    "cert renew {cert}",
    "cert reload {cert}",
    "link block {link}",
    "link unblock {link}",
    "link reset {link}",
    "queue pause {queue}",
    "queue resume {queue}",
    "queue purge {queue}",
    "queue skip {queue}",
    "queue requeue {queue} --failed",
    "cache flush {cache}",
    "cache warm {cache}",
    "pgstat kill $(pgstat locks | awk 'NR==3{print $1}')",
    "pgstat kill-idle {service}",
    "psql -h {member} -c \"select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'\"",
    "ssh {member} 'sudo pg_ctl promote -D /var/lib/postgresql/15/main'",
    "repl switchover db-main {member}",
    "repl rebuild db-main {member}",
    "vacuumdb -t users app",
    "targets restart {service}",
];

/// A line; `None` where the world has nothing of a kind that it names.
pub fn line(d: &mut Draw, world: &WorldSpec) -> Option<String> {
    let mut line = (*d.one(&LINES)?).to_owned();
    let mut host = String::new();
    for (hole, names) in names(world) {
        if line.contains(hole) {
            let name = d.one(&names)?;
            line = line.replace(hole, name);
            if hole == "{host}" {
                host.clone_from(name);
            }
        }
    }
    if line.contains("{unit}") {
        let units: Vec<&String> = world.hosts.get(&host)?.units.keys().collect();
        line = line.replace("{unit}", d.one(&units)?);
    }
    line = line.replace("{few}", &d.number(0, 9).to_string());
    Some(line.replace("{percent}", &d.number(0, 101).to_string()))
}

fn names(w: &WorldSpec) -> Vec<(&'static str, Vec<String>)> {
    fn keys<T>(m: &std::collections::BTreeMap<String, T>) -> Vec<String> {
        m.keys().cloned().collect()
    }
    let caches =
        w.services.iter().filter(|(_, s)| matches!(s.kind, wheel_of_misfortune::scenario::ServiceKind::Cache(_)));
    let nodes = w.capacity.services.values().filter_map(|c| c.managed.as_ref()).flat_map(|m| m.nodes.clone());
    let groups = w.capacity.services.iter().filter(|(_, c)| c.managed.is_some());
    let versions = w.change.configs.values().flat_map(|c| keys(&c.versions));
    let rules = w.network.edges.iter().flat_map(|(e, v)| v.rules.keys().map(move |r| format!("{e}:{r}")));
    vec![
        ("{host}", keys(&w.hosts)),
        ("{service}", keys(&w.services)),
        ("{group}", groups.map(|(n, _)| n.clone()).collect()),
        ("{node}", nodes.collect()),
        ("{release}", keys(&w.releases)),
        ("{config}", keys(&w.change.configs)),
        ("{version}", versions.collect()),
        ("{flag}", keys(&w.change.flags)),
        ("{record}", keys(&w.network.records)),
        ("{resolver}", keys(&w.network.resolvers)),
        ("{rule}", rules.collect()),
        ("{cert}", keys(&w.network.certs)),
        ("{link}", keys(&w.network.links)),
        ("{queue}", keys(&w.queues)),
        ("{cache}", caches.map(|(n, _)| n.clone()).collect()),
        ("{member}", w.stores.values().flat_map(|s| s.members.values().filter_map(|m| m.host.clone())).collect()),
    ]
}
