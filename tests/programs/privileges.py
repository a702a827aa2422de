# SPDX-License-Identifier: MIT
"""Whom the server becomes, what it may do then, and what it says where that is not told."""

import os
import pwd
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server, own_name, program
from harness.trial import Skip, check, run

EX_CONFIG = 78


def status(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":", 1) for line in file)


def limits(pid):
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        return {line[:26].strip(): line[26:].split() for line in file}


def serves(server):
    server.maildir().deliver(b"Subject: a\n\nb\n")
    with Pop(server.port).login("alice") as pop:
        check(pop.ok_body("RETR 1") == b"Subject: a\r\n\r\nb\r\n", "the mail")
        pop.ok("DELE 1")
        pop.quit()
    check(server.maildir().paths() == [], "the message is not removed")


def unprivileged(server):
    """Nothing is left, in no thread, and nothing comes back."""
    uid, gid = str(server.owner.pw_uid), str(server.owner.pw_gid)
    check(uid != "0", "the user is root")
    for thread in os.listdir(f"/proc/{server.pid}/task"):
        have = status(f"{server.pid}/task/{thread}")
        check(have["Uid"].split() == [uid] * 4, f"Uid: {have['Uid']}")
        check(have["Gid"].split() == [gid] * 4, f"Gid: {have['Gid']}")
        check(set(have["Groups"].split()) <= {gid}, f"Groups: {have['Groups']}")
        for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            check(int(have[kind], 16) == 0, f"{kind}: {have[kind]}")
        check(have["NoNewPrivs"].strip() == "1", "new privileges are possible")
    check(limits(server.pid)["Max core file size"][:2] == ["0", "0"], "core dumps are possible")


def refused(server, words):
    server.write_conf()
    for arguments in (["--check"], []):
        done = subprocess.run([program(), *arguments, "-c", server.conf_path], text=True,
                              capture_output=True, timeout=60, check=False)
        check(done.returncode == EX_CONFIG, f"exit status {done.returncode}: {done.stderr}")
        check(words in done.stderr, f"no \"{words}\" in {done.stderr}")
        check(server.conf_path + ":" in done.stderr, "a fault without its place")


def faults():
    server = Server()
    try:
        conf = server.conf["server"]
        del conf["user"]
        refused(server, '[server] user: must be set when started as root ("root" to stay root)')
        conf["group"] = "nogroup"
        refused(server, "[server] group: needs the key user")
        conf["user"] = "no-such-user"
        refused(server, "[server] user: there is no such user")
        conf.update(user="nobody", group="no-such-group")
        refused(server, "[server] group: there is no such group")
    finally:
        server.clean_up()


def started_by_nobody():
    """Who is not root needs no user, and can become no other."""
    server = Server()
    as_nobody = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", program()]
    try:
        server.conf["server"]["user"] = "daemon"
        server.write_conf()
        done = subprocess.run([*as_nobody, "--check", "-c", server.conf_path], text=True,
                              capture_output=True, timeout=60, check=False)
        check("[server] user: only root can become another user" in done.stderr, done.stderr)
        for user in (None, "nobody"):
            server.conf["server"].pop("user")
            if user is not None:
                server.conf["server"]["user"] = user
            server.write_conf()
            done = subprocess.run([*as_nobody, "--check", "-c", server.conf_path], text=True,
                                  capture_output=True, timeout=60, check=False)
            check(done.returncode == 0, f"user {user}: {done.stderr}")
            server.conf["server"]["user"] = user
    finally:
        server.clean_up()


def as_root():
    with Server(user="root") as server:
        server.log.wait_for("runs-as-root")
        check(pwd.getpwuid(int(status(server.pid)["Uid"].split()[0])).pw_name == "root", "not root")
        serves(server)


def main():
    if os.geteuid() != 0:
        raise Skip(f"{own_name()} has no privileges to give up")
    with Server(user="nobody") as server:
        unprivileged(server)
        serves(server)
        check(server.reload(), "a reload is refused")
        unprivileged(server)
        serves(server)
    faults()
    started_by_nobody()
    as_root()


run(main, 60)
