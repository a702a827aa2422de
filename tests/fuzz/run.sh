#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs fuzzers, each for so long: run.sh SECONDS PROGRAM... (in the build folder)

set -u

seconds=${1:?usage: run.sh SECONDS PROGRAM...}
shift
source=$(cd "$(dirname "$0")/../.." && pwd)
failed=0

test $# -gt 0 || {
    printf 'run.sh: there is no fuzzer, see ./configure --enable-fuzzing\n' >&2
    exit 1
}
for program in "$@"; do
    name=$(basename "$program")
    seeds=$source/$(dirname "$program")/${name#fuzz-}.seeds
    found=$(mktemp -d)
    if "./$program" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="$found/" \
        "$found" "$seeds" >"$name.log" 2>&1; then
        printf '%s: %s runs, nothing found\n' "$name" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$name.log")"
        rm -rf "$found"
    else
        printf '%s: FAILED, see %s\n' "$name" "$found"
        tail -n 40 "$name.log"
        failed=1
    fi
done
exit $failed
