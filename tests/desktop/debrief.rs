//! The debrief in the program: thoughts reach the log and the pages, exports are files, the session is shown at any moment,
//! a branch from the debrief is lived and stands as a lane beside what came of it.

use crate::{ask, desk, frames, live, program, screen, ticks};
use wheel_of_misfortune::app::AppScreen;
use wheel_of_misfortune::app::desk::Desk;
use wheel_of_misfortune::fact::{LoadScale, Reflection};
use wheel_of_misfortune::ui::debrief::Stage;
use wheel_of_misfortune::view::action::{ExportForm, UiAction};
use wheel_of_misfortune::view::front::CameTo;

fn finished(app: &mut bevy::prelude::App) {
    live(app);
    ask(app, UiAction::Line(":wait 2m".to_owned()));
    ask(app, UiAction::Line("df -h".to_owned()));
    ask(app, UiAction::Line(":wait 1m".to_owned()));
    ask(app, UiAction::Seat("gm".to_owned()));
    ask(app, UiAction::Line(":end".to_owned()));
    frames(app, 3);
    assert_eq!(screen(app), AppScreen::Debrief);
}

#[test]
fn what_is_written_in_the_debrief_is_in_the_log_on_the_page_and_in_every_export() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    finished(&mut app);
    assert_eq!(desk(&app).memory.debrief.stage, Stage::Reactions, "words come first");
    let seat = "primary".to_owned();
    let text = "로그부터 같이 보기".to_owned();
    let on = Reflection::Plus;
    ask(&mut app, UiAction::Reflect { seat: seat.clone(), on, text: text.clone(), owner: String::new() });
    ask(&mut app, UiAction::Workload { seat: seat.clone(), scale: LoadScale::Effort, value: 35 });
    let row = desk(&app).memory.concluded.as_ref().expect("a debrief").debrief.original[0].id.clone();
    let note = "the graph hung on the wall".to_owned();
    ask(&mut app, UiAction::Witness { seat, row, text: note.clone() });
    frames(&mut app, 2);
    let concluded = desk(&app).memory.concluded.as_ref().expect("a debrief");
    let said = &concluded.debrief.aftermath;
    assert_eq!(said.thoughts.iter().map(|t| t.text.as_str()).collect::<Vec<_>>(), [text.as_str()]);
    assert_eq!((said.workload.len(), said.witness.len()), (1, 1));
    let folder = desk(&app).play.as_ref().and_then(|p| p.host.folder()).expect("a kept session").to_path_buf();
    for form in ExportForm::ALL {
        ask(&mut app, UiAction::Export(form));
        let written = std::fs::read_to_string(folder.join(form.file())).expect("the file is there");
        assert!(written.len() > 400, "{form:?}");
        // Lists of events hold no thoughts; every document does.
        if !matches!(form, ExportForm::Timeline | ExportForm::Msel) {
            assert!(written.contains(&text), "{form:?}");
        }
    }
    let page = std::fs::read_to_string(folder.join(ExportForm::Page.file())).expect("written");
    assert!(page.contains(&note), "the witness stands beside the row");
    let log = std::fs::read_to_string(folder.join("branch-0.jsonl")).expect("the log");
    assert!(log.contains(&text) && log.contains("workload_rated") && log.contains(&note));
}

#[test]
fn the_session_is_shown_as_it_was_and_a_branch_leaves_from_there() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    finished(&mut app);
    // Moments are made ready on other threads; frames only take them over.
    let ready = |app: &bevy::prelude::App| desk(app).memory.concluded.as_ref().is_some_and(|c| c.ready());
    for _ in 0..20_000 {
        if ready(&app) {
            break;
        }
        frames(&mut app, 1);
        std::thread::yield_now();
    }
    assert!(ready(&app), "every moment is ready");
    app.world_mut().resource_mut::<Desk>().memory.debrief.replay = Some(60);
    frames(&mut app, 2);
    let shown = |app: &bevy::prelude::App| desk(app).memory.concluded.as_ref().and_then(|c| c.shown().cloned());
    let vm = shown(&app).expect("a moment is shown");
    assert_eq!((vm.t_s, vm.seat.as_str()), (60, "primary"));
    assert_eq!(vm.live.as_ref().map(|l| l.console.terminals.len()), Some(2));
    // Played at 10 a second, a second of frames is ten seconds; nothing of it is lived.
    let lived = ticks(&app);
    let replay = |app: &mut bevy::prelude::App, act: fn(&mut wheel_of_misfortune::ui::replay::ReplayUiState)| {
        let mut desk = app.world_mut().resource_mut::<Desk>();
        act(desk.memory.concluded.as_mut().and_then(|c| c.replay.as_mut()).expect("the replay is open"));
    };
    replay(&mut app, |r| r.playing = true);
    frames(&mut app, 11);
    let now = shown(&app).expect("shown").t_s;
    assert!((68..=72).contains(&now), "{now}");
    assert_eq!(ticks(&app), lived);
    replay(&mut app, |r| {
        r.playing = false;
        r.seat = "gm".to_owned();
    });
    frames(&mut app, 2);
    assert!(shown(&app).is_some_and(|vm| vm.gm.is_some() && vm.live.is_none()));
    // A branch from the end is refused in words; one from the middle is lived.
    ask(&mut app, UiAction::Branch(100_000));
    assert_eq!(screen(&app), AppScreen::Debrief);
    assert!(desk(&app).note.is_some());
    ask(&mut app, UiAction::Branch(60));
    frames(&mut app, 2);
    assert_eq!(screen(&app), AppScreen::Live);
    let play = desk(&app).play.as_ref().expect("the branch");
    assert_eq!((play.host.session().header.branch, play.seat.as_str()), (1, "primary"));
    assert!((60..=63).contains(&play.host.session().offset().0));
    let before = ticks(&app);
    frames(&mut app, 30);
    assert!(ticks(&app) > before, "the clock runs");
    ask(&mut app, UiAction::Seat("gm".to_owned()));
    ask(&mut app, UiAction::Line(":end".to_owned()));
    frames(&mut app, 3);
    assert_eq!(screen(&app), AppScreen::Debrief);
    let branches = &desk(&app).memory.concluded.as_ref().expect("a debrief").debrief.branches;
    assert_eq!(branches.iter().map(|b| (b.number, b.from_s)).collect::<Vec<_>>(), [(0, 60)]);
}

#[test]
fn a_finished_session_opens_again_from_the_list() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    finished(&mut app);
    let folder = desk(&app).play.as_ref().and_then(|p| p.host.folder()).expect("a kept session").to_path_buf();
    let points = desk(&app).memory.concluded.as_ref().expect("a debrief").debrief.report.points.clone();
    drop(app);
    let mut again = program(dir.path());
    assert_eq!((screen(&again), desk(&again).kept_sessions), (AppScreen::Title, 1));
    ask(&mut again, UiAction::ListSessions);
    let row = desk(&again).memory.past[0].clone();
    assert!(matches!(&row.came_to, CameTo::Word(word, delta) if word.starts_with("score-word") && !delta.is_empty()));
    ask(&mut again, UiAction::OpenSession(row.number));
    frames(&mut again, 2);
    assert_eq!(screen(&again), AppScreen::Debrief);
    let shown = desk(&again).memory.concluded.as_ref().expect("a debrief");
    assert_eq!(shown.debrief.report.points, points);
    // What is written down now is kept as well.
    let (seat, text) = ("primary".to_owned(), "seen a second time".to_owned());
    ask(&mut again, UiAction::Reflect { seat, on: Reflection::Plus, text: text.clone(), owner: String::new() });
    ask(&mut again, UiAction::Back);
    frames(&mut again, 2);
    drop(again);
    let log = folder.join("branch-0.jsonl");
    assert!(std::fs::read_to_string(&log).expect("the log").contains(&text));
    // An edited log opens with a note; one that is no log says so and opens nothing.
    let whole = std::fs::read(&log).expect("the log");
    std::fs::write(&log, &whole[..whole.len() - 7]).expect("it writes");
    let mut cut = program(dir.path());
    ask(&mut cut, UiAction::OpenSession(row.number));
    frames(&mut cut, 2);
    assert_eq!(screen(&cut), AppScreen::Debrief);
    assert!(desk(&cut).note.as_ref().is_some_and(|(words, _)| words.contains("cut off")), "{:?}", desk(&cut).note);
    drop(cut);
    std::fs::write(&log, b"\x00\xffno log\n").expect("it writes");
    let mut foreign = program(dir.path());
    ask(&mut foreign, UiAction::ListSessions);
    assert!(matches!(&desk(&foreign).memory.past[0].came_to, CameTo::Unreadable(why) if why.contains(".jsonl:1:")));
    ask(&mut foreign, UiAction::OpenSession(row.number));
    frames(&mut foreign, 2);
    assert_eq!(screen(&foreign), AppScreen::Title);
    assert!(desk(&foreign).note.as_ref().is_some_and(|(words, _)| words.contains(".jsonl:1:")));
}
