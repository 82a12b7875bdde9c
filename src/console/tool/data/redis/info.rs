//! What a cache says of itself: INFO, CLIENT LIST, CONFIG GET. Only what the world counts is in it.

use super::reply::Reply;
use crate::console::host::CacheInfo;
use crate::console::pattern::{matches, unquoted};

/// Most rows of CLIENT LIST.
const CLIENTS_MAX: u64 = 1_000;

/// Bytes as a server rounds them: `1.89M`.
pub(super) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    if bytes < 1024 {
        return format!("{bytes}B");
    }
    let mut unit = 'K';
    value /= 1024.0;
    for larger in ['M', 'G', 'T'] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = larger;
    }
    format!("{value:.2}{unit}")
}

/// Connections that are open, the own one too.
pub(super) fn connected(info: &CacheInfo) -> u64 {
    info.clients.iter().map(|c| c.count).sum::<u64>() + 1
}

fn server(info: &CacheInfo, port: u16) -> String {
    let mut out =
        "redis_version:7.0.15\nredis_mode:standalone\nos:Linux 6.1.0-25-amd64 x86_64\narch_bits:64\n".to_owned();
    if let Some(pid) = info.pid {
        out.push_str(&format!("process_id:{pid}\n"));
    }
    out.push_str(&format!("tcp_port:{port}\n"));
    if let Some(s) = info.up_s {
        out.push_str(&format!("uptime_in_seconds:{s}\nuptime_in_days:{}\n", s / 86_400));
    }
    out
}

fn memory(info: &CacheInfo) -> String {
    let used = info.memory.map_or(String::new(), |bytes| {
        let human = size(bytes);
        format!(
            "used_memory:{bytes}\nused_memory_human:{human}\nused_memory_rss:{bytes}\nused_memory_rss_human:{human}\n"
        )
    });
    format!("{used}maxmemory:0\nmaxmemory_human:0B\nmaxmemory_policy:noeviction\n")
}

fn keyspace(info: &CacheInfo) -> String {
    let mut out = String::new();
    for (db, keys) in info.held.sizes() {
        let ends: Vec<u64> = info.held.own(db).filter_map(|(_, s)| s.until).collect();
        let left = |until: &u64| until.saturating_sub(info.held.tick).saturating_mul(1_000);
        let (mut expires, mut sum) = (ends.len() as u64, ends.iter().map(left).sum::<u64>());
        if let Some(ttl) = info.held.ttl_s.filter(|_| db == 0) {
            expires += info.held.count;
            sum = sum.saturating_add(info.held.count.saturating_mul(ttl.saturating_mul(500)));
        }
        out.push_str(&format!(
            "db{db}:keys={keys},expires={expires},avg_ttl={}\n",
            sum.checked_div(expires).unwrap_or(0)
        ));
    }
    out
}

/// `INFO [SECTION]...`.
pub(super) fn info(info: &CacheInfo, port: u16, sections: &[String]) -> Reply {
    let all: [(&str, String); 7] = [
        ("Server", server(info, port)),
        ("Clients", format!("connected_clients:{}\nblocked_clients:0\n", connected(info))),
        ("Memory", memory(info)),
        ("Persistence", "loading:0\nrdb_changes_since_last_save:0\naof_enabled:0\n".to_owned()),
        (
            "Stats",
            format!(
                "total_commands_processed:{}\ninstantaneous_ops_per_sec:{}\nrejected_connections:{}\nevicted_keys:0\nkeyspace_hits:{}\nkeyspace_misses:{}\n",
                info.requests.0, info.requests.1, info.rejected, info.hits, info.misses
            ),
        ),
        ("Replication", "role:master\nconnected_slaves:0\n".to_owned()),
        ("Keyspace", keyspace(info)),
    ];
    let every = |s: &String| matches!(s.to_lowercase().as_str(), "all" | "default" | "everything");
    let wanted = |name: &str| sections.is_empty() || sections.iter().any(|s| every(s) || s.eq_ignore_ascii_case(name));
    let shown: Vec<String> = all.iter().filter(|(n, _)| wanted(n)).map(|(n, text)| format!("# {n}\n{text}")).collect();
    Reply::Text(shown.join("\n"))
}

/// `CLIENT LIST`: the callers' connections, then the own one.
pub(super) fn clients(info: &CacheInfo, address: &str, port: u16, db: u8) -> Reply {
    let mut out = String::new();
    let mut id = 3;
    let mut row = |from: &str, name: &str, db: u8, command: &str| {
        id += 1;
        let line = format!(
            "id={id} addr={from}:{} laddr={address}:{port} fd={} name={name} flags=N db={db} cmd={command} user=default resp=2\n",
            40_000 + id % 20_000,
            id + 4
        );
        out.push_str(&line);
    };
    let mut left = CLIENTS_MAX;
    for client in &info.clients {
        let from = if client.address.is_empty() { "0.0.0.0" } else { &client.address };
        for _ in 0..client.count.min(left) {
            row(from, &client.name, 0, "get");
        }
        left = left.saturating_sub(client.count);
    }
    row(address, "", db, "client|list");
    Reply::Text(out)
}

/// Settings: what is true of every cache here.
const SETTINGS: &[(&str, &str)] = &[
    ("appendonly", "no"),
    ("databases", "16"),
    ("maxmemory", "0"),
    ("maxmemory-policy", "noeviction"),
    ("port", "6379"),
    ("save", ""),
    ("slowlog-log-slower-than", "10000"),
    ("slowlog-max-len", "128"),
    ("timeout", "0"),
];

/// `CONFIG GET PATTERN...`.
pub(super) fn config(patterns: &[String]) -> Reply {
    let fits = |name: &str| patterns.iter().any(|p| matches(&unquoted(&p.to_lowercase()), name));
    Reply::list(SETTINGS.iter().filter(|(n, _)| fits(n)).flat_map(|(n, v)| [*n, *v]))
}
