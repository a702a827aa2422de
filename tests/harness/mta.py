# SPDX-License-Identifier: MIT
"""A mail server that misbehaves on demand: at each step of SMTP it can answer, wait or leave."""

import asyncio
import base64
import re
import threading

STEPS = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "content", "dot")


class Transaction:
    """What one client has said between MAIL and the end of its message."""

    def __init__(self, sender):
        self.sender = sender
        self.recipients = []
        self.octets = None  # the message, once its dot has come
        self.accepted = False


class Mta:
    """In a with statement. @faults: a step to "hang", "close" or a reply; or a function of the
    command that gives one of those or None. @delay: seconds before the reply to the dot. @login:
    (user, password), asked for after EHLO. @context: an ssl.SSLContext for STARTTLS."""

    def __init__(self, faults=None, keywords=("8BITMIME", "SMTPUTF8", "SIZE 10000000"), delay=0, login=None,
                 context=None):
        self.faults = faults or {}
        self.keywords = keywords
        self.delay = delay
        self.login = login
        self.context = context
        self.transactions = []
        self.connections = 0
        self.port = None
        self.changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._stop = None

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *unused):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def delivered(self):
        return [one for one in self.transactions if one.accepted]

    def _run(self):
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=1 << 26, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _talk(self, reader, writer):
        self.connections += 1
        try:
            await Dialogue(self, reader, writer).run()
        except (Gone, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


class Gone(Exception):
    """The dialogue is over."""


class Dialogue:
    def __init__(self, mta, reader, writer):
        self.mta = mta
        self.reader = reader
        self.writer = writer
        self.transaction = None
        self.secure = False

    async def say(self, text):
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def misbehave(self, step, command=""):
        """True when a fault has answered."""
        fault = self.mta.faults.get(step)
        if callable(fault):
            fault = fault(command)
        if fault is None:
            return False
        if fault == "hang":
            await self.reader.read(-1)  # until the client leaves
            raise Gone
        if fault == "close":
            raise Gone
        await self.say(fault)
        if fault.startswith("421"):
            raise Gone
        return True

    async def run(self):
        if not await self.misbehave("connect"):
            await self.say("220 mta.example.org ESMTP")
        while True:
            command = (await self.reader.readuntil(b"\r\n")).decode()[:-2]
            verb = re.match("[A-Za-z]*", command)[0].lower()
            handler = getattr(self, "do_" + verb, None)
            if handler is None:
                await self.say("500 5.5.1 what?")
            else:
                await handler(command)

    async def do_ehlo(self, command):
        if await self.misbehave("ehlo", command):
            return
        words = list(self.mta.keywords)
        if self.mta.context is not None and not self.secure:
            words.append("STARTTLS")
        if self.mta.login is not None:
            words.append("AUTH PLAIN")
        lines = ["mta.example.org", *words]
        for line in lines[:-1]:
            await self.say("250-" + line)
        await self.say("250 " + lines[-1])

    async def do_helo(self, command):
        await self.say("502 5.5.1 EHLO, please")

    async def do_starttls(self, command):
        if await self.misbehave("starttls", command):
            return
        await self.say("220 2.0.0 go ahead")
        await self.writer.start_tls(self.mta.context)
        self.secure = True

    async def do_auth(self, command):
        if await self.misbehave("auth", command):
            return
        words = command.split()
        if len(words) < 3:
            await self.say("334 ")
            words.append((await self.reader.readuntil(b"\r\n")).decode()[:-2])
        good = base64.b64decode(words[2]).decode().split("\0")[1:] == list(self.mta.login)
        await self.say("235 2.7.0 welcome" if good else "535 5.7.8 no")

    async def do_mail(self, command):
        if await self.misbehave("mail", command):
            return
        self.transaction = Transaction(re.search("<(.*?)>", command)[1])
        self.mta.transactions.append(self.transaction)
        await self.say("250 2.1.0 Ok")

    async def do_rcpt(self, command):
        if await self.misbehave("rcpt", command):
            return
        self.transaction.recipients.append(re.search("<(.*)>", command)[1])
        await self.say("250 2.1.5 Ok")

    async def do_data(self, command):
        if await self.misbehave("data", command):
            return
        await self.say("354 go on")
        if await self.misbehave("content"):
            return
        octets = await self.reader.readuntil(b"\r\n.\r\n")
        self.transaction.octets = re.sub(rb"(?m)^\.", b"", octets[:-3])
        with self.mta.changed:
            self.mta.changed.notify_all()
        await asyncio.sleep(self.mta.delay)
        if await self.misbehave("dot"):
            return
        self.transaction.accepted = True
        await self.say("250 2.0.0 Ok: queued as ABC123")

    async def do_rset(self, command):
        await self.say("250 2.0.0 Ok")

    async def do_quit(self, command):
        await self.say("221 2.0.0 bye")
        raise Gone
