# SPDX-License-Identifier: MIT
"""WAIT: what ends it, that the right session wakes, and what a waiting session costs."""

import os
import ssl
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import certificates
from harness.pop import Pop
from harness.server import Server, is_sanitized, users_named
from harness.trial import check, run

PLUGINS = "pop3;uidl;sasl;stls;maildir;pop4"
MESSAGE = b"Subject: new\n\nmail\n"
CROWD = 300


def begin_wait(pop, command=b"WAIT 100\r\n"):
    """Sends it; the NOOP's answer before tells that the server has come so far."""
    pop.send(b"NOOP\r\n" + command)
    pop.ok_line()


def check_reply(pop, word):
    reply = pop.line()
    check(reply == b"+OK " + word, f"WAIT: {reply!r}, not {word!r}")


def ends(server):
    with Pop(server.port) as pop:
        pop.login("user0")
        for bad in ("WAIT 0", "WAIT 1741", "WAIT x", "WAIT 1 1", "WAIT -1", "WAIT 99999999999999999999"):
            pop.refused(bad)
        began = time.monotonic()
        check(pop.ok("WAIT 1") == b"+OK nothing", "an empty wait")
        check(time.monotonic() - began > 0.9, "a wait of one second is over at once")
        # A line ends it, pipelined or not, whole or not, and is answered itself.
        pop.send(b"WAIT\r\nSTAT\r\n")
        check_reply(pop, b"nothing")
        check(pop.line().startswith(b"+OK 0 0"), "the line behind a wait")
        began = time.monotonic()
        begin_wait(pop)
        pop.send(b"ST")
        check_reply(pop, b"nothing")
        check(time.monotonic() - began < 10, "a line does not end the wait")
        pop.send(b"AT\r\n")
        check(pop.line().startswith(b"+OK 0 0"), "the line that ended a wait")
        pop.ok("QUIT")


def wakes(server):
    with Pop(server.port) as pop, Pop(server.port) as other:
        pop.login("user0")
        other.login("user1")
        begin_wait(pop)
        begin_wait(other)
        server.maildir("user0").deliver(MESSAGE, "new")
        check_reply(pop, b"changed")
        check(len(pop.ok_body("SYNC").splitlines()) == 1, "the message is not there")
        begin_wait(pop)
        path, = server.maildir("user0").paths()
        seen = path.replace("/new/", "/cur/").split(":")[0] + ":2,S"
        os.rename(path, seen)
        check_reply(pop, b"changed")
        check(pop.ok_body("SYNC").endswith(b" seen\r\n"), "the flag is not there")
        # What came since the last look is told at once.
        server.maildir("user0").deliver(MESSAGE, "new")
        check(pop.ok("WAIT") == b"+OK changed", "what was there before the wait")
        check(pop.stat()[0] == 2, "the new message is not counted")
        os.unlink(seen)
        check(pop.ok("WAIT") == b"+OK changed", "a message that is gone")
        check(pop.stat()[0] == 1, "the message that is gone is counted")
        other.send(b"NOOP\r\n")
        check_reply(other, b"nothing")
        other.ok_line()
        pop.ok("QUIT")


def crowd(server):
    pops = []
    with Pop(server.port) as first:
        begin_wait(first.login("user2"))
        threads = server.thread_count()
        for number in range(3, CROWD):
            pops.append(Pop(server.port).login(f"user{number}"))
            begin_wait(pops[-1])
        if not is_sanitized():
            grown = server.thread_count() - threads
            check(grown <= 4, f"{grown} threads more for {len(pops)} sessions in WAIT")
        server.maildir("user7").deliver(MESSAGE, "new")
        check_reply(pops[4], b"changed")
        pops.pop().close()
        server.log.wait_for("closed", user=f"user{CROWD - 1}@example.org")
        for pop in pops[5:]:
            pop.send(b"QUIT\r\n")
        for pop in pops[5:]:
            check_reply(pop, b"nothing")
            pop.ok_line()
    for pop in pops:
        pop.close()


def over_tls(server, context):
    with Pop(server.port) as pop:
        pop.ok("STLS")
        pop.start_tls(context)
        pop.login("user0")
        # Both lines come in one record: the second lies in the TLS library, not in the socket.
        pop.send(b"WAIT\r\nNOOP\r\n")
        check_reply(pop, b"nothing")
        pop.ok_line()
        begin_wait(pop)
        server.maildir("user0").deliver(MESSAGE, "new")
        check_reply(pop, b"changed")


def draining():
    with Server(server={"plugins": PLUGINS, "drain-timeout-seconds": 1}) as server, \
            Pop(server.port) as pop:
        begin_wait(pop.login("alice"))
        server.stop()
        check(pop.at_end(), "a waiting session outlives the server")


def main():
    draining()
    server = Server(users_named(CROWD), {"plugins": PLUGINS})
    authority = certificates.Authority(os.path.join(server.folder, "tls"))
    certificate, key = authority.issue("server")
    server.give(os.path.dirname(key))
    server.conf["listener pop3"]["tls"] = "starttls"
    server.conf["tls"] = {"certificate": certificate, "key": key}
    with server:
        ends(server)
        wakes(server)
        crowd(server)
        over_tls(server, ssl.create_default_context(cafile=authority.path("ca.pem")))


run(main, 120)
