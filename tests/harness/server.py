# SPDX-License-Identifier: MIT
"""A pop4d of the build tree in a temporary folder, from its start to its checked end."""

import functools
import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

from . import process
from .log import Log, field
from .maildir import Maildir
from .trial import Failure, check, need, patience

REALM = "example.org"
PASSWORD = "secret"
PLUGINS = ("pop3", "uidl", "sasl", "maildir")


def build_folder():
    return os.environ.get("builddir", os.getcwd())


def program():
    return os.environ.get("POP4D", os.path.join(build_folder(), "pop4d"))


@functools.cache
def is_sanitized():
    """Memory and speed of such a build tell nothing."""
    with open(program(), "rb") as file:
        octets = file.read()
    return b"__asan_init" in octets or b"__tsan_init" in octets


def make_database(path, users):
    """A sasldb; written in memory first, since each user costs an fsync."""
    saslpasswd = need("saslpasswd2", "sasl2-bin")
    fast = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=fast) as folder:
        database = os.path.join(folder, "sasldb")
        for user in users:
            subprocess.run([saslpasswd, "-p", "-c", "-f", database, "-u", REALM, user],
                           input=PASSWORD.encode(), check=True)
        shutil.move(database, path)


def own_name():
    return pwd.getpwuid(os.geteuid()).pw_name


def test_user():
    """Whom a server becomes that root has started; others stay who they are."""
    if os.geteuid() != 0:
        return own_name()
    return os.environ.get("POP4D_TEST_USER", "nobody")


def can_read(user, path):
    """Whether the server will be allowed to load its plugins."""
    done = subprocess.run(["setpriv", "--reuid", user, "--clear-groups", "test", "-r", path],
                          check=False)
    return done.returncode == 0


def users_named(count):
    return [f"user{number}" for number in range(count)]


class Server:
    """In a with statement: started, and at the end stopped with exit status 0.

    conf holds the groups of pop4d.conf, to be changed before start() or reload(). Started by root
    it becomes @user, by default one without rights, who owns the folder and the mail. @wrapper: a
    command in front of it.
    """

    def __init__(self, users=("alice",), server=None, descriptors=None, user=None, wrapper=()):
        self.folder = tempfile.mkdtemp(prefix="pop4d-")
        self.user = user or test_user()
        self.owner = pwd.getpwnam(self.user)
        self.descriptors = descriptors
        self.wrapper = wrapper
        self.process = None
        self.log = None
        self.port = None
        self.conf_path = os.path.join(self.folder, "pop4d.conf")
        self.mail_folder = os.path.join(self.folder, "mail")
        sasldb = os.path.join(self.folder, "sasldb")
        os.makedirs(self.mail_folder)
        make_database(sasldb, users or ("nobody",))
        for path in (self.folder, self.mail_folder, sasldb):
            self.give(path)
        self.maildirs = {}
        for user in users:
            self.add_maildir(user)
        modules = os.environ.get("POP4_MODULES", os.path.join(build_folder(), "modules"))
        self.conf = {
            "server": {"hostname": "test." + REALM, "state-dir": self.folder,
                       "plugin-dir": modules, "plugins": ";".join(PLUGINS), "user": self.user,
                       **(server or {})},
            "listener pop3": {"address": "127.0.0.1", "port": 0},
            "plugin maildir": {"path": os.path.join(self.mail_folder, "%n")},
            "plugin sasl": {"sasldb": sasldb, "realm": REALM},
        }

    def give(self, path):
        """Lets the server's user own a file or folder."""
        os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.clean_up()
            raise

    def __exit__(self, kind, *unused):
        try:
            if kind is None and self.process is not None:
                self.stop()
            elif kind is not None and self.log is not None:
                print("the server's log ends in:", *self.log.lines[-15:], sep="\n  ",
                      file=sys.stderr)
        finally:
            self.clean_up()

    def clean_up(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add_maildir(self, user):
        self.maildirs[user] = Maildir(os.path.join(self.mail_folder, user), self.owner.pw_uid)
        return self.maildirs[user]

    def maildir(self, user="alice"):
        return self.maildirs[user]

    @property
    def pid(self):
        return self.process.pid

    def write_conf(self):
        with open(self.conf_path, "w", encoding="utf-8") as file:
            for group, settings in self.conf.items():
                file.write(f"[{group}]\n")
                file.writelines(f"{key} = {value}\n" for key, value in settings.items())

    def _prepare_child(self):
        process.die_with_parent()
        if self.descriptors is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))

    def start(self):
        self.write_conf()
        check(os.access(program(), os.X_OK), f"{program()} is not built")
        modules = self.conf["server"]["plugin-dir"]
        check(self.user == own_name() or can_read(self.user, modules),
              f"{self.user} cannot read {modules}: build where all may read, or set "
              "POP4D_TEST_USER=root")
        self.process = subprocess.Popen(
            [*self.wrapper, program(), "-c", self.conf_path], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            preexec_fn=self._prepare_child)
        self.log = Log(self.process.stderr)
        listening = self.log.wait_for("listening", listener="pop3")
        self.port = int(field(listening, "port"))
        self.log.wait_for("ready")
        if self.user != "root":
            rights = process.rights(self.pid)
            check(rights == (self.owner.pw_uid, 0), f"uid and capabilities of the server: {rights}")
        return self

    def reload(self):
        """Writes conf and has it read; whether it was taken."""
        self.write_conf()
        mark = self.log.mark()
        self.process.send_signal(signal.SIGHUP)
        done = self.log.wait_for("reloaded", "reload-refused", after=mark)
        return field(done, "event") == "reloaded"

    def _wait(self, timeout):
        try:
            status = self.process.wait(patience(timeout))
        except subprocess.TimeoutExpired:
            raise Failure("the server does not end") from None
        self.log.join()
        self.process = None
        return status

    def stop(self, timeout=40):
        """Ends it as an administrator does; anything but a clean end is a failure."""
        self.process.send_signal(signal.SIGTERM)
        self.wait(timeout)

    def wait(self, timeout=40):
        status = self._wait(timeout)
        check(status == 0, f"exit status {status}; the log's end:\n" + "\n".join(self.log.lines[-40:]))

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self._wait(20)

    def pss(self):
        return process.pss(self.pid)

    def descriptor_count(self):
        return process.descriptors(self.pid)

    def thread_count(self):
        return process.threads(self.pid)

    def cpu_seconds(self):
        return process.cpu_seconds(self.pid)
