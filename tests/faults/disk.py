# SPDX-License-Identifier: MIT
"""A full disk, messages that cannot be read, a Maildir that goes: the mail stays, others are
served."""

import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.maildir import Maildir
from harness.pop import Pop
from harness.server import Server
from harness.trial import check, run

CLONE_NEWNS = 0x00020000
MS_REC, MS_PRIVATE = 0x4000, 0x40000


def mount_tiny(path):
    """A file system of 64 KiB in a mount namespace of our own, gone with this process."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    os.makedirs(path, exist_ok=True)

    def demand(result, what):
        check(result == 0, f"{what}: {os.strerror(ctypes.get_errno())}")

    demand(libc.unshare(CLONE_NEWNS), "a mount namespace of its own")
    # Fails where "/" is no mount point, as in a chroot; then nothing is shared from it either.
    libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    demand(libc.mount(b"none", path.encode(), b"tmpfs", 0, b"size=64k"), "a private tmpfs")


def full_disk():
    server = Server()
    tiny = os.path.join(server.folder, "tiny")
    mount_tiny(tiny)
    server.conf["plugin maildir"]["path"] = tiny + "/%n"
    messages = [b"Subject: %d\n\nbody\n" % n for n in range(5)]
    maildir = Maildir(os.path.join(tiny, "alice"), server.owner.pw_uid).fill(messages)
    lock = os.path.join(maildir.path, "pop4d.lock")
    open(lock, "wb").close()
    server.give(lock)
    with open(os.path.join(tiny, "ballast"), "wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"x" * 512)
        except OSError:
            pass
    with server:
        with Pop(server.port).login("alice") as pop:
            check(len(pop.numbers("LIST")) == 5, "a full disk hides mail")
            check(pop.ok_body("RETR 3") == b"Subject: 2\r\n\r\nbody\r\n", "RETR on a full disk")
            pop.ok("DELE 1")
            pop.quit()
        server.log.wait_for("index-not-written")
        check(maildir.messages() == messages[1:], "DELE on a full disk")
        with Pop(server.port).login("alice") as pop:
            check(pop.stat()[0] == 4, "the next session")
            pop.quit()


def unreadable():
    with Server(users=("alice", "bob")) as server:
        maildir = server.maildir()
        maildir.deliver(b"Subject: good\n\nx\n", folder="cur")
        cur = os.path.join(maildir.path, "cur")
        os.symlink("/nowhere", os.path.join(cur, "1600000001.link:2,"))
        os.mkdir(os.path.join(cur, "1600000002.folder:2,"))
        os.mkfifo(os.path.join(cur, "1600000003.fifo:2,"))
        server.maildir("bob").deliver(b"Subject: bob\n\n")
        with Pop(server.port).login("alice") as pop, Pop(server.port).login("bob") as other:
            check(pop.stat()[0] == 1, "unreadable messages are counted")
            server.log.wait_for("message-left-out", count=3)
            check(pop.ok_body("RETR 1").endswith(b"\r\nx\r\n"), "the good one")
            # What goes while the session runs is a temporary error, and costs nobody else anything.
            os.remove(maildir.paths()[-1])
            check(pop.refused("RETR 1").startswith(b"-ERR [SYS/TEMP]"), "RETR of a lost message")
            check(other.stat()[0] == 1, "the other session")
            pop.quit()
            other.quit()
        check(len(os.listdir(cur)) == 3, "what cannot be read has been removed")


def removed_maildir():
    with Server(users=("alice", "bob")) as server:
        server.maildir().fill([b"Subject: a\n\n1\n", b"Subject: b\n\n2\n"])
        server.maildir("bob").deliver(b"Subject: bob\n\n")
        with Pop(server.port).login("alice") as pop, Pop(server.port).login("bob") as other:
            pop.ok("DELE 1")
            shutil.rmtree(server.maildir().path)
            check(pop.refused("RETR 2").startswith(b"-ERR [SYS/TEMP]"), "RETR without a Maildir")
            check(pop.stat()[0] == 1, "STAT without a Maildir")
            check(pop.refused("QUIT").startswith(b"-ERR [SYS/TEMP]"), "QUIT without a Maildir")
            check(pop.at_end(), "the session goes on after QUIT")
            other.ok_body("RETR 1")
            other.quit()
        with Pop(server.port) as pop:
            pop.ok("USER alice")
            check(pop.refused("PASS secret").startswith(b"-ERR [SYS/TEMP]"), "login without a Maildir")


def changed_message():
    """Somebody writes into a message, which nobody should: no other octets than announced."""
    with Server() as server:
        path = server.maildir().deliver(b"Subject: a\n\n1\n", folder="cur", base="1600000000.x")
        with Pop(server.port).login("alice") as pop:
            with open(path, "ab") as file:
                file.write(b"more\n")
            check(pop.refused("RETR 1").startswith(b"-ERR [SYS/TEMP] The message has changed"), "RETR")
            pop.quit()
        with Pop(server.port).login("alice") as pop:
            body = pop.ok_body("RETR 1")
            check(pop.numbers("LIST") == {1: str(len(body))} and body.endswith(b"more\r\n"), "the next")
            pop.quit()


def odd_maildir():
    """What others may put in our way costs at most the session that meets it."""
    with Server(users=("alice", "bob")) as server:
        maildir = server.maildir()
        maildir.deliver(b"Subject: a\n\n", folder="cur")
        os.mkfifo(os.path.join(maildir.path, "pop4d.index.tmp"))
        with Pop(server.port).login("alice") as pop:
            check(pop.stat()[0] == 1, "a FIFO in the index's way")
            pop.quit()
        # New mail that cannot be looked at is not the same as none.
        new = os.path.join(server.maildir("bob").path, "new")
        os.rmdir(new)
        open(new, "wb").close()
        with Pop(server.port) as pop:
            pop.ok("USER bob")
            check(pop.refused("PASS secret").startswith(b"-ERR [SYS/TEMP]"), "new/ is no folder")


def half_made():
    with Server(server={}) as server:
        server.conf["plugin maildir"]["create"] = "yes"
        check(server.reload(), "create = yes")
        for folder in ("new", "cur"):
            os.rmdir(os.path.join(server.maildir().path, folder))
        with Pop(server.port).login("alice") as pop:
            check(pop.stat()[0] == 0, "a half-made Maildir")
            pop.quit()


def main():
    odd_maildir()
    half_made()
    unreadable()
    removed_maildir()
    changed_message()
    full_disk()


run(main, 90)
