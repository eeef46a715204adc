#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare doc/api.yaml with the routes that the daemon serves.

usage: check-api.py TINCAYD [API.YAML]
       check-api.py --routes FILE [API.YAML]

Runs "TINCAYD --print-routes" (or reads its output from FILE) and compares each
method and path with the block "paths:": roles, query parameters, path parameters,
body fields and which of them are required. Prints every difference; exit 1 when
there is one. Reads the yaml line by line: its head says which form that takes.
"""
import pathlib
import re
import subprocess
import sys

METHODS = ("get", "put", "post", "delete")


def names(text):
    return set(re.findall(r"[\w-]+", text))


class Operation:
    """What both sides say of one method and path."""

    def __init__(self):
        self.roles = set()
        self.query = set()
        self.path = set()
        self.fields = set()
        self.required = set()
        self.csv = False

    def differences(self, other):
        for what in ("roles", "query", "path", "fields", "required", "csv"):
            mine, theirs = getattr(self, what), getattr(other, what)
            if mine != theirs:
                yield f"{what}: documented {mine or '-'}, served {theirs or '-'}"


def read_routes(text):
    served = {}
    for line in text.splitlines():
        method, path, roles, query, body = line.split("\t")
        op = served[method, path] = Operation()
        op.roles = names(roles)
        op.path = set(re.findall(r"{(\w+)}", path))
        if query != "-":
            op.query = set(query.split(","))
        if body == "text/csv":
            op.csv = True
        elif body != "-":
            op.fields = {f.rstrip("!") for f in body.split(",")}
            op.required = {f[:-1] for f in body.split(",") if f.endswith("!")}
    return served


def read_line(op, line):
    """One line of an operation."""
    if m := re.match(r" {6}x-roles: \[(.*)\]$", line):
        op.roles = names(m[1])
    elif m := re.match(r" {8}- {name: (\w+), in: (query|path),(.*)", line):
        getattr(op, m[2]).add(m[1])
        if m[2] == "query" and "required: true" in m[3]:
            op.required.add(m[1])
    elif m := re.match(r" {14}required: \[(.*)\]$", line):
        op.required |= names(m[1])
    elif m := re.match(r" {16}(\w+): {", line):
        op.fields.add(m[1])
    elif line == "          text/csv:":
        op.csv = True


def read_yaml(text):
    documented, path, op = {}, None, None
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith(" "):
            inside = line == "paths:"
            continue
        if not inside:
            continue
        if m := re.match(r" {2}(/\S*):$", line):
            path = m[1]
        elif m := re.match(r" {4}(\w+):$", line):
            if m[1] not in METHODS or path is None:
                sys.exit(f"api.yaml:{number}: not a method: {m[1]}")
            op = documented[m[1].upper(), path] = Operation()
        elif op is not None and line.startswith(" " * 6):
            read_line(op, line)
        else:
            sys.exit(f"api.yaml:{number}: not in the form that is read here")
    return documented


def main(argv):
    if len(argv) > 1 and argv[0] == "--routes":
        routes = pathlib.Path(argv[1]).read_text(encoding="utf-8")
        argv = argv[1:]
    elif argv:
        routes = subprocess.run([argv[0], "--print-routes"], check=True,
                                capture_output=True, text=True).stdout
    else:
        sys.exit(__doc__)
    default = pathlib.Path(__file__).resolve().parents[2] / "doc" / "api.yaml"
    yaml = pathlib.Path(argv[1]) if len(argv) > 1 else default
    served = read_routes(routes)
    documented = read_yaml(yaml.read_text(encoding="utf-8"))
    faults = []
    for key in sorted(served.keys() | documented.keys()):
        if key not in served:
            faults.append((key, "documented, but not served"))
        elif key not in documented:
            faults.append((key, "served, but not documented"))
        else:
            faults += [(key, d)
                       for d in documented[key].differences(served[key])]
    for (method, path), what in faults:
        print(f"{method} {path}: {what}")
    if not served:
        sys.exit("no routes")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
