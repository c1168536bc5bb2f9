#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A feed changes its key: followers go on, whoever was away for two changes too, and what the old key signs afterwards is
# believed by nobody.
# Usage: tests/keys.sh PROGRAM
set -eu
. tests/shell.sh
need node
READER=$PWD/examples/reader/hanse-reader.mjs
cd "$WORK"

put_name() { # NODE NAME
    printf '{"organisation": {"name": [{"text": "%s", "language": "en"}]}}' "$2" >record.json
    run 0 -C "$1" put record.json
}
key_of() { "$HANSE" -C "$1" key show; }
follow_city() { # NODE KEY
    run 0 -C "$1" init --origin "$1.example/hanse"
    run 0 -C "$1" follow "file://$WORK/city/public/" --key "$2"
    run 0 -C "$1" sync
}

run 0 -C city init --origin city.example/hanse --title City
FIRST=$(key_of city)
run 1 -C city key rotate
complains 'publish first'
run 2 -C city key turn
run 2 -C city key show --dry-run
run 0 -C city publish
follow_city near "$FIRST"
follow_city far "$FIRST"
follow_city deceived "$FIRST"
cp -r city backup

# A dry run changes nothing at all.
put_name city 'Staged office'
find city -type f -exec sha256sum {} + | sort >before
run 0 -C city key rotate --dry-run --json
json "l[0].dry_run && l[0].new_key === null && l[0].old_key === '$FIRST' && l[0].old_size === 2 && l[0].new_size === 3"
find city -type f -exec sha256sum {} + | sort >after
grep -v 'sqlite\|/lock$' before >a
grep -v 'sqlite\|/lock$' after >b
same a b

# The change: a KEY entry, both signatures, what is staged untouched.
run 0 -C city key rotate --json
json "l[0].feed === 'city.example/hanse' && l[0].old_key === '$FIRST' && l[0].old_size === 2 && l[0].new_size === 3"
RETIRED=$(value 'l[0].retired_file')
SECOND=$(value 'l[0].new_key')
[ "$SECOND" = "$(key_of city)" ] || die 'key show does not show the new key'
[ "$SECOND" != "$FIRST" ] || die 'the key is the old one'
[ "$(grep -c '^— ' city/public/checkpoint)" -eq 2 ] || die 'the checkpoint has not two signatures'
[ -f city/public/hanse/key/1 ] || die 'the key change file is missing'
[ "$(stat -c %a "$RETIRED")" = 600 ] || die 'the retired key can be read by others'
[ ! -e "${RETIRED%.retired-*}.next" ] || die 'the next key stayed'
run 0 -C city diff --json
json 'l.length === 1'
run 0 -C city verify
run 0 -C city doctor --offline
run 0 -C near sync --json
json "l[0].result === 'updated' && l[0].new_size === 3"
run 0 -C near feeds --json
json "l[1].key === '$SECOND'"
run 0 -C city publish
[ "$(grep -c '^— ' city/public/checkpoint)" -eq 1 ] || die 'the old key still signs'
run 0 -C near sync
run 0 -C near verify

# Who was away for two changes goes on; who begins takes any of the keys.
run 0 -C city key rotate
says '^  new key +city\.example/hanse\+'
THIRD=$(key_of city)
put_name city 'Third office'
run 0 -C city publish
run 0 -C far sync --json
json "l[0].result === 'updated' && l[0].old_size === 2 && l[0].new_size === 6"
run 0 -C far verify
run 0 -C near sync
for key in "$FIRST" "$SECOND" "$THIRD"; do
    rm -rf late
    follow_city late "$key"
    run 0 -C late verify
    run 0 verify city/public --key "$key"
    node "$READER" city/public --key "$key" --json >out || die 'the independent reader refuses the feed'
    json "l[0].result === 'ok' && l[0].size === 6"
done
# A mirror of a mirror hands the changes on.
rm -rf late
run 0 -C late init --origin late.example/hanse
run 0 -C late follow "file://$(echo "$WORK"/far/public/*/checkpoint | sed 's|checkpoint$||')" --key "$FIRST"
run 0 -C late sync

# A proof holds for who knows an older key.
ID=$("$HANSE" -C city list --json | node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8").split("\n")[1]).id)')
run 0 -C near prove "$ID"
cp out office.tlog-proof
for key in "$FIRST" "$SECOND" "$THIRD"; do
    run 0 check office.tlog-proof --key "$key" --json
    json "l[0].id === '$ID' && l[0].key === '$THIRD'"
    node "$READER" --proof office.tlog-proof --key "$key" >out || die 'the independent reader refuses the proof'
done

# A node from before the changes does not publish: it is known outside that more was published.
put_name backup 'Old office'
run 1 -C backup publish
complains 'restored backup or a second copy'
run 1 -C backup key rotate
complains 'restored backup or a second copy'

# Who stole the old key signs a history of his own: no follower that knows the change takes it, and none calls it a fork.
cp -r backup thief
run 0 -C thief publish --offline
for node in near far; do
    run 0 -C $node follow "file://$WORK/thief/public/" --key "$THIRD"
    run 3 -C $node sync --json
    json "l[0].result === 'bad-signature' && l[0].new_size === 6"
    [ ! -e $node/private/evidence ] || die 'evidence of a fork was kept for a retired key'
    run 0 -C $node follow "file://$WORK/city/public/" --key "$THIRD"
    run 0 -C $node sync
done
run 0 -C thief prove "$("$HANSE" -C thief list --json | node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8").trim().split("\n").pop()).id)')"
cp out forged.tlog-proof
run 3 check forged.tlog-proof --key "$THIRD"
run 3 check forged.tlog-proof --key "$SECOND"
# Who does not know the change is deceived until the true feed comes: then it is a fork, and stays one.
run 0 -C deceived follow "file://$WORK/thief/public/" --key "$FIRST"
run 0 -C deceived sync
run 0 -C deceived follow "file://$WORK/city/public/" --key "$FIRST"
run 3 -C deceived sync --json
json "l[0].result === 'fork'"

# A fork after the change: the evidence leads from an old key to the one that signed both.
cp -r city twin
put_name twin 'Twin office'
run 0 -C twin publish --offline
put_name city 'Fourth office'
run 0 -C city publish --offline
run 0 -C near sync
run 0 -C near follow "file://$WORK/twin/public/" --key "$THIRD"
run 3 -C near sync --json
json "l[0].result === 'fork'"
EVIDENCE=$(echo near/private/evidence/*)
for key in "$FIRST" "$SECOND" "$THIRD"; do
    run 3 check "$EVIDENCE" --key "$key" --json
    json "l[0].result === 'forked' && l[0].key === '$THIRD' && l[0].size === 7"
done
# Without the key changes only who knows the newest key can judge it.
grep -v '^key ' "$EVIDENCE" >bare
run 3 check bare --key "$THIRD" --json
json "l[0].result === 'forked'"
run 3 check bare --key "$FIRST" --json
json "l[0].result === 'bad-signature'"

# The node comes back from a mirror, the key changes with it, and goes on with its newest key only.
cp -r city safe
rm -rf city/public city/private/index.sqlite*
run 0 -C city recover --from "file://$WORK/safe/public/"
run 0 -C city verify
[ -f city/public/hanse/key/2 ] || die 'the key changes did not come back'
put_name city 'Fifth office'
cp -r city older
cp "$RETIRED" "older/${RETIRED#city/}"
cp "$RETIRED" "$(echo "older/${RETIRED#city/}" | sed 's/[.]retired-.*//')"
run 3 -C older publish --offline
complains 'is not the one that signs'
run 0 -C city publish
run 0 -C city verify
run 0 -C far sync
echo "$CHECKS checks of keys"
