# SPDX-License-Identifier: MIT
"""Two hundred messages on their way to a slow mail server hold up nobody."""

import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.environ["srcdir"], "tests"))

from harness import accounts, senders, trial
from harness.mta import Mta
from harness.pop import Pop
from harness.server import PASSWORD, Server, is_sanitized, users_named
from harness.trial import check

COUNT = 200
SENT = b"+OK Message sent successfully"
SLOW = 5  # seconds
TEXT = b"x" * 70 + b"\r\n"


def message(user, number, size):
    return (f"From: {user}@example.org\r\nTo: somebody@example.org\r\nMessage-ID: <{user}.{number}@x>\r\n\r\n"
            ).encode() + TEXT * (size // len(TEXT))


class Crowd:
    """@work(user), each in a thread of its own; what it raises is raised by wait()."""

    def __init__(self, users, work):
        self.failures = []
        self.threads = [threading.Thread(target=self._run, args=(work, user)) for user in users]
        for thread in self.threads:
            thread.start()

    def _run(self, work, user):
        try:
            work(user)
        except BaseException as failure:
            self.failures.append(failure)

    def is_busy(self):
        return any(thread.is_alive() for thread in self.threads)

    def wait(self):
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]


def send_while_one_asks(server, users, asking):
    """Each sends to a mail server that takes five seconds; the STAT of another user's session."""
    with Mta(delay=SLOW) as mta:
        use(server, mta.port)
        waiting = threading.Barrier(COUNT + 1, timeout=trial.patience(60))

        def work(user):
            with Pop(server.port, timeout=120).login(user) as pop:
                senders.start(pop)
                pop.send(message(user, 1, 2000) + b".\r\n")
                waiting.wait()
                check(pop.line() == SENT, "not sent")
                pop.quit()

        with Pop(server.port).login(asking) as pop:
            crowd = Crowd(users, work)
            waiting.wait()
            times = []
            while crowd.is_busy():
                begin = time.monotonic()
                pop.stat()
                times.append(time.monotonic() - begin)
                time.sleep(0.01)
            crowd.wait()
            pop.quit()
        check(len(mta.delivered()) == COUNT, f"{len(mta.delivered())} messages have arrived")
        check(len(times) > 50, "there was no time to ask")
        slowest = max(times) * 1000
        print(f"{COUNT} messages to a mail server that takes {SLOW} s each: {len(times)} STATs meanwhile, the slowest "
              f"{slowest:.1f} ms; {server.thread_count()} threads, {mta.connections} connections")
        check(slowest < trial.patience(50) or is_sanitized(), f"STAT took {slowest:.0f} ms")


def send_while_others_read(server, users):
    """As many send, some of it by way of the disk, as read."""
    with Mta() as mta:
        use(server, mta.port)
        senders_of_mail, readers = users[:COUNT], users[COUNT:]

        def work(user):
            with Pop(server.port, timeout=120).login(user) as pop:
                for number in range(3):
                    if user in readers:
                        check(len(pop.ok_body("RETR 1")) > 100000, "the message is cut")
                    else:
                        size = 200000 if number == 1 else 2000
                        check(senders.send(pop, message(user, number + 10, size)) == SENT, "not sent")
                pop.quit()

        begin = time.monotonic()
        Crowd(senders_of_mail + readers, work).wait()
        sizes = sorted(len(one.octets) for one in mta.delivered())
        check(len(sizes) == 3 * COUNT and sizes[-COUNT] > 199000 > 3000 > sizes[0], f"{len(sizes)} have arrived")
        print(f"{COUNT} sessions that send 3 messages each while {COUNT} read: {time.monotonic() - begin:.1f} s, "
              f"{mta.connections} connections to the mail server")


def use(server, port):
    server.conf["plugin xtnd-xmit"] = {"relay": f"smtp://127.0.0.1:{port}", "relay-tls": "none", "domain": "example.org",
                                       "relay-connections": COUNT}
    check(server.reload(), "the settings were not taken")


def main():
    users = users_named(2 * COUNT)
    server = Server(users=())
    path = os.path.join(server.folder, "accounts")
    accounts.write(path, [accounts.line(user, PASSWORD, ["SCRAM-SHA-256"]) for user in users])
    server.give(path)
    server.conf["server"]["plugins"] = "pop3;accounts;maildir;xtnd-xmit"
    server.conf["plugin accounts"] = {"file": path}
    server.conf.pop("plugin sasl")
    server.conf["plugin xtnd-xmit"] = {"relay": "smtp://127.0.0.1:25"}
    for user in users:
        server.add_maildir(user).fill([b"Subject: one\n\n" + b"line of a message\n" * 7000] if user in users[COUNT:] else [])
    with server:
        send_while_one_asks(server, users[:COUNT], users[COUNT])
        send_while_others_read(server, users)


trial.run(main, 200)
