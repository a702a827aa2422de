# SPDX-License-Identifier: MIT
"""Clients that take nothing of what is sent to them while a reply is held back, or waits for somebody
else: they have their time, too."""

import contextlib
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server
from harness.trial import run

LIMITS = {key: 0 for key in ("free-failures", "address-failures", "account-failures",
                             "address-sessions", "login-octets", "login-commands")}


def amounts():
    """Octets of replies: some fill the socket all but a little, wherever that is."""
    amount = 20_000
    while amount < 12_000_000:
        yield amount
        amount = amount * 6 // 5


def fill(server, last):
    """Clients whose last commands make the server wait."""
    with Pop(server.port) as pop:
        length = len(pop.ok_body("CAPA"))
    for amount in amounts():
        client = Pop(server.port, receive_buffer=4096)
        client.socket.settimeout(1)
        with contextlib.suppress(TimeoutError):
            client.send(b"CAPA\r\n" * (amount // length) + last)
        yield client


def main():
    server = Server(server={"plugins": "pop3;sasl;guard;maildir;testkit", "login-timeout-seconds": 3})
    server.conf["plugin guard"] = {**LIMITS, "allow": "", "max-delay-seconds": 1}
    with server:
        clients = [*fill(server, b"USER alice\r\nPASS wrong\r\n"), *fill(server, b"NAP 1000\r\n")]
        server.log.wait_for("closed", reason="login-timeout", count=len(clients))


run(main, 60)
