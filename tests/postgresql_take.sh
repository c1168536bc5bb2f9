#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The example that publishes rows of a real PostgreSQL: revisions, withdrawals, and wherever it is killed.
# Usage: tests/postgresql_take.sh PROGRAM
set -eu
. tests/shell.sh
need node psql setsid
SOURCE=$PWD
. tests/postgresql_server.sh

PATH=$(dirname "$HANSE"):$PATH
export PATH
sql() { psql -Xq -v ON_ERROR_STOP=1 -c "$1" || die "psql: $1"; }
take() { "$SOURCE/examples/postgresql/take-from" city projects >take.out 2>&1; }
must_take() { take || { cat take.out; die 'take-from failed'; }; }

# in_step: the node lists what the table has, and nothing of it is staged.
in_step() {
    CHECKS=$((CHECKS + 1))
    psql -XAtqc "SELECT 'SOURCE-projects:' || nr, title, coalesce(state, ''), trunc(coalesce(amount, 0))::bigint FROM project
        WHERE shared ORDER BY nr" >table.out
    run 0 -C city list --kind Project --json
    node -e 'const rows = require("fs").readFileSync("out", "utf8").split("\n").filter((l) => l !== "").map((l) => JSON.parse(l).record);
        const states = {PROJECT_STATUS_PIPELINE: "planned", PROJECT_STATUS_IMPLEMENTATION: "running", PROJECT_STATUS_CLOSED: "done"};
        const lines = rows.map((r) => [r.header.identifiers.map((i) => `${i.scheme}:${i.value}`).join(" "), r.project.title[0].text,
            states[r.project.status], r.project.transactions ? r.project.transactions[0].value.units : 0].join("|"));
        const number = (line) => Number(line.split("|")[0].split(":")[1]);
        process.stdout.write(lines.sort((a, b) => number(a) - number(b)).map((l) => l + "\n").join(""));' >held.out
    same held.out table.out
    run 0 -C city status --json
    json 'l[0].staged === 0'
}

run 0 -C city init --origin city.example/hanse
sql "CREATE TABLE project (nr int PRIMARY KEY, title text, state text, begins date, ends date, sector text, amount numeric(14,2),
    shared boolean NOT NULL DEFAULT true)"
sql "INSERT INTO project SELECT n, 'Project ' || n, 'running', '2024-01-01', CASE WHEN n % 2 = 0 THEN date '2026-12-31' END, '14030',
    CASE WHEN n % 4 = 0 THEN n * 1000.5 END FROM generate_series(1, 40) n"
sql "INSERT INTO project VALUES (100, 'Secret', 'running', '2024-01-01', NULL, NULL, NULL, false)"
must_take
in_step
[ "$(wc -l <table.out)" -eq 40 ] || die 'there are not 40 projects'
must_take
grep -q '40 unchanged' take.out || die 'the same rows were staged again'
in_step

# A comma, a quote and other letters; a row that goes, and one that comes back.
sql "UPDATE project SET title = 'Wasser, \"neu\" ' || U&'\\6771\\4EAC', state = 'done' WHERE nr = 1"
sql "DELETE FROM project WHERE nr IN (2, 3)"
must_take
in_step
run 0 -C city log SOURCE-projects:1 --json
json 'l.length === 2'
run 0 -C city log SOURCE-projects:2 --json
json 'l.length === 2 && l[1].operation === "withdraw" && l[1].reason === "no-longer"'
sql "INSERT INTO project VALUES (2, 'Again', 'planned', '2025-01-01', NULL, '14030', NULL)"
must_take
in_step
run 0 -C city log SOURCE-projects:2 --json
json 'l.length === 3'

# What people put is not the table's.
printf '{"organisation":{"name":[{"text":"By hand","language":"en"}]}}\n' >hand.jsonl
run 0 -C city import hand.jsonl
run 0 -C city publish
must_take
run 0 -C city list --kind Organisation --json
json 'l.length === 1'

# A query that finds almost nothing, a row that is wrong, a query that fails: nothing is published or withdrawn.
sql "UPDATE project SET shared = false WHERE nr > 10"
take && die 'most of the source was withdrawn'
grep -q -- '--max-withdraw' take.out || die 'it is not told how to go on'
sql "UPDATE project SET shared = nr < 100; DELETE FROM project WHERE nr = 5; UPDATE project SET state = 'odd' WHERE nr = 6"
take && die 'a row with an unknown state was taken'
grep -q 'column 3 "state": value "odd"' take.out || die 'the cell is not named'
run 0 -C city show SOURCE-projects:5
sql "ALTER TABLE project RENAME COLUMN ends TO ended"
take && die 'a failing query was taken'
sql "ALTER TABLE project RENAME COLUMN ended TO ends; UPDATE project SET state = 'done' WHERE nr = 6"
must_take
in_step

# Killed ever later, until it comes to its end by itself; the next run comes to what the table says.
killed=0
delay=0
while :; do
    sql "UPDATE project SET title = 'Round $delay of ' || nr WHERE nr < 30; DELETE FROM project WHERE nr = (SELECT min(nr) FROM project);
        INSERT INTO project SELECT max(nr) + 1, 'New', 'planned', '2026-01-01', NULL, NULL, NULL FROM project WHERE nr < 100
        HAVING max(nr) < 99"
    setsid "$SOURCE/examples/postgresql/take-from" city projects >take.out 2>&1 &
    victim=$!
    sleep "$(printf '0.%03d' "$delay")"
    kill -0 "$victim" 2>/dev/null || break
    # In its first moment it has no group of its own yet.
    kill -KILL -- "-$victim" 2>/dev/null || kill -KILL "$victim" 2>/dev/null || break
    wait "$victim" 2>/dev/null || true
    killed=$((killed + 1))
    must_take
    in_step
    delay=$((delay + 20))
    [ "$delay" -lt 1000 ] || break
done
wait "$victim" 2>/dev/null || true
[ "$killed" -ge 2 ] || die "it was killed only $killed times"
must_take
in_step
echo "$CHECKS checks, killed $killed times"
