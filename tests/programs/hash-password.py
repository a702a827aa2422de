# SPDX-License-Identifier: MIT
"""pop4d --hash-password: its lines log in, its refusals, and what a terminal shows."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import termios

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import process, trial  # noqa: E402
from harness.pop import Pop  # noqa: E402
from harness.server import Server, program  # noqa: E402
from harness.trial import check, patience  # noqa: E402

EX_USAGE, EX_CONFIG = 64, 78
KEY = r"SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}="
MODULES = os.environ["POP4_MODULES"]


def run(arguments, password, where=("--plugin-dir", MODULES)):
    return subprocess.run([program(), "--hash-password", *where, *arguments], input=password,
                          capture_output=True, timeout=patience(60), check=False)


def entry(arguments, password):
    done = run(arguments, password)
    check(done.returncode == 0 and not done.stderr, f"{arguments}: {done.returncode} {done.stderr!r}")
    return done.stdout.decode()


def expect_line(arguments, password, pattern):
    line = entry(arguments, password)
    check(re.fullmatch(pattern + "\n", line), f"{arguments}: {line!r}")


def refuse(arguments, password, status, text, **options):
    done = run(arguments, password, **options)
    check(done.returncode == status and not done.stdout and text in done.stderr.decode(),
          f"{arguments}: {done.returncode} {done.stdout!r} {done.stderr!r}")


def lines():
    expect_line(["tim"], b"secret", "tim " + KEY)
    expect_line([], b"secret", KEY)
    expect_line(["j\u00fcrgen@example.org"], b"secret", "j\u00fcrgen@example.org " + KEY)
    expect_line(["tim", "--keep-secret"], b"secret\n", f"tim {KEY} secret=c2VjcmV0")
    expect_line(["tim", "--keep-secret"], b"secret\r\n", f"tim {KEY} secret=c2VjcmV0")
    expect_line(["tim", "--keep-secret"], b"secret\nmore", f"tim {KEY} secret=c2VjcmV0")
    expect_line(["tim", "--scheme", "SCRAM-SHA-512", "--scheme", "SCRAM-SHA-1"], b"secret",
                r"tim SCRAM-SHA-512\$4096:\S+ SCRAM-SHA-1\$4096:\S+")
    check(entry(["tim"], b"secret") != entry(["tim"], b"secret"), "the salt is always the same")


def refusals(folder):
    refuse(["tim"], b"", 1, "the password is empty")
    refuse(["tim"], b"\n", 1, "the password is empty")
    refuse(["tim"], b"se\0cret", 1, "the password holds a NUL")
    refuse(["tim"], b"se\tcret", 1, "the password holds control characters")
    refuse(["tim"], b"x" * 1025, 1, "longer than 1024 octets")
    refuse(["t im"], b"secret", 1, "a login is")
    refuse(["tim", "--scheme", "PLAIN"], b"secret", 1, "PLAIN is no scheme")
    refuse(["tim", "tom"], b"secret", EX_USAGE, "there is one login")
    refuse(["tim"], b"secret", 1, f"no plugin in {folder} makes", where=("--plugin-dir", folder))
    refuse(["tim"], b"secret", EX_CONFIG, "none.conf", where=("-c", folder + "/none.conf"))
    done = subprocess.run([program(), "--keep-secret"], capture_output=True, timeout=60, check=False)
    check(done.returncode == EX_USAGE, f"--keep-secret alone: {done.returncode}")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([program(), "--hash-password", "--plugin-dir", MODULES],
                              input=b"secret", stdout=full, stderr=subprocess.PIPE, check=False,
                              timeout=patience(60))
    check(done.returncode == 1 and b"standard output" in done.stderr, "a full disk goes unnoticed")


class Terminal:
    """A person before pop4d --hash-password."""

    def __init__(self):
        self.master, slave = pty.openpty()
        self.slave = slave
        self.shown = b""
        self.child = subprocess.Popen(
            [program(), "--hash-password", "--plugin-dir", MODULES, "tim"], stdin=slave,
            stdout=subprocess.PIPE, stderr=slave, preexec_fn=process.die_with_parent)

    def expect(self, text):
        while text not in self.shown:
            ready = select.select([self.master], [], [], patience(30))[0]
            check(ready, f"no {text!r} in {self.shown!r}")
            self.shown += os.read(self.master, 4096)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.master, text)

    def end(self):
        out = self.child.communicate(timeout=patience(30))[0].decode()
        status = self.child.returncode
        check(self.echoes(), "the terminal is left in silence")
        os.close(self.slave)
        os.close(self.master)
        check(b"secret" not in self.shown, f"shown: {self.shown!r}")
        return status, out


def terminal():
    person = Terminal()
    person.expect(b"Password: ")
    check(not person.echoes(), "the terminal shows what is typed")
    person.type(b"secret\n")
    person.expect(b"Again: ")
    person.type(b"secret\n")
    status, out = person.end()
    check(status == 0 and re.fullmatch(f"tim {KEY}\n", out), f"typed: {status} {out!r}")

    person = Terminal()
    person.expect(b"Password: ")
    person.type(b"secret\n")
    person.expect(b"Again: ")
    person.type(b"secret2\n")
    person.expect(b"not the same")
    check(person.end() == (1, ""), "two that differ are taken")

    person = Terminal()
    person.expect(b"Password: ")
    person.type(b"sec")
    # Not SIGINT, which what is started in the background ignores.
    person.child.send_signal(signal.SIGTERM)
    check(person.end() == (-signal.SIGTERM, ""), "it does not end by the signal")


def login(server, user, password):
    with Pop(server.port) as pop:
        pop.login(user, password)
        pop.quit()


def replace(server, path, text):
    with open(path + ".new", "w", encoding="utf-8", opener=lambda name, flags: os.open(
            name, flags, 0o600)) as file:
        file.write(text)
    server.give(path + ".new")
    os.rename(path + ".new", path)


def logins():
    server = Server(users=["alice"], server={"plugins": "pop3;accounts;maildir"})
    path = os.path.join(server.folder, "accounts")
    server.conf["plugin accounts"] = {"file": path, "domain": "example.org"}
    del server.conf["plugin sasl"]
    server.write_conf()
    # the configuration tells where the plugins are
    done = run(["alice@example.org"], b"one two", where=("-c", server.conf_path))
    check(done.returncode == 0, f"with -c: {done.stderr!r}")
    replace(server, path, "# staff\n" + done.stdout.decode())
    with server:
        login(server, "alice", "one two")
        login(server, "alice@example.org", "one two")
        for scheme in ("SCRAM-SHA-1", "SCRAM-SHA-512"):
            replace(server, path, entry(["alice", "--scheme", scheme], scheme.encode()))
            login(server, "alice", scheme)
        replace(server, path, "alice\n")
        login(server, "alice", "SCRAM-SHA-512")
        server.log.wait_for("accounts-refused", reason=path + ":1: there is no key behind the login")


def main():
    lines()
    with tempfile.TemporaryDirectory() as folder:
        refusals(folder)
    terminal()
    logins()


trial.run(main, 100)
