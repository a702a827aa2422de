# SPDX-License-Identifier: MIT
"""Whom the server becomes, what it may do then, and what it says where that is not told."""

import grp
import os
import resource
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.process import status
from harness.server import Server, own_name, program
from harness.trial import Skip, check, run

EX_CONFIG = 78


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


def unprivileged(server, group=None, bounded=True):
    """Nothing is left, in no thread, and nothing comes back."""
    uid = str(server.owner.pw_uid)
    gid = str(server.owner.pw_gid if group is None else grp.getgrnam(group).gr_gid)
    check(uid != "0", "the user is root")
    for thread in os.listdir(f"/proc/{server.pid}/task"):
        have = status(f"{server.pid}/task/{thread}")
        check(have["Uid"].split() == [uid] * 4, f"Uid: {have['Uid']}")
        check(have["Gid"].split() == [gid] * 4, f"Gid: {have['Gid']}")
        check(set(have["Groups"].split()) <= {gid}, f"Groups: {have['Groups']}")
        for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb", *(("CapBnd",) if bounded else ())):
            check(int(have[kind], 16) == 0, f"{kind}: {have[kind]}")
        check(have["NoNewPrivs"] == "1", "new privileges are possible")


def dumps(server):
    """(hard limit of a core file, whether the memory is the user's to read): the files of who cannot
    be dumped are root's."""
    hard = limits(server.pid)["Max core file size"][1]
    return hard, os.stat(f"/proc/{server.pid}/status").st_uid == server.owner.pw_uid


def core_dumps():
    with Server(user="nobody") as server:
        check(dumps(server) == ("0", False), f"core dumps are possible: {dumps(server)}")
    with Server(user="nobody", server={"core-dumps": "yes"}) as server:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        expected = "unlimited" if hard == resource.RLIM_INFINITY else str(hard)
        check(dumps(server) == (expected, True), f"no core dumps: {dumps(server)}")


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


# Whoever is not root: without a right, with some that would be a way to root, and root in disguise.
WAYS = "+setuid,+setgid,+setpcap,+net_bind_service"
NOT_ROOT = (
    ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"),
    ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--inh-caps", WAYS,
     "--ambient-caps", WAYS),
    ("setpriv", "--euid", "nobody", "--egid", "nogroup", "--clear-groups"),
)


def fault_of(server, **settings):
    server.conf["server"].update(settings)
    server.write_conf()
    done = subprocess.run([*server.wrapper, program(), "--check", "-c", server.conf_path], text=True,
                          capture_output=True, timeout=60, check=False)
    check(done.returncode == EX_CONFIG, f"exit status {done.returncode}: {done.stderr}")
    return done.stderr


def started_by_nobody():
    """Who is not root needs no user, and can become no other."""
    server = Server(user="nobody", wrapper=NOT_ROOT[0])
    try:
        told = fault_of(server, user="daemon")
        check("[server] user: only root can become another user" in told, told)
        told = fault_of(server, user="nobody", group="daemon")
        check("[server] group: only root can take another group" in told, told)
    finally:
        server.clean_up()
    for wrapper in NOT_ROOT:
        for settings in ({}, {"user": "nobody"}, {"user": "nobody", "group": "nogroup"}):
            server = Server(user="nobody", wrapper=wrapper)
            del server.conf["server"]["user"]
            server.conf["server"].update(settings)
            with server:
                unprivileged(server, bounded=False)
                serves(server)


def as_root():
    """With its capabilities, and a group if that is wanted."""
    for group in (None, "daemon"):
        with Server(user="root", server={"group": group} if group else {}) as server:
            server.log.wait_for("runs-as-root")
            have = status(server.pid)
            check(have["Uid"].split() == ["0"] * 4, f"Uid: {have['Uid']}")
            gid = str(grp.getgrnam(group).gr_gid if group else os.getgid())
            check(have["Gid"].split() == [gid] * 4, f"Gid: {have['Gid']}")
            check(have["CapEff"] == status("self")["CapEff"], f"CapEff: {have['CapEff']}")
            check(have["NoNewPrivs"] == "1", "new privileges are possible")
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
    with Server(user="nobody", server={"group": "daemon"}) as server:
        unprivileged(server, group="daemon")
        serves(server)
    core_dumps()
    faults()
    started_by_nobody()
    as_root()


run(main, 90)
