#!/usr/bin/env bash
# A dashboard's hour here and in Prometheus's engine, on the same samples in the same run.
set -euo pipefail
cd "$(dirname "$0")/../.."
port="${WOM_PROMETHEUS_PORT:-19091}"
work="$(mktemp -d)"
server=""
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
bench() { cargo bench --no-default-features --bench telemetry; }

WOM_SAMPLES="$work/samples.om" bench >/dev/null
promtool tsdb create-blocks-from openmetrics "$work/samples.om" "$work/tsdb" >/dev/null
printf 'global: {scrape_interval: 15s}\n' >"$work/prometheus.yml"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" \
    --storage.tsdb.retention.time=100y --web.listen-address="127.0.0.1:$port" --log.level=warn &
server=$!
for _ in $(seq 1 100); do
    if curl -fs "http://127.0.0.1:$port/-/ready" >/dev/null; then break; fi
    sleep 0.2
done
WOM_PROMETHEUS="127.0.0.1:$port" bench
