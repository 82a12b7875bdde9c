//! `kubectl describe node`.

use super::Page;
use crate::console::tool::kube::Call;
use crate::console::tool::kube::object::{Api, Object, VERSION};
use crate::console::tool::kube::words::{Moment, age, bytes, cores};

/// Share of a whole in percent, as descriptions print it.
fn share(part: f64, whole: f64) -> String {
    format!("({}%)", if whole > 0.0 { (part / whole * 100.0) as u64 } else { 0 })
}

impl Call {
    /// The page of a node.
    pub(super) fn describe_node(&self, o: &Object) -> String {
        let Some(n) = self.cluster.nodes.iter().find(|n| n.name == o.name) else { return String::new() };
        let api = Api { cluster: &self.cluster, now: self.now };
        let mut page = Page::default();
        page.row(20, "Name", &n.name);
        page.row(20, "Roles", "<none>");
        page.list(20, "Labels", &super::labels(o));
        page.row(20, "Annotations", "node.alpha.kubernetes.io/ttl: 0");
        let old = i64::try_from(self.cluster.age_s.saturating_sub(3_600)).unwrap_or(0);
        page.row(20, "CreationTimestamp", &self.now.plus(-old).moment());
        let ready = crate::console::tool::kube::object::is_ready(n);
        let mut taints = Vec::new();
        if !ready {
            taints.push("node.kubernetes.io/unreachable:NoExecute".to_owned());
            taints.push("node.kubernetes.io/unreachable:NoSchedule".to_owned());
        }
        if n.usage.pressure {
            taints.push("node.kubernetes.io/memory-pressure:NoSchedule".to_owned());
        }
        if n.usage.cordoned {
            taints.push("node.kubernetes.io/unschedulable:NoSchedule".to_owned());
        }
        page.list(20, "Taints", &taints);
        page.row(20, "Unschedulable", if n.usage.cordoned { "true" } else { "false" });
        page.line("Conditions:");
        let beat = self.now.plus(-i64::try_from(n.dark_s.unwrap_or(7)).unwrap_or(0)).moment();
        let rows: Vec<Vec<String>> = api
            .node_conditions(n)
            .into_iter()
            .map(|(kind, status, reason, message)| {
                vec![kind.to_owned(), status.to_owned(), beat.clone(), reason.to_owned(), message.to_owned()]
            })
            .collect();
        page.columns(2, &["Type", "Status", "LastHeartbeatTime", "Reason", "Message"], &rows);
        page.line("Addresses:");
        page.line(&format!("  InternalIP:  {}\n  Hostname:    {}", n.address, n.name));
        let memory = (n.usage.memory as f64 * 0.95) as u64;
        for (head, bytes_all) in [("Capacity", n.usage.memory), ("Allocatable", memory >> 10 << 10)] {
            page.line(&format!("{head}:"));
            page.line(&format!(
                "  cpu:     {}\n  memory:  {}Ki\n  pods:    110",
                cores(n.usage.cores),
                bytes_all >> 10
            ));
        }
        page.line("System Info:");
        page.line("  Kernel Version:             6.1.0-21-amd64");
        page.line("  OS Image:                   Debian GNU/Linux 12 (bookworm)");
        page.line("  Operating System:           linux");
        page.line("  Architecture:               amd64");
        page.line("  Container Runtime Version:  containerd://1.7.18");
        page.line(&format!("  Kubelet Version:            {VERSION}"));
        let (mut cpu, mut cpu_limit, mut mem, mut mem_limit) = (0.0, 0.0, 0u64, 0u64);
        let mut rows = Vec::new();
        for d in &self.cluster.deployments {
            for p in d.view.pods.iter().filter(|p| p.node.as_ref().is_some_and(|x| x.1 == n.name)) {
                let r = d.view.revisions.iter().find(|(r, _)| r.key == p.template);
                let needs = r.map(|(r, _)| r.needs).unwrap_or_default();
                cpu += needs.cpu;
                cpu_limit += needs.cpu_limit.unwrap_or(0.0);
                mem += needs.memory;
                mem_limit += needs.memory_limit.unwrap_or(0);
                let quantity = |c: f64| format!("{} {}", cores(c), share(c, n.usage.cores));
                let amount = |b: u64| format!("{} {}", bytes(b), share(b as f64, memory as f64));
                rows.push(vec![
                    "default".to_owned(),
                    p.name.clone(),
                    quantity(needs.cpu),
                    quantity(needs.cpu_limit.unwrap_or(0.0)),
                    amount(needs.memory),
                    amount(needs.memory_limit.unwrap_or(0)),
                    age(p.age_s),
                ]);
            }
        }
        let none = || "0 (0%)".to_owned();
        rows.push(vec![
            "kube-system".to_owned(),
            crate::console::tool::kube::object::proxy_name(&n.name),
            none(),
            none(),
            none(),
            none(),
            age(n.uptime_s),
        ]);
        page.line(&format!("Non-terminated Pods:          ({} in total)", rows.len()));
        let heads = ["Namespace", "Name", "CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age"];
        page.columns(2, &heads, &rows);
        page.line("Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
        let total = [
            vec![
                "cpu".to_owned(),
                format!("{} {}", cores(cpu), share(cpu, n.usage.cores)),
                format!("{} {}", cores(cpu_limit), share(cpu_limit, n.usage.cores)),
            ],
            vec![
                "memory".to_owned(),
                format!("{} {}", bytes(mem), share(mem as f64, memory as f64)),
                format!("{} {}", bytes(mem_limit), share(mem_limit as f64, memory as f64)),
            ],
        ];
        page.columns(2, &["Resource", "Requests", "Limits"], &total);
        page.events(19, &self.events_about("Node", &n.name));
        page.text
    }
}
