//! The terminal panel: what is drawn of 100,000 lines, selection, the clipboard, search, colours, Hangul.

use crate::raster::{self, Screen};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::session::projection::{Color, Ink, Span, TermLine, TerminalView};
use wheel_of_misfortune::ui::panel::console::{ConsoleUiState, console_ui};
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::action::UiAction;
use wheel_of_misfortune::view::panel::console::ConsoleVm;

/// Width of a cell and height of a row at the small size, points.
const CELL: f32 = 7.0;
const ROW: f32 = 18.0;

struct Panel {
    vm: ConsoleVm,
    state: ConsoleUiState,
    locale: Locale,
    out: Vec<UiAction>,
}

impl Panel {
    fn new(lines: impl IntoIterator<Item = TermLine>) -> Panel {
        let view = TerminalView {
            seat: "primary".to_owned(),
            id: 1,
            host: "ops".to_owned(),
            prompt: "$ ".to_owned(),
            lines: lines.into_iter().collect(),
            running: None,
            history: vec!["uptime".to_owned()],
        };
        let mut state = ConsoleUiState::default();
        state.focus(1);
        Panel { vm: ConsoleVm { terminals: vec![view] }, state, locale: Locale::new(Lang::En), out: Vec::new() }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        if !theme::ensure(ui.ctx()) {
            return;
        }
        console_ui(ui, &self.vm, &mut self.state, &self.locale, &mut self.out);
    }
}

fn harness(lines: impl IntoIterator<Item = TermLine>) -> Harness<'static, Panel> {
    let mut h = Harness::builder().with_size(egui::vec2(800.0, 400.0)).with_step_dt(0.02).build_ui_state(
        |ui, panel: &mut Panel| {
            panel.ui(ui);
        },
        Panel::new(lines),
    );
    h.run_steps(4);
    h
}

fn numbered(n: usize) -> impl Iterator<Item = TermLine> {
    (1..=n).map(|k| TermLine::plain(format!("line {k} of the log")))
}

/// The middle of a cell; rows from the top of the body.
fn cell(row: usize, column: usize) -> Pos2 {
    // The harness leaves 8 points, the bar takes 40 and the margin 8; a panel's margin stands at the left.
    pos2(24.0 + CELL * (column as f32 + 0.3), 56.0 + ROW * (row as f32 + 0.5))
}

fn press(h: &mut Harness<'_, Panel>, pos: Pos2, pressed: bool) {
    h.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
    h.run_steps(2);
}

fn drag(h: &mut Harness<'_, Panel>, from: Pos2, to: Pos2) {
    h.event(Event::PointerMoved(from));
    h.run_steps(1);
    press(h, from, true);
    for k in 1..=4 {
        h.event(Event::PointerMoved(from + (to - from) * (k as f32 / 4.0)));
        h.run_steps(1);
    }
    press(h, to, false);
}

/// What a copy puts on the clipboard.
fn copied(h: &mut Harness<'_, Panel>) -> Option<String> {
    h.event(Event::Copy);
    h.step();
    h.output().platform_output.commands.iter().find_map(|c| match c {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

fn shows(h: &Harness<'_, Panel>, words: &str) -> bool {
    h.query_by_label_contains(words).is_some()
}

#[test]
fn a_hundred_thousand_lines_draw_as_few_as_are_in_sight() {
    let shapes = |n: usize| {
        let mut h = harness(numbered(n));
        h.step();
        assert!(shows(&h, &format!("line {n} of")), "the newest line is in sight");
        assert!(n < 100 || !shows(&h, "line 3 of"), "an old line is not");
        h.output().shapes.len()
    };
    let (few, many) = (shapes(40), shapes(100_000));
    assert!(many <= few + 4, "{many} shapes for 100,000 lines, {few} for 40");
}

#[test]
fn a_drag_selects_and_a_copy_takes_it_once() {
    let mut h =
        harness([TermLine::typed("$ ", "cat notes.txt"), TermLine::plain("alpha beta"), TermLine::plain("gamma")]);
    drag(&mut h, cell(0, 2), cell(2, 3));
    assert_eq!(copied(&mut h).as_deref(), Some("cat notes.txt\nalpha beta\ngam"));
    assert!(h.state().out.is_empty(), "{:?}", h.state().out);
    // What was copied is selected no longer, and Ctrl-C interrupts again.
    assert_eq!(copied(&mut h), None);
    assert_eq!(h.state().out, [UiAction::Signal { terminal: 1, signal: "int" }]);
    // Backwards is the same.
    drag(&mut h, cell(2, 3), cell(1, 6));
    assert_eq!(copied(&mut h).as_deref(), Some("beta\ngam"));
}

#[test]
fn presses_take_words_and_lines() {
    let mut h = harness([TermLine::plain("tail /var/log/nginx/error.log now")]);
    h.event(Event::PointerMoved(cell(0, 9)));
    for _ in 0..2 {
        press(&mut h, cell(0, 9), true);
        press(&mut h, cell(0, 9), false);
    }
    assert_eq!(copied(&mut h).as_deref(), Some("/var/log/nginx/error.log"));
    for _ in 0..3 {
        press(&mut h, cell(0, 9), true);
        press(&mut h, cell(0, 9), false);
    }
    assert_eq!(copied(&mut h).as_deref(), Some("tail /var/log/nginx/error.log now"));
}

#[test]
fn a_line_that_is_broken_by_the_width_is_copied_whole() {
    let long = "0123456789".repeat(30);
    let mut h = harness([TermLine::plain(long.clone()), TermLine::plain("end")]);
    h.event(Event::PointerMoved(cell(1, 5)));
    for _ in 0..3 {
        press(&mut h, cell(1, 5), true);
        press(&mut h, cell(1, 5), false);
    }
    assert_eq!(copied(&mut h), Some(long));
}

#[test]
fn pasted_lines_are_typed_and_the_last_waits() {
    let mut h = harness([]);
    h.event(Event::Paste("uptime\r\ndf -h\nls -l".to_owned()));
    h.run_steps(2);
    let typed = |text: &str| UiAction::Type { terminal: 1, text: text.to_owned() };
    assert_eq!(h.state().out, [typed("uptime"), typed("df -h")]);
    assert_eq!(h.state_mut().state.term(1).line, "ls -l");
    h.event(Event::Paste(" /tmp".to_owned()));
    h.run_steps(2);
    assert_eq!(h.state_mut().state.term(1).line, "ls -l /tmp");
}

#[test]
fn the_output_is_searched_from_the_newest() {
    let mut h = harness(numbered(5_000));
    h.key_press_modifiers(Modifiers::CTRL | Modifiers::SHIFT, Key::F);
    h.run_steps(5);
    h.event(Event::Text("LINE".to_owned()));
    h.run_steps(5);
    assert!(shows(&h, "not found"), "capitals in the words are meant");
    h.key_press(Key::Backspace);
    (0..3).for_each(|_| h.key_press(Key::Backspace));
    h.event(Event::Text("line 77".to_owned()));
    h.run_steps(5);
    // 77, 770 to 779: the newest is in sight, and older ones follow.
    assert!(shows(&h, "11 of 11") && shows(&h, "line 779 of"));
    h.key_press(Key::Enter);
    h.run_steps(5);
    assert!(shows(&h, "10 of 11") && shows(&h, "line 778 of"));
    h.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    h.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    h.run_steps(5);
    assert!(shows(&h, "1 of 11") && shows(&h, "line 77 of"));
    h.key_press(Key::Escape);
    h.run_steps(5);
    assert!(!shows(&h, "1 of 11"));
    h.event(Event::Text("x".to_owned()));
    h.run_steps(5);
    assert_eq!(h.state_mut().state.term(1).line, "x", "the keyboard is back");
    assert!(shows(&h, "line 5000 of"), "typing goes back to the newest line");
    assert!(h.state().out.is_empty());
}

#[test]
fn pages_of_the_output_are_turned_from_the_keyboard() {
    let mut h = harness(numbered(1_000));
    h.key_press_modifiers(Modifiers::SHIFT, Key::PageUp);
    h.run_steps(3);
    assert!(!shows(&h, "line 1000 of") && shows(&h, "line 980 of"));
    h.key_press_modifiers(Modifiers::SHIFT, Key::Home);
    h.run_steps(3);
    assert!(shows(&h, "line 1 of"));
    h.key_press_modifiers(Modifiers::SHIFT, Key::End);
    h.run_steps(3);
    assert!(shows(&h, "line 1000 of"));
}

fn painted() -> Vec<TermLine> {
    let ink = |fore: u8, bold: bool| Ink { fore: Some(Color::Indexed(fore)), bold, ..Ink::default() };
    let mut lines = vec![TermLine::typed("alex@web-01:~$ ", "systemctl status nginx --no-pager")];
    for k in 0..16u8 {
        lines.push(TermLine {
            text: format!("colour {k:2} plain, bold, on it"),
            spans: vec![
                Span { chars: 16, ink: ink(k, false) },
                Span { chars: 5, ink: ink(k, true) },
                Span { chars: 6, ink: Ink { back: Some(Color::Indexed(k)), ..Ink::default() } },
            ],
            ..TermLine::default()
        });
    }
    lines.push(TermLine::plain("┌──────┬──────┐  ● 정상 한글과 English가 섞인 줄 │ 열이 맞는다"));
    lines.push(TermLine::plain("0123456789012345678901234567890123456789012345678901234567890123456"));
    lines
}

#[test]
fn colours_can_be_read_and_hangul_keeps_its_columns() {
    for (name, mut screen) in [("dark", Screen::new(1280.0, 720.0)), ("light", Screen::light(1280.0, 720.0))] {
        let mut panel = Panel::new(painted());
        let picture = screen.draw(5, Vec::new(), |ui| panel.ui(ui));
        raster::keep(&picture, &format!("console-colours-{name}"));
        let t = if name == "dark" { &theme::DARK } else { &theme::LIGHT };
        let red = theme::terminal_color(Color::Indexed(1), t);
        assert!(picture.count(red, 6) > 500, "{name}: nothing is red");
        for n in 0..=255u8 {
            for ground in [t.ink, theme::terminal_color(Color::Indexed(n.wrapping_mul(7)), t)] {
                let ink = theme::readable(theme::terminal_color(Color::Indexed(n), t), ground);
                assert!(theme::contrast(ink, ground) >= 4.5, "{name} {n} on {ground:?}");
            }
        }
        for n in 0..16u8 {
            let ink = theme::terminal_color(Color::Indexed(n), t);
            assert_eq!(theme::readable(ink, t.ink), ink, "{name}: colour {n} is legible as it is");
        }
    }
}
