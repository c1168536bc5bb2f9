#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Readers go on while other processes import, publish and sync, and are killed in between: they never fail, never see a
# half of what one publish or sync brings, and never less than before. Two writers at once: one waits, or says so.
# Usage: tests/processes.sh PROGRAM [ROUNDS]
set -eu
. tests/shell.sh
need node
ROUNDS=${2:-9}
BATCH=5
cd "$WORK"
mkdir batches seen

run 0 -C city init --origin city.example/hanse
run 0 -C city publish
run 0 -C city key show
KEY=$(cat out)
run 0 -C office init --origin office.example/hanse
run 0 -C office follow "file://$WORK/city/public" --key "$KEY" --name city
number=0
while [ "$number" -lt $((ROUNDS * 2 * BATCH)) ]; do
    printf '{"header":{"identifiers":[{"scheme":"ORGID","value":"XX-%d"}]},"organisation":{"orgType":{"scheme":"IATI-ORGTYPE","code":"22"},"country":"JP","kind":"ORGANISATION_KIND_NETWORK_SECRETARIAT","name":[{"language":"en","text":"Office %d"}]}}\n' "$number" "$number" >>"batches/$((number / BATCH))"
    number=$((number + 1))
done

# A reader of NODE until the file `stop` is there; what goes wrong is in the file of its name.
reader() { # NAME NODE
    least=0
    cursor=''
    while [ ! -e stop ]; do
        for verb in 'list --json' 'export' 'changes --json' 'verify --json' 'status' 'feeds' 'show ORGID:XX-0' 'log ORGID:XX-0'; do
            code=0
            # shellcheck disable=SC2086
            "$HANSE" -C "$2" $verb >"$1.out" 2>"$1.err" </dev/null || code=$?
            case $verb:$code in
            *:0) ;;
            # Not there yet.
            show*:1 | log*:1) [ "$least" -eq 0 ] || { echo "$verb: $(cat "$1.err")"; return 1; } ;;
            *) echo "$verb ends with $code: $(cat "$1.err")"; return 1 ;;
            esac
            case $verb in
            list*)
                count=$(wc -l <"$1.out")
                [ $((count % BATCH)) -eq 0 ] || { echo "half of a publish: $count records"; return 1; }
                [ "$count" -ge "$least" ] || { echo "$count records after $least"; return 1; }
                least=$count
                ;;
            changes*)
                count=$(wc -l <"$1.out")
                [ "$count" -ge "$least" ] || { echo "$count changes after $least records"; return 1; }
                ;;
            esac
        done
        echo x >>"seen/$1"
    done
}

start_reader() { # NAME NODE
    reader "$1" "$2" >"$1.wrong" 2>&1 &
    READERS="$READERS $!"
}

# Runs a writer and kills it after a while: SECONDS of 0 lets it end.
writer() { # SECONDS ARGUMENT...
    wait_s=$1
    shift
    if [ "$wait_s" = 0 ]; then
        run 0 "$@"
        return
    fi
    "$HANSE" "$@" >killed.out 2>&1 </dev/null &
    victim=$!
    sleep "$wait_s"
    kill -KILL "$victim" 2>/dev/null || true
    wait "$victim" 2>/dev/null || true
}

READERS=''
start_reader city1 city
start_reader city2 city
start_reader office1 office
round=0
while [ "$round" -lt "$ROUNDS" ]; do
    # Every third round writers are killed, each time a little later.
    pause=0
    [ $((round % 3)) -ne 2 ] || pause=0.0$((round * 7 % 9 + 1))
    writer "$pause" -C city import "batches/$round"
    run 0 -C city import "batches/$round"
    writer "$pause" -C city publish
    run 0 -C city publish
    writer "$pause" -C office sync
    run 0 -C office sync
    round=$((round + 1))
done

# Two at once, of each kind: both are right, the second waits.
"$HANSE" -C city import "batches/$round" >one.out 2>&1 &
one=$!
run 0 -C city import "batches/$((round + 1))"
wait "$one" || die "an import beside another: $(cat one.out)"
"$HANSE" -C city publish >one.out 2>&1 &
one=$!
run 0 -C city publish
wait "$one" || die "a publish beside another: $(cat one.out)"
"$HANSE" -C office sync >one.out 2>&1 &
one=$!
run 0 -C office sync
wait "$one" || die "a sync beside another: $(cat one.out)"
touch stop
for pid in $READERS; do
    wait "$pid" || die "a reader: $(cat ./*.wrong)"
done

for node in city office; do
    run 0 -C "$node" verify
    run 0 -C "$node" list --json
    json "l.length === $(((ROUNDS + 2) * BATCH)) && new Set(l.map((r) => r.id)).size === l.length"
done
run 0 -C city status
says 'staged +0 changes'

# Who holds the lock for long is named, and nothing is broken by waiting.
mkfifo input
"$HANSE" -C city import - <input >held.out 2>&1 &
holder=$!
SERVERS="$SERVERS $holder"
exec 3>input
cat "batches/$((ROUNDS + 2))" >&3
tries=0
until [ -s city/private/staging.sqlite-wal ] || [ -e city/private/staging.sqlite-shm ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || die 'the import does not begin'
    sleep 0.1
done
sleep 1
run 1 -C city publish
complains 'node is in use: another process holds "city/private/lock"'
run 0 -C city list
exec 3>&-
wait "$holder" || die "the import that was waited for: $(cat held.out)"
run 0 -C city publish
run 0 -C city verify
echo "$CHECKS checks, $(cat seen/* | wc -l) rounds of readers"
