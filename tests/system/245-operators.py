#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign goes out on the SIM of each receiver's own operator, and on the
other one when that modem is down: the operator is a preference, nothing more.
The number plan says whose a number is; example numbers are all of one operator,
so half of the people get another one, as if they had carried theirs there."""
import collections
import contextlib
import sqlite3

import tincay
from tincay import eq, ok, phone

PEOPLE = [phone(n) for n in range(200, 240)]
FIRST = "Song An: hop thon luc 8 gio"
SECOND = "Song An: tiem chung thu Bay"
HALVES = {1: PEOPLE[:20], 2: PEOPLE[20:]}   # by modem


def operators(world):
    return {row["operator"]: row["n"] for row in world.db(
        "SELECT operator, count(*) AS n FROM person GROUP BY operator")}


def give_half_away(world):
    """Those who were imported first to viettel: ids grow with the time."""
    path = world.state + "/tincay.db"
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE person SET operator = 'viettel' WHERE id IN"
                   " (SELECT id FROM person ORDER BY id LIMIT ?)",
                   (len(HALVES[1]),))


def sent(world, text):
    """Receivers of a campaign by modem."""
    out = collections.defaultdict(list)
    for segment in world.sim.air():
        if segment["text"] == text:
            out[segment["modem"]].append(segment["to"])
    return out


def run(world, name, text):
    made = world.campaign(name, "xa", text)
    world.wait_campaign(made, lambda c: c["state"] == "done" and
                        c["recipients"]["delivered"] == len(PEOPLE),
                        f"all of {name} are delivered")
    got = sent(world, text)
    eq(sorted(got[1] + got[2]), sorted(PEOPLE), f"receivers of {name}")
    return got


def check_other_way(world):
    """The modem of one half is held: all goes out on the other."""
    world.ctl("modem", "hold", "m1", user="kim")
    world.log.wait("modem held name=m1 ")
    got = run(world, "B", SECOND)
    eq(len(got[1]), 0, "texts of a modem that is held")
    mark = world.log.mark()
    world.ctl("modem", "resume", "m1", user="kim")
    world.log.wait("modem online name=m1 ", mark)


def scenario(world):
    world.modem_options = {1: {"operator": "viettel"},
                           2: {"operator": "mobifone"}}
    world.copy_kit()
    world.start_sim()
    world.start()
    world.import_people(PEOPLE, "xa")
    world.stop()
    eq(operators(world), {"mobifone": len(PEOPLE)}, "operators of the import")
    give_half_away(world)
    world.start()

    # Whoever is quicker helps with the last of the other.
    got = run(world, "A", FIRST)
    for n, own in HALVES.items():
        strangers = set(got[n]) - set(own)
        ok(len(strangers) <= 4, f"modem {n} had its own, and took {strangers}")
    check_other_way(world)


tincay.main(scenario, set_up=False, modems=2, air=60)
