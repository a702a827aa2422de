# SPDX-License-Identifier: MIT
"""testssl.sh at both listeners: nothing above low, but what the throw-away certificate is to blame
for."""

import concurrent.futures
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from harness.scene import Scene
from harness.trial import check, need, patience, run

HARMFUL = ("MEDIUM", "HIGH", "CRITICAL", "FATAL")
# It lives for two days and its authority has no address.
OF_THE_TEST = ("cert_expirationStatus", "cert_notAfter", "cert_revocation")
# That the scan has come so far.
NEEDED = ("TLS1", "TLS1_1", "TLS1_2", "TLS1_3", "heartbleed", "ROBOT", "fallback_SCSV", "secure_renego",
          "cipherlist_NULL", "PFS", "cert_trust")


def scan(server, name, port, options):
    told = os.path.join(server.folder, name + ".json")
    command = [need("testssl", "testssl.sh"), "--quiet", "--color", "0", "--warnings", "off", "--ip", "one",
               "--add-ca", server.path("ca.pem"), "--jsonfile", told, *options, f"localhost:{port}"]
    subprocess.run(command, capture_output=True, timeout=patience(240), check=False)
    with open(told, encoding="utf-8") as file:
        findings = json.load(file)
    seen = {finding["id"] for finding in findings if finding["severity"] != "WARN"}
    check(seen.issuperset(NEEDED), f"{name}: the scan has not looked at {set(NEEDED) - seen}")
    bad = [f"{finding['id']}: {finding['severity']}: {finding['finding']}" for finding in findings
           if finding["severity"] in HARMFUL and finding["id"] not in OF_THE_TEST]
    check(bad == [], f"{name}: {bad}")
    print(f"{name}: {len(findings)} findings, none above low")


def main():
    with Scene() as server, concurrent.futures.ThreadPoolExecutor() as pool:
        for done in [pool.submit(scan, server, "pop3s", server.tls_port, []),
                     pool.submit(scan, server, "pop3", server.port, ["--starttls", "pop3"])]:
            done.result()


run(main, 300)
