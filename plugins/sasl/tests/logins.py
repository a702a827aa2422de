# SPDX-License-Identifier: MIT
"""A running server: lines of AUTH up to 64 KiB, a database that a reload exchanges under a session,
one that goes away, and nothing that stays of sessions but what an idle one needs."""

import base64
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 3, "tests"))

from harness.pop import Pop
from harness.server import Server, is_sanitized, make_database
from harness.trial import check, run

LINE_LIMIT = 65536
FAILED = b"-ERR [AUTH] Authentication failed"


def plain(user, password):
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


def expect(reply, wanted, what):
    check(reply == wanted, f"{what}: {reply!r}, not {wanted!r}")


def long_lines(server):
    password = "x" * 49000
    for command in (f"AUTH PLAIN {plain('alice', password)}",
                    f"AUTH PLAIN {plain('n' * 40000, 'x')}"):
        with Pop(server.port) as pop:
            expect(pop.ask(command), FAILED, "a long initial response")
    with Pop(server.port) as pop:
        expect(pop.ask("AUTH PLAIN"), b"+ ", "AUTH PLAIN")
        expect(pop.ask(plain("alice", password)), FAILED, "a long answer")
        expect(pop.ask("AUTH LOGIN"), b"+ VXNlcm5hbWU6", "AUTH LOGIN")
        expect(pop.ask("A" * (LINE_LIMIT + 1000)), b"-ERR Line too long", "a longer answer")
        expect(pop.ask("AUTH PLAIN " + "A" * LINE_LIMIT), b"-ERR Line too long", "a longer command")
        pop.ok(f"AUTH PLAIN {plain('alice', 'secret')}")
        pop.quit()


def refused_logins(server):
    """What a client without a login can do a thousand times must cost nothing for good."""
    commands = (f"AUTH PLAIN {plain('n' * 30000, 'x')}", "USER " + "n" * 400,
                f"AUTH PLAIN {plain(' ', 'x')}", "AUTH PLAIN =", "AUTH PLAIN !")
    before = 0
    for turn in range(8):
        with Pop(server.port) as pop:
            for _ in range(100):
                for command in commands:
                    pop.ask(command)
                pop.ask("AUTH LOGIN IA==")
                pop.refused(base64.b64encode(b"p" * 1000).decode())
        if turn == 3:
            before = server.pss()
    grown = server.pss() - before
    check(is_sanitized() or grown < 1 << 20, f"400 refused logins of each kind keep {grown} octets")


def other_database(server):
    """Old sessions stay, new ones meet the new accounts."""
    first, second = server.conf["plugin sasl"]["sasldb"], os.path.join(server.folder, "second")
    make_database(second, ["bob"])
    server.give(second)
    with Pop(server.port) as old, Pop(server.port) as older:
        older.login("alice")
        server.conf["plugin sasl"]["sasldb"] = second
        check(server.reload(), "a reload is refused")
        with Pop(server.port) as new:
            expect(new.ask(f"AUTH PLAIN {plain('alice', 'secret')}"), FAILED, "alice, new session")
            new.ok(f"AUTH PLAIN {plain('bob', 'secret')}")
        expect(old.ask(f"AUTH PLAIN {plain('bob', 'secret')}"), FAILED, "bob, old session")
        older.ok("NOOP")
        older.quit()
        old.ok(f"AUTH PLAIN {plain('alice', 'secret')}")
    server.conf["plugin sasl"]["sasldb"] = first
    check(server.reload(), "a reload is refused")


def gone_database(server):
    """No client may be told that its password is wrong; who was here lately is let in."""
    path = server.conf["plugin sasl"]["sasldb"]
    with Pop(server.port) as pop:
        pop.login("alice")
        pop.quit()
    os.rename(path, path + ".away")
    with Pop(server.port) as pop:
        reply = pop.refused(f"AUTH PLAIN {plain('bob', 'secret')}")
        check(reply.startswith(b"-ERR [SYS/TEMP] "), f"{reply!r}")
        pop.ok("USER bob")
        reply = pop.refused("PASS secret")
        check(reply.startswith(b"-ERR [SYS/TEMP] "), f"{reply!r}")
        check(os.path.basename(path).encode() not in reply, "a path goes to a client")
        server.log.wait_for("password-check-failed", method="auxprop")
        pop.login("alice")
        pop.quit()
    server.conf["plugin sasl"]["cache-seconds"] = 30
    check(not server.reload(), "a reload goes without a database")
    os.rename(path + ".away", path)
    check(server.reload(), "a reload is refused")


def main():
    server = Server(users=("alice", "bob"), server={"max-bad-commands": 1_000_000})
    make_database(server.conf["plugin sasl"]["sasldb"], ["alice"])
    with server:
        long_lines(server)
        refused_logins(server)
        other_database(server)
        gone_database(server)


run(main, 120)
