# SPDX-License-Identifier: MIT
# Sourced by the scripts beside it: installs the Debian packages that are missing.

build_packages="gcc libc6-dev make autoconf automake libtool pkg-config libcurl4-openssl-dev libglib2.0-dev libgmime-3.0-dev libsasl2-dev libssl-dev"
run_packages="libsasl2-modules openssl curl"

install_missing() # packages...
{
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    test -n "$missing" || return 0

    as_root=
    if test "$(id -u)" -ne 0; then
        command -v sudo >/dev/null || {
            printf 'These Debian packages are missing; install them as root:%s\n' "$missing" >&2
            return 1
        }
        as_root=sudo
    fi
    printf 'Installing%s\n' "$missing" >&2
    log=$(mktemp)
    # A Postfix without a configuration of its own: what the tests start brings theirs.
    echo postfix postfix/main_mailer_type select No configuration | $as_root debconf-set-selections || :
    # RUNLEVEL=1 keeps servers among them from being started.
    if $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update \
        >"$log" 2>&1 &&
        $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -q -y \
            -o DPkg::Lock::Timeout=300 install --no-install-recommends $missing >>"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    cat "$log" >&2
    rm -f "$log"
    return 1
}

# Makes ./configure in the source folder when it is not there or older than what it is made of.
make_configure() # source folder
{
    (
        cd "$1"
        test -e configure &&
            test -z "$(find configure.ac Makefile.am */local.mk */*/local.mk -newer configure)" &&
            return 0
        autoreconf -i >autoreconf.log 2>&1 || {
            cat autoreconf.log >&2
            return 1
        }
    )
}
