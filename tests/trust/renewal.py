# SPDX-License-Identifier: MIT
"""A certificate that is replaced again and again under 200 sessions of TLS: none is lost."""

import os
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.scene import Scene
from harness.server import users_named
from harness.trial import check, run

SESSIONS = 200
RENEWALS = 20


class Crowd:
    """Each of its threads has one session after the other, half of them by STLS."""

    def __init__(self, server, users):
        self.server = server
        self.context = server.context()
        self.stop = threading.Event()
        self.inside = threading.Semaphore(0)  # released once a session has logged in
        self.lock = threading.Lock()
        self.sessions = 0
        self.serials = set()
        self.failures = []
        self.threads = [threading.Thread(target=self._live, args=(number, user), daemon=True)
                        for number, user in enumerate(users)]
        for thread in self.threads:
            thread.start()

    def _connect(self, number):
        if number % 2:
            return self.server.connect(self.context, timeout=60)
        pop = Pop(self.server.port, timeout=60)
        pop.ok("STLS")
        pop.start_tls(self.context)
        return pop

    def _session(self, number, user, last):
        with self._connect(number) as pop:
            serial = pop.socket.getpeercert()["serialNumber"]
            pop.login(user)
            self.inside.release()
            for _ in range(3):
                check(len(pop.ok_body("RETR 1")) == 17, "the message")
                if last:
                    self.stop.wait()
            pop.quit()
        with self.lock:
            self.sessions += 1
            self.serials.add(serial)

    def _live(self, number, user):
        try:
            # A quarter stays in one session from the first certificate to the last.
            while not self.stop.is_set():
                self._session(number, user, number % 4 == 0)
        except BaseException as failure:  # told by the main thread
            self.failures.append(f"{user}: {failure!r}")
            self.inside.release()

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
            check(not thread.is_alive(), "a session does not end")


def main():
    users = users_named(SESSIONS)
    # All of them may be about to log in at once.
    with Scene(users=users, server={"workers-reserve": SESSIONS}) as server:
        for user in users:
            server.maildir(user).deliver(b"Subject: a\n\nb\n")
        crowd = Crowd(server, users)
        for _ in users:
            crowd.inside.acquire(timeout=60)
        for _ in range(RENEWALS):
            server.authority.issue("server")
            server.give(server.path("server.key"))
            check(server.reload(), "a reload is refused")
            for _ in range(20):
                crowd.inside.acquire(timeout=60)
        crowd.end()
        check(crowd.failures == [], f"{len(crowd.failures)} lost: {crowd.failures[:3]}")
        check(len(crowd.serials) > RENEWALS // 2, f"only {len(crowd.serials)} certificates were seen")
        check("tls-kept" not in "".join(server.log.lines), "a certificate was not taken")
        print(f"{crowd.sessions} sessions of {SESSIONS} clients under {len(crowd.serials)} certificates, "
              "none lost")


run(main, 150)
