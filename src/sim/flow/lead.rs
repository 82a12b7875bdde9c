//! Where an endpoint leads a client: to a page, nowhere, or elsewhere.

use crate::scenario::ReplySpec;
use crate::sim::World;
use crate::sim::carry::Rate;
use crate::sim::plan::{ServiceAt, example, matches, parts};
use crate::stdx::rng::Stream;

/// Where an endpoint leads a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Leads {
    /// To a page of this content type.
    Page(String),
    /// Nowhere: there is no such path.
    Missing,
    /// Elsewhere: the location, with holes.
    Redirect(String),
}

/// The same, resolved, as requests need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Lead {
    Page,
    Missing,
    /// To an address that does not resolve, or to an endpoint of a service; the flag says that it is a staging copy
    /// and whether a page is there.
    Nowhere,
    To {
        at: ServiceAt,
        endpoint: Option<usize>,
    },
    Staging {
        page: bool,
    },
}

/// Where an endpoint leads, and whom it leads astray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Led {
    pub lead: Lead,
    /// Share that a defective release sends elsewhere, and where.
    pub wrong: Option<(Rate, Lead)>,
}

impl World {
    /// Where an endpoint of a service leads those whom no defect leads astray.
    fn leads(&self, at: ServiceAt, endpoint: Option<usize>) -> Leads {
        let Some(plan) = self.plan.services.get(at) else { return Leads::Missing };
        let Some(e) = endpoint.and_then(|e| plan.endpoints.get(e)) else {
            let open = plan.endpoints.is_empty();
            return if open { Leads::Page("application/octet-stream".into()) } else { Leads::Missing };
        };
        match &e.reply {
            ReplySpec::Ok { content } => Leads::Page(content.clone()),
            ReplySpec::Redirect { location, .. } => Leads::Redirect(location.clone()),
        }
    }

    /// Where the releases that run in production (or the one on staging) send a share of an endpoint's requests instead.
    fn astray(&self, at: ServiceAt, endpoint: Option<usize>, staging: bool) -> Option<(Rate, Leads)> {
        let (plan, service) = (self.plan.services.get(at)?, self.services.get(at)?);
        let e = plan.endpoints.get(endpoint?)?;
        let all = self.plan.defects(&plan.name, &e.name).map(|(release, location, share)| {
            let runs = if staging {
                f64::from(u8::from(service.staging.as_deref() == Some(release)))
            } else {
                self.runs_share(at, release)
            };
            (share.times(runs).capped(), location)
        });
        let worst = all.max_by(|a, b| a.0.to_f64().total_cmp(&b.0.to_f64()))?;
        (worst.0 != Rate::ZERO).then(|| (worst.0, Leads::Redirect(worst.1.to_owned())))
    }

    /// Where one more request to an endpoint is led.
    pub(in crate::sim) fn leads_one(
        &self,
        at: ServiceAt,
        endpoint: Option<usize>,
        staging: bool,
        dice: &mut Stream,
    ) -> Leads {
        match self.astray(at, endpoint, staging) {
            Some((share, wrong)) if share == Rate::ONE || dice.unit() < share.to_f64() => wrong,
            _ => self.leads(at, endpoint),
        }
    }

    /// The endpoint of a service that answers `path`.
    pub(in crate::sim) fn endpoint_for(&self, at: ServiceAt, path: &str) -> Option<usize> {
        self.plan.services.get(at)?.endpoints.iter().position(|e| matches(&e.path, path).is_some())
    }

    /// Where a client that follows `location` from `at` arrives; `None` if its host does not resolve.
    fn follow(&self, at: ServiceAt, location: &str) -> Option<(ServiceAt, Option<usize>, bool)> {
        let filled = example(location);
        if !filled.contains("://") {
            return Some((at, self.endpoint_for(at, &filled), false));
        }
        let (_, host, path) = parts(&filled);
        let (to, staging) = self.plan.lookup(&host)?;
        Some((to, self.endpoint_for(to, &path), staging))
    }

    /// Resolves where every endpoint leads; again whenever another share of its replicas runs a release.
    pub(in crate::sim) fn map_leads(&mut self) {
        let resolve = |at: ServiceAt, leads: Leads| match leads {
            Leads::Page(_) => Lead::Page,
            Leads::Missing => Lead::Missing,
            Leads::Redirect(location) => match self.follow(at, &location) {
                None => Lead::Nowhere,
                Some((to, endpoint, true)) => {
                    Lead::Staging { page: matches!(self.leads(to, endpoint), Leads::Page(_)) }
                }
                Some((at, endpoint, false)) => Lead::To { at, endpoint },
            },
        };
        let lead = |at: ServiceAt, endpoint: Option<usize>| Led {
            lead: resolve(at, self.leads(at, endpoint)),
            wrong: self.astray(at, endpoint, false).map(|(share, to)| (share, resolve(at, to))),
        };
        // The last one is for a request that names no endpoint.
        let of = |(at, s): (ServiceAt, &crate::sim::plan::ServicePlan)| {
            (0..s.endpoints.len()).map(|e| lead(at, Some(e))).chain([lead(at, None)]).collect()
        };
        self.leads = self.plan.services.iter().enumerate().map(of).collect();
    }
}
