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


def write_log(server, path, form):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(form(line) + "\n" for line in server.log.lines)


def from_journal(line):
    """The journal is told level and time apart, and its readers put who speaks in front."""
    text, found = re.subn(r"^(event=\S+) level=\S+ time=\S+", r"\1", line)
    check(found == 1, f"a line without level and time: {line}")
    return "2026-11-23T12:00:00+00:00 host pop4d[7]: " + text


def talk_nonsense(server):
    """Until the server has enough; who has logged in by then is no stranger."""
    mark = server.log.mark()
    with Pop(server.port, source="127.0.0.4") as pop:
        while pop.ask("NONSENSE") is not None:
            pass
    server.log.wait_for("closed", after=mark, reason="bad-commands")


def main():
    server = Server(server={"max-bad-commands": 3})
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
        talk_nonsense(server)
        log = os.path.join(server.folder, "log")
        expected = ["127.0.0.1"] * (1 + len(HOSTILE)) + ["::1"]
        for form in (str, from_journal):
            write_log(server, log, form)
            check(matched(log) == expected, f"matched, of {form.__name__}: {matched(log)}")
            aggressive = matched(log, "aggressive")
            check(aggressive == [*expected, "127.0.0.4"], f"aggressive, of {form.__name__}: {aggressive}")


run(main, 90)
