#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The example that keeps a table of a real PostgreSQL in step: whatever arrives, and wherever it is killed.
# Usage: tests/postgresql.sh PROGRAM
set -eu
. tests/shell.sh
need node psql setsid
SOURCE=$PWD
. tests/postgresql_server.sh

PATH=$(dirname "$HANSE"):$PATH
export PATH
keep() { "$SOURCE/examples/postgresql/keep-in-step" office; }

# in_step: the table holds what the node lists, record for record.
in_step() {
    keep
    psql -XAtqc "SELECT json_build_object('id', id, 'feed', feed, 'revision', revision, 'kind', kind, 'published',
        to_char(published AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'record', record) FROM hanse_record" >table.out
    run 0 -C office list --json
    node -e 'const fs = require("fs");
        const order = (v) => Array.isArray(v) ? v.map(order) : v === null || typeof v !== "object" ? v :
            Object.fromEntries(Object.keys(v).sort().map((k) => [k, order(v[k])]));
        const rows = (file) => fs.readFileSync(file, "utf8").split("\n").filter((l) => l !== "").map((l) => JSON.parse(l))
            .map((r) => JSON.stringify(order({id: r.id, feed: r.feed, revision: r.revision, kind: r.kind,
                published: r.published, record: r.record}))).sort().join("\n") + "\n";
        fs.writeFileSync("held", rows("out")); fs.writeFileSync("kept", rows("table.out"));'
    same held kept
}

project() { # NUMBER TITLE: a line to import
    printf '{"header":{"identifiers":[{"scheme":"LOCAL","value":"%s"}]},"organisation":{"name":[{"text":"%s","language":"en"}],' "$1" "$2"
    printf '"orgType":{"scheme":"IATI-ORGTYPE","code":"21"},"kind":"ORGANISATION_KIND_NGO","country":"JP"}}\n'
}
change() { # FIRST LAST TITLE: of the city
    number=$1
    while [ "$number" -le "$2" ]; do
        project "N-$number" "$3 \\\\ \\\"$number\\\" \\u00fc"
        number=$((number + 1))
    done >lines
    run 0 -C city import lines
    run 0 -C city publish
    run 0 -C office sync
}

run 0 -C city init --origin city.example/hanse
run 0 -C city key show
CITY_KEY=$(cat out)
run 0 -C office init --origin office.example/hanse --title Office --language en
in_step # a node that holds nothing
run 0 -C office publish
in_step
run 0 -C office follow "file://$WORK/city/public/" --key "$CITY_KEY" --name city
change 1 40 First
in_step
[ "$(psql -XAtqc 'SELECT count(*) FROM hanse_record')" -eq 41 ] || die 'there are not 41 rows'
change 1 10 Second
run 0 -C city withdraw LOCAL:N-3 --reason error
run 0 -C city withdraw LOCAL:N-20 --reason no-longer
run 0 -C city publish
run 0 -C office sync
in_step
[ "$(psql -XAtqc 'SELECT count(*) FROM hanse_record')" -eq 39 ] || die 'withdrawn rows stay'

# A feed that is followed late brings records that were published long before.
run 0 -C late init --origin late.example/hanse --title Late --language en
run 0 -C late publish
run 0 -C late key show
LATE_KEY=$(cat out)
run 0 -C office follow "file://$WORK/late/public/" --key "$LATE_KEY" --name late
run 0 -C office sync
in_step
# One that is let go, and followed anew before the table is kept.
run 0 -C office unfollow city
in_step
run 0 -C office follow "file://$WORK/city/public/" --key "$CITY_KEY" --name city
run 0 -C office sync
run 0 -C office unfollow late
run 0 -C office unfollow city
run 0 -C office follow "file://$WORK/city/public/" --key "$CITY_KEY" --name city
run 0 -C office sync
in_step

# Killed ever later, until it comes to its end by itself.
killed=0
delay=0
while :; do
    change 1 15 "Round $delay"
    setsid "$SOURCE/examples/postgresql/keep-in-step" office >keep.out 2>&1 &
    victim=$!
    sleep "$(printf '0.%03d' "$delay")"
    kill -0 "$victim" 2>/dev/null || break
    # In its first moment it has no group of its own yet.
    kill -KILL -- "-$victim" 2>/dev/null || kill -KILL "$victim" 2>/dev/null || break
    wait "$victim" 2>/dev/null || true
    killed=$((killed + 1))
    # Either nothing of the round is in the table or all of it.
    some=$(psql -XAtqc "SELECT count(*) FROM hanse_record WHERE record::text LIKE '%Round $delay %'" 2>/dev/null || echo 0)
    case $some in 0 | 15) ;; *) die "killed after $delay ms the table has $some of 15 rows" ;; esac
    delay=$((delay + 25))
    [ "$delay" -lt 1000 ] || break
done
wait "$victim" 2>/dev/null || true
[ "$killed" -ge 3 ] || die "it was killed only $killed times"
in_step
psql -Xqc 'DROP TABLE hanse_record, hanse_cursor'
in_step # begun anew
echo "$CHECKS checks, killed $killed times"
