#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is installed can be used from outside: found by CMake and by pkg-config, compiled as C and as C++, and run.
# Usage: tests/check_install.sh BUILD_DIR [SOURCE_DIR]
set -eu
build=$(cd "$1" && pwd)
source=$(cd "${2:-.}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
cmake --install "$build" --prefix "$prefix" >/dev/null
libdir=$(dirname "$(find "$prefix" -name libhanse.so)")

echo 'by find_package(hanse)'
cmake -G Ninja -S "$source/tests/consume" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/build" >/dev/null
"$work/build/consume_c"
"$work/build/consume_cpp"

echo 'by pkg-config, from a folder that the tree was moved to'
mv "$prefix" "$work/moved"
libdir=$work/moved${libdir#"$prefix"}
PKG_CONFIG_PATH=$libdir/pkgconfig
export PKG_CONFIG_PATH
# The flags are lists of words.
# shellcheck disable=SC2046
cc -std=c17 -o "$work/by_pkg_config" "$source/tests/consume/consume.c" $(pkg-config --cflags --libs hanse)
LD_LIBRARY_PATH=$libdir "$work/by_pkg_config"

[ -f "$work/moved/share/hanse/proto/hanse/v1/feed.proto" ] || { echo 'the messages are not installed'; exit 1; }
if [ -x "$work/moved/bin/hanse" ]; then
    "$work/moved/bin/hanse" version >/dev/null
    echo 'the installed program runs'
fi
