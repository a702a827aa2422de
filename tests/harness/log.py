# SPDX-License-Identifier: MIT
"""The log of a running server, read as it is written."""

import threading

from .trial import Failure, patience


def field(line, key):
    """The value of key=value in a log line, without quotes; None when it is not there."""
    _, found, rest = (" " + line).partition(f" {key}=")
    if not found:
        return None
    if rest.startswith('"'):
        return rest[1:].partition('"')[0]
    return rest.partition(" ")[0]


class Log:
    def __init__(self, stream):
        self.lines = []
        self._ended = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        with stream:
            for line in stream:
                with self._news:
                    self.lines.append(line.decode("utf-8", "backslashreplace").rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def join(self):
        """After the server's end: all it has written has been read."""
        self._thread.join(patience(10))

    def mark(self):
        """Where the log ends now, for the after= of wait_for()."""
        return len(self.lines)

    def find(self, event, after=0, **fields):
        """The lines of an event that have these fields."""
        return [line for line in self.lines[after:]
                if field(line, "event") == event
                and all(field(line, key) == str(value) for key, value in fields.items())]

    def wait_for(self, *events, timeout=20, after=0, count=1, **fields):
        """The count-th line, from the mark after on, of one of the events with these fields."""
        seen, place = 0, after

        def is_there():
            nonlocal seen, place
            while place < len(self.lines) and seen < count:
                line = self.lines[place]
                place += 1
                seen += field(line, "event") in events and all(
                    field(line, key) == str(value) for key, value in fields.items())
            return seen >= count or self._ended

        with self._news:
            self._news.wait_for(is_there, patience(timeout))
            if seen >= count:
                return self.lines[place - 1]
        raise Failure(f"waited for {count} event={' or '.join(events)} {fields or ''}, got {seen}; "
                      "the log's end:\n" + "\n".join(self.lines[-15:]))
