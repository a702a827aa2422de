# SPDX-License-Identifier: MIT
"""APOP: a stamp for each greeting, a digest that is good for one of them, the same refusal for all."""

import hashlib
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import accounts
from harness.pop import Pop
from harness.scene import Scene
from harness.server import PASSWORD
from harness.trial import check, run

# RFC 5322's msg-id, of those characters only that every client takes.
STAMP = re.compile(rb"<[A-Za-z0-9]+(\.[A-Za-z0-9]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*>$")
FAILED = b"-ERR [AUTH] Authentication failed"


def stamp(pop):
    found = STAMP.search(pop.greeting)
    check(found is not None, f"no stamp: {pop.greeting!r}")
    return found.group()


def digest(pop, secret=PASSWORD):
    return hashlib.md5(stamp(pop) + secret.encode(), usedforsecurity=False).hexdigest()


def logins(server):
    for pop in (Pop(server.port), server.connect()):
        with pop:
            pop.ok(f"APOP alice {digest(pop)}")
            pop.ok("STAT")
            check(pop.refused(f"APOP alice {digest(pop)}") == b"-ERR Only valid before login", "again")
            pop.quit()
    with Pop(server.port) as pop:
        # The greeting's stamp is as good under TLS: it is ours.
        pop.ok("STLS")
        pop.start_tls(server.context())
        pop.ok(f"APOP alice {digest(pop)}")
        pop.quit()


def refusals(server):
    """A wrong secret, an unknown name, an account without a secret: the same words."""
    with Pop(server.port) as pop:
        for command in (f"APOP alice {digest(pop, 'wrong')}", f"APOP nobody {digest(pop)}",
                        f"APOP nobody {digest(pop, '')}", f"APOP bob {digest(pop)}", f"APOP bob {digest(pop, '')}",
                        "APOP alice x", f"APOP alice {digest(pop)}0"):
            check(pop.ask(command) == FAILED, command)
        check(pop.ask("APOP alice") == b"-ERR Wrong number of arguments", "APOP without a digest")
        pop.ok(f"APOP alice {digest(pop).upper()}")
        pop.quit()
    failed = server.log.wait_for("login-failed", mechanism="APOP")
    check(digest(pop) not in failed, "a digest is in the log")


def replay(server):
    with Pop(server.port) as heard, Pop(server.port) as other:
        command = f"APOP alice {digest(heard)}"
        check(other.ask(command) == FAILED, "a digest for another greeting")
        heard.ok(command)
        heard.quit()
        check(other.ask(command) == FAILED, "a digest that was good once")
    with Pop(server.port) as later:
        check(later.ask(command) == FAILED, "a digest for an ended session")


def stamps(server, count=2000):
    seen = set()
    for _ in range(count):
        with Pop(server.port) as pop:
            seen.add(stamp(pop))
    check(len(seen) == count, f"{count - len(seen)} of {count} stamps came twice")


def without(server):
    """Without anybody to ask there is no stamp, and without the plugin no command."""
    server.conf["server"]["plugins"] = "pop3;apop;maildir"
    check(server.reload(), "a reload is refused")
    with Pop(server.port) as pop:
        check(b"<" not in pop.greeting, f"a stamp: {pop.greeting!r}")
        check(pop.ask("APOP alice x") == b"-ERR APOP is not possible here", "APOP")
    server.conf["server"]["plugins"] = "pop3;accounts;maildir"
    check(server.reload(), "a reload is refused")
    with Pop(server.port) as pop:
        check(b"<" not in pop.greeting, f"a stamp: {pop.greeting!r}")
        check(pop.ask("APOP alice x") == b"-ERR Unknown command", "APOP")


def main():
    with Scene() as server:
        accounts.write(server.accounts_path, [accounts.line("alice", PASSWORD),
                                              accounts.line("bob", PASSWORD, secret=False)])
        server.give(server.accounts_path)
        for part in (logins, refusals, replay, stamps, without):
            part(server)


run(main, 60)
