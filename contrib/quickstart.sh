#!/bin/sh
# SPDX-License-Identifier: MIT
# From a fresh Debian 12 to a running pop4d with a demo mailbox.

set -eu

usage()
{
    cat <<EOT
Usage: sh contrib/quickstart.sh [--port N] [--state-dir DIR]

Installs the Debian packages that are missing, builds pop4d, makes the account
"demo" with a mailbox of ten messages, and serves it on 127.0.0.1 until Ctrl-C,
with STLS on one port and TLS from the start on another. Run by root, the server
becomes "nobody". A second run keeps the mailbox and the account, and is fast.

  --port N         the port (1110); the one for TLS is 885 above it
  --state-dir DIR  where everything is kept (~/.local/state/pop4d-demo, for root
                   /var/lib/pop4d-demo)
  --help           this text
EOT
}

fail()
{
    printf 'quickstart.sh: %s\n' "$1" >&2
    exit 1
}

port=
runs_as=$(id -un)
state=${XDG_STATE_HOME:-$HOME/.local/state}/pop4d-demo
if test "$(id -u)" -eq 0; then
    runs_as=nobody
    state=/var/lib/pop4d-demo
fi
while test $# -gt 0; do
    case $1 in
    --port) port=${2:?--port needs a number} && shift ;;
    --port=*) port=${1#*=} ;;
    --state-dir) state=${2:?--state-dir needs a folder} && shift ;;
    --state-dir=*) state=${1#*=} ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 64 ;;
    esac
    shift
done
case $port in
*[!0-9]*) fail "\"$port\" is no port" ;;
esac

source=$(cd "$(dirname "$0")/.." && pwd)
. "$source/contrib/packages.sh"
mkdir -p "$state"
state=$(cd "$state" && pwd)
user=demo
password=demo-secret

build()
{
    mkdir -p "$state/build"
    make_configure "$source"
    cd "$state/build"
    test -e Makefile || "$source/configure" -q --prefix="$state/installed" >configure.log ||
        fail "configure failed, see $state/build/configure.log"
    make -s -j"$(nproc)" install >make.log 2>&1 || {
        cat make.log >&2
        fail "the build failed"
    }
    cd "$state"
}

make_account()
{
    test -e "$state/accounts" || (
        umask 077
        printf %s "$password" |
            "$state/installed/bin/pop4d" -c "$state/pop4d.conf" --hash-password "$user" \
                >"$state/accounts.new"
        mv "$state/accounts.new" "$state/accounts"
    )
    test -d "$state/mail/$user/Maildir" || {
        printf 'Filling the mailbox\n'
        sh "$source/contrib/demo-mailbox.sh" "$state/mail/$user/Maildir.new"
        mv "$state/mail/$user/Maildir.new" "$state/mail/$user/Maildir"
    }
}

make_certificate()
{
    test -e "$state/cert.pem" || (
        umask 077
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
            -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
            -keyout "$state/key.pem" -out "$state/cert.pem" 2>/dev/null
    )
    # For clients, and for SIGHUP, which reads it as the user that serves.
    chmod 644 "$state/cert.pem"
}

make_configuration()
{
    test -e "$state/pop4d.conf" || cat >"$state/pop4d.conf" <<EOT
[server]
hostname = localhost
# whom root becomes
user = $runs_as
state-dir = $state
plugins = pop3;uidl;stls;accounts;sasl;maildir;guard

[listener pop3]
address = 127.0.0.1
port = ${port:-1110}
tls = starttls

[listener pop3s]
address = 127.0.0.1
port = $((${port:-1110} + 885))
tls = implicit

[tls]
certificate = $state/cert.pem
key = $state/key.pem

[plugin accounts]
# pop4d --hash-password makes its lines
file = $state/accounts

[plugin maildir]
# %u whole login, %n local part, %d domain
path = $state/mail/%n/Maildir
EOT
    test -z "$port" || sed -i -e "/^.listener pop3.$/,/^port/s/^port = .*/port = $port/" \
        -e "/^.listener pop3s.$/,/^port/s/^port = .*/port = $((port + 885))/" "$state/pop4d.conf"
    port=$(sed -n '/^.listener pop3.$/,/^port/s/^port = //p' "$state/pop4d.conf")
    tls_port=$(sed -n '/^.listener pop3s.$/,/^port/s/^port = //p' "$state/pop4d.conf")
}

# What the server reads and writes as the user that it becomes.
hand_over()
{
    test "$runs_as" != "$(id -un)" || return 0
    chown -R "$runs_as" "$state/mail" "$state/accounts" "$state/key.pem"
    setpriv --reuid "$runs_as" --clear-groups test -r "$state/accounts" ||
        fail "$runs_as cannot reach $state: give another --state-dir"
}

install_missing $build_packages $run_packages
printf 'Building pop4d in %s\n' "$state/build"
build
make_certificate
make_configuration
make_account
hand_over
"$state/installed/bin/pop4d" --check -c "$state/pop4d.conf" >/dev/null

cat <<EOT

pop4d serves the account "$user", password "$password", on 127.0.0.1 port $port.
List its mail and read the first message, from another terminal:

  curl -sS -u $user:$password pop3://127.0.0.1:$port/ pop3://127.0.0.1:$port/1

The same under TLS, on port $tls_port:

  curl -sS --cacert $state/cert.pem -u $user:$password pop3s://localhost:$tls_port/1

Configuration: $state/pop4d.conf (kill -HUP reloads it). Ctrl-C ends the server.

EOT
exec "$state/installed/bin/pop4d" -c "$state/pop4d.conf"
