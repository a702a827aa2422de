# SPDX-License-Identifier: MIT
"""A throw-away realm of Kerberos on loopback: MIT's KDC, a key for pop/localhost, users' tickets."""

import os
import shutil
import socket
import subprocess
import time

from . import process
from .trial import Failure, need, patience

REALM = "TEST.LOCAL"

CLIENT_CONF = """\
[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_lookup_realm = false
rdns = false
dns_canonicalize_hostname = false
[realms]
{realm} = {{
    kdc = 127.0.0.1:{port}
}}
[domain_realm]
localhost = {realm}
"""

SERVER_CONF = """\
[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    acl_file = {folder}/acl
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
}}
[logging]
kdc = FILE:{folder}/kdc.log
"""


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Realm:
    """In a with statement; environment is what a client or a server of the realm needs."""

    def __init__(self, folder, users):
        for program, package in (("krb5kdc", "krb5-kdc"), ("kadmin.local", "krb5-admin-server"),
                                 ("kinit", "krb5-user")):
            need(program, package)
        self.folder = folder
        self.users = users
        self.keytab = os.path.join(folder, "pop.keytab")
        self.port = _free_port()
        self.environment = dict(os.environ, KRB5_CONFIG=self._path("krb5.conf"),
                                KRB5_KDC_PROFILE=self._path("kdc.conf"),
                                KRB5CCNAME="FILE:" + self._path("tickets"))
        self.kdc = None

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _run(self, *command):
        subprocess.run(command, env=self.environment, check=True, capture_output=True,
                       timeout=patience(20))

    def __enter__(self):
        os.makedirs(self.folder)
        for name, text in (("krb5.conf", CLIENT_CONF), ("kdc.conf", SERVER_CONF), ("acl", "")):
            with open(self._path(name), "w", encoding="ascii") as file:
                file.write(text.format(realm=REALM, port=self.port, folder=self.folder))
        self._run("kdb5_util", "create", "-s", "-r", REALM, "-P", "master")
        self._run("kadmin.local", "-q", "addprinc -randkey pop/localhost")
        self._run("kadmin.local", "-q", f"ktadd -k {self.keytab} pop/localhost")
        for user in self.users:
            self._run("kadmin.local", "-q", f"addprinc -pw secret {user}")
        self.kdc = subprocess.Popen(["krb5kdc", "-n"], env=self.environment,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                    preexec_fn=process.die_with_parent)
        self._wait()
        return self

    def _wait(self):
        end = time.monotonic() + patience(20)
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise Failure("the KDC does not answer")

    def log_in(self, user):
        """Gets the user a ticket."""
        subprocess.run(["kinit", user], input=b"secret\n", env=self.environment, check=True,
                       capture_output=True, timeout=patience(20))

    def __exit__(self, *unused):
        self.kdc.terminate()
        self.kdc.wait(patience(20))
        shutil.rmtree(self.folder, ignore_errors=True)
