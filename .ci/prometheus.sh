#!/usr/bin/env bash
# The field's own tools judge the metrics: promtool tests the alert rules on the samples of a story, and a Prometheus
# server that holds the samples of both scenarios' reference sessions answers every query of their boards as we do.
#
# Debian's Prometheus is 2.42: its ranges are closed on the left, those of 3.x are open. The samples are therefore
# exported 137 ms off the grid of evaluation. What it cannot answer is listed in tests/data/prometheus/queries.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${TMPDIR:-/tmp}/wheel-of-misfortune-target}"
features="${WOM_FEATURES---no-default-features}"
port="${WOM_PROMETHEUS_PORT:-19090}"

if ! command -v promtool >/dev/null || ! command -v prometheus >/dev/null; then
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
    $sudo apt-get update
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends prometheus
fi

work="$(mktemp -d)"
server=""
stop() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=""; fi
}
trap 'stop; rm -rf "$work"' EXIT

# Where the tests have built the program already, WOM_WHEEL names it.
if [ -z "${WOM_WHEEL:-}" ]; then
    # shellcheck disable=SC2086
    cargo build $features --bin wheel
fi
wheel="${WOM_WHEEL:-$CARGO_TARGET_DIR/debug/wheel}"
# shellcheck disable=SC2086
judge() { cargo test $features --test core -- --ignored --exact --nocapture "$1"; }

WOM_PROMTOOL_DIR="$work" judge observe::alert::writes_the_story_for_promtool
promtool check rules "$work/story.rules.yml"
promtool test rules "$work/story.test.yml"

printf 'global: {scrape_interval: 15s}\n' >"$work/prometheus.yml"
for scenario in scenarios/*/; do
    slug="$(basename "$scenario")"
    "$wheel" rehearse "$scenario" --walkthrough "${scenario}reference.wom" --log "$work/$slug.jsonl" >/dev/null
    "$wheel" export "$work/$slug.jsonl" --to "$work/$slug.om"
    "$wheel" export "$work/$slug.jsonl" --to "$work/$slug.rules.yml"
    promtool check rules "$work/$slug.rules.yml"
    cp "$work/$slug.om" "$work/$slug.theirs.om"
    # To see it fail: WOM_BREAK=1 changes one sample on one side.
    if [ -n "${WOM_BREAK:-}" ]; then
        sed -i '0,/^node_load1.* /s/^\(node_load1{[^}]*}\) [^ ]* /\1 7 /' "$work/$slug.theirs.om"
    fi
    promtool tsdb create-blocks-from openmetrics "$work/$slug.theirs.om" "$work/$slug.tsdb" >/dev/null
    prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/$slug.tsdb" \
        --storage.tsdb.retention.time=100y --web.listen-address="127.0.0.1:$port" --log.level=warn &
    server=$!
    for _ in $(seq 1 100); do
        if curl -fs "http://127.0.0.1:$port/-/ready" >/dev/null; then break; fi
        sleep 0.2
    done
    WOM_PROMETHEUS="127.0.0.1:$port" WOM_SCENARIO="$slug" WOM_SAMPLES="$work/$slug.om" \
        judge observe::prometheus::prometheus_gives_the_same_answers
    stop
done
