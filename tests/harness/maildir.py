# SPDX-License-Identifier: MIT
"""Maildirs as MTAs and IMAP servers leave them."""

import itertools
import os
import re

_serial = itertools.count(1)

FOLDERS = ("tmp", "new", "cur")


def _with_crlf(data):
    return re.sub(rb"(?<!\r)\n", b"\r\n", data)


def wire(data):
    """The octets that a POP client gets: each LF alone as CRLF, the last line ended."""
    lines = _with_crlf(data)
    if lines and not lines.endswith(b"\n"):
        lines += b"\r\n"
    return lines


class Maildir:
    def __init__(self, path, owner=None):
        self.path = path
        self.owner = owner
        for folder in FOLDERS:
            os.makedirs(os.path.join(path, folder), mode=0o700, exist_ok=True)
        if owner is not None:
            for folder in ("", *FOLDERS):
                os.chown(os.path.join(path, folder), owner, owner)

    def deliver(self, data, folder=None, base=None):
        """Puts a message where an MTA does, or one that an IMAP server has seen; its path."""
        number = next(_serial)
        folder = folder or ("new", "cur")[number % 2]
        if base is None:
            size = ("", f",S={len(data)}", f",S={len(data)},W={len(_with_crlf(data))}")[number % 3]
            base = f"{1700000000 + number}.M{number:06d}P7.mx.example.org{size}"
        name = base + (":2,S" if folder == "cur" else "")
        path = os.path.join(self.path, folder, name)
        temporary = os.path.join(self.path, "tmp", base)
        with open(temporary, "wb") as file:
            file.write(data)
        if self.owner is not None:
            os.chown(temporary, self.owner, self.owner)
        os.rename(temporary, path)
        return path

    def fill(self, messages):
        for data in messages:
            self.deliver(data)
        return self

    def paths(self):
        """Of the messages, in the order of delivery."""
        found = []
        for folder in ("new", "cur"):
            inside = os.path.join(self.path, folder)
            found += [os.path.join(inside, name) for name in os.listdir(inside)]
        return sorted(found, key=lambda path: int(os.path.basename(path).split(".")[0]))

    def messages(self):
        """The octets of each message, in the order of delivery."""
        contents = []
        for path in self.paths():
            with open(path, "rb") as file:
                contents.append(file.read())
        return contents
