#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files stay small: sources up to 400 lines, public headers up to 250, internal ones up to 120, functions up to 100
# (more than 60 is reported), fewer than 3 conditionals of the preprocessor in 1000 lines besides include guards.
# Each source says its licence and what it is for.
# Usage: tests/check_sizes.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
find include libsrc tools $(ls -d examples 2>/dev/null) -name '*.[ch]' | sort | xargs awk '
function bad(text) { print text; failed = 1 }
function finish_file(limit) {
    if (file in allowed) { if (lines > allowed[file]) bad(file ": " lines " lines, " allowed[file] " are allowed to it"); return }
    limit = file ~ /\.c$/ ? 400 : file ~ /^include\// ? 250 : 120
    if (lines > limit) bad(file ": " lines " lines, at most " limit " are allowed")
}
BEGIN {
    while ((getline line < "tests/sizes_allowed.txt") > 0)
        if (line !~ /^#/ && split(line, word) >= 3) allowed[word[1]] = word[2] + 0
}
FNR == 1 {
    if (file != "") finish_file()
    file = FILENAME
    if ($0 != "/* SPDX-License-Identifier: Apache-2.0 */") bad(file ":1: the first line is not the licence")
    own = FILENAME
    sub(/^libsrc\//, "", own)
    sub(/c$/, "h", own)
    files++
    start = 0
}
# A source that begins with its own header leaves it to that.
FNR == 2 && $0 !~ /^\/\* ./ && !(file ~ /\.c$/ && $0 == "#include \"" own "\"") { bad(file ":2: the second line does not say what the file is for") }
{ lines = FNR; all++ }
/^#[ ]*if/ && !/^#ifndef HANSE_[A-Z0-9_]*_H$/ && !/^#ifdef __cplusplus$/ { conditionals++ }
# A function body begins with a brace in the first column and ends with one.
/^{/ { start = FNR }
/^}/ && start > 0 {
    functions++
    size = FNR - start - 1
    if (size > 100) bad(file ":" start ": a function of " size " lines, at most 100 are allowed")
    else if (size > 60) printf "%s:%d: a function of %d lines (more than 60: look whether it is two)\n", file, start, size
    counts[size]++
    start = 0
}
END {
    finish_file()
    if (files == 0) { print "no source was found"; exit 1 }
    if (conditionals * 1000 >= all * 3 && conditionals > 6) bad(conditionals " conditionals in " all " lines")
    for (i = 0; i <= 100; i++) { seen += counts[i]; if (seen * 2 >= functions) { median = i; break } }
    printf "%d files, %d lines, %d functions of %d lines in the median, %d conditionals\n", files, all, functions, median, conditionals
    if (failed) exit 1
}'
