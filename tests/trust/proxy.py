# SPDX-License-Identifier: MIT
"""Behind a proxy: the PROXY header's address is the client's, for the log, for the guard and for
passwords in clear; what is no header is closed without a word."""

import os
import signal
import socket
import ssl
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.haproxy import Haproxy
from harness.log import field
from harness.pop import Pop
from harness.scene import PLUGINS, Scene
from harness.trial import check, run

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
UNDER_TLS = b"\x20\0\x05\x01\0\0\0\0"
NOT_UNDER_TLS = b"\x20\0\x05\0\0\0\0\0"
IN_CLEAR = b"-ERR [SYS/PERM] Passwords are not taken in clear: begin TLS first"


def v1(address):
    family, own = ("TCP6", "2001:db8::1") if ":" in address else ("TCP4", "192.0.2.1")
    return f"PROXY {family} {address} {own} 40000 110\r\n".encode()


def binary(command, kind, rest):
    return SIGNATURE + bytes((0x20 | command, kind)) + len(rest).to_bytes(2, "big") + rest


def v2(address, extras=b""):
    family, kind = (socket.AF_INET6, 0x21) if ":" in address else (socket.AF_INET, 0x11)
    octets = socket.inet_pton(family, address)
    return binary(1, kind, octets + octets + b"\x9c\x40\0\x6e" + extras)


LOCAL = binary(0, 0, b"")


def connect(server, header, **options):
    pop = Pop(server.port, greet=False, **options)
    pop.send(header)
    pop.greeting = pop.ok_line()
    return pop


def connect_tls(server, header):
    pop = Pop(server.tls_port, greet=False)
    pop.send(header)
    pop.start_tls(server.context())
    pop.greeting = pop.ok_line()
    return pop


def metric(server, name):
    mark = server.log.mark()
    server.process.send_signal(signal.SIGUSR1)
    return int(field(server.log.wait_for("metric", after=mark, name=name), "value"))


def is_logged_as(server, address, mark):
    for event in ("login", "closed"):
        line = server.log.wait_for(event, after=mark)
        check(field(line, "rip") == address, f"not {address}: {line}")


def addresses(server):
    """Each form, whole, octet by octet, and with the first command behind it."""
    for make in (v1, v2):
        for address in ("127.0.0.7", "::1"):
            mark = server.log.mark()
            connect(server, make(address)).login("alice").quit()
            is_logged_as(server, address, mark)

            mark = server.log.mark()
            with Pop(server.port, greet=False) as pop:
                pop.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for octet in make(address):
                    pop.send(bytes((octet,)))
                    time.sleep(0.001)
                pop.ok_line()
                pop.login("alice").quit()
            is_logged_as(server, address, mark)

            mark = server.log.mark()
            with Pop(server.port, greet=False) as pop:
                pop.send(make(address) + b"USER alice\r\nPASS secret\r\nSTAT\r\nQUIT\r\n")
                for _ in range(5):
                    pop.ok_line()
                check(pop.at_end(), "the connection is open after QUIT")
            is_logged_as(server, address, mark)
    for header in (v2("::ffff:127.0.0.7"), b"PROXY TCP6 ::ffff:127.0.0.7 ::1 1 2\r\n"):
        mark = server.log.mark()
        connect(server, header).login("alice").quit()
        is_logged_as(server, "127.0.0.7", mark)
    # Who is not told is nobody, and above all not the proxy, from whom a password may come in clear.
    for header in (b"PROXY UNKNOWN\r\n", binary(1, 0, b""), binary(1, 0x31, bytes(216))):
        mark = server.log.mark()
        with connect(server, header) as pop:
            check(b"begin TLS first" in pop.refused("USER alice"), "a password in clear from nobody knows whom")
        closed = server.log.wait_for("closed", after=mark)
        check(field(closed, "rip") == "0.0.0.0", closed)


class OnePacket:
    """A client under TLS whose first message goes out behind a header, in one packet."""

    def __init__(self, server, header):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = server.context().wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self.socket = socket.create_connection(("127.0.0.1", server.tls_port), 20)
        self.header = header

    def run(self, operation):
        while True:
            try:
                return operation()
            except ssl.SSLWantReadError:
                self.socket.sendall(self.header + self.outgoing.read())
                self.header = b""
                octets = self.socket.recv(65536)
                check(octets != b"", "the server has closed")
                self.incoming.write(octets)

    def ask(self, command):
        self.tls.write(command)
        return self.run(lambda: self.tls.read(1000))


def implicit_tls(server):
    """The handshake's octets behind the header are left for the handshake."""
    for make in (v1, v2):
        mark = server.log.mark()
        connect_tls(server, make("203.0.113.7")).login("alice").quit()
        is_logged_as(server, "203.0.113.7", mark)

        mark = server.log.mark()
        client = OnePacket(server, make("203.0.113.8"))
        client.run(client.tls.do_handshake)
        check(client.run(lambda: client.tls.read(1000)).startswith(b"+OK "), "no greeting")
        for command in (b"USER alice\r\n", b"PASS secret\r\n", b"QUIT\r\n"):
            reply = client.ask(command)
            check(reply.startswith(b"+OK "), f"{command}: {reply!r}")
        client.socket.close()
        is_logged_as(server, "203.0.113.8", mark)


def passwords(server):
    """allow-plaintext = loopback is about the client, not about the proxy."""
    with connect(server, v1("127.0.0.9")) as pop:
        pop.login("alice").quit()
    for header in (v1("203.0.113.7"), v2("203.0.113.7"), v2("2001:db8::7"), v2("203.0.113.7", NOT_UNDER_TLS)):
        with connect(server, header) as pop:
            check(b"\nUSER\r" not in pop.ok_body("CAPA"), f"USER is offered: {header!r}")
            check(pop.ask("USER alice") == IN_CLEAR, f"a password in clear: {header!r}")
            pop.ok("STLS")
            pop.start_tls(server.context())
            pop.login("alice").quit()
    # On the way to the proxy it is secret, and that is what the operator has chosen to trust.
    for header in (v2("203.0.113.7", UNDER_TLS), v2("2001:db8::7", b"\1\0\4pop3" + UNDER_TLS)):
        with connect(server, header) as pop:
            check(b"\nUSER\r" in pop.ok_body("CAPA"), f"USER is not offered: {header!r}")
            pop.login("alice").quit()


def guard(server):
    """Its counts are the clients', not the proxy's."""
    first, second = (connect(server, v2("203.0.113.20")) for _ in range(2))
    third = Pop(server.port, greet=False)
    third.send(v2("203.0.113.20"))
    reply = third.line()
    check(reply == b"-ERR [SYS/TEMP] Too many sessions from your address, try again later", f"{reply}")
    check(third.at_end(), "a refused session is open")
    connect(server, v1("203.0.113.21")).quit()
    first.quit()
    connect(server, v1("203.0.113.20")).quit()
    second.quit()
    for _ in range(3):
        with connect(server, v2("203.0.113.22", UNDER_TLS)) as pop:
            pop.ok("USER alice")
            pop.refused("PASS wrong")
    refused = Pop(server.port, greet=False)
    refused.send(v2("203.0.113.22", UNDER_TLS))
    reply = refused.line()
    check(reply is not None and reply.startswith(b"-ERR [SYS/TEMP] Too many failed logins"), f"{reply}")
    server.log.wait_for("guard", rip="203.0.113.22", action="refused")
    with connect(server, v2("203.0.113.23", UNDER_TLS)) as pop:
        pop.login("alice").quit()


KNOWN = v2("203.0.113.7")
BAD = (b"CAPA\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"\r\n\r\n\0\r\nQUIT\r\n", b"A" * 5000,
       b"PROXY TCP4 here there 1 2\r\n", b"PROXY TCP4 203.0.113.7 192.0.2.1 1 2\n",
       b"PROXY TCP4 203.0.113.7 192.0.2.1 01 2\r\n", b"PROXY UNKNOWN " + b"x" * 100,
       KNOWN[:-1].replace(b"\x0c", b"\x0b", 1), KNOWN.replace(b"\x21\x11", b"\x21\x12"),
       KNOWN.replace(b"\x21\x11", b"\x31\x11"), v2("203.0.113.7", bytes(5000)), binary(0, 0, bytes(5000)),
       v2("203.0.113.7", b"\x20\0\x09\1"))


def refusals(server):
    connections = metric(server, "connections")
    for port in (server.port, server.tls_port):
        for header in BAD:
            mark = server.log.mark()
            with Pop(port, greet=False) as pop:
                pop.send(header)
                check(pop.at_end(), f"an answer to {header[:40]!r}")
            told = server.log.wait_for("proxy-refused", after=mark)
            check(field(told, "rip") == "127.0.0.1" and field(told, "level") == "warning", told)
            server.log.wait_for("closed", after=mark, reason="refused")
        # A stranger, however good the header.
        mark = server.log.mark()
        with Pop(port, greet=False, source="127.0.0.2") as pop:
            try:
                pop.send(v1("203.0.113.7"))
            except ConnectionError:
                pass
            check(pop.at_end(), "an answer to who is no proxy")
        server.log.wait_for("refused", after=mark, rip="127.0.0.2")
    check(metric(server, "connections") == connections, "what was refused is counted as a client")


def silence(server):
    """Half a header, or none: the login's deadline."""
    server.conf["server"]["login-timeout-seconds"] = 1
    check(server.reload(), "a reload is refused")
    for octets in (b"", b"PROXY TCP4 203.", v2("203.0.113.7")[:20]):
        mark = server.log.mark()
        with Pop(server.port, greet=False) as pop:
            pop.send(octets)
            check(pop.at_end(), "an answer")
        server.log.wait_for("closed", after=mark, reason="login-timeout")
    del server.conf["server"]["login-timeout-seconds"]
    check(server.reload(), "a reload is refused")


def probes(server):
    """The proxy's own question: greeted, no client, not logged, whatever it says next."""
    connections, failed = metric(server, "connections"), metric(server, "tls-failed")
    mark = server.log.mark()
    connect(server, LOCAL).quit()
    connect(server, binary(0, 0x11, v2("203.0.113.7")[16:])).close()
    with connect_tls(server, LOCAL) as pop:
        pop.quit()
    with Pop(server.tls_port, greet=False) as pop:
        pop.send(LOCAL)  # and no handshake
    check(metric(server, "connections") == connections, "a probe is counted as a client")
    check(metric(server, "tls-failed") == failed, "a probe without TLS is counted as a failure")
    connect(server, v1("127.0.0.7")).quit()
    server.log.wait_for("closed", after=mark, rip="127.0.0.7")
    told = [line for line in server.log.lines[mark:] if field(line, "rip") == "127.0.0.1"]
    check(told == [], f"a probe is logged: {told}")
    check(metric(server, "connections") == connections + 1, "a client is not counted")


def with_haproxy(server):
    for way in ("send-proxy", "send-proxy-v2"):
        with Haproxy(server.folder, server.port, way) as proxy:
            connections, mark = metric(server, "connections"), server.log.mark()
            with Pop(proxy.port, source="127.0.0.77") as pop:
                pop.login("alice").quit()
            server.log.wait_for("login", after=mark, rip="127.0.0.77")
            server.log.wait_for("closed", after=mark, rip="127.0.0.77")
            proxy.wait_for_checks(3)
            # In version 1 a check cannot be told from a client that the proxy does not tell.
            if way == "send-proxy-v2":
                check(metric(server, "connections") == connections + 1, "a check is counted as a client")
                told = server.log.find("closed", after=mark, rip="127.0.0.1")
                check(told == [], f"a check is logged: {told}")
    with Haproxy(server.folder, server.tls_port, "send-proxy-v2", talks=False) as proxy:
        mark = server.log.mark()
        with Pop(proxy.port, source="127.0.0.77", tls=server.context()) as pop:
            pop.login("alice").quit()
        server.log.wait_for("login", after=mark, rip="127.0.0.77", tls="TLSv1.3")
        told = server.log.find("closed", after=mark, rip="127.0.0.1")
        told += server.log.find("tls-failed", after=mark, rip="127.0.0.1")
        check(told == [], f"a check is logged: {told}")


def haproxy_with_tls(server):
    """It ends TLS itself, and says so."""
    pair = server.path("pair.pem")
    with open(pair, "wb") as file:
        for name in ("server.pem", "server.key"):
            with open(server.path(name), "rb") as part:
                file.write(part.read())
    port = int(field(server.log.wait_for("listening", listener="strict"), "port"))
    for way, is_told in (("send-proxy-v2", False), ("send-proxy-v2-ssl", True)):
        with Haproxy(server.folder, port, way, certificate=pair) as proxy:
            with Pop(proxy.port, source="127.0.0.77", tls=server.context()) as pop:
                if is_told:
                    pop.login("alice").quit()
                else:
                    check(pop.ask("USER alice") == IN_CLEAR, "a password in clear")


def main():
    server = Scene()
    server.conf["server"]["plugins"] = PLUGINS + ";guard"
    behind = {"proxy-protocol": "yes", "proxy-networks": "127.0.0.1"}
    server.conf["listener pop3"].update(behind, **{"allow-plaintext": "loopback"})
    server.conf["listener pop3s"].update(behind)
    server.conf["listener strict"] = {"port": 0, "tls": "starttls", "allow-plaintext": "no", **behind}
    server.conf["plugin guard"] = {"address-sessions": 2, "address-failures": 3, "max-delay-seconds": 0,
                                   "allow": "127.0.0.0/8;::1"}
    with server:
        for part in (addresses, implicit_tls, passwords, guard, refusals, silence, probes, with_haproxy,
                     haproxy_with_tls):
            part(server)


run(main, 60)
