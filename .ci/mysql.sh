#!/usr/bin/env bash
# A real client and server judge our mysql: every line of tests/data/console/mysql/lines.txt is run through both, and prints the same.
# Debian has MariaDB 10.11; what it does otherwise than MySQL 8.0 is named in that file and in tests/core/console/mysql.rs.
#
# The server has a directory and a socket of its own; both are made and removed here.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${TMPDIR:-/tmp}/wheel-of-misfortune-target}"
features="${WOM_FEATURES---no-default-features}"

if ! command -v mariadbd >/dev/null; then
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
    $sudo apt-get update
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends mariadb-server mariadb-client
fi

work="$(mktemp -d)"
server=""
stop() { if [ -n "$server" ]; then kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; fi; rm -rf "$work"; }
trap stop EXIT

mariadb-install-db --no-defaults --datadir="$work/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1
user=""
if [ "$(id -u)" = 0 ]; then user="--user=root"; fi
mariadbd --no-defaults $user --datadir="$work/data" --socket="$work/socket" --skip-networking --pid-file="$work/pid" \
    --sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO --default-time-zone=+00:00 \
    --character-set-server=utf8mb4 >"$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do
    if mariadb --no-defaults -S "$work/socket" -u root -e 'select 1' >/dev/null 2>&1; then break; fi
    sleep 0.2
done
mariadb --no-defaults -S "$work/socket" -u root -e "create database shop; create user '$(id -un)'@'localhost'; grant all on *.* to '$(id -un)'@'localhost'" 2>/dev/null ||
    mariadb --no-defaults -S "$work/socket" -u root -e "create database if not exists shop"

# shellcheck disable=SC2086
WOM_MYSQL="$work/socket" ${WOM_CARGO:-cargo} test $features --test core -- --ignored --exact --nocapture \
    console::mysql::the_real_mysql_prints_the_same
