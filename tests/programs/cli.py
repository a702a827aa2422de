# SPDX-License-Identifier: MIT
"""The options of pop4d, its exit statuses, and what it says of a faulty configuration."""

import os
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import trial  # noqa: E402
from harness.server import Server, program  # noqa: E402
from harness.trial import check  # noqa: E402

EX_USAGE, EX_UNAVAILABLE, EX_CONFIG = 64, 69, 78


def pop4d(*arguments):
    done = subprocess.run([program(), *arguments], capture_output=True, text=True, timeout=60,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def expect(arguments, status, *texts):
    got, out, err = pop4d(*arguments)
    check(got == status, f"{arguments}: exit status {got}, expected {status}: {out}{err}")
    for text in texts:
        check(text in out + err, f"{arguments}: no \"{text}\" in: {out}{err}")
    return out + err


def inspect(modules):
    where = ("--plugin-dir", modules)
    expect(("--help",), 0, "--check", "--describe=PLUGIN")
    expect(("--version",), 0, "pop4d ")
    expect(("--help-config",), 0, "[server]", "idle-timeout-seconds", "default 600",
           "[listener NAME]", "port")
    expect(("--describe", "pop3", *where), 0, "RETR", "after login", "USER (before and after login)")
    expect(("--describe", "maildir", *where), 0, "a mail store", "path (text, must be set)",
           "create (yes or no, default no)")
    expect(("--describe", "sasl", *where), 0, "checks passwords", "option.NAME (map)")
    expect(("--describe", "nothing", *where), 1, "there is no plugin nothing")
    expect(("--no-such-option",), EX_USAGE, "--no-such-option")
    expect(("argument",), EX_USAGE)
    # the broken fixtures are told, with both versions, and the rest is listed all the same
    expect(("--list-plugins", *where), 1, "pop3 ", "uidl ", "built for pop4 ABI 2.0, this is 1.3",
           "no-plugin.so is no plugin")


def faults(server):
    path = server.conf_path
    server.conf["server"]["plugins"] = "pop3;uidl;maildir;bad-abi;twice;no-start"
    server.conf["server"]["idle-timeout-seconds"] = 5
    server.conf["server"]["colour"] = "blue"
    server.conf["listener pop3"]["address"] = "localhost"
    server.conf["listener pop3"]["port"] = 70000
    server.conf["plugin maildir"] = {"create": "perhaps"}
    server.conf["plugin nothing"] = {"x": 1}
    server.conf["attic"] = {}
    server.write_conf()
    text = expect(("--check", "-c", path), EX_CONFIG, "[server] colour: unknown key",
                  "[server] idle-timeout-seconds: must be a number from 600",
                  "[server] plugins: plugin bad-abi was built for pop4 ABI 2.0, this is 1.3",
                  "[server] plugins: plugin twice: the verb STAT is already taken",
                  "[listener pop3] address: must be an IPv4 or IPv6 address",
                  "[listener pop3] port: must be a number from 0 to 65535, not \"70000\"",
                  "[plugin maildir] path: must be set",
                  "[plugin maildir] create: must be yes or no",
                  "[plugin nothing]: there is no plugin nothing", "[attic]: unknown group")
    for line in text.splitlines():
        check(line.startswith(path + ":"), f"a fault without its place: {line}")
        check(line[len(path) + 1:].split(":")[0].isdigit(), f"a fault without its line: {line}")
    expect(("-c", path), EX_CONFIG, "[attic]: unknown group")
    expect(("--check", "-c", path + ".none"), EX_CONFIG, path + ".none:1: ")


def tls_faults():
    """What OpenSSL found first, not the library that passed it on; what is not set is told but once."""
    server = Server()
    try:
        server.conf["tls"] = {"certificate": "/nowhere/cert.pem", "verify-client": "require"}
        server.write_conf()
        text = expect(("--check", "-c", server.conf_path), EX_CONFIG, "[tls] key: must be set",
                      "[tls] client-ca: must be set")
        check(text.count("[tls]") == 2, f"more than the two faults: {text}")
        server.conf["tls"] = {"certificate": "/nowhere/cert.pem", "key": "/nowhere/key.pem"}
        server.write_conf()
        expect(("--check", "-c", server.conf_path), EX_CONFIG,
               "[tls] certificate: /nowhere/cert.pem: No such file or directory")
    finally:
        server.clean_up()


def refused_start(modules):
    """A plugin that is not there is a fault; one that cannot start is told by --check only."""
    with_missing = Server(server={"plugins": "pop3;unheard-of"})
    with_failing = Server(server={"plugins": "pop3;no-start"})
    try:
        with_missing.write_conf()
        expect(("-c", with_missing.conf_path), EX_CONFIG, "there is no plugin unheard-of")
        with_failing.write_conf()
        expect(("--check", "-c", with_failing.conf_path), EX_CONFIG,
               "plugin no-start cannot start: the moon is in the wrong place")
    finally:
        with_missing.clean_up()
        with_failing.clean_up()


def taken_port():
    server = Server()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server.conf["listener pop3"]["port"] = other.getsockname()[1]
        try:
            server.write_conf()
            expect(("--check", "-c", server.conf_path), 0, "no faults")
            expect(("-c", server.conf_path), EX_UNAVAILABLE, "cannot bind to 127.0.0.1 port")
        finally:
            server.clean_up()


def main():
    modules = os.environ["POP4_MODULES"]
    inspect(modules)
    server = Server()
    try:
        faults(server)
        tls_faults()
    finally:
        server.clean_up()
    refused_start(modules)
    taken_port()


trial.run(main, 100)
