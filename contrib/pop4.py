#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A client of POP4: a module and a small shell.

    import pop4
    with pop4.POP4("mail.example.org") as client:
        client.user("alice")
        client.pass_(password)
        for folder in client.lfld():
            print(folder.name, folder.unseen)

One file on purpose: it is copied to where it is needed. Python 3.11, standard library only.
"""

import argparse
import cmd
import getpass
import io
import json
import os
import poplib
import re
import shlex
import ssl
import sys
import unicodedata
from dataclasses import dataclass

FLAGS = ("seen", "answered", "flagged", "draft", "forwarded")
BLOCK = 65536


class Error(poplib.error_proto):
    """What the server refused. code: the response code ("SYS/TEMP"), or None."""

    def __init__(self, line):
        text = line.decode("utf-8", "replace").removeprefix("-ERR").strip()
        match = re.match(r"\[([^\]]*)\] *(.*)", text)
        self.code, self.text = match.groups() if match else (None, text)
        super().__init__(text)


class SyncReset(Error):
    """The token tells nothing any more: ask without one."""


@dataclass(frozen=True)
class Folder:
    name: str
    messages: int
    octets: int
    unseen: int


@dataclass(frozen=True)
class Part:
    path: str
    octets: int
    encoding: str
    type: str
    charset: str | None
    disposition: str | None
    filename: str | None


@dataclass(frozen=True)
class Overview:
    number: int
    uid: str
    octets: int
    flags: frozenset
    date: str
    sender: str
    to: str
    subject: str


@dataclass(frozen=True)
class Change:
    """kind: "+" new, "=" other flags, "-" gone."""
    kind: str
    uid: str
    number: int | None = None
    octets: int | None = None
    flags: frozenset = frozenset()


def quote(name):
    """A folder name as an argument: in NFC, quoted where it must be."""
    name = unicodedata.normalize("NFC", name)
    if re.search(r"[\x00-\x1f\x7f]", name):
        raise ValueError("a folder name has no control characters")
    if name and not re.search(r'[ "\\]', name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_set(messages):
    """"1:3,7" of a string, a number, a range or an iterable of those."""
    if isinstance(messages, str):
        return messages
    if isinstance(messages, int):
        return str(messages)
    if isinstance(messages, range):
        if len(messages) == 0:
            raise ValueError("an empty set of messages")
        if messages.step != 1:
            return ",".join(map(str, messages))
        return f"{messages[0]}:{messages[-1]}"
    items = [as_set(item) for item in messages]
    if not items:
        raise ValueError("an empty set of messages")
    return ",".join(items)


def _change(line):
    kind, *fields = line.split(" ")
    if kind == "-":
        return Change(kind, fields[0])
    if kind == "=":
        return Change(kind, fields[1], int(fields[0]), None, frozenset(fields[2:]))
    if kind == "+":
        return Change(kind, fields[1], int(fields[0]), int(fields[2]), frozenset(fields[3:]))
    raise poplib.error_proto(f"no line of SYNC: {line!r}")


def _or_none(field):
    return None if field == "-" else field


class _Commands:
    """The verbs, for POP3 in clear and under TLS."""

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def _ask(self, *words):
        line = " ".join(words).encode()
        if b"\r" in line or b"\n" in line:
            raise ValueError("a command is one line")
        self.sock.sendall(line + b"\r\n")
        return self._reply()

    def _line(self):
        """As poplib's, without its limit: a header field may be long."""
        line = self.file.readline()
        if not line:
            raise poplib.error_proto("-ERR the connection ended")
        return line.rstrip(b"\r\n") if line.endswith(b"\n") else line

    def _reply(self):
        line = self._line()
        if line.startswith(b"+OK"):
            return line[3:].strip().decode("utf-8", "replace")
        raise (SyncReset if b"[X-SYNC-RESET]" in line else Error)(line)

    def _lines(self):
        while (line := self._line()) != b".":
            yield (line[1:] if line.startswith(b".") else line).decode("utf-8", "replace")

    def _asked(self, *words):
        return self._ask(*words), list(self._lines())

    def groups(self):
        """(revision, names of what the server offers), or None."""
        words = self.capa().get("X-POP4")
        return (int(words[0]), set(words[1:])) if words else None

    def lfld(self, parent=None):
        _, lines = self._asked("LFLD", *([quote(parent)] if parent else []))
        rows = (line.split(" ", 3) for line in lines)
        return [Folder(name, int(messages), int(octets), int(unseen))
                for messages, octets, unseen, name in rows]

    def sfld(self, name):
        """(messages, octets)"""
        count, octets = self._ask("SFLD", quote(name)).split()[:2]
        return int(count), int(octets)

    def cfld(self, name):
        self._ask("CFLD", quote(name))

    def dfld(self, name):
        self._ask("DFLD", quote(name))

    def movf(self, name, parent="/"):
        self._ask("MOVF", quote(name), parent if parent == "/" else quote(parent))

    def renf(self, name, new):
        self._ask("RENF", quote(name), quote(new))

    def move(self, messages, folder):
        return int(self._ask("MOVE", as_set(messages), quote(folder)).split()[0])

    def copy(self, messages, folder):
        return int(self._ask("COPY", as_set(messages), quote(folder)).split()[0])

    def stor(self, folder, message, flags=(), progress=None):
        """message: octets, or a binary file. The unique-id of what was stored."""
        file = io.BytesIO(message) if isinstance(message, bytes) else message
        self._ask("STOR", quote(folder), *flags)
        sent = 0
        for line in file:
            line = line.rstrip(b"\r\n")
            self.sock.sendall((b"." if line.startswith(b".") else b"") + line + b"\r\n")
            sent += len(line) + 2
            if progress:
                progress(sent)
        self.sock.sendall(b".\r\n")
        return self._reply().split()[0]

    def lflg(self, messages=None):
        _, lines = self._asked("LFLG", *([as_set(messages)] if messages is not None else []))
        rows = (line.split(" ") for line in lines)
        return {int(number): frozenset(flags) for number, *flags in rows}

    def sflg(self, messages, add=(), remove=(), exact=None):
        """How many messages have other flags now."""
        if exact is not None:
            words = ["=" + " ".join(exact)]
        else:
            words = ["+" + flag for flag in add] + ["-" + flag for flag in remove]
        return int(self._ask("SFLG", as_set(messages), *words).split()[0])

    def lprt(self, number):
        _, lines = self._asked("LPRT", str(number))
        parts = []
        for line in lines:
            path, octets, encoding, kind, charset, disposition, filename = line.split(" ", 6)
            parts.append(Part(path, int(octets), encoding, kind, _or_none(charset),
                              _or_none(disposition), _or_none(filename)))
        return parts

    def rprt(self, number, path="0", form=None, to=None, progress=None):
        """The octets of a part; with @to, a binary file, they go there. form: "TEXT" or "HEAD"."""
        self._ask("RPRT", str(number), path, *([form] if form else []))
        file = to if to is not None else io.BytesIO()
        got = 0
        while (line := self._line()) != b".":
            line = (line[1:] if line.startswith(b".") else line) + b"\r\n"
            file.write(line)
            got += len(line)
            if progress:
                progress(got)
        return None if to is not None else file.getvalue()

    def over(self, messages, fields=()):
        """Overviews; with fields, {number: values} of those."""
        _, lines = self._asked("OVER", as_set(messages), *fields)
        rows = [line.split("\t") for line in lines]
        if fields:
            return {int(number): values for number, *values in rows}
        return [Overview(int(number), uid, int(octets),
                         frozenset(() if flags == "-" else flags.split(" ")), *rest)
                for number, uid, octets, flags, *rest in rows]

    def sync(self, token=None):
        """(token, changes) of the selected folder."""
        now, lines = self._asked("SYNC", *([token] if token else []))
        return now.split()[0], [_change(line) for line in lines]

    def sync_all(self, token=None):
        """(token, {folder: changes})"""
        now, lines = self._asked("SYNC", "*", *([token] if token else []))
        folders = {}
        for line in lines:
            if line.startswith("@ "):
                changes = folders[line[2:]] = []
            else:
                changes.append(_change(line))
        return now.split()[0], folders

    def wait(self, seconds=None):
        """Whether something has changed."""
        before = self.sock.gettimeout()
        self.sock.settimeout(None if before is None else (seconds or 1740) + before)
        try:
            return self._ask("WAIT", *([str(seconds)] if seconds else [])) == "changed"
        finally:
            self.sock.settimeout(before)


class POP4(_Commands, poplib.POP3):
    pass


class POP4_SSL(_Commands, poplib.POP3_SSL):
    pass


class Mailbox:
    """What a client knows of the selected folder: messages, {uid: (octets, flags)}, kept up to date by
    SYNC. state() and Mailbox(client, state) carry it from one connection to the next."""

    def __init__(self, client, state=None):
        self.client = client
        self.token = state["token"] if state else None
        self.messages = {uid: (octets, frozenset(flags)) for uid, (octets, flags)
                         in (state["messages"] if state else {}).items()}

    def state(self):
        return {"token": self.token, "messages": {uid: [octets, sorted(flags)] for uid, (octets, flags)
                                                  in self.messages.items()}}

    def sync(self):
        """The changes since the last call; after a reset, all that is there."""
        try:
            self.token, changes = self.client.sync(self.token)
        except SyncReset:
            self.token, changes = self.client.sync()
            self.messages.clear()
        for change in changes:
            if change.kind == "-":
                self.messages.pop(change.uid, None)
            else:
                octets = change.octets if change.kind == "+" else self.messages[change.uid][0]
                self.messages[change.uid] = (octets, change.flags)
        return changes


# The shell.

class Paint:
    """Colours on a terminal, unless NO_COLOR is set."""

    def __init__(self, stream=sys.stdout):
        self.on = stream.isatty() and not os.environ.get("NO_COLOR")

    def __call__(self, code, text):
        return f"\x1b[{code}m{text}\x1b[0m" if self.on else text


def printable(text):
    """What came by mail must not steer a terminal."""
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)


class Progress:
    """A bar on a terminal, for what is big."""

    def __init__(self, total, least=1 << 20):
        self.total = total
        self.on = sys.stderr.isatty() and total >= least
        self.shown = -1

    def __call__(self, done):
        percent = min(100, done * 100 // max(1, self.total))
        if self.on and percent != self.shown:
            self.shown = percent
            sys.stderr.write(f"\r[{'#' * (percent // 4):<25}] {percent:3} %")

    def end(self):
        if self.on:
            sys.stderr.write("\n")


def _number(text):
    if not text.isdigit():
        raise ValueError(f"{text!r} is no message number")
    return int(text)


class Shell(cmd.Cmd):
    """Commands of pop4.py; "help" lists them, "quit" ends."""

    prompt = "pop4> "

    def __init__(self, client, state_file=None):
        super().__init__()
        self.client = client
        self.paint = Paint()
        self.state_file = state_file

    def run(self, name, arguments):
        method = getattr(self, "do_" + name, None)
        if method is None:
            raise ValueError(f"there is no command {name!r}; try help")
        return method(arguments)

    def onecmd(self, line):
        try:
            name, *arguments = shlex.split(line) or [""]
            if name in ("", "EOF"):
                return name == "EOF"
            if name == "help":
                return self.do_help(arguments[0] if arguments else "")
            return self.run(name, arguments)
        except (ValueError, TypeError, OSError, poplib.error_proto) as error:
            print(f"pop4.py: {error}", file=sys.stderr)
            return isinstance(error, OSError) and not isinstance(error, FileNotFoundError)

    def do_quit(self, arguments):
        """quit: remove what is marked as deleted, and end"""
        return True

    def do_ls(self, arguments):
        """ls [PARENT]: list folders"""
        for folder in self.client.lfld(*arguments[:1]):
            unseen = self.paint("1;32", f"{folder.unseen:6} new") if folder.unseen else " " * 10
            print(f"{folder.messages:7} {folder.octets:12} {unseen}  {printable(folder.name)}")

    def do_select(self, arguments):
        """select FOLDER: go to a folder"""
        folder, = arguments
        count, octets = self.client.sfld(folder)
        print(f"{count} messages, {octets} octets")

    def do_over(self, arguments):
        """over [SET]: what the messages are about"""
        if not arguments and self.client.stat()[0] == 0:
            return
        for row in self.client.over(arguments[0] if arguments else "1:*"):
            line = f"{row.number:5} {row.octets:9} {row.sender[:28]:28} {row.subject}"
            print(self.paint("0" if "seen" in row.flags else "1", printable(line)))

    def _save(self, number, path, form, to):
        if to is None:
            sys.stdout.write(self.client.rprt(number, path, form).decode("utf-8", "replace")
                             .replace("\r\n", "\n"))
            return
        sizes = {part.path: part.octets for part in self.client.lprt(number)}
        progress = Progress(sizes.get(path, 0))
        with open(to, "wb") as file:
            self.client.rprt(number, path, form, file, progress)
        progress.end()

    def do_get(self, arguments):
        """get N [FILE]: read a message, or save it"""
        number, *to = arguments
        self._save(_number(number), "0", None, to[0] if to else None)

    def do_part(self, arguments):
        """part N [PATH [FILE]] [--text | --head]: list the parts of a message, or read one"""
        forms = [word[2:].upper() for word in arguments if word in ("--text", "--head")]
        number, *rest = [word for word in arguments if word not in ("--text", "--head")]
        if rest:
            self._save(_number(number), rest[0], forms[0] if forms else None,
                       rest[1] if len(rest) > 1 else None)
            return
        for part in self.client.lprt(_number(number)):
            print(printable(f"{part.path:8} {part.octets:9} {part.type:24} {part.filename or ''}"))

    def do_flag(self, arguments):
        """flag SET +FLAG -FLAG ...: set flags (seen answered flagged draft forwarded)"""
        messages, *words = arguments
        print(self.client.sflg(messages, [word[1:] for word in words if word.startswith("+")],
                               [word[1:] for word in words if word.startswith("-")]), "changed")

    def do_move(self, arguments):
        """move SET FOLDER: move messages"""
        messages, folder = arguments
        print(self.client.move(messages, folder), "moved")

    def do_copy(self, arguments):
        """copy SET FOLDER: copy messages"""
        messages, folder = arguments
        print(self.client.copy(messages, folder), "copied")

    def do_mkdir(self, arguments):
        """mkdir FOLDER: create a folder"""
        folder, = arguments
        self.client.cfld(folder)

    def do_rmdir(self, arguments):
        """rmdir FOLDER: delete an empty folder"""
        folder, = arguments
        self.client.dfld(folder)

    def do_rename(self, arguments):
        """rename FOLDER NAME: give a folder another name"""
        folder, name = arguments
        self.client.renf(folder, name)

    def do_mv(self, arguments):
        """mv FOLDER PARENT: move a folder ("/" = to the top)"""
        folder, parent = arguments
        self.client.movf(folder, parent)

    def do_put(self, arguments):
        """put FOLDER FILE [FLAG ...]: store a message"""
        folder, path, *flags = arguments
        with open(path, "rb") as file:
            progress = Progress(os.fstat(file.fileno()).st_size)
            print(self.client.stor(folder, file, flags, progress))
            progress.end()

    def do_sync(self, arguments):
        """sync: what has changed since the last time (--state keeps that in a file)"""
        state = None
        if self.state_file and os.path.exists(self.state_file):
            with open(self.state_file, encoding="utf-8") as file:
                state = json.load(file)
        mailbox = Mailbox(self.client, state)
        for change in mailbox.sync():
            print(change.kind, change.uid, *sorted(change.flags))
        if self.state_file:
            with open(self.state_file + ".tmp", "w", encoding="utf-8") as file:
                json.dump(mailbox.state(), file)
            os.replace(self.state_file + ".tmp", self.state_file)

    def do_wait(self, arguments):
        """wait [SECONDS]: until something changes"""
        print("changed" if self.client.wait(int(arguments[0]) if arguments else None) else "nothing")


def read_password(path):
    if path:
        with open(path, encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    return os.environ.get("POP4_PASSWORD") or getpass.getpass()


def connect(options):
    host, _, port = options.host.partition(":")
    context = ssl.create_default_context(cafile=options.ca_file)
    if options.tls:
        client = POP4_SSL(host, int(port or 995), timeout=60, context=context)
    else:
        client = POP4(host, int(port or 110), timeout=60)
        if options.starttls:
            client.stls(context)
    client.user(options.user)
    client.pass_(read_password(options.password_file))
    return client


def parse(arguments):
    commands = "\n".join("  " + getattr(Shell, name).__doc__ for name in dir(Shell)
                         if name.startswith("do_") and name != "do_help")
    parser = argparse.ArgumentParser(
        prog="pop4.py", description="A client of POP4. Without a command it asks for some.",
        epilog="commands:\n" + commands, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("host", metavar="HOST[:PORT]")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND ...")
    parser.add_argument("--user", default=os.environ.get("USER", ""), help="who logs in; by default $USER")
    parser.add_argument("--password-file", help="its first line is the password; else $POP4_PASSWORD, or asked for")
    parser.add_argument("--folder", help="select that folder first")
    parser.add_argument("--state", help="the file in which sync keeps what it knows")
    parser.add_argument("--tls", action="store_true", help="TLS from the start (port 995)")
    parser.add_argument("--starttls", action="store_true", help="TLS by STLS")
    parser.add_argument("--ca-file", help="certificates of authorities to trust")
    return parser.parse_args(arguments)


def main(arguments=None):
    options = parse(arguments)
    try:
        client = connect(options)
        shell = Shell(client, options.state)
        if options.folder:
            client.sfld(options.folder)
        if options.command:
            shell.run(options.command[0], options.command[1:])
        else:
            shell.cmdloop()
        client.quit()
    except (OSError, poplib.error_proto) as error:
        text = error.args[0] if isinstance(error, poplib.error_proto) else error
        print(f"pop4.py: {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}", file=sys.stderr)
        return 1
    except ValueError as error:
        print(f"pop4.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
