//! Functions of the server that the embedded engine does not have, or has otherwise.

use super::catalogue::{OWN_PID, Server};
use super::value::{SECOND, micros, moment, span};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;
use rusqlite::{Connection, Result};
use std::sync::{Arc, Mutex};

/// What a statement asks of the world beside its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::tool::data) enum Deed {
    /// Ends a session.
    Terminate(u32),
    /// Ends what a session runs.
    Cancel(u32),
    /// Makes a standby a primary.
    Promote,
    /// Nothing but a warning: there is no such session.
    NoSession(u32),
}

/// Deeds of the statement that runs, in order.
pub(super) type Deeds = Arc<Mutex<Vec<Deed>>>;

pub(super) fn text(ctx: &Context<'_>, at: usize) -> Result<Option<String>> {
    Ok(match ctx.get::<Value>(at)? {
        Value::Null => None,
        Value::Integer(n) => Some(n.to_string()),
        Value::Real(n) => Some(n.to_string()),
        Value::Text(t) => Some(t),
        Value::Blob(b) => Some(String::from_utf8_lossy(&b).into_owned()),
    })
}

pub(super) fn number(ctx: &Context<'_>, at: usize) -> Result<Option<f64>> {
    Ok(match ctx.get::<Value>(at)? {
        Value::Integer(n) => Some(n as f64),
        Value::Real(n) => Some(n),
        Value::Text(t) => t.trim().parse().ok(),
        _ => None,
    })
}

/// `16/2710000` as a number.
fn lsn(text: &str) -> Option<i64> {
    let (high, low) = text.split_once('/')?;
    Some(i64::from_str_radix(high, 16).ok()? << 32 | i64::from_str_radix(low, 16).ok()?)
}

/// Bytes as `pg_size_pretty` writes them: the smallest unit in which fewer than 10240 are left, rounded half up.
fn pretty(bytes: f64) -> String {
    let mut size = bytes;
    for unit in ["bytes", "kB", "MB", "GB", "TB"] {
        if size.abs() < 10_240.0 || unit == "TB" {
            return format!("{} {unit}", libm::floor(size + 0.5));
        }
        size /= 1024.0;
    }
    String::new()
}

/// A moment cut to a unit.
fn truncated(unit: &str, us: i64) -> Option<i64> {
    let size = match unit {
        "second" => SECOND,
        "minute" => 60 * SECOND,
        "hour" => 3_600 * SECOND,
        "day" => 86_400 * SECOND,
        "milliseconds" => 1_000,
        "microseconds" => 1,
        "week" => {
            // The Monday of the week: the first day of 1970 was a Thursday.
            let days = us.div_euclid(86_400 * SECOND);
            return Some((days - (days + 3).rem_euclid(7)) * 86_400 * SECOND);
        }
        "month" | "quarter" | "year" => {
            let t = jiff::Timestamp::from_second(us.div_euclid(SECOND)).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
            let month = match unit {
                "month" => t.month(),
                "quarter" => (t.month() - 1) / 3 * 3 + 1,
                _ => 1,
            };
            let first = jiff::civil::date(t.year(), month, 1).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            return Some(first.timestamp().as_microsecond());
        }
        _ => return None,
    };
    Some(us - us.rem_euclid(size))
}

/// A field of a moment, or of a span.
fn part(field: &str, is_span: bool, us: i64) -> Option<f64> {
    let seconds = us as f64 / SECOND as f64;
    let whole = us.div_euclid(SECOND);
    let civil = || jiff::Timestamp::from_second(whole).ok().map(|t| t.to_zoned(jiff::tz::TimeZone::UTC));
    Some(match (field, is_span) {
        ("epoch", _) => seconds,
        ("second" | "seconds", _) => us.rem_euclid(60 * SECOND) as f64 / SECOND as f64,
        ("minute" | "minutes", _) => (whole.div_euclid(60).rem_euclid(60)) as f64,
        ("hour" | "hours", _) => (whole.div_euclid(3_600).rem_euclid(24)) as f64,
        ("day" | "days", true) => whole.div_euclid(86_400) as f64,
        ("day", false) => f64::from(civil()?.day()),
        ("month", false) => f64::from(civil()?.month()),
        ("year", false) => f64::from(civil()?.year()),
        ("dow", false) => f64::from(civil()?.weekday().to_sunday_zero_offset()),
        _ => return None,
    })
}

/// `to_char` of a moment with the patterns that people use.
fn to_char(us: i64, pattern: &str) -> String {
    let text = moment(us);
    let piece = |range: std::ops::Range<usize>| text.get(range).unwrap_or("00").to_owned();
    let mut out = pattern.to_owned();
    for (from, range) in [("YYYY", 0..4), ("MM", 5..7), ("DD", 8..10), ("HH24", 11..13), ("MI", 14..16), ("SS", 17..19)]
    {
        out = out.replace(from, &piece(range));
    }
    out
}

/// Adds them to a connection.
pub(super) fn register(db: &Connection, server: &Arc<Server>, deeds: &Deeds) -> Result<()> {
    // None is told to be deterministic: an answer may not be taken from before a deed.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    let fixed = |name: &str, value: Value| db.create_scalar_function(name, 0, flags, move |_| Ok(value.clone()));
    let (info, member) = (&server.info, &server.member);
    fixed("pg_now", Value::Integer(micros(server.now)))?;
    fixed("pg_role", Value::Text(server.role.clone()))?;
    fixed("pg_database_name", Value::Text(info.database.clone()))?;
    fixed("pg_backend_pid", Value::Integer(OWN_PID))?;
    fixed("pg_standby", Value::Integer(i64::from(server.standby())))?;
    fixed("pg_xid", Value::Integer(server.xid()))?;
    fixed("pg_reload", Value::Integer(1))?;
    let version = "PostgreSQL 15.8 on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit";
    fixed("pg_version", Value::Text(version.to_owned()))?;
    let address = server.addresses.iter().find(|(m, _)| *m == member.name).filter(|_| server.client.is_some());
    fixed("pg_address", address.map_or(Value::Null, |(_, a)| Value::Text(a.clone())))?;
    let standby = server.standby();
    let only = |yes: bool, v: &str| if yes { Value::Text(v.to_owned()) } else { Value::Null };
    fixed("pg_lsn_received", only(standby, &member.received_lsn))?;
    fixed("pg_lsn_replayed", only(standby, &member.applied_lsn))?;
    let behind = server.now.0 - i64::try_from(member.lag_s).unwrap_or(0);
    fixed("pg_replayed_at", if standby { Value::Integer(behind * SECOND) } else { Value::Null })?;
    let written = member.received_lsn.clone();
    db.create_scalar_function("pg_lsn_written", 0, flags, move |_| {
        if standby { Err(failure("recovery is in progress")) } else { Ok(written.clone()) }
    })?;

    let deed = |name: &str, make: fn(u32) -> Deed| {
        let (deeds, server) = (Arc::clone(deeds), Arc::clone(server));
        db.create_scalar_function(name, 1, flags, move |ctx| {
            let pid = number(ctx, 0)?.unwrap_or(0.0) as u32;
            let known = |a: &crate::sim::store::ActivityRow| u64::from(pid).wrapping_sub(u64::from(a.pid)) < a.count;
            let known = server.info.activity.iter().any(known) && !server.standby();
            if let Ok(mut deeds) = deeds.lock() {
                deeds.push(if known { make(pid) } else { Deed::NoSession(pid) });
            }
            Ok(known)
        })
    };
    deed("pg_terminate", Deed::Terminate)?;
    deed("pg_cancel", Deed::Cancel)?;
    let promoted = Arc::clone(deeds);
    db.create_scalar_function("pg_promote", -1, flags, move |_| {
        if !standby {
            return Err(failure("recovery is not in progress"));
        }
        if let Ok(mut deeds) = promoted.lock() {
            deeds.push(Deed::Promote);
        }
        Ok(true)
    })?;

    let xid = server.xid();
    db.create_scalar_function("pg_age", 1, flags, move |c| Ok(number(c, 0)?.map(|v| xid - v as i64)))?;
    db.create_scalar_function("pg_array", -1, flags, |c| {
        let element = |at: usize| {
            Ok(match c.get::<Value>(at)? {
                Value::Null => None,
                Value::Integer(n) => Some(n.to_string()),
                Value::Real(r) => Some(r.to_string()),
                Value::Text(t) => Some(t),
                Value::Blob(_) => Some(String::new()),
            })
        };
        let elements = (0..c.len()).map(element).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(super::array::shown(&elements))
    })?;
    db.create_scalar_function("pg_pretty", 1, flags, |c| Ok(number(c, 0)?.map(pretty)))?;
    db.create_scalar_function("pg_ceil", 1, flags, |c| Ok(number(c, 0)?.map(|v| libm::ceil(v) as i64)))?;
    db.create_scalar_function("pg_floor", 1, flags, |c| Ok(number(c, 0)?.map(|v| libm::floor(v) as i64)))?;
    db.create_scalar_function("pg_mod", 2, flags, |c| {
        let (a, b) = (number(c, 0)?.unwrap_or(0.0) as i64, number(c, 1)?.unwrap_or(0.0) as i64);
        a.checked_rem(b).ok_or_else(|| failure("division by zero"))
    })?;
    db.create_scalar_function("pg_div", 2, flags, |c| {
        let zero = || failure("division by zero");
        Ok(match (c.get::<Value>(0)?, c.get::<Value>(1)?) {
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.checked_div(b).ok_or_else(zero)?),
            _ => match (number(c, 0)?.unwrap_or(0.0), number(c, 1)?.unwrap_or(0.0)) {
                (_, 0.0) => return Err(zero()),
                (a, b) => Value::Real(a / b),
            },
        })
    })?;
    db.create_scalar_function("pg_concat", -1, flags, |c| {
        let parts: Vec<String> =
            (0..c.len()).map(|k| text(c, k)).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
        Ok(parts.concat())
    })?;
    super::text::register(db, flags)?;
    super::json::register(db, flags)?;
    super::numeric::register(db, flags)?;
    db.create_scalar_function("pg_from_epoch", 1, flags, |c| Ok(number(c, 0)?.map(|s| (s * SECOND as f64) as i64)))?;
    db.create_scalar_function("pg_cut", 1, flags, |c| Ok(number(c, 0)?.map(libm::trunc)))?;
    db.create_scalar_function("pg_power", 2, flags, |c| {
        Ok(match (number(c, 0)?, number(c, 1)?) {
            (Some(a), Some(b)) => Some(libm::pow(a, b)),
            _ => None,
        })
    })?;
    db.create_scalar_function("pg_match", 3, flags, |c| {
        let (Some(t), Some(pattern)) = (text(c, 0)?, text(c, 1)?) else { return Ok(None) };
        let icase = number(c, 2)? == Some(1.0);
        let regex = regex::RegexBuilder::new(&pattern).case_insensitive(icase).size_limit(1 << 20).build();
        let regex =
            regex.map_err(|_| failure("invalid regular expression: parentheses () or brackets [] not balanced"))?;
        Ok(Some(regex.is_match(&t)))
    })?;
    db.create_scalar_function("pg_trunc", 2, flags, |c| {
        let unit = text(c, 0)?.unwrap_or_default();
        let Some(at) = number(c, 1)? else { return Ok(None) };
        truncated(&unit, at as i64)
            .map(Some)
            .ok_or_else(|| failure(format!("unit \"{unit}\" not recognized for type timestamp with time zone")))
    })?;
    db.create_scalar_function("pg_part", 3, flags, |c| {
        let field = text(c, 0)?.unwrap_or_default();
        let is_span = number(c, 1)? == Some(1.0);
        let Some(at) = number(c, 2)? else { return Ok(None) };
        part(&field, is_span, at as i64)
            .map(Some)
            .ok_or_else(|| failure(format!("unit \"{field}\" not recognized for type timestamp with time zone")))
    })?;
    db.create_scalar_function("pg_text", 2, flags, |c| {
        let kind = text(c, 0)?.unwrap_or_default();
        Ok(number(c, 1)?.map(|v| if kind == "span" { span(v as i64) } else { moment(v as i64) }))
    })?;
    db.create_scalar_function("pg_to_char", 2, flags, |c| {
        let pattern = text(c, 1)?.unwrap_or_default();
        Ok(number(c, 0)?.map(|v| to_char(v as i64, &pattern)))
    })?;
    db.create_scalar_function("pg_lsn_diff", 2, flags, |c| {
        let (Some(a), Some(b)) = (text(c, 0)?, text(c, 1)?) else { return Ok(None) };
        let wrong = |t: &str| failure(format!("invalid input syntax for type pg_lsn: \"{t}\""));
        Ok(Some(lsn(&a).ok_or_else(|| wrong(&a))? - lsn(&b).ok_or_else(|| wrong(&b))?))
    })?;
    let of = Arc::clone(server);
    db.create_scalar_function("pg_setting", -1, flags, move |c| {
        let name = text(c, 0)?.unwrap_or_default();
        let rows = of.setting_rows();
        let found = rows.into_iter().find(|(n, ..)| n.eq_ignore_ascii_case(&name)).map(|(_, v, ..)| v);
        found.ok_or_else(|| failure(format!("unrecognized configuration parameter \"{name}\"")))
    })?;
    let of = Arc::clone(server);
    db.create_scalar_function("pg_table_bytes", 1, flags, move |c| {
        let name = text(c, 0)?.unwrap_or_default();
        let bare = name.trim_start_matches("public.").trim_matches('"');
        let tables = of.info.tables.iter().enumerate();
        let found = tables.clone().find(|(at, t)| t.name == bare || Server::oid(*at).to_string() == bare);
        match found {
            Some((_, t)) => Ok(Some(i64::try_from(t.bytes).unwrap_or(i64::MAX))),
            None if bare.chars().all(|c| c.is_ascii_digit()) => Ok(None),
            None => Err(failure(format!("relation \"{bare}\" does not exist"))),
        }
    })?;
    let of = Arc::clone(server);
    db.create_scalar_function("pg_database_bytes", 1, flags, move |c| {
        let name = text(c, 0)?.unwrap_or_default();
        match name.as_str() {
            n if n == of.info.database || n == "16384" => {
                Ok(i64::try_from(of.info.metrics.data_bytes).unwrap_or(i64::MAX))
            }
            "postgres" | "template0" | "template1" | "1" | "4" | "5" => Ok(7_602_703),
            n => Err(failure(format!("database \"{n}\" does not exist"))),
        }
    })?;
    let of = Arc::clone(server);
    db.create_scalar_function("pg_blocking_pids", 1, flags, move |c| {
        let pid = number(c, 0)?.unwrap_or(0.0) as u64;
        let waits = of.info.activity.iter().any(|a| a.wait == "Lock" && pid.wrapping_sub(u64::from(a.pid)) < a.count);
        let holder = of.info.locks.first().filter(|_| waits).map(|l| l.pid.to_string());
        Ok(format!("{{{}}}", holder.unwrap_or_default()))
    })?;
    Ok(())
}

/// An error in the server's words, which the engine carries.
pub(super) fn failure(message: impl Into<String>) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(message.into().into())
}
