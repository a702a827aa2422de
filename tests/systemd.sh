#!/bin/sh
# SPDX-License-Identifier: MIT
# The units are well-formed, and the service is exposed at most by 2.0.

set -eu
command -v systemd-analyze >/dev/null || {
    echo 'systemd-analyze is missing: install the package systemd' >&2
    exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What it starts must be there, so that the look at the unit is about the unit.
sed "s|^ExecStart\(Pre\)\{0,1\}=[^ ]*/pop4d |ExecStart\1=$builddir/pop4d |" \
    "$builddir/contrib/systemd/pop4d.service" >"$work/pop4d.service"
grep -q "^ExecStart=$builddir/pop4d " "$work/pop4d.service"
cp "$srcdir"/contrib/systemd/*.socket "$work"
told=$(systemd-analyze verify --recursive-errors=no "$work/pop4d.service" "$work/pop4d.socket" \
    "$work/pop4ds.socket" 2>&1 | grep -F "$work" || :)
test -z "$told" || {
    printf '%s\n' "$told" >&2
    exit 1
}
systemd-analyze security --offline=true --threshold=20 "$work/pop4d.service" >"$work/told" || {
    cat "$work/told" >&2
    exit 1
}
grep 'Overall exposure level' "$work/told"
