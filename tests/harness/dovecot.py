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
protocols = {protocols}
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
mail_location = maildir:{mail}/%u
namespace inbox {{
  inbox = yes
  separator = /
}}
mail_fsync = never
# It does not notice a folder that another program makes in the second of its own last change.
mailbox_list_index = no
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
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
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
  args = uid={uid} gid=nogroup home={folder}/home
}}
"""


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """As much of Server as the tests with real clients use. Needs root. @beside: a Server whose mail
    it serves, too, by IMAP."""

    def __init__(self, users=("alice",), beside=None):
        self.folder = tempfile.mkdtemp(prefix="dovecot-")
        os.chmod(self.folder, 0o755)
        self.port = _free_port()
        self.imap_port = _free_port()
        self.beside = beside
        owner = beside.owner.pw_uid if beside is not None else pwd.getpwnam("nobody").pw_uid
        self.owner = owner
        for name in ("mail", "home", "run"):
            os.makedirs(os.path.join(self.folder, name))
        for name in ("mail", "home"):
            os.chown(os.path.join(self.folder, name), owner, -1)
        self.maildirs = {user: Maildir(os.path.join(self.folder, "mail", user), owner)
                         for user in (users if beside is None else ())}

    def maildir(self, user="alice"):
        return self.maildirs[user]

    def __enter__(self):
        conf = os.path.join(self.folder, "dovecot.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(CONF.format(
                folder=self.folder, port=self.port, password=PASSWORD, imap_port=self.imap_port,
                uid=self.owner, protocols="imap" if self.beside is not None else "pop3",
                mail=self.beside.mail_folder if self.beside is not None else self.folder + "/mail"))
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
