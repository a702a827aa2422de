#!/bin/sh
# SPDX-License-Identifier: MIT
# From a fresh Debian 12 to all tests passed. The last line counts: "N passed, N failed".

set -eu

usage()
{
    cat <<EOT
Usage: sh contrib/check.sh [--work-dir DIR] [STAGE...]

Installs the Debian packages that the tests need, builds and tests. The stages,
by default all of them:

  plain     gcc, no warning allowed, every test
  dist      the source archive builds, installs and uninstalls
  address   AddressSanitizer and UndefinedBehaviorSanitizer, every test
  thread    ThreadSanitizer, the concurrency tests
  valgrind  the unit tests and transcripts under valgrind
  clang     clang, no warning allowed
  fuzz      every fuzzer for 30 seconds
  bench     a short run of the benchmark, with Dovecot; it checks replies, not times
EOT
}

stages=
work=
while test $# -gt 0; do
    case $1 in
    --work-dir) work=${2:?--work-dir needs a folder} && shift ;;
    --help | -h) usage && exit 0 ;;
    plain | dist | address | thread | valgrind | clang | fuzz | bench) stages="$stages $1" ;;
    *) usage >&2 && exit 64 ;;
    esac
    shift
done
stages=${stages:-plain dist address thread valgrind clang fuzz bench}

source=$(cd "$(dirname "$0")/.." && pwd)
. "$source/contrib/packages.sh"
install_missing $build_packages $run_packages libsasl2-modules-db sasl2-bin clang libclang-rt-14-dev \
    valgrind xz-utils python3 perl fetchmail mpop getmail6 libpython3.11-testsuite mandoc faketime procps \
    dovecot-imapd dovecot-pop3d krb5-kdc krb5-admin-server krb5-user libsasl2-modules-gssapi-mit haproxy postfix testssl.sh fail2ban systemd \
    util-linux

temporary=
test -n "$work" || {
    work=$(mktemp -d)
    temporary=$work
}
trap 'test -z "$temporary" || { chmod -R u+w "$temporary" && rm -rf "$temporary"; }' EXIT
mkdir -p "$work"
chmod 755 "$work"
make_configure "$source"

passed=0
failed=0

note() # 0 or 1, what
{
    if test "$1" -eq 0; then
        passed=$((passed + 1))
        printf 'ok: %s\n' "$2"
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n' "$2"
    fi
}

configure_and_make() # name, CFLAGS, configure arguments...
{
    name=$1
    flags=$2
    shift 2
    mkdir -p "$work/$name"
    cd "$work/$name"
    status=0
    { "$source/configure" -q CFLAGS="$flags" "$@" && make -j"$(nproc)" &&
        make -j"$(nproc)" check TESTS=; } >build.log 2>&1 || status=$?
    test $status -eq 0 || tail -n 60 build.log
    note $status "$name: builds"
    return $status
}

# Adds up the counts that automake prints; shows the logs of what failed.
run_tests() # name, make arguments...
{
    name=$1
    shift
    cd "$work/$name"
    status=0
    make -j"$(nproc)" check "$@" >check.log 2>&1 || status=$?
    good=$(sed -n 's/^# PASS: *//p' check.log)
    bad=$(awk '/^# (FAIL|ERROR|SKIP|XPASS): /{n += $3} END {print n + 0}' check.log)
    if test "${good:-0}" -eq 0 || { test $status -ne 0 && test "$bad" -eq 0; }; then
        tail -n 60 check.log
        note 1 "$name: the tests run"
        return 0
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    printf '%s: %s tests passed, %s failed\n' "$name" "$good" "$bad"
    grep -hE '^(FAIL|ERROR|SKIP): ' check.log | sort -u | while read -r word test; do
        printf -- '--- %s %s\n' "$word" "$test"
        tail -n 40 "${test%.*}.log" 2>/dev/null || tail -n 40 "$test.log" || :
    done
}

export LSAN_OPTIONS="suppressions=$source/tests/lsan.supp:print_suppressions=0"
# Libraries have no frame pointers: only the slow way shows who asked them for memory.
export ASAN_OPTIONS=fast_unwind_on_malloc=0
export TSAN_OPTIONS="suppressions=$source/tests/tsan.supp:halt_on_error=1:second_deadlock_stack=1"

# What tests have measured, and which mechanism logs in where.
show_figures()
{
    for test in submission/faults trust/mechanisms trust/clients trust/renewal trust/scan trust/tls faults/flood faults/crowd \
        systemd; do
        grep -hvE '^(PASS|FAIL) ' "tests/$test.log" || :
    done
}

stage_plain()
{
    configure_and_make plain '-O2 -g -Werror' || return 0
    run_tests plain
    show_figures
}

stage_dist()
{
    mkdir -p "$work/dist"
    cd "$work/dist"
    status=0
    { "$source/configure" -q && make -j"$(nproc)" distcheck TESTS=; } >dist.log 2>&1 || status=$?
    test $status -eq 0 || tail -n 60 dist.log
    note $status 'dist: the archive builds, installs and uninstalls'
}

stage_address()
{
    configure_and_make address '-O1 -g -Werror' --enable-sanitizers=address,undefined || return 0
    run_tests address
}

stage_thread()
{
    configure_and_make thread '-O1 -g -Werror' --enable-sanitizers=thread || return 0
    run_tests thread TESTS="$(make -s print-concurrency-tests)"
}

stage_valgrind()
{
    configure_and_make valgrind '-O1 -g -Werror' || return 0
    valgrind="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite"
    valgrind="$valgrind --suppressions=$source/tests/valgrind.supp"
    run_tests valgrind TESTS="$(make -s print-valgrind-tests)" POP4D_WRAPPER="$valgrind" \
        LOG_COMPILER="$PWD/libtool --mode=execute $valgrind"
}

stage_clang()
{
    configure_and_make clang '-O2 -g -Werror' CC=clang || :
}

stage_fuzz()
{
    configure_and_make fuzz '-O1 -g -Werror' CC=clang --enable-fuzzing \
        --enable-sanitizers=address,undefined || return 0
    status=0
    make -s fuzz SECONDS=${FUZZ_SECONDS:-30} || status=$?
    note $status 'fuzz: no fuzzer finds anything'
}

stage_bench()
{
    test -x "$work/plain/tests/bench/loadgen" || configure_and_make plain '-O2 -g -Werror' || return 0
    cd "$work/plain"
    status=0
    BUILDDIR=$work/plain python3 "$source/tests/bench/run" --quick 2>bench.log || status=$?
    test $status -eq 0 || tail -n 20 bench.log
    note $status 'bench: every work runs'
}

for stage in $stages; do
    printf '== %s\n' "$stage"
    stage_"$stage"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
test "$failed" -eq 0
