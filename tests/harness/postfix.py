# SPDX-License-Identifier: MIT
"""A real Postfix in a folder of its own, with its own queue and Maildirs to deliver to."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

from .trial import Failure, check, need, patience

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
default_transport = error:5.1.2 outbound mail is off
relay_transport = error:5.1.2 outbound mail is off
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/etc/users
virtual_mailbox_limit = 0
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 100
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
message_size_limit = 20971520
message_drop_headers =
alias_maps =
alias_database =
biff = no
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
"""

SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Postfix:
    """In a with statement; knows @users at example.org and nobody else. @settings: lines of main.cf."""

    def __init__(self, users, settings=()):
        self.program = need("postfix", "postfix")
        check(os.geteuid() == 0, "Postfix needs root to start")
        self.folder = tempfile.mkdtemp(prefix="postfix-")
        os.chmod(self.folder, 0o755)
        self.port = free_port()
        owner = pwd.getpwnam("nobody")
        for name in ("etc", "queue", "data", "mail"):
            os.mkdir(self.path(name))
        shutil.chown(self.path("data"), "postfix")
        shutil.chown(self.path("mail"), "nobody")
        main = MAIN.format(folder=self.folder, uid=owner.pw_uid, gid=owner.pw_gid)
        self._write("main.cf", main + "".join(line + "\n" for line in settings))
        self._write("master.cf", SERVICES.format(port=self.port))
        self._write("users", "".join(f"{user}@example.org {user}/\n" for user in users))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def _write(self, name, text):
        with open(self.path("etc", name), "w", encoding="ascii") as file:
            file.write(text)

    def _control(self, word):
        return subprocess.run([self.program, "-c", self.path("etc"), word], stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)

    def log(self):
        with open(self.path("log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def __enter__(self):
        done = self._control("start")
        try:
            check(done.returncode == 0, f"postfix start: {done.stderr.decode()}")
            self._wait(self._answers, "does not answer")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=patience(10)) as one:
                return one.recv(3) == b"220"
        except OSError:
            return False

    def _wait(self, condition, trouble, seconds=20):
        end = time.monotonic() + patience(seconds)
        while not condition():
            if time.monotonic() > end:
                raise Failure(f"Postfix {trouble}\n{self.log()[-4000:]}")
            time.sleep(0.02)

    def __exit__(self, *unused):
        self._control("abort")
        self._wait(lambda: self._control("status").returncode != 0, "does not end")
        shutil.rmtree(self.folder, ignore_errors=True)

    def messages(self, user):
        """What has arrived, octet by octet, the latest last."""
        try:
            paths = [self.path("mail", user, "new", name) for name in os.listdir(self.path("mail", user, "new"))]
        except FileNotFoundError:
            return []
        found = []
        for path in sorted(paths, key=lambda path: os.stat(path).st_mtime_ns):
            with open(path, "rb") as file:
                found.append(file.read())
        return found

    def wait_for(self, user, count=1):
        self._wait(lambda: len(self.messages(user)) >= count, f"has delivered too little to {user}")
        return self.messages(user)

    def wait_idle(self):
        """Until nothing is in the queue: whatever was to arrive has."""
        queue = need("postqueue", "postfix")

        def empty():
            done = subprocess.run([queue, "-c", self.path("etc"), "-p"], capture_output=True, check=True)
            return b"is empty" in done.stdout

        self._wait(empty, "keeps something in its queue")
