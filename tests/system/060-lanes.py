#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""With the campaign queue full, the reply to a text for help is the next
segment on the air after the text reached the daemon, every time."""
import tincay
from tincay import N1, eq, ok, phone

PEOPLE = [phone(n) for n in range(401, 461)]
TEXT = "Song An: hop thon luc 8 gio"
TRIES = 5


def queue_is_full(world):
    lanes = world.get("/status", "kim")["queue"]
    done = len(world.sim.air())
    return lanes, done


def check_one(world, number):
    """From +CMTI on, only the segment that was with the modem already may
    come before the reply."""
    world.sim.text(number, "giup toi")
    world.sim.wait(number)
    entries = world.sim.journal("cmti", "air_start", "air_end")
    told = next(i for i, e in enumerate(entries)
                if e["ev"] == "cmti" and e["from"] == number)
    replied = next(i for i, e in enumerate(entries)
                   if e["ev"] == "air_start" and e["to"] == number)
    between = [e for e in entries[told:replied] if e["ev"] == "air_start"]
    running = sum({"air_start": 1, "air_end": -1}.get(e["ev"], 0)
                  for e in entries[:told])
    eq(entries[replied]["text"], N1, "the reply")
    return len(between), running


def scenario(world):
    world.import_people(PEOPLE, "xa")
    world.campaign("day", "xa", TEXT)
    results = []
    for n in range(TRIES):
        wanted = 4 * (n + 1)
        tincay.eventually(lambda w=wanted: len(world.sim.air()) >= w,
                          "the campaign goes on")
        results.append(check_one(world, phone(470 + n)))
    ok(len([a for a in world.sim.air() if a["text"] == TEXT]) < len(PEOPLE),
       "the queue was not full to the end")
    # A text that comes while a segment is on the air: the reply is the next.
    # While none is, the next part may be with the modem already.
    for between, running in results:
        ok(between <= 1 - running, f"segments before the reply, and whether "
           f"one was on the air when the text came: {results}")


tincay.main(scenario, air=100)
