//! The debrief's view: one scale, labels that never overlap, pills that never overlap, the same every time.

use crate::debrief_fixture::debrief;
use proptest::prelude::*;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::stdx::rational::ratio;
use wheel_of_misfortune::view::debrief::label::{Box2, PillWish, Place, Wish, cluster, place, place_pills};
use wheel_of_misfortune::view::debrief::lanes::{Geometry, fit, lanes};
use wheel_of_misfortune::view::debrief::scale::{Detail, Scale};
use wheel_of_misfortune::view::debrief::{DebriefVm, MarkShape, count, curve_at, moment, signed};
use wheel_of_misfortune::view::front::{Block, Run, initials, markdown, speed_at, spin_seconds};
use wheel_of_misfortune::view::words::say;

fn measure(text: &str, strong: bool) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 7.0 } else { 12.0 }).sum::<f32>() * if strong { 1.05 } else { 1.0 }
}

fn overlaps(a: &Place, b: &Place) -> bool {
    a.row == b.row && a.x0 < b.x1 && b.x0 < a.x1
}

#[test]
fn the_fixture_keeps_every_turning_point_in_both_languages_and_sizes() {
    let vm = DebriefVm::of(&debrief());
    for lang in Lang::ALL {
        let locale = Locale::new(lang);
        for (x0, x1, up, down, height) in [(156.0, 1888.0, 3, 4, 126.0), (132.0, 1248.0, 2, 3, 96.0)] {
            let scale = Scale::new(vm.from_s, vm.to_s, &vm.events(), x0, x1, true);
            let g = Geometry {
                from: x0 - 20.0,
                to: x1 + 4.0,
                original_y: 300.0,
                yours_y: 300.0 + height,
                rows_up: up,
                rows_down: down,
            };
            let lay = || {
                lanes(&vm, None, &scale, &g, &measure, &|m| moment(&locale, m.t_s), &|m| say(&locale, &m.text), &|i| {
                    vm.joins[i].name.en.clone()
                })
            };
            let out = lay();
            assert_eq!(out, lay(), "the same input gives the same picture");
            for (labels, marks) in [(&out.original, &vm.original), (&out.yours, &vm.yours)] {
                for (i, a) in labels.iter().enumerate() {
                    assert!(a.place.x0 >= g.from && a.place.x1 <= g.to, "{a:?}");
                    for b in labels.iter().skip(i + 1) {
                        assert!(!overlaps(&a.place, &b.place), "{a:?} lies on {b:?}");
                    }
                }
                for (i, m) in marks.iter().enumerate().filter(|(_, m)| m.turning.is_some()) {
                    assert!(labels.iter().any(|l| l.mark == i), "turning point at {} lost its words", m.t_s);
                }
            }
            let pills: Vec<Box2> = out.pills.iter().flatten().copied().collect();
            assert!(pills.len() >= 5, "{pills:?}");
            for (i, a) in pills.iter().enumerate() {
                for b in pills.iter().skip(i + 1) {
                    assert!(!a.near(b, 0.0), "{a:?} lies on {b:?}");
                }
            }
            let relief = vm.joins.iter().position(|j| j.large).expect("the fixture has a relief");
            assert!(out.pills[relief].is_some(), "the largest pill is placed first");
        }
    }
}

proptest! {
    #[test]
    fn labels_and_leaders_never_cross(
        marks in prop::collection::vec((0.0f32..1000.0, 40.0f32..240.0, 0u8..3, any::<bool>()), 0..40),
        rows in 1usize..6,
    ) {
        let wishes: Vec<Wish> = marks
            .iter()
            .map(|(x, width, priority, hang_left)| Wish { x: *x, width: *width, short: Some(width / 2.0), priority: *priority, hang_left: *hang_left })
            .collect();
        let places = place(&wishes, rows, -20.0, 1020.0);
        prop_assert_eq!(&places, &place(&wishes, rows, -20.0, 1020.0));
        let placed: Vec<(f32, Place)> = wishes.iter().zip(&places).filter_map(|(w, p)| p.map(|p| (w.x, p))).collect();
        for (i, (x, a)) in placed.iter().enumerate() {
            prop_assert!(a.row < rows && a.x0 >= -20.0 && a.x1 <= 1020.0);
            for (j, (_, b)) in placed.iter().enumerate() {
                if i != j {
                    prop_assert!(!overlaps(a, b));
                    prop_assert!(!(b.row < a.row && *x > b.x0 && *x < b.x1), "a leader crosses words");
                }
            }
        }
    }

    #[test]
    fn pills_never_touch(joins in prop::collection::vec((0.0f32..900.0, 0.0f32..900.0, 60.0f32..160.0), 0..25)) {
        let wishes: Vec<PillWish> = joins
            .iter()
            .enumerate()
            .map(|(i, (a, b, w))| PillWish { a: [*a, 0.0], b: [*b, 126.0], size: [*w, 22.0], large: i == 3 })
            .collect();
        let boxes: Vec<Box2> = place_pills(&wishes, &[], 0.0, 900.0).into_iter().flatten().collect();
        for (i, a) in boxes.iter().enumerate() {
            prop_assert!(a.x0 >= -0.1 && a.x1 <= 900.1);
            for b in boxes.iter().skip(i + 1) {
                prop_assert!(!a.near(b, 1.0));
            }
        }
    }

    #[test]
    fn the_scale_is_monotone_and_comes_back(
        events in prop::collection::vec(-600i64..90_000, 0..40), compress in any::<bool>(),
    ) {
        let scale = Scale::new(-600, 90_000, &events, 100.0, 1900.0, compress);
        let mut last = f32::MIN;
        for t in (-600..=90_000).step_by(300) {
            let x = scale.x(t as f64);
            prop_assert!(x >= last && (99.9..=1900.1).contains(&x));
            last = x;
        }
        for p in scale.pieces() {
            prop_assert!(p.to_s > p.from_s && p.x1 > p.x0);
            let middle = (p.from_s + p.to_s) / 2;
            let second_px = (p.x1 - p.x0) / (p.to_s - p.from_s) as f32;
            prop_assert!((scale.t(scale.x(middle as f64)) - middle).abs() as f32 <= 2.0 + 1.0 / second_px);
        }
        let joined = scale.pieces().windows(2).all(|w| w[0].to_s == w[1].from_s && w[0].x1 == w[1].x0);
        prop_assert!(joined);
    }
}

#[test]
fn quiet_hours_are_pressed_together_and_events_keep_their_room() {
    let events: Vec<i64> = (0..10).map(|i| i * 60).chain([80_000]).collect();
    let scale = Scale::new(-60, 86_400, &events, 0.0, 1800.0, true);
    let quiet: Vec<_> = scale.pieces().iter().filter(|p| p.quiet).collect();
    assert!(!quiet.is_empty() && quiet.iter().all(|p| p.ratio <= 1.001 && p.x1 - p.x0 >= 59.9));
    assert!(scale.x(540.0) - scale.x(0.0) > 200.0, "nine busy minutes of a day are wide");
    let linear = Scale::new(-60, 86_400, &events, 0.0, 1800.0, false);
    assert_eq!(linear.pieces().len(), 1);
    assert!((linear.x(43_170.0) - 900.0).abs() < 1.0);
    assert!(linear.ticks(50.0).windows(2).all(|w| linear.x(w[1] as f64) - linear.x(w[0] as f64) >= 50.0));
}

#[test]
fn zoom_decides_what_is_shown() {
    assert_eq!(Detail::at(0.5), Detail { others: false, fine: false, finest: false });
    assert_eq!(Detail::at(5.0), Detail { others: true, fine: false, finest: false });
    assert!(Detail::at(80.0).finest);
    let marks =
        [(0.0, 0, false), (6.0, 0, false), (12.0, 0, false), (15.0, 0, true), (18.0, 1, false), (40.0, 1, false)];
    let counts: Vec<usize> = cluster(&marks).iter().map(|c| c.count()).collect();
    assert_eq!(counts, [3, 1, 1, 1], "neighbours of one kind merge, milestones never");
}

#[test]
fn marks_say_what_the_source_says() {
    let vm = DebriefVm::of(&debrief());
    let shape = |id: &str| vm.original.iter().find(|m| m.id == id).map(|m| m.shape);
    assert_eq!(shape("r7"), Some(MarkShape::Hollow), "an assumed row is drawn hollow");
    assert_eq!(shape("r4"), Some(MarkShape::Side));
    assert_eq!(
        vm.yours.iter().find(|m| m.t_s == 420).map(|m| (m.shape, m.turning)),
        Some((MarkShape::Action, Some(3)))
    );
    assert_eq!(
        vm.original.iter().find(|m| m.id == "r6").and_then(|m| m.turning),
        Some(3),
        "its twin carries the number"
    );
    assert_eq!(vm.impact.yours.first(), Some(&(-120, 0)), "curves count from T0");
    assert_eq!(curve_at(&vm.impact.yours, 75), Some(0), "a value holds until it changes");
    assert_eq!(curve_at(&vm.impact.yours, 300), Some(34_000));
    let last = vm.impact.yours.last().expect("a curve has points").0;
    assert!(last >= debrief().to_s, "a curve reaches the end of the axis");
    let coordinate = vm.groups.iter().find(|g| g.dimension == "coordinate").expect("the group is there");
    assert_eq!(coordinate.checks.len(), 5);
    assert_eq!(vm.headroom().first().map(|(g, _)| g.dimension), Some("impact"));
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    let (en, ko) = (Locale::new(Lang::En), Locale::new(Lang::Ko));
    for (n, a, b) in [
        (0, "0", "0"),
        (850, "850", "850"),
        (34_000, "34.0 k", "3만 4천"),
        (204_000, "204 k", "20만 4천"),
        (4_038_000, "4.04 M", "403만 8천"),
    ] {
        assert_eq!((count(&en, n).as_str(), count(&ko, n).as_str()), (a, b));
    }
    for (s, want) in [(276, "+4:36"), (-60, "−1:00"), (6780, "+113 min"), (43_200, "+12:00 h")] {
        assert_eq!(moment(&en, s), want);
    }
    assert_eq!([signed(&ratio(216, 10)), signed(&ratio(-3, 1)), signed(&ratio(1, 100))], ["+21.6", "−3.0", "0.0"]);
    assert_eq!(fit("a long line of words", false, 80.0, &measure), "a long…");
}

#[test]
fn the_wheel_and_the_briefing_in_plain_data() {
    for (name, want) in [("Adaeze Obi", "AO"), ("mina", "MI"), ("박미나", "박미"), ("", "")] {
        assert_eq!(initials(name), want);
    }
    assert!((speed_at(1.62, 0.0) - 1.62).abs() < 1e-4);
    let rest = spin_seconds(1.62);
    assert!((8.0..10.5).contains(&rest) && speed_at(1.62, rest) < 1e-3 && speed_at(1.62, rest - 1.0) > 0.01);
    let plain = |s: &str| Run::Plain(s.to_owned());
    assert_eq!(
        markdown("# Own\nYou run **it**,\nwith `curl`.\n\n- one\n- two\n1. first\n```\nls -l\n```\na * b"),
        vec![
            Block::Heading(1, vec![plain("Own")]),
            Block::Paragraph(vec![
                plain("You run "),
                Run::Bold("it".into()),
                plain(", with "),
                Run::Code("curl".into()),
                plain(".")
            ]),
            Block::Item(None, vec![plain("one")]),
            Block::Item(None, vec![plain("two")]),
            Block::Item(Some(1), vec![plain("first")]),
            Block::Code("ls -l".into()),
            Block::Paragraph(vec![plain("a * b")]),
        ]
    );
}
