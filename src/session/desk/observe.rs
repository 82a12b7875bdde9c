//! Metrics, alerts and silences at the desk: what promql and amtool can reach.

use super::Desk;
use crate::console::host as tools;
use crate::fact::{Actor, FactKind};
use crate::observe::promql::{Value, parse};
use crate::observe::series::Labels;
use crate::observe::{Silence, general};
use crate::session::projection::PageView;
use crate::stdx::digest;
use crate::stdx::time::Utc;

/// A silence's number as the tool shows it: a UUID.
fn uuid(id: u32) -> String {
    let hex = digest::of_bytes(format!("silence {id}").as_bytes());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

impl Desk<'_> {
    pub(super) fn ask(&self, expr: &str, range: Option<(u64, u64)>) -> Result<tools::Answer, String> {
        let telemetry = &self.session.state.telemetry;
        let now_ms = self.session.state.world.utc().0.saturating_mul(1_000);
        let query = parse(expr).map_err(|e| e.message)?;
        let answer = match range {
            None => query.instant(telemetry.store(), now_ms),
            Some((range_s, step_s)) => {
                let ms = |s: u64| i64::try_from(s).unwrap_or(i64::MAX / 4_000).saturating_mul(1_000);
                query.range(telemetry.store(), now_ms.saturating_sub(ms(range_s)), now_ms, ms(step_s))
            }
        };
        let about = |labels: &Labels| {
            let service = labels.get("service").map(str::to_owned);
            service.or_else(|| labels.get("instance").and_then(|host| self.session.service_on(host)))
        };
        Ok(match answer.map_err(|e| e.message)? {
            Value::String(t) => tools::Answer::Text(t),
            Value::Scalar(v) => tools::Answer::Scalar(now_ms, v),
            Value::Vector(rows) => {
                tools::Answer::Vector(rows.into_iter().map(|(l, t, v)| (l.to_string(), about(&l), t, v)).collect())
            }
            Value::Matrix(rows) => {
                tools::Answer::Matrix(rows.into_iter().map(|(l, points)| (l.to_string(), about(&l), points)).collect())
            }
        })
    }

    pub(super) fn firing_alerts(&self) -> Vec<tools::FiringAlert> {
        let telemetry = &self.session.state.telemetry;
        let now_ms = self.session.state.world.utc().0.saturating_mul(1_000);
        let firing = telemetry.active().filter(|(_, a)| a.firing).map(|(id, a)| tools::FiringAlert {
            id: id.to_owned(),
            service: a.labels.get("service").unwrap_or_default().to_owned(),
            since: Utc(a.fired_ms.unwrap_or(a.active_ms).div_euclid(1_000)),
            summary: a.annotations.get("summary").cloned().unwrap_or_else(|| general(a.value, 4)),
            silenced: telemetry.manager().silenced(&a.labels, now_ms),
            inhibited: telemetry.manager().inhibited(&a.labels, telemetry.active()),
        });
        firing.collect()
    }

    pub(super) fn all_pages(&self, seat: &str) -> Vec<tools::PageRow> {
        let row = |p: PageView| tools::PageRow {
            id: p.id,
            state: match (p.resolved_t_s, p.acked_t_s) {
                (Some(_), _) => "resolved",
                (None, Some(_)) => "acknowledged",
                (None, None) => "open",
            }
            .to_owned(),
            since: self.utc_of(p.at_t_s),
            service: p.service,
            to: p.to,
            firing: p.firing.len(),
            summary: p.text.en,
        };
        self.session.page_views(seat).into_iter().map(row).collect()
    }

    pub(super) fn routed(&self, labels: &[(String, String)]) -> Vec<String> {
        let labels = Labels::new(labels.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        let manager = self.session.state.telemetry.manager();
        manager.receivers(&labels).into_iter().map(str::to_owned).collect()
    }

    pub(super) fn all_silences(&self) -> Vec<tools::SilenceRow> {
        let now_ms = self.session.state.world.utc().0.saturating_mul(1_000);
        let active = self.session.state.telemetry.manager().silences().iter().filter(|s| s.ends_ms > now_ms);
        let row = |s: &Silence| tools::SilenceRow {
            id: uuid(s.id),
            matchers: s.matchers.clone(),
            ends: Utc(s.ends_ms.div_euclid(1_000)),
            by: s.by.clone(),
            comment: s.comment.clone(),
        };
        active.map(row).collect()
    }

    pub(super) fn add_silence(&mut self, seat: &str, new: &tools::NewSilence) -> Result<String, String> {
        let now_ms = self.session.state.world.utc().0.saturating_mul(1_000);
        let length_ms = i64::try_from(new.seconds).unwrap_or(i64::MAX / 4_000).saturating_mul(1_000);
        let silence = Silence {
            id: 0,
            matchers: new.matchers.clone(),
            starts_ms: now_ms,
            ends_ms: now_ms.saturating_add(length_ms),
            by: seat.to_owned(),
            comment: new.comment.clone(),
        };
        let id = self.session.state.telemetry.manager_mut().silence(silence)?;
        self.silenced(seat, "silence", &new.matchers.join(" "));
        Ok(uuid(id))
    }

    pub(super) fn end_silence(&mut self, seat: &str, id: &str) -> Result<(), String> {
        let now_ms = self.session.state.world.utc().0.saturating_mul(1_000);
        let manager = self.session.state.telemetry.manager_mut();
        let number = manager.silences().iter().find(|s| uuid(s.id) == id).map(|s| s.id);
        if !number.is_some_and(|n| manager.expire(n, now_ms)) {
            return Err(format!("silence {id} not found"));
        }
        self.silenced(seat, "unsilence", id);
        Ok(())
    }

    /// A silence changes nothing in the world, and everybody sees who made it.
    fn silenced(&mut self, seat: &str, verb: &str, target: &str) {
        let kind = FactKind::Acted { verb: verb.to_owned(), target: target.to_owned(), mutating: false, hazard: None };
        self.session.emit(Actor::Seat(seat.to_owned()), kind, Vec::new());
    }
}
