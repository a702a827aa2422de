# SPDX-License-Identifier: MIT
"""One Maildir served by POP4 and by Dovecot's IMAP at once: each sees the other's folders, flags and
messages, and an IMAP server's own files stay as they were."""

import imaplib
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.dovecot import Dovecot
from harness.pop import Pop
from harness.server import PASSWORD, Server
from harness.trial import check, run

PLUGINS = "pop3;uidl;sasl;maildir;pop4"
# Names, and how IMAP writes them (RFC 3501, section 5.1.3).
NAMES = {"Plain": "Plain", "With Space": "With Space", "Q&A": "Q&-A", "Ärger": "&AMQ-rger",
         "日本語": "&ZeVnLIqe-", "Höhe & Tiefe/Kanäle 😀": "H&APY-he &- Tiefe/Kan&AOQ-le &2D3eAA-"}
FLAGS = {"seen": r"\Seen", "answered": r"\Answered", "flagged": r"\Flagged", "draft": r"\Draft"}


def ok(reply):
    check(reply[0] == "OK", f"IMAP: {reply}")
    return reply[1]


def pop_folders(pop):
    return {line.split(" ", 3)[3] for line in pop.ok_body("LFLD").decode().splitlines()}


def imap_folders(imap):
    return {line.decode().rsplit(' "/" ', 1)[1].strip('"') for line in ok(imap.list())}


def imap_flags(imap, folder, number):
    ok(imap.select(f'"{folder}"'))
    found = ok(imap.fetch(str(number), "(FLAGS)"))[0].decode()
    return {flag for flag in FLAGS.values() if flag in found}


def folders(pop, imap):
    for number, (name, encoded) in enumerate(NAMES.items()):
        if number % 2:
            pop.ok(f'CFLD "{name}"')
        else:
            ok(imap.create(f'"{encoded}"'))
    check(set(NAMES) <= pop_folders(pop), f"POP4 sees {pop_folders(pop)}")
    check(set(NAMES.values()) <= imap_folders(imap), f"IMAP sees {imap_folders(imap)}")
    pop.ok('RENF "With Space" "Without"')
    ok(imap.rename("Plain", "Simple"))
    check({"Without", "Simple"} <= pop_folders(pop), "POP4 does not see what was renamed")
    check({"Without", "Simple"} <= imap_folders(imap), "IMAP does not see what was renamed")
    ok(imap.delete("Simple"))
    pop.ok("DFLD Without")
    check(not {"Without", "Simple"} & pop_folders(pop), "POP4 sees what was deleted")
    check(not {"Without", "Simple"} & imap_folders(imap), "IMAP sees what was deleted")


def flags(pop, imap):
    token = pop.ok("SYNC").split()[1].decode()
    uid = pop.body().split()[2].decode()
    pop.ok("SFLG 1 =answered flagged forwarded")
    check(imap_flags(imap, "INBOX", 1) == {r"\Answered", r"\Flagged"}, "IMAP sees other flags")
    ok(imap.store("1", "+FLAGS", r"(\Seen \Draft)"))
    ok(imap.store("1", "-FLAGS", r"(\Answered)"))
    check(pop.ok_body(f"SYNC {token}") == f"= 1 {uid} seen flagged draft forwarded\r\n".encode(),
          "SYNC does not tell the flags that IMAP has set")


def messages(pop, imap):
    reply = pop.ok("SYNC")
    token, count = reply.split()[1].decode(), len(pop.body().splitlines())
    ok(imap.select("INBOX"))
    ok(imap.copy("1", '"Q&-A"'))
    ok(imap.store("1", "+FLAGS", r"(\Deleted)"))
    ok(imap.expunge())
    changes = pop.ok_body(f"SYNC {token}").decode().split()
    check(changes[0] == "-" and len(changes) == 2, f"a move by IMAP is {changes}")
    check(pop.stat()[0] == count - 1, "the message that IMAP has moved is counted")
    check(int(pop.ok('SFLD "Q&A"').split()[1]) == 1, "what IMAP has copied is not there")
    body = pop.ok_body("RETR 1")
    pop.ok("MOVE 1 日本語")
    ok(imap.select('"&ZeVnLIqe-"'))
    check(ok(imap.fetch("1", "(BODY.PEEK[])"))[0][1] == body, "IMAP sees another message than was moved")
    pop.ok("SFLD INBOX")
    pop.ok("STOR 日本語 seen")
    pop.send(b"Subject: stored\r\n\r\n..dot\r\n.\r\n")
    pop.ok_line()
    ok(imap.noop())
    check(imap_flags(imap, "&ZeVnLIqe-", 2) == {r"\Seen"}, "IMAP does not see the flag of what was stored")
    check(ok(imap.fetch("2", "(BODY.PEEK[])"))[0][1] == b"Subject: stored\r\n\r\n.dot\r\n", "what was stored")
    ok(imap.append("INBOX", r"(\Flagged)", None, b"Subject: appended\r\n\r\nx\r\n"))
    check(b" flagged\r\n" in pop.ok_body("SYNC"), "what IMAP has appended is not there")


def own_files(server):
    """Of Dovecot, in the Maildir: all but what it rewrites itself."""
    path = os.path.join(server.maildir().path, "subscriptions")
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    server = Server(server={"plugins": PLUGINS})
    server.maildir().fill([b"Subject: %d\r\n\r\n%d\r\n" % (number, number) for number in range(3)])
    with server, Dovecot(beside=server) as dovecot, Pop(server.port) as pop:
        imap = imaplib.IMAP4("127.0.0.1", dovecot.imap_port)
        ok(imap.login("alice", PASSWORD))
        ok(imap.subscribe("INBOX"))
        subscriptions = own_files(server)
        pop.login("alice")
        folders(pop, imap)
        flags(pop, imap)
        messages(pop, imap)
        check(own_files(server) == subscriptions, "the subscriptions have changed")
        pop.quit()
        imap.logout()


run(main, 60)
