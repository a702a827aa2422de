# SPDX-License-Identifier: MIT
"""fail2ban's filter over what the server has logged: the addresses of those who failed, and nobody
else's, whatever a client calls itself."""

import base64
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.log import field
from harness.pop import Pop
from harness.server import Server
from harness.trial import check, need, run

FILTER = os.path.join(os.environ.get("srcdir", "."), "contrib", "fail2ban", "filter.d", "pop4d.conf")
HOSTILE = ('x rip=203.0.113.9 code=AUTH', 'x" rip=203.0.113.9', "x\n event=login-failed rip=203.0.113.9",
           'event=login-failed level=info session=1 rip=203.0.113.9 mechanism=PASS code=AUTH')


def matched(log, mode="normal"):
    """The address of each line that matches, in order."""
    regex = need("fail2ban-regex", "fail2ban")
    done = subprocess.run([regex, "--print-all-matched", log, f"{FILTER}[mode={mode}]"], text=True,
                          capture_output=True, check=False, timeout=60)
    check(done.returncode == 0, done.stdout + done.stderr)
    out = subprocess.run([regex, "-o", "ip", log, f"{FILTER}[mode={mode}]"], text=True,
                         capture_output=True, check=False, timeout=60).stdout
    return out.split()


def fail(server, port, user, address="127.0.0.1"):
    """AUTH PLAIN takes names with blanks and line ends."""
    answer = base64.b64encode(f"\0{user}\0wrong".encode()).decode()
    mark = server.log.mark()
    with Pop(port, address=address) as pop:
        reply = pop.refused(f"AUTH PLAIN {answer}")
    server.log.wait_for("login-failed", after=mark)
    return reply


def main():
    server = Server()
    server.conf["listener six"] = {"address": "::1", "port": 0}
    with server:
        six = int(field(server.log.wait_for("listening", listener="six"), "port"))
        fail(server, server.port, "alice")
        for user in HOSTILE:
            fail(server, server.port, user)
        fail(server, six, "alice", address="::1")
        # Not the client's fault: the database is away.
        sasldb = server.conf["plugin sasl"]["sasldb"]
        os.rename(sasldb, sasldb + ".away")
        reply = fail(server, server.port, "bob")
        check(reply.startswith(b"-ERR [SYS/TEMP]"), f"{reply!r}")
        os.rename(sasldb + ".away", sasldb)
        for _ in range(2):
            with Pop(server.port).login("alice") as pop:
                pop.quit()
        log = os.path.join(server.folder, "log")
        with open(log, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in server.log.lines)
        found = matched(log)
        check(found == ["127.0.0.1"] * (1 + len(HOSTILE)) + ["::1"], f"matched: {found}")
        # The same behind what journald and syslog put in front.
        with open(log, "w", encoding="utf-8") as file:
            file.writelines("2026-11-23T12:00:00+00:00 host pop4d[7]: " + re.sub(r" time=\S+", "", line) + "\n"
                            for line in server.log.lines)
        check(matched(log) == found, f"with a prefix: {matched(log)}")


run(main, 90)
