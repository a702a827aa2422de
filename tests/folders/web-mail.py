# SPDX-License-Identifier: MIT
"""What a web-mail does for one visit, by POP3, by POP4 and by IMAP (Dovecot), each with a mailbox of the same content:
round trips, octets and CPU of the server side by side. POP4 needs no more octets and round trips than IMAP.
Argument: how many visits."""

import base64
import os
import quopri
import re
import socket
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import process
from harness.dovecot import Dovecot
from harness.pop import Pop
from harness.server import PASSWORD, Server
from harness.trial import check, patience, run

PLUGINS = "pop3;uidl;sasl;maildir;pop4"
MESSAGES = 10000
LINES = 50  # of the list that is painted
FOLDERS = ("Archive", "Drafts", "Sent", "Trash")
TEXT = "Grüße aus Köln: im Anhang die Aufnahme.\r\n" * 20
ATTACHMENT = 20 << 20  # octets, before base64
STEPS = ("connect", "log in", "list folders", "open one", f"paint {LINES} lines", "read a text", "flag", "move",
         "log out")

HEADER = """\
Return-Path: <list-{0}@lists.example.org>\r
Received: from mx{0}.example.net (mx{0}.example.net [192.0.2.{0}])\r
\tby mail.example.org (Postfix) with ESMTPS id 4F{0:06d}\r
\tfor <reader@example.org>; Tue, 24 Nov 2026 09:{0:02d}:00 +0000 (UTC)\r
Date: Tue, 24 Nov 2026 09:{0:02d}:00 +0000\r
From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller_{0}?= <juergen.mueller{0}@example.net>\r
To: Reader <reader@example.org>\r
Subject: =?utf-8?q?Bericht_{0}=3A_die_Zahlen_f=C3=BCr_November?=\r
Message-ID: <{0}.20261124@example.net>\r
MIME-Version: 1.0\r
"""


def small(number):
    return (HEADER.format(number) + "Content-Type: text/plain\r\n\r\n" + "All is well.\r\n" * 40).encode()


def large():
    text = quopri.encodestring(TEXT.encode()).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    attachment = base64.encodebytes(bytes(range(256)) * (ATTACHMENT // 256)).replace(b"\n", b"\r\n")
    return b"".join((
        HEADER.format(99).encode(), b"Content-Type: multipart/mixed; boundary=\"=-part\"\r\n\r\n--=-part\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", text,
        b"\r\n--=-part\r\nContent-Type: audio/x-wav; name=\"aufnahme.wav\"\r\n"
        b"Content-Disposition: attachment; filename=\"aufnahme.wav\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        attachment, b"\r\n--=-part--\r\n"))


def fill(maildir, visits):
    """The large messages are the last ones; each visit moves one."""
    kinds = [maildir.deliver(small(number), "cur", f"16{number:08d}.a.mx") for number in range(50)]
    for number in range(50, MESSAGES):
        os.link(kinds[number % 50], os.path.join(maildir.path, "cur", f"17{number:08d}.b.mx:2,S"))
    first = maildir.deliver(large(), "cur", "1800000000.c.mx")
    for number in range(1, visits):
        os.link(first, os.path.join(maildir.path, "cur", f"18{number:08d}.c.mx:2,S"))


class Line:
    """A connection that counts, step by step."""

    def __init__(self, port):
        self.steps = {}
        self.step = None
        self.begin("connect")
        self.socket = socket.create_connection(("127.0.0.1", port), patience(60))
        self.file = self.socket.makefile("rb")

    def begin(self, step):
        check(step in STEPS, step)
        self.step = self.steps.setdefault(step, [0, 0])

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, *lines):
        """What is sent together and answered together is a round trip."""
        octets = b"".join(line.encode() + b"\r\n" for line in lines)
        self.step[0] += 1
        self.step[1] += len(octets)
        self.socket.sendall(octets)

    def read_line(self):
        line = self.file.readline()
        check(line.endswith(b"\r\n"), f"{self.step}: {line[:80]!r}")
        self.step[1] += len(line)
        return line[:-2]

    def ok(self):
        line = self.read_line()
        check(line.startswith(b"+OK"), f"{line!r}")
        return line

    def rows(self):
        self.ok()
        found = []
        while (line := self.read_line()) != b".":
            found.append(line[1:] if line.startswith(b".") else line)
        return found

    def pop_login(self, user):
        self.step[0] += 1
        self.ok()
        self.begin("log in")
        self.send(f"USER {user}", f"PASS {PASSWORD}")
        self.ok()
        self.ok()

    def pop_quit(self):
        self.begin("log out")
        self.send("QUIT")
        self.ok()
        check(self.file.read() == b"", "open after QUIT")

    def imap(self, command):
        """Its untagged lines and literals, one after the other."""
        self.send(f"a {command}")
        found = []
        while not (line := self.read_line()).startswith(b"a "):
            found.append(line)
            while literal := re.search(rb"\{(\d+)\}$", line):
                octets = self.file.read(int(literal[1]))
                self.step[1] += len(octets)
                found.append(octets)
                line = self.read_line()
        check(line.startswith(b"a OK"), f"{command}: {line!r}")
        return found


def visit_pop3(line, user):
    """No folders, flags or moves, and a part cannot be had without its message."""
    line.pop_login(user)
    line.begin("open one")
    line.send("STAT")
    count = int(line.ok().split()[1])
    line.begin(STEPS[4])
    numbers = range(count - LINES + 1, count + 1)
    commands = [f"{what} {number}" for number in numbers for what in ("LIST", "UIDL", "TOP")]
    line.send(*(command + " 0" if command.startswith("TOP") else command for command in commands))
    for command in commands:
        if command.startswith("TOP"):
            check(any(row.startswith(b"Subject:") for row in line.rows()), "no subject")
        else:
            line.ok()
    line.begin("read a text")
    line.send(f"RETR {count}")
    rows = line.rows()
    line.pop_quit()
    first = rows.index(b"--=-part")
    begin, end = rows.index(b"", first) + 1, rows.index(b"--=-part", first + 1)
    return quopri.decodestring(b"\r\n".join(rows[begin:end])).decode()


def visit_pop4(line, user):
    line.pop_login(user)
    line.begin("list folders")
    line.send("LFLD")
    check(len(line.rows()) == len(FOLDERS) + 1, "folders")
    line.begin("open one")
    line.send("SFLD INBOX")
    count = int(line.ok().split()[1])
    line.begin(STEPS[4])
    line.send(f"OVER {count - LINES + 1}:*")
    check(sum("für November".encode() in row for row in line.rows()) == LINES, "lines of the list")
    line.begin("read a text")
    line.send(f"LPRT {count}")
    check(any(row.startswith(b"2 ") and row.endswith(b"attachment aufnahme.wav") for row in line.rows()), "parts")
    line.send(f"RPRT {count} 1 TEXT")
    text = b"\r\n".join(line.rows()).decode()
    line.begin("flag")
    line.send(f"SFLG {count} +flagged")
    check(line.ok() == b"+OK 1 changed", "flag")
    line.begin("move")
    line.send(f"MOVE {count} Archive")
    check(line.ok() == b"+OK 1 moved", "move")
    line.pop_quit()
    return text


def visit_imap(line, user):
    line.step[0] += 1
    line.read_line()
    line.begin("log in")
    line.imap(f"LOGIN {user} {PASSWORD}")
    line.begin("list folders")
    rows = line.imap('LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN))')
    check(sum(row.startswith(b"* STATUS") for row in rows) == len(FOLDERS) + 1, f"folders: {rows}")
    line.begin("open one")
    rows = line.imap("SELECT INBOX")
    count = next(int(row.split()[1]) for row in rows if row.endswith(b" EXISTS"))
    line.begin(STEPS[4])
    rows = line.imap(f"FETCH {count - LINES + 1}:* "
                     "(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM TO SUBJECT)])")
    check(sum(b"Subject: " in row for row in rows) == LINES, "lines of the list")
    line.begin("read a text")
    check(b"aufnahme.wav" in b"".join(line.imap(f"FETCH {count} BODYSTRUCTURE")), "parts")
    text = line.imap(f"FETCH {count} BODY.PEEK[1]")[1]
    line.begin("flag")
    line.imap(f"STORE {count} +FLAGS.SILENT (\\Flagged)")
    line.begin("move")
    line.imap(f"MOVE {count} Archive")
    line.begin("log out")
    line.imap("LOGOUT")
    check(line.file.read() == b"", "open after LOGOUT")
    return quopri.decodestring(text).decode()


def visit(how, port, user):
    """Its steps: step -> [round trips, octets]."""
    line = Line(port)
    text = how(line, user)
    check(text.rstrip("\r\n") == TEXT.rstrip("\r\n"), f"another text was read: {text[:200]!r}")
    line.close()
    return line.steps


def end_of_sessions(pid):
    """Dovecot's processes of sessions live on for a moment, and use some CPU."""
    for child in process.children(pid):
        if process.name(child) == "imap":
            check(process.wait_for_end(child, patience(10)), "an imap process lives on")


def measure(how, port, user, pid, visits):
    """(the steps of a visit, CPU seconds of the server for each); one visit before them fills the caches."""
    visit(how, port, user)
    end_of_sessions(pid)
    began = process.tree_cpu_seconds(pid)
    for _ in range(visits):
        steps = visit(how, port, user)
    end_of_sessions(pid)
    return steps, (process.tree_cpu_seconds(pid) - began) / visits


def total(steps, which):
    return sum(step[which] for step in steps.values())


def show(results):
    print(f"{'':16}", *(f"{name:^20}" for name in results))
    print(f"{'':16}", *(f"{'trips':>6} {'octets':>12} " for _ in results))
    for step in STEPS:
        cells = (steps.get(step) for steps, _ in results.values())
        print(f"{step:16}", *(f"{cell[0]:6} {cell[1]:12,} " if cell else f"{'-':>6} {'-':>12} " for cell in cells))
    print(f"{'all':16}", *(f"{total(steps, 0):6} {total(steps, 1):12,} " for steps, _ in results.values()))
    print(f"{'server CPU, ms':16}", *(f"{'':6} {cpu * 1000:12.1f} " for _, cpu in results.values()))


def check_moved(maildir, visits):
    moved = os.listdir(os.path.join(maildir.path, ".Archive", "cur"))
    check(len(moved) == visits + 1 and all("F" in name.rpartition(",")[2] for name in moved), f"moved: {moved}")


def main():
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    server = Server(("pop3", "pop4", "imap"), {"plugins": PLUGINS})
    for user in server.maildirs:
        fill(server.maildir(user), visits + 1)
    with server, Dovecot(beside=server) as dovecot:
        for user in server.maildirs:
            with Pop(server.port) as pop:
                pop.login(user)
                for folder in FOLDERS:
                    pop.ok(f"CFLD {folder}")
                pop.quit()
        results = {
            "POP3": measure(visit_pop3, server.port, "pop3", server.pid, visits),
            "POP4": measure(visit_pop4, server.port, "pop4", server.pid, visits),
            "IMAP (Dovecot)": measure(visit_imap, dovecot.imap_port, "imap", dovecot.process.pid, visits),
        }
        for user in ("pop4", "imap"):
            check_moved(server.maildir(user), visits)
    show(results)
    pop4, imap = results["POP4"][0], results["IMAP (Dovecot)"][0]
    for what, which in (("round trips", 0), ("octets", 1)):
        check(total(pop4, which) <= total(imap, which), f"POP4 needs more {what} than IMAP")


run(main, 300)
