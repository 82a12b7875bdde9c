//! Scenario files as assets: an edit is taken when it is whole and right; a broken one keeps the last good version and is shown.

use super::desk::Desk;
use super::shelf::Change;
use crate::locale::Arg;
use crate::scenario::package::Package;
use crate::storage::package;
use crate::view::action::Screen;
use bevy::asset::io::{AssetSourceBuilder, Reader};
use bevy::asset::{AssetLoader, LoadContext};
use bevy::prelude::*;
use bevy::window::RequestRedraw;
use std::path::{Path, PathBuf};

/// Name of the asset source over the scenarios' folder.
const SOURCE: &str = "scenarios";

/// A scenario's folder as read when one of its files changed.
#[derive(Asset, TypePath, Debug)]
pub struct ScenarioAsset {
    /// The whole package, or why it could not be read.
    pub package: Result<Package, String>,
}

/// Loads `scenario.ron` files: the package around them is read with them.
#[derive(TypePath)]
struct ScenarioLoader {
    folder: PathBuf,
}

impl AssetLoader for ScenarioLoader {
    type Asset = ScenarioAsset;
    type Settings = ();
    type Error = std::io::Error;

    async fn load(
        &self,
        reader: &mut dyn Reader,
        _: &(),
        context: &mut LoadContext<'_>,
    ) -> Result<ScenarioAsset, std::io::Error> {
        // The bytes are read so that the server knows the file; the folder's other files belong to it.
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await?;
        let dir = context.path().path().parent().map(|p| self.folder.join(p)).unwrap_or_default();
        Ok(ScenarioAsset { package: package::read(&dir).map_err(|e| e.to_string()) })
    }

    fn extensions(&self) -> &[&str] {
        &["ron"]
    }
}

/// Handles that keep the watched files loaded.
#[derive(Resource, Default)]
struct Watched(Vec<Handle<ScenarioAsset>>);

/// Registers the folder as an asset source; must run before the asset plugin.
pub fn source(app: &mut App, folder: Option<&Path>) {
    if let Some(folder) = folder {
        let path = folder.to_string_lossy();
        app.register_asset_source(SOURCE, AssetSourceBuilder::platform_default(&path, None));
    }
}

/// Watches the folder's scenarios.
pub fn plugin(app: &mut App, folder: Option<&Path>) {
    let Some(folder) = folder else { return };
    app.init_asset::<ScenarioAsset>()
        .register_asset_loader(ScenarioLoader { folder: folder.to_path_buf() })
        .init_resource::<Watched>()
        .add_systems(Update, changed);
    let root = folder.to_path_buf();
    app.add_systems(Startup, move |server: Res<AssetServer>, mut watched: ResMut<Watched>| {
        let Ok(listing) = std::fs::read_dir(&root) else { return };
        for entry in listing.filter_map(Result::ok).filter(|e| e.path().join("scenario.ron").is_file()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            watched.0.push(server.load(format!("{SOURCE}://{name}/scenario.ron")));
        }
    });
}

fn changed(
    time: Res<Time<Real>>,
    mut events: MessageReader<AssetEvent<ScenarioAsset>>,
    assets: Res<Assets<ScenarioAsset>>,
    mut desk: ResMut<Desk>,
    mut redraw: MessageWriter<RequestRedraw>,
) {
    for event in events.read() {
        let (AssetEvent::Added { id } | AssetEvent::Modified { id }) = event else { continue };
        let Some(asset) = assets.get(*id) else { continue };
        redraw.write(RequestRedraw);
        match &asset.package {
            Ok(package) => take(&mut desk, package.clone(), time.elapsed()),
            Err(why) => desk.say(why.clone(), time.elapsed()),
        }
    }
}

/// Takes an edit; the running session is never changed by it.
pub fn take(desk: &mut Desk, package: Package, now: std::time::Duration) {
    match desk.shelf.place(package) {
        Change::Same => {}
        Change::Updated(slug) => {
            let running = desk.play.as_ref().is_some_and(|p| p.host.package().slug == slug);
            if running && desk.screen == Screen::Live {
                desk.newer = true;
            }
            let words = desk.locale.text("app-scenario-updated", &[("scenario", Arg::Word(slug.clone()))]);
            desk.say(words, now);
            if desk.screen == Screen::Briefing && desk.chosen.as_deref() == Some(slug.as_str()) {
                super::screens::front::brief(desk, now);
            }
        }
        Change::Broken(slug) => {
            let first = desk.shelf.problems.iter().find(|p| p.slug == slug).map(|p| p.first.clone());
            let args = [("scenario", Arg::Word(slug)), ("first", Arg::Word(first.unwrap_or_default()))];
            let words = desk.locale.text("app-scenario-broken", &args);
            desk.say(words, now);
        }
    }
}
