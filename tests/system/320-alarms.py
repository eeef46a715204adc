#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Alarms: the technician is told once, through a modem that works, what is
wrong, and once that it is over; a restart neither forgets nor repeats; help is
answered meanwhile."""
import os
import signal

import tincay
from tincay import N1, eq, ok, phone

TECHNICIAN = phone(990)
START = "May tin nhan: modem "


def texts(world):
    return [m["text"] for m in world.sim.inbox(TECHNICIAN)]


def wait_text(world, count, text):
    """The technician's text number count, and from whom."""
    got = world.sim.wait(TECHNICIAN, count)
    eq(len(got), count, f"texts: {got}")
    eq(got[-1]["text"], START + text, "the newest text")
    return got[-1]["from"]


def standing(world):
    return [(a["modem"], a["kind"]) for a in
            world.get("/status", "kim")["alarms"]]


def check_down(world):
    """m1 is pulled out, and its process dies of it."""
    mark = world.log.mark()
    world.sim.call("fault", modem="modem1", kind="vanish")
    os.kill(world.children()["m1"], signal.SIGKILL)
    world.log.wait("alarm raised modem=m1 kind=down", mark)
    eq(standing(world), [("m1", "down")], "alarms")
    eq(texts(world), [], "texts at once")
    world.stop()                    # it stands, and nobody was told
    world.start(wait_modems=False)
    world.log.wait("modem online name=m2 ", mark)
    world.login("kim")
    eq(standing(world), [("m1", "down")], "alarms after a restart")
    world.clock.advance(601)
    world.sim.text(phone(721), "giup toi", modem=2)
    eq(world.sim.wait(phone(721))[0]["text"], N1, "help meanwhile")
    sender = wait_text(world, 1,
                       "m1: mat ket noi. Moi ky thuat xem lai.")
    eq(sender, "+84900000902", "through the other one")
    ok(world.get("/status", "kim")["alarms"][0]["told_at"], "it is told")
    metrics = world.http("GET", "/metrics", user="kim").body.decode()
    ok('tincay_modem_alarm{modem="m1",kind="down"} 1\n' in metrics, metrics)


def check_back(world):
    """A restart in between does not tell it again; it is plugged in again."""
    mark = world.log.mark()
    world.stop()
    world.start(wait_modems=False)
    world.log.wait("modem online name=m2 ", mark)
    world.sim.call("fault", modem="modem1", kind="back")
    world.log.wait("alarm cleared modem=m1 kind=down", mark)
    wait_text(world, 2, "m1 da hoat dong lai binh thuong.")
    world.login("kim")
    eq(standing(world), [], "alarms")


def check_held(world):
    """Held by hand, and let go before anybody was told; then for longer."""
    mark = world.log.mark()
    world.ctl("modem", "hold", "m2", user="kim")
    world.log.wait("alarm raised modem=m2 kind=held", mark)
    world.ctl("modem", "resume", "m2", user="kim")
    world.log.wait("alarm cleared modem=m2 kind=held", mark)
    world.log.wait("modem online name=m2 ", mark)
    world.clock.advance(60)
    mark = world.log.mark()
    world.ctl("modem", "hold", "m2", user="kim")
    world.log.wait("alarm raised modem=m2 kind=held", mark)
    world.clock.advance(31)
    sender = wait_text(world, 3, "m2: bi tam dung. Moi ky thuat xem lai.")
    eq(sender, "+84900000901", "through the other one")
    world.ctl("modem", "resume", "m2", user="kim")
    wait_text(world, 4, "m2 da hoat dong lai binh thuong.")


def check_undelivered(world):
    """Nothing that m1 sends arrives; from the first delivery on it is well."""
    world.sim.call("report", mode="fail")
    world.import_people([phone(n) for n in range(731, 735)], "xa")
    mark = world.log.mark()
    world.campaign("mot", "xa", "Song An: hop thon")
    world.log.wait("alarm raised modem=m. kind=undelivered", mark)
    world.sim.call("report", mode="on")
    world.import_people([phone(n) for n in range(741, 749)], "lang")
    world.campaign("hai", "lang", "Song An: hop thon")
    world.log.wait("alarm cleared modem=m. kind=undelivered", mark)
    eq(standing(world), [], "alarms")


def check_cap(world):
    """Two more texts than a day may have: they wait."""
    mark = world.log.mark()
    world.ctl("modem", "hold", "m2", user="kim")
    world.clock.advance(31)
    world.log.wait("alarm texts wait", mark)
    eq(len(texts(world)), 4, "texts of the day")


def scenario(world):
    world.options = [f'technician = "{TECHNICIAN}"', "alarm_after = 10",
                     "alarm_undelivered = 2", "alarms_per_day = 4"]
    world.set_up()
    check_down(world)
    check_back(world)
    check_held(world)
    check_undelivered(world)
    check_cap(world)


tincay.main(scenario, set_up=False, modems=2)
