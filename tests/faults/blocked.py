# SPDX-License-Identifier: MIT
"""Strangers keep every thread they can get waiting: others are greeted and served all the same,
and the strangers that come too late wait without a thread, until one of the others has done."""

import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server
from harness.trial import check, run

WAIT_MS = 2000


def main():
    with Server(server={"plugins": "pop3;testkit;testdrop", "workers": 1,
                        "workers-reserve": 3}) as server:
        with Pop(server.port).login("honest") as honest:
            blockers = [Pop(server.port) for _ in range(8)]
            begun = time.monotonic()
            for pop in blockers:
                pop.send(b"BLOCK %d\r\n" % WAIT_MS)
            # A greeting and commands that do not block, while all the others wait.
            with Pop(server.port) as pop:
                pop.ok_body("CAPA")
            honest.stat()
            check(time.monotonic() - begun < WAIT_MS / 1000 * 0.8, "others wait for the blocked")
            replies = [pop.line() for pop in blockers]
            check(replies == [b"+OK back"] * 8, f"{replies}")
            check(time.monotonic() - begun > WAIT_MS / 1000 * 1.8, "all have got a thread at once")
            honest.quit()
        for pop in blockers:
            pop.close()


run(main, 60)
