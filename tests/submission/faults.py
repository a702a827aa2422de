# SPDX-License-Identifier: MIT
"""Whatever the mail server does wrong: the right reply, and nothing sent or all of it."""

import os
import ssl
import sys

sys.path.insert(0, os.path.join(os.environ["srcdir"], "tests"))

from harness import senders, trial
from harness.certificates import Authority
from harness.mta import Mta
from harness.pop import Pop
from harness.server import Server
from harness.trial import check

FIVE = ["one", "two", "three", "four", "five"]
TO = ", ".join(f"{name}@example.org" for name in FIVE)
TEMPORARY = b"-ERR [SYS/TEMP] Unable to send message: "
PERMANENT = b"-ERR [SYS/PERM] Unable to send message: "
SENT = b"+OK Message sent successfully"
number = 0


def message(body=b"body\r\n", to=TO):
    global number
    number += 1
    return (f"From: alice@example.org\r\nTo: {to}\r\nMessage-ID: <{number}@x>\r\n\r\n").encode() + body


def refuse_third(command):
    return "550 5.1.1 no such user here" if "three@" in command else None


def delay_third(command):
    return "451 4.7.1 greylisted" if "three@" in command else None


# What it is called, what the mail server does, other options of it, settings of the plugin, the
# reply's beginning, what it has to contain.
STEPS = ("connect", "ehlo", "mail", "rcpt", "data", "content")
ROWS = [
    ("no fault", {}, {}, {}, SENT, b""),
    *[(f"421 at {step}", {step: "421 4.3.2 shutting down"}, {}, {}, TEMPORARY, b"") for step in STEPS],
    *[(f"hangs at {step}", {step: "hang"}, {}, {}, TEMPORARY, b"") for step in STEPS],
    *[(f"closes at {step}", {step: "close"}, {}, {}, TEMPORARY, b"") for step in STEPS],
    ("554 at connect", {"connect": "554 5.3.2 no service"}, {}, {}, TEMPORARY, b""),
    ("550 at mail", {"mail": "550 5.7.1 not you"}, {}, {}, PERMANENT, b"550 5.7.1 not you"),
    ("452 at mail", {"mail": "452 4.3.1 disk full"}, {}, {}, TEMPORARY, b"452 4.3.1 disk full"),
    ("554 at data", {"data": "554 5.5.1 no"}, {}, {}, PERMANENT, b"554 5.5.1 no"),
    ("554 to the dot", {"dot": "554 5.6.0 a virus"}, {}, {}, PERMANENT, b"554 5.6.0 a virus"),
    ("451 to the dot", {"dot": "451 4.3.0 later"}, {}, {}, TEMPORARY, b"451 4.3.0 later"),
    ("closes after the dot", {"dot": "close"}, {}, {}, TEMPORARY, b"it is not known whether it was sent"),
    ("hangs after the dot", {"dot": "hang"}, {}, {}, TEMPORARY, b"it is not known whether it was sent"),
    ("one of five refused", {"rcpt": refuse_third}, {}, {}, PERMANENT,
     b"three@example.org: 550 5.1.1 no such user here"),
    ("one of five delayed", {"rcpt": delay_third}, {}, {}, TEMPORARY,
     b"three@example.org: 451 4.7.1 greylisted"),
    ("all refused", {"rcpt": "550 5.1.1 nobody"}, {}, {}, PERMANENT, b"one@example.org: 550 5.1.1 nobody"),
    ("too big for it", {"mail": "552 5.3.4 too big"}, {}, {}, PERMANENT, b"552 5.3.4 too big"),
    ("no TLS offered", {}, {}, {"relay-tls": "require"}, TEMPORARY, b"no safe connection"),
    ("STARTTLS refused", {"starttls": "454 4.7.0 not now"}, {"tls": True}, {"relay-tls": "require"}, TEMPORARY, b""),
    ("closes at STARTTLS", {"starttls": "close"}, {"tls": True}, {"relay-tls": "require"}, TEMPORARY, b""),
    ("unknown authority", {}, {"tls": True}, {"relay-tls": "require", "relay-ca-file": "other"}, TEMPORARY,
     b"no safe connection"),
    ("TLS as it should be", {}, {"tls": True}, {"relay-tls": "require", "relay-ca-file": "own"}, SENT, b""),
    ("AUTH as it should be", {}, {"login": ("pop4d", "secret")}, {"relay-credentials-file": "own"}, SENT, b""),
    ("AUTH refused", {}, {"login": ("pop4d", "other")}, {"relay-credentials-file": "own"}, TEMPORARY,
     b"does not let this server in"),
    ("AUTH not offered", {}, {}, {"relay-credentials-file": "own"}, SENT, b""),
]


def write(server, name, text):
    path = os.path.join(server.folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    server.give(path)
    return path


class Stage:
    """A server whose mail server is another for each row."""

    def __init__(self, server):
        self.server = server
        self.authority = Authority(os.path.join(server.folder, "ca"))
        self.authority.issue("mta")
        self.other = Authority(os.path.join(server.folder, "other"))
        for authority in (self.authority, self.other):
            server.give(authority.path("."))
            server.give(authority.path("ca.pem"))
        self.credentials = write(server, "credentials", "pop4d\nsecret\n")

    def settings(self, port, own):
        files = {"relay-ca-file": {"own": self.authority.path("ca.pem"), "other": self.other.path("ca.pem")},
                 "relay-credentials-file": {"own": self.credentials}}
        return {"relay": f"smtp://localhost:{port}", "domain": "example.org", "relay-timeout-seconds": 1,
                "send-timeout-seconds": 20, "messages-per-hour": 0, "recipients-per-day": 0,
                **{key: files.get(key, {}).get(value, value) for key, value in own.items()}}

    def mta(self, faults, tls=False, **options):
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.authority.path("mta.pem"), self.authority.path("mta.key"))
        return Mta(faults, context=context, **options)

    def use(self, port, own):
        self.server.conf["plugin xtnd-xmit"] = self.settings(port, own)
        self.server.reload()


def play(stage, row):
    name, faults, options, own, start, words = row
    with stage.mta(faults, **options) as mta:
        stage.use(mta.port, own)
        with Pop(stage.server.port).login("alice") as pop:
            text = message()
            reply = senders.send(pop, text)
            check(reply.startswith(start) and words in reply, f"{name}: {reply!r}")
            pop.stat()  # the session goes on
            pop.quit()
        sent = mta.delivered()
        if start == SENT:
            check([one.recipients for one in sent] == [[f"{one}@example.org" for one in FIVE]] and
                  sent[0].octets.endswith(text), f"{name}: {sent!r} has been sent")
        else:
            check(not sent, f"{name}: something has been sent")
        had_all = [one for one in mta.transactions if one.octets is not None]
        print(f"{name:22} {reply.decode():90.90} {'all' if sent else 'content' if had_all else 'nothing'}")


def find_down(stage):
    """A mail server that is not there, then one that is: the same message goes."""
    with Mta() as mta:
        port = mta.port
    stage.use(port, {})
    with Pop(stage.server.port).login("alice") as pop:
        text = message()
        reply = senders.send(pop, text)
        check(reply.startswith(TEMPORARY) and b"cannot be reached" in reply, repr(reply))
        print(f"{'not there':22} {reply.decode():90.90} nothing")
        pop.quit()


def send_again(stage):
    """Accepted: not sent twice. Unknown: sent again."""
    with Mta() as mta:
        stage.use(mta.port, {})
        with Pop(stage.server.port).login("alice") as pop:
            text = message()
            for _ in range(2):
                check(senders.send(pop, text) == SENT, "not sent")
            check(len(mta.delivered()) == 1, "the same message has gone out twice")
            check(senders.send(pop, text + b"more\r\n") == SENT, "not sent")
            check(len(mta.delivered()) == 2, "another message has been taken for the same")
            mta.faults["dot"] = "close"
            text = message()
            check(b"not known" in senders.send(pop, text), "the mail server has left after the dot")
            mta.faults.clear()
            check(senders.send(pop, text) == SENT and len(mta.delivered()) == 3, "not sent again")
            pop.quit()


def send_stale(stage):
    """A connection that the mail server has closed meanwhile is no reason to fail."""
    with Mta() as mta:
        stage.use(mta.port, {})
        with Pop(stage.server.port).login("alice") as pop:
            check(senders.send(pop, message()) == SENT, "not sent")
            check(senders.send(pop, message()) == SENT, "not sent")
            check(mta.connections == 1, f"{mta.connections} connections for two messages")
            mta.faults["mail"] = lambda command: mta.faults.clear() or "421 4.4.2 timeout"
            check(senders.send(pop, message()) == SENT, "not sent on a new connection")
            check(mta.connections == 2 and len(mta.delivered()) == 3, "sent in another way")
            pop.quit()


def send_8bit(stage):
    with Mta(keywords=("SIZE 10000",)) as mta:
        stage.use(mta.port, {})
        with Pop(stage.server.port).login("alice") as pop:
            reply = senders.send(pop, message(b"caf\xe9\r\n"))
            check(reply.startswith(PERMANENT) and b"8BITMIME" in reply, repr(reply))
            print(f"{'8-bit, no 8BITMIME':22} {reply.decode():90.90} nothing")
            check(not mta.delivered(), "sent")
            pop.quit()
    with Mta(keywords=("8BITMIME",)) as mta:
        stage.use(mta.port, {})
        with Pop(stage.server.port).login("alice") as pop:
            check(senders.send(pop, message(b"caf\xe9\r\n")) == SENT, "8-bit content is not sent")
            reply = senders.send(pop, message(to="j\u00fcrgen@example.org"))
            check(reply.startswith(PERMANENT) and b"SMTPUTF8" in reply, repr(reply))
            print(f"{'UTF-8, no SMTPUTF8':22} {reply.decode():90.90} nothing")
            check(len(mta.delivered()) == 1, "sent")
            pop.quit()


def leave(stage):
    """A connection that drops in the middle of a message sends nothing."""
    with Mta() as mta:
        stage.use(mta.port, {})
        with Pop(stage.server.port).login("alice") as pop:
            senders.start(pop)
            pop.send(message()[:-1])
        stage.server.log.wait_for("closed", reason="client-left")
        check(mta.connections == 0, "half a message has been handed on")


def end_meanwhile(stage):
    """SIGTERM waits for no mail server; the client is told, the server ends well."""
    with stage.mta({"dot": "hang"}, tls=True) as mta:
        stage.use(mta.port, {"relay-tls": "require", "relay-ca-file": "own", "relay-timeout-seconds": 60,
                             "send-timeout-seconds": 60})
        with Pop(stage.server.port).login("alice") as pop:
            senders.start(pop)
            pop.send(message() + b".\r\n")
            with mta.changed:
                check(mta.changed.wait_for(lambda: any(one.octets for one in mta.transactions), trial.patience(20)),
                      "nothing has come")
            stage.server.stop()
            check(pop.at_end(), "the connection is open")


def main():
    server = Server()
    server.conf["server"]["plugins"] += ";xtnd-xmit"
    server.conf["plugin xtnd-xmit"] = {"relay": "smtp://localhost:25"}
    server.conf["server"]["drain-timeout-seconds"] = 1
    with server:
        stage = Stage(server)
        for row in ROWS:
            play(stage, row)
        find_down(stage)
        send_again(stage)
        send_stale(stage)
        send_8bit(stage)
        leave(stage)
        end_meanwhile(stage)


trial.run(main, 200)
