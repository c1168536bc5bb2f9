#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The reference of the API holds every exported function with a text of its own, and no link that leads nowhere.
# Usage: tests/check_api.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scripts/api "$work" 1.2.3
failed=0
complain() {
    echo "$*"
    failed=1
}
count=0
while read -r name; do
    count=$((count + 1))
    page=$(sed -n "s/.*href=\"\([a-z_]*\.html\)#$name\".*/\1/p" "$work/index.html")
    [ -n "$page" ] || { complain "$name is not in the index"; continue; }
    grep -q "<a id=\"$name\"></a>\(<a id=\"[a-zA-Z_0-9]*\"></a>\)*<p>" "$work/$page" ||
        grep -q "\(<a id=\"[a-zA-Z_0-9]*\"></a>\)<a id=\"$name\"></a>\(<a id=\"[a-zA-Z_0-9]*\"></a>\)*<p>" "$work/$page" ||
        complain "$name has no text in its header"
done <libsrc/exports.txt
for page in "$work"/*.html; do
    sed 's/></>\n</g' "$page" | sed -n 's/.*href="\([^"]*\)".*/\1/p' | while read -r link; do
        file=$work/${link%%#*}
        [ -f "$file" ] || { echo "${page##*/}: $link leads nowhere"; continue; }
        case $link in *'#'*) grep -q "id=\"${link#*#}\"" "$file" || echo "${page##*/}: $link has no place there" ;; esac
    done >>"$work/lost"
    case ${page##*/} in bytes.html | index.html) continue ;; esac # which say what they are
    ! grep -q 'HANSE_API\|HANSE_MUST_CHECK' "$page" || complain "${page##*/}: macros of the declarations stay"
done
[ ! -s "$work/lost" ] || { cat "$work/lost"; failed=1; }
[ "$count" -gt 40 ] || complain 'there are too few exported functions'
echo "$count functions"
exit "$failed"
