# SPDX-License-Identifier: MIT
"""Many clients that say nothing, more than there is room for, more than there are descriptors."""

import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import process
from harness.pop import Pop
from harness.server import Server, is_sanitized, users_named
from harness.trial import check, run


def serves(server, user="alice"):
    with Pop(server.port).login(user) as pop:
        pop.stat()
        pop.quit()


def silent():
    with Server(server={"login-timeout-seconds": 3}) as server:
        crowd = [Pop(server.port) for _ in range(1000)]
        serves(server)
        cpu = server.cpu_seconds()
        for pop in crowd:
            check(pop.line() is None, "a silent client gets more than a silent end")
            pop.close()
        check(server.cpu_seconds() - cpu < 2, "silent clients cost much")
        server.log.wait_for("closed", reason="login-timeout", count=1000)
        serves(server)


def connections(count):
    """All greeted, all open at once, and one more is served among them."""
    with Server(server={"login-timeout-seconds": 600}) as server:
        before = server.pss()
        crowd = [Pop(server.port) for _ in range(count)]
        check(server.descriptor_count() >= count, "some connections are not held")
        each = (server.pss() - before) / count
        serves(server)
        check(crowd[0].ok_body("CAPA") and crowd[-1].ok_body("CAPA"), "they are not served")
        for pop in crowd:
            pop.close()
        if not is_sanitized():
            print(f"{count} connections at once, {each / 1024:.2f} KiB each")


def idle(count):
    users = users_named(count)
    with Server(users=users) as server:
        for user in users:
            server.maildir(user).fill(b"Subject: %d\n\nbody\n" % n for n in range(20))
        with Pop(server.port).login(users[0]) as pop:
            pop.quit()
        before = server.pss()
        crowd = [Pop(server.port).login(user) for user in users]
        each = (server.pss() - before) / count
        for pop in crowd:
            pop.quit()
        if not is_sanitized():
            print(f"{count} logged-in idle sessions, {each / 1024:.2f} KiB each")
            check(each <= 8 * 1024, f"{each:.0f} octets a session")


def full():
    """Whoever has not logged in leaves for a newcomer, the oldest first; the others stay."""
    users = users_named(5)
    with Server(users=["alice", *users], server={"max-sessions": 5}) as server:
        strangers = [Pop(server.port) for _ in range(5)]
        newcomer = Pop(server.port)
        check(strangers[0].at_end(), "the oldest stranger stays")
        server.log.wait_for("closed", reason="crowded")
        check(strangers[1].ok_body("CAPA"), "the second oldest is gone, too")
        for pop in [*strangers, newcomer]:
            pop.close()
        crowd = [Pop(server.port).login(user) for user in users]
        with Pop(server.port, greet=False) as refused:
            line = refused.line()
            check(line.startswith(b"-ERR [SYS/TEMP]"), f"beyond max-sessions: {line!r}")
            check(refused.at_end(), "a refused client stays")
        server.log.wait_for("refused", reason="max-sessions")
        crowd.pop().quit()
        server.log.wait_for("closed", reason="quit")
        serves(server)
        for pop in crowd:
            pop.quit()


def knock(server):
    """A greeted session; None where the server says that there is no room."""
    pop = Pop(server.port, greet=False)
    line = pop.line()
    if line is not None and line.startswith(b"+OK"):
        return pop
    check(line is None or line.startswith(b"-ERR [SYS/TEMP]"), f"{line!r}")
    pop.close()
    return None


def no_descriptors():
    """A limit that the crowd reaches: told so, no spinning, and served again afterwards."""
    users = users_named(265)
    with Server(users=["alice", *users], server={"max-sessions": 1000}, descriptors=600) as server:
        # A session that has logged in holds two descriptors, its socket and its lock.
        crowd = [Pop(server.port).login(user) for user in users]
        strangers = [pop for pop in (knock(server) for _ in range(100)) if pop is not None]
        check(10 < len(strangers) < 70, f"{len(strangers)} more clients were let in")
        cpu = server.cpu_seconds()
        time.sleep(1.5)  # what is measured is that nothing happens in this time
        check(server.cpu_seconds() - cpu < 0.5, "the server spins without descriptors")
        for pop in crowd + strangers:
            pop.close()
        while server.descriptor_count() > 100:
            time.sleep(0.01)
        serves(server)


def main():
    process.raise_descriptor_limit()
    silent()
    full()
    no_descriptors()
    idle(500)
    connections(2000 if is_sanitized() else 10_000)


run(main, 150)
