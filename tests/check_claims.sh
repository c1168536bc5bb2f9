#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs/security.md claims only what is tested: each test file that it names is there, and holds each case named behind it.
# Usage: tests/check_claims.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
claims=$(mktemp)
trap 'rm -f "$claims"' EXIT
awk '/^\*\*Tests:\*\*/ { inside = 1 } /^$/ { if (inside) print ""; inside = 0 } inside { printf "%s ", $0 } END { print "" }' \
    docs/security.md | sed -e 's/\*\*Tests:\*\*//' -e 's/`tests/\n&/g' | grep '^`tests' >"$claims"
failed=0
count=0
while IFS= read -r claim; do
    file=$(printf %s "$claim" | sed 's/^`\([^`]*\)`.*/\1/')
    [ -f "$file" ] || { echo "docs/security.md: there is no $file"; failed=1; continue; }
    cases=$(printf %s "$claim" | sed -n 's/^`[^`]*`: *//p' | tr ';' '\n')
    while IFS= read -r name; do
        name=$(printf %s "$name" | sed 's/^ *//; s/ *$//')
        [ -n "$name" ] || continue
        count=$((count + 1))
        grep -qF -e "\"$name\"" -e "'$name'" -e "($name)" -e "($name," "$file" ||
            { echo "docs/security.md: $file has no case \"$name\""; failed=1; }
    done <<END
$cases
END
done <"$claims"
sections=$(grep -c '^### ' docs/security.md)
[ "$(grep -c '^\*\*Tests:\*\*' docs/security.md)" -ge "$sections" ] || { echo 'docs/security.md: a section names no test'; failed=1; }
[ "$count" -gt 30 ] || { echo "only $count cases are named"; failed=1; }
[ "$failed" -eq 0 ] || exit 1
echo "$count cases of $(wc -l <"$claims") files are there"
