#!/usr/bin/env bash
# Plays a session in the real window: a virtual display, a software renderer, keyboard and mouse; looks at screens, log and exit.
# Usage: .ci/window.sh [WIDTHxHEIGHT] [en|ko]   (the program must be built; CARGO_TARGET_DIR says where, or WHEEL names it)
set -euo pipefail
size="${1:-1280x720}"
language="${2:-en}"
here="$(cd "$(dirname "$0")/.." && pwd)"
program="${WHEEL:-${CARGO_TARGET_DIR:-$here/target}/debug/wheel}"
out="${CI_OUT:-$here/target/window-shots}/$size-$language"
mkdir -p "$out"
work="$(mktemp -d)"
log="$out/program.log"
: > "$log"
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
fail() {
    echo "window $size $language: $*" >&2
    import -window root "$out/failed.png" 2>/dev/null || true
    tail -n 20 "$log" >&2
    exit 1
}

# A display of our own.
Xvfb -displayfd 3 -screen 0 "${size}x24" 3>"$work/display" >/dev/null 2>&1 &
pids+=($!)
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
[ -s "$work/display" ] || fail "no virtual display"
DISPLAY=":$(cat "$work/display")"
export DISPLAY
for icd in /usr/share/vulkan/icd.d/lvp_icd*.json; do [ -e "$icd" ] && export VK_ICD_FILENAMES="$icd" && break; done
export XDG_RUNTIME_DIR="$work/run" WOM_DATA_DIR="$work/data" WOM_CONFIG_DIR="$work/config" WOM_TRACE=1 WOM_SHOT_DIR="$out" LANG=C.UTF-8
mkdir -p "$XDG_RUNTIME_DIR" "$WOM_CONFIG_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
# The wheel holds what was not played yet: with the other one played, it lands where this walkthrough begins.
printf '(language: "%s", window: (%s, %s), volunteers: [(name: "Adaeze Obi", turns: 0), (name: "Jonas Reuter", turns: 1)], played: ["rust-registry-2023-07-20-bad-deploy"])' \
    "$language" "${size%x*}" "${size#*x}" > "$WOM_CONFIG_DIR/settings.ron"

start() {
    (cd "$here" && exec "$program") 2>>"$log" &
    app=$!
    pids+=("$app")
    window="$(timeout 60 xdotool search --sync --onlyvisible --name 'Wheel of Misfortune' | head -n 1)" || fail "no window"
    # Without a window manager nobody gives the focus.
    timeout 30 xdotool windowfocus --sync "$window" || fail "no focus"
}
alive() { kill -0 "$app" 2>/dev/null || fail "the program ended"; if grep -q panicked "$log"; then fail "a panic"; fi; }
# Whether the program says within some tenths of a second that it shows a screen.
shows() {
    for _ in $(seq "$2"); do
        alive
        [ "$(grep '^screen: ' "$log" | tail -n 1)" = "screen: $1" ] && return 0
        sleep 0.1
    done
    return 1
}
reach() { shows "$1" "${2:-300}" || fail "did not reach $1"; }
# Backs out until a screen shows: an Escape may only take the keyboard, or let go of the scrubber.
back_to() {
    for _ in 1 2 3; do
        xdotool key Escape
        shows "$1" 30 && return
    done
    fail "did not back out to $1"
}
key() { xdotool key --delay 60 "$@"; sleep 0.4; alive; }
# A chord, slowly enough for a software renderer to see its modifier.
chord() { xdotool keydown ctrl; sleep 0.7; xdotool key "$1"; sleep 0.7; xdotool keyup ctrl; sleep 0.5; alive; }
type_line() { xdotool type --delay 25 "$1"; xdotool key Return; sleep 0.6; alive; }
shot() { sleep "${2:-0.6}"; import -window root "$out/$1.png"; }
# Waits until a fact of a kind is in the log on disk.
fact() {
    for _ in $(seq "${2:-600}"); do
        alive
        grep -qs "$1" "$WOM_DATA_DIR"/session/*/branch-*.jsonl && return
        sleep 0.1
    done
    fail "no fact $1 in the log"
}

start
reach title
shot 1-title 2
key Return
reach wheel
shot 2-wheel 1
key space
shot 3-turning 2.5
reach landing 300
shot 4-landing 1.5
key Return
reach briefing
shot 5-briefing 1
key Return
reach live
shot 6-live 1.5
# Time flows ten times as fast: the game master's station is one key away.
chord g
reach gm
shot 7-station 1
for _ in 1 2 3; do key period; done
chord g
reach live
fact '"fact":"page_opened"' 1200
shot 8-page 0.5
type_line "ack 1"
fact '"fact":"acked"'
type_line "df -h"
fact '"fact":"observed","what":"Disk"'
shot 9-console 1
# The mouse: a press on a tab of the centre.
w="${size%x*}"; h="${size#*x}"
xdotool mousemove $((w * 30 / 100)) $((h * 11 / 100)) click 1
shot 10-mouse 0.8

# The incident itself: space, restart, the wait for the edge, a look as a reader, a word to them.
xdotool mousemove $((w * 45 / 100)) $((h * 85 / 100)) click 1; sleep 0.5
type_line "sudo rm -r /srv/docs/builder/output"
fact '"verb":"remove"'
type_line "sudo systemctl restart web"
fact '"verb":"restart"'
shot 11-restarted 1
fact '"relief"' 1800
type_line "curl -I https://docs.example/serde"
fact '"user_facing":true'
type_line "update status --impact web:page --status monitoring --action 'the site answers again' --next 'watching'"
fact '"truthful":true'
shot 12-relief 1

# Closing in the middle asks once and keeps the session to resume.
back_to leaving
shot 13-leave 0.4
key Return
reach title
shot 14-kept 1
key r
reach live
shot 15-resumed 1
chord k; xdotool type --delay 40 "end"; sleep 0.4
shot 16-palette 0.2
xdotool key Return; sleep 0.8
shot 17-end 0.2
xdotool key Return
reach debrief 1200
shot 18-debrief 1.5
fact '"end":{' 50
back_to title
xdotool key Escape; sleep 1.5
for _ in $(seq 50); do kill -0 "$app" 2>/dev/null || break; sleep 0.1; done
kill -0 "$app" 2>/dev/null && fail "the program did not close"
grep -q panicked "$log" && fail "a panic"
echo "window $size $language: title, wheel, landing, briefing, live, station, resume and debrief reached; pictures in $out"
