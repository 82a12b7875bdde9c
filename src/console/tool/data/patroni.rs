//! patronictl: a cluster of PostgreSQL members as the one who elects among them shows it.

use crate::console::host::NameKind;
use crate::console::tool::context::Line;
use crate::console::tool::job::wait_job;
use crate::console::tool::store::{ask, find};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::sim::effect::StoreAct;
use crate::sim::store::{MemberRow, StoreInfo};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "patronictl",
    synopsis: "list [CLUSTER] | switchover|failover [CLUSTER] [--leader M] [--candidate M] [--force] | reinit CLUSTER MEMBER [--force]",
    about: "look at a PostgreSQL cluster, and hand its leader over",
    opts: &[
        value("", "leader", "MEMBER", "the name of the current leader (switchover)"),
        value("", "candidate", "MEMBER", "the name of the candidate"),
        flag("", "force", "do not ask for confirmation at any point"),
    ],
    subs: &["failover", "list", "reinit", "switchover"],
    operand: Operand::Name(NameKind::Store),
    style: Style::Plain,
    misuse: 2,
    missing: &["Configuration, history, pause, and a switchover at a time to come."],
    examples: &[
        (
            "patronictl list",
            "+ Cluster: db-main -------+-----------+----+-----------+\n| Member | Host | Role    | State     | TL | Lag in MB |\n+--------+------+---------+-----------+----+-----------+\n| db-1   | db-1 | Leader  | running   |  1 |           |\n| db-2   | db-2 | Replica | streaming |  1 |         0 |\n+--------+------+---------+-----------+----+-----------+\n",
        ),
        ("patronictl failover db-main --force", "Error: Failover could be performed only to a specific candidate\n"),
        (
            "echo n | patronictl reinit db-main db-2",
            "Are you sure you want to reinitialize members db-2? [y/N]: Error: Aborted!\n",
        ),
    ],
    step,
    ..Decl::BLANK
}];

/// Rows of a cluster: member, host, role, state, timeline, lag.
fn rows(s: &StoreInfo) -> Vec<[String; 6]> {
    let row = |m: &MemberRow| {
        let leads = m.leader || m.accepts;
        let state = match m.state {
            _ if !m.up => "stopped",
            "primary" => "running",
            "rebuilding" => "creating replica",
            "catchup" | "broken" | "diverged" => "in archive recovery",
            other => other,
        };
        let lag = if leads { String::new() } else { (m.lag_bytes >> 20).to_string() };
        let lag = if m.up { lag } else { "unknown".to_owned() };
        let host = m.host.clone().unwrap_or_else(|| m.name.clone());
        let role = if leads { "Leader" } else { "Replica" };
        [m.name.clone(), host, role.to_owned(), state.to_owned(), m.timeline.to_string(), lag]
    };
    s.members.iter().map(row).collect()
}

fn list(c: &mut Ctx<'_>, s: &StoreInfo) {
    let head = ["Member", "Host", "Role", "State", "TL", "Lag in MB"].map(str::to_owned);
    let rows = rows(s);
    let width = |i: usize| {
        let cells = std::iter::once(&head).chain(&rows).filter_map(|r| r.get(i));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let rule = widths.iter().map(|w| format!("+{}", "-".repeat(w + 2))).collect::<String>() + "+";
    let title = format!("+ Cluster: {} ", s.name);
    let rest: String = rule.chars().skip(title.chars().count()).collect();
    c.line(&format!("{title}{rest}"));
    let line = |r: &[String; 6], title: bool| {
        let cell = |(i, (text, w)): (usize, (&String, &usize))| {
            if i < 4 || title { format!("| {text:<w$} ") } else { format!("| {text:>w$} ") }
        };
        r.iter().zip(&widths).enumerate().map(cell).collect::<String>() + "|"
    };
    c.line(&line(&head, true));
    c.line(&rule);
    for r in &rows {
        c.line(&line(r, false));
    }
    c.line(&rule);
}

/// What is said at the end, with the cluster as it is then.
fn finished(c: &mut Ctx<'_>) {
    let a = c.args.clone();
    // Without an option the second answer has named it.
    let said = c.tool.lines.get(1).cloned().unwrap_or_default();
    let candidate = a.get("candidate").unwrap_or(&said);
    let done = match a.at(0) {
        Some("reinit") => format!("Success: reinitialize for member {}", a.at(2).unwrap_or_default()),
        Some("failover") => format!("Successfully failed over to \"{candidate}\""),
        _ => format!("Successfully switched over to \"{candidate}\""),
    };
    c.line(&done);
    if let Some(s) = find(c, a.at(1)) {
        list(c, &s);
    }
}

/// The answer to the question with this number; what is to be done until it is there.
fn answer(c: &mut Ctx<'_>, number: usize, question: &str) -> Result<String, Step> {
    if let Some(answer) = c.tool.lines.get(number) {
        return Ok(answer.clone());
    }
    if c.tool.text != question {
        c.print(question);
        question.clone_into(&mut c.tool.text);
        return Err(Step::More);
    }
    match c.next_line(&[]) {
        Line::Later => Err(Step::Wait),
        Line::End => {
            c.p.err.push_str("Aborted!\n");
            Err(Step::Exit(1))
        }
        Line::Text(answer) => {
            let answer = answer.trim().to_owned();
            c.tool.lines.push(answer.clone());
            Ok(answer)
        }
    }
}

/// The leader that is handed over from and the candidate: as options name them, or as the answers do.
fn asked(c: &mut Ctx<'_>, s: &StoreInfo, verb: &str) -> Result<(Option<String>, Option<String>), Step> {
    let a = c.args.clone();
    let (mut leader, mut candidate) = (a.get("leader").map(str::to_owned), a.get("candidate").map(str::to_owned));
    if a.has("force") {
        return Ok((leader, candidate));
    }
    let now = s.members.iter().find(|m| m.leader).map(|m| m.name.clone()).unwrap_or_default();
    if verb == "switchover" && leader.is_none() {
        let said = answer(c, 0, &format!("Primary [{now}]: "))?;
        leader = Some(said).filter(|l| !l.is_empty());
    } else if c.tool.lines.is_empty() {
        c.tool.lines.push(String::new());
    }
    if candidate.is_none() {
        let others = s.members.iter().filter(|m| !m.leader);
        let names: Vec<String> = others.map(|m| format!("'{}'", m.name)).collect();
        let said = answer(c, 1, &format!("Candidate [{}] []: ", names.join(", ")))?;
        candidate = Some(said).filter(|l| !l.is_empty());
    } else if c.tool.lines.len() == 1 {
        c.tool.lines.push(String::new());
    }
    if verb == "switchover" {
        let said = answer(c, 2, "When should the switchover take place (now)  [now]: ")?;
        if !matches!(said.as_str(), "" | "now") {
            c.p.err.push_str("Error: a switchover at a time to come is not simulated\n");
            return Err(Step::Exit(1));
        }
    } else if c.tool.lines.len() == 2 {
        c.tool.lines.push(String::new());
    }
    Ok((leader, candidate))
}

fn step(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let verb = a.at(0).unwrap_or_default();
    if c.tool.job.is_some() {
        let step = wait_job(c);
        if matches!(step, Step::Exit(0)) {
            finished(c);
        }
        return step;
    }
    if !["list", "switchover", "failover", "reinit"].contains(&verb) {
        c.p.err.push_str(&format!(
            "Usage: patronictl [OPTIONS] COMMAND [ARGS]...\nTry 'patronictl --help' for help.\n\nError: No such command '{verb}'.\n"
        ));
        return Step::Exit(2);
    }
    let Some(s) = find(c, a.at(1)) else { return Step::Exit(1) };
    if verb == "list" {
        list(c, &s);
        return Step::Exit(0);
    }
    let (named, target) = match verb {
        "reinit" => (None, a.at(2).map(str::to_owned)),
        _ => match asked(c, &s, verb) {
            Ok(said) => said,
            Err(step) => return step,
        },
    };
    let Some(target) = target else {
        let why = match verb {
            "failover" => "Failover could be performed only to a specific candidate",
            "reinit" => "no member was named",
            _ => "no candidate was named",
        };
        c.p.err.push_str(&format!("Error: {why}\n"));
        return Step::Exit(1);
    };
    let Some(member) = s.members.iter().find(|m| m.name == target) else {
        let what = if verb == "reinit" { "No member" } else { "Member" };
        let tail = if verb == "reinit" { "in cluster" } else { "does not exist in cluster" };
        c.p.err.push_str(&format!("Error: {what} {target} {tail} {}\n", s.name));
        return Step::Exit(1);
    };
    let leader = s.members.iter().find(|m| m.leader).map(|m| m.name.clone());
    if let Some(named) = named.filter(|l| Some(l) != leader.as_ref()) {
        c.p.err.push_str(&format!("Error: Member {named} is not the leader of cluster {}\n", s.name));
        return Step::Exit(1);
    }
    if member.leader {
        c.p.err.push_str(&format!("Error: {target} is the leader of cluster {}\n", s.name));
        return Step::Exit(1);
    }
    if !a.has("force") {
        let demoted = leader.map(|l| format!(", demoting current leader {l}")).unwrap_or_default();
        let question = match verb {
            "reinit" => format!("Are you sure you want to reinitialize members {target}? [y/N]: "),
            _ => format!("Are you sure you want to {verb} cluster {}{demoted}? [y/N]: ", s.name),
        };
        // The cluster is shown once, before the last question.
        if verb != "reinit" && c.tool.lines.len() == 3 && c.tool.text != question {
            c.line("Current cluster topology");
            list(c, &s);
        }
        let number = if verb == "reinit" { 0 } else { 3 };
        match answer(c, number, &question) {
            Ok(said) if matches!(said.to_lowercase().as_str(), "y" | "yes") => {}
            Ok(_) => {
                let why = if verb == "reinit" { "Aborted!".to_owned() } else { format!("Aborting {verb}") };
                c.p.err.push_str(&format!("Error: {why}\n"));
                return Step::Exit(1);
            }
            Err(step) => return step,
        }
    }
    let act = match verb {
        "reinit" => StoreAct::Rebuild { member: target.clone(), wipe: true },
        "failover" => StoreAct::Promote { member: target.clone() },
        _ => StoreAct::Switchover { member: target.clone() },
    };
    if verb != "reinit" && a.has("force") {
        c.line("Current cluster topology");
        list(c, &s);
    }
    let word = if verb == "reinit" { "rebuild" } else { verb };
    let step = ask(c, &s.name, &target, word, act, "Error: ");
    if matches!(step, Step::Exit(0)) {
        finished(c);
    }
    step
}
