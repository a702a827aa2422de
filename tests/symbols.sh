#!/bin/sh
# SPDX-License-Identifier: MIT
# The daemon exports what the SDK headers declare: nothing less, nothing more.

set -eu

program=$builddir/.libs/pop4d
test -e "$program" || program=$builddir/pop4d

declared=$(cat "$srcdir"/sdk/include/pop4/*.h | tr '\n' ' ' | grep -oE 'POP4_API [^;(]*[ *](pop4_[a-z0-9_]*)\(' |
    sed 's/.*[ *]\(pop4_[a-z0-9_]*\)($/\1/' | sort)
exported=$(nm -D --defined-only "$program" | sed -n 's/.* [TDBR] \(.*\)$/\1/p' |
    grep -vE '^(__asan|__ubsan|__tsan|__lsan|__sanitizer|__interceptor|_init|_fini|_IO_|__bss_start|_edata|_end|__data_start|data_start|_start|main$)' |
    grep '^pop4_' | sort)
strangers=$(nm -D --defined-only "$program" | sed -n 's/.* [TDBR] \(.*\)$/\1/p' |
    grep -E '^(session|listener|worker|settings?|extension|plugin|output|buffer|line_reader|server)_' || :)

test -n "$declared"
test "$declared" = "$exported" || {
    printf 'declared:\n%s\nexported:\n%s\n' "$declared" "$exported" >&2
    exit 1
}
test -z "$strangers" || {
    printf 'exported, but no part of the SDK:\n%s\n' "$strangers" >&2
    exit 1
}
