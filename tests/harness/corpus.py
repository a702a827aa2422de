# SPDX-License-Identifier: MIT
"""Odd messages, the same ones each time: name and octets as they lie in a Maildir."""

import base64
import os
import random
import sysconfig

from .trial import check

PLAIN_HEAD = b"From: a@example.org\nTo: b@example.org\nSubject: %s\nMessage-ID: <%s@example.org>\n\n"


def head(name):
    return PLAIN_HEAD % (name.encode(), name.encode())


def _text(name, body):
    return name, head(name) + body


def _dots():
    yield _text("dots-one", b".one\nafter\n")
    yield _text("dots-two", b"before\n..two\n")
    yield _text("dots-three", b"...three\n....four\n")
    yield _text("dots-lone", b"before\n.\nafter a lone dot\n")
    yield _text("dots-lone-last", b"ends in a lone dot\n.\n")
    yield _text("dots-lone-last-open", b"ends in a dot without a line end\n.")
    yield _text("dots-lone-crlf", b"before\r\n.\r\nafter\r\n")
    yield _text("dots-behind-cr", b"a lone CR is no line end\r.\r.\nso these are no dot lines\n")
    yield _text("dots-many", b"." * 3000 + b"\n" + b".\n" * 500)
    yield "dots-first-octet", b".dot is the first octet: of the file\nSubject: dot\n\nbody\n"
    yield _text("dots-at-blocks", b"".join(b"." * (n % 7) + b"x" * (n % 61) + b"\n"
                                           for n in range(20000)))


def _line_ends():
    yield _text("end-open", b"no final line end")
    yield _text("end-cr", b"a CR is the last octet\r")
    yield _text("end-many", b"many\n\n\n\n\n")
    yield "end-crlf", head("end-crlf").replace(b"\n", b"\r\n") + b"stored with CRLF\r\nall of it\r\n"
    yield "end-crlf-open", head("end-crlf-open").replace(b"\n", b"\r\n") + b"CRLF and open"
    yield _text("end-mixed", b"lf\ncrlf\r\nlf\n\r\n\ncrlf\r\n")
    yield _text("end-lone-cr", b"lone\rCR in\rthe middle\nand CR CR LF\r\r\nnext\n")
    yield _text("end-cr-first", b"\rCR begins a line\n\r\rtwo of them\n")
    yield "end-only-crlf", b"\r\n" * 40
    yield "end-only-lf", b"\n"


def _shapes():
    yield _text("body-empty", b"")
    yield "head-only", b"From: a@example.org\nSubject: header only, no empty line\n"
    yield "head-open", b"Subject: header only, and no line end"
    yield "file-empty", b""
    yield "file-one-octet", b"x"
    yield "from-line", b"From a@example.org Thu Jan  1 00:00:00 2026\n" + head("from-line") + b"mbox\n"
    yield _text("from-in-body", b"From here to there\n>From there to here\n")
    yield _text("spaces", b"trailing   \n   leading\n \n\t\n  \t \ntabs\there\tand\t\n")
    yield _text("control", bytes(range(1, 9)) + b"\x0b\x0c" + bytes(range(14, 32)) + b"\x7f\n")
    yield "head-folded", (b"Subject: folded\n over\n\tlines\nX-Empty:\nX-Empty: \nx-Case: Kept\n"
                          b"X-Space : before the colon\nMessage-ID: <head-folded@example.org>\n\nbody\n")
    yield "head-long", b"X-Long: " + b"word " * 1800 + b"\n" + head("head-long") + b"body\n"
    yield "head-many", b"".join(b"X-%d: %d\n" % (n, n) for n in range(500)) + head("head-many") + b"x\n"
    yield "head-broken", b"no colon here\nSubject: broken\n\nbody\n"


def _charsets():
    yield _text("utf-8", "Grüße, 日本語, Ελληνικά, 🙂\n".encode() * 50)
    yield _text("latin-1", "Grüße aus Köln, façade\n".encode("latin-1") * 50)
    yield _text("eight-bit", bytes(range(128, 256)) * 8 + b"\n")
    yield "head-utf-8", ("From: Jörg <j@example.org>\nSubject: Grüße 日本\n"
                         "Message-ID: <head-utf-8@example.org>\n\nbody\n").encode()
    yield "head-latin-1", ("From: J\xf6rg <j@example.org>\nSubject: Gr\xfc\xdfe\n"
                           "Message-ID: <head-latin-1@example.org>\n\nbody\n").encode("latin-1")
    yield "head-encoded", (b"Subject: =?UTF-8?B?R3LDvMOfZQ==?= =?iso-8859-1?q?K=F6ln?=\n"
                           b"Message-ID: <head-encoded@example.org>\n\nbody\n")


def _nested(depth):
    if depth == 0:
        return b"Content-Type: text/plain\n\n.innermost\n"
    mark = b"=_%d" % depth
    return (b'Content-Type: multipart/mixed; boundary="' + mark + b'"\n\npreamble\n--' + mark + b"\n"
            + _nested(depth - 1) + b"\n--" + mark + b"--\nepilogue\n")


def _mime():
    chance = random.Random(4)
    attachment = base64.encodebytes(chance.randbytes(200_000))
    yield "mime-deep", b"MIME-Version: 1.0\nMessage-ID: <mime-deep@example.org>\n" + _nested(40)
    yield "mime-attachment", (b"MIME-Version: 1.0\nSubject: attachment\nContent-Type: image/png\n"
                              b"Content-Transfer-Encoding: base64\n\n" + attachment)
    yield "mime-message", (b"MIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
                           + head("mime-inner") + b"inner\n.\n")


def _sizes():
    chance = random.Random(5)
    line = b"0123456789abcdefghijklmnopqrstuvwxyz.ABCDEFGHIJKLMNOPQRSTUVWXYZ "
    yield _text("size-line-998", b"y" * 998 + b"\n")
    yield _text("size-tiny-lines", b"".join(b"%d\n" % (n % 10) for n in range(5000)))
    yield _text("size-10-mb", b"".join(line[chance.randrange(60):] + b"\n" for _ in range(300_000)))
    yield _text("size-block", b"z" * 65_536 + b"\n")
    yield _text("size-long-line", b"q" * 100_000 + b"\nand the next\n")
    yield _text("nul", b"a NUL \0 in the body\n\0\nand after it\n")


def _from_python():
    """The messages that Python's own e-mail package is tested with."""
    folder = os.path.join(sysconfig.get_path("stdlib"), "test", "test_email", "data")
    check(os.path.isdir(folder), f"{folder} is missing: install libpython3-testsuite")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".txt"):
            with open(os.path.join(folder, name), "rb") as file:
                yield "python-" + name[:-4], file.read()


def messages():
    """All as a dictionary, oddities of every kind between ordinary mail."""
    odd = [*_dots(), *_line_ends(), *_shapes(), *_charsets(), *_mime(), *_sizes()]
    result = dict(odd)
    check(len(result) == len(odd), "two messages of one name")
    result.update(_from_python())
    check(len(set(result.values())) == len(result), "two messages are the same")
    return result
