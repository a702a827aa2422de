# SPDX-License-Identifier: MIT
"""fetchmail and getmail take the mail of a whole host by SDPS, each message to the right user."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.scenario import NOBODY, Workplace
from harness.server import Server
from harness.trial import check, need, patience, run

FETCHMAIL = need("fetchmail", "fetchmail")
GETMAIL = need("getmail", "getmail6")

DOMAIN = "punt.demon.example"
PASSWORD = "one or two"


def message(name, *header):
    return "".join(line + "\n" for line in (*header, "From: someone@sender.example", f"Subject: {name}")
                   ).encode() + f"\n{name}\n".encode()


# name: who gets it, who has sent it, the message
MAIL = {
    "plain": ("fred", "a@sender.example", message(
        "plain", "Return-Path: <a@sender.example>", f"Delivered-To: fred@{DOMAIN}")),
    "another": ("sue", "b@sender.example", message(
        "another", "Return-Path: <b@sender.example>", f"Delivered-To: sue@{DOMAIN}", f"To: fred@{DOMAIN}")),
    "null": ("fred", "", message(
        "null", "Return-Path: <>", f"Delivered-To: fred@{DOMAIN}")),
    "forwarded": ("sue", "c@sender.example", message(
        "forwarded", "Return-Path: <c@sender.example>", f"Delivered-To: sue@{DOMAIN}",
        f"Delivered-To: fred@{DOMAIN}")),
    "alias": ("fred", "d@sender.example", message(
        "alias", "Return-Path: <d@sender.example>", f"X-Original-To: fred@{DOMAIN}")),
    "folded": ("sue", "e@sender.example", message(
        "folded", "Return-Path:", " <e@sender.example>", "Delivered-To:", f"\t<sue@{DOMAIN}>")),
    "unknown": ("postmaster", "", message("unknown", f"To: fred@{DOMAIN}")),
}

DELIVER = """\
#!/bin/sh
# deliver FOLDER SENDER RECIPIENT
file=$(mktemp "$1/XXXXXX") && { printf '%s\\n%s\\n' "$2" "$3"; cat; } >"$file"
# getmail waits for ever for a program that has ended before it waits.
sleep 0.05
"""

FETCHMAIL_CONF = """\
set no bouncemail
set invisible
set postmaster "nobody-else"
poll 127.0.0.1 protocol sdps auth password service {port} timeout {timeout} no dns localdomains demon.example
  user "{login}" password "{password}" to "fred" "sue" "postmaster" here
  sslproto ''
  no keep no rewrite
  mda "{folder}/deliver {folder}/out %F %T"
"""

GETMAIL_CONF = """\
[retriever]
type = MultidropSDPSRetriever
server = 127.0.0.1
port = {port}
username = {login}
password = {password}
timeout = {timeout}

[destination]
type = MDA_external
path = {folder}/deliver
arguments = ("{folder}/out", "%(sender)", "%(recipient)")

[options]
read_all = true
delete = true
delivered_to = false
received = false
"""


def run_client(place, *command):
    done = subprocess.run(command, capture_output=True, check=False, env={
        **os.environ, "HOME": place.folder, "FETCHMAILHOME": place.folder}, **place.identity())
    check(done.returncode == 0,
          f"{command[0]}: {done.returncode} {done.stdout.decode(errors='replace')[-3000:]} "
          f"{done.stderr.decode(errors='replace')[-3000:]}")


def fetchmail(place, values):
    conf = place.write("fetchmailrc", FETCHMAIL_CONF.format(**values))
    run_client(place, FETCHMAIL, "-v", "-f", conf, "--pidfile", place.path("pid"))


# With Python 3 getmail 6 takes the envelope as octets and fails when it tells it to anybody.
MENDED_GETMAIL = """\
import runpy
import sys
from getmailcore.retrievers import MultidropSDPSRetriever
take = MultidropSDPSRetriever._getmsgbyid
def take_as_text(self, name):
    message = take(self, name)
    for part in ("sender", "recipient"):
        value = getattr(message, part)
        setattr(message, part, value.decode() if isinstance(value, bytes) else value)
    return message
MultidropSDPSRetriever._getmsgbyid = take_as_text
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


def getmail(place, values):
    program = place.write("getmail.py", MENDED_GETMAIL)
    place.write("getmailrc", GETMAIL_CONF.format(**values))
    run_client(place, "/usr/bin/python3", program, GETMAIL, f"--getmaildir={place.folder}",
               "--rcfile=getmailrc")


def fetch(client, port, login):
    """name -> (recipient, sender) as the client has told them to its delivery agent."""
    with Workplace(NOBODY if os.geteuid() == 0 else None) as place:
        place.make_folder("out")
        place.write("deliver", DELIVER, 0o700)
        client(place, {"port": port, "login": login, "password": PASSWORD, "folder": place.folder,
                       "timeout": int(patience(30))})
        got = {}
        for octets in place.take("out"):
            sender, recipient, text = octets.decode().split("\n", 2)
            name = text.rstrip("\n").rpartition("\n")[2]
            check(name not in got, f"{name} has come twice")
            got[name] = (recipient, "" if sender == "<>" else sender)
        return got


def compare(client, got, expected):
    wrong = [f"{name}: {got.get(name)} for {expected.get(name)}"
             for name in sorted({*got, *expected}) if got.get(name) != expected.get(name)]
    check(not wrong, f"{client.__name__}: " + "; ".join(wrong))


def check_client(client):
    with Server(users=("punt", "other")) as server:
        maildir = server.maildir("punt")
        maildir.fill(data for _, _, data in MAIL.values())
        server.conf["server"]["plugins"] = "sdps;pop3;uidl;sasl;maildir"
        server.conf["plugin sdps"] = {"domain": "demon.example", "maildrop.punt": "punt@example.org",
                                      "password.punt": f"other;{PASSWORD}"}
        check(server.reload(), "the settings of sdps are refused")

        expected = {name: (f"{user}@{DOMAIN}", sender) for name, (user, sender, _) in MAIL.items()}
        sue = {name for name, (user, _, _) in MAIL.items() if user == "sue"}
        compare(client, fetch(client, server.port, "sue+punt"),
                {name: expected[name] for name in sue})
        left = [MAIL[name][2] for name in MAIL if name not in sue]
        check(maildir.messages() == left, "a view's deletions touch others, or not its own")

        compare(client, fetch(client, server.port, "punt.demon.example"),
                {name: expected[name] for name in MAIL if name not in sue})
        check(not maildir.messages(), "messages are left")
        with Pop(server.port) as pop:
            pop.ok("USER fred@punt")
            pop.ok(f"PASS {PASSWORD}")
            check(pop.ok("STAT") == b"+OK 0 0", "STAT of an empty mailbox")
            pop.quit()


def main():
    check_client(fetchmail)
    check_client(getmail)


run(main, 120)
