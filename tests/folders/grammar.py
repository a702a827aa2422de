# SPDX-License-Identifier: MIT
"""Lines made from the grammar of docs/draft-pop4.md: none is answered as a malformed one, and each reply is as the
grammar says. Lines that are nearly of the grammar are refused. Arguments: a seed, and how many lines."""

import os
import random
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import draft
from harness.pop import Pop
from harness.server import Server
from harness.trial import check, run

PLUGINS = "pop3;uidl;sasl;maildir;pop4"
LISTS = ("lfld", "lflg", "lprt", "rprt", "over", "sync")
MESSAGE = (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
           b"\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n")
LINE_MAX = 1022  # octets without CRLF
SESSION = 100    # lines of one session
# What lines get half of the time, so that many of them can be done.
GIVEN = {
    "folder": [b"INBOX", b"Old", b'"Old/a b"', b"New/x"],
    "name": [b"y", b"Old"],
    "set": [b"1", b"*", b"1:*", b"2,1"],
    "number": [b"1", b"2", b"3"],
    "path": [b"0", b"1", b"2"],
}


def mutate(line, source):
    """Something else: octets that go, come or change, words that go or come twice."""
    if source.random() < 0.3:
        words = line.split(b" ")
        at = source.randrange(len(words))
        words[at:at + 1] = source.choice(([], [words[at]] * 2, [words[at], b"x"], [words[at] + b"\t"]))
        return b" ".join(words)
    at = source.randrange(len(line))
    octet = source.choice(b'\0\t !"*+,-./01:=@\\aZ\x7f\x80\xc3\xff')
    return source.choice((line[:at] + line[at + 1:], line[:at] + bytes([octet]) + line[at:],
                          line[:at] + bytes([octet]) + line[at + 1:], line[:at]))


class Speaker:
    """Sends lines, each with a NOOP behind it, which ends WAIT and tells that nothing is out of step."""

    def __init__(self, grammar, server):
        self.grammar = grammar
        self.server = server
        self.pop = None
        self.sent = 0
        self.done = {}

    def connect(self):
        if self.pop is not None:
            self.pop.ok("QUIT")
            self.pop.close()
        self.pop = Pop(self.server.port).login("alice")
        for folder in ("Old", '"Old/a b"'):
            self.pop.ask(f"CFLD {folder}")
        for folder in ("Old", "INBOX", "INBOX"):
            self.pop.ok(f"STOR {folder}")
            self.pop.send(MESSAGE + b".\r\n")
            self.pop.ok_line()
        self.pop.ok("SFLD INBOX")

    def matches(self, rule, reply, line):
        check(self.grammar.matches(rule, reply), f"{line!r} is answered by {reply!r}, which is no {rule}")

    def say(self, line, begins=(b"+OK", b"-ERR")):
        """The reply to @line, whole."""
        if self.sent % SESSION == 0:
            self.connect()
        self.sent += 1
        verb = line.split(b" ")[0].decode("ascii", "replace").lower()
        storing = verb == "stor"
        self.pop.send(line + b"\r\n" + (b"" if storing else b"NOOP\r\n"))
        reply = self.pop.file.readline()
        check(reply.startswith(begins) and reply.endswith(b"\r\n"), f"{line!r} is answered by {reply!r}")
        good = reply.startswith(b"+OK")
        if good and storing:
            self.pop.send(MESSAGE + b".\r\n")
            self.matches("stored", self.pop.file.readline(), line)
        if storing:
            self.pop.send(b"NOOP\r\n")
        if good and verb in LISTS:
            while not reply.endswith(b"\r\n.\r\n"):
                more = self.pop.file.readline()
                check(more, f"{line!r}: the reply does not end: {reply!r}")
                reply += more
        self.pop.ok_line()
        if good:
            self.done[verb] = self.done.get(verb, 0) + 1
        else:
            self.matches("error", reply, line)
        return reply


def say_good(grammar, server, source, count):
    speaker = Speaker(grammar, server)
    made = 0
    while made < count:
        line = grammar.make("command", source, GIVEN)
        if len(line) > LINE_MAX:
            continue
        made += 1
        reply = speaker.say(line)
        if reply.startswith(b"+OK"):
            verb = line.split(b" ")[0].decode().lower()
            undotted = re.sub(rb"\n\.(?!\r\n\Z)", b"\n", reply)
            speaker.matches(f"{verb}-reply", undotted, line)
    speaker.connect()
    speaker.pop.quit()
    for name in grammar.names(grammar.rule("command")):
        check(speaker.done.get(name), f"no line with {name} was done")
    return speaker.done


def say_bad(grammar, server, source, count):
    speaker = Speaker(grammar, server)
    made = 0
    while made < count:
        line = mutate(grammar.make("command", source, GIVEN), source)
        # Several spaces or tabs are taken for one space, and those at an end for nothing.
        alike = re.sub(rb"[ \t]+", b" ", line).strip(b" \t")
        if len(line) > LINE_MAX or any(grammar.matches("command", one) for one in (line, alike)):
            continue
        made += 1
        speaker.say(line, (b"-ERR",))
    speaker.connect()
    speaker.pop.quit()


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261124
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    source = random.Random(seed)
    grammar = draft.grammar()
    print(f"seed {seed}, {count} lines of each kind")
    # The first line that the server takes for a malformed one ends its session.
    with Server(server={"plugins": PLUGINS, "max-bad-commands": 1}) as server:
        done = say_good(grammar, server, source, count)
    print("done:", *(f"{verb} {number}" for verb, number in sorted(done.items())))
    with Server(server={"plugins": PLUGINS, "max-bad-commands": 1000000}) as server:
        say_bad(grammar, server, source, count)


run(main, 240)
