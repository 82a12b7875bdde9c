#!/usr/bin/env bash
# A real PostgreSQL 15 judges our psql: every line of tests/data/console/psql/lines.txt is run through both, and prints the same.
#
# The server is a cluster of its own in a temporary directory, reached by a socket in it; it is made and removed here.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${TMPDIR:-/tmp}/wheel-of-misfortune-target}"
features="${WOM_FEATURES---no-default-features}"
bin="/usr/lib/postgresql/15/bin"

if [ ! -x "$bin/postgres" ]; then
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
    $sudo apt-get update
    # Only the programs are wanted: no cluster of the machine's own.
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-common
    $sudo sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-15
fi

# The server does not run as root.
if [ "$(id -u)" = 0 ]; then
    as() { setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$work" "$@"; }
else
    as() { "$@"; }
fi

work="$(mktemp -d)"
stop() { as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; }
trap 'stop; rm -rf "$work"' EXIT
chmod 755 "$work"
if [ "$(id -u)" = 0 ]; then chown postgres "$work"; fi

as "$bin/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
as "$bin/pg_ctl" -D "$work/data" -w -l "$work/log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$work' -c timezone=Etc/UTC -c statement_timeout=60s" start >/dev/null
as "$bin/psql" -q -h "$work" -U postgres -c 'CREATE ROLE app LOGIN' -c 'CREATE DATABASE app OWNER app' postgres
as "$bin/psql" -q -h "$work" -U postgres -c 'CREATE ROLE "primary" LOGIN' -c 'GRANT pg_monitor TO "primary"' postgres

# shellcheck disable=SC2086
WOM_POSTGRES="$work" ${WOM_CARGO:-cargo} test $features --test core -- --ignored --exact --nocapture \
    console::postgres::the_real_psql_prints_the_same
