# SPDX-License-Identifier: MIT
"""What clients send through POP arrives in a real Postfix: once for each, octet by octet."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.environ["srcdir"], "tests"))

from harness import senders, trial
from harness.pop import Pop
from harness.postfix import Postfix
from harness.server import Server
from harness.trial import check

USERS = ["alice", "bob", "carol", "dave", "erin", "frank"]
SENT = b"+OK Message sent successfully"

# To, Cc, a group, Bcc (folded) and a duplicate: five recipients.
HEADER = b"""\
Message-ID: <%d@client>\r
Date: Tue, 24 Nov 2026 02:00:00 +0000\r
From: "Alice (the one)" <alice@example.org>\r
To: Bob <bob@example.org>,\r
\t=?utf-8?q?Carol?= <Carol@example.org>\r
Cc: friends: dave@example.org (Dave), BOB@example.org;\r
Bcc: erin@example.org,\r
  Frank <frank@example.org>\r
Subject:   odd   spacing \t\r
X-Bcc-Not: stays\r
\r
"""
number = 0


def header():
    global number
    number += 1
    return HEADER % number


def without_bcc(message):
    return re.sub(rb"(?s)\r\nBcc:.*?(?=\r\n[^ \t])", b"", message)


def below_trace(arrived):
    """What Postfix and the server have put in front taken away."""
    fields = re.match(rb"(?:(?:Return-Path|X-Original-To|Delivered-To|Received):.*\n(?:[ \t].*\n)*)+", arrived)
    check(fields is not None, f"no trace: {arrived[:200]!r}")
    return arrived[fields.end():]


def stored(message):
    return message.replace(b"\r\n", b"\n")


class Post:
    """Sends, and looks at what arrives."""

    def __init__(self, port, postfix):
        self.port = port
        self.postfix = postfix
        self.seen = {user: 0 for user in USERS}

    def login(self, user="alice"):
        return Pop(self.port, timeout=60).login(user)

    def arrives(self, users, expected):
        """Once for each of @users, nothing for the others."""
        for user in users:
            self.seen[user] += 1
            arrived = self.postfix.wait_for(user, self.seen[user])[-1]
            got = below_trace(arrived)
            check(got == stored(expected), f"{user}: sent {stored(expected)!r:.600}, arrived {got!r:.600}")
            check(b"Bcc:" not in arrived.replace(b"X-Bcc-Not:", b""), f"{user} sees Bcc: {arrived!r:.900}")
        self.postfix.wait_idle()
        for user, count in self.seen.items():
            got = len(self.postfix.messages(user))
            check(got == count, f"{user} has {got} messages, not {count}")


ALL = ["bob", "carol", "dave", "erin", "frank"]


def send_as_eudora(post):
    bodies = [b"one\r\n", b"..two\r\n.\r\n.three\r\n\r\n", b"caf\xe9\r\n", "na\u00efve\r\n".encode(), b""]
    with Pop(post.port) as pop:
        senders.eudora_login(pop, "alice")
        for body in bodies:
            message = header() + body
            check(senders.eudora_send(pop, message) == SENT, "not sent")
            post.arrives(ALL, without_bcc(message) + b"\r\n")
        pop.quit()


def send_as_blat(post):
    with Pop(post.port) as pop:
        senders.blat_probe(pop, "alice")
        message = header() + b"made while the server waited\r\n"
        check(senders.blat_send(pop, message) == SENT, "not sent")
        post.arrives(ALL, without_bcc(message) + b"\r\n")
        pop.quit()
    with Pop(post.port) as pop:
        senders.blat_probe(pop, "alice")
        pop.send(b"QUIT\r\n")
    post.arrives([], b"")


def send_as_qmail3(post):
    message = (b".From: nobody@example.org\r\nTo: bob@example.org\r\n\r\n")
    with post.login() as pop:
        reply = senders.qmail3_send(pop, message)
        check(reply.startswith(b"-ERR [SYS/PERM]"), f"a first line with a dot is no From: {reply!r}")
        message = header() + b".one\r\n..two\r\nend"
        check(senders.qmail3_send(pop, message) == SENT, "not sent")
        post.arrives(ALL, without_bcc(message) + b"\r\n")
        pop.quit()


def send_odd(post):
    """Line ends of all kinds, a large one, one with nothing but Bcc, one sent on."""
    head = header()
    with post.login() as pop:
        senders.start(pop)
        pop.send(head + b"a\nb\rc\r\n" + b"x\n.\ny\r\n.\r\n")
        check(pop.line() == SENT, "not sent")
        post.arrives(ALL, without_bcc(head) + b"a\r\nb\r\nc\r\nx\r\n.\r\ny\r\n")
        large = header() + b"0123456789abcdef" * 4 + b"\r\n" + (b"." + b"z" * 70 + b"\r\n") * 70000
        check(senders.send(pop, large) == SENT, "not sent")
        post.arrives(ALL, without_bcc(large))
        resent = (b"Resent-From: alice@example.org\r\nResent-To: erin@example.org\r\n"
                  b"Resent-Bcc: frank@example.org\r\nResent-Date: Tue, 24 Nov 2026 03:00:00 +0000\r\n"
                  b"Resent-Message-ID: <rr@x>\r\nDate: Tue, 24 Nov 2026 02:00:00 +0000\r\n"
                  b"From: stranger@elsewhere.example\r\nTo: bob@example.org\r\nMessage-ID: <r@x>\r\n\r\nold\r\n")
        check(senders.send(pop, resent) == SENT, "not sent")
        post.arrives(["erin", "frank"], resent.replace(b"Resent-Bcc: frank@example.org\r\n", b""))
        pop.quit()


def add_what_is_missing(post):
    with post.login() as pop:
        check(senders.send(pop, b"From: alice@example.org\r\nBcc: bob@example.org\r\n\r\nx\r\n") == SENT, "not sent")
        post.seen["bob"] += 1
        arrived = post.postfix.wait_for("bob", post.seen["bob"])[-1]
        for field in (rb"Return-Path: <alice@example.org>\n", rb"Date: \w+, \d+ \w+ 20\d\d [\d:]+ \+0000\n",
                      rb"Message-ID: <[0-9a-f-]+@test.example.org>\n",
                      rb"Received: from \[127\.0\.0\.1\] \(login alice@example\.org\)\n\tby test\.example\.org with POP3\n"
                      rb"\tid [0-9a-f.]+;\n\t\w+, "):
            check(re.search(field, arrived), f"no {field!r} in {arrived!r}")
        check(b"bob" not in arrived.split(b"with ESMTP")[-1].split(b"Received:")[-1].replace(b"for <bob", b""),
              f"Bcc is to be seen: {arrived!r}")
        pop.quit()


def refuse_one(post):
    """One unknown among five: nobody gets it."""
    message = header().replace(b"frank@", b"nobody@") + b"x\r\n"
    with post.login() as pop:
        reply = senders.eudora_send(pop, message)
        check(reply.startswith(b"-ERR [SYS/PERM] Unable to send message: nobody@example.org: 550 5.1.1"), repr(reply))
        post.arrives([], b"")
        pop.quit()


def main():
    with Postfix(USERS) as postfix:
        server = Server()
        server.conf["server"]["plugins"] += ";xtnd-xmit"
        server.conf["plugin xtnd-xmit"] = {"relay": f"smtp://127.0.0.1:{postfix.port}", "relay-tls": "none"}
        with server:
            post = Post(server.port, postfix)
            send_as_eudora(post)
            send_as_blat(post)
            send_as_qmail3(post)
            send_odd(post)
            add_what_is_missing(post)
            refuse_one(post)


trial.run(main, 120)
