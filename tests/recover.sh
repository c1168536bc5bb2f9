#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A restored backup and a second copy of a node never fork the feed, and are brought back from a mirror.
# Usage: tests/recover.sh PROGRAM
set -eu
. tests/shell.sh
need node
cd "$WORK"
ORIGIN=city.example/hanse
FEED=$(printf %s "$ORIGIN" | sha256sum | cut -c 1-64)

stage() { # NODE NUMBER
    printf '{"organisation":{"name":[{"text":"Office %s","language":"en"}]}}\n' "$2" >record.jsonl
    run 0 -C "$1" import record.jsonl --json
    json 'l[0].staged === 1'
}
publish() { # NODE SIZE
    run 0 -C "$1" publish --json
    json "l[0].new_size === $2"
}

run 0 -C city init --origin "$ORIGIN"
stage city 1
publish city 2
KEY=$("$HANSE" -C city key show)
run 0 -C mirror init --origin mirror.example/hanse
run 0 -C mirror follow "file://$WORK/city/public/" --key "$KEY"
run 0 -C mirror sync

# A backup is taken; then something is staged in it that is published after the backup, and more is published.
stage city 2
cp -a city backup
publish city 3
stage city 3
publish city 4
run 0 -C mirror sync

# The backup is restored: it must not publish, and says why; nothing changes.
rm -rf city
cp -a backup city
stage city 4
cp -a city/public before
run 1 -C city publish
complains 'restored backup or a second copy'
complains 'hanse recover --from URL'
diff -r before city/public || die 'the refused publish changed public/'
run 0 -C city status --json
json 'l[0].staged === 2 || l[0].feeds[0].staged === 2'

# A mirror that is itself behind does not help, and is told so.
run 0 -C old init --origin old.example/hanse
cp -a backup/public old-copy
run 1 -C city recover --from "file://$WORK/old-copy/"
complains 'name a mirror that is newer'
run 1 -C city publish

# The mirror brings everything back; what it shows to be published is not published again, the rest is.
run 0 -C city recover --from "file://$WORK/mirror/public/$FEED/" --json
json 'l[0].result === "updated" && l[0].old_size === 2 && l[0].new_size === 4'
run 0 -C city verify
publish city 5
run 0 -C mirror sync --json
json 'l[0].result === "updated" && l[0].new_size === 5'
run 0 -C city export --json
json 'l.length === 4 && l.every((line) => line.revision === 1)'
run 0 -C mirror verify

# A second copy of the node: the one that publishes first goes on, the other is refused.
cp -a city second
stage city 5
stage second 6
publish city 6
run 1 -C second publish
complains 'second copy'

# Where nothing outside the node says that it is the newest, only --offline publishes, with a warning.
stage city 7
HOME=$WORK/another-machine
run 1 -C city publish
complains 'nothing outside this node says'
run 0 -C city publish --offline --json
complains 'warning'
json 'l[0].new_size === 7'
stage city 8
publish city 8
run 0 -C city verify

# A folder that lost everything but private/keys and its configuration comes back too.
run 0 -C mirror sync
rm -rf city/public city/private/index.sqlite*
run 0 -C city recover --from "file://$WORK/mirror/public/$FEED/" --json
json 'l[0].result === "updated" && l[0].new_size === 8'
run 0 -C city verify
stage city 9
publish city 9
run 0 -C mirror sync
run 0 -C mirror verify

# Damaged files are named by verify, and mended from the mirror.
SEGMENT=$(find city/public/hanse/public -type f | head -n 1)
flip_bit "$SEGMENT" 60
rm -r city/public/tile/0
run 3 -C city verify
complains 'segment "hanse/public/'
run 4 -C city recover --from "file://$WORK/nowhere/"
run 3 -C city verify
complains 'segment "hanse/public/'
run 0 -C city recover --from "file://$WORK/mirror/public/$FEED/" --json
json 'l[0].result === "updated" && l[0].new_size === 9'
run 0 -C city verify
stage city 10
publish city 10
run 0 -C mirror sync

# A checkpoint that somebody took away, or put an older one in its place, takes nothing with it.
cp city/public/checkpoint older
stage city 11
publish city 11
mv city/public/checkpoint newest
run 0 -C city status
run 3 -C city verify
run 0 -C city status
cp older city/public/checkpoint
run 0 -C city status
run 0 -C city status
stage city 12
run 1 -C city publish
complains 'has 10 entries, it had 11'
mv newest city/public/checkpoint
run 0 -C city verify
publish city 12
run 0 -C mirror sync
cp older city/public/checkpoint
run 0 -C city recover --from "file://$WORK/mirror/public/$FEED/" --json
json 'l[0].new_size === 12'
run 0 -C city verify
echo "$CHECKS checks"
