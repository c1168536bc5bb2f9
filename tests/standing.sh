#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What list and show say of a record that others confirm, dispute or tell again, and whose word counts: a party's, for the
# revision that it names, and not under the key of who holds the key of the record's feed.
# Usage: tests/standing.sh PROGRAM
set -eu
. tests/shell.sh
need node sha256sum
cd "$WORK"

# speaks NODE ORIGIN CODE [SET...]: gives a feed of a node its profile and publishes it.
speaks() {
    node=$1
    origin=$2
    code=$3
    shift 3
    run 0 -C "$node" --as "$origin" diff --json
    run 0 -C "$node" --as "$origin" edit "$(value 'l[0].id')" --set "feedProfile.owner.id=$code" "$@"
    run 0 -C "$node" --as "$origin" publish
}
# follows NODE OTHER [ORIGIN]
follows() {
    run 0 -C "$2" ${3:+--as "$3"} key show
    folder=
    [ -z "${3:-}" ] || folder=$(printf %s "$3" | sha256sum | cut -c1-64)/
    run 0 -C "$1" follow "file://$WORK/$2/public/$folder" --key "$(cat out)"
}
# put NODE ORIGIN JSON: stages a record and publishes it; its name is in ID.
put() {
    printf '%s\n' "$3" >record.json
    run 0 -C "$1" --as "$2" put record.json
    ID=$(cat out)
    run 0 -C "$1" --as "$2" publish
}
# stands ID STATE: as both list and show see it in the reader's node.
stands() {
    run 0 -C reader sync
    run 0 -C reader list --json
    json "l.find((r) => r.id === '$1').state === '$2'"
    run 0 -C reader show "$1" --json
    json "l[0].state === '$2'"
}

for name in kita dalian office reader; do
    run 0 -C $name init --origin $name.example/hanse --title $name
done
speaks kita kita.example/hanse UNLOCODE:JPKKJ
speaks dalian dalian.example/hanse UNLOCODE:CNDLC
speaks office office.example/hanse ORGID:XX-NET-1
run 0 -C reader publish
# The office also keeps a feed for a town that has no node of its own.
run 0 -C office init --add --origin town.example/hanse --title Town
speaks office town.example/hanse UNLOCODE:JPTWN --set feedProfile.custody=CUSTODY_CUSTODIAN \
    --set feedProfile.operator.id=ORGID:XX-NET-1
for node in kita dalian office reader; do
    for other in kita dalian office; do
        [ "$node" = "$other" ] || follows "$node" "$other"
    done
done
follows reader office town.example/hanse
follows kita office town.example/hanse

tie() { # CODE CODE [MORE]
    printf '{"cooperation": {"kind": "COOPERATION_KIND_SISTER_CITY", "status": "COOPERATION_STATUS_ACTIVE",
      "parties": [{"actor": {"id": "%s"}}, {"actor": {"id": "%s"}}]}%s}' "$1" "$2" "${3:-}"
}
put kita kita.example/hanse "$(tie UNLOCODE:JPKKJ UNLOCODE:CNDLC)"
TIE=$ID
stands "$TIE" claimed
json 'l[0].custody === "self" && l[0].operator === null && l[0].replies.length === 0'

# Somebody whom the record does not name attests; a party confirms.
run 0 -C office sync
run 0 -C office confirm "$TIE"
run 0 -C office publish
stands "$TIE" attested
json 'l[0].replies.length === 1 && l[0].replies[0].party === false && l[0].replies[0].independent === true'
run 0 -C dalian sync
run 0 -C dalian confirm "$TIE" --remark 'Since 1979' --language en
run 0 -C dalian publish
stands "$TIE" confirmed
json "l[0].replies.some((r) => r.feed === 'dalian.example/hanse' && r.party && r.current && r.says === 'Since 1979')"
run 0 -C reader list
says '\[confirmed\]'
run 0 -C reader show "$TIE"
says '^  standing +confirmed$'
says 'confirmed by dalian\.example/hanse: hanse:dalian'
says 'confirmed by office\.example/hanse, which it does not name'
says 'held by its owner'

# The record changes: what was confirmed was another revision.
run 0 -C kita edit "$TIE" --set cooperation.period.start.year=1979
run 0 -C kita publish
stands "$TIE" changed-since
run 0 -C reader list
says '\[confirmed, changed since\]'
run 0 -C dalian sync
run 0 -C dalian confirm "$TIE" --part cooperation.parties
run 0 -C dalian publish
stands "$TIE" confirmed-in-part
run 0 -C dalian dispute "$TIE" --reason 'Since 1980'
run 0 -C dalian publish
stands "$TIE" disputed
json "l[0].replies.some((r) => r.what === 'disputed' && r.says === 'Since 1980' && r.revision === 2)"
run 0 -C dalian withdraw "$(value 'l[0].replies.find((r) => r.what === "disputed").id')" --reason error
run 0 -C dalian publish
stands "$TIE" claimed

# A confirmation of other bytes than those that are held counts for no revision.
put dalian dalian.example/hanse "{\"confirmation\": {\"record\": {\"id\": \"$TIE\"}, \"revision\": 2, \"party\": {\"id\": \"UNLOCODE:CNDLC\"},
  \"verdict\": \"CONFIRMATION_VERDICT_CONFIRMED\", \"commitment\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}}"
stands "$TIE" changed-since
# The stranger's dispute is heard, and weighs nothing.
run 0 -C office sync
run 0 -C office dispute "$TIE" --reason 'No idea'
run 0 -C office publish
stands "$TIE" changed-since

# Under the key of the claimant's custodian nobody confirms: neither the custodian for the town nor the town for it.
put office town.example/hanse "$(tie UNLOCODE:JPTWN ORGID:XX-NET-1)"
KEPT=$ID
run 0 -C office --as office.example/hanse confirm "$KEPT"
run 0 -C office publish
stands "$KEPT" claimed
json 'l[0].custody === "custodian" && l[0].operator === "ORGID:XX-NET-1"'
json 'l[0].replies.length === 1 && l[0].replies[0].party === true && l[0].replies[0].independent === false'
run 0 -C reader show "$KEPT"
says 'held for its owner by ORGID:XX-NET-1'
says "not independent of who holds this feed's key"
put kita kita.example/hanse "$(tie UNLOCODE:JPKKJ UNLOCODE:JPTWN)"
SECOND=$ID
run 0 -C office follow "file://$WORK/kita/public/" --key "$(run 0 -C kita key show; cat out)"
run 0 -C office sync
run 0 -C office --as town.example/hanse confirm "$SECOND"
run 0 -C office --as town.example/hanse publish
stands "$SECOND" confirmed

# Both sides tell of one tie: who links to the other confirms it, and the two count once. A claim is not confirmed by what
# the claimant itself calls the same.
put dalian dalian.example/hanse "$(tie UNLOCODE:JPKKJ UNLOCODE:CNDLC ", \"header\": {\"sameAs\": [{\"id\": \"$TIE\"}]}")"
AGAIN=$ID
stands "$TIE" confirmed
json "l[0].same_as === null && l[0].replies.some((r) => r.what === 'same-as' && r.id === '$AGAIN')"
stands "$AGAIN" claimed
json "l[0].same_as === '$TIE'"
run 0 -C reader list --kind Cooperation
says "\[as $TIE\]"
says '^3 records, and 1 that tells one of them again$'
run 0 -C kita edit "$TIE" --set "header.sameAs[+].id=$AGAIN"
run 0 -C kita publish
stands "$AGAIN" confirmed
run 0 -C reader list --kind Cooperation
says '^3 records, and 1 that tells one of them again$'
# A link to what is not held leaves a record counted.
run 0 -C reader unfollow kita.example/hanse
run 0 -C reader list --kind Cooperation --json
json "l.find((r) => r.id === '$AGAIN').same_as === null"

echo "$CHECKS checks"
