"""A fluid model of the thirty-service world of tests/support/mesh.rs in SimPy: the peer of the step bench.

Every service is a process that wakes once a simulated second, takes what has arrived, works off what its capacity allows and
sends its calls on. No latency, no retries: less than our world does. Prints nanoseconds per service and simulated second.

    pip install simpy && python3 benches/peers/fluid.py
"""

import time

import simpy

SECONDS = 3600
RATE = 900
CALLS = {f"gate{n}": [(f"mid{4 * n + k:02}", 0.75) for k in range(4)] for n in range(3)}
CALLS |= {f"mid{n:02}": [(f"data{n:02}", 1.0), (f"data{12 + n % 3:02}", 0.5)] for n in range(12)}
CALLS |= {f"data{n:02}": [] for n in range(15)}
CAPACITY = {"gate": 512 / 0.02, "mid0": 64 / 0.01, "mid1": 64 / 0.01, "data": 64 / 0.002}


def service(env, name, stores, capacity, nexts):
    queue = 0.0
    while True:
        arrived = 0.0
        while stores[name].items:
            arrived += (yield stores[name].get())
        queue += arrived
        done = min(queue, capacity)
        queue -= done
        for n, share in nexts:
            if done > 0:
                yield stores[n].put(done * share)
        yield env.timeout(1)


def users(env, name, stores, rate):
    while True:
        yield stores[name].put(rate)
        yield env.timeout(1)


def main():
    env = simpy.Environment()
    stores = {n: simpy.Store(env) for n in CALLS}
    for name, nexts in CALLS.items():
        env.process(service(env, name, stores, CAPACITY[name[:4]], nexts))
    for n in range(3):
        env.process(users(env, f"gate{n}", stores, RATE))
    begin = time.perf_counter()
    env.run(until=SECONDS)
    spent = time.perf_counter() - begin
    per = spent / SECONDS / len(CALLS) * 1e9
    print(f"simpy: {SECONDS} s of {len(CALLS)} services in {spent:.3f} s, {per:.0f} ns per service and second")


main()
