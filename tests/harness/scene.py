# SPDX-License-Identifier: MIT
"""A server with accounts and TLS: a listener with STLS, one with implicit TLS, an authority."""

import os
import ssl

from . import accounts
from .certificates import Authority
from .log import field
from .pop import Pop
from .server import PASSWORD, Server

PLUGINS = "pop3;uidl;stls;apop;accounts;sasl;maildir"


class Scene(Server):
    """Server with the port of the second listener as tls_port, and authority. The host name is
    localhost, as certificates and tickets have it."""

    def __init__(self, users=("alice",), **options):
        super().__init__(users=(), **options)
        self.authority = Authority(os.path.join(self.folder, "ca"))
        self.authority.issue("server")
        self.tls_port = None
        self.accounts_path = os.path.join(self.folder, "accounts")
        many = ["SCRAM-SHA-256"] if len(users) > 10 else accounts.HASHES  # each costs some time
        accounts.write(self.accounts_path, [accounts.line(user, PASSWORD, many) for user in users])
        self.give(self.accounts_path)
        for user in users:
            self.add_maildir(user)
        self.conf["server"].update({"plugins": PLUGINS, "hostname": "localhost"})
        self.conf["listener pop3"].update({"tls": "starttls", "allow-plaintext": "no"})
        self.conf["listener pop3s"] = {"address": "127.0.0.1", "port": 0, "tls": "implicit"}
        self.conf["tls"] = {"certificate": self.path("server.pem"), "key": self.path("server.key")}
        self.conf["plugin accounts"] = {"file": self.accounts_path}
        self.conf["plugin sasl"] = {}
        # After the change of user the server reads its key again at a reload.
        for name in (".", "server.pem", "server.key"):
            self.give(self.path(name))

    def path(self, name):
        return self.authority.path(name)

    def start(self):
        super().start()
        listening = self.log.wait_for("listening", listener="pop3s")
        self.tls_port = int(field(listening, "port"))
        return self

    def context(self, **options):
        """For a client that trusts the authority; an option is an attribute."""
        context = ssl.create_default_context(cafile=self.path("ca.pem"))
        for name, value in options.items():
            setattr(context, name, value)
        return context

    def connect(self, context=None, name="localhost", **options):
        """Under implicit TLS, greeted."""
        return Pop(self.tls_port, tls=context or self.context(), server_name=name, **options)
