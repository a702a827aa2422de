# SPDX-License-Identifier: MIT
"""Every mechanism, in clear, behind STLS and under implicit TLS: what is offered, who is let in, and
with which words the others are not. Prints the table."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import accounts, sasl_client
from harness.certificates import Authority
from harness.kerberos import Realm
from harness.log import field
from harness.pop import Pop
from harness.sasl_client import GOOD, REFUSED
from harness.server import PASSWORD, Server
from harness.trial import check, run

PLAIN = ("PLAIN", "LOGIN")
SCRAM = ("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512")
BOUND = tuple(name + "-PLUS" for name in SCRAM)
DIGESTS = ("CRAM-MD5", "DIGEST-MD5", "NTLM")
ALL = (*PLAIN, *DIGESTS, *SCRAM, *BOUND, "GSSAPI", "EXTERNAL")
STATES = ("clear", "starttls", "implicit")
FAILED = "-ERR [AUTH] Authentication failed"
UTF8_PASSWORD = "pässwörd €"


class Scene:
    """A server with two listeners, an authority and a realm of Kerberos."""

    def __init__(self, server, authority, realm, implicit_port):
        self.server = server
        self.authority = authority
        self.realm = realm
        self.implicit_port = implicit_port

    def attempt(self, state, mechanism, user="alice", password=PASSWORD, **options):
        if state != "clear":
            options.setdefault("ca", self.authority.path("ca.pem"))
            options["tls"] = state
        if mechanism.endswith("-PLUS"):
            options.setdefault("binding", "tls-exporter")
        if mechanism == "EXTERNAL":
            options.setdefault("certificate", self.authority.path("alice.pem"))
            options.setdefault("key", self.authority.path("alice.key"))
        if mechanism == "GSSAPI":
            options["environment"] = self.realm.environment
        port = self.implicit_port if state == "implicit" else self.server.port
        return sasl_client.run(port, mechanism, user, password, **options)


def is_possible(mechanism, state):
    return state != "clear" or mechanism not in (*PLAIN, *BOUND, "EXTERNAL")


def expect(dialogue, status, reply, what):
    check(dialogue.status == status and dialogue.reply.startswith(reply),
          f"{what}: expected {reply!r}\n{dialogue}")


def steps(dialogue):
    """The dialogue without what differs from one attempt to the next."""
    return [line.split(" ")[0 if line.startswith("C") else 1] for line in dialogue.lines]


def good(scene, state, mechanism):
    if mechanism == "GSSAPI":
        scene.realm.log_in("alice")
    dialogue = scene.attempt(state, mechanism, command="STAT")
    expect(dialogue, GOOD, "+OK 1 ", f"{mechanism} {state}")
    login = scene.server.log.wait_for("login")
    check(field(login, "user") == "alice", login)
    scene.server.log.wait_for("closed")
    if mechanism not in ("GSSAPI", "EXTERNAL", "CRAM-MD5", "NTLM"):
        # The second try, in the form where the first message is asked for.
        dialogue = scene.attempt(state, mechanism, no_initial_response=True, command="STAT")
        expect(dialogue, GOOD, "+OK 1 ", f"{mechanism} {state}, asked for the first message")
        scene.server.log.wait_for("closed")


def bad(scene, state, mechanism):
    """A wrong password and an unknown name: as many steps, the same words."""
    if mechanism == "GSSAPI":
        # A ticket is as good as a password; its user has no account here.
        scene.realm.log_in("stranger")
        expect(scene.attempt(state, mechanism, user="stranger"), REFUSED, FAILED, "a stranger's ticket")
    elif mechanism == "EXTERNAL":
        expect(scene.attempt(state, mechanism, act_for="bob"), REFUSED, FAILED, "another's name")
        expect(scene.attempt(state, mechanism, user="nobody", certificate=scene.authority.path("nobody.pem"),
                             key=scene.authority.path("nobody.key")),
               REFUSED, FAILED, "a certificate without an account")
    else:
        wrong = scene.attempt(state, mechanism, password="wrong")
        unknown = scene.attempt(state, mechanism, user="nobody")
        expect(wrong, REFUSED, FAILED, f"{mechanism} {state}, wrong")
        expect(unknown, REFUSED, FAILED, f"{mechanism} {state}, unknown")
        check(steps(wrong) == steps(unknown), f"{mechanism}: not the same steps\n{wrong}\n{unknown}")


def odd(scene, state, mechanism):
    """Cancelled, no base64, too long, closed in the middle: refused, and the next is served."""
    if mechanism != "EXTERNAL":
        # Mechanisms in which the server speaks first have no initial response to keep back.
        first = {} if mechanism in ("LOGIN", *DIGESTS, "GSSAPI") else {"no_initial_response": True}
        number = 2 if mechanism in (*SCRAM, *BOUND) else 1
        expect(scene.attempt(state, mechanism, cancel=number, **first), REFUSED,
               "-ERR Authentication cancelled", f"{mechanism} {state}")
    if state != "clear":
        return  # the rest is about lines, which are the same under TLS
    with Pop(scene.server.port) as pop:
        pop.send(f"AUTH {mechanism}\r\n".encode())
        check(pop.line().startswith(b"+ "), f"{mechanism} does not ask")
        pop.send(b"!\r\n")
        check(pop.line() == b"-ERR This is not base64", f"{mechanism}: no base64")
        pop.send(f"AUTH {mechanism}\r\n".encode())
        pop.line()
        pop.send(b"A" * 70000 + b"\r\n")
        check(pop.line() == b"-ERR Line too long", f"{mechanism}: too long")
        pop.send(f"AUTH {mechanism}\r\n".encode())
        check(pop.line().startswith(b"+ "), f"{mechanism} does not ask again")
    # left in the middle of it


def impossible(scene, state, mechanism):
    with Pop(scene.server.port) as pop:
        check(f" {mechanism} " not in offered(pop), f"{mechanism} is offered in {state}")
        reply = pop.refused(f"AUTH {mechanism}")
        check(reply.startswith(b"-ERR [SYS/PERM] "), f"{mechanism}: {reply!r}")
        check(b"TLS" in reply, f"{mechanism}: not told why: {reply!r}")


def offered(pop):
    lines = pop.ok_body("CAPA").decode().splitlines()
    return next(line for line in lines if line.startswith("SASL")) + " "


def table(scene):
    print(f"{'':22}" + "".join(f"{state:>12}" for state in STATES))
    for mechanism in ALL:
        cells = []
        for state in STATES:
            if is_possible(mechanism, state):
                good(scene, state, mechanism)
                bad(scene, state, mechanism)
                odd(scene, state, mechanism)
                cells.append("logs in")
            else:
                impossible(scene, state, mechanism)
                cells.append("refused")
        print(f"{mechanism:22}" + "".join(f"{cell:>12}" for cell in cells))


def bindings(scene):
    """The types that a connection can be bound by; another connection's octets, a downgrade."""
    for options in ({"binding": "tls-exporter"}, {"binding": "tls-server-end-point"},
                    {"binding": "tls-exporter", "old_tls": True},
                    {"binding": "tls-unique", "old_tls": True}):
        expect(scene.attempt("implicit", "SCRAM-SHA-256-PLUS", command="STAT", **options), GOOD,
               "+OK 1 ", f"binding by {options}")
    mismatch = "-ERR The channel binding does not fit the mechanism"
    expect(scene.attempt("implicit", "SCRAM-SHA-256-PLUS", corrupt_binding=True), REFUSED, "-ERR ",
           "bound to another connection")
    expect(scene.attempt("implicit", "SCRAM-SHA-256-PLUS", binding="tls-unique"), REFUSED,
           "-ERR This channel binding is not possible here", "tls-unique under TLS 1.3")
    expect(scene.attempt("implicit", "SCRAM-SHA-256-PLUS", first_message="bixuPWFsaWNlLHI9YWJj"),
           REFUSED, mismatch, "-PLUS with a header without a binding (n,,)")
    # y,,n=alice,r=abc: "I could, but you did not offer it": somebody has changed the list.
    expect(scene.attempt("implicit", "SCRAM-SHA-256", first_message="eSwsbj1hbGljZSxyPWFiYw=="),
           REFUSED, mismatch, "a downgrade")
    expect(scene.attempt("implicit", "SCRAM-SHA-256", claim_no_plus=True), REFUSED, mismatch,
           "a downgrade, as libsasl2 says it")
    expect(scene.attempt("clear", "SCRAM-SHA-256", claim_no_plus=True, command="STAT"), GOOD, "+OK 1 ",
           "a client that could bind, where there is nothing to bind to")
    # p=tls-exporter,,n=alice,r=abc with the name of the other mechanism
    expect(scene.attempt("implicit", "SCRAM-SHA-256",
                         first_message="cD10bHMtZXhwb3J0ZXIsLG49YWxpY2Uscj1hYmM="),
           REFUSED, mismatch, "a binding without -PLUS")


def masters(scene):
    """Who is one acts for others that exist; the log has both names."""
    for mechanism in ("PLAIN", "SCRAM-SHA-256", "DIGEST-MD5"):
        mark = scene.server.log.mark()
        expect(scene.attempt("implicit", mechanism, user="root", act_for="alice", command="STAT"), GOOD,
               "+OK 1 ", f"{mechanism} for alice")
        login = scene.server.log.wait_for("login", after=mark)
        check((field(login, "user"), field(login, "master")) == ("alice", "root"), login)
        # The last two are one name to libsasl2, which adds the realm to what has none.
        for user, other in (("alice", "uta"), ("root", "nobody"), ("alice", "alice@localhost")):
            expect(scene.attempt("implicit", mechanism, user=user, act_for=other), REFUSED, FAILED,
                   f"{mechanism}: {user} for {other}")


def others(scene):
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", *SCRAM):
        expect(scene.attempt("implicit", mechanism, "uta", UTF8_PASSWORD), GOOD, "+OK ",
               f"{mechanism} with a password in UTF-8")
        # An account without a secret and with one key: the rest is refused like a wrong password.
        status = GOOD if mechanism in ("PLAIN", "LOGIN", "SCRAM-SHA-256") else REFUSED
        expect(scene.attempt("implicit", mechanism, "bob"), status,
               "+OK " if status == GOOD else FAILED, f"{mechanism} for an account with one key")
    with Pop(scene.server.port) as pop:
        pop.refused("AUTH ANONYMOUS Zm9v")
        reply = pop.ask("USER alice")
        check(reply == b"-ERR [SYS/PERM] Passwords are not taken in clear: begin TLS first", f"{reply}")


def main():
    server = Server(users=())
    authority = Authority(os.path.join(server.folder, "ca"))
    authority.issue("server")
    authority.issue("alice", "Alice", "email:alice@example.org")
    authority.issue("nobody", "Nobody", "email:nobody@example.org")
    accounts.write(os.path.join(server.folder, "accounts"), [
        accounts.line("alice", PASSWORD), accounts.line("uta", UTF8_PASSWORD),
        accounts.line("root", PASSWORD), accounts.line("alice@localhost", "another"),
        accounts.line("bob", PASSWORD, ["SCRAM-SHA-256"], secret=False)])
    server.conf["server"].update({"plugins": "pop3;uidl;stls;accounts;sasl;maildir",
                                  "hostname": "localhost"})  # as the service is known to the KDC
    server.conf["listener pop3"].update({"tls": "starttls", "allow-plaintext": "no"})
    server.conf["listener pop3s"] = {"port": 0, "tls": "implicit"}
    server.conf["tls"] = {"certificate": authority.path("server.pem"),
                          "key": authority.path("server.key"), "verify-client": "optional",
                          "client-ca": authority.path("ca.pem")}
    server.conf["plugin accounts"] = {"file": os.path.join(server.folder, "accounts")}
    server.conf["plugin maildir"]["create"] = "yes"
    with Realm(os.path.join(server.folder, "kdc"), ["alice", "stranger"]) as realm:
        server.conf["plugin sasl"] = {
            "mechanisms": ";".join(ALL), "masters": "root", "certificate-login": "email",
            "certificate.alice@example.org": "alice", "option.keytab": realm.keytab}
        for path in (os.path.join(server.folder, "accounts"), realm.folder, realm.keytab):
            server.give(path)
        server.add_maildir("alice").deliver(b"Subject: a\n\nb\n")
        os.environ["KRB5_CONFIG"] = realm.environment["KRB5_CONFIG"]
        with server:
            port = int(field(server.log.wait_for("listening", listener="pop3s"), "port"))
            scene = Scene(server, authority, realm, port)
            table(scene)
            bindings(scene)
            masters(scene)
            others(scene)


run(main, 150)
