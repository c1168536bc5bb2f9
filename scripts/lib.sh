# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder share; to be sourced with the source folder as the current one.

# What a build needs, and what the tests need besides (packages of Debian 12).
BUILD_PACKAGES='gcc g++ libc6-dev cmake ninja-build pkg-config protobuf-c-compiler libprotobuf-c-dev
    libcurl4-openssl-dev libssl-dev zlib1g-dev libsqlite3-dev libmicrohttpd-dev libjansson-dev libxml2-dev
    ca-certificates'
TEST_PACKAGES='libcmocka-dev clang libclang-rt-14-dev clang-format valgrind nodejs openssl curl
    golang-go golang-golang-x-mod-dev sqlite3 strace'

if [ -t 1 ]; then
    BOLD=$(printf '\033[1m') DIM=$(printf '\033[2m') PLAIN=$(printf '\033[0m')
else
    BOLD='' DIM='' PLAIN=''
fi

# A heading.
say() {
    printf '\n%s%s%s\n' "$BOLD" "$*" "$PLAIN"
}

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

installed() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'
}

# Installs those of the named packages that are missing; asks for nothing, does nothing if all are there.
need_packages() {
    missing=''
    for package in "$@"; do
        installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "these packages are missing, and there is no apt-get to install them:$missing"
    as_root=''
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "run as root, or install:$missing"
        as_root=sudo
    fi
    say "Installing what is missing:$missing"
    $as_root apt-get -q update
    # $missing is a list of words.
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 install $missing
}

build_folder() {
    if [ "$1" = default ]; then echo build; else echo "build-$1"; fi
}

# Configures, where that was not done yet, and builds a preset of CMakePresets.json.
build_preset() {
    folder=$(build_folder "$1")
    [ -f "$folder/build.ninja" ] || cmake --preset "$1"
    cmake --build --preset "$1"
}

# Runs the tests of a preset, two at a time, says what they left out, and counts them: run_tests PRESET CTEST_ARGUMENT...
TESTS_RUN=0
TESTS_FAILED=0
run_tests() {
    preset=$1
    shift
    folder=$(build_folder "$preset")
    tests_log=$(mktemp)
    tests_code=0
    ctest --preset "$preset" -j 2 -O "$tests_log" "$@" || tests_code=$?
    # What ctest ends with: "98% tests passed, 1 tests failed out of 56".
    counts=$(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$tests_log")
    rm -f "$tests_log"
    left_out=$(grep -h '^skipped:' "$folder/Testing/Temporary/LastTest.log" | sort -u || true)
    [ -z "$left_out" ] || printf '\nLeft out by some tests:\n%s\n' "$left_out"
    [ -n "$counts" ] || { echo 'no test was run'; return 1; }
    TESTS_FAILED=$((TESTS_FAILED + ${counts% *}))
    TESTS_RUN=$((TESTS_RUN + ${counts#* }))
    return "$tests_code"
}

# Runs a step, remembers how it ended and how long it took: step NAME COMMAND... False: it failed.
STEPS=''
STEPS_FAILED=0
step() {
    name=$1
    shift
    say "$name"
    began=$(date +%s)
    step_code=0
    "$@" || step_code=$?
    verdict='ok    '
    if [ "$step_code" -ne 0 ]; then
        verdict='FAILED'
        STEPS_FAILED=$((STEPS_FAILED + 1))
    fi
    STEPS="$STEPS$(printf '  %s  %4d s  %s' "$verdict" $(($(date +%s) - began)) "$name")
"
    return "$step_code"
}

# The end of a script made of steps: a summary, last in the words of ctest the tests of all steps, and the exit code.
finish_steps() {
    say 'Summary'
    printf '%s' "$STEPS"
    if [ "$STEPS_FAILED" -eq 0 ]; then
        echo 'All is well.'
    else
        echo "$STEPS_FAILED of these steps failed; each says above what is wrong."
    fi
    passed=$((TESTS_RUN - TESTS_FAILED))
    printf '\n%d%% tests passed, %d tests failed out of %d\n' \
        $((TESTS_RUN > 0 ? passed * 100 / TESTS_RUN : 0)) "$TESTS_FAILED" "$TESTS_RUN"
    [ "$STEPS_FAILED" -eq 0 ] && [ "$TESTS_RUN" -gt 0 ]
}
