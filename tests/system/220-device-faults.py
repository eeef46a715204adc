#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way in which a device can fail, each on a modem of its own, first while
nothing else happens and then in the middle of a campaign: it vanishes and comes
back elsewhere, loses its network or its SIM, chatters without end, hangs, makes
libgammu abort, and its child or the daemon is killed. Texts wait or come in
meanwhile. Two modems without a fault go on at their rate, and at the end the
books are right (see ledger.py)."""
import collections
import itertools
import os
import random
import signal

import ledger
import tincay
from tincay import eq, ok, phone

AIR_MS = 200
DEADLINE_S = 8     # of a segment, then the child starts again
VANISH, NO_NETWORK, NO_SIM, CHATTER, HANG, ABORT, KILL = range(1, 8)
HEALTHY = [8, 9]
MODEMS = 9
# Faults that are taken back when everything else is done
FAULTS = {
    VANISH: ("vanish", {}),
    NO_NETWORK: ("no-network", {}),
    NO_SIM: ("no-sim", {}),
    CHATTER: ("chatter", {"ms": 100}),
    HANG: ("hang", {}),
}
PEOPLE = [phone(n) for n in range(500)]
WRITERS = [phone(n) for n in range(800, 804)]   # R30: not too often
TEXT = "Song An: hop thon luc 8 gio"
BEFORE = 15     # segments that a modem without a fault sends before the faults


class Round:
    """The faults begin, people write, the faults end."""

    def __init__(self, world, books, writers, first):
        self.world = world
        self.books = books
        self.writers = writers
        self.count = itertools.count(first)

    def write(self, modems):
        for n in modems:
            self.books.text(next(self.writers),
                            ledger.plea(next(self.count)), n)

    def begin(self):
        for n, (kind, fields) in FAULTS.items():
            self.world.sim.call("fault", modem=str(n), kind=kind, **fields)
        self.kill_child(CHATTER)    # it must start while it chatters
        self.kill_child(KILL)

    def kill_child(self, n):
        children = tincay.eventually(
            lambda: f"m{n}" in (found := self.world.children()) and found,
            f"modem {n} has a child")
        os.kill(children[f"m{n}"], signal.SIGKILL)

    def end(self):
        self.world.sim.call("fault", modem=str(VANISH), kind="back")
        for n in FAULTS:
            self.world.sim.call("fault", modem=str(n), kind="clear")

    def run(self):
        self.begin()
        self.write(range(1, MODEMS + 1))
        for n in (CHATTER, ABORT, KILL, *HEALTHY):
            self.wait_answer(n)
        self.end()

    def wait_answer(self, n):
        """Its text was taken and answered although the others are down."""
        tincay.eventually(lambda: self.world.sim.modem(n)["sm_used"] == 0 and
                          self.world.sim.modem(n)["waiting"] == 0,
                          f"modem {n} works")


def is_sanitized(world):
    """The sanitizer's string functions stand before those of the C library,
    which end a program whose buffer runs over: libgammu survives then."""
    with open(world.program("tincay-modem"), "rb") as f:
        return b"__asan_init" in f.read()


def scenario(world):
    seed = world.args.seed
    print(f"seed {seed}")
    world.modem_options = {n: {"send_deadline": DEADLINE_S}
                           for n in range(1, MODEMS + 1)}
    world.copy_kit()
    world.start_sim()
    world.sim.call("fault", modem=str(ABORT), kind="long-operator")
    world.start()
    world.sim.call("report", mode="on", ms=30)
    books = ledger.Ledger(world)
    writers = itertools.cycle(WRITERS)
    books.add_people(PEOPLE, "xa")
    Round(world, books, writers, 1).run()
    books.settle()
    aborts = not is_sanitized(world)
    if aborts:
        world.log.wait(
            rf"modem child ended name=m{ABORT} signal={signal.SIGABRT}")
    world.kill()    # while nothing happens; what comes now is not lost
    for n in HEALTHY:
        books.text(next(writers), ledger.plea(50 + n), n)
    world.start()
    books.settle()

    books.campaign("A", "xa", PEOPLE, TEXT)
    sent = len(world.sim.air(HEALTHY[0]))
    tincay.eventually(
        lambda: len(world.sim.air(HEALTHY[0])) >= sent + BEFORE,
        "the campaign runs")
    began = ledger.now(world)
    Round(world, books, writers, 101).run()
    ended = ledger.now(world)
    books.settle()
    books.check_inbound()
    world.stop()
    parts, left = books.check_outbound()
    for n in HEALTHY:
        ledger.check_rate(world, n, [(began, ended)])
    states = collections.Counter(p.state for p in parts)
    ok(states["uncertain"] <= 2 * MODEMS, f"too many doubts: {states}")
    eq(len(world.log.find(f"modem child ended name=m{ABORT} "
                          f"signal={signal.SIGABRT}")), int(aborts),
       "aborts of libgammu: what made it is left out after the first")
    print(f"{dict(states)}, {len(left)} of the uncertain were on the air")


def add_arguments(parser):
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 30))


tincay.main(scenario, flood=False, set_up=False, add_arguments=add_arguments,
            modems=MODEMS, air=AIR_MS)
