# SPDX-License-Identifier: MIT
"""A throw-away authority for TLS: certificates, keys and revocations, by the openssl command."""

import os
import subprocess

from .trial import need

CA_CONF = """\
[ca]
default_ca = own
[own]
database = {folder}/index
serial = {folder}/serial
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
new_certs_dir = {folder}
default_md = sha256
default_days = 2
default_crl_days = 2
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """Writes NAME.pem and NAME.key into @folder, and ca.pem; crl.pem by write_crl()."""

    def __init__(self, folder):
        self.openssl = need("openssl", "openssl")
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.conf = self.path("ca.cnf")
        with open(self.conf, "w", encoding="ascii") as file:
            file.write(CA_CONF.format(folder=folder))
        open(self.path("index"), "w", encoding="ascii").close()
        with open(self.path("serial"), "w", encoding="ascii") as file:
            file.write("01\n")
        self._run("req", "-x509", *KEY, "-days", "2", "-subj", "/CN=throw-away authority",
                  "-keyout", self.path("ca.key"), "-out", self.path("ca.pem"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def _run(self, *arguments):
        subprocess.run([self.openssl, *arguments], check=True, capture_output=True)

    def issue(self, name, common_name="localhost", alternative="DNS:localhost,IP:127.0.0.1",
              end=None):
        """(certificate, key): their paths. @end: "YYMMDDHHMMSSZ"."""
        certificate, key, request = (self.path(name + suffix) for suffix in (".pem", ".key", ".csr"))
        self._run("req", "-new", *KEY, "-subj", f"/CN={common_name}",
                  "-addext", f"subjectAltName={alternative}", "-keyout", key, "-out", request)
        dates = ("-startdate", "200101000000Z", "-enddate", end) if end else ()
        self._run("ca", "-batch", "-notext", "-config", self.conf, *dates, "-in", request,
                  "-out", certificate)
        return certificate, key

    def revoke(self, name):
        self._run("ca", "-config", self.conf, "-revoke", self.path(name + ".pem"))

    def write_crl(self):
        self._run("ca", "-config", self.conf, "-gencrl", "-out", self.path("crl.pem"))
        return self.path("crl.pem")
