# SPDX-License-Identifier: MIT
"""TLS: versions, protocols, server names, certificates of clients, tickets, injection, a new
certificate at a reload."""

import hashlib
import os
import socket
import ssl
import sys
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.scene import Scene
from harness.server import is_sanitized
from harness.trial import check, run

MIB = 1 << 20


def refuses(server, context, what, name="localhost"):
    try:
        with server.connect(context, name=name) as pop:
            # With TLS 1.3 a client learns of its certificate's refusal when it reads.
            pop.ok("CAPA")
    except (ssl.SSLError, ConnectionError):
        server.log.wait_for("tls-failed")
        return
    check(False, f"{what} is let in")


def common_name(pop):
    certificate = pop.socket.getpeercert()
    return next(value for part in certificate["subject"] for key, value in part if key == "commonName")


def versions(server):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = server.context(minimum_version=version, maximum_version=version)
        with server.connect(context) as pop:
            pop.login("alice").quit()
    warnings.simplefilter("ignore", DeprecationWarning)  # that is what it is here for
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    refuses(server, old, "TLS 1.1")
    static = server.context(maximum_version=ssl.TLSVersion.TLSv1_2)
    static.set_ciphers("ECDHE-ECDSA-AES256-SHA384")
    refuses(server, static, "a cipher without authenticated encryption")


def protocols(server):
    for offered, chosen in ((["pop3"], "pop3"), (["h2", "pop3"], "pop3"), (None, None)):
        context = server.context()
        if offered:
            context.set_alpn_protocols(offered)
        with server.connect(context) as pop:
            check(pop.socket.selected_alpn_protocol() == chosen, f"{offered}: not {chosen}")
    for foreign in (["http/1.1"], ["imap", "h2"], ["pop3s"]):
        context = server.context()
        context.set_alpn_protocols(foreign)
        refuses(server, context, f"ALPN {foreign}")


def names(server):
    """Another certificate by name; the default one for a name that nobody knows."""
    for name, expected in (("localhost", "localhost"), ("mail.other.example", "other"),
                           ("MAIL.Other.Example", "other"), ("a.wild.example", "wild"),
                           ("a.b.wild.example", "localhost"), ("wild.example", "localhost"),
                           ("unheard.example", "localhost")):
        with server.connect(server.context(check_hostname=False), name=name) as pop:
            check(common_name(pop) == expected, f"{name}: {common_name(pop)}")


def resumption(server):
    """A ticket of TLS 1.2 shortens the second handshake, under the certificate of that name only."""
    context = server.context(maximum_version=ssl.TLSVersion.TLSv1_2)
    with server.connect(context) as pop:
        session = pop.socket.session
        check(session.has_ticket, "there is no ticket")
        check(not pop.socket.session_reused, "the first is resumed")
    with Pop(server.port) as pop:
        pop.ok("STLS")
        pop.start_tls(context, session=session)
        check(pop.socket.session_reused, "the second is not resumed")
        pop.login("alice").quit()


def closing(server):
    """The end is told: to whoever has asked for QUIT, whatever is behind it."""
    with server.connect() as pop:
        pop.login("alice")
        pop.send(b"NOOP\r\nQUIT\r\n")
        pop.ok_line()
        pop.ok_line()
        check(pop.socket.recv(1) == b"", "the end is not told by close_notify")


def injection(server):
    """In one packet with STLS, behind it and before the handshake: never a command."""
    with Pop(server.port) as pop:
        pop.send(b"STLS\r\nUSER alice\r\nPASS secret\r\nSTAT\r\n")
        pop.ok_line()
        pop.start_tls(server.context())
        check(pop.ask("STAT").startswith(b"-ERR Only valid after login"), "STAT of the attacker's")
        pop.login("alice").quit()
    server.log.wait_for("input-behind-tls-command", octets="31")
    # What comes once the server waits for the handshake is no handshake.
    with Pop(server.port) as pop:
        pop.ok("STLS")
        pop.send(b"USER alice\r\nPASS secret\r\nSTAT\r\n")
        octets = pop.file.read()
        check(b"+OK" not in octets and b"-ERR" not in octets, f"an answer in clear: {octets!r}")
    server.log.wait_for("tls-failed")
    with Pop(server.port) as pop:
        pop.refused("USER alice")
        pop.ok("STLS")
        pop.start_tls(server.context())
        pop.refused("PASS secret")


def silence(server):
    """Whoever begins no handshake is closed by the login's deadline, like any stranger."""
    server.conf["server"]["login-timeout-seconds"] = 1
    check(server.reload(), "a reload is refused")
    with socket.create_connection(("127.0.0.1", server.tls_port), 20) as client:
        client.sendall(b"\x16\x03\x01")
        check(client.recv(10) == b"", "an answer")
    server.log.wait_for("closed", reason="login-timeout")
    del server.conf["server"]["login-timeout-seconds"]
    check(server.reload(), "a reload is refused")


def bodies(server):
    """Messages whole, of every kind of line ends, to a client that reads slowly, too."""
    lf = b"Subject: lf\n\n" + b"".join(b".%d of many lines\n" % n for n in range(300000))
    maildir = server.add_maildir("bob")
    maildir.deliver(lf, folder="cur")
    maildir.deliver(lf.replace(b"\n.", b"\n").replace(b"\n", b"\r\n"), folder="cur")
    wanted = sorted([hashlib.sha256(lf.replace(b"\n", b"\r\n")).digest(),
                     hashlib.sha256(lf.replace(b"\n.", b"\n").replace(b"\n", b"\r\n")).digest()])
    with server.connect(receive_buffer=4096) as pop:
        pop.login("bob")
        pop.send(b"RETR 1\r\nRETR 2\r\nNOOP\r\n")
        before = server.pss()
        got = []
        for _ in range(2):
            pop.ok_line()
            got.append(hashlib.sha256(pop.body()).digest())
        check(sorted(got) == wanted, "the octets differ")
        pop.ok_line()
        pop.quit()
        check(is_sanitized() or server.pss() - before < MIB, "a message under TLS costs memory")


def idle(server, count=200):
    with server.connect() as pop:
        pop.login("alice").quit()
    before = server.pss()
    crowd = [server.connect() for _ in range(count)]
    each = (server.pss() - before) / count
    for pop in crowd:
        pop.close()
    if not is_sanitized():
        print(f"{count} connections under TLS that wait, {each / 1024:.1f} KiB each")
        check(each < 64 * 1024, f"{each:.0f} octets a connection")


def new_certificate(server):
    """At a reload: sessions stay, new ones see it; a pair that does not fit changes nothing."""
    with server.connect() as old:
        first = old.socket.getpeercert()["serialNumber"]
        server.authority.issue("server")
        check(server.reload(), "a reload is refused")
        with server.connect() as new:
            second = new.socket.getpeercert()["serialNumber"]
            check(second != first, "the certificate is the old one")
        old.login("alice")
        old.quit()
    for break_it in (lambda: open(server.path("server.key"), "w", encoding="ascii").close(),
                     lambda: os.replace(server.path("other.key"), server.path("server.key")),
                     lambda: os.remove(server.path("server.pem"))):
        mark = server.log.mark()
        break_it()
        server.conf["server"]["max-bad-commands"] = 7
        check(server.reload(), "a bad pair keeps the rest from being reloaded")
        server.log.wait_for("tls-kept", after=mark)
        with server.connect() as pop:
            check(pop.socket.getpeercert()["serialNumber"] == second, "not the former pair")
    server.authority.issue("server")
    server.give(server.path("server.key"))
    os.chmod(server.path("server.key"), 0o644)
    mark = server.log.mark()
    server.reload()
    server.log.wait_for("tls-kept", after=mark)
    os.chmod(server.path("server.key"), 0o600)
    check(server.reload(), "a reload is refused")


def without_group(server):
    """Listeners stay until the next start, and so does what they need."""
    tls = server.conf.pop("tls")
    for group in ("listener pop3", "listener pop3s"):
        server.conf[group]["tls"] = "none"
    check(server.reload(), "a reload is refused")
    server.log.wait_for("needs-restart")
    server.connect().login("alice").quit()
    server.conf["tls"] = tls


def with_certificate(server, name):
    context = server.context()
    context.load_cert_chain(server.path(name + ".pem"), server.path(name + ".key"))
    return context


def clients():
    """verify-client: optional and required, revoked, out of date, of another authority."""
    with Scene() as server:
        authority = server.authority
        for name in ("good", "revoked"):
            authority.issue(name, name, f"email:{name}@example.org")
        authority.issue("late", "late", "email:late@example.org", end="210101000000Z")
        foreign = type(authority)(server.path("foreign"))
        foreign.issue("foreign", "good", "email:good@example.org")
        for suffix in (".pem", ".key"):
            os.rename(foreign.path("foreign" + suffix), server.path("foreign" + suffix))
        authority.revoke("revoked")
        server.give(authority.write_crl())
        rules = server.conf["tls"]
        rules.update({"verify-client": "optional", "client-ca": server.path("ca.pem"),
                      "client-crl": server.path("crl.pem")})
        server.give(server.path("ca.pem"))
        check(server.reload(), "a reload is refused")
        server.connect().close()
        server.connect(with_certificate(server, "good")).close()
        for name in ("revoked", "late", "foreign"):
            refuses(server, with_certificate(server, name), f"a certificate that is {name}")
        # Nothing that comes back may get around the authority and its revocations.
        context = with_certificate(server, "good")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with server.connect(context) as pop:
            check(not pop.socket.session.has_ticket, "a ticket for a client with a certificate")
        rules["verify-client"] = "require"
        check(server.reload(), "a reload is refused")
        server.connect(with_certificate(server, "good")).close()
        refuses(server, server.context(), "a client without a certificate")


def main():
    with Scene(users=("alice", "bob")) as server:
        authority = server.authority
        authority.issue("other", "other", "DNS:mail.other.example")
        authority.issue("wild", "wild", "DNS:*.wild.example")
        for group, name in (("tls mail.other.example", "other"), ("tls *.wild.example", "wild")):
            server.conf[group] = {"certificate": server.path(name + ".pem"), "key": server.path(name + ".key")}
            server.give(server.path(name + ".key"))
        check(server.reload(), "a reload is refused")
        for part in (versions, protocols, names, resumption, closing, injection, bodies, silence, idle):
            part(server)
        del server.conf["tls mail.other.example"]
        del server.conf["tls *.wild.example"]
        new_certificate(server)
        without_group(server)
    clients()


run(main, 120)
