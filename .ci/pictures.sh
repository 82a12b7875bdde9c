#!/usr/bin/env bash
# Draws the pictures of docs/images that show the debrief, without a display or a graphics card. Needs ImageMagick's `convert`.
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$here"
WOM_SHOTS="$work" cargo test --no-default-features --features ui --test ui -- pictures
for file in "$work"/debrief-docsrs-*.ppm "$work"/debrief-registry-2-*.ppm "$work"/debrief-registry-6-*.ppm "$work"/debrief-day-sample-*.ppm; do
    # Screens have few colours: a palette keeps the files small.
    convert "$file" -colors 200 -strip PNG8:"docs/images/$(basename "${file%.ppm}").png"
done
