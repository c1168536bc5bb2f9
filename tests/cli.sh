#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program's manners: help, wrong usage, exit codes, JSON of the verbs that need no network.
# Usage: tests/cli.sh PROGRAM
set -eu
. tests/shell.sh
need node
SOURCE=$PWD
cd "$WORK"

# Help: every verb of the list explains itself, its first line says what it changes.
run 0 --help
says '^usage: hanse'
verbs=$(sed -n '/^verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
[ "$(echo "$verbs" | wc -w)" -ge 14 ] || die "too few verbs: $verbs"
for verb in $verbs; do
    run 0 "$verb" --help
    head -n 1 out | grep -qE "^hanse $verb: .*(change|nothing|publishes|for good|already)" || die "$verb: the first line does not say what it changes"
    says "^usage: hanse \[-C DIR\] $verb"
    ! grep -q '^usage:.* $' out || die "$verb: the usage ends in a space"
    [ ! -s err ] || die "$verb --help writes to stderr"
done
run 0 help sync
says '^hanse sync: '

# Wrong usage: code 2, the right word is named, nothing on stdout.
run 2
run 2 pubish
complains "did you mean 'publish'\?"
run 2 stauts
complains "did you mean 'status'\?"
run 2 audit x
complains "does not have the verb 'audit' yet"
run 2 eras
complains "'erase' is one, but this version does not have it yet"
run 2 xyzzyplugh
complains "there is no verb 'xyzzyplugh'"
run 2 status --odd
complains '^ *usage: hanse status$'
run 2 list --kidn Project
complains "did you mean '--kind'"
run 2 publish -C node
complains "before the verb belongs '-C'"
run 2 publish --yes
complains 'this version does not have the option yet'
run 2 list --since 2026-02-30
complains 'is no date'
run 2 sync --max-stale 7w
complains 'is no time span'
run 2 serve --sync-every 0
run 2 serve --tls-cert x
run 2 show
complains 'an argument is missing'
run 2 show a b
complains 'one argument too many'
run 2 export --format xlsx
run 2 -C
complains 'a value must follow'
run 2 --frobnicate status
run 2 key turn
complains "key has no 'turn'"
run 2 init
complains 'an origin is missing'
[ ! -s out ] || die 'a complaint goes to stdout'

# No node here: code 1, and what to do about it.
run 1 status
complains 'hanse init --origin'

# A node of one's own.
run 2 -C node init --origin 'Not An Origin'
complains 'origin .Not An Origin. is none'
run 2 -C node init --origin minatogawa.example/hanse --language german
complains 'language .german. is no BCP 47 tag'
run 0 -C node init --origin minatogawa.example/hanse --title 'Minatogawa 港川'
says 'for ever'
says 'successor'
run 1 -C node init --origin minatogawa.example/hanse
[ "$(stat -c %a node/private)" = 700 ] || die 'private/ can be entered by others'
find node/private -type f -name '*key*' | while read -r key; do
    [ "$(stat -c %a "$key")" = 600 ] || die "$key can be read by others"
done
run 0 -C node key show
[ "$(wc -l <out)" -eq 1 ] || die 'the key does not stand alone'
says '^minatogawa\.example/hanse\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$'
run 0 -C node --json key show
json 'l.length === 1 && l[0].feed === "minatogawa.example/hanse" && l[0].key.startsWith(l[0].feed + "+")'
run 0 -C node status
says 'next: hanse publish'
run 0 -C node --json status
json 'l.length === 1 && l[0].feeds.length === 1 && l[0].feeds[0].own && l[0].staged === 1 && l[0].next === "hanse publish"'
HANSE_NODE=$WORK/node run 0 feeds
says 'minatogawa\.example/hanse .*yours'
run 0 -C node publish --json
json 'l[0].old_size < l[0].new_size && Buffer.from(l[0].root, "base64").length === 32'
run 0 -C node list
says 'Minatogawa 港川'
says '^1 record$'
run 0 -C node list --json
json 'l[0].id.startsWith("hanse:minatogawa.example/hanse/") && l[0].kind === "FeedProfile" && l[0].revision === 1'
json 'l[0].record.feedProfile.title[0].text === "Minatogawa 港川" && l[0].audience === "PUBLIC"'
json '/^20[0-9-]+T[0-9:]+Z$/.test(l[0].published) && l[0].feed === "minatogawa.example/hanse"'
run 0 -C node list --personal
says '^0 records$'
run 1 -C node list --kind Nothing
run 1 -C node list --feed nowhere.example/hanse
run 0 -C node list --since 2999-01-01 --json
[ ! -s out ] || die '--since does not keep back older records'
run 1 -C node show hanse:minatogawa.example/hanse/01900000-0000-7000-8000-000000000000
run 2 -C node show '?'
run 0 -C node sync
complains 'follows no feed'
run 1 -C node sync nowhere.example/hanse
run 2 -C node follow https://127.0.0.1:1/ --key nonsense
run 2 -C node follow https://127.0.0.1:1/
run 1 -C node --as other.example/hanse publish

# Input: what cannot be read as a whole stages nothing.
printf '<iati-activities version="2.03"><iati-activity>' >broken.xml
run 1 -C node import broken.xml
run 1 -C node import missing.jsonl
complains 'missing\.jsonl'
printf '{"project": {}}\n{broken\n' >bad.jsonl
run 5 -C node import bad.jsonl --json
json 'l[0].invalid === 2 && l[0].staged === 0'
head -n 1 err | node -e 'const f = JSON.parse(require("fs").readFileSync(0, "utf8")); if (!f.message || f.severity !== "error") process.exit(1)' ||
    die 'a finding is no JSON with severity and message'
run 0 -C node --json status
json 'l[0].staged === 0'

# Tables: a map, a key, what a row has wrong, what nobody has a place for.
run 0 -C table init --origin table.example/hanse
printf 'Name = organisation.name[language=de].text\nArt: "Verein" -> ORGANISATION_KIND_NGO\nArt = organisation.kind\n' >orgs.map
printf 'Nr;Name;Art;Notiz\r\n1;"K\303\266ln; links";Verein;x\r\n2;Bonn;Verein;\r\n' >orgs.csv
run 1 -C table import --format xlsx missing.csv
complains "format 'xlsx' is not known"
run 5 -C table put orgs.csv
complains "neither JSON nor a record; tables go to 'hanse import --map'"
run 1 -C table list --kind Projekt
complains 'did you mean "Project"'
run 2 verify table
complains "'table' is a node"
run 2 -C table follow file:///nowhere/ --key x --name 'two words'
complains 'use one word'
run 0 -C table import orgs.csv --map orgs.map --key Nr --json
json 'l[0].read === 2 && l[0].staged === 2 && l[0].losses.length === 1 && l[0].losses[0].path === "Notiz" && l[0].losses[0].count === 1'
run 0 -C table publish
run 0 -C table import orgs.csv --map orgs.map --key Nr
says 'read 2 records: 0 staged, 2 unchanged, 0 invalid'
run 0 -C table show LOCAL:1 --json
json 'l[0].record.organisation.name[0].text === "K\u00f6ln; links"'
printf 'Nr;Name;Art;Notiz\n1;Neu;Verein;\n2;Bonn;Firma;\n1;Neu;Verein;\n' >orgs.csv
run 5 -C table import orgs.csv --format csv --map orgs.map --key Nr
complains '^orgs.csv:3: error: column 3 "Art": value "Firma" does not suit'
complains '^orgs.csv:4: error: key "Nr" has the value "1" in line 2 already'
run 5 validate orgs.csv --map orgs.map --key Nr
says '^orgs.csv:3: error: column 3 "Art"'
printf 'Nr;Name\n1;K\366ln\n' >latin.csv
printf 'Name = organisation.name[language=de].text\n' >name.map
run 5 validate latin.csv --map name.map
[ "$(grep -c 'error:' out)" = 1 ] || die 'a bad cell is told more than once'
for i in 1 2 3 4 5 6 7 8; do printf '%s\n' '{"project":{"title":[{"text":"Well '$i'"}]}}'; done >alike.jsonl
run 5 validate alike.jsonl
says '^warning: 3 more like the 5 above \[project-sector-missing\]; --json tells each$'
[ "$(grep -c 'warning:.*project-sector-missing' out)" = 6 ] || die 'a standing warning is told again and again'
run 5 validate alike.jsonl --json
[ "$(grep -c project-sector-missing out)" = 8 ] || die 'a warning is missing from the JSON'
run 0 validate latin.csv --map name.map --encoding windows-1252
run 1 validate latin.csv --map name.map --encoding latin
complains 'CP932'
printf '\nName = organisation.nam\n' >wrong.map
run 2 -C table import orgs.csv --map wrong.map
complains 'line 2: .*Organisation has no field "nam"; did you mean name'
run 1 -C table import orgs.csv --map missing.map
run 2 -C table import orgs.csv --map orgs.map --kind Projekt
complains 'kind "Projekt" is not known'
run 2 -C table import bad.jsonl --key Nr

# A source with all that it has: what is gone is withdrawn, within bounds; all or nothing.
printf 'Nr;Name\n1;A\n2;B\n3;C\n4;D\n5;E\n' >all.csv
printf 'Nr;Name\n1;A\n2;B\n' >half.csv
printf 'Nr;Name\n5;E\n' >rest.csv
printf 'Nr;Name\n1;A1\n2\n' >bad.csv
import_parks() { # CODE FILE... [OPTION...]
    wanted_code=$1
    shift
    run "$wanted_code" -C table import --map name.map --key Nr --source parks "$@"
}
import_parks 0 all.csv --complete
run 0 -C table publish
import_parks 0 half.csv rest.csv --complete --dry-run --json
json 'l[0].read === 3 && l[0].unchanged === 3 && l[0].withdrawn === 2'
import_parks 1 rest.csv --complete
complains 'no longer has 4 of 5 records, and at most 3'
complains 'max-withdraw'
import_parks 5 bad.csv --single-transaction
says 'nothing was staged, as some records are invalid'
run 0 -C table status --json
json 'l[0].staged === 0'
import_parks 5 bad.csv --complete
says 'nothing was withdrawn'
import_parks 1 half.csv missing.csv --complete
complains 'missing\.csv'
import_parks 0 rest.csv --complete --max-withdraw 4
says '^4 records that the source no longer has will be withdrawn'
run 0 -C table publish
import_parks 2 rest.csv --complete --max-withdraw none
import_parks 2 rest.csv --max-withdraw 4
run 2 -C table import rest.csv --map name.map --complete
run 2 -C table import rest.csv --map name.map --source 'a b'

# Data of persons is staged for members of a network, and held back.
printf '{"contactPoint":{"party":{"id":"UNLOCODE:JPM9G"},"department":[{"text":"X","language":"en"}],"functionEmail":"x@a.example"}}\n' >contact.jsonl
printf '{"organisation":{"name":[{"text":"Port","language":"en"}]}}\n' >port.jsonl
run 0 -C node import contact.jsonl
run 0 -C node publish
says '^nothing else is staged'
complains '^1 staged: data of persons'
run 0 -C node import port.jsonl
run 0 -C node publish --json
json 'l[0].held_back === 1 && l[0].new_size === l[0].old_size + 1'
run 0 -C node diff --json
json 'l.length === 1 && l[0].kind === "ContactPoint"'
run 0 -C node list
grep -q ContactPoint out && die 'data of persons was published'
run 0 -C node discard --all
run 0 -C node --json status
json 'l[0].staged === 0'

# IATI comes back, contact details excepted; a project without identifier is named.
run 0 -C node import "$SOURCE/examples/data/vila-serena.xml"
says 'iati-activity/contact-info'
run 0 -C node publish
run 0 -C node export --format iati
says '<iati-identifier>PT-NIF-999600456-CHEIAS-1</iati-identifier>'
says '<planned-disbursement type="1">'
grep -q '@' out && die 'a contact came out'
complains '1  iati-activity/contact-info$'
cp out back.xml
run 0 -C node import back.xml --json
json 'l[0].read === 1 && l[0].losses.length === 0'
run 2 -C node export --format iati --kind Organisation
run 0 -C node discard --all
printf '{"project":{"title":[{"text":"X","language":"en"}],"status":2,"dates":[{"type":2,"date":{"year":2020}}],"participants":[{"actor":{"id":"UNLOCODE:JPM9G"},"role":4}]}}\n' >plain.jsonl
run 0 -C node import plain.jsonl
run 0 -C node publish
run 5 -C node export --format iati
complains 'is left out: project has no IATI identifier'

# Code lists: which there are, one of them, a code by a word of any language.
run 0 codes
says '^C2C-FACTOR +16 '
run 0 codes --json
json "l.length >= 30 && l.every((x) => x.scheme && x.title && x.version && x.count > 0)"
run 0 codes ISO3166-1 japon --json
json "l.length === 1 && l[0].code === 'JP' && l[0].name_ja === '日本' && l[0].withdrawn === false && l[0].withdrawn_on === null"
run 0 codes dac-flow 20
says '^20  OOF .*\(withdrawn 2015-12-31\)$'
run 0 codes 職員
says '^C2C-FACTOR:staff-turnover '
run 0 codes ISO3166-1 atlantis
complains 'no code and no name has that: atlantis'
[ ! -s out ] || die 'something was found'
run 1 codes ISO3166 jp
complains 'did you mean "ISO3166-1"'
run 2 codes a b c

run 0 version --json
json 'l[0].version && l[0].protocol === "1" && l[0].libraries.length === 8'
run 0 --version
says '^hanse '

# Output that cannot be written is a failure.
if [ -e /dev/full ]; then
    got=0
    "$HANSE" version >/dev/full 2>err || got=$?
    [ "$got" -eq 1 ] || die "a full disk gives $got"
fi
echo "$CHECKS checks went well"
