//! kubectl's words: which are flags, which take a value, what stands behind `--`.

/// Words of a command line, divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// Verb.
    pub verb: String,
    /// Operands after the verb.
    pub rest: Vec<String>,
    /// Flags by long name, in order.
    flags: Vec<(&'static str, String)>,
    /// What stands behind `--`; `None` without it.
    pub command: Option<Vec<String>>,
}

/// Flags with a value: long name, short name, verbs that have it (none: all).
const VALUES: &[(&str, &str, &[&str])] = &[
    ("namespace", "n", &[]),
    ("context", "", &[]),
    ("kubeconfig", "", &[]),
    ("request-timeout", "", &[]),
    ("as", "", &["auth"]),
    ("output", "o", &[]),
    ("selector", "l", &[]),
    ("filename", "f", &["apply", "delete", "create", "replace", "get", "describe", "diff"]),
    ("field-selector", "", &["get", "delete", "drain"]),
    ("sort-by", "", &["get", "top", "events"]),
    ("label-columns", "L", &["get"]),
    ("tail", "", &["logs"]),
    ("since", "", &["logs"]),
    ("container", "c", &["logs", "exec", "set"]),
    ("replicas", "", &["scale"]),
    ("current-replicas", "", &["scale"]),
    ("revision", "", &["rollout"]),
    ("to-revision", "", &["rollout"]),
    ("timeout", "", &["rollout", "delete", "drain", "wait", "scale"]),
    ("for", "", &["wait", "events"]),
    ("type", "", &["patch"]),
    ("patch", "p", &["patch"]),
    ("grace-period", "", &["delete", "drain"]),
    ("requests", "", &["set"]),
    ("limits", "", &["set"]),
    ("types", "", &["events"]),
    ("api-group", "", &["api-resources"]),
    ("pod-selector", "", &["drain"]),
];

/// Flags without a value.
const PLAIN: &[(&str, &str, &[&str])] = &[
    ("all-namespaces", "A", &[]),
    ("help", "h", &[]),
    ("no-headers", "", &["get", "top", "api-resources", "config"]),
    ("watch", "w", &["get", "rollout", "events"]),
    ("watch-only", "", &["get"]),
    ("show-labels", "", &["get"]),
    ("show-kind", "", &["get"]),
    ("ignore-not-found", "", &["get", "delete"]),
    ("follow", "f", &["logs"]),
    ("previous", "p", &["logs"]),
    ("prefix", "", &["logs"]),
    ("timestamps", "", &["logs"]),
    ("all-containers", "", &["logs"]),
    ("stdin", "i", &["exec"]),
    ("tty", "t", &["exec"]),
    ("force", "", &["delete", "drain", "replace"]),
    ("now", "", &["delete"]),
    ("wait", "", &["delete"]),
    ("all", "", &["delete", "scale", "label", "annotate"]),
    ("ignore-daemonsets", "", &["drain"]),
    ("delete-emptydir-data", "", &["drain"]),
    ("disable-eviction", "", &["drain"]),
    ("overwrite", "", &["label", "annotate", "set"]),
    ("list", "", &["auth", "set", "label"]),
    ("quiet", "q", &["auth"]),
    ("client", "", &["version"]),
    ("minify", "", &["config"]),
    ("containers", "", &["top"]),
    ("dry-run", "", &[]),
    ("server-side", "", &["apply"]),
    ("record", "", &[]),
];

fn known(
    table: &'static [(&'static str, &'static str, &'static [&'static str])],
    verb: &str,
    which: impl Fn(&str, &str) -> bool,
) -> Option<&'static str> {
    let fits = |verbs: &[&str]| verbs.is_empty() || verbs.contains(&verb);
    table.iter().find(|(long, short, verbs)| which(long, short) && fits(verbs)).map(|f| f.0)
}

impl Words {
    /// Divides the words, or says what is wrong with them as kubectl does.
    pub fn parse(argv: &[String]) -> Result<Words, String> {
        let mut w = Words::default();
        let mut words = argv.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                w.command = Some(words.cloned().collect());
                break;
            }
            if let Some(long) = word.strip_prefix("--") {
                let (name, inline) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
                if let Some(flag) = known(PLAIN, &w.verb, |l, _| l == name) {
                    w.flags.push((flag, inline.unwrap_or_else(|| "true".to_owned())));
                } else if let Some(flag) = known(VALUES, &w.verb, |l, _| l == name) {
                    let value = inline.or_else(|| words.next().cloned());
                    let value = value.ok_or(format!("error: flag needs an argument: --{name}"))?;
                    w.flags.push((flag, value));
                } else {
                    return Err(w.unknown(&format!("unknown flag: --{name}")));
                }
                continue;
            }
            let Some(bundle) = word.strip_prefix('-').filter(|b| !b.is_empty()) else {
                if w.verb.is_empty() {
                    word.clone_into(&mut w.verb)
                } else {
                    w.rest.push(word.clone())
                }
                continue;
            };
            let letters = bundle.char_indices();
            for (at, letter) in letters {
                let short = letter.to_string();
                if let Some(flag) = known(PLAIN, &w.verb, |_, s| s == short) {
                    w.flags.push((flag, "true".to_owned()));
                    continue;
                }
                let Some(flag) = known(VALUES, &w.verb, |_, s| s == short) else {
                    return Err(w.unknown(&format!("unknown shorthand flag: '{letter}' in -{bundle}")));
                };
                let rest = bundle.get(at + letter.len_utf8()..).unwrap_or_default();
                let rest = rest.strip_prefix('=').unwrap_or(rest);
                let value = if rest.is_empty() { words.next().cloned() } else { Some(rest.to_owned()) };
                let value = value.ok_or(format!("error: flag needs an argument: '{letter}' in -{bundle}"))?;
                w.flags.push((flag, value));
                break;
            }
        }
        Ok(w)
    }

    fn unknown(&self, what: &str) -> String {
        let of = if self.verb.is_empty() { "kubectl".to_owned() } else { format!("kubectl {}", self.verb) };
        format!("error: {what}\nSee '{of} --help' for usage.")
    }

    /// Value of a flag, the last one given.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.flags.iter().rev().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    /// Whether a flag without a value was given.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|v| v != "false" && v != "none")
    }

    /// An operand.
    pub fn at(&self, i: usize) -> Option<&str> {
        self.rest.get(i).map(String::as_str)
    }
}
