# SPDX-License-Identifier: MIT
"""The server under the system calls and without the rights that its unit of systemd leaves to it."""

import os
import ssl
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import process, sandbox
from harness.certificates import Authority
from harness.pop import Pop
from harness.server import Server, build_folder, is_sanitized, own_name
from harness.trial import Skip, check, need, run

UNIT = os.path.join(build_folder(), "contrib", "systemd", "pop4d.service")


def main():
    if os.geteuid() != 0:
        raise Skip(f"{own_name()} has no rights to take away")
    need("systemd-analyze", "systemd")
    if is_sanitized():
        # It looks for leaks by ptrace(), which the filter forbids.
        os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    server = Server(user="nobody", wrapper=(sys.executable, sandbox.__file__, UNIT, "nobody"),
                    server={"plugins": "pop3;uidl;stls;sasl;maildir;guard"})
    authority = Authority(os.path.join(server.folder, "tls"))
    certificate, key = authority.issue("server")
    server.give(key)
    del server.conf["server"]["user"]
    server.conf["listener pop3"]["tls"] = "starttls"
    server.conf["tls"] = {"certificate": certificate, "key": key}
    trust = ssl.create_default_context(cafile=authority.path("ca.pem"))
    with server:
        check(process.status(server.pid)["Seccomp"] == "2", "there is no filter")
        for _ in range(2):
            server.maildir().deliver(b"Subject: a\n\nb\n")
            with Pop(server.port) as pop:
                pop.ok("STLS")
                pop.start_tls(trust)
                pop.login("alice")
                check(pop.ok_body("RETR 1") == b"Subject: a\r\n\r\nb\r\n", "the mail")
                pop.ok("DELE 1")
                pop.quit()
            check(server.maildir().paths() == [], "the message is not removed")
            check(server.reload(), "a reload is refused")


run(main, 60)
