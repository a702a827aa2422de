# SPDX-License-Identifier: MIT
"""What /proc tells about a running process."""

import ctypes
import os
import select
import signal

_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For a child between fork and exec: no test leaves a process behind."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def pss(pid):
    """Octets of memory, shared pages counted by their share. Pages of files are left out: their
    share grows when another program that uses the same library ends."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        sizes = {line.split()[0]: int(line.split()[1]) * 1024 for line in rollup if "kB" in line}
    return sizes["Pss_Anon:"] + sizes["Pss_Shmem:"]


def status(pid):
    """The fields of /proc/PID/status; @pid: or PID/task/TID."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def rights(pid):
    """(uid, effective capabilities)."""
    fields = status(pid)
    return int(fields["Uid"].split()[1]), int(fields["CapEff"], 16)


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def name(pid):
    """Empty for a process that has ended."""
    try:
        return status(pid)["Name"]
    except FileNotFoundError:
        return ""


def tree_cpu_seconds(pid):
    """Of a process, of those below it, and of those that have ended there. One that ends meanwhile is
    counted with its parent, which is read later."""
    try:
        below = sum(tree_cpu_seconds(child) for child in children(pid))
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return below + sum(int(field) for field in fields[11:15]) / _CLOCK_TICKS


def wait_for_end(pid, timeout):
    """Whether it has ended by then."""
    try:
        end = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([end], [], [], timeout)[0])
    finally:
        os.close(end)


def raise_descriptor_limit():
    import resource
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
