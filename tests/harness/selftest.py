# SPDX-License-Identifier: MIT
"""What the other tests stand on does what it says: certificates, a KDC, haproxy, saslauthd."""

import os
import socket
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.certificates import Authority
from harness.haproxy import Haproxy
from harness.kerberos import REALM, Realm
from harness.saslauthd import Saslauthd
from harness.server import PASSWORD, REALM as MAIL_REALM, make_database
from harness.trial import check, need, patience, run

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
CLIENT = "127.0.0.77"


def command(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, check=False,
                          timeout=patience(20), **options)


def verifies(authority, name, *options):
    done = command(need("openssl", "openssl"), "verify", "-CAfile", authority.path("ca.pem"),
                   *options, authority.path(name + ".pem"))
    return done.returncode == 0, done.stdout + done.stderr


def is_refused(authority, name, reason, *options):
    good, said = verifies(authority, name, *options)
    check(not good and reason in said, f"{name}: not refused for {reason!r}: {said}")


def certificates(folder):
    authority, foreign = (Authority(os.path.join(folder, name)) for name in ("ca", "foreign"))
    authority.issue("server")
    authority.issue("other", "other", "DNS:mail.other.example")
    for name in ("good", "revoked"):
        authority.issue(name, name, f"email:{name}@example.org")
    authority.issue("late", "late", end="210101000000Z")
    foreign.issue("stranger")
    authority.revoke("revoked")
    by_list = ("-crl_check", "-CRLfile", authority.write_crl())
    for name, options in (("server", ("-verify_hostname", "localhost", "-purpose", "sslserver")),
                          ("server", ("-verify_ip", "127.0.0.1")),
                          ("other", ("-verify_hostname", "mail.other.example")),
                          ("good", ("-verify_email", "good@example.org", "-purpose", "sslclient")),
                          ("good", by_list)):
        good, said = verifies(authority, name, *options)
        check(good, f"{name} {options}: {said}")
    is_refused(authority, "other", "hostname mismatch", "-verify_hostname", "localhost")
    is_refused(authority, "good", "email address mismatch", "-verify_email", "other@example.org")
    is_refused(authority, "revoked", "certificate revoked", *by_list)
    is_refused(authority, "late", "certificate has expired")
    os.rename(foreign.path("stranger.pem"), authority.path("stranger.pem"))
    is_refused(authority, "stranger", "unable to get local issuer")


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def kerberos(folder):
    with Realm(os.path.join(folder, "kdc"), ["alice"]) as realm:
        realm.log_in("alice")
        done = command(need("kvno", "krb5-user"), "-k", realm.keytab, "pop/localhost",
                       env=realm.environment)
        check(done.returncode == 0 and "keytab entry valid" in done.stdout,
              f"the keytab does not open the ticket: {done.stdout}{done.stderr}")
        done = command("klist", env=realm.environment)
        check(f"alice@{REALM}" in done.stdout, f"not alice's ticket: {done.stdout}")
        check(command("kinit", "alice", input="wrong\n", env=realm.environment).returncode != 0,
              "a ticket for a wrong password")
        port, kdc = realm.port, realm.kdc
    check(kdc.poll() is not None and not is_open(port), "the KDC has not ended")


class Listener:
    """Speaks as much POP3 as a health check asks, and keeps what came first of each connection."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.headers = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client = self.socket.accept()[0]
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, client.makefile("rb") as octets:
            try:
                self.headers.append(self._header(octets))
                client.sendall(b"+OK here\r\n")
                while octets.readline():
                    client.sendall(b"+OK\r\n")
            except OSError:
                pass  # haproxy's checks end as they like

    @staticmethod
    def _header(octets):
        start = octets.read(len(SIGNATURE))
        if start != SIGNATURE:
            return start + octets.readline()
        rest = octets.read(4)
        return start + rest + octets.read(int.from_bytes(rest[2:], "big"))


def address(proxy):
    """Connects by the proxy and waits for the other side; from which port."""
    with socket.create_connection(("127.0.0.1", proxy.port), patience(10), (CLIENT, 0)) as client:
        own = client.getsockname()[1]
        check(client.makefile("rb").readline() == b"+OK here\r\n", "nobody behind the proxy")
        return own


def proxies(folder):
    listener = Listener()
    with Haproxy(folder, listener.port, "send-proxy") as proxy:
        expected = f"PROXY TCP4 {CLIENT} 127.0.0.1 {address(proxy)} {proxy.port}\r\n".encode()
        check(expected in listener.headers, f"not {expected} in {listener.headers}")
    listener.headers.clear()
    with Haproxy(folder, listener.port, "send-proxy-v2") as proxy:
        expected = (SIGNATURE + b"\x21\x11\0\x0c" + socket.inet_aton(CLIENT) +
                    socket.inet_aton("127.0.0.1") + address(proxy).to_bytes(2, "big") +
                    proxy.port.to_bytes(2, "big"))
        check(expected in listener.headers, f"not {expected} in {listener.headers}")
        check(SIGNATURE + b"\x20\0\0\0" in listener.headers,
              f"no check as LOCAL in {listener.headers}")
    check(proxy.process.poll() is not None and not is_open(proxy.port), "haproxy has not ended")


def passwords(folder):
    database = os.path.join(folder, "sasldb")
    make_database(database, ["alice"])
    with Saslauthd(os.path.join(folder, "saslauthd"), database) as daemon:
        for user, realm, password, good in (
                ("alice", MAIL_REALM, PASSWORD, True), ("alice", MAIL_REALM, "wrong", False),
                ("nobody", MAIL_REALM, PASSWORD, False),
                ("alice", "other.example", PASSWORD, False)):
            done = command(need("testsaslauthd", "sasl2-bin"), "-u", user, "-p", password, "-r",
                           realm, "-s", "pop", "-f", daemon.path)
            check((done.returncode == 0) == good and ("OK" in done.stdout) == good,
                  f"{user}@{realm} with {password}: {done.stdout}{done.stderr}")
        process = daemon.process
        daemon.stop()
        check(process.poll() is not None, "saslauthd has not ended")


def main():
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        for part in (certificates, kerberos, proxies, passwords):
            part(folder)


run(main, 60)
