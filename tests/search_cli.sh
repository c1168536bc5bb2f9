#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hanse search on the example data of two cities and a secretariat: words, filters, what it says when nothing is found,
# what a terminal gets, and a node that is followed, withdrawn from and unfollowed.
# Usage: tests/search_cli.sh PROGRAM
set -eu
. tests/shell.sh
need node
DATA=$(pwd)/examples/data
cd "$WORK"

run 0 -C city init --origin minatogawa.example/hanse
run 0 -C city import "$DATA/minatogawa.jsonl"
run 0 -C city publish
run 0 -C claro init --origin puerto-claro.example/hanse
run 0 -C claro import "$DATA/puerto-claro.xml"
run 0 -C claro publish
run 0 -C claro key show
KEY=$(cat out)
run 0 -C city follow "file://$WORK/claro/public" --key "$KEY" --name claro
run 0 -C city sync

# Words, in the languages of the records.
run 0 -C city search 生ごみ --json
json 'l.length === 2 && l.every((h, i) => h.rank === i + 1 && h.ranked === true && h.total === 2)'
json 'l.every((h) => h.language === "ja" && h.feed === "minatogawa.example/hanse" && !("record" in h))'
json 'l.every((h) => h.marks.every(([at, size]) => [...h.passage].slice(at, at + size).join("") === "生ごみ"))'
json 'l[0].score >= l[1].score && l[0].score <= 1000 && l[1].score > 0'
run 0 -C city search kitchen waste
says '^    Both cities introduce \[kitchen\] \[waste\] sorting'
says '^2 records$'
run 0 -C city search '"waste kitchen"'
complains 'nothing found'
run 0 -C city search waste -kitchen --json
json 'l.length > 0 && l.every((h) => h.kind === "Project")'
run 0 -C city search --json waste --limit 1 --records
json 'l.length === 1 && l[0].total > 1 && l[0].record.project.status !== undefined'

# Nothing found is no failure, and says what may help.
run 0 -C city search neighbo
complains "no record has 'neighbo'; did you mean 'neighbo\*'"
[ ! -s out ] || die 'nothing found prints nothing'
run 0 -C city search kitchn
complains "did you mean 'kitchen'"
run 0 -C city search waste --kind Organisation --theme SDG-GOAL:17
complains 'fewer filters'

# Whatever is typed is a query.
for words in '"' '*' '-' 'a AND OR NOT' 'NEAR(x' 'title:x' '{code}:"x"' '^x' "'" 'x"y' '((' 'sdg' '--' '🚋'; do
    run 0 -C city search --limit 1 -- waste "$words"
    run 0 -C city search --kind Project --limit 1 -- "$words"
done

# Filters.
run 0 -C city search --city UNLOCODE:JPM9G --json --limit 100
json 'l.length > 2 && l.every((h) => h.ranked === false && h.passage === null)'
cp out by_unlocode
run 0 -C city search --city JP-LGCODE:481017 --json --limit 100
cmp -s out by_unlocode || die 'the codes of one city find different records'
run 0 -C city search --feed claro --json
json 'l.length > 0 && l.every((h) => h.feed === "puerto-claro.example/hanse")'
run 0 -C city search --since 2999-01-01
run 0 -C city search --until 2999-01-01 --country JP --json
json 'l.length > 0'

# Wrong usage.
run 2 -C city search
run 2 -C city search waste --limit 0
run 2 -C city search waste --since tomorrow
run 1 -C city search waste --kind Poem
run 2 -C city search waste --city Minatogawa

# What is gone is not found; files of words may be lost.
run 0 -C city search 生ごみ --json
ID=$(node -e 'console.log(JSON.parse(require("fs").readFileSync("out", "utf8").split("\n")[0]).id)')
run 0 -C city withdraw "$ID" --reason error
run 0 -C city publish
run 0 -C city search 生ごみ --json
json 'l.length === 1 && l[0].total === 1'
run 0 -C city unfollow claro
run 0 -C city search --kind Project --json --limit 100
json 'l.every((h) => h.feed === "minatogawa.example/hanse")'
rm -r city/private/search
run 0 -C city search --update
[ -f city/private/search/1.sqlite ] || die 'update makes the words ready'
printf 'damaged' >city/private/search/1.sqlite
run 0 -C city search 生ごみ --json
json 'l.length === 1'

# Nothing of others steers the terminal.
printf '%s\n' '{"organisation":{"name":[{"text":"Evil","language":"en"}],"country":"JP","kind":"ORGANISATION_KIND_NGO","parent":{"name":[{"text":"quiet \u001b[31m needle\u001b]0;x\u0007 \u202elate","language":"en"}]}}}' >evil.jsonl
run 0 -C city import evil.jsonl
run 0 -C city publish
run 0 -C city search needle
! grep -q "$(printf '\033')" out || die 'an escape reached the terminal'
says '\[needle\]'

echo "search: $CHECKS checks"
