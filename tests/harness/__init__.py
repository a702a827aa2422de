# SPDX-License-Identifier: MIT
"""What the tests in e2e/ and faults/ share: servers, mailboxes, a bare client."""
