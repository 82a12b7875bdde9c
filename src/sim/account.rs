//! Files of every machine that follow from its world: who has an account there and in which group, and whom it asks
//! for names.

use super::World;
use crate::scenario::Scenario;
use std::collections::BTreeSet;

/// Accounts of every machine: name, number, what it is, home, shell.
const SYSTEM: [(&str, u32, &str, &str, &str); 8] = [
    ("root", 0, "root", "/root", "/bin/bash"),
    ("daemon", 1, "daemon", "/usr/sbin", "/usr/sbin/nologin"),
    ("bin", 2, "bin", "/bin", "/usr/sbin/nologin"),
    ("sys", 3, "sys", "/dev", "/usr/sbin/nologin"),
    ("mail", 8, "mail", "/var/mail", "/usr/sbin/nologin"),
    ("www-data", 33, "www-data", "/var/www", "/usr/sbin/nologin"),
    ("backup", 34, "backup", "/var/backups", "/usr/sbin/nologin"),
    ("nobody", 65_534, "nobody", "/nonexistent", "/usr/sbin/nologin"),
];

/// The number of a user: 0 for root, from 1000 for people, and one below 1000 for the user of a service.
pub fn uid(user: &str) -> u32 {
    if let Some(known) = SYSTEM.iter().find(|a| a.0 == user) {
        return known.1;
    }
    match user {
        "postgres" => 106,
        "mysql" => 107,
        "primary" | "oncall" => 1_000,
        "admin" => 1_001,
        other => 900 + other.bytes().fold(7u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b))) % 99,
    }
}

/// Home directory of a user.
pub fn home(user: &str) -> String {
    SYSTEM.iter().find(|a| a.0 == user).map_or_else(|| format!("/home/{user}"), |a| a.3.to_owned())
}

/// Groups that are nobody's own: name and number.
const GROUPS: [(&str, u32); 4] = [("adm", 4), ("sudo", 27), ("staff", 50), ("users", 100)];

/// `/etc/group`: everybody's own group, and those of several; `sudoer` is in `sudo`.
fn groups(passwd: &str, sudoer: &str) -> String {
    let own = passwd.lines().filter_map(|l| {
        let mut parts = l.split(':');
        Some((parts.next()?, parts.nth(1)?.parse().ok()?, ""))
    });
    let shared = GROUPS.iter().map(|(name, id)| (*name, *id, if *name == "sudo" { sudoer } else { "" }));
    let mut all: Vec<(&str, u32, &str)> = own.chain(shared).collect();
    all.sort_by_key(|g| (g.1, g.0));
    all.iter().map(|(name, id, who)| format!("{name}:x:{id}:{who}\n")).collect()
}

/// The number of a group: each user's own has the user's number.
pub fn gid(name: &str) -> u32 {
    GROUPS.iter().find(|g| g.0 == name).map_or_else(|| uid(name), |g| g.1)
}

impl World {
    /// Lays `/etc/passwd`, `/etc/group` and `/etc/resolv.conf` on every machine that brings none of its own.
    pub(super) fn write_accounts(&mut self, scenario: &Scenario) {
        let hosts: Vec<String> = self.hosts.keys().cloned().collect();
        for name in hosts {
            let mut users: BTreeSet<String> = self.processes(&name).into_iter().map(|p| p.user).collect();
            users.insert(scenario.you.user.clone());
            if name != scenario.you.host {
                users.insert("admin".to_owned());
            }
            // Replicas that the platform moves about run as this one, on whichever machine.
            users.insert("app".to_owned());
            users.extend(self.hosts.get(&name).into_iter().flat_map(|h| h.vfs.all()).map(|(_, n)| n.owner.clone()));
            let people = |user: &String| *user == scenario.you.user || user == "admin";
            let mut rest: Vec<&String> = users.iter().filter(|u| !SYSTEM.iter().any(|a| a.0 == **u)).collect();
            rest.sort_by_key(|u| (uid(u), *u));
            let mut text: String = SYSTEM
                .iter()
                .map(|(user, id, about, home, shell)| format!("{user}:x:{id}:{id}:{about}:{home}:{shell}\n"))
                .collect();
            for user in rest {
                let (id, shell) = (uid(user), if people(user) { "/bin/bash" } else { "/usr/sbin/nologin" });
                text.push_str(&format!("{user}:x:{id}:{id}::{}:{shell}\n", home(user)));
            }
            let may = scenario.you.may.iter().any(|m| *m == format!("sudo:{name}"));
            let group = groups(&text, if may { &scenario.you.user } else { "" });
            let servers = self.resolv_conf(&name);
            let at = scenario.t0.utc.plus(scenario.opens.0);
            if let Some(h) = self.hosts.get_mut(&name) {
                h.vfs.configure("/etc/passwd", text, at);
                h.vfs.configure("/etc/group", group, at);
                h.vfs.configure("/etc/resolv.conf", servers, at);
            }
        }
    }

    fn resolv_conf(&self, host: &str) -> String {
        format!("nameserver {}\n", self.net.resolver_of(host))
    }

    /// Writes anew whom machines ask for names, where that has changed.
    pub(in crate::sim) fn point_resolvers(&mut self) {
        let now = self.utc();
        let texts: Vec<String> = self.hosts.keys().map(|h| self.resolv_conf(h)).collect();
        for (h, text) in self.hosts.values_mut().zip(texts) {
            if h.vfs.read("/etc/resolv.conf").is_ok_and(|was| was != text) {
                h.vfs.lay("/etc/resolv.conf", super::vfs::Content::text(text), "root", None, now);
            }
        }
    }
}
