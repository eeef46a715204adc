#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tincayd, tincay-modem or both are killed at 50 random moments of a busy
exchange: campaigns run, texts for help come in on every modem, delivery
reports come back. At the end the books are right (see ledger.py)."""
import collections
import os
import random
import signal
import threading
import time

import ledger
import tincay
from tincay import ok, phone

MODEMS = 6
AIR_MS = 120
KILLS = 50
CALM_S = 0.25       # a kill comes up to so long after a sign of progress
TEXT_EVERY_S = 0.2
HELPERS = [phone(n) for n in range(941, 991)]
LONG = " va toi ke them mot doan dai de tin nay phai cat thanh nhieu phan," * 3
PLAIN = [phone(n) for n in range(100, 400)]
ACCENTED = [phone(n) for n in range(400, 500)]
PLAIN_TEXT = "Song An: hop thon luc 8 gio"
ACCENTED_TEXT = ("Xã Song An mời bà con họp về phòng, chống bạo lực gia đình "
                 "lúc 8 giờ sáng thứ Bảy tại Nhà văn hóa.")


class Helpers(threading.Thread):
    """People who write for help while everything is being killed."""

    def __init__(self, books, chance):
        super().__init__()
        self.books = books
        self.chance = chance
        self.done = threading.Event()
        self.error = None

    def run(self):
        n = 0
        try:
            while not self.done.wait(self.chance.uniform(0, 2 * TEXT_EVERY_S)):
                n += 1
                number = HELPERS[n % len(HELPERS)]    # R30: not too often
                text = ledger.plea(n) + (LONG if n % 5 == 0 else "")
                self.books.text(number, text, self.chance.randint(1, MODEMS))
        except Exception as error:
            self.error = error


def kill_modem(world, chance):
    children = world.children()
    if not children:
        return False
    pid = children[chance.choice(sorted(children))]
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_one(world, chance):
    """Kill something; which, and whether a modem was among it."""
    what = chance.choice(["tincayd", "tincay-modem", "modem, then daemon",
                          "daemon, then modem"])
    if what == "tincay-modem":
        return what, kill_modem(world, chance)
    has_modem = False
    if what == "modem, then daemon":
        has_modem = kill_modem(world, chance)
    children = world.children()
    world.kill()
    if what == "daemon, then modem" and children:
        pid = children[chance.choice(sorted(children))]
        if pid in tincay.child_pids(os.getpid()):   # it is ours now
            os.kill(pid, signal.SIGKILL)
            has_modem = True
    world.start(wait_modems=False)
    return what, has_modem


def kill_all(world, chance, kills):
    """The kills, each after something has happened since the last one."""
    count = collections.Counter()
    seen = 0
    for _ in range(kills):
        tincay.eventually(
            lambda s=seen: len(world.sim.journal("air_end", "deleted")) > s,
            "life goes on after a kill")
        time.sleep(chance.uniform(0, CALM_S))   # the random moment
        what, _ = kill_one(world, chance)
        count[what] += 1
        seen = len(world.sim.journal("air_end", "deleted"))
    return count


def scenario(world):
    seed = world.args.seed
    print(f"seed {seed}")
    chance = random.Random(seed)
    books = ledger.Ledger(world)
    world.sim.call("report", mode="on", ms=30)
    books.add_people(PLAIN, "gan")
    books.add_people(ACCENTED, "xa")
    helpers = Helpers(books, random.Random(seed + 1))
    helpers.start()
    try:
        books.campaign("A", "gan", PLAIN, PLAIN_TEXT)
        books.campaign("B", "xa", ACCENTED, ACCENTED_TEXT)
        count = kill_all(world, chance, world.args.kills)
    finally:
        helpers.done.set()
        helpers.join()
    ok(helpers.error is None, f"a text could not be sent: {helpers.error}")
    books.settle()
    books.check_inbound()
    world.stop()
    parts, left = books.check_outbound()
    states = collections.Counter(p.state for p in parts)
    ok(states["uncertain"] <= MODEMS * world.args.kills, "doubts")
    print(f"{dict(count)}; {sum(map(len, books.sent.values()))} texts, "
          f"{dict(states)}, {len(left)} of the uncertain were on the air")


def add_arguments(parser):
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--kills", type=int, default=KILLS)


tincay.main(scenario, flood=False, add_arguments=add_arguments, modems=MODEMS, air=AIR_MS)
