//! Where an endpoint leads a client: to a page, nowhere, or elsewhere.

use crate::scenario::ReplySpec;
use crate::sim::World;
use crate::sim::plan::{ServiceAt, example, matches, parts};

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

impl World {
    /// Where an endpoint of a service leads, as its release in production (or on staging) has it.
    pub(in crate::sim) fn leads(&self, at: ServiceAt, endpoint: Option<usize>, staging: bool) -> Leads {
        let (Some(plan), Some(service)) = (self.plan.services.get(at), self.services.get(at)) else {
            return Leads::Missing;
        };
        let Some(e) = endpoint.and_then(|e| plan.endpoints.get(e)) else {
            let open = plan.endpoints.is_empty();
            return if open { Leads::Page("application/octet-stream".into()) } else { Leads::Missing };
        };
        let release = if staging { service.staging.as_ref() } else { service.release.as_ref() };
        if let Some(wrong) = self.plan.defect(release.map(String::as_str), &plan.name, &e.name) {
            return Leads::Redirect(wrong.to_owned());
        }
        match &e.reply {
            ReplySpec::Ok { content } => Leads::Page(content.clone()),
            ReplySpec::Redirect { location, .. } => Leads::Redirect(location.clone()),
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

    /// Resolves where every endpoint leads; again after a release went out.
    pub(in crate::sim) fn map_leads(&mut self) {
        let lead = |at: ServiceAt, endpoint: Option<usize>| match self.leads(at, endpoint, false) {
            Leads::Page(_) => Lead::Page,
            Leads::Missing => Lead::Missing,
            Leads::Redirect(location) => match self.follow(at, &location) {
                None => Lead::Nowhere,
                Some((to, endpoint, true)) => {
                    Lead::Staging { page: matches!(self.leads(to, endpoint, true), Leads::Page(_)) }
                }
                Some((at, endpoint, false)) => Lead::To { at, endpoint },
            },
        };
        // The last one is for a request that names no endpoint.
        let of = |(at, s): (ServiceAt, &crate::sim::plan::ServicePlan)| {
            (0..s.endpoints.len()).map(|e| lead(at, Some(e))).chain([lead(at, None)]).collect()
        };
        self.leads = self.plan.services.iter().enumerate().map(of).collect();
    }
}
