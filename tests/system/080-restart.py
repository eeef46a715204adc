#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stopped and started in the middle of a campaign and of a text in two parts,
the daemon goes on exactly where it was."""
import tincay
from tincay import eq, ok, phone
from tpdu import text_part

PEOPLE = [phone(n) for n in range(801, 831)]
TEXT = "Song An: hop thon"
HALVES = ("Giúp tôi với, chuyện dài lắm, ", "mong cán bộ gọi lại.")


def segments(world):
    return [a for a in world.sim.air() if a["text"] == TEXT]


def scenario(world):
    number = phone(840)
    world.import_people(PEOPLE, "xa")
    made = world.campaign("dai", "xa", TEXT)
    for at in (4, 10, 16):
        tincay.eventually(lambda n=at: len(segments(world)) >= n,
                          "the campaign goes on")
        if at == 4:
            world.sim.pdu(text_part(number, HALVES[0], 2, 1))
            tincay.eventually(
                lambda: [d for d in world.sim.journal("deleted")
                         if not d["report"]], "the first half is kept")
        world.restart()
    ok(len(segments(world)) < len(PEOPLE), "it was over before the restart")
    eq(world.cases("HPN"), [], "cases of half a text")
    world.sim.pdu(text_part(number, HALVES[1], 2, 2))
    world.sim.wait(number)
    case = world.wait_cases("HPN")[0]
    eq(world.texts("HPN", case["code"]), ["".join(HALVES)], "the text")
    world.wait_campaign(
        made, lambda c: c["state"] == "done" and
        c["recipients"]["delivered"] == len(PEOPLE), "everybody is reached")
    eq(sorted(a["to"] for a in segments(world)), PEOPLE,
       "everybody got it once")
    world.stop()
    eq([tuple(r) for r in world.db("SELECT state, count(*) FROM part"
                                   " WHERE lane = 3 GROUP BY state")],
       [("delivered", len(PEOPLE))], "parts")
    eq([tuple(r) for r in world.db("SELECT state, count(*) FROM message"
                                   " WHERE lane = 3 GROUP BY state")],
       [("delivered", len(PEOPLE))], "messages")


tincay.main(scenario, air=60)
