#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every C file is formatted by .clang-format.
# Usage: tests/check_format.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
if ! command -v clang-format >/dev/null; then
    echo 'skipped: clang-format is not installed'
    exit 77
fi
find include libsrc tools tests $(ls -d fuzz bench examples 2>/dev/null) -name '*.[ch]' -o -name '*.cpp' | sort | xargs clang-format --dry-run -Werror
echo 'formatted'
