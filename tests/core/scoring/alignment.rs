//! Alignment: the vectors, an exhaustive oracle, spam.

use super::generic;
use proptest::prelude::*;
use serde_json::Value;
use wheel_of_misfortune::scoring::align::{Step, align};
use wheel_of_misfortune::scoring::declare::Rule;

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

/// Costs of one regime: of leaving out a step, and of an event that no step explains.
fn costs(regime: &str, v: &Value, model: &Value, nodes: &[String]) -> (Vec<u64>, Vec<(String, u64)>, u64) {
    let weight = |n: &String| if regime == "unit" { 1 } else { model["weights"][n].as_u64().unwrap() };
    let skip = nodes.iter().map(weight).collect();
    let hazards = v["meta"]["hazard_log_costs"].as_object();
    match regime {
        "unit" | "weighted" => (skip, vec![], 1),
        "hazard" => {
            let listed = hazards.expect("the costs").iter().map(|(k, c)| (k.clone(), c.as_u64().unwrap()));
            (skip, listed.collect(), 0)
        }
        "tolerant" => (skip, vec![], 0),
        other => panic!("no regime `{other}`"),
    }
}

fn legal_moves(model: &generic::Model, trace: &[String], moves: &Value) -> bool {
    let (mut done, mut at) = (0u128, 0);
    for m in moves.as_array().unwrap() {
        let m = strings(m);
        if m[0] != ">>" {
            if trace.get(at) != Some(&m[0]) {
                return false;
            }
            at += 1;
        }
        if m[1] != ">>" {
            let n = model.nodes.iter().position(|x| *x == m[1]).unwrap();
            if model.before[n] & !done != 0 || done >> n & 1 == 1 || (m[0] != ">>" && m[0] != m[1]) {
                return false;
            }
            done |= 1 << n;
        }
    }
    at == trace.len() && done == model.full()
}

/// What a file holds that was compared: named cases, random ones, partially ordered traces, rules, and costs in all.
type Counts = [usize; 5];

fn compare_vectors(text: &str) -> Result<Counts, Vec<String>> {
    let v: Value = serde_json::from_str(text).expect("JSON");
    let (mut counts, mut wrong) = ([0; 5], Vec::new());
    let none = Vec::new();
    let rows = |kind: &str| v[kind].as_array().unwrap_or(&none).iter();
    let all = rows("cases").map(|c| (0, c)).chain(rows("random").map(|c| (1, c)));
    for (kind, case) in all.chain(rows("partially_ordered_traces").map(|c| (2, c))) {
        let id = case["id"].as_str().unwrap();
        let model_of = match case["model"].as_str() {
            Some(name) => &v["models"][name],
            None => case,
        };
        let (nodes, steps) = model(model_of);
        let edges: Vec<(usize, usize)> =
            steps.iter().enumerate().flat_map(|(b, s)| s.after.iter().map(move |a| (*a, b))).collect();
        let oracle = generic::Model::new(nodes.clone(), &edges);
        let layers: Vec<Vec<String>> = match case["layers"].as_array() {
            Some(layers) => layers.iter().map(strings).collect(),
            None => strings(&case["trace"]).into_iter().map(|l| vec![l]).collect(),
        };
        for (regime, expect) in case["expect"].as_object().unwrap() {
            let want = expect["cost"].as_u64().unwrap();
            let (skip, listed, other) = costs(regime, &v, model_of, &nodes);
            let extra = |l: &str| listed.iter().find(|(k, _)| k == l).map_or(other, |(_, c)| *c);
            let got = oracle.cost(&layers, &skip, extra);
            let mut differ = |what: &str, got: u64, want: u64| {
                if got != want {
                    wrong.push(format!("{id} {regime} {what}: {got}, expected {want}"));
                }
            };
            differ("cost by the oracle", got, want);
            if let Some(n) = expect["linearisations"].as_u64() {
                differ("linearisations", generic::linearisations(&layers), n);
            }
            if let Some(worst) = expect["worst"].as_u64() {
                let labels: u64 = layers.iter().flatten().map(|l| extra(l)).sum();
                differ("worst", skip.iter().sum::<u64>() + labels, worst);
                if let Some(fit) = expect["fitness"].as_array() {
                    differ("fitness", worst - got, fit[0].as_u64().unwrap());
                }
            }
            if expect["one_optimal_alignment"].is_array() {
                let legal = legal_moves(&oracle, &layers.concat(), &expect["one_optimal_alignment"]);
                differ("stored alignment is legal", u64::from(legal), 1);
            }
            if regime == "tolerant" {
                let seen = ticks_of(&nodes, &layers);
                let ours = align(&steps, &seen);
                differ("cost", ours.cost, want);
                differ("weight", ours.of, skip.iter().sum());
                differ("alignment shown is legal", u64::from(legal(&steps, &seen, &ours.matched)), 1);
            }
            counts[4] += 1;
        }
        counts[kind] += 1;
    }
    for row in v["declare"]["rows"].as_array().unwrap_or(&none) {
        let (args, trace) = (strings(&row["args"]), strings(&row["trace"]));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let trace: Vec<&str> = trace.iter().map(String::as_str).collect();
        let rule = Rule::named(row["template"].as_str().unwrap(), &args).expect("a template");
        if rule.holds(&trace) != row["holds"].as_bool().unwrap() {
            wrong.push(format!("{rule:?} of {trace:?}"));
        }
        counts[3] += 1;
    }
    if counts[..4].iter().sum::<usize>() == 0 {
        wrong.push("the file holds no vector".to_owned());
    }
    let stated = |k: &str| v["meta"]["counts"][k].as_u64().map(|n| n as usize);
    for (i, k) in ["named", "random", "partially_ordered"].iter().enumerate() {
        if stated(k).is_some_and(|n| n != counts[i]) {
            wrong.push(format!("{} of {k}, the file says {:?}", counts[i], stated(k)));
        }
    }
    if wrong.is_empty() { Ok(counts) } else { Err(wrong) }
}

#[test]
fn alignment_data() {
    let mut failed = Vec::new();
    for path in super::data::files(&["alignment.json"], "WOM_ALIGNMENT_DIR") {
        let text = std::fs::read_to_string(&path).unwrap();
        match compare_vectors(&text) {
            Ok([named, random, partial, rules, costs]) => println!(
                "{}: {named} named, {random} random, {partial} partially ordered, {rules} rules equal ({costs} costs)",
                path.display()
            ),
            Err(wrong) => {
                println!("{}: {} differences", path.display(), wrong.len());
                failed.extend(wrong.into_iter().take(30));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let own = compare_vectors(include_str!("../../data/scoring/alignment.json"));
    assert_eq!(own, Ok([26, 30, 3, 160, 26 * 4 + 30 * 3 + 3 * 4]));
}

#[test]
fn alignment_data_notices_a_changed_cost() {
    let mut v: Value = serde_json::from_str(include_str!("../../data/scoring/alignment.json")).unwrap();
    v["cases"][3]["expect"]["tolerant"]["cost"] = Value::from(1);
    v["cases"][3]["expect"]["tolerant"].as_object_mut().unwrap().remove("fitness");
    // Both aligners say so.
    assert_eq!(compare_vectors(&v.to_string()).unwrap_err().len(), 2);
    v["declare"]["rows"][0]["holds"] = Value::from(true);
    assert_eq!(compare_vectors(&v.to_string()).unwrap_err().len(), 3);
    assert!(compare_vectors("{}").is_err(), "a file without vectors is none");
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

/// A trace as the oracle wants it: labels in order of time, all orders of what shares a tick.
fn layers(seen: &[Vec<u64>]) -> Vec<Vec<String>> {
    let last = seen.iter().flatten().max().copied().unwrap_or(0);
    let at = |t: u64| {
        let mut layer = Vec::new();
        for (m, ticks) in seen.iter().enumerate() {
            layer.extend(ticks.iter().filter(|x| **x == t).map(|_| format!("m{m}")));
        }
        layer
    };
    (0..=last).map(at).filter(|l| !l.is_empty()).collect()
}

proptest! {
    #[test]
    fn the_antichain_is_the_generic_optimum((steps, seen) in small_model()) {
        let layers = layers(&seen);
        let nodes: Vec<String> = (0..steps.len()).map(|m| format!("m{m}")).collect();
        let edges: Vec<(usize, usize)> =
            steps.iter().enumerate().flat_map(|(b, s)| s.after.iter().map(move |a| (*a, b))).collect();
        let oracle = generic::Model::new(nodes, &edges);
        let skip: Vec<u64> = steps.iter().map(|s| s.weight).collect();
        prop_assert_eq!(align(&steps, &seen).cost, oracle.cost(&layers, &skip, |_| 0));
    }

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
