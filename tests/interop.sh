#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the program publishes, serves and mirrors, the independent reader verifies, from folders and over TLS.
# Usage: tests/interop.sh PROGRAM
set -eu
. tests/shell.sh
need node
SOURCE=$PWD
cd "$WORK"
ORIGIN=city.example/hanse

# reads CODE PATTERN ARGUMENT...: the reader must end with that code and print a line that matches.
reads() {
    wanted=$1 pattern=$2
    shift 2
    got=0
    node "$SOURCE/examples/reader/hanse-reader.mjs" "$@" >out 2>err </dev/null || got=$?
    CHECKS=$((CHECKS + 1))
    [ "$got" -eq "$wanted" ] || die "reader $*: exit code $got, not $wanted"
    says "$pattern"
}

# lines FROM TO: records of cities, one a line.
lines() {
    node -e 'const [from, to] = process.argv.slice(1).map(Number);
        for (let i = from; i < to; i++) console.log(JSON.stringify({ kind: "LocalGovernment", record: {
            header: { identifiers: [{ scheme: "GEONAMES", value: String(100000 + i) }] },
            localGovernment: { name: [{ text: `City ${i}`, language: "en" }], country: "JP" } } }));' "$1" "$2"
}

run 0 -C city init --origin "$ORIGIN"
run 0 -C city key show
KEY=$(cat out)
reads 0 ' size 0 .* result ok$' city/public --key "$KEY"

# Small publishes that continue blocks, then one over many tiles.
at=0
for upto in 1 3 4 9 300 301 1500; do
    lines $at $upto >records.jsonl
    run 0 -C city import records.jsonl
    run 0 -C city publish --json
    at=$upto
    SIZE=$(value 'l[0].new_size') ROOT=$(value 'l[0].root')
    reads 0 "^$ORIGIN size $SIZE root .* entries $SIZE .* invalid 0 unknown 0 result ok\$" city/public --key "$KEY"
    [ ! -s err ] || die 'the reader has something to say'
    grep -qF " root $ROOT " out || die 'the reader has another root'
done

# Over TLS, and what a follower holds.
start_server city
reads 0 ' result ok$' "$URL" --key "$KEY" --pin "$PIN"
reads 4 ' result unreachable$' "$URL" --key "$KEY" --pin sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
run 0 -C office init --origin office.example/hanse
run 0 -C office follow "$URL" --key "$KEY" --pin "$PIN" --name city
run 0 -C office sync
FEED=$(node -p "require('crypto').createHash('sha256').update('$ORIGIN').digest('hex')")
reads 0 " size $SIZE .* result ok\$" "office/public/$FEED" --key "$KEY"

# Another key, a broken frame.
run 0 -C office key show
reads 3 ' result bad-signature$' city/public --key "$(printf %s "$(cat out)" | node -e '
    const text = require("fs").readFileSync(0, "utf8").trim(), key = Buffer.from(text.split("+").slice(2).join("+"), "base64");
    const id = require("crypto").createHash("sha256").update(process.argv[1] + "\n").update(key).digest("hex").slice(0, 8);
    console.log(`${process.argv[1]}+${id}+${key.toString("base64")}`);' "$ORIGIN")"
SEGMENT=$(find city/public/hanse/public -type f | head -n 1)
flip_bit "$SEGMENT" 100
reads 3 ' result mismatch$' city/public --key "$KEY"
complains '"hanse/public/[0-9]+-[0-9a-f]{16}", byte [0-9]+'

echo "$CHECKS checks passed"
