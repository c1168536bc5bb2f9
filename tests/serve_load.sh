#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `hanse serve` as it comes, with few open files allowed at first, under a thousand clients that dawdle: others are served,
# the deadline ends the slow ones, requests are logged, and it stops well in the middle of it.
# Usage: tests/serve_load.sh PROGRAM
set -eu
. tests/shell.sh
need node
cd "$WORK"
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 4300 ] || { echo 'skipped: too few open files are allowed'; exit 77; }
run 0 -C city init --origin city.example/hanse
KEY=$("$HANSE" -C city key show)
run 0 -C office init --origin office.example/hanse
cat >dawdle.mjs <<'END'
// dawdle.mjs PORT: opens a thousand connections, silent or with the beginning of a handshake; says "there" when all
// are, "gone" when the server has ended all of them, and how many it ended too early.
import net from 'node:net';
const hello = Buffer.from('16030102000100' + '01fc0303', 'hex');
let open = 0, closed = 0, early = 0;
for (let i = 0; i < 1000; i++) {
    const socket = net.connect(Number(process.argv[2]), '127.0.0.1', () => {
        if (i % 2) socket.write(hello);
        if (++open === 1000) console.log('there');
    });
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => {
        if (open < 1000) early++;
        if (++closed === 1000) console.log(`gone ${early}`);
    });
}
END
wait_for() { # PATTERN FILE TENTHS
    tries=0
    until grep -q "$1" "$2"; do
        tries=$((tries + 1))
        [ "$tries" -lt "$3" ] || die "no $1 in $2"
        sleep 0.1
    done
    CHECKS=$((CHECKS + 1))
}
dawdle() {
    : >dawdle.out
    node dawdle.mjs "$(echo "$URL" | sed 's|.*:\([0-9]*\)/|\1|')" >dawdle.out 2>&1 &
    SERVERS="$SERVERS $!"
    wait_for there dawdle.out 300
}

ulimit -Sn 256
start_server city --log
ulimit -Sn "$(ulimit -Hn)"
run 0 -C office follow "$URL" --key "$KEY" --pin "$PIN"
dawdle
for i in 1 2 3; do
    run 0 -C office sync --json
    json 'l[0].result === "current" || l[0].result === "updated"'
done
wait_for 'gone 0' dawdle.out 450
run 0 -C office sync
CHECKS=$((CHECKS + 1))
grep -qE '^20[0-9-]+T[0-9:]+Z 127\.0\.0\.1 GET /checkpoint (200|304) [0-9]+$' city.log || die "no request is logged: $(cat city.log)"
dawdle
stop_server
wait_for gone dawdle.out 300
echo "$CHECKS checks"
