# SPDX-License-Identifier: MIT
"""Real clients, by every mechanism that they know, in clear, behind STLS and under implicit TLS: each
fetches the same mailbox whole. Prints the table."""

import os
import poplib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness import folds
from harness.certificates import Authority
from harness.corpus import head
from harness.kerberos import REALM, Realm
from harness.log import field
from harness.maildir import wire
from harness.scenario import Workplace
from harness.scene import PLUGINS, Scene
from harness.server import PASSWORD
from harness.trial import check, need, patience, run

MECHANISMS = "GSSAPI;CRAM-MD5;DIGEST-MD5;SCRAM-SHA-256;SCRAM-SHA-1;PLAIN;LOGIN"
CLEAR, STARTTLS, IMPLICIT = ("clear", "starttls", "implicit")
MESSAGES = [head("dots") + b".one\n..two\n.\nafter a lone dot\n",
            head("crlf").replace(b"\n", b"\r\n") + b"stored with CRLF\r\n.\r\n",
            head("open") + "Grüße, no line end".encode(),
            head("long") + b"".join(b"%d, and so on\n" % number for number in range(30000)),
            head("empty")]


class Bench:
    """The server, the realm, and a place for the client."""

    def __init__(self, server, realm, place, foreign):
        self.server = server
        self.realm = realm
        self.place = place
        self.mda = place.write("deliver", folds.DELIVER_IN_ORDER, 0o700)
        place.make_folder("out")
        self.trusted = server.path("ca.pem")
        self.foreign = foreign

    def port(self, state):
        return self.server.tls_port if state == IMPLICIT else self.server.port

    def environment(self, way):
        kerberos = self.realm.environment if way == "gssapi" else {}
        return {**os.environ, **kerberos, "HOME": self.place.folder, "FETCHMAILHOME": self.place.folder}

    def execute(self, command, way, **options):
        return subprocess.run(command, capture_output=True, check=False, env=self.environment(way),
                              timeout=patience(60), **options)


FETCHMAIL_CONF = """\
set no bouncemail
set invisible
poll localhost protocol {protocol} auth {auth} service {port} timeout 30
  user "alice" password "secret" is root here
  {tls}
  keep fetchall no rewrite
  mda "{mda} {out}"
"""


def fetchmail(bench, state, way, trusted):
    tls = {CLEAR: "sslproto ''", STARTTLS: "sslproto 'TLS1.2+' sslcertck sslcertfile " + trusted,
           IMPLICIT: "ssl sslcertck sslcertfile " + trusted}[state]
    conf = bench.place.write("fetchmailrc", FETCHMAIL_CONF.format(
        protocol="apop" if way == "apop" else "pop3", auth="password" if way in ("apop", "user") else way,
        port=bench.port(state), tls=tls, mda=bench.mda, out=bench.place.path("out")))
    # Root's pid file would be one for all runs on the machine.
    done = bench.execute([need("fetchmail", "fetchmail"), "-v", "-v", "-f", conf,
                          "--pidfile", bench.place.path("pid")], way)
    return done, [folds.to_lf("", wire(message)) for message in MESSAGES]


MPOP_CONF = """\
account test
host localhost
port {port}
user alice
password {password}
auth {auth}
tls {tls}
tls_starttls {starttls}
{trust}
timeout 30
keep on
uidls_file {uidls}
received_header off
delivery mda {mda} {out}
"""


def mpop(bench, state, way, trusted):
    uidls = bench.place.path("uidls")
    if os.path.exists(uidls):
        os.remove(uidls)
    conf = bench.place.write("mpoprc", MPOP_CONF.format(
        port=bench.port(state), password=PASSWORD, auth=way, tls="off" if state == CLEAR else "on",
        starttls="off" if state == IMPLICIT else "on", uidls=uidls, mda=bench.mda,
        trust="" if state == CLEAR else "tls_trust_file " + trusted, out=bench.place.path("out")))
    done = bench.execute([need("mpop", "mpop"), "-d", "-C", conf, "test"], way)
    return done, [folds.to_lf("", wire(message)) for message in MESSAGES]


def curl(bench, state, way, trusted):
    scheme = "pop3s" if state == IMPLICIT else "pop3"
    user = f"alice@{REALM}:" if way == "gssapi" else "alice:" + PASSWORD
    done = bench.execute([
        need("curl", "curl"), "-v", "--max-time", str(int(patience(50))), "-u", user, "--login-options",
        "AUTH=+APOP" if way == "apop" else "AUTH=" + way.upper(), "--cacert", trusted,
        *(["--ssl-reqd"] if state == STARTTLS else []), "-o", bench.place.path("out", "#1"),
        f"{scheme}://localhost:{bench.port(state)}/[1-{len(MESSAGES)}]"], way)
    return done, [wire(message) for message in MESSAGES]


# With APOP fetchmail asks for no capabilities, and so for no STLS.
SECRET = {fetchmail: "apop cram-md5 gssapi",
          mpop: "apop cram-md5 digest-md5 scram-sha-1 scram-sha-256 gssapi",
          curl: "apop cram-md5 digest-md5 gssapi"}
IN_CLEAR = {fetchmail: "user", mpop: "user plain login", curl: "plain login"}


def ways(client, state):
    if state == CLEAR:
        return SECRET[client].split()
    names = f"{IN_CLEAR[client]} {SECRET[client]}".split()
    return [way for way in names if (client, state, way) != (fetchmail, STARTTLS, "apop")]


def said(done):
    return (done.stdout + done.stderr).decode(errors="replace")


def check_log(bench, mark, state, what):
    """One login, under TLS if that was meant, and an end by QUIT."""
    login = bench.server.log.wait_for("login", after=mark)
    check((field(login, "tls") is not None) == (state != CLEAR), f"{what}: {login}")
    closed = bench.server.log.wait_for("closed", after=mark, reason="quit")
    check(field(closed, "user") == "alice" and field(closed, "retrieved") == str(len(MESSAGES)),
          f"{what}: {closed}")
    check(bench.server.log.find("login-failed", after=mark) == [], f"{what}: a failed login before")


def fetches(bench, client, state, way):
    what = f"{client.__name__} {way} {state}"
    mark = bench.server.log.mark()
    done, expected = client(bench, state, way, bench.trusted)
    check(done.returncode == 0, f"{what}: exit status {done.returncode}\n{said(done)[-4000:]}")
    got = bench.place.take("out")
    check(got == expected, f"{what}: {[len(m) for m in got]} octets, not {[len(m) for m in expected]}")
    command = {"apop": "APOP alice ", "user": "USER alice"}.get(way, "AUTH " + way.upper())
    check(re.search(rf"(>|-->|--->) {command}\b", said(done), re.IGNORECASE) is not None,
          f"{what}: no {command}\n{said(done)[:3000]}")
    check_log(bench, mark, state, what)


def distrusts(bench, client, state):
    """A certificate of another authority: no login, no mail."""
    mark = bench.server.log.mark()
    done, _ = client(bench, state, "cram-md5", bench.foreign)
    check(done.returncode != 0, f"{client.__name__} {state} trusts any certificate")
    check(bench.place.take("out") == [], "mail for who has not checked the certificate")
    check(bench.server.log.find("login", after=mark) == [], "a login")


def table(bench):
    for client in SECRET:
        for state in (CLEAR, STARTTLS, IMPLICIT):
            names = ways(client, state)
            for way in names:
                fetches(bench, client, state, way)
            if state != CLEAR:
                distrusts(bench, client, state)
            print(f"{client.__name__:10} {state:9} {' '.join(names)}")


def s_client(bench):
    """Typed by hand, as far as an administrator would: the dialogue ends by close_notify."""
    octets = ["USER alice", f"PASS {PASSWORD}", "STAT",
              *(f"RETR {number}" for number in range(1, len(MESSAGES) + 1)), "QUIT"]
    bodies = [re.sub(rb"^\.", b"..", wire(message), flags=re.MULTILINE) for message in MESSAGES]
    for version in ("-tls1_2", "-tls1_3"):
        for state in (STARTTLS, IMPLICIT):
            what = f"s_client {version} {state}"
            mark = bench.server.log.mark()
            messages = bench.place.path("messages")
            done = bench.execute(
                [need("openssl", "openssl"), "s_client", "-quiet", version, "-CAfile", bench.trusted,
                 "-verify_return_error", "-verify_hostname", "localhost", "-msg", "-msgfile", messages,
                 "-connect", f"localhost:{bench.port(state)}",
                 *(["-starttls", "pop3"] if state == STARTTLS else [])],
                "user", input="".join(line + "\r\n" for line in octets).encode())
            check(done.returncode == 0, f"{what}: {done.returncode} {done.stderr.decode()}")
            for body in bodies:
                check(body + b".\r\n" in done.stdout, f"{what}: a message is not whole")
            check(done.stdout.count(b"\r\n+OK ") + done.stdout.startswith(b"+OK ") >= len(octets),
                  f"{what}: {done.stdout[:300]!r}")
            with open(messages, encoding="utf-8") as file:
                alerts = [line for line in file if line.startswith("<<<") and "Alert" in line]
            check(len(alerts) == 1 and "close_notify" in alerts[0], f"{what}: the end: {alerts}")
            check_log(bench, mark, state, what)


def with_poplib(bench):
    for state in (STARTTLS, IMPLICIT):
        for way in ("user", "apop"):
            mark = bench.server.log.mark()
            context = bench.server.context()
            if state == IMPLICIT:
                pop = poplib.POP3_SSL("localhost", bench.port(state), timeout=patience(30), context=context)
            else:
                pop = poplib.POP3("localhost", bench.port(state), timeout=patience(30))
                pop.stls(context)
            if way == "apop":
                pop.apop("alice", PASSWORD)
            else:
                pop.user("alice")
                pop.pass_(PASSWORD)
            got = [b"".join(line + b"\r\n" for line in pop.retr(number)[1])
                   for number in range(1, len(MESSAGES) + 1)]
            pop.quit()
            check(got == [wire(message) for message in MESSAGES], f"poplib {way} {state}: the octets differ")
            check_log(bench, mark, state, f"poplib {way} {state}")


def main():
    server = Scene()
    server.conf["server"]["plugins"] = PLUGINS + ";guard"
    foreign = Authority(os.path.join(server.folder, "foreign")).path("ca.pem")
    for number, message in enumerate(MESSAGES):
        server.maildir().deliver(message, base=f"{1700000000 + number}.M{number}P7.mx.example.org")
    with Realm(os.path.join(server.folder, "kdc"), ["alice"]) as realm, Workplace() as place:
        server.conf["plugin sasl"] = {"mechanisms": MECHANISMS, "option.keytab": realm.keytab}
        for path in (realm.folder, realm.keytab):
            server.give(path)
        os.environ["KRB5_CONFIG"] = realm.environment["KRB5_CONFIG"]
        realm.log_in("alice")
        with server:
            bench = Bench(server, realm, place, foreign)
            table(bench)
            s_client(bench)
            with_poplib(bench)


run(main, 120)
