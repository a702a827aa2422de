# SPDX-License-Identifier: MIT
"""haproxy before a server: one front, one way to tell the client's address, one health check."""

import os
import socket
import subprocess
import time

from . import process
from .trial import Failure, need, patience

CONF = """\
global
    maxconn 100
    stats socket {folder}/haproxy.socket mode 600
defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s
listen front
    bind fd@{descriptor}{certificate}
    option tcp-check
    tcp-check connect send-proxy
{check}    server back 127.0.0.1:{port} {way} check inter 50ms fall 1 rise 1
"""

# What its manual has for POP3; of a server with implicit TLS it only asks whether it is there.
CHECK = """\
    tcp-check expect string +OK
    tcp-check send QUIT\\r\\n
    tcp-check expect string +OK
"""


class Haproxy:
    """In a with statement: a proxy that finds its server well. @way: "send-proxy" and the like;
    @certificate: the front ends TLS itself, with this file of a certificate and its key."""

    def __init__(self, folder, port, way, talks=True, certificate=None):
        self.program = need("haproxy", "haproxy")
        self.folder = folder
        self.log_path = os.path.join(folder, "haproxy.log")
        self.front = socket.socket()
        self.front.bind(("127.0.0.1", 0))
        self.front.listen()
        self.port = self.front.getsockname()[1]
        self.conf_path = os.path.join(folder, "haproxy.cfg")
        with open(self.conf_path, "w", encoding="ascii") as file:
            file.write(CONF.format(
                folder=folder, descriptor=self.front.fileno(), port=port, way=way,
                certificate=f" ssl crt {certificate}" if certificate else "",
                check=CHECK if talks else ""))
        self.process = None

    def __enter__(self):
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [self.program, "-db", "-f", self.conf_path], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, pass_fds=[self.front.fileno()], preexec_fn=process.die_with_parent)
        self.front.close()
        try:
            self.wait_for_checks(2)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait(patience(20))

    def _ask(self, command):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(patience(10))
            client.connect(os.path.join(self.folder, "haproxy.socket"))
            client.sendall(command.encode() + b"\n")
            return client.makefile(encoding="ascii").read()

    def server(self):
        """Its row of the statistics."""
        names, *rows = [line.split(",") for line in self._ask("show stat").lstrip("# ").splitlines()
                        if line]
        return next(row for row in (dict(zip(names, row)) for row in rows)
                    if row["svname"] == "back")

    def wait_for_checks(self, count):
        """Until it has found its server well so often, as far apart as its checks are."""
        end = time.monotonic() + patience(20)
        state = "it does not answer"
        while count > 0:
            if time.monotonic() > end:
                with open(self.log_path, encoding="utf-8") as log:
                    raise Failure(f"haproxy: {state}\n{log.read()}")
            try:
                row = self.server()
                state = f"{row['status']} {row['check_status']} {row['last_chk']}"
                count -= row["status"] == "UP" and row["check_status"] in ("L7OK", "L4OK")
            except (OSError, ValueError):
                if self.process.poll() is not None:
                    end = 0
            time.sleep(0.06)
