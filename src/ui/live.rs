//! The trainee's room: the grid, the tabs, the keyboard, and which subjects are on screen.

pub mod dialog;
mod frame;

use crate::locale::Locale;
use crate::ui::keys::{self, Act};
use crate::ui::palette::{PaletteUiState, palette_ui};
use crate::ui::panel::channel::{ChannelUiState, channel_ui};
use crate::ui::panel::composer::{self, ComposerUiState, composer_ui};
use crate::ui::panel::console::{self, ConsoleUiState, console_ui};
use crate::ui::panel::explore::{ExploreUiState, explore_ui};
use crate::ui::panel::graph::{GraphsUiState, graphs_ui};
use crate::ui::panel::log::{LogsUiState, logs_ui, releases_ui, timeline_ui};
use crate::ui::panel::map::{MapUiState, map_ui};
use crate::ui::panel::pager::{Fold, PagerUiState, pager_ui};
use crate::ui::panel::runbook::{RunbookUiState, runbook_ui};
use crate::ui::theme::{self, MARGIN};
use crate::ui::widget::{self, Ink, area, put};
use crate::view::action::UiAction;
use crate::view::live::LiveVm;
use dialog::{Dialog, DialogUiState};
use egui::{Align2, Rect, Ui, pos2, vec2};
use std::collections::BTreeSet;

/// A tab of the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Graphs.
    Graphs,
    /// Service map.
    Map,
    /// Logs.
    Logs,
    /// Releases.
    Releases,
    /// Runbooks.
    Runbooks,
    /// The team's timeline.
    Timeline,
    /// Boards and the query box.
    Explore,
}

impl Tab {
    /// Every tab, in the order of its digit.
    pub const ALL: [Tab; 7] =
        [Tab::Graphs, Tab::Map, Tab::Logs, Tab::Releases, Tab::Runbooks, Tab::Timeline, Tab::Explore];
    const LEFT: [Tab; 4] = [Tab::Graphs, Tab::Logs, Tab::Releases, Tab::Explore];
    const RIGHT: [Tab; 3] = [Tab::Map, Tab::Runbooks, Tab::Timeline];

    fn digit(self) -> String {
        Tab::ALL.iter().position(|t| *t == self).map_or(1, |k| k + 1).to_string()
    }

    fn words(self) -> &'static str {
        match self {
            Tab::Graphs => "tab-graphs",
            Tab::Map => "tab-map",
            Tab::Logs => "tab-logs",
            Tab::Releases => "tab-releases",
            Tab::Runbooks => "tab-runbooks",
            Tab::Timeline => "tab-timeline",
            Tab::Explore => "tab-explore",
        }
    }
}

/// Word of a layout whose console is split.
const SPLIT: &str = "2";

/// State of the room: what is open, typed and chosen, and nothing of the session.
#[derive(Clone, Debug)]
pub struct LiveUiState {
    /// Left half of the centre.
    pub left: Tab,
    /// Right half of the centre.
    pub right: Tab,
    /// The half chosen last: what a small window shows.
    pub single: Tab,
    /// Left column.
    pub pager: PagerUiState,
    /// Graphs.
    pub graphs: GraphsUiState,
    /// Boards and the query box; [`ExploreUiState::complete`] takes the answer to [`UiAction::CompleteQuery`].
    pub explore: ExploreUiState,
    /// Logs.
    pub logs: LogsUiState,
    /// Map.
    pub map: MapUiState,
    /// Runbooks.
    pub runbook: RunbookUiState,
    /// Channel.
    pub channel: ChannelUiState,
    /// Composer.
    pub composer: ComposerUiState,
    /// Consoles; [`ConsoleUiState::complete`] takes the answer to [`UiAction::Complete`].
    pub console: ConsoleUiState,
    /// Palette.
    pub palette: PaletteUiState,
    /// Open dialog.
    pub dialog: DialogUiState,
    /// Panels and subjects that were on screen in the last pass.
    shown: BTreeSet<(String, String)>,
    started: bool,
    /// The room is looked at, not worked in: it takes no keys.
    watched: bool,
    /// What had the keyboard at the end of the last pass: Escape takes it away before this pass begins.
    held: Option<egui::Id>,
}

impl Default for LiveUiState {
    fn default() -> LiveUiState {
        LiveUiState {
            left: Tab::Graphs,
            right: Tab::Map,
            single: Tab::Graphs,
            pager: PagerUiState::default(),
            graphs: GraphsUiState::default(),
            explore: ExploreUiState::default(),
            logs: LogsUiState::default(),
            map: MapUiState::default(),
            runbook: RunbookUiState::default(),
            channel: ChannelUiState::default(),
            composer: ComposerUiState::default(),
            console: ConsoleUiState::default(),
            palette: PaletteUiState::default(),
            dialog: DialogUiState::default(),
            shown: BTreeSet::new(),
            started: false,
            watched: false,
            held: None,
        }
    }
}

impl LiveUiState {
    /// The layout as a line for the settings: `tab-graphs tab-map 2 fold-changes`, the tab chosen last standing last of the two.
    pub fn layout(&self) -> String {
        let mut words = [self.left, self.right].map(Tab::words).to_vec();
        if self.single == self.left {
            words.reverse();
        }
        if self.console.second.is_some() {
            words.push(SPLIT);
        }
        words.push(self.pager.fold.words());
        words.join(" ")
    }

    /// Restores a layout; words that are not known change nothing.
    pub fn set_layout(&mut self, text: &str) {
        for word in text.split_whitespace() {
            if let Some(tab) = Tab::ALL.into_iter().find(|t| t.words() == word) {
                self.choose(tab);
            } else if let Some(fold) = Fold::ALL.into_iter().find(|f| f.words() == word) {
                self.pager.fold = fold;
            } else if word == SPLIT && self.console.second.is_none() {
                self.console.second = Some(2);
            }
        }
    }

    /// After a rewind the session knows of no screen: what is shown is told anew.
    pub fn come_back(&mut self) {
        self.shown.clear();
    }

    /// A room that is looked at again: no key reaches it, and the console does not take the keyboard.
    pub fn watching() -> LiveUiState {
        LiveUiState { started: true, watched: true, ..LiveUiState::default() }
    }

    /// Closes whatever a press opened that would act.
    pub fn only_watch(&mut self) {
        self.dialog = DialogUiState::default();
        self.palette = PaletteUiState::default();
    }

    /// Brings a tab to the front.
    pub fn choose(&mut self, tab: Tab) {
        if Tab::LEFT.contains(&tab) {
            self.left = tab
        } else {
            self.right = tab
        }
        self.single = tab;
    }
}

/// Draws the room into the whole of `ui`.
pub fn live_ui(ui: &mut Ui, vm: &LiveVm, state: &mut LiveUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    if !theme::ensure(ui.ctx()) {
        return;
    }
    if !state.started {
        // The console has the keyboard as soon as the room opens.
        state.started = true;
        state.console.focus(1);
    }
    let modal = state.palette.open || state.dialog.open.is_some();
    let typing = ui.ctx().text_edit_focused() || console::has_focus(ui) || composer::has_focus(ui);
    let taken = if state.watched { Vec::new() } else { keys::take(ui, typing, modal) };
    for act in taken {
        perform(act, ui, vm, state, out);
    }
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    ui.painter().rect_filled(full, 0, t.panel);
    let small = full.width() < 1600.0;
    let (top_h, left_w, right_w) = if small {
        (56.0, 256.0, 328.0)
    } else {
        let side = ((full.width() - 1920.0) / 6.0).clamp(0.0, 72.0);
        (72.0, 328.0 + side, 408.0 + side)
    };
    let top = Rect::from_min_size(full.min, vec2(full.width(), top_h));
    let foot = Rect::from_min_max(pos2(full.left(), full.bottom() - 32.0), full.max);
    let middle = Rect::from_min_max(top.left_bottom(), foot.right_top());
    let left = Rect::from_min_size(middle.min, vec2(left_w, middle.height()));
    let right = Rect::from_min_max(pos2(middle.right() - right_w, middle.top()), middle.max);
    let centre = Rect::from_min_max(left.right_top(), right.left_bottom());

    area(ui, "top-bar", top, |ui| {
        if let Some(act) = frame::top_bar_ui(ui, &vm.top, locale) {
            perform(act, ui, vm, state, out);
        }
    });
    area(ui, "pager", left, |ui| pager_ui(ui, &vm.pager, &mut state.pager, locale, out));
    centre_ui(ui, centre, small, vm, state, locale, out);
    let composer_h = composer::composer_height(right.width());
    let channel = Rect::from_min_max(right.min, pos2(right.right(), right.bottom() - composer_h));
    area(ui, "channel", channel, |ui| channel_ui(ui, &vm.channel, &mut state.channel, locale));
    let compose = Rect::from_min_max(channel.left_bottom(), right.max);
    area(ui, "composer", compose, |ui| composer_ui(ui, &vm.composer, &mut state.composer, locale, out));
    area(ui, "foot", foot, |ui| {
        if let Some(act) = frame::footer_ui(ui, locale) {
            perform(act, ui, vm, state, out);
        }
    });
    widget::vline(ui, left.right(), middle.y_range(), t.line);
    widget::vline(ui, right.left() + 1.0, middle.y_range(), t.line);

    if let Some(graph) = state.pager.want_graph.take() {
        state.choose(Tab::Graphs);
        state.graphs.want = Some(graph);
    }
    if let Some(person) = state.pager.want_person.take() {
        state.dialog.show(Dialog::PagePerson);
        state.dialog.choice = Some(person);
    }
    if let Some(act) = palette_ui(ui, &mut state.palette, locale) {
        perform(act, ui, vm, state, out);
    }
    dialog::dialog_ui(ui, vm, &mut state.dialog, locale, out);
    report_shown(vm, state, small, out);
    state.held = ui.memory(|m| m.focused());
}

fn centre_ui(
    ui: &mut Ui,
    centre: Rect,
    small: bool,
    vm: &LiveVm,
    state: &mut LiveUiState,
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let split = state.console.second.is_some();
    let top_h = if small {
        (centre.height() * 0.557).min(352.0)
    } else if split {
        (centre.height() * 0.525).max(320.0)
    } else {
        (centre.height() * 0.574).max(320.0)
    };
    let top = Rect::from_min_size(centre.min, vec2(centre.width(), top_h.round()));
    let bottom = Rect::from_min_max(top.left_bottom(), centre.max);
    if small {
        tabs_ui(ui, "centre", top, &Tab::ALL, state.single, vm, state, locale, out);
    } else {
        let half = (top.width() / 2.0).floor();
        let left = Rect::from_min_size(top.min, vec2(half, top.height()));
        let right = Rect::from_min_max(left.right_top(), top.max);
        tabs_ui(ui, "centre-left", left, &Tab::LEFT, state.left, vm, state, locale, out);
        tabs_ui(ui, "centre-right", right, &Tab::RIGHT, state.right, vm, state, locale, out);
        widget::vline(ui, right.left(), top.y_range(), t.line);
    }
    area(ui, "console", bottom, |ui| console_ui(ui, &vm.console, &mut state.console, locale, out));
}

#[allow(clippy::too_many_arguments)] // A tab bar needs its place and tabs besides what the room has.
fn tabs_ui(
    ui: &mut Ui,
    id: &str,
    rect: Rect,
    tabs: &[Tab],
    chosen: Tab,
    vm: &LiveVm,
    state: &mut LiveUiState,
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 40.0));
    let body = Rect::from_min_max(bar.left_bottom(), rect.max);
    area(ui, id, rect, |ui| {
        let mut x = bar.left() + MARGIN + 4.0;
        let wants: f32 = tabs.iter().map(|tab| widget::tab_width(ui, &locale.say(tab.words()), &tab.digit())).sum();
        let gap = ((bar.width() - 2.0 * MARGIN - 8.0 - wants) / (tabs.len() as f32 - 1.0)).clamp(8.0, 24.0);
        for tab in tabs {
            let (title, digit) = (locale.say(tab.words()), tab.digit());
            let wide = widget::tab_width(ui, &title, &digit);
            let place = Rect::from_min_size(pos2(x, bar.top()), vec2(wide, bar.height()));
            if widget::tab(ui, place, &title, &digit, *tab == chosen, &title).clicked() {
                state.choose(*tab);
            }
            x += wide + gap;
        }
        if chosen == Tab::Graphs {
            let ink = Ink::label(t.muted);
            let note = locale.say("graphs-window");
            if bar.right() - MARGIN - widget::width(ui, &note, &ink) > x {
                put(ui, pos2(bar.right() - MARGIN, bar.center().y), Align2::RIGHT_CENTER, &note, &ink);
            }
        }
        widget::hline(ui, bar.x_range(), bar.bottom(), t.line);
        area(ui, "tab", body, |ui| match chosen {
            Tab::Graphs => graphs_ui(ui, &vm.graphs, &mut state.graphs, locale),
            Tab::Map => map_ui(ui, &vm.map, &mut state.map, locale),
            Tab::Logs => logs_ui(ui, &vm.logs, &mut state.logs, locale),
            Tab::Releases => releases_ui(ui, &vm.pager.changes, locale),
            Tab::Runbooks => runbook_ui(ui, &vm.runbooks, &mut state.runbook, locale),
            Tab::Timeline => timeline_ui(ui, &vm.timeline, locale),
            Tab::Explore => explore_ui(ui, &vm.explore, &mut state.explore, locale, out),
        });
    });
}

/// Does what a key, the palette, the footer or the top bar asks for.
pub fn perform(act: Act, ui: &Ui, vm: &LiveVm, state: &mut LiveUiState, out: &mut Vec<UiAction>) {
    let first = vm.pager.pages.first();
    match act {
        Act::Acknowledge => {
            if let Some(page) = first {
                out.push(UiAction::Line(format!(":ack {}", page.id)));
            }
        }
        Act::PageGraph => {
            state.choose(Tab::Graphs);
            state.graphs.want = first.and_then(|p| p.graph.clone());
        }
        Act::Declare => state.dialog.show(Dialog::Declare),
        Act::Command => state.dialog.show(Dialog::Role),
        Act::Update => ui.memory_mut(|m| m.request_focus(composer::impact_id())),
        Act::Post => composer::post(&mut state.composer, out),
        Act::PagePerson => state.dialog.show(Dialog::PagePerson),
        Act::Help => state.dialog.show(Dialog::Help),
        Act::Hypothesis => state.dialog.show(Dialog::Hypothesis),
        Act::Cause => state.dialog.show(Dialog::Cause),
        Act::Resolve => state.dialog.show(Dialog::Resolve),
        Act::FollowUp => state.dialog.show(Dialog::FollowUp),
        Act::End => state.dialog.show(Dialog::End),
        Act::Channel => state.channel.shown = crate::scenario::Channel::Internal,
        Act::Console => state.console.focus(state.console.first.max(1)),
        Act::Tab(digit) => {
            if let Some(tab) = Tab::ALL.get(usize::from(digit).saturating_sub(1)) {
                state.choose(*tab);
            }
        }
        Act::Jobs => {
            out.push(UiAction::Type { terminal: state.console.first.max(1), text: "jobs".to_owned() });
            state.console.focus(state.console.first.max(1));
        }
        Act::Terminal(n) => {
            if n == 2 && state.console.second.is_none() && state.console.first.max(1) != 2 {
                state.console.split();
            } else {
                state.console.focus(u32::from(n));
            }
        }
        Act::Split => state.console.split(),
        Act::Palette => {
            state.palette = PaletteUiState { open: !state.palette.open, ..PaletteUiState::default() };
        }
        Act::Keys => state.dialog.show(Dialog::Keys),
        Act::Escape => {
            if state.palette.open {
                state.palette = PaletteUiState::default();
            } else if state.dialog.open.is_some() {
                state.dialog = DialogUiState::default();
            } else if state.console.leave_search() {
                // The line stays in the terminal, which keeps the keyboard.
            } else if let Some(id) = ui.memory(|m| m.focused()) {
                ui.memory_mut(|m| m.surrender_focus(id));
            } else if state.held.take().is_some() {
                // The first one only lets go of the keyboard.
            } else {
                out.push(UiAction::Back);
            }
        }
    }
}

/// Tells the session what came on screen and what left it since the last pass.
fn report_shown(vm: &LiveVm, state: &mut LiveUiState, small: bool, out: &mut Vec<UiAction>) {
    let mut now: BTreeSet<(String, String)> = BTreeSet::new();
    let mut add = |panel: &str, subject: &str| {
        now.insert((panel.to_owned(), subject.to_owned()));
    };
    let tabs = if small { vec![state.single] } else { vec![state.left, state.right] };
    for tab in tabs {
        match tab {
            Tab::Graphs => state.graphs.on_screen.iter().for_each(|g| add("graph", g)),
            Tab::Map => {
                add("map", "");
                state.map.node.iter().for_each(|n| add("map", n));
            }
            Tab::Logs => add("log", state.logs.source.as_deref().unwrap_or("")),
            Tab::Releases => vm.pager.changes.iter().for_each(|c| add("change", &c.release)),
            Tab::Runbooks => state.runbook.page.iter().for_each(|r| add("runbook", r)),
            Tab::Timeline => {}
            Tab::Explore => state.explore.looks().into_iter().for_each(|(panel, what)| add(panel, &what)),
        }
    }
    add("pager", "");
    vm.pager.pages.iter().for_each(|p| add("pager", &p.id.to_string()));
    state.pager.change.iter().for_each(|c| add("change", c));
    state.pager.ticket.iter().for_each(|k| add("ticket", k));
    match state.channel.shown {
        crate::scenario::Channel::Internal => add("channel", ""),
        crate::scenario::Channel::Status => add("status", ""),
    }
    let view = |(panel, subject): &(String, String), shown| UiAction::View {
        panel: panel.clone(),
        subject: subject.clone(),
        shown,
    };
    out.extend(state.shown.difference(&now).map(|s| view(s, false)));
    out.extend(now.difference(&state.shown).map(|s| view(s, true)));
    state.shown = now;
}
