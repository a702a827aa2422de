#!/bin/sh
# SPDX-License-Identifier: MIT
# The template builds outside the tree, against nothing but what `make install` leaves, and works.

set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The log goes to a file: tests are silent when they pass.
run()
{
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        exit 1
    }
}

run make -C "$builddir" install DESTDIR="$work/root" TESTS=
pc=$(find "$work/root" -name pop4.pc)
export PKG_CONFIG_PATH="$(dirname "$pc"):$(pkg-config --variable pc_path pkg-config)"
# The prefix inside the root; GLib's own files are where they were.
sed -i "s|^prefix=|prefix=$work/root|" "$pc"
plugindir=$(pkg-config --variable=plugindir pop4)

cp -R "$srcdir/contrib/plugin-template" "$work/hello"
chmod -R u+w "$work/hello"
cd "$work/hello"
run make
run make install
test -e "$plugindir/hello.so"

# The transcript runner starts the installed server with the installed plugins.
mkdir "$work/run"
ln -s "$(find "$work/root" -name pop4d -type f -perm -u+x)" "$work/run/pop4d"
talk=$builddir/tests/talk/talk
builddir=$work/run POP4_MODULES=$plugindir run "$talk" "$work/hello/hello.talk"
