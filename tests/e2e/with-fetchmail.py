# SPDX-License-Identifier: MIT
"""fetchmail fetches a mailbox of odd messages, leaves it, and empties it."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import folds
from harness.scenario import Workplace, play
from harness.trial import check, need, patience, run

FETCHMAIL = need("fetchmail", "fetchmail")

CONF = """\
set no bouncemail
set invisible
poll 127.0.0.1 protocol pop3 auth password service {port} uidl timeout {timeout} bad-header accept
  user "{user}" password "secret" is root here
  sslproto ''
  {keep} no rewrite
  mda "{mda} {folder}/out"
"""

GOT_MAIL, NO_MAIL = 0, 1


# fetchmail invents a header for a message without one, and puts octets of its own into lines that
# are longer than its buffer of 8192.
LOST = ("end-only-crlf", "end-only-lf", "file-empty", "size-block", "size-long-line")


def fold(name, octets):
    """It delivers LF and drops every other CR and a mailbox's From line; a header always ends in
    an empty line."""
    octets = octets.replace(b"\r\n", b"\n").replace(b"\r", b"")
    if octets.startswith(b"From "):
        octets = octets.partition(b"\n")[2]
    return octets if b"\n\n" in octets else octets + b"\n"


def main():
    with Workplace() as place:
        place.make_folder("out")
        mda = place.write("deliver", folds.DELIVER_IN_ORDER, 0o700)

        def fetch(port, user, keep):
            conf = place.write("fetchmailrc", CONF.format(
                port=port, user=user, keep="keep" if keep else "no keep", mda=mda,
                folder=place.folder, timeout=int(patience(30))))
            # Root's pid file would be one for all runs on the machine.
            done = subprocess.run([FETCHMAIL, "-v", "-f", conf, "--pidfile", place.path("pid")],
                                  capture_output=True, check=False,
                                  env={**os.environ, "FETCHMAILHOME": place.folder})
            check(done.returncode in (GOT_MAIL, NO_MAIL),
                  f"fetchmail: {done.returncode} {done.stdout.decode(errors='replace')[-3000:]} "
                  f"{done.stderr.decode(errors='replace')[-3000:]}")
            return place.take("out")

        play(fetch, fold, LOST)


run(main, 120)
