//! A connection: which member answers, as whom, and what the client says if none does.

use super::error::MyError;
use super::server::Server;
use crate::console::tool::Ctx;
use crate::scenario::{ObservedKind, StoreEngine};
use crate::sim::store::MemberRow;
use serde::Serialize;

/// Who is asked, as whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Target {
    /// Host as typed; the socket of this machine if none.
    pub host: Option<String>,
    pub port: u16,
    pub user: String,
    /// Whether a password was given.
    pub password: bool,
    pub schema: String,
}

const SOCKET: &str = "/var/run/mysqld/mysqld.sock";

impl Target {
    /// From the options, as all programs of this client have them; the error is printed.
    pub fn of(c: &Ctx<'_>) -> Result<Target, String> {
        let a = &c.args;
        let port = a.get("P").unwrap_or("3306");
        let Ok(port) = port.parse() else {
            return Err(format!(
                "{}: [ERROR] Unknown suffix '{port}' used for variable 'port' (value '{port}').\n",
                c.tool.name
            ));
        };
        Ok(Target {
            host: a.get("h").filter(|h| !matches!(*h, "" | "localhost")).map(str::to_owned),
            port,
            user: a.get("u").filter(|u| !u.is_empty()).map_or_else(|| c.p.user.clone(), str::to_owned),
            password: a.has("p"),
            schema: String::new(),
        })
    }

    /// Connects; the error is the server's or the client's own.
    pub fn connect(&self, c: &mut Ctx<'_>) -> Result<Server, MyError> {
        let on = c.on();
        let local = matches!(self.host.as_deref(), None | Some("127.0.0.1" | "::1"));
        let name = if local { on.clone() } else { self.host.clone().unwrap_or_default() };
        let addresses = c.host.lookup(&on, &name);
        let shown = self.host.as_deref().unwrap_or("localhost");
        let failed = |errno: u8| match &self.host {
            None => MyError::new(
                2002,
                "HY000",
                format!("Can't connect to local MySQL server through socket '{SOCKET}' (2)"),
            ),
            Some(h) => {
                MyError::new(2003, "HY000", format!("Can't connect to MySQL server on '{h}:{}' ({errno})", self.port))
            }
        };
        let found = c.host.stores().into_iter().filter(|s| s.engine == StoreEngine::MySql).find_map(|s| {
            let is = |m: &MemberRow| {
                m.host.as_deref() == Some(name.as_str())
                    || m.name == name
                    || addresses.iter().any(|a| m.host.as_ref() == Some(a))
            };
            s.members.iter().find(|m| is(m)).cloned().map(|m| (s, m))
        });
        let Some((info, member)) = found else {
            return Err(match (&self.host, addresses.is_empty(), c.host.ping(&on, &name)) {
                (Some(_), true, None) if !local => {
                    MyError::new(2005, "HY000", format!("Unknown MySQL server host '{shown}' (-2)"))
                }
                (_, _, Some(p)) if p.rtt_us.is_none() => failed(110),
                _ => failed(111),
            });
        };
        c.see(ObservedKind::Process, info.name.clone(), Some(info.service.clone()));
        if !local
            && let Some(p) = c.host.ping(&on, member.host.as_deref().unwrap_or(&member.name))
            && p.rtt_us.is_none()
        {
            return Err(failed(110));
        }
        if !member.up || (self.host.is_some() && self.port != info.engine.port()) {
            return Err(failed(111));
        }
        // Who may come in: a machine's user as the account of that name, from anywhere; root only from its own machine.
        let from = if local { "localhost".to_owned() } else { on.clone() };
        let os = c.p.user.as_str();
        if self.user != os || (self.user == "root" && !local) {
            let using = if self.password { "YES" } else { "NO" };
            return Err(match (self.user.as_str(), local) {
                ("root", true) => MyError::new(1698, "28000", "Access denied for user 'root'@'localhost'"),
                (u, _) => {
                    let said = format!("Access denied for user '{u}'@'{from}' (using password: {using})");
                    MyError::new(1045, "28000", said)
                }
            });
        }
        // One more connection is kept for whoever administers the server.
        let full = info.refusal.as_deref().is_some_and(|s| s.contains("Too many connections"));
        if member.leader && full && self.user != "root" {
            return Err(MyError::new(1040, "HY000", "Too many connections"));
        }
        let host = member.host.clone();
        let units = host.as_deref().map(|h| c.host.units(h)).unwrap_or_default();
        let since = units.iter().find(|u| u.service.as_deref() == Some(info.service.as_str())).map(|u| u.since);
        let now = c.host.utc();
        let uptime_s = match since {
            Some(t) => u64::try_from(now.0.saturating_sub(t.0)).unwrap_or(0),
            None => c.host.uptime_s(host.as_deref().unwrap_or(&on)),
        };
        let mut server = Server { info, member, now, uptime_s, user: self.user.clone(), from, schema: String::new() };
        if !self.schema.is_empty() {
            server.schema = server.schema_of(&self.schema)?;
        }
        Ok(server)
    }
}
