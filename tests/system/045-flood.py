#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Dozens of numbers cry for help within a minute: whoever is on duty is told
once, in neutral words; every case is there; an emergency of a number that never
wrote before is told all the same; after a quiet while it is over."""
import tincay
from tincay import N1, N2, eq, ok, phone

MANY = 32       # flood_texts of the shipped duty.conf is 30
TEXT = "May tin nhan: nhieu tin den cung luc, tu nay bao gop. " \
       "Moi dang nhap de xem hang doi."
ON_DUTY = {"lan": ("HPN", phone(101)), "tam": ("TRIAGE", phone(104))}


def put_on_duty(world):
    for name, (agency, number) in ON_DUTY.items():
        world.ctl("user", "phone", name, number)
        world.ctl("duty", "set", agency, "--user", name, "--until",
                  "2026-12-01")
        world.ctl("duty", "ack", user=name)


def flood(world):
    return world.get("/status", "lan")["flood"]


def check_begin(world):
    eq(flood(world), {"is_on": False, "since": None, "texts_last_minute": 0},
       "before")
    numbers = [phone(200 + i) for i in range(MANY)]
    for i, number in enumerate(numbers):
        world.sim.text(number, "giup toi", 1 + i % 2)
    world.log.wait("flood mode begins")
    for name, (_, number) in ON_DUTY.items():
        eq([m["text"] for m in world.sim.wait(number)], [TEXT], name)
    for number in numbers:
        eq([m["text"] for m in world.sim.wait(number)], [N1], "a reply")
    cases = world.wait_cases("HPN", MANY)
    eq({c["items"] for c in cases}, {1}, "texts of each case")
    eq(len(cases), MANY, "cases")
    now = flood(world)
    ok(now["is_on"] and now["since"] and now["texts_last_minute"] == MANY,
       f"while it is on: {now}")


def check_emergency(world):
    """Nobody has looked at the queue for a while."""
    world.clock.advance(120)
    world.sim.text(phone(300), "SOS")
    eq(world.sim.wait(phone(300))[0]["text"], N2, "her reply")
    text = world.sim.wait(ON_DUTY["lan"][1], 2)[-1]["text"]
    ok("CAX,HPN" in text and "U0" in text, f"the alert: {text}")


def check_end(world):
    mark = world.log.mark()
    world.clock.advance(700)
    world.log.wait("flood mode ends", mark)
    eq(flood(world)["is_on"], False, "after ten quiet minutes")
    eq(len(world.wait_cases("HPN", MANY + 1)), MANY + 1, "cases at the end")
    eq(len(world.log.find("flood mode begins")), 1, "floods")


def scenario(world):
    put_on_duty(world)
    check_begin(world)
    check_emergency(world)
    check_end(world)


tincay.main(scenario, modems=2)
