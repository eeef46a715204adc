#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Outside the sending hours no campaign segment goes out, help is answered;
when the hour comes the campaign goes on by itself."""
import datetime

import tincay
from tincay import MORNING, N1, eq, ok, phone

PEOPLE = [phone(n) for n in range(301, 331)]
TEXT = "Song An: hop thon"


def segments(world):
    return [a for a in world.sim.air() if a["text"] == TEXT]


def at(hour, minute=0, day=0):
    return MORNING.replace(hour=hour, minute=minute) + \
        datetime.timedelta(days=day)


def check_help(world, number):
    world.sim.text(number, "giup toi")
    eq(world.sim.wait(number)[0]["text"], N1, "help outside the hours")


def scenario(world):
    world.import_people(PEOPLE, "xa")
    world.clock.set(at(20, 59))
    made = world.campaign("gio", "xa", TEXT)
    tincay.eventually(lambda: len(segments(world)) >= 5, "it has begun")
    world.clock.set(at(21))
    check_help(world, phone(331))
    before = len(segments(world))
    ok(before < len(PEOPLE), "it was over before the hour")
    check_help(world, phone(332))
    eq(len(segments(world)), before, "segments after 21:00")
    world.clock.set(at(7, 29, 1))
    check_help(world, phone(333))
    eq(len(segments(world)), before, "segments before 07:30")
    eq(world.log.find("campaign done"), [], "the end of the campaign")
    world.clock.set(at(7, 30, 1))
    world.log.wait("campaign done")
    eq(sorted(a["to"] for a in segments(world)), PEOPLE,
       "everybody got it once")
    world.login("hoa")
    world.wait_campaign(
        made, lambda c: c["recipients"]["delivered"] == len(PEOPLE),
        "everybody is reached")


tincay.main(scenario, air=50)
