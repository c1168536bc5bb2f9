#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone: public ones as C17 and C++17 with each compiler that is there, internal ones as C17.
# Usage: tests/check_headers.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
flags='-Wall -Wextra -Wpedantic -Werror -fsyntax-only -D_POSIX_C_SOURCE=200809L'
count=0
failed=0

# Tries one header: COMPILER LANGUAGE STANDARD HEADER
try() {
    # $flags is a list of words.
    # shellcheck disable=SC2086
    if ! printf '#include "%s"\nextern int not_empty;\n' "$4" | "$1" -x "$2" -std="$3" $flags -Iinclude -Ilibsrc -; then
        printf '%s as %s with %s: does not compile alone\n' "$4" "$3" "$1"
        failed=1
    fi
    count=$((count + 1))
}

for compiler in gcc clang; do
    command -v "$compiler" >/dev/null || continue
    for header in include/hanse/*.h; do
        try "$compiler" c c17 "hanse/${header##*/}"
    done
done
for compiler in g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    for header in include/hanse/*.h; do
        try "$compiler" c++ c++17 "hanse/${header##*/}"
    done
done
for header in $(find libsrc -name '*.h' | sort); do
    # A header that shows a foreign or generated type needs the flags of its folder: its own source compiles it.
    if ! grep -qE '^#include <(protobuf-c|hanse/v1|sqlite3|curl|openssl|libxml|jansson|microhttpd|zlib)' "$header"; then
        try "${CC:-cc}" c c17 "${header#libsrc/}"
    fi
done
[ "$count" -gt 0 ] || { echo 'no header was tried'; exit 1; }
[ "$failed" -eq 0 ] || exit 1
echo "$count compilations of single headers went well"
