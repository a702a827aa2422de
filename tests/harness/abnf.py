# SPDX-License-Identifier: MIT
"""A grammar in ABNF (RFC 5234, with the rules of its appendix B.1 that are used here): read from text, made into
regular expressions, and a source of random lines. Rules that contain themselves are refused."""

import re

CORE = """
ALPHA  = %x41-5A / %x61-7A
CRLF   = %x0D.0A
DIGIT  = %x30-39
DQUOTE = %x22
HTAB   = %x09
SP     = %x20
"""
LEXEMES = re.compile(
    r"""(?P<name>[A-Za-z][A-Za-z0-9-]*) | "(?P<text>[ !#-~]*)"
        | %x(?P<number>[0-9A-Fa-f]+(?:-[0-9A-Fa-f]+|(?:\.[0-9A-Fa-f]+)*))
        | (?P<repeat>\d*\*\d*|\d+) | (?P<sign>[()\[\]/=])""", re.X)
MORE = 3  # how many more than it must a random repetition without end makes


class GrammarError(Exception):
    pass


def lines_without_comments(text):
    for line in text.splitlines():
        line = re.match(r'(?:[^;"]|"[^"]*")*', line)[0].rstrip()
        if line:
            yield line


def lexemes(text):
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        found = LEXEMES.match(text, at)
        if not found:
            raise GrammarError(f"not ABNF: {text[at:at + 40]!r}")
        at = found.end()
        yield found.lastgroup, found[found.lastgroup]


class Reader:
    """One rule's elements as a tree of tuples."""

    def __init__(self, text):
        self.rest = list(lexemes(text)) + [("end", "")]

    def peek(self):
        return self.rest[0]

    def take(self, *wanted):
        if wanted and self.peek() != wanted:
            raise GrammarError(f"{wanted[1]!r} expected, and there is {self.peek()[1]!r}")
        return self.rest.pop(0)

    def alternation(self):
        choices = [self.concatenation()]
        while self.peek() == ("sign", "/"):
            self.take()
            choices.append(self.concatenation())
        return ("any", choices)

    def concatenation(self):
        parts = []
        while self.peek() not in (("sign", "/"), ("sign", ")"), ("sign", "]"), ("end", "")):
            parts.append(self.repetition())
        if not parts:
            raise GrammarError("an empty alternative")
        return ("all", parts)

    def repetition(self):
        if self.peek()[0] != "repeat":
            return self.element()
        least, star, most = self.take()[1].partition("*")
        return ("repeat", int(least or 0), (int(most) if most else None) if star else int(least), self.element())

    def element(self):
        kind, value = self.take()
        if (kind, value) == ("sign", "("):
            inner = self.alternation()
            self.take("sign", ")")
            return inner
        if (kind, value) == ("sign", "["):
            inner = self.alternation()
            self.take("sign", "]")
            return ("repeat", 0, 1, inner)
        if kind == "name":
            return ("rule", value.lower())
        if kind == "text":
            return ("text", value.encode())
        if kind == "number" and "-" in value:
            first, last = (int(part, 16) for part in value.split("-"))
            return ("range", first, last)
        if kind == "number":
            return ("octets", bytes(int(part, 16) for part in value.split(".")))
        raise GrammarError(f"an element expected, and there is {value!r}")


class Grammar:
    def __init__(self, text):
        self.rules = {}
        self.patterns = {}
        for rule in re.split(r"\n(?=[A-Za-z])", "\n".join(lines_without_comments(CORE + text))):
            name, equals, elements = rule.partition("=")
            if not equals or name.strip().lower() in self.rules:
                raise GrammarError(f"no rule, or a second one of that name: {rule!r}")
            reader = Reader(elements.replace("\n", " "))
            self.rules[name.strip().lower()] = reader.alternation()
            reader.take("end", "")

    def unused(self, *starts):
        """Names of rules that none of @starts leads to; a name that is used and not there is an error."""
        reached, waiting = set(), list(starts)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self.names(self.rule(name))
        return sorted(set(self.rules) - reached)

    def names(self, node):
        if node[0] == "rule":
            return [node[1]]
        if node[0] in ("any", "all"):
            return [name for part in node[1] for name in self.names(part)]
        return self.names(node[3]) if node[0] == "repeat" else []

    def rule(self, name):
        if name not in self.rules:
            raise GrammarError(f"there is no rule {name}")
        return self.rules[name]

    def matches(self, name, octets):
        if name not in self.patterns:
            self.patterns[name] = re.compile(self.pattern(("rule", name), ()))
        return self.patterns[name].fullmatch(octets) is not None

    def pattern(self, node, inside):
        kind = node[0]
        if kind == "rule":
            if node[1] in inside:
                raise GrammarError(f"the rule {node[1]} contains itself")
            return self.pattern(self.rule(node[1]), inside + (node[1],))
        if kind == "any":
            return b"(?:" + b"|".join(self.pattern(part, inside) for part in node[1]) + b")"
        if kind == "all":
            return b"".join(self.pattern(part, inside) for part in node[1])
        if kind == "repeat":
            most = b"" if node[2] is None else b"%d" % node[2]
            return b"(?:" + self.pattern(node[3], inside) + b"){%d,%s}" % (node[1], most)
        if kind == "text":
            return b"(?i:" + re.escape(node[1]) + b")"
        if kind == "range":
            return b"[\\x%02x-\\x%02x]" % (node[1], node[2])
        return re.escape(node[1])

    def make(self, name, random, given):
        """A random line of the rule. @given: rule -> lines of it that are taken half of the time."""
        return self.line(("rule", name), random, given)

    def line(self, node, random, given):
        kind = node[0]
        if kind == "rule":
            if given.get(node[1]) and random.random() < 0.5:
                return random.choice(given[node[1]])
            return self.line(self.rule(node[1]), random, given)
        if kind == "any":
            return self.line(random.choice(node[1]), random, given)
        if kind == "all":
            return b"".join(self.line(part, random, given) for part in node[1])
        if kind == "repeat":
            most = node[1] + MORE if node[2] is None or random.random() < 0.9 else node[2]
            most = most if node[2] is None else min(most, node[2])
            return b"".join(self.line(node[3], random, given) for _ in range(random.randint(node[1], most)))
        if kind == "text":
            return bytes(random.choice((octet, ord(chr(octet).swapcase()))) for octet in node[1])
        if kind == "range":
            return bytes([random.randint(node[1], node[2])])
        return node[1]
