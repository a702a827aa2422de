# SPDX-License-Identifier: MIT
"""A client that takes a message of 50 MB at one octet a second holds no thread and little memory;
one that takes nothing at all is ended by the write timeout; both leave the mailbox as it was."""

import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server, is_sanitized
from harness.trial import check, run

MIB = 1 << 20


def main():
    with Server(users=("alice", "bob", "carol"),
                server={"write-timeout-seconds": 6, "workers": 1, "workers-reserve": 0}) as server:
        lf = b"Subject: big\n\n" + b"fifty megabytes of this line, with LF\n" * (50 * MIB // 38)
        server.maildir("alice").deliver(lf)
        server.maildir("carol").deliver(lf.replace(b"\n", b"\r\n"))
        server.maildir("bob").fill(b"Subject: %d\n\nbody\n" % n for n in range(20))
        with Pop(server.port).login("bob") as pop:
            for _ in range(50):
                pop.ok_body("RETR 1")
            pop.quit()
        threads, memory = server.thread_count(), server.pss()

        slow = [Pop(server.port, receive_buffer=4096).login(user) for user in ("alice", "carol")]
        for pop in slow:
            pop.ok("DELE 1")
            pop.ok("RSET")
            pop.send(b"RETR 1\r\n")
        end = time.monotonic() + 4
        while time.monotonic() < end:
            for pop in slow:
                pop.socket.recv(1)
            # With one worker: were it held, nobody else would be served.
            with Pop(server.port).login("bob") as other:
                other.ok_body("RETR 20")
                other.quit()
            time.sleep(1)
        grown = (server.pss() - memory) / 2
        check(server.thread_count() <= threads, "a slow reader holds a thread")
        if not is_sanitized():
            print(f"a slow reader of 50 MB costs {grown / 1024:.0f} KiB")
            check(grown < MIB, f"a slow reader costs {grown:.0f} octets")
        # Now they take nothing at all.
        for _ in slow:
            server.log.wait_for("closed", reason="write-timeout")
        for pop in slow:
            pop.close()
        with Pop(server.port, timeout=60).login("alice") as pop:
            check(len(pop.ok_body("RETR 1")) == len(lf.replace(b"\n", b"\r\n")), "the message is not whole")
            pop.quit()


run(main, 100)
