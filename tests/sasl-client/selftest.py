# SPDX-License-Identifier: MIT
"""sasl-client against a SCRAM that is not libsasl2's and TLS that is not its own: it binds to the
connection that there is, and takes for a login only what the server has proved."""

import base64
import hashlib
import hmac
import os
import socket
import ssl
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import sasl_client
from harness.certificates import Authority
from harness.sasl_client import GOOD, REFUSED, TROUBLE
from harness.trial import check, patience, run

PASSWORD = "pässwörd €"
SALT, ITERATIONS = b"salt of the test", 4096


def encode(octets):
    return base64.b64encode(octets).decode()


class Peer:
    """The server's end of one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.octets = connection.makefile("rb")

    def say(self, text):
        self.connection.sendall(text.encode())

    def hear(self):
        return self.octets.readline().decode().rstrip("\r\n")

    def end(self):
        """Reads what comes; with unread octets the client would be sent away with a reset."""
        self.octets.read()


def server(script, context=None):
    """Greets one client and plays @script(peer); the port, and a function that waits for its end
    and returns what the script has returned."""
    listener = socket.create_server(("127.0.0.1", 0))
    results = []

    def serve():
        with listener, listener.accept()[0] as connection:
            connection.settimeout(patience(20))
            try:
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                peer = Peer(connection)
                peer.say("+OK here\r\n")
                results.append(script(peer))
                peer.end()
            except OSError:
                pass  # the client has left: what it says of it is looked at

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()

    def result():
        thread.join(patience(25))
        return results[0] if results else None

    return listener.getsockname()[1], result


def attempt(script, mechanism="SCRAM-SHA-256", context=None, **options):
    port, result = server(script, context)
    dialogue = sasl_client.run(port, mechanism, "alice", PASSWORD, **options)
    return dialogue, result()


def scram(peer, signature=lambda right: right):
    """RFC 5802, the server's side; says +OK at once where the signature is None. Returns the
    client's GS2 header and what it has bound to."""
    first = base64.b64decode(peer.hear().split()[2]).decode()
    bare = first[first.index("n="):]
    nonce = bare.split("r=")[1] + "ours"
    asked = f"r={nonce},s={encode(SALT)},i={ITERATIONS}"
    peer.say(f"+ {encode(asked.encode())}\r\n")
    final, _, proof = base64.b64decode(peer.hear()).decode().partition(",p=")
    binding, _, same = final.partition(",r=")
    text = f"{bare},{asked},{final}".encode()
    salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), SALT, ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    mask = hmac.digest(hashlib.sha256(client).digest(), text, "sha256")
    if same != nonce or proof != encode(bytes(a ^ b for a, b in zip(client, mask))):
        peer.say("-ERR not what a client of this password says\r\n")
        return None
    own = signature(hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), text, "sha256"))
    if own is not None:
        peer.say(f"+ {encode(b'v=' + encode(own).encode())}\r\n")
        peer.hear()
    peer.say("+OK in\r\n")
    return first[:first.index("n=")], base64.b64decode(binding.removeprefix("c="))


def ends(status, trouble, what, script, **options):
    dialogue, _ = attempt(script, **options)
    check(dialogue.status == status and trouble in dialogue.trouble,
          f"{what}: not {status} {trouble!r}\n{dialogue}")


def lies():
    early = "let in before the exchange has ended"
    ends(GOOD, "", "an honest server", scram)
    ends(TROUBLE, early, "no signature", lambda peer: scram(peer, lambda right: None))
    ends(TROUBLE, "ServerSignature mismatch", "another's signature",
         lambda peer: scram(peer, lambda right: bytes(32)))

    def says(text):
        def script(peer):
            peer.hear()
            peer.say(text)
        return script

    for mechanism in ("SCRAM-SHA-256", "CRAM-MD5", "DIGEST-MD5"):
        ends(TROUBLE, early, f"+OK to {mechanism}", says("+OK in\r\n"), mechanism=mechanism)
    ends(REFUSED, "", "-ERR", says("-ERR no\r\n"))
    ends(TROUBLE, "neither a challenge nor a reply", "nonsense", says("* BAD\r\n"))
    ends(TROUBLE, "not base64", "no base64", says("+ !\r\n"), mechanism="CRAM-MD5")
    ends(TROUBLE, "octets in clear", "injected", says("+OK begin\r\n+OK in\r\n"), tls="starttls")

    def leaves(peer):
        peer.hear()
        peer.connection.shutdown(socket.SHUT_RDWR)

    ends(TROUBLE, "the server has closed", "no reply", leaves)


def claims():
    """What a client says of channel binding in clear."""
    for options, header in (({}, "n,,"), ({"claim_no_plus": True}, "y,,"),
                            ({"act_for": "bøb"}, "n,a=bøb,")):
        dialogue, bound = attempt(scram, **options)
        check(dialogue.status == GOOD and bound == (header, header.encode()),
              f"{options}: {bound}, not {header!r}\n{dialogue}")


def binds(authority, kind, expected, **options):
    """@expected(connection): by Python, not by the client's own code."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.path("server.pem"), authority.path("server.key"))

    def script(peer):
        want = f"p={kind},,".encode() + expected(peer.connection)
        bound = scram(peer)
        return bound is not None and bound[1] == want

    dialogue, same = attempt(script, "SCRAM-SHA-256-PLUS", context, tls="implicit", binding=kind,
                             ca=authority.path("ca.pem"), **options)
    check(dialogue.status == GOOD, f"{kind} {options}\n{dialogue}")
    return same


def bindings():
    with tempfile.TemporaryDirectory(prefix="sasl-client-") as folder:
        authority = Authority(folder)
        with open(authority.issue("server")[0], encoding="ascii") as file:
            certificate = hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).digest()
        kind = "tls-server-end-point"
        check(binds(authority, kind, lambda connection: certificate), kind)
        check(not binds(authority, kind, lambda connection: certificate, corrupt_binding=True),
              "a binding that was to be corrupt is right")
        check(binds(authority, "tls-unique", lambda connection: connection.get_channel_binding(),
                    old_tls=True), "tls-unique")


def lengths():
    """The first message goes into the line of AUTH while that has 255 octets (RFC 5034)."""
    def script(peer):
        line = peer.hear()
        if line == "AUTH PLAIN":
            peer.say("+ \r\n")
            line += "\r\n" + peer.hear()
        peer.say("-ERR no\r\n")
        return line

    forms = {}
    for length in range(170, 180):
        port, result = server(script)
        sasl_client.run(port, "PLAIN", "alice", "p" * length)
        line = result()
        forms["\r\n" in line] = forms.get("\r\n" in line, []) + [len(line) + 2]
    # Base64 grows by four octets; in two lines it has one octet more than it would have in one.
    check(max(forms[False]) == 253 and min(forms[True]) == 258, f"{forms}")


def main():
    for part in (lies, claims, bindings, lengths):
        part()


run(main, 60)
