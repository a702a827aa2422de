# SPDX-License-Identifier: MIT
"""curl fetches a mailbox of odd messages by globbing, leaves it, and deletes from it."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.scenario import Workplace, play
from harness.trial import check, need, patience, run

CURL = need("curl", "curl")

seen = set()


def curl(user, *arguments):
    done = subprocess.run([CURL, "-sS", "--max-time", str(int(patience(60))),
                           "-u", f"{user}:secret", *arguments],
                          capture_output=True, check=False)
    check(done.returncode == 0, f"curl {' '.join(arguments)}: {done.returncode} {done.stderr!r}")
    return done.stdout


def unseen(port, user):
    """Message numbers, by what UIDL says."""
    rows = [row.split() for row in curl(user, "-X", "UIDL", f"pop3://127.0.0.1:{port}/").splitlines()]
    fresh = [int(number) for number, uid in rows if (user, uid) not in seen]
    seen.update((user, uid) for _, uid in rows)
    return fresh


def fetch(port, user, keep):
    numbers = unseen(port, user)
    url = f"pop3://127.0.0.1:{port}/"
    with Workplace() as place:
        place.make_folder("out")
        if numbers:
            wanted = ",".join(map(str, numbers))
            curl(user, "--create-dirs", "-o", place.path("out", "#1"), f"{url}{{{wanted}}}")
        got = []
        for number in numbers:
            with open(place.path("out", str(number)), "rb") as file:
                got.append(file.read())
    if not keep:
        delete(user, url, numbers)
    return got


def delete(user, url, numbers):
    """In one session: curl keeps the connection from one transfer to the next, and ends it with QUIT."""
    arguments = []
    for number in numbers:
        arguments += ["--next", "-sS", "-u", f"{user}:secret", "-l", "-I", "-X", f"DELE {number}", url]
    curl(user, *arguments[1:])


def fold(name, octets):
    """curl shows a message of no octets as one empty line."""
    return octets or b"\r\n"


run(lambda: play(fetch, fold), 120)
