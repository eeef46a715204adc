#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a technician does with a modem: look, hold, resume, a text to itself and
back, USSD menus. What USSD says is not logged; a test is nobody's case."""
import tincay
from tincay import N1, eq, ok, phone

TECHNICIAN = "kim"


def modem(world, name="m1"):
    return world.get(f"/modems/{name}", TECHNICIAN)


def wait_state(world, name, *states):
    tincay.eventually(lambda: modem(world, name)["state"] in states,
                      f"{name} is {states}")


def check_shown(world):
    shown = world.ctl("modem", "list", user=TECHNICIAN)["modems"]
    eq([m["name"] for m in shown], ["m1", "m2"], "modem list")
    tincay.eventually(lambda: modem(world)["registration"] == "home",
                      "m1 is in its network")
    shown = world.ctl("modem", "show", "m1", user=TECHNICIAN)
    eq(shown["number"], "+84900000901", "its number")
    ok(shown["signal_percent"] > 0, f"its signal: {shown}")
    world.ctl("modem", "show", "m9", user=TECHNICIAN, code=1)


def check_hold(world):
    mark = world.log.mark()
    world.ctl("modem", "hold", "m1", user=TECHNICIAN)
    world.ctl("modem", "hold", "m1", user=TECHNICIAN, code=1)
    wait_state(world, "m1", "held")
    world.sim.text(phone(711), "giup toi", modem=2)
    eq(world.sim.wait(phone(711))[0]["text"], N1, "the other one works")
    world.stop()
    world.start(wait_modems=False)
    world.log.wait("modem online name=m2 ", mark, 1)
    world.login(TECHNICIAN)
    eq(modem(world)["state"], "held", "after a restart")
    world.ctl("modem", "test", "m1", user=TECHNICIAN, code=1)
    mark = world.log.mark()
    world.ctl("modem", "resume", "m1", user=TECHNICIAN)
    world.log.wait("modem online name=m1 ", mark)
    world.ctl("modem", "resume", "m1", user=TECHNICIAN, code=1)
    for args in (["hold", "m1"], ["ussd", "m1", "*101#"], ["test", "m1"]):
        world.ctl("modem", *args, user="hoa", code=1)


def check_test(world):
    before = len(world.sim.air())
    done = world.ctl("modem", "test", "m1")     # root, without a token
    ok(done["good"] and done["text"]["good"], f"test: {done}")
    eq(done["credit"]["credit"], 25000, "the credit of the test")
    eq(modem(world)["credit"], 25000, "the credit that is shown")
    world.sim.wait_empty()
    air = world.sim.air()[before:]
    eq([(a["modem"], a["to"]) for a in air], [(1, "+84900000901")],
       "one text to itself, and no answer")
    eq(world.cases("TRIAGE"), [], "cases of it")
    eq(len(world.cases("HPN")), 1, "only the one who asked for help")


def check_ussd(world):
    done = world.ctl("modem", "ussd", "m1", "*098#", "1", "2",
                     user=TECHNICIAN)
    eq([s["status"] for s in done["steps"]], ["menu", "menu", "done"],
       "steps")
    eq(done["steps"][2]["text"], "Ban da dang ky goi SMS500.", "the last")
    for code in ("*102#", "**21*0900000712#", "##002#"):
        world.ctl("modem", "ussd", "m1", code, user=TECHNICIAN, code=1)
    world.ctl("modem", "ussd", "m1", "*098#", "3", "1", user=TECHNICIAN,
              code=1)                           # it ended before the 1
    world.ctl("modem", "ussd", "m1", "abc", user=TECHNICIAN, code=2)
    world.sim.call("fault", modem="modem1", kind="ussd-failed", count=1)
    world.ctl("modem", "ussd", "m1", "*098#", user=TECHNICIAN, code=1)
    done = world.ctl("modem", "ussd", "m1", "*098#", user=TECHNICIAN)
    eq(len(done["steps"]), 1, "a menu that nobody answers")


def check_secrets(world):
    for word in ("SMS500", "25.000", "Goi cuoc", "*098#"):
        eq([line for line in world.log.lines if word in line], [],
           f"{word} in the log")


def scenario(world):
    check_shown(world)
    check_hold(world)
    check_test(world)
    check_ussd(world)
    world.login("tam")
    check_secrets(world)


def main(world):
    world.modem_options = {1: {"ussd_balance": "*101#",
                               "ussd_codes": ["*098#"]}}
    world.set_up()
    scenario(world)


tincay.main(main, set_up=False, modems=2)
