//! A connection: which member answers, as whom, and what psql says if none does.

use crate::console::tool::Ctx;
use crate::console::tool::data::sql::{Engine, Server};
use crate::scenario::{ObservedKind, StoreEngine};
use serde::Serialize;

/// Who is asked, as whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::console::tool::data) struct Target {
    /// Host as typed; the socket of this machine if none.
    pub host: Option<String>,
    pub port: String,
    pub role: String,
    /// Database as typed; the server's own if none.
    pub database: Option<String>,
}

impl Target {
    /// From the options, the words, a connection text and the environment, in psql's order.
    pub fn of(c: &Ctx<'_>) -> Target {
        let a = &c.args;
        let env = |name: &str| c.p.env.get(name).map(|v| v.text.clone());
        let option =
            |key: &str, name: &str| a.get(key).map(str::to_owned).or_else(|| env(name)).filter(|v| !v.is_empty());
        let mut target = Target {
            host: option("h", "PGHOST").filter(|h| !h.starts_with('/')),
            port: option("p", "PGPORT").unwrap_or_else(|| "5432".to_owned()),
            role: option("U", "PGUSER").or_else(|| a.at(1).map(str::to_owned)).unwrap_or_else(|| c.p.user.clone()),
            database: a.get("d").or_else(|| a.at(0)).map(str::to_owned).or_else(|| env("PGDATABASE")),
        };
        if let Some(text) = target.database.clone() {
            target.read(&text);
        }
        target
    }

    /// `postgresql://role@host:port/database` and `host=… user=… dbname=…`.
    fn read(&mut self, text: &str) {
        if let Some(uri) = text.strip_prefix("postgresql://").or_else(|| text.strip_prefix("postgres://")) {
            let uri = uri.split('?').next().unwrap_or_default();
            let (place, database) = uri.split_once('/').unwrap_or((uri, ""));
            let (who, place) = place.rsplit_once('@').unwrap_or(("", place));
            let (host, port) = place.split_once(':').unwrap_or((place, ""));
            let role = who.split(':').next().unwrap_or_default();
            self.database = Some(database.to_owned()).filter(|d| !d.is_empty());
            for (field, value) in [(&mut self.port, port), (&mut self.role, role)] {
                if !value.is_empty() {
                    value.clone_into(field);
                }
            }
            if !host.is_empty() {
                self.host = Some(host.to_owned());
            }
        } else if text.contains('=') {
            self.database = None;
            for (key, value) in text.split_whitespace().filter_map(|w| w.split_once('=')) {
                match key {
                    "host" => self.host = Some(value.to_owned()),
                    "port" => value.clone_into(&mut self.port),
                    "user" => value.clone_into(&mut self.role),
                    "dbname" => self.database = Some(value.to_owned()),
                    _ => {}
                }
            }
        }
    }

    /// Connects; the error is what psql prints after `psql: error: `.
    pub fn connect(&self, c: &mut Ctx<'_>) -> Result<Engine, String> {
        let on = c.on();
        let name = self.host.clone().unwrap_or_else(|| on.clone());
        let name = if matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1") { on.clone() } else { name };
        let addresses = c.host.lookup(&on, &name);
        let socket = format!("connection to server on socket \"/var/run/postgresql/.s.PGSQL.{}\" failed: ", self.port);
        let head = match (&self.host, addresses.first()) {
            (None, _) => socket.clone(),
            (Some(h), Some(a)) if h != a => {
                format!("connection to server at \"{h}\" ({a}), port {} failed: ", self.port)
            }
            (Some(h), _) => format!("connection to server at \"{h}\", port {} failed: ", self.port),
        };
        let stores = c.host.stores();
        let found = stores.into_iter().filter(|s| s.engine == StoreEngine::PostgreSql).find_map(|s| {
            let is = |m: &crate::sim::store::MemberRow| {
                m.host.as_deref() == Some(name.as_str())
                    || m.name == name
                    || addresses.iter().any(|a| m.host.as_ref() == Some(a))
            };
            s.members.iter().find(|m| is(m)).cloned().map(|m| (s, m))
        });
        let Some((info, member)) = found else {
            return Err(match (&self.host, addresses.is_empty(), c.host.ping(&on, &name)) {
                (None, ..) => format!(
                    "{head}No such file or directory\n\tIs the server running locally and accepting connections on that socket?"
                ),
                (Some(h), true, None) => {
                    format!("could not translate host name \"{h}\" to address: Name or service not known")
                }
                (_, _, Some(p)) if p.rtt_us.is_none() => format!(
                    "{head}Connection timed out\n\tIs the server running on that host and accepting TCP/IP connections?"
                ),
                _ => format!(
                    "{head}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?"
                ),
            });
        };
        c.see(ObservedKind::Process, info.name.clone(), Some(info.service.clone()));
        if self.host.is_some()
            && let Some(p) = c.host.ping(&on, member.host.as_deref().unwrap_or(&member.name))
            && p.rtt_us.is_none()
        {
            return Err(format!(
                "{head}Connection timed out\n\tIs the server running on that host and accepting TCP/IP connections?"
            ));
        }
        if !member.up || self.port != "5432" {
            return Err(match self.host {
                None => format!(
                    "{head}No such file or directory\n\tIs the server running locally and accepting connections on that socket?"
                ),
                Some(_) => format!(
                    "{head}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?"
                ),
            });
        }
        // Who may come in: a machine's user as the role of that name, from anywhere; the superuser only from its own account.
        let os = c.p.user.as_str();
        if self.role == "postgres" && os != "postgres" {
            return Err(match self.host {
                None => format!("{head}FATAL:  Peer authentication failed for user \"postgres\""),
                Some(_) => format!("{head}fe_sendauth: no password supplied"),
            });
        }
        if self.role != os {
            let known = ["app", "replicator", "postgres"].contains(&self.role.as_str());
            return Err(match (known, &self.host) {
                (true, Some(_)) => format!("{head}fe_sendauth: no password supplied"),
                (true, None) => format!("{head}FATAL:  Peer authentication failed for user \"{}\"", self.role),
                (false, _) => format!("{head}FATAL:  role \"{}\" does not exist", self.role),
            });
        }
        // What ends a statement keeps nobody from coming in.
        if let Some(said) = info.refusal.as_deref().filter(|s| member.leader && s.starts_with("FATAL:")) {
            // Slots are kept for superusers; a server that starts up has none for anybody.
            let full = said.contains("too many clients") || said.contains("remaining connection slots");
            if !(full && self.role == "postgres") {
                let said = said.trim_start_matches("FATAL:").trim();
                return Err(format!("{head}FATAL:  {said}"));
            }
        }
        if let Some(d) = self.database.as_deref().filter(|d| *d != info.database && *d != "postgres") {
            return Err(format!("{head}FATAL:  database \"{d}\" does not exist"));
        }
        let places = info.members.iter().filter_map(|m| {
            let a = c.host.lookup(&on, m.host.as_deref().unwrap_or(&m.name)).into_iter().next()?;
            Some((m.name.clone(), a))
        });
        let addresses = places.collect();
        let client = self.host.as_ref().and_then(|_| c.host.lookup(&on, &on).into_iter().next());
        Ok(Engine::new(Server { addresses, now: c.host.utc(), role: self.role.clone(), client, info, member }))
    }
}
