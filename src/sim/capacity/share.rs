//! Cores shared by everything on a machine: processor sharing among requests that compute part of their time.

/// Requests in flight that compute for `cpu_s` and wait for `wait_s` each when nothing disturbs them.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Requests in flight, a mean.
    pub requests: f64,
    /// Seconds of computing.
    pub cpu_s: f64,
    /// Seconds of waiting.
    pub wait_s: f64,
}

impl Load {
    /// Requests that want a core at any moment when computing takes `stretch` times as long.
    pub fn runnable(&self, stretch: f64) -> f64 {
        let whole = self.cpu_s * stretch + self.wait_s;
        if whole > 0.0 { self.requests * self.cpu_s * stretch / whole } else { 0.0 }
    }

    /// Cores in use when computing takes `stretch` times as long.
    pub fn cores(&self, stretch: f64) -> f64 {
        self.runnable(stretch) / stretch
    }
}

/// How many times longer computing takes on `cores` cores: the smallest stretch, at least 1, at which nothing more
/// than the cores is used. `hogs` threads compute all the time. With one kind of request that is all of the load
/// this is exactly `requests/cores - wait/cpu`: then the cores do `cores/cpu` requests a second, however many wait.
pub fn stretch(cores: f64, loads: &[Load], hogs: f64) -> f64 {
    let used = |f: f64| loads.iter().map(|l| l.cores(f)).sum::<f64>() + hogs / f;
    if cores <= 0.0 || used(1.0) <= cores {
        return 1.0;
    }
    // Each request wants at most one core, so this many times is enough for all of them.
    let most = (loads.iter().map(|l| l.requests).sum::<f64>() + hogs) / cores;
    let (mut low, mut high) = (1.0, most.max(1.0));
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if used(middle) > cores {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
