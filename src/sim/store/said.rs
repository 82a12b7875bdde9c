//! What database servers write into their logs, each in its own words.

use crate::scenario::StoreEngine;

/// Something that a server writes into its log.
pub(super) enum Said {
    /// A promoted replica takes writes.
    Ready,
    /// The log that a replica needs next is gone.
    LogGone { segment: String },
    /// A replica holds what its primary never had.
    Diverged { timeline: usize },
    /// A slot held back too much log.
    SlotLost { slot: String },
    /// The server starts after it ended in the middle of something.
    Recovers,
    /// The disk is full; the process id is of who found out.
    NoSpace { pid: u32 },
    /// There is no data.
    DataGone,
    /// A restore has come to its end.
    Restored,
    /// A primary steps down: it sees nobody, or another one leads.
    Demoted { alone: bool },
    /// A replica is told to be a primary.
    Promoted,
    /// The number of the history that begins.
    Timeline { id: usize },
    /// Somebody was turned away.
    Full,
    /// No transaction IDs are left.
    Wrapped { database: String },
    /// Few transaction IDs are left.
    WrapNear { database: String, left: u64 },
}

impl Said {
    /// Level and text as the server writes them.
    pub fn words(&self, engine: StoreEngine) -> (&'static str, String) {
        match engine {
            StoreEngine::PostgreSql => self.postgres(),
            StoreEngine::MySql => self.mysql(),
        }
    }

    fn postgres(&self) -> (&'static str, String) {
        match self {
            Said::Ready => ("LOG", "database system is ready to accept connections".to_owned()),
            Said::LogGone { segment } => (
                "FATAL",
                format!(
                    "could not receive data from WAL stream: ERROR:  requested WAL segment {segment} has already been removed"
                ),
            ),
            Said::Diverged { timeline } => {
                ("FATAL", format!("requested timeline {timeline} is not a child of this server's history"))
            }
            Said::SlotLost { slot } => ("LOG", format!("invalidating obsolete replication slot \"{slot}\"")),
            Said::Recovers => {
                ("LOG", "database system was not properly shut down; automatic recovery in progress".to_owned())
            }
            Said::NoSpace { pid } => {
                ("PANIC", format!("could not write to file \"pg_wal/xlogtemp.{pid}\": No space left on device"))
            }
            Said::DataGone => {
                ("PANIC", "could not open file \"global/pg_control\": No such file or directory".to_owned())
            }
            Said::Restored => ("LOG", "archive recovery complete".to_owned()),
            Said::Demoted { alone: false } => {
                ("LOG", "demoting self because the leader key is held by another member".to_owned())
            }
            Said::Demoted { alone: true } => {
                ("LOG", "demoting self because DCS is not accessible and I was a leader".to_owned())
            }
            Said::Promoted => ("LOG", "received promote request".to_owned()),
            Said::Timeline { id } => ("LOG", format!("selected new timeline ID: {id}")),
            Said::Full => ("FATAL", "sorry, too many clients already".to_owned()),
            Said::Wrapped { database } => (
                "ERROR",
                format!("database is not accepting commands to avoid wraparound data loss in database \"{database}\""),
            ),
            Said::WrapNear { database, left } => {
                ("WARNING", format!("database \"{database}\" must be vacuumed within {left} transactions"))
            }
        }
    }

    fn mysql(&self) -> (&'static str, String) {
        let (level, text) = match self {
            Said::Ready => ("System", "[MY-010931] [Server] /usr/sbin/mysqld: ready for connections.".to_owned()),
            Said::LogGone { .. } => (
                "ERROR",
                "[MY-013114] [Repl] Replica I/O for channel '': Got fatal error 1236 from source when reading data from binary log: 'Could not find first log file name in binary log index file', Error_code: MY-013114".to_owned(),
            ),
            Said::Diverged { .. } => (
                "ERROR",
                "[MY-010584] [Repl] Replica SQL for channel '': Could not execute Write_rows event; Duplicate entry for key 'PRIMARY', Error_code: MY-001062".to_owned(),
            ),
            Said::SlotLost { slot } => ("Warning", format!("[MY-010957] [Server] Purged binary log files that {slot} needs")),
            Said::Recovers => ("System", "[MY-010229] [Server] Starting XA crash recovery...".to_owned()),
            Said::NoSpace { .. } => (
                "ERROR",
                "[MY-000035] [Server] Disk is full writing './binlog.000089' (OS errno 28 - No space left on device). Waiting for someone to free space...".to_owned(),
            ),
            Said::DataGone => (
                "ERROR",
                "[MY-012646] [InnoDB] File ./ibdata1: 'open' returned OS error 71. Cannot continue operation".to_owned(),
            ),
            Said::Restored => ("System", "[MY-010232] [Server] XA crash recovery finished.".to_owned()),
            Said::Demoted { .. } => (
                "Warning",
                "[MY-011498] [Repl] Plugin group_replication reported: 'The member lost contact with a majority of the members in the group; it is set to super_read_only.'".to_owned(),
            ),
            Said::Promoted => (
                "System",
                "[MY-011507] [Repl] Plugin group_replication reported: 'A new primary was elected; this server takes writes.'".to_owned(),
            ),
            Said::Timeline { id } => ("System", format!("[MY-011503] [Repl] Group membership changed: view {id}")),
            Said::Full => ("Warning", "[MY-010235] [Server] Too many connections".to_owned()),
            // Its transaction IDs have 48 bits: they are never used up.
            Said::Wrapped { database } | Said::WrapNear { database, .. } => {
                ("Warning", format!("[MY-011825] [InnoDB] Old transactions in {database}"))
            }
        };
        (level, text)
    }
}
