//! Whether a port of something can be reached, as `nc`, `telnet` and `openssl` find out: who listens, and what lies between.

use crate::console::host::{HttpFailure, HttpRequest, NameKind, Source};
use crate::console::tool::Ctx;
use crate::scenario::ObservedKind;

/// Seconds after which a connection that nothing answers is given up: the kernel's own patience.
pub(super) const PATIENCE_MS: u64 = 130_000;

/// What came of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// No such name.
    Unresolved,
    /// Something listens there; its address.
    Open(String),
    /// Nothing listens.
    Refused(String),
    /// Nothing answers.
    Silent(String),
}

/// The host of a name or address, if it is a machine.
pub(super) fn machine(c: &Ctx<'_>, name: &str) -> Option<String> {
    if matches!(name, "localhost" | "127.0.0.1" | "::1") {
        return Some(c.on());
    }
    let who = c.con.caller(c.p);
    let hosts = c.host.names(&who, NameKind::Host);
    hosts.iter().find(|h| *h == name).or_else(|| hosts.iter().find(|h| c.host.address(h) == name)).cloned()
}

/// Tries to connect to a port.
pub(super) fn connect(c: &mut Ctx<'_>, name: &str, port: u16) -> Reach {
    let on = c.on();
    if let Some(to) = machine(c, name) {
        let address = if to == on && name != to { "127.0.0.1".to_owned() } else { c.host.address(&to) };
        let service = c.host.service_of(&to);
        c.see(ObservedKind::Request, format!("{to}:{port}"), service);
        if to != on && c.host.ping(&on, &to).is_none_or(|p| p.rtt_us.is_none()) {
            return Reach::Silent(address);
        }
        let open = c.host.listeners(&to).iter().any(|l| l.port == port && (to == on || l.address != "127.0.0.1"));
        return if open { Reach::Open(address) } else { Reach::Refused(address) };
    }
    let Some(address) = c.host.lookup(&on, name).into_iter().next() else {
        c.see(ObservedKind::Request, format!("dns:{name}"), None);
        return Reach::Unresolved;
    };
    let scheme = if port == 80 { "http" } else { "https" };
    let url = format!("{scheme}://{name}/");
    let request = HttpRequest { method: "HEAD".into(), url, hop: 0, insecure: true };
    let (source, found): (Source, Result<(), HttpFailure>) = match c.host.http(&on, &request) {
        Ok(reply) => (reply.source, Ok(())),
        Err(e) => (e.source, Err(e.failure)),
    };
    // What a port says is not what a user gets.
    c.p.sources.insert(Source { user_facing: false, ..source.clone() });
    let own = source.service.as_deref().and_then(|s| c.host.service_port(s));
    match found {
        Err(HttpFailure::Resolve(_)) => Reach::Unresolved,
        Err(HttpFailure::Silent(..)) => Reach::Silent(address),
        Err(HttpFailure::Refused(..)) => Reach::Refused(address),
        // A load balancer lets through what it serves, and drops the rest.
        _ if matches!(port, 80 | 443) || own == Some(port) => Reach::Open(address),
        _ => Reach::Silent(address),
    }
}
