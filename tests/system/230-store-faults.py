#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way in which a memory of texts can misbehave, each on a modem of its
own, first while nothing else happens and then in the middle of a campaign: each
text is one item of a case, once (see ledger.py). Two modems without a fault
go on at their rate."""
import itertools
import random

import ledger
import tincay
from tincay import eq, ok, phone

AIR_MS = 200
SLOTS = 20
LONG = ", va toi ke them mot doan dai de tin nay phai cat thanh nhieu phan" * 5
# what, fields of the fault, fields of the text, its length
FAULTS = [
    ("full", {}, {}, ""),
    ("shuffle", {}, {}, LONG),
    ("part-doubled", {}, {}, LONG),
    ("delete-refused", {}, {}, ""),
    ("slot-reused", {}, {}, ""),
    ("slot-zero", {}, {}, ""),
    ("notify-refused", {}, {}, ""),
    ("notify-none", {}, {}, ""),
    ("no-notify", {}, {}, ""),
    ("duplicate-notify", {"count": 2}, {}, ""),
    (None, {}, {"me": True}, ""),
    (None, {}, {"ref_bits": 16, "ucs2": True}, LONG),
]
FULL = 1            # numbers of modems
REUSED = 5
AT_START = ("notify-refused", "notify-none")
HEALTHY = [len(FAULTS) + 1, len(FAULTS) + 2]
MODEMS = len(FAULTS) + len(HEALTHY)
PEOPLE = [phone(n) for n in range(600)]
WRITERS = [phone(n) for n in range(800, 810)]   # R30: not too often
LATE_WRITER = phone(890)
PART_WAIT_S = 31 * 60
TEXT = "Song An: hop thon luc 8 gio"
BEFORE = 15     # segments that a modem without a fault sends before the faults


class Round:
    """One text to each modem, which does what its fault is."""

    def __init__(self, world, books, writers, first):
        self.world = world
        self.books = books
        self.writers = writers
        self.count = itertools.count(first)

    def write(self, n, fields, rest):
        self.books.text(next(self.writers),
                        ledger.plea(next(self.count)) + rest, n, **fields)

    def run(self):
        for n, (kind, fault, fields, rest) in enumerate(FAULTS, 1):
            if kind is not None and kind not in AT_START:
                self.world.sim.call("fault", modem=str(n), kind=kind, **fault)
            self.write(n, fields, rest)
            if n == REUSED:
                self.write(n, fields, rest)
        for n in HEALTHY:
            self.write(n, {}, LONG)
        tincay.eventually(
            lambda: self.world.sim.modem(FULL)["waiting"] > 0, "it is full")
        self.world.sim.call("fault", modem=str(FULL), kind="clear")


def fill_up(world, books, writers):
    """More texts than there are places, before the daemon runs."""
    for n in range(SLOTS + 3):
        books.text(next(writers), ledger.plea(900 + n), HEALTHY[0])
    eq(world.sim.modem(HEALTHY[0])["sm_used"], SLOTS, "a SIM that is full")
    eq(world.sim.modem(HEALTHY[0])["waiting"], 3, "what waits for a place")


def check_used(world):
    """Each fault did what it is for, both times."""
    used = {}
    for e in world.sim.journal("fault"):
        if e["state"] == "used":
            used[e["modem"]] = used.get(e["modem"], 0) + 1
    for n, (kind, fault, _, _) in enumerate(FAULTS, 1):
        if kind in ("full", "slot-zero", None) or kind in AT_START:
            continue
        eq(used.get(n), 2 * fault.get("count", 1), f"uses of {kind}")


def check_part_missing(world):
    """What came of a long text is one item, and says so, when the rest was
    waited for in vain."""
    old = {agency: {c["code"] for c in world.cases(agency)}
           for agency in ("HPN", "TRIAGE")}
    text = ledger.plea(990) + LONG
    world.sim.call("fault", modem=str(HEALTHY[1]), kind="part-missing")
    world.sim.text(LATE_WRITER, text, HEALTHY[1])
    world.sim.wait_empty([HEALTHY[1]])
    world.clock.advance(PART_WAIT_S)

    def new_cases():
        return [(agency, c["code"]) for agency, codes in old.items()
                for c in world.cases(agency) if c["code"] not in codes]

    (agency, code), = tincay.eventually(new_cases, "the parts are an item")
    item, = world.open_case(agency, code)
    eq((item["number"], item["note"]), (LATE_WRITER, "incomplete"), "an item")
    ok(len(item["text"]) < len(text), "a part is missing")


def scenario(world):
    seed = world.args.seed
    print(f"seed {seed}")
    world.copy_kit()
    world.start_sim()
    for n, (kind, _, _, _) in enumerate(FAULTS, 1):
        if kind in AT_START:
            world.sim.call("fault", modem=str(n), kind=kind)
    books = ledger.Ledger(world)
    writers = itertools.cycle(WRITERS)
    fill_up(world, books, writers)
    world.start()
    world.sim.call("report", mode="on", ms=30)
    books.settle()
    Round(world, books, writers, 1).run()
    books.settle()

    books.add_people(PEOPLE, "xa")
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
    check_used(world)
    world.stop()
    books.check_outbound()
    for n in HEALTHY:
        ledger.check_rate(world, n, [(began, ended)])
    world.start()
    check_part_missing(world)


def add_arguments(parser):
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 30))


tincay.main(scenario, flood=False, set_up=False, add_arguments=add_arguments,
            modems=MODEMS, air=AIR_MS, sim_options=["--slots", str(SLOTS)])
