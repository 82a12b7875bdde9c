//! Families of series: what each is called, where it comes from, what it counts. One declaration feeds the scrape and the
//! page of documentation.

/// How a family behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FamilyKind {
    /// It only rises, and begins again at zero where a process does.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Classic buckets: `_bucket`, `_sum` and `_count`, all of them counters.
    Histogram,
}

impl FamilyKind {
    /// As Prometheus calls it.
    pub fn word(self) -> &'static str {
        match self {
            FamilyKind::Counter => "counter",
            FamilyKind::Gauge => "gauge",
            FamilyKind::Histogram => "histogram",
        }
    }
}

/// A family of series.
#[derive(Debug)]
pub struct Family {
    /// Name of the metric.
    pub name: &'static str,
    /// How it behaves.
    pub kind: FamilyKind,
    /// Its labels, in the order in which a scrape gives their values.
    pub labels: &'static [&'static str],
    /// Unit: `s`, `B`, `ratio`, `1` for a number of things, `bool`, `unix` for a moment.
    pub unit: &'static str,
    /// What it says.
    pub help: &'static str,
}

/// Declares families, and `ALL` of them in a list that cannot forget one.
macro_rules! families {
    ($($id:ident = $kind:ident $name:literal [$($label:literal),*] $unit:literal $help:literal;)*) => {
        $(pub(super) static $id: $crate::observe::metric::family::Family = $crate::observe::metric::family::Family {
            name: $name,
            kind: $crate::observe::metric::family::FamilyKind::$kind,
            labels: &[$($label),*],
            unit: $unit,
            help: $help,
        };)*
        /// Every family of this room.
        pub(in crate::observe::metric) static ALL: &[&$crate::observe::metric::family::Family] = &[$(&$id),*];
    };
}
pub(super) use families;
