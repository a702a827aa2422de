#!/bin/sh
# SPDX-License-Identifier: MIT
# The documentation is about this code: keys, functions, options and the guide's plugin.

set -eu

failed=0
complain()
{
    printf '%s\n' "$1" >&2
    failed=1
}

pages="$srcdir/daemon/pop4d.8 $srcdir/daemon/pop4d.conf.5 $srcdir/sdk/pop4-plugin.7 $srcdir/contrib/pop4.py.1"
mandoc -T lint -W warning $pages >&2 || failed=1

program=$builddir/pop4d
modules=$builddir/modules
conf=$srcdir/daemon/pop4d.conf.5
keys=$({
    "$program" --help-config
    for plugin in accounts guard maildir pop4 sasl sdps xtnd-xmit; do
        test ! -e "$modules/$plugin.so" || "$program" --plugin-dir "$modules" --describe "$plugin" |
            sed '1,/^Settings/d'
    done
} | sed -n 's/^  \([a-z][a-zA-Z.-]*\) (.*/\1/p')
test -n "$keys" || complain 'pop4d tells no keys'
for key in $keys; do
    grep -qE "^\.It Cm $key\$" "$conf" || complain "pop4d.conf.5 does not explain $key"
done
# The bounds of numbers stand in the entry of their key.
"$program" --help-config | sed -n 's/^  \([a-z-]*\) (number from \([0-9]*\) to \([0-9]*\), default \([0-9]*\).*/\1 \2 \3 \4/p' |
    while read -r key least most default; do
        entry=$(awk -v key="$key" '/^\.It/ {on = $0 == ".It Cm " key} on' "$conf")
        for number in "$least" "$most" "$default"; do
            printf '%s\n' "$entry" | grep -qw "$number" ||
                printf 'pop4d.conf.5 does not say %s of %s\n' "$number" "$key"
        done
    done >"$builddir/tests/docs.bounds"
test ! -s "$builddir/tests/docs.bounds" || complain "$(cat "$builddir/tests/docs.bounds")"
rm -f "$builddir/tests/docs.bounds"
for key in $(sed -n 's/^\.It Cm //p' "$conf"); do
    printf '%s\n' $keys | grep -qxF -- "$key" || complain "pop4d.conf.5 explains $key, which is no key"
done

for option in $("$program" --help | sed -n 's/^.*--\([a-z-]*\).*/\1/p'); do
    test "$option" = help || grep -qE "Fl -$option( |\$)" "$srcdir/daemon/pop4d.8" ||
        complain "pop4d.8 does not explain --$option"
done

# Everything the server or a plugin of the server logs.
events=$(cat "$srcdir"/daemon/*.c "$srcdir"/plugins/*/*.c | tr '\n' ' ' |
    grep -oE 'pop4_log\([^;"]*POP4_LOG_[A-Z]*, *"[a-z-]*"' | sed 's/.*"\(.*\)"/\1/' | sort -u)
test -n "$events" || complain 'no events were found'
for event in $events; do
    grep -qE "^\.It Li (.* )?$event( |\$)" "$srcdir/daemon/pop4d.8" ||
        complain "pop4d.8 does not explain event=$event"
done

functions=$(cat "$srcdir"/sdk/include/pop4/*.h | tr '\n' ' ' |
    grep -oE 'POP4_API [^;(]*[ *](pop4_[a-z0-9_]*)\(' | sed 's/.*[ *]\(pop4_[a-z0-9_]*\)($/\1/')
for function in $functions; do
    grep -q "$function" "$srcdir/sdk/pop4-plugin.7" || complain "pop4-plugin.7 does not name $function"
done

# The guide shows the teaching plugin as it is, and that has at most 60 lines.
last=$srcdir/plugins/last/last.c
if test -e "$last"; then
    test "$(wc -l <"$last")" -le 60 || complain 'plugins/last/last.c has more than 60 lines'
    awk '/^```c$/ {on = 1; next} /^```$/ {exit} on' "$srcdir/docs/plugin-guide.md" | cmp -s - "$last" ||
        complain 'docs/plugin-guide.md shows another plugins/last/last.c'
fi

exit $failed
