//! ssh, sudo, su, watch: tools that run other commands.

use crate::console::host::NameKind;
use crate::console::path;
use crate::console::process::Fd;
use crate::console::tool::launch::child;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words, flag, value};
use crate::console::{builtin, tool};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ssh",
        synopsis: "[USER@]HOST [COMMAND]",
        about: "OpenSSH remote login client",
        opts: &[flag("t", "", "accepted; a terminal is always there"), value("l", "", "USER", "log in as USER")],
        subs: &[],
        operand: Operand::Name(NameKind::Host),
        style: Style::Gnu,
        examples: &[
            ("ssh web-01 hostname", "web-01\n"),
            ("ssh db-01", "primary@db-01: Permission denied (publickey).\n"),
            ("ssh nowhere", "ssh: Could not resolve hostname nowhere: Name or service not known\n"),
        ],
        step: ssh,
        words: Words::Prefix,
        ..Decl::BLANK
    },
    Decl {
        name: "sudo",
        synopsis: "[-u USER] COMMAND | -l | -i | -s",
        about: "execute a command as the superuser or another user",
        opts: &[
            flag("n", "non-interactive", "accepted; no password is ever asked here"),
            flag("E", "preserve-env", "accepted; the environment stays as it is"),
            flag("l", "list", "what you may run on this host"),
            flag("i", "login", "a shell as that user"),
            flag("s", "shell", "a shell as that user"),
            value("u", "user", "USER", "run as USER (root)"),
        ],
        subs: &[],
        operand: Operand::Tool,
        style: Style::Gnu,
        examples: &[
            ("sudo whoami", "primary is not in the sudoers file.  This incident will be reported.\n"),
            ("ssh web-01 sudo whoami", "root\n"),
        ],
        step: sudo,
        words: Words::Prefix,
        ..Decl::BLANK
    },
    Decl {
        name: "su",
        synopsis: "[-] [-c COMMAND] [USER]",
        about: "become another user; root needs no password, nobody else has one here",
        opts: &[
            flag("l", "login", "a login shell (`-` too)"),
            flag("m", "preserve-environment", "accepted; the environment stays as it is"),
            value("c", "command", "COMMAND", "pass COMMAND to the shell"),
            value("s", "shell", "SHELL", "accepted; the shell is bash"),
        ],
        operand: Operand::Free,
        examples: &[
            ("su -", "Password: \nsu: Authentication failure\n"),
            ("ssh web-01 sudo su -c whoami", "root\n"),
            (
                "ssh web-01 sudo su nosuch",
                "su: user nosuch does not exist or the user entry does not contain all the required fields\n",
            ),
        ],
        step: su,
        ..Decl::BLANK
    },
    Decl {
        name: "watch",
        synopsis: "[OPTION]... COMMAND",
        about: "execute a command periodically; Ctrl-C ends it",
        opts: &[
            value("n", "interval", "SECONDS", "seconds to wait between updates (2)"),
            flag("t", "no-title", "turn off header"),
            flag("x", "exec", "pass the command to exec instead of to a shell"),
            flag("d", "differences", "accepted; changes are not highlighted"),
            flag("b", "beep", "accepted; nothing beeps"),
        ],
        subs: &[],
        operand: Operand::Tool,
        style: Style::Gnu,
        examples: &[("watch", "watch: no command given\n")],
        step: watch,
        words: Words::Prefix,
        ..Decl::BLANK
    },
];

fn fork_failed(c: &mut Ctx<'_>) -> Step {
    c.error("cannot fork: Resource temporarily unavailable");
    Step::Exit(1)
}

/// Joins words so that a shell reads them as the same words again.
pub(crate) fn quote(words: &[String]) -> String {
    let one = |w: &String| {
        let plain = !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || "_-./:@%+,=".contains(c));
        if plain { w.clone() } else { format!("'{}'", w.replace('\'', "'\\''")) }
    };
    words.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn ssh(c: &mut Ctx<'_>) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(status)) => {
            if c.tool.phase == 1 {
                let name = c.tool.text.clone();
                c.p.sources.clear();
                c.p.err.push_str(&format!("Connection to {name} closed.\n"));
            }
            return Step::Exit(status);
        }
        None => {}
    }
    let a = c.args.clone();
    let Some((dest, command)) = a.rest.split_first() else {
        c.p.err.push_str("usage: ssh [-l login_name] [user@]destination [command]\n");
        return Step::Exit(255);
    };
    let (user, name) = match dest.split_once('@') {
        Some((u, n)) => (u.to_owned(), n.to_owned()),
        None => (a.get("l").unwrap_or(&c.p.user).to_owned(), dest.clone()),
    };
    let who = c.caller();
    if user != who.user {
        c.p.err.push_str(&format!("{user}@{name}: Permission denied (publickey).\n"));
        return Step::Exit(255);
    }
    if let Err(text) = c.host.ssh(&who, &name) {
        c.p.err.push_str(&format!("{text}\n"));
        return Step::Exit(255);
    }
    let depth = c.con.terminal(c.p.terminal).map_or(0, |t| t.shells.len());
    if depth >= 8 {
        c.p.err.push_str("ssh: too many nested sessions on this terminal\n");
        return Step::Exit(255);
    }
    c.tool.text.clone_from(&name);
    if command.is_empty() {
        if !crate::console::tool::text::interactive(c) {
            c.p.err.push_str("Pseudo-terminal will not be allocated because stdin is not a terminal.\n");
            return Step::Exit(255);
        }
        c.tool.phase = 1;
        let pid = c.con.login(c.p.terminal, c.p.pid, &name, &user);
        c.tool.child = Some(pid);
        return Step::More;
    }
    let mut there = c.p.clone();
    there.host = name;
    there.cwd = path::home(&user);
    match c.con.spawn_text(&there, &command.join(" "), c.p.fds) {
        Ok(pid) => {
            c.tool.child = Some(pid);
            Step::More
        }
        Err(text) => {
            c.p.err.push_str(&format!("{text}\n"));
            Step::Exit(2)
        }
    }
}

/// Runs a command line as a child and ends with its status.
pub(crate) fn run_command(c: &mut Ctx<'_>, words: &[String]) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(status)) => return Step::Exit(status),
        None => {}
    }
    let name = words.first().cloned().unwrap_or_default();
    if tool::find(&name).is_none() && !builtin::is(&name) {
        c.error(&format!("‘{name}’: No such file or directory"));
        return Step::Exit(127);
    }
    let made = if builtin::is(&name) {
        c.con.spawn_text(&c.p.clone(), &quote(words), c.p.fds).ok()
    } else {
        c.con.spawn_tool(&c.p.clone(), c.p.fds, words)
    };
    match made {
        Some(pid) => {
            c.tool.child = Some(pid);
            Step::More
        }
        None => fork_failed(c),
    }
}

/// Whether a machine knows a user: a program runs as it, or its accounts list it.
fn knows(c: &Ctx<'_>, user: &str) -> bool {
    let on = c.on();
    let listed = |text: String| text.lines().any(|l| l.split(':').next() == Some(user));
    user == "root"
        || user == c.p.user
        || c.host.processes(&on).iter().any(|p| p.user == user)
        || c.host.read(&on, "/etc/passwd").is_ok_and(listed)
}

fn su(c: &mut Ctx<'_>) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(status)) => return Step::Exit(status),
        None => {}
    }
    let user = c.args.rest.iter().find(|w| *w != "-").map_or("root", String::as_str).to_owned();
    if !knows(c, &user) {
        c.error(&format!("user {user} does not exist or the user entry does not contain all the required fields"));
        return Step::Exit(1);
    }
    if c.p.user != "root" {
        let on = c.on();
        c.refuse("su", &format!("{on}:{user}"), "no password is known");
        c.p.err.push_str("Password: \nsu: Authentication failure\n");
        return Step::Exit(1);
    }
    let Some(command) = c.args.get("c").map(str::to_owned) else {
        if !crate::console::tool::text::interactive(c) {
            return Step::Exit(0);
        }
        let on = c.on();
        let pid = c.con.login(c.p.terminal, c.p.pid, &on, &user);
        c.tool.child = Some(pid);
        return Step::More;
    };
    let mut there = c.p.clone();
    there.user = user;
    match c.con.spawn_text(&there, &command, c.p.fds) {
        Ok(pid) => {
            c.tool.child = Some(pid);
            Step::More
        }
        Err(text) => {
            c.p.err.push_str(&format!("{text}\n"));
            Step::Exit(2)
        }
    }
}

fn sudo(c: &mut Ctx<'_>) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(status)) => return Step::Exit(status),
        None => {}
    }
    let mut words = c.args.rest.clone();
    let who = c.caller();
    let on = c.on();
    let may = who.user == "root" || c.host.may(&who, &format!("sudo:{on}"));
    if c.args.has("l") {
        let user = &who.user;
        if !may {
            c.p.err.push_str(&format!("Sorry, user {user} may not run sudo on {on}.\n"));
            return Step::Exit(1);
        }
        c.line(&format!(
            "Matching Defaults entries for {user} on {on}:\n    env_reset, mail_badpass,\n    secure_path=/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin\n\nUser {user} may run the following commands on {on}:\n    (ALL : ALL) NOPASSWD: ALL"
        ));
        return Step::Exit(0);
    }
    let user = c.args.get("u").unwrap_or("root").to_owned();
    let known = user == who.user || knows(c, &user);
    if may && !known {
        c.p.err.push_str(&format!("sudo: unknown user {user}\nsudo: error initializing audit plugin sudoers_audit\n"));
        return Step::Exit(1);
    }
    if words.is_empty() && (c.args.has("i") || c.args.has("s")) {
        if may && crate::console::tool::text::interactive(c) {
            let pid = c.con.login(c.p.terminal, c.p.pid, &on, &user);
            c.tool.child = Some(pid);
            return Step::More;
        }
        words = vec!["bash".to_owned()];
    }
    let Some(name) = words.first().cloned() else {
        c.p.err.push_str("usage: sudo -h | -K | -k | -V\nusage: sudo [-EHins] [-u user] [command [arg ...]]\n");
        return Step::Exit(1);
    };
    if !may {
        c.refuse("sudo", &format!("{on}:{name}"), "not in the sudoers file");
        c.p.err.push_str(&format!("{} is not in the sudoers file.  This incident will be reported.\n", who.user));
        return Step::Exit(1);
    }
    if tool::find(&name).is_none() && !builtin::is_program(&name) {
        c.p.err.push_str(&format!("sudo: {name}: command not found\n"));
        return Step::Exit(1);
    }
    let mut root = c.p.clone();
    root.user = user;
    let made = if builtin::is(&name) {
        c.con.spawn_text(&root, &quote(&words), c.p.fds).ok()
    } else {
        c.con.spawn_tool(&root, c.p.fds, &words)
    };
    match made {
        Some(pid) => {
            c.tool.child = Some(pid);
            Step::More
        }
        None => fork_failed(c),
    }
}

/// Columns of the header of `watch`.
const WATCH_COLUMNS: usize = 80;

fn watch(c: &mut Ctx<'_>) -> Step {
    match child(c) {
        Some(Err(step)) => return step,
        Some(Ok(_)) => {
            let every = c.args.get("n").and_then(crate::console::tool::meta::millis).unwrap_or(2000).max(1000);
            c.sleep_ms(every);
            return Step::More;
        }
        None => {}
    }
    while let Some(key) = c.key() {
        if key == "q" {
            return Step::Exit(0);
        }
    }
    if c.asleep() {
        return Step::Wait;
    }
    if c.args.rest.is_empty() {
        c.error("no command given");
        return Step::Exit(1);
    }
    let text = if c.args.has("x") { quote(&c.args.rest) } else { c.args.rest.join(" ") };
    let every = c.args.get("n").and_then(crate::console::tool::meta::millis).unwrap_or(2000).max(100);
    let every = format!("{}.{}", every / 1000, every % 1000 / 100);
    let now = c.host.utc();
    let on = c.on();
    // The scrollback keeps every display, one below the other; the header is written before the child's output.
    let gap = if c.tool.n > 0 { "\n" } else { "" };
    let left = format!("Every {every}s: {}", c.args.rest.join(" "));
    let right = format!("{on}: {}", crate::console::tool::strftime("%a %b %e %H:%M:%S %Y", now, 0));
    // The time stands at the right edge.
    let room = WATCH_COLUMNS.saturating_sub(left.chars().count() + right.chars().count()).max(1);
    let header = format!("{gap}{left}{}{right}\n\n", " ".repeat(room));
    let header = if c.args.has("t") { gap.to_owned() } else { header };
    c.tool.n += 1;
    if c.p.fds.get(1) == Some(&Fd::Term) {
        let id = c.p.terminal;
        c.con.show(id, &header, &Default::default());
    } else {
        c.print(&header);
    }
    match c.con.spawn_text(&c.p.clone(), &text, c.p.fds) {
        Ok(pid) => {
            c.tool.child = Some(pid);
            Step::More
        }
        Err(text) => {
            c.p.err.push_str(&format!("{text}\n"));
            Step::Exit(2)
        }
    }
}
