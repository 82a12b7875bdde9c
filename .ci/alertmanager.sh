#!/usr/bin/env bash
# The field's own tools judge who is told of alerts: amtool names the receivers of label sets in trees of routes, and an
# Alertmanager that lives through a story of twelve seconds tells the same as we do, at the same time.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${TMPDIR:-/tmp}/wheel-of-misfortune-target}"
features="${WOM_FEATURES---no-default-features}"

if ! command -v amtool >/dev/null || ! command -v prometheus-alertmanager >/dev/null; then
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
    $sudo apt-get update
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends prometheus-alertmanager
fi

# shellcheck disable=SC2086
cargo test $features --test core -- --ignored --nocapture observe::alertmanager::
