//! Clients of message brokers over the world's work queues: Kafka's and RabbitMQ's. A queue is a topic of one partition that one
//! group reads: its lag is what waits and what is in work.

use crate::console::host::NameKind;
use crate::console::host::change::Depth;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{ChangeEffect, Effect, QueueVerb};

const SERVER: crate::console::tool::Opt =
    value("", "bootstrap-server", "host:port", "the server to connect to: it must resolve, the queues are the world's");

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "kafka-topics.sh",
        synopsis: "--bootstrap-server HOST:PORT --list|--describe [--topic TOPIC]",
        about: "list and describe Kafka topics",
        opts: &[
            SERVER,
            flag("", "list", "list all available topics"),
            flag("", "describe", "list details for the given topics"),
            value("", "topic", "topic", "the topic to describe"),
        ],
        operand: Operand::Free,
        style: Style::Plain,
        missing: &[
            "A topic has one partition and one replica: the world does not divide its queues. Topics are not made, altered or deleted.",
        ],
        examples: &[
            ("kafka-topics.sh --bootstrap-server web-01:9092 --list", "builds\n"),
            (
                "kafka-topics.sh --bootstrap-server nope:9092 --list",
                "Exception in thread \"main\" org.apache.kafka.common.KafkaException: Failed to create new KafkaAdminClient\nCaused by: org.apache.kafka.common.config.ConfigException: No resolvable bootstrap urls given in bootstrap.servers\n",
            ),
        ],
        step: topics,
        ..Decl::BLANK
    },
    Decl {
        name: "kafka-consumer-groups.sh",
        synopsis: "--bootstrap-server HOST:PORT --list | --describe --group GROUP|--all-groups | --reset-offsets --to-latest --group GROUP --topic TOPIC --dry-run|--execute",
        about: "list and describe consumer groups and their lag, and skip what waits",
        opts: &[
            SERVER,
            flag("", "list", "list all consumer groups"),
            flag("", "describe", "describe a consumer group and its lag"),
            flag("", "all-groups", "apply to all consumer groups"),
            value("", "group", "group", "the consumer group"),
            value("", "topic", "topic", "the topic whose offsets are reset"),
            flag("", "reset-offsets", "reset the offsets of a group without active members"),
            flag("", "to-latest", "reset offsets to the latest: what waits is never worked on"),
            flag("", "dry-run", "show results without executing"),
            flag("", "execute", "execute it"),
        ],
        operand: Operand::Free,
        style: Style::Plain,
        missing: &["Other places to reset offsets to than the latest: the world does not keep what was consumed."],
        examples: &[(
            "kafka-consumer-groups.sh --bootstrap-server web-01:9092 --describe --group docs",
            "\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID\ndocs            builds          0          1240            1253            13              consumer-docs-1 /10.0.0.11      consumer-docs-1\n",
        )],
        step: groups,
        ..Decl::BLANK
    },
    Decl {
        name: "rabbitmqctl",
        synopsis: "[-q] list_queues [--no-table-headers] [COLUMN]... | purge_queue QUEUE",
        about: "look at the queues of a RabbitMQ broker, and empty one",
        opts: &[flag("q", "quiet", "say nothing but the result"), flag("", "no-table-headers", "no names of columns")],
        subs: &["list_queues", "purge_queue"],
        operand: Operand::Name(NameKind::Queue),
        style: Style::Plain,
        misuse: 64,
        missing: &[
            "Virtual hosts, exchanges, bindings, users and the node itself; columns of queues beside name, messages, messages_ready, messages_unacknowledged, consumers and state.",
        ],
        examples: &[
            ("rabbitmqctl -q list_queues name messages consumers", "name\tmessages\tconsumers\nbuilds\t13\t1\n"),
            ("rabbitmqctl -q purge_queue nope", "Error:\nno queue 'nope' in vhost '/'\n"),
        ],
        step: rabbitmqctl,
        ..Decl::BLANK
    },
    Decl {
        name: "rabbitmqadmin",
        synopsis: "list queues [COLUMN]... | purge queue name=QUEUE",
        about: "RabbitMQ's management on the command line",
        subs: &["list", "purge"],
        operand: Operand::Name(NameKind::Queue),
        style: Style::Plain,
        words: Words::Mixed,
        missing: &["Everything but listing and purging queues."],
        examples: &[(
            "rabbitmqadmin list queues",
            "+--------+----------+\n|  name  | messages |\n+--------+----------+\n| builds | 13       |\n+--------+----------+\n",
        )],
        step: rabbitmqadmin,
        ..Decl::BLANK
    },
];

/// Messages of a queue: what waits and what is in work.
fn messages(q: &Depth) -> u64 {
    q.ready + q.unacked
}

/// The group that reads a queue.
fn group(q: &Depth) -> String {
    q.service.clone().unwrap_or_else(|| q.name.clone())
}

/// All queues, each of them seen.
fn queues(c: &mut Ctx<'_>) -> Vec<Depth> {
    let all = c.host.changes().queues;
    for q in &all {
        c.see(ObservedKind::Queue, q.name.clone(), q.service.clone());
    }
    all
}

/// Checks the server's name as Kafka's client does.
fn server(c: &mut Ctx<'_>) -> Result<(), Step> {
    let Some(given) = c.args.get("bootstrap-server").map(str::to_owned) else {
        c.p.err.push_str("Missing required argument \"[bootstrap-server]\"\n");
        return Err(Step::Exit(1));
    };
    let known = given.split(',').any(|s| {
        let name = s.rsplit_once(':').map_or(s, |(name, _)| name);
        name == "localhost" || !c.host.lookup(&c.on(), name).is_empty()
    });
    if known {
        return Ok(());
    }
    c.p.err.push_str("Exception in thread \"main\" org.apache.kafka.common.KafkaException: Failed to create new KafkaAdminClient\nCaused by: org.apache.kafka.common.config.ConfigException: No resolvable bootstrap urls given in bootstrap.servers\n");
    Err(Step::Exit(1))
}

fn topics(c: &mut Ctx<'_>) -> Step {
    if let Err(end) = server(c) {
        return end;
    }
    let a = c.args.clone();
    let all = queues(c);
    if a.has("list") {
        all.iter().for_each(|q| c.line(&q.name));
        return Step::Exit(0);
    }
    if !a.has("describe") {
        c.p.err
            .push_str("Command must include exactly one action: --list, --describe, --create, --alter or --delete\n");
        return Step::Exit(1);
    }
    let topic = a.get("topic");
    let picked: Vec<&Depth> = all.iter().filter(|q| topic.is_none_or(|t| t == q.name)).collect();
    if let (true, Some(t)) = (picked.is_empty(), topic) {
        c.p.err.push_str(&format!("Error while executing topic command : Topic '{t}' does not exist as expected\n"));
        return Step::Exit(1);
    }
    for q in picked {
        let name = &q.name;
        c.line(&format!("Topic: {name}\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: "));
        c.line(&format!("\tTopic: {name}\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1"));
    }
    Step::Exit(0)
}

fn groups(c: &mut Ctx<'_>) -> Step {
    if let Err(end) = server(c) {
        return end;
    }
    let a = c.args.clone();
    let all = queues(c);
    if a.has("list") {
        let mut names: Vec<String> = all.iter().map(group).collect();
        names.dedup();
        names.iter().for_each(|n| c.line(n));
        return Step::Exit(0);
    }
    let picked: Vec<Depth> = match (a.get("group"), a.has("all-groups")) {
        (Some(g), _) => all.into_iter().filter(|q| group(q) == g).collect(),
        (None, true) => all,
        (None, false) => {
            c.p.err.push_str("Option [group] or [all-groups] is required\n");
            return Step::Exit(1);
        }
    };
    if picked.is_empty() {
        let name = a.get("group").unwrap_or_default();
        c.line(&format!("\nError: Consumer group '{name}' does not exist."));
        return Step::Exit(0);
    }
    if a.has("reset-offsets") {
        return reset(c, &picked);
    }
    if !a.has("describe") {
        c.p.err.push_str("Command must include exactly one action: --list, --describe, --delete, --reset-offsets\n");
        return Step::Exit(1);
    }
    for q in &picked {
        describe(c, q);
    }
    Step::Exit(0)
}

fn describe(c: &mut Ctx<'_>, q: &Depth) {
    let name = group(q);
    let active = q.consumers > 0;
    let address = || {
        let services = c.host.services();
        let host = services.iter().find(|s| s.id == name).and_then(|s| s.hosts.first().cloned())?;
        c.host.lookup(&c.on(), &host).into_iter().next()
    };
    let dash = || "-".to_owned();
    let client = if active { format!("consumer-{name}-1") } else { dash() };
    let host = address().filter(|_| active).map_or_else(dash, |a| format!("/{a}"));
    if !active {
        c.line(&format!("\nConsumer group '{name}' has no active members."));
    }
    let row = |cells: [&str; 9]| {
        let [group, topic, partition, current, end, lag, consumer, host, client] = cells;
        format!(
            "{group:<15} {topic:<15} {partition:<10} {current:<15} {end:<15} {lag:<15} {consumer:<15} {host:<15} {client}"
        )
    };
    let head = row([
        "GROUP",
        "TOPIC",
        "PARTITION",
        "CURRENT-OFFSET",
        "LOG-END-OFFSET",
        "LAG",
        "CONSUMER-ID",
        "HOST",
        "CLIENT-ID",
    ]);
    let lag = messages(q);
    let (current, end) = (q.passed.to_string(), (q.passed + lag).to_string());
    let line = row([&name, &q.name, "0", &current, &end, &lag.to_string(), &client, &host, &client]);
    c.line(&format!("\n{head}"));
    c.line(&line);
}

/// `--reset-offsets --to-latest`: what waits is passed over.
fn reset(c: &mut Ctx<'_>, picked: &[Depth]) -> Step {
    let a = c.args.clone();
    let Some(q) = picked.iter().find(|q| a.get("topic") == Some(q.name.as_str())) else {
        c.p.err.push_str("Error: One of the reset scopes should be defined: --all-topics, --topic.\n");
        return Step::Exit(1);
    };
    if !a.has("to-latest") {
        c.p.err.push_str("Error: only --to-latest is simulated\n");
        return Step::Exit(1);
    }
    let name = group(q);
    if q.consumers > 0 && !q.paused {
        c.line(&format!(
            "\nError: Assignments can only be reset if the group '{name}' is inactive, but the current state is Stable."
        ));
        return Step::Exit(1);
    }
    if a.has("execute")
        && let Err(why) = purge(c, &q.name)
    {
        c.p.err.push_str(&format!("Error: {why}\n"));
        return Step::Exit(1);
    }
    c.line("\nGROUP                          TOPIC                          PARTITION  NEW-OFFSET     ");
    c.line(&format!("{name:<30} {:<30} {:<10} {:<15}", q.name, 0, q.passed + messages(q)));
    Step::Exit(0)
}

fn purge(c: &mut Ctx<'_>, queue: &str) -> Result<(), String> {
    let effect = ChangeEffect::Queue { queue: queue.to_owned(), verb: QueueVerb::Purge };
    c.apply(&Effect::Change(effect), "purge", queue).map(|_| ())
}

/// A column of a queue.
fn column(q: &Depth, name: &str) -> Option<String> {
    Some(match name {
        "name" => q.name.clone(),
        "messages" => messages(q).to_string(),
        "messages_ready" => q.ready.to_string(),
        "messages_unacknowledged" => q.unacked.to_string(),
        "consumers" => q.consumers.to_string(),
        "state" => "running".to_owned(),
        _ => return None,
    })
}

/// The columns asked for, the usual ones if none are; the error is one that there is not.
fn columns(words: &[String]) -> Result<Vec<&str>, String> {
    let asked: Vec<&str> = words.iter().flat_map(|w| w.split(',')).filter(|w| !w.is_empty()).collect();
    let asked = if asked.is_empty() { vec!["name", "messages"] } else { asked };
    match asked.iter().find(|name| column(&Depth::default(), name).is_none()) {
        Some(wrong) => Err((*wrong).to_owned()),
        None => Ok(asked),
    }
}

fn rabbitmqctl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let quiet = a.has("q");
    match a.at(0) {
        Some("list_queues") => {
            let names = match columns(a.rest.get(1..).unwrap_or_default()) {
                Ok(names) => names,
                Err(wrong) => {
                    c.p.err.push_str(&format!("Error (argument validation): Info key(s) {wrong} are not supported\n"));
                    return Step::Exit(64);
                }
            };
            if !quiet {
                c.line("Timeout: 60.0 seconds ...\nListing queues for vhost / ...");
            }
            if !a.has("no-table-headers") {
                c.line(&names.join("\t"));
            }
            for q in queues(c) {
                c.line(&names.iter().filter_map(|n| column(&q, n)).collect::<Vec<_>>().join("\t"));
            }
            Step::Exit(0)
        }
        Some("purge_queue") if a.rest.len() == 2 => {
            let name = a.at(1).unwrap_or_default().to_owned();
            if !quiet && c.tool.phase == 0 {
                c.tool.phase = 1;
                c.line(&format!("Purging queue '{name}' in vhost '/' ..."));
                return Step::More;
            }
            if !queues(c).iter().any(|q| q.name == name) {
                c.p.err.push_str(&format!("Error:\nno queue '{name}' in vhost '/'\n"));
                return Step::Exit(69);
            }
            if let Err(why) = purge(c, &name) {
                c.p.err.push_str(&format!("Error:\n{why}\n"));
                return Step::Exit(70);
            }
            Step::Exit(0)
        }
        Some(other) => {
            c.p.err.push_str(&format!("\nCommand '{other}' not found. \n"));
            Step::Exit(64)
        }
        None => {
            let synopsis = crate::console::tool::find("rabbitmqctl").map_or("", |d| d.synopsis);
            c.p.err.push_str(&format!("\nUsage\n\nrabbitmqctl {synopsis}\n"));
            Step::Exit(64)
        }
    }
}

fn rabbitmqadmin(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.at(1)) {
        (Some("list"), Some("queues")) => {
            let names = match columns(a.rest.get(2..).unwrap_or_default()) {
                Ok(names) => names,
                Err(wrong) => {
                    c.p.err.push_str(&format!("*** Unknown column: {wrong}\n"));
                    return Step::Exit(1);
                }
            };
            let rows: Vec<Vec<String>> =
                queues(c).iter().map(|q| names.iter().filter_map(|n| column(q, n)).collect()).collect();
            if rows.is_empty() {
                c.line("No items");
                return Step::Exit(0);
            }
            let width = |i: usize| {
                let cells = rows.iter().filter_map(|r| r.get(i)).map(String::len);
                cells.chain(names.get(i).map(|n| n.len())).max().unwrap_or(0)
            };
            let widths: Vec<usize> = (0..names.len()).map(width).collect();
            let rule = widths.iter().map(|w| format!("+{}", "-".repeat(w + 2))).collect::<String>() + "+";
            let head = names.iter().zip(&widths).map(|(n, w)| format!("| {n:^w$} ")).collect::<String>() + "|";
            c.line(&format!("{rule}\n{head}\n{rule}"));
            for row in &rows {
                c.line(&(row.iter().zip(&widths).map(|(cell, w)| format!("| {cell:<w$} ")).collect::<String>() + "|"));
            }
            c.line(&rule);
            Step::Exit(0)
        }
        (Some("purge"), Some("queue")) => {
            let Some(name) = a.rest.iter().find_map(|w| w.strip_prefix("name=")).map(str::to_owned) else {
                c.p.err.push_str("*** ERROR: mandatory argument \"name\" required\n");
                return Step::Exit(1);
            };
            if !queues(c).iter().any(|q| q.name == name) {
                c.p.err.push_str("*** Not found: /api/queues/%2F/{name}/contents\n".replace("{name}", &name).as_str());
                return Step::Exit(1);
            }
            match purge(c, &name) {
                Ok(()) => {
                    c.line("queue purged");
                    Step::Exit(0)
                }
                Err(why) => {
                    c.p.err.push_str(&format!("*** Access refused: {why}\n"));
                    Step::Exit(1)
                }
            }
        }
        _ => {
            c.p.err.push_str("ERROR: Action not specified or not simulated\nrabbitmqadmin --help for help\n");
            Step::Exit(1)
        }
    }
}
