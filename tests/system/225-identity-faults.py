#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong with a SIM or its place: a wrong PIN is tried once and never
again, a SIM that asks for its PUK and a SIM that is another one hold their
modem until a person resumes it, sticks that change places are the same modems.
Idle and in the middle of a campaign; the others go on, and at the end the books
are right (see ledger.py)."""
import itertools
import random

import ledger
import tincay
from tincay import eq, phone

AIR_MS = 200
TECHNICIAN = "kim"
PIN, PUK, STOLEN, HERE, THERE, HEALTHY = range(1, 7)
MODEMS = 6
PEOPLE = [phone(n) for n in range(300)]
WRITERS = [phone(n) for n in range(800, 803)]   # R30: not too often
TEXT = "Song An: hop thon luc 8 gio"
BEFORE = 15     # segments that a modem without a fault sends before the faults


def fault(world, n, kind, **fields):
    world.sim.call("fault", modem=str(n), kind=kind, **fields)


def pins(world):
    """How often a PIN was tried, from the lines that the modem read."""
    with open(f"{world.sim.dir}/journal", "rb") as f:
        return sum(b'"modem":1,"ev":"rx","data":"AT+CPIN=' in line
                   for line in f)


def resume(world, n):
    mark = world.log.mark()
    world.ctl("modem", "resume", f"m{n}", user=TECHNICIAN)
    world.log.wait(f"modem online name=m{n} ", mark)


def wrong_pin(world):
    """It is tried once, also over a restart; the right one is then taken."""
    for time in (1, 2):
        mark = world.log.mark()
        world.start(wait_modems=False)
        world.log.wait(f"modem held name=m{PIN} ", mark)
        world.log.wait(f"modem held name=m{PUK} ", mark)
        for n in (STOLEN, HERE, THERE, HEALTHY):
            world.log.wait(f"modem online name=m{n} ", mark)
        eq(pins(world), 1, "attempts with a wrong PIN")
        if time == 1:
            world.stop()
    world.write("pin", "0000\n")
    fault(world, PUK, "clear")
    resume(world, PIN)
    resume(world, PUK)
    eq(pins(world), 2, "attempts with the right PIN")


def theft(world):
    """Another SIM: nothing is sent with it until a person says so."""
    mark = world.log.mark()
    fault(world, STOLEN, "sim-swapped")
    fault(world, STOLEN, "vanish", ms=200)
    world.log.wait(f"modem held name=m{STOLEN} ", mark)
    before = len(world.sim.air(STOLEN))
    return before


def exchange(world):
    """Both are known by their SIM wherever they are."""
    mark = world.log.mark()
    world.sim.call("swap", modem=str(HERE), **{"with": str(THERE)})
    for n in (HERE, THERE):
        world.log.wait(f"modem online name=m{n} ", mark)


def one_round(world, books, writers, count):
    before = theft(world)
    exchange(world)
    for n in (PIN, PUK, HERE, THERE, HEALTHY):
        books.text(next(writers), ledger.plea(next(count)), n)
    world.sim.wait_empty((PIN, PUK, HERE, THERE, HEALTHY))
    eq(len(world.sim.air(STOLEN)), before, "segments through another SIM")
    fault(world, STOLEN, "clear")
    fault(world, STOLEN, "vanish", ms=200)
    tincay.eventually(lambda: world.sim.modem(STOLEN)["present"], "it is back")
    resume(world, STOLEN)
    books.text(next(writers), ledger.plea(next(count)), STOLEN)


def scenario(world):
    seed = world.args.seed
    print(f"seed {seed}")
    world.write("pin", "1111\n")
    world.modem_options = {PIN: {"pin_file": f"{world.dir}/pin"}}
    world.copy_kit()
    world.start_sim()
    fault(world, PIN, "sim-pin")
    fault(world, PUK, "sim-puk")
    wrong_pin(world)
    world.sim.call("report", mode="on", ms=30)
    books = ledger.Ledger(world)
    writers = itertools.cycle(WRITERS)
    count = itertools.count(1)
    books.add_people(PEOPLE, "xa")
    one_round(world, books, writers, count)
    books.settle()

    books.campaign("A", "xa", PEOPLE, TEXT)
    sent = len(world.sim.air(HEALTHY))
    tincay.eventually(
        lambda: len(world.sim.air(HEALTHY)) >= sent + BEFORE,
        "the campaign runs")
    began = ledger.now(world)
    one_round(world, books, writers, count)
    ended = ledger.now(world)
    books.settle()
    books.check_inbound()
    world.stop()
    books.check_outbound()
    ledger.check_rate(world, HEALTHY, [(began, ended)])


def add_arguments(parser):
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 30))


tincay.main(scenario, flood=False, set_up=False, add_arguments=add_arguments,
            modems=MODEMS, air=AIR_MS)
