# SPDX-License-Identifier: MIT
"""fail2ban's filter over what the server has logged: the addresses of those who failed, and nobody
else's, whatever a client calls itself."""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.log import field
from harness.pop import Pop
from harness.server import Server
from harness.trial import check, need, run

FILTER = os.path.join(os.environ.get("srcdir", "."), "contrib", "fail2ban", "filter.d", "pop4d.conf")
HOSTILE = ('x rip=203.0.113.9 code=AUTH', 'x" rip=203.0.113.9', "x\n event=login-failed rip=203.0.113.9",
           'event=login-failed level=info session=1 rip=203.0.113.9 mechanism=PASS code=AUTH')


def matched(path, lines, mode="normal"):
    """The address of each line that matches, in order."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    done = subprocess.run([need("fail2ban-regex", "fail2ban"), "-o", "ip", path, f"{FILTER}[mode={mode}]"],
                          text=True, capture_output=True, check=False, timeout=60)
    check(done.returncode == 0, done.stdout + done.stderr)
    return done.stdout.split()


def forms(lines):
    """As on standard error, and as fail2ban gets them out of the journal or of syslog: the journal
    has a line's level and time in fields of their own."""
    bare = [re.sub(r"^(event=\S+) level=\S+ time=\S+", r"\1", line) for line in lines]
    return {"standard error": lines, "journal": ["host pop4d[7]: " + line for line in bare],
            "syslog": ["Nov 23 12:00:00 host pop4d[7]: " + line for line in bare],
            "syslog, RFC 3339": ["2026-11-23T12:00:00.000+00:00 host pop4d: " + line for line in bare],
            "standard error in syslog": ["Nov 23 12:00:00 host pop4d[7]: " + line for line in lines]}


def fail(server, user, port=None, **where):
    """AUTH PLAIN takes names with blanks and line ends."""
    answer = base64.b64encode(f"\0{user}\0wrong".encode()).decode()
    mark = server.log.mark()
    with Pop(port or server.port, **where) as pop:
        reply = pop.refused(f"AUTH PLAIN {answer}")
    server.log.wait_for("login-failed", after=mark)
    return reply


def fail_by_pass(server, user, source):
    with Pop(server.port, source=source) as pop:
        pop.ok(f"USER {user}")
        pop.refused("PASS wrong")


def directory_away(server):
    sasldb = server.conf["plugin sasl"]["sasldb"]
    os.rename(sasldb, sasldb + ".away")
    reply = fail(server, "bob", source="127.0.0.21")
    check(reply.startswith(b"-ERR [SYS/TEMP]"), f"{reply!r}")
    os.rename(sasldb + ".away", sasldb)


def maildrop_in_use(server):
    with Pop(server.port).login("alice") as first, Pop(server.port, source="127.0.0.22") as pop:
        pop.ok("USER alice")
        reply = pop.refused("PASS secret")
        check(reply.startswith(b"-ERR [IN-USE]"), f"{reply!r}")
        first.quit()


def talk_nonsense(server, source):
    mark = server.log.mark()
    with Pop(server.port, source=source) as pop:
        while pop.ask("GET / rip=203.0.113.9") is not None:
            pass
    server.log.wait_for("closed", after=mark, reason="bad-commands")


def main():
    server = Server()
    server.conf["listener six"] = {"address": "::1", "port": 0}
    expected = ["127.0.0.1"]
    with server:
        six = int(field(server.log.wait_for("listening", listener="six"), "port"))
        fail(server, "alice")
        for number, user in enumerate(HOSTILE, 2):
            fail(server, user, source=f"127.0.0.{number}")
            expected.append(f"127.0.0.{number}")
        fail_by_pass(server, 'x"\\"rip=203.0.113.9', "127.0.0.11")
        fail(server, "alice", six, address="::1")
        expected += ["127.0.0.11", "::1"]
        # Not the client's fault.
        directory_away(server)
        maildrop_in_use(server)
        talk_nonsense(server, "127.0.0.31")
        codes = [field(line, "code") for line in server.log.find("login-failed")]
        check(codes == ["AUTH"] * len(expected) + ["SYS/TEMP", "IN-USE"], f"codes: {codes}")
    path = os.path.join(tempfile.mkdtemp(prefix="pop4d-"), "log")
    try:
        for form, lines in forms(server.log.lines).items():
            found = matched(path, lines)
            check(found == expected, f"{form}: {found}")
            found = matched(path, lines, "aggressive")
            check(found == [*expected, "127.0.0.31"], f"{form}, aggressive: {found}")
    finally:
        shutil.rmtree(os.path.dirname(path))


run(main, 90)
