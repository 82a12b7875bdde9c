//! A world whose store runs MySQL: what its client prints, the metrics and the logs are of one world, and what is typed mends it.

use super::stores;
use super::world::worlds;
use crate::whole::seat::Seat;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::scenario::{Course, Fault, MountSpec, Scenario, ServiceKind, StoreFault};
use wheel_of_misfortune::session::Command;
use wheel_of_misfortune::stdx::time::Span;

/// The registry with a MySQL server of two hosts that every download asks.
pub fn shop() -> Scenario {
    let mut s = worlds::registry();
    let mut spec = stores::shop();
    spec.service = "db".to_owned();
    for (name, m) in &mut spec.members {
        m.host = Some(name.clone());
        let mut host = s.world.hosts["web-1"].clone();
        let mut unit = host.units["api"].clone();
        unit.service = Some("db".to_owned());
        unit.exec = "/usr/sbin/mysqld".to_owned();
        unit.restart = false;
        host.units = [("mysql".to_owned(), unit)].into();
        let (device, volume) = ("/dev/sdb1".to_owned(), format!("{name}-data"));
        host.mounts.insert("/var/lib/mysql".to_owned(), MountSpec { device, size: 42_000_000_000, base: 0, volume });
        s.world.hosts.insert(name.clone(), host);
    }
    let mut db = s.world.services["bucket"].clone();
    db.kind = ServiceKind::Database;
    db.on = spec.members.keys().cloned().collect();
    db.dns = "db.registry.example".to_owned();
    s.world.services.insert("db".to_owned(), db);
    s.world.services.get_mut("api").expect("api").calls.push("db".to_owned());
    s.world.stores.insert("db-shop".to_owned(), spec);
    s.you.may = ["database", "sudo:my-1", "sudo:my-2"].map(str::to_owned).to_vec();
    s
}

/// So many seconds later, right after a scrape.
fn later(seat: &mut Seat, seconds: u64) {
    seat.look.take();
    let every = seat.session.telemetry().interval_s();
    for n in 0.. {
        seat.session.advance();
        if n >= seconds && seat.session.tick().0.is_multiple_of(every) {
            return;
        }
    }
}

fn begin(seat: &mut Seat, fault: StoreFault) {
    let command = Command::BeginFault { fault: Fault::Store(fault), course: Course::default() };
    assert!(seat.does(Actor::Gm, command));
}

/// Does what is typed and waits until it is done.
fn types(seat: &mut Seat, line: &str) {
    assert!(seat.begins(1, line), "{line}");
    later(seat, 1);
    assert!(!seat.busy(1), "{line}");
}

/// What a line that only looks prints.
fn says(seat: &Seat, line: &str) -> String {
    seat.says(line).unwrap_or_else(|| panic!("{line} takes its time"))
}

/// Words of a column that a statement answers.
fn answer(seat: &Seat, host: &str, sql: &str) -> String {
    says(seat, &format!("mysql -h {host} -BNe \"{sql}\" shop")).trim().to_owned()
}

/// The value of a line of SHOW … \G.
fn field(seat: &Seat, host: &str, name: &str) -> String {
    let said = says(seat, &format!("mysql -h {host} -e 'show replica status\\G'"));
    let line = said.lines().find_map(|l| l.trim().strip_prefix(&format!("{name}: ")).map(str::to_owned));
    line.unwrap_or_else(|| panic!("{name}: {said}"))
}

/// Everything that can be read twice is the same both times.
fn agrees(seat: &Seat) {
    let of = |metric: &str, host: &str| seat.number(&format!("{metric}{{instance=\"{host}\"}}"));
    let number = |text: String| text.parse::<f64>().ok();
    let connected = number(answer(
        seat,
        "my-1",
        "select variable_value from performance_schema.global_status where variable_name = 'Threads_connected'",
    ));
    // The client's own connection is one of them.
    assert_eq!(connected.map(|n| n - 1.0), of("mysql_global_status_threads_connected", "my-1"));
    assert_eq!(
        number(answer(seat, "my-1", "select @@max_connections")),
        of("mysql_global_variables_max_connections", "my-1")
    );
    let waiting = "select count(*) from information_schema.processlist where state = 'Waiting for table metadata lock'";
    let series = "mysql_info_schema_processlist_threads{instance=\"my-1\",state=\"waiting for table metadata lock\"}";
    assert_eq!(number(answer(seat, "my-1", waiting)), seat.number(series));
    for host in ["my-1", "my-2"] {
        assert_eq!(
            number(answer(seat, host, "select @@read_only")),
            of("mysql_global_variables_read_only", host),
            "{host}"
        );
    }
    assert_eq!(
        number(field(seat, "my-2", "Seconds_Behind_Source")),
        of("mysql_slave_status_seconds_behind_master", "my-2")
    );
    let runs = |name: &str| Some(f64::from(u8::from(field(seat, "my-2", name) == "Yes")));
    assert_eq!(runs("Replica_IO_Running"), of("mysql_slave_status_slave_io_running", "my-2"));
    assert_eq!(runs("Replica_SQL_Running"), of("mysql_slave_status_slave_sql_running", "my-2"));
    let rows = number(answer(seat, "my-1", "select count(*) from sales"));
    assert_eq!(rows, seat.number("mysql_info_schema_table_rows{instance=\"my-1\",table=\"sales\"}"));
    let told =
        number(answer(seat, "my-1", "select table_rows from information_schema.tables where table_name = 'sales'"));
    assert_eq!(told, rows);
    let status = says(seat, "mysqladmin -h my-1 status");
    let threads = status.split("Threads: ").nth(1).and_then(|t| t.split(' ').next()).map(str::to_owned);
    assert_eq!(threads.and_then(number), connected);
}

#[test]
fn what_mysql_prints_is_what_is_measured() {
    let mut seat = Seat::new(shop(), 5);
    later(&mut seat, 30);
    agrees(&seat);
    let ss = says(&seat, "ssh my-1 sudo ss -tlnp");
    assert!(ss.contains(":3306") && ss.contains("mysqld") && !ss.contains(":5432"), "{ss}");
    assert!(says(&seat, "ssh my-1 ps aux").contains("mysqld"));
    assert!(says(&seat, "psql -h my-1 -c 'select 1'").contains("Connection refused"));
    assert_eq!(seat.number("pg_up{instance=\"my-1\"}"), None);
    assert_eq!(seat.number("mysql_up{instance=\"my-1\"}"), Some(1.0));
    assert!(says(&seat, "ssh my-1 sudo ls -l /var/lib/mysql").contains("mysql"));
}

#[test]
fn a_session_that_holds_a_lock_is_found_and_killed() {
    let mut s = shop();
    let store = s.world.stores.get_mut("db-shop").expect("a store");
    (store.max_connections, store.lock_wait) = (10_000, Span(2));
    let mut seat = Seat::new(s, 5);
    later(&mut seat, 15);
    let statement = "ALTER TABLE items ADD COLUMN note text".to_owned();
    begin(&mut seat, StoreFault::LockHeld { store: "db-shop".into(), table: "items".into(), statement });
    later(&mut seat, 20);
    agrees(&seat);
    let waits = "select count(*) from sys.schema_table_lock_waits";
    assert!(answer(&seat, "my-1", waits).parse::<u64>().expect("a number") > 10);
    let kill = answer(&seat, "my-1", "select distinct sql_kill_blocking_connection from sys.schema_table_lock_waits");
    let held = says(&seat, "mysql -h my-1 -e 'show engine innodb status\\G'");
    assert!(held.contains(&kill.replace("KILL ", "MySQL thread id ")), "{kill}\n{held}");
    types(&mut seat, &format!("mysql -h my-1 -e '{kill}'"));
    later(&mut seat, 40);
    agrees(&seat);
    assert_eq!(answer(&seat, "my-1", waits), "0");
}

#[test]
fn a_replica_that_is_stopped_falls_behind_until_it_is_started() {
    let mut seat = Seat::new(shop(), 5);
    later(&mut seat, 15);
    types(&mut seat, "mysql -h my-2 -e 'stop replica'");
    later(&mut seat, 60);
    assert_eq!(
        (field(&seat, "my-2", "Replica_IO_Running"), field(&seat, "my-2", "Seconds_Behind_Source")),
        ("No".into(), "NULL".into())
    );
    agrees(&seat);
    types(&mut seat, "mysql -h my-2 -e 'start replica'");
    later(&mut seat, 30);
    assert_eq!(
        (field(&seat, "my-2", "Replica_IO_Running"), field(&seat, "my-2", "Seconds_Behind_Source")),
        ("Yes".into(), "0".into())
    );
    begin(&mut seat, StoreFault::ReplicationStuck { store: "db-shop".into(), member: "my-2".into() });
    later(&mut seat, 60);
    assert!(field(&seat, "my-2", "Seconds_Behind_Source").parse::<u64>().expect("a number") > 30);
    agrees(&seat);
    let refused = says(&seat, "mysql -h my-1 -e 'stop replica'");
    assert!(refused.starts_with("ERROR 1200 (HY000) at line 1: The server is not configured as replica"), "{refused}");
}

#[test]
fn a_server_that_takes_no_writes_says_so_everywhere() {
    let mut seat = Seat::new(shop(), 5);
    later(&mut seat, 15);
    types(&mut seat, "mysql -h my-1 -e 'set global read_only = on'");
    later(&mut seat, 15);
    assert_eq!(answer(&seat, "my-1", "select @@global.read_only"), "1");
    assert_eq!(seat.number("mysql_global_variables_read_only{instance=\"my-1\"}"), Some(1.0));
    agrees(&seat);
    types(&mut seat, "mysql -h my-1 -e 'set global read_only = off; set global max_connections = 300'");
    later(&mut seat, 15);
    agrees(&seat);
    assert_eq!(answer(&seat, "my-1", "select @@max_connections"), "300");
}

#[test]
fn connections_that_are_never_given_back_fill_the_server() {
    let mut seat = Seat::new(shop(), 5);
    later(&mut seat, 15);
    let rate = super::exact(2, 1);
    begin(&mut seat, StoreFault::PoolLeak { store: "db-shop".into(), client: "api".into(), rate });
    later(&mut seat, 2);
    agrees(&seat);
    later(&mut seat, 60);
    let full = says(&seat, "mysql -h my-1 -e 'select 1'");
    assert_eq!(full, "ERROR 1040 (HY000): Too many connections\n");
    let log = says(&seat, "ssh my-1 sudo journalctl -u mysql -n 500 --no-pager");
    assert!(log.contains("[Warning] [MY-010235] [Server] Too many connections") && !log.contains("FATAL"), "{log}");
    let root = says(
        &seat,
        "ssh my-1 \"sudo mysql -BNe 'select count(*) from information_schema.processlist where command = \\\"Sleep\\\"'\"",
    );
    assert!(root.trim().parse::<u64>().is_ok_and(|n| n > 50), "{root}");
}

#[test]
fn nobody_comes_in_as_somebody_else() {
    let mut seat = Seat::new(shop(), 5);
    later(&mut seat, 15);
    for (line, said) in [
        ("mysql -h my-1 -u root", "ERROR 1045 (28000): Access denied for user 'root'@'web-1' (using password: NO)"),
        (
            "mysql -h my-1 -u app -psecret -e 'select 1'",
            "ERROR 1045 (28000): Access denied for user 'app'@'web-1' (using password: YES)",
        ),
        (
            "mysql",
            "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)",
        ),
        ("mysql -h web-2", "ERROR 2003 (HY000): Can't connect to MySQL server on 'web-2:3306' (111)"),
        (
            "mysql -h my-1 -e 'drop table shop.sales'",
            "ERROR 1142 (42000) at line 1: DROP command denied to user 'oncall'@'web-1' for table 'sales'",
        ),
        (
            "mysql -h my-1 -e 'flush logs'",
            "ERROR 1227 (42000) at line 1: Access denied; you need (at least one of) the RELOAD privilege(s) for this operation",
        ),
    ] {
        assert!(says(&seat, line).trim_end().ends_with(said), "{line}: {}", says(&seat, line));
    }
}
