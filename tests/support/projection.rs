//! A rich projection: the registry scene, nine minutes in, for a trainee and for the game master.

use std::sync::Arc;
use wheel_of_misfortune::fact::{FactId, UpdateFields};
use wheel_of_misfortune::scenario::{AlertSeverity, Channel, LangText, Level, LogLevel, RowKind};
use wheel_of_misfortune::session::projection::*;
use wheel_of_misfortune::stdx::time::Tick;

fn lt(en: &str, ko: &str) -> LangText {
    LangText { en: en.to_owned(), ko: ko.to_owned() }
}

fn s(text: &str) -> String {
    text.to_owned()
}

fn fact(n: u32) -> FactId {
    FactId { branch: 0, tick: Tick(u64::from(n) * 30), n: 1 }
}

const NOW: i64 = 552;

fn wobble(k: i64) -> f64 {
    [0.0, 0.4, -0.3, 0.2, -0.1, 0.5, -0.4, 0.1, -0.2, 0.3][(k.unsigned_abs() % 10) as usize]
}

fn requests() -> Vec<(i64, Option<f64>)> {
    (-1300..=NOW)
        .step_by(15)
        .map(|t| {
            let rise = if t < 0 { 0.0 } else { 3580.0 * (t as f64 / (t as f64 + 60.0)) };
            (t, Some(1130.0 + rise + 60.0 * wobble(t / 15)))
        })
        .collect()
}

fn flat(level: f64, sway: f64) -> Vec<(i64, Option<f64>)> {
    (-1300..=NOW).step_by(15).map(|t| (t, Some(level + sway * wobble(t / 15)))).collect()
}

fn spark(points: &[(i64, Option<f64>)]) -> Vec<f64> {
    points.iter().step_by(4).filter_map(|(_, v)| *v).collect()
}

fn graph(id: &str, title: LangText, unit: &str, points: Vec<(i64, Option<f64>)>) -> GraphView {
    let deploy = GraphMark { t_s: 4, kind: MarkKind::Deploy, label: s("Deploy v481") };
    GraphView {
        id: s(id),
        title,
        service: s("registry-api"),
        unit: s(unit),
        points: Arc::new(points),
        usual: None,
        threshold: None,
        state: Some(AlertState::Normal),
        marks: vec![deploy],
        lines: Vec::new(),
    }
}

/// A board of three charts is open beside a query, one alert fires, another has ended.
fn explore() -> ExploreView {
    let line = |name: &str, level: f64| LineView { name: s(name), points: flat(level, level / 10.0) };
    let chart = |panel: &str, subject: &str, title: Text, query: &str, unit: &str, lines| ChartView {
        panel: s(panel),
        subject: s(subject),
        title,
        query: s(query),
        unit: s(unit),
        range_s: 1_800,
        lines,
        more: 0,
        error: None,
    };
    let requests = "sum by (code) (rate(http_requests_total{service=\"registry-api\"}[1m]))";
    let span =
        |alert: &str, from_t_s, to_t_s| AlertSpan { alert: s(alert), service: s("registry-api"), from_t_s, to_t_s };
    ExploreView {
        boards: ["registry-api", "router", "web-1", "db-main"].map(s).to_vec(),
        charts: vec![
            chart(
                "board",
                "30m registry-api",
                Text::key("panel-requests"),
                requests,
                "/s",
                vec![line("code=200", 900.0), line("code=302", 240.0), line("code=503", 12.0)],
            ),
            chart("board", "30m registry-api", Text::key("panel-errors"), "…", "%", vec![line("", 1.1)]),
            chart("promql", "30m up", Text::Raw(s("up")), "up", "", vec![line("service=registry-api", 1.0)]),
        ],
        spans: vec![span("rate", 470, None), span("smoke", -900, Some(-540))],
        marks: vec![GraphMark { t_s: 4, kind: MarkKind::Deploy, label: s("Deploy v481") }],
    }
}

fn node(id: &str, name: LangText, column: u8, health: Health, figure: Option<&str>, spark: Vec<f64>) -> MapNode {
    MapNode {
        id: s(id),
        name,
        column,
        health,
        figure: figure.map(|f| Text::Raw(s(f))),
        spark,
        yours: column > 0,
        deploy: None,
        touched_by: Vec::new(),
    }
}

fn map() -> MapView {
    let level = spark(&flat(50.0, 3.0));
    let rise = spark(&requests());
    let fall: Vec<f64> = (0..40).map(|k| if k < 28 { 50.0 + wobble(k) } else { 18.0 + wobble(k) }).collect();
    let mut api = node("registry-api", lt("registry-api", ""), 2, Health::Warning, Some("p95 91 ms"), rise.clone());
    api.deploy = Some((s("v481"), 4));
    api.touched_by = vec![s("P")];
    let edge = |from: &str, to: &str, rate: f64| MapEdge { from: s(from), to: s(to), rate, error_share: 0.0 };
    MapView {
        nodes: vec![
            node("cli", lt("CLI clients", "CLI"), 0, Health::Unknown, None, Vec::new()),
            node("browsers", lt("Browsers", "브라우저"), 0, Health::Ok, Some("82/s"), level.clone()),
            node("router", lt("API router", "API 라우터"), 1, Health::Warning, Some("4.7K/s"), rise),
            node("cdn", lt("File CDN", "파일 CDN"), 1, Health::Ok, Some("0 % 5xx"), fall),
            api,
            node("worker", lt("Worker", "워커"), 2, Health::Ok, Some("queue 3"), level.clone()),
            node("postgres", lt("PostgreSQL", ""), 3, Health::Ok, Some("18 conns"), level.clone()),
            node("files", lt("Crate files", "크레이트 파일"), 3, Health::Ok, Some("0 errors"), level),
        ],
        edges: vec![
            edge("cli", "router", 4600.0),
            edge("cli", "cdn", 60.0),
            edge("browsers", "router", 82.0),
            edge("router", "registry-api", 4700.0),
            edge("registry-api", "postgres", 1100.0),
            edge("cdn", "files", 60.0),
            edge("worker", "postgres", 3.0),
        ],
    }
}

fn message(k: u32, at: i64, who: &str, from: MessageFrom, en: &str, ko: &str) -> MessageView {
    MessageView {
        id: fact(k),
        at_t_s: at,
        channel: Channel::Internal,
        who: s(who),
        from,
        text: Text::Author(lt(en, ko)),
        fields: UpdateFields::default(),
    }
}

fn terminal(seat: &str) -> TerminalView {
    let prompt = format!("{seat}@ops:~$ ");
    let typed = |text: &str| TermLine::typed(prompt.clone(), text);
    let out = |text: &str| TermLine::plain(text);
    let lines = vec![
        typed("heroku releases -a registry-prod -n 3"),
        out("=== registry-prod Releases - Current: v481"),
        out(""),
        out(
            "v481  Promote registry-staging v912 4c1f9e2  deployer@registry.example  2023/07/20 12:17:04 +0000 (~ 8m ago)",
        ),
        out("v480  Promote registry-staging v907 a07be51  deployer@registry.example  2023/07/18 09:41:52 +0000"),
        out("v479  Set DB_POOL_SIZE config vars           platform@registry.example  2023/07/12 15:20:31 +0000"),
        typed("curl -I https://registry.example/api/v1/crates/serde/1.0.171/download"),
        out("HTTP/2 302"),
        out("content-length: 0"),
        out("server: nginx"),
        out("date: Thu, 20 Jul 2023 12:25:41 GMT"),
        out("location: https://static.registry.examplecrates/serde/serde-1.0.171.crate"),
        out("strict-transport-security: max-age=31536000"),
        out("x-request-id: 7f0c2f5e-52ab-4e0b-9a0e-6d1b8c7e21c4"),
        out("via: 1.1 vegur"),
        out(""),
    ];
    TerminalView {
        seat: s(seat),
        id: 1,
        host: s("ops"),
        prompt,
        lines: lines.into_iter().collect(),
        running: None,
        history: vec![
            s("heroku releases -a registry-prod -n 3"),
            s("curl -I https://registry.example/api/v1/crates/serde/1.0.171/download"),
        ],
    }
}

/// What the primary knows at T+09:12.
pub fn trainee() -> Projection {
    let alert = |id: &str, text: LangText, state, since, value: &str, rule: &str| AlertView {
        id: s(id),
        text,
        service: s("registry-api"),
        state,
        since_t_s: since,
        value: Some(Text::Raw(s(value))),
        rule: Text::Raw(s(rule)),
        severity: AlertSeverity::Warning,
    };
    let person = |id: &str, role: LangText, seat, presence| PersonView { id: s(id), role, seat, presence };
    let mut rate = graph("requests", lt("Requests, registry-api", "요청량, registry-api"), "/s", requests());
    rate.usual = Some(1130.0);
    rate.state = Some(AlertState::Firing);
    rate.marks.push(GraphMark { t_s: 480, kind: MarkKind::Page, label: s("page 1") });
    rate.marks.push(GraphMark { t_s: 530, kind: MarkKind::TeamAction, label: s("curl") });
    let mut errors = graph("errors", lt("Server errors, 5xx share", "서버 오류, 5xx 비율"), "%", flat(0.03, 0.01));
    errors.threshold = Some(1.0);
    let deployer = ("deployer", MessageFrom::Person);
    Projection {
        seat: s("primary"),
        scenario: ScenarioCard {
            id: s("registry-downloads"),
            wedge: lt("Downloads", "다운로드"),
            level: Level::Easy,
            minutes: (30, 45),
            role: lt("the package registry", "패키지 저장소"),
            briefing: lt("You are on call.", "당번입니다."),
            channel: s("registry-ops"),
        },
        clock: ClockView { tick: Tick(612), t_s: NOW, utc_s: 1_689_855_972, state: ClockState::Running, speed: 1 },
        incident: IncidentView::default(),
        pages: vec![PageView {
            id: 1,
            text: lt("Request rate above usual band", "요청량이 평소 범위를 넘음"),
            source: s("request-rate"),
            service: s("registry-api"),
            severity: AlertSeverity::Warning,
            at_t_s: 480,
            to: vec!["you".to_owned()],
            firing: Vec::new(),
            acked_t_s: None,
            resolved_t_s: None,
            escalated: 0,
            escalates_in_s: Some(228),
        }],
        alerts: vec![
            alert(
                "errors",
                lt("5xx ratio 0.03 %", "5xx 비율 0.03 %"),
                AlertState::Normal,
                -1_814_400,
                "0.03 %",
                "above 1 % for 2m",
            ),
            alert(
                "smoke",
                lt("Staging smoke test", "스테이징 점검"),
                AlertState::Normal,
                -540,
                "passed",
                "publish a crate",
            ),
            alert(
                "conns",
                lt("Database connections", "DB 연결 수"),
                AlertState::Normal,
                -518_400,
                "18",
                "above 110 of 120",
            ),
            alert(
                "load",
                lt("Web dynos: load 0.71", "웹 다이노 부하 0.71"),
                AlertState::Firing,
                250,
                "0.71",
                "above 0.70 for 1m",
            ),
        ],
        changes: vec![
            ChangeView {
                at_t_s: 4,
                service: s("registry-api"),
                release: s("v481"),
                stage: s("production"),
                by: s("deployer"),
                changes: vec![s("Readme parsing fix"), s("URL builder moved to a crate of its own")],
            },
            ChangeView {
                at_t_s: -7400,
                service: s("registry-api"),
                release: s("v912"),
                stage: s("staging"),
                by: s("deployer"),
                changes: vec![s("Readme parsing fix")],
            },
        ],
        tickets: vec![
            TicketView {
                id: fact(9),
                at_t_s: 300,
                who: s("user-7"),
                text: lt("Builds slow this morning?", "오늘 빌드가 느린가요?"),
            },
            TicketView {
                id: fact(3),
                at_t_s: -1300,
                who: s("user-2"),
                text: lt("Question about mirror limits", "미러 한도 문의"),
            },
        ],
        people: vec![
            person("primary", lt("On call", "당번"), true, Presence::Here),
            person("secondary", lt("Secondary", "예비 당번"), true, Presence::Here),
            person("deployer", lt("deployer", "배포 담당"), false, Presence::Here),
            person("platform", lt("platform on call", "플랫폼 당번"), false, Presence::JoinsIn(360)),
            person("cdn-vendor", lt("CDN vendor", "CDN 업체"), false, Presence::Away),
        ],
        messages: vec![
            message(
                1,
                -540,
                "release-bot",
                MessageFrom::Person,
                "Staging check passed: publish a crate.",
                "스테이징 점검 통과: 크레이트 올리기.",
            ),
            message(
                2,
                -50,
                deployer.0,
                deployer.1,
                "Promoting staging to production in a minute. Mostly the readme fix.",
                "곧 스테이징을 운영에 올립니다. README 수정이 중심이에요.",
            ),
            message(
                4,
                60,
                deployer.0,
                deployer.1,
                "Deploy complete, v481. Watching the graphs.",
                "v481 배포 끝났습니다. 그래프 보고 있어요.",
            ),
            message(
                8,
                310,
                "support",
                MessageFrom::Person,
                "One person asks if builds are slow today. Anything I can tell them?",
                "오늘 빌드가 느리냐는 문의가 왔어요. 뭐라고 답할까요?",
            ),
            message(
                10,
                370,
                "secondary",
                MessageFrom::Team,
                "Errors are flat, p95 is fine. It could be one busy mirror.",
                "오류는 그대로고 p95도 괜찮아요. 바쁜 미러 하나일 수도요.",
            ),
            message(
                14,
                490,
                deployer.0,
                deployer.1,
                "Download requests are well above usual since the deploy. I do not see why yet.",
                "배포 뒤로 다운로드 요청이 평소보다 훨씬 많아요. 이유는 아직 모르겠어요.",
            ),
            message(
                16,
                540,
                "primary",
                MessageFrom::You,
                "Checking what a client gets back from the download endpoint.",
                "클라이언트가 다운로드 주소에서 무엇을 받는지 확인 중.",
            ),
        ],
        graphs: vec![rate, errors],
        explore: explore(),
        logs: (0..40)
            .map(|k| LogView {
                t_s: 300 + k * 6,
                utc_s: 1_689_855_720 + k * 6,
                on: s(if k % 3 == 0 { "router" } else { "registry-api" }),
                program: s("web"),
                level: if k % 11 == 0 { LogLevel::Warning } else { LogLevel::Info },
                text: format!("method=GET path=/api/v1/crates/serde/1.0.{k}/download status=302 service=4ms"),
            })
            .collect(),
        map: map(),
        terminals: vec![terminal("primary")],
        jobs: Vec::new(),
        runbooks: vec![RunbookView {
            id: s("rollback"),
            title: lt("Roll back a release", "릴리스 되돌리기"),
            text: lt(
                "# Roll back\n\n- Find the release.\n- Roll back.\n\n```\nheroku rollback v480 -a registry-prod\n```\n",
                "",
            ),
            service: s("registry-api"),
        }],
        timeline: vec![
            TimelineRow {
                id: fact(1),
                t_s: 4,
                who: String::new(),
                ours: false,
                text: Text::Raw(s("release v481 in production")),
            },
            TimelineRow { id: fact(16), t_s: 480, who: String::new(), ours: false, text: Text::Raw(s("page 1")) },
            TimelineRow {
                id: fact(17),
                t_s: 530,
                who: s("primary"),
                ours: true,
                text: Text::Raw(s("curl -I https://registry.example/…/download")),
            },
        ],
        gm: None,
    }
}

/// What the game master knows at the same moment.
pub fn game_master() -> Projection {
    let mut p = trainee();
    p.seat = s("gm");
    let rule = |id: &str, at, en: &str, ko: &str, condition: Option<&str>| ScriptRow {
        id: s(id),
        at_t_s: at,
        text: Text::Author(lt(en, ko)),
        condition: condition.map(|c| Text::Raw(s(c))),
        fired_t_s: None,
        held: id == "mirror-phones",
    };
    let row = |id: &str, t_s, kind, en: &str, ko: &str| OriginalView { id: s(id), t_s, kind, what: lt(en, ko) };
    let card = |id: &str, title: LangText, note: LangText| CardView {
        id: s(id),
        title,
        note,
        allowance_s: 120,
        fired_t_s: None,
    };
    let stone = |id: &str, name: LangText, met| MilestoneView { id: s(id), name, met_t_s: met };
    let nudge = |rung, en: &str, ko: &str, due| NudgeView { rung, text: lt(en, ko), from_t_s: 610, due };
    let mark = |t: i64, lane: &str, text: &str| (t, s(lane), Text::Raw(s(text)));
    let kinds = |k: &[&str]| k.iter().map(|x| s(x)).collect();
    p.terminals.push(TerminalView { prompt: s("secondary@ops:~$ "), ..terminal("secondary") });
    p.gm = Some(GmView {
        title: lt("Redirects lose the slash after the host", "리디렉션에서 호스트 뒤 빗금이 사라짐"),
        truth: lt(
            "Release v481, since T+0:00. Every download fails at the client; the server still answers 302.",
            "릴리스 v481, T+0:00부터. 모든 다운로드가 클라이언트에서 실패하지만 서버는 계속 302로 답합니다.",
        ),
        works: lt("Roll back to v480, about 1 min", "v480으로 되돌리기, 약 1분"),
        affected: (2_400_000, 2_500_000),
        failed_total: 2_412_000,
        script: vec![
            rule("ticket-resolve", Some(600), "Ticket: “cannot resolve host”", "문의: “호스트를 찾을 수 없음”", None),
            rule("community", Some(660), "Community member names the issue", "커뮤니티 구성원이 이슈를 알림", None),
            rule(
                "lead-asks",
                Some(840),
                "Product lead asks for impact",
                "제품 책임자가 영향을 물음",
                Some("only if no update by then"),
            ),
            rule(
                "mirror-phones",
                Some(1080),
                "Mirror operator phones",
                "미러 운영자가 전화함",
                Some("only if not rolled back"),
            ),
        ],
        original: vec![
            row("promote", 0, RowKind::Trigger, "v481 promoted", "v481 배포"),
            row("issue", 360, RowKind::Detect, "Issue opened", "이슈 등록"),
            row(
                "posts",
                480,
                RowKind::Communicate,
                "Deployer posts: the rate is unusual, cause not yet understood",
                "배포 담당: 요청량이 이상하나 원인은 아직 모름",
            ),
            row("ack", 660, RowKind::Acknowledge, "Pointed at the issue, acknowledged", "이슈를 알려 받고 응답함"),
            row("rollback", 780, RowKind::Mitigate, "Rolled back", "되돌림"),
            row("fix", 6780, RowKind::FollowUp, "A tested fix went out", "시험한 수정 배포"),
        ],
        deck: vec![
            card(
                "surge",
                lt("Build farm starts, traffic surge", "빌드 팜 시작, 트래픽 급증"),
                lt("registry-api · 5 min, then ends by itself", "registry-api · 5분 뒤 저절로 끝남"),
            ),
            card(
                "tickets",
                lt("Twelve more tickets, one with a log", "문의 12건 더, 하나는 로그 첨부"),
                lt("to support", "고객 지원으로"),
            ),
            card(
                "login",
                lt("Deploy login asks for a new code", "배포 로그인에 새 코드가 필요함"),
                lt("deployer · adds 2 min", "배포 담당 · 2분 추가"),
            ),
            card("dark", lt("Graphs go dark", "그래프가 꺼짐"), lt("monitoring · 3 min", "모니터링 · 3분")),
        ],
        nudges: vec![
            nudge(1, "What does a client do with that answer?", "클라이언트는 그 답으로 무엇을 하나요?", true),
            nudge(3, "The runbook has a page on redirects.", "런북에 리디렉션 쪽이 있습니다.", false),
            nudge(5, "The Location header has no slash.", "Location 헤더에 빗금이 없습니다.", false),
        ],
        nudged: 0,
        milestones: vec![
            stone("see-rate", lt("Rate rises at the deploy", "배포와 함께 요청량 증가"), Some(302)),
            stone("see-redirect", lt("Redirect target seen", "리디렉션 주소를 봄"), Some(521)),
            stone("said-impact", lt("Downloads fail for users, said", "다운로드 실패를 알림"), None),
            stone("declared", lt("Incident declared", "장애 선언"), None),
            stone("rolled-back", lt("Rolled back", "되돌림"), None),
        ],
        seats: vec![
            SeatView {
                seat: s("primary"),
                viewing: vec![(s("graph"), s("requests")), (s("map"), s("")), (s("channel"), s(""))],
                active_t_s: Some(550),
            },
            SeatView {
                seat: s("secondary"),
                viewing: vec![(s("graph"), s("errors")), (s("channel"), s(""))],
                active_t_s: Some(533),
            },
        ],
        faults: vec![FaultView {
            text: s("registry-api: bad release v481"),
            clear: s("@gm clear errors registry-api"),
        }],
        components: vec![
            ComponentView { name: s("registry-api"), kinds: kinds(&["errors", "slow", "crash"]) },
            ComponentView { name: s("cli"), kinds: kinds(&["surge"]) },
            ComponentView { name: s("ops:/var"), kinds: kinds(&["fill"]) },
        ],
        unknown: vec![(s("primary"), 1, s("dig"), 500)],
        band: vec![
            mark(0, "script", "v481 promoted"),
            mark(310, "script", "ticket"),
            mark(480, "script", "page"),
            mark(0, "world", "downloads fail"),
            mark(302, "team", "graphs"),
            mark(390, "team", "map"),
            mark(486, "team", "releases"),
            mark(521, "team", "curl"),
        ],
        bookmarks: vec![300, 480],
        opens_t_s: -60,
        branch: 0,
    });
    p
}
