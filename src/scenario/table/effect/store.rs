//! Declaration of what is done to a data store.

use crate::scenario::schema::{Field, Ty, Union, def, named, opt, req, unit};
use crate::scenario::table::SERVICE;

/// A member of the store, by name.
const fn member() -> Field {
    req("member", Ty::Text, "Member.").eg("\"db-2\"")
}

/// A table, or all of them.
const fn table() -> Field {
    opt("table", Ty::Text, "Table; all of them if absent.").eg("\"users\"")
}

const BACKUP: Field = req("backup", Ty::Text, "Backup.").eg("\"nightly-1\"");

pub static STORE_ACT: Union = Union {
    name: "StoreAct",
    doc: "What is done to a data store.",
    more: &[],
    variants: &[
        named("Promote", "Makes a replica a primary, whatever the old one does.", &[member()]),
        named("Switchover", "Lets the old primary finish, then promotes a replica.", &[member()]),
        named(
            "Rebuild",
            "Copies the primary's data to a member.",
            &[member(), def("wipe", Ty::Bool, "false", "Whether what it holds is removed first.")],
        ),
        named("Destroy", "Removes the data of a member.", &[member()]),
        named(
            "Terminate",
            "Ends a session.",
            &[req("pid", Ty::Int(1, 4_194_304), "Process id of its backend.").eg("4211")],
        ),
        named(
            "TerminateIdle",
            "Ends the idle sessions of a client.",
            &[req("client", SERVICE, "Service that opened them.")],
        ),
        named(
            "Vacuum",
            "Removes dead rows and freezes old transaction IDs.",
            &[table(), def("full", Ty::Bool, "false", "Whether the table is written anew under an exclusive lock.")],
        ),
        named("Analyze", "Gathers planner statistics.", &[table()]),
        named("Truncate", "Removes all rows of a table.", &[req("table", Ty::Text, "Table.").eg("\"users\"")]),
        unit("Backup", "Takes a backup."),
        named("Verify", "Reads a backup from end to end.", &[BACKUP]),
        named(
            "Restore",
            "Replaces the data of a member by a backup and makes it the primary.",
            &[BACKUP, member(), opt("until", Ty::Utc, "Up to this moment, from the archived log.")],
        ),
        named(
            "Repair",
            "Puts wrong and missing rows of a table back from a backup.",
            &[req("table", Ty::Text, "Table.").eg("\"users\""), BACKUP],
        ),
        named("Check", "Looks for wrong rows.", &[table()]),
        named(
            "MaxConnections",
            "Changes how many connections the server takes; it restarts for that.",
            &[req("most", Ty::Int(1, 100_000), "Connections.").eg("200")],
        ),
        named(
            "ReadOnly",
            "Refuses writes, or takes them again.",
            &[req("on", Ty::Bool, "Whether writes are refused.")],
        ),
        named("DropSlot", "Drops a replication slot.", &[member()]),
        named("Cancel", "Ends a job before it is done.", &[req("job", Ty::Int(1, 1_000_000), "Job number.").eg("3")]),
    ],
};
