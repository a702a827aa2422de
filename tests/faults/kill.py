# SPDX-License-Identifier: MIT
"""kill -9 during RETR, behind DELE and in the middle of QUIT: each message is whole, or removed
because QUIT had been sent; the next session finds no stale lock."""

import os
import random
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server
from harness.trial import check, run

COUNT = 400
chance = random.Random(9)


def kill(server):
    os.kill(server.pid, signal.SIGKILL)
    server.process.wait()
    server.log.join()


def message(number):
    return b"Subject: %d\n\n" % number + b"line %d\n" % number * (number % 50 + 1)


def serve_again(server, expected_left):
    """The mailbox as a new server shows it; there must be no lock in the way."""
    server.start()
    with Pop(server.port).login("alice") as pop:
        check(pop.stat()[0] == len(expected_left), f"{pop.stat()[0]} messages for {len(expected_left)}")
        for number in (1, len(expected_left)):
            if expected_left:
                pop.ok_body(f"RETR {number}")
        pop.quit()


def during_retr(server):
    big = b"Subject: big\n\n" + b"0123456789" * 7 + b"\n"
    server.maildir().deliver(big + b"and so on, and so on\n" * 500_000)
    before = server.maildir().messages()
    pop = Pop(server.port, receive_buffer=4096).login("alice")
    pop.ok("DELE 1")
    pop.send(b"RETR %d\r\n" % len(before))
    pop.file.read(5000)
    kill(server)
    check(server.maildir().messages() == before, "a kill during RETR has changed the mailbox")
    serve_again(server, before)


def behind_dele(server):
    before = server.maildir().messages()
    pop = Pop(server.port).login("alice")
    for number in range(1, len(before) + 1):
        pop.ok(f"DELE {number}")
    kill(server)
    check(server.maildir().messages() == before, "DELE without QUIT has removed mail")
    serve_again(server, before)


def during_quit(server):
    """At moments from before the first unlink to behind the last: only marked messages may go."""
    partial = 0
    for attempt in range(12):
        maildir = server.maildir()
        messages = {message(n) for n in range(COUNT)}
        for left in maildir.paths():
            os.remove(left)
        maildir.fill(sorted(messages))
        pop = Pop(server.port).login("alice")
        marked = set()
        for number in range(1, COUNT + 1):
            if number % 4:
                marked.add(pop.ok_body(f"TOP {number} 0"))
        pop.send(b"".join(b"DELE %d\r\n" % n for n in range(1, COUNT + 1) if n % 4))
        for _ in marked:
            pop.ok_line()
        pop.send(b"QUIT\r\n")
        time.sleep(chance.random() * 0.006)
        kill(server)
        left = maildir.messages()
        check(set(left) <= messages, "a message is not whole")
        kept = {text for text in messages if text.replace(b"\n", b"\r\n").split(b"\r\n\r\n")[0] + b"\r\n\r\n"
                not in marked}
        check(kept <= set(left), "a message went that was not marked")
        partial += len(kept) < len(left) < COUNT
        serve_again(server, left)
    print(f"killed in the middle of {partial} of 12 removals")


def main():
    with Server() as server:
        server.maildir().fill(message(n) for n in range(20))
        during_retr(server)
        behind_dele(server)
        during_quit(server)


run(main, 110)
