#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program with system calls that kill it or fail: afterwards the node is intact, nothing is lost or twice, and who
# asked was told the truth. What a power loss leaves is the business of tests/test_crash.c.
# Usage: tests/inject.sh PROGRAM [full]    full: every call; without it some of them
set -eu
. tests/shell.sh
need strace node
SOURCE=$PWD
FULL=${2:-}
cd "$WORK"
strace -e trace=none -e inject=fsync:error=EIO:when=1 true 2>/dev/null || { echo 'skipped: strace may not trace here'; exit 77; }

CALLS='openat pwrite64 write fsync fdatasync syncfs rename ftruncate unlink mkdir fcntl read pread64'
ORIGIN=city.example/hanse

lines() { # FIRST LAST
    i=$1
    while [ "$i" -le "$2" ]; do
        printf '{"header":{"identifiers":[{"scheme":"ORGID","value":"XX-%d"}]},"organisation":{"orgType":{"scheme":"IATI-ORGTYPE","code":"22"},"country":"JP","kind":"ORGANISATION_KIND_NETWORK_SECRETARIAT","name":[{"language":"en","text":"Office %d"}]}}\n' "$i" "$i"
        i=$((i + 1))
    done
}

# The start of each case: a city with 4 records published and 3 staged, an office that follows an older state of it.
mkdir base
HOME=$WORK/base/home
mkdir "$HOME"
run 0 -C base/city init --origin "$ORIGIN"
lines 1 2 >a.jsonl
lines 3 4 >b.jsonl
lines 5 7 >c.jsonl
lines 8 10 >d.jsonl
run 0 -C base/city import a.jsonl
run 0 -C base/city publish
run 0 -C base/city key show
KEY=$(cat out)
run 0 -C base/office init --origin office.example/hanse
run 0 -C base/office follow "file://$WORK/base/city/public" --key "$KEY" --name city
run 0 -C base/office sync
run 0 -C base/city import b.jsonl
run 0 -C base/city publish
run 0 -C base/city import c.jsonl
lines=$(wc -l <c.jsonl)
[ "$lines" -eq 3 ]

POINTS=0
records() { # NODE COUNT: so many records, each once
    run 0 -C "case/$1" list --json
    json "l.length === $2 && new Set(l.map((r) => r.id)).size === $2"
}

# Runs the command of a case; KIND is the injection, `none` for a clean run.
attempt() { # COMMAND CALL KIND NUMBER
    rm -rf case
    cp -a base case
    HOME=$WORK/case/home
    case $1 in
    publish) set -- "$2" "$3" "$4" -C case/city publish ;;
    import) set -- "$2" "$3" "$4" -C case/city import d.jsonl ;;
    sync) set -- "$2" "$3" "$4" -C case/office sync ;;
    esac
    call=$1 kind=$2 number=$3
    shift 3
    GOT=0
    if [ "$kind" = none ]; then
        strace -f -o log -e trace="$(echo "$CALLS" | tr ' ' ',')" "$HANSE" "$@" >out 2>err </dev/null || GOT=$?
    else
        strace -f -o log -e trace="$call" -e inject="$call:$kind:when=$number" "$HANSE" "$@" >out 2>err </dev/null || GOT=$?
    fi
}

settled() { # COMMAND: what is true afterwards, whatever happened
    run 0 -C case/city verify
    run 0 -C case/office verify
    case $1 in
    publish)
        run 0 -C case/city publish
        records city 7
        ;;
    import)
        run 0 -C case/city import d.jsonl
        run 0 -C case/city publish
        records city 10
        ;;
    sync)
        run 0 -C case/office sync
        records office 4
        ;;
    esac
    run 0 -C case/city verify
    run 0 -C case/office verify
}

# Who was told that the work is done finds it done without doing it again.
is_done() { # COMMAND
    case $1 in
    publish) records city 7 ;;
    import)
        run 0 -C case/city publish
        records city 10
        ;;
    sync)
        # A source that cannot be reached is no failure of the node: it is told, and tried again.
        grep -q ' unreachable ' said || records office 4
        ;;
    esac
}

for command in ${HANSE_INJECT:-publish import sync}; do
    attempt "$command" none none 0
    [ "$GOT" -eq 0 ] || die "a clean $command fails"
    cp log clean
    for call in $CALLS; do
        # Only from the first that has to do with the node: before that the program is loaded.
        total=$(grep -cE "^[0-9]+ +$call\\(" clean) || continue
        first=$(awk -v call="$call" '/case\// { ours = 1 } $2 ~ "^" call "\\(" { n++; if (ours) { print n; exit } }' clean)
        [ -n "$first" ] || continue
        for kind in signal=KILL error=EIO error=ENOSPC error=EMFILE; do
            case $call:$kind in
            openat:error=EMFILE | openat:error=ENOSPC | *:signal=KILL | [!o]*:error=EIO | pwrite64:error=ENOSPC | write:error=ENOSPC | mkdir:error=ENOSPC | rename:error=ENOSPC) ;;
            *) continue ;;
            esac
            step=1
            [ -n "$FULL" ] || step=$((total - first + 1))
            number=$first
            [ -n "$FULL" ] || number=$((first + (POINTS % step)))
            while [ "$number" -le "$total" ]; do
                attempt "$command" "$call" "$kind" "$number"
                POINTS=$((POINTS + 1))
                what="$command, $call number $number of $total, $kind"
                cp out said
                case $kind:$GOT in
                signal=KILL:137 | error=*:1) ;;
                error=*:[234]) ;;
                *:0) ( is_done "$command" ) || die "$what: said to be done" ;;
                *) die "$what: exit code $GOT" ;;
                esac
                if [ "$GOT" -ge 1 ] && [ "$GOT" -le 4 ]; then
                    [ -s err ] || [ -s out ] || die "$what: nothing was said"
                    cp err told
                fi
                ( settled "$command" ) || die "$what (exit code $GOT): $(cat told 2>/dev/null)"
                number=$((number + step))
            done
        done
    done
done
echo "$POINTS points of injection tried"
