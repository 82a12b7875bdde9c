//! A rich debrief for tests: a registry whose download links lost a slash, two lanes, a held clock, a long tail.

use wheel_of_misfortune::debrief::background::{Apart, Background, Judged};
use wheel_of_misfortune::debrief::branch::BranchLane;
use wheel_of_misfortune::debrief::budget::Budget;
use wheel_of_misfortune::debrief::diagnosis::{Diagnosis, Statement};
use wheel_of_misfortune::debrief::grounds::{Basis, Grounds, Outcome};
use wheel_of_misfortune::debrief::{
    Aftermath, AlertSpan, Debrief, DecisionMark, Join, LogRow, Look, OriginalMark, Taken, Thought, TurningPoint,
    WorldMark, WorldMarkKind, YourMark,
};
use wheel_of_misfortune::fact::{FactId, LoadScale, Reflection};
use wheel_of_misfortune::scenario::{
    Account, Contradiction, DecisionOutcome, LangText, OtherT0, Precision, Provenance, ReadStatus, Reliability,
    RowKind, Source, T0,
};
use wheel_of_misfortune::scoring::{Check, Impact, Report};
use wheel_of_misfortune::session::projection::Text;
use wheel_of_misfortune::stdx::rational::{Ratio, parse, whole};
use wheel_of_misfortune::stdx::time::{Offset, Tick, Utc};

/// When the fixture's session opens, seconds from T0.
pub const OPENS_S: i64 = -120;

/// Text in both languages.
pub fn both(en: &str, ko: &str) -> LangText {
    LangText { en: en.to_owned(), ko: ko.to_owned() }
}

fn author(en: &str, ko: &str) -> Text {
    Text::Author(both(en, ko))
}

/// The fact of a moment.
pub fn fact(t_s: i64) -> FactId {
    FactId { branch: 0, tick: Tick((t_s - OPENS_S) as u64), n: 1 }
}

fn world(t_s: i64, kind: WorldMarkKind, en: &str, ko: &str) -> WorldMark {
    WorldMark { t_s, kind, text: author(en, ko), fact: None }
}

fn original(
    id: &str,
    t_s: i64,
    kind: RowKind,
    what: (&str, &str),
    milestone: Option<&str>,
    published: bool,
) -> OriginalMark {
    OriginalMark {
        id: id.to_owned(),
        t_s,
        published_s: None,
        precision: Precision::Minute,
        kind,
        what: both(what.0, what.1),
        milestone: milestone.map(str::to_owned),
        published,
        source: format!("pm {id}"),
    }
}

fn yours(t_s: i64, en: &str, ko: &str, milestone: Option<&str>, action: bool) -> YourMark {
    YourMark {
        fact: fact(t_s),
        t_s,
        by: "primary".to_owned(),
        text: author(en, ko),
        milestone: milestone.map(str::to_owned),
        action,
    }
}

fn join(milestone: &str, name: (&str, &str), original_s: i64, yours_s: i64, row: &str) -> Join {
    Join {
        milestone: milestone.to_owned(),
        name: both(name.0, name.1),
        original_s,
        precision: Precision::Minute,
        yours_s,
        row: row.to_owned(),
        fact: fact(yours_s),
        large: milestone == "relief",
        assumed: milestone == "verified",
    }
}

fn background() -> Background {
    let row = |row: &str| Provenance::Source { source: "pm".to_owned(), row: row.to_owned() };
    let source = Source {
        title: "Postmortem of the registry".to_owned(),
        url: "https://registry.example/postmortem".to_owned(),
        licence: "CC BY 4.0".to_owned(),
        read: Some(ReadStatus::InPart),
    };
    let account = |en: &str, ko: &str, follows: bool| Account { says: both(en, ko), follows, fact: row("summary") };
    Background {
        t0: T0 {
            utc: Utc(1_689_855_420),
            means: both("release promoted", "릴리스 승격"),
            also: vec![OtherT0 { name: both("the first report", "첫 제보"), at: Offset(420), fact: row("12:24") }],
            fact: row("12:17"),
        },
        sources: [("pm".to_owned(), source)].into(),
        contradictions: vec![Contradiction {
            about: both("how long it lasted", "얼마나 지속되었는지"),
            accounts: vec![account("13 minutes", "13분", true), account("a quarter of an hour", "15분", false)],
        }],
        apart: vec![Apart {
            milestone: "restart".to_owned(),
            name: both("API restarted", "API 재시작"),
            side_path: true,
            source: "pm 12:26".to_owned(),
            original_s: Some(540),
            yours: Some((372, Some(fact(372)))),
        }],
        signals: vec![Judged {
            reliability: Reliability::Coincidence,
            place: "search".to_owned(),
            text: both("Requests, search", "요청, 검색"),
            seen: Some((240, fact(240))),
        }],
    }
}

fn r(text: &str) -> Ratio {
    parse(text).expect("a fixture's number")
}

#[rustfmt::skip]
const CHECKS: [(&str, &str, &str, &str, &str, &str, &[i64]); 28] = [
    ("D1", "detect", "4", "3.91", "2.4", "4 · φ(2:12; 8:00) = 4 · .98", &[132]),
    ("D2", "detect", "2", "2", "2", "2 · win(4:36; 20 min) = 2 · 1", &[276]),
    ("D3", "detect", "2", "2", "0", "2 · [SEV2 within one level of SEV1]", &[276]),
    ("G1", "diagnose", "3", "2", "2.6", "3 · |2 shared| / |3 named or true|", &[240, 250]),
    ("G2", "diagnose", "3", "3", "3", "3 · 1 hit / max(1, 1)", &[250]),
    ("G3", "diagnose", "2", "2", "2", "2 · [cites an observation]", &[250, 240]),
    ("G4", "diagnose", "1", "0.90", "0.6", "1 · φ(4:10; 11:00) = 1 · .90", &[250]),
    ("G5", "diagnose", "1", "1", "0", "1 · [guess, then look]", &[186, 240]),
    ("M1", "mitigate", "6", "4.78", "3.6", "6 · φ(7:00; 13:00) = 6 · .80", &[420]),
    ("M2", "mitigate", "4", "3.18", "2.4", "4 · φ(7:00; 13:00) = 4 · .80", &[420]),
    ("M3", "mitigate", "6", "6", "6", "6 · [looked] · [posted]", &[504, 540]),
    ("M4", "mitigate", "2", "2", "2", "2 · [closing step after relief]", &[7080]),
    ("M5", "mitigate", "2", "2", "2", "2 · e · [item with owner], e = 1", &[7080]),
    ("C1", "communicate", "3", "3", "2.4", "3 · win(3:06; 10 min) = 3 · 1", &[186]),
    ("C2", "communicate", "4", "4", "0", "4 · win(5:24; 30 min) = 4 · 1", &[324]),
    ("C3", "communicate", "4", "4", "4", "4 · e · (1 − 0 / 240)", &[324, 540]),
    ("C4", "communicate", "2", "1.25", "1", "2 · mean(3/4, 2/4)", &[324, 540]),
    ("C5", "communicate", "1", "0", "0.6", "no public closing message", &[]),
    ("O1", "coordinate", "4.8", "4.8", "0", "4.8 · win(4:36; 15 min) = 4.8 · 1", &[276]),
    ("O2", "coordinate", "2.4", "1.2", "1.2", "2.4 · 1 of 2: coordinator", &[276]),
    ("O3", "coordinate", "3.6", "3.6", "3.6", "3.6 · [over before the need point]", &[420]),
    ("O4", "coordinate", "0", "0", "0", "no shift anchor here", &[]),
    ("O5", "coordinate", "1.2", "0.90", "0.9", "1.2 · e · (1 − 1 / 4)", &[372]),
    ("S1", "safety", "14", "12", "10.5", "14 · e / (1 + 2 · 1/12), loss = ¼ · (1 − 2/3)", &[372, 420, 504]),
    ("H1", "impact", "16", "13.3", "9.6", "16 · e · φ(187 k; min(391 k, 4.04 M))", &[420]),
    ("A1", "alignment", "6", "5.2", "4.8", "6 · e · (1 − 4/30), 26 of 30 lined up", &[132]),
    ("A2", "alignment", "1", "1", "1", "1 · [first in order]", &[132]),
    ("A3", "alignment", "1", "1", "1", "1 · [last in order]", &[7080]),
];

fn check(row: &(&'static str, &'static str, &str, &str, &str, &str, &[i64])) -> Check {
    let (id, dimension, max, points, par, formula, evidence) = row;
    let (max, points) = (r(max), r(points));
    let credit = if max == whole(0) { whole(0) } else { &points / &max };
    Check {
        id,
        dimension,
        credit,
        points,
        par_points: r(par),
        par_provenance: vec![if *id == "M3" { "assumed" } else { "published" }.to_owned()],
        formula: (*formula).to_owned(),
        inputs: Vec::new(),
        evidence: evidence.iter().map(|t| fact(*t)).collect(),
        // The feedback's words are not what these tests look at; any sentence of the catalogue serves.
        text: ("dui-par-note".to_owned(), Vec::new()),
        window: (*id == "C5").then_some((Tick(540), Tick(7200))),
        max,
        ..Check::default()
    }
}

fn curve(points: &[(i64, u64)]) -> Vec<(Tick, u64)> {
    points.iter().map(|(t, v)| (Tick((t - OPENS_S) as u64), *v)).collect()
}

/// The debrief.
#[rustfmt::skip]
pub fn debrief() -> Debrief {
    use RowKind as K;
    let checks: Vec<Check> = CHECKS.iter().map(check).collect();
    let sum = |f: fn(&Check) -> &Ratio| checks.iter().fold(whole(0), |a, c| a + f(c));
    let (points, max, par) = (sum(|c| &c.points), sum(|c| &c.max), sum(|c| &c.par_points));
    let branched = vec![yours(400, "Rolled back at once", "바로 롤백", None, true), yours(520, "Download checked", "다운로드 확인", None, false)];
    let yours = vec![
        yours(132, "Request rate panel: ×3.6", "요청량 화면: ×3.6", Some("recognised"), false),
        yours(186, "Guess: clients retry", "추측: 재시도", None, false),
        yours(240, "curl shows a fused host name", "curl: 붙은 호스트", Some("cause"), false),
        yours(250, "Cause stated: link lost its slash", "원인 진술: 슬래시 빠짐", None, false),
        yours(276, "Declared SEV2, coordinator named", "SEV2 선언, IC 지정", Some("declared"), false),
        yours(324, "Status page: impact", "상태 페이지: 영향", None, false),
        yours(372, "Cache purge, one crate", "캐시 비움 (1건)", None, true),
        yours(420, "Rolled back to v1041", "v1041로 롤백", Some("relief"), true),
        yours(504, "Download checked from outside", "다운로드 확인", Some("verified"), false),
        yours(540, "Result posted", "결과 공유", None, false),
        yours(4200, "Fix opened for review", "수정 PR", Some("fix-opened"), false),
        yours(6240, "Smoke test, with download", "다운로드 포함 점검", Some("smoke"), false),
        yours(7080, "Fix in production", "수정 반영", Some("fix-live"), true),
    ];
    let mut log: Vec<LogRow> = yours
        .iter()
        .map(|y| LogRow { id: y.fact, t_s: y.t_s, who: "primary".to_owned(), role: None, ours: true, text: y.text.clone() })
        .collect();
    let ticks = [36, 52, 70, 88, 100, 150, 160, 175, 200, 222, 260, 330, 350, 400, 455, 470, 600, 660, 760, 900, 3000, 3400, 5100];
    log.extend(ticks.iter().map(|t| LogRow {
        id: fact(*t), t_s: *t, who: "primary".to_owned(), role: None, ours: true, text: author("looked at the request rate per endpoint", "엔드포인트별 요청량을 봄"),
    }));
    log.push(LogRow { id: FactId { branch: 0, tick: Tick(120), n: 1 }, t_s: 0, who: String::new(), role: None, ours: false, text: author("v1042 promoted to production", "v1042 승격") });
    log.sort_by_key(|l| l.id);
    Debrief {
        title: both("The link without a slash", "슬래시가 빠진 링크"),
        subtitle: "Package registry · 20 July 2023".to_owned(),
        t0_utc_s: 1_689_855_420,
        money: None,
        from_s: OPENS_S,
        to_s: 7200,
        world: vec![
            world(0, WorldMarkKind::Change, "v1042 promoted; redirects lose a slash", "v1042 승격, 리다이렉트에 슬래시가 빠짐"),
            world(420, WorldMarkKind::Signal, "first user issue: “invalid URL”", "첫 사용자 이슈: “유효하지 않은 URL”"),
            world(750, WorldMarkKind::Absence, "no alert fires on the base fault", "기본 장애에 울린 경보 없음"),
        ],
        original: vec![
            original("r1", -60, K::Trigger, ("Deploy announced in chat", "채팅에 배포 예고"), None, true),
            original("r2", 60, K::Communicate, ("Chat: deploy complete", "채팅: 배포 완료"), None, true),
            original("r3", 480, K::Investigate, ("Request rate looks unusual", "요청량이 평소와 다름"), Some("recognised"), true),
            original("r4", 600, K::Attempt, ("Caches looked at first", "먼저 캐시를 살펴봄"), None, true),
            original("r5", 660, K::Acknowledge, ("Issue pointed out; acknowledged", "이슈 전달받고 인지"), Some("declared"), true),
            original("r6", 780, K::Mitigate, ("Previous release restored", "이전 릴리스 복원"), Some("relief"), true),
            original("r7", 840, K::Investigate, ("Checked", "확인"), Some("verified"), false),
            original("r8", 4860, K::FollowUp, ("Fix opened", "수정 PR"), Some("fix-opened"), true),
            original("r9", 6660, K::FollowUp, ("Smoke test", "사전 점검"), Some("smoke"), true),
            original("r10", 6780, K::Resolve, ("Fix in production", "수정 반영"), Some("fix-live"), true),
        ],
        yours,
        exploration: ticks.iter().map(|t| Look { t_s: *t, fact: fact(*t), by: "primary".to_owned() }).collect(),
        ledger: Vec::new(),
        joins: vec![
            join("recognised", ("recognised", "알아봄"), 480, 132, "r3"),
            join("cause", ("cause", "원인"), 660, 240, "r5"),
            join("declared", ("declared", "선언"), 660, 276, "r5"),
            join("relief", ("relief", "완화"), 780, 420, "r6"),
            join("verified", ("verified", "확인"), 840, 504, "r7"),
            join("fix-opened", ("fix opened", "수정 PR"), 4860, 4200, "r8"),
            join("smoke", ("smoke test", "사전 점검"), 6660, 6240, "r9"),
            join("fix-live", ("fix live", "수정 반영"), 6780, 7080, "r10"),
        ],
        seats: vec!["primary".to_owned(), "comms".to_owned()],
        alerts: vec![AlertSpan { from_s: 300, to_s: 430, alert: "errors".to_owned(), service: "api".to_owned() }],
        branches: vec![BranchLane {
            number: 1,
            from_s: 372,
            to_s: 900,
            marks: branched,
            area: (14_000, 27_200),
        }],
        grounds: vec![
            Grounds { action: fact(420), seat: "primary".to_owned(), basis: Basis::OnScreen, seen: vec![fact(240)], outcome: Outcome::Better, proof: Some(fact(504)), text: author("#540.1 on api followed what was on the screen (#360.1); users were better off after it (#624.1).", "#540.1: api 조치는 화면에 있던 것(#360.1)에 이어졌고, 그 뒤 사용자 상황이 나아졌습니다(#624.1).") },
            Grounds { action: fact(372), seat: "primary".to_owned(), basis: Basis::Other, seen: Vec::new(), outcome: Outcome::Same, proof: None, text: author("#492.1 on cdn was made on other grounds than the screen.", "#492.1: cdn 조치는 화면이 아닌 다른 근거로 했습니다.") },
        ],
        diagnosis: Diagnosis {
            statements: vec![
                Statement { fact: fact(186), t_s: 186, cause: false, confidence: None, location: vec![("client".to_owned(), false)], mechanism: Vec::new(), scope: Vec::new(), evidence: Vec::new() },
                Statement { fact: fact(250), t_s: 250, cause: true, confidence: Some(70), location: vec![("api".to_owned(), true)], mechanism: vec![("bad_release".to_owned(), true)], scope: vec!["api".to_owned()], evidence: vec![fact(240)] },
            ],
            components: vec!["api".to_owned()],
            mechanisms: vec!["bad_release".to_owned()],
            scope: vec!["api".to_owned()],
            chains: vec![vec!["api".to_owned(), "cdn".to_owned(), "downloads".to_owned()]],
        },
        budget: Some(Budget { objective: r("999/1000"), period_s: 30 * 86_400, service: None, assumed: true, minutes: whole(1_468_800), used: [r("187/1469"), r("391/1469"), r("4038/1469")] }),
        held: vec![(290, 320, both("search looks slow", "검색이 느려 보임"))],
        turning: vec![
            TurningPoint {
                t_s: 240,
                title: author("A look tied the guess to users", "추측을 확인한 화면"),
                body: author("curl at +4:00 tested the guess from +3:06; in the original the issue report named the URL at +11:00.", "+4:00의 curl이 +3:06의 추측을 확인했습니다. 원래 사건은 +11:00 이슈 제보로 URL을 알았습니다."),
                question: author("What made the server numbers tell half of the story?", "서버 숫자만으로는 보이지 않던 것을 어떻게 알아차리셨나요?"),
                fact: fact(240),
            },
            TurningPoint {
                t_s: 276,
                title: author("Declared ahead of the rollback", "롤백보다 먼저 선언"),
                body: author("SEV2 and one coordinator; original acknowledged at +11:00, no severity in the source.", "SEV2와 조율 담당을 정했습니다. 원래 사건은 +11:00에 인지, 심각도는 출처에 없습니다."),
                question: author("What made this the sensible next step at the time?", "그 시점에 그 선택이 자연스러웠던 이유는 무엇인가요?"),
                fact: fact(276),
            },
            TurningPoint {
                t_s: 420,
                title: author("Rollback ahead of the full cause", "원인 규명보다 먼저 롤백"),
                body: author("It ran with 2 of 3 guards; a second person is not seen in the log. Original +13:00.", "보호 장치 3개 중 2개로 실행되었고 두 번째 사람은 기록에 보이지 않습니다. 원래 사건 +13:00."),
                question: author("Which guard could the tool itself offer?", "도구가 스스로 제공할 수 있는 장치는 무엇일까요?"),
                fact: fact(420),
            },
        ],
        decisions: vec![DecisionMark {
            name: both("Roll back, or fix forward?", "되돌릴까, 고쳐서 나아갈까?"),
            open_s: 186,
            original: Some((both("Roll back", "되돌리기"), DecisionOutcome::Works)),
            taken: vec![Taken {
                t_s: 372,
                fact: Some(fact(372)),
                name: both("Empty the CDN first", "먼저 CDN 비우기"),
                outcome: DecisionOutcome::NoEffect,
                original: false,
            }],
            question: None,
        }],
        questions: vec![author("Which signal would have told you first that links were broken?", "링크가 깨졌다는 것을 가장 먼저 알려 줄 신호는 무엇이었을까요?")],
        plus: Some(("coordinate".to_owned(), "+5.7".to_owned(), author("declared at +4:36; original +11:00", "선언 +4:36, 원래 사건 +11:00"), Some(fact(276)))),
        experiment: author("write the closing message before the fix ships", "수정 배포 전에 마무리 공지 먼저 써 두기"),
        report: Report {
            score_version: 1,
            scenario: "registry".to_owned(),
            delta: &points - &par,
            points, max, par,
            word: "dui-credit-solid",
            engagement: whole(1),
            checks,
            moves: Vec::new(),
            impact: Impact {
                of: 34_000,
                yours: curve(&[(-120, 0), (0, 0), (150, 34_000), (390, 34_000), (420, 0), (7200, 0)]),
                original: curve(&[(-120, 0), (0, 0), (150, 34_000), (750, 34_000), (780, 0), (7200, 0)]),
                hands_off: curve(&[(-120, 0), (0, 0), (150, 34_000), (7200, 34_000)]),
                area: [whole(187_000), whole(391_000), whole(4_038_000)],
                ..Impact::default()
            },
            support: 1,
            ..Report::default()
        },
        log,
        background: background(),
        aftermath: Aftermath {
            thoughts: vec![Thought { on: Reflection::Plus, text: "reading the channel aloud".to_owned(), owner: String::new(), by: "primary".to_owned(), fact: fact(7190) }],
            workload: vec![(LoadScale::Mental, "primary".to_owned(), 55)],
            witness: vec![("r3".to_owned(), "primary".to_owned(), "the graph was on the wall behind us".to_owned())],
            ..Aftermath::default()
        },
    }
}

/// A day of an incident, as sample data: two clusters of work with hours of waiting between them, and a branch.
#[rustfmt::skip]
#[allow(dead_code)] // The core tests have no use for it.
pub fn long() -> Debrief {
    use RowKind as K;
    let short = debrief();
    let h = |hours: i64, minutes: i64| hours * 3600 + minutes * 60;
    let yours = vec![
        yours(h(0, 5), "Page acknowledged", "호출 응답", Some("recognised"), false),
        yours(h(0, 14), "Declared SEV1, coordinator named", "SEV1 선언, IC 지정", Some("declared"), false),
        yours(h(0, 25), "Status page: impact", "상태 페이지: 영향", Some("told"), false),
        yours(h(1, 6), "Replica examined", "복제본 확인", Some("replica"), false),
        yours(h(2, 20), "Directory removed on db2", "db2 디렉터리 삭제", Some("removed"), true),
        yours(h(2, 50), "Backups read", "백업 확인", Some("backups"), false),
        yours(h(3, 12), "Restore started", "복원 시작", Some("restore"), true),
        yours(h(8, 0), "Update: 40 % copied", "공지: 40 % 복사", None, false),
        yours(h(12, 50), "Database back", "데이터베이스 복구", Some("back"), false),
        yours(h(13, 10), "Site checked as a user", "사용자 쪽 확인", Some("verified"), false),
    ];
    let names = [("recognised", "알아봄"), ("declared", "선언"), ("told", "공지"), ("replica", "복제본"), ("removed", "삭제"), ("backups", "백업"), ("restore", "복원"), ("back", "복구"), ("verified", "확인")];
    let theirs = [h(0, 5), h(0, 18), h(2, 29), h(1, 5), h(2, 25), h(2, 50), h(4, 18), h(20, 0), h(21, 0)];
    let original: Vec<OriginalMark> = names.iter().zip(theirs).enumerate().map(|(i, ((en, ko), t))| {
        let kind = if *en == "back" { K::Mitigate } else { K::Investigate };
        original(&format!("r{i}"), t, kind, (en, ko), Some(en), i % 4 != 3)
    }).collect();
    let joins = names.iter().zip(theirs).enumerate().filter_map(|(i, ((en, ko), t))| {
        let mine = yours.iter().find(|y| y.milestone.as_deref() == Some(en))?;
        let mut j = join(en, (en, ko), t, mine.t_s, &format!("r{i}"));
        j.large = *en == "back";
        Some(j)
    }).collect();
    let turning = yours.iter().filter(|y| y.milestone.is_some()).take(5).map(|y| TurningPoint {
        t_s: y.t_s, title: y.text.clone(), body: y.text.clone(),
        question: author("What made this the sensible next step at the time?", "그 시점에 그 선택이 자연스러웠던 이유는 무엇인가요?"), fact: y.fact,
    }).collect();
    let log = yours.iter().map(|y| LogRow { id: y.fact, t_s: y.t_s, who: "primary".to_owned(), role: None, ours: true, text: y.text.clone() }).collect();
    let minutes = |users: i64, from: i64, to: i64| whole(users * (to - from) / 60);
    Debrief {
        title: both("The second prompt (sample data)", "두 번째 프롬프트 (예시 자료)"),
        subtitle: "Sample · 31 January 2017".to_owned(),
        t0_utc_s: 1_485_896_400,
        to_s: h(24, 0),
        world: vec![world(0, WorldMarkKind::Impact, "users begin to be affected", "사용자 영향 시작"), world(h(1, 0), WorldMarkKind::Signal, "page: replication lag", "호출: 복제 지연")],
        exploration: (1..40).map(|k| Look { t_s: h(0, k * 6), fact: fact(h(0, k * 6)), by: "primary".to_owned() }).collect(),
        ledger: Vec::new(),
        alerts: vec![AlertSpan { from_s: h(1, 0), to_s: h(13, 0), alert: "replication_lag".to_owned(), service: "db".to_owned() }],
        branches: vec![BranchLane { number: 1, from_s: h(2, 18), to_s: h(3, 40), marks: vec![
            YourMark { fact: fact(h(2, 23)), t_s: h(2, 23), by: "primary".to_owned(), text: author("Host said in the channel", "채널에 호스트 이름 공유"), milestone: None, action: false },
            YourMark { fact: fact(h(2, 39)), t_s: h(2, 39), by: "primary".to_owned(), text: author("db2 directory removed", "db2 디렉터리 삭제"), milestone: None, action: true },
        ], area: (1_000, 62_000) }],
        held: Vec::new(),
        report: Report { impact: Impact {
            of: 5_000,
            yours: curve(&[(-120, 0), (0, 1_500), (h(0, 40), 0), (h(2, 20), 5_000), (h(12, 50), 0), (h(24, 0), 0)]),
            original: curve(&[(-120, 0), (0, 1_500), (h(0, 42), 0), (h(2, 25), 5_000), (h(20, 0), 0), (h(24, 0), 0)]),
            hands_off: curve(&[(-120, 0), (0, 1_500), (h(24, 0), 1_500)]),
            area: [minutes(5_000, h(2, 20), h(12, 50)), minutes(5_000, h(2, 25), h(20, 0)), minutes(1_500, 0, h(24, 0))],
            ..Impact::default()
        }, ..short.report.clone() },
        original, joins, turning, log, yours,
        ..short
    }
}
