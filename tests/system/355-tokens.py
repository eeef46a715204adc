#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine with a token of its own: an agency's system polls its queue over a
restart, Prometheus reads the figures; neither does more; revoking ends it at
once, the last day ends it too; the database and the log hold no token."""
import os

import tincay
from tincay import eq, ok, phone

HER = phone(1)


def new(world, name, scopes, user, *more):
    made = world.ctl("token", "new", name, "--scope", scopes, *more, user=user)
    world.tokens[name] = made["token"]
    return made


def status(world, method, path, name, body=None):
    return world.http(method, path, body, name, tcp=True,
                      headers={"Host": "localhost"}).status


def check_queue(world, made):
    """It sees a case by a long poll, and may not touch it."""
    cursor = world.get("/cases?agency=HPN", "crm")["cursor"]
    world.sim.text(HER, "giup toi")
    cases = world.get(f"/cases?agency=HPN&after={cursor}&wait=60",
                      "crm")["cases"]
    eq(len(cases), 1, "cases")
    claim = f"/api/v1/cases/{cases[0]['code']}/claim"
    eq(status(world, "POST", claim, "crm", {}), 403, "a claim")
    eq(status(world, "GET", "/metrics", "crm"), 403, "the figures")
    eq(status(world, "GET", "/api/v1/tokens", "crm"), 403, "tokens")
    eq(status(world, "POST", "/api/v1/tokens", "crm",
              {"name": "x", "scopes": ["work"]}), 403, "another token")
    listed = world.ctl("token", "list", user="lan")["tokens"]
    eq([t["id"] for t in listed], [made["id"]], "her tokens")
    ok(listed[0]["used_at"], "the last use")
    ok("token" not in listed[0], "the list shows it")


def check_metrics(world):
    eq(status(world, "GET", "/metrics", "prometheus"), 200, "the figures")
    eq(status(world, "GET", "/api/v1/cases", "prometheus"), 403, "cases")


def check_end(world, made):
    world.ctl("token", "revoke", made["id"], user="mai", code=1)
    world.ctl("token", "revoke", made["id"], user="lan")
    eq(status(world, "GET", "/api/v1/cases", "crm"), 401, "when revoked")
    world.clock.advance(7 * 86400 + 60)
    eq(status(world, "GET", "/metrics", "prometheus"), 401, "after its days")


def check_kept(world):
    world.stop()
    for folder, _, names in os.walk(world.state):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                data = f.read()
            for token in ("crm", "prometheus"):
                ok(world.tokens[token].encode() not in data,
                   f"the token of {token} is in {name}")
    log = "\n".join(world.log.lines)
    ok(world.tokens["crm"] not in log, "a token in the log")


def scenario(world):
    made = new(world, "crm", "queue", "lan")
    new(world, "prometheus", "metrics", "kim", "--days", "7")
    world.ctl("token", "new", "x", "--scope", "queue", user="kim", code=1)
    world.ctl("token", "new", "x", "--scope", "all", user="lan", code=1)
    world.ctl("token", "new", "x", "--scope", "metrics", code=1)
    check_queue(world, made)
    check_metrics(world)
    world.restart()
    eq(status(world, "GET", "/api/v1/cases", "crm"), 200, "over a restart")
    check_end(world, made)
    check_kept(world)


tincay.main(scenario)
