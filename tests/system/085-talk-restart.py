#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What was said before outlives the daemon, and ends in its time: the hour after
a call-back question, CO within 24 hours, THOI, TC, the language, KHONG and an
agency. A reply that waited through it is a task for a person, not a late SMS."""
import tincay
from tincay import FALLBACK, N1, N2, eq, ok, phone

ACK = "Da nhan. Xin cam on."
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def answer(world, number, text, count=1):
    """The newest of so many replies that this phone has."""
    world.sim.text(number, text)
    return world.sim.wait(number, count)[-1]["text"]


def is_dark(world, number, text, other):
    """Nothing comes back; whoever writes next is answered as usual."""
    before = len(world.sim.inbox(number))
    world.sim.text(number, text)
    eq(answer(world, other, "giup toi"), N1, "reply to the next one")
    eq(len(world.sim.inbox(number)), before, f"replies to {text!r}")


def say_first(world):
    eq(answer(world, phone(201), "giup toi"), N1, "asks to be called")
    eq(answer(world, phone(202), "giup toi"), N1, "asks, and thinks again")
    eq(answer(world, phone(203), "giup toi"), N1, "asks, and waits too long")
    ok("Dong y soan CO" in answer(world, phone(204), "DK"), "DK")
    ok("Dong y soan CO" in answer(world, phone(205), "DK"), "DK, and too late")
    ok("da ngung gui" in answer(world, phone(206), "TC"), "TC")
    eq(answer(world, phone(207), "giup toi"), N1, "asks, then THOI")
    is_dark(world, phone(207), "thoi", phone(208))
    ok("doi ngon ngu" in answer(world, phone(209), "JRAI"), "JRAI")
    eq(answer(world, phone(210), "ai do"), FALLBACK, "the fallback of the day")
    eq(answer(world, phone(211), "cuu"), N2, "SOS, but not the police")
    world.sim.text(phone(211), "khong cong an")
    tincay.eventually(lambda: any(c["items"] == 2 for c in world.cases("HPN")),
                      "the refusal is in the case")


def say_then(world):
    eq(answer(world, phone(201), "5", 2), ACK, "a digit is an hour")
    is_dark(world, phone(202), "khong", phone(212))
    ok("da dang ky" in answer(world, phone(204), "co", 2), "CO in time")
    is_dark(world, phone(207), "y te", phone(213))
    is_dark(world, phone(210), "van khong ro", phone(214))
    world.clock.advance(65 * MINUTE)
    eq(answer(world, phone(203), "5", 2), N1, "a digit is an alias again")
    eq(len(world.wait_cases("DCTC")), 1, "cases of the alias")
    eq(world.cases("CAX"), [], "cases of the police")
    hushed = [c for c in world.cases("HPN") if c["hushed"]]
    eq(len(hushed), 2, "cases that are hushed")
    two = [c["code"] for c in world.cases("HPN") if c["items"] == 2]
    hours = {i["text"]: i["callback"] for code in two
             for i in world.open_case("HPN", code)}
    eq(hours["5"], "T4 11/03 05:00-06:00", "the hour")


def too_late(world):
    world.clock.advance(DAY)
    world.restart()
    for user in ("lan", "tam", "cuc"):
        world.login(user)
    eq(answer(world, phone(205), "co", 2), FALLBACK, "CO after a day")


def waiting_reply(world):
    """The modem refuses; the power fails; it is back when it is too late."""
    number = phone(221)
    world.sim.call("fault", modem="modem1", kind="refuse", count=100, code=38)
    mark = world.log.mark()
    world.sim.text(number, "bi chong danh")
    world.log.wait("part queued .* outcome=refused", mark)
    world.kill()
    world.sim.call("fault", modem="modem1", kind="clear")
    world.clock.advance(6 * MINUTE)
    world.start()
    cases = world.wait_cases("HPN", 1, lambda c: c["call_back"])
    eq(len(cases), 1, "cases that say: call her back")
    shown = world.get(f"/cases/{cases[0]['code']}", "lan")
    ok([e for e in shown["events"] if e["act"] == "unsent"],
       f"the ledger says why: {shown['events']}")
    eq(answer(world, phone(222), "giup toi"), N1, "who writes then")
    eq(world.sim.inbox(number), [], "the late reply")


def scenario(world):
    say_first(world)
    world.restart()
    say_then(world)
    too_late(world)
    waiting_reply(world)


tincay.main(scenario)
