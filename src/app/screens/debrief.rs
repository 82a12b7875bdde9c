//! The debrief of a finished session: its pages, what is written down in it, its exports, and the session again at any moment.

use crate::app::desk::Desk;
use crate::app::play::Play;
use crate::debrief::{self, Debrief};
use crate::fact::Fact;
use crate::host::{self, Checkpoint, Maker, Scrub};
use crate::postmortem;
use crate::session::Header;
use crate::stdx::time::Offset;
use crate::ui::debrief::debrief_ui;
use crate::ui::replay::{ReplayUiState, replay_ui};
use crate::view::action::{ExportForm, UiAction};
use crate::view::debrief::DebriefVm;
use crate::view::replay::ReplayVm;
use bevy::tasks::AsyncComputeTaskPool;
use bevy_egui::egui;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A finished session.
pub struct Concluded {
    /// Everything that the export says.
    pub debrief: Debrief,
    vm: DebriefVm,
    /// Other branches of the session, as their logs have them.
    others: Vec<(Header, Vec<Fact>)>,
    /// The version of the session that the debrief was built from.
    version: u64,
    /// The session at any moment.
    scrub: Scrub,
    /// Moments that are being made ready on another thread.
    coming: Mutex<Receiver<Checkpoint>>,
    /// What the replay shows.
    shown: Option<ReplayVm>,
    /// The replay, while it is open.
    pub replay: Option<ReplayUiState>,
    /// When the replay was drawn last.
    drawn: Duration,
}

impl Concluded {
    /// Takes over the moments that are ready.
    fn take_ready(&mut self) {
        let Ok(coming) = self.coming.lock() else { return };
        while let Ok(checkpoint) = coming.try_recv() {
            self.scrub.add(checkpoint);
        }
    }

    /// Whether every moment can be shown.
    pub fn ready(&self) -> bool {
        self.scrub.warm() >= self.scrub.end()
    }

    /// What the replay shows, if it is open.
    pub fn shown(&self) -> Option<&ReplayVm> {
        self.shown.as_ref()
    }

    /// Whether frames are due without anybody doing anything: time flows, or moments are being made ready while somebody waits.
    pub fn moves(&self) -> bool {
        self.replay.as_ref().is_some_and(|r| r.playing || !self.ready())
    }
}

/// Runs the world on to the horizon and builds the debrief.
///
/// # Errors
/// If the log cannot be written, in words.
pub fn conclude(desk: &mut Desk) -> Result<(), String> {
    let Some(play) = &mut desk.play else { return Ok(()) };
    play.host.conclude().map_err(|e| e.to_string())?;
    let session = play.host.session();
    let others = play.host.folder().map(|f| host::other_branches(f, session.header.branch)).unwrap_or_default();
    let debrief = build(play, &others).ok_or_else(|| desk.locale.say("app-no-par"))?;
    let (scrub, maker) = Scrub::new(session.header.clone(), session.scenario.clone(), play.host.items());
    desk.memory.concluded = Some(Concluded {
        vm: DebriefVm::of(&debrief),
        debrief,
        others,
        version: play.host.version(),
        scrub,
        coming: Mutex::new(make(maker)),
        shown: None,
        replay: None,
        drawn: Duration::ZERO,
    });
    Ok(())
}

/// Makes the moments of a log ready on another thread; it stops when nobody waits for them any more.
fn make(mut maker: Maker) -> Receiver<Checkpoint> {
    let (send, receive) = channel();
    let work = async move {
        while let Some(checkpoint) = maker.step() {
            if send.send(checkpoint).is_err() {
                break;
            }
        }
    };
    AsyncComputeTaskPool::get_or_init(Default::default).spawn(work).detach();
    receive
}

fn build(play: &Play, others: &[(Header, Vec<Fact>)]) -> Option<Debrief> {
    let session = play.host.session();
    let (scenario, header, facts) = (&session.scenario, &session.header, session.facts());
    let mut debrief = debrief::against_par(play.host.package(), scenario, header, facts)?;
    debrief.branches = debrief::branch::lanes(scenario, header, facts, others);
    Some(debrief)
}

/// Builds the pages again if something was written down since.
fn refresh(desk: &mut Desk) {
    let (Some(play), Some(concluded)) = (&desk.play, &mut desk.memory.concluded) else { return };
    if concluded.version == play.host.version() {
        return;
    }
    concluded.version = play.host.version();
    if let Some(debrief) = build(play, &concluded.others) {
        concluded.vm = DebriefVm::of(&debrief);
        concluded.debrief = debrief;
    }
}

/// Draws it.
pub fn draw(ui: &mut egui::Ui, desk: &mut Desk, now: Duration, out: &mut Vec<UiAction>) {
    refresh(desk);
    if let Some(concluded) = &mut desk.memory.concluded {
        concluded.take_ready();
        if let Some(from) = desk.memory.debrief.replay.take() {
            let seat = desk.memory.debrief.seat.clone();
            let seat = seat.or_else(|| concluded.vm.seats.first().cloned()).unwrap_or_default();
            concluded.replay = Some(ReplayUiState::new(&seat, from));
            concluded.drawn = now;
        }
        if concluded.replay.is_some() {
            again(ui, &desk.locale, concluded, now, out);
        } else {
            debrief_ui(ui, &desk.locale, &concluded.vm, &mut desk.memory.debrief, out);
        }
    }
    if desk.memory.keys {
        crate::ui::front::keys_ui(ui, &desk.locale, out);
    }
}

/// The session as it was at the replay's moment.
fn again(
    ui: &mut egui::Ui,
    locale: &crate::locale::Locale,
    concluded: &mut Concluded,
    now: Duration,
    out: &mut Vec<UiAction>,
) {
    let Some(state) = &mut concluded.replay else { return };
    let opens = Offset(concluded.vm.from_s);
    let warm_s = Offset::of(concluded.scrub.warm(), opens).0;
    let end_s = Offset::of(concluded.scrub.end(), opens).0;
    state.pass(now.saturating_sub(concluded.drawn), warm_s);
    concluded.drawn = now;
    state.t_s = state.t_s.clamp(opens.0, end_s);
    let wanted = state.t_s.min(warm_s);
    let current = |vm: &ReplayVm| vm.t_s == wanted && vm.seat == state.seat;
    if !concluded.shown.as_ref().is_some_and(current) {
        let session = concluded.scrub.at(Offset(wanted).tick(opens).unwrap_or_default());
        let projection = session.project(&state.seat);
        concluded.shown = Some(ReplayVm::of(&projection, &concluded.vm.seats, opens.0, warm_s, end_s));
    }
    if let Some(vm) = &mut concluded.shown {
        vm.warm_s = warm_s;
        replay_ui(ui, locale, &concluded.vm, vm, state, out);
    }
    if state.close {
        concluded.replay = None;
        concluded.shown = None;
    }
}

/// Writes the debrief in a form beside the session's log; says where.
///
/// # Errors
/// Why it could not be written.
pub fn export(desk: &Desk, form: ExportForm) -> Result<PathBuf, String> {
    let (Some(play), Some(concluded)) = (&desk.play, &desk.memory.concluded) else {
        return Err(desk.locale.say("app-nothing-to-export"));
    };
    let folder = play.host.folder().ok_or_else(|| desk.locale.say("app-not-kept"))?;
    let path = folder.join(form.file());
    let (session, d, locale) = (play.host.session(), &concluded.debrief, &desk.locale);
    let scenario = &session.scenario;
    let text = match form {
        ExportForm::Postmortem => postmortem::markdown(&postmortem::postmortem(d, scenario, locale)),
        ExportForm::Page => postmortem::html(&postmortem::postmortem(d, scenario, locale)),
        ExportForm::AfterAction => postmortem::markdown(&postmortem::after_action(d, scenario, locale)),
        ExportForm::AfterActionPage => postmortem::html(&postmortem::after_action(d, scenario, locale)),
        ExportForm::Json => format!("{:#}\n", postmortem::json(d, &session.header, locale)),
        ExportForm::Timeline => postmortem::timeline(d, locale),
        ExportForm::Msel => postmortem::msel(scenario, session.facts(), locale),
    };
    crate::storage::place::write_atomic(&path, text.as_bytes()).map_err(|e| e.to_string())?;
    Ok(path)
}
