#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Records out as a table, edited, and in again: only what was changed is staged, rows that were written from an earlier
# revision are conflicts.
# Usage: tests/sheets.sh PROGRAM
set -eu
. tests/shell.sh
need node
DATA=$(pwd)/examples/data
cd "$WORK"

run 0 -C city init --origin minatogawa.example/hanse
run 0 -C city import "$DATA/catalogue.jsonl"
run 0 -C city publish
run 2 -C city export --format csv
complains 'name one with --kind'
run 1 -C city export --format csv --kind Tramway
[ ! -s out ] || die 'a kind that is none writes something'

# Every kind comes back as it went, also with a byte order mark and between semicolons.
kinds=0
for kind in $(node -e 'const n = new Set(); for (const l of require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n"))
    for (const k of Object.keys(JSON.parse(l).record ?? JSON.parse(l))) if (!["header", "extensions"].includes(k)) n.add(k);
    console.log([...n].join("\n"))' "$DATA/catalogue.jsonl"); do
    run 0 -C city export --format csv --kind "$kind" --mark
    [ "$(wc -l <out)" -gt 1 ] || continue
    cp out "$kind.csv"
    run 0 -C city import "$kind.csv"
    says ' 0 staged, [1-9][0-9]* unchanged, 0 invalid'
    kinds=$((kinds + 1))
done
[ "$kinds" -ge 30 ] || die "only $kinds kinds"

# One row of three is changed.
cat >new.jsonl <<EOF
{"header":{"identifiers":[{"scheme":"X","value":"1"}]},"organisation":{"name":[{"text":"=Port","language":"en"}]}}
{"header":{"identifiers":[{"scheme":"JP-LGCODE","value":"011002"}]},"organisation":{"name":[{"text":"Dock","language":"en"}]}}
{"header":{"identifiers":[{"scheme":"X","value":"3"}]},"organisation":{"name":[{"text":"Quay","language":"en"}]}}
EOF
run 0 -C port init --origin port.example/hanse
run 0 -C port import new.jsonl
run 0 -C port publish
run 0 -C port export --format csv
grep -q ",'=Port" out || die 'a formula is not inert'
grep -q ',011002,' out || die 'a zero is lost'
sed 's/Dock/Dry dock/' out >edited.csv
cp out old.csv
run 0 -C port import --dry-run edited.csv
says 'read 3 records: 1 would be staged, 2 unchanged, 0 invalid'
run 0 -C port import edited.csv
says 'read 3 records: 1 staged, 2 unchanged, 0 invalid'
run 0 -C port diff
says '~ .*Dock'
run 0 -C port import edited.csv
says '0 staged, 3 unchanged'
run 0 -C port publish

# The old table again: the row that was changed since is a conflict, and the others go on.
sed 's/Quay/Long quay/' old.csv >conflict.csv
run 5 -C port import conflict.csv
says 'read 3 records: 1 staged, 1 unchanged, 1 invalid'
complains 'sheet-revision-outdated'
complains 'export the table again'
run 0 -C port discard --all
run 5 -C port import --single-transaction conflict.csv
run 0 -C port diff --json
[ ! -s out ] || die 'a conflict stages something in a single transaction'

# Rows that name what is not there, one record twice, a record of somebody else, a withdrawn one.
run 0 -C port export --format csv
cp out now.csv
id=$(sed -n 's/^\([^,]*\),2,.*/\1/p' now.csv)
grep "^$id" now.csv >row
(cat now.csv && cat row) >twice.csv
run 5 -C port import twice.csv
complains 'sheet-record-twice'
sed 's/port.example/quay.example/' now.csv >other.csv
run 5 -C port import other.csv
complains 'sheet-record-unknown'
sed 's/,2,/,3,/' now.csv >ahead.csv
run 5 -C port import ahead.csv
complains 'sheet-revision-unknown'
run 0 -C port withdraw "$id" --reason error
run 0 -C port publish
run 5 -C port import now.csv
complains 'sheet-record-withdrawn'
says '2 unchanged, 1 invalid'

# A row without an id is a new record.
sed -n 1p now.csv >one.csv
sed -n 's/^[^,]*,1,X,3,/,,X,4,/p' now.csv >>one.csv
run 0 -C port import one.csv
says 'read 1 records: 1 staged'
run 0 validate one.csv
