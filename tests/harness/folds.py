# SPDX-License-Identifier: MIT
"""What clients make of the CRLF form before anyone can see it, and nothing else."""


def to_lf(name, octets):
    """Unix clients deliver each CRLF as LF; a CR elsewhere stays."""
    return octets.replace(b"\r\n", b"\n")


# A delivery agent that keeps the order: each message a file, numbered as it comes.
DELIVER_IN_ORDER = """\
#!/bin/sh
set -- "$1" "$1"/*
test -e "$2" || set -- "$1"
exec cat > "$1/$(printf %06d $#)"
"""
