#!/bin/sh
# A PostgreSQL 15 of the project's own for tests and benchmarks: scripts/postgres.sh start|stop DIRECTORY PORT
# It listens on 127.0.0.1 only, is owned by an unprivileged user when started by root, and trades durability for speed.
set -eu
action=$1 directory=$2 port=$3
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL server not found: apt-get install postgresql-15" >&2; exit 1; }
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
case $action in
start)
    if [ ! -f "$directory/PG_VERSION" ]; then
        mkdir -p "$directory"
        [ "$(id -u)" = 0 ] && chown postgres "$directory"
        password=$(mktemp); echo kontor > "$password"; chmod 644 "$password"
        as "$bin/initdb" -D "$directory" -U kontor --pwfile="$password" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 >/dev/null
        rm -f "$password"
    fi
    if ! as "$bin/pg_ctl" -D "$directory" status >/dev/null 2>&1; then
        as "$bin/pg_ctl" -D "$directory" -l "$directory/log" -w \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$directory -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=256MB -c work_mem=32MB -c max_connections=50" start >/dev/null
    fi
    ;;
stop) as "$bin/pg_ctl" -D "$directory" -m fast stop >/dev/null 2>&1 || true ;;
*) echo "usage: scripts/postgres.sh start|stop DIRECTORY PORT" >&2; exit 2 ;;
esac
