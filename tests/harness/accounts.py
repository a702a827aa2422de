# SPDX-License-Identifier: MIT
"""Lines of an accounts file, made as RFC 5803 and RFC 7677 say, not as the server makes them."""

import base64
import hashlib
import hmac
import os

HASHES = {"SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}
ITERATIONS = 4096


def _encode(octets):
    return base64.b64encode(octets).decode()


def key(password, scheme="SCRAM-SHA-256"):
    name = HASHES[scheme]
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac(name, password.encode(), salt, ITERATIONS)
    stored = hashlib.new(name, hmac.new(salted, b"Client Key", name).digest()).digest()
    server = hmac.new(salted, b"Server Key", name).digest()
    return f"{scheme}${ITERATIONS}:{_encode(salt)}${_encode(stored)}:{_encode(server)}"


def line(login, password, schemes=HASHES, secret=True):
    fields = [login, *(key(password, scheme) for scheme in schemes)]
    if secret:
        fields.append("secret=" + _encode(password.encode()))
    return " ".join(fields) + "\n"


def write(path, lines):
    """As an administrator's tool does: whole, at once, not for others to read."""
    temporary = path + ".new"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.writelines(lines)
    os.rename(temporary, path)
