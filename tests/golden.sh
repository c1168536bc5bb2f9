#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A node of format 1 as an earlier build left it: this build reads, verifies and extends it. And nodes that may not be
# written: of a newer format, and on a disk that is mounted read-only.
# Usage: tests/golden.sh PROGRAM    (tests/data/golden-node-1.sh made the node)
set -eu
. tests/shell.sh
need node
DATA=$PWD/tests/data
cd "$WORK"

tar -xzf "$DATA/golden-node-1.tar.gz"
run 0 -C golden verify
run 0 -C golden export
same out "$DATA/golden-node-1.jsonl"
run 0 -C golden status --json 2>/dev/null || run 0 -C golden feeds --json
json "l.some((f) => f.staged === 1)"
# It was published from elsewhere, as far as this machine knows.
run 1 -C golden publish
complains 'nothing outside this node'
run 0 -C golden publish --offline
run 0 -C golden verify
run 0 -C golden export
head -n "$(wc -l <"$DATA/golden-node-1.jsonl")" out >old
same old "$DATA/golden-node-1.jsonl"
json 'l.length === 5'

# A format that is not known is left alone.
cp -a golden newer
echo 'hanse node 2' >newer/private/format
find newer -type f -exec cksum {} + | sort >before
for verb in list verify publish sync; do
    run 1 -C newer "$verb"
    complains 'format that this version does not know'
done
find newer -type f -exec cksum {} + | sort >after
same before after

# Read-only: what reads works, what writes says why not. Only root of its own mounts can try.
cat >readonly.sh <<'END'
mount --bind golden golden && mount -o remount,ro,bind golden golden || exit 77
for verb in list feeds verify status changes export publish; do
    code=0
    "$1" -C golden "$verb" >out.ro 2>err.ro || code=$?
    case $verb:$code in
    publish:1) grep -q 'node "golden" is read-only' err.ro || { echo "$verb says nothing useful:"; cat err.ro; exit 1; } ;;
    publish:*) echo "publish ends with $code on a read-only disk"; exit 1 ;;
    *:0) ;;
    *) echo "$verb fails:"; cat err.ro; exit 1 ;;
    esac
    echo "read-only $verb: exit code $code $(head -c 200 err.ro)"
done
END
code=77
if unshare -m true 2>/dev/null; then
    code=0
    unshare -m sh readonly.sh "$HANSE" 2>&1 || code=$?
fi
case $code in
0) ;;
1) [ "$(id -u)" -ne 0 ] || die 'a read-only node' ;;
*) echo 'skipped: a read-only node (mounts are not allowed)' ;;
esac
echo "$CHECKS checks"
