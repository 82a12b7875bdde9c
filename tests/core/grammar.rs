//! The line grammar: what each form means, text ⇄ command for every command, and errors that say what would do.

use proptest::prelude::*;
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, LoadScale, Reflection, UpdateFields, UpdateStatus};
use wheel_of_misfortune::scenario::{Channel, Course, Fault};
use wheel_of_misfortune::session::grammar::{
    self, EvidenceRef, INCIDENT, Item, Line, Request, Wait, format, format_line, kind_name, parse, parse_incident,
    resolve,
};
use wheel_of_misfortune::session::{Command, TermSignal};
use wheel_of_misfortune::stdx::rational::{Exact, ratio};
use wheel_of_misfortune::stdx::time::{Offset, Span, Tick};

fn what(text: &str) -> Item {
    parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).what.unwrap_or_else(|| panic!("{text}: nothing"))
}

fn command(text: &str) -> Command {
    match what(text) {
        Item::Command(Request::Ready(c)) => c,
        other => panic!("{text}: {other:?}"),
    }
}

fn typed(text: &str) -> Item {
    Item::Typed { terminal: None, text: text.into() }
}

#[test]
fn a_bare_line_is_typed() {
    for text in
        ["ls -l | grep \"x y\"", "echo #1", "T+foo", "+x", "expectation", "expect -f script", "@", "declare sev2"]
    {
        if text != "@" {
            assert_eq!(what(text), typed(text), "{text}");
        }
    }
    assert_eq!(what("  df -h"), typed("df -h"));
    for empty in ["", "   ", "# a comment", "  # indented"] {
        assert_eq!(parse(empty).unwrap(), Line::default(), "{empty:?}");
    }
}

#[test]
fn waits_and_actors_stand_before_it() {
    let line = parse("T+8m @comms :update internal \"we look\"").unwrap();
    assert_eq!(line.at, Some(Wait::At(Offset(480))));
    assert_eq!(line.by, Some(Actor::Seat("comms".into())));
    assert!(matches!(line.what, Some(Item::Command(_))));
    assert_eq!(parse("+1m30s").unwrap(), Line { at: Some(Wait::For(Span(90))), by: None, what: None });
    assert_eq!(parse("T-20s ls").unwrap().at, Some(Wait::At(Offset(-20))));
    assert_eq!(parse("@gm inject dns-down").unwrap().by, Some(Actor::Gm));
    assert_eq!(parse("@gm inject dns-down"), parse("@gm :inject dns-down"));
    assert_eq!(parse("@secondary uptime").unwrap().what, Some(typed("uptime")));
}

#[test]
fn words_for_the_terminal() {
    assert_eq!(what(":int"), Item::Signal { terminal: None, signal: TermSignal::Int });
    assert_eq!(what(":eof 2"), Item::Signal { terminal: Some(2), signal: TermSignal::Eof });
    assert_eq!(what(":key q"), Item::Key { terminal: None, key: "q".into() });
    assert_eq!(what(":term 2"), Item::Term(2));
    assert_eq!(what(":wait 30s"), Item::Wait(Span(30)));
    assert_eq!(what(":end"), Item::End);
    assert_eq!(what(":type 2  :q"), Item::Typed { terminal: Some(2), text: " :q".into() });
    assert_eq!(what(":type 1"), Item::Typed { terminal: Some(1), text: String::new() });
    let typed = what("ls").request(3);
    assert_eq!(typed, Some(Request::Ready(Command::LineSubmitted { terminal: 3, text: "ls".into() })));
    assert_eq!(what(":end").request(1), Some(Request::Ready(Command::End)));
    assert_eq!(what(":wait 1s").request(1), None);
}

#[test]
fn the_forms_of_the_contract() {
    assert_eq!(command(":ack 1"), Command::Ack { page: 1 });
    assert_eq!(command(":declare sev2"), Command::Declare { severity: 2 });
    assert_eq!(command(":role ic me"), Command::Role { role: "ic".into(), to: "me".into() });
    assert_eq!(
        command(":page storage \"disk full\""),
        Command::Page { person: "storage".into(), topic: "disk full".into() }
    );
    assert_eq!(command(":help db"), Command::Help { topic: "db".into() });
    assert_eq!(
        command(":look graph downloads"),
        Command::Viewed { panel: "graph".into(), subject: "downloads".into() }
    );
    assert_eq!(command(":unlook map"), Command::Unviewed { panel: "map".into(), subject: String::new() });
    assert_eq!(
        command(":followup \"check urls\" --owner web"),
        Command::FollowUp { text: "check urls".into(), owner: "web".into() }
    );
    let update = command(
        ":update status --impact api:download --status investigating --action \"reading logs\" --next='roll back' --again 20m --about rate we are looking",
    );
    let fields = UpdateFields {
        impact: Some("api:download".into()),
        status: Some(UpdateStatus::Investigating),
        action: Some("reading logs".into()),
        next: Some("roll back".into()),
        again_min: Some(20),
    };
    let want =
        Command::Update { channel: Channel::Status, text: "we are looking".into(), fields, about: vec!["rate".into()] };
    assert_eq!(update, want);
    let fault = |text: &str| match command(text) {
        Command::BeginFault { fault, .. } => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault("@gm fault errors api 50%"), Fault::Errors { service: "api".into(), share: Exact(ratio(1, 2)) });
    assert_eq!(fault("@gm fault slow api 4x"), Fault::Slow { service: "api".into(), factor: Exact(ratio(4, 1)) });
    assert_eq!(fault("@gm fault crash web-01:nginx"), Fault::Crash { host: "web-01".into(), unit: "nginx".into() });
    assert_eq!(
        fault("@gm fault fill web-01:/var 20MB/s"),
        Fault::DiskFill { host: "web-01".into(), path: "/var".into(), bytes_per_s: 20_000_000 }
    );
    assert_eq!(command("@gm nudge 2"), Command::Nudge { rung: 2, text: String::new() });
    assert_eq!(command("@gm release evening"), Command::Hold { rule: "evening".into(), held: false });
    assert_eq!(
        command("@gm say dba hello there"),
        Command::SpeakAs { person: "dba".into(), text: "hello there".into() }
    );
}

#[test]
fn evidence_and_me_are_looked_up() {
    let Item::Command(request) =
        what(":cause --component api --component b --mechanism bad_release --evidence 312.1,last:api")
    else {
        panic!("a command")
    };
    let id = |tick| FactId { branch: 0, tick: Tick(tick), n: 1 };
    let Request::Cause { evidence, .. } = &request else { panic!("a cause") };
    assert_eq!(*evidence, [EvidenceRef::Id(id(312)), EvidenceRef::Last("api".into())]);
    let me = Actor::Seat("primary".into());
    let found = resolve(request.clone(), &me, |s| (s == "api").then(|| id(7))).unwrap();
    let (components, mechanisms) = (vec!["api".into(), "b".into()], vec!["bad_release".into()]);
    assert_eq!(found, Command::Cause { components, mechanisms, evidence: vec![id(312), id(7)], confidence: None });
    let missing = resolve(request, &me, |_| None).unwrap_err();
    assert!(missing.message.contains("`api`"), "{missing}");
    let role = Request::Ready(command(":role ic me"));
    let want = Command::Role { role: "ic".into(), to: "primary".into() };
    assert_eq!(resolve(role, &me, |_| None).unwrap(), want);
}

#[test]
fn console_tools_read_the_same_words() {
    let argv = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        parse_incident(&argv(&["update", "internal", "we look at it", "--about", "rate"])).unwrap(),
        Request::Ready(command(":update internal --about rate \"we look at it\""))
    );
    assert_eq!(parse_incident(&argv(&["declare", "sev9"])).unwrap_err().column, 2);
    assert!(parse_incident(&[]).is_err());
}

#[test]
fn errors_say_where_and_what_would_do() {
    for (text, column, message, help) in [
        (":dclare sev2", 2, "unknown word `dclare`", "did you mean `declare`?"),
        ("  :declare 9", 12, "`9` is not a severity", "sev1 (worst) to sev4"),
        (":ack x", 6, "`x`", ""),
        (":ack 1 2", 8, "`ack` takes nothing more", "leave it out"),
        (":term 99", 7, "`99` is not a terminal", "from 1 to"),
        ("@gm inject", 11, "`inject` needs a card", "inject CARD"),
        ("@gm dance", 5, "unknown word `dance`", "the words are"),
        ("@a/b ls", 1, "`@a/b` is not a seat", "@comms"),
        ("T+8x ls", 1, "`T+8x` is not a time", "T+8m"),
        ("+8x", 1, "`+8x` is not a wait", "+30s"),
        (":update internal", 2, "the update says nothing", "--impact"),
        (":update internal --stats x", 18, "unknown option `--stats`", "`--status`"),
        (":update internal --status busy", 27, "`busy` is not known here", "investigating"),
        (":update internal --next a --next b", 34, "`--next` stands twice", "leave one"),
        (":cause --component api --evidence nope", 35, "`nope` is not evidence", "312.1 or last:SERVICE"),
        (":followup text", 2, "`followup` needs an owner", "--owner"),
        (":update internal \"open", 18, "a quote is not closed", "put a \""),
        ("@gm fault errors api 7", 22, "`7` does not fit `errors`", "50%"),
        ("@gm fault slow api 1/2", 20, "`1/2` does not fit `slow`", "at least 1"),
        ("@gm fault crash api", 17, "`api` is not a place", "HOST:UNIT"),
        ("expect fact declard", 13, "there is no fact called `declard`", "did you mean `declared`?"),
        ("expect output /(/", 8, "", "expect output"),
    ] {
        let error = parse(text).map(|l| panic!("{text}: {l:?}")).unwrap_err();
        assert_eq!(error.column, column, "{text}: {error:?}");
        assert!(error.message.contains(message), "{text}: {error:?}");
        assert!(error.help.contains(help), "{text}: {error:?}");
    }
    assert!(parse(&"x".repeat(grammar::MAX_LINE + 1)).is_err());
    assert!(parse(&"x".repeat(grammar::MAX_LINE)).is_ok());
}

#[test]
fn expectations_compare_facts_users_and_output() {
    let Item::Expect(output) = what("expect output /^2[0-9]% +used$/") else { panic!("an expectation") };
    let grammar::Expectation::Output(pattern) = &output else { panic!("a pattern") };
    assert!(pattern.is_match("x\n27%  used\ny"));
    assert!(!pattern.is_match("127% used"));

    let by = Actor::Seat("primary".into());
    let id = FactId { branch: 0, tick: Tick(3), n: 1 };
    let fact = Fact { id, by, what: FactKind::Help { topic: "the database".into() }, evidence: vec![] };
    for (line, names) in [
        ("expect fact help", true),
        ("expect fact help database", true),
        ("expect no fact help database", true),
        ("expect fact help cache", false),
        ("expect fact resolved", false),
    ] {
        let Item::Expect(e) = what(line) else { panic!("{line}") };
        assert_eq!(e.names(&fact), Some(names), "{line}");
    }
    let Item::Expect(users) = what("expect users <= 5%") else { panic!("users") };
    assert_eq!(users.allows(5, 100), Some(true));
    assert_eq!(users.allows(6, 100), Some(false));
    assert_eq!(users.allows(0, 0), Some(true));
}

#[test]
fn fact_names_are_those_of_the_log() {
    let samples = [
        FactKind::SeveritySet { severity: 1 },
        FactKind::FollowUp { text: "x".into(), owner: "y".into() },
        FactKind::Resolved,
        FactKind::UnknownTool { name: "x".into() },
        FactKind::Improvised { seat: "primary".into(), command: "x".into(), text: "y".into() },
        FactKind::Ended,
    ];
    for fact in samples {
        assert_eq!(serde_json::to_value(&fact).unwrap()["fact"], kind_name(&fact));
    }
}

#[test]
fn every_word_of_the_table_is_read() {
    for usage in INCIDENT {
        let error = match parse(&format!(":{}", usage.name)) {
            Ok(_) => continue,
            Err(e) => e,
        };
        assert!(!error.message.starts_with("unknown word"), "{}: {error}", usage.name);
    }
}

fn free() -> impl Strategy<Value = String> {
    prop::string::string_regex("[ -~가-힣\n\r\t]{0,16}").unwrap()
}

fn word() -> impl Strategy<Value = String> {
    prop::string::string_regex("[ -~가-힣]{1,10}").unwrap().prop_filter("`me` is looked up", |w| w != "me")
}

fn name() -> impl Strategy<Value = String> {
    prop::string::string_regex("[a-z][a-z0-9-]{0,8}").unwrap()
}

fn fields() -> impl Strategy<Value = UpdateFields> {
    let status = prop::sample::select(vec![
        UpdateStatus::Investigating,
        UpdateStatus::Identified,
        UpdateStatus::Mitigating,
        UpdateStatus::Monitoring,
        UpdateStatus::Resolved,
    ]);
    let o = prop::option::of::<BoxedStrategy<String>>;
    (o(free().boxed()), prop::option::of(status), o(free().boxed()), o(free().boxed()), prop::option::of(0u32..100_000))
        .prop_map(|(impact, status, action, next, again_min)| UpdateFields { impact, status, action, next, again_min })
}

fn fault() -> impl Strategy<Value = Fault> {
    let factor = (1i64..50, 1i64..9).prop_map(|(n, d)| Exact(ratio(n + d, d)));
    let share = (0i64..=40).prop_map(|n| Exact(ratio(n, 40)));
    prop_oneof![
        (name(), word(), any::<u32>()).prop_map(|(host, path, n)| Fault::DiskFill {
            host,
            path,
            bytes_per_s: n.into()
        }),
        (word(), share).prop_map(|(service, share)| Fault::Errors { service, share }),
        (word(), factor.clone()).prop_map(|(service, factor)| Fault::Slow { service, factor }),
        (name(), word()).prop_map(|(host, unit)| Fault::Crash { host, unit }),
        (word(), factor).prop_map(|(traffic, factor)| Fault::Surge { traffic, factor }),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    let terminal = 1u32..=16;
    let shell = prop::string::string_regex("[ -~가-힣\t]{0,20}").unwrap();
    let panel =
        prop::sample::select(vec!["graph", "log", "map", "pager", "channel", "ticket", "runbook", "change", "status"]);
    let role = prop::sample::select(vec!["ic", "comms", "scribe", "ops"]);
    let signal = prop::sample::select(vec![TermSignal::Int, TermSignal::Tstp, TermSignal::Eof]);
    let channel = prop::sample::select(vec![Channel::Internal, Channel::Status]);
    let said = free().prop_filter("says something", |t| !t.is_empty()).boxed();
    let ids = prop::collection::vec((0u32..3, any::<u32>(), 1u32..50), 0..4).prop_map(|ids| {
        ids.into_iter().map(|(branch, t, n)| FactId { branch, tick: Tick(t.into()), n }).collect::<Vec<_>>()
    });
    let terminal_kind = prop_oneof![
        (terminal.clone(), shell).prop_map(|(terminal, text)| Command::LineSubmitted { terminal, text }),
        (terminal.clone(), word()).prop_map(|(terminal, key)| Command::KeyPressed { terminal, key }),
        (terminal.clone(), signal).prop_map(|(terminal, signal)| Command::Signal { terminal, signal }),
        (panel.clone(), free()).prop_map(|(p, subject)| Command::Viewed { panel: p.into(), subject }),
        (panel, free()).prop_map(|(p, subject)| Command::Unviewed { panel: p.into(), subject }),
        (1u32..).prop_map(|page| Command::Ack { page }),
        Just(Command::Resolve),
        Just(Command::End),
    ];
    let spoken = prop_oneof![
        (1u8..=4).prop_map(|severity| Command::Declare { severity }),
        (role, word()).prop_map(|(r, to)| Command::Role { role: r.into(), to }),
        (channel, said.clone(), fields(), prop::collection::vec(free(), 0..3))
            .prop_map(|(channel, text, fields, about)| Command::Update { channel, text, fields, about }),
        (word(), free()).prop_map(|(person, topic)| Command::Page { person, topic }),
        free().prop_map(|topic| Command::Help { topic }),
        word().prop_map(|component| Command::Hypothesis { component }),
        (prop::collection::vec(free(), 1..3), prop::collection::vec(free(), 0..3), ids).prop_map(
            |(components, mechanisms, evidence)| Command::Cause { components, mechanisms, evidence, confidence: None }
        ),
        (said.clone(), word()).prop_map(|(text, owner)| Command::FollowUp { text, owner }),
        (0..Reflection::ALL.len(), said.clone(), prop_oneof![Just(String::new()), word()])
            .prop_map(|(on, text, owner)| Command::Reflect { on: Reflection::ALL[on], text, owner }),
        (0..LoadScale::ALL.len(), 0u8..=100)
            .prop_map(|(scale, value)| Command::RateWorkload { scale: LoadScale::ALL[scale], value }),
        (word(), said.clone()).prop_map(|(row, text)| Command::Witness { row, text }),
    ];
    let gm = prop_oneof![
        (word(), terminal, free()).prop_map(|(seat, terminal, text)| Command::Answered { seat, terminal, text }),
        word().prop_map(|card| Command::Inject { card }),
        fault().prop_map(|fault| Command::BeginFault { fault, course: Course::default() }),
        fault().prop_map(|fault| Command::ClearFault { fault }),
        (1u8..=5, free()).prop_map(|(rung, text)| Command::Nudge { rung, text }),
        (word(), free()).prop_map(|(person, text)| Command::SpeakAs { person, text }),
        free().prop_map(|text| Command::Bookmark { text }),
        (word(), any::<bool>()).prop_map(|(rule, held)| Command::Hold { rule, held }),
        prop::sample::select(vec![Command::Pause, Command::Resume]),
        (1u32..=60).prop_map(|factor| Command::Speed { factor }),
    ];
    prop_oneof![terminal_kind, spoken, gm]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_command_written_reads_back_the_same(command in any_command()) {
        let text = format(&command);
        prop_assert!(!text.contains('\n') || matches!(command, Command::LineSubmitted { .. }), "{}", text);
        let line = parse(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e:?}")))?;
        prop_assert_eq!(line.by == Some(Actor::Gm), command.is_gm(), "{}", text);
        let request = line.what.as_ref().and_then(|w| w.request(99));
        let back = request.map(|r| resolve(r, &Actor::Gm, |_| None));
        prop_assert_eq!(back, Some(Ok(command)), "{}", text);
    }

    #[test]
    fn a_line_written_reads_back_the_same(command in any_command(), wait in prop::option::of(-500i64..500)) {
        let mut line = parse(&format(&command)).unwrap();
        line.at = wait.map(|s| Wait::At(Offset(s)));
        prop_assert_eq!(parse(&format_line(&line)).unwrap(), line);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ -~가-힣\"'@:#+T]{0,60}") {
        let _ = parse(&text);
        let _ = parse(&format!(":{text}"));
        let _ = parse(&format!("@gm {text}"));
        let _ = parse(&format!("expect {text}"));
    }
}

#[test]
fn every_line_of_the_scenarios_walkthroughs_is_read() {
    let mut read = 0;
    for package in wheel_of_misfortune::storage::package::bundled() {
        for (name, text) in package.files.iter().filter(|(name, _)| name.ends_with(".wom")) {
            for (n, line) in text.lines().enumerate() {
                let place = format!("{}/{name}:{}", package.slug, n + 1);
                let line = parse(line).unwrap_or_else(|e| panic!("{place}:{}: {e}; {}", e.column, e.help));
                assert_eq!(parse(&format_line(&line)).as_ref(), Ok(&line), "{place}");
                read += 1;
            }
        }
    }
    assert!(read > 0, "no walkthrough was read");
}
