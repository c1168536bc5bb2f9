#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Quotas of followed feeds: given, shown, kept to, raised, taken away, and part of the line that undoes an unfollow.
# Usage: tests/quota.sh PROGRAM
set -eu
. tests/shell.sh
need node
cd "$WORK"

publish_office() { # NUMBER SIZE
    printf '{"organisation":{"name":[{"text":"Office %s","language":"en"}]}}\n' "$1" >record.jsonl
    run 0 -C city import record.jsonl
    run 0 -C city publish --json
    json "l[0].new_size === $2"
}

run 0 -C city init --origin city.example/hanse
publish_office 1 2
KEY=$("$HANSE" -C city key show)
run 0 -C reader init --origin reader.example/hanse

follow() { # OPTION...
    run 0 -C reader follow "file://$WORK/city/public/" --key "$KEY" "$@"
}

# What is no amount is refused before anything is followed.
for bad in 0 -1 many 1.5M 99999999999999999999; do
    run 2 -C reader follow "file://$WORK/city/public/" --key "$KEY" --max-entries "$bad"
    complains "'$bad' is no amount"
    run 2 -C reader follow "file://$WORK/city/public/" --key "$KEY" --max-bytes "$bad"
done
run 0 -C reader feeds --json
json 'l.length === 1 && l[0].max_entries === null'

# Within the quota all is as ever; one entry beyond it stays out, and what is held stays.
run 0 -C reader follow "file://$WORK/city/public/" --key "$KEY" --max-entries 2 --max-bytes 20k --json
json 'l[0].max_entries === 2 && l[0].max_bytes === 20000'
run 0 -C reader feeds
says '^ +quota: 2 entries, 20\.0 kB$'
run 0 -C reader feeds --json
json 'l[1].max_entries === 2 && l[1].max_bytes === 20000'
run 0 -C reader sync --json
json 'l[0].result === "updated" && l[0].new_size === 2'
publish_office 2 3
run 1 -C reader sync --json
json 'l[0].result === "over-limit" && l[0].new_size === 2 && /quota here is 2/.test(l[0].message)'
complains 'follow it again with a higher one'
run 0 -C reader verify
run 0 -C reader status
says 'over-limit'

# Raised, or taken away by following again without it, the sync goes on.
follow --max-entries 3 --max-bytes 10
run 1 -C reader sync --json
json 'l[0].result === "over-limit" && l[0].new_size === 2'
follow
run 0 -C reader feeds --json
json 'l[1].max_entries === null && l[1].max_bytes === null'
run 0 -C reader sync --json
json 'l[0].result === "updated" && l[0].new_size === 3'

# A quota below what is held cuts nothing off.
follow --max-entries 1 --max-bytes 1
run 0 -C reader sync --json
json 'l[0].result === "current" && l[0].new_size === 3'

# The line that undoes an unfollow carries it.
run 0 -C reader unfollow city.example/hanse
says "^undo: hanse follow file://.* --max-entries 1 --max-bytes 1$"
echo "$CHECKS checks"
