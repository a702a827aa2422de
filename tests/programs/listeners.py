# SPDX-License-Identifier: MIT
"""IPv4, IPv6 and several listeners, a port that is used again at once, sockets and notices of
systemd."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import trial  # noqa: E402
from harness.log import Log, field  # noqa: E402
from harness.pop import Pop  # noqa: E402
from harness.server import Server, program  # noqa: E402
from harness.trial import check, patience  # noqa: E402


def greeting(family, address, port):
    with socket.socket(family) as client:
        client.settimeout(patience(20))
        client.connect((address, port))
        return client.recv(512)


def several():
    server = Server()
    server.conf["listener six"] = {"address": "::1", "port": 0}
    server.conf["listener other"] = {"address": "127.0.0.2", "port": 0}
    with server:
        six = int(field(server.log.wait_for("listening", listener="six"), "port"))
        other = int(field(server.log.wait_for("listening", listener="other"), "port"))
        check(greeting(socket.AF_INET6, "::1", six).startswith(b"+OK"), "no greeting on ::1")
        check(greeting(socket.AF_INET, "127.0.0.2", other).startswith(b"+OK"),
              "no greeting on 127.0.0.2")
        with Pop(server.port) as client:
            client.ok("USER alice")
            client.refused("PASS wrong")
        failed = server.log.wait_for("login-failed")
        check(field(failed, "rip") == "127.0.0.1", f"the address is not told: {failed}")


def port_again():
    """A connection that the server has closed leaves its port in TIME_WAIT."""
    first = Server()
    with first:
        with Pop(first.port) as client:
            client.quit()
        port = first.port
    second = Server()
    second.conf["listener pop3"]["port"] = port
    with second:
        Pop(second.port).close()


class Notices:
    """What sd_notify() would tell systemd."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        os.chmod(self.path, 0o777)
        self.socket.settimeout(patience(20))

    def expect(self, *lines):
        got = self.socket.recv(4096).decode().split("\n")
        check(all(any(have.startswith(line) for have in got) for line in lines),
              f"expected the notice {lines}, got {got}")


def systemd():
    server = Server()
    passed = socket.socket()
    passed.bind(("127.0.0.1", 0))
    passed.listen(8)
    port = passed.getsockname()[1]
    server.conf["listener pop3"]["port"] = 1  # must not be used
    server.write_conf()
    notices = Notices(server.folder)
    command = f"exec 3<&{passed.fileno()}; LISTEN_PID=$$ exec {shlex.quote(program())}" \
              f" -c {shlex.quote(server.conf_path)}"
    environment = dict(os.environ, NOTIFY_SOCKET=notices.path, LISTEN_FDS="1",
                       LISTEN_FDNAMES="pop3")
    process = subprocess.Popen(["bash", "-c", command], env=environment, stderr=subprocess.PIPE,
                               pass_fds=(passed.fileno(),))
    log = Log(process.stderr)
    try:
        notices.expect("READY=1")
        check(field(log.wait_for("listening"), "port") == str(port), "another port is used")
        check(greeting(socket.AF_INET, "127.0.0.1", port).startswith(b"+OK"), "no greeting")
        process.send_signal(signal.SIGHUP)
        notices.expect("RELOADING=1", "MONOTONIC_USEC=")
        notices.expect("READY=1")
        process.send_signal(signal.SIGTERM)
        notices.expect("STOPPING=1")
        check(process.wait(patience(20)) == 0, "no clean end")
        # The socket is systemd's: it goes on listening for the next server.
        with socket.create_connection(("127.0.0.1", port), patience(20)):
            pass
    finally:
        process.kill()
        process.wait()
        server.clean_up()


def main():
    several()
    port_again()
    systemd()


trial.run(main, 90)
