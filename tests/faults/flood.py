# SPDX-License-Identifier: MIT
"""Strangers from 10,000 addresses guess passwords, a hundred a second, mostly at one account: its
owner logs in as ever, no thread waits for the strangers, and the memory has a bound."""

import argparse
import asyncio
import os
import random
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import accounts, process
from harness.server import PASSWORD, Server, is_sanitized
from harness.trial import check, patience, run

RATE = 100  # failed logins a second
ADDRESSES = [f"127.{64 + number // 2500}.{number // 100 % 25}.{1 + number % 100}"
             for number in range(10_000)]
STUBBORN = "127.200.0.1"
OWNER, OWNER_ADDRESS = "alice", "127.0.0.1"
OTHERS = [f"user{number}" for number in range(50)]


class Client:
    """A connection from an address of its own."""

    def __init__(self, port, address):
        self.port = port
        self.address = address

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.address, 0))
        return self

    async def __aexit__(self, *unused):
        self.writer.close()

    async def line(self):
        # Not wait_for(): it can swallow that the task is cancelled.
        async with asyncio.timeout(patience(60)):
            return await self.reader.readline()

    async def ask(self, command):
        self.writer.write(command.encode() + b"\r\n")
        return await self.line()

    async def login(self, user, password):
        reply = await self.ask(f"USER {user}")
        return await self.ask(f"PASS {password}") if reply.startswith(b"+OK") else reply


class Flood:
    def __init__(self, port):
        self.port = port
        self.used = set()
        self.sent = self.answered = self.refused = self.waiting = 0
        self.longest = 0.0

    async def guess(self, address, user):
        async with Client(self.port, address) as client:
            if not (await client.line()).startswith(b"+OK"):
                self.refused += 1
                return
            self.used.add(address)
            self.sent += 1
            self.waiting += 1
            begun = time.monotonic()
            reply = await client.login(user, "guess")
            check(reply.startswith(b"-ERR [AUTH]"), f"a guess: {reply!r}")
            self.waiting -= 1
            self.answered += 1
            self.longest = max(self.longest, time.monotonic() - begun)

    async def pour(self, seconds):
        """Guesses begin at their rate, whatever becomes of those before them."""
        tasks = []
        begun = time.monotonic()
        for number in range(int(RATE * seconds)):
            await asyncio.sleep(begun + number / RATE - time.monotonic())
            user = OWNER if number % 2 == 0 else random.choice(OTHERS)
            address = ADDRESSES[number * 7919 % len(ADDRESSES)]
            tasks.append(asyncio.create_task(self.guess(address, user)))
            # One address does not stop when its budget is spent.
            if number % 5 == 0:
                tasks.append(asyncio.create_task(self.guess(STUBBORN, random.choice(OTHERS))))
        return tasks


async def log_in_again_and_again(port, slow):
    """How long the owner of the account waits, from the connection on."""
    while True:
        begun = time.monotonic()
        async with Client(port, OWNER_ADDRESS) as client:
            await client.line()
            reply = await client.login(OWNER, PASSWORD)
            slow.append(time.monotonic() - begun)
            check(reply.startswith(b"+OK"), f"the owner is told {reply!r}")
            await client.ask("QUIT")
        await asyncio.sleep(0.02)


async def watch(server, threads, memory):
    while True:
        threads.append(server.thread_count())
        memory.append(server.pss())
        await asyncio.sleep(0.25)


async def end(*tasks):
    """What is still at work is left; whatever has failed is raised."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


async def under_flood(server, seconds):
    slow, threads, memory = [], [], []
    flood = Flood(server.port)
    tasks = [asyncio.create_task(log_in_again_and_again(server.port, slow)),
             asyncio.create_task(watch(server, threads, memory))]
    await asyncio.sleep(1)
    calm, before = max(slow), memory[-1]
    tasks += await flood.pour(seconds)
    held = flood.waiting
    await end(*tasks)
    return flood, held, calm, slow, max(threads), max(memory) - before


def judge(flood, held, slow, threads, growth):
    check(flood.longest >= 2 and held > RATE, "the guesses are not delayed")
    check(flood.refused > 0, f"{STUBBORN} is not refused")
    # The main thread, the workers, the reserve; a sanitizer brings one of its own.
    check(threads <= 1 + 2 + 8 + is_sanitized(), f"{threads} threads: more than there may be")
    if not is_sanitized():
        check(max(slow) <= patience(1), f"an honest login took {max(slow):.2f} s")
        check(growth <= 4 * 2**20 + held * 8192, f"{growth} octets more for {held} sessions")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    seconds = parser.parse_args().seconds
    process.raise_descriptor_limit()
    server = Server([OWNER], server={"plugins": "pop3;uidl;accounts;sasl;maildir;guard", "workers": 2,
                                      "workers-reserve": 8})
    # Each guess costs what a stored key costs, for an unknown name, too.
    path = os.path.join(server.folder, "accounts")
    accounts.write(path, [accounts.line(OWNER, PASSWORD)])
    server.give(path)
    server.conf["plugin accounts"] = {"file": path}
    server.conf["plugin sasl"] = {}
    server.conf["plugin guard"] = {"allow": ""}
    with server:
        flood, held, calm, slow, threads, growth = asyncio.run(under_flood(server, seconds))
    print(f"{flood.sent} failed logins in {seconds:.0f} s from {len(flood.used)} addresses; "
          f"{held} wait at the end, the longest has waited {flood.longest:.1f} s; "
          f"{flood.refused} connections refused")
    print(f"{len(slow)} honest logins, the slowest {max(slow) * 1000:.0f} ms "
          f"({calm * 1000:.0f} ms before the flood)")
    print(f"{threads} threads at most; {growth / 2**20:.1f} MiB more memory")
    judge(flood, held, slow, threads, growth)


run(main, 240)
