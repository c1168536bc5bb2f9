#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A node that who runs this may read and not write: what reads works and leaves no trace, what must write says why it
# cannot. Also while its owner has it open, and after its owner was killed.
# Usage: tests/read_only.sh PROGRAM
set -eu
. tests/shell.sh
need setpriv
cd "$WORK"
chmod 755 .

line() {
    printf '{"header":{"identifiers":[{"scheme":"ORGID","value":"XX-%d"}]},"organisation":{"orgType":{"scheme":"IATI-ORGTYPE","code":"22"},"country":"JP","kind":"ORGANISATION_KIND_NETWORK_SECRETARIAT","name":[{"language":"en","text":"Office %d"}]}}\n' "$1" "$1"
}
run 0 -C city init --origin city.example/hanse
line 1 >a.jsonl
run 0 -C city import a.jsonl
run 0 -C city publish
line 2 >b.jsonl
run 0 -C city import b.jsonl
run 0 -C city key show
KEY=$(cat out)
run 0 -C office init --origin office.example/hanse
run 0 -C office publish
run 0 -C office follow "file://$WORK/city/public" --key "$KEY" --name city
run 0 -C office sync

# A user without rights: another one than root, or one whose folders are not writable.
if [ "$(id -u)" -eq 0 ]; then
    lock_out() { chmod -R a+rX "$1"; }
    as_reader() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
    as_reader "$HANSE" version >/dev/null 2>&1 || { echo 'skipped: another user cannot run the program'; exit 77; }
else
    lock_out() { chmod -R a+rX,a-w "$1"; }
    as_reader() { "$@"; }
fi
let_in() { chmod -R u+w "$1"; }

# reader CODE ARGUMENT...: as run, but without rights.
reader() {
    wanted=$1
    shift
    got=0
    as_reader "$HANSE" "$@" >out 2>err </dev/null || got=$?
    CHECKS=$((CHECKS + 1))
    [ "$got" -eq "$wanted" ] || die "without rights, hanse $*: exit code $got, not $wanted"
}

traces() { # NODE: names, sizes and content of all in it
    find "$1" -type f ! -name '*-shm' -exec cksum {} + | sort
}

reads() { # NODE RECORDS
    reader 0 -C "$1" list --json
    json "l.length === $2"
    reader 0 -C "$1" show ORGID:XX-1 --json
    json 'l.length === 1'
    reader 0 -C "$1" log ORGID:XX-1
    reader 0 -C "$1" export
    reader 0 -C "$1" verify
    reader 0 -C "$1" status
    reader 0 -C "$1" feeds
    reader 0 -C "$1" changes --json
    reader 0 -C "$1" key show
    reader 0 -C "$1" diff
}

copies() { # NODE
    rm -rf stick
    mkdir stick
    chmod 777 stick
    reader 0 -C "$1" copy --to stick/copy
    rm -rf stick
}

writes() { # NODE ARGUMENT...
    where=$1
    shift
    reader 1 -C "$where" "$@"
    complains "^hanse: node \"$where\" is read-only here: it belongs to another user, or its disk is not writable\$"
}

for node in city office; do
    traces "$node" >before
    lock_out "$node"
    reads "$node" 1
    copies "$node"
    writes "$node" publish
    writes "$node" import a.jsonl
    writes "$node" put b.jsonl
    writes "$node" withdraw ORGID:XX-1 --reason error
    writes "$node" discard --all
    writes "$node" recover --from file:///nowhere/
    let_in "$node"
    traces "$node" >after
    same before after
    [ ! -e "$node/private/index.sqlite-shm" ] || die "reading $node left a file"
done
lock_out office
writes office sync
writes office follow "file://$WORK/city/public" --key "$KEY"
writes office unfollow city
reader 1 -C office doctor
says 'disk-denied|disk-read-only'
let_in office

# What is ready is searched, and what is not is said.
lock_out city
reader 0 -C city search office
complains 'entries are not looked through'
reader 1 -C city search --update
let_in city
run 0 -C city search --update
traces city >before
lock_out city
reader 0 -C city search office --json
json 'l.length === 1 && l[0].marks.length === 1'
let_in city
traces city >after
same before after

# While the owner has it open: an import waits for its input. Then it is killed.
mkfifo input
"$HANSE" -C city import - <input >import.out 2>&1 &
importer=$!
SERVERS="$SERVERS $importer"
exec 3>input
line 3 >&3
tries=0
until [ -e city/private/staging.sqlite-shm ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || die 'the import does not begin'
    sleep 0.1
done
lock_out city
reads city 1
let_in city
kill -KILL "$importer"
wait "$importer" 2>/dev/null || true
exec 3>&-
lock_out city
reads city 1
let_in city

# A log with content and without its index can be taken over by who may write only.
run 0 -C city list
cp -a city broken
printf 'a log that nobody can read without writing beside it' >broken/private/index.sqlite-wal
lock_out broken
reader 1 -C broken list
complains 'its log holds changes'
let_in broken

# Not even to be read.
chmod 700 city/private
if [ "$(id -u)" -eq 0 ]; then
    reader 1 -C city list
    complains 'denied'
fi
run 0 -C city publish
run 0 -C city verify
echo "$CHECKS checks"
