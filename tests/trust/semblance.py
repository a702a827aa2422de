# SPDX-License-Identifier: MIT
"""What SCRAM tells of an unknown name, salt and iterations, looks like what it tells of an account,
however those of the site were made."""

import base64
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server
from harness.trial import check, run

ITERATIONS, SALT = 15000, 12


def encode(octets):
    return base64.b64encode(octets).decode()


def key():
    """Nobody knows its password."""
    return (f"SCRAM-SHA-256${ITERATIONS}:{encode(os.urandom(SALT))}"
            f"${encode(os.urandom(32))}:{encode(os.urandom(32))}")


def ask(server, name):
    """(salt, iterations) by the server's first message."""
    with Pop(server.port) as pop:
        reply = pop.ask("AUTH SCRAM-SHA-256 " + encode(f"n,,n={name},r=nonce".encode()))
        check(reply.startswith(b"+ "), f"{name}: {reply!r}")
        found = re.fullmatch(rb"r=[^,]+,s=([^,]+),i=(\d+)", base64.b64decode(reply[2:]))
        pop.refused("*")
    return base64.b64decode(found[1]), int(found[2])


def main():
    server = Server(server={"plugins": "pop3;accounts;sasl;maildir"})
    path = os.path.join(server.folder, "accounts")
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{name} {key()}\n" for name in ("alice", "bob"))
    os.chmod(path, 0o640)
    server.give(path)
    server.conf["plugin accounts"] = {"file": path}
    server.conf["plugin sasl"] = {}
    with server:
        told = {name: ask(server, name) for name in ("alice", "bob", "nobody", "somebody")}
        for name, (salt, iterations) in told.items():
            check((len(salt), iterations) == (SALT, ITERATIONS), f"{name}: {len(salt)}, {iterations}")
            check(ask(server, name) == (salt, iterations), f"{name}: another answer")
        check(len(set(told.values())) == len(told), "two of one salt")


run(main, 60)
