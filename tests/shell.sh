# SPDX-License-Identifier: Apache-2.0
# What the tests of the program share; to be sourced. Sets WORK, a folder that is removed at the end, with a home and
# servers that end with the test.
HANSE=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
WORK=$(mktemp -d)
HOME=$WORK
export HOME
unset HANSE_NODE XDG_STATE_HOME http_proxy https_proxy HTTPS_PROXY ALL_PROXY all_proxy
SERVERS=''
CHECKS=0

end_test() {
    code=$?
    for pid in $SERVERS; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$WORK"
    exit "$code"
}
trap end_test EXIT
trap 'exit 130' INT TERM

die() {
    printf 'FAILED: %s\n' "$*"
    for stream in out err; do
        [ ! -s "$WORK/$stream" ] || { echo "--- $stream"; head -n 20 "$WORK/$stream"; }
    done
    exit 1
}

# run CODE ARGUMENT...: the program must end with that code; its output is in $WORK/out and $WORK/err.
run() {
    wanted=$1
    shift
    got=0
    "$HANSE" "$@" >"$WORK/out" 2>"$WORK/err" </dev/null || got=$?
    CHECKS=$((CHECKS + 1))
    [ "$got" -eq "$wanted" ] || die "hanse $*: exit code $got, not $wanted"
}

# says PATTERN, complains PATTERN: stdout or stderr of the last run has a line that matches.
says() {
    CHECKS=$((CHECKS + 1))
    grep -qE -e "$1" "$WORK/out" || die "stdout has no line like: $1"
}
complains() {
    CHECKS=$((CHECKS + 1))
    grep -qE -e "$1" "$WORK/err" || die "stderr has no line like: $1"
}

# json EXPRESSION: stdout of the last run is JSON, one value a line; EXPRESSION about the array `l` of them must hold.
json() {
    CHECKS=$((CHECKS + 1))
    node -e 'const text = require("fs").readFileSync(process.argv[1], "utf8");
        const l = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
        if (!eval(process.argv[2])) { console.log("not so:", process.argv[2]); process.exit(1); }' \
        "$WORK/out" "$1" || die "the JSON is not as it should be"
}

# value EXPRESSION: prints what EXPRESSION about `l` gives.
value() {
    node -e 'const text = require("fs").readFileSync(process.argv[1], "utf8");
        const l = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
        console.log(eval(process.argv[2]));' "$WORK/out" "$1"
}

same() {
    CHECKS=$((CHECKS + 1))
    cmp -s "$1" "$2" || { diff "$1" "$2" | head -n 10; die "$1 and $2 differ"; }
}

# start_server NODE [ARGUMENT...]: serves on a free port; sets URL, PIN and SERVER (its process).
start_server() {
    served=$1
    shift
    # The line of an earlier server must not be taken for this one's.
    rm -f "$WORK/$served.ready"
    "$HANSE" -C "$WORK/$served" serve --listen 127.0.0.1:0 "$@" >"$WORK/$served.ready" 2>"$WORK/$served.log" &
    SERVER=$!
    SERVERS="$SERVERS $SERVER"
    tries=0
    until grep -qs '^serving ' "$WORK/$served.ready"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ] || ! kill -0 "$SERVER" 2>/dev/null; then
            cat "$WORK/$served.log"
            die "the server of $served did not start"
        fi
        sleep 0.1
    done
    grep -qE '^serving https://127\.0\.0\.1:[0-9]+/ pin sha256//[A-Za-z0-9+/]{43}=$' "$WORK/$served.ready" ||
        die "the ready line is: $(cat "$WORK/$served.ready")"
    URL=$(sed -n 's/^serving \([^ ]*\) pin .*/\1/p' "$WORK/$served.ready")
    PIN=$(sed -n 's/^serving .* pin //p' "$WORK/$served.ready")
}

# stop_server: ends the last one; it must end well.
stop_server() {
    CHECKS=$((CHECKS + 1))
    kill -TERM "$SERVER"
    got=0
    wait "$SERVER" || got=$?
    [ "$got" -eq 0 ] || die "the server ended with $got after SIGTERM"
}

# flip_bit FILE OFFSET
flip_bit() {
    byte=$(od -An -v -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    byte=$((byte % 2 ? byte - 1 : byte + 1))
    # shellcheck disable=SC2059
    printf "\\$(printf '%03o' "$byte")" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
    done
}
