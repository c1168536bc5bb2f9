#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Made golden-node-1.tar.gz and golden-node-1.jsonl, once, with the first version of the node format: a feed with four
# records, one of them in its second revision, and one staged change. Never make them again: old nodes are what they are.
# Usage: tests/data/golden-node-1.sh PROGRAM OUT_DIR
set -eu
HANSE=$1
OUT=$2
WORK=$(mktemp -d)
export HOME="$WORK"
cd "$WORK"
office() {
    printf '{"header":{"identifiers":[{"scheme":"ORGID","value":"XX-%d"}]},"organisation":{"orgType":{"scheme":"IATI-ORGTYPE","code":"22"},"country":"JP","kind":"ORGANISATION_KIND_NETWORK_SECRETARIAT","name":[{"language":"en","text":"%s %d"}]}}\n' "$1" "$2" "$1"
}
"$HANSE" -C golden init --origin golden.example/hanse --title 'Golden City' --language en
for i in 1 2 3; do office "$i" Office; done | "$HANSE" -C golden import -
"$HANSE" -C golden publish
office 2 'Renamed office' | "$HANSE" -C golden import -
"$HANSE" -C golden publish
office 4 Office | "$HANSE" -C golden import -
"$HANSE" -C golden export >"$OUT/golden-node-1.jsonl"
rm -f golden/private/*-shm golden/private/lock
tar --sort=name --owner=0 --group=0 --numeric-owner -czf "$OUT/golden-node-1.tar.gz" golden
rm -rf "$WORK"
