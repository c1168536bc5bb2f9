#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The layer rule of ARCHITECTURE.md: a folder of libsrc includes folders of a lower rank only, a foreign header is
# included by its one folder only, and tools and examples include the public API and each other only.
# Usage: tests/check_layers.sh [SOURCE_DIR]
set -eu
cd "${1:-.}"
# What C17 and POSIX bring along.
libc='assert|ctype|errno|fcntl|inttypes|limits|math|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|time|unistd|pthread|dirent|poll|netdb|endian|sys/[a-z]+|netinet/[a-z]+|arpa/inet'

find libsrc tools $(ls -d examples 2>/dev/null) -name '*.[ch]' | sort | xargs awk -v libc="$libc" '
function folder_of(path) { sub("/[^/]*$", "", path); return path }
function bad(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; failed = 1 }
function check_angle(header, i) {
    if (header ~ "^(" libc ")\\.h$") return
    if (header ~ /^hanse\/[a-z_]+\.h$/) return
    if (tool) { bad("includes <" header ">: tools and examples use the public API only"); return }
    for (i in foreign)
        if (foreign[i] != "-" && header ~ "^(" foreign[i] ")") {
            if (i != folder) bad("<" header "> belongs to the folder " i)
            return
        }
    bad("<" header "> belongs to no folder of libsrc/layers.txt")
}
function check_quoted(header, target) {
    if (tool) {
        if (header ~ /\//) bad("includes \"" header "\": tools and examples use the public API only")
        return
    }
    if (header ~ /^hanse\/v1\//) { check_angle(header); return }
    target = folder_of(header)
    if (target == header || !(target in rank)) { bad("\"" header "\" is in no folder of libsrc/layers.txt"); return }
    if (target != folder && rank[target] >= rank[folder])
        bad("includes \"" header "\", but " target " does not lie below " folder)
}
BEGIN {
    while ((getline line < "libsrc/layers.txt") > 0) {
        if (line ~ /^#/ || split(line, word) < 3) continue
        rank[word[1]] = word[2] + 0
        foreign[word[1]] = word[3]
        folders++
    }
    if (folders == 0) { print "libsrc/layers.txt cannot be read"; exit 1 }
}
FNR == 1 {
    files++
    tool = FILENAME !~ /^libsrc\//
    folder = folder_of(FILENAME)
    sub("^libsrc/", "", folder)
    if (!tool && !(folder in rank)) bad("the folder " folder " is not in libsrc/layers.txt")
}
/^[ \t]*#[ \t]*include[ \t]*</ { split($0, part, /[<>]/); check_angle(part[2]) }
/^[ \t]*#[ \t]*include[ \t]*"/ { split($0, part, /"/); check_quoted(part[2]) }
END {
    if (files == 0) { print "no source was found"; exit 1 }
    if (failed) exit 1
    printf "%d files keep to the layers\n", files
}'
