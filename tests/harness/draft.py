# SPDX-License-Identifier: MIT
"""What docs/draft-pop4.md has for a program: its examples and its grammar."""

import os
import re

from harness.abnf import Grammar
from harness.trial import check

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "docs", "draft-pop4.md")


def blocks():
    """(what follows the opening fence, [(number, line)]) of each block."""
    inside = None
    with open(PATH, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("~~~") and inside is None:
                inside = (line[3:].strip(), [])
            elif line.startswith("~~~"):
                yield inside
                inside = None
            elif inside is not None:
                inside[1].append((number, line))
    check(inside is None, "the last block of the draft does not end")


def examples():
    """(line number, side, text) of each line of the examples."""
    for kind, lines in blocks():
        for number, line in lines if not kind else []:
            check(re.match("[CS]:( |$)", line), f"line {number} of an example: {line!r}")
            yield number, line[0], line[3:]


def grammar():
    text, = ("\n".join(line for _, line in lines) for kind, lines in blocks() if kind == "abnf")
    return Grammar(text)
