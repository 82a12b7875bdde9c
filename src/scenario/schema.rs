//! What a declaration of the format looks like: fields, types and closed lists. The reader and the reference page use the same.

/// A structure: its fields, in the order of the page.
pub struct Shape {
    /// Its name on the page.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// Fields.
    pub fields: &'static [Field],
}

/// A closed list of variants.
pub struct Union {
    /// Its name on the page.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// Variants.
    pub variants: &'static [Variant],
    /// Further variants, declared with the rooms that they belong to.
    pub more: &'static [&'static [Variant]],
}

impl Union {
    /// All variants, in the order of the page.
    pub fn all(&self) -> impl Iterator<Item = &'static Variant> + use<> {
        self.variants.iter().chain(self.more.iter().flat_map(|m| m.iter()))
    }
}

/// One variant.
pub struct Variant {
    /// Its word.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// Whether its fields are written by position.
    pub tuple: bool,
    /// Its fields.
    pub fields: &'static [Field],
}

/// One field.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Ty,
    /// Whether it can be left out.
    pub need: Need,
    /// One sentence.
    pub doc: &'static str,
    /// An example as RON; the type's own if empty.
    pub example: &'static str,
}

/// Whether a field can be left out.
#[derive(Clone, Copy)]
pub enum Need {
    /// It is needed.
    Required,
    /// It may be absent, and absence has a meaning of its own.
    Optional,
    /// Its value if absent, as RON.
    Default(&'static str),
}

/// A type.
#[derive(Clone, Copy)]
pub enum Ty {
    /// A string.
    Text,
    /// A string, or `File("name")` for the text of a file beside it.
    Doc,
    /// `{ "en": …, "ko": … }`, `File("name")` for `name.en.md` and `name.ko.md`, or one string for both.
    Lang,
    /// A whole number between two bounds.
    Int(i64, i64),
    /// `true` or `false`.
    Bool,
    /// `"T+12m30s"`.
    Offset,
    /// `"90s"`.
    Span,
    /// `"40GB"`.
    Bytes,
    /// `"6ms"`.
    Micros,
    /// `"1180/s"`.
    Rate,
    /// `"1/20"`, from 0 to 1.
    Share,
    /// `"3/2"`, any exact number that is not negative.
    Exact,
    /// `"2023-07-20T12:17:00Z"`.
    Utc,
    /// `"pm 12:17"`, `"derived …"` or `"invented"`.
    Fact,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// A name of something declared elsewhere.
    Name(Space),
    /// `[…]`.
    List(&'static Ty),
    /// One, or a list of them.
    Some(&'static Ty),
    /// `{ "id": … }`.
    Map(&'static Ty),
    /// `(…)`.
    Struct(&'static Shape),
    /// A variant.
    OneOf(&'static Union),
}

/// Where a name must be declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// `sources`.
    Source,
    /// `world.hosts`.
    Host,
    /// `world.services`.
    Service,
    /// `service:endpoint`.
    Endpoint,
    /// A service or one of its endpoints.
    ServiceOrEndpoint,
    /// `world.traffic`.
    Traffic,
    /// `world.releases`.
    Release,
    /// `world.queues`.
    Queue,
    /// `world.stores`.
    Store,
    /// `world.probes`.
    Probe,
    /// `world.alerts`.
    Alert,
    /// `people`.
    Person,
    /// `you`, or a person.
    Owner,
    /// `you`, a seat or a role, a person, or `nobody`.
    Receiver,
    /// A person or a seat; `responder` is any seat.
    Speaker,
    /// A person or an alert.
    Pager,
    /// `milestones`.
    Milestone,
    /// `host:/mount`.
    Mount,
    /// `host:/path` of a declared host.
    Path,
    /// `host:unit`.
    Unit,
    /// The `volume` of a mount.
    Volume,
    /// A host or a service.
    HostOrService,
    /// Anything that can be a cause: a service, endpoint, host, mount, queue or unit.
    Component,
    /// A right, such as `release`, `volume`, `network` or `sudo:<host>`.
    Permission,
    /// `world.network.sites`.
    Site,
    /// `world.network.links`.
    Link,
    /// A site, host, service, traffic source or `internet`.
    Party,
    /// `world.network.records`, or the name of a service.
    Record,
    /// `world.network.resolvers`.
    Resolver,
    /// `world.network.certs`.
    Cert,
    /// `world.network.secrets`.
    Secret,
    /// `edge:rule` of `world.network.edges`.
    EdgeRule,
    /// `world.configs`.
    Config,
    /// `world.flags`.
    Flag,
    /// `world.crons`.
    Cron,
    /// `world.vendors`.
    Vendor,
    /// What can bring a fault along: a configuration artefact, release or flag.
    Carrier,
    /// A service or a configuration artefact.
    ServiceOrConfig,
    /// `tenant` of a traffic source.
    Tenant,
}

impl Space {
    /// What it is called in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Space::Source => "source",
            Space::Host => "host",
            Space::Service => "service",
            Space::Endpoint => "endpoint",
            Space::ServiceOrEndpoint => "service or endpoint",
            Space::Traffic => "traffic source",
            Space::Release => "release",
            Space::Queue => "queue",
            Space::Store => "store",
            Space::Probe => "probe",
            Space::Alert => "alert",
            Space::Person => "person",
            Space::Owner => "owner",
            Space::Receiver => "receiver",
            Space::Speaker => "person or seat",
            Space::Pager => "person or alert",
            Space::Milestone => "milestone",
            Space::Mount => "mount",
            Space::Path => "path",
            Space::Unit => "unit",
            Space::Volume => "volume",
            Space::HostOrService => "host or service",
            Space::Component => "component",
            Space::Permission => "permission",
            Space::Site => "site",
            Space::Link => "link",
            Space::Party => "site, host, service or traffic source",
            Space::Record => "DNS record",
            Space::Resolver => "resolver",
            Space::Cert => "certificate",
            Space::Secret => "secret",
            Space::EdgeRule => "edge rule",
            Space::Config => "config",
            Space::Flag => "flag",
            Space::Cron => "job",
            Space::Vendor => "vendor",
            Space::Carrier => "config, release or flag",
            Space::ServiceOrConfig => "service or config",
            Space::Tenant => "tenant",
        }
    }

    /// An example of such a name, as RON.
    pub fn example(self) -> &'static str {
        match self {
            Space::Source => "\"pm\"",
            Space::Host => "\"web-01\"",
            Space::Service | Space::ServiceOrEndpoint | Space::HostOrService | Space::Component => "\"api\"",
            Space::Endpoint => "\"api:download\"",
            Space::Traffic => "\"clients\"",
            Space::Release => "\"v1041\"",
            Space::Queue => "\"builds\"",
            Space::Store => "\"db-main\"",
            Space::Probe => "\"uptime\"",
            Space::Alert => "\"site-down\"",
            Space::Person | Space::Speaker | Space::Pager => "\"deployer\"",
            Space::Owner | Space::Receiver => "\"you\"",
            Space::Milestone => "\"mitigated\"",
            Space::Mount => "\"web-01:/\"",
            Space::Path => "\"web-01:/srv/build\"",
            Space::Unit => "\"web-01:web\"",
            Space::Volume => "\"root\"",
            Space::Permission => "\"release\"",
            Space::Site => "\"eu\"",
            Space::Link => "\"backbone\"",
            Space::Party => "\"web-01\"",
            Space::Record => "\"docs.example\"",
            Space::Resolver => "\"local\"",
            Space::Cert => "\"web\"",
            Space::Secret => "\"db-password\"",
            Space::EdgeRule => "\"cdn:waf-100\"",
            Space::Config | Space::Carrier => "\"waf-rules\"",
            Space::Flag => "\"new-checkout\"",
            Space::Cron => "\"report\"",
            Space::Vendor => "\"payments\"",
            Space::ServiceOrConfig => "\"api\"",
            Space::Tenant => "\"acme\"",
        }
    }
}

impl Ty {
    /// What it is called on the page and in messages.
    pub fn noun(self) -> String {
        match self {
            Ty::Text => "text".into(),
            Ty::Doc => "text or `File(…)`".into(),
            Ty::Lang => "text by language".into(),
            Ty::Int(lo, hi) => format!("whole number from {lo} to {hi}"),
            Ty::Bool => "`true` or `false`".into(),
            Ty::Offset => "time from T0".into(),
            Ty::Span => "span of time".into(),
            Ty::Bytes => "size in bytes".into(),
            Ty::Micros => "short span of time".into(),
            Ty::Rate => "rate".into(),
            Ty::Share => "share from 0 to 1".into(),
            Ty::Exact => "exact number".into(),
            Ty::Utc => "moment in UTC".into(),
            Ty::Fact => "provenance".into(),
            Ty::Word(words) => {
                format!("one of {}", words.iter().map(|w| format!("`\"{w}\"`")).collect::<Vec<_>>().join(" "))
            }
            Ty::Name(space) => format!("name of a {}", space.noun()),
            Ty::List(ty) => format!("list of {}", ty.noun()),
            Ty::Some(ty) => format!("{}, or a list", ty.noun()),
            Ty::Map(ty) => format!("map from id to {}", ty.noun()),
            Ty::Struct(shape) => format!("`{}`", shape.name),
            Ty::OneOf(union) => format!("`{}`", union.name),
        }
    }

    /// An example as RON.
    pub fn example(self) -> String {
        match self {
            Ty::Text | Ty::Doc => "\"…\"".into(),
            Ty::Lang => "{ \"en\": \"…\", \"ko\": \"…\" }".into(),
            Ty::Int(lo, _) => lo.max(1).to_string(),
            Ty::Bool => "true".into(),
            Ty::Offset => "\"T+12m30s\"".into(),
            Ty::Span => "\"90s\"".into(),
            Ty::Bytes => "\"40GB\"".into(),
            Ty::Micros => "\"6ms\"".into(),
            Ty::Rate => "\"1180/s\"".into(),
            Ty::Share => "\"1/20\"".into(),
            Ty::Exact => "\"3/2\"".into(),
            Ty::Utc => "\"2023-07-20T12:17:00Z\"".into(),
            Ty::Fact => "\"pm 12:17\"".into(),
            Ty::Word(words) => format!("\"{}\"", words.first().unwrap_or(&"")),
            Ty::Name(space) => space.example().into(),
            Ty::List(ty) => format!("[{}]", ty.example()),
            Ty::Some(ty) => ty.example(),
            Ty::Map(ty) => format!("{{ \"id\": {} }}", ty.example()),
            Ty::Struct(shape) => record("", false, shape.fields),
            Ty::OneOf(union) => union.variants.first().map_or_else(String::new, Variant::example),
        }
    }
}

impl Variant {
    /// An example as RON.
    pub fn example(&self) -> String {
        if self.fields.is_empty() { self.name.into() } else { record(self.name, self.tuple, self.fields) }
    }
}

impl Field {
    /// An example as RON.
    pub fn sample(&self) -> String {
        if self.example.is_empty() { self.ty.example() } else { self.example.into() }
    }

    /// The same field with an example of its own.
    pub const fn eg(mut self, example: &'static str) -> Field {
        self.example = example;
        self
    }
}

fn record(name: &str, tuple: bool, fields: &[Field]) -> String {
    let needed = fields.iter().filter(|f| matches!(f.need, Need::Required));
    let parts: Vec<String> =
        needed.map(|f| if tuple { f.sample() } else { format!("{}: {}", f.name, f.sample()) }).collect();
    format!("{name}({})", parts.join(", "))
}

/// A field that is needed.
pub const fn req(name: &'static str, ty: Ty, doc: &'static str) -> Field {
    Field { name, ty, need: Need::Required, doc, example: "" }
}

/// A field that may be absent.
pub const fn opt(name: &'static str, ty: Ty, doc: &'static str) -> Field {
    Field { name, ty, need: Need::Optional, doc, example: "" }
}

/// A field with a default.
pub const fn def(name: &'static str, ty: Ty, default: &'static str, doc: &'static str) -> Field {
    Field { name, ty, need: Need::Default(default), doc, example: "" }
}

/// A variant without fields.
pub const fn unit(name: &'static str, doc: &'static str) -> Variant {
    Variant { name, doc, tuple: false, fields: &[] }
}

/// A variant with fields by position.
pub const fn tuple(name: &'static str, doc: &'static str, fields: &'static [Field]) -> Variant {
    Variant { name, doc, tuple: true, fields }
}

/// A variant with named fields.
pub const fn named(name: &'static str, doc: &'static str, fields: &'static [Field]) -> Variant {
    Variant { name, doc, tuple: false, fields }
}
