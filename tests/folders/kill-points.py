# SPDX-License-Identifier: MIT
"""kill -9 in front of each operation on files that MOVE, COPY, STOR, RENF and MOVF make: the next server
finds no message lost, none doubled, none cut, and a tree of folders renamed as a whole or not at all."""

import collections
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server, build_folder, is_sanitized
from harness.trial import check, run

PLUGINS = "pop3;uidl;sasl;maildir;pop4"
LIBRARY = os.path.join(build_folder(), "tests", "folders", "kill-points.so")
POINTS_MAX = 200
COUNT = 5
STORED = b"Subject: stored\r\n\r\n" + b"line\r\n" * 3000
TREE = ["Archive", "Archive/2025", "Archive/2025/May", "Archive/2026"]


def message(number):
    return b"Subject: %d\r\n\r\n%s\r\n" % (number, b"x" * number)


def read_all(pop):
    """{folder: the octets of its messages, counted}."""
    folders = {}
    for line in pop.ok_body("LFLD").decode().splitlines():
        name = line.split(" ", 3)[3]
        count = int(pop.ok(f'SFLD "{name}"').split()[1])
        folders[name] = collections.Counter(pop.ok_body(f"RETR {number}")
                                            for number in range(1, count + 1))
    return folders


def move(pop):
    return pop.ask("MOVE 1:* Archive")


def copy(pop):
    return pop.ask("COPY 1:* Archive")


def store(pop):
    reply = pop.ask("STOR Archive seen")
    if reply is None:
        return None
    pop.send(STORED + b".\r\n")
    return pop.line()


def rename(pop):
    return pop.ask("RENF Archive Old")


def move_tree(pop):
    return pop.ask("MOVF Archive Other")


MAIL = collections.Counter(message(number) for number in range(COUNT))


def check_moved(folders, done):
    check(folders["INBOX"] + folders["Archive"] == MAIL, "a message is lost or doubled")
    check(not done or not folders["INBOX"], "MOVE was +OK and has not moved all")


def check_copied(folders, done):
    check(folders["INBOX"] == MAIL, "COPY has changed what was copied")
    check(not folders["Archive"] - MAIL, "a copy is no message, or there twice")
    check(not done or folders["Archive"] == MAIL, "COPY was +OK and has not copied all")


def check_stored(folders, done):
    check(folders["INBOX"] == MAIL, "STOR has changed the INBOX")
    stored = folders["Archive"]
    check(stored in (collections.Counter(), collections.Counter([STORED])), "half a message is stored")
    check(not done or stored, "STOR was +OK and the message is not there")


def check_tree(folders, done, top):
    old = set(TREE) <= folders.keys()
    new = {top + name[len("Archive"):] for name in TREE} <= folders.keys()
    check(old != new and len(folders) == len(TREE) + 2, f"half a tree: {sorted(folders)}")
    check(not done or new, "the folder was renamed with +OK and is not")
    check(folders["INBOX"] == MAIL, "a rename has changed the INBOX")


CASES = (
    (move, check_moved),
    (copy, check_copied),
    (store, check_stored),
    (rename, lambda folders, done: check_tree(folders, done, "Old")),
    (move_tree, lambda folders, done: check_tree(folders, done, "Other/Archive")),
)


def one_kill(act, check_state, point):
    """Whether the server was killed; point 0 kills none."""
    with Server(server={"plugins": PLUGINS}) as server:
        for number in range(COUNT):
            server.maildir().deliver(message(number), "cur")
        with Pop(server.port).login("alice") as pop:
            for name in (*TREE, "Other"):
                pop.ok(f"CFLD {name}") if name != "Archive" else None
            pop.ok_body("SYNC *")
            pop.quit()
        server.stop()
        trigger = os.path.join(server.folder, "trigger")
        settings = {"LD_PRELOAD": LIBRARY, "KILL_AT": str(point), "KILL_TRIGGER": trigger} if point else {}
        os.environ.update(settings)
        try:
            server.start()
        finally:
            for name in settings:
                del os.environ[name]
        with Pop(server.port).login("alice") as pop:
            open(trigger, "wb").close()
            try:
                reply = act(pop)
            except ConnectionError:
                reply = None
        killed = reply is None
        check(killed or reply.startswith(b"+OK"), f"{act.__name__}: {reply!r}")
        os.unlink(trigger)
        server.kill()
        server.start()
        with Pop(server.port).login("alice") as pop:
            check_state(read_all(pop), not killed)
            pop.ok("SFLD INBOX")
            pop.ok_body("SYNC *")
            pop.quit()
        left = [name for name in os.listdir(server.maildir().path) if name.endswith((".tmp", ".rename"))]
        check(not left, f"left behind: {left}")
    return killed


def main():
    for act, check_state in CASES:
        if is_sanitized():  # two preloaded libraries do not go together: the plain build kills
            check(not one_kill(act, check_state, 0), f"{act.__name__} ends the server")
            continue
        point = 1
        while one_kill(act, check_state, point):
            point += 1
            check(point < POINTS_MAX, f"{act.__name__} never ends")
        check(point > 2, f"{act.__name__} was not killed")
        print(f"{act.__name__}: killed at {point - 1} points")


run(main, 600)
