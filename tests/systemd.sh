#!/bin/sh
# SPDX-License-Identifier: MIT
# The units are well-formed, with each drop-in and without, and the service is exposed at most by
# 2.0 with any of them; the user and the folders it needs are made.

set -eu
for program in systemd-analyze systemd-sysusers systemd-tmpfiles; do
    command -v $program >/dev/null || {
        echo "$program is missing: install the package systemd" >&2
        exit 1
    }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
units=$srcdir/contrib/systemd

# What it starts must be there, so that the look at the unit is about the unit.
sed "s|^ExecStart\(Pre\)\{0,1\}=[^ ]*/pop4d |ExecStart\1=$builddir/pop4d |" \
    "$builddir/contrib/systemd/pop4d.service" >"$work/pop4d.service"
grep -q "^ExecStart=$builddir/pop4d " "$work/pop4d.service"
cp "$units"/*.socket "$work"

verify()
{
    systemd-analyze verify --man=no --recursive-errors=one "$work/pop4d.service" \
        "$work/pop4d.socket" "$work/pop4ds.socket" >"$work/told" 2>&1 && test ! -s "$work/told" || {
        cat "$work/told" >&2
        exit 1
    }
}

verify
exposure() # with what
{
    systemd-analyze security --offline=true --threshold=20 "$work/pop4d.service" >"$work/told" || {
        cat "$work/told" >&2
        exit 1
    }
    printf '%s: %s\n' "$1" "$(sed -n 's/.*Overall exposure level[^:]*: \([0-9.]*\).*/\1/p' "$work/told")"
}

exposure pop4d.service
mkdir "$work/pop4d.service.d"
for drop_in in "$units"/*.conf; do
    cp "$drop_in" "$work/pop4d.service.d"
    verify
    exposure "with ${drop_in##*/}"
    rm -f "$work/pop4d.service.d"/*
done

# Whom the service names; to own folders takes root.
mkdir -p "$work/root/etc"
systemd-sysusers --root="$work/root" "$units/sysusers.d/pop4d.conf" 2>"$work/told" || {
    cat "$work/told" >&2
    exit 1
}
user=$(sed -n 's/^User=//p' "$work/pop4d.service")
grep -q "^$user:" "$work/root/etc/passwd"
test "$(id -u)" -ne 0 || {
    systemd-tmpfiles --root="$work/root" --create "$units/tmpfiles.d/pop4d.conf"
    test "$(stat -c '%u %a' "$work/root/var/lib/pop4d")" = "$(sed -n "s/^$user:[^:]*:\([0-9]*\):.*/\1/p" \
        "$work/root/etc/passwd") 700"
}
