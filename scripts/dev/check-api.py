#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check-api.py BUILD: doc/api.yaml and the routes that BUILD/tincayd serves are the
same: paths and methods, roles, parameters, body fields and which are required.

Reads the block "paths:" of the yaml line by line; its head says which form that takes.
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


def rule(number, name, faults):
    print(f"{'not ok' if faults else 'ok'} {number} - api: {name}")
    for fault in faults:
        print(f"#   {fault}")
    return not faults


def main(argv):
    if len(argv) != 1:
        sys.exit(__doc__)
    tincayd = pathlib.Path(argv[0]).resolve() / "tincayd"
    yaml = pathlib.Path(__file__).resolve().parents[2] / "doc" / "api.yaml"
    routes = subprocess.run([tincayd, "--print-routes"], check=True,
                            capture_output=True, text=True).stdout
    served = read_routes(routes)
    documented = read_yaml(yaml.read_text(encoding="utf-8"))
    good = rule(1, "tincayd --print-routes",
                [] if served else ["prints no route"])
    good &= rule(2, "every route is in doc/api.yaml",
                 [" ".join(k) for k in served if k not in documented])
    good &= rule(3, "every path of doc/api.yaml is served",
                 [" ".join(k) for k in documented if k not in served])
    good &= rule(4, "roles, parameters and fields agree",
                 [f"{' '.join(k)}: {d}" for k in served if k in documented
                  for d in documented[k].differences(served[k])])
    print("1..4")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
