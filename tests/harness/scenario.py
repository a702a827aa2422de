# SPDX-License-Identifier: MIT
"""What each client has to do: fetch all, fetch nothing, fetch what is new, delete."""

import os
import pwd
import shutil
import tempfile

from . import corpus
from .dovecot import REFERENCE_FAILS, Dovecot
from .maildir import wire
from .pop import Pop
from .server import Server
from .trial import check

NOBODY = "nobody"


def is_reference():
    return os.environ.get("E2E_REFERENCE") == "dovecot"


def mail_server(users):
    """pop4d, or with E2E_REFERENCE=dovecot the server that judges the tests themselves."""
    return Dovecot(users) if is_reference() else Server(users)


def first_difference(expected, got):
    at = next((n for n, (a, b) in enumerate(zip(expected, got)) if a != b),
              min(len(expected), len(got)))
    return (f"{len(got)} octets for {len(expected)}, the first difference at {at}: "
            f"{got[max(at - 20, 0):at + 30]!r} for {expected[max(at - 20, 0):at + 30]!r}")


def read_in_order(port, user, messages):
    """Fetches all over a bare socket, demands each octet, and tells the names in order."""
    names = {wire(data): name for name, data in messages.items()}
    found = []
    with Pop(port, timeout=60).login(user) as pop:
        sizes = pop.numbers("LIST")
        check(len(sizes) == len(messages), f"LIST has {len(sizes)} of {len(messages)} messages")
        for number in sizes:
            octets = pop.ok_body(f"RETR {number}")
            check(octets in names, f"message {number}: {len(octets)} octets that nobody "
                                   f"delivered, {octets[:60]!r} ... {octets[-60:]!r}")
            check(sizes[number] == str(len(octets)) or is_reference(),
                  f"message {number}: {len(octets)} octets, LIST says {sizes[number]}")
            found.append(names.pop(octets))
        pop.quit()
    return found


def compare(names, messages, got, fold, lost):
    """Every octet of every message but those that the client is known to lose."""
    if len(got) != len(names):
        expected = {fold(name, wire(messages[name])): name for name in names}
        missing = set(expected.values()) - {expected.get(octets) for octets in got}
        check(False, f"{len(got)} messages for {len(names)}; not among them: {sorted(missing)}")
    wrong = []
    for name, octets in zip(names, got):
        expected = fold(name, wire(messages[name]))
        if octets != expected and name not in lost:
            wrong.append(f"{name}: {first_difference(expected, octets)}")
        elif octets == expected and name in lost:
            wrong.append(f"{name}: arrives whole, so it is no exception any more")
    check(not wrong, f"{len(wrong)} messages differ\n" + "\n".join(wrong))


class Workplace:
    """A folder for a client, of a user of its own since some refuse to work for root."""

    def __init__(self, user=None):
        self.folder = tempfile.mkdtemp(prefix="client-")
        account = None if user is None else pwd.getpwnam(user)
        self.owner = None if account is None else (account.pw_uid, account.pw_gid)
        self._give(self.folder)

    def _give(self, path):
        if self.owner is not None:
            os.chown(path, *self.owner)

    def identity(self):
        """For subprocess.run()."""
        if self.owner is None:
            return {}
        return {"user": self.owner[0], "group": self.owner[1], "extra_groups": []}

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def make_folder(self, name):
        os.mkdir(self.path(name))
        self._give(self.path(name))

    def write(self, name, text, mode=0o600):
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        self._give(path)
        return path

    def take(self, folder):
        """The files of a folder in the order of their names; the folder is empty then."""
        contents = []
        for name in sorted(os.listdir(self.path(folder))):
            path = self.path(folder, name)
            with open(path, "rb") as file:
                contents.append(file.read())
            os.remove(path)
        return contents


NEW = {"new-one": corpus.head("new-one") + b"arrived later\n",
       "new-two": corpus.head("new-two") + b".arrived later still"}
ORDINARY = ("dots-one", "dots-lone", "dots-lone-last-open", "end-open", "end-crlf", "end-mixed",
            "body-empty", "utf-8", "latin-1", "mime-deep", "size-tiny-lines", "python-msg_02")


def play(fetch, fold=lambda name, octets: octets, lost=(), dropped=()):
    """fetch(port, user, keep) gives what it has newly fetched, in the server's order.

    fold makes of a message on the wire what the client is known to make of it; lost are the
    messages it cannot carry, dropped those it cannot be offered at all.
    """
    dropped = {*dropped, *(REFERENCE_FAILS if is_reference() else ())}
    messages = {name: data for name, data in corpus.messages().items() if name not in dropped}
    few = {name: messages[name] for name in ORDINARY}
    with mail_server(["alice", "bob"]) as server:
        server.maildir("alice").fill(messages.values())
        server.maildir("bob").fill(few.values())
        names = read_in_order(server.port, "alice", messages)

        compare(names, messages, fetch(server.port, "alice", True), fold, lost)
        again = fetch(server.port, "alice", True)
        check(not again, f"the second run has fetched {len(again)} messages again")

        server.maildir("alice").fill(NEW.values())
        check_new(server.port, {**messages, **NEW}, fetch, fold)

        names = read_in_order(server.port, "bob", few)
        compare(names, few, fetch(server.port, "bob", False), fold, ())
        left = server.maildir("bob").paths()
        check(not left, f"not deleted: {left}")
        untouched = sorted(server.maildir("alice").messages())
        check(untouched == sorted([*messages.values(), *NEW.values()]), "messages left on the server changed")


def check_new(port, messages, fetch, fold):
    names = [name for name in read_in_order(port, "alice", messages) if name in NEW]
    compare(names, messages, fetch(port, "alice", True), fold, ())
