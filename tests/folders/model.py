# SPDX-License-Identifier: MIT
"""Random commands of two sessions, deliveries and another program beside them, against a model of what a
mailbox is: model.py [SEED [COMMANDS]]. After each command every folder is as the model says, and what
SYNC tells since any earlier token leads to it."""

import collections
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.pop import Pop
from harness.server import Server
from harness.trial import check, run

PLUGINS = "pop3;uidl;sasl;maildir;pop4"
FLAGS = ("seen", "answered", "flagged", "draft", "forwarded")
LETTERS = dict(zip("SRFDP", FLAGS))
NAMES = ("Work", "Work/Sub", "Höhe & Tiefe", "日本", "Work/Sub/Deep")
DIRECTORIES = {"Work": ".Work", "Work/Sub": ".Work.Sub", "Höhe & Tiefe": ".H&APY-he &- Tiefe",
               "日本": ".&ZeVnLA-", "Work/Sub/Deep": ".Work.Sub.Deep", "INBOX": "",
               "Neu": ".Neu", "Neu/Sub": ".Neu.Sub", "Neu/Sub/Deep": ".Neu.Sub.Deep", "Sub": ".Sub",
               "Sub/Deep": ".Sub.Deep"}
TOKENS_KEPT = 12
MESSAGES_MAX = 60


def quoted(name):
    return f'"{name}"'


def parse_sync(body):
    """{uid: (octets, flags)} and {uid: number} of lines that all begin with "+"."""
    state, numbers = {}, {}
    for line in body.decode().splitlines():
        sign, number, uid, octets, *flags = line.split(" ")
        check(sign == "+", f"{line!r} in a SYNC without a token")
        state[uid] = (int(octets), frozenset(flags))
        numbers[uid] = int(number)
    return state, numbers


def parse_all(body):
    """{folder: its lines} of SYNC *."""
    folders = {}
    for line in body.decode().splitlines():
        if line.startswith("@ "):
            lines = folders[line[2:]] = []
        else:
            lines.append(line)
    return folders


def replay(state, lines):
    state = dict(state)
    for line in lines:
        sign, *fields = line.split(" ")
        if sign == "-":
            check(fields[0] in state, f"{line!r}: it was not there")
            del state[fields[0]]
        elif sign == "=":
            check(fields[1] in state, f"{line!r}: it was not there")
            state[fields[1]] = (state[fields[1]][0], frozenset(fields[2:]))
        else:
            check(fields[1] not in state, f"{line!r}: it was there")
            state[fields[1]] = (int(fields[2]), frozenset(fields[3:]))
    return state


class Session:
    def __init__(self, server):
        self.pop = Pop(server.port).login("alice")
        self.folder = "INBOX"
        self.marks = collections.defaultdict(set)

    def sync(self):
        return parse_sync(self.pop.ok_body("SYNC"))


class Trial:
    def __init__(self, server, seed):
        self.server = server
        self.random = random.Random(seed)
        self.folders = {"INBOX": {}}
        self.fresh = collections.defaultdict(collections.Counter)  # copies, whose uid is not known yet
        self.sessions = [Session(server), Session(server)]
        self.observer = Pop(server.port).login("alice")
        self.octets = 100
        self.tokens = []  # (token, the state of all folders then)
        self.serial = 0
        self.counts = collections.Counter()

    def path(self, folder, *rest):
        return os.path.join(self.server.maildir().path, DIRECTORIES[folder], *rest)

    def message(self):
        """A message of a length that no other has."""
        self.octets += 1
        head = "Subject: x\r\n\r\n"
        return head + "y" * (self.octets - len(head) - 2) + "\r\n"

    # What is done beside the server.

    def deliver(self):
        folder = self.random.choice(list(self.folders))
        self.serial += 1
        uid = f"{1700000000 + self.random.randrange(9999)}.D{self.serial}.mx"
        temporary = self.path(folder, "tmp", uid)
        with open(temporary, "w", encoding="ascii", newline="") as file:
            file.write(self.message())
        self.server.give(temporary)
        os.rename(temporary, self.path(folder, "new", uid))
        self.folders[folder][uid] = (self.octets, frozenset())

    def find_file(self, folder):
        choices = [(sub, name) for sub in ("new", "cur") for name in os.listdir(self.path(folder, sub))]
        return self.random.choice(sorted(choices)) if choices else None

    def flag_beside(self):
        folder = self.random.choice(list(self.folders))
        found = self.find_file(folder)
        if found is None:
            return
        uid = found[1].split(":")[0].split(",")[0]
        letters = "".join(sorted(letter for letter in LETTERS if self.random.random() < 0.4))
        os.rename(self.path(folder, *found),
                  self.path(folder, "cur", found[1].split(":")[0] + ":2," + letters))
        flags = frozenset(LETTERS[letter] for letter in letters)
        self.folders[folder][uid] = (self.folders[folder][uid][0], flags)

    def remove_beside(self):
        folder = self.random.choice(list(self.folders))
        found = self.find_file(folder)
        if found is not None:
            os.unlink(self.path(folder, *found))
            del self.folders[folder][found[1].split(":")[0].split(",")[0]]

    # Commands.

    def some(self, session):
        """Numbers and uids of messages that the session may name."""
        state, numbers = session.sync()
        uids = [uid for uid in state if uid not in session.marks[session.folder]]
        chosen = self.random.sample(uids, min(len(uids), self.random.randint(1, 4)))
        return ",".join(str(numbers[uid]) for uid in chosen), chosen

    def target(self, session):
        return self.random.choice([name for name in self.folders if name != session.folder] or ["INBOX"])

    def do_move(self, session):
        target, (numbers, uids) = self.target(session), self.some(session)
        if not uids or target == session.folder:
            return
        reply = session.pop.ok(f"MOVE {numbers} {quoted(target)}")
        check(reply == b"+OK %d moved" % len(uids), f"{reply!r}")
        for uid in uids:
            self.folders[target][uid] = self.folders[session.folder].pop(uid)

    def do_copy(self, session):
        target, (numbers, uids) = self.random.choice(list(self.folders)), self.some(session)
        if not uids:
            return
        session.pop.ok(f"COPY {numbers} {quoted(target)}")
        self.fresh[target].update(self.folders[session.folder][uid] for uid in uids)

    def do_store(self, session):
        target = self.random.choice(list(self.folders))
        flags = [flag for flag in FLAGS if self.random.random() < 0.3]
        session.pop.ok(" ".join(["STOR", quoted(target), *flags]))
        session.pop.send(self.message().encode() + b".\r\n")
        uid = session.pop.ok_line().split()[1].decode()
        self.folders[target][uid] = (self.octets, frozenset(flags))

    def do_flag(self, session):
        numbers, uids = self.some(session)
        if not uids:
            return
        here = self.folders[session.folder]
        if self.random.random() < 0.5:
            flags = [flag for flag in FLAGS if self.random.random() < 0.4]
            session.pop.ok(f"SFLG {numbers} ={' '.join(flags)}")
            here.update({uid: (here[uid][0], frozenset(flags)) for uid in uids})
            return
        add, remove = self.random.sample(FLAGS, 2)
        session.pop.ok(f"SFLG {numbers} +{add} -{remove}")
        here.update({uid: (here[uid][0], (here[uid][1] | {add}) - {remove}) for uid in uids})

    def do_delete(self, session):
        numbers, uids = self.some(session)
        for number in numbers.split(",") if uids else ():
            session.pop.ok(f"DELE {number}")
        session.marks[session.folder].update(uids)

    def do_reset(self, session):
        session.pop.ok("RSET")
        session.marks.clear()

    def do_quit(self, session):
        session.pop.quit()
        session.pop.close()
        for folder, uids in session.marks.items():
            for uid in uids:
                self.folders[folder].pop(uid, None)
        self.sessions[self.sessions.index(session)] = Session(self.server)

    def do_select(self, session):
        session.folder = self.random.choice(list(self.folders))
        count = int(session.pop.ok(f"SFLD {quoted(session.folder)}").split()[1])
        marked = session.marks[session.folder] & set(self.folders[session.folder])
        check(count == len(self.folders[session.folder]) - len(marked), f"SFLD tells {count} messages")

    def do_create(self, session):
        name = self.random.choice(NAMES)
        if name in self.folders:
            session.pop.refused(f"CFLD {quoted(name)}")
            return
        session.pop.ok(f"CFLD {quoted(name)}")
        parts = name.split("/")
        for depth in range(len(parts)):
            self.folders.setdefault("/".join(parts[:depth + 1]), {})

    def in_use(self, name):
        return any(other == name or other.startswith(name + "/")
                   for session in self.sessions
                   for other in [session.folder, *(key for key, uids in session.marks.items() if uids)])

    def do_remove(self, session):
        name = self.random.choice(list(self.folders))
        children = any(other.startswith(name + "/") for other in self.folders)
        if name == "INBOX" or children or self.folders[name]:
            session.pop.refused(f"DFLD {quoted(name)}")
        elif not self.in_use(name):
            session.pop.ok(f"DFLD {quoted(name)}")
            del self.folders[name]
            self.tokens.clear()  # there is no line for a folder that is gone

    def rename(self, name, to):
        for old in [other for other in self.folders if other == name or other.startswith(name + "/")]:
            self.folders[to + old[len(name):]] = self.folders.pop(old)
        self.tokens.clear()

    def do_rename(self, session):
        name, to = self.random.choice((("Work", "Neu"), ("Neu", "Work")))
        if name not in self.folders or to in self.folders:
            session.pop.refused(f"RENF {name} {to}")
        elif not self.in_use(name):
            session.pop.ok(f"RENF {name} {to}")
            self.rename(name, to)

    def do_move_folder(self, session):
        name, parent, to = self.random.choice((("Work/Sub", "/", "Sub"), ("Sub", "Work", "Work/Sub"),
                                               ("Sub", "Neu", "Neu/Sub")))
        if name not in self.folders or to in self.folders or parent not in ("/", *self.folders):
            session.pop.refused(f"MOVF {name} {parent}")
        elif not self.in_use(name):
            session.pop.ok(f"MOVF {name} {parent}")
            self.rename(name, to)

    def do_stale(self, session):
        """A number whose message has gone is refused, and others stay where they are."""
        before = session.sync()[1]
        self.remove_beside()
        after = session.sync()[1]
        check(all(before[uid] == number for uid, number in after.items() if uid in before), "a number shifts")
        for uid in before.keys() - after.keys():
            session.pop.refused(f"RETR {before[uid]}")

    # What has to be so afterwards.

    def observe(self):
        token = self.observer.ok("SYNC *").split()[1].decode()
        lines = parse_all(self.observer.body())
        check(lines.keys() == self.folders.keys(), f"folders {sorted(lines)}, not {sorted(self.folders)}")
        state = {folder: replay({}, rows) for folder, rows in lines.items()}
        for folder, messages in state.items():
            copies = collections.Counter(value for uid, value in messages.items()
                                         if uid not in self.folders[folder])
            known = {uid: value for uid, value in messages.items() if uid in self.folders[folder]}
            check(known == self.folders[folder], f"{folder}: {known} instead of {self.folders[folder]}")
            check(copies == self.fresh[folder], f"{folder}: new {copies}, not {self.fresh[folder]}")
            self.folders[folder] = dict(messages)
        self.fresh.clear()
        return token, state

    def check_replay(self, state):
        token, before = self.random.choice(self.tokens)
        reply = self.observer.ask(f"SYNC * {token}")
        if b"[X-SYNC-RESET]" in reply:
            check(False, f"a reset without a reason: {reply!r}")
        lines = parse_all(self.observer.body())
        after = {folder: replay(before.get(folder, {}), lines.get(folder, ())) for folder in state}
        check(after == state, f"the changes since {token} do not lead here")

    def step(self):
        session = self.random.choice(self.sessions)
        beside = [self.deliver] * 4 + [self.flag_beside] * 2 + [self.remove_beside]
        commands = [self.do_move, self.do_copy, self.do_store, self.do_flag, self.do_delete,
                    self.do_reset, self.do_quit, self.do_select, self.do_create, self.do_remove,
                    self.do_stale, self.do_rename, self.do_move_folder]
        action = self.random.choice(beside + commands)
        if action == self.deliver and sum(map(len, self.folders.values())) > MESSAGES_MAX:
            action = self.remove_beside
        self.counts[action.__name__] += 1
        if action in beside:
            action()
        else:
            action(session)
        token, state = self.observe()
        if self.tokens:
            self.check_replay(state)
        self.tokens = [*self.tokens[-TOKENS_KEPT:], (token, state)]


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20031939
    commands = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    print(f"seed {seed}, {commands} commands")
    with Server(server={"plugins": PLUGINS}) as server:
        server.conf["plugin maildir"]["lock"] = "shared"
        check(server.reload(), "lock = shared is refused")
        trial = Trial(server, seed)
        for number in range(commands):
            try:
                trial.step()
            except BaseException:
                print(f"at command {number}: {dict(trial.counts)}")
                raise
        print(dict(trial.counts))
        for pop in (trial.observer, *(session.pop for session in trial.sessions)):
            pop.quit()


run(main, 900)
