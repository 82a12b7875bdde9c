//! The screens before a session: pictures, clicks and keys, distinct labels.

use crate::debrief_fixture::both;
use crate::raster::{Screen, keep};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::collections::BTreeMap;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::scenario::Level;
use wheel_of_misfortune::session::projection::{Health, MapEdge, MapNode, MapView, Presence, Text};
use wheel_of_misfortune::ui::front::{
    FrontUiState, Sheet, briefing_ui, keys_ui, landing_ui, library_ui, title_ui, wheel_ui,
};
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::action::{Screen as Page, UiAction};
use wheel_of_misfortune::view::front::*;

const NAMES: [(&str, &str); 12] = [
    ("Slow at night", "느려진 밤"),
    ("Stale pages", "오래된 페이지"),
    ("It comes and goes", "오락가락"),
    ("Errors everywhere", "사방의 오류"),
    ("Registry at noon", "정오의 레지스트리"),
    ("The docs go dark", "문서가 사라진 날"),
    ("Nobody can sign in", "로그인 불가"),
    ("Missing events", "사라진 이벤트"),
    ("Notebooks stall", "멈춘 노트북"),
    ("Pipelines blocked", "막힌 파이프라인"),
    ("The new sonnet", "새 소네트"),
    ("Blank pages", "빈 페이지"),
];

fn face_of(i: usize) -> ScenarioFace {
    let (en, ko) = NAMES[i];
    ScenarioFace {
        id: format!("s{i}"),
        name: both(en, ko),
        level: [Level::Easy, Level::Medium, Level::Hard][i % 3],
        minutes: (20, 30),
        role: both(
            "You are on call for a package registry. It is a Thursday in July, a little after midday UTC.",
            "패키지 레지스트리의 온콜을 맡았습니다. 7월의 어느 목요일, UTC 정오가 조금 지난 시각입니다.",
        ),
        skills: vec!["noticing".to_owned(), "telling-people".to_owned()],
    }
}

fn wheel(centre: [f32; 2], radius: f32, size: egui::Vec2) -> WheelFace {
    let k = size.y / 1080.0;
    let n = NAMES.len() as f32;
    WheelFace {
        centre: [centre[0] * size.x / 1920.0, centre[1] * k],
        radius: radius * k,
        turn: -4.5 / n,
        wedges: (0..NAMES.len())
            .map(|i| Wedge {
                scenario: format!("s{i}"),
                name: face_of(i).name,
                level: face_of(i).level,
                span: (i as f32 / n, (i as f32 + 1.0) / n),
                played: false,
            })
            .collect(),
        lit: None,
        streak: 0.0,
    }
}

fn past() -> Vec<PastRow> {
    let row = |number, date: &str, name, came_to| PastRow { number, date: date.to_owned(), name, came_to };
    vec![
        row(3, "2026-03-09", both("The full disk", "가득 찬 디스크"), CameTo::Open),
        row(
            2,
            "2026-03-02",
            both("The link without a slash", "슬래시 없는 링크"),
            CameTo::Word("score-word-well-ahead", "+48.7".to_owned()),
        ),
        row(
            1,
            "2026-02-27",
            both("0001-docsrs", ""),
            CameTo::Unreadable(
                "0001-docsrs/branch-0.jsonl:1: the first line is not a header: the line is cut off".to_owned(),
            ),
        ),
    ]
}

fn volunteers() -> Vec<Volunteer> {
    ["Adaeze Obi", "Jonas Reuter", "Mina Park", "Hana Lee", "Tom Kurz", "Iris Sand"]
        .iter()
        .enumerate()
        .map(|(i, n)| Volunteer::new(n, i as u32))
        .collect()
}

fn title_vm(size: egui::Vec2) -> TitleVm {
    let kept = Some(Kept { name: both("The docs go dark", "문서가 사라진 날"), t_s: 372 });
    TitleVm {
        wheel: wheel([64.0, 556.0], 640.0, size),
        incidents: 24,
        played: 5,
        kept,
        sessions: 3,
        past: past(),
        volunteers: volunteers(),
    }
}

fn wheel_vm(size: egui::Vec2, phase: WheelPhase) -> WheelVm {
    let turning = phase == WheelPhase::Turning;
    let mut wheel = wheel([620.0, 572.0], 436.0, size);
    wheel.streak = if turning { 1.0 } else { 0.0 };
    WheelVm {
        pointer: wheel.at_pointer(),
        wheel,
        phase,
        turns_per_s: if turning { 0.46 } else { 0.0 },
        released: 1.62,
        elapsed_s: 4.2,
        seed: "7Q4M-2K9D".to_owned(),
        cards: (0..NAMES.len()).map(face_of).collect(),
        volunteers: volunteers(),
        chosen: Some(0),
        pool: Pool { played: 5, on_wheel: 12, waiting: 7 },
        never_repeats: true,
        pinned: None,
        gm: true,
    }
}

fn landing_vm(size: egui::Vec2) -> LandingVm {
    let mut face = wheel([300.0, 572.0], 456.0, size);
    face.lit = face.at_pointer();
    LandingVm {
        wheel: face,
        card: face_of(4),
        seed: "7Q4M-2K9D".to_owned(),
        spin: 6,
        of: 24,
        new_to_team: true,
        volunteers: volunteers(),
        chosen: Some(0),
    }
}

fn node(id: &str, name: (&str, &str), column: u8, yours: bool) -> MapNode {
    MapNode {
        id: id.to_owned(),
        name: both(name.0, name.1),
        column,
        health: Health::Ok,
        figure: None,
        spark: (0..40).map(|i| 20.0 + f64::from((i * 7) % 11) + f64::from(i)).collect(),
        yours,
        deploy: None,
        touched_by: Vec::new(),
    }
}

fn briefing_vm() -> BriefingVm {
    let edge = |from: &str, to: &str, rate: f64| MapEdge { from: from.into(), to: to.into(), rate, error_share: 0.0 };
    let tool = |name: &str, en: &str, ko: &str| ToolRow { name: name.into(), about: Text::Author(both(en, ko)) };
    let around = |en: &str, ko: &str, presence| AroundRow { role: both(en, ko), presence };
    BriefingVm {
        card: face_of(4),
        briefing: both(
            "## What you own\n\n**Registry API**\nSays where a package lives. Most traffic is `GET` downloads.\n\n**Background jobs**\nIndex updates, mail, counts.\n\n## The promise\n\n- 99.9% of downloads succeed over 28 days.\n- Releases go to staging on merge, to production by hand.\n",
            "## 맡은 시스템\n\n**레지스트리 API**\n패키지의 위치를 알려 줍니다. 트래픽 대부분이 `GET` 다운로드입니다.\n\n**백그라운드 작업**\n색인 갱신, 메일 발송, 집계를 맡습니다.\n\n## 약속\n\n- 28일 동안 다운로드의 99.9%가 성공해야 합니다.\n- 스테이징은 병합 시 자동 배포, 운영은 사람이 승격합니다.\n",
        ),
        map: MapView {
            nodes: vec![
                node("clients", ("Package clients", "패키지 클라이언트"), 0, false),
                node("web", ("Website visitors", "웹사이트 방문자"), 0, false),
                node("cdn", ("CDN", "CDN"), 1, false),
                node("lb", ("Load balancer", "로드 밸런서"), 1, false),
                node("api", ("Registry API", "레지스트리 API"), 2, true),
                node("jobs", ("Background jobs", "백그라운드 작업"), 2, true),
                node("store", ("Object store", "오브젝트 스토어"), 3, false),
                node("db", ("Database", "데이터베이스"), 3, false),
            ],
            edges: vec![
                edge("clients", "cdn", 900.0),
                edge("clients", "lb", 1180.0),
                edge("web", "lb", 80.0),
                edge("cdn", "store", 120.0),
                edge("lb", "api", 1260.0),
                edge("api", "db", 600.0),
                edge("jobs", "db", 40.0),
            ],
        },
        people: vec![
            around("Developer of the API", "API 개발자", Presence::Here),
            around("Community moderator", "커뮤니티 모더레이터", Presence::Here),
            around("Support desk", "고객 지원", Presence::JoinsIn(900)),
            around("CDN vendor", "CDN 업체", Presence::Away),
        ],
        tools: vec![
            tool("graph", "Rates, errors, latency", "요청량, 오류, 지연 시간"),
            tool("logs", "Tail and search", "실시간 보기와 검색"),
            tool("deploy", "History, diff, promote, rollback", "이력, 비교, 승격, 롤백"),
            tool("curl", "Ask as a client would", "클라이언트처럼 요청"),
            tool("issues", "Public reports", "공개 제보"),
            tool("status", "Public page", "공개 상태 페이지"),
            tool("page", "Call someone in", "사람 호출"),
        ],
        seats: vec![
            SeatRow { seat: "primary".into(), name: "Adaeze Obi".into(), ready: false, you: true },
            SeatRow { seat: "commander".into(), name: "Jonas Reuter".into(), ready: true, you: false },
        ],
        usual: vec![
            UsualRow {
                title: both("Download requests", "다운로드 요청"),
                unit: "/s".into(),
                value: Some(1180.0),
                points: (0..200).map(|i| 1000.0 + 200.0 * (f64::from(i) / 30.0).sin()).collect(),
            },
            UsualRow {
                title: both("Server errors", "서버 오류"),
                unit: "%".into(),
                value: Some(0.02),
                points: vec![0.02, 0.03, 0.01],
            },
            UsualRow {
                title: both("Latency, p99", "지연 시간 p99"),
                unit: "ms".into(),
                value: Some(84.0),
                points: vec![80.0, 84.0, 90.0],
            },
        ],
    }
}

fn library_vm() -> LibraryVm {
    LibraryVm {
        rows: (0..NAMES.len()).map(|i| LibraryRow { card: face_of(i), played: u32::from(i % 4 == 0) }).collect(),
    }
}

#[derive(Clone, Copy, Debug)]
enum Which {
    Title,
    Resting,
    Turning,
    Landing,
    Briefing,
    Library,
    Settings,
    Sessions,
    Names,
    Pins,
    Keys,
}

const ALL: [Which; 11] = [
    Which::Title,
    Which::Resting,
    Which::Turning,
    Which::Landing,
    Which::Briefing,
    Which::Library,
    Which::Settings,
    Which::Sessions,
    Which::Names,
    Which::Pins,
    Which::Keys,
];

fn draw(
    ui: &mut egui::Ui,
    locale: &Locale,
    size: egui::Vec2,
    which: Which,
    state: &mut FrontUiState,
    out: &mut Vec<UiAction>,
) {
    let settings = SettingsVm { lang: locale.lang(), volume: 0, reduce_motion: false, light: false };
    match which {
        Which::Title | Which::Settings | Which::Sessions => {
            title_ui(ui, locale, &title_vm(size), &settings, state, out)
        }
        Which::Resting | Which::Names | Which::Pins => {
            wheel_ui(ui, locale, &wheel_vm(size, WheelPhase::Resting), state, out);
        }
        Which::Turning => wheel_ui(ui, locale, &wheel_vm(size, WheelPhase::Turning), state, out),
        Which::Landing => landing_ui(ui, locale, &landing_vm(size), out),
        Which::Briefing => briefing_ui(ui, locale, &briefing_vm(), out),
        Which::Library => library_ui(ui, locale, &library_vm(), state, out),
        Which::Keys => keys_ui(ui, locale, out),
    }
}

fn state_of(which: Which) -> FrontUiState {
    let sheet = match which {
        Which::Settings => Sheet::Settings,
        Which::Sessions => Sheet::Sessions,
        Which::Names => Sheet::Names,
        Which::Pins => Sheet::Pins,
        _ => Sheet::None,
    };
    FrontUiState { sheet, names: "Adaeze Obi\nJonas Reuter".to_owned(), ..FrontUiState::default() }
}

struct World {
    locale: Locale,
    size: egui::Vec2,
    which: Which,
    state: FrontUiState,
    out: Vec<UiAction>,
}

fn harness(lang: Lang, size: egui::Vec2, which: Which) -> Harness<'static, World> {
    let world = World { locale: Locale::new(lang), size, which, state: state_of(which), out: Vec::new() };
    let mut h = Harness::builder().with_size(size).build_ui_state(
        |ui, w: &mut World| {
            if theme::ensure(ui.ctx()) {
                let full = ui.ctx().viewport_rect();
                ui.scope_builder(egui::UiBuilder::new().max_rect(full), |ui| {
                    ui.set_clip_rect(full);
                    draw(ui, &w.locale, w.size, w.which, &mut w.state, &mut w.out);
                });
            }
        },
        world,
    );
    h.run_steps(3);
    h
}

const LARGE: egui::Vec2 = egui::vec2(1920.0, 1080.0);
const SMALL: egui::Vec2 = egui::vec2(1280.0, 720.0);

#[test]
fn every_screen_draws_in_both_languages_and_sizes() {
    for lang in Lang::ALL {
        let locale = Locale::new(lang);
        for (size, tag) in [(LARGE, "1080"), (SMALL, "720")] {
            let mut screen = Screen::new(size.x, size.y);
            for which in ALL {
                let mut state = state_of(which);
                let mut out = Vec::new();
                let picture = screen.draw(3, Vec::new(), |ui| {
                    if theme::ensure(ui.ctx()) {
                        draw(ui, &locale, size, which, &mut state, &mut out);
                    }
                });
                keep(&picture, &format!("front-{which:?}-{}-{tag}", lang.tag()).to_lowercase());
                assert!(picture.count(theme::DARK.text, 24) > 200, "{which:?} shows words");
                assert!(out.is_empty(), "drawing alone asks for nothing: {out:?}");
            }
        }
    }
}

fn after_key(which: Which, key: egui::Key) -> Vec<UiAction> {
    let mut h = harness(Lang::En, LARGE, which);
    h.key_press(key);
    h.run_steps(2);
    h.state().out.clone()
}

fn after_click(which: Which, label: &str) -> Vec<UiAction> {
    let mut h = harness(Lang::En, LARGE, which);
    h.get_by_role_and_label(egui::accesskit::Role::Button, label).click();
    h.run_steps(2);
    h.state().out.clone()
}

#[test]
fn every_action_is_a_click_and_a_key() {
    use egui::Key;
    let rows = [
        (Which::Title, "Spin", Key::S, UiAction::Go(Page::Wheel)),
        (Which::Title, "Library", Key::L, UiAction::Go(Page::Library)),
        (Which::Title, "Resume", Key::R, UiAction::ResumeKept),
        (Which::Title, "Past sessions", Key::P, UiAction::ListSessions),
        (Which::Sessions, "2026-03-09, The full disk: not finished: goes on", Key::Enter, UiAction::OpenSession(3)),
        (Which::Title, "Switch the language", Key::G, UiAction::Language("ko")),
        (Which::Resting, "Spin the wheel", Key::Space, UiAction::Spin),
        (Which::Turning, "Skip to the landing", Key::Space, UiAction::SkipSpin),
        (Which::Resting, "Next volunteer", Key::ArrowRight, UiAction::Volunteer(1)),
        (Which::Resting, "Draw a volunteer", Key::V, UiAction::DrawVolunteer),
        (Which::Resting, "Never repeats: On", Key::N, UiAction::NeverRepeats(false)),
        (Which::Resting, "Back", Key::Escape, UiAction::Go(Page::Title)),
        (Which::Landing, "Open the briefing", Key::Enter, UiAction::Go(Page::Briefing)),
        (Which::Landing, "Put it back", Key::B, UiAction::PutBack),
        (Which::Briefing, "Ready", Key::Enter, UiAction::Ready),
        (Which::Library, "Open the briefing", Key::Enter, UiAction::Choose("s0".to_owned())),
        (Which::Keys, "Close the list of keys", Key::Escape, UiAction::Keys(false)),
    ];
    for (which, label, key, want) in rows {
        assert_eq!(after_key(which, key), vec![want.clone()], "{which:?}: {key:?}");
        assert_eq!(after_click(which, label), vec![want], "{which:?}: click on `{label}`");
    }
}

#[test]
fn names_are_typed_and_saved() {
    let mut h = harness(Lang::En, LARGE, Which::Names);
    h.get_by_label("Names of the volunteers").focus();
    h.run_steps(2);
    h.get_by_label("Names of the volunteers").type_text(" Ada");
    h.run_steps(2);
    assert!(h.state().state.names.contains(" Ada"), "{:?}", h.state().state.names);
    h.get_by_label("Save").click();
    h.run_steps(2);
    let names = h.state().state.names.clone();
    assert_eq!(h.state().out, vec![UiAction::SetVolunteers(names)]);
    assert_eq!(h.state().state.sheet, Sheet::None);
}

#[test]
fn the_game_master_fixes_the_next_spin() {
    assert_eq!(
        after_click(Which::Pins, "Fix the next spin: Registry at noon"),
        vec![UiAction::Pin(Some("s4".to_owned()))]
    );
}

#[test]
fn tab_walks_the_choices_of_the_title() {
    let mut h = harness(Lang::En, LARGE, Which::Title);
    let mut seen = Vec::new();
    for _ in 0..5 {
        h.key_press(egui::Key::Tab);
        h.run_steps(2);
        let focused = h.root().children_recursive().find(|n| n.accesskit_node().is_focused());
        seen.extend(focused.and_then(|n| n.accesskit_node().label()));
    }
    assert_eq!(seen, ["Spin", "Library", "Resume", "Past sessions", "Settings"]);
}

#[test]
fn buttons_have_distinct_labels() {
    for lang in Lang::ALL {
        for size in [LARGE, SMALL] {
            for which in ALL {
                let h = harness(lang, size, which);
                let mut seen: BTreeMap<String, usize> = BTreeMap::new();
                for node in h.root().children_recursive() {
                    let access = node.accesskit_node();
                    if access.role() == egui::accesskit::Role::Button {
                        *seen.entry(access.label().unwrap_or_default()).or_default() += 1;
                    }
                }
                for (label, n) in seen {
                    assert!(!label.is_empty() && !label.contains('⟦'), "{which:?}: `{label}`");
                    assert_eq!(n, 1, "{which:?} {}: `{label}` stands {n} times", lang.tag());
                }
            }
        }
    }
}

#[test]
fn words_do_not_lie_on_words() {
    for lang in Lang::ALL {
        for size in [LARGE, SMALL] {
            for which in [Which::Title, Which::Resting, Which::Turning, Which::Landing, Which::Briefing, Which::Library]
            {
                let h = harness(lang, size, which);
                let briefing = briefing_vm().briefing;
                let briefing = format!("{}{}", briefing.en, briefing.ko).replace(['*', '`'], "").replace('\n', " ");
                let words: Vec<(String, egui::Rect)> = h
                    .root()
                    .children_recursive()
                    .filter(|n| n.accesskit_node().role() == egui::accesskit::Role::Label)
                    .map(|n| {
                        let access = n.accesskit_node();
                        (
                            access.value().or_else(|| access.label()).unwrap_or_default(),
                            n.rect().shrink2(egui::vec2(1.0, 4.0)),
                        )
                    })
                    .filter(|(text, rect)| !text.is_empty() && rect.is_positive())
                    // The briefing's own text scrolls: what is below its field is cut off, not painted.
                    .filter(|(text, r)| {
                        let own = briefing.contains(text.as_str()) || text == "•";
                        !(matches!(which, Which::Briefing) && own && r.bottom() > size.y * 556.0 / 1080.0)
                    })
                    .collect();
                assert!(words.len() > 3);
                let window = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
                for (i, (a, ra)) in words.iter().enumerate() {
                    assert!(window.contains_rect(*ra) || !window.intersects(*ra), "{which:?}: `{a}` leaves the window");
                    for (b, rb) in words.iter().skip(i + 1) {
                        assert!(
                            !ra.intersects(*rb),
                            "{which:?} {} {size:?}: `{a}` {ra:?} lies on `{b}` {rb:?}",
                            lang.tag()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn past_sessions_are_walked_by_keys_and_an_unreadable_one_does_not_open() {
    use egui::Key;
    let mut h = harness(Lang::En, LARGE, Which::Title);
    h.key_press(Key::P);
    h.run_steps(2);
    assert_eq!(h.state().out, [UiAction::ListSessions], "the list is asked for when it opens");
    for _ in 0..2 {
        h.key_press(Key::ArrowDown);
        h.run_steps(2);
    }
    h.key_press(Key::Enter);
    h.run_steps(2);
    assert_eq!(h.state().out, [UiAction::ListSessions], "it says why instead");
    h.key_press(Key::ArrowUp);
    h.run_steps(2);
    h.key_press(Key::Enter);
    h.run_steps(2);
    assert_eq!(h.state().out.last(), Some(&UiAction::OpenSession(2)));
    let mut h = harness(Lang::Ko, SMALL, Which::Sessions);
    h.key_press(Key::Escape);
    h.run_steps(2);
    assert!(h.state().out.is_empty(), "back is back to the title");
}
