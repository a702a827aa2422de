# SPDX-License-Identifier: MIT
"""Runs a command with the rights that a unit of systemd leaves to it, where no systemd runs.

sandbox.py UNIT USER COMMAND... as root: no capability, no new rights, and of system calls those that
SystemCallFilter= allows; the others fail with EPERM.
"""

import ctypes
import os
import pwd
import re
import struct
import subprocess
import sys

PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38
SECCOMP_MODE_FILTER = 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, FAIL_WITH_EPERM = 0x7fff0000, 0x00050001


def members(name):
    """The system calls of a set."""
    if not name.startswith("@"):
        return {name}
    told = subprocess.run(["systemd-analyze", "syscall-filter", name], text=True, check=True,
                          capture_output=True).stdout.splitlines()[1:]
    found = [line.strip() for line in told if line.strip() and not line.strip().startswith("#")]
    return set().union(*(members(member) for member in found))


def allowed(unit):
    calls = members("@default")
    with open(unit, encoding="utf-8") as file:
        for line in file:
            key, _, value = line.strip().partition("=")
            if key != "SystemCallFilter":
                continue
            named = set().union(*(members(name) for name in value.lstrip("~").split()))
            calls = calls - named if value.startswith("~") else calls | named
    return calls


def numbers():
    """Of the system calls, by name."""
    told = subprocess.run([os.environ.get("CC", "gcc"), "-E", "-dM", "-"], text=True, check=True,
                          input="#include <sys/syscall.h>\n", capture_output=True).stdout
    return {name: int(number) for name, number in re.findall(r"^#define __NR_(\w+) (\d+)$", told, re.M)}


def instruction(code, value, if_not=0):
    return struct.pack("HBBI", code, 0, if_not, value)


def program(calls):
    known = numbers()
    parts = [instruction(LOAD, 0)]
    for call in sorted(calls & known.keys()):
        parts += [instruction(JUMP_IF_EQUAL, known[call], 1), instruction(RETURN, ALLOW)]
    return b"".join(parts + [instruction(RETURN, FAIL_WITH_EPERM)])


def main(unit, user, *command):
    octets = program(allowed(unit))
    buffer = ctypes.create_string_buffer(octets)
    head = ctypes.create_string_buffer(struct.pack("HP", len(octets) // 8, ctypes.addressof(buffer)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    account = pwd.getpwnam(user)
    capability = 0
    while prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    os.umask(0o077)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, head, 0, 0)):
        if prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), f"prctl{call[:2]}")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
