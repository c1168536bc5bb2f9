#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sourced after shell.sh: goes to $WORK, where a PostgreSQL server of the test's own listens on a socket.
# Skips the test where there is none.
PG=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$PG/initdb" ] || { echo 'skipped: the server of PostgreSQL is not installed'; exit 77; }
cd "$WORK"

# A server of its own on a socket only; it refuses to run as root.
chmod 755 "$WORK"
mkdir -m 777 pg
as_server() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; else "$@"; fi
}
as_server "$PG/initdb" -D "$WORK/pg/data" -U test --auth=trust --no-sync -E UTF8 --locale=C >initdb.log 2>&1 ||
    { tail -n 3 initdb.log; die 'initdb failed'; }
as_server "$PG/postgres" -D "$WORK/pg/data" -k "$WORK/pg" -c listen_addresses= -c fsync=off >pg.log 2>&1 &
SERVERS="$SERVERS $!"
PGHOST=$WORK/pg PGUSER=test PGDATABASE=postgres
export PGHOST PGUSER PGDATABASE
tries=0
until psql -XAtqc 'SELECT 1' >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || { tail -n 5 pg.log; die 'PostgreSQL did not start'; }
    sleep 0.1
done
