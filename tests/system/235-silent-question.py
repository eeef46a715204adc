#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A modem that never answers one question that is not needed, for its signal:
its child gives up in it, is started again, gives up once more, and then the
question is left out, over a restart of the daemon too. What people write
meanwhile is answered; the other modem knows nothing of it."""
import tincay
from tincay import N1, eq, phone

LEFT_OUT = "modem is not asked again what ended its child name=m1 step=signal"


def asked(world, modem):
    """How often this modem was asked for its signal."""
    with open(world.sim.dir + "/journal", "rb") as f:
        return sum(b'"ev":"rx"' in line and b"AT+CSQ" in line and
                   b'"modem":%d,' % modem in line for line in f)


def scenario(world):
    world.copy_kit()
    world.start_sim()
    world.sim.call("fault", modem="1", kind="signal-silent")
    world.start()
    for n in (1, 2):
        world.sim.text(phone(10 + n), "giup toi", n)
    world.log.wait("modem gives up name=m1 why=modem-error", count=2)
    world.log.wait(LEFT_OUT)
    for n in (1, 2):
        eq([m["text"] for m in world.sim.wait(phone(10 + n))], [N1],
           f"answers of modem {n}")
    world.log.wait("modem online name=m1 ", count=3)
    eq(len(world.log.find("modem gives up name=m2")), 0, "ends of the other")

    before = asked(world, 1), asked(world, 2)
    mark = world.log.mark()
    world.restart()
    world.sim.text(phone(21), "giup toi", 1)
    world.sim.wait(phone(21))
    tincay.eventually(lambda: asked(world, 2) > before[1],
                      "the other one is still asked")
    eq(asked(world, 1), before[0], "questions for the signal after that")
    eq(len(world.log.find("modem gives up", mark)), 0, "ends after that")
    world.sim.wait_empty((1, 2))


tincay.main(scenario, set_up=False, modems=2)
