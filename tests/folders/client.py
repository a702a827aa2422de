# SPDX-License-Identifier: MIT
"""The client contrib/pop4.py, as a module and as a program, against the server."""

import importlib.util
import io
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.server import PASSWORD, Server
from harness.trial import check, run

PLUGINS = "pop3;uidl;sasl;maildir;pop4"
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "contrib", "pop4.py")
LONG = "long " * 40_000
PARTED = ("Subject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
          "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
          "Gr\xfc\xdfe\r\n--b\r\nContent-Disposition: attachment; filename=\"a b\"\r\n\r\nx\r\n--b--\r\n")


def load():
    spec = importlib.util.spec_from_file_location("pop4", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    sys.modules["pop4"] = module
    spec.loader.exec_module(module)
    return module


def refused(pop4, error, call, *arguments):
    try:
        call(*arguments)
    except error as reason:
        return reason
    check(False, f"{call.__name__}{arguments} is not refused")


def words(pop4):
    check([pop4.quote(name) for name in ("a", "a b", 'a"\\', "", "A\u0308")]
          == ["a", '"a b"', '"a\\"\\\\"', '""', "\u00c4"], "quoting")
    check([pop4.as_set(given) for given in (3, "1:*", range(2, 5), range(1, 7, 3), [1, range(3, 5), "9:*"])]
          == ["3", "1:*", "2:4", "1,4", "1,3:4,9:*"], "sets")
    for bad in ([], range(3, 3)):
        refused(pop4, ValueError, pop4.as_set, bad)
    refused(pop4, ValueError, pop4.quote, "a\r\nDELE 1")
    check(pop4.printable("a\x1b[2Jb") == "a?[2Jb", "what may steer a terminal")


def verbs(pop4, client):
    check(client.groups() == (1, {"FOLDERS", "FLAGS", "PARTS", "OVERVIEW", "SYNC"}), "the groups")
    client.cfld("Ärger & Co/New")
    client.renf("Ärger & Co", "Work")
    client.movf("Work/New", "/")
    check([folder.name for folder in client.lfld()] == ["INBOX", "New", "Work"], "folders")
    seen = []
    uid = client.stor("INBOX", b".dot\r\n" + b"x" * 300_000 + b"\n..", ["seen"], seen.append)
    stored = b".dot\r\n" + b"x" * 300_000 + b"\r\n..\r\n"
    check(seen[-1] == len(stored), "the progress of STOR")
    mailbox = pop4.Mailbox(client)
    check([change.kind for change in mailbox.sync()] == ["+"], "the first SYNC")
    check(mailbox.messages == {uid: (len(stored), frozenset({"seen"}))}, f"{mailbox.messages}")
    check(client.rprt(1) == stored, "what was stored is another message")
    kept = io.BytesIO()
    check(client.rprt(1, "0", None, kept, seen.append) is None and kept.getvalue() == stored, "RPRT to a file")
    client.stor("INBOX", io.BytesIO(PARTED.encode("latin-1")))
    client.stor("INBOX", f"From: a\r\nSubject: {LONG}\r\n\r\n".encode())
    check(client.sfld("INBOX")[0] == 3, "SFLD")
    parts = client.lprt(2)
    check([part.path for part in parts] == ["0", "1", "2"], f"{parts}")
    check((parts[1].charset, parts[1].filename, parts[2].filename) == ("iso-8859-1", None, "a b"), f"{parts}")
    check(client.rprt(2, "1", "TEXT").decode() == "Grüße\r\n", "the text of a part")
    check(b"filename" in client.rprt(2, "2", "HEAD"), "the header of a part")
    rows = client.over("1:*")
    check((rows[0].uid, rows[0].flags, rows[1].subject) == (uid, frozenset({"seen"}), "parts"), f"{rows[0]}")
    check(client.over(2, ["subject", "to"]) == {2: ["parts", ""]}, "fields")
    check(client.sflg("1:2", ["flagged"], ["seen"]) == 2 and client.sflg(3, exact=["draft"]) == 1, "SFLG")
    check(client.lflg(range(1, 3)) == {1: frozenset({"flagged"}), 2: frozenset({"flagged"})}, "LFLG")
    token, folders = client.sync_all()
    check({name: len(changes) for name, changes in folders.items()} == {"INBOX": 3, "New": 0, "Work": 0}, "SYNC *")
    check(client.copy(1, "New") == 1 and client.move([2], "Work") == 1, "COPY and MOVE")
    _, folders = client.sync_all(token)
    check({name: [change.kind for change in changes] for name, changes in folders.items()}
          == {"INBOX": ["-"], "New": ["+"], "Work": ["+"]}, f"SYNC * with a token: {folders}")
    check(sorted(change.kind for change in mailbox.sync()) == ["+", "="], "what the mailbox has missed")
    again = pop4.Mailbox(client, mailbox.state())
    check(again.sync() == [] and again.messages == mailbox.messages, "a mailbox that was kept")
    again.token = "1.2.3"
    check(len(again.sync()) == 2 and again.messages == mailbox.messages, "a mailbox after a reset")
    reason = refused(pop4, pop4.SyncReset, client.sync, "1.2.3")
    check(reason.code == "X-SYNC-RESET", f"the code is {reason.code}")
    check(refused(pop4, pop4.Error, client.sfld, "nowhere").code is None, "a code where there is none")
    check(not client.wait(1), "a wait in which nothing happens")
    client.stor("INBOX", b"x\r\n")
    check(client.wait(10), "a wait after a change")
    refused(pop4, pop4.Error, client.dfld, "New")


def program(server, *arguments, status=0, text=None):
    done = subprocess.run(
        [sys.executable, PROGRAM, "--user", "alice", f"127.0.0.1:{server.port}", *arguments],
        env={**os.environ, "POP4_PASSWORD": PASSWORD}, input=text, capture_output=True, text=True,
        timeout=60, check=False)
    check(done.returncode == status, f"{arguments}: {done.returncode} {done.stdout} {done.stderr}")
    check("Traceback" not in done.stderr and "\x1b" not in done.stdout, f"{arguments}: {done.stderr}")
    return done.stdout + done.stderr


def shell(server):
    path = os.path.join(server.folder, "message")
    with open(path, "wb") as file:
        file.write(b"From: somebody\nSubject: put\n\nbody\n")
    check("Work" in program(server, "ls"), "ls")
    program(server, "mkdir", "Shell")
    program(server, "put", "Shell", path, "seen")
    interactive = program(server, text="select Shell\nover\nget 1\npart 1\nflag 1 +flagged\nnonsense\n"
                                       "move 1 Work\nover\nrmdir Shell\nquit\n")
    for word in ("1 messages", "somebody", "body\n", "text/plain", "1 changed", "no command 'nonsense'", "1 moved"):
        check(word in interactive, f"{word!r} is not in {interactive}")
    saved = os.path.join(server.folder, "saved")
    program(server, "get", "1", saved)
    check(os.path.getsize(saved) > 300_000, "get to a file")
    check(program(server, "wait", "1") == "nothing\n", "wait")
    check("There is no such folder" in program(server, "select", "nowhere", status=1), "an error")
    program(server, "get", "x", status=2)
    program(server, "nonsense", status=2)


def synchronise(server):
    state = os.path.join(server.folder, "state.json")
    keep = ("--state", state)
    first = subprocess_sync(server, keep)
    check(first.count("+") >= 3 and subprocess_sync(server, keep) == "", "sync twice")
    server.maildir().deliver(b"Subject: new\n\n", "new")
    check(subprocess_sync(server, keep).startswith("+ "), "sync after a delivery")


def subprocess_sync(server, keep):
    return subprocess.run(
        [sys.executable, PROGRAM, "--user", "alice", *keep, f"127.0.0.1:{server.port}", "sync"],
        env={**os.environ, "POP4_PASSWORD": PASSWORD}, capture_output=True, text=True, timeout=60,
        check=True).stdout


def main():
    pop4 = load()
    words(pop4)
    with Server(server={"plugins": PLUGINS}) as server:
        with pop4.POP4("127.0.0.1", server.port, timeout=30) as client:
            client.user("alice")
            client.pass_(PASSWORD)
            verbs(pop4, client)
            client.quit()
        shell(server)
        synchronise(server)


run(main, 120)
