//! What the catalogue says of the schema: relations, columns, namespaces.

use super::{FIRST_OID, Relation, Server, application, flag, int, text};
use crate::console::tool::data::sql::value::Ty;
use rusqlite::types::Value;

impl Server {
    pub(super) fn classes(&self) -> Relation {
        let columns = vec![
            ("oid", Ty::Int),
            ("relname", Ty::Text),
            ("relnamespace", Ty::Int),
            ("relowner", Ty::Int),
            ("relkind", Ty::Text),
            ("relpages", Ty::Int),
            ("reltuples", Ty::Float),
            ("relfrozenxid", Ty::Xid),
            ("relpersistence", Ty::Text),
        ];
        let rows = self.info.tables.iter().enumerate().map(|(at, t)| {
            vec![
                Value::Integer(Self::oid(at)),
                text(&t.name),
                Value::Integer(2200),
                Value::Integer(FIRST_OID + 1),
                text("r"),
                int(t.bytes / 8192),
                if t.analyzed { Value::Real(t.rows as f64) } else { Value::Real(-1.0) },
                self.frozen(t.xid_age),
                text("p"),
            ]
        });
        Relation { name: "pg_class", columns, rows: rows.collect() }
    }

    pub(super) fn namespaces(&self) -> Relation {
        let columns = vec![("oid", Ty::Int), ("nspname", Ty::Text), ("nspowner", Ty::Int)];
        let row = |oid: i64, name: &str| vec![Value::Integer(oid), text(name), Value::Integer(10)];
        let rows = vec![row(11, "pg_catalog"), row(2200, "public"), row(13_000, "information_schema")];
        Relation { name: "pg_namespace", columns, rows }
    }

    pub(super) fn table_list(&self) -> Relation {
        let columns =
            vec![("schemaname", Ty::Text), ("tablename", Ty::Text), ("tableowner", Ty::Text), ("hasindexes", Ty::Bool)];
        let rows = self.info.tables.iter().map(|t| vec![text("public"), text(&t.name), text("app"), flag(true)]);
        Relation { name: "pg_tables", columns, rows: rows.collect() }
    }

    pub(super) fn schema_tables(&self) -> Relation {
        let columns = vec![
            ("table_catalog", Ty::Text),
            ("table_schema", Ty::Text),
            ("table_name", Ty::Text),
            ("table_type", Ty::Text),
        ];
        let rows = self
            .info
            .tables
            .iter()
            .map(|t| vec![text(&self.info.database), text("public"), text(&t.name), text("BASE TABLE")]);
        Relation { name: "information_schema.tables", columns, rows: rows.collect() }
    }

    pub(super) fn schema_columns(&self) -> Relation {
        let columns = vec![
            ("table_schema", Ty::Text),
            ("table_name", Ty::Text),
            ("column_name", Ty::Text),
            ("ordinal_position", Ty::Int),
            ("is_nullable", Ty::Text),
            ("data_type", Ty::Text),
        ];
        let rows = self.info.tables.iter().flat_map(|t| {
            application::columns(t).into_iter().zip(1..).map(|((column, ty, full), at)| {
                let nullable = if full { "NO" } else { "YES" };
                vec![text("public"), text(&t.name), text(column), Value::Integer(at), text(nullable), text(ty.name())]
            })
        });
        Relation { name: "information_schema.columns", columns, rows: rows.collect() }
    }
}
