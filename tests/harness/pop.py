# SPDX-License-Identifier: MIT
"""A bare POP client: it sends what it is told and shows every octet that comes."""

import socket

from .trial import check, patience


class Pop:
    """@tls: an ssl.SSLContext, for implicit TLS; @source: the client's address."""

    def __init__(self, port, timeout=20, greet=True, receive_buffer=None, address="127.0.0.1",
                 tls=None, server_name="localhost", source=None):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(patience(timeout))
        if source is not None:
            self.socket.bind((source, 0))
        self.socket.connect((address, port))
        self.file = self.socket.makefile("rb")
        if tls is not None:
            self.start_tls(tls, server_name)
        self.greeting = self.ok_line() if greet else None

    def start_tls(self, context, server_name="localhost", session=None):
        """The client's side of a handshake."""
        self.file.close()
        self.socket = context.wrap_socket(self.socket, server_hostname=server_name, session=session)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, octets):
        self.socket.sendall(octets)

    def line(self):
        """A line without its CRLF; None at the end of the connection."""
        line = self.file.readline()
        if not line:
            return None
        check(line.endswith(b"\r\n"), f"a line without CRLF: {line[:80]!r}")
        return line[:-2]

    def ok_line(self):
        line = self.line()
        check(line is not None and line.startswith(b"+OK"), f"expected +OK, got {line!r}")
        return line

    def ask(self, command):
        """The first line of the reply, whatever it says."""
        self.send(command.encode() + b"\r\n")
        return self.line()

    def ok(self, command):
        reply = self.ask(command)
        check(reply is not None and reply.startswith(b"+OK"), f"{command}: {reply!r}")
        return reply

    def refused(self, command):
        reply = self.ask(command)
        check(reply is not None and reply.startswith(b"-ERR"), f"{command}: {reply!r}")
        return reply

    def body(self):
        """What follows a first line, to its lone dot: octets without the stuffed dots."""
        lines = []
        while True:
            line = self.file.readline()
            check(line.endswith(b"\r\n"), f"a line without CRLF: {line[:80]!r}")
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    def ok_body(self, command):
        self.ok(command)
        return self.body()

    def login(self, user, password="secret"):
        self.ok(f"USER {user}")
        self.ok(f"PASS {password}")
        return self

    def numbers(self, command):
        """LIST or UIDL as a dictionary."""
        rows = (row.split(b" ", 1) for row in self.ok_body(command).splitlines())
        return {int(number): value.decode() for number, value in rows}

    def stat(self):
        count, octets = self.ok("STAT").split()[1:3]
        return int(count), int(octets)

    def at_end(self):
        """Whether the server has closed, by FIN or by RST."""
        try:
            return self.file.read(1) == b""
        except ConnectionError:
            return True

    def quit(self):
        reply = self.ok("QUIT")
        check(self.at_end(), "the connection is open after QUIT")
        self.close()
        return reply
