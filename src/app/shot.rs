//! Screenshots for tests and reports: with `WOM_SHOT_DIR` set, F12 saves the window as a PNG there.

use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, save_to_disk};
use std::path::PathBuf;

/// Folder for screenshots and how many there are.
#[derive(Resource)]
struct Shots {
    dir: PathBuf,
    taken: u32,
}

/// Adds the key if the folder is named.
pub fn plugin(app: &mut App) {
    if let Some(dir) = std::env::var_os("WOM_SHOT_DIR").filter(|d| !d.is_empty()) {
        app.insert_resource(Shots { dir: dir.into(), taken: 0 }).add_systems(Update, shoot);
    }
}

fn shoot(mut commands: Commands, keys: Res<ButtonInput<KeyCode>>, mut shots: ResMut<Shots>) {
    if keys.just_pressed(KeyCode::F12) {
        shots.taken += 1;
        let path = shots.dir.join(format!("shot-{:02}.png", shots.taken));
        commands.spawn(Screenshot::primary_window()).observe(save_to_disk(path));
    }
}
