# SPDX-License-Identifier: MIT
"""Passwords checked by a real saslauthd: USER and PASS, PLAIN and LOGIN; while it is away, asleep or
out of its wits nobody is told that a password is wrong."""

import os
import socket
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import sasl_client
from harness.pop import Pop
from harness.saslauthd import Saslauthd
from harness.server import PASSWORD, REALM, Server
from harness.trial import check, run

OK, WRONG, AWAY = "+OK ", "-ERR [AUTH] Authentication failed", "-ERR [SYS/TEMP] "
LONG = "p" * 400  # longer than what a line of PASS or saslauthd's own buffer is made for


def by_password(server, user, password):
    with Pop(server.port) as pop:
        pop.ok(f"USER {user}")
        return pop.ask(f"PASS {password}").decode()


def logs_in(server, expected, user="alice", password=PASSWORD):
    """By each way, with the same words."""
    replies = {"PASS": by_password(server, user, password)}
    for mechanism in ("PLAIN", "LOGIN"):
        replies[mechanism] = sasl_client.run(server.port, mechanism, user, password).reply
    for way, reply in replies.items():
        check(reply.startswith(expected), f"{way} {user}: {reply!r}, not {expected!r}")


def answers(server):
    logs_in(server, OK)
    logs_in(server, OK, f"alice@{REALM}")
    logs_in(server, WRONG, password="wrong")
    logs_in(server, WRONG, password=LONG)
    logs_in(server, WRONG, user="nobody")
    logs_in(server, WRONG, user="alice@other.example")
    with Pop(server.port) as pop:
        check(b"\r\nSASL PLAIN LOGIN\r\n" in pop.ok_body("CAPA"), "what needs more than a check is offered")
        check(pop.login("alice").stat() == (1, 14), "not alice's mail")
        pop.quit()


def absence(server, daemon):
    for end in (daemon.stop, daemon.kill):  # without a socket, with one that nobody listens to
        end()
        logs_in(server, AWAY)
        logs_in(server, AWAY, password="wrong")
        logs_in(server, AWAY, user="nobody")
        daemon.start()
        logs_in(server, OK)
        logs_in(server, WRONG, password="wrong")


def sleep(server, daemon):
    """Who asks waits; others do not, and the answer comes when it comes."""
    daemon.suspend()
    with Pop(server.port) as waiting:
        waiting.ok("USER alice")
        waiting.send(b"PASS secret\r\n")
        for _ in range(20):
            with Pop(server.port) as other:
                other.ok("CAPA")
                other.body()
                other.quit()
        daemon.resume()
        waiting.ok_line()
        waiting.quit()


def nonsense(server, daemon):
    """Somebody at the socket who says nothing, half an answer, or no word that is known."""
    daemon.stop()
    for octets in (b"", b"\0", b"\0\2", b"\0\2O", b"\0\0", b"\xff\xffOK"):
        with socket.socket(socket.AF_UNIX) as fake:
            fake.bind(daemon.path)
            os.chmod(daemon.path, 0o777)
            fake.listen()

            def answer(said=octets, own=fake):
                for _ in range(3):
                    client = own.accept()[0]
                    client.recv(65536)
                    client.sendall(said)
                    client.close()

            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            replies = [by_password(server, "alice", PASSWORD),
                       *(sasl_client.run(server.port, mechanism, "alice", PASSWORD).reply
                         for mechanism in ("PLAIN", "LOGIN"))]
            for reply in replies:
                check(reply.startswith(AWAY), f"after {octets!r}: {reply!r}")
            thread.join(20)
        os.remove(daemon.path)
    daemon.start()
    logs_in(server, OK)


def memory(server, daemon):
    """A right password is remembered for a while; one that was not asked for is not."""
    server.conf["plugin sasl"]["cache-seconds"] = 60
    check(server.reload(), "a reload is refused")
    logs_in(server, OK)
    logs_in(server, WRONG, password="wrong")
    daemon.stop()
    logs_in(server, OK)
    logs_in(server, AWAY, password="wrong")
    logs_in(server, AWAY, user="bob")
    daemon.start()
    logs_in(server, OK, user="bob")


def main():
    server = Server(users=("alice", "bob"))
    server.maildir("alice").deliver(b"Subject: a\n\n")
    database = server.conf["plugin sasl"]["sasldb"]
    with Saslauthd(os.path.join(server.folder, "saslauthd"), database) as daemon:
        server.conf["plugin sasl"] = {"password-check": "saslauthd", "option.saslauthd_path": daemon.path,
                                      "realm": REALM, "cache-seconds": 0}
        with server:
            answers(server)
            for part in (absence, sleep, nonsense, memory):
                part(server, daemon)


run(main, 60)
