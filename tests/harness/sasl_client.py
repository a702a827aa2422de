# SPDX-License-Identifier: MIT
"""Runs the libsasl2 client of tests/sasl-client."""

import os
import subprocess

from .server import build_folder
from .trial import check, patience

GOOD, REFUSED, TROUBLE = 0, 1, 2


class Dialogue:
    def __init__(self, status, lines, trouble):
        self.status = status
        self.lines = lines
        self.trouble = trouble

    @property
    def reply(self):
        """The last that the server has said."""
        said = [line[3:] for line in self.lines if line.startswith("S: ")]
        return said[-1] if said else ""

    def __str__(self):
        return f"status {self.status} {self.trouble}\n" + "\n".join(self.lines)


def run(port, mechanism=None, user="", password="", environment=None, **options):
    """An option a_b=value is --a-b value, a_b=True is --a-b."""
    program = os.path.join(build_folder(), "tests", "sasl-client", "sasl-client")
    check(os.access(program, os.X_OK), f"{program} is not built")
    command = [program, "--port", str(port), "--user", user, "--password", password]
    if mechanism is not None:
        command += ["--mechanism", mechanism]
    for name, value in options.items():
        command.append("--" + name.replace("_", "-"))
        if value is not True:
            command.append(str(value))
    # The client's libraries keep some memory at their end; the server's leaks are looked for.
    environment = dict(environment or os.environ)
    environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False,
                          timeout=patience(30))
    return Dialogue(done.returncode, done.stdout.splitlines(), done.stderr.strip())
