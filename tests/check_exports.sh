#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# libhanse.so exports what the public headers declare and libsrc/exports.txt lists, and nothing else. The list makes a
# change of the API visible in its diff.
# Usage: tests/check_exports.sh LIBRARY [SOURCE_DIR]
#        tests/check_exports.sh --write [SOURCE_DIR]   writes the list anew from the headers
set -eu
library=$1
cd "${2:-.}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Comments away, then the first name before a parenthesis after each HANSE_API.
cat include/hanse/*.h | awk '
/#/ { next }
{ text = text " " $0 }
END {
    gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", text)
    count = split(text, part, /HANSE_API/)
    for (i = 2; i <= count; i++)
        if (match(part[i], /hanse_[a-z0-9_]+\(/)) print substr(part[i], RSTART, RLENGTH - 1)
}' | LC_ALL=C sort -u >"$work/declared"
[ -s "$work/declared" ] || { echo 'the headers declare nothing'; exit 1; }

if [ "$library" = --write ]; then
    cp "$work/declared" libsrc/exports.txt
    echo "$(wc -l <libsrc/exports.txt) functions written to libsrc/exports.txt"
    exit 0
fi
nm -D --defined-only "$library" | awk '$2 ~ /[A-Z]/ && $3 !~ /^_(init|fini)$/ { print $3 }' | LC_ALL=C sort -u >"$work/exported"
if ! diff -u libsrc/exports.txt "$work/declared"; then
    echo 'the headers declare other functions than libsrc/exports.txt: run tests/check_exports.sh --write'
    exit 1
fi
if ! diff -u libsrc/exports.txt "$work/exported"; then
    echo 'the library exports other functions than its headers declare'
    exit 1
fi
echo "$(wc -l <"$work/exported") functions are exported, as declared"
