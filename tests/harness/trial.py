# SPDX-License-Identifier: MIT
"""One test: bounded in time, silent when it passes, exit status 0, 1 or 77 (skipped)."""

import os
import shutil
import signal
import sys
import traceback

# Slow builds (sanitizers, valgrind) may stretch every wait.
PATIENCE = float(os.environ.get("POP4_PATIENCE", "1"))

SKIPPED = 77


class Failure(Exception):
    """What a test found to be wrong, in a sentence."""


class Skip(Exception):
    """Why this machine cannot run a test."""


def patience(seconds):
    return seconds * PATIENCE


def check(condition, sentence):
    if not condition:
        raise Failure(sentence)


def need(program, package):
    """A missing client is a failure: a test that did not run has proved nothing."""
    path = shutil.which(program)
    check(path is not None, f"{program} is missing: install the package {package}")
    return path


def _out_of_time(signum, frame):
    # A second chance for what cleans up; after it nothing waits any more.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(15)
    raise Failure("out of time")


def _told_to_end(signum, frame):
    raise SystemExit(1)


def run(main, seconds):
    """Runs main() and ends the process with what came of it."""
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.signal(signal.SIGTERM, _told_to_end)
    signal.alarm(int(patience(seconds)))
    try:
        main()
    except Skip as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    except Failure as failure:
        where = [frame for frame in traceback.extract_tb(failure.__traceback__)
                 if frame.filename != __file__][-1]
        print(f"{where.filename}:{where.lineno}: {failure}", file=sys.stderr)
        sys.exit(1)
    sys.exit(0)
