# SPDX-License-Identifier: MIT
"""A saslauthd with a database of its own, in the place of the machine's for it alone."""

import os
import signal
import socket
import subprocess
import time

from . import process
from .trial import Failure, Skip, check, need, patience

DATABASE = "/etc/sasldb2"  # compiled in

# A process group of its own, since at its end saslauthd signals the whole group.
# Making the mounts private fails where "/" is no mount point, as in a chroot; then nothing is shared
# from it either.
COMMAND = f'mount --make-rprivate / 2>/dev/null; mount --bind "$1" {DATABASE} &&' \
          ' exec "$2" -d -a sasldb -m "$3" -n 1'


class Saslauthd:
    """path is the socket, in a folder that others can enter."""

    def __init__(self, folder, database):
        self.program = need("saslauthd", "sasl2-bin")
        check(os.path.exists(DATABASE), f"{DATABASE} is missing: the package sasl2-bin makes it")
        self.folder = folder
        self.database = database
        self.path = os.path.join(folder, "mux")
        os.makedirs(folder)
        self.log_path = os.path.join(folder, "log")
        self.process = None

    def start(self):
        rights = [] if os.geteuid() == 0 else ["--map-root-user"]
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [need("unshare", "util-linux"), "--mount", "--propagation", "unchanged", *rights, "sh", "-c", COMMAND, "sh", self.database,
                 self.program, self.folder], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=process.die_with_parent)
        end = time.monotonic() + patience(20)
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self._give_up()
            time.sleep(0.01)

    def _answers(self):
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(self.path)
                return True
            except OSError:
                return False

    def _give_up(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            said = log.read()
        if os.geteuid() != 0:
            raise Skip(f"no saslauthd without root: {said.strip()}")
        raise Failure(f"saslauthd: {said}")

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        """Its socket stays behind."""
        self._end(signal.SIGKILL)

    def _end(self, number):
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(patience(20))
        self.process = None

    def suspend(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.kill()
