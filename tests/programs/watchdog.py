# SPDX-License-Identifier: MIT
"""systemd's watchdog hears from the server as long as its workers take what comes."""

import os
import socket
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server
from harness.trial import check, patience, run

INTERVAL = 0.4  # seconds within which systemd waits for a sign of life


class Notices:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.socket.settimeout(patience(20))
        os.chmod(path, 0o777)

    def next(self, wanted):
        """Up to the first with that line, and when it came."""
        while True:
            lines = self.socket.recv(4096).decode().split("\n")
            if any(line.startswith(wanted) for line in lines):
                return lines, time.monotonic()

    def count(self, wanted, seconds):
        """How many come in that time."""
        end = time.monotonic() + seconds
        found = 0
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                found += wanted in self.socket.recv(4096).decode().split("\n")
            except TimeoutError:
                break
        self.socket.settimeout(patience(20))
        return found


def main():
    server = Server(server={"plugins": "pop3;testkit;testdrop", "workers": 1, "workers-reserve": 0})
    notices = Notices(os.path.join(server.folder, "notify"))
    os.environ.update(NOTIFY_SOCKET=os.path.join(server.folder, "notify"),
                      WATCHDOG_USEC=str(int(INTERVAL * 1e6)))
    with server:
        lines, _ = notices.next("READY=1")
        check("STATUS=Serving 0 sessions" in lines, f"READY=1 with {lines}")
        for _ in range(3):
            notices.next("WATCHDOG=1")
        # A handler that holds its thread, the only one, without having said that it may.
        with Pop(server.port) as pop:
            hog = threading.Thread(target=pop.ok, args=("HOG 3000",))
            hog.start()
            server.log.wait_for("workers-stuck")
            notices.count("WATCHDOG=1", 0.1)  # what was said before
            check(notices.count("WATCHDOG=1", 1.5) == 0, "a sign of life from a server that is stuck")
            hog.join()
        notices.next("WATCHDOG=1")
        check(server.reload(), "a reload is refused")
        lines, now = notices.next("RELOADING=1")
        told = [int(line.partition("=")[2]) / 1e6 for line in lines if line.startswith("MONOTONIC_USEC=")]
        check(len(told) == 1 and now - patience(20) < told[0] <= now, f"at {now} RELOADING=1 with {lines}")
        lines, _ = notices.next("READY=1")
        check("STATUS=Serving 0 sessions" in lines, f"READY=1 with {lines}")
    lines, _ = notices.next("STOPPING=1")
    check(any(line.startswith("EXTEND_TIMEOUT_USEC=") for line in lines), f"STOPPING=1 with {lines}")


run(main, 60)
