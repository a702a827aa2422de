# SPDX-License-Identifier: MIT
"""Clients that send through POP, as each is known to do it."""

import re

from .trial import check


def stuff(message):
    return re.sub(rb"(?m)^\.", b"..", message)


def start(pop):
    """Has the server wait for a message."""
    check(pop.ok("XTND XMIT") == b"+OK Start sending message.", "an unknown start reply")


def send(pop, message):
    """The plain way: the reply to @message, which ends in CRLF."""
    start(pop)
    pop.send(stuff(message) + b".\r\n")
    return pop.line()


def eudora_login(pop, user):
    """CAPA, USER, PASS, STAT."""
    pop.ok_body("CAPA")
    pop.login(user)
    pop.stat()
    return pop


def eudora_send(pop, message):
    """Doubles dots, and ends by CRLF "." CRLF whatever came before: one more empty line."""
    start(pop)
    pop.send(stuff(message) + b"\r\n.\r\n")
    return pop.line()


def blat_probe(pop, user):
    """No CAPA; the server waits for data while the message is still to be made."""
    pop.login(user)
    pop.stat()
    start(pop)
    return pop


def blat_send(pop, message):
    pop.send(stuff(message) + b"\r\n.\r\n")
    return pop.line()


def qmail3_send(pop, message):
    """Doubles a dot only behind CRLF, so not that of the very first line; the end depends on how
    the message ends."""
    start(pop)
    octets = re.sub(rb"\r\n\.", b"\r\n..", message)
    pop.send(octets + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"))
    return pop.line()
