//! The wheel of the title, the draw and the landing: one scene in flat, vertex-coloured meshes. Its lettering is egui's.

pub mod mesh; // a pen for vertex-coloured triangles
pub mod motion; // where it stands, how the flapper bends
pub mod palette; // its colours
pub mod scene; // its entities

use super::idle::Pace;
use crate::library::spin::Spin;
use crate::view::front::{Wedge, WheelFace};
use bevy::prelude::*;
use motion::{Pointed, Pose, Travel};
use scene::{Blade, Landing, Parts, Peg, Root, Turning};
use std::f32::consts::TAU;
use std::time::Duration;

/// Turns a second of the title's wheel.
const TITLE_SPEED: f64 = 0.6 / 60.0;
/// Others dim within.
const DIM: f32 = 0.240;
/// The light goes round within.
const SWEEP: f32 = 0.700;
/// The outline appears within.
const OUTLINE: f32 = 0.160;
/// With reduced motion everything of a landing appears within.
const FADE: f32 = 0.120;

/// What the wheel is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Stage {
    /// Half out of the frame, slowly turning.
    #[default]
    Title,
    /// Whole, waiting or spinning.
    Wheel,
    /// Beside the card.
    Landing,
    /// Not on screen.
    Away,
}

/// The wheel as the rest of the program sees it.
#[derive(Resource)]
pub struct Wheel {
    /// Wedges on it.
    pub wedges: Vec<Wedge>,
    /// Where it should stand.
    pub stage: Stage,
    /// Position, turns clockwise.
    pub turn: f64,
    /// Speed, turns a second.
    pub speed: f64,
    /// Wedge it has landed on and when.
    pub landed: Option<(usize, Duration)>,
    /// Motion is stilled.
    pub reduced: bool,
    spin: Option<Running>,
    travel: Travel,
    shown: f32,
    pointed: Pointed,
}

struct Running {
    spin: Spin,
    began: Duration,
    skipped: bool,
}

impl Default for Wheel {
    fn default() -> Wheel {
        Wheel {
            wedges: Vec::new(),
            stage: Stage::Title,
            turn: -0.018,
            speed: 0.0,
            landed: None,
            reduced: false,
            spin: None,
            travel: Travel::at(motion::TITLE),
            shown: 0.0,
            pointed: Pointed::default(),
        }
    }
}

/// The wheel did something that is worth a sound or a change of screen.
#[derive(Message, Clone, Copy, Debug, PartialEq)]
pub enum WheelEvent {
    /// A peg passed the flapper at this speed, turns a second.
    Peg(f32),
    /// It came to rest on this wedge.
    Landed(usize),
}

impl Wheel {
    /// Puts wedges on the wheel; names and levels only, in order.
    pub fn load(&mut self, wedges: Vec<Wedge>) {
        if self.wedges != wedges {
            self.wedges = wedges;
            self.landed = None;
            self.spin = None;
        }
    }

    /// Releases the wheel, to rest on `wedge`. With reduced motion it is there at once.
    pub fn release(&mut self, wedge: usize, seed: u64, now: Duration) {
        let count = |n: usize| u32::try_from(n).unwrap_or(1);
        let from = self.turn.rem_euclid(1.0) * 360.0;
        let spin = Spin::solve(count(self.wedges.len()), count(wedge), seed, from);
        self.landed = None;
        self.spin = Some(Running { spin, began: now, skipped: self.reduced });
    }

    /// Skips the rest of the turn.
    pub fn skip(&mut self) {
        if let Some(run) = &mut self.spin {
            run.skipped = true;
        }
    }

    /// Whether it spins.
    pub fn spinning(&self) -> bool {
        self.spin.is_some()
    }

    /// Seconds since the release, 0 when it rests.
    pub fn elapsed(&self, now: Duration) -> f64 {
        self.spin.as_ref().map_or(0.0, |r| now.saturating_sub(r.began).as_secs_f64())
    }

    /// Speed at the release, turns a second, 0 when it rests.
    pub fn released(&self) -> f64 {
        self.spin.as_ref().map_or(0.0, |r| r.spin.start)
    }

    /// Whether the light of the landing has gone round, so that the card may come.
    pub fn card_shown(&self, now: Duration) -> bool {
        let wait = if self.reduced { FADE } else { SWEEP };
        self.landed.is_some_and(|(_, at)| now.saturating_sub(at).as_secs_f32() >= wait)
    }

    /// Forgets a landing.
    pub fn clear(&mut self) {
        self.landed = None;
    }

    /// Angle between pegs, turns.
    fn spacing(&self) -> f64 {
        let wedges = self.wedges.len().max(2);
        1.0 / (wedges * scene::pegs(wedges)) as f64
    }

    /// Pose now, in points of a window of `height`.
    fn pose(&self, now: Duration, height: f32) -> Pose {
        let k = height / 1080.0;
        let p = self.travel.pose(now);
        Pose { x: p.x * k, y: p.y * k, radius: p.radius * k }
    }

    /// What egui needs to letter it.
    pub fn face(&self, now: Duration, height: f32) -> WheelFace {
        let pose = self.pose(now, height);
        WheelFace {
            centre: [pose.x, pose.y],
            radius: pose.radius,
            turn: self.turn.rem_euclid(1.0) as f32,
            wedges: self.wedges.clone(),
            lit: self.landed.map(|l| l.0),
            streak: self.streak(),
        }
    }

    /// The wedge that the words beside the wheel name.
    pub fn pointed(&self) -> Option<usize> {
        self.pointed.wedge()
    }

    /// A spin that is fast enough to streak fades its streaks in and out, never flashes them.
    fn streak(&self) -> f32 {
        if self.reduced { 0.0 } else { motion::streak(self.speed as f32) }
    }

    /// Whether the next frame differs by itself, and how soon it should come.
    pub fn pace(&self, now: Duration) -> Pace {
        let landing = self.landed.is_some_and(|(_, at)| now.saturating_sub(at).as_secs_f32() < SWEEP + 0.6);
        if self.spinning() || self.travel.moves(now) || landing {
            Pace::Continuous
        } else if self.stage == Stage::Title && !self.reduced {
            Pace::Within(Duration::from_millis(33))
        } else {
            Pace::Idle
        }
    }
}

/// Adds the wheel.
pub fn plugin(app: &mut App) {
    app.init_resource::<Wheel>()
        .add_message::<WheelEvent>()
        .add_systems(Startup, setup)
        .add_systems(Update, turn)
        .add_systems(PostUpdate, (reshape, draw).chain().before(TransformSystems::Propagate));
}

fn setup(mut commands: Commands, mut meshes: ResMut<Assets<Mesh>>, mut materials: ResMut<Assets<ColorMaterial>>) {
    let parts = scene::build(&mut commands, &mut meshes, &mut materials);
    commands.insert_resource(parts);
}

/// Moves the wheel to where the clock says it is.
pub fn turn(time: Res<Time<Real>>, mut wheel: ResMut<Wheel>, mut out: MessageWriter<WheelEvent>) {
    let now = time.elapsed();
    let wheel = &mut *wheel;
    let goal = match wheel.stage {
        Stage::Title => motion::TITLE,
        Stage::Wheel => motion::WHEEL,
        Stage::Landing => motion::LANDING,
        Stage::Away => motion::AWAY,
    };
    wheel.travel.head(goal, now, wheel.reduced);
    let before = wheel.turn;
    if let Some(run) = &wheel.spin {
        let t = now.saturating_sub(run.began).as_secs_f64();
        let rest = run.spin.duration();
        let over = run.skipped || t >= rest;
        wheel.turn = run.spin.angle(if over { rest } else { t }) / 360.0;
        wheel.speed = if over { 0.0 } else { run.spin.speed(t) };
        if over {
            let wedge = run.spin.chosen as usize;
            wheel.spin = None;
            wheel.landed = Some((wedge, now));
            out.write(WheelEvent::Landed(wedge));
        }
    } else if wheel.stage == Stage::Title && !wheel.reduced {
        wheel.speed = TITLE_SPEED;
        // A window that was hidden for a while does not jump.
        wheel.turn += TITLE_SPEED * time.delta_secs_f64().min(0.1);
    } else {
        wheel.speed = 0.0;
    }
    let here = wheel.face(now, 1.0).at_pointer();
    wheel.pointed.see(here, wheel.speed, now);
    if wheel.stage != Stage::Title && wheel.stage != Stage::Away {
        let spacing = wheel.spacing();
        let passed = (wheel.turn / spacing).floor() - (before / spacing).floor();
        // Faster than twenty a second they are one rattle, so one message a frame is enough.
        if (1.0..1000.0).contains(&passed) && wheel.spin.is_some() {
            out.write(WheelEvent::Peg(wheel.speed as f32));
        }
    }
}

/// Rebuilds what depends on the pool or the landing.
fn reshape(
    mut commands: Commands,
    wheel: Res<Wheel>,
    mut parts: ResMut<Parts>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ColorMaterial>>,
    pegs: Query<Entity, Or<(With<Peg>, With<Turning>)>>,
    landing: Query<Entity, With<Landing>>,
) {
    let wedges = wheel.wedges.len().max(2);
    if parts.wedges != wedges {
        let old: Vec<Entity> = pegs.iter().collect();
        scene::rebuild(&mut commands, &mut meshes, &old, &mut parts, wedges);
    }
    let landed = wheel.landed.map(|l| l.0);
    if parts.landed != landed {
        for entity in &landing {
            commands.entity(entity).try_despawn();
        }
        parts.fading.clear();
        parts.landed = None;
        if let Some(wedge) = landed {
            scene::land(&mut commands, &mut meshes, &mut materials, &mut parts, wedge);
        }
    }
}

/// Places everything for this frame.
#[expect(clippy::too_many_arguments, reason = "a Bevy system asks for what it touches")]
fn draw(
    time: Res<Time<Real>>,
    mut wheel: ResMut<Wheel>,
    parts: Res<Parts>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ColorMaterial>>,
    windows: Query<&Window>,
    mut root: Query<(&mut Transform, &mut Visibility), (With<Root>, Without<Turning>, Without<Peg>, Without<Landing>)>,
    mut turning: Query<&mut Transform, (With<Turning>, Without<Peg>, Without<Landing>)>,
    mut pegs: Query<(&Peg, &mut Transform), Without<Landing>>,
    mut landing: Query<(&Landing, &mut Transform)>,
    blades: Query<&Mesh2d, With<Blade>>,
) {
    let now = time.elapsed();
    let Ok(window) = windows.single() else { return };
    let Ok((mut place, mut visibility)) = root.single_mut() else { return };
    let pose = wheel.pose(now, window.height());
    let show = wheel.stage != Stage::Away || wheel.travel.moves(now);
    let wanted = if show { Visibility::Inherited } else { Visibility::Hidden };
    if *visibility != wanted {
        *visibility = wanted;
    }
    if !show {
        return;
    }
    let scale = pose.radius / 440.0;
    place.translation = Vec3::new(pose.x - window.width() / 2.0, window.height() / 2.0 - pose.y, 0.0);
    place.scale = Vec3::new(scale, -scale, 1.0);
    let angle = (wheel.turn.rem_euclid(1.0)) as f32 * TAU;
    if let Ok(mut t) = turning.single_mut() {
        t.rotation = Quat::from_rotation_z(angle);
    }
    let streak = wheel.streak();
    if materials.get(&parts.trails).is_some_and(|m| m.color != scene::faded(streak))
        && let Some(mut m) = materials.get_mut(&parts.trails)
    {
        m.color = scene::faded(streak);
    }
    for (peg, mut t) in &mut pegs {
        let at = mesh::polar(peg.0 + angle, scene::PEG_RADIUS);
        t.translation = at.extend(4.0);
    }
    if let Some((wedge, at)) = wheel.landed {
        let since = now.saturating_sub(at).as_secs_f32();
        let still = wheel.reduced;
        for (kind, material) in &parts.fading {
            let alpha = match kind {
                _ if still => {
                    if *kind == Landing::Sweep {
                        0.0
                    } else {
                        since / FADE
                    }
                }
                Landing::Dim => since / DIM,
                Landing::Lit => motion::ease_out(since / DIM),
                Landing::Outline => (since - SWEEP * 0.6) / OUTLINE,
                Landing::Sweep if since < SWEEP => 1.0,
                Landing::Sweep => (SWEEP + 0.1 - since) / 0.1,
            };
            if let Some(mut m) = materials.get_mut(material) {
                m.color = scene::faded(alpha.clamp(0.0, 1.0));
            }
        }
        let edge = scene::wedge_angle(parts.wedges) * (wedge as f32 + 0.5);
        for (kind, mut t) in &mut landing {
            if *kind == Landing::Sweep {
                t.rotation = Quat::from_rotation_z(edge - TAU + TAU * motion::ease_out(since / SWEEP));
            }
        }
    }
    // Pegs lie on wedge boundaries, half a wedge from a wedge's centre.
    let boundary = 0.5 / wheel.wedges.len().max(2) as f64;
    let spacing = wheel.spacing() * 360.0;
    let turned = ((wheel.turn + boundary) * 360.0).rem_euclid(spacing);
    let bend = motion::flapper(turned as f32, spacing as f32, wheel.speed as f32, now.as_secs_f32());
    if (bend - wheel.shown).abs() > 1e-3 || wheel.is_added() {
        wheel.shown = bend;
        if blades.single().is_ok()
            && let Some(mut mesh) = meshes.get_mut(&parts.blade)
        {
            *mesh = scene::blade(bend);
        }
    }
}
