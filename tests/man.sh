#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages are made: one for each verb of the program, without a fault of form, with every word of the manual.
# Usage: tests/man.sh PROGRAM
set -eu
. tests/shell.sh
need awk
scripts/man "$WORK/man" 1.2.3
run 0 --help
for verb in $(sed -n '/^verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$WORK/out"); do
    CHECKS=$((CHECKS + 1))
    grep -q '^hanse' "$WORK/man/hanse-$verb.1" || die "there is no manual page for the verb $verb"
done
grep -q '^\.TH HANSE 1 "" "Hanse 1\.2\.3"' "$WORK/man/hanse.1" || die 'the version is missing'

for verb in sync follow key; do
    CHECKS=$((CHECKS + 1))
    grep -q '^\.SH SYNOPSIS' "$WORK/man/hanse-$verb.1" || [ "$verb" = key ] || die "hanse-$verb.1 has no synopsis"
    sed -n 3p "$WORK/man/hanse-$verb.1" | grep -q "^hanse-$verb .- [a-z]" || die "hanse-$verb.1 does not say what it does"
done
! grep -q '^#' "$WORK"/man/*.1 || die 'marks of headings stay'

words() { tr -cs 'A-Za-z0-9' '\n' | grep -E '^[A-Za-z]{4,}$' | tr A-Z a-z | sort -u; }
# The targets of links go, and the title.
# Headings of tables go, too.
awk 'NR > 1 { if (!/^\|[-| ]*\|$/) print last; last = $0 } NR == 1 { last = $0 } END { print last }' docs/manual.md | sed '1d; s/\](\([^)]*\))/]/g' | words >"$WORK/wanted"
sed 's/\\f[BR]//g; s/\\(bu//g; s/\\//g' "$WORK/man/hanse.1" | words >"$WORK/found"
comm -23 "$WORK/wanted" "$WORK/found" >"$WORK/lost"
[ ! -s "$WORK/lost" ] || die "words of the manual are lost: $(tr '\n' ' ' <"$WORK/lost")"

if command -v groff >/dev/null && ls /usr/share/groff/*/tmac/an*.tmac >/dev/null 2>&1; then
    for page in "$WORK"/man/*.1; do
        groff -Kutf8 -man -ww -Tutf8 "$page" >"$WORK/out" 2>"$WORK/err" || die "groff refuses ${page##*/}"
        [ ! -s "$WORK/err" ] || die "groff complains about ${page##*/}"
        CHECKS=$((CHECKS + 1))
    done
else
    echo 'groff is not installed: the form of the pages is not checked'
fi
echo "$CHECKS checks"
