#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No file holds a path of somebody's machine, a tab in C, a trailing space or a carriage return; links of the documents
# lead to files.
# Usage: tests/check_text.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
failed=0
files() {
    find . \( -path './.git' -o -path './build*' -o -path './play' \) -prune -o -type f \
        \( -name '*.[ch]' -o -name '*.sh' -o -name '*.md' -o -name '*.txt' -o -name '*.cmake' -o -name '*.proto' \
        -o -name '*.js' -o -name '*.in' -o -path './scripts/*' -o -path './.ci/*' \) -print | sort
}
refuse() { # TEXT PATTERN [FILES OF THIS NAME]
    found=$(files | grep -E "${3:-.}" | xargs grep -nE -e "$2" /dev/null || true)
    if [ -n "$found" ]; then
        printf '%s\n%s\n' "$1:" "$found"
        failed=1
    fi
}
refuse 'a path of one machine' '(^|[^A-Za-z0-9_.$}])/(home|root|work|Users|mnt|opt)/[A-Za-z0-9]'
refuse 'a trailing space' ' $'
refuse 'a carriage return' "$(printf '\r')"
refuse 'a tab' "$(printf '\t')" '[.][ch]$'

for document in $(files | grep '[.]md$'); do
    for link in $(grep -oE '\]\([^)#: ]+' "$document" | sed "s/^](//" | grep -v "^[a-z]*:\|^https\?$"); do
        [ -e "$(dirname "$document")/$link" ] || { echo "$document: nothing is at $link"; failed=1; }
    done
done
[ "$failed" -eq 0 ] || exit 1
echo "$(files | wc -l) files are clean"
