//! The debrief of a finished session, and its export.

use crate::app::desk::Desk;
use crate::debrief::{self, Debrief};
use crate::postmortem;
use crate::ui::debrief::debrief_ui;
use crate::view::action::UiAction;
use crate::view::debrief::DebriefVm;
use crate::view::words::say;
use bevy_egui::egui;
use std::path::PathBuf;

/// A finished session.
pub struct Concluded {
    /// Everything that the export says.
    pub debrief: Debrief,
    vm: DebriefVm,
}

/// Runs the world on to the horizon and builds the debrief.
///
/// # Errors
/// If the log cannot be written, in words.
pub fn conclude(desk: &mut Desk) -> Result<(), String> {
    let Some(play) = &mut desk.play else { return Ok(()) };
    play.host.conclude().map_err(|e| e.to_string())?;
    let session = play.host.session();
    let debrief = debrief::against_par(play.host.package(), &session.scenario, &session.header, session.facts())
        .ok_or_else(|| desk.locale.say("app-no-par"))?;
    desk.memory.concluded = Some(Concluded { vm: DebriefVm::of(&debrief), debrief });
    Ok(())
}

/// Draws it.
pub fn draw(ui: &mut egui::Ui, desk: &mut Desk, out: &mut Vec<UiAction>) {
    if let Some(concluded) = &desk.memory.concluded {
        debrief_ui(ui, &desk.locale, &concluded.vm, &mut desk.memory.debrief, out);
    }
    if desk.memory.keys {
        crate::ui::front::keys_ui(ui, &desk.locale, out);
    }
}

/// Writes the postmortem draft beside the session's log; says where.
///
/// # Errors
/// Why it could not be written.
pub fn export(desk: &Desk) -> Result<PathBuf, String> {
    let (Some(play), Some(concluded)) = (&desk.play, &desk.memory.concluded) else {
        return Err(desk.locale.say("app-nothing-to-export"));
    };
    let folder = play.host.folder().ok_or_else(|| desk.locale.say("app-not-kept"))?;
    let path = folder.join("postmortem.md");
    let scenario = &play.host.session().scenario;
    let text = postmortem::markdown(&postmortem::postmortem(&concluded.debrief, scenario, &desk.locale));
    crate::storage::place::write_atomic(&path, text.as_bytes()).map_err(|e| e.to_string())?;
    Ok(path)
}
