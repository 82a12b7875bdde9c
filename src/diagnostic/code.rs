//! The closed list of problems: a stable id, a title and an explanation each. `docs/diagnostics.md` is made from it.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $title:literal $text:literal)+) => {
        /// What kind of problem it is; ids never change their meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// All codes, by id.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The stable id, such as `WOM0003`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$variant => $id,)+ }
            }

            /// One line.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)+ }
            }

            /// What it means and how it is put right.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => $text,)+ }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    Syntax "WOM0001" Error "the text is not RON"
        "The file could not be read as RON at this place: a bracket, comma, colon or quote is missing or unexpected. Reading goes on after it, so that other problems are reported too; problems that may only follow from this one are held back."
    UnknownField "WOM0002" Error "unknown field"
        "The format has no such field here. Nothing is ignored: a field that would have no effect is refused, so that a typing slip does not change the story silently. The help names the nearest field, or all of them."
    UnknownVariant "WOM0003" Error "unknown word in a closed list"
        "This place takes one of a closed list of words or variants, and this is not one of them."
    MissingField "WOM0004" Error "missing field"
        "A field without a default is not there. `docs/scenario-format.md` lists the fields and their defaults."
    WrongType "WOM0005" Error "wrong type"
        "The value is of another type than this place takes, such as a number where a text is expected."
    BadUnit "WOM0006" Error "quantity that cannot be read"
        "Quantities are strings with a unit and are read exactly: times `\"T+12m30s\"`, spans `\"90s\"`, sizes `\"40GB\"`, rates `\"1180/s\"`, service times `\"6ms\"`, shares `\"0.97\"` or `\"1/20\"`."
    UnknownName "WOM0007" Error "unknown name"
        "A name refers to something that the scenario does not declare: a service, host, person, release, graph, milestone, source …"
    TimeOrder "WOM0008" Error "times out of order"
        "The script and the original timeline are told in time order, and a row stands where its time is; a release, a row or the clock itself contradicts that here."
    DuplicateId "WOM0009" Error "duplicate id"
        "Two things of one list have the same id; one of them could never be named."
    DuplicateKey "WOM0010" Error "duplicate key"
        "A field or a map key is written twice; only one of them could count."
    Unreachable "WOM0011" Error "trigger that can never hold"
        "The predicate cannot hold in any session: it names a time before the opening or after the horizon, waits for something that nothing brings about, contradicts itself, or waits for itself in a circle."
    MilestoneCycle "WOM0012" Error "milestones wait for each other"
        "The practice order given by `after` goes round in a circle, so that no milestone of it comes first."
    MissingProvenance "WOM0013" Error "missing provenance"
        "Every fact says where it comes from: `\"<source> <row>\"`, `\"derived <how>\"` or `\"invented\"`."
    MissingFile "WOM0014" Error "missing file"
        "A text that the scenario refers to is not in its folder. `File(\"briefing\")` stands for `briefing.en.md` and `briefing.ko.md`."
    MissingWalkthrough "WOM0015" Error "missing walkthrough or source notes"
        "A package holds `reference.wom` (the original handling), `better.wom`, `nobody.wom` and `sources.md`, so that its fidelity and its scores can be checked."
    OutOfRange "WOM0016" Error "value out of range"
        "The number, or the number of things in a list, is outside of what this place takes."
    OneOf "WOM0017" Error "exactly one of several fields"
        "The fields exclude each other and one of them is needed, such as `at` and `when` of a script rule."
    MissingTranslation "WOM0018" Warning "text without Korean"
        "The text has no Korean version; English is shown in its place."
    WrongName "WOM0019" Error "name that does not fit its folder or its form"
        "The id is the folder's name: lower-case letters, digits and hyphens."
    MissingScenario "WOM0020" Error "no scenario.ron"
        "The folder has no file `scenario.ron`."
    Questionable "WOM0021" Warning "allowed, but probably not meant"
        "The value is possible and the scenario plays, but hardly anybody means it: a certificate that has expired before the session opens, a record without addresses, a time to live of zero, a resolver that nobody asks."
    NeverRuns "WOM0022" Warning "job that does nothing in a session"
        "A scheduled job does not run between the opening and the horizon, or its runs do nothing. It would stand in a crontab as decoration; if that is wanted, the warning can stay."
    BadExpression "WOM0023" Error "expression that cannot be read"
        "Rules, graphs, objectives and routes hold expressions in the languages of Prometheus and Alertmanager, and this one does not follow the grammar. The label says where reading stopped."
    OldWay "WOM0024" Warning "an older way of writing it"
        "The format has another place for this now. The old one is still read and means the same; the help shows the new one."
}
