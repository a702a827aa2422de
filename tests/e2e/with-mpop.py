# SPDX-License-Identifier: MIT
"""mpop, which pipelines, fetches a mailbox of odd messages, leaves it, and empties it."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import folds
from harness.scenario import Workplace, play
from harness.trial import check, need, patience, run

MPOP = need("mpop", "mpop")

CONF = """\
account test
host 127.0.0.1
port {port}
user {user}
password secret
auth user
tls off
pipelining on
timeout {timeout}
keep {keep}
uidls_file {folder}/uidls-{user}
received_header off
delivery mda {mda} {folder}/out
"""


def main():
    with Workplace() as place:
        place.make_folder("out")
        mda = place.write("deliver", folds.DELIVER_IN_ORDER, 0o700)

        def fetch(port, user, keep):
            conf = place.write("mpoprc", CONF.format(
                port=port, user=user, keep="on" if keep else "off", mda=mda,
                folder=place.folder, timeout=int(patience(30))))
            done = subprocess.run([MPOP, "-C", conf, "test"], capture_output=True, check=False)
            check(done.returncode == 0,
                  f"mpop: {done.returncode} {done.stdout.decode()} {done.stderr.decode()}")
            return place.take("out")

        play(fetch, folds.to_lf)


run(main, 120)
