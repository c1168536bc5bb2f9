#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A feed that lies at several servers, through the program: added, shown, served when the origin is down, dropped.
# Usage: tests/mirrors.sh PROGRAM
set -eu
. tests/shell.sh
need node
cd "$WORK"
ORIGIN=city.example/hanse
FEED=$(printf %s "$ORIGIN" | sha256sum | cut -c 1-64)

publish_office() { # NUMBER SIZE
    printf '{"organisation":{"name":[{"text":"Office %s","language":"en"}]}}\n' "$1" >record.jsonl
    run 0 -C city import record.jsonl
    run 0 -C city publish --json
    json "l[0].new_size === $2"
}

# A city with a server, somebody who follows it and serves too, and a reader.
run 0 -C city init --origin "$ORIGIN"
publish_office 1 2
KEY=$("$HANSE" -C city key show)
start_server city
CITY_URL=$URL CITY_PIN=$PIN
run 0 -C hub init --origin hub.example/hanse
run 0 -C hub follow "$CITY_URL" --key "$KEY" --pin "$CITY_PIN"
run 0 -C hub sync
stop_server
start_server hub
HUB_URL="$URL$FEED/" HUB_PIN=$PIN
run 0 -C reader init --origin reader.example/hanse

# What cannot be is refused.
run 1 -C reader follow "$HUB_URL" --mirror-of city --pin "$HUB_PIN"
complains 'follow the feed at its own address first'
run 0 -C reader follow "$CITY_URL" --key "$KEY" --pin "$CITY_PIN" --name city
run 2 -C reader follow "$HUB_URL" --mirror-of city --key "$KEY"
complains 'a mirror has the key'
run 2 -C reader follow "$HUB_URL" --mirror-of city --pin nonsense
run 1 -C reader follow "$CITY_URL" --mirror-of city
complains 'own address already'

# Without a mirror nothing comes from a city whose server is down; with one everything does.
run 4 -C reader sync --json
json 'l[0].result === "unreachable" && l[0].sources.length === 1'
run 0 -C reader follow "$HUB_URL" --mirror-of city --pin "$HUB_PIN" --json
json "l[0].feed === 'city' && l[0].mirror === '$HUB_URL'"
run 0 -C reader feeds
says "^ +mirror: $HUB_URL  not asked yet\$"
run 0 -C reader sync --json
json 'l[0].result === "updated" && l[0].new_size === 2'
json "l[0].source === '$HUB_URL' && l[0].sources.map((s) => s.result).join() === 'unreachable,updated'"
complains "at $CITY_URL: unreachable: "
run 0 -C reader verify
run 0 -C reader feeds --json
json "l[1].url_result === 'unreachable' && l[1].mirrors[0].url === '$HUB_URL' && l[1].mirrors[0].last_result === 'updated'"
run 0 -C reader status
says 'its own address is unreachable'

# A mirror with nothing new is no word of the origin: when that was last heard decides.
run 0 -C reader sync --json
json 'l[0].result === "current" && l[0].source === l[0].sources[1].url'
sleep 1.1
run 4 -C reader sync --max-stale 0s
complains 'its mirrors may stand still'
run 0 -C reader sync --max-stale 1h

# A folder is a mirror, too; asked in order, the first that has something new serves.
publish_office 2 3
mkdir stick
cp -a city/public stick/city
run 0 -C reader follow "file://$WORK/stick/city/" --mirror-of "$ORIGIN"
run 0 -C reader sync --json
json 'l[0].result === "updated" && l[0].new_size === 3'
json 'l[0].sources.map((s) => s.result).join() === "unreachable,current,updated"'
run 0 -C reader sync --json
json 'l[0].result === "current" && l[0].sources.map((s) => s.result).join() === "unreachable,stale,current"'

# Dropped alone, or with its feed, whose line to undo it names them.
run 1 -C reader unfollow city --mirror https://nowhere.example/
run 0 -C reader unfollow city --mirror "file://$WORK/stick/city/"
run 0 -C reader feeds --json
json 'l[1].mirrors.length === 1'
run 0 -C reader unfollow city
says '^undo: hanse follow '
says "^ +hanse follow $HUB_URL --mirror-of 'city' --pin 'sha256//"
run 0 -C reader feeds --json
json 'l.length === 1'
echo "$CHECKS checks"
