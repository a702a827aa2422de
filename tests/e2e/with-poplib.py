# SPDX-License-Identifier: MIT
"""Python's poplib fetches a mailbox of odd messages, leaves it, and deletes from it."""

import os
import poplib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import corpus
from harness.maildir import wire
from harness.scenario import is_reference, mail_server, play
from harness.trial import check, patience, run

# poplib refuses longer lines unless told otherwise.
poplib._MAXLINE = 200_000

seen = set()


def connect(port, user):
    pop = poplib.POP3("127.0.0.1", port, timeout=patience(30))
    pop.user(user)
    pop.pass_("secret")
    return pop


def retrieve(pop, number):
    _, lines, octets = pop.retr(number)
    message = b"".join(line + b"\r\n" for line in lines)
    # poplib hides how a line ended; its count of octets does not.
    check(octets == len(message), f"message {number}: {octets} octets, {len(message)} as lines")
    return message


def fetch(port, user, keep):
    got = []
    pop = connect(port, user)
    sizes = {int(row.split()[0]): int(row.split()[1]) for row in pop.list()[1]}
    for row in pop.uidl()[1]:
        number, uid = row.split(maxsplit=1)
        if (user, uid) not in seen:
            got.append(retrieve(pop, int(number)))
            check(len(got[-1]) == sizes[int(number)] or is_reference(),
                  f"message {int(number)}: {len(got[-1])} octets, LIST says {sizes[int(number)]}")
            seen.add((user, uid))
        if not keep:
            pop.dele(int(number))
    pop.quit()
    return got


def delete_some():
    """Marks, takes the marks back, marks others: just those go, and only by QUIT."""
    messages = [corpus.head(f"m{n}") + b"x" * n + b"\n" for n in range(1, 21)]
    with mail_server(["carol"]) as server:
        maildir = server.maildir("carol").fill(messages)
        pop = connect(server.port, "carol")
        pop.dele(7)
        pop.rset()
        for number in range(1, 21, 2):
            pop.dele(number)
        check(pop.stat() == (10, sum(len(wire(m)) for m in messages[1::2])), f"STAT {pop.stat()}")
        pop.close()
        pop = connect_again(server.port)
        check(sorted(maildir.messages()) == sorted(messages), "deleted without QUIT")
        check(pop.retr(1)[1] == wire(messages[0]).split(b"\r\n")[:-1], "the order has changed")
        for number in range(1, 21, 2):
            pop.dele(number)
        pop.quit()
        check(maildir.messages() == messages[1::2], "the rest is not what was left")


def connect_again(port):
    """The lock goes when the server sees the end of the lost connection, which may take a moment."""
    while True:
        try:
            return connect(port, "carol")
        except poplib.error_proto as error:
            check(b"[IN-USE]" in error.args[0], f"login: {error}")


def main():
    play(fetch)
    delete_some()


run(main, 120)
