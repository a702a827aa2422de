# SPDX-License-Identifier: MIT
"""Dovecot in the place of pop4d, which shows that what a test asks of a server is fair."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile

from . import process
from .log import Log
from .maildir import Maildir
from .server import PASSWORD
from .trial import Failure, need, patience

# Dovecot 2.3 does not stuff a dot that is the very first octet of a message, and makes a line
# of an empty file.
REFERENCE_FAILS = ("dots-first-octet", "file-empty")

CONF = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
protocols = pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
pop3_no_flag_updates = yes
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/home
}}
"""


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """As much of Server as the tests with real clients use. Needs root."""

    def __init__(self, users=("alice",)):
        self.folder = tempfile.mkdtemp(prefix="dovecot-")
        os.chmod(self.folder, 0o755)
        self.port = _free_port()
        owner = pwd.getpwnam("nobody").pw_uid
        for name in ("mail", "home", "run"):
            os.makedirs(os.path.join(self.folder, name))
        for name in ("mail", "home"):
            os.chown(os.path.join(self.folder, name), owner, -1)
        self.maildirs = {user: Maildir(os.path.join(self.folder, "mail", user), owner)
                         for user in users}

    def maildir(self, user="alice"):
        return self.maildirs[user]

    def __enter__(self):
        conf = os.path.join(self.folder, "dovecot.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(CONF.format(folder=self.folder, port=self.port, password=PASSWORD))
        self.process = subprocess.Popen(
            [need("dovecot", "dovecot-pop3d"), "-F", "-c", conf],
            stderr=subprocess.PIPE, preexec_fn=process.die_with_parent)
        self.log = Log(self.process.stderr)
        self._wait_until_up()
        return self

    def _wait_until_up(self):
        with self.log._news:
            self.log._news.wait_for(lambda: "starting up" in "".join(self.log.lines), patience(10))
        if "starting up" not in "".join(self.log.lines):
            self.__exit__()
            raise Failure("Dovecot does not start: " + "\n".join(self.log.lines))

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait(patience(20))
        shutil.rmtree(self.folder, ignore_errors=True)
