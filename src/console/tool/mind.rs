//! What interpreters and other tools with more to remember than a few registers have in their heads: plain data.

use serde::Serialize;

/// State of a tool beyond its registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Mind {
    /// find.
    Find(super::file::find::State),
    /// grep.
    Grep(super::filter::grep::State),
    /// sed.
    Sed(super::sed::State),
    /// awk.
    Awk(super::awk::State),
    /// psql.
    Psql(Box<super::data::psql::Session>),
    /// mysql.
    Mysql(Box<super::data::mysql::Session>),
    /// pg_dump, mysqldump.
    Dump(Box<super::data::dump::State>),
    /// redis-cli.
    Redis(Box<super::data::redis::Session>),
    /// wc.
    Counts(super::text::count::Counts),
}
