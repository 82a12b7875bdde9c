//! `kubectl describe pod`.

use super::{Page, container};
use crate::console::host::kube::DeploymentInfo;
use crate::console::tool::kube::Call;
use crate::console::tool::kube::object::Object;
use crate::console::tool::kube::words::Moment;
use crate::sim::capacity::{PodView, Revision, image_of};
use serde_json::Value;

fn text<'v>(v: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(v, |v, k| v.get(k))?.as_str()
}

impl Call {
    /// The page of a pod.
    pub(super) fn describe_pod(&self, o: &Object, d: &DeploymentInfo) -> String {
        let mut page = Page::default();
        let evicted = text(&o.json, &["status", "reason"]) == Some("Evicted");
        let ended = d.view.ended.iter().map(|(p, ..)| p);
        let Some(p): Option<&PodView> = d.view.pods.iter().chain(ended).find(|p| p.name == o.name) else {
            return String::new();
        };
        let r = d.view.revisions.iter().find(|(r, _)| r.key == p.template).map(|(r, _)| r);
        let host = text(&o.json, &["status", "hostIP"]).unwrap_or_default();
        page.row(18, "Name", &p.name);
        page.row(18, "Namespace", "default");
        page.row(18, "Priority", "0");
        page.row(18, "Service Account", "default");
        let node = p.node.as_ref().map_or("<none>".to_owned(), |n| format!("{}/{host}", n.1));
        page.row(18, "Node", &node);
        if p.node.is_some() {
            page.row(18, "Start Time", &self.now.plus(-i64::try_from(p.age_s).unwrap_or(0)).moment());
        }
        page.list(18, "Labels", &super::labels(o));
        page.row(18, "Annotations", "<none>");
        let phase = text(&o.json, &["status", "phase"]).unwrap_or("Unknown");
        let status = if p.status == "Terminating" { format!("Terminating (lasts <{}s)", 30) } else { phase.to_owned() };
        page.row(18, "Status", &status);
        if evicted {
            page.row(18, "Reason", "Evicted");
            page.row(18, "Message", text(&o.json, &["status", "message"]).unwrap_or_default());
        }
        page.row(18, "IP", text(&o.json, &["status", "podIP"]).unwrap_or_default());
        if let Some(ip) = text(&o.json, &["status", "podIP"]) {
            page.line("IPs:");
            page.line(&format!("  IP:           {ip}"));
        } else {
            page.row(18, "IPs", "<none>");
        }
        page.row(16, "Controlled By", &format!("ReplicaSet/{}-{}", d.view.name, p.hash));
        self.containers(&mut page, o, d, p, r);
        page.line("Conditions:");
        let conditions = o.json.get("status").and_then(|s| s.get("conditions")).and_then(Value::as_array);
        let rows: Vec<(String, String)> = conditions
            .into_iter()
            .flatten()
            .filter_map(|c| Some((text(c, &["type"])?.to_owned(), text(c, &["status"])?.to_owned())))
            .collect();
        page.line(&format!("  {:<26}Status", "Type"));
        rows.iter().for_each(|(k, s)| page.line(&format!("  {k:<26}{s}")));
        page.line("Volumes:");
        page.line("  kube-api-access:");
        page.line(
            "    Type:                    Projected (a volume that contains injected data from multiple sources)",
        );
        page.row(29, "QoS Class", text(&o.json, &["status", "qosClass"]).unwrap_or("BestEffort"));
        page.row(29, "Node-Selectors", "<none>");
        let tolerations = [
            "node.kubernetes.io/not-ready:NoExecute op=Exists for 300s".to_owned(),
            "node.kubernetes.io/unreachable:NoExecute op=Exists for 300s".to_owned(),
        ];
        page.list(29, "Tolerations", &tolerations);
        page.events(19, &self.events_about("Pod", &p.name));
        page.text
    }

    fn containers(&self, page: &mut Page, o: &Object, d: &DeploymentInfo, p: &PodView, r: Option<&Revision>) {
        let name = &d.view.name;
        let status = o.json.get("status").and_then(|s| s.get("containerStatuses")).and_then(|c| c.get(0));
        let image = image_of(name, r);
        page.line("Containers:");
        page.line(&format!("  {name}:"));
        let mut row = |key: &str, value: &str| page.line(&format!("    {:<16}{value}", format!("{key}:")));
        let id = crate::console::tool::kube::object::digest(&format!("{}/{}", p.name, p.restarts));
        row("Container ID", &status.map_or(String::new(), |_| format!("containerd://{id}")));
        row("Image", &image);
        row("Image ID", status.and_then(|s| text(s, &["imageID"])).unwrap_or_default());
        row("Port", "8080/TCP");
        row("Host Port", "0/TCP");
        let state = status.and_then(|s| s.get("state"));
        let show = |page: &mut Page, key: &str, state: Option<&Value>| {
            let Some((word, inner)) = state.and_then(Value::as_object).and_then(|m| m.iter().next()) else { return };
            let mut chars = word.chars();
            let word: String = chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect();
            page.line(&format!("    {:<16}{word}", format!("{key}:")));
            if let Some(reason) = text(inner, &["reason"]) {
                page.line(&format!("      {:<14}{reason}", "Reason:"));
            }
            if let Some(code) = inner.get("exitCode").and_then(Value::as_u64) {
                page.line(&format!("      {:<14}{code}", "Exit Code:"));
            }
            let moment = |key: &str| text(inner, &[key]).and_then(crate::stdx::time::Utc::parse).map(|t| t.moment());
            if let Some(at) = moment("startedAt") {
                page.line(&format!("      {:<14}{at}", "Started:"));
            }
            if let Some(at) = moment("finishedAt") {
                page.line(&format!("      {:<14}{at}", "Finished:"));
            }
        };
        match state {
            Some(state) => show(page, "State", Some(state)),
            None => page.line("    State:          Waiting"),
        }
        show(page, "Last State", status.and_then(|s| s.get("lastState")));
        page.line(&format!("    {:<16}{}", "Ready:", if p.ready { "True" } else { "False" }));
        page.line(&format!("    {:<16}{}", "Restart Count:", p.restarts));
        container(page, 4, d, r);
        page.line("    Mounts:\n      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access (ro)");
    }
}
