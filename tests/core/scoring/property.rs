//! The 32 properties of the model (SCORING §6), on sessions of the shipped scenarios and on the worked example.
//!
//! What is random runs through proptest; what a wrong variant of the model must fail is a function of the variant, so that
//! `seeded` can show each variant being caught.

mod base;
mod claim;
mod evidence;
mod game;
mod inject;
mod monotone;
mod pace;
mod seeded;

use super::{data, sample, seat};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A check that a wrong variant may fail.
pub type Outcome = Result<(), String>;

/// Runs a check on random seeds, the same ones each time.
pub fn random(cases: u32, check: impl Fn(&mut Dice) -> Outcome) -> Outcome {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let run = runner.run(&proptest::prelude::any::<u64>(), |seed| {
        check(&mut Dice(seed | 1)).map_err(proptest::test_runner::TestCaseError::fail)
    });
    run.map_err(|e| e.to_string())
}

/// Draws from a seed (a xorshift: only choices of test cases hang from it).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides.max(1)
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.roll(of.len() as u64) as usize)
    }
}

/// An error unless it holds.
pub fn ensure(holds: bool, why: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(why()) }
}

/// 3: where nobody would have done less harm than the original, they are the measure.
pub fn golden_h1(mistake: Option<wheel_of_misfortune::scoring::Mistake>) -> Outcome {
    let r = sample::golden().iter().find(|g| g.name == "R_replay").unwrap();
    let credit = r.score_as(&r.facts, mistake).check("H1").unwrap().credit.clone();
    let want = wheel_of_misfortune::stdx::rational::ratio(2025, 7319);
    ensure(credit == want, || format!("H1 {credit}, expected {want}"))
}
