# SPDX-License-Identifier: MIT
"""Every example of docs/draft-pop4.md, in one session: the server answers as the draft says. Tokens and the
unique-ids that a server makes are learnt where they first appear, and mean the same from there on."""

import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import draft
from harness.pop import Pop
from harness.server import PASSWORD, Server
from harness.trial import check, run

PLUGINS = "pop3;uidl;sasl;maildir;pop4"
# What varies: tokens, and unique-ids of messages that the server has made.
VARIABLE = re.compile(r"[0-9a-f]+\.[0-9a-f]+\.[0-9a-f]{8,}|\d+\.M\d+P\d+Q\d+\.[^ ]+")

MESSAGES = {
    "cur/1700000001.a:2,S": "Subject: first\r\n\r\n" + "a" * 27 + "\r\n",
    "cur/1700000002.b:2,": "Subject: second\r\n\r\n" + "b" * 26 + "\r\n",
    "new/1700000003.c":
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "Gr=C3=BC=C3=9Fe\r\n--b\r\n"
        "Content-Type: text/html; charset=us-ascii\r\nContent-Disposition: inline; filename=\"a page.html\"\r\n\r\n"
        "<p>Greetings</p>\r\n..\r\n--b--\r\n",
}
OCTETS = {"cur/1700000001.a:2,S": 47, "cur/1700000002.b:2,": 47, "new/1700000003.c": 502}


def check_grammar():
    """The examples of POP4's commands are lines of the grammar, and so are their replies."""
    grammar = draft.grammar()
    replies = [name for name in grammar.rules if name.endswith("-reply")]
    check(grammar.unused("command", "greeting", "capability", "error", "stored", *replies) == [], "a rule without use")
    exchanges, awaited = [], None
    for number, side, text in draft.examples():
        if side == "C":
            exchanges.append((number, text, []))
        elif exchanges:
            exchanges[-1][2].append(text)
        else:
            check(grammar.matches("greeting", text.encode() + b"\r\n"), f"line {number} is no greeting")
    for number, text, reply in exchanges:
        reply = "".join(line + "\r\n" for line in reply).encode()
        verb = text.split(" ")[0].lower()
        if awaited and reply:
            check(grammar.matches("stored", reply), f"line {number}: the reply to a message")
        elif not awaited and f"{verb}-reply" in replies:
            good = grammar.matches("command", text.encode()) and grammar.matches(f"{verb}-reply", reply)
            check(good or grammar.matches("error", reply), f"line {number} and its reply are not as the grammar says")
        # Lines of a message have no replies; the last one has that of STOR.
        awaited = (awaited and not reply) or (verb == "stor" and reply.startswith(b"+OK"))


class Names:
    def __init__(self):
        self.known = {}

    def sent(self, text):
        return VARIABLE.sub(lambda found: self.known.get(found[0], found[0]), text)

    def agrees(self, expected, got):
        """Whether @got is @expected, but for what varies."""
        wanted, found = VARIABLE.findall(expected), VARIABLE.findall(got)
        if VARIABLE.sub("@", expected) != VARIABLE.sub("@", got):
            return False
        return all(self.known.setdefault(name, value) == value for name, value in zip(wanted, found))


def fill(server):
    for path, text in MESSAGES.items():
        missing = OCTETS[path] - len(text)
        check(missing >= 0, f"{path} is {-missing} octets too long")
        text = text.replace("Subject:", "X-Fill: " + "x" * (missing - 10) + "\r\nSubject:", 1) if missing else text
        whole = os.path.join(server.maildir().path, path)
        with open(whole, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        server.give(whole)


def main():
    check_grammar()
    server = Server(server={"plugins": PLUGINS, "hostname": "mail.example.org"})
    fill(server)
    names, commands = Names(), 0
    with server:
        pop = Pop(server.port, greet=False)
        for number, side, text in draft.examples():
            if side == "C":
                pop.send(names.sent(text).encode() + b"\r\n")
                commands += 1
                continue
            got = pop.line()
            check(got is not None and names.agrees(text, got.decode()),
                  f"line {number} of the draft: {text!r}, and the server says {got!r}")
        pop.ok("NOOP")
        pop.quit()
        pop.close()
    check(commands > 40, f"only {commands} lines were sent")
    check(PASSWORD == "secret", "the password of the examples")


run(main, 60)
