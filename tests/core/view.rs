//! Tests of view: what a screen shows of a projection.

#[path = "../support/projection.rs"]
mod projection;

use wheel_of_misfortune::session::projection::{AlertState, Health};
use wheel_of_misfortune::view::gm::GmVm;
use wheel_of_misfortune::view::live::LiveVm;
use wheel_of_misfortune::view::panel::top_bar::YourMove;
use wheel_of_misfortune::view::panel::{figure, stopwatch, ticks};

#[test]
fn figures_have_three_digits_and_a_unit() {
    for (value, unit, want) in [
        (4710.0, "/s", "4.71K/s"),
        (0.03, "%", "0.03 %"),
        (91.0, "ms", "91 ms"),
        (3.0, "items", "3"),
        (1_968.0, "items", "1.97K"),
        (0.0, "/s", "0/s"),
        (1.5, "%", "1.5 %"),
        (2_000.0, "/s", "2K/s"),
        (999.7, "items", "1K"),
        (9_996_000.0, "items", "10M"),
        (-1_250.0, "items", "-1.25K"),
    ] {
        assert_eq!(figure(value, unit), want);
    }
    assert_eq!(stopwatch(552), "9:12");
    assert_eq!(stopwatch(5076), "1:24:36");
}

#[test]
fn an_axis_begins_at_zero_and_reaches_its_top() {
    for top in [0.0004, 0.03, 1.0, 1.08, 7.0, 4300.0, 1e9] {
        let axis = ticks(top, 4);
        assert_eq!(axis.first(), Some(&0.0));
        assert!(axis.last().is_some_and(|last| *last >= top), "{top}: {axis:?}");
        assert!(axis.len() <= 5, "{top}: {axis:?}");
    }
    assert_eq!(ticks(f64::NAN, 4), [0.0, 1.0]);
}

#[test]
fn the_block_beside_the_clock_says_what_waits() {
    let mut p = projection::trainee();
    assert_eq!(LiveVm::of(&p).top.your_move, YourMove::Pages { count: 1, escalates_in_s: Some(228) });
    p.pages[0].acked_t_s = Some(500);
    assert_eq!(LiveVm::of(&p).top.your_move, YourMove::Nothing);
    p.incident.promised_t_s = Some(500);
    assert_eq!(LiveVm::of(&p).top.your_move, YourMove::UpdateDue { past_s: 52 });
    p.incident.resolved_t_s = Some(540);
    assert_eq!(LiveVm::of(&p).top.your_move, YourMove::Nothing);
}

#[test]
fn alerts_stand_open_then_acknowledged_then_normal() {
    let mut p = projection::trainee();
    p.alerts[0].state = AlertState::NoData;
    p.alerts[1].state = AlertState::Firing;
    p.pages[0].source = p.alerts[1].id.clone();
    p.pages[0].acked_t_s = Some(500);
    let order: Vec<_> = LiveVm::of(&p).pager.alerts.into_iter().map(|a| (a.id, a.acked)).collect();
    let want = [("load", false), ("smoke", true), ("errors", false), ("conns", false)];
    assert_eq!(order, want.map(|(id, acked)| (id.to_owned(), acked)));
}

#[test]
fn without_data_a_graph_is_unknown_and_never_zero() {
    let mut p = projection::trainee();
    let mut points = (*p.graphs[0].points).clone();
    let from = points.len() - 20;
    points.iter_mut().skip(from).for_each(|(_, v)| *v = None);
    p.graphs[0].points = std::sync::Arc::new(points);
    let g = &LiveVm::of(&p).graphs.graphs[0];
    assert_eq!((g.health, &g.now), (Health::Unknown, &None));
    let (since, last) = g.no_data.clone().expect("a stretch without data");
    assert!(since < p.clock.t_s - 250 && last.is_some());
}

#[test]
fn no_two_nodes_of_the_map_share_a_place() {
    let vm = LiveVm::of(&projection::trainee()).map;
    let mut places = std::collections::BTreeSet::new();
    for n in &vm.nodes {
        assert!(n.column < 4 && n.slot < vm.slots);
        assert!(places.insert((n.column, n.slot)), "{} stands on another node", n.id);
    }
    let slot = |id: &str| vm.nodes.iter().find(|n| n.id == id).map(|n| n.slot);
    assert_eq!(slot("postgres"), slot("registry-api"), "a node stands beside the one that calls it most");
}

#[test]
fn only_the_game_master_has_a_station() {
    assert!(GmVm::of(&projection::trainee()).is_none());
    let p = projection::game_master();
    let vm = GmVm::of(&p).expect("a station");
    assert_eq!(vm.ahead.first().map(|r| r.in_s), Some(Some(48)));
    assert_eq!(vm.seats.iter().map(|s| s.console.terminals.len()).sum::<usize>(), 2);
    assert!(vm.original.iter().filter(|(past, _)| *past).count() == 1, "the last row at this minute");
}
