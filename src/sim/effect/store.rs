//! Changes to a data store from outside: what a database administrator does.

use crate::stdx::time::Utc;
use serde::{Deserialize, Serialize};

/// A change to a data store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreEffect {
    /// Store.
    pub store: String,
    /// What.
    pub act: StoreAct,
}

/// What is done to a data store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreAct {
    /// Makes a replica a primary, whatever the old one does.
    Promote {
        /// Member.
        member: String,
    },
    /// Stops the old primary taking writes, waits for the replica, and promotes it.
    Switchover {
        /// Member.
        member: String,
    },
    /// Copies the primary's data to a member.
    Rebuild {
        /// Member.
        member: String,
        /// Whether what it holds is removed first; else it must hold nothing.
        wipe: bool,
    },
    /// Removes the data of a member.
    Destroy {
        /// Member.
        member: String,
    },
    /// Ends a session.
    Terminate {
        /// Process id of its backend.
        pid: u32,
    },
    /// Ends the idle sessions of a client.
    TerminateIdle {
        /// Service that opened them.
        client: String,
    },
    /// Removes dead rows and freezes old transaction IDs.
    Vacuum {
        /// Table; all of them if absent.
        table: Option<String>,
        /// Whether the table is written anew under an exclusive lock.
        full: bool,
    },
    /// Gathers planner statistics.
    Analyze {
        /// Table; all of them if absent.
        table: Option<String>,
    },
    /// Removes all rows of a table.
    Truncate {
        /// Table.
        table: String,
    },
    /// Takes a backup.
    Backup,
    /// Writes the rows out into a file of a client, which is listed as a backup once it is whole.
    Dump {
        /// Where the file is: host and path.
        place: String,
    },
    /// Reads a backup from end to end and says whether it could be restored.
    Verify {
        /// Backup's id.
        backup: String,
    },
    /// Replaces the data of a member by a backup and makes it the primary.
    Restore {
        /// Backup's id.
        backup: String,
        /// Member.
        member: String,
        /// Up to this moment, from the archived log.
        until: Option<Utc>,
    },
    /// Puts wrong and missing rows of a table back from a backup.
    Repair {
        /// Table.
        table: String,
        /// Backup's id.
        backup: String,
    },
    /// Looks for wrong rows in a table.
    Check {
        /// Table; all of them if absent.
        table: Option<String>,
    },
    /// Changes how many connections the server takes; it restarts for that.
    MaxConnections {
        /// Connections.
        most: u64,
    },
    /// Refuses writes, or takes them again.
    ReadOnly {
        /// Whether writes are refused.
        on: bool,
    },
    /// Stops the replication of a replica, or starts it again.
    Replicate {
        /// Member.
        member: String,
        /// Whether it replicates.
        on: bool,
    },
    /// Drops a replication slot.
    DropSlot {
        /// Member that it is for.
        member: String,
    },
    /// Ends a job before it is done.
    Cancel {
        /// Job number.
        job: u32,
    },
}

impl StoreEffect {
    /// Verb and target, as a fact names them: what is done to a store as a whole names it, else its part.
    pub fn named(&self) -> (String, String) {
        use StoreAct::*;
        let (verb, part) = match &self.act {
            Promote { member } => ("failover", Some(member)),
            Switchover { member } => ("switchover", Some(member)),
            Rebuild { member, .. } => ("rebuild", Some(member)),
            Destroy { member } => ("remove", Some(member)),
            Terminate { .. } => ("terminate", None),
            TerminateIdle { client } => ("terminate", Some(client)),
            Vacuum { table, .. } => ("vacuum", table.as_ref()),
            Analyze { table } => ("analyze", table.as_ref()),
            Truncate { table } => ("truncate", Some(table)),
            Backup | Dump { .. } => ("backup", None),
            Verify { backup } => ("verify", Some(backup)),
            Restore { backup, .. } => ("restore", Some(backup)),
            Repair { table, .. } => ("repair", Some(table)),
            Check { table } => ("check", table.as_ref()),
            MaxConnections { .. } => ("configure", None),
            ReadOnly { .. } => ("read_only", None),
            Replicate { member, on: true } => ("start_replica", Some(member)),
            Replicate { member, on: false } => ("stop_replica", Some(member)),
            DropSlot { member } => ("drop_slot", Some(member)),
            Cancel { .. } => ("abort", None),
        };
        let target = part.map_or_else(|| self.store.clone(), |part| format!("{}:{part}", self.store));
        (verb.to_owned(), target)
    }
}
