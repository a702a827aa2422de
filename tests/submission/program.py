# SPDX-License-Identifier: MIT
"""relay = sendmail:PROGRAM: what the program gets, and what its exit status comes to."""

import os
import sys

sys.path.insert(0, os.path.join(os.environ["srcdir"], "tests"))

from harness import senders, trial
from harness.pop import Pop
from harness.server import Server
from harness.trial import check

SENT = b"+OK Message sent successfully"
PROGRAM = """\
#!/bin/sh
printf '%s\\n' "$@" >{folder}/arguments
cat >{folder}/input
echo complaint >&2
exec sh {folder}/end
"""

# The script's end, the reply's beginning, what it has to contain.
ROWS = [
    ("exit 0", SENT, b""),
    ("exit 67", b"-ERR [SYS/PERM] Unable to send message: ", b"the mail program has failed (67)"),
    ("exit 75", b"-ERR [SYS/TEMP] Unable to send message: ", b"the mail program has failed (75)"),
    ("exit 1", b"-ERR [SYS/TEMP] Unable to send message: ", b"(1)"),
    ("kill -9 $$", b"-ERR [SYS/TEMP] Unable to send message: ", b"(128)"),
    ("exec tail -f /dev/null", b"-ERR [SYS/TEMP] Unable to send message: ", b"it is not known whether it was sent"),
]


def write(server, name, text, mode=0o755):
    path = os.path.join(server.folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, mode)
    server.give(path)
    return path


def read(server, name):
    with open(os.path.join(server.folder, name), "rb") as file:
        return file.read()


def play(server, pop, number, row):
    end, start, words = row
    write(server, "end", end + "\n")
    body = b"" if number % 2 else b"0123456789 .\r\n.dot\r\n" * 5000
    reply = senders.send(pop, b"From: alice@example.org\r\nTo: bob@example.org, -x@example.org\r\nBcc: eve@example.org\r\n"
                              b"Message-ID: <%d@x>\r\n\r\n" % number + body)
    check(reply.startswith(start) and words in reply, f"{end}: {reply!r}")
    check(read(server, "arguments").split() == [b"-i", b"-f", b"alice@example.org", b"--", b"bob@example.org",
                                                b"-x@example.org", b"eve@example.org"], "other arguments")
    got = read(server, "input")
    check(got.endswith(body.replace(b"\r\n", b"\n")) and b"\r" not in got and b"eve" not in got, f"it got {got[:500]!r}")
    check(b"complaint" in server.log.wait_for("submission", after=play.mark).encode() or "not known" in reply.decode(),
          "what the program says is not in the log")
    play.mark = server.log.mark()


def main():
    server = Server()
    server.conf["server"]["plugins"] += ";xtnd-xmit"
    program = write(server, "program", PROGRAM.format(folder=server.folder))
    server.conf["plugin xtnd-xmit"] = {"relay": "sendmail:" + program, "send-timeout-seconds": 2,
                                       "domain": "example.org"}
    with server:
        play.mark = server.log.mark()
        with Pop(server.port).login("alice") as pop:
            for number, row in enumerate(ROWS):
                play(server, pop, number, row)
            pop.quit()


trial.run(main, 60)
