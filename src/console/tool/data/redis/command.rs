//! Commands of a cache, answered from the world; what changes keys goes to the world.

use super::info;
use super::reply::Reply;
use crate::console::host::CacheInfo;
use crate::console::pattern::{matches, unquoted};
use crate::console::tool::Ctx;
use crate::sim::effect::{ChangeEffect, Effect};
use crate::sim::{Held, Item, KeyAct};

/// Most keys that KEYS, SCAN and the walks over all keys go through.
pub(super) const WALK_MAX: u64 = 200_000;

/// Where a command goes: the cache, its address and port as typed, and the database.
pub(super) struct Place {
    pub info: CacheInfo,
    pub address: String,
    pub port: u16,
    pub db: u8,
}

impl Place {
    fn held(&self) -> &Held {
        &self.info.held
    }

    /// The object that a key of this database names, if the cache holds it.
    fn object(&self, key: &str) -> Option<u64> {
        self.held().number(key).filter(|n| self.db == 0 && self.held().has(*n))
    }

    /// Value of a key.
    pub fn value(&self, key: &str) -> Option<Item> {
        let stored = self.held().find(self.db, key).map(|s| s.item.clone());
        stored.or_else(|| {
            let number = self.object(key)?;
            Some(Item::Text(format!("{{\"origin\":\"{}\",\"id\":{number}}}", self.held().origin)))
        })
    }

    pub fn size(&self) -> u64 {
        self.held().sizes().iter().find(|(db, _)| *db == self.db).map_or(0, |(_, n)| *n)
    }

    /// Keys of this database from a place on, so many; and the place after them, 0 at the end.
    pub fn keys(&self, from: u64, most: u64) -> (Vec<String>, u64) {
        let own: Vec<&String> = self.held().own(self.db).map(|(k, _)| k).collect();
        let objects = if self.db == 0 { self.held().count } else { 0 };
        let all = own.len() as u64 + objects;
        let end = from.saturating_add(most).min(all);
        let key = |at: u64| match usize::try_from(at).ok().and_then(|i| own.get(i)) {
            Some(k) => (*k).clone(),
            None => self.held().nth(at - own.len() as u64).map_or(String::new(), |n| self.held().key(n)),
        };
        ((from..end).map(key).collect(), if end < all { end } else { 0 })
    }

    /// Seconds that a key still lives: -1 for ever, -2 if it is not there.
    fn ttl(&self, key: &str) -> i64 {
        let seconds = match (self.held().find(self.db, key), self.object(key)) {
            (Some(s), _) => s.until.map(|t| t.saturating_sub(self.held().tick)),
            (None, Some(n)) => self.held().object_ttl(n),
            (None, None) => return -2,
        };
        seconds.map_or(-1, |s| i64::try_from(s).unwrap_or(i64::MAX))
    }
}

const WRONG_TYPE: &str = "WRONGTYPE Operation against a key holding the wrong kind of value";
const NO_INTEGER: &str = "ERR value is not an integer or out of range";

/// Commands that a server has and that are not simulated.
const MISSING: &[&str] = &[
    "append",
    "bgsave",
    "blpop",
    "brpop",
    "cluster",
    "command",
    "copy",
    "debug",
    "decr",
    "discard",
    "dump",
    "eval",
    "exec",
    "geoadd",
    "getrange",
    "hdel",
    "hget",
    "hgetall",
    "hset",
    "incrby",
    "lastsave",
    "latency",
    "lpop",
    "lrem",
    "ltrim",
    "migrate",
    "module",
    "move",
    "multi",
    "object",
    "psubscribe",
    "publish",
    "rename",
    "replicaof",
    "restore",
    "rpop",
    "sadd",
    "save",
    "script",
    "shutdown",
    "smembers",
    "sort",
    "subscribe",
    "swapdb",
    "wait",
    "watch",
    "xadd",
    "xinfo",
    "zadd",
    "zrange",
];

/// Commands: name, fewest and most arguments behind it.
const ARITY: &[(&str, usize, usize)] = &[
    ("auth", 1, 2),
    ("client", 1, 99),
    ("config", 1, 99),
    ("dbsize", 0, 0),
    ("del", 1, 9_999),
    ("echo", 1, 1),
    ("exists", 1, 9_999),
    ("expire", 2, 2),
    ("flushall", 0, 1),
    ("flushdb", 0, 1),
    ("get", 1, 1),
    ("incr", 1, 1),
    ("info", 0, 99),
    ("keys", 1, 1),
    ("llen", 1, 1),
    ("lpush", 2, 9_999),
    ("lrange", 3, 3),
    ("memory", 1, 99),
    ("mget", 1, 9_999),
    ("monitor", 0, 0),
    ("persist", 1, 1),
    ("ping", 0, 1),
    ("pttl", 1, 1),
    ("role", 0, 0),
    ("rpush", 2, 9_999),
    ("scan", 1, 99),
    ("select", 1, 1),
    ("set", 2, 9),
    ("setex", 3, 3),
    ("slowlog", 1, 2),
    ("strlen", 1, 1),
    ("time", 0, 0),
    ("ttl", 1, 1),
    ("type", 1, 1),
    ("unlink", 1, 9_999),
];

fn number(text: &str) -> Result<i64, Reply> {
    text.parse().map_err(|_| Reply::error(NO_INTEGER))
}

/// Answers a command.
pub(super) fn run(c: &mut Ctx<'_>, at: &mut Place, words: &[String]) -> Reply {
    let Some((first, args)) = words.split_first() else { return Reply::Nil };
    let name = first.to_lowercase();
    match ARITY.iter().find(|(n, ..)| *n == name) {
        Some((_, least, most)) if !(*least..=*most).contains(&args.len()) => {
            return Reply::error(format!("ERR wrong number of arguments for '{name}' command"));
        }
        Some(_) => {}
        None if MISSING.contains(&name.as_str()) => {
            return Reply::error(format!("ERR command '{name}' is not simulated: `man redis-cli` lists what is not"));
        }
        None => {
            let shown: String = args.iter().map(|a| format!("'{a}' ")).collect();
            return Reply::error(format!("ERR unknown command '{first}', with args beginning with: {shown}"));
        }
    }
    answer(c, at, &name, args).unwrap_or_else(|error| error)
}

fn answer(c: &mut Ctx<'_>, at: &mut Place, name: &str, args: &[String]) -> Result<Reply, Reply> {
    let arg = |i: usize| args.get(i).map(String::as_str).unwrap_or_default();
    let text = |at: &Place, key: &str| match at.value(key) {
        Some(Item::Text(t)) => Ok(Some(t)),
        Some(Item::List(_)) => Err(Reply::error(WRONG_TYPE)),
        None => Ok(None),
    };
    let list = |at: &Place, key: &str| match at.value(key) {
        Some(Item::List(l)) => Ok(l),
        Some(Item::Text(_)) => Err(Reply::error(WRONG_TYPE)),
        None => Ok(Vec::new()),
    };
    Ok(match name {
        "ping" if args.is_empty() => Reply::Status("PONG".to_owned()),
        "ping" | "echo" => Reply::Bulk(arg(0).to_owned()),
        "auth" => Reply::error(
            "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
        ),
        "select" => {
            let Ok(db) = arg(0).parse::<i64>() else { return Err(Reply::error("ERR invalid DB index")) };
            at.db = u8::try_from(db).ok().filter(|d| *d < 16).ok_or(Reply::error("ERR DB index is out of range"))?;
            Reply::ok()
        }
        "dbsize" => Reply::int(at.size()),
        "get" => text(at, arg(0))?.map_or(Reply::Nil, Reply::Bulk),
        "mget" => {
            let one = |k: &String| text(at, k).ok().flatten().map_or(Reply::Nil, Reply::Bulk);
            Reply::Array(args.iter().map(one).collect())
        }
        "strlen" => Reply::int(text(at, arg(0))?.map_or(0, |t| t.len() as u64)),
        "exists" => Reply::int(args.iter().filter(|k| at.value(k).is_some()).count() as u64),
        "type" => Reply::Status(
            match at.value(arg(0)) {
                Some(Item::Text(_)) => "string",
                Some(Item::List(_)) => "list",
                None => "none",
            }
            .to_owned(),
        ),
        "ttl" => Reply::Int(at.ttl(arg(0))),
        "pttl" => match at.ttl(arg(0)) {
            s if s < 0 => Reply::Int(s),
            s => Reply::Int(s.saturating_mul(1_000)),
        },
        "llen" => Reply::int(list(at, arg(0))?.len() as u64),
        "lrange" => {
            let (all, from, to) = (list(at, arg(0))?, number(arg(1))?, number(arg(2))?);
            let len = i64::try_from(all.len()).unwrap_or(i64::MAX);
            let place = |i: i64| if i < 0 { len.saturating_add(i).max(0) } else { i };
            let (from, to) = (place(from), if to < 0 { len.saturating_add(to) } else { to });
            let from = usize::try_from(from).unwrap_or(0);
            let n = usize::try_from(to.saturating_add(1)).unwrap_or(0).saturating_sub(from);
            Reply::list(all.into_iter().skip(from).take(n))
        }
        "keys" => {
            if at.size() > WALK_MAX {
                return Err(Reply::error(format!("ERR KEYS of more than {WALK_MAX} keys is not simulated: use SCAN")));
            }
            let pattern = unquoted(arg(0));
            Reply::list(at.keys(0, WALK_MAX).0.into_iter().filter(|k| matches(&pattern, k)))
        }
        "scan" => scan(at, args)?,
        "set" | "setex" => set(c, at, name, args)?,
        "incr" => {
            let was = number(&text(at, arg(0))?.unwrap_or_else(|| "0".to_owned()))?;
            let Some(next) = was.checked_add(1) else {
                return Err(Reply::error("ERR increment or decrement would overflow"));
            };
            put(c, at, arg(0), Item::Text(next.to_string()), None)?;
            Reply::Int(next)
        }
        "rpush" | "lpush" => {
            let mut all = list(at, arg(0))?;
            for item in args.iter().skip(1) {
                let place = if name == "rpush" { all.len() } else { 0 };
                all.insert(place, item.clone());
            }
            let n = all.len() as u64;
            put(c, at, arg(0), Item::List(all), None)?;
            Reply::int(n)
        }
        "del" | "unlink" => {
            let mut there: Vec<String> = args.iter().filter(|k| at.value(k).is_some()).cloned().collect();
            there.sort();
            there.dedup();
            let n = there.len() as u64;
            if n > 0 {
                change(c, at, there, KeyAct::Delete)?;
            }
            Reply::int(n)
        }
        "expire" | "persist" => {
            let ttl = if name == "expire" { Some(number(arg(1))?) } else { None };
            if at.value(arg(0)).is_none() || (ttl.is_none() && at.ttl(arg(0)) == -1) {
                return Ok(Reply::Int(0));
            }
            let key = vec![arg(0).to_owned()];
            let stored = at.held().find(at.db, arg(0)).is_some();
            match ttl {
                Some(s) if s <= 0 => change(c, at, key, KeyAct::Delete)?,
                // When an object expires is up to whoever filled the cache.
                _ if !stored => {
                    return Err(Reply::error("ERR the expiry of a key that its origin filled is not simulated"));
                }
                s => change(c, at, key, KeyAct::Expire { ttl_s: s.and_then(|s| u64::try_from(s).ok()) })?,
            }
            Reply::Int(1)
        }
        "flushall" | "flushdb" => {
            if !args.is_empty() && !["async", "sync"].contains(&arg(0).to_lowercase().as_str()) {
                return Err(Reply::error("ERR syntax error"));
            }
            if name == "flushall" {
                ask(c, &at.info.name, ChangeEffect::Flush { cache: at.info.name.clone() }, "flush")?;
            } else {
                change(c, at, Vec::new(), KeyAct::Clear)?;
            }
            Reply::ok()
        }
        "info" => info::info(&at.info, at.port, args),
        "role" => Reply::Array(vec![Reply::Bulk("master".to_owned()), Reply::Int(0), Reply::Array(Vec::new())]),
        "time" => {
            let us = c.con.now_ms % 1_000 * 1_000;
            Reply::list([c.host.utc().0.to_string(), us.to_string()])
        }
        "client" | "config" | "slowlog" | "memory" => container(at, name, args)?,
        _ => Reply::Nil,
    })
}

/// Commands with subcommands.
fn container(at: &Place, name: &str, args: &[String]) -> Result<Reply, Reply> {
    let sub = args.first().map(|a| a.to_lowercase()).unwrap_or_default();
    Ok(match (name, sub.as_str(), args.len()) {
        ("client", "list", 1) => info::clients(&at.info, &at.address, at.port, at.db),
        ("client", "id", 1) => Reply::int(info::connected(&at.info) + 3),
        ("client", "getname", 1) => Reply::Nil,
        ("config", "get", n) if n > 1 => info::config(args.get(1..).unwrap_or_default()),
        // A command of a cache takes microseconds, whoever waits for it.
        ("slowlog", "get", _) => Reply::Array(Vec::new()),
        ("slowlog", "len", 1) => Reply::Int(0),
        ("slowlog", "reset", 1) => Reply::ok(),
        ("client", "kill" | "pause" | "setname" | "no-evict", _)
        | ("config", "set" | "rewrite" | "resetstat", _)
        | ("memory", "usage" | "doctor" | "stats" | "purge", _) => {
            return Err(Reply::error(format!(
                "ERR command '{name}|{sub}' is not simulated: `man redis-cli` lists what is not"
            )));
        }
        _ => {
            let shown = args.first().map(String::as_str).unwrap_or_default();
            let upper = name.to_uppercase();
            return Err(Reply::error(format!("ERR unknown subcommand '{shown}'. Try {upper} HELP.")));
        }
    })
}

fn scan(at: &Place, args: &[String]) -> Result<Reply, Reply> {
    let from: u64 = args.first().and_then(|a| a.parse().ok()).ok_or(Reply::error("ERR invalid cursor"))?;
    let (mut pattern, mut count, mut kind) = (None, 10, None);
    let mut rest = args.iter().skip(1);
    while let Some(word) = rest.next() {
        let value = rest.next().ok_or(Reply::error("ERR syntax error"))?;
        match word.to_lowercase().as_str() {
            "match" => pattern = Some(unquoted(value)),
            "count" => count = number(value)?,
            "type" => kind = Some(value.to_lowercase()),
            _ => return Err(Reply::error("ERR syntax error")),
        }
    }
    let most = u64::try_from(count).ok().filter(|n| *n > 0).ok_or(Reply::error("ERR syntax error"))?;
    let (keys, next) = at.keys(from, most.min(WALK_MAX));
    let fits = |k: &String| {
        let is = if matches!(at.value(k), Some(Item::List(_))) { "list" } else { "string" };
        pattern.as_ref().is_none_or(|p| matches(p, k)) && kind.as_ref().is_none_or(|t| t == is)
    };
    Ok(Reply::Array(vec![Reply::Bulk(next.to_string()), Reply::list(keys.into_iter().filter(fits))]))
}

/// `SET KEY VALUE [NX|XX] [EX S|PX MS]` and `SETEX KEY S VALUE`.
fn set(c: &mut Ctx<'_>, at: &Place, name: &str, args: &[String]) -> Result<Reply, Reply> {
    let arg = |i: usize| args.get(i).map(String::as_str).unwrap_or_default();
    let bad_time = || Reply::error(format!("ERR invalid expire time in '{name}' command"));
    let seconds = |text: &str, unit: u64| {
        let n = u64::try_from(number(text)?).ok().filter(|n| *n > 0).ok_or_else(bad_time)?;
        Ok(Some(n.div_ceil(unit)))
    };
    if name == "setex" {
        let ttl_s = seconds(arg(1), 1)?;
        put(c, at, arg(0), Item::Text(arg(2).to_owned()), ttl_s)?;
        return Ok(Reply::ok());
    }
    let (mut ttl_s, mut wants) = (None, None);
    let mut rest = args.iter().skip(2);
    while let Some(word) = rest.next() {
        let syntax = || Reply::error("ERR syntax error");
        match word.to_lowercase().as_str() {
            "nx" => wants = Some(false),
            "xx" => wants = Some(true),
            "ex" => ttl_s = seconds(rest.next().ok_or_else(syntax)?, 1)?,
            "px" => ttl_s = seconds(rest.next().ok_or_else(syntax)?, 1_000)?,
            _ => return Err(syntax()),
        }
    }
    if wants.is_some_and(|there| at.value(arg(0)).is_some() != there) {
        return Ok(Reply::Nil);
    }
    put(c, at, arg(0), Item::Text(arg(1).to_owned()), ttl_s)?;
    Ok(Reply::ok())
}

fn put(c: &mut Ctx<'_>, at: &Place, key: &str, item: Item, ttl_s: Option<u64>) -> Result<(), Reply> {
    if at.db == 0 && at.held().number(key).is_some() {
        return Err(Reply::error("ERR writing a key that its origin fills is not simulated: take it out with DEL"));
    }
    change(c, at, vec![key.to_owned()], KeyAct::Set { item, ttl_s })
}

fn change(c: &mut Ctx<'_>, at: &Place, keys: Vec<String>, act: KeyAct) -> Result<(), Reply> {
    let verb = act.word();
    ask(c, &at.info.name, ChangeEffect::Keys { cache: at.info.name.clone(), db: at.db, keys, act }, verb)
}

/// Asks the world; a seat that may not is one whose user has no right to the command.
fn ask(c: &mut Ctx<'_>, cache: &str, effect: ChangeEffect, verb: &str) -> Result<(), Reply> {
    c.apply(&Effect::Change(effect), verb, cache).map(|_| ()).map_err(|why| {
        let denied = why.contains("permission denied");
        Reply::error(if denied {
            format!("NOPERM this user has no permissions to run the '{verb}' command ({why})")
        } else {
            why
        })
    })
}
