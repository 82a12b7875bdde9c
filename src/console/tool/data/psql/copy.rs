//! `COPY … TO STDOUT`: rows as text or as CSV.

use super::show;
use crate::console::tool::data::sql::{Answer, Engine, PgError};
use sqlparser::ast::{CopyLegacyCsvOption, CopyLegacyOption, CopyOption, CopySource, CopyTarget, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// How rows are written.
struct Format {
    csv: bool,
    header: bool,
    delimiter: char,
    null: String,
}

/// What a statement copies out; `None` if it is not one that does.
pub(super) fn out(engine: &Engine, statement: &Statement, text: &str) -> Result<Option<String>, PgError> {
    let Statement::Copy { source, to: true, target, options, legacy_options, .. } = statement else { return Ok(None) };
    if !matches!(target, CopyTarget::Stdout) {
        return Err(PgError::new("permission denied to COPY to or from a file")
            .detail("Only roles with privileges of the \"pg_write_server_files\" role may COPY to a file.")
            .hint("Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone."));
    }
    let mut csv = None;
    let (mut header, mut delimiter, mut null) = (false, None, None);
    for o in options {
        match o {
            CopyOption::Format(name) if name.value.eq_ignore_ascii_case("csv") => csv = Some(true),
            CopyOption::Format(name) if name.value.eq_ignore_ascii_case("text") => csv = Some(false),
            CopyOption::Header(on) => header = *on,
            CopyOption::Delimiter(c) => delimiter = Some(*c),
            CopyOption::Null(n) => null = Some(n.clone()),
            other => return Err(missing(other)),
        }
    }
    for o in legacy_options {
        match o {
            CopyLegacyOption::Csv(more) => {
                csv = Some(true);
                header |= more.iter().any(|m| matches!(m, CopyLegacyCsvOption::Header));
            }
            CopyLegacyOption::Header => header = true,
            CopyLegacyOption::Delimiter(c) => delimiter = Some(*c),
            CopyLegacyOption::Null(n) => null = Some(n.clone()),
            other => return Err(missing(other)),
        }
    }
    let csv = csv.unwrap_or(false);
    let format = Format {
        csv,
        header,
        delimiter: delimiter.unwrap_or(if csv { ',' } else { '\t' }),
        null: null.unwrap_or_else(|| if csv { String::new() } else { "\\N".to_owned() }),
    };
    let query = match source {
        CopySource::Query(query) => query.to_string(),
        CopySource::Table { table_name, columns } => {
            let list: Vec<String> = columns.iter().map(ToString::to_string).collect();
            let list = if list.is_empty() { "*".to_owned() } else { list.join(", ") };
            format!("SELECT {list} FROM {table_name}")
        }
    };
    let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&query).and_then(|mut p| p.parse_query());
    let query = parsed.map_err(|_| PgError::new("COPY of this is not implemented here"))?;
    engine.query(&query, text).map(|answer| Some(written(&answer, &format)))
}

fn missing(what: impl std::fmt::Display) -> PgError {
    PgError::new(format!("COPY option {what} is not implemented here")).hint("`man psql` lists what is not simulated.")
}

fn written(answer: &Answer, f: &Format) -> String {
    let mut out = String::new();
    let by = f.delimiter.to_string();
    let cell = |text: &str| if f.csv { show::quoted(text, f.delimiter) } else { escaped(text, f.delimiter) };
    if f.header {
        let names: Vec<String> = answer.columns.iter().map(|(n, _)| cell(n)).collect();
        out.push_str(&format!("{}\n", names.join(&by)));
    }
    for row in &answer.rows {
        let cells: Vec<String> = row.iter().map(|v| v.as_ref().map_or_else(|| f.null.clone(), |t| cell(t))).collect();
        out.push_str(&format!("{}\n", cells.join(&by)));
    }
    out
}

/// A value in the text format.
pub(in crate::console::tool::data) fn escaped(text: &str, delimiter: char) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == delimiter => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
