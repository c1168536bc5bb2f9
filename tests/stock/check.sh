#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Judges a feed with the stock reader (reader.go), which is compiled once and kept.
#   check.sh FOLDER-OR-URL VERIFIER-KEY [CHECKPOINT-NAME]
# Exits 0 if all of it verifies, 1 if not, 77 if Go or its golang.org/x/mod package is not installed.
# The program is kept in $HANSE_STOCK_DIR, by default a folder of the user's cache.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
kept=${HANSE_STOCK_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/hanse/stock}
gopath=${HANSE_STOCK_GOPATH:-/usr/share/gocode}

if ! command -v go >/dev/null 2>&1 || [ ! -d "$gopath/src/golang.org/x/mod/sumdb" ]; then
    echo "skipped: Go or its package golang.org/x/mod is not installed" >&2
    exit 77
fi
if [ ! -x "$kept/reader" ] || [ "$here/reader.go" -nt "$kept/reader" ]; then
    mkdir -p "$kept"
    new=$(mktemp -d "$kept/new.XXXXXX")
    trap 'rm -rf "$new"' EXIT
    GO111MODULE=off GOFLAGS= GOPATH=$gopath GOCACHE=$kept/cache go build -o "$new/reader" "$here/reader.go"
    mv "$new/reader" "$kept/reader"
    rm -rf "$new"
    trap - EXIT
fi
exec "$kept/reader" "$@"
