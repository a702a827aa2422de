# SPDX-License-Identifier: MIT
"""systemd's watchdog hears from the server as long as its workers take what comes."""

import os
import signal
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
DRAIN = 7


class Notices:
    def __init__(self, path):
        self.path = path
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

    def all_of(self, seconds):
        """The lines that come in that time."""
        end = time.monotonic() + seconds
        found = []
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                found += self.socket.recv(4096).decode().split("\n")
            except TimeoutError:
                break
        self.socket.settimeout(patience(20))
        return found

    def count(self, wanted, seconds):
        return self.all_of(seconds).count(wanted)


def announce(notices, **changes):
    """What systemd puts into the environment; None leaves a variable out."""
    variables = {"NOTIFY_SOCKET": notices.path, "WATCHDOG_USEC": str(int(INTERVAL * 1e6)), "WATCHDOG_PID": None,
                 **changes}
    for name, value in variables.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


def stuck(server, notices):
    """A handler holds its thread, the only one, without having said that it may."""
    with Pop(server.port) as pop:
        hog = threading.Thread(target=pop.ok, args=("HOG 3000",))
        hog.start()
        server.log.wait_for("workers-stuck")
        notices.count("WATCHDOG=1", 0.1)  # what was said before
        check(notices.count("WATCHDOG=1", 1.5) == 0, "a sign of life from a server that is stuck")
        hog.join()
    notices.next("WATCHDOG=1")


def reloaded(server, notices):
    with Pop(server.port), Pop(server.port):
        asked = time.monotonic()
        check(server.reload(), "a reload is refused")
        lines, _ = notices.next("RELOADING=1")
        stamp = int(lines[1].removeprefix("MONOTONIC_USEC=")) / 1e6
        check(lines[1].startswith("MONOTONIC_USEC=") and asked <= stamp <= time.monotonic(), f"{lines}")
        lines, _ = notices.next("READY=1")
        check("STATUS=Serving 2 sessions" in lines, f"READY=1 with {lines}")


def drained(server, notices):
    """Signs of life go on; a reload in between does not call it ready."""
    with Pop(server.port).login("alice") as pop:
        server.process.send_signal(signal.SIGTERM)
        lines, _ = notices.next("STOPPING=1")
        check(f"EXTEND_TIMEOUT_USEC={(DRAIN + 10) * 1000000}" in lines, f"STOPPING=1 with {lines}")
        check(server.reload(), "a reload is refused")
        found = notices.all_of(4 * INTERVAL)
        check("WATCHDOG=1" in found and "READY=1" not in found, f"while draining: {found}")
        pop.quit()
    server.wait()


def main():
    server = Server(server={"plugins": "pop3;testkit;testdrop", "workers": 1, "workers-reserve": 0,
                            "drain-timeout-seconds": DRAIN})
    notices = Notices(os.path.join(server.folder, "notify"))
    announce(notices)
    with server:
        lines, _ = notices.next("READY=1")
        check("STATUS=Serving 0 sessions" in lines, f"READY=1 with {lines}")
        for _ in range(3):
            notices.next("WATCHDOG=1")
        stuck(server, notices)
        reloaded(server, notices)
        drained(server, notices)
    for changes in ({"WATCHDOG_USEC": None}, {"WATCHDOG_PID": "1"}):
        server = Server()
        notices = Notices(os.path.join(server.folder, "notify"))
        announce(notices, **changes)
        with server:
            notices.next("READY=1")
            check(notices.count("WATCHDOG=1", 2 * INTERVAL) == 0, f"a sign of life, though {changes}")


run(main, 60)
