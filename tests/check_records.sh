#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs/records.md is what scripts/records makes, and no number of a field or value was given another meaning: what
# tests/data/fields.txt lists is still so, or reserved.
# Usage: tests/check_records.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

scripts/records >"$work/records.md"
cmp -s "$work/records.md" docs/records.md || {
    diff -u docs/records.md "$work/records.md" | head -n 20
    echo 'docs/records.md is not current: run scripts/records --write'
    failed=1
}
compare() { LC_ALL=C awk -f scripts/records_compare.awk tests/data/fields.txt "$1"; }
scripts/records --fields >"$work/now"
compare "$work/now" >"$work/out" || { cat "$work/out"; failed=1; }

# The comparison sees each way to break the rule.
refuses() { # SED_EXPRESSION MESSAGE
    sed -e "$1" "$work/now" >"$work/broken"
    ! cmp -s "$work/now" "$work/broken" || { echo "'$1' changes nothing"; failed=1; }
    if compare "$work/broken" >"$work/out"; then
        echo "'$1' was not refused"
        failed=1
    fi
    grep -q "$2" "$work/out" || { echo "'$1' gives another message:"; cat "$work/out"; failed=1; }
}
refuses 's/^Project 3 singular ProjectStatus status$/Project 97 singular ProjectStatus status/' 'is gone; write "reserved"'
refuses 's/^Project 3 singular ProjectStatus status$/Project 3 singular string status/' 'is now: Project 3 singular string status'
refuses 's/^Project 3 singular ProjectStatus/Project 3 repeated ProjectStatus/' 'is now: Project 3 repeated'
refuses 's/^Project 3 singular ProjectStatus status$/Project 3 singular ProjectStatus state/' 'is now: Project 3 singular ProjectStatus state'
refuses '/^Project 3 singular/d' 'is gone'
refuses 's/^ProjectStatus = 4 .*/ProjectStatus = 4 PROJECT_STATUS_OVER/' 'is now: ProjectStatus = 4'
refuses 's/^Project 4 repeated ProjectDate dates/Project 3 repeated ProjectDate dates/' 'is given twice'
refuses '$s/$/\nProject 99 singular string later/' 'is not listed'
# A field that was given up is no breach, and its number stays taken.
sed 's/^Project 3 singular.*/Project 3 reserved/' "$work/now" >"$work/reserved"
compare "$work/reserved" >"$work/out" || { cat "$work/out"; failed=1; }
LC_ALL=C awk -f scripts/records_compare.awk "$work/reserved" "$work/now" >"$work/out" &&
    { echo 'a reserved number was given again'; failed=1; }

[ "$failed" -eq 0 ] || exit 1
echo "$(wc -l <"$work/now") numbers are as they were given, docs/records.md is current"
