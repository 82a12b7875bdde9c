//! Declaration of data stores and of what can be wrong with them.

use super::super::schema::{Shape, Space, Ty, Union, Variant, def, named, opt, req, unit};
use super::SERVICE;

const STORE_NAME: Ty = Ty::Name(Space::Store);

pub static STORE: Shape = Shape {
    name: "Store",
    doc: "A data store behind a service of the kind `Database`.",
    fields: &[
        req("service", SERVICE, "Service whose requests it answers.").eg("\"db\""),
        def("database", Ty::Text, "\"app\"", "Name of the database as tools show it."),
        def("engine", Ty::OneOf(&ENGINE), "PostgreSql", "Which database server it runs.").eg("MySql"),
        req("members", Ty::Map(&Ty::Struct(&MEMBER)), "Members; exactly one follows nobody: the primary.").eg(
            "{ \"db-1\": (host: \"db-1\", zone: \"a\"), \"db-2\": (host: \"db-2\", zone: \"b\", follows: \"db-1\") }",
        ),
        def("writes", Ty::Share, "\"1/5\"", "Share of the service's requests that write."),
        def("replica_reads", Ty::Share, "\"0\"", "Share of the reads that go to replicas."),
        def("stale_after", Ty::Span, "\"5s\"", "A read from a replica that lags by this much or more is stale."),
        def("wal_per_write", Ty::Bytes, "\"8KiB\"", "Write-ahead log that one write makes."),
        def("row", Ty::Bytes, "\"500B\"", "By how much one write makes its table larger."),
        def("commit", Ty::OneOf(&COMMIT), "Asynchronous", "When a write is acknowledged."),
        def("failover", Ty::OneOf(&FAILOVER), "Manual", "What happens when the primary is gone."),
        def("witnesses", Ty::List(&Ty::Text), "[]", "Zones of voters that hold no data.").eg("[\"c\"]"),
        def("wal_keep", Ty::Bytes, "\"1GiB\"", "Write-ahead log that is kept in any case."),
        opt("slot_limit", Ty::Bytes, "Most log that a replication slot may hold back; without it there is no limit."),
        def(
            "archive",
            Ty::Bool,
            "false",
            "Whether finished log is archived, so that a base backup can be restored up to a point in time.",
        ),
        def("max_connections", Ty::Int(1, 100_000), "100", "Connections that the server takes."),
        def("reserved", Ty::Int(0, 1_000), "3", "Of these, how many are kept for superusers."),
        def("clients", Ty::Int(0, 100_000), "20", "Connections that the clients' pools hold open."),
        def("lock_wait", Ty::Span, "\"30s\"", "How long a client waits for a lock before it gives up."),
        def("autovacuum", Ty::Bool, "true", "Whether old transaction IDs are frozen without anybody asking."),
        def("vacuum_rate", Ty::Bytes, "\"100MB\"", "What a vacuum by hand works through in a second."),
        def("copy_rate", Ty::Bytes, "\"100MB\"", "What a copy, a backup or a check moves in a second."),
        def("restore_rate", Ty::Bytes, "\"50MB\"", "What a restore writes in a second."),
        def("checkpoint", Ty::Span, "\"0s\"", "How long a base backup waits silently before it copies anything."),
        def(
            "tables",
            Ty::Map(&Ty::Struct(&TABLE)),
            "{ \"main\": (size: \"10GB\", rows: 10000000) }",
            "Tables; at least one.",
        ),
        def("backups", Ty::Map(&Ty::Struct(&BACKUP)), "{}", "Backups that exist at the opening."),
        opt("schedule", Ty::Struct(&SCHEDULE), "Backups that are taken on a schedule."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static ENGINE: Union = Union {
    name: "StoreEngine",
    doc: "Which database server a store runs.",
    more: &[],
    variants: &[
        unit("PostgreSql", "PostgreSQL 15, reached by `psql` on port 5432."),
        unit("MySql", "MySQL 8.0 with InnoDB, reached by `mysql` on port 3306."),
    ],
};

static COMMIT: Union = Union {
    name: "Commit",
    doc: "When a write is acknowledged.",
    more: &[],
    variants: &[
        unit("Asynchronous", "When the primary has it."),
        unit("Synchronous", "When one replica has it too; without a replica writes wait."),
    ],
};

pub static FAILOVER: Union = Union {
    name: "Failover",
    doc: "What happens when the primary is gone.",
    more: &[],
    variants: &[
        unit("Manual", "Somebody promotes a replica."),
        named(
            "Automatic",
            "A majority of the members and witnesses elects the replica that has received most.",
            &[
                def("timeout", Ty::Span, "\"30s\"", "So long without the primary."),
                def("fence", Ty::Bool, "true", "Whether a primary that hears no majority stops taking writes."),
            ],
        ),
    ],
};

static MEMBER: Shape = Shape {
    name: "Member",
    doc: "A member of a data store.",
    fields: &[
        opt("host", Ty::Name(Space::Host), "Its host; without one it is managed."),
        def("zone", Ty::Text, "\"a\"", "Zone."),
        opt("follows", Ty::Text, "The primary that it follows at the opening.").eg("\"db-1\""),
        def("data", Ty::Text, "\"/var/lib/postgresql/15/main\"", "Data directory on the host."),
        opt("disk", Ty::Bytes, "Size of the disk of a managed member."),
        def("receive", Ty::Rate, "\"100000/s\"", "Writes that it can take over from its primary."),
        def("apply", Ty::Rate, "\"100000/s\"", "Writes that it can apply."),
        def("behind", Ty::Bytes, "\"0B\"", "Log that it has not received at the opening."),
        def("behind_for", Ty::Span, "\"0s\"", "For how long it has been behind."),
        def("slot", Ty::Bool, "false", "Whether its primary keeps the log for it in a replication slot."),
    ],
};

static TABLE: Shape = Shape {
    name: "Table",
    doc: "A table.",
    fields: &[
        req("size", Ty::Bytes, "Its size.").eg("\"10GB\""),
        req("rows", Ty::Int(0, 1_000_000_000_000), "Rows.").eg("10000000"),
        def("weight", Ty::Int(0, 1_000_000), "1", "Weight of its part of the requests."),
        def("xid_age", Ty::Int(0, 2_147_000_000), "30000000", "Age of its oldest transaction ID."),
        def("analyzed", Ty::Bool, "true", "Whether the planner has statistics about it."),
        def("unplanned", Ty::Exact, "\"20\"", "How many times longer its requests take without statistics."),
        def("disposable", Ty::Bool, "false", "Whether its rows can be made again, so that losing them loses nothing."),
        def(
            "columns",
            Ty::List(&Ty::Struct(&COLUMN)),
            "[]",
            "Columns beside `id` and `created_at`, as SQL shows them.",
        )
        .eg("[(name: \"status\", values: [\"published\", \"published\", \"yanked\"])]"),
    ],
};

static COLUMN: Shape = Shape {
    name: "Column",
    doc: "A column of a table.",
    fields: &[
        req("name", Ty::Text, "Its name.").eg("\"status\""),
        def("kind", Ty::Word(&["bigint", "boolean", "text", "timestamptz"]), "\"text\"", "Its type."),
        def(
            "values",
            Ty::List(&Ty::Text),
            "[]",
            "Values that rows take by chance, one that stands twice twice as often, an empty one is NULL; without any each row has its own.",
        ),
    ],
};

static BACKUP_KIND: Union = Union {
    name: "BackupKind",
    doc: "What kind a backup is.",
    more: &[],
    variants: &[
        unit("Dump", "Rows as text; after a restore the planner has no statistics."),
        unit("Base", "Files of the data directory; with archived log it reaches to a point in time."),
        unit("Snapshot", "A copy of the volume."),
    ],
};

static BACKUP: Shape = Shape {
    name: "Backup",
    doc: "A backup that exists at the opening: what the list says of it, and what it is.",
    fields: &[
        req("at", Ty::Offset, "When it was taken.").eg("\"T-6h\""),
        req("size", Ty::Bytes, "Size that is listed.").eg("\"2GB\""),
        def("behind", Ty::Int(0, 1_000_000_000_000), "0", "Writes that came after it."),
        def("kind", Ty::OneOf(&BACKUP_KIND), "Dump", "What kind it is."),
        def("place", Ty::Text, "\"/backup\"", "Where it is kept."),
        def("claimed", Ty::Bool, "true", "Whether the list says that it succeeded."),
        def("valid", Ty::Bool, "true", "Whether it can be restored."),
    ],
};

static SCHEDULE: Shape = Shape {
    name: "Schedule",
    doc: "Backups that are taken on a schedule.",
    fields: &[
        req("every", Ty::Span, "Every so often.").eg("\"24h\""),
        req("next", Ty::Offset, "When the next one is due.").eg("\"T+30m\""),
        def("kind", Ty::OneOf(&BACKUP_KIND), "Dump", "What kind they are."),
        def("place", Ty::Text, "\"/backup\"", "Where they are kept."),
        def("keep", Ty::Int(1, 1_000), "7", "How many are kept."),
        def("valid", Ty::Bool, "true", "Whether they can be restored."),
    ],
};

/// What can be wrong with a data store.
pub static STORE_FAULTS: &[Variant] = &[
    named(
        "LockHeld",
        "A transaction holds a lock on a table, and others queue behind it.",
        &[
            req("store", STORE_NAME, "Store."),
            req("table", Ty::Text, "Table.").eg("\"users\""),
            def("statement", Ty::Text, "\"LOCK TABLE IN ACCESS EXCLUSIVE MODE\"", "Statement that holds it."),
        ],
    ),
    named(
        "PoolLeak",
        "Connections are opened and never given back.",
        &[
            req("store", STORE_NAME, "Store."),
            req("client", SERVICE, "Service whose pool leaks."),
            req("rate", Ty::Rate, "Connections.").eg("\"20/m\""),
        ],
    ),
    named(
        "ReplicationStuck",
        "A replica receives and applies less than usual; nothing at full severity.",
        &[req("store", STORE_NAME, "Store."), req("member", Ty::Text, "Member.").eg("\"db-2\"")],
    ),
    named(
        "Isolated",
        "A member and the others do not hear each other; clients reach it.",
        &[req("store", STORE_NAME, "Store."), req("member", Ty::Text, "Member.").eg("\"db-1\"")],
    ),
    named(
        "MemberDown",
        "The machine or disk of a member dies; below full severity it is slow.",
        &[req("store", STORE_NAME, "Store."), req("member", Ty::Text, "Member.").eg("\"db-1\"")],
    ),
    named(
        "RowsWrong",
        "Rows become wrong, and nothing says so until somebody checks.",
        &[
            req("store", STORE_NAME, "Store."),
            req("table", Ty::Text, "Table.").eg("\"users\""),
            req("rate", Ty::Rate, "Rows.").eg("\"3/s\""),
        ],
    ),
    named(
        "RowsDeleted",
        "Something deletes rows that are needed.",
        &[
            req("store", STORE_NAME, "Store."),
            req("table", Ty::Text, "Table.").eg("\"users\""),
            req("rate", Ty::Rate, "Rows.").eg("\"100/s\""),
        ],
    ),
    named(
        "XidBurn",
        "Transaction IDs are used up, and autovacuum does not come through.",
        &[req("store", STORE_NAME, "Store."), req("rate", Ty::Rate, "Transaction IDs.").eg("\"1000000/s\"")],
    ),
    named(
        "StatisticsMissing",
        "The planner has lost its statistics about a table.",
        &[req("store", STORE_NAME, "Store."), req("table", Ty::Text, "Table.").eg("\"users\"")],
    ),
    named(
        "BackupsEmpty",
        "Backups that are taken hold nothing and say that they succeeded.",
        &[req("store", STORE_NAME, "Store.")],
    ),
];

/// Verbs of what is done to a data store.
pub const STORE_VERBS: &[&str] = &[
    "failover",
    "switchover",
    "rebuild",
    "drop_slot",
    "terminate",
    "vacuum",
    "analyze",
    "check",
    "backup",
    "verify",
    "restore",
    "repair",
    "truncate",
    "configure",
    "read_only",
    "start_replica",
    "stop_replica",
];
