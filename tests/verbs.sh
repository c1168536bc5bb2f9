#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One record at a time through the program: put, edit, withdraw, diff, discard, log, validate; unfollow, copy, changes.
# Usage: tests/verbs.sh PROGRAM
set -eu
. tests/shell.sh
need node sha256sum
cd "$WORK"
TMPDIR=$WORK/tmp
export TMPDIR
mkdir tmp
HANSE_NODE=$WORK/city
export HANSE_NODE

run 0 init --origin city.example/hanse --title City
run 0 publish
cat >port.json <<'JSON'
{
  "header": {"identifiers": [{"scheme": "ORGID", "value": "NL-KVK-1"}]},
  "organisation": {
    "name": [{"text": "Port \"Nord\" {a,b}", "language": "en"}]
  }
}
JSON

# put: the full name alone; what comes next and how to undo it on stderr.
run 0 put port.json
says '^hanse:city\.example/hanse/[0-9a-f-]{36}$'
[ "$(wc -l <out)" -eq 1 ] || die 'the name does not stand alone'
complains '^undo: hanse discard hanse:city'
ID=$(cat out)
UUID=${ID##*/}
run 0 put port.json --json
json "l.length === 1 && l[0].id === '$ID' && l[0].outcome === 'unchanged'"
run 0 diff --json
json "l.length === 1 && l[0].id === '$ID' && l[0].operation === 'put' && l[0].revision === 0"
json "l[0].changes.some((c) => c.path === 'organisation.name[0].language' && c.old === null && c.new === 'en')"
run 0 diff
says '^  \+ organisation\.name\[0\]\.language: en$'
run 0 log "$UUID"
says 'staged, not published'
run 0 publish
run 0 diff
says '^nothing is staged'
printf '{"organisation": {}}' >bad.json
run 5 put bad.json
complains 'organisation-name-required'
printf '{"organisation": {' >bad.json
run 5 put bad.json
run 1 put missing.json
run 1 put port.json --id 0000
run 2 put
run 0 diff --json
[ ! -s out ] || die 'an invalid record was staged'
# A line of export is put back under its own name.
run 0 export --kind Organisation
sed 's/Nord/South/' out >line.json
run 0 put line.json --json
json "l[0].id === '$ID' && l[0].outcome === 'staged'"
run 0 discard "$ID"
says '^1 staged change dropped'

# edit --set, --clear: what changed is shown; a mistake stages nothing.
run 0 edit ORGID:NL-KVK-1 --set 'organisation.name[language=en].text=Port' --set 'organisation.name[+].text=港' --set 'organisation.name[-].language=ja'
says '^  ~ organisation\.name\[0\]\.text: Port .* -> Port$'
says '^  \+ organisation\.name\[1\]\.text: 港$'
run 0 edit "$UUID" --clear 'organisation.name[1]' --json
json 'l[0].outcome === "staged" && l[0].changes.length === 2 && l[0].changes.every((c) => c.new === null)'
run 2 edit "$UUID" --set 'organisation.nam[0].text=x'
complains 'has no field .nam.'
run 2 edit "$UUID" --set nonsense
complains 'is not PATH=VALUE'
run 2 edit "$UUID" --set 'organisation.name[7].text=x'
run 5 edit "$UUID" --clear 'organisation.name[0]'
complains '^nothing is staged'
run 2 edit "$UUID" --set
run 1 edit ORGID:NL-KVK-2 --set a=b
complains 'did you mean ORGID:NL-KVK-1'
run 0 diff --json
json 'l.length === 1 && l[0].changes.length === 1 && l[0].changes[0].new === "Port"'
run 0 discard --all

# edit in an editor: saved, unchanged, wrong, failing; nothing is ever lost.
printf 'sed -i "s/\\"en\\"/\\"de\\"/" "$1"\n' >editor.sh
EDITOR="sh $WORK/editor.sh" run 0 edit "$UUID"
says '^  ~ organisation\.name\[0\]\.language: en -> de$'
EDITOR=true run 0 edit "$UUID"
says 'nothing is staged for it'
[ -z "$(ls tmp)" ] || die 'the editor leaves files behind'
EDITOR='sed -i s/text/txet/' run 5 edit "$UUID"
complains 'line [0-9]+: .*organisation\.name\[0\]\.txet'
KEPT=$(sed -n 's/^nothing is staged; your text is kept in //p' err)
[ -s "$KEPT" ] || die 'the text is not kept'
[ "$(stat -c %a "$KEPT")" = 600 ] || die 'others can read the text'
sed -i 's/txet/text/; s/Nord/North/' "$KEPT"
run 0 put "$KEPT" --id "$ID" --json
json "l[0].id === '$ID' && l[0].outcome === 'staged'"
EDITOR=false run 1 edit "$UUID"
complains "the editor 'false' failed"
run 0 discard ORGID:NL-KVK-1

# withdraw: a reason is needed; undone by discard.
run 2 withdraw "$UUID"
complains 'a reason is missing'
run 2 withdraw "$UUID" --reason because
complains 'error, merged, no-longer, privacy, legal'
run 0 withdraw "$UUID" --reason no-longer
says '^staged: the withdrawal of hanse:city'
run 0 diff
says 'withdrawn, reason no-longer'
run 1 edit "$UUID" --set a=b
complains 'discard that first'
run 0 discard "$UUID"
run 0 withdraw "$UUID" --reason merged --json
json "l[0].id === '$ID' && l[0].outcome === 'staged' && l[0].reason === 'merged'"
run 0 publish
run 0 withdraw "$UUID" --reason error
says 'withdrawn already'
run 0 list --json
json 'l.length === 1 && l[0].kind === "FeedProfile"'
run 0 log "$UUID" --json
json 'l.length === 2 && l[0].operation === "put" && !l[0].current && l[1].reason === "merged" && l[1].current'
run 0 put port.json --id "$UUID"
run 0 discard "$UUID" --json
cp out dropped.jsonl
run 0 import dropped.jsonl --json
json 'l[0].staged === 1'
run 0 publish
run 0 log "$UUID" --json
json 'l.length === 3 && l.every((r) => r.verdict === "valid") && l[2].current && l[2].revision === 3'

# discard: all or nothing.
run 2 discard
run 2 discard --all "$UUID"
run 0 edit "$UUID" --set 'organisation.name[0].text=Quay'
run 1 discard "$UUID" ORGID:NL-KVK-9
complains 'nothing was dropped'
run 0 diff --json
json 'l.length === 1'
run 0 discard --all --json
json "l.length === 1 && l[0].id === '$ID' && l[0].record.organisation.name[0].text === 'Quay'"
run 0 discard --all
says 'nothing was staged'

# validate: no node, findings on stdout, nothing staged.
printf '{"organisation":{}}\n{"organisation":{"name":[{"text":"a","language":"en"}]}}\n' >two.jsonl
HANSE_NODE=/nowhere run 5 validate two.jsonl port.json
says '^two\.jsonl:1: error: organisation\.name: .*organisation-name-required'
says '^3 records: 2 valid, 1 invalid'
run 5 validate two.jsonl --json
json 'l.length === 1 && l[0].severity === "error" && l[0].rule === "organisation-name-required" && l[0].object === "line 1"'
json 'l[0].path === "organisation.name" && l[0].message && l[0].remedy'
run 0 validate port.json --json
[ ! -s out ] || die 'a valid record has findings'
printf '<iati-activities' >broken.xml
run 1 validate broken.xml
run 1 validate missing.jsonl
run 2 validate

# copy: onto a stick, followed from there, brought up to date.
HEX=$(printf %s city.example/hanse | sha256sum | cut -c 1-64)
run 0 key show
KEY=$(cat out)
run 2 copy
run 0 copy --to stick --json
json "l.length === 1 && l[0].result === 'ok' && l[0].dir === '$WORK/stick/$HEX' && l[0].files > 0 && l[0].key === '$KEY'"
run 0 -C office init --origin office.example/hanse
run 0 -C office follow "file://$WORK/stick/$HEX/" --key "$KEY" --name city
run 0 -C office sync --json
json 'l[0].result === "updated" && l[0].new_size === 5'
run 0 verify "stick/$HEX" --key "$KEY"
run 0 -C office key show
run 3 verify "stick/$HEX" --key "$(cat out)" --json
json 'l[0].result === "bad-signature" && l[0].root === null'
run 0 copy --to stick/
says '0 files'
run 1 copy --to stick nowhere.example/x
run 1 copy --to /proc/nowhere

# changes: what arrived after a cursor, followed in a table that is killed after each line.
run 0 -C office changes --json
json 'l.length === 4 && l.map((c) => c.change).join(" ") === "put put withdraw put"'
cp out all
: >table
CURSOR=''
while :; do
    run 0 -C office changes --after "$CURSOR" --json
    [ -s out ] || break
    head -n 1 out >line
    cat line >>table
    cp line out
    CURSOR=$(value 'l[0].cursor')
done
same all table
run 0 edit "$UUID" --set 'organisation.name[0].text=Quay'
run 0 publish
run 0 copy --to stick
run 0 -C office sync
run 0 -C office changes --after "$CURSOR" --json
json "l.length === 1 && l[0].id === '$ID' && l[0].current && l[0].record.organisation.name[0].text === 'Quay'"
CURSOR=$(value 'l[0].cursor')
run 2 changes --after nonsense
complains 'is no cursor'
run 2 changes --after "$CURSOR"
complains 'of an index that is no more'

# unfollow: gone with its files; what it prints follows it again.
run 1 -C office unfollow cty
complains "did you mean 'city'"
run 2 -C office unfollow office.example/hanse
complains 'own'
run 0 -C office unfollow city
says '^undo: hanse follow '
[ ! -e "office/public/$HEX" ] || die 'its files are still there'
sed -n 's/^undo: hanse //p' out >undo
run 0 -C office changes --after "$CURSOR" --json
json 'l.length === 1 && l[0].change === "unfollow" && l[0].feed === "city.example/hanse"'
CURSOR=$(value 'l[0].cursor')
eval "run 0 -C office $(cat undo)"
run 0 -C office sync
run 0 -C office changes --after "$CURSOR" --json
json 'l.length === 5 && l[4].current'
run 0 -C office verify
echo "$CHECKS checks went well"
