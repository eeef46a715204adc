#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way in which a send can go wrong, each on a modem of its own, first
while nothing else happens and then in the middle of a campaign. Two modems
without a fault go on at their rate, and at the end the books are right (see
ledger.py)."""
import collections
import itertools
import os
import random
import signal

import ledger
import tincay
from tincay import ok, phone

AIR_MS = 200
BACK_MS = 500
DEADLINE_S = 8     # of a segment, then the child starts again
# (what, fields of the fault); "kill" is no fault of the simulator
FAULTS = [
    ("no-final", {}),
    ("late-final", {"ms": 3000}),
    ("bare-error", {}),
    ("refuse", {"code": 38}),       # for a while
    ("refuse", {"code": 1}),        # for ever
    ("refuse", {"code": 332}),      # nobody knows
    ("no-prompt", {}),
    ("garbage", {}),
    ("slow", {"ms": 2000, "count": 2}),
    ("hang", {"ms": 4000}),
    ("chatter", {"ms": 20, "count": 300}),
    ("vanish-before-prompt", {"ms": BACK_MS}),
    ("vanish-after-prompt", {"ms": BACK_MS}),
    ("vanish-on-air", {"ms": BACK_MS}),
    ("vanish-before-final", {"ms": BACK_MS}),
    ("kill", {}),
]
HEALTHY = [len(FAULTS) + 1, len(FAULTS) + 2]
MODEMS = len(FAULTS) + len(HEALTHY)
PEOPLE = [phone(n) for n in range(800)]
WRITERS = [phone(n) for n in range(800, 810)]   # R30: not too often
TEXT = "Song An: hop thon luc 8 gio"
BEFORE = 15     # segments that a modem without a fault sends before the faults


def kill_child(world, n):
    """Kill the child of a modem whose segment is on the air."""
    def is_on_air():
        return world.sim.modem(n)["on_air"] and f"m{n}" in world.children()

    tincay.eventually(is_on_air, f"modem {n} sends")
    os.kill(world.children()[f"m{n}"], signal.SIGKILL)


def set_faults(world):
    for n, (kind, fields) in enumerate(FAULTS, 1):
        if kind != "kill":
            world.sim.call("fault", modem=str(n), kind=kind, **fields)


def wait_used(world, since):
    """Every fault did what it is for, or is over: nothing may have been asked
    of a modem while it hung."""
    def unused():
        used = {e["modem"] for e in world.sim.journal("fault")
                if e["t"] > since and e["state"] != "set"}
        return [kind for n, (kind, _) in enumerate(FAULTS, 1)
                if n not in used and kind != "kill"]

    tincay.eventually(lambda: not unused(), "each fault is used")


def while_idle(world, books, writers):
    """A text for help to each modem; what goes wrong is the answer."""
    began = ledger.now(world)
    set_faults(world)
    for n in range(1, MODEMS + 1):
        books.text(next(writers), ledger.plea(n), n)
    kill_child(world, len(FAULTS))
    wait_used(world, began)
    books.settle()


def while_busy(world, books, writers, chance):
    """The same in a campaign; more people write."""
    books.campaign("A", "xa", PEOPLE, TEXT)
    sent = len(world.sim.air(HEALTHY[0]))
    tincay.eventually(
        lambda: len(world.sim.air(HEALTHY[0])) >= sent + BEFORE,
        "the campaign runs")
    began = ledger.now(world)
    set_faults(world)
    kill_child(world, len(FAULTS))
    for n in chance.sample(range(1, MODEMS + 1), MODEMS):
        books.text(next(writers), ledger.plea(MODEMS + n), n)
    wait_used(world, began)
    ended = ledger.now(world)
    books.settle()
    return [(began, ended)]


def after_all(world, books, writers):
    """Every modem takes a text and answers it, as if nothing had been."""
    began = ledger.now(world)
    for n in range(1, MODEMS + 1):
        books.text(next(writers), ledger.plea(2 * MODEMS + n), n)
    books.settle()
    for n in range(1, MODEMS + 1):
        sent = [a for a in world.sim.air(n) if a["t"] > began]
        tincay.eq(len(sent), 1, f"answers of modem {n} after its faults")


def scenario(world):
    seed = world.args.seed
    print(f"seed {seed}")
    world.modem_options = {n: {"send_deadline": DEADLINE_S}
                           for n in range(1, MODEMS + 1)}
    world.set_up()
    books = ledger.Ledger(world)
    writers = itertools.cycle(WRITERS)
    world.sim.call("report", mode="on", ms=30)
    books.add_people(PEOPLE, "xa")
    while_idle(world, books, writers)
    windows = while_busy(world, books, writers, random.Random(seed))
    after_all(world, books, writers)
    books.check_inbound()
    world.stop()
    parts, left = books.check_outbound()
    for n in HEALTHY:
        ledger.check_rate(world, n, windows)
    states = collections.Counter(p.state for p in parts)
    ok(states["uncertain"] <= 2 * len(FAULTS), f"too many doubts: {states}")
    print(f"{dict(states)}, {len(left)} of the uncertain were on the air")


def add_arguments(parser):
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 30))


tincay.main(scenario, flood=False, set_up=False, add_arguments=add_arguments,
            modems=MODEMS, air=AIR_MS)
