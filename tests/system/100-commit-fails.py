#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""While the database takes nothing (somebody holds its lock; the disk is
full) HTTP says 503, texts stay on the SIM and nothing new leaves; afterwards
everything is done exactly once, soon."""
import resource
import signal
import sqlite3
import time

import tincay
from tincay import N1, eq, ok, phone

PEOPLE = [phone(n) for n in range(201, 221)]
TEXT = "Song An: hop thon"
SOON_S = 30     # a text that could not be kept must not wait for its poll


def segments(world):
    return [a for a in world.sim.air() if a["text"] == TEXT]


class Locked:
    """The lock of the database, held from outside."""

    def __init__(self, world):
        self.conn = sqlite3.connect(world.state + "/tincay.db",
                                    isolation_level=None)

    def __enter__(self):
        tincay.eventually(self.take, "the lock is ours")

    def take(self):
        try:
            self.conn.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        return True

    def __exit__(self, *args):
        self.conn.execute("ROLLBACK")
        self.conn.close()


class Full:
    """No file of the daemon can be written any more (SIGXFSZ is ignored)."""

    def __init__(self, world):
        self.pid = world.daemon.pid

    def __enter__(self):
        self.limit = resource.prlimit(self.pid, resource.RLIMIT_FSIZE,
                                      (0, resource.RLIM_INFINITY))

    def __exit__(self, *args):
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, self.limit)


def check(world, trouble, n):
    """The same trouble in the middle of a campaign and of a call for help."""
    number = phone(230 + n)
    list_name = f"ds{n}"
    key = {"Idempotency-Key": f"key-{n}"}
    made = world.campaign(f"K{n}", "xa", TEXT)
    before = len(segments(world))
    tincay.eventually(lambda: len(segments(world)) >= before + 3,
                      "the campaign goes on")
    mark = world.log.mark()
    with trouble:
        reply = world.http("POST", "/api/v1/lists", {"name": list_name},
                           "hoa", key)
        eq(reply.status, 503, f"answer in trouble {reply!r}")
        ok(reply.headers["Retry-After"], "no Retry-After")
        # What was with the modem has gone out; now nothing does.
        tincay.eventually(lambda: not world.sim.modem()["on_air"],
                          "the air is free")
        air = len(world.sim.air())
        world.sim.text(number, f"giup toi {n}")
        world.log.wait("not committed|not kept", mark)
        eq(world.http("POST", "/api/v1/lists", {"name": list_name}, "hoa",
                      key).status, 503, "answer in trouble")
        eq(len(world.sim.air()), air, "segments in trouble")
        eq(world.sim.inbox(number), [], "reply in trouble")
        eq(world.sim.modem()["sm_used"] > 0, True, "the text is on the SIM")
        eq(world.daemon.poll(), None, "the daemon")
    began = time.monotonic()
    eq(world.sim.wait(number)[0]["text"], N1, "the reply afterwards")
    took = time.monotonic() - began
    ok(took < SOON_S, f"the reply came {took:.0f} s after the trouble")
    reply = world.http("POST", "/api/v1/lists", {"name": list_name}, "hoa",
                       key)
    eq(reply.status, 201, f"the same request afterwards {reply!r}")
    done = world.wait_campaign(
        made, lambda c: c["state"] == "done" and
        c["recipients"]["sending"] == 0, "the campaign ends")
    eq(done["recipients"]["uncertain"], 0, f"doubts {done['recipients']}")
    eq(sorted(a["to"] for a in segments(world)[before:]), PEOPLE,
       "everybody got it once")
    eq(len(world.sim.inbox(number)), 1, "replies")
    world.sim.wait_empty()


def check_quiet(world):
    """Nothing else goes on that would wake the modem up."""
    number = phone(240)
    mark = world.log.mark()
    with Locked(world):
        world.sim.text(number, "giup toi 3")
        world.log.wait("inbound text not kept", mark)
    began = time.monotonic()
    eq(world.sim.wait(number)[0]["text"], N1, "the reply afterwards")
    took = time.monotonic() - began
    ok(took < SOON_S, f"the reply came {took:.0f} s after the trouble")
    eq(len(world.sim.inbox(number)), 1, "replies")


def scenario(world):
    world.daemon_ignores = [signal.SIGXFSZ]
    world.set_up()
    world.import_people(PEOPLE, "xa")
    check(world, Locked(world), 1)
    check(world, Full(world), 2)
    check_quiet(world)
    found = []
    for case in world.wait_cases("HPN", 3):
        found += world.texts("HPN", case["code"])
    eq(sorted(found), ["giup toi 1", "giup toi 2", "giup toi 3"], "what the cases hold")


tincay.main(scenario, set_up=False, air=60)
