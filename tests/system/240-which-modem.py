#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A modem section is its SIM. Two sticks that change places keep their
sections, so that she is answered on the number that she wrote to; a strange SIM
is held, over a restart too; a PIN opens a SIM, and a wrong one is tried once; a
stick that is pulled and comes back goes on."""
import tincay
from tincay import eq, phone


def text_and_answer(world, n, modem, section):
    """She writes to this modem of the simulator and is answered on its SIM."""
    world.sim.text(phone(n), "giup toi", modem=modem)
    world.sim.wait(phone(n))
    rows = world.db("SELECT modem FROM message ORDER BY id DESC LIMIT 1")
    eq(rows[0]["modem"], section, "the section that answers")


def wait_state(world, section, state):
    world.log.wait(f"modem {state} name={section} ", since=world.mark)


def scenario(world):
    log = world.log
    text_and_answer(world, 1, 1, "m1")
    text_and_answer(world, 2, 2, "m2")

    world.mark = log.mark()
    world.sim.call("fault", modem="modem1", kind="vanish")
    wait_state(world, "m1", "absent")
    world.sim.call("fault", modem="modem1", kind="back")
    log.wait("modem online name=m1 ", since=world.mark)
    text_and_answer(world, 3, 1, "m1")

    world.stop()
    world.mark = log.mark()
    world.sim.call("swap", modem="modem1", **{"with": "modem2"})
    world.start()
    log.wait("modem sticks have changed places ", since=world.mark)
    log.wait("modem online name=m1 ", since=world.mark)
    log.wait("modem online name=m2 ", since=world.mark)
    text_and_answer(world, 4, 1, "m1")
    text_and_answer(world, 5, 2, "m2")

    world.stop()
    world.sim.call("swap", modem="modem1", **{"with": "modem2"})
    world.mark = log.mark()
    world.sim.call("fault", modem="modem1", kind="sim-swapped")
    world.start(wait_modems=False)
    log.wait("modem held name=m1 .*sim_changed", since=world.mark)
    text_and_answer(world, 6, 2, "m2")
    world.sim.text(phone(7), "giup toi", modem=1)
    world.stop()
    world.mark = log.mark()
    world.start(wait_modems=False)
    log.wait("modem held name=m1 .*sim_changed", since=world.mark)
    log.wait("modem online name=m2 ", since=world.mark)
    eq(world.sim.inbox(phone(7)), [], "who wrote to the strange SIM")
    world.stop()

    world.sim.call("fault", modem="modem2", kind="sim-pin")
    pin = world.write("pin", "1111\n")
    world.modem_options[2] = {"pin_file": pin}
    for _ in range(2):
        world.mark = log.mark()
        world.start(wait_modems=False)
        log.wait("modem held name=m2 .*reason=\"pin\"", since=world.mark)
        world.stop()
    log.wait("modem PIN is not tried again name=m2 outcome=refused$")
    world.write("pin", "0000\n")
    world.mark = log.mark()
    world.start(wait_modems=False)
    log.wait("modem online name=m2 ", since=world.mark)
    text_and_answer(world, 8, 2, "m2")


tincay.main(scenario, modems=2)
