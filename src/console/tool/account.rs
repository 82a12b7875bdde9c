//! id, whoami, groups, logname, users: who somebody is on a host.

use super::machine::uid;
use super::{Ctx, Decl, Step, flag};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "id",
        synopsis: "[-ugGnrz] [USER]...",
        about: "print user and group IDs",
        opts: &[
            flag("u", "user", "print only the effective user ID"),
            flag("g", "group", "print only the effective group ID"),
            flag("G", "groups", "print all group IDs"),
            flag("n", "name", "print a name instead of a number, for -ugG"),
            flag("r", "real", "print the real ID instead of the effective ID, with -ugG"),
            flag("z", "zero", "delimit entries with NUL characters, not whitespace"),
        ],
        examples: &[
            ("id", "uid=1000(primary) gid=1000(primary) groups=1000(primary)\n"),
            ("id -un", "primary\n"),
            ("id nobody-here", "id: ‘nobody-here’: no such user\n"),
        ],
        step: id,
        ..Decl::BLANK
    },
    Decl {
        name: "whoami",
        about: "print the user name",
        examples: &[("whoami", "primary\n")],
        step: |c| {
            if let Some(extra) = c.args.at(0).map(str::to_owned) {
                return c.misuse(&format!("extra operand ‘{extra}’"), 1);
            }
            name(c)
        },
        ..Decl::BLANK
    },
    Decl {
        name: "logname",
        about: "print the user's login name",
        examples: &[("logname", "primary\n")],
        step: |c| {
            // Under sudo it is still who logged in.
            let seat = c.con.terminal(c.p.terminal).map(|t| t.user.clone());
            let user = seat.unwrap_or_else(|| c.p.user.clone());
            c.line(&user);
            Step::Exit(0)
        },
        ..Decl::BLANK
    },
    Decl {
        name: "users",
        about: "print the names of users who are logged in",
        examples: &[("users", "primary\n")],
        step: name,
        ..Decl::BLANK
    },
    Decl {
        name: "groups",
        synopsis: "[USERNAME]...",
        about: "print the groups a user is in",
        examples: &[("groups", "primary\n"), ("groups root", "root : root\n")],
        step: groups,
        ..Decl::BLANK
    },
];

/// The number of a group: each user's own has the user's number.
pub(crate) fn group_id(name: &str) -> u32 {
    name.parse().unwrap_or_else(|_| crate::sim::gid(name))
}

/// The number of a user.
pub(crate) fn user_id(name: &str) -> u32 {
    name.parse().unwrap_or_else(|_| uid(name))
}

/// Users that every machine knows.
const SYSTEM: [&str; 8] = ["root", "daemon", "bin", "sys", "mail", "www-data", "backup", "nobody"];

/// Whether a host knows a user or group of this name.
pub(crate) fn exists(c: &Ctx<'_>, name: &str) -> bool {
    is_user(c, name) || matches!(name, "sudo" | "adm" | "staff" | "users")
}

/// Whether a host knows a user of this name.
fn is_user(c: &Ctx<'_>, name: &str) -> bool {
    let on = c.on();
    let listed = |text: String| text.lines().any(|l| l.split(':').next() == Some(name));
    SYSTEM.contains(&name)
        || c.host.read(&on, "/etc/passwd").is_ok_and(listed)
        || name == c.p.user
        || c.con.terminal(c.p.terminal).is_some_and(|t| t.user == name)
        || c.stat(&crate::console::path::home(name)).is_some_and(|s| s.owner == name)
        || c.host.processes(&on).iter().any(|p| p.user == name)
}

/// The groups of a user, its own first.
pub(crate) fn groups_of(c: &Ctx<'_>, user: &str) -> Vec<String> {
    let mut all = vec![user.to_owned()];
    let caller = c.caller();
    if user != "root" && user == caller.user && c.host.may(&caller, &format!("sudo:{}", c.p.host)) {
        all.push("sudo".to_owned());
    }
    all
}

fn name(c: &mut Ctx<'_>) -> Step {
    let user = c.p.user.clone();
    c.line(&user);
    Step::Exit(0)
}

fn id(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let asked = ["u", "g", "G"].iter().filter(|k| a.has(k)).count();
    if asked > 1 {
        c.error("cannot print \"only\" of more than one choice");
        return Step::Exit(1);
    }
    if asked == 0 && (a.has("n") || a.has("r")) {
        c.error("cannot print only names or real IDs in default format");
        return Step::Exit(1);
    }
    let names = if a.rest.is_empty() { vec![c.p.user.clone()] } else { a.rest.clone() };
    for user in names {
        if !is_user(c, &user) {
            c.error(&format!("‘{user}’: no such user"));
            continue;
        }
        let n = uid(&user);
        let groups = groups_of(c, &user);
        let end = if a.has("z") { "\0" } else { "\n" };
        let text = if a.has("u") || a.has("g") {
            if a.has("n") { user } else { n.to_string() }
        } else if a.has("G") {
            let all: Vec<String> =
                groups.iter().map(|g| if a.has("n") { g.clone() } else { group_id(g).to_string() }).collect();
            all.join(if a.has("z") { "\0" } else { " " })
        } else {
            let all: Vec<String> = groups.iter().map(|g| format!("{}({g})", group_id(g))).collect();
            format!("uid={n}({user}) gid={n}({user}) groups={}", all.join(","))
        };
        c.print(&text);
        c.print(end);
    }
    Step::Exit(c.tool.status)
}

fn groups(c: &mut Ctx<'_>) -> Step {
    let names = c.args.rest.clone();
    if names.is_empty() {
        let all = groups_of(c, &c.p.user.clone());
        c.line(&all.join(" "));
    }
    for user in names {
        if exists(c, &user) {
            let all = groups_of(c, &user);
            c.line(&format!("{user} : {}", all.join(" ")));
        } else {
            c.error(&format!("‘{user}’: no such user"));
        }
    }
    Step::Exit(c.tool.status)
}
