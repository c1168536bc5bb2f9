#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A node with several feeds of its own: one more is added, and --as chooses it for every verb that changes or publishes.
# Usage: tests/own_feeds.sh PROGRAM
set -eu
. tests/shell.sh
need node sha256sum curl
READER=$PWD/examples/reader/hanse-reader.mjs
DATA=$PWD/examples/data
cd "$WORK"
HANSE_NODE=$WORK/office
export HANSE_NODE
TOWN=town.example/hanse
HEX=$(printf %s "$TOWN" | sha256sum | cut -c1-64)

run 1 init --add --origin $TOWN
complains 'no node in'
run 0 init --origin office.example/hanse --title Office
run 0 publish
OFFICE_KEY=$("$HANSE" key show)
find office -type f | sort >before
run 1 init --origin $TOWN
complains 'a node is there already'
complains 'add makes one more feed'
run 2 init --add
run 2 init --add --origin Town
find office -type f | sort >after
same before after

run 0 init --add --origin $TOWN --title Town
says '^added a feed to the node'
says "hanse --as $TOWN publish"
run 1 init --add --origin $TOWN
complains 'own already'
run 1 init --add --origin office.example/hanse
run 0 init --add --origin quay.example/hanse --json
json "l[0].feed === 'quay.example/hanse' && l[0].key.startsWith('quay.example/hanse+')"
run 0 feeds --json
json "l.length === 3 && l.every((f) => f.own) && l[0].feed === 'office.example/hanse' && l[1].feed === '$TOWN'"
json "new Set(l.map((f) => f.key)).size === 3 && l[1].staged === 1 && l[0].size === 2 && l[1].size === 0"
run 0 verify
run 0 doctor --offline

# Without --as the first feed is meant; with it each verb works on the other one.
run 0 --as $TOWN key show
TOWN_KEY=$(cat out)
run 0 key show
[ "$(cat out)" = "$OFFICE_KEY" ] || die 'the first feed is not the one that is meant'
run 0 diff --json
[ ! -s out ] || die 'the first feed has something staged'
run 0 --as $TOWN diff --json
json "l.length === 1 && l[0].feed === '$TOWN' && l[0].kind === 'FeedProfile'"
run 0 --as $TOWN diff
says "^next: hanse --as $TOWN publish, or hanse --as $TOWN discard ID"
run 0 status
says "^next: hanse --as $TOWN publish"
run 0 --as $TOWN import "$DATA/secretariat.jsonl" --dry-run --json
json 'l[0].staged === 12'
run 0 --as $TOWN import "$DATA/secretariat.jsonl"
says "^next: hanse --as $TOWN publish"
echo '{"organisation": {"name": [{"text": "Town hall", "language": "en"}]}}' >record.json
run 0 put record.json --as $TOWN
says "^hanse:$TOWN/"
ID=$(cat out)
run 0 --as $TOWN discard "$ID"
run 0 --as $TOWN put record.json
ID=$(cat out)
run 0 --as $TOWN publish --json
json "l[0].feed === '$TOWN' && l[0].old_size === 0 && l[0].new_size === 15"
run 0 --as $TOWN edit "$ID" --set organisation.country=JP
run 2 edit "$ID" --set organisation.country=BE
complains 'is of another feed than'
run 0 --as $TOWN withdraw IATI-ORG:XI-HCF-0001 --reason error
run 0 --as $TOWN key rotate --json
json "l[0].feed === '$TOWN' && l[0].old_size === 15 && l[0].old_key === '$TOWN_KEY'"
run 0 --as $TOWN publish
run 0 --as $TOWN key show
NEW_KEY=$(cat out)
[ "$NEW_KEY" != "$TOWN_KEY" ] || die 'the key was not changed'
run 0 key show
[ "$(cat out)" = "$OFFICE_KEY" ] || die 'the key of another feed was changed'
run 0 verify --json
json "l.length === 3 && l[1].feed === '$TOWN' && l[1].size === 18 && l[0].size === 2 && l.every((f) => f.result === 'ok')"
run 0 doctor --offline
run 0 list --feed $TOWN --json
json "l.length === 13 && l.every((r) => r.feed === '$TOWN')"
run 0 prove "$ID"
cp out hall.tlog-proof
run 0 check hall.tlog-proof --key "$TOWN_KEY"

# Each feed lies in its folder and is followed on its own: from the disk, and served.
[ -f "office/public/$HEX/checkpoint" ] || die 'the feed does not lie at its place'
node "$READER" "office/public/$HEX" --key "$TOWN_KEY" --json >out || die 'the independent reader refuses the feed'
json "l[0].result === 'ok' && l[0].size === 18"
start_server office
for path in '' "$HEX/"; do
    curl -fsSk "$URL${path}checkpoint" >"served${path:+2}" || die "$URL$path is not served"
done
head -n 1 served | grep -qx office.example/hanse || die 'the first feed is not served at /'
head -n 1 served2 | grep -qx $TOWN || die 'the second feed is not served at its address'
HANSE_NODE=$WORK/reader
run 0 init --origin reader.example/hanse
run 0 follow "$URL$HEX/" --key "$TOWN_KEY" --pin "$PIN"
run 0 follow "$URL" --key "$OFFICE_KEY" --pin "$PIN"
run 0 sync --json
json "l.length === 2 && l.every((f) => f.result === 'updated')"
run 0 verify
# A feed that is added while the server runs is served too.
run 0 -C "$WORK/office" init --add --origin pier.example/hanse
curl -fsSk "$URL$(printf %s pier.example/hanse | sha256sum | cut -c1-64)/checkpoint" >out || die 'a new feed is not served'
stop_server

# --as explains itself.
run 1 --as $TOWN put record.json
complains 'is followed here: only its owner changes it'
run 1 --as nowhere.example/hanse publish
complains 'no own feed "nowhere.example/hanse"'
complains 'lists the feeds of this node'
run 1 init --add --origin $TOWN
complains 'is followed here'
HANSE_NODE=$WORK/office
run 1 follow "file://$WORK/office/public/$HEX/" --key "$TOWN_KEY"
complains "is this node's own"

# A backup of one feed does not publish, and comes back from a mirror; the others go on.
cp -r office older
echo '{"organisation": {"name": [{"text": "Market", "language": "en"}]}}' >record.json
run 0 --as $TOWN put record.json
run 0 --as $TOWN publish
run 0 -C reader follow "file://$WORK/office/public/$HEX/" --key "$NEW_KEY"
run 0 -C reader sync $TOWN
HANSE_NODE=$WORK/older
run 0 --as $TOWN put record.json
run 1 --as $TOWN publish
complains 'restored backup or a second copy'
run 0 put record.json
run 0 publish
run 0 --as $TOWN recover --from "file://$WORK/reader/public/$HEX/"
run 0 --as $TOWN publish
run 0 verify
# An index that is lost comes back with all own feeds.
rm -f older/private/index.sqlite*
run 0 feeds --json
json "l.length === 4 && l.every((f) => f.own) && l[1].feed === '$TOWN' && l[1].size >= 19"
run 0 verify

# A feed moves out to a node of its own with its key.
mkdir -p member/private/keys
cp "older/private/keys/$HEX" member/private/keys/
run 0 -C "$WORK/member" init --origin $TOWN --json
json "l[0].key === '$NEW_KEY'"
run 0 -C "$WORK/member" recover --from "file://$WORK/older/public/$HEX/"
run 0 -C "$WORK/member" put record.json
run 0 -C "$WORK/member" publish
run 0 -C "$WORK/member" verify

# What a try that broke off left is used again; a published feed is never begun anew.
cp older/private/config config
grep -v pier older/private/config >kept
cp kept older/private/config
rm -f older/private/index.sqlite*
run 0 init --add --origin pier.example/hanse --title Pier
run 0 --as pier.example/hanse publish
grep -v pier older/private/config >kept
cp kept older/private/config
rm -f older/private/index.sqlite*
run 1 init --add --origin pier.example/hanse
complains 'a feed is there already'
echo "$CHECKS checks of own feeds"
