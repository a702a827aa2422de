# SPDX-License-Identifier: MIT
"""SIGTERM: no new clients, those that have not logged in are ended, the others may finish; what
does not finish is ended and removes nothing."""

import os
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server
from harness.trial import check, run


def finishes():
    with Server(server={"drain-timeout-seconds": 60}) as server:
        server.maildir().fill([b"Subject: a\n\n", b"Subject: b\n\n"])
        new, pop = Pop(server.port), Pop(server.port).login("alice")
        pop.ok("DELE 1")
        server.process.send_signal(signal.SIGTERM)
        server.log.wait_for("draining")
        check(new.line() is None, "a client without login goes on")
        try:
            Pop(server.port, greet=False)
            check(False, "a new client is accepted")
        except ConnectionRefusedError:
            pass
        pop.ok_body("RETR 2")
        pop.quit()
        server.wait()
        check(len(server.maildir().messages()) == 1, "QUIT while draining does not remove")


def does_not_finish():
    with Server(server={"drain-timeout-seconds": 1}) as server:
        server.maildir().fill([b"Subject: a\n\n"])
        pop = Pop(server.port).login("alice")
        pop.ok("DELE 1")
        server.process.send_signal(signal.SIGTERM)
        check(pop.line() is None, "the end is not silent")
        server.wait()
        server.log.wait_for("closed", reason="drain")
        check(len(server.maildir().messages()) == 1, "the end of the server has removed mail")


def asked_twice():
    with Server(server={"drain-timeout-seconds": 600}) as server:
        Pop(server.port).login("alice")
        server.process.send_signal(signal.SIGTERM)
        server.log.wait_for("draining")
        server.process.send_signal(signal.SIGTERM)
        server.wait()


def main():
    finishes()
    does_not_finish()
    asked_twice()


run(main, 60)
