//! The words of the session: `ack`, `declare`, `update`, … and the game master's, from a line or a console tool's arguments.

use super::word::{Word, Words};
use super::{EvidenceRef, GrammarError, MAX_TERMINAL, Request};
use crate::fact::{Learning, LoadScale, Reflection, Ruling, UpdateFields, UpdateStatus};
use crate::scenario::Channel;
use crate::session::Command;
use crate::stdx::rational;
use crate::stdx::{text, units};

/// How a word is used: one table for errors, help, completion and the console's tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The word.
    pub name: &'static str,
    /// Its form.
    pub form: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Whether only the game master uses it.
    pub gm: bool,
}

const fn word(name: &'static str, form: &'static str, about: &'static str) -> Usage {
    Usage { name, form, about, gm: false }
}

const fn gm(name: &'static str, form: &'static str, about: &'static str) -> Usage {
    Usage { name, form, about, gm: true }
}

/// Every session word, trainees' first.
pub const INCIDENT: &[Usage] = &[
    word("ack", "ack [PAGE]", "acknowledge a page, the first open one if none is named"),
    word("declare", "declare sev1|sev2|sev3|sev4", "declare an incident, or change its severity"),
    word("role", "role ic|comms|scribe|ops me|WHO", "take or give a role"),
    word(
        "update",
        "update internal|status [--impact WHAT] [--status STATE] [--action WHAT] [--next WHAT] [--again 20m] [--about TOPIC]… [TEXT]",
        "post to the incident channel or the status page",
    ),
    word("page", "page WHO [TOPIC]", "call a person"),
    word("help", "help TOPIC", "ask for help on a topic"),
    word("hypothesis", "hypothesis COMPONENT", "state what may be wrong"),
    word(
        "cause",
        "cause --component NAME… --mechanism NAME… [--evidence 312.1,last:SERVICE] [--confidence 70]",
        "state the cause, with evidence",
    ),
    word(
        "look",
        "look graph|board|promql|log|map|pager|channel|ticket|runbook|change|status [SUBJECT]",
        "show something on a panel",
    ),
    word("unlook", "unlook PANEL [SUBJECT]", "no longer show it"),
    word("handover", "handover WHO", "hand the incident over"),
    word("handoff", "handoff WHO", "the same"),
    word("predict", "predict TEXT", "write down what you expect before you act"),
    word("revise", "revise TEXT", "say that you changed your mind, and why"),
    word("note", "note TEXT", "leave a note that the next person can use"),
    word("resolve", "resolve", "close the incident"),
    word("followup", "followup TEXT --owner WHO", "record work for later"),
    word(
        "reflect",
        "reflect reaction|surprise|plus|delta|luck|action TEXT [--owner WHO]",
        "after the end: a thought of the debrief",
    ),
    word(
        "workload",
        "workload mental|physical|temporal|performance|effort|frustration 0..100",
        "after the end: how heavy the work felt; never scored",
    ),
    word("witness", "witness ROW TEXT", "after the end: what somebody who was there knew at a row of the original"),
    gm("inject", "inject CARD", "fire a card of the deck"),
    gm("triage", "triage CARD", "the team said what it does about a card's trouble"),
    gm("close", "close CARD", "a card's trouble is dealt with"),
    gm("confirm", "confirm MILESTONE --evidence 312.1,… [REASON]", "accept other evidence for a milestone"),
    gm("void", "void MILESTONE|CHECK [REASON]", "take it out of the score, for the original too"),
    gm(
        "fault",
        "fault errors|slow|crash|surge|fill TARGET [AMOUNT] | KIND FIELD=VALUE… [--severity 1/2] [--lasts 5m] [--rise 1m] [--fall 1m] [--pulse 20s/40s] [--again 10m] [--wakes start:SERVICE] [--behind]",
        "begin a fault",
    ),
    gm("clear", "clear errors|slow|crash|surge|fill TARGET [AMOUNT] | KIND FIELD=VALUE…", "end a fault"),
    gm("nudge", "nudge 1..5 [TEXT]", "nudge, from a question to the answer"),
    gm("say", "say PERSON TEXT", "speak as a simulated person"),
    gm("answer", "answer SEAT TERMINAL TEXT", "answer in place of an unknown tool"),
    gm("hold", "hold RULE", "hold back a rule of the script"),
    gm("release", "release RULE", "let a held rule go again"),
    gm("join", "join PERSON", "bring a simulated person into the channel"),
    gm("tell", "tell PERSON TOPIC", "let a simulated person say what they know"),
    gm("enlarge", "enlarge PERSON VOLUME SIZE", "let a simulated person make a volume larger"),
    gm("bookmark", "bookmark TEXT", "mark this moment for the debrief"),
    gm("pause", "pause", "stop the clock"),
    gm("resume", "resume", "start the clock again"),
    gm("speed", "speed 1..60", "seconds of the scenario for one of yours"),
];

/// Most that a severity can be.
const LEAST_SEVERE: u8 = 4;

/// The usage of a word.
pub fn usage(name: &str) -> Option<&'static Usage> {
    INCIDENT.iter().find(|u| u.name == name)
}

/// Reads what a console tool was called with: the same words without the colon, already split by the shell.
///
/// # Errors
/// If it is none of the words, or its arguments do not fit; the column is the argument's position, from 1.
pub fn parse_incident(argv: &[String]) -> Result<Request, GrammarError> {
    read(&Words::from_args(argv))
}

pub(super) fn read(words: &Words) -> Result<Request, GrammarError> {
    let name = words.first();
    let Some(usage) = usage(name) else { return Err(unknown(words)) };
    let one = |what| -> Result<String, GrammarError> {
        words.at_most(2)?;
        words.need(1, what, usage.form).map(|w| w.text.clone())
    };
    let bare = |command| words.at_most(1).map(|()| command);
    let text_from = |n, what| -> Result<String, GrammarError> {
        words.need(n, what, usage.form)?;
        Ok(join(words.from(n)))
    };
    let command = match name {
        "ack" if words.get(1).is_none() => Command::Ack { page: 0 },
        "ack" => Command::Ack { page: number(words, "a page's number", usage.form, 1..=u32::MAX)? },
        "declare" => Command::Declare { severity: severity(words, usage)? },
        "role" => {
            words.at_most(3)?;
            let role = choice(words.need(1, "a role", usage.form)?, &["ic", "comms", "scribe", "ops"])?.to_owned();
            Command::Role { role, to: words.need(2, "who takes it", usage.form)?.text.clone() }
        }
        "update" => update(words, usage)?,
        "page" => {
            let person = words.need(1, "a person", usage.form)?.text.clone();
            Command::Page { person, topic: join(words.from(2)) }
        }
        "help" => Command::Help { topic: text_from(1, "a topic")? },
        "hypothesis" => Command::Hypothesis { component: one("a component")? },
        "cause" => return cause(words, usage),
        "look" | "unlook" => {
            words.at_most(3)?;
            let panel = choice(words.need(1, "a panel", usage.form)?, PANELS)?.to_owned();
            let subject = words.get(2).map(|w| w.text.clone()).unwrap_or_default();
            if name == "look" { Command::Viewed { panel, subject } } else { Command::Unviewed { panel, subject } }
        }
        "handover" | "handoff" => Command::Handover { to: one("who takes over")? },
        "predict" => Command::Learn { what: Learning::Prediction, text: text_from(1, "words")? },
        "revise" => Command::Learn { what: Learning::Revision, text: text_from(1, "words")? },
        "note" => Command::Learn { what: Learning::Note, text: text_from(1, "words")? },
        "resolve" => bare(Command::Resolve)?,
        "followup" => follow_up(words, usage)?,
        "reflect" => reflect(words, usage)?,
        "workload" => {
            words.at_most(3)?;
            let names = LoadScale::ALL.map(LoadScale::name);
            let name = choice(words.need(1, "a scale", usage.form)?, &names)?;
            let scale = LoadScale::ALL.into_iter().find(|s| s.name() == name).unwrap_or(LoadScale::Mental);
            let w = words.need(2, "a number", usage.form)?;
            let wrong =
                || GrammarError::new(w.column, format!("`{}` is not a number from 0 to 100", w.text), usage.form);
            Command::RateWorkload { scale, value: w.text.parse().ok().filter(|n| *n <= 100).ok_or_else(wrong)? }
        }
        "witness" => Command::Witness {
            row: words.need(1, "a row of the original", usage.form)?.text.clone(),
            text: text_from(2, "words")?,
        },
        "inject" => Command::Inject { card: one("a card")? },
        "triage" => Command::Triage { card: one("a card")? },
        "close" => Command::CloseInject { card: one("a card")? },
        "confirm" => confirm(words, usage)?,
        "void" => {
            let of = words.need(1, "a milestone or a check", usage.form)?.text.clone();
            Command::Adjudicate { ruling: Ruling::Void, of, evidence: Vec::new(), reason: join(words.from(2)) }
        }
        "fault" => super::fault::begin(words, usage)?,
        "clear" => super::fault::clear(words, usage)?,
        "nudge" => {
            let rung = words.need(1, "a rung", usage.form)?;
            let wrong = || GrammarError::new(rung.column, format!("`{}` is not a rung", rung.text), "1, 2, 3, 4 or 5");
            let n: u8 = rung.text.parse().ok().filter(|n| (1..=5).contains(n)).ok_or_else(wrong)?;
            Command::Nudge { rung: n, text: join(words.from(2)) }
        }
        "say" => Command::SpeakAs {
            person: words.need(1, "a person", usage.form)?.text.clone(),
            text: text_from(2, "words to say")?,
        },
        "answer" => {
            let seat = words.need(1, "a seat", usage.form)?.text.clone();
            let terminal = super::terminal(&words.need(2, "a terminal", usage.form)?.text, 0)?.min(MAX_TERMINAL);
            Command::Answered { seat, terminal, text: text_from(3, "the output")? }
        }
        "hold" => Command::Hold { rule: one("a rule")?, held: true },
        "release" => Command::Hold { rule: one("a rule")?, held: false },
        "join" => Command::Join { person: one("a person")? },
        "tell" => {
            words.at_most(3)?;
            let person = words.need(1, "a person", usage.form)?.text.clone();
            Command::Tell { person, topic: words.need(2, "a topic", usage.form)?.text.clone() }
        }
        "enlarge" => {
            words.at_most(4)?;
            let person = words.need(1, "a person", usage.form)?.text.clone();
            let volume = words.need(2, "a volume", usage.form)?.text.clone();
            let size = words.need(3, "a size", usage.form)?;
            let wrong = || GrammarError::new(size.column, format!("`{}` is not a size", size.text), "write 90GB");
            let bytes = crate::stdx::units::bytes(&size.text).ok_or_else(wrong)?;
            Command::Enlarge { person, volume, bytes }
        }
        "bookmark" => Command::Bookmark { text: text_from(1, "words")? },
        "pause" => bare(Command::Pause)?,
        "resume" => bare(Command::Resume)?,
        "speed" => Command::Speed { factor: number(words, "a factor", usage.form, 1..=60)? },
        _ => return Err(unknown(words)),
    };
    Ok(Request::Ready(command))
}

const PANELS: &[&str] =
    &["graph", "board", "promql", "log", "map", "pager", "channel", "ticket", "runbook", "change", "status"];

fn unknown(words: &Words) -> GrammarError {
    let name = words.first();
    let own = ["type", "term", "key", "int", "tstp", "eof", "wait", "end"];
    let all = INCIDENT.iter().map(|u| u.name).chain(own);
    let help = match text::nearest(name, all) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the words are: ".to_owned() + &INCIDENT.iter().map(|u| u.name).collect::<Vec<_>>().join(" "),
    };
    let message = if name.is_empty() { "a word is missing".to_owned() } else { format!("unknown word `{name}`") };
    GrammarError::new(words.column(), message, help)
}

fn join(words: &[Word]) -> String {
    words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn choice<'a>(word: &Word, options: &[&'a str]) -> Result<&'a str, GrammarError> {
    options.iter().find(|o| **o == word.text).copied().ok_or_else(|| {
        let help = format!("one of: {}", options.join(" "));
        GrammarError::new(word.column, format!("`{}` is not known here", word.text), help)
    })
}

fn number(words: &Words, what: &str, form: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, GrammarError> {
    words.at_most(2)?;
    let w = words.need(1, what, form)?;
    let wrong = || GrammarError::new(w.column, format!("`{}` is not {what}", w.text), format!("for example: {form}"));
    w.text.parse().ok().filter(|n| range.contains(n)).ok_or_else(wrong)
}

fn severity(words: &Words, usage: &Usage) -> Result<u8, GrammarError> {
    words.at_most(2)?;
    let w = words.need(1, "a severity", usage.form)?;
    let digits = w.text.strip_prefix("sev").unwrap_or(&w.text);
    let wrong = || GrammarError::new(w.column, format!("`{}` is not a severity", w.text), "sev1 (worst) to sev4");
    digits.parse().ok().filter(|n| (1..=LEAST_SEVERE).contains(n)).ok_or_else(wrong)
}

/// The options of a line (`--name value` or `--name=value`) and its other words; `--` ends the options.
struct Options<'a> {
    named: Vec<(&'static str, usize, String)>,
    rest: Vec<&'a Word>,
}

impl Options<'_> {
    fn read<'a>(words: &'a [Word], known: &[&'static str], usage: &Usage) -> Result<Options<'a>, GrammarError> {
        let mut found = Options { named: Vec::new(), rest: Vec::new() };
        let mut words = words.iter();
        while let Some(w) = words.next() {
            if w.text == "--" {
                found.rest.extend(words);
                break;
            }
            let Some(option) = w.text.strip_prefix("--") else {
                found.rest.push(w);
                continue;
            };
            let (name, value) = option.split_once('=').map_or((option, None), |(n, v)| (n, Some(v.to_owned())));
            let Some(name) = known.iter().find(|k| **k == name) else {
                let near = text::nearest(name, known.iter().copied());
                let help = near.map_or_else(|| usage.form.to_owned(), |n| format!("did you mean `--{n}`?"));
                return Err(GrammarError::new(w.column, format!("unknown option `--{name}`"), help));
            };
            let value = value.map(|v| (w.column, v)).or_else(|| words.next().map(|w| (w.column, w.text.clone())));
            let (column, value) = value.ok_or_else(|| {
                GrammarError::new(w.column, format!("`--{name}` needs a value"), format!("for example: {}", usage.form))
            })?;
            found.named.push((name, column, value));
        }
        Ok(found)
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.named.iter().filter(|(n, ..)| *n == name).map(|(_, _, v)| v.clone()).collect()
    }

    /// The value of an option that may stand once.
    fn one(&self, name: &str) -> Result<Option<(usize, String)>, GrammarError> {
        let mut of_name = self.named.iter().filter(|(n, ..)| *n == name);
        let first = of_name.next().map(|(_, column, v)| (*column, v.clone()));
        match of_name.next() {
            None => Ok(first),
            Some((_, column, _)) => {
                Err(GrammarError::new(*column, format!("`--{name}` stands twice"), "leave one of them out"))
            }
        }
    }

    fn text(&self) -> String {
        self.rest.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

fn update(words: &Words, usage: &Usage) -> Result<Command, GrammarError> {
    let channel = match choice(words.need(1, "a channel", usage.form)?, &["internal", "status"])? {
        "status" => Channel::Status,
        _ => Channel::Internal,
    };
    let known = ["impact", "status", "action", "next", "again", "about"];
    let options = Options::read(words.from(2), &known, usage)?;
    let value = |name| options.one(name).map(|v| v.map(|(_, v)| v));
    let fields = UpdateFields {
        impact: value("impact")?,
        status: options.one("status")?.map(|(column, v)| status(&v, column)).transpose()?,
        action: value("action")?,
        next: value("next")?,
        again_min: options.one("again")?.map(|(column, v)| minutes(&v, column)).transpose()?,
    };
    let (text, about) = (options.text(), options.all("about"));
    if text.is_empty() && fields == UpdateFields::default() {
        let help = "write a text, or fill one of --impact --status --action --next --again";
        return Err(GrammarError::new(words.column(), "the update says nothing", help));
    }
    Ok(Command::Update { channel, text, fields, about })
}

pub(super) const STATUSES: [(&str, UpdateStatus); 5] = [
    ("investigating", UpdateStatus::Investigating),
    ("identified", UpdateStatus::Identified),
    ("mitigating", UpdateStatus::Mitigating),
    ("monitoring", UpdateStatus::Monitoring),
    ("resolved", UpdateStatus::Resolved),
];

fn status(text: &str, column: usize) -> Result<UpdateStatus, GrammarError> {
    let names = STATUSES.map(|(n, _)| n);
    let word = Word { text: text.to_owned(), column };
    let name = choice(&word, &names)?;
    Ok(STATUSES.iter().find(|(n, _)| *n == name).map_or(UpdateStatus::Investigating, |(_, s)| *s))
}

/// `20m`, `1h`, or a bare number of minutes; seconds are rounded up to a minute.
fn minutes(text: &str, column: usize) -> Result<u32, GrammarError> {
    let whole = text.parse::<u32>().ok();
    let span = || units::span(text).and_then(|s| u32::try_from(s.0.div_ceil(60)).ok());
    let wrong = || GrammarError::new(column, format!("`{text}` is not a length of time"), "write --again 20m");
    whole.or_else(span).ok_or_else(wrong)
}

fn cause(words: &Words, usage: &Usage) -> Result<Request, GrammarError> {
    let options = Options::read(words.from(1), &["component", "mechanism", "evidence", "confidence"], usage)?;
    if let Some(extra) = options.rest.first() {
        let message = format!("`{}` belongs to no option", extra.text);
        return Err(GrammarError::new(extra.column, message, format!("for example: {}", usage.form)));
    }
    let (components, mechanisms) = (options.all("component"), options.all("mechanism"));
    if components.is_empty() && mechanisms.is_empty() {
        let message = "`cause` needs a component or a mechanism";
        return Err(GrammarError::new(words.column(), message, format!("for example: {}", usage.form)));
    }
    let confidence = options.one("confidence")?.map(|(column, text)| {
        let wrong = || GrammarError::new(column, format!("`{text}` is not a percentage"), "write --confidence 70");
        text.strip_suffix('%').unwrap_or(&text).parse().ok().filter(|c| *c <= 100u8).ok_or_else(wrong)
    });
    let confidence = confidence.transpose()?;
    let mut evidence = Vec::new();
    for (_, column, list) in options.named.iter().filter(|(n, ..)| *n == "evidence") {
        for part in list.split(',').map(str::trim) {
            let wrong =
                || GrammarError::new(*column, format!("`{part}` is not evidence"), "write 312.1 or last:SERVICE");
            evidence.push(match part.strip_prefix("last:") {
                Some(service) if !service.is_empty() => EvidenceRef::Last(service.to_owned()),
                _ => EvidenceRef::Id(part.parse().map_err(|()| wrong())?),
            });
        }
    }
    Ok(Request::Cause { components, mechanisms, evidence, confidence })
}

fn confirm(words: &Words, usage: &Usage) -> Result<Command, GrammarError> {
    let options = Options::read(words.from(1), &["evidence"], usage)?;
    let missing = |what: &str| {
        GrammarError::new(words.column(), format!("`confirm` needs {what}"), format!("for example: {}", usage.form))
    };
    let (of, reason) = options.rest.split_first().ok_or_else(|| missing("a milestone"))?;
    let (column, list) = options.one("evidence")?.ok_or_else(|| missing("evidence"))?;
    let wrong = || GrammarError::new(column, format!("`{list}` is not evidence"), "write --evidence 312.1");
    let ids = list.split(',').map(|part| part.trim().parse().map_err(|()| wrong()));
    let reason = reason.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    Ok(Command::Adjudicate {
        ruling: Ruling::Confirm,
        of: of.text.clone(),
        evidence: ids.collect::<Result<_, _>>()?,
        reason,
    })
}

fn follow_up(words: &Words, usage: &Usage) -> Result<Command, GrammarError> {
    let options = Options::read(words.from(1), &["owner"], usage)?;
    let missing = |what: &str| {
        GrammarError::new(words.column(), format!("`followup` needs {what}"), format!("for example: {}", usage.form))
    };
    let (_, owner) = options.one("owner")?.filter(|(_, o)| !o.is_empty()).ok_or_else(|| missing("an owner"))?;
    let text = options.text();
    if text.is_empty() { Err(missing("a text")) } else { Ok(Command::FollowUp { text, owner }) }
}

fn reflect(words: &Words, usage: &Usage) -> Result<Command, GrammarError> {
    let names = Reflection::ALL.map(Reflection::name);
    let about = choice(words.need(1, "what it is about", usage.form)?, &names)?;
    let on = Reflection::ALL.into_iter().find(|r| r.name() == about).unwrap_or(Reflection::Reaction);
    let options = Options::read(words.from(2), &["owner"], usage)?;
    let owner = options.one("owner")?.map(|(_, o)| o.to_owned()).unwrap_or_default();
    let text = options.text();
    if text.is_empty() {
        let help = format!("for example: {}", usage.form);
        return Err(GrammarError::new(words.column(), "`reflect` needs a text", help));
    }
    Ok(Command::Reflect { on, text, owner })
}

/// A share written as `5%`, `0.05` or `1/20`.
pub(super) fn share(text: &str) -> Option<rational::Ratio> {
    match text.strip_suffix('%') {
        Some(percent) => {
            let share = rational::parse(percent)? / rational::whole(100);
            (share >= rational::whole(0) && share <= rational::whole(1)).then_some(share)
        }
        None => units::share(text),
    }
}
