#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every public function that can fail is named by a test that makes allocations fail one after the other.
# Usage: tests/check_anomalies.sh [list]    list: which tests call each of them
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=$(grep -lE 'anomaly_fail_each_allocation\(|hanse_alloc_set_failure_hook\(|[^_]fail_each\(' tests/test_*.c)
cat include/hanse/*.h | tr '\n' ' ' | grep -oE 'HANSE_MUST_CHECK +enum +hanse_status +hanse_[a-z0-9_]+' |
    sed 's/.* //' | sort -u >"$work/fallible"
[ -s "$work/fallible" ] || { echo 'the headers declare nothing that can fail'; exit 1; }
bad=0
while read -r name; do
    # shellcheck disable=SC2086
    by=$(grep -lE "(^|[^a-z0-9_])$name\(" $tests | sed 's,tests/,,' | tr '\n' ' ') || true
    [ -z "${1:-}" ] || echo "$name: $by"
    [ -n "$by" ] || { echo "$name: no test fails its allocations"; bad=1; }
done <"$work/fallible"
[ "$bad" -eq 0 ] || exit 1
echo "$(wc -l <"$work/fallible") public functions that can fail meet failing allocations"
