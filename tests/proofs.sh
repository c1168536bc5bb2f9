#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A record with its proof in one file through the program: prove, check, and what neither believes.
# Usage: tests/proofs.sh PROGRAM
set -eu
. tests/shell.sh
need node
READER=$PWD/examples/reader/hanse-reader.mjs
cd "$WORK"

run 0 -C city init --origin city.example/hanse --title City
run 0 -C city import "$OLDPWD/examples/data/secretariat.jsonl"
run 1 -C city prove IATI-ORG:XI-HCF-0001
complains 'only staged'
run 0 -C city publish
run 0 -C city key show
KEY=$(cat out)
run 0 -C other init --origin other.example/hanse --title Other
run 0 -C other key show
OTHER=$(cat out)

# What is proven is what the feed published.
run 0 -C city prove IATI-ORG:XI-HCF-0001
complains "hanse check FILE --key $(printf %s "$KEY" | sed 's/[+]/[+]/g')"
cp out fund.tlog-proof
run 0 -C city show IATI-ORG:XI-HCF-0001 --json
cp out shown
ID=$(value 'l[0].id')
run 0 check fund.tlog-proof --key "$KEY"
says "^proven: Organisation $ID$"
says '^  title +Coastal Cities Fund$'
says '^  revision +1, .*not proven$'
says 'organisation\.country = NL'
complains 'cannot be recalled, and does not show that the record is current'
run 0 check fund.tlog-proof --key "$KEY" --json
json "l[0].result === 'proven' && l[0].id === '$ID' && l[0].feed === 'city.example/hanse' && l[0].revision === 1"
json "l[0].current_proven === false && l[0].revision_proven === false && l[0].key === '$KEY' && l[0].payload === 'present'"
ROOT=$(value 'l[0].root')
cat out shown >both
cp both out
json "JSON.stringify(l[0].record) === JSON.stringify(l[1].record) && l[0].published === l[1].published"
json "l[0].root === l[1].verified.root && l[0].entry === l[1].verified.entry && l[0].size === l[1].verified.size"
node "$READER" --proof fund.tlog-proof --key "$KEY" --json >out || die 'the independent reader refuses the proof'
json "l[0].result === 'ok' && l[0].id === '$ID' && l[0].root === '$ROOT'"
"$HANSE" check - --key "$KEY" <fund.tlog-proof >out 2>err || die 'standard input is not read'
run 0 -C city prove "$ID" --json
json "l[0].id === '$ID' && l[0].proof.startsWith('c2sp.org/tlog-proof@v1')"

# A follower proves it as well as the owner.
run 0 -C other follow "file://$WORK/city/public/" --key "$KEY"
run 0 -C other sync
run 0 -C other prove "$ID"
same out fund.tlog-proof

# Nothing else is believed.
run 2 check fund.tlog-proof
complains 'the key must come from elsewhere'
run 2 check fund.tlog-proof --key nonsense
run 2 check --key "$KEY"
run 1 check missing --key "$KEY"
run 3 check fund.tlog-proof --key "$OTHER"
complains 'checkpoint of "other.example/hanse"'
run 3 check fund.tlog-proof --key "$OTHER" --json
json "l[0].result === 'bad-signature' && l[0].message.includes('city.example/hanse')"
run 3 check "$READER" --key "$KEY"
complains 'does not begin with'
: >empty
run 3 check empty --key "$KEY"
size=$(wc -c <fund.tlog-proof)
for at in 5 30 200 400 $((size - 300)) $((size - 150)) $((size - 40)); do
    cp fund.tlog-proof altered
    flip_bit altered "$at"
    run 3 check altered --key "$KEY"
    complains "'altered' proves nothing: "
    got=0
    node "$READER" --proof altered --key "$KEY" >/dev/null 2>&1 || got=$?
    [ "$got" -eq 3 ] || die "the independent reader ends with $got after byte $at was altered"
done
{ cat fund.tlog-proof; echo; } >altered
run 3 check altered --key "$KEY"
head -c 700 fund.tlog-proof >altered
run 3 check altered --key "$KEY"

# The old proof holds when the record is changed and withdrawn, and the new one says what there is.
run 0 -C city edit "$ID" --set organisation.country=BE
run 0 -C city publish
run 0 check fund.tlog-proof --key "$KEY"
run 0 -C city prove "$ID"
cp out new.tlog-proof
run 0 check new.tlog-proof --key "$KEY" --json
json "l[0].revision === 2 && l[0].record.organisation.country === 'BE'"
run 0 -C city withdraw "$ID" --reason no-longer
run 0 -C city publish
run 0 -C city prove "$ID"
complains 'the record is withdrawn'
cp out gone.tlog-proof
run 0 check gone.tlog-proof --key "$KEY" --json
json "l[0].withdrawn && l[0].reason === 'no-longer' && l[0].payload === 'none' && l[0].record === null && l[0].revision === 3"
run 0 check gone.tlog-proof --key "$KEY"
says '^  withdrawn +no-longer$'
run 0 check fund.tlog-proof --key "$KEY"

# Names that mean nothing, or too much.
run 1 -C city prove 00000000
run 2 -C city prove x
run 2 prove
run 0 -C other import "$OLDPWD/examples/data/secretariat.jsonl"
run 0 -C other publish
CODE=$("$HANSE" -C city export | node -e 'const lines = require("fs").readFileSync(0, "utf8").trim().split("\n").map(JSON.parse);
    const one = lines.find((l) => l.record.header?.identifiers).record.header.identifiers[0]; console.log(`${one.scheme}:${one.value}`)')
run 2 -C other prove "$CODE"
complains 'is a code of 2 records'

# Damaged files make no proof.
cp -r city broken
for file in broken/public/hanse/public/*; do
    flip_bit "$file" 60
done
run 3 -C broken prove "$CODE"
[ ! -s out ] || die 'a proof of damaged files was written'

# verify takes proofs as check does.
run 0 verify fund.tlog-proof --key "$KEY" --json
json "l[0].result === 'proven' && l[0].id === '$ID'"
run 3 verify altered --key "$KEY"
run 2 verify fund.tlog-proof
complains 'the key must come from elsewhere'

# Evidence of a fork is judged by anybody who has the key: of equal sizes, and of a larger tree.
for add in 1 2; do
    rm -rf twin reader
    cp -r city twin
    echo '{"organisation": {"name": [{"text": "City office", "language": "en"}]}}' >record.json
    run 0 -C twin put record.json
    run 0 -C twin publish --offline
    cp -r city honest
    for n in $(seq "$add"); do
        echo "{\"organisation\": {\"name\": [{\"text\": \"Town office $n\", \"language\": \"en\"}]}}" >record.json
        run 0 -C honest put record.json
    done
    run 0 -C honest publish --offline
    run 0 -C reader init --origin reader.example/hanse
    run 0 -C reader follow "file://$WORK/twin/public/" --key "$KEY"
    run 0 -C reader sync
    run 0 -C reader follow "file://$WORK/honest/public/" --key "$KEY"
    run 3 -C reader sync
    complains 'signed two histories'
    EVIDENCE=$(echo reader/private/evidence/*)
    run 3 check "$EVIDENCE" --key "$KEY"
    says '^forked: city\.example/hanse$'
    says '^  one root +[A-Za-z0-9+/]{43}=$'
    says '^  other root +[A-Za-z0-9+/]{43}=$'
    complains 'signed two trees'
    run 3 verify "$EVIDENCE" --key "$KEY" --json
    json "l[0].result === 'forked' && l[0].feed === 'city.example/hanse' && l[0].root !== l[0].other_root"
    json "l[0].larger_size === l[0].size + $add - 1 && l[0].key === '$KEY'"
    run 3 check "$EVIDENCE" --key "$OTHER" --json
    json "l[0].result !== 'forked'"
    cp "$EVIDENCE" altered
    flip_bit altered 40
    run 3 check altered --key "$KEY" --json
    json "l[0].result !== 'forked'"
    rm -rf honest
done
echo "$CHECKS checks of proofs"
