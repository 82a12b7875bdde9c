//! Our psql beside the real one: lines that ask nothing of the world print the same, on both outputs and with the same status
//! (`.ci/postgres.sh` starts the server). The rows of `orders` are ours; they are loaded into the real server first.

use super::{settle, start};
use std::io::Write;
use std::process::{Command, Stdio};

/// What a line leaves on both outputs together, and its status.
fn ours(line: &str) -> (String, String) {
    let (mut c, mut h) = start();
    for typed in ["export PGHOST=db-1".to_owned(), format!("{{ {line}; }} > out 2>&1"), "echo $? > status".to_owned()] {
        c.submit(1, &typed, &mut h);
        settle(&mut c, &mut h);
    }
    (h.text("ops", "/home/primary/out"), h.text("ops", "/home/primary/status"))
}

fn theirs(socket: &str, line: &str, input: &str) -> (String, String) {
    let mut bash = Command::new("bash")
        .args(["-c", &format!("{{ {line}; }} 2>&1")])
        .env_clear()
        .envs([("PATH", "/usr/lib/postgresql/15/bin:/usr/bin:/bin"), ("LC_ALL", "C.UTF-8"), ("PGTZ", "Etc/UTC")])
        .envs([("PGHOST", socket), ("PGUSER", "primary"), ("PGDATABASE", "app"), ("PSQLRC", "/dev/null")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    bash.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = bash.wait_with_output().unwrap();
    (String::from_utf8(done.stdout).unwrap(), format!("{}\n", done.status.code().unwrap_or(-1)))
}

#[test]
#[ignore = "needs a PostgreSQL server: .ci/postgres.sh"]
fn the_real_psql_prints_the_same() {
    let socket = std::env::var("WOM_POSTGRES").unwrap();
    let (rows, _) = ours("psql --csv -tc 'select * from orders order by id'");
    assert!(rows.lines().count() > 1000, "{rows}");
    let make = "psql -q -U app -c 'create table orders (id bigint primary key, created_at timestamptz not null, \
                kind text, cents bigint not null, paid boolean not null)' -c '\\copy orders from stdin csv' \
                -c 'grant select on orders to \"primary\"' -c 'analyze orders'";
    assert_eq!(theirs(&socket, make, &rows), (String::new(), "0\n".to_owned()));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/console/psql/lines.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let only = std::env::var("WOM_PSQL_LINE").unwrap_or_default();
    let (mut same, mut wrong) = (0, String::new());
    for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#') && l.contains(&only)) {
        let (we, they) = (ours(line), theirs(&socket, line, ""));
        if we == they {
            same += 1;
        } else {
            wrong.push_str(&format!(
                "$ {line}\nours ({}):\n{}\ntheirs ({}):\n{}\n\n",
                we.1.trim(),
                we.0,
                they.1.trim(),
                they.0
            ));
        }
    }
    println!("psql: {same} lines print the same");
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(same > 120 || !only.is_empty());
}
