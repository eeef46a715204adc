#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The credit is asked for by USSD; below the reserve campaigns wait on that SIM
while help goes out, and go on when there is money again. An answer that is not
understood is "unknown", and its text is in no log."""
import tincay
from tincay import N1, eq, ok, phone

PEOPLE = [phone(n) for n in range(751, 756)]
TEXT = "Song An: hop thon"
ODD = "He thong dang ban xin thu lai"


def modem(world):
    return world.get("/modems/m1", "kim")


def set_credit(world, text):
    world.sim.call("menu", path="*101#", text=text)


def wait_credit(world, credit, low):
    """What the API says once it was asked again."""
    def ask():
        got = modem(world)
        return (got["credit"], got["credit_low"]) == (credit, low)
    tincay.eventually(ask, f"credit {credit}, low {low}")


def segments(world):
    return [a for a in world.sim.air() if a["text"] == TEXT]


def scenario(world):
    world.modem_options = {1: {"ussd_balance": "*101#", "balance_hours": 1,
                               "credit_reserve": 20000}}
    world.set_up()
    wait_credit(world, 25000, False)
    # A campaign is near: it is asked again, and the answer is too low.
    world.import_people(PEOPLE, "xa")
    set_credit(world, "TK goc: 5.000d")
    world.clock.advance(700)
    made = world.campaign("tien", "xa", TEXT, start=False)
    wait_credit(world, 5000, True)
    eq([(a["modem"], a["kind"]) for a in
        world.get("/status", "hoa")["alarms"]], [("m1", "reserve")],
       "what officials see")
    world.post(f"/campaigns/{made}/start", user="tuan")
    world.sim.text(phone(761), "giup toi")
    eq(world.sim.wait(phone(761))[0]["text"], N1, "help goes out")
    eq(segments(world), [], "segments of the campaign")
    # Not understood: unknown, and what was low stays low.
    set_credit(world, ODD)
    mark = world.log.mark()
    world.clock.advance(3601)
    world.log.wait("credit answer not understood modem=m1", mark)
    wait_credit(world, None, True)
    world.sim.text(phone(762), "giup toi")
    world.sim.wait(phone(762))
    eq(segments(world), [], "segments with an unknown credit")
    # Over a restart it is as it was.
    world.restart()
    world.login("kim")
    ok(modem(world)["credit_low"], "low after a restart")
    set_credit(world, "TK goc: 1.050.000d")
    world.clock.advance(3601)
    wait_credit(world, 1050000, False)
    world.log.wait("campaign done")
    eq(sorted(a["to"] for a in segments(world)), PEOPLE, "everybody, once")
    eq([line for line in world.log.lines
        if ODD in line or "TK goc" in line or "5.000" in line], [],
       "what USSD said in the log")


tincay.main(scenario, set_up=False)
