//! Alignment: the vectors, an exhaustive oracle, spam.

use proptest::prelude::*;
use serde_json::Value;
use wheel_of_misfortune::scoring::align::{Step, align};

fn ticks_of(nodes: &[String], layers: &[Vec<String>]) -> Vec<Vec<u64>> {
    let mut seen = vec![Vec::new(); nodes.len()];
    for (t, layer) in layers.iter().enumerate() {
        for label in layer {
            if let Some(m) = nodes.iter().position(|n| n == label) {
                seen[m].push(t as u64);
            }
        }
    }
    seen
}

fn strings(v: &Value) -> Vec<String> {
    v.as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()).collect()
}

fn model(v: &Value) -> (Vec<String>, Vec<Step>) {
    let nodes = strings(&v["nodes"]);
    let mut steps: Vec<Step> =
        nodes.iter().map(|n| Step { weight: v["weights"][n].as_u64().unwrap(), after: Vec::new() }).collect();
    for edge in v["edges"].as_array().unwrap() {
        let e = strings(edge);
        let at = |n: &String| nodes.iter().position(|m| m == n).unwrap();
        steps[at(&e[1])].after.push(at(&e[0]));
    }
    (nodes, steps)
}

#[test]
fn alignment_costs_equal_the_vectors() {
    let v: Value = serde_json::from_str(include_str!("../../data/scoring/alignment.json")).unwrap();
    let mut checked = 0;
    for case in v["cases"].as_array().unwrap() {
        let (nodes, steps) = model(&v["models"][case["model"].as_str().unwrap()]);
        let layers: Vec<Vec<String>> = strings(&case["trace"]).into_iter().map(|l| vec![l]).collect();
        let got = align(&steps, &ticks_of(&nodes, &layers));
        assert_eq!(got.cost, case["expect"]["tolerant"]["cost"].as_u64().unwrap(), "{}", case["id"]);
        assert_eq!(got.of, case["expect"]["tolerant"]["worst"].as_u64().unwrap(), "{}", case["id"]);
        checked += 1;
    }
    for case in v["random"].as_array().unwrap() {
        let (nodes, steps) = model(case);
        let layers: Vec<Vec<String>> = strings(&case["trace"]).into_iter().map(|l| vec![l]).collect();
        let got = align(&steps, &ticks_of(&nodes, &layers));
        assert_eq!(got.cost, case["expect"]["tolerant"]["cost"].as_u64().unwrap(), "{}", case["id"]);
        checked += 1;
    }
    for case in v["partially_ordered_traces"].as_array().unwrap() {
        let (nodes, steps) = model(&v["models"][case["model"].as_str().unwrap()]);
        let layers: Vec<Vec<String>> = case["layers"].as_array().unwrap().iter().map(strings).collect();
        let got = align(&steps, &ticks_of(&nodes, &layers));
        assert_eq!(got.cost, case["expect"]["tolerant"]["cost"].as_u64().unwrap(), "{}", case["id"]);
        checked += 1;
    }
    let counts = &v["meta"]["counts"];
    let expected: u64 = ["named", "random", "partially_ordered"].iter().map(|k| counts[k].as_u64().unwrap()).sum();
    assert_eq!(checked, expected);
}

/// Whether `a` stands before `b`, by walking the edges.
fn before(steps: &[Step], a: usize, b: usize) -> bool {
    steps[b].after.iter().any(|p| *p == a || before(steps, a, *p))
}

fn legal(steps: &[Step], seen: &[Vec<u64>], chosen: &[Option<usize>]) -> bool {
    (0..steps.len()).all(|a| {
        (0..steps.len()).all(|b| match (chosen[a], chosen[b]) {
            (Some(i), Some(j)) if a != b && before(steps, a, b) => seen[a][i] <= seen[b][j],
            _ => true,
        })
    })
}

/// The optimum by trying everything.
fn exhaustive(steps: &[Step], seen: &[Vec<u64>]) -> u64 {
    let total: u64 = steps.iter().map(|s| s.weight).sum();
    let mut best = 0;
    let mut chosen: Vec<Option<usize>> = vec![None; steps.len()];
    fn go(m: usize, steps: &[Step], seen: &[Vec<u64>], chosen: &mut Vec<Option<usize>>, best: &mut u64) {
        if m == steps.len() {
            if legal(steps, seen, chosen) {
                let w = steps.iter().zip(chosen.iter()).filter(|(_, c)| c.is_some()).map(|(s, _)| s.weight).sum();
                *best = (*best).max(w);
            }
            return;
        }
        for pick in std::iter::once(None).chain((0..seen[m].len()).map(Some)) {
            chosen[m] = pick;
            go(m + 1, steps, seen, chosen, best);
        }
    }
    go(0, steps, seen, &mut chosen, &mut best);
    total - best
}

fn small_model() -> impl Strategy<Value = (Vec<Step>, Vec<Vec<u64>>)> {
    (2usize..6).prop_flat_map(|n| {
        let steps = prop::collection::vec((0u64..6, prop::collection::vec(any::<bool>(), n)), n).prop_map(|rows| {
            rows.into_iter()
                .enumerate()
                .map(|(m, (weight, edges))| Step { weight, after: (0..m).filter(|p| edges[*p]).collect() })
                .collect::<Vec<_>>()
        });
        let seen = prop::collection::vec(
            prop::collection::vec(0u64..8, 0..4).prop_map(|mut t| {
                t.sort_unstable();
                t
            }),
            n,
        );
        (steps, seen)
    })
}

proptest! {
    #[test]
    fn the_antichain_is_the_optimum_and_legal((steps, seen) in small_model()) {
        let got = align(&steps, &seen);
        prop_assert_eq!(got.cost, exhaustive(&steps, &seen));
        prop_assert!(legal(&steps, &seen, &got.matched));
        let matched: u64 =
            steps.iter().zip(&got.matched).filter(|(_, m)| m.is_some()).map(|(s, _)| s.weight).sum();
        prop_assert_eq!(got.of - got.cost, matched);
    }

    #[test]
    fn another_sight_never_costs((steps, seen) in small_model(), m in 0usize..5, at in 0u64..8) {
        let m = m % steps.len();
        let mut more = seen.clone();
        more[m].push(at);
        more[m].sort_unstable();
        prop_assert!(align(&steps, &more).cost <= align(&steps, &seen).cost);
    }
}

#[test]
fn a_spam_log_stays_cheap() {
    let steps: Vec<Step> =
        (0..40).map(|m| Step { weight: 3, after: if m == 0 { vec![] } else { vec![m - 1] } }).collect();
    let seen: Vec<Vec<u64>> = (0..40).map(|m| (0..25).map(|k| k * 40 + (39 - m)).collect()).collect();
    let got = align(&steps, &seen);
    assert!(legal(&steps, &seen, &got.matched));
    assert_eq!(got.of, 120);
}
