#!/usr/bin/env python3
"""Alignment costs and times of pm4py, beside `benches/alignment.rs` and the vectors.

A judge at development time only: pm4py is AGPL-3.0, nothing here links or ships it. `pip install pm4py` in a virtual
environment of its own, then: `python benches/peers/alignment.py [FILE.json] [--bench]`.
"""
import json
import sys
import time

from pm4py.algo.conformance.alignments.petri_net import algorithm as alignments
from pm4py.objects.log.obj import Event, Trace
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils import petri_utils


def net(nodes, edges):
    """One transition a milestone, one place a cover edge, one place before each first and after each last one."""
    pn, initial, final = PetriNet(), Marking(), Marking()
    t = {n: PetriNet.Transition(n, n) for n in nodes}
    for x in t.values():
        pn.transitions.add(x)

    def place(name):
        p = PetriNet.Place(name)
        pn.places.add(p)
        return p

    for a, b in edges:
        p = place(f"{a}->{b}")
        petri_utils.add_arc_from_to(t[a], p, pn)
        petri_utils.add_arc_from_to(p, t[b], pn)
    for n in nodes:
        if not any(b == n for _, b in edges):
            p = place(f"before {n}")
            initial[p] = 1
            petri_utils.add_arc_from_to(p, t[n], pn)
        if not any(a == n for a, _ in edges):
            p = place(f"after {n}")
            final[p] = 1
            petri_utils.add_arc_from_to(t[n], p, pn)
    return pn, initial, final, t


def cost(nodes, edges, weights, trace, extra):
    pn, initial, final, t = net(nodes, edges)
    log = Trace([Event({"concept:name": x}) for x in trace])
    parameters = {
        alignments.Parameters.PARAM_MODEL_COST_FUNCTION: {t[n]: weights[n] for n in nodes},
        alignments.Parameters.PARAM_SYNC_COST_FUNCTION: {t[n]: 0 for n in nodes},
        alignments.Parameters.PARAM_TRACE_COST_FUNCTION: [extra(x) for x in trace],
    }
    return alignments.apply(log, pn, initial, final, parameters=parameters)["cost"]


def cover(nodes, edges):
    """The edges that no longer way implies."""
    after = {n: {b for a, b in edges if a == n} for n in nodes}

    def reach(a, skip):
        seen, todo = set(), [x for x in after[a] if x != skip]
        while todo:
            x = todo.pop()
            if x not in seen:
                seen.add(x)
                todo += after[x]
        return seen

    return [(a, b) for a, b in edges if b not in reach(a, b)]


def vectors(path):
    data = json.load(open(path))
    hazards = data["meta"]["hazard_log_costs"]
    compared, wrong = 0, 0
    for case in data["cases"] + data["random"]:
        model = data["models"][case["model"]] if "model" in case else case
        nodes, edges, w = model["nodes"], [tuple(e) for e in model["edges"]], model["weights"]
        for regime, expect in case["expect"].items():
            weights = {n: 1 for n in nodes} if regime == "unit" else w
            extra = {"unit": lambda x: 1, "weighted": lambda x: 1, "tolerant": lambda x: 0}.get(
                regime, lambda x: hazards.get(x, 0)
            )
            got = cost(nodes, cover(nodes, edges), weights, case["trace"], extra)
            compared += 1
            if got != expect["cost"]:
                wrong += 1
                print(f"{case['id']} {regime}: {got}, expected {expect['cost']}")
    print(f"{path}: {compared} costs, {wrong} differ")
    return wrong == 0


def bench(sizes):
    for n, events in sizes:
        nodes = [f"m{m}" for m in range(n)]
        edges = [(f"m{m - 1}", f"m{m}") for m in range(1, n)] + [(f"m{m - 4}", f"m{m}") for m in range(4, n, 4)]
        weights = {f"m{m}": 1 + m % 5 for m in range(n)}
        trace = [f"m{n - 1 - t % n}" for t in range(events)]
        start = time.perf_counter()
        got = cost(nodes, cover(nodes, edges), weights, trace, lambda x: 0)
        print(f"{n} milestones, {events} events: cost {got}, {time.perf_counter() - start:.3f} s", flush=True)


if __name__ == "__main__":
    files = [a for a in sys.argv[1:] if not a.startswith("--")]
    right = all([vectors(f) for f in files])
    if "--bench" in sys.argv:
        bench([(16, 64), (16, 160), (64, 320), (64, 5000)])
    sys.exit(0 if right else 1)
