# SPDX-License-Identifier: MIT
"""SIGHUP adds and removes a plugin again and again under the load of many clients: no session is
lost, what CAPA says holds for a session's life, and nothing grows."""

import os
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server, is_sanitized, users_named
from harness.trial import check, patience, run

CLIENTS = int(os.environ.get("RELOAD_CLIENTS", "50"))
ROUNDS = int(os.environ.get("RELOAD_ROUNDS", "60" if is_sanitized() else "1000"))

stop = threading.Event()
failures = []
sessions = [0] * CLIENTS


def session(server, user):
    with Pop(server.port).login(user) as pop:
        has_extra = b"X-EXTRA" in pop.ok_body("CAPA").split(b"\r\n")
        for _ in range(5):
            check(pop.stat()[0] == 3, "STAT")
            pop.ok_body("RETR 2")
            reply = pop.ask("EXTRA")
            check(reply.startswith(b"+OK extra") == has_extra, f"CAPA had X-EXTRA: {has_extra}, EXTRA: {reply!r}")
        now = b"X-EXTRA" in pop.ok_body("CAPA").split(b"\r\n")
        check(now == has_extra, "CAPA has changed in a session")
        pop.quit()


def client(server, number):
    try:
        while not stop.is_set():
            session(server, f"user{number}")
            sessions[number] += 1
    except Exception as failure:  # told by the main thread
        failures.append(f"client {number}: {failure!r}")
        stop.set()


def toggle(server, rounds):
    for number in range(rounds):
        plugins = ["pop3", "uidl", "sasl", "maildir"] + (["extra"] if number % 2 == 0 else [])
        server.conf["server"]["plugins"] = ";".join(plugins)
        # A setting as well, so that a plugin's instance changes now and then.
        server.conf["plugin sasl"]["cache-seconds"] = 60 + number % 3
        check(server.reload(), "a reload is refused")
        if stop.is_set():
            break


def load(server, rounds, quiet_threads):
    """Clients and reloads at once; the server's memory when both are over."""
    stop.clear()
    threads = [threading.Thread(target=client, args=(server, n)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        toggle(server, rounds)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    check(not failures, "; ".join(failures[:3]))
    # Threads that stood in for others, and their buffers, go when they have been idle for 5 s.
    end = time.monotonic() + patience(40)
    while server.thread_count() > quiet_threads and time.monotonic() < end:
        time.sleep(0.1)
    return server.pss(), server.descriptor_count()


def main():
    with Server(users=users_named(CLIENTS)) as server:
        for user in users_named(CLIENTS):
            server.maildir(user).fill(b"Subject: %d\n\nbody\n" % n for n in range(3))
        quiet = server.thread_count()
        memory, descriptors = load(server, max(ROUNDS // 4, 10), quiet)
        memory_after, descriptors_after = load(server, ROUNDS, quiet)
        check(descriptors_after <= descriptors, "descriptors grow")
        check(all(sessions), "some client has not finished a session")
        if not is_sanitized():
            print(f"{ROUNDS} reloads under {CLIENTS} clients, {sum(sessions)} sessions, "
                  f"memory grew by {(memory_after - memory) / 1024:.0f} KiB")
            check(memory_after - memory < 1 << 20, f"memory grows: {memory} to {memory_after}")


run(main, 280)
