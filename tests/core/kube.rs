//! kubectl and the tools around it in a played session: they say what the world is, and change it.

mod change;
#[path = "../support/platform.rs"]
mod platform;
mod read;

use super::world::worlds;
use platform::{Desk, scenario};
