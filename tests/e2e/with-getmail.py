# SPDX-License-Identifier: MIT
"""getmail6, as an ordinary user, fetches a mailbox of odd messages, leaves it, and empties it."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import folds
from harness.scenario import NOBODY, Workplace, play
from harness.trial import check, need, patience, run

GETMAIL = need("getmail", "getmail6")

CONF = """\
[retriever]
type = SimplePOP3Retriever
server = 127.0.0.1
port = {port}
username = {user}
password = secret
timeout = {timeout}

[destination]
type = MDA_external
path = {mda}
arguments = ("{folder}/out",)

[options]
read_all = false
delete = {delete}
delivered_to = false
received = false
"""


# What getmail makes of the lines that came: it parses each message and writes it anew.
REWRITE = """\
import sys
from getmailcore.message import Message
lines = sys.stdin.buffer.read().split(b"\\r\\n")
sys.stdout.buffer.write(Message(fromlines=lines).flatten(False, False))
"""


def rewritten(name, octets):
    """The same code on the octets that were sent, with the Python that getmail runs on."""
    done = subprocess.run(["/usr/bin/python3", "-c", REWRITE], input=octets, capture_output=True,
                          check=False)
    check(done.returncode == 0, f"getmail's own code fails on {name}: {done.stderr.decode()}")
    return done.stdout


def main():
    # It delivers for no root.
    user = NOBODY if os.geteuid() == 0 else None
    with Workplace(user) as place:
        place.make_folder("out")
        # getmail waits for a signal that comes when the program has ended, and for ever if it has
        # ended before getmail waits.
        mda = place.write("deliver", folds.DELIVER_IN_ORDER.replace("\n", "\nsleep 0.05\n", 1),
                          0o700)

        def fetch(port, account, keep):
            place.write("getmailrc", CONF.format(
                port=port, user=account, delete=str(not keep).lower(), mda=mda,
                folder=place.folder, timeout=int(patience(30))))
            done = subprocess.run([GETMAIL, f"--getmaildir={place.folder}", "--rcfile=getmailrc"],
                                  capture_output=True, check=False, **place.identity())
            check(done.returncode == 0,
                  f"getmail: {done.returncode} {done.stdout.decode(errors='replace')[-3000:]} "
                  f"{done.stderr.decode(errors='replace')[-3000:]}")
            return place.take("out")

        play(fetch, rewritten)


run(main, 120)
