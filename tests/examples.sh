#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The programs of examples/c, built against an installed tree as a stranger builds them, do what they say.
# Usage: tests/examples.sh PROGRAM BUILD_DIR
set -eu
. tests/shell.sh
need node
BUILD=$(cd "$2" && pwd)
SOURCE=$PWD
cd "$WORK"

cmake --install "$BUILD" --prefix "$WORK/prefix" >/dev/null
cmake -G Ninja -S "$SOURCE/examples/c" -B "$WORK/examples" -DCMAKE_PREFIX_PATH="$WORK/prefix" \
    -DCMAKE_C_FLAGS='-Wall -Wextra -Wpedantic -Werror' >/dev/null
cmake --build "$WORK/examples" >build.log || { cat build.log; die 'the examples do not build'; }

# example CODE NAME ARGUMENT...: as run, for a program of the examples.
example() {
    wanted=$1 name=$2
    shift 2
    got=0
    "$WORK/examples/$name" "$@" >out 2>err || got=$?
    CHECKS=$((CHECKS + 1))
    [ "$got" -eq "$wanted" ] || die "$name $*: exit code $got, not $wanted"
}

ORIGIN=city.example/hanse
example 2 publish
complains '^usage: publish '
example 0 publish city "$ORIGIN" A-17 'Compost for school gardens'
says "^hanse:$ORIGIN/"
says '^published in a feed of 2 entries$'
ID=$(head -n 1 out)
example 0 publish city "$ORIGIN" A-17 'Compost for school gardens'
says '^unchanged in a feed of 2 entries$'
example 0 publish city "$ORIGIN" A-17 'Compost for all gardens'
[ "$(head -n 1 out)" = "$ID" ] || die 'the same number made another record'
says '^published in a feed of 3 entries$'
example 1 publish city Nonsense! A-18 'No origin'
complains 'Nonsense!'
run 0 -C city verify

run 0 -C city key show
KEY=$(cat out)
start_server city
run 0 -C office init --origin office.example/hanse
example 0 follow office "$URL" "$KEY" "$PIN"
says "^$ORIGIN: updated, 3 entries, [0-9]+ bytes in [0-9]+ requests\$"
says "^$ID revision 2: Compost for all gardens\$"
example 0 follow office "$URL" "$KEY" "$PIN"
says "^$ORIGIN: current, 3 entries, [0-9]+ bytes in 1 requests\$"

run 0 -C office prove "$ID"
cp out proof
example 0 check_proof proof "$KEY"
says "^feed $ORIGIN, signed with 3 entries\$"
says "^record $ID of kind Project, published in entry 2\$"
run 0 -C office key show
example 1 check_proof proof "$(cat out)"
complains '\(bad-signature\)$'
flip_bit proof 40
example 1 check_proof proof "$KEY"

stop_server
example 1 follow office "$URL" "$KEY" "$PIN"
says "^$ORIGIN: unreachable, 3 entries"
says "^$ID revision 2: Compost for all gardens\$"

echo "$CHECKS checks"
