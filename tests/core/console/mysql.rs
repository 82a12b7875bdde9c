//! Our mysql beside a real client and server (`.ci/mysql.sh` starts them): lines that ask nothing of the world print the same, on both
//! outputs and with the same status. The rows of `sales` are ours; they are loaded into the real server first.

use super::{settle, start};
use std::io::Write;
use std::process::{Command, Stdio};

/// What a line leaves on both outputs together, and its status.
fn ours(line: &str) -> (String, String) {
    let (mut c, mut h) = start();
    for typed in ["alias mysql='mysql -h my-1'", &format!("{{ {line}; }} > out 2>&1"), "echo $? > status"] {
        c.submit(1, typed, &mut h);
        settle(&mut c, &mut h);
    }
    (h.text("ops", "/home/primary/out"), h.text("ops", "/home/primary/status"))
}

/// The real server is MariaDB 10.11. It says its own name where ours says MySQL's, writes whole numbers with a width, names clauses by
/// their words, and its client repeats a statement that was refused.
fn named(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        // It repeats a statement of a script that is refused.
        if line == "--------------" {
            while lines.next_if(|l| *l != "--------------").is_some() {}
            lines.next();
            lines.next_if(|l| l.is_empty());
            continue;
        }
        out.push_str(&format!("{line}\n"));
    }
    let clauses = [
        ("'SELECT'", "'field list'"),
        ("'WHERE'", "'where clause'"),
        ("'ORDER BY'", "'order clause'"),
        ("'GROUP BY'", "'group statement'"),
        ("'ON'", "'on clause'"),
        ("'HAVING'", "'having clause'"),
        ("in SELECT is", "in field list is"),
    ];
    let out = clauses.iter().fold(out, |t, (theirs, ours)| t.replace(theirs, ours));
    out.replace("MariaDB server version", "MySQL server version").replace("bigint(20)", "bigint")
}

fn theirs(socket: &str, line: &str, input: &str) -> (String, String) {
    let mut bash = Command::new("bash")
        .args(["-c", &format!("mysql() {{ command mariadb --no-defaults \"$@\"; }}; {{ {line}; }} 2>&1")])
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C.UTF-8"), ("MYSQL_UNIX_PORT", socket), ("HOME", "/nonexistent")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    bash.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = bash.wait_with_output().unwrap();
    (named(&String::from_utf8(done.stdout).unwrap()), format!("{}\n", done.status.code().unwrap_or(-1)))
}

#[test]
#[ignore = "needs a MariaDB server: .ci/mysql.sh"]
fn the_real_mysql_prints_the_same() {
    let socket = std::env::var("WOM_MYSQL").unwrap();
    let (rows, _) = ours("mysql shop -BNe 'select * from sales order by id'");
    assert!(rows.lines().count() > 1000, "{rows}");
    let make = "mysql shop -e 'create table sales (id bigint not null auto_increment primary key, created_at datetime not null, \
                kind varchar(255), cents bigint not null, paid tinyint(1) not null); create table items (id bigint not null auto_increment primary key, created_at datetime not null)'";
    assert_eq!(theirs(&socket, make, ""), (String::new(), "0\n".to_owned()));
    let quoted = |cell: &str| if cell == "NULL" { cell.to_owned() } else { format!("'{cell}'") };
    let mut load = String::new();
    for row in rows.lines() {
        let cells: Vec<String> = row.split('\t').map(quoted).collect();
        load.push_str(&format!("insert into sales values ({});\n", cells.join(", ")));
    }
    assert_eq!(theirs(&socket, "mysql shop", &load), (String::new(), "0\n".to_owned()));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/console/mysql/lines.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let only = std::env::var("WOM_MYSQL_LINE").unwrap_or_default();
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
    println!("mysql: {same} lines print the same");
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(same > 100 || !only.is_empty());
}
