//! Kinds of things that a cluster keeps, with the names that kubectl takes for them.

/// A kind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Plural, as in `kubectl get pods`.
    pub plural: &'static str,
    /// Singular.
    pub singular: &'static str,
    /// As objects name it.
    pub kind: &'static str,
    /// Short names.
    pub short: &'static [&'static str],
    /// API group; empty for the core.
    pub group: &'static str,
    /// Version in the group.
    pub version: &'static str,
    /// Whether its objects are in a namespace.
    pub namespaced: bool,
    /// Columns, and how many of them only `-o wide` shows.
    pub columns: &'static [&'static str],
    /// Columns of `-o wide` alone.
    pub wide: usize,
}

const fn kind(
    (plural, singular, kind): (&'static str, &'static str, &'static str),
    short: &'static [&'static str],
    (group, version): (&'static str, &'static str),
    namespaced: bool,
    columns: &'static [&'static str],
    wide: usize,
) -> Kind {
    Kind { plural, singular, kind, short, group, version, namespaced, columns, wide }
}

/// Every kind, in the order of `kubectl api-resources`.
pub(super) static KINDS: &[Kind] = &[
    kind(("configmaps", "configmap", "ConfigMap"), &["cm"], ("", "v1"), true, &["NAME", "DATA", "AGE"], 0),
    kind(("endpoints", "endpoints", "Endpoints"), &["ep"], ("", "v1"), true, &["NAME", "ENDPOINTS", "AGE"], 0),
    kind(
        ("events", "event", "Event"),
        &["ev"],
        ("", "v1"),
        true,
        &["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE", "SOURCE", "COUNT"],
        2,
    ),
    kind(("namespaces", "namespace", "Namespace"), &["ns"], ("", "v1"), false, &["NAME", "STATUS", "AGE"], 0),
    kind(
        ("nodes", "node", "Node"),
        &["no"],
        ("", "v1"),
        false,
        &[
            "NAME",
            "STATUS",
            "ROLES",
            "AGE",
            "VERSION",
            "INTERNAL-IP",
            "EXTERNAL-IP",
            "OS-IMAGE",
            "KERNEL-VERSION",
            "CONTAINER-RUNTIME",
        ],
        5,
    ),
    kind(
        ("persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim"),
        &["pvc"],
        ("", "v1"),
        true,
        &["NAME", "STATUS", "VOLUME", "CAPACITY", "ACCESS MODES", "STORAGECLASS", "AGE"],
        0,
    ),
    kind(
        ("pods", "pod", "Pod"),
        &["po"],
        ("", "v1"),
        true,
        &["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES"],
        4,
    ),
    kind(
        ("resourcequotas", "resourcequota", "ResourceQuota"),
        &["quota"],
        ("", "v1"),
        true,
        &["NAME", "AGE", "REQUEST", "LIMIT"],
        0,
    ),
    kind(("secrets", "secret", "Secret"), &[], ("", "v1"), true, &["NAME", "TYPE", "DATA", "AGE"], 0),
    kind(
        ("serviceaccounts", "serviceaccount", "ServiceAccount"),
        &["sa"],
        ("", "v1"),
        true,
        &["NAME", "SECRETS", "AGE"],
        0,
    ),
    kind(
        ("services", "service", "Service"),
        &["svc"],
        ("", "v1"),
        true,
        &["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE", "SELECTOR"],
        1,
    ),
    kind(
        ("daemonsets", "daemonset", "DaemonSet"),
        &["ds"],
        ("apps", "v1"),
        true,
        &["NAME", "DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE", "NODE SELECTOR", "AGE"],
        0,
    ),
    kind(
        ("deployments", "deployment", "Deployment"),
        &["deploy"],
        ("apps", "v1"),
        true,
        &["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"],
        3,
    ),
    kind(
        ("replicasets", "replicaset", "ReplicaSet"),
        &["rs"],
        ("apps", "v1"),
        true,
        &["NAME", "DESIRED", "CURRENT", "READY", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"],
        3,
    ),
    kind(
        ("statefulsets", "statefulset", "StatefulSet"),
        &["sts"],
        ("apps", "v1"),
        true,
        &["NAME", "READY", "AGE", "CONTAINERS", "IMAGES"],
        2,
    ),
    kind(
        ("horizontalpodautoscalers", "horizontalpodautoscaler", "HorizontalPodAutoscaler"),
        &["hpa"],
        ("autoscaling", "v2"),
        true,
        &["NAME", "REFERENCE", "TARGETS", "MINPODS", "MAXPODS", "REPLICAS", "AGE"],
        0,
    ),
    kind(
        ("cronjobs", "cronjob", "CronJob"),
        &["cj"],
        ("batch", "v1"),
        true,
        &["NAME", "SCHEDULE", "SUSPEND", "ACTIVE", "LAST SCHEDULE", "AGE"],
        0,
    ),
    kind(("jobs", "job", "Job"), &[], ("batch", "v1"), true, &["NAME", "COMPLETIONS", "DURATION", "AGE"], 0),
    kind(
        ("ingresses", "ingress", "Ingress"),
        &["ing"],
        ("networking.k8s.io", "v1"),
        true,
        &["NAME", "CLASS", "HOSTS", "ADDRESS", "PORTS", "AGE"],
        0,
    ),
    kind(
        ("poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget"),
        &["pdb"],
        ("policy", "v1"),
        true,
        &["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"],
        0,
    ),
];

/// Kinds that `get all` shows.
pub(super) const ALL: &[&str] = &["pods", "services", "deployments", "replicasets", "horizontalpodautoscalers"];

impl Kind {
    /// As messages name it: `deployments.apps`.
    pub fn full(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// As a prefix of names: `deployment.apps`.
    pub fn one(&self) -> String {
        if self.group.is_empty() { self.singular.to_owned() } else { format!("{}.{}", self.singular, self.group) }
    }

    /// `apps/v1`.
    pub fn api(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }
}

/// A kind by plural, singular, short or full name, whatever its case.
pub(super) fn find(name: &str) -> Option<&'static Kind> {
    let name = name.to_ascii_lowercase();
    KINDS.iter().find(|k| {
        let bare = name.strip_suffix(&format!(".{}", k.group)).filter(|_| !k.group.is_empty()).unwrap_or(&name);
        k.plural == bare || k.singular == bare || k.short.contains(&bare)
    })
}

/// The kind with this plural; a name that is none is a mistake of ours, and stands for nothing.
pub(super) fn known(plural: &str) -> &'static Kind {
    static NONE: Kind = kind(("", "", ""), &[], ("", "v1"), true, &["NAME", "AGE"], 0);
    KINDS.iter().find(|k| k.plural == plural).unwrap_or(&NONE)
}
