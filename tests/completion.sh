#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Completion in bash offers what the program has: its verbs, the options of a verb, feeds and staged records of the node.
# Usage: tests/completion.sh PROGRAM
set -eu
. tests/shell.sh
need bash
PATH=$(dirname "$HANSE"):$PATH
SOURCE=$PWD
export PATH SOURCE
cd "$WORK"

# offers WORD...: what bash would offer for the last of the words, in $WORK/out.
offers() {
    bash -c 'source "$SOURCE/packaging/completion/hanse.bash"
        COMP_WORDS=(hanse "$@") COMP_CWORD=$#
        _hanse && printf "%s\n" "${COMPREPLY[@]}"' complete "$@" >"$WORK/out" 2>"$WORK/err" || die "completion of: $*"
    [ ! -s "$WORK/err" ] || die "completion of '$*' complains"
}

run 0 --help
sed -n '/^verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' out | sort >verbs
[ "$(wc -l <verbs)" -gt 20 ] || die 'the help lists too few verbs'
offers ''
sort out >offered
same verbs offered
offers pub
says '^publish$'
[ "$(wc -l <out)" -eq 1 ] || die 'more than publish begins with pub'
while read -r verb; do
    run 0 "$verb" --help
    sed -n '/^options:/,$s/^  \(--[a-z-]*\).*/\1/p' out | sort >options
    offers "$verb" -
    sort out >offered
    same options offered
done <verbs

run 0 -C city init --origin city.example/hanse --title City
run 0 -C office init --origin office.example/hanse
run 0 -C city key show
KEY=$(cat out)
run 0 -C office follow "file://$WORK/city/public/" --key "$KEY" --name harbour
offers -C office sync h
says '^harbour$'
offers -C office list --feed ''
says '^harbour$'
HANSE_NODE=office offers unfollow ''
says '^harbour$'
[ "$(wc -l <out)" -eq 1 ] || die 'a feed of its own is offered for unfollow'
offers -C office list --kind ''
[ ! -s out ] || [ -z "$(cat out)" ] || die 'files are offered as kinds'
run 0 -C city diff --json
ID=$(sed 's/^{"id": "[^"]*\/\([^"]*\)".*/\1/' out)
offers -C city discard ''
says "^$ID\$"
mkdir folder
offers -C f
says '^folder$'
offers -C city import "$SOURCE/examples/data/sec"
says 'secretariat\.jsonl$'
offers nonsense --x
echo "$CHECKS checks"
