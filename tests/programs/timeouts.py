# SPDX-License-Identifier: MIT
"""The login deadline and the ten minutes of RFC 1939, the latter by a clock that runs 200 times
as fast; both end silently and remove nothing."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import trial  # noqa: E402
from harness.pop import Pop  # noqa: E402
from harness.server import Server, own_name, is_sanitized  # noqa: E402
from harness.trial import check, need  # noqa: E402

SPEED = 200


def login_deadline():
    with Server(server={"login-timeout-seconds": 1}) as server:
        begun = time.monotonic()
        with Pop(server.port) as client:
            client.ok("USER alice")
            check(client.line() is None, "the login deadline does not end silently")
        check(time.monotonic() - begun > 0.5, "the login deadline is too early")
        server.log.wait_for("closed", reason="login-timeout")


def idle():
    """Ten minutes in three seconds; a command within them puts the end off."""
    library = os.path.join(os.path.dirname(need("faketime", "faketime")), "..", "lib",
                           os.uname().machine + "-linux-gnu", "faketime", "libfaketimeMT.so.1")
    check(os.path.exists(library), f"{library} is missing: install the package faketime")
    # Its own user: the clock is shared by a semaphore that nobody else may open.
    server = Server(server={"login-timeout-seconds": 86400}, user=own_name())
    server.maildir().deliver(b"Subject: stays\n\nhere\n")
    os.environ.update(LD_PRELOAD=library, FAKETIME=f"+0 x{SPEED}")
    with server:
        del os.environ["LD_PRELOAD"], os.environ["FAKETIME"]
        with Pop(server.port) as client:
            client.login("alice")
            client.ok("DELE 1")
            begun = time.monotonic()
            while time.monotonic() - begun < 3:
                client.ok("NOOP")
                time.sleep(0.05)
            begun = time.monotonic()
            check(client.line() is None, "the idle timeout does not end silently")
            seconds = (time.monotonic() - begun) * SPEED
            check(580 <= seconds <= 1500, f"idle for {seconds:.0f} s of the server's time")
        server.log.wait_for("closed", reason="idle-timeout")
        check(len(server.maildir().messages()) == 1, "a timeout has removed a message")


def main():
    login_deadline()
    if is_sanitized():
        # Two preloaded libraries do not go together; the plain build has this part.
        return
    idle()


trial.run(main, 60)
