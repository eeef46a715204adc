#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""R3: a text that was under way for longer than reply_ttl opens its case and
is not answered; by now the phone may be in other hands. A reply that waits too
long for its modem is not sent either."""
import tincay
from tincay import N1, eq, phone

TTL = 300


def scenario(world):
    # The network holds the text; its stamp is the time when she wrote.
    world.sim.call("fault", modem="modem1", kind="no-network")
    world.sim.text(phone(501), "giup toi")
    world.clock.advance(TTL + 1)
    world.sim.text(phone(502), "giup toi")
    world.clock.advance(TTL - 30)
    world.sim.call("fault", modem="modem1", kind="clear")
    eq(world.sim.wait(phone(502))[0]["text"], N1, "reply within the time")
    cases = world.wait_cases("HPN", 2)
    eq(len(cases), 2, "cases")
    eq(world.sim.inbox(phone(501)), [], "reply after the time")

    # The modem refuses; when it takes texts again, the time is over.
    world.sim.call("fault", modem="modem1", kind="refuse", count=1, code=38)
    mark = world.log.mark()
    world.sim.text(phone(503), "giup toi")
    world.log.wait("part queued .* outcome=refused", mark)
    world.clock.advance(TTL + 1)
    world.log.wait("message settled .* state=expired", mark)
    eq(world.sim.inbox(phone(503)), [], "reply that waited too long")
    world.wait_cases("HPN", 3)
    eq([a["to"] for a in world.sim.air()], [phone(502)], "who was answered")


tincay.main(scenario)
