//! What goes on by itself: rows of numbers, samples of the latency, what others ask for, a walk over all keys.

use super::command::{Place, WALK_MAX};
use super::info::{connected, size};
use super::reply::quoted;
use super::{Mode, Session};
use crate::console::pattern::{matches, unquoted};
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Step};
use crate::sim::Item;

/// Rows between two heads of `--stat`.
const HEAD_EVERY: u64 = 20;

/// Most commands of a second that MONITOR shows.
const SHOWN_MAX: u64 = 200;

/// Milliseconds between two samples of the latency.
const SAMPLE_MS: u64 = 10;

pub(super) fn turn(c: &mut Ctx<'_>, s: &mut Session, at: &Place) -> Step {
    match s.mode {
        Mode::Stat { row, last } => stat(c, s, at, row, last),
        Mode::Latency { samples, least, most, sum } => {
            let rtt_us = if s.host == "127.0.0.1" || s.host == "localhost" {
                0
            } else {
                c.host.ping(&c.on(), &s.host).and_then(|p| p.rtt_us).unwrap_or(0)
            };
            let ms = (rtt_us + 500) / 1_000 + at.info.wait_ms as u64;
            let new = if samples == 0 { 1 } else { 1_000 / (SAMPLE_MS + ms).max(1) };
            let (samples, sum) = (samples + new, sum + new * ms);
            let (least, most) = (least.min(ms), most.max(ms));
            s.mode = Mode::Latency { samples, least, most, sum };
            let mean = sum as f64 / samples.max(1) as f64;
            if s.pretty {
                c.print(&format!("\rmin: {least}, max: {most}, avg: {mean:.2} ({samples} samples)"));
            } else if samples > 1 {
                c.line(&format!("{least} {most} {mean:.2} {samples}"));
                return Step::Exit(0);
            }
            c.sleep_ms(1_000)
        }
        Mode::Monitor => {
            monitor(c, at);
            c.sleep_ms(1_000)
        }
        Mode::Walk { big } => walk(c, at, big),
        Mode::Once { .. } | Mode::Lines => Step::Exit(0),
    }
}

fn stat(c: &mut Ctx<'_>, s: &mut Session, at: &Place, row: u64, last: u64) -> Step {
    if row.is_multiple_of(HEAD_EVERY) {
        c.line("------- data ------ --------------------- load -------------------- - child -");
        c.line("keys       mem      clients blocked requests            connections          ");
    }
    let keys: u64 = at.info.held.sizes().iter().map(|(_, n)| n).sum();
    let memory = at.info.memory.map_or("-".to_owned(), size);
    let total = at.info.requests.0;
    let grown = if row == 0 { 0 } else { total.saturating_sub(last) };
    let (clients, requests) = (connected(&at.info), format!("{total} (+{grown})"));
    c.line(&format!("{keys:<11}{memory:<9}{clients:<8}{:<8}{requests:<20}{clients:<12}", 0));
    s.mode = Mode::Stat { row: row + 1, last: total };
    c.sleep_ms(s.every_ms.max(100))
}

/// The requests of the last second, spread over it.
fn monitor(c: &mut Ctx<'_>, at: &Place) {
    let (total, second) = at.info.requests;
    let shown = second.min(SHOWN_MAX);
    let now = c.host.utc().0 - 1;
    let clients: Vec<&str> =
        at.info.clients.iter().map(|k| if k.address.is_empty() { "0.0.0.0" } else { &k.address }).collect();
    for i in 0..shown {
        let number = (total - second + i).wrapping_mul(7_919) % at.info.held.objects.max(1) + 1;
        let us = i * 1_000_000 / shown;
        let from = clients.get(usize::try_from(i).unwrap_or(0) % clients.len().max(1)).copied().unwrap_or("0.0.0.0");
        let key = at.info.held.key(number);
        c.line(&format!("{now}.{us:06} [0 {from}:{}] \"get\" {}", 40_004 + i % 50, quoted(&key)));
    }
}

/// `--scan` lists keys, `--bigkeys` measures them.
fn walk(c: &mut Ctx<'_>, at: &Place, big: bool) -> Step {
    if at.size() > WALK_MAX {
        c.p.err.push_str(&format!("A walk over more than {WALK_MAX} keys is not simulated\n"));
        return Step::Exit(1);
    }
    let keys = at.keys(0, WALK_MAX).0;
    if !big {
        let pattern = c.args.get("pattern").map(unquoted);
        let terminal = c.p.fds.get(1) == Some(&Fd::Term);
        for k in keys.iter().filter(|k| pattern.as_ref().is_none_or(|p| matches(p, k))) {
            c.line(&if terminal { quoted(k) } else { k.clone() });
        }
        return Step::Exit(0);
    }
    c.line("\n# Scanning the entire keyspace to find biggest keys as well as\n# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec\n# per 100 SCAN commands (not usually needed).\n");
    // By kind: name, unit, keys, sum of sizes, the biggest.
    let mut kinds = [("list", "items", 0u64, 0u64, None), ("string", "bytes", 0, 0, None)];
    let (total, mut length) = (keys.len() as u64, 0u64);
    for (i, key) in keys.into_iter().enumerate() {
        length += key.len() as u64;
        let (kind, n) = match at.value(&key) {
            Some(Item::List(l)) => (0, l.len() as u64),
            Some(Item::Text(t)) => (1, t.len() as u64),
            None => continue,
        };
        let Some((name, unit, count, sum, biggest)) = kinds.get_mut(kind) else { continue };
        *count += 1;
        *sum += n;
        if biggest.as_ref().is_none_or(|(_, most)| n > *most) {
            let percent = (i / 10 * 10) as f64 / total as f64 * 100.0;
            c.line(&format!("[{percent:05.2}%] Biggest {name:<6} found so far '{}' with {n} {unit}", quoted(&key)));
            *biggest = Some((key, n));
        }
    }
    let mean = |sum: u64, n: u64| if n == 0 { 0.0 } else { sum as f64 / n as f64 };
    c.line(&format!(
        "\n-------- summary -------\n\nSampled {total} keys in the keyspace!\nTotal key length in bytes is {length} (avg len {:.2})\n",
        mean(length, total)
    ));
    for (name, unit, _, _, biggest) in &kinds {
        if let Some((key, n)) = biggest {
            c.line(&format!("Biggest {name:>6} found '{}' has {n} {unit}", quoted(key)));
        }
    }
    c.line("");
    for (name, unit, n, sum, _) in &kinds {
        let percent = mean(n * 100, total);
        c.line(&format!("{n} {name}s with {sum} {unit} ({percent:05.2}% of keys, avg size {:.2})", mean(*sum, *n)));
    }
    Step::Exit(0)
}
